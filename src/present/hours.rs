//! Puts hours into words: open or closed at a moment, until when, cautions about holidays, closures, the week and the
//! next season.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::display::Clock;
use crate::directory::hours::{
    Change, Closure, DatedHours, DayHours, Doubt, Hours, OnHolidays, OpenStatus, Schedule, Status,
};

/// How long before it begins a closure is shown.
const MAX_CLOSURE_NOTICE_DAYS: u32 = 14;

/// The hours of an entry, and its status where a moment is given.
#[derive(Clone, Debug)]
pub struct HoursCard<'a> {
    /// The hours that the source lists; `None` where it lists none.
    pub schedule: Option<&'a Schedule>,
    /// The days on which the contact is closed whatever the hours say, in order.
    pub closures: &'a [Closure],
    /// Those of them that are near the moment.
    near_closures: Vec<&'a Closure>,
    /// The moment and the status at it.
    pub status: Option<(Timestamp, Status)>,
    /// How times of day are written.
    pub clock: Clock,
}

impl<'a> HoursCard<'a> {
    /// The hours of an entry, evaluated at a moment if there is one.
    pub fn new(hours: &'a Hours, now: Option<Timestamp>) -> Self {
        let schedule = match hours {
            Hours::Listed(schedule) => Some(schedule),
            Hours::NotListed | Hours::NotStated | Hours::OnlyClosures(_) => None,
        };
        Self {
            schedule,
            closures: hours.closures(),
            near_closures: now
                .map_or_else(Vec::new, |now| hours.closures_within(now, MAX_CLOSURE_NOTICE_DAYS).collect()),
            status: now.map(|now| (now, hours.at(now))),
            clock: Clock::default(),
        }
    }

    /// The same hours, with times of day written in another way.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Whether the entry is closed at that moment.
    pub fn is_closed(&self) -> bool {
        matches!(self.open_status(), OpenStatus::Closed(_))
    }

    /// Open or closed at that moment; not listed where no moment is given.
    pub fn open_status(&self) -> &OpenStatus {
        self.status.as_ref().map_or(&OpenStatus::NotListed, |(_, status)| &status.open)
    }

    /// When the entry next opens or closes, if it is open or closed and that is known.
    pub fn next_change(&self) -> Option<&ZonedDateTime> {
        self.change()?.moment()
    }

    fn change(&self) -> Option<&Change> {
        match self.open_status() {
            OpenStatus::Open(change) | OpenStatus::Closed(change) => Some(change),
            OpenStatus::NotListed | OpenStatus::NoZone | OpenStatus::Uncertain => None,
        }
    }

