//! Rules that later ones undo, as in `We off; Mo-Fr 09:00-17:00`: probably a mistake.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::rules::day::{Date, DaySelector, HolidayKind, MonthdayRange, WeekDayRange};
use opening_hours_syntax::rules::time::TimeSelector;
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleOperator, RuleSequence};

use super::calendar::context;
use super::open_end::OPEN_END;
use super::parse::evaluated;

/// A leap year, so that every date is tried. Rules for one year only are tried in that year.
const ANY_YEAR: i32 = 2024;

/// The rules that change nothing, because later ones say otherwise on every day that they name. Of a rule about public
/// holidays only, one day is enough: a holiday can be on any day.
pub(super) fn undone_rules(hours: &OpeningHours) -> Vec<RuleSequence> {
    let expression = hours.get_expression();
    let rules = &expression.rules;
    let candidates = 0..rules.len().saturating_sub(1);
    candidates.filter(|index| is_undone(hours, rules, *index)).map(|index| rules[index].clone()).collect()
}

/// Whether a rule is about public holidays and no other days.
pub(super) fn is_about_holidays(rule: &RuleSequence) -> bool {
    let is_holiday = |day: &WeekDayRange| matches!(day, WeekDayRange::Holiday { kind: HolidayKind::Public, offset: 0 });
    !rule.day_selector.weekday.is_empty() && rule.day_selector.weekday.iter().all(is_holiday)
}

/// Whether a rule is the same in every week: it names no dates, and no `Mo[1]`.
pub(super) fn is_weekly(days: &DaySelector) -> bool {
    let is_plain = |day: &WeekDayRange| match day {
        WeekDayRange::Fixed { nth_from_start, nth_from_end, .. } => {
            nth_from_start.iter().chain(nth_from_end).all(|nth| *nth)
        }
        WeekDayRange::Holiday { .. } => true,
    };
    days.year.is_empty() && days.monthday.is_empty() && days.week.is_empty() && days.weekday.iter().all(is_plain)
}

fn is_undone(hours: &OpeningHours, rules: &[RuleSequence], index: usize) -> bool {
    let rule = &rules[index];
    // The time after an open end is a rule of its own, which the stated hours belong to.
    if &*rule.comment == OPEN_END {
        return false;
    }
    let named = RuleSequence {
        kind: RuleKind::Open,
        operator: RuleOperator::Normal,
        time_selector: TimeSelector::default(),
        ..rule.clone()
    };
    let others = [&rules[..index], &rules[index + 1..]].concat();
    let (Some(named), Some(until_then), Some(without)) =
        (hours_of(vec![named]), hours_of(rules[..=index].to_vec()), hours_of(others))
    else {
        return false;
    };
    let of_holidays = is_about_holidays(rule);
    let mut days = days_to_try(rules, rule).filter(|day| !on(&named, *day, of_holidays).is_empty()).map(|day| {
        let [full, until_then, without] = [hours, &until_then, &without].map(|hours| on(hours, day, of_holidays));
        full != until_then && full == without
    });
    if of_holidays {
        days.any(|is_undone| is_undone)
    } else {
        days.next() == Some(true) && days.all(|is_undone| is_undone)
    }
}

/// A week where all rules are the same in every week, else a year.
fn days_to_try(rules: &[RuleSequence], rule: &RuleSequence) -> impl Iterator<Item = NaiveDate> {
    let years = rule.day_selector.year.iter().map(|years| **years.clone().into_parts().0.start());
    let dates = rule.day_selector.monthday.iter().filter_map(|range| match range {
        MonthdayRange::Date { start: (Date::Fixed { year, .. }, _), .. } => *year,
        _ => None,
    });
    let year = years.chain(dates.map(|year| *year)).min().unwrap_or(ANY_YEAR);
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let count = if rules.iter().all(|rule| is_weekly(&rule.day_selector)) { 7 } else { 366 };
    first.iter_days().take(count).filter(move |day| day.year() == year)
}

/// What hours say on a day, which is a public holiday or not.
fn on(hours: &OpeningHours, day: NaiveDate, is_holiday: bool) -> Vec<String> {
    let holidays = context(Arc::new(is_holiday.then_some(day).into_iter().collect()));
    let parts = hours.clone().with_context(holidays).schedule_at(day).into_iter();
    parts.filter(|part| part.kind != RuleKind::Closed).map(|part| format!("{:?} {:?}", part.range, part.kind)).collect()
}

fn hours_of(mut rules: Vec<RuleSequence>) -> Option<OpeningHours> {
    if let Some(first) = rules.first_mut() {
        first.operator = RuleOperator::Normal;
    }
    evaluated(&OpeningHoursExpression { rules })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_later_ones_undo() {
        for (text, undone) in [
            ("We off; Mo-Fr 09:00-17:00", "We closed"),
            ("Sa off; Mo-Su 09:00-17:00", "Sa closed"),
            ("Mo-Fr 09:00-17:00; Mo-Su 10:00-12:00", "Mo-Fr 09:00-17:00"),
            ("PH 10:00-12:00; Mo-Fr 09:00-17:00", "PH 10:00-12:00"),
            ("PH unknown; Mo-Fr 09:00-17:00", "PH unknown"),
            ("Dec 25 off; Mo-Su 09:00-17:00", "Dec 25 closed"),
            ("Mo-Fr 09:00-17:00; We off", ""),
            ("Mo-Fr 09:00-17:00; Mo-Fr 12:00-13:00 off", ""),
            ("Mo-Fr 09:00-12:00, Mo-Fr 13:00-17:00", ""),
            ("Sa off; Mo-Fr 09:00-17:00", ""),
            ("Mo-Fr,PH 09:00-17:00; Sa 10:00-14:00", ""),
            ("Mo-Fr 09:00-17:00; PH 10:00-12:00", ""),
            ("Mo-Fr 09:00-17:00; Oct 15-Dec 7 Mo-Su 08:00-20:00; PH off", ""),
        ] {
            let rules = undone_rules(&text.parse().unwrap());
            assert_eq!(rules.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "), undone, "{text}");
        }
    }
}
