//! From a need to ranked answers: what a person wants, in their words, against the names, other names and needs of
//! everything in a directory.
//!
//! An [`Index`] holds the distinct words of a directory, each with the answers it stands in. A query's words are
//! scored once against the distinct words, by `fuzzy-matcher` where they are not the same, and never against texts.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::directory::{Answer, Directory, Reach};

/// How much a word counts by where it stands.
const TITLE: f32 = 1.0;
const NEED: f32 = 0.95;
const ALIAS: f32 = 0.9;
const AUDIENCE: f32 = 0.7;
const PATH: f32 = 0.5;
const NOTE: f32 = 0.3;

/// What is left of an answer's score when the need names an audience that it does not serve.
const WRONG_AUDIENCE: f32 = 0.3;

/// The least likeness, of 1, that counts.
const LEAST_LIKENESS: f32 = 0.6;

/// As many words of a need as are looked at, and as many bytes of one; more is no need but an accident.
const MOST_WORDS: usize = 16;
const LONGEST_WORD: usize = 32;

/// Words that say nothing about a need.
const STOP_WORDS: &[&str] = &[
    "a", "about", "an", "and", "are", "at", "can", "do", "does", "for", "how", "i", "in", "is", "it", "my", "of", "on",
    "or", "our", "s", "the", "to", "we", "what", "where", "which", "who", "whom", "with", "you",
];

/// A directory made ready to be searched. Its words are read when the first need is asked for, so that nobody waits
/// for them before.
pub struct Index {
    directory: Arc<Directory>,
    words: OnceLock<Words>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index of {}", self.directory.id)
    }
}

impl Index {
    /// The index of a directory.
    pub fn new(directory: Arc<Directory>) -> Self {
        Self { directory, words: OnceLock::new() }
    }

    /// The answers to a need, best first, so many at the most. The order is total: it does not change between runs.
    pub fn find(&self, need: &str, most: usize) -> Vec<Hit> {
        let words = self.words.get_or_init(|| Words::new(&self.directory));
        let typed = typed(need);
        let mut found = words.by_number(need).unwrap_or_else(|| words.by_words(&typed));
        found.sort_by(|(a, left), (b, right)| right.total_cmp(left).then(a.cmp(b)));
        found.into_iter().take(most).map(|(answer, score)| words.hit(answer, score, &typed)).collect()
    }
}

/// The words of a directory and where they stand.
struct Words {
    words: Vec<(Box<str>, Vec<Posting>)>,
    numbers: Vec<(Box<str>, u32)>,
    answers: Vec<Listed>,
    matcher: SkimMatcherV2,
}

#[derive(Clone, Copy)]
struct Posting {
    answer: u32,
    weight: f32,
}

struct Listed {
    answer: Answer,
    title: Box<str>,
    /// The words of audiences that it does not serve: naming one asks for something else.
    not_for: Vec<String>,
}

/// An answer to a need.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The answer.
    pub answer: Answer,
    /// How well it fits, from 0 to 1.
    pub score: f32,
    /// The characters of its title that the need matches, by their place.
    pub marks: Vec<usize>,
}

impl Words {
    /// Reads a directory's words.
    fn new(directory: &Directory) -> Self {
        let mut builder = Builder::default();
        for contact in 0..directory.contacts.len() {
            builder.contact(directory, contact);
        }
        for notice in 0..directory.notices.len() {
            builder.notice(directory, notice);
        }
        let words = builder.words.into_iter();
        Self {
            words: words.map(|(word, postings)| (word, postings.into_iter().map(Posting::from).collect())).collect(),
            numbers: builder.numbers,
            answers: builder.answers,
            matcher: SkimMatcherV2::default(),
        }
    }

    /// Whose number it is, if the need is one: three digits at the least and nothing but what numbers are written with.
    fn by_number(&self, need: &str) -> Option<Vec<(u32, f32)>> {
        let digits: String = need.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 3 || need.contains(|c: char| !(c.is_ascii_digit() || " +-.()/".contains(c))) {
            return None;
        }
        let mut found: BTreeMap<u32, f32> = BTreeMap::new();
        for (number, answer) in self.numbers.iter().filter(|(number, _)| number.contains(&digits)) {
            let score = found.entry(*answer).or_default();
            *score = score.max(if number.ends_with(&digits) { 1.0 } else { 0.8 });
        }
        // Statutes and room numbers stand in texts.
        (!found.is_empty()).then(|| found.into_iter().collect())
    }

