//! Converts between moments and the local wall time in which hours are evaluated.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use jiff::civil::{Date, DateTime};

pub(super) fn naive(local: DateTime) -> NaiveDateTime {
    let part = |number: i8| u32::from(number.unsigned_abs());
    naive_date(local.date())
        .and_hms_opt(part(local.hour()), part(local.minute()), part(local.second()))
        .unwrap_or_default()
}

pub(super) fn naive_date(date: Date) -> NaiveDate {
    let part = |number: i8| u32::from(number.unsigned_abs());
    NaiveDate::from_ymd_opt(i32::from(date.year()), part(date.month()), part(date.day())).unwrap_or_default()
}

pub(super) fn civil_date(date: NaiveDate) -> Option<Date> {
    let part = |number: u32| i8::try_from(number).ok();
    Date::new(i16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}
