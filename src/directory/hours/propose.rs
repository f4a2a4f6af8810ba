//! Hours as people write them (`Mon-Sat 11:30AM-10PM`) in opening_hours syntax, and whether that is the only way to
//! read them.

use opening_hours_syntax::rules::day::{WeekDayRange, Weekday};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleSequence};

use super::written_time::{Half, WrittenTime, is_24_hour_clock, time};

/// Hours in opening_hours syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) hours: String,
    /// Whether there is no other way to read them. `9-5` may be evening and morning.
    pub(super) is_certain: bool,
    /// Whether they name a time zone (`9-5 EST`), which is left out.
    pub(super) names_zone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lexeme<'a> {
    Day(&'static str),
    Time(WrittenTime),
    Off,
    Word(&'a str),
    Mark(char),
}

const DAYS: [(&str, &[&str]); 10] = [
    ("Mo", &["m", "mo", "mon", "monday", "mondays"]),
    ("Tu", &["tu", "tue", "tues", "tuesday", "tuesdays"]),
    ("We", &["w", "we", "wed", "weds", "wednesday", "wednesdays"]),
    ("Th", &["th", "thu", "thur", "thurs", "thursday", "thursdays"]),
    ("Fr", &["f", "fr", "fri", "friday", "fridays"]),
    ("Sa", &["sa", "sat", "saturday", "saturdays"]),
    ("Su", &["su", "sun", "sunday", "sundays"]),
    ("PH", &["ph"]),
    ("Mo-Su", &["daily"]),
    ("Mo-Fr", &["weekdays"]),
];

/// The abbreviations of time zones that people write after hours.
const ZONES: [&str; 18] = [
    "et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt", "gmt", "utc", "bst", "cet", "cest",
    "akst",
];

/// The text in opening_hours syntax; `None` where a part of it is not understood.
pub(super) fn propose(text: &str) -> Option<Proposal> {
    let text = plain(text);
    // Which ones they mean is for the writer to say.
    let (text, names_holidays) =
        (text.replace("public holidays", "ph").replace("holidays", "ph"), text.contains("holidays"));
    if ["24 hours", "24 hours a day", "24 hours daily", "24 x 7", "24x7", "around the clock"].contains(&text.trim()) {
        return Some(Proposal { hours: "24/7".into(), is_certain: false, names_zone: false });
    }
    let tokens = tokens(&text)?;
    let (tokens, names_zone) = match &tokens[..] {
        [hours @ .., Lexeme::Word(zone)] if ZONES.contains(zone) => (hours, true),
        hours => (hours, false),
    };
    let mut draft = Draft { hours: String::new(), is_certain: !names_zone && !names_holidays };
    let mut rest = tokens;
    while !rest.is_empty() {
        rest = &rest[draft.take(rest)?..];
    }
    // Days without times are around the clock in opening_hours syntax, which nobody means who writes them otherwise.
    let has_times = |rule: &str| rule.ends_with(" off") || rule.contains(char::is_numeric);
    let rules = opening_hours_syntax::parse(&draft.hours).ok()?;
    if !draft.hours.split(';').flat_map(|rule| rule.split(", ")).all(has_times) {
        return None;
    }
    let is_certain = draft.is_certain && !opens_a_day_twice(&rules);
    Some(Proposal { hours: draft.hours, is_certain, names_zone })
}

/// Whether two rules open the same day. The later one may replace the hours of the first one or add to them.
fn opens_a_day_twice(rules: &OpeningHoursExpression) -> bool {
    let opens = |rule: &RuleSequence, day: Weekday| {
        let days = &rule.day_selector.weekday;
        let contains = |range: &WeekDayRange| match range {
            WeekDayRange::Fixed { range, .. } => {
                day.days_since(*range.start()) <= range.end().days_since(*range.start())
            }
            WeekDayRange::Holiday { .. } => false,
        };
        rule.kind == RuleKind::Open && (days.is_empty() || days.iter().any(contains))
    };
    let days = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
    days.into_iter().any(|day| rules.rules.iter().filter(|rule| opens(rule, day)).count() > 1)
}

/// The hours written so far.
struct Draft {
    hours: String,
    is_certain: bool,
}

impl Draft {
    /// Writes the first tokens and returns how many they are.
    fn take(&mut self, tokens: &[Lexeme<'_>]) -> Option<usize> {
        match *tokens {
            [Lexeme::Time(from), Lexeme::Mark('-'), Lexeme::Time(until), ..] => {
                self.span(from, until)?;
                return Some(3);
            }
            [Lexeme::Time(from), Lexeme::Mark('+'), ..] => {
                self.is_certain &= from.is_clear;
                self.word(&format!("{}+", from.clock(from.half)?));
                return Some(2);
            }
            [Lexeme::Day(day), ..] => {
                // `closed Sundays` would have to be turned round, and a day after times begins another rule.
                if self.has_times() {
                    self.hours += ";";
                    self.is_certain = false;
                }
                if self.hours.ends_with(['-', ',']) { self.hours += day } else { self.word(day) }
            }
            // `9am-5pm closed` has two meanings.
            [Lexeme::Off, ..] if !self.has_times() => self.word("off"),
            // `Mo-We: 10:00-19:00` and `Mo-Fr, 10:00-19:00`
            [Lexeme::Mark(':'), ..] => {}
            [Lexeme::Mark(','), Lexeme::Time(_), ..] if !self.has_times() => {}
            [Lexeme::Mark(','), Lexeme::Time(_), ..] => self.hours.push(','),
            // Holidays are an exception to the other days, which a comma would not make them.
            [Lexeme::Mark(','), Lexeme::Day("PH"), ..] if self.is_complete() => self.hours.push(';'),
            // Hours of further days, or days in a list.
            [Lexeme::Mark(','), Lexeme::Day(_), ..] => self.hours += if self.is_complete() { ", " } else { "," },
            [Lexeme::Mark('-'), Lexeme::Day(_), ..] => self.hours.push('-'),
            [Lexeme::Mark(';')] => {}
            [Lexeme::Mark(';'), ..] => self.hours.push(';'),
            _ => return None,
        }
        Some(1)
    }

    /// The rule that is being written.
    fn rule(&self) -> &str {
        let rule = self.hours.rsplit(';').next().unwrap_or_default();
        rule.rsplit(", ").next().unwrap_or_default()
    }

    /// Whether the rule has times.
    fn has_times(&self) -> bool {
        self.rule().contains(char::is_numeric)
    }

    /// Whether the rule has times or says that the days are off.
    fn is_complete(&self) -> bool {
        self.has_times() || self.rule().ends_with(" off")
    }

    fn word(&mut self, word: &str) {
        if !self.hours.is_empty() && !self.hours.ends_with([',', ' ']) {
            self.hours.push(' ');
        }
        self.hours += word;
    }

    fn span(&mut self, from: WrittenTime, until: WrittenTime) -> Option<()> {
        let morning = if from.hour == 12 { Half::Afternoon } else { Half::Morning };
        let (from_half, until_half, is_certain) = match (from.half, until.half) {
            (Some(_), Some(_)) => (from.half, until.half, true),
            // 09:00-17:00, 9-17 and 22:00-6:00
            (None, None) if is_24_hour_clock(from, until) => (None, None, true),
            // 13:00-5:00: most probably to the afternoon
            (None, None) if from.hour > 12 => (None, Some(Half::Afternoon), false),
            // 9-5, 08:30-4:30, 12-5 and 9-5pm: most probably from the morning, or noon, to the afternoon
            (None, None | Some(Half::Afternoon)) if from.hour > until.hour => {
                (Some(morning), Some(Half::Afternoon), false)
            }
            (Some(Half::Morning), None) if until.hour <= 12 => (from.half, Some(Half::Afternoon), false),
            // 10:00-12:00 and 08:30-9:30: most probably before noon
            (None, None) if from.hour >= 6 && until.hour == 12 || from.is_clear => (None, None, false),
            _ => return None,
        };
        let (from, until) = (from.clock(from_half)?, until.clock(until_half)?);
        let until = if until_half.is_some() && until == "00:00" { "24:00" } else { &until };
        self.is_certain &= is_certain && from != until;
        self.word(&format!("{from}-{until}"));
        Some(())
    }
}

/// In lower case, with the dashes, spaces and words of a range or a list in one form.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = lower.chars().map(|c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let mut plain: String = plain.collect();
    for (written, meant) in
        [("a.m.", "am"), ("p.m.", "pm"), (" to ", "-"), (" through ", "-"), (" thru ", "-"), (" and ", ","), ("&", ",")]
    {
        plain = plain.replace(written, meant);
    }
    plain
}

fn tokens(text: &str) -> Option<Vec<Lexeme<'_>>> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim());
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            let (time, after) = time(rest)?;
            tokens.push(Lexeme::Time(time));
            rest = after;
        } else if c.is_alphabetic() {
            let (word, after) = rest.split_at(rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()));
            tokens.push(named(word));
            rest = after;
        } else {
            tokens.extend((c != ' ').then_some(Lexeme::Mark(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(tokens)
}

fn named(word: &str) -> Lexeme<'_> {
    let at_twelve = |half| Lexeme::Time(WrittenTime { hour: 12, minute: 0, half: Some(half), is_clear: true });
    match word {
        "noon" => at_twelve(Half::Afternoon),
        "midnight" => at_twelve(Half::Morning),
        "off" | "closed" => Lexeme::Off,
        _ => match DAYS.iter().find(|(_, names)| names.contains(&word)) {
            Some((day, _)) => Lexeme::Day(day),
            None => Lexeme::Word(word),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_as_people_write_them() {
        for (text, hours) in [
            ("Mon-Sat 11:30AM-10PM", "Mo-Sa 11:30-22:00"),
            ("Mo-We: 10:00-19:00", "Mo-We 10:00-19:00"),
            ("Mo-Fr 9-17", "Mo-Fr 09:00-17:00"),
            ("Mo–Fr 09:00–17:00", "Mo-Fr 09:00-17:00"),
            ("Monday to Friday 9am - 5pm", "Mo-Fr 09:00-17:00"),
            ("Mon-Fri 8:30 a.m.-5 p.m.; Sat 10am-2pm; Sun closed", "Mo-Fr 08:30-17:00; Sa 10:00-14:00; Su off"),
            ("ph off", "PH off"),
            ("Mo-Fr  09:00-17:00;", "Mo-Fr 09:00-17:00"),
            ("Mo - Fr 09.00-17.00", "Mo-Fr 09:00-17:00"),
            ("Mo-Fr 0900-1700", "Mo-Fr 09:00-17:00"),
            ("Daily 9am-midnight", "Mo-Su 09:00-24:00"),
            ("Weekdays, 9am to 5pm", "Mo-Fr 09:00-17:00"),
            ("Mon, Wed & Fri 9am-noon", "Mo,We,Fr 09:00-12:00"),
            ("Mon-Fri 9am-12pm, 1pm-5pm", "Mo-Fr 09:00-12:00,13:00-17:00"),
            ("Mon-Fri 9am-5pm, Sat 10am-2pm", "Mo-Fr 09:00-17:00, Sa 10:00-14:00"),
            ("Mon-Fri 9am-5pm, Sat closed, Sun 10am-2pm", "Mo-Fr 09:00-17:00, Sa off, Su 10:00-14:00"),
            ("Mon-Fri 9am-5pm, PH 10am-noon", "Mo-Fr 09:00-17:00; PH 10:00-12:00"),
            ("M-F 9am-5pm", "Mo-Fr 09:00-17:00"),
            ("Mon-Fri 22:00-6:00", "Mo-Fr 22:00-06:00"),
            ("Mon-Fri 08:30-11:30", "Mo-Fr 08:30-11:30"),
            ("Mo-Fr 10pm-6am", "Mo-Fr 22:00-06:00"),
            ("Mo-Fr 9am+", "Mo-Fr 09:00+"),
        ] {
            assert_eq!(
                propose(text),
                Some(Proposal { hours: hours.into(), is_certain: true, names_zone: false }),
                "{text}"
            );
        }
    }

    #[test]
    fn hours_that_can_be_read_in_two_ways_are_only_proposed() {
        for (text, hours) in [
            ("Mon-Fri 9-5", "Mo-Fr 09:00-17:00"),
            ("Mon-Fri 9-5pm", "Mo-Fr 09:00-17:00"),
            ("Monday to Friday, 9 to 5", "Mo-Fr 09:00-17:00"),
            ("Mo-Fr 09:00-17:00 PH off", "Mo-Fr 09:00-17:00; PH off"),
            ("Mon-Fri 9:00-5:00", "Mo-Fr 09:00-17:00"),
            ("Mon-Fri 10:00-12:00", "Mo-Fr 10:00-12:00"),
            ("Mon-Fri 9:00+", "Mo-Fr 09:00+"),
            ("Mo-Fr 9am-9am", "Mo-Fr 09:00-09:00"),
            ("Mon-Fri 08:30-4:30", "Mo-Fr 08:30-16:30"),
            ("Mon-Fri 09:00-5", "Mo-Fr 09:00-17:00"),
            ("Mo-Fr 09:00-5:00", "Mo-Fr 09:00-17:00"),
            ("Mo-Fr 13:00-5:00", "Mo-Fr 13:00-17:00"),
            ("Mo-Fr 08:30-9:30", "Mo-Fr 08:30-09:30"),
            ("Mo-Fr 12-5", "Mo-Fr 12:00-17:00"),
            ("Mon-Fri 12-8pm", "Mo-Fr 12:00-20:00"),
            ("Mon-Fri 9am-5", "Mo-Fr 09:00-17:00"),
            ("Mon-Fri 9am-5pm, Fri 6pm-9pm", "Mo-Fr 09:00-17:00, Fr 18:00-21:00"),
            ("Daily 9am-5pm; Sat 10am-2pm", "Mo-Su 09:00-17:00; Sa 10:00-14:00"),
            ("M-F 9-5", "Mo-Fr 09:00-17:00"),
            ("9-5 EST", "09:00-17:00"),
            ("24 hours", "24/7"),
            ("Mon-Fri 9am-5pm; holidays closed", "Mo-Fr 09:00-17:00; PH off"),
        ] {
            let proposal = propose(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((&*proposal.hours, proposal.is_certain), (hours, false), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_proposed() {
        for text in [
            "Mon-Fri 9am-5pm closed",
            "Mo-Fr 13am-5pm",
            "Mo-Fr 09:60-17:00",
            "closed Sun",
            "Mo-Fr 8-10",
            "Mo-Fr 1-5",
            "",
            "x",
        ] {
            assert_eq!(propose(text), None, "{text}");
        }
    }
}
