//! Whether an entry is open at a moment, until when, and what puts that in doubt.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use jiff::{SignedDuration, Timestamp};
use opening_hours::{DATE_END, DateTimeRange, OpeningHours, RuleKind};

use super::calendar::{Holiday, context};
use super::holidays::depends_on_holidays;
use super::local_time::{naive, naive_date};
use super::open_end::OPEN_END;
use super::{Change, Closure, Doubt, OnHolidays, OpenStatus, Schedule, Status, Zone};

/// The periods of one kind that follow one another before the next opening or closing: the parts that the rules are
/// divided into, and those that closures divide them into. More are not expected.
const MAX_PARTS: usize = 1_000;

/// A part of the rules, or a closure, in local time.
struct Part<'a> {
    kind: RuleKind,
    /// It is not known because of an open end.
    has_open_end: bool,
    /// When it ends; `None` where that is more than a year away.
    until: Option<NaiveDateTime>,
    closure: Option<&'a Closure>,
}

/// A time during which the hours say the same.
struct Period<'a> {
    /// Its first part.
    first: Part<'a>,
    /// When it ends; `None` where that is more than a year away.
    until: Option<Timestamp>,
    /// What follows it.
    then: RuleKind,
    /// What follows it has an open end.
    then_has_open_end: bool,
}

impl Schedule {
    pub(super) fn at(&self, moment: Timestamp) -> Status {
        let Some(zone) = &self.zone else { return Status::certain(OpenStatus::NoZone) };
        // Rules have whole minutes, so nothing changes within a second.
        let now = Timestamp::from_second(moment.as_millisecond().div_euclid(1000)).unwrap_or(moment);
        let today = local(zone, now).date();
        let (here, elsewhere) = self.periods(zone, now);
        let kind = here.first.kind;
        let depends_on_state = elsewhere.as_ref().is_some_and(|elsewhere| elsewhere.first.kind != kind);
        let open = match kind {
            _ if depends_on_state => OpenStatus::Uncertain,
            RuleKind::Open => OpenStatus::Open(self.change(&here, zone)),
            RuleKind::Closed => OpenStatus::Closed(self.change(&here, zone)),
            RuleKind::Unknown => OpenStatus::Uncertain,
        };
        let doubt = match kind {
            _ if here.first.closure.is_some() => None,
            _ if depends_on_state => Some(Doubt::RegionalHoliday),
            RuleKind::Unknown => {
                let unknown = if here.first.has_open_end { Doubt::OpenEnd } else { Doubt::Unknown };
                self.holiday_doubt(today).or(Some(unknown))
            }
            RuleKind::Open | RuleKind::Closed => self.holiday_doubt(today),
        };
        let change_doubt = match &open {
            OpenStatus::Open(change) | OpenStatus::Closed(change) if change.moment().is_some() => {
                self.change_doubt(&here, elsewhere.as_ref(), zone)
            }
            _ => None,
        };
        Status { open, doubt, change_doubt, closure: here.first.closure.cloned() }
    }

    /// The period of a moment where only the holidays of the whole country are holidays, and, for hours that depend on
    /// holidays, the one where those of some states are holidays as well.
    fn periods(&self, zone: &Zone, now: Timestamp) -> (Period<'_>, Option<Period<'_>>) {
        // The calendar takes time to unpack, and most hours do not need it here.
        let calendar = if depends_on_holidays(&self.rules) { self.calendar() } else { None };
        let period = |context| self.period(&self.rules.clone().with_context(context), zone, now);
        match calendar {
            None => (period(context(std::sync::Arc::default())), None),
            Some(calendar) => (period(calendar.public()), Some(period(calendar.anywhere()))),
        }
    }

