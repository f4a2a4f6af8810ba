//! Puts hours into words: open or closed at a moment, until when, cautions about public holidays, and the week.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::directory::hours::{DayHours, Hours, OnHolidays, OpenStatus, Schedule, Status};

/// The hours of an entry, and its status where a moment is given.
#[derive(Clone, Debug)]
pub struct HoursCard<'a> {
    /// The hours that the source lists; `None` where it lists none.
    pub schedule: Option<&'a Schedule>,
    /// The moment and the status at it.
    pub status: Option<(Timestamp, Status)>,
}

impl<'a> HoursCard<'a> {
    /// The hours of an entry, evaluated at a moment if there is one.
    pub fn new(hours: &'a Hours, now: Option<Timestamp>) -> Self {
        let schedule = match hours {
            Hours::Listed(schedule) => Some(schedule),
            Hours::NotListed | Hours::NotStated => None,
        };
        Self { schedule, status: now.map(|now| (now, hours.at(now))) }
    }

    /// Whether the entry is closed at that moment.
    pub fn is_closed(&self) -> bool {
        matches!(self.open_status(), OpenStatus::Closed(_))
    }

    /// Open or closed at that moment; not listed where no moment is given.
    pub fn open_status(&self) -> &OpenStatus {
        self.status.as_ref().map_or(&OpenStatus::NotListed, |(_, status)| &status.open)
    }

    /// When the entry next opens or closes, if it is open or closed and ever changes.
    pub fn next_change(&self) -> Option<&ZonedDateTime> {
        match self.open_status() {
            OpenStatus::Open(change) | OpenStatus::Closed(change) => change.as_ref(),
            OpenStatus::NotListed | OpenStatus::NoZone | OpenStatus::Uncertain => None,
        }
    }

    /// `open`, `closed`, or why that is not known.
    pub fn status_words(&self) -> &'static str {
        match self.open_status() {
            OpenStatus::NotListed => "hours not listed",
            OpenStatus::NoZone | OpenStatus::Uncertain => "open or closed: not certain",
            OpenStatus::Open(_) => "open",
            OpenStatus::Closed(_) => "closed",
        }
    }

    /// `closes 5:00 PM PT`, with the weekday when that is not today and the date when it is not this week.
    pub fn change_words(&self) -> Option<String> {
        let (now, _) = self.status.as_ref()?;
        let when = in_words(self.next_change()?, *now);
        Some(format!("{} {when}", if self.is_closed() { "opens" } else { "closes" }))
    }

    /// The next change in the reader's own time zone, if the local time differs there.
    pub fn own_time_words(&self, reader_zone: Option<&TimeZone>) -> Option<String> {
        let when = self.next_change()?;
        let own = when.timestamp().to_zoned_datetime(reader_zone?.clone());
        let day = if own.date() == when.date() { String::new() } else { format!("{} ", weekday(&own)) };
        (own.datetime() != when.datetime()).then(|| format!("{day}{} your time", time_of_day(&own)))
    }

    /// The caution about a public holiday that may affect the hours.
    pub fn caution(&self) -> Option<Caution> {
        let (_, status) = self.status.as_ref()?;
        let not_mentioned = self.schedule?.on_holidays() == OnHolidays::NotMentioned;
        match (status.is_holiday, status.is_holiday_at_change) {
            (true, _) if not_mentioned => Some(Caution::HolidayToday),
            (true, _) => Some(Caution::AssumedHoliday),
            (false, true) if not_mentioned => Some(Caution::HolidayAtChange),
            _ => None,
        }
    }

    /// The hours of the week that contains the moment, ignoring public holidays, with days of the same hours together:
    /// `Mon–Fri 8:00 AM – 5:00 PM`.
    pub fn week(&self, dash: &str) -> Vec<String> {
        let Some((schedule, (now, _))) = self.schedule.zip(self.status.as_ref()) else { return Vec::new() };
        let mut groups: Vec<(usize, usize, String)> = Vec::new();
        for (day, hours) in schedule.week(*now).into_iter().enumerate() {
            let words = hours.iter().map(|hours| day_words(hours, dash)).collect::<Vec<_>>().join(", ");
            match groups.last_mut() {
                Some((_, last, same)) if *same == words => *last = day,
                _ => groups.push((day, day, words)),
            }
        }
        let listed = groups.into_iter().filter(|(.., words)| !words.is_empty());
        listed
            .map(|(first, last, words)| match last - first {
                0 => format!("{} {words}", WEEKDAYS[first]),
                6 => format!("Every day {words}"),
                _ => format!("{}{dash}{} {words}", WEEKDAYS[first], WEEKDAYS[last]),
            })
            .collect()
    }

    /// The zone of the hours and what they say about public holidays; assumptions are marked as such.
    pub fn zone_words(&self) -> Option<String> {
        let (schedule, (now, _)) = self.schedule.zip(self.status.as_ref())?;
        let holidays = match schedule.on_holidays() {
            OnHolidays::NotMentioned => "holidays not mentioned",
            OnHolidays::Closed => "closed on public holidays (the days are assumed)",
            OnHolidays::Listed => "public holidays have hours of their own",
        };
        let zone = schedule.zone().map(|zone| (zone_name(&now.to_zoned_datetime(zone.rules.clone())), zone.stated));
        let zone = zone_in_words(zone.as_ref().map(|(name, stated)| (&**name, *stated)));
        Some(format!("{zone}; {holidays}"))
    }

    /// The IANA name of the zone, and whether the source states it.
    pub fn zone(&self) -> Option<(&'a str, bool)> {
        let zone = self.schedule?.zone()?;
        Some((zone.rules.iana_name()?, zone.stated))
    }
}

