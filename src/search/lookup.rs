//! Looks up the phone numbers and addresses of a query, whole or in part, in those of the directories.
//!
//! Users paste a number from a call log or read the last digits from a letter. Such a query asks who it belongs to, so
//! a number that is found replaces the words of the query.

use std::ops::Range;

use super::inverted_index::InvertedIndex;
use super::substring_index::{MatchedLine, Owner};
use crate::directory::phone::{Key, PhoneNumber, Region};
use crate::directory::{Directory, Entry};

/// The minimum number of digits that are looked up as a part of a number: alone, and among words.
const MIN_DIGITS: usize = 3;
const MIN_DIGITS_AMONG_WORDS: usize = 4;
/// The number of digits of a North American number without its area code.
const LOCAL_NUMBER_LEN: usize = 7;
/// The number of digits of a whole number, which keys may follow: from a local number to the longest that ITU-T E.164
/// allows.
const WHOLE_NUMBER_LEN: Range<usize> = LOCAL_NUMBER_LEN..16;
/// The maximum number of matches that are ranked. A part that more numbers share identifies none of them.
const MAX_MATCHES: usize = 1_024;

/// A number or address that contains what was typed.
#[derive(Clone, Debug)]
pub(super) struct LookupMatch {
    pub(super) owner: Owner,
    /// How well it fits, from 0 to 1.
    pub(super) fit: f32,
    /// The whole number or address.
    pub(super) text: String,
}

/// A phone number, or a part of one, in a query.
pub(super) struct NumberQuery {
    /// Its digits.
    pub(super) typed: String,
    /// Empty for a whole number that no entry has.
    pub(super) matches: Vec<LookupMatch>,
}

/// A query that is a whole number, as the numbering plans of the directories read it: with a country code or an
/// international prefix, letters or an extension. `None` where no entry has it.
fn find_whole(text: &str, index: &InvertedIndex, directories: &[Directory]) -> Option<NumberQuery> {
    if text.matches(|c: char| c.is_ascii_alphanumeric()).count() < LOCAL_NUMBER_LEN {
        return None;
    }
    let mut regions: Vec<Region> = directories.iter().map(|directory| directory.region).collect();
    regions.dedup();
    regions.into_iter().find_map(|region| {
        let number = PhoneNumber::parse_in(text, region).ok()?;
        let typed = number.dialled().trim_start_matches('+');
        let has_extension = |line: &MatchedLine<'_>| {
            let id = index.documents.get(line.owner.document)?.id;
            let channel = directories.get(id.directory)?.contact(id)?.channels.get(line.owner.channel?)?;
            Some(channel.number()?.extension() == number.extension())
        };
        // Digits after the number that are not its extension are keys.
        let is_listed = |line: &MatchedLine<'_>| {
            line.text == typed && (number.extension().is_none() || has_extension(line) == Some(true))
        };
        let matches = best_matches(index.numbers.find(typed).filter(is_listed).map(|line| (1.0, line)));
        (!matches.is_empty()).then(|| NumberQuery { typed: typed.to_owned(), matches })
    })
}

/// The phone number in a query; `None` where no part of the query can be one.
pub(super) fn find_number(text: &str, index: &InvertedIndex, directories: &[Directory]) -> Option<NumberQuery> {
    if let Some(whole) = find_whole(text, index, directories) {
        return Some(whole);
    }
    let is_number_char = |c: char| c.is_ascii_digit() || " -.()/+,\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    let has_words = text.contains(|c: char| !is_number_char(c));
    let min_digits = if has_words { MIN_DIGITS_AMONG_WORDS } else { MIN_DIGITS };
    let mut rest = text;
    let mut unlisted = None;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c: char| !is_number_char(c)).unwrap_or(rest.len()));
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        rest = after.trim_start_matches(|c: char| !is_number_char(c));
        let is_year = has_words && digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        if digits.len() < min_digits || is_year {
            continue;
        }
        // "press 1, then 2": a run of several digits is not a key.
        let runs_after = rest.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let keys_after: String = runs_after.take_while(|run| run.len() == 1).collect();
        let mut matches = find_with_keys(&digits, &keys_after, index, directories);
        if matches.is_empty() {
            matches = find_part(&digits, index);
        }
        if !matches.is_empty() {
            return Some(NumberQuery { typed: digits, matches });
        }
        // Among words, digits that no number contains are a word: a year, a statute or a room. Alone, they are still a
        // number, which no entry has.
        if !has_words && digits.len() >= LOCAL_NUMBER_LEN {
            unlisted = Some(NumberQuery { typed: digits, matches });
        }
    }
    unlisted
}

