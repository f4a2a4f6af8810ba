//! What the search knows about languages: the tables in `data/languages`.
//!
//! A table has two kinds of lines. Lists, `label: a, b`, name the words and phrases that say how something is asked
//! rather than what: courtesies, negations, questions about hours, requests for a person. Meanings, `a, b = c, d`, and
//! groups of words that mean the same, `a, b, c`, lead from what callers say to what a directory may say. The tables do
//! not depend on a catalog.
//!
//! A program that runs one query must not wait for a table to be prepared: phrases are only sorted by their first
//! letters when it is read, and stemmed when a query has a word with the same ones. A key press must not wait either: a
//! phrase is compared word by word, its first word first, and one pass finds the phrases of any length that a query
//! begins with.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::lexicon::is_same_but_for_number;
use super::text::{folded, words};

const ENGLISH_TABLE: &str = include_str!("../../data/languages/en.txt");
const SPANISH_TABLE: &str = include_str!("../../data/languages/es.txt");

/// The maximum number of words in a phrase of a table.
pub(super) const MAX_PHRASE_WORDS: usize = 7;
/// The length in bytes from which a word is compared with English ones of the same origin.
const MIN_COGNATE_LEN: usize = 6;
/// The number of bytes by which phrases are sorted. Words with one stem begin with the same ones.
const KEY_LEN: usize = 3;

/// The languages that queries are understood in.
pub(super) struct Languages {
    /// The language of the catalog.
    pub(super) english: Language,
    /// The languages whose words are translated into English, each read for the first word that is not English.
    pub(super) others: [LazyLock<Language>; 1],
}

impl Languages {
    /// Reads the tables.
    pub(super) fn new() -> Self {
        Self {
            english: Language::new(ENGLISH_TABLE, Algorithm::English, 3),
            others: [LazyLock::new(|| Language::new(SPANISH_TABLE, Algorithm::Spanish, 5))],
        }
    }

    /// Whether a folded word carries nothing in a language other than English: "en español".
    pub(super) fn is_foreign_stop_word(&self, word: &str) -> bool {
        self.others.iter().any(|language| language.is_stop_word(word))
    }
}

/// How a phrase of a query is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// Carries nothing: a courtesy, or how callers begin.
    Polite,
    /// What follows is not wanted.
    Not,
    /// Asks for opening hours.
    Hours,
    /// Asks for opening hours if the query also says when: "open".
    Open,
    /// Says when: a day, a time of day.
    When,
    /// Asks for a person.
    Person,
}

/// What decides whether a negation says what is not wanted, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Particle {
    /// Ends what a negation reaches over.
    Ends,
    /// A negation after it contrasts two things: "new quotes and not renewals".
    Contrast,
    /// A negation of one word after it denies what happens, not what is wanted: "did not arrive".
    Verb,
    /// A verb and a negation, which deny what happens: "isn't".
    NegatedVerb,
    /// A negation with a verb after it says which one is not wanted: "a team that is not the north team".
    Relative,
    /// A negation that denies what happens after any word: "tarjeta no funciona".
    Denial,
}

/// The table of a language.
pub(super) struct Language {
    /// Sorted by key.
    entries: Vec<Entry>,
    /// What the lines are called that a person answers.
    pub(super) reception: Vec<&'static str>,
    /// The endings of its words, each with that of an English word of the same origin: `cion`, `tion`.
    endings: Vec<(&'static str, &'static str)>,
    stemmer: Stemmer,
    /// The number of bytes in which forms of one word may end differently.
    max_ending: usize,
}

/// A phrase of a table.
struct Entry {
    /// The first bytes of its first word.
    key: [u8; KEY_LEN],
    /// Its first word, folded.
    first: Cow<'static, str>,
    /// What follows its first word.
    rest: &'static str,
    phrase: &'static str,
    says: Says,
}

