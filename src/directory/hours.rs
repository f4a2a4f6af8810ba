//! When a contact can be reached: as listed, and at a given moment.
//!
//! The listed hours are in OpenStreetMap's opening_hours syntax, read and evaluated by the `opening-hours` crate in
//! local wall time, so that a change of the clocks needs no thought; jiff gives the local time of a moment. Nothing is
//! guessed: no hours are [`Hours::NotListed`], a zone that the source does not state is marked as assumed, and a
//! public holiday counts only where the hours name holidays.

use std::fmt::Write as _;
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
    /// Nothing is listed; never shown as closed. An option's are then those of what it stands under.
    #[default]
    NotListed,
    /// The source has none, though what it stands under has; never shown as closed.
    NotStated,
    /// As the source says.
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

/// What hours say of public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnHolidays {
    /// Nothing.
    NotMentioned,
    /// Closed.
    Closed,
    /// Hours of their own.
    Listed,
}

/// A time zone, and whether the source states it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its rules.
    pub rules: TimeZone,
    /// False where the directory's own zone stands in for one that the source leaves out.
    pub stated: bool,
}

/// How things stand at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenStatus {
    /// The source lists no hours.
    NotListed,
    /// Hours are listed, but neither the source nor the directory says in which zone.
    NoZone,
    /// The hours themselves leave it open.
    Unsure,
    /// Open, and until when if it ever closes.
    Open(Option<ZonedDateTime>),
    /// Closed, and until when if it ever opens.
    Closed(Option<ZonedDateTime>),
}

/// How things stand at a moment, and what to beware of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// Open or closed.
    pub standing: OpenStatus,
    /// It is a public holiday in the directory's country.
    pub holiday: bool,
    /// The next opening or closing is on one.
    pub holiday_then: bool,
}

impl Hours {
    /// How things stand at a moment.
    pub fn at(&self, moment: Timestamp) -> Now {
        match self {
            Self::NotListed | Self::NotStated => {
                Now { standing: OpenStatus::NotListed, holiday: false, holiday_then: false }
            }
            Self::Listed(schedule) => schedule.at(moment),
        }
    }
}

impl Schedule {
    /// Reads hours. `zone` is the zone they are in; `holidays` the country whose public holidays `PH` means.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence that starts with the hours.
    pub fn parse(text: &str, zone: Option<Zone>, holidays: Option<Country>) -> Result<Self, String> {
        if text.contains('"') {
            return Err("hold a comment in quotes; put it in `notes`".into());
        }
        let lower = text.to_lowercase();
        if let Some(event) = ["dawn", "sunrise", "sunset", "dusk"].iter().find(|event| lower.contains(**event)) {
            return Err(format!("name {event}, which depends on a place; write a time"));
        }
        if text.replace("24/7", "").contains('/') {
            return Err(
                "hold a /, which repeats moments and says nothing of when someone answers; write the times".into()
            );
        }
        if text.contains("SH") {
            return Err("name school holidays (SH), of which this program knows nothing; leave them out".into());
        }
        let on_holidays = match text {
            _ if text.contains("PH off") || text.contains("PH closed") => OnHolidays::Closed,
            _ if text.contains("PH") => OnHolidays::Listed,
            _ => OnHolidays::NotMentioned,
        };
        if on_holidays != OnHolidays::NotMentioned && holidays.is_none() {
            return Err("name public holidays (PH), but the directory has no `holidays` to say of which country".into());
        }
        let week = text
            .parse::<OpeningHours>()
            .map_err(|_| "are not in opening_hours syntax, such as \"Mo-Fr 09:00-17:00; PH off\"".to_owned())?;
        Ok(Self { listed: text.into(), week, zone, holidays, on_holidays })
    }

    /// As the file has them.
    pub fn listed(&self) -> &str {
        &self.listed
    }

    /// The zone they are in.
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// What they say of public holidays.
    pub fn on_holidays(&self) -> OnHolidays {
        self.on_holidays
    }

    fn at(&self, moment: Timestamp) -> Now {
        let Some(zone) = &self.zone else {
            return Now { standing: OpenStatus::NoZone, holiday: false, holiday_then: false };
        };
        let local = naive(zone.rules.to_datetime(moment));
        let is_holiday = |date| self.holidays.is_some_and(|country| country.holidays().get_public().contains(date));
        let week = self.with_holidays();
        let next = week.next_change(local);
        let change = next.and_then(|change| zoned(change, &zone.rules));
        let standing = match week.state(local).0 {
            RuleKind::Open => OpenStatus::Open(change),
            RuleKind::Closed => OpenStatus::Closed(change),
            RuleKind::Unknown => OpenStatus::Unsure,
        };
        let holiday_then = next.is_some_and(|change| is_holiday(change.date()));
        Now { standing, holiday: is_holiday(local.date()), holiday_then }
    }

