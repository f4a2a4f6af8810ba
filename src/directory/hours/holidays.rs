//! What hours mean on a public holiday, asked of the evaluation itself, so that the card cannot contradict the status.

use std::sync::Arc;

use chrono::NaiveDate;
use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::rules::RuleSequence;
use opening_hours_syntax::rules::day::{HolidayKind, WeekDayRange};
use opening_hours_syntax::rules::time::TimeSelector;

use super::OnHolidays;
use super::calendar::context;
use super::undone::{is_about_holidays, is_weekly, undone_rules};

/// A leap year, so that every date is tried. Rules for one year only begin in that year.
const ANY_YEAR: i32 = 2024;

/// What hours mean on public holidays.
pub(super) fn on_holidays(hours: &OpeningHours) -> OnHolidays {
    let rules = &hours.get_expression().rules;
    let named: Vec<&RuleSequence> = rules.iter().filter(|rule| names_holidays(rule)).collect();
    let closes = |rule: &&RuleSequence| rule.kind == RuleKind::Closed && rule.time_selector == TimeSelector::default();
    if named.is_empty() {
        OnHolidays::NotMentioned
    } else if !named.iter().all(closes) && undone_rules(hours).iter().any(is_about_holidays) {
        OnHolidays::Undone
    } else if named.iter().all(|rule| rule.kind == RuleKind::Unknown) {
        OnHolidays::Unknown
    } else if !named.iter().all(closes) {
        OnHolidays::Listed
    } else if is_ever_open_on_a_holiday(hours) {
        OnHolidays::Undone
    } else {
        OnHolidays::Closed
    }
}

/// Whether the hours depend on what days are public holidays; those with `PH +1 day` do without being about them.
pub(super) fn depends_on_holidays(hours: &OpeningHours) -> bool {
    let is_holiday = |day: &WeekDayRange| matches!(day, WeekDayRange::Holiday { kind: HolidayKind::Public, .. });
    hours.get_expression().rules.iter().any(|rule| rule.day_selector.weekday.iter().any(is_holiday))
}

/// Whether a rule is about public holidays. `PH +1 day` is about the day after one.
fn names_holidays(rule: &RuleSequence) -> bool {
    let is_holiday = |day: &WeekDayRange| matches!(day, WeekDayRange::Holiday { kind: HolidayKind::Public, offset: 0 });
    rule.day_selector.weekday.iter().any(is_holiday)
}

/// Makes each day the only holiday in turn. Hours without seasons are the same in every week.
fn is_ever_open_on_a_holiday(hours: &OpeningHours) -> bool {
    let rules = &hours.get_expression().rules;
    let years =
        rules.iter().flat_map(|rule| &rule.day_selector.year).map(|years| **years.clone().into_parts().0.start());
    let is_same_every_week = rules.iter().all(|rule| is_weekly(&rule.day_selector));
    let first = NaiveDate::from_ymd_opt(years.min().unwrap_or(ANY_YEAR), 1, 1).unwrap_or_default();
    let mut days = first.iter_days().take(if is_same_every_week { 7 } else { 366 });
    days.any(|day| {
        let only_holiday = context(Arc::new(std::iter::once(day).collect()));
        let parts = hours.clone().with_context(only_holiday).schedule_at(day).into_iter();
        parts.filter(|part| part.kind != RuleKind::Closed).count() > 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hours_mean_on_holidays_is_read_from_the_rules() {
        for (text, expected) in [
            ("Mo-Fr 09:00-17:00", OnHolidays::NotMentioned),
            ("Mo-Fr 09:00-17:00; PH +1 day off", OnHolidays::NotMentioned),
            ("Mo-Fr 09:00-17:00; PH off", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00; PH,Su off", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00; PH Off", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00; PH OFF", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00; PH 00:00-24:00 off", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00, PH off", OnHolidays::Closed),
            ("PH off; Mo-Fr 09:00-17:00; PH off", OnHolidays::Closed),
            ("24/7; PH closed", OnHolidays::Closed),
            ("Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00; PH off", OnHolidays::Closed),
            ("Mo-Fr 09:00-17:00; PH 10:00-12:00", OnHolidays::Listed),
            ("Mo-Fr,PH 09:00-17:00", OnHolidays::Listed),
            ("Mo-Fr 09:00-17:00; PH 09:00-12:00 off", OnHolidays::Listed),
            ("Mo-Fr 09:00-17:00; PH unknown", OnHolidays::Unknown),
            ("PH off; Mo-Fr 09:00-17:00", OnHolidays::Undone),
            ("PH 10:00-12:00; Mo-Fr 09:00-17:00", OnHolidays::Undone),
            ("PH unknown; Mo-Fr 09:00-17:00", OnHolidays::Undone),
            ("Mo-Fr 09:00-17:00; PH off; Dec 10:00-12:00", OnHolidays::Undone),
            ("Mo-Fr 09:00-17:00; PH off; Sa 10:00-12:00", OnHolidays::Undone),
        ] {
            assert_eq!(on_holidays(&text.parse().unwrap()), expected, "{text}");
        }
    }
}
