//! When a contact can be reached: as listed, and whether it is open at a moment.
//!
//! The listed hours are in OpenStreetMap's opening_hours syntax, parsed and evaluated by the `opening-hours` crate in
//! local wall time, which needs no handling of clock changes; jiff converts between moments and local time. Nothing is
//! guessed: no hours are [`Hours::NotListed`] and never "closed", a zone that the source does not state is marked as
//! assumed, and a public holiday changes the status only where the hours name holidays.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use opening_hours::localization::Country;
use opening_hours::{Context, DateTimeRange, OpeningHours, RuleKind};

/// The hours of a contact or option.
#[derive(Clone, Debug, Default)]
pub enum Hours {
    /// The source lists none; never shown as closed. An option then has the hours of the entry above it.
    #[default]
    NotListed,
    /// The source lists none for this entry, though it does for the one above it; never shown as closed.
    NotStated,
    /// The hours that the source lists.
    Listed(Schedule),
}

/// Hours that the source lists.
#[derive(Clone, Debug)]
pub struct Schedule {
    listed: Arc<str>,
    week: OpeningHours,
    zone: Option<Zone>,
    holidays: Option<Country>,
    on_holidays: OnHolidays,
}

/// What hours say about public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnHolidays {
    /// Nothing is said.
    NotMentioned,
    /// Closed.
    Closed,
    /// Hours of their own.
    Listed,
}

/// A time zone, and whether the source states it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The rules of the zone.
    pub rules: TimeZone,
    /// Whether the source states the zone; otherwise it is the one that the directory assumes.
    pub stated: bool,
}

/// Whether an entry is open at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenStatus {
    /// The source lists no hours.
    NotListed,
    /// Hours are listed, but neither the source nor the directory names their zone.
    NoZone,
    /// The hours themselves say that it is not known (`unknown`).
    Uncertain,
    /// Open, and when it closes, if it ever does.
    Open(Option<ZonedDateTime>),
    /// Closed, and when it opens, if it ever does.
    Closed(Option<ZonedDateTime>),
}

/// Whether an entry is open at a moment, and whether a public holiday puts that in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Open or closed.
    pub open: OpenStatus,
    /// The moment is on a public holiday of the directory's country.
    pub is_holiday: bool,
    /// The next opening or closing is on a public holiday.
    pub is_holiday_at_change: bool,
}

impl Status {
    fn without_holidays(open: OpenStatus) -> Self {
        Self { open, is_holiday: false, is_holiday_at_change: false }
    }
}

/// A period on one day during which an entry is open without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayHours {
    /// From midnight to midnight.
    AllDay,
    /// Hours and minutes in local time; `until` is on the next day where it is not after `from`.
    Between {
        /// The opening.
        from: (u32, u32),
        /// The closing.
        until: (u32, u32),
    },
}

/// Why hours are rejected. The message continues a sentence that starts with the hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A comment in quotes.
    #[error("contain a comment in quotes; put it in `notes`")]
    Comment,
    /// A time that depends on the sun.
    #[error("name {0}, which depends on a place; write a time")]
    SolarEvent(&'static str),
    /// A repetition such as `10:00-16:00/90`.
    #[error("contain a /, which repeats times and does not say when the line is staffed; write the hours")]
    Repetition,
    /// School holidays.
    #[error("name school holidays (SH), which are not supported; leave them out")]
    SchoolHolidays,
    /// Public holidays of no country.
    #[error("name public holidays (PH), but the directory has no `holidays` to say of which country")]
    NoHolidayCountry,
    /// Anything else.
    #[error("are not in opening_hours syntax, such as \"Mo-Fr 09:00-17:00; PH off\"")]
    Syntax,
}

impl Hours {
    /// Whether the entry is open at a moment.
    pub fn at(&self, moment: Timestamp) -> Status {
        match self {
            Self::NotListed | Self::NotStated => Status::without_holidays(OpenStatus::NotListed),
            Self::Listed(schedule) => schedule.at(moment),
        }
    }
}

