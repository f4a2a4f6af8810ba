//! The lexicon: the distinct words of a catalog, and which of them a typed word may stand for.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::MatchKind;
use super::text::{Stems, is_stop_word, letters};
use super::weights::WEIGHTS;

/// The index of a word in the lexicon.
pub(super) type WordId = u32;

/// The shortest prefix that counts in the middle of a query, in characters; the last word may still be growing.
const SHORTEST_PREFIX: usize = 3;
/// The shortest prefix that may as well be a word with a typo, in characters.
const LONG_PREFIX: usize = 5;
/// The number of words that a prefix stands for, and the number of documents they may stand in before no more words
/// are taken: a prefix of one letter would otherwise touch most of the index.
const MAX_COMPLETIONS: usize = 48;
const MAX_PREFIX_DOCUMENTS: u32 = 20_000;
/// The shortest half of two words written as one, in characters.
const SHORTEST_HALF: usize = 2;
/// The number of known words that a mistyped or abbreviated word may stand for.
const MAX_GUESSES: usize = 8;
/// Forms of a word whose endings differ by more characters than this are related but not the same: `open`, `openings`.
const MAX_ENDING: usize = 3;

/// The words of a catalog, in order.
pub(super) struct Lexicon {
    words: Vec<Word>,
    /// The words by their stems, in order.
    stems: Vec<(Box<str>, WordId)>,
    stemmer: Stems,
    matcher: SkimMatcherV2,
}

struct Word {
    text: Box<str>,
    letters: u64,
    usage: Usage,
}

/// How the documents use a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// How many documents it stands in.
    pub(super) documents: u32,
    /// The largest weight of the word in a document.
    pub(super) most: f32,
}

/// A known word that a typed one may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guess {
    pub(super) word: WordId,
    /// How likely it is meant, from 0 to 1.
    pub(super) likeness: f32,
    pub(super) how: MatchKind,
}

impl Lexicon {
    /// The lexicon of words that are distinct and in order.
    pub(super) fn new(words: Vec<(Box<str>, Usage)>) -> Self {
        let stemmer = Stems::new();
        let mut stems: Vec<(Box<str>, WordId)> = Vec::with_capacity(words.len());
        for (id, (word, _)) in (0..).zip(&words) {
            stems.push((stemmer.stem(word).into(), id));
        }
        stems.sort_unstable();
        let words = words.into_iter().map(|(text, usage)| Word { letters: letters(&text), text, usage }).collect();
        Self { words, stems, stemmer, matcher: SkimMatcherV2::default() }
    }

    pub(super) fn text(&self, word: WordId) -> &str {
        self.words.get(word as usize).map_or("", |word| &word.text)
    }

    pub(super) fn id(&self, text: &str) -> Option<WordId> {
        self.words.binary_search_by(|word| (*word.text).cmp(text)).ok().and_then(|id| WordId::try_from(id).ok())
    }

    pub(super) fn stem(&self, word: &str) -> String {
        self.stemmer.stem(word).into_owned()
    }

    /// What a typed word stands for: the same word and its other forms, words that it begins, else, where it may be
    /// mistyped, a slip of the fingers, else its letters in order.
    pub(super) fn guesses(&self, typed: &str, is_growing: bool, may_be_mistyped: bool) -> Vec<Guess> {
        let mut guesses = Vec::new();
        self.forms(typed, &mut guesses);
        // "on" is a word, and the beginning of "online".
        if is_growing && is_stop_word(typed) {
            guesses.iter_mut().for_each(|guess| guess.likeness *= WEIGHTS.unfinished_stop_word);
        }
        let is_known = guesses.first().is_some_and(|guess| guess.likeness > WEIGHTS.unfinished_stop_word);
        if is_growing || (may_be_mistyped && !is_known && typed.len() >= SHORTEST_PREFIX) {
            self.completions(typed, is_known, &mut guesses);
        }
        // A shortened word may have a plural: `comms`.
        if let (true, Some(singular)) = (guesses.is_empty(), typed.strip_suffix('s'))
            && singular.len() >= SHORTEST_PREFIX
        {
            self.completions(singular, false, &mut guesses);
        }
        let has_digits = typed.bytes().any(|byte| byte.is_ascii_digit());
        // A word with a known stem may be another word, mistyped: `contracter`; and so may a long beginning: `phoen`.
        let is_sure = |guess: &Guess| match guess.how {
            MatchKind::Stem => false,
            MatchKind::Prefix => typed.len() < LONG_PREFIX,
            _ => true,
        };
        if may_be_mistyped && !has_digits && !guesses.iter().any(is_sure) {
            self.slips(typed, &mut guesses);
            if guesses.is_empty() {
                self.abbreviated(typed, &mut guesses);
            }
        }
        guesses
    }