    fn by_words(&self, typed: &[String]) -> Vec<(u32, f32)> {
        let mut found: HashMap<u32, (f32, usize)> = HashMap::new();
        let mut possible = 0.0;
        for word in typed {
            let (best, rarity) = self.by_word(word);
            possible += rarity;
            for (answer, score) in best {
                let entry = found.entry(answer).or_default();
                entry.0 += score * rarity;
                entry.1 += 1;
            }
        }
        let enough = typed.len().div_ceil(2);
        let found = found.into_iter().filter(|(_, (_, matched))| *matched >= enough);
        let fits = |answer: u32| {
            let not_for = &self.answers[answer as usize].not_for;
            if typed.iter().any(|word| not_for.contains(word)) { WRONG_AUDIENCE } else { 1.0 }
        };
        found.map(|(answer, (score, _))| (answer, fits(answer) * score / possible)).collect()
    }

    /// The best score of a word in every answer that has a word like it, and how much so rare a word counts.
    fn by_word(&self, typed: &str) -> (BTreeMap<u32, f32>, f32) {
        let mut best: BTreeMap<u32, f32> = BTreeMap::new();
        for (word, postings) in &self.words {
            let likeness = self.likeness(word, typed);
            if likeness >= LEAST_LIKENESS {
                for posting in postings {
                    let score = best.entry(posting.answer).or_default();
                    *score = score.max(likeness * posting.weight);
                }
            }
        }
        let (all, with) = (self.answers.len() as f32, best.len() as f32);
        (best, (1.0 + all / (1.0 + with)).ln())
    }

    /// How like a typed word is to a known one, from 0 to 1: the same, the same but for a plural, its beginning, a slip
    /// of the fingers, or its letters in order.
    fn likeness(&self, word: &str, typed: &str) -> f32 {
        let singular = |word: &'_ str| word.strip_suffix('s').map_or(word.len(), str::len);
        if word == typed {
            return 1.0;
        }
        if word[..singular(word)] == typed[..singular(typed)] {
            return 0.98;
        }
        if word.starts_with(typed) {
            return 0.9;
        }
        if typed.len() < 4 || word.chars().next() != typed.chars().next() {
            return 0.0;
        }
        let slips = strsim::damerau_levenshtein(word, typed);
        if slips <= if typed.len() < 8 { 1 } else { 2 } {
            return 0.9 - 0.1 * slips as f32;
        }
        let itself = self.matcher.fuzzy_match(typed, typed).unwrap_or(0);
        let length = typed.len() as f32 / word.len() as f32;
        let score = self.matcher.fuzzy_match(word, typed).unwrap_or(0);
        0.9 * length * (score as f32 / itself.max(1) as f32).min(1.0)
    }

    fn hit(&self, place: u32, score: f32, typed: &[String]) -> Hit {
        let listed = &self.answers[place as usize];
        let mut marks: Vec<usize> = typed.iter().flat_map(|word| self.marks(&listed.title, word)).collect();
        marks.sort_unstable();
        marks.dedup();
        Hit { answer: listed.answer, score, marks }
    }

    /// The characters of a title that a typed word matches: within its likest word.
    fn marks(&self, title: &str, typed: &str) -> Vec<usize> {
        let mut best = (LEAST_LIKENESS, Vec::new());
        for (start, word) in spans(title) {
            let lower = word.to_lowercase();
            let likeness = self.likeness(&lower, typed);
            if likeness >= best.0 {
                let within = self
                    .matcher
                    .fuzzy_indices(&lower, typed)
                    .map_or_else(|| (0..lower.chars().count()).collect(), |(_, indices)| indices);
                best = (likeness, within.into_iter().map(|index| start + index).collect());
            }
        }
        best.1
    }
}