impl Schedule {
    /// Parses hours. `zone` is the zone that they are in; `holidays` is the country whose public holidays `PH` means.
    ///
    /// # Errors
    /// When the hours are not in opening_hours syntax, or use a part of it that cannot be evaluated for a phone line.
    pub fn parse(text: &str, zone: Option<Zone>, holidays: Option<Country>) -> Result<Self, HoursError> {
        const SOLAR_EVENTS: [&str; 4] = ["dawn", "sunrise", "sunset", "dusk"];
        if text.contains('"') {
            return Err(HoursError::Comment);
        }
        let lower = text.to_lowercase();
        if let Some(event) = SOLAR_EVENTS.into_iter().find(|event| lower.contains(event)) {
            return Err(HoursError::SolarEvent(event));
        }
        if text.replace("24/7", "").contains('/') {
            return Err(HoursError::Repetition);
        }
        if text.contains("SH") {
            return Err(HoursError::SchoolHolidays);
        }
        let on_holidays = match text {
            _ if text.contains("PH off") || text.contains("PH closed") => OnHolidays::Closed,
            _ if text.contains("PH") => OnHolidays::Listed,
            _ => OnHolidays::NotMentioned,
        };
        if on_holidays != OnHolidays::NotMentioned && holidays.is_none() {
            return Err(HoursError::NoHolidayCountry);
        }
        let week = text.parse::<OpeningHours>().map_err(|_| HoursError::Syntax)?;
        Ok(Self { listed: text.into(), week, zone, holidays, on_holidays })
    }

    /// The hours as the file has them.
    pub fn listed(&self) -> &str {
        &self.listed
    }

    /// The zone that they are in.
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// What they say about public holidays.
    pub fn on_holidays(&self) -> OnHolidays {
        self.on_holidays
    }

    fn at(&self, moment: Timestamp) -> Status {
        let Some(zone) = &self.zone else { return Status::without_holidays(OpenStatus::NoZone) };
        let local = naive(zone.rules.to_datetime(moment));
        let is_holiday = |date| self.holidays.is_some_and(|country| country.holidays().get_public().contains(date));
        let week = self.with_holidays();
        let next = week.next_change(local);
        let change = next.and_then(|change| zoned(change, &zone.rules));
        let open = match week.state(local).0 {
            RuleKind::Open => OpenStatus::Open(change),
            RuleKind::Closed => OpenStatus::Closed(change),
            RuleKind::Unknown => OpenStatus::Uncertain,
        };
        let is_holiday_at_change = next.is_some_and(|change| is_holiday(change.date()));
        Status { open, is_holiday: is_holiday(local.date()), is_holiday_at_change }
    }

    /// The hours with the calendar of holidays. The calendar is unpacked on first use, which takes time, so it is added
    /// only when hours that name holidays are evaluated.
    fn with_holidays(&self) -> OpeningHours {
        // Without a bound, the search for the next change of hours that never change would scan centuries.
        let mut context =
            Context { approx_bound_interval_size: chrono::TimeDelta::try_days(366), ..Context::default() };
        if let (OnHolidays::Closed | OnHolidays::Listed, Some(country)) = (self.on_holidays, self.holidays) {
            context = context.with_holidays(country.holidays());
        }
        self.week.clone().with_context(context)
    }

    /// The seven days of the week that contains a moment, Monday first, ignoring public holidays.
    pub fn week(&self, moment: Timestamp) -> [Vec<DayHours>; 7] {
        let rules = self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        let today = naive(rules.to_datetime(moment)).date();
        let since_monday = u64::from(today.weekday().num_days_from_monday());
        let monday = today.checked_sub_days(Days::new(since_monday)).unwrap_or(today);
        [0, 1, 2, 3, 4, 5, 6]
            .map(|day| monday.checked_add_days(Days::new(day)).map_or_else(Vec::new, |date| self.day(date)))
    }

    fn day(&self, date: NaiveDate) -> Vec<DayHours> {
        let midnight = date.and_time(NaiveTime::MIN);
        let Some(end) = midnight.checked_add_days(Days::new(1)) else { return Vec::new() };
        let is_open = |range: &DateTimeRange| range.kind == RuleKind::Open;
        let around = midnight.checked_sub_days(Days::new(1)).zip(end.checked_add_days(Days::new(1)));
        let around = around.into_iter().flat_map(|(from, to)| self.week.iter_range(from, to)).filter(is_open);
        let mut ranges: Vec<DateTimeRange> =
            around.filter(|range| range.range.end > midnight && range.range.start < end).collect();
        // Hours past midnight belong to the day that they begin on, unless they go on for days.
        if ranges.iter().all(|range| range.range.end - range.range.start < chrono::TimeDelta::days(1)) {
            ranges.retain(|range| range.range.start >= midnight);
        } else {
            ranges = self.week.iter_range(midnight, end).filter(is_open).collect();
        }
        let time = |moment: NaiveDateTime| (moment.hour(), moment.minute());
        let hours = ranges.into_iter().map(|range| match (range.range.start, range.range.end) {
            (from, until) if (from, until) == (midnight, end) => DayHours::AllDay,
            (from, until) => DayHours::Between { from: time(from), until: time(until) },
        });
        hours.collect()
    }
}