/// The numbers that contain digits.
fn find_part(digits: &str, index: &InvertedIndex) -> Vec<LookupMatch> {
    let fit = |line: &MatchedLine<'_>| {
        let is_end = line.index + digits.len() == line.text.len();
        // After the country code, area code or exchange. Elsewhere, few digits match by accident.
        let is_group = line.index == 0 || (line.text.starts_with('1') && [1, 4, 7].contains(&line.index));
        match (is_end, is_group) {
            (true, _) => Some(1.0),
            (_, true) => Some(index.weights.number_group),
            _ => (digits.len() > MIN_DIGITS_AMONG_WORDS).then_some(index.weights.number_infix),
        }
    };
    best_matches(index.numbers.find(digits).filter_map(|line| Some((fit(&line)?, line))))
}

/// The lines that fit best, up to [`MAX_MATCHES`].
fn best_matches<'a>(lines: impl Iterator<Item = (f32, MatchedLine<'a>)>) -> Vec<LookupMatch> {
    let mut lines: Vec<(f32, MatchedLine<'a>)> = lines.collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let kept = lines.into_iter().take(MAX_MATCHES);
    kept.map(|(fit, line)| LookupMatch { owner: line.owner, fit, text: line.text.to_owned() }).collect()
}

/// The owners of a whole number followed by keys: as its last digits (`1-800-447-8812 5`), or in words after it ("press
/// 1, then 2"). The longest number that is listed wins, so that its last digits are not taken for keys.
fn find_with_keys(
    digits: &str,
    keys_after: &str,
    index: &InvertedIndex,
    directories: &[Directory],
) -> Vec<LookupMatch> {
    for length in WHOLE_NUMBER_LEN.rev().filter(|length| *length <= digits.len()) {
        let (number, keys) = digits.split_at(length);
        let keys = keys.to_owned() + keys_after;
        let lines = index.numbers.find(number).filter(|line| {
            let lacks_north_american_prefix = line.text.starts_with('1') && [1, 4].contains(&line.index);
            line.index + length == line.text.len() && (line.index == 0 || lacks_north_american_prefix)
        });
        let matches: Vec<LookupMatch> = lines
            .map(|line| {
                let (owner, pressed_count) = follow_keys(line.owner, &keys, index, directories);
                let fit = if pressed_count == keys.len() { 1.0 } else { index.weights.wrong_keys };
                LookupMatch { owner, fit, text: line.text.to_owned() }
            })
            .collect();
        if !matches.is_empty() {
            return matches;
        }
    }
    Vec::new()
}

/// The option that keys lead to from a phone line, and how many of the keys its phone tree has.
fn follow_keys(line: Owner, keys: &str, index: &InvertedIndex, directories: &[Directory]) -> (Owner, usize) {
    let Some(document) = index.documents.get(line.document) else { return (line, 0) };
    let Some(directory) = directories.get(document.id.directory) else { return (line, 0) };
    let (mut id, mut pressed_count) = (document.id.by(line.channel), 0);
    for key in keys.chars() {
        match Key::new(key).and_then(|key| directory.after_key(id, key)) {
            Some(next) => (id, pressed_count) = (next, pressed_count + 1),
            None => break,
        }
    }
    match id.entry {
        // The indexer adds the options of a contact right after the contact.
        Entry::Option(_, option) => (Owner { document: line.document + 1 + option, channel: None }, pressed_count),
        _ => (line, pressed_count),
    }
}

/// The addresses that contain a part.
pub(super) fn find_address(part: &str, index: &InvertedIndex) -> Vec<LookupMatch> {
    let fit = |line: &MatchedLine<'_>| match line.text[..line.index].chars().next_back() {
        None if line.text.len() == part.len() => 1.0,
        None => index.weights.address_prefix,
        Some('.' | '@' | '_') => index.weights.address_word,
        Some(_) => index.weights.address_infix,
    };
    best_matches(index.addresses.find(part).map(|line| (fit(&line), line)))
}