#[derive(Default)]
struct Builder {
    words: BTreeMap<Box<str>, BTreeMap<u32, f32>>,
    numbers: Vec<(Box<str>, u32)>,
    answers: Vec<Listed>,
}

impl From<(u32, f32)> for Posting {
    fn from((answer, weight): (u32, f32)) -> Self {
        Self { answer, weight }
    }
}

impl Builder {
    fn add(&mut self, directory: &Directory, answer: Answer) -> u32 {
        let place = u32::try_from(self.answers.len()).unwrap_or(u32::MAX);
        let title = directory.title(answer);
        let not_for = directory.path(answer).into_iter().flat_map(|option| option.not_for.iter());
        let not_for = not_for.flat_map(|audience| words(&directory.audiences[audience].short)).collect();
        self.answers.push(Listed { answer, title: title.into(), not_for });
        self.text(place, title, TITLE);
        place
    }

    fn contact(&mut self, directory: &Directory, contact: usize) {
        let answers = (0..directory.contacts[contact].options.len()).map(|option| Answer::Option(contact, option));
        for answer in std::iter::once(Answer::Contact(contact)).chain(answers) {
            let place = self.add(directory, answer);
            if let Some(about) = directory.about(answer) {
                about.needs.iter().for_each(|need| self.text(place, need, NEED));
                about.aliases.iter().for_each(|alias| self.text(place, alias, ALIAS));
                about.services.iter().for_each(|service| self.text(place, service, ALIAS));
                about.notes.iter().for_each(|note| self.text(place, note, NOTE));
            }
            for audience in directory.audiences(answer).iter().filter_map(|place| directory.audiences.get(place)) {
                self.text(place, &audience.name, AUDIENCE);
                self.text(place, &audience.short, AUDIENCE);
                audience.aliases.iter().for_each(|alias| self.text(place, alias, AUDIENCE));
            }
            if let Some(parent) = directory.parent(answer) {
                self.text(place, directory.title(parent), PATH);
                continue;
            }
            for channel in &directory.contacts[contact].channels {
                self.text(place, channel.reach.kind(), PATH);
                match &channel.reach {
                    Reach::Phone(number) | Reach::Fax(number) | Reach::Tty(number) => {
                        self.numbers.push((number.e164().trim_start_matches('+').into(), place));
                    }
                    other => other.printed().into_iter().for_each(|address| self.text(place, address, ALIAS)),
                }
            }
        }
    }

    fn notice(&mut self, directory: &Directory, notice: usize) {
        let place = self.add(directory, Answer::Notice(notice));
        let listed = &directory.notices[notice];
        listed.needs.iter().for_each(|need| self.text(place, need, NEED));
        listed.aliases.iter().for_each(|alias| self.text(place, alias, ALIAS));
        listed.site.iter().for_each(|site| self.text(place, site.printed(), ALIAS));
        for section in 0..listed.sections.len() {
            let place = self.add(directory, Answer::Section(notice, section));
            listed.sections[section].text.iter().for_each(|text| self.text(place, text, NOTE));
        }
    }

    fn text(&mut self, answer: u32, text: &str, weight: f32) {
        // A word says more of a short text than of a long one.
        let weight = weight * (0.85 + 0.15 / words(text).count().max(1) as f32);
        for word in words(text) {
            let best = self.words.entry(word.into()).or_default().entry(answer).or_default();
            *best = best.max(weight);
        }
    }
}

/// The words of a need that say something; all of them where none does.
fn typed(need: &str) -> Vec<String> {
    let mut typed: Vec<String> = words(need).filter(|word| word.len() <= LONGEST_WORD).take(MOST_WORDS).collect();
    if typed.iter().any(|word| !STOP_WORDS.contains(&word.as_str())) {
        typed.retain(|word| !STOP_WORDS.contains(&word.as_str()));
    }
    typed
}

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    spans(text).map(|(_, word)| word.to_lowercase())
}

/// The words of a text, each with the place of its first character.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut characters = 0;
    text.split(|c: char| !c.is_alphanumeric()).filter_map(move |word| {
        let start = characters;
        characters += word.chars().count() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}
