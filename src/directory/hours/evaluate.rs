//! Whether an entry is open at a moment, until when, and what puts that in doubt.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use jiff::Timestamp;
use opening_hours::{DATE_END, DateTimeRange, OpeningHours, RuleKind};

use super::calendar::{Holiday, context};
use super::holidays::depends_on_holidays;
use super::local_time::{naive, naive_date, zoned};
use super::open_end::OPEN_END;
use super::{Change, Closure, Doubt, OnHolidays, OpenStatus, Schedule, Status, Zone};

/// The periods of one kind that follow one another before the next opening or closing: the parts that the rules are
/// divided into, and those that closures divide them into. More are not expected.
const MAX_PARTS: usize = 1_000;

/// A time during which the hours say the same.
#[derive(Clone)]
struct Period<'a> {
    kind: RuleKind,
    /// It is not known because of an open end.
    has_open_end: bool,
    /// When it ends; `None` where that is more than a year away.
    until: Option<NaiveDateTime>,
    /// What follows it.
    then: RuleKind,
    /// What follows it has an open end.
    then_has_open_end: bool,
    closure: Option<&'a Closure>,
}

impl Period<'_> {
    /// A period without an end.
    fn new(kind: RuleKind) -> Self {
        Self { kind, has_open_end: false, until: None, then: kind, then_has_open_end: false, closure: None }
    }
}

impl Schedule {
    pub(super) fn at(&self, moment: Timestamp) -> Status {
        let Some(zone) = &self.zone else { return Status::certain(OpenStatus::NoZone) };
        let now = naive(zone.rules.to_datetime(moment));
        let (here, elsewhere) = self.periods(now);
        let depends_on_state = elsewhere.as_ref().is_some_and(|elsewhere| elsewhere.kind != here.kind);
        let open = match here.kind {
            _ if depends_on_state => OpenStatus::Uncertain,
            RuleKind::Open => OpenStatus::Open(self.change(&here, zone, moment)),
            RuleKind::Closed => OpenStatus::Closed(self.change(&here, zone, moment)),
            RuleKind::Unknown => OpenStatus::Uncertain,
        };
        let doubt = match here.kind {
            _ if here.closure.is_some() => None,
            _ if depends_on_state => Some(Doubt::RegionalHoliday),
            RuleKind::Unknown => {
                let unknown = if here.has_open_end { Doubt::OpenEnd } else { Doubt::Unknown };
                self.holiday_doubt(now.date()).or(Some(unknown))
            }
            RuleKind::Open | RuleKind::Closed => self.holiday_doubt(now.date()),
        };
        let change_doubt = match &open {
            OpenStatus::Open(change) | OpenStatus::Closed(change) if change.moment().is_some() => {
                self.change_doubt(&here, elsewhere.as_ref())
            }
            _ => None,
        };
        Status { open, doubt, change_doubt, closure: here.closure.cloned() }
    }

    /// The period of a moment where only the holidays of the whole country are holidays, and, for hours that depend on
    /// holidays, the one where those of some states are holidays as well.
    fn periods(&self, now: NaiveDateTime) -> (Period<'_>, Option<Period<'_>>) {
        // The calendar takes time to unpack, and most hours do not need it here.
        let calendar = if depends_on_holidays(&self.rules) { self.calendar() } else { None };
        let period = |context| self.period(&self.rules.clone().with_context(context), now);
        match calendar {
            None => (period(context(std::sync::Arc::default())), None),
            Some(calendar) => (period(calendar.public()), Some(period(calendar.anywhere()))),
        }
    }

    fn period(&self, rules: &OpeningHours, now: NaiveDateTime) -> Period<'_> {
        let first = self.part(rules, now);
        let mut period = first.clone();
        for _ in 0..MAX_PARTS {
            let Some(until) = period.until else { break };
            let next = self.part(rules, until);
            if next.kind != first.kind {
                let then_has_open_end = next.has_open_end;
                return Period { then: next.kind, then_has_open_end, closure: first.closure, ..period };
            }
            period = next;
        }
        // Nothing else follows within a year.
        Period { until: None, closure: first.closure, ..period }
    }

    /// The closure or part of the rules that a moment is in. Rules that say the same one after the other can have
    /// several parts.
    fn part(&self, rules: &OpeningHours, now: NaiveDateTime) -> Period<'_> {
        let begins = |closure: &Closure| end_of_night(rules, naive_date(closure.from).and_time(NaiveTime::MIN));
        let ends = |closure: &Closure| end_of_night(rules, midnight_after(naive_date(closure.until)));
        let current = self.closures.iter().find(|closure| begins(closure) <= now && now < ends(closure));
        if let Some(closure) = current {
            let (kind, until) = (RuleKind::Closed, Some(ends(closure)));
            return Period { until, closure: Some(closure), ..Period::new(kind) };
        }
        let Some(range) = rules.iter_from(now).next() else {
            return Period::new(RuleKind::Closed);
        };
        let next_closure = self.closures.iter().map(begins).filter(|begins| *begins > now).min();
        let until = Some(range.range.end).filter(|end| *end < DATE_END && *end > now);
        Period {
            has_open_end: &*range.comment == OPEN_END,
            until: until.into_iter().chain(next_closure).min(),
            ..Period::new(range.kind)
        }
    }

    fn change(&self, period: &Period<'_>, zone: &Zone, now: Timestamp) -> Change {
        // Only the closing of an open end is not known, not its opening.
        let is_opening = period.kind == RuleKind::Closed && period.then_has_open_end;
        match period.until.and_then(|until| zoned(until, &zone.rules, now)) {
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

    fn change_doubt(&self, here: &Period<'_>, elsewhere: Option<&Period<'_>>) -> Option<Doubt> {
        if elsewhere.is_some_and(|elsewhere| (elsewhere.until, elsewhere.then) != (here.until, here.then)) {
            return Some(Doubt::RegionalHoliday);
        }
        // What closes at midnight closes on the day before.
        let second = TimeDelta::try_seconds(i64::from(here.kind == RuleKind::Open)).unwrap_or_default();
        self.holiday_doubt(here.until?.checked_sub_signed(second)?.date())
    }
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
