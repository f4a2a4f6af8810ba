//! Open ends: hours with an opening and no certain closing.
//!
//! The crate parses `09:00+` and `09:00-17:00+` and then evaluates them as `09:00-24:00` and `09:00-17:00`. So each
//! open end becomes a rule of its own, marked by a comment, which listed hours may not have. The syntax states no
//! closing for `09:00+`, not even an earliest one, so whether anyone answers after 09:00 is not known, nor is it after
//! 17:00 for
//! `09:00-17:00+`. opening_hours.js says the same.

use opening_hours_syntax::ExtendedTime;
use opening_hours_syntax::rules::day::{DaySelector, WeekDayRange, Weekday};
use opening_hours_syntax::rules::time::{Time, TimeSelector, TimeSpan};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleOperator, RuleSequence};

/// The comment that marks the period of an open end.
pub(super) const OPEN_END: &str = "open end";

/// The rules with each open end as a rule of its own.
pub(super) fn mark_open_ends(rules: &OpeningHoursExpression) -> OpeningHoursExpression {
    OpeningHoursExpression { rules: rules.rules.iter().flat_map(mark).collect() }
}

fn mark(rule: &RuleSequence) -> Vec<RuleSequence> {
    // What is closed, or not known, from a time on is so until midnight.
    if rule.kind != RuleKind::Open {
        return vec![rule.clone()];
    }
    let (mut stated, mut afterwards) = (Vec::new(), Vec::new());
    for span in &rule.time_selector.spans {
        let (Time::Fixed(start), Time::Fixed(end), true) = (span.range.start, span.range.end, span.open_end) else {
            stated.push(span.clone());
            continue;
        };
        let latest = if end == ExtendedTime::MIDNIGHT_24 {
            latest_end(start)
        } else {
            // Hours past midnight are written either way: 22:00-02:00 and 22:00-26:00.
            let end = if end <= start { end.add_hours(24).unwrap_or(ExtendedTime::MIDNIGHT_48) } else { end };
            stated.push(TimeSpan::fixed_range(start, end));
            latest_end(end)
        };
        // It begins with the hours themselves, which take precedence: the syntax has no times that begin after
        // midnight.
        afterwards.push(TimeSpan::fixed_range(start, latest));
    }
    // Later rules take precedence, so what is stated for a day is not put in doubt by the night before it.
    let parts = [(afterwards, RuleKind::Unknown, OPEN_END), (stated, rule.kind, "")];
    let parts = parts.into_iter().filter(|(spans, ..)| !spans.is_empty()).enumerate();
    let rules = parts.map(|(index, (spans, kind, comment))| RuleSequence {
        day_selector: if index == 0 { rule.day_selector.clone() } else { written_days(&rule.day_selector) },
        time_selector: TimeSelector::new(spans),
        kind,
        operator: if index == 0 { rule.operator } else { RuleOperator::Additional },
        comment: comment.into(),
    });
    rules.collect()
}

/// The latest hour at which what began at a time, or was to end then, may end. opening_hours.js assumes the same; here
/// it only bounds the doubt and is never shown as a closing time.
fn latest_end(time: ExtendedTime) -> ExtendedTime {
    let hours = match time.hour() {
        22.. => 8,
        17.. => 10,
        _ => return ExtendedTime::MIDNIGHT_24,
    };
    time.add_hours(hours).unwrap_or(ExtendedTime::MIDNIGHT_48)
}

/// The days of a rule after a comma, where no days are written as `Mo-Su`.
pub(super) fn written_days(days: &DaySelector) -> DaySelector {
    let every_day = WeekDayRange::Fixed {
        range: Weekday::Mon..=Weekday::Sun,
        offset: 0,
        nth_from_start: [true; 5],
        nth_from_end: [true; 5],
    };
    if days.is_empty() { DaySelector { weekday: vec![every_day], ..DaySelector::default() } } else { days.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_end_becomes_a_rule_of_its_own() {
        for (text, marked) in [
            ("Mo-Fr 09:00+", "Mo-Fr 09:00-24:00 unknown \"open end\""),
            ("Mo-Fr 09:00-17:00+", "Mo-Fr 09:00-27:00 unknown \"open end\", Mo-Fr 09:00-17:00"),
            (
                "Mo-Fr 08:00-12:00,19:00+; PH off",
                "Mo-Fr 19:00-29:00 unknown \"open end\", Mo-Fr 08:00-12:00; PH closed",
            ),
            ("09:00-17:00+", "09:00-27:00 unknown \"open end\", Mo-Su 09:00-17:00"),
        ] {
            let rules = mark_open_ends(&opening_hours_syntax::parse(text).unwrap());
            assert_eq!(rules.to_string(), marked);
            assert_eq!(opening_hours_syntax::parse(marked).unwrap(), rules, "{text}");
        }
    }
}