    /// `open`, `closed`, or why that is not known.
    pub fn status_words(&self) -> &'static str {
        let doubt = self.status.as_ref().and_then(|(_, status)| status.doubt);
        match (self.open_status(), doubt) {
            (OpenStatus::NotListed, _) => "hours not listed",
            (OpenStatus::Open(_), _) => "open",
            (OpenStatus::Closed(_), _) => "closed",
            (OpenStatus::Uncertain, Some(Doubt::RegionalHoliday)) => match self.holiday_areas() {
                HolidayAreas::States => "not certain: a holiday in some states",
                HolidayAreas::Regions => "not certain: a holiday in some regions",
            },
            (OpenStatus::Uncertain, Some(Doubt::OpenEnd)) => "not certain: no closing time listed",
            (OpenStatus::NoZone | OpenStatus::Uncertain, _) => "open or closed: not certain",
        }
    }

    /// `closes 5:00 PM PT`, with the weekday when that is not today and the date when it is not this week.
    pub fn change_words(&self) -> Option<String> {
        let (now, _) = self.status.as_ref()?;
        let when = |moment| in_words(moment, *now, self.clock);
        Some(match (self.is_closed(), self.change()?) {
            (_, Change::NotListed) => return None,
            (false, Change::At(moment)) if self.begins_closure(moment) => format!("closed from {}", moment.date()),
            (false, Change::At(moment)) => format!("closes {}", closing_words(moment, *now, self.clock)),
            (false, Change::NotBefore(moment)) => format!("closes {} or later", when(moment)),
            (false, Change::NotWithinYear) => "does not close within a year".to_owned(),
            (false, Change::Never) => "never closes".to_owned(),
            (true, Change::At(moment)) => format!("opens {}", when(moment)),
            (true, Change::NotBefore(moment)) => format!("may open {}", when(moment)),
            (true, Change::NotWithinYear) => "does not open within a year".to_owned(),
            (true, Change::Never) => "never opens".to_owned(),
        })
    }

    /// The closures of today and of the next days: `closed 2026-12-24 to 2026-12-26: Office move`.
    pub fn closures(&self) -> Vec<String> {
        self.near_closures.iter().map(|closure| closure_words(closure)).collect()
    }

    /// Whether it is closed because of a closure.
    pub fn has_closure(&self) -> bool {
        self.status.as_ref().is_some_and(|(_, status)| status.closure.is_some())
    }

    /// Whether it closes for a closure rather than by its hours.
    fn begins_closure(&self, moment: &ZonedDateTime) -> bool {
        self.schedule.is_some_and(Schedule::is_around_the_clock)
            && self.closures.iter().any(|closure| closure.from == moment.date())
    }

    /// The next change in the reader's own time zone, if the local time differs there.
    pub fn own_time_words(&self, reader_zone: Option<&TimeZone>) -> Option<String> {
        let when = self.next_change()?;
        let own = when.timestamp().to_zoned_datetime(reader_zone?.clone());
        let said = before_midnight(when).filter(|_| !self.is_closed()).map_or(when.date(), |before| before.date());
        let day = if own.date() == said { String::new() } else { format!("{} ", weekday(&own)) };
        (own.datetime() != when.datetime()).then(|| format!("{day}{} your time", time_of_day(&own, self.clock)))
    }

    /// The most important caution about a holiday that may affect the hours.
    pub fn caution(&self) -> Option<Caution> {
        self.cautions().next()
    }

    /// The cautions about holidays that may affect the hours: today, and at the next opening or closing.
    pub fn cautions(&self) -> impl Iterator<Item = Caution> + use<> {
        let (doubt, change_doubt) =
            self.status.as_ref().map_or((None, None), |(_, status)| (status.doubt, status.change_doubt));
        let areas = self.holiday_areas();
        let today = match doubt {
            Some(Doubt::HolidayNotSettled) => Some(Caution::HolidayToday),
            Some(Doubt::HolidayAssumed) => Some(Caution::AssumedHoliday),
            // A status that depends on the state says so itself.
            Some(Doubt::RegionalHoliday) if *self.open_status() != OpenStatus::Uncertain => {
                Some(Caution::RegionalHolidayToday(areas))
            }
            Some(Doubt::RegionalHoliday | Doubt::OpenEnd | Doubt::Unknown) | None => None,
        };
        // Of the same holiday, one caution is enough.
        let at_change = match change_doubt.filter(|change_doubt| doubt != Some(*change_doubt)) {
            Some(Doubt::HolidayNotSettled) => Some(Caution::HolidayAtChange),
            Some(Doubt::RegionalHoliday) => Some(Caution::RegionalHolidayAtChange(areas)),
            Some(Doubt::HolidayAssumed | Doubt::OpenEnd | Doubt::Unknown) | None => None,
        };
        today.into_iter().chain(at_change)
    }

    /// What the parts of the country are called that have holidays of their own.
    fn holiday_areas(&self) -> HolidayAreas {
        let country = self.schedule.and_then(Schedule::holiday_country);
        let has_states = country.is_some_and(|country| COUNTRIES_WITH_STATES.contains(&country));
        if has_states { HolidayAreas::States } else { HolidayAreas::Regions }
    }

    /// The hours of the weekdays in the present season, with days of the same hours together, then those of public
    /// holidays and the exceptions of the next weeks: `Mon–Fri 8:00 AM – 5:00 PM`, `Thu 2026-12-24: closed`.
    pub fn week(&self, dash: &str) -> Vec<String> {
        let Some((schedule, (now, _))) = self.schedule.zip(self.status.as_ref()) else { return Vec::new() };
        let mut week = self.week_words(schedule.week(*now), dash);
        week.extend(schedule.holiday_week(*now).into_iter().flat_map(|holidays| self.holiday_words(holidays, dash)));
        week.extend(schedule.exceptions(*now).iter().map(|days| self.exception_words(days, dash)));
        week
    }

    /// `Holidays 9:00 AM – 5:00 PM`
    fn holiday_words(&self, week: [Vec<DayHours>; 7], dash: &str) -> Vec<String> {
        let is_same = week.iter().all(|day| *day == week[0]);
        let words = if is_same { self.hours_words(&week[0], dash) } else { String::new() };
        if !words.is_empty() {
            return vec![format!("Holidays {words}")];
        }
        self.week_words(week, dash).into_iter().map(|words| format!("Holidays {words}")).collect()
    }

    /// `Thu 2026-12-24: closed`, `2026-12-24 to 2027-01-02: 10:00 AM – 2:00 PM`
    fn exception_words(&self, days: &DatedHours, dash: &str) -> String {
        let DatedHours { from, until, hours } = days;
        let dates = if from == until {
            format!("{} {from}", WEEKDAYS[usize::from(from.weekday().to_monday_zero_offset().unsigned_abs())])
        } else {
            format!("{from} to {until}")
        };
        let hours = if hours.is_empty() { "closed".to_owned() } else { self.hours_words(hours, dash) };
        format!("{dates}: {hours}")
    }

    fn hours_words(&self, hours: &[DayHours], dash: &str) -> String {
        hours.iter().map(|hours| day_words(hours, dash, self.clock)).collect::<Vec<_>>().join(", ")
    }

    /// When other hours begin, for hours that have seasons, and the week of that season:
    /// `from 2027-04-01: Mon–Fri 8:00 AM – 6:00 PM`.
    pub fn next_season(&self, dash: &str) -> Vec<String> {
        let Some((schedule, (now, _))) = self.schedule.zip(self.status.as_ref()) else { return Vec::new() };
        // Rules of several seasons can come to the same week.
        let next = schedule.next_season(*now).filter(|season| season.week != schedule.week(*now));
        let Some(season) = next else { return Vec::new() };
        let mut week = self.week_words(season.week, dash);
        match week.first_mut() {
            Some(first) => *first = format!("from {}: {first}", season.begins),
            None => week.push(format!("from {}: closed", season.begins)),
        }
        week
    }

    fn week_words(&self, week: [Vec<DayHours>; 7], dash: &str) -> Vec<String> {
        let mut groups: Vec<(usize, usize, String)> = Vec::new();
        for (day, hours) in week.into_iter().enumerate() {
            let words = self.hours_words(&hours, dash);
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
            OnHolidays::Unknown | OnHolidays::Undone => "not certain on public holidays",
        };
        let zone = schedule.zone().map(|zone| (zone_name(&now.to_zoned_datetime(zone.rules.clone())), zone.stated));
        let zone = zone_in_words(zone.as_ref().map(|(name, stated)| (&**name, *stated)));
        Some(format!("{zone}; {holidays}"))
    }

    /// The IANA name of the zone, and that it is assumed where the source states none:
    /// `time zone not stated, America/Los_Angeles assumed`.
    pub fn zone_note(&self) -> String {
        zone_in_words(self.zone())
    }

    /// The IANA name of the zone, and whether the source states it.
    pub fn zone(&self) -> Option<(&'a str, bool)> {
        let zone = self.schedule?.zone()?;
        Some((zone.rules.iana_name()?, zone.stated))
    }
}

