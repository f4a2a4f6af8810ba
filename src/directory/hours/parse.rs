//! Parses hours, and rejects those that cannot be evaluated for a phone line or that the parser reads otherwise than
//! people do.

use opening_hours::OpeningHours;
use opening_hours_syntax::rules::day::{HolidayKind, MonthdayRange, WeekDayRange};
use opening_hours_syntax::rules::time::{Time, TimeSelector};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleOperator, RuleSequence};

use super::open_end::mark_open_ends;
use super::propose::propose;
use super::written_date::with_dates_rewritten;
use super::written_time::has_doubtful_closing;

/// Why hours are rejected. The message continues a sentence that starts with the hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A comment in quotes.
    #[error("contain a comment in quotes; put it in `notes`")]
    Comment,
    /// A time that depends on the sun.
    #[error("name {0}, which depends on a place; write a time")]
    SolarEvent(&'static str),
    /// A repetition such as `10:00-16:00/90`.
    #[error("contain a /, which repeats times and does not say when the line is staffed; write the hours")]
    Repetition,
    /// School holidays.
    #[error("name school holidays (SH), which are not supported; leave them out")]
    SchoolHolidays,
    /// Public holidays of no country.
    #[error("name public holidays (PH), but the directory has no `holidays` to say of which country")]
    NoHolidayCountry,
    /// A rule for the case that no other one applies.
    #[error("contain ||, which is not supported; write the days and times of each rule")]
    Fallback,
    /// `2026Apr-Oct`, which is evaluated as April only.
    #[error("name a year and a month without a space between them; write one such as `2026 Apr-Oct`")]
    YearAndMonth,
    /// `Mo-Fr, PH 09:00-17:00`, which is around the clock from Monday to Friday.
    #[error("have days without times beside a comma, which means all day{}", suggestion(.0))]
    DaysWithoutTimes(Option<String>),
    /// `PH Mo-Fr`, which is evaluated as `PH,Mo-Fr`.
    #[error("name holidays and weekdays without a comma between them; write `PH,Mo-Fr` for both")]
    HolidaysAndWeekdays,
    /// An open end beside a part of the syntax with which it cannot be evaluated.
    #[error("have an open end (+) beside days that are counted from others; leave one of them out")]
    OpenEnd,
    /// A closing such as `5:00` after `09:00`, which the parser takes for the morning.
    #[error("close at an hour that may be in the morning or in the afternoon{}", suggestion(.0))]
    DoubtfulClosing(Option<String>),
    /// Hours in another notation with a time zone, such as `9-5 EST`, and what may be meant.
    #[error("name a time zone, which belongs in `zone`; did you mean \"{0}\"?")]
    Zone(String),
    /// Anything else, and what may be meant.
    #[error("are not in opening_hours syntax{}", suggestion(.0))]
    Syntax(Option<String>),
}

impl HoursError {
    /// Whether version 1 of the data format accepted such hours.
    pub fn is_new(&self) -> bool {
        match self {
            Self::Fallback
            | Self::YearAndMonth
            | Self::DaysWithoutTimes(_)
            | Self::HolidaysAndWeekdays
            | Self::OpenEnd
            | Self::DoubtfulClosing(_) => true,
            Self::Comment
            | Self::SolarEvent(_)
            | Self::Repetition
            | Self::SchoolHolidays
            | Self::NoHolidayCountry
            | Self::Zone(_)
            | Self::Syntax(_) => false,
        }
    }
}

/// What is probably a mistake in hours that can be evaluated. The message continues a sentence that starts with them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursWarning {
    /// A rule that changes nothing, because a later one says otherwise.
    #[error("have the rule `{0}`, which a later one undoes; move it behind that one")]
    RuleUndone(Box<str>),
    /// A later rule opens public holidays that an earlier one closes.
    #[error("close public holidays (PH), but a later rule opens them again; move `PH off` to the end")]
    HolidaysUndone,
}

fn suggestion(proposal: &Option<String>) -> String {
    match proposal {
        Some(proposal) => format!("; did you mean \"{proposal}\"?"),
        None => ", such as \"Mo-Fr 09:00-17:00; PH off\"".to_owned(),
    }
}

