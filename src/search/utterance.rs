//! Takes a query apart as something that was said: what is wanted, what is not wanted, and how it is asked.
//!
//! Callers greet, tell how it came, ask for a person or for opening hours, and say what they do not mean. Agents
//! dictate letters and numbers. None of this is in a directory, so it is settled here, before words are looked up.

use std::borrow::Cow;

use super::inverted_index::InvertedIndex;
use super::language::{Cue, Language, Languages, MAX_PHRASE_WORDS, Particle};
use super::text::{folded, is_stop_word, words};

/// The maximum number of words that a negation reaches over.
const MAX_UNWANTED_WORDS: usize = 6;
/// The number of digits from which numbers that are said in words are read as one number.
const MIN_SPOKEN_DIGITS: usize = 3;
/// The number of digits from which they may be a part of a phone number.
const MIN_PART_DIGITS: usize = 7;
/// The first words of a time of day that may follow the hour: "8 in the morning".
const HOUR_SUFFIXES: &[&str] = &["am", "in", "o", "pm"];
/// The length in bytes up to which a word of another language is likely to be a word of English too.
const MAX_HOMOGRAPH_LEN: usize = 4;

/// A query as it was said.
pub(super) struct Utterance<'a> {
    /// The words that say what is wanted.
    pub(super) wanted: Vec<SaidWord>,
    /// The words that say what is not wanted.
    pub(super) unwanted: Vec<SaidWord>,
    /// Whether it says what is not wanted, and nothing else.
    pub(super) denies_all: bool,
    /// Whether it asks for opening hours.
    pub(super) asks_hours: bool,
    /// The phrases that say only how it is asked: courtesies, and when.
    pub(super) set_aside: Vec<String>,
    /// The language it is in, if it is not English.
    pub(super) language: Option<&'a Language>,
    english: &'a Language,
}

/// A word of a query.
#[derive(Clone, Debug)]
pub(super) struct SaidWord {
    /// As typed, folded.
    pub(super) typed: String,
    /// The word that it stands for, folded: `typed`, unless it was spelled out or misheard.
    pub(super) text: String,
    pub(super) manner: Manner,
    /// Whether a mark of punctuation follows.
    ends_clause: bool,
}

/// What a word of a query is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Says what is wanted.
    Content,
    /// Carries nothing.
    Empty,
    /// Asks for opening hours or says when, and may also be a word of a name: "open".
    Time,
    /// Asks for a person, and may also be a word of a name: "representative".
    Person,
}

impl<'a> Utterance<'a> {
    /// Takes a text apart; `max_len` is the length in bytes of the longest word that counts.
    pub(super) fn new(
        text: &str,
        is_growing: bool,
        index: &InvertedIndex,
        languages: &'a Languages,
        max_words: usize,
        max_len: usize,
    ) -> Self {
        let mut said: Vec<SaidWord> = Vec::new();
        for word in words(text) {
            let folded = folded(word).into_owned();
            if folded.is_empty() || folded.len() > max_len {
                continue;
            }
            if said.len() == max_words {
                break;
            }
            let after = &text[word.as_ptr() as usize - text.as_ptr() as usize + word.len()..];
            let gap = after.split(|c: char| c.is_alphanumeric()).next().unwrap_or_default();
            let ends_clause = gap.contains([',', ';', '.', ':', '!', '?', '\n', '\u{2014}', '\u{2013}']);
            said.push(SaidWord { typed: folded.clone(), text: folded, manner: Manner::Content, ends_clause });
        }
        // The last word may still become one of the catalog.
        let is_unfinished = |word: &SaidWord| is_growing && index.lexicon.completes(&word.text);
        let unfinished_count = said.last().filter(|word| is_unfinished(word)).iter().count();
        let language = foreign_language(&said[..said.len() - unfinished_count], index, languages);
        let english = &languages.english;
        let said = as_written(said, index, english);
        let (wanted, unwanted, set_aside) = (Vec::new(), Vec::new(), Vec::new());
        let mut utterance =
            Self { wanted, unwanted, denies_all: false, asks_hours: false, set_aside, language, english };
        utterance.sort(said, index);
        utterance
    }