    /// The calendar of holidays is unpacked on first use, so it is bound to the hours only when they are evaluated.
    fn with_holidays(&self) -> OpeningHours {
        let mut context =
            Context { approx_bound_interval_size: chrono::TimeDelta::try_days(366), ..Context::default() };
        if let (OnHolidays::Closed | OnHolidays::Listed, Some(country)) = (self.on_holidays, self.holidays) {
            context = context.with_holidays(country.holidays());
        }
        self.week.clone().with_context(context)
    }

    /// The week of a moment, holidays aside, in words: `Mon–Fri 8:00 AM – 5:00 PM`, days with the same hours together,
    /// with a dash of one's own.
    pub fn week(&self, moment: Timestamp, dash: &str) -> Vec<String> {
        let today = match &self.zone {
            Some(zone) => naive(zone.rules.to_datetime(moment)).date(),
            None => naive(TimeZone::UTC.to_datetime(moment)).date(),
        };
        let days_in = u64::from(today.weekday().num_days_from_monday());
        let monday = today.checked_sub_days(Days::new(days_in)).unwrap_or(today);
        let mut groups: Vec<(u64, u64, String)> = Vec::new();
        for day in 0..7 {
            let hours = monday.checked_add_days(Days::new(day)).map_or_else(String::new, |date| self.day(date, dash));
            match groups.last_mut() {
                Some((_, last, same)) if *same == hours => *last = day,
                _ => groups.push((day, day, hours)),
            }
        }
        groups
            .into_iter()
            .filter(|(.., hours)| !hours.is_empty())
            .map(|(first, last, hours)| match last - first {
                0 => format!("{} {hours}", weekday(first)),
                6 => format!("Every day {hours}"),
                _ => format!("{}{dash}{} {hours}", weekday(first), weekday(last)),
            })
            .collect()
    }

    fn day(&self, date: NaiveDate, dash: &str) -> String {
        let midnight = date.and_time(NaiveTime::MIN);
        let Some(end) = midnight.checked_add_days(Days::new(1)) else {
            return String::new();
        };
        let is_open = |range: &DateTimeRange| range.kind == RuleKind::Open;
        let around = midnight.checked_sub_days(Days::new(1)).zip(end.checked_add_days(Days::new(1)));
        let around = around.into_iter().flat_map(|(from, to)| self.week.iter_range(from, to)).filter(is_open);
        let around: Vec<DateTimeRange> =
            around.filter(|range| range.range.end > midnight && range.range.start < end).collect();
        // Hours that go over midnight belong to the day that they begin on.
        let ranges = match around.iter().all(|range| range.range.end - range.range.start < chrono::TimeDelta::days(1)) {
            true => around.into_iter().filter(|range| range.range.start >= midnight).collect(),
            false => self.week.iter_range(midnight, end).filter(is_open).collect::<Vec<_>>(),
        };
        let mut text = String::new();
        for range in ranges {
            let separator = if text.is_empty() { "" } else { ", " };
            let (from, to) = (range.range.start, range.range.end);
            let _ = if (from, to) == (midnight, end) {
                write!(text, "{separator}all day")
            } else {
                write!(
                    text,
                    "{separator}{} {dash} {}",
                    clock(from.hour(), from.minute()),
                    clock(to.hour(), to.minute())
                )
            };
        }
        text
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn weekday(days_from_monday: u64) -> &'static str {
    usize::try_from(days_from_monday).ok().and_then(|day| WEEKDAYS.get(day)).copied().unwrap_or_default()
}

/// `5:00 PM`
fn clock(hour: u32, minute: u32) -> String {
    let half = if hour % 24 < 12 { "AM" } else { "PM" };
    format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
}

/// A moment's time of day, `5:00 PM`.
pub fn time_of_day(moment: &ZonedDateTime) -> String {
    clock(u32::from(moment.hour().unsigned_abs()), u32::from(moment.minute().unsigned_abs()))
}

/// A moment's weekday, `Mon`.
pub fn weekday_of(moment: &ZonedDateTime) -> &'static str {
    weekday(u64::from(moment.weekday().to_monday_zero_offset().unsigned_abs()))
}

/// A coming moment in its zone, as people say it now: `5:00 PM PT`, with the weekday when it is not today, with the
/// date when it is not this week.
pub fn in_words(when: &ZonedDateTime, now: Timestamp) -> String {
    let here = now.to_zoned_datetime(when.time_zone().clone());
    let day = match (when.date() == here.date(), when.date().duration_since(here.date()).as_hours() < 7 * 24) {
        (true, _) => String::new(),
        (false, true) => format!("{} ", weekday_of(when)),
        (false, false) => format!("{} ", when.date()),
    };
    format!("{day}{} {}", time_of_day(when), zone_name(when))
}