/// The hours in opening_hours syntax, and their rules.
pub(super) fn rules(text: &str, has_holidays: bool) -> Result<(String, OpeningHours), HoursError> {
    let (text, hours) = match text.parse::<OpeningHours>() {
        Ok(_) if has_doubtful_closing(text) => {
            return Err(HoursError::DoubtfulClosing(propose(text).map(|proposal| proposal.hours)));
        }
        Ok(hours) => (text.to_owned(), hours),
        Err(_) => rewritten(text)?,
    };
    let expression = hours.get_expression();
    expression.rules.iter().try_for_each(|rule| check(rule, has_holidays))?;
    if has_days_without_times(&text, &expression) {
        return Err(HoursError::DaysWithoutTimes(propose(&text).map(|proposal| proposal.hours)));
    }
    if joins_holidays_and_weekdays(&text) {
        return Err(HoursError::HolidaysAndWeekdays);
    }
    let rules = if has_open_end(&expression) { marked(&expression)? } else { hours };
    Ok((text, rules))
}

/// Hours in another notation, where there is only one way to read them.
fn rewritten(text: &str) -> Result<(String, OpeningHours), HoursError> {
    let Some(proposal) = propose(text) else { return Err(HoursError::Syntax(with_dates_rewritten(text))) };
    if proposal.names_zone {
        return Err(HoursError::Zone(proposal.hours));
    }
    match proposal.hours.parse() {
        Ok(hours) if proposal.is_certain => Ok((proposal.hours, hours)),
        _ => Err(HoursError::Syntax(Some(proposal.hours))),
    }
}

fn check(rule: &RuleSequence, has_holidays: bool) -> Result<(), HoursError> {
    let (days, times) = (&rule.day_selector, &rule.time_selector);
    let names = |kind: HolidayKind| {
        days.weekday.iter().any(|day| matches!(day, WeekDayRange::Holiday { kind: other, .. } if *other == kind))
    };
    if !rule.comment.is_empty() {
        return Err(HoursError::Comment);
    }
    if rule.operator == RuleOperator::Fallback {
        return Err(HoursError::Fallback);
    }
    let bounds = times.spans.iter().flat_map(|span| [&span.range.start, &span.range.end]);
    if let Some(event) = bounds.filter_map(Time::as_time_event).next() {
        return Err(HoursError::SolarEvent(event.as_str()));
    }
    if times.spans.iter().any(|span| span.repeats.is_some()) {
        return Err(HoursError::Repetition);
    }
    if days.monthday.iter().any(|range| matches!(range, MonthdayRange::Month { year: Some(_), .. })) {
        return Err(HoursError::YearAndMonth);
    }
    if names(HolidayKind::School) {
        return Err(HoursError::SchoolHolidays);
    }
    if names(HolidayKind::Public) && !has_holidays {
        return Err(HoursError::NoHolidayCountry);
    }
    Ok(())
}

/// Whether days without times stand beside a comma, as in `Mo-Fr, PH 09:00-17:00`. The parsed rules are the same as
/// those of `Mo-Fr 00:00-24:00, PH 09:00-17:00`, so the text tells whether all day is meant.
fn has_days_without_times(text: &str, expression: &OpeningHoursExpression) -> bool {
    let rules = &expression.rules;
    let is_all_day = |rule: &RuleSequence| {
        rule.kind == RuleKind::Open && !rule.day_selector.is_empty() && rule.time_selector == TimeSelector::default()
    };
    let follows_comma = |index: usize| rules.get(index).is_some_and(|rule| rule.operator == RuleOperator::Additional);
    let is_beside_comma = |index: usize| follows_comma(index) || follows_comma(index + 1);
    let count = (0..rules.len()).filter(|index| is_all_day(&rules[*index]) && is_beside_comma(*index)).count();
    count > text.matches("00:00-24:00").count()
}

/// Whether a holiday and weekdays are joined by a space, which the parser reads as a comma and the syntax as "both".
fn joins_holidays_and_weekdays(text: &str) -> bool {
    const WEEKDAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let is_weekday = |text: Option<&str>| text.is_some_and(|text| WEEKDAYS.contains(&text));
        let (before, after) = (pair[0], pair[1]);
        let ends_in_weekday = is_weekday(before.len().checked_sub(2).and_then(|start| before.get(start..)));
        before.ends_with("ph") && is_weekday(after.get(..2)) || ends_in_weekday && after.starts_with("ph")
    })
}