/// A zone, and whether the source states it, in words: `time zone not stated, PT assumed`.
fn zone_in_words(zone: Option<(&str, bool)>) -> String {
    match zone {
        None => "time zone not stated".to_owned(),
        Some((name, true)) => name.to_owned(),
        Some((name, false)) => format!("time zone not stated, {name} assumed"),
    }
}

/// A caution about a holiday that may affect the hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Today is a public holiday, and the hours do not settle what that means.
    HolidayToday,
    /// The next opening or closing is on a public holiday, and the hours do not settle what that means.
    HolidayAtChange,
    /// The hours mention public holidays, and today is assumed to be one of them.
    AssumedHoliday,
    /// Today is a holiday in some states or regions only.
    RegionalHolidayToday(HolidayAreas),
    /// The next opening or closing is on a holiday of some states or regions only.
    RegionalHolidayAtChange(HolidayAreas),
}

/// What the parts of a country are called that have holidays of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolidayAreas {
    /// The states of a federation.
    States,
    /// Provinces, cantons, nations and so on.
    Regions,
}

/// The countries whose parts are called states in English.
const COUNTRIES_WITH_STATES: [&str; 10] = ["US", "AU", "DE", "AT", "BR", "IN", "MX", "MY", "NG", "VE"];

impl Caution {
    /// The caution in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::HolidayToday => "public holiday today: hours may differ",
            Self::HolidayAtChange => "public holiday then: hours may differ",
            Self::AssumedHoliday => "public holiday today: assumed to be observed",
            Self::RegionalHolidayToday(HolidayAreas::States) => "holiday in some states today: hours may differ",
            Self::RegionalHolidayToday(HolidayAreas::Regions) => "holiday in some regions today: hours may differ",
            Self::RegionalHolidayAtChange(HolidayAreas::States) => "holiday in some states then: hours may differ",
            Self::RegionalHolidayAtChange(HolidayAreas::Regions) => "holiday in some regions then: hours may differ",
        }
    }

    /// Whether the listed hours may not hold now, so that the caution comes before the status.
    pub fn is_about_now(self) -> bool {
        matches!(self, Self::HolidayToday | Self::RegionalHolidayToday(_))
    }
}

