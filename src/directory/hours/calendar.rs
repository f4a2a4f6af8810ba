//! The public holidays of a country: everywhere in it, or in some of its states only.
//!
//! The crate's lists have two gaps that this module closes. Of a holiday on a weekend they have only the day on which
//! it is observed, although staff who work on Saturdays have that Saturday off; and New Year's Day of the United
//! Kingdom is only among the regional ones.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use compact_calendar::CompactCalendar;
use opening_hours::localization::Country;
use opening_hours::{Context, ContextHolidays};

use crate::directory::phone::{Region, RegionError};

/// The years that the crate's lists cover.
const FIRST_YEAR: i32 = 2000;
const LAST_YEAR: i32 = 2076;

/// Why a country's holidays cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountryError {
    /// Not two capital letters.
    #[error("is not a two-letter country code; write one such as US")]
    NotACode,
    /// Nearly a code, which is given.
    #[error("is not the code of a country; did you mean {0}?")]
    Near(&'static str),
    /// The crate has no list of its holidays.
    #[error("is a country whose public holidays dialtree does not know; omit `holidays` and any PH in hours")]
    NoHolidays,
}

/// The country of a two-letter code whose public holidays are known.
///
/// # Errors
/// When the text is not a code, or is one of a country whose holidays are not known.
pub fn parse_country(code: &str) -> Result<Country, CountryError> {
    let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    code.parse().map_err(|_| match Region::parse(code) {
        Err(RegionError::Near(near)) if near.parse::<Country>().is_ok() => CountryError::Near(near),
        _ if is_code => CountryError::NoHolidays,
        _ => CountryError::NotACode,
    })
}

/// The holidays of a country.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    public: Arc<CompactCalendar>,
    /// The public and the regional ones.
    anywhere: Arc<CompactCalendar>,
}

/// Where a day is a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holiday {
    Everywhere,
    InSomeStates,
}

impl Calendar {
    pub(super) fn new(country: Country) -> Self {
        let mut public = with_actual_days(country.holidays().get_public());
        if country == Country::GB {
            public.extend((FIRST_YEAR..=LAST_YEAR).flat_map(new_year));
        }
        let regional = with_actual_days(country.holidays_regional().get_public());
        // A day in both lists is a holiday everywhere.
        let anywhere = public.iter().copied().chain(regional).collect();
        Self { public: Arc::new(public.into_iter().collect()), anywhere: Arc::new(anywhere) }
    }

    pub(super) fn holiday(&self, date: NaiveDate) -> Option<Holiday> {
        match (self.public.contains(date), self.anywhere.contains(date)) {
            (true, _) => Some(Holiday::Everywhere),
            (false, true) => Some(Holiday::InSomeStates),
            (false, false) => None,
        }
    }

    /// The context in which only the holidays of the whole country are holidays.
    pub(super) fn public(&self) -> Context {
        context(Arc::clone(&self.public))
    }

    /// The context in which regional holidays are holidays as well.
    pub(super) fn anywhere(&self) -> Context {
        context(Arc::clone(&self.anywhere))
    }
}

/// The context in which these days are the public holidays.
pub(super) fn context(public: Arc<CompactCalendar>) -> Context {
    // Without a bound, the search for the next change of hours that never change would scan centuries.
    Context { approx_bound_interval_size: chrono::TimeDelta::try_days(366), ..Context::default() }
        .with_holidays(ContextHolidays::new(public, Arc::default()))
}

/// A list, with the actual day of each holiday of which it has only the observed day.
fn with_actual_days(list: &CompactCalendar) -> Vec<NaiveDate> {
    let mut month_days: Vec<(u32, u32)> = list.iter().map(|date| (date.month(), date.day())).collect();
    month_days.sort_unstable();
    month_days.dedup();
    let actual = month_days.into_iter().flat_map(|(month, day)| actual_days(list, month, day));
    list.iter().chain(actual).collect()
}

/// The weekend dates of a month and day that is a holiday in every year in which it falls on a weekday, since a first
/// year. A moving feast such as Good Friday falls on a date now and then but not always, so it has none.
fn actual_days(list: &CompactCalendar, month: u32, day: u32) -> Vec<NaiveDate> {
    let dates = || (FIRST_YEAR..=LAST_YEAR).filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    let mut listed = dates().filter(|date| !is_weekend(*date)).skip_while(|date| !list.contains(*date)).peekable();
    let Some(first) = listed.peek().copied() else { return Vec::new() };
    if !listed.all(|date| list.contains(date)) {
        return Vec::new();
    }
    dates().filter(|date| *date > first && is_weekend(*date)).collect()
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// New Year's Day of the United Kingdom, and the Monday on which it is observed when it falls on a weekend.
fn new_year(year: i32) -> impl Iterator<Item = NaiveDate> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1);
    let observed = day
        .filter(|day| is_weekend(*day))
        .and_then(|day| day.checked_add_days(Days::new(u64::from(7 - day.weekday().num_days_from_monday()))));
    day.into_iter().chain(observed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holiday(country: Country, date: &str) -> Option<Holiday> {
        Calendar::new(country).holiday(date.parse().unwrap())
    }

    #[test]
    fn the_actual_and_the_observed_day_are_holidays() {
        for date in ["2027-12-25", "2027-12-24", "2026-07-04", "2026-07-03", "2028-01-01", "2028-11-11"] {
            assert_eq!(holiday(Country::US, date), Some(Holiday::Everywhere), "{date}");
        }
        for date in ["2026-12-24", "2026-07-05", "2026-04-05", "2025-06-15"] {
            assert_eq!(holiday(Country::US, date), None, "{date}");
        }
    }

    #[test]
    fn a_holiday_of_some_states_is_told_apart() {
        assert_eq!(holiday(Country::US, "2026-10-12"), Some(Holiday::InSomeStates), "Columbus Day");
        assert_eq!(holiday(Country::CA, "2026-05-18"), Some(Holiday::Everywhere), "Victoria Day is in both lists");
        assert_eq!(holiday(Country::DE, "2026-11-01"), Some(Holiday::InSomeStates), "All Saints' Day");
    }

    #[test]
    fn new_year_is_a_holiday_in_the_whole_united_kingdom() {
        for date in ["2026-01-01", "2028-01-01", "2028-01-03", "2023-01-02"] {
            assert_eq!(holiday(Country::GB, date), Some(Holiday::Everywhere), "{date}");
        }
        assert_eq!(holiday(Country::GB, "2026-01-02"), Some(Holiday::InSomeStates), "Scotland");
    }

    #[test]
    fn a_country_without_known_holidays_is_not_a_wrong_code() {
        assert_eq!(parse_country("IN"), Err(CountryError::NoHolidays));
        assert_eq!(parse_country("usa"), Err(CountryError::Near("US")));
        assert_eq!(parse_country("UK"), Err(CountryError::Near("GB")));
        assert_eq!(parse_country("in"), Err(CountryError::NotACode));
        assert_eq!(parse_country("US"), Ok(Country::US));
    }
}
