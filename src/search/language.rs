//! What the search knows about languages: the tables in `data/languages`.
//!
//! A table has two kinds of lines. Lists, `label: a, b`, name the words and phrases that say how something is asked rather
//! than what: courtesies, negations, questions about hours, requests for a person. Meanings, `a, b = c, d`, and groups of
//! words that mean the same, `a, b, c`, lead from what callers say to what a directory may say. The tables do not depend
//! on a catalog.
//!
//! A program that runs one query must not wait for a table to be prepared: phrases are only sorted by their first letters
//! when it is read, and stemmed when a query has a word with the same ones.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};

use super::text::{folded, words};

const ENGLISH_TABLE: &str = include_str!("../../data/languages/en.txt");
const SPANISH_TABLE: &str = include_str!("../../data/languages/es.txt");

/// The maximum number of words in a phrase of a table.
pub(super) const MAX_PHRASE_WORDS: usize = 7;
/// The number of bytes by which phrases are sorted. Words with one stem begin with the same ones.
const KEY_LEN: usize = 3;

/// The languages that queries are understood in.
pub(super) struct Languages {
    /// The language of the catalog.
    pub(super) english: Language,
    /// The languages whose words are translated into English.
    pub(super) others: [Language; 1],
}

impl Languages {
    /// Reads the tables.
    pub(super) fn new() -> Self {
        Self {
            english: Language::new(ENGLISH_TABLE, Algorithm::English, 3),
            others: [Language::new(SPANISH_TABLE, Algorithm::Spanish, 5)],
        }
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

/// The table of a language.
pub(super) struct Language {
    /// Sorted by key.
    entries: Vec<Entry>,
    /// What the lines are called that a person answers.
    pub(super) reception: Vec<&'static str>,
    stemmer: Stemmer,
    /// The number of bytes in which forms of one word may end differently.
    max_ending: usize,
}

/// A phrase of a table.
struct Entry {
    /// The first bytes of its first word.
    key: [u8; KEY_LEN],
    phrase: &'static str,
    says: Says,
}

/// What a phrase says.
#[derive(Clone, Copy)]
enum Says {
    /// How the query is to be taken.
    Cue(Cue),
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
        let mut language =
            Self { entries: Vec::new(), reception: Vec::new(), stemmer: Stemmer::create(algorithm), max_ending };
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            language.read(line);
        }
        // Stable, so that the lines of a phrase keep their order.
        language.entries.sort_by_key(|entry| entry.key);
        language
    }

    fn read(&mut self, line: &'static str) {
        let Some((label, list)) = line.split_once(": ") else {
            let (phrases, means) = line.split_once(" = ").unwrap_or((line, line));
            return phrases.split(", ").for_each(|phrase| self.add(phrase, Says::Means(means)));
        };
        let says: fn(&'static str) -> Says = match label {
            "reception" => return self.reception.extend(list.split(", ")),
            "polite" => |_| Says::Cue(Cue::Polite),
            "not" => |_| Says::Cue(Cue::Not),
            "hours" => |_| Says::Cue(Cue::Hours),
            "open" => |_| Says::Cue(Cue::Open),
            "when" => |_| Says::Cue(Cue::When),
            "person" => |_| Says::Cue(Cue::Person),
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
        let first = words(phrase).next().map(folded).unwrap_or_default();
        self.entries.push(Entry { key: key(&first), phrase, says });
    }

    /// The entries whose first word begins like that of a phrase.
    fn near(&self, words: &[&str]) -> &[Entry] {
        let key = key(words.first().copied().unwrap_or_default());
        let start = self.entries.partition_point(|entry| entry.key < key);
        let length = self.entries[start..].partition_point(|entry| entry.key == key);
        &self.entries[start..start + length]
    }

    /// What a phrase says as it stands; `words` are folded.
    fn says<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = Says> + 'a {
        self.near(words).iter().filter(|entry| entry.is(words)).map(|entry| entry.says)
    }