    /// The same word only.
    pub(super) fn same(&self, typed: &str) -> Vec<Guess> {
        self.id(typed).map(|word| Guess { word, likeness: WEIGHTS.exact, how: MatchKind::Exact }).into_iter().collect()
    }

    /// The same word and those with its stem.
    fn forms(&self, typed: &str, guesses: &mut Vec<Guess>) {
        let exact = self.id(typed);
        guesses.extend(exact.map(|word| Guess { word, likeness: WEIGHTS.exact, how: MatchKind::Exact }));
        let stem = self.stemmer.stem(typed);
        let start = self.stems.partition_point(|(known, _)| **known < *stem);
        let same = self.stems.get(start..).into_iter().flatten().take_while(|(known, _)| **known == *stem);
        guesses.extend(same.filter(|(_, word)| Some(*word) != exact).map(|(_, word)| {
            let likeness = if is_form(self.text(*word), typed) { WEIGHTS.stem } else { WEIGHTS.distant_stem };
            Guess { word: *word, likeness, how: MatchKind::Stem }
        }));
    }

    /// The words that a typed one begins; the less is missing, the likelier. A letter or two begin many words: those that
    /// say most about a document come first.
    fn completions(&self, typed: &str, is_known: bool, guesses: &mut Vec<Guess>) {
        let start = self.words.partition_point(|word| *word.text < *typed);
        let begun = self.words.get(start..).into_iter().flatten().take_while(|word| word.text.starts_with(typed));
        let is_new = |id: WordId| !guesses.iter().any(|guess| guess.word == id);
        let ids = (0..).skip(start).zip(begun).filter(|(id, _)| is_new(*id));
        let mut found: Vec<(WordId, &Word)> = ids.collect();
        if found.len() > MAX_COMPLETIONS {
            let order = |a: &(WordId, &Word), b: &(WordId, &Word)| {
                b.1.usage.most.total_cmp(&a.1.usage.most).then(a.0.cmp(&b.0))
            };
            found.select_nth_unstable_by(MAX_COMPLETIONS, order);
            found.truncate(MAX_COMPLETIONS);
            found.sort_unstable_by(order);
        }
        let mut documents = 0;
        let few = found.into_iter().take_while(|(_, word)| {
            let before = documents;
            documents += word.usage.documents;
            before < MAX_PREFIX_DOCUMENTS
        });
        let sure = if is_known { 0.3 } else { 0.97 };
        guesses.extend(few.map(|(word, Word { text, .. })| {
            let share = typed.len() as f32 / text.len() as f32;
            Guess { word, likeness: WEIGHTS.prefix * (sure + (1.0 - sure) * share), how: MatchKind::Prefix }
        }));
        guesses.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    }

