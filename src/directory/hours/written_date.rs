//! Dates in hours as people write them, `2026-11-25 off` or `Nov 25, 2026 off`, in opening_hours syntax.

use jiff::civil::Date;
use opening_hours::OpeningHours;

use super::propose::propose;

/// The months in opening_hours syntax, which are also how their names begin.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The text with its dates in opening_hours syntax; `None` if it has none, or a part of it is not understood.
pub(super) fn with_dates_rewritten(text: &str) -> Option<String> {
    let mut has_dates = false;
    let rules = text.split(';').map(|rule| match rewritten(rule.trim()) {
        Some(rule) => {
            has_dates = true;
            Some(rule)
        }
        None if rule.parse::<OpeningHours>().is_ok() => Some(rule.trim().to_owned()),
        None => propose(rule).map(|proposal| proposal.hours),
    });
    let rules = rules.collect::<Option<Vec<_>>>()?.join("; ");
    (has_dates && rules.parse::<OpeningHours>().is_ok()).then_some(rules)
}

/// A rule with its dates rewritten.
fn rewritten(rule: &str) -> Option<String> {
    let words: Vec<&str> = rule.split_whitespace().collect();
    let (mut rest, mut written, mut date_count) = (&words[..], Vec::new(), 0);
    while let [word, after @ ..] = rest {
        if let Some((date, word_count)) = date(rest) {
            let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
            written.push(format!("{} {month} {:02}", date.year(), date.day()));
            (rest, date_count) = (&rest[word_count..], date_count + 1);
        } else {
            let word = match *word {
                "to" | "through" | "until" | "-" | "–" => "-",
                "closed" | "Closed" => "off",
                word => word,
            };
            (written, rest) = ([written, vec![word.to_owned()]].concat(), after);
        }
    }
    (date_count > 0).then(|| written.join(" ").replace(" - ", "-"))
}

/// The date at the start of words, and the number of its words; `None` where the month and the day may be swapped.
fn date(words: &[&str]) -> Option<(Date, usize)> {
    let bare = |word: &str| word.trim_end_matches([',', ':', '.']).to_owned();
    if let [first, second, third, ..] = words {
        let (first, second, third) = (bare(first), bare(second), bare(third));
        let named = month(&second).zip(first.parse().ok()).or_else(|| month(&first).zip(second.parse().ok()));
        if let Some((month, day)) = named
            && let Some(date) = third.parse().ok().and_then(|year| valid(year, month, day))
        {
            return Some((date, 3));
        }
    }
    let word = bare(words.first()?);
    let separator = word.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<i16> = word.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [first, second, third] = parts[..] else { return None };
    let small = |number: i16| i8::try_from(number).ok();
    let date = match separator {
        '-' => valid(first, small(second)?, small(third)?),
        '.' => valid(third, small(second)?, small(first)?),
        '/' if first > 12 => valid(third, small(second)?, small(first)?),
        '/' if second > 12 => valid(third, small(first)?, small(second)?),
        _ => None,
    };
    date.map(|date| (date, 1))
}

/// A month by its name, which may be shortened to three letters.
fn month(name: &str) -> Option<i8> {
    let start = name.get(..3).filter(|_| name.chars().all(char::is_alphabetic))?;
    let index = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(start))?;
    i8::try_from(index + 1).ok()
}

/// A date of our time.
fn valid(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| (2000..2100).contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        for (text, hours) in [
            ("2026-11-25 off", "2026 Nov 25 off"),
            ("Mo-Fr 09:00-17:00; 2026-11-25 closed", "Mo-Fr 09:00-17:00; 2026 Nov 25 off"),
            ("Mon-Fri 9am-5pm; Nov 25, 2026 off", "Mo-Fr 09:00-17:00; 2026 Nov 25 off"),
            ("2026-12-24 to 2026-12-26 off", "2026 Dec 24-2026 Dec 26 off"),
            ("1 December 2026 10:00-14:00", "2026 Dec 01 10:00-14:00"),
            ("25.11.2026 off", "2026 Nov 25 off"),
            ("11/25/2026 off", "2026 Nov 25 off"),
            ("25/11/2026: off", "2026 Nov 25 off"),
        ] {
            assert_eq!(with_dates_rewritten(text).as_deref(), Some(hours), "{text}");
        }
        for text in ["11/12/2026 off", "2026-13-25 off", "Christmas off", "Mo-Fr 09:00-17:00", "", "2026-11-25 maybe"] {
            assert_eq!(with_dates_rewritten(text), None, "{text}");
        }
    }
}