    /// How a phrase is to be taken; `words` are folded.
    pub(super) fn cue(&self, words: &[&str]) -> Option<Cue> {
        self.says(words).find_map(|says| if let Says::Cue(cue) = says { Some(cue) } else { None })
    }

    /// The digits of a number word: 90 for "ninety".
    pub(super) fn digits(&self, word: &str) -> Option<&'static str> {
        self.says(&[word]).find_map(|says| if let Says::Digits(digits) = says { Some(digits) } else { None })
    }

    /// The letter of a name of one: t for "tea".
    pub(super) fn letter(&self, word: &str) -> Option<&'static str> {
        self.says(&[word]).find_map(|says| if let Says::Letter(letter) = says { Some(letter) } else { None })
    }

    /// What folded words stand for when they are misheard: "fax" for "facts".
    pub(super) fn misheard(&self, words: &[&str]) -> Option<&'static str> {
        self.says(words).find_map(|says| if let Says::Sound(word) = says { Some(word) } else { None })
    }

    /// Whether a folded word carries no information.
    pub(super) fn is_stop_word(&self, word: &str) -> bool {
        self.says(&[word]).any(|says| matches!(says, Says::Nothing))
    }

    /// Whether a folded word is in the table as it stands or in the singular.
    pub(super) fn lists(&self, word: &str) -> bool {
        let singular = word.strip_suffix("es").or_else(|| word.strip_suffix('s'));
        let lists = |word: &str| self.says(&[word]).next().is_some();
        lists(word) || singular.is_some_and(lists) || word.strip_suffix('s').is_some_and(lists)
    }

    /// Whether a phrase is in the table with a meaning, in any inflection; `words` are folded.
    pub(super) fn has_meaning(&self, words: &[&str]) -> bool {
        self.find(words).next().is_some()
    }

    /// The phrases that mean the same as one, the best first; `words` are folded.
    pub(super) fn meanings(&self, words: &[&str]) -> impl Iterator<Item = &'static str> + use<> {
        let found: Vec<(&'static str, &'static str)> = self.find(words).collect();
        found.into_iter().flat_map(|(phrase, means)| means.split(", ").filter(move |means| *means != phrase))
    }

    /// The phrases of the table that are forms of one, with what each means. A phrase that is listed itself means only what
    /// its own lines say and those of its plural, since related words can have one stem and differ in meaning: `operator`
    /// and `operation`.
    fn find<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = (&'static str, &'static str)> + 'a {
        let meaning =
            |entry: &Entry| if let Says::Means(means) = entry.says { Some((entry.phrase, means)) } else { None };
        let is_listed = self.says(words).any(|says| matches!(says, Says::Means(_)));
        let entries =
            self.near(words).iter().filter(move |entry| entry.is(words) || self.is_form(entry, words, is_listed));
        entries.filter_map(meaning)
    }

    /// Whether a phrase of the table has the same stems as another; `is_plural` asks for a plural or singular of it.
    fn is_form(&self, entry: &Entry, typed: &[&str], is_plural: bool) -> bool {
        let is_form = |own: &str, typed: &str| match is_plural {
            true => own.starts_with(typed) || typed.starts_with(own),
            false => {
                let common = own.bytes().zip(typed.bytes()).take_while(|(a, b)| a == b).count();
                own.len().max(typed.len()) - common <= self.max_ending
            }
        };
        let mut own = words(entry.phrase).map(folded);
        let all_match = typed.iter().all(|typed| {
            own.next().is_some_and(|own| is_form(&own, typed) && self.stemmer.stem(&own) == self.stemmer.stem(typed))
        });
        all_match && own.next().is_none()
    }
}

impl Entry {
    /// Whether it is a phrase of these folded words.
    fn is(&self, typed: &[&str]) -> bool {
        words(self.phrase).map(folded).eq(typed.iter().map(|word| Cow::Borrowed(*word)))
    }
}

/// The first bytes of a folded word.
fn key(word: &str) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    key.iter_mut().zip(word.bytes()).for_each(|(key, byte)| *key = byte);
    key
}