    /// The words a slip of the fingers away: none in under 4 letters, one in 4 to 7, two in more. The first letter is
    /// hardly ever wrong, so that it may be only where it is the only slip.
    fn slips(&self, typed: &str, guesses: &mut Vec<Guess>) {
        let length = typed.chars().count();
        let budget = match length {
            0..4 => return,
            4..8 => 1,
            _ => 2,
        };
        let (set, first) = (letters(typed), typed.chars().next());
        for (word, id) in self.words.iter().zip(0..) {
            // A slip changes two letters of the set at the most.
            if (word.letters ^ set).count_ones() as usize > 2 * budget
                || word.text.len().abs_diff(typed.len()) > 2 * budget
                || is_stop_word(&word.text)
            {
                continue;
            }
            // Of a plural that was typed as a singular the s is no slip.
            let singular = word.text.strip_suffix('s').filter(|_| !typed.ends_with('s')).unwrap_or(&word.text);
            let slips = strsim::damerau_levenshtein(singular, typed);
            let keeps_first = word.text.chars().next() == first;
            if slips > 0 && slips <= budget && (keeps_first || (slips == 1 && length > 4)) {
                let likeness = WEIGHTS.typo * (1.0 - (slips - 1) as f32 * 0.2) * (1.0 - 0.5 / length as f32);
                guesses.push(Guess { word: id, likeness, how: MatchKind::Typo });
            }
        }
        self.best(guesses);
    }

    /// The words that have the typed letters in their order and begin with the first: `acct`, `mgmt`.
    fn abbreviated(&self, typed: &str, guesses: &mut Vec<Guess>) {
        if typed.chars().count() < SHORTEST_PREFIX {
            return;
        }
        let (set, first) = (letters(typed), typed.chars().next());
        let itself = self.matcher.fuzzy_match(typed, typed).unwrap_or(1).max(1) as f32;
        for (word, id) in self.words.iter().zip(0..) {
            if word.letters & set != set || word.text.chars().next() != first || is_stop_word(&word.text) {
                continue;
            }
            if !is_shortened(&word.text, typed) {
                continue;
            }
            let Some(score) = self.matcher.fuzzy_match(&word.text, typed) else { continue };
            let score = (score as f32 / itself).min(1.0);
            if score >= WEIGHTS.min_fuzzy {
                let share = typed.len() as f32 / word.text.len() as f32;
                guesses.push(Guess {
                    word: id,
                    likeness: WEIGHTS.fuzzy * score * (0.8 + 0.2 * share),
                    how: MatchKind::Fuzzy,
                });
            }
        }
        self.best(guesses);
    }

    fn best(&self, guesses: &mut Vec<Guess>) {
        guesses.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.word.cmp(&b.word)));
        guesses.truncate(MAX_GUESSES);
    }

    /// Two known words in one, such as `idcard`.
    pub(super) fn halves(&self, typed: &str) -> Option<[Guess; 2]> {
        let says = |text: &str| text.len() >= SHORTEST_HALF && !is_stop_word(text);
        let known = |text: &str| says(text).then(|| self.id(text)).flatten();
        let guess = |word| Guess { word, likeness: WEIGHTS.split, how: MatchKind::Split };
        let both = |(place, _)| {
            let (left, right) = typed.split_at(place);
            Some([guess(known(left)?), guess(known(right)?)])
        };
        // The longest first half: `idcard` is `id` and `card`, and `accountservices` has no `a`.
        typed.char_indices().rev().find_map(both)
    }

    /// The letters of a known word that a typed one matches, by their place.
    pub(super) fn marks(&self, word: &str, typed: &str) -> Vec<usize> {
        match self.matcher.fuzzy_indices(word, typed) {
            Some((_, marks)) => marks,
            None => (0..word.chars().count()).collect(),
        }
    }
}

/// Whether two words with the same stem are forms of one word, and not only related.
pub(super) fn is_form(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.len() - common <= MAX_ENDING && b.len() - common <= MAX_ENDING
}

/// Whether vowels at the most are left out after the letters that both words begin with, as people shorten words.
fn is_shortened(word: &str, typed: &str) -> bool {
    let common = word.bytes().zip(typed.bytes()).take_while(|(a, b)| a == b).count();
    typed.bytes().skip(common).all(|letter| !b"aeiou".contains(&letter))
}
