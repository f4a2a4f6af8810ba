//! When a contact can be reached: as listed, and whether it is open at a moment.
//!
//! The listed hours are in OpenStreetMap's opening_hours syntax, parsed and evaluated by the `opening-hours` crate in
//! local wall time, which needs no handling of clock changes; jiff converts between moments and local time. Nothing is
//! guessed: no hours are [`Hours::NotListed`] and never "closed", a zone that the source does not state is marked as
//! assumed, a public holiday changes the status only where the hours name holidays, and whatever the hours leave open
//! is a [`Doubt`].

mod calendar;
mod evaluate;
mod holidays;
mod local_time;
mod open_end;
mod parse;
mod propose;
mod season;
mod undone;
mod week;
mod written_date;
mod written_time;

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use opening_hours::localization::Country;
use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::rules::RuleSequence;

use calendar::Calendar;
pub use calendar::{CountryError, parse_country};
pub use parse::{HoursError, HoursWarning};
pub use season::NextSeason;
pub use week::{ClockTime, DatedHours, DayHours};

/// The hours of a contact or option.
#[derive(Clone, Debug, Default)]
pub enum Hours {
    /// The source lists none; never shown as closed. An option then has the hours of the entry above it.
    #[default]
    NotListed,
    /// The source lists none for this entry, though it does for the one above it; never shown as closed.
    NotStated,
    /// The source lists none, but days on which it is closed.
    OnlyClosures(Closures),
    /// The hours that the source lists.
    Listed(Schedule),
}

/// Days on which a contact without listed hours is closed.
#[derive(Clone, Debug)]
pub struct Closures {
    zone: Option<Zone>,
    closures: Arc<[Closure]>,
}

/// Hours that the source lists.
#[derive(Clone, Debug)]
pub struct Schedule {
    listed: Arc<str>,
    /// The listed rules, with open ends marked; see [`open_end`].
    rules: OpeningHours,
    zone: Option<Zone>,
    holidays: Option<Country>,
    closures: Arc<[Closure]>,
    /// Computed on first use: most directories are loaded without their hours ever being evaluated.
    on_holidays: OnceLock<OnHolidays>,
    calendar: SharedCalendar,
}

/// The holidays of a directory's country, which all its hours share: unpacked on first use, which takes a millisecond.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedCalendar(Arc<OnceLock<Calendar>>);

/// What hours say about public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnHolidays {
    /// Nothing is said.
    NotMentioned,
    /// Closed on every one.
    Closed,
    /// Hours of their own.
    Listed,
    /// They say themselves that it is not known (`PH unknown`).
    Unknown,
    /// A rule names them, and a later one says otherwise of at least some, as in `PH off; Mo-Fr 09:00-17:00`.
    Undone,
}

/// A time zone, and whether the source states it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The rules of the zone.
    pub rules: TimeZone,
    /// Whether the source states the zone; otherwise it is the one that the directory assumes.
    pub stated: bool,
}

/// Days on which an organisation is closed whatever the listed hours say, from midnight to midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why, as the directory words it.
    pub reason: Arc<str>,
}

/// Whether an entry is open at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenStatus {
    /// The source lists no hours.
    NotListed,
    /// Hours are listed, but neither the source nor the directory names their zone.
    NoZone,
    /// The hours do not settle it; [`Status::doubt`] says why.
    Uncertain,
    /// Open, and when it closes.
    Open(Change),
    /// Closed, and when it opens.
    Closed(Change),
}

/// When an open entry closes or a closed one opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// At this moment.
    At(ZonedDateTime),
    /// Not before this moment; from then on the hours do not settle it.
    NotBefore(ZonedDateTime),
    /// Not known: no hours are listed.
    NotListed,
    /// Not within a year.
    NotWithinYear,
    /// Never: the hours are the same at every moment.
    Never,
}

impl Change {
    /// The moment, where there is one.
    pub fn moment(&self) -> Option<&ZonedDateTime> {
        match self {
            Self::At(moment) | Self::NotBefore(moment) => Some(moment),
            Self::NotListed | Self::NotWithinYear | Self::Never => None,
        }
    }
}

/// Why a status, or the change that follows it, is not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is a public holiday, and the hours do not settle what that means.
    HolidayNotSettled,
    /// It is a public holiday for which the hours say what it means; that the contact observes it is assumed.
    HolidayAssumed,
    /// It is a holiday in some states or regions of the country only.
    RegionalHoliday,
    /// The hours have an open end, and it is after the opening (`09:00+`) or the stated closing (`09:00-17:00+`).
    OpenEnd,
    /// The hours themselves say that it is not known (`unknown`).
    Unknown,
}

/// Whether an entry is open at a moment, and what puts that in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Open or closed.
    pub open: OpenStatus,
    /// What puts the status in doubt.
    pub doubt: Option<Doubt>,
    /// What puts the next opening or closing in doubt.
    pub change_doubt: Option<Doubt>,
    /// The closure that makes it closed.
    pub closure: Option<Closure>,
}

impl Status {
    fn certain(open: OpenStatus) -> Self {
        Self { open, doubt: None, change_doubt: None, closure: None }
    }

    /// Whether the moment is on a public holiday of the directory's country.
    pub fn is_holiday(&self) -> bool {
        is_public(self.doubt)
    }

    /// Whether the next opening or closing is on a public holiday of the directory's country.
    pub fn is_holiday_at_change(&self) -> bool {
        is_public(self.change_doubt)
    }
}