/// The days and the reason of a closure: `closed 2026-12-24 to 2026-12-26: Office move`
pub fn closure_words(closure: &Closure) -> String {
    let Closure { from, until, reason } = closure;
    let days = if from == until { from.to_string() } else { format!("{from} to {until}") };
    format!("closed {days}: {reason}")
}

/// The names of the days, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `8:00 AM – 5:00 PM`, or `all day`.
fn day_words(hours: &DayHours, dash: &str, clock: Clock) -> String {
    let opening = |(hour, minute)| time_words(hour, minute, clock);
    let closing = |time| match (time, clock) {
        ((0, 0), clock) => midnight_words(clock).to_owned(),
        ((hour, minute), _) => time_words(hour, minute, clock),
    };
    match *hours {
        DayHours::AllDay => "all day".to_owned(),
        DayHours::Between { from, until } => format!("{} {dash} {}", opening(from), closing(until)),
        DayHours::AtLeast { from, until } => format!("{} {dash} {} or later", opening(from), closing(until)),
        DayHours::From(from) => format!("from {} (no closing time listed)", opening(from)),
        DayHours::Unknown { from, until } if from == until => "not certain".to_owned(),
        DayHours::Unknown { from, until } => format!("{} {dash} {} (not certain)", opening(from), closing(until)),
    }
}

/// The end of a day.
fn midnight_words(clock: Clock) -> &'static str {
    match clock {
        Clock::TwelveHour => "midnight",
        Clock::TwentyFourHour => "24:00",
    }
}

/// `5:00 PM` or `17:00`
fn time_words(hour: u32, minute: u32, clock: Clock) -> String {
    match clock {
        Clock::TwelveHour => {
            let half = if hour % 24 < 12 { "AM" } else { "PM" };
            format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
        }
        Clock::TwentyFourHour => format!("{hour:02}:{minute:02}"),
    }
}

/// The time of day of a moment: `5:00 PM` or `17:00`.
pub fn time_of_day(moment: &ZonedDateTime, clock: Clock) -> String {
    time_words(u32::from(moment.hour().unsigned_abs()), u32::from(moment.minute().unsigned_abs()), clock)
}

/// The weekday of a moment: `Mon`.
pub fn weekday(moment: &ZonedDateTime) -> &'static str {
    WEEKDAYS[usize::from(moment.weekday().to_monday_zero_offset().unsigned_abs())]
}

/// The last second of the day that ends at a moment, if one does.
fn before_midnight(when: &ZonedDateTime) -> Option<ZonedDateTime> {
    when.checked_sub(jiff::Span::new().seconds(1)).ok().filter(|_| (when.hour(), when.minute()) == (0, 0))
}

/// A closing as people would say it. What closes at midnight closes on the day before: `midnight PT`.
fn closing_words(when: &ZonedDateTime, now: Timestamp, clock: Clock) -> String {
    match before_midnight(when) {
        Some(before) => in_words(&before, now, clock).replacen(&time_of_day(&before, clock), midnight_words(clock), 1),
        None => in_words(when, now, clock),
    }
}

/// A future moment in its own zone, as people would say it: `5:00 PM PT`, with the weekday if it is not today, and with
/// the date if it is not this week.
fn in_words(when: &ZonedDateTime, now: Timestamp, clock: Clock) -> String {
    let here = now.to_zoned_datetime(when.time_zone().clone());
    let day = match (when.date() == here.date(), when.date().duration_since(here.date()).as_hours() < 7 * 24) {
        (true, _) => String::new(),
        (false, true) => format!("{} ", weekday(when)),
        (false, false) => format!("{} ", when.date()),
    };
    format!("{day}{} {}", time_of_day(when, clock), zone_name(when))
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
            ["Mon–Thu 9:00 AM – 12:00 PM, 1:00 PM – 5:30 PM", "Sat 10:00 AM – midnight"]
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
