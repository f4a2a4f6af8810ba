//! Seasons: hours that are other ones in other months.

use chrono::{Datelike, Days, NaiveDate};
use jiff::Timestamp;
use jiff::civil::Date;
use opening_hours::OpeningHours;
use opening_hours_syntax::rules::day::{Date as RuleDate, DateOffset, DaySelector, MonthdayRange};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleOperator, RuleSequence};

use super::Schedule;
use super::local_time::civil_date;
use super::open_end::written_days;
use super::parse::evaluated;
use super::undone::is_weekly;
use super::week::DayHours;

/// What is shorter is a special day or a few, not a season.
const MIN_SEASON_DAYS: usize = 7;

/// The hours of the season after the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSeason {
    /// Its first day.
    pub begins: Date,
    /// Its hours of each weekday, Monday first, ignoring public holidays, closures and dated exceptions.
    pub week: [Vec<DayHours>; 7],
}

impl Schedule {
    /// The next season within a year, for hours that have seasons.
    pub fn next_season(&self, moment: Timestamp) -> Option<NextSeason> {
        let expression = self.rules.get_expression();
        let seasonal: Vec<&RuleSequence> = expression.rules.iter().filter(|rule| is_seasonal(rule)).collect();
        if seasonal.is_empty() {
            return None;
        }
        let today = self.local_date(moment);
        let in_force = |date: NaiveDate| -> Vec<bool> {
            seasonal.iter().map(|rule| is_in_season(&rule.day_selector, date)).collect()
        };
        let now = in_force(today);
        let dates = (1..=366).filter_map(|days| today.checked_add_days(Days::new(days)));
        let begins = dates.into_iter().find(|date| in_force(*date) != now)?;
        Some(NextSeason { begins: civil_date(begins)?, week: self.standing_week(begins) })
    }
}

impl Schedule {
    /// The rules that are the same in every week of the season that a date is in, without those for some dates only.
    pub(super) fn standing(&self, date: NaiveDate) -> OpeningHours {
        let rules = &self.rules.get_expression().rules;
        if rules.iter().all(|rule| is_weekly(&rule.day_selector)) {
            return self.rules.clone();
        }
        let is_in_force = |rule: &&RuleSequence| {
            is_weekly(&rule.day_selector) || is_weekly_in_season(rule) && is_in_season(&rule.day_selector, date)
        };
        let rules = rules.iter().filter(is_in_force).enumerate().map(|(index, rule)| RuleSequence {
            day_selector: written_days(&undated(rule)),
            operator: if index == 0 { RuleOperator::Normal } else { rule.operator },
            ..rule.clone()
        });
        evaluated(&OpeningHoursExpression { rules: rules.collect() }).unwrap_or_else(|| self.rules.clone())
    }

    /// Whether there are rules for some dates only.
    pub(super) fn has_dated_rules(&self) -> bool {
        let is_standing = |rule: &RuleSequence| is_weekly(&rule.day_selector) || is_weekly_in_season(rule);
        !self.rules.get_expression().rules.iter().all(is_standing)
    }
}

/// Whether a rule is the same in every week of a season.
fn is_weekly_in_season(rule: &RuleSequence) -> bool {
    is_seasonal(rule) && is_weekly(&undated(rule))
}

/// The weekdays and weeks of a rule, in every year and month.
fn undated(rule: &RuleSequence) -> DaySelector {
    DaySelector { year: Vec::new(), monthday: Vec::new(), ..rule.day_selector.clone() }
}

/// Whether a rule opens in some years or months, or from one date to another, of the year.
fn is_seasonal(rule: &RuleSequence) -> bool {
    let ranges = &rule.day_selector.monthday;
    if rule.kind == RuleKind::Closed || ranges.is_empty() {
        return rule.kind != RuleKind::Closed && !rule.day_selector.year.is_empty();
    }
    let leap_year = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default().iter_days().take(366);
    leap_year.filter(|date| ranges.iter().any(|range| contains(range, *date))).count() >= MIN_SEASON_DAYS
}

fn is_in_season(days: &DaySelector, date: NaiveDate) -> bool {
    let is_in_year = days.year.iter().any(|range| {
        let (years, step) = range.clone().into_parts();
        (**years.start()..=**years.end()).contains(&date.year())
            && (date.year() - **years.start()) % i32::from(step.max(1)) == 0
    });
    (days.year.is_empty() || is_in_year)
        && (days.monthday.is_empty() || days.monthday.iter().any(|range| contains(range, date)))
}

/// Whether a range of every year contains a date. Ranges of one year, and those that are counted from Easter or from a
/// weekday, are not seasons.
fn contains(range: &MonthdayRange, date: NaiveDate) -> bool {
    let (from, until) = match range {
        MonthdayRange::Month { range, year: None } => ((u32::from(*range.start()), 1), (u32::from(*range.end()), 31)),
        MonthdayRange::Date { start: (start, first), end: (end, last) }
            if [first, last].iter().all(|offset| **offset == DateOffset::default()) =>
        {
            match (start, end) {
                (
                    RuleDate::Fixed { year: None, month: from, day: first },
                    RuleDate::Fixed { year: None, month: until, day: last },
                ) => ((u32::from(*from), u32::from(*first)), (u32::from(*until), u32::from(*last))),
                _ => return false,
            }
        }
        MonthdayRange::Month { .. } | MonthdayRange::Date { .. } => return false,
    };
    let day = (date.month(), date.day());
    // A range such as Nov-Mar goes over the turn of the year.
    if from <= until { from <= day && day <= until } else { from <= day || day <= until }
}