/// A zone, and whether the source states it, in words: `time zone not stated, PT assumed`.
pub fn zone_in_words(zone: Option<(&str, bool)>) -> String {
    match zone {
        None => "time zone not stated".to_owned(),
        Some((name, true)) => name.to_owned(),
        Some((name, false)) => format!("time zone not stated, {name} assumed"),
    }
}

/// A caution about a public holiday that may affect the hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Today is a public holiday, and the hours do not mention public holidays.
    HolidayToday,
    /// The next opening or closing is on a public holiday, and the hours do not mention public holidays.
    HolidayAtChange,
    /// The hours mention public holidays, and today is assumed to be one of them.
    AssumedHoliday,
}

impl Caution {
    /// The caution in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::HolidayToday => "public holiday today: hours may differ",
            Self::HolidayAtChange => "public holiday then: hours may differ",
            Self::AssumedHoliday => "public holiday today: assumed to be observed",
        }
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `8:00 AM – 5:00 PM`, or `all day`.
fn day_words(hours: &DayHours, dash: &str) -> String {
    match hours {
        DayHours::AllDay => "all day".to_owned(),
        DayHours::Between { from, until } => format!("{} {dash} {}", clock(from.0, from.1), clock(until.0, until.1)),
    }
}

/// `5:00 PM`
fn clock(hour: u32, minute: u32) -> String {
    let half = if hour % 24 < 12 { "AM" } else { "PM" };
    format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
}

/// The time of day of a moment: `5:00 PM`.
pub fn time_of_day(moment: &ZonedDateTime) -> String {
    clock(u32::from(moment.hour().unsigned_abs()), u32::from(moment.minute().unsigned_abs()))
}

/// The weekday of a moment: `Mon`.
pub fn weekday(moment: &ZonedDateTime) -> &'static str {
    WEEKDAYS[usize::from(moment.weekday().to_monday_zero_offset().unsigned_abs())]
}

/// A future moment in its own zone, as people would say it: `5:00 PM PT`, with the weekday if it is not today, and with
/// the date if it is not this week.
fn in_words(when: &ZonedDateTime, now: Timestamp) -> String {
    let here = now.to_zoned_datetime(when.time_zone().clone());
    let day = match (when.date() == here.date(), when.date().duration_since(here.date()).as_hours() < 7 * 24) {
        (true, _) => String::new(),
        (false, true) => format!("{} ", weekday(when)),
        (false, false) => format!("{} ", when.date()),
    };
    format!("{day}{} {}", time_of_day(when), zone_name(when))
}

/// The everyday name of a zone at a moment: `PT` all year where the clocks change between PST and PDT, else its
/// abbreviation, such as `MST` in Arizona.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::hours::Zone;

    #[test]
    fn the_week_in_words() {
        let week = |text| {
            let rules = TimeZone::get("America/Los_Angeles").unwrap();
            let zone = Some(Zone { rules, stated: true });
            let hours = Hours::Listed(Schedule::parse(text, zone, None).unwrap());
            HoursCard::new(&hours, Some("2026-11-23T10:00:00-08:00".parse().unwrap())).week("–")
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