/// What a phrase says.
#[derive(Clone, Copy)]
enum Says {
    /// How the query is to be taken.
    Cue(Cue),
    /// What a negation near it is about.
    Particle(Particle),
    /// Nothing.
    Nothing,
    /// Digits of a number, as in `ninety`.
    Digits(&'static str),
    /// A letter, as in `tea`.
    Letter(&'static str),
    /// Another word that sounds the same, as in `facts` for `fax`.
    Sound(&'static str),
    /// The phrases that mean the same, separated by ", ".
    Means(&'static str),
}

impl Language {
    fn new(table: &'static str, algorithm: Algorithm, max_ending: usize) -> Self {
        let mut language = Self {
            entries: Vec::new(),
            reception: Vec::new(),
            endings: Vec::new(),
            stemmer: Stemmer::create(algorithm),
            max_ending,
        };
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            language.read(line);
        }
        // Stable, so that the lines of a phrase keep their order.
        language.entries.sort_by_cached_key(|entry| entry.key);
        language
    }

    fn read(&mut self, line: &'static str) {
        let Some((label, list)) = line.split_once(": ") else {
            let (phrases, means) = line.split_once(" = ").unwrap_or((line, line));
            return phrases.split(", ").for_each(|phrase| self.add(phrase, Says::Means(means)));
        };
        let says: fn(&'static str) -> Says = match label {
            "reception" => return self.reception.extend(list.split(", ")),
            "endings" => return self.endings.extend(list.split(", ").filter_map(|pair| pair.split_once('='))),
            "polite" => |_| Says::Cue(Cue::Polite),
            "not" => |_| Says::Cue(Cue::Not),
            "hours" => |_| Says::Cue(Cue::Hours),
            "open" => |_| Says::Cue(Cue::Open),
            "when" => |_| Says::Cue(Cue::When),
            "person" => |_| Says::Cue(Cue::Person),
            "ends" => |_| Says::Particle(Particle::Ends),
            "contrast" => |_| Says::Particle(Particle::Contrast),
            "verb" => |_| Says::Particle(Particle::Verb),
            "negated verb" => |_| Says::Particle(Particle::NegatedVerb),
            "relative" => |_| Says::Particle(Particle::Relative),
            "denial" => |_| Says::Particle(Particle::Denial),
            "spoken" => Says::Digits,
            "letters" => Says::Letter,
            "sounds" => Says::Sound,
            _ => |_| Says::Nothing,
        };
        for item in list.split(", ") {
            let (phrase, said) = item.split_once('=').unwrap_or((item, ""));
            self.add(phrase, says(said));
        }
    }

    fn add(&mut self, phrase: &'static str, says: Says) {
        let word = words(phrase).next().unwrap_or_default();
        let rest = phrase.strip_prefix(word).unwrap_or_default();
        let first = folded(word);
        self.entries.push(Entry { key: key(&first), first, rest, phrase, says });
    }

    /// The entries whose first word begins like that of folded words.
    fn near<'a>(&'a self, words: &[&str]) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let key = key(words.first().copied().unwrap_or_default());
        let start = self.entries.partition_point(|entry| entry.key < key);
        self.entries[start..].iter().take_while(move |entry| entry.key == key)
    }

    /// What a phrase says as it stands, of what a function chooses; `words` are folded.
    fn said<T>(&self, words: &[&str], choose: impl Fn(Says) -> Option<T>) -> Option<T> {
        let mut chosen = self.near(words).filter_map(|entry| Some((choose(entry.says)?, entry)));
        chosen.find(|(_, entry)| entry.length_in(words, is_equal) == Some(words.len())).map(|(said, _)| said)
    }

    /// The longest phrase that folded words begin with and that says how they are to be taken, with its number of
    /// words.
    pub(super) fn cue(&self, words: &[&str]) -> Option<(Cue, usize)> {
        let cues = self.near(words).filter_map(|entry| match entry.says {
            Says::Cue(cue) => Some((cue, entry.length_in(words, is_equal)?)),
            _ => None,
        });
        // The first of several.
        cues.reduce(|best, cue| if cue.1 > best.1 { cue } else { best })
    }

    /// Whether folded words are a phrase that decides what a negation is about.
    pub(super) fn has_particle(&self, words: &[&str], particle: Particle) -> bool {
        self.said(words, |says| matches!(says, Says::Particle(own) if own == particle).then_some(())).is_some()
    }

    /// The digits of a number word: 90 for "ninety".
    pub(super) fn digits(&self, word: &str) -> Option<&'static str> {
        self.said(&[word], |says| if let Says::Digits(digits) = says { Some(digits) } else { None })
    }

