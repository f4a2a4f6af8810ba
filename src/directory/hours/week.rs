//! The hours of a week, for people to read.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opening_hours::{DateTimeRange, OpeningHours, RuleKind};

use super::calendar::{Holiday, context};
use super::local_time::{civil_date, naive};
use super::open_end::OPEN_END;
use super::{OnHolidays, Schedule};

/// Hours and minutes in local time.
pub type ClockTime = (u32, u32);

/// A period on one day during which an entry is open without a break, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayHours {
    /// From midnight to midnight.
    AllDay,
    /// Open; `until` is on the next day where it is not after `from`.
    Between {
        /// The opening.
        from: ClockTime,
        /// The closing.
        until: ClockTime,
    },
    /// Open, and perhaps longer (`09:00-17:00+`).
    AtLeast {
        /// The opening.
        from: ClockTime,
        /// The earliest closing.
        until: ClockTime,
    },
    /// Open, without a closing time (`09:00+`).
    From(ClockTime),
    /// The hours themselves say that it is not known.
    Unknown {
        /// The beginning.
        from: ClockTime,
        /// The end.
        until: ClockTime,
    },
}

/// Days on which the hours are other ones than on other days of the same weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedHours {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The hours of each of them; empty where it is closed.
    pub hours: Vec<DayHours>,
}

/// How far ahead exceptions are listed, in days.
const EXCEPTION_DAYS: usize = 28;

impl Schedule {
    /// The hours of each weekday in the season of a moment, Monday first, ignoring public holidays, closures and dated
    /// exceptions.
    pub fn week(&self, moment: Timestamp) -> [Vec<DayHours>; 7] {
        self.standing_week(self.local_date(moment))
    }

    /// The same in the season of a date.
    pub(super) fn standing_week(&self, date: NaiveDate) -> [Vec<DayHours>; 7] {
        let standing = self.standing(date);
        dates_of_week(date).map(|date| day(&standing, date))
    }

    /// The hours of public holidays by weekday, Monday first, for hours that list them.
    pub fn holiday_week(&self, moment: Timestamp) -> Option<[Vec<DayHours>; 7]> {
        if self.on_holidays() != OnHolidays::Listed {
            return None;
        }
        let today = self.local_date(moment);
        let standing = self.standing(today);
        Some(dates_of_week(today).map(|date| {
            let only_holiday = context(Arc::new(std::iter::once(date).collect()));
            day(&standing.clone().with_context(only_holiday), date)
        }))
    }

    /// The days of the next four weeks that rules for some dates make different from other weeks. The last ones may go
    /// on for longer.
    pub fn exceptions(&self, moment: Timestamp) -> Vec<DatedHours> {
        let mut exceptions: Vec<DatedHours> = Vec::new();
        if !self.has_dated_rules() {
            return exceptions;
        }
        let mut goes_on = false;
        for (index, date) in self.local_date(moment).iter_days().take(366).enumerate() {
            if index >= EXCEPTION_DAYS && !goes_on {
                break;
            }
            let Some(civil) = civil_date(date) else { break };
            let hours = day(&self.rules, date);
            let differs = hours != day(&self.standing(date), date);
            match exceptions.last_mut().filter(|last| goes_on && last.hours == hours) {
                Some(last) if differs => last.until = civil,
                // A weekend between closed days is part of them.
                Some(last) => goes_on = last.hours.is_empty(),
                None => {
                    goes_on = differs && index < EXCEPTION_DAYS;
                    exceptions.extend(goes_on.then_some(DatedHours { from: civil, until: civil, hours }));
                }
            }
        }
        exceptions
    }

    /// The public holidays of the next four weeks, and whether each is one in the whole country.
    pub fn holidays_ahead(&self, moment: Timestamp) -> Vec<(Date, bool)> {
        let Some(calendar) = self.calendar() else { return Vec::new() };
        let days = self.local_date(moment).iter_days().take(EXCEPTION_DAYS);
        let holidays = days.filter_map(|day| Some((civil_date(day)?, calendar.holiday(day)? == Holiday::Everywhere)));
        holidays.collect()
    }

    pub(super) fn local_date(&self, moment: Timestamp) -> NaiveDate {
        let rules = self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        naive(rules.to_datetime(moment)).date()
    }
}

/// The dates of the week of a date, Monday first.
fn dates_of_week(date: NaiveDate) -> [NaiveDate; 7] {
    let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into())).unwrap_or(date);
    [0, 1, 2, 3, 4, 5, 6].map(|weekday| monday.checked_add_days(Days::new(weekday)).unwrap_or(monday))
}

/// The hours that begin on a day.
fn day(rules: &OpeningHours, date: NaiveDate) -> Vec<DayHours> {
    let midnight = date.and_time(NaiveTime::MIN);
    let Some(end) = midnight.checked_add_days(Days::new(1)) else { return Vec::new() };
    let is_listed = |range: &DateTimeRange| range.kind != RuleKind::Closed;
    let around = midnight.checked_sub_days(Days::new(1)).zip(end.checked_add_days(Days::new(1)));
    let around = around.into_iter().flat_map(|(from, to)| rules.iter_range(from, to)).filter(is_listed);
    let mut ranges: Vec<DateTimeRange> =
        around.filter(|range| range.range.end > midnight && range.range.start < end).collect();
    // Hours past midnight belong to the day that they begin on, unless they go on for days.
    if ranges.iter().all(|range| range.range.end - range.range.start < chrono::TimeDelta::days(1)) {
        ranges.retain(|range| range.range.start >= midnight);
    } else {
        ranges = rules.iter_range(midnight, end).filter(is_listed).collect();
    }
    let mut hours: Vec<DayHours> = Vec::new();
    for range in ranges {
        let since = time(range.range.start);
        match day_hours(&range, midnight, end) {
            Some(next) => hours.push(next),
            // What may follow a stated closing is part of the period before it.
            None if hours.last_mut().is_some_and(|last| last.may_last(since)) => {}
            None => hours.push(DayHours::From(since)),
        }
    }
    hours
}

/// `None` for the time of an open end, which has no closing of its own.
fn day_hours(range: &DateTimeRange, midnight: NaiveDateTime, end: NaiveDateTime) -> Option<DayHours> {
    let (from, until) = (range.range.start, range.range.end);
    match range.kind {
        RuleKind::Unknown if &*range.comment == OPEN_END => None,
        RuleKind::Unknown => Some(DayHours::Unknown { from: time(from), until: time(until) }),
        _ if (from, until) == (midnight, end) => Some(DayHours::AllDay),
        _ => Some(DayHours::Between { from: time(from), until: time(until) }),
    }
}

impl DayHours {
    /// Marks a period that a time of doubt follows; returns whether it does.
    fn may_last(&mut self, since: ClockTime) -> bool {
        match *self {
            Self::Between { from, until } if until == since => {
                *self = Self::AtLeast { from, until };
                true
            }
            _ => matches!(self, Self::AtLeast { .. }),
        }
    }
}

fn time(moment: NaiveDateTime) -> ClockTime {
    (moment.hour(), moment.minute())
}