fn is_public(doubt: Option<Doubt>) -> bool {
    matches!(doubt, Some(Doubt::HolidayNotSettled | Doubt::HolidayAssumed))
}

impl Hours {
    /// Whether the entry is open at a moment.
    pub fn at(&self, moment: Timestamp) -> Status {
        match self {
            Self::NotListed | Self::NotStated => Status::certain(OpenStatus::NotListed),
            Self::OnlyClosures(closures) => closures.at(moment),
            Self::Listed(schedule) => schedule.at(moment),
        }
    }

    /// The days on which the contact is closed whatever the hours say, in order.
    pub fn closures(&self) -> &[Closure] {
        match self {
            Self::NotListed | Self::NotStated => &[],
            Self::OnlyClosures(days) => &days.closures,
            Self::Listed(schedule) => &schedule.closures,
        }
    }

    /// The closures that are not over at a moment, and begin within some days.
    pub fn closures_within(&self, moment: Timestamp, days: u32) -> impl Iterator<Item = &Closure> {
        let zone = match self {
            Self::NotListed | Self::NotStated => None,
            Self::OnlyClosures(closures) => closures.zone.as_ref(),
            Self::Listed(schedule) => schedule.zone.as_ref(),
        };
        let today = date_in(zone, moment);
        let last = today.saturating_add(jiff::Span::new().days(days));
        self.closures().iter().filter(move |closure| closure.until >= today && closure.from <= last)
    }

    /// These hours, with days on which the contact is closed whatever they say. `zone` is that of the days where no
    /// hours are listed.
    #[must_use]
    pub fn with_closures(&self, closures: &[Closure], zone: Option<&Zone>) -> Self {
        let mut closures = closures.to_vec();
        closures.sort_by_key(|closure| closure.from);
        let closures = closures.into();
        match self {
            Self::Listed(schedule) => Self::Listed(Schedule { closures, ..schedule.clone() }),
            _ => Self::OnlyClosures(Closures { zone: zone.cloned(), closures }),
        }
    }

    /// Whether the listed hours are open at every moment.
    pub fn are_around_the_clock(&self) -> bool {
        matches!(self, Self::Listed(schedule) if schedule.is_around_the_clock())
    }
}

impl Closures {
    fn at(&self, moment: Timestamp) -> Status {
        let today = date_in(self.zone.as_ref(), moment);
        let current = self.closures.iter().find(|closure| closure.from <= today && today <= closure.until);
        match current {
            Some(closure) => {
                Status { closure: Some(closure.clone()), ..Status::certain(OpenStatus::Closed(Change::NotListed)) }
            }
            None => Status::certain(OpenStatus::NotListed),
        }
    }
}

/// The day of a moment in a zone.
fn date_in(zone: Option<&Zone>, moment: Timestamp) -> Date {
    moment.to_zoned_datetime(zone.map_or(TimeZone::UTC, |zone| zone.rules.clone())).date()
}

impl Schedule {
    /// Whether they are open at every moment.
    pub fn is_around_the_clock(&self) -> bool {
        let expression = self.rules.get_expression();
        expression.is_constant() && expression.rules.last().is_some_and(|rule| rule.kind == RuleKind::Open)
    }
}

impl Schedule {
    /// Parses hours. `zone` is the zone that they are in; `holidays` is the country whose public holidays `PH` means.
    /// Hours in another notation are accepted where there is only one way to read them (`Mon-Fri 9am-5pm`).
    ///
    /// # Errors
    /// When the hours cannot be read, or use a part of the syntax that cannot be evaluated for a phone line.
    pub fn parse(text: &str, zone: Option<Zone>, holidays: Option<Country>) -> Result<Self, HoursError> {
        let (listed, rules) = parse::rules(text, holidays.is_some())?;
        Ok(Self {
            listed: listed.into(),
            rules,
            zone,
            holidays,
            closures: Arc::default(),
            on_holidays: OnceLock::new(),
            calendar: SharedCalendar::default(),
        })
    }

    /// Shares the holidays of their country with other hours of the directory.
    pub(super) fn share(&mut self, calendar: &SharedCalendar) {
        self.calendar = calendar.clone();
    }

    /// The hours in opening_hours syntax: as the file has them, or rewritten where the file has another notation.
    pub fn listed(&self) -> &str {
        &self.listed
    }

    /// The zone that they are in.
    pub fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// The two-letter code of the country whose public holidays `PH` means.
    pub fn holiday_country(&self) -> Option<&'static str> {
        self.holidays.map(|country| country.iso_code())
    }

    /// What they say about public holidays.
    pub fn on_holidays(&self) -> OnHolidays {
        *self.on_holidays.get_or_init(|| holidays::on_holidays(&self.rules))
    }

    /// What is probably a mistake in the hours, though they can be evaluated.
    pub fn warning(&self) -> Option<HoursWarning> {
        let undone = undone::undone_rules(&self.rules).into_iter();
        let closes_holidays = |rule: &RuleSequence| undone::is_about_holidays(rule) && rule.kind == RuleKind::Closed;
        let other = undone.filter(|rule| !closes_holidays(rule)).map(|rule| rule.to_string().replace("closed", "off"));
        let other = other.map(|rule| HoursWarning::RuleUndone(rule.into())).next();
        other.or((self.on_holidays() == OnHolidays::Undone).then_some(HoursWarning::HolidaysUndone))
    }

    /// The holidays of the directory's country.
    fn calendar(&self) -> Option<&Calendar> {
        let country = self.holidays?;
        Some(self.calendar.0.get_or_init(|| Calendar::new(country)))
    }
}