    /// The letter of a name of one: t for "tea".
    pub(super) fn letter(&self, word: &str) -> Option<&'static str> {
        self.said(&[word], |says| if let Says::Letter(letter) = says { Some(letter) } else { None })
    }

    /// What folded words stand for when they are misheard: "fax" for "facts".
    pub(super) fn misheard(&self, words: &[&str]) -> Option<&'static str> {
        self.said(words, |says| if let Says::Sound(word) = says { Some(word) } else { None })
    }

    /// The words that English may have for a folded word of the same origin, the likeliest first: "reprocesar" is
    /// "reprocess" or nearly so.
    pub(super) fn cognates(&self, word: &str) -> impl Iterator<Item = String> {
        let endings = self.endings.iter().filter(|_| word.len() >= MIN_COGNATE_LEN);
        endings.filter_map(move |(own, english)| Some(word.strip_suffix(&*folded(own))?.to_owned() + english))
    }

    /// Whether a folded word carries no information.
    pub(super) fn is_stop_word(&self, word: &str) -> bool {
        self.said(&[word], |says| matches!(says, Says::Nothing).then_some(())).is_some()
    }

    /// Whether a folded word is in the table as it stands or in the singular.
    pub(super) fn lists(&self, word: &str) -> bool {
        let singular = word.strip_suffix("es").or_else(|| word.strip_suffix('s'));
        let lists = |word: &str| self.said(&[word], Some).is_some();
        lists(word) || singular.is_some_and(lists) || word.strip_suffix('s').is_some_and(lists)
    }

    /// The number of words of the longest phrase with a meaning that folded words begin with, in any inflection; 0 if
    /// they begin with none.
    pub(super) fn meaning_length(&self, words: &[&str]) -> usize {
        let meanings = self.near(words).filter(|entry| entry.meanings().is_some());
        let is_form = |own: &str, typed: &str| self.is_form(own, typed, false);
        meanings.filter_map(|entry| entry.length_in(words, is_form)).max().unwrap_or(0)
    }

    /// Whether a folded word is in the table with a meaning, in any inflection.
    pub(super) fn has_meaning(&self, word: &str) -> bool {
        self.meaning_length(&[word]) > 0
    }

    /// The phrases that mean the same as one, the best first; `words` are folded. A phrase that is listed itself means
    /// only what its own lines say and those of its plural, since related words can have one stem and differ in
    /// meaning:
    /// `operator` and `operation`.
    pub(super) fn meanings(&self, words: &[&str]) -> Vec<&'static str> {
        let is_listed = self.said(words, |says| matches!(says, Says::Means(_)).then_some(())).is_some();
        let is_form = |own: &str, typed: &str| self.is_form(own, typed, is_listed);
        let meanings = self.near(words).filter_map(|entry| Some((entry, entry.meanings()?)));
        let found = meanings.filter(|(entry, _)| entry.length_in(words, is_form) == Some(words.len()));
        found.flat_map(|(entry, means)| means.split(", ").filter(move |means| *means != entry.phrase)).collect()
    }

    /// Whether two words have the same stem; `is_plural` asks for a plural or singular of it.
    fn is_form(&self, own: &str, typed: &str, is_plural: bool) -> bool {
        let is_near = || match is_plural {
            true => is_same_but_for_number(own, typed),
            false => {
                let common = own.bytes().zip(typed.bytes()).take_while(|(a, b)| a == b).count();
                own.len().max(typed.len()) - common <= self.max_ending
            }
        };
        own == typed || (is_near() && self.stemmer.stem(own) == self.stemmer.stem(typed))
    }
}

impl Entry {
    /// The phrases that mean the same, separated by ", ".
    fn meanings(&self) -> Option<&'static str> {
        if let Says::Means(means) = self.says { Some(means) } else { None }
    }

    /// The number of its words, if folded words begin with it; `is_same` compares a word of it with a typed one.
    fn length_in(&self, typed: &[&str], is_same: impl Fn(&str, &str) -> bool) -> Option<usize> {
        let (first, mut rest) = typed.split_first()?;
        let is_next = |own: &str| rest.split_off_first().is_some_and(|typed| is_same(&folded(own), typed));
        let is_start = is_same(&self.first, first) && words(self.rest).all(is_next);
        is_start.then_some(typed.len() - rest.len())
    }
}

fn is_equal(own: &str, typed: &str) -> bool {
    own == typed
}

/// The first bytes of a folded word.
fn key(word: &str) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    key.iter_mut().zip(word.bytes()).for_each(|(key, byte)| *key = byte);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_begins_with_a_word() {
        let languages = Languages::new();
        for entry in languages
            .others
            .iter()
            .map(|language| &**language)
            .chain([&languages.english])
            .flat_map(|language| &language.entries)
        {
            assert_eq!(words(entry.phrase).count(), 1 + words(entry.rest).count(), "{}", entry.phrase);
        }
    }

    #[test]
    fn meanings_are_sorted_within_their_sections() {
        for table in [ENGLISH_TABLE, SPANISH_TABLE] {
            let sections = table.split("\n#");
            for section in sections {
                let meanings = section.lines().skip(1).filter(|line| !line.contains(": "));
                let phrases: Vec<_> =
                    meanings.map(|line| folded(line.split(" = ").next().unwrap_or_default())).collect();
                let unsorted = phrases.iter().zip(phrases.iter().skip(1)).find(|(a, b)| a > b);
                assert_eq!(unsorted, None);
            }
        }
    }
}