    /// Sorts words into wanted and unwanted ones.
    fn sort(&mut self, mut said: Vec<SaidWord>, index: &InvertedIndex) {
        // The number of words that a negation still reaches over.
        let mut reach = 0;
        let mut is_unwanted = vec![false; said.len()];
        let mut i = 0;
        while i < said.len() {
            let (cue, length) = self.cue(&said[i..]).map_or((None, 1), |(cue, length)| (Some(cue), length));
            let denies = cue == Some(Cue::Not) && !self.is_denial(&said, i, length, index);
            let manner = match cue {
                Some(Cue::Polite) => Some(Manner::Empty),
                Some(Cue::Not) if denies => Some(Manner::Empty),
                Some(Cue::Hours | Cue::When) => Some(Manner::Time),
                Some(Cue::Person) => Some(Manner::Person),
                _ => None,
            };
            self.asks_hours |= cue == Some(Cue::Hours) && reach == 0;
            if matches!(cue, Some(Cue::Polite | Cue::Hours | Cue::When)) && reach == 0 {
                // "At 8 in the morning": the number is part of it.
                let is_time = cue == Some(Cue::When) && HOUR_SUFFIXES.contains(&&*said[i].text);
                let start = if is_time && i > 0 && self.is_hour(&said[i - 1]) { i - 1 } else { i };
                said[start..i].iter_mut().for_each(|hour| hour.manner = Manner::Time);
                let phrase: Vec<&str> = said[start..i + length].iter().map(|word| &*word.typed).collect();
                self.set_aside.push(phrase.join(" "));
            }
            if reach > 0 && self.is(&said[i..=i], Particle::Ends) {
                reach = 0;
            }
            for (word, is_unwanted) in said[i..i + length].iter_mut().zip(&mut is_unwanted[i..]) {
                word.manner = manner.unwrap_or(word.manner);
                *is_unwanted = reach > 0;
            }
            reach = if denies { MAX_UNWANTED_WORDS } else { usize::saturating_sub(reach, 1) };
            i += length;
            if said[i - 1].ends_clause && !denies {
                reach = 0;
            }
        }
        if said.iter().any(|word| word.manner == Manner::Time) {
            for word in said.iter_mut().filter(|word| self.english.cue(&[&word.text]) == Some((Cue::Open, 1))) {
                word.manner = Manner::Time;
                self.asks_hours = true;
            }
        }
        let is_informative = |word: &SaidWord| word.manner == Manner::Content && !self.is_stop_word(&word.text);
        // "not" with nothing else said denies nothing that could be wanted instead.
        let is_wanted = said.iter().zip(&is_unwanted).any(|(word, is_unwanted)| is_informative(word) && !is_unwanted);
        let denies_all = !is_wanted && is_unwanted.contains(&true);
        // With nothing else said, a day or a time asks whether somewhere is open then.
        let asks_hours = !said.iter().any(|word| is_informative(word) || word.manner == Manner::Person)
            && said.iter().any(|word| word.manner == Manner::Time);
        (self.denies_all, self.asks_hours) = (denies_all, self.asks_hours || asks_hours);
        for (word, is_unwanted) in said.into_iter().zip(is_unwanted) {
            match is_unwanted && is_wanted {
                true => self.unwanted.push(word),
                false => self.wanted.push(word),
            }
        }
    }

    /// Whether a word is an hour of the day, in digits or as a number word.
    fn is_hour(&self, word: &SaidWord) -> bool {
        let digits = self.english.digits(&word.text).unwrap_or(&word.text);
        digits.parse::<u8>().is_ok_and(|hour| (1..=12).contains(&hour))
    }