    /// The period of a moment. The change is looked for in instants: where the clock jumps, the rules may say something
    /// else from that instant on, and what they say of a skipped time never happens.
    fn period(&self, rules: &OpeningHours, zone: &Zone, now: Timestamp) -> Period<'_> {
        let first = self.part(rules, local(zone, now));
        let (mut at, mut until) = (now, first.until);
        for _ in 0..MAX_PARTS {
            let Some(end) = until.and_then(|until| reached(zone, at, until)) else { break };
            let next = self.part(rules, local(zone, end));
            if next.kind != first.kind {
                return Period { until: Some(end), then: next.kind, then_has_open_end: next.has_open_end, first };
            }
            (at, until) = (end, next.until);
        }
        // Nothing else follows within a year.
        Period { until: None, then: first.kind, then_has_open_end: false, first }
    }

    /// The closure or part of the rules that a moment is in. Rules that say the same one after the other can have
    /// several parts.
    fn part(&self, rules: &OpeningHours, now: NaiveDateTime) -> Part<'_> {
        let begins = |closure: &Closure| end_of_night(rules, naive_date(closure.from).and_time(NaiveTime::MIN));
        let ends = |closure: &Closure| end_of_night(rules, midnight_after(naive_date(closure.until)));
        let current = self.closures.iter().find(|closure| begins(closure) <= now && now < ends(closure));
        if let Some(closure) = current {
            let (until, closure) = (Some(ends(closure)), Some(closure));
            return Part { kind: RuleKind::Closed, has_open_end: false, until, closure };
        }
        let skipped = years_skipped(now);
        let Some(range) = now.checked_add_signed(skipped).and_then(|later| rules.iter_from(later).next()) else {
            return Part { kind: RuleKind::Closed, has_open_end: false, until: None, closure: None };
        };
        let next_closure = self.closures.iter().map(begins).filter(|begins| *begins > now).min();
        let end = Some(range.range.end).filter(|end| *end < DATE_END).and_then(|end| end.checked_sub_signed(skipped));
        Part {
            kind: range.kind,
            has_open_end: &*range.comment == OPEN_END,
            until: end.filter(|end| *end > now).into_iter().chain(next_closure).min(),
            closure: None,
        }
    }

    fn change(&self, period: &Period<'_>, zone: &Zone) -> Change {
        // Only the closing of an open end is not known, not its opening.
        let is_opening = period.first.kind == RuleKind::Closed && period.then_has_open_end;
        match period.until.map(|until| until.to_zoned_datetime(zone.rules.clone())) {
            Some(moment) if period.then == RuleKind::Unknown && !is_opening => Change::NotBefore(moment),
            Some(moment) => Change::At(moment),
            None if self.rules.get_expression().is_constant() && self.closures.is_empty() => Change::Never,
            None => Change::NotWithinYear,
        }
    }

    /// What a holiday puts in doubt on a day. Where hours say what holidays mean, those of some states are left to the
    /// comparison of both evaluations: on many of them the hours are the same.
    fn holiday_doubt(&self, date: NaiveDate) -> Option<Doubt> {
        match (self.calendar()?.holiday(date)?, self.on_holidays()) {
            (Holiday::Everywhere, OnHolidays::Closed | OnHolidays::Listed) => Some(Doubt::HolidayAssumed),
            (Holiday::Everywhere, OnHolidays::NotMentioned | OnHolidays::Unknown | OnHolidays::Undone) => {
                Some(Doubt::HolidayNotSettled)
            }
            (Holiday::InSomeStates, OnHolidays::NotMentioned) => Some(Doubt::RegionalHoliday),
            (Holiday::InSomeStates, _) => None,
        }
    }

    fn change_doubt(&self, here: &Period<'_>, elsewhere: Option<&Period<'_>>, zone: &Zone) -> Option<Doubt> {
        if elsewhere.is_some_and(|elsewhere| (elsewhere.until, elsewhere.then) != (here.until, here.then)) {
            return Some(Doubt::RegionalHoliday);
        }
        // What closes at midnight closes on the day before.
        let second = SignedDuration::from_secs(i64::from(here.first.kind == RuleKind::Open));
        self.holiday_doubt(local(zone, here.until?.checked_sub(second).ok()?).date())
    }
}

/// The local time of a moment.
fn local(zone: &Zone, moment: Timestamp) -> NaiveDateTime {
    naive(zone.rules.to_datetime(moment))
}

/// The moment at which the clock shows a later local time, or at which it jumps before that.
fn reached(zone: &Zone, now: Timestamp, until: NaiveDateTime) -> Option<Timestamp> {
    let left = SignedDuration::from_secs((until - local(zone, now)).num_seconds());
    let without_jump = now.checked_add(left).ok()?;
    let jump = zone.rules.following(now).next().map(|transition| transition.timestamp());
    Some(jump.map_or(without_jump, |jump| jump.min(without_jump)))
}

/// How much later the rules have to be evaluated: they know no time before 1900. The calendar repeats after 400 years.
fn years_skipped(now: NaiveDateTime) -> TimeDelta {
    const FIRST_YEAR: i32 = 1900;
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let cycles = (FIRST_YEAR - now.year() + 399).max(0) / 400;
    TimeDelta::days(i64::from(cycles) * DAYS_OF_400_YEARS)
}

/// When the period that goes past a midnight ends, else the midnight. A closure removes the periods that begin on its
/// days: the night shift before it ends in the morning, and the one on its last day does not begin at all.
fn end_of_night(rules: &OpeningHours, midnight: NaiveDateTime) -> NaiveDateTime {
    let day = TimeDelta::days(1);
    let Some((before, after)) = midnight.checked_sub_signed(day).zip(midnight.checked_add_signed(day)) else {
        return midnight;
    };
    let goes_past = |range: &DateTimeRange| {
        let (start, end) = (range.range.start, range.range.end);
        range.kind != RuleKind::Closed && before < start && start < midnight && midnight < end && end < after
    };
    rules.iter_range(before, after).find(goes_past).map_or(midnight, |range| range.range.end)
}

fn midnight_after(date: NaiveDate) -> NaiveDateTime {
    date.succ_opt().unwrap_or(date).and_time(NaiveTime::MIN)
}