/// What people call a zone at a moment: `PT` all year round where the clocks change between PST and PDT, else its
/// abbreviation, `MST` in Arizona.
pub fn zone_name(moment: &ZonedDateTime) -> String {
    let rules = moment.time_zone();
    let now = rules.to_offset_info(moment.timestamp());
    let name = now.abbreviation();
    let Some(other) = rules.following(moment.timestamp()).next() else {
        return name.to_owned();
    };
    match (name.as_bytes(), other.abbreviation().as_bytes()) {
        ([first, here, b'T'], [same, there, b'T']) if first == same && here != there => {
            format!("{}T", char::from(*first))
        }
        _ => name.to_owned(),
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

    fn at(hours: &Hours, moment: &str) -> Now {
        hours.at(moment.parse().unwrap())
    }

    fn change(moment: Option<ZonedDateTime>) -> String {
        moment.map(|m| format!("{} {} {}", weekday_of(&m), time_of_day(&m), zone_name(&m))).unwrap()
    }

    #[test]
    fn open_until_closing_and_closed_until_opening() {
        let hours = schedule("Mo-Fr 09:00-17:00; PH off");
        for (moment, open, until) in [
            ("2026-11-23T10:42:00-08:00", true, "Mon 5:00 PM PT"),
            ("2026-11-23T08:59:59-08:00", false, "Mon 9:00 AM PT"),
            ("2026-11-23T17:00:00-08:00", false, "Tue 9:00 AM PT"),
            ("2026-07-10T18:00:00-07:00", false, "Mon 9:00 AM PT"),
            // The clocks go back on Sunday, 1 November 2026, and forward on Sunday, 14 March 2027.
            ("2026-10-30T17:30:00-07:00", false, "Mon 9:00 AM PT"),
            ("2027-03-12T17:30:00-08:00", false, "Mon 9:00 AM PT"),
        ] {
            match at(&hours, moment).standing {
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
            let OpenStatus::Closed(Some(then)) = at(&hours, before).standing else { panic!("open at night") };
            assert_eq!(then.timestamp(), opening.parse::<Timestamp>().unwrap());
        }
    }

    #[test]
    fn an_opening_on_a_holiday_is_told_to_be_one() {
        let hours = schedule("Mo-Fr 09:00-17:00");
        let evening = at(&hours, "2026-11-25T18:00:00-08:00");
        assert_eq!((evening.holiday, evening.holiday_then), (false, true), "Thanksgiving comes");
        let noon = at(&hours, "2026-11-24T12:00:00-08:00");
        assert_eq!((noon.holiday, noon.holiday_then), (false, false));
    }

    #[test]
    fn holidays_close_only_where_the_hours_say_so() {
        let thanksgiving = "2026-11-26T10:00:00-08:00";
        let silent = at(&schedule("Mo-Fr 08:00-17:00"), thanksgiving);
        assert!(matches!(silent.standing, OpenStatus::Open(_)) && silent.holiday);
        let excluded = at(&schedule("Mo-Fr 09:00-17:00; PH off"), thanksgiving);
        let OpenStatus::Closed(then) = excluded.standing else { panic!("open on a holiday") };
        assert_eq!(change(then), "Fri 9:00 AM PT");
    }

    #[test]
    fn what_is_not_listed_is_not_closed() {
        assert_eq!(at(&Hours::NotListed, "2026-11-22T03:00:00-08:00").standing, OpenStatus::NotListed);
        let nowhere = Hours::Listed(Schedule::parse("Mo-Fr 08:00-17:00", None, None).unwrap());
        assert_eq!(at(&nowhere, "2026-11-22T03:00:00-08:00").standing, OpenStatus::NoZone);
    }

    #[test]
    fn the_week_in_words() {
        let week = |text| {
            let Hours::Listed(schedule) = schedule(text) else { return Vec::new() };
            schedule.week("2026-11-23T10:00:00-08:00".parse().unwrap(), "–")
        };
        assert_eq!(week("Mo-Fr 08:00-17:00"), ["Mon–Fri 8:00 AM – 5:00 PM"]);
        assert_eq!(week("24/7"), ["Every day all day"]);
        assert_eq!(
            week("Mo-Th 09:00-12:00,13:00-17:30; Sa 10:00-24:00"),
            ["Mon–Thu 9:00 AM – 12:00 PM, 1:00 PM – 5:30 PM", "Sat 10:00 AM – 12:00 AM"]
        );
        assert_eq!(week("Mo-Fr 22:00-06:00"), ["Mon–Fri 10:00 PM – 6:00 AM"]);
        assert_eq!(week("Fr-Su 18:00-02:00"), ["Fri–Sun 6:00 PM – 2:00 AM"]);
        assert_eq!(week("Mo-Fr 00:00-24:00"), ["Mon–Fri all day"]);
    }

    #[test]
    fn a_zone_without_a_clock_change_keeps_its_abbreviation() {
        let name = |zone: &str| zone_name(&"2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap().in_tz(zone).unwrap());
        assert_eq!((name("America/Phoenix"), name("America/New_York")), ("MST".into(), "ET".into()));
    }
}
