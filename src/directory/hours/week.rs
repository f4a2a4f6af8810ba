//! The hours of a week, for people to read.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use opening_hours::{DateTimeRange, RuleKind};

use super::Schedule;
use super::local_time::naive;
use super::open_end::OPEN_END;

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

impl Schedule {
    /// The seven days of the week that contains a moment, Monday first, ignoring public holidays and closures.
    pub fn week(&self, moment: Timestamp) -> [Vec<DayHours>; 7] {
        let today = self.local_date(moment);
        let since_monday = u64::from(today.weekday().num_days_from_monday());
        self.week_from(today.checked_sub_days(Days::new(since_monday)).unwrap_or(today))
    }

    /// The seven days from a date, Monday first.
    pub(super) fn week_from(&self, first: NaiveDate) -> [Vec<DayHours>; 7] {
        let offset = u64::from(first.weekday().num_days_from_monday());
        [0, 1, 2, 3, 4, 5, 6].map(|weekday| {
            let days = Days::new((weekday + 7 - offset) % 7);
            first.checked_add_days(days).map_or_else(Vec::new, |date| self.day(date))
        })
    }

    pub(super) fn local_date(&self, moment: Timestamp) -> NaiveDate {
        let rules = self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        naive(rules.to_datetime(moment)).date()
    }

    fn day(&self, date: NaiveDate) -> Vec<DayHours> {
        let midnight = date.and_time(NaiveTime::MIN);
        let Some(end) = midnight.checked_add_days(Days::new(1)) else { return Vec::new() };
        let is_listed = |range: &DateTimeRange| range.kind != RuleKind::Closed;
        let around = midnight.checked_sub_days(Days::new(1)).zip(end.checked_add_days(Days::new(1)));
        let around = around.into_iter().flat_map(|(from, to)| self.rules.iter_range(from, to)).filter(is_listed);
        let mut ranges: Vec<DateTimeRange> =
            around.filter(|range| range.range.end > midnight && range.range.start < end).collect();
        // Hours past midnight belong to the day that they begin on, unless they go on for days.
        if ranges.iter().all(|range| range.range.end - range.range.start < chrono::TimeDelta::days(1)) {
            ranges.retain(|range| range.range.start >= midnight);
        } else {
            ranges = self.rules.iter_range(midnight, end).filter(is_listed).collect();
        }
        let mut hours: Vec<DayHours> = Vec::new();
        for range in ranges {
            match (hours.last_mut(), day_hours(&range, midnight, end)) {
                (_, Some(next)) => hours.push(next),
                // What may follow a stated closing is part of the period before it.
                (Some(last), None) => last.may_last(time(range.range.start)),
                (None, None) => {}
            }
        }
        hours
    }
}

/// `None` for the time after an open end, which has no hours of its own.
fn day_hours(range: &DateTimeRange, midnight: NaiveDateTime, end: NaiveDateTime) -> Option<DayHours> {
    let (from, until) = (range.range.start, range.range.end);
    let has_open_end = &*range.comment == OPEN_END;
    match range.kind {
        RuleKind::Unknown if has_open_end => None,
        RuleKind::Unknown => Some(DayHours::Unknown { from: time(from), until: time(until) }),
        _ if has_open_end => Some(DayHours::From(time(from))),
        _ if (from, until) == (midnight, end) => Some(DayHours::AllDay),
        _ => Some(DayHours::Between { from: time(from), until: time(until) }),
    }
}

impl DayHours {
    /// Marks a period that a time of doubt follows.
    fn may_last(&mut self, since: ClockTime) {
        if let Self::Between { from, until } = *self
            && until == since
        {
            *self = Self::AtLeast { from, until };
        }
    }
}

fn time(moment: NaiveDateTime) -> ClockTime {
    (moment.hour(), moment.minute())
}