fn has_open_end(expression: &OpeningHoursExpression) -> bool {
    expression.rules.iter().flat_map(|rule| &rule.time_selector.spans).any(|span| span.open_end)
}

/// The hours with their open ends marked. The crate evaluates only text, and does not write each rule as it reads it,
/// so rules that would change on the way are rejected.
fn marked(expression: &OpeningHoursExpression) -> Result<OpeningHours, HoursError> {
    evaluated(&mark_open_ends(expression)).ok_or(HoursError::OpenEnd)
}

/// Rules that can be evaluated; `None` where they would change on the way.
pub(super) fn evaluated(rules: &OpeningHoursExpression) -> Option<OpeningHours> {
    if rules.rules.is_empty() {
        return "off".parse().ok();
    }
    rules.to_string().parse::<OpeningHours>().ok().filter(|hours| *hours.get_expression() == *rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<HoursError> {
        rules(text, true).err()
    }

    #[test]
    fn hours_that_the_parser_reads_otherwise_than_people_are_rejected() {
        let both = HoursError::DaysWithoutTimes(Some("Mo-Fr,PH 09:00-17:00".into()));
        assert_eq!(error("Mo-Fr, PH 09:00-17:00"), Some(both));
        assert_eq!(error("Mo-Fr 09:00-17:00, Sa"), Some(HoursError::DaysWithoutTimes(None)));
        assert_eq!(error("Mo-Fr 00:00-24:00, Sa 10:00-12:00"), None);
        assert_eq!(error("Mo-Fr 08:00-12:00, Sa 10:00-12:00"), None);
        assert_eq!(error("PH Mo-Fr 10:00-12:00"), Some(HoursError::HolidaysAndWeekdays));
        assert_eq!(error("Mo-Fr 09:00-17:00; PH off"), None);
        assert_eq!(error("PH,Mo-Fr 10:00-12:00"), None);
        assert_eq!(error("2026Apr-Oct Mo-Fr 08:00-18:00"), Some(HoursError::YearAndMonth));
        assert_eq!(error("2026 Apr-Oct Mo-Fr 08:00-18:00"), None);
    }

    #[test]
    fn what_cannot_be_evaluated_is_rejected() {
        for (text, expected) in [
            ("Mo-Fr 09:00-17:00 \"by appointment\"", HoursError::Comment),
            ("\"by appointment\"", HoursError::Comment),
            ("Mo-Fr 09:00-17:00 || 10:00-12:00", HoursError::Fallback),
            ("Mo-Fr 10:00-16:00/30", HoursError::Repetition),
            ("Mo-Fr 10:00-16:00/01:30", HoursError::Repetition),
            ("SH off", HoursError::SchoolHolidays),
            ("Mo-Fr sunrise-17:00", HoursError::SolarEvent("sunrise")),
            ("weekly", HoursError::Syntax(None)),
            ("Mo-Fr 09:00+; PH +1 day off", HoursError::OpenEnd),
        ] {
            assert_eq!(error(text), Some(expected), "{text}");
        }
        assert_eq!(rules("PH off", false).err(), Some(HoursError::NoHolidayCountry));
    }

    #[test]
    fn a_closing_that_may_be_morning_or_afternoon_is_rejected() {
        let meant = Some("Mo-Fr 09:00-17:00".to_owned());
        assert_eq!(error("Mo-Fr 09:00-5:00"), Some(HoursError::DoubtfulClosing(meant.clone())));
        assert_eq!(error("Mo-Fr 09:00-5"), Some(HoursError::Syntax(meant)));
        assert_eq!(error("Mo-Fr 22:00-6:00"), None);
        assert_eq!(error("9-5 EST"), Some(HoursError::Zone("09:00-17:00".into())));
    }

    #[test]
    fn hours_are_rewritten_only_where_there_is_one_way_to_read_them() {
        assert_eq!(rules("Mon-Sat 11:30AM-10PM", false).unwrap().0, "Mo-Sa 11:30-22:00");
        let doubtful = error("Mon-Fri 9-5").unwrap();
        assert_eq!(doubtful, HoursError::Syntax(Some("Mo-Fr 09:00-17:00".into())));
        assert_eq!(doubtful.to_string(), "are not in opening_hours syntax; did you mean \"Mo-Fr 09:00-17:00\"?");
    }
}