    /// Whether a word carries no information.
    pub(super) fn is_stop_word(&self, word: &str) -> bool {
        is_stop_word(word) || self.language.is_some_and(|language| language.is_stop_word(word))
    }

    /// The longest phrase at the start of words that says how something is asked, and its length.
    fn cue(&self, said: &[SaidWord]) -> Option<(Cue, usize)> {
        let texts: Vec<&str> = said.iter().take(MAX_PHRASE_WORDS).map(|word| &*word.text).collect();
        let own = self.language.and_then(|language| language.cue(&texts));
        let english = self.english.cue(&texts);
        let (cue, length) = own.into_iter().chain(english).reduce(|own, cue| if cue.1 > own.1 { cue } else { own })?;
        // "Without insurance" is one thing, not insurance that is unwanted.
        let mut languages = self.language.into_iter().chain([self.english]);
        languages.all(|language| language.meaning_length(&texts) <= length).then_some((cue, length))
    }

    /// Whether words are a phrase that decides what a negation is about.
    fn is(&self, said: &[SaidWord], particle: Particle) -> bool {
        let texts: Vec<&str> = said.iter().map(|word| &*word.text).collect();
        self.language.into_iter().chain([self.english]).any(|language| language.has_particle(&texts, particle))
    }

    /// Whether a negation of `length` words at `i` denies something that happens or that a name says, rather than what
    /// is wanted.
    fn is_denial(&self, said: &[SaidWord], i: usize, length: usize, index: &InvertedIndex) -> bool {
        let (before, negation) = (&said[..i], &said[i..i + length]);
        let ends_with = |before: &[SaidWord], particle| self.is(&before[before.len().saturating_sub(1)..], particle);
        if self.is(negation, Particle::NegatedVerb) {
            return !ends_with(before, Particle::Relative);
        }
        let Some((last, earlier)) = before.split_last() else { return false };
        if length > 1 || last.ends_clause || ends_with(before, Particle::Contrast) {
            return false;
        }
        if self.is(negation, Particle::Denial) {
            return true;
        }
        let is_denied = ends_with(before, Particle::Verb) && !ends_with(earlier, Particle::Relative);
        let next = said.get(i + 1).map_or("", |word| &word.text);
        is_denied || index.has_words_together(&said[i].text, next)
    }
}

/// The language of words that are neither of the catalog nor English.
fn foreign_language<'a>(said: &[SaidWord], index: &InvertedIndex, languages: &'a Languages) -> Option<&'a Language> {
    let english = &languages.english;
    let is_known = |word: &&SaidWord| {
        index.lexicon.id(&word.text).is_some()
            || is_stop_word(&word.text)
            || word.text.bytes().all(|byte| byte.is_ascii_digit())
            || english.cue(&[&word.text]).is_some()
            || english.has_meaning(&word.text)
    };
    let unknown: Vec<&SaidWord> = said.iter().filter(|word| !is_known(word)).collect();
    if unknown.is_empty() {
        return None;
    }
    languages.others.iter().map(|language| &**language).find(|language| {
        let listed_count = unknown.iter().filter(|word| language.lists(&word.text)).count();
        let count =
            unknown.iter().filter(|word| language.lists(&word.text) || language.has_meaning(&word.text)).count();
        // An inflected word alone may be a typo of an English one, and a short one is often a name or another word.
        let is_telling = |word: &&&SaidWord| {
            word.text.len() > MAX_HOMOGRAPH_LEN
                && !language.is_stop_word(&word.text)
                && !index.lexicon.is_typo(&word.text, &index.weights)
        };
        // The slowest test comes last.
        let tells = |word: &&SaidWord| language.lists(&word.text) && is_telling(&word);
        let is_certain = count > 1 || unknown.iter().any(tells);
        listed_count > 0 && is_certain && 2 * count >= unknown.len()
    })
}

