//! Converts between moments and the local wall time in which hours are evaluated.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

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

/// The first moment after another at which the clock shows a local time, or has skipped it.
pub(super) fn zoned(local: NaiveDateTime, rules: &TimeZone, after: Timestamp) -> Option<ZonedDateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let time = jiff::civil::Time::new(part(local.hour())?, part(local.minute())?, part(local.second())?, 0).ok()?;
    let ambiguous = rules.to_ambiguous_zoned_datetime(civil_date(local.date())?.to_datetime(time));
    match ambiguous.offset() {
        // The clock goes back and shows the time twice.
        AmbiguousOffset::Fold { .. } => {
            let first = ambiguous.clone().earlier().ok()?;
            if first.timestamp() > after { Some(first) } else { ambiguous.later().ok() }
        }
        // The clock goes forward and skips the time: what would happen then happens as it jumps.
        AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().ok()?.timestamp();
            Some(rules.following(before).next()?.timestamp().to_zoned_datetime(rules.clone()))
        }
        AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible().ok(),
    }
}