fn naive(local: DateTime) -> NaiveDateTime {
    let part = |number: i8| u32::from(number.unsigned_abs());
    NaiveDate::from_ymd_opt(i32::from(local.year()), part(local.month()), part(local.day()))
        .and_then(|date| date.and_hms_opt(part(local.hour()), part(local.minute()), part(local.second())))
        .unwrap_or_default()
}

fn zoned(local: NaiveDateTime, rules: &TimeZone) -> Option<ZonedDateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let date = DateTime::new(
        i16::try_from(local.year()).ok()?,
        part(local.month())?,
        part(local.day())?,
        part(local.hour())?,
        part(local.minute())?,
        part(local.second())?,
        0,
    );
    date.ok()?.to_zoned_datetime(rules.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(text: &str) -> Hours {
        let rules = TimeZone::get("America/Los_Angeles").unwrap();
        Hours::Listed(Schedule::parse(text, Some(Zone { rules, stated: true }), Some(Country::US)).unwrap())
    }

    fn at(hours: &Hours, moment: &str) -> Status {
        hours.at(moment.parse().unwrap())
    }

    fn change(moment: Option<ZonedDateTime>) -> String {
        moment.map(|moment| moment.strftime("%a %-I:%M %p").to_string()).unwrap()
    }

    #[test]
    fn open_until_closing_and_closed_until_opening() {
        let hours = schedule("Mo-Fr 09:00-17:00; PH off");
        for (moment, open, until) in [
            ("2026-11-23T10:42:00-08:00", true, "Mon 5:00 PM"),
            ("2026-11-23T08:59:59-08:00", false, "Mon 9:00 AM"),
            ("2026-11-23T17:00:00-08:00", false, "Tue 9:00 AM"),
            ("2026-07-10T18:00:00-07:00", false, "Mon 9:00 AM"),
            // The clocks go back on Sunday, 1 November 2026, and forward on Sunday, 14 March 2027.
            ("2026-10-30T17:30:00-07:00", false, "Mon 9:00 AM"),
            ("2027-03-12T17:30:00-08:00", false, "Mon 9:00 AM"),
        ] {
            match at(&hours, moment).open {
                OpenStatus::Open(then) => assert_eq!((true, until), (open, change(then).as_str()), "{moment}"),
                OpenStatus::Closed(then) => assert_eq!((false, until), (open, change(then).as_str()), "{moment}"),
                other => panic!("{moment}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_hour_of_opening_is_right_on_both_sides_of_a_clock_change() {
        let hours = schedule("Mo-Su 09:00-17:00");
        for (before, opening) in [
            ("2026-10-31T20:00:00-07:00", "2026-11-01T09:00:00-08:00"),
            ("2027-03-13T20:00:00-08:00", "2027-03-14T09:00:00-07:00"),
        ] {
            let OpenStatus::Closed(Some(then)) = at(&hours, before).open else { panic!("open at night") };
            assert_eq!(then.timestamp(), opening.parse::<Timestamp>().unwrap());
        }
    }

    #[test]
    fn an_opening_on_a_holiday_is_reported_as_such() {
        let hours = schedule("Mo-Fr 09:00-17:00");
        let evening = at(&hours, "2026-11-25T18:00:00-08:00");
        assert_eq!((evening.is_holiday, evening.is_holiday_at_change), (false, true), "the next day is Thanksgiving");
        let noon = at(&hours, "2026-11-24T12:00:00-08:00");
        assert_eq!((noon.is_holiday, noon.is_holiday_at_change), (false, false));
    }

    #[test]
    fn holidays_close_only_where_the_hours_say_so() {
        let thanksgiving = "2026-11-26T10:00:00-08:00";
        let silent = at(&schedule("Mo-Fr 08:00-17:00"), thanksgiving);
        assert!(matches!(silent.open, OpenStatus::Open(_)) && silent.is_holiday);
        let excluded = at(&schedule("Mo-Fr 09:00-17:00; PH off"), thanksgiving);
        let OpenStatus::Closed(then) = excluded.open else { panic!("open on a holiday") };
        assert_eq!(change(then), "Fri 9:00 AM");
    }

    #[test]
    fn unlisted_hours_do_not_mean_closed() {
        assert_eq!(at(&Hours::NotListed, "2026-11-22T03:00:00-08:00").open, OpenStatus::NotListed);
        let nowhere = Hours::Listed(Schedule::parse("Mo-Fr 08:00-17:00", None, None).unwrap());
        assert_eq!(at(&nowhere, "2026-11-22T03:00:00-08:00").open, OpenStatus::NoZone);
    }
}