/// The words as they are written: letters and numbers that were spelled out are joined, and words that were misheard
/// are put right where the catalog has only the right one.
fn as_written(said: Vec<SaidWord>, index: &InvertedIndex, english: &Language) -> Vec<SaidWord> {
    let mut written = Vec::with_capacity(said.len());
    let mut rest = &said[..];
    while let Some(first) = rest.first() {
        let found = spoken_number(rest, index, english)
            .or_else(|| spelled_word(rest, index, english))
            .or_else(|| misheard_word(rest, index, english));
        let (text, length) = found.unwrap_or_else(|| (first.text.clone(), 1));
        let typed: Vec<&str> = rest[..length].iter().map(|word| &*word.typed).collect();
        let ends_clause = rest[length - 1].ends_clause;
        let typed = typed.join(" ");
        for text in words(&text) {
            written.push(SaidWord {
                typed: typed.clone(),
                text: text.to_owned(),
                manner: Manner::Content,
                ends_clause,
            });
        }
        rest = &rest[length..];
    }
    written
}

/// A number that is said digit by digit or in pairs: "ten ninety nine" is 1099. Only one that the catalog has.
fn spoken_number(said: &[SaidWord], index: &InvertedIndex, english: &Language) -> Option<(String, usize)> {
    let digits_of = |word: &SaidWord| match english.digits(&word.text) {
        Some(digits) => Some(Cow::Borrowed(digits)),
        None if word.text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Cow::Owned(word.text.clone())),
        None => None,
    };
    let mut digits = String::new();
    let mut length = 0;
    let mut after_tens = false;
    for (word, said_digits) in said.iter().map_while(|word| Some((word, digits_of(word)?))) {
        // "twenty five" is 25, not 205.
        if after_tens && said_digits.len() == 1 && said_digits != "0" {
            digits.pop();
        }
        digits += &said_digits;
        after_tens = said_digits.len() == 2 && said_digits.ends_with('0') && !said_digits.starts_with(['0', '1']);
        length += 1;
        if word.ends_clause {
            break;
        }
    }
    let is_number =
        |digits: &str| digits.len() >= MIN_PART_DIGITS || index.numbers.find(digits).any(|line| line.text == digits);
    let is_known =
        || index.lexicon.id(&digits).is_some() || (is_number(&digits) && index.numbers.find(&digits).next().is_some());
    (length > 1 && digits.len() >= MIN_SPOKEN_DIGITS && is_known()).then_some((digits, length))
}

/// A word that is spelled letter by letter: "t t y", "tea tea why".
fn spelled_word(said: &[SaidWord], index: &InvertedIndex, english: &Language) -> Option<(String, usize)> {
    let letter_of = |word: &SaidWord| match word.text.chars().count() {
        1 => Some(word.text.clone()),
        _ => english.letter(&word.text).map(str::to_owned),
    };
    let letters: Vec<String> = said.iter().map_while(letter_of).take(MAX_PHRASE_WORDS).collect();
    let spelled = |length| {
        let word = letters.get(..length)?.concat();
        index.lexicon.id(&word).map(|_| (word, length))
    };
    // "See a" is not "ca": names of letters that are words count in a longer run, or among other letters.
    let is_letter = |word: &SaidWord| word.text.chars().count() == 1;
    let is_plain = |length: usize| length > 2 || said[..length].iter().all(is_letter);
    (2..=letters.len()).rev().filter(|length| is_plain(*length)).find_map(spelled)
}

/// A word that the catalog has, for one that sounds the same and that it does not have.
fn misheard_word(said: &[SaidWord], index: &InvertedIndex, english: &Language) -> Option<(String, usize)> {
    let texts: Vec<&str> = said.iter().take(3).map(|word| &*word.text).collect();
    let meant = |length: usize| {
        let word = english.misheard(&texts[..length])?;
        words(word).all(|word| index.lexicon.id(word).is_some()).then(|| (word.to_owned(), length))
    };
    let is_known = index.lexicon.id(texts[0]).is_some();
    (1..=texts.len()).rev().filter(|length| *length > 1 || !is_known).find_map(meant)
}
