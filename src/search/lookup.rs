//! Phone numbers and addresses in a query, matched against those of the directories by any part of them.

use std::ops::Range;

use super::inverted_index::InvertedIndex;
use super::substring_index::{Line, Owner};
use super::weights::WEIGHTS;
use crate::directory::{Directory, Entry};

/// The fewest digits that are looked up as a part of a number: alone, and among words.
const FEWEST_DIGITS: usize = 3;
const FEWEST_DIGITS_AMONG_WORDS: usize = 4;
/// The number of digits of a North American number without its area code.
const LOCAL_NUMBER: usize = 7;
/// The number of numbers or addresses considered: a part that more of them share identifies none.
const MAX_FOUND: usize = 1_024;
/// The number of digits of a whole number that keys may follow, up to the longest (ITU-T E.164).
const WHOLE_NUMBER: Range<usize> = LOCAL_NUMBER..16;

/// A match of a number or address: its owner, and how well it fits, from 0 to 1.
#[derive(Clone, Debug)]
pub(super) struct LookedUp {
    pub(super) owner: Owner,
    pub(super) fit: f32,
    pub(super) matched: String,
}

/// A number that was typed.
pub(super) struct Number {
    /// Its digits.
    pub(super) typed: String,
    pub(super) found: Vec<LookedUp>,
}

/// The phone number in a query; `None` where no part of it can be one.
pub(super) fn number(need: &str, index: &InvertedIndex, directories: &[Directory]) -> Option<Number> {
    let is_part = |c: char| c.is_ascii_digit() || " -.()/+,\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    let has_words = need.contains(|c: char| !is_part(c));
    let fewest = if has_words { FEWEST_DIGITS_AMONG_WORDS } else { FEWEST_DIGITS };
    let digits_of = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut rest = need;
    let mut nobodys = None;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()));
        let digits = digits_of(run);
        rest = after.trim_start_matches(|c: char| !is_part(c));
        let is_year = has_words && digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        if digits.len() < fewest || is_year {
            continue;
        }
        // "press 1, then 2": what has more digits is no key.
        let after = rest.split(|c: char| !c.is_ascii_digit()).filter(|key| !key.is_empty());
        let keys: String = after.take_while(|key| key.len() == 1).collect();
        let found = with_keys(&digits, &keys, index, directories);
        let found = if found.is_empty() { parts(&digits, index) } else { found };
        if !found.is_empty() {
            return Some(Number { typed: digits, found });
        }
        // Among words, years, statutes and room numbers are words. Alone, a number that no entry has is still a number.
        if !has_words && digits.len() >= LOCAL_NUMBER {
            nobodys = Some(Number { typed: digits, found });
        }
    }
    nobodys
}

/// The owners of a part of a number.
fn parts(digits: &str, index: &InvertedIndex) -> Vec<LookedUp> {
    let fit = |line: &Line<'_>| {
        let is_end = line.index + digits.len() == line.text.len();
        // From the country code, the area code, the exchange or the line; or so much that it is no accident.
        let is_start = line.index == 0 || (line.text.starts_with('1') && [1, 4, 7].contains(&line.index));
        match (is_end, is_start) {
            (true, _) => Some(1.0),
            (_, true) => Some(0.9),
            _ => (digits.len() > FEWEST_DIGITS_AMONG_WORDS).then_some(0.7),
        }
    };
    best(index.numbers.find(digits).filter_map(|line| Some((fit(&line)?, line))))
}

/// The lines that fit best, up to the limit.
fn best<'a>(lines: impl Iterator<Item = (f32, Line<'a>)>) -> Vec<LookedUp> {
    let mut lines: Vec<(f32, Line<'a>)> = lines.collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let kept = lines.into_iter().take(MAX_FOUND);
    kept.map(|(fit, line)| LookedUp { owner: line.owner, fit, matched: line.text.to_owned() }).collect()
}

/// The owners of a whole number, with the keys typed after it: among its digits, or in words, "press 1, then 2".
fn with_keys(digits: &str, keys_after: &str, index: &InvertedIndex, directories: &[Directory]) -> Vec<LookedUp> {
    for length in WHOLE_NUMBER.rev().filter(|length| *length <= digits.len()) {
        let (number, keys) = digits.split_at(length);
        let lines = index.numbers.find(number).filter(|line| {
            let is_north_american = line.text.starts_with('1') && [1, 4].contains(&line.index);
            line.index + length == line.text.len() && (line.index == 0 || is_north_american)
        });
        let found: Vec<LookedUp> = lines
            .map(|line| {
                let keys: String = keys.chars().chain(keys_after.chars()).collect();
                let (owner, pressed) = walked(line.owner, &keys, index, directories);
                let fit = if pressed == keys.len() { 1.0 } else { WEIGHTS.wrong_keys };
                LookedUp { owner, fit, matched: line.text.to_owned() }
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The option that keys lead to, and how many of the keys the menus have.
fn walked(owner: Owner, keys: &str, index: &InvertedIndex, directories: &[Directory]) -> (Owner, usize) {
    let Some(document) = index.documents.get(owner.0) else { return (owner, 0) };
    let Some(directory) = directories.get(document.id.directory) else { return (owner, 0) };
    let (mut here, mut pressed) = (document.id, 0);
    for key in keys.chars() {
        let next = directory.children(here).into_iter().find(|child| {
            directory
                .option(*child)
                .is_some_and(|option| option.key.as_char() == key && Some(option.channel) == owner.1)
        });
        match next {
            Some(next) => (here, pressed) = (next, pressed + 1),
            None => break,
        }
    }
    match here.entry {
        Entry::Option(_, option) => ((owner.0 + 1 + option, None), pressed),
        _ => (owner, pressed),
    }
}

/// The owners of an address, by a part of it.
pub(super) fn address(part: &str, index: &InvertedIndex) -> Vec<LookedUp> {
    let fit = |line: &Line<'_>| match line.text[..line.index].chars().next_back() {
        None if line.text.len() == part.len() => 1.0,
        None => 0.95,
        Some('.' | '@' | '_') => 0.7,
        Some(_) => 0.5,
    };
    best(index.addresses.find(part).map(|line| (fit(&line), line)))
}
