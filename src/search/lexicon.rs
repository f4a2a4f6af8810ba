//! The lexicon: the distinct words of a catalog, and which of them a typed word may stand for.
//!
//! Looking up a word and its inflections is a binary search, and its completions are a range of the sorted words. Typos
//! and abbreviations need a pass over all words, which a bit set of the letters of each keeps cheap: it rules out
//! nearly all words without comparing them. That pass is only made for words that are found in no other way.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::MatchKind;
use super::text::{EnglishStemmer, is_stop_word, letters};
use super::weights::Weights;

/// The index of a word in the lexicon.
pub(super) type WordId = u32;

// Lengths of words are in bytes, except those of typos, which are in characters.

/// The minimum length of a word in the middle of a query that is taken for a prefix. The last word may still be
/// growing, so any length will do.
pub(super) const MIN_PREFIX_LEN: usize = 3;
/// The length from which a word that matches as a prefix may also be mistyped.
const MIN_MISTYPED_PREFIX_LEN: usize = 5;
/// The maximum number of completions of a prefix, and the number of documents after which no more are added. A prefix
/// of one letter would otherwise touch most of the index.
const MAX_COMPLETIONS: usize = 48;
const MAX_COMPLETION_DOCUMENTS: u32 = 20_000;
/// The minimum length of each of two words that are written as one.
const MIN_HALF_LEN: usize = 2;
/// The maximum number of words that a mistyped or abbreviated word may stand for.
const MAX_SIMILAR: usize = 8;
/// Words with the same stem are forms of one word if each ends in at most this many bytes of its own. `open` and
/// `openings` are related, but not the same.
const MAX_ENDING_LEN: usize = 3;

/// The beginnings of words that the stemmer takes for forms of one word, and that are not.
const UNRELATED: &[(&str, &str)] = &[
    ("operator", "operat"),
    ("opening", "open"),
    ("general", "generat"),
    ("university", "univers"),
    ("organiz", "organ"),
    ("policy", "polic"),
    ("policies", "polic"),
    ("reporter", "report"),
];

/// The words of a catalog.
pub(super) struct Lexicon {
    /// Sorted; a [`WordId`] is an index.
    words: Vec<Word>,
    /// The stem of every word, sorted.
    stems: Vec<(Box<str>, WordId)>,
    stemmer: EnglishStemmer,
}

struct Word {
    text: Box<str>,
    /// Its letters and digits as a bit set; see [`letters`].
    letters: u64,
    usage: WordUsage,
}

/// How the documents use a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordUsage {
    pub(super) document_count: u32,
    /// The maximum weight of the word in a document.
    pub(super) max_weight: f32,
}

/// A word of the catalog that a typed word may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) word: WordId,
    /// How likely the word is meant, from 0 to 1.
    pub(super) similarity: f32,
    pub(super) kind: MatchKind,
}

impl Lexicon {
    /// The lexicon of words that are distinct and sorted.
    pub(super) fn new(words: Vec<(Box<str>, WordUsage)>) -> Self {
        let stemmer = EnglishStemmer::new();
        let mut stems: Vec<(Box<str>, WordId)> = Vec::with_capacity(words.len());
        for (id, (word, _)) in (0..).zip(&words) {
            stems.push((stemmer.stem(word).into(), id));
        }
        stems.sort_unstable();
        let words = words.into_iter().map(|(text, usage)| Word { letters: letters(&text), text, usage }).collect();
        Self { words, stems, stemmer }
    }

    pub(super) fn text(&self, word: WordId) -> &str {
        self.words.get(word as usize).map_or("", |word| &word.text)
    }

    /// The words, in the order of their ids.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &*word.text)
    }

    pub(super) fn id(&self, text: &str) -> Option<WordId> {
        self.words.binary_search_by(|word| (*word.text).cmp(text)).ok().and_then(|id| WordId::try_from(id).ok())
    }

    pub(super) fn stem(&self, word: &str) -> String {
        self.stemmer.stem(word).into_owned()
    }

    /// The stems of the words of a text that carry information.
    pub(super) fn informative_stems(&self, text: &str) -> Vec<String> {
        self.stemmer.informative_stems(text)
    }

    /// The words that a typed word may stand for, the most similar first: the same word, its inflections and its
    /// completions. A word that has none of these, or only doubtful ones, is compared as mistyped, then as abbreviated.
    pub(super) fn candidates(
        &self,
        typed: &str,
        is_growing: bool,
        may_be_mistyped: bool,
        weights: &Weights,
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        self.add_forms(typed, weights, &mut candidates);
        // "on" is a word, but may also become "online".
        if is_growing && is_stop_word(typed) {
            candidates.iter_mut().for_each(|candidate| candidate.similarity *= weights.unfinished_stop_word);
        }
        let is_known = candidates.first().is_some_and(|first| first.similarity > weights.unfinished_stop_word);
        if is_growing || (may_be_mistyped && !is_known && typed.len() >= MIN_PREFIX_LEN) {
            self.add_completions(typed, is_known, weights, &mut candidates);
        }
        // A shortened word may have a plural: `comms`.
        if let (true, Some(singular)) = (candidates.is_empty(), typed.strip_suffix('s'))
            && singular.len() >= MIN_PREFIX_LEN
        {
            self.add_completions(singular, false, weights, &mut candidates);
        }
        let has_digits = typed.bytes().any(|byte| byte.is_ascii_digit());
        // A word whose stem is known may still be a typo of another: `contracter`. So may a long prefix: `phoen`.
        let is_certain = |candidate: &Candidate| match candidate.kind {
            MatchKind::Stem => false,
            MatchKind::Prefix => typed.len() < MIN_MISTYPED_PREFIX_LEN,
            _ => true,
        };
        if may_be_mistyped && !has_digits && !candidates.iter().any(is_certain) {
            self.add_typos(typed, weights, &mut candidates);
            if candidates.is_empty() {
                self.add_abbreviated(typed, weights, &mut candidates);
            }
        }
        candidates
    }

    /// Whether a word of the catalog begins with a typed one.
    pub(super) fn completes(&self, typed: &str) -> bool {
        let start = self.words.partition_point(|word| *word.text < *typed);
        self.words.get(start).is_some_and(|word| word.text.starts_with(typed))
    }

    /// The same word, if the catalog has it.
    pub(super) fn exact(&self, typed: &str, weights: &Weights) -> Option<Candidate> {
        self.id(typed).map(|word| Candidate { word, similarity: weights.exact, kind: MatchKind::Exact })
    }

    /// Adds the same word and the words with its stem.
    fn add_forms(&self, typed: &str, weights: &Weights, candidates: &mut Vec<Candidate>) {
        let exact = self.exact(typed, weights);
        candidates.extend(exact);
        let exact = exact.map(|exact| exact.word);
        let stem = self.stemmer.stem(typed);
        let start = self.stems.partition_point(|(known, _)| **known < *stem);
        let same = self.stems.get(start..).into_iter().flatten().take_while(|(known, _)| **known == *stem);
        let is_other = |word: WordId| Some(word) != exact && !is_unrelated(self.text(word), typed);
        candidates.extend(same.filter(|(_, word)| is_other(*word)).map(|(_, word)| {
            let similarity = if is_form(self.text(*word), typed) { weights.stem } else { weights.distant_stem };
            Candidate { word: *word, similarity, kind: MatchKind::Stem }
        }));
    }

    /// Adds the words that begin with a typed one; the less is missing, the more similar. Where too many do, those that
    /// weigh most in some document are kept.
    fn add_completions(&self, typed: &str, is_known: bool, weights: &Weights, candidates: &mut Vec<Candidate>) {
        let start = self.words.partition_point(|word| *word.text < *typed);
        let completions = self.words.get(start..).into_iter().flatten().take_while(|word| word.text.starts_with(typed));
        let is_new = |id: WordId| !candidates.iter().any(|candidate| candidate.word == id);
        let mut found: Vec<(WordId, &Word)> =
            (0..).skip(start).zip(completions).filter(|(id, _)| is_new(*id)).collect();
        if found.len() > MAX_COMPLETIONS {
            let order = |a: &(WordId, &Word), b: &(WordId, &Word)| {
                b.1.usage.max_weight.total_cmp(&a.1.usage.max_weight).then(a.0.cmp(&b.0))
            };
            found.select_nth_unstable_by(MAX_COMPLETIONS, order);
            found.truncate(MAX_COMPLETIONS);
            found.sort_unstable_by(order);
        }
        let mut document_count = 0;
        let kept = found.into_iter().take_while(|(_, word)| {
            let before = document_count;
            document_count += word.usage.document_count;
            before < MAX_COMPLETION_DOCUMENTS
        });
        let shortest = if is_known { weights.short_prefix_of_known } else { weights.short_prefix };
        candidates.extend(kept.map(|(word, Word { text, .. })| {
            let share = typed.len() as f32 / text.len() as f32;
            let similarity = weights.prefix * (shortest + (1.0 - shortest) * share);
            Candidate { word, similarity, kind: MatchKind::Prefix }
        }));
        candidates.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    }

    /// Whether a word is a few typos away from one of the catalog.
    pub(super) fn is_typo(&self, typed: &str, weights: &Weights) -> bool {
        let mut candidates = Vec::new();
        self.add_typos(typed, weights, &mut candidates);
        !candidates.is_empty()
    }

    /// Adds the words that are a few typos away: one in a word of 4 to 6 characters, two in a longer one; of 3, only
    /// two letters in the wrong order. The first letter is rarely wrong, so a typo in it must be the only one.
    fn add_typos(&self, typed: &str, weights: &Weights, candidates: &mut Vec<Candidate>) {
        let length = typed.chars().count();
        let max_typos = match length {
            0..3 => return,
            3..7 => 1,
            _ => 2,
        };
        let (typed_letters, first) = (letters(typed), typed.chars().next());
        for (word, id) in self.words.iter().zip(0..) {
            // A typo changes at most two letters of the set: it can replace one by another.
            if (length == 3 && word.letters != typed_letters)
                || (word.letters ^ typed_letters).count_ones() as usize > 2 * max_typos
                || word.text.len().abs_diff(typed.len()) > 2 * max_typos
                || is_stop_word(&word.text)
            {
                continue;
            }
            // The missing s of a plural is not a typo.
            let text = word.text.strip_suffix('s').filter(|_| !typed.ends_with('s')).unwrap_or(&word.text);
            let typo_count = strsim::damerau_levenshtein(text, typed);
            let keeps_first = word.text.chars().next() == first;
            if typo_count > 0 && typo_count <= max_typos && (keeps_first || (typo_count == 1 && length > 4)) {
                let similarity = weights.typo
                    * (1.0 - (typo_count - 1) as f32 * weights.second_typo)
                    * (1.0 - weights.typo_in_short_word / length as f32);
                candidates.push(Candidate { word: id, similarity, kind: MatchKind::Typo });
            }
        }
        keep_most_similar(candidates);
    }

    /// Adds the words that a typed one abbreviates: they begin with its first letter and have the others in order, as
    /// in
    /// `acct` and `mgmt`.
    fn add_abbreviated(&self, typed: &str, weights: &Weights, candidates: &mut Vec<Candidate>) {
        if typed.chars().count() < MIN_PREFIX_LEN {
            return;
        }
        let (typed_letters, first) = (letters(typed), typed.chars().next());
        let max_score = fuzzy_matcher().fuzzy_match(typed, typed).unwrap_or(1).max(1) as f32;
        for (word, id) in self.words.iter().zip(0..) {
            let has_letters = word.letters & typed_letters == typed_letters;
            if !has_letters || word.text.chars().next() != first || is_stop_word(&word.text) {
                continue;
            }
            if !is_shortened(&word.text, typed) {
                continue;
            }
            let Some(score) = fuzzy_matcher().fuzzy_match(&word.text, typed) else { continue };
            let score = (score as f32 / max_score).min(1.0);
            if score >= weights.min_fuzzy_score {
                let share = typed.len() as f32 / word.text.len() as f32;
                let shortest = weights.short_abbreviation;
                let similarity = weights.fuzzy * score * (shortest + (1.0 - shortest) * share);
                candidates.push(Candidate { word: id, similarity, kind: MatchKind::Fuzzy });
            }
        }
        keep_most_similar(candidates);
    }

    /// The two words of the catalog that are written as one, such as `idcard`.
    pub(super) fn split(&self, typed: &str, weights: &Weights) -> Option<[Candidate; 2]> {
        let known = |text: &str| {
            let word = self.id(text).filter(|_| text.len() >= MIN_HALF_LEN && !is_stop_word(text))?;
            Some(Candidate { word, similarity: weights.split, kind: MatchKind::Split })
        };
        let halves = |(i, _)| {
            let (left, right) = typed.split_at(i);
            Some([known(left)?, known(right)?])
        };
        // Prefer the longest first half.
        typed.char_indices().rev().find_map(halves)
    }
}

/// The indices of the characters of a word that a prefix or an abbreviation matches.
pub(super) fn marks(word: &str, typed: &str) -> Vec<usize> {
    match fuzzy_matcher().fuzzy_indices(word, typed) {
        Some((_, marks)) => marks,
        None => (0..word.chars().count()).collect(),
    }
}

/// A matcher for one comparison. A matcher that is reused keeps stale cells in its cache, which make the score depend
/// on earlier searches; with `use_cache(false)` it panics, because it clears the cache while it is borrowed
/// (`fuzzy-matcher`
/// 0.3.7). Few enough words are compared that a new one costs nothing that can be measured.
fn fuzzy_matcher() -> SkimMatcherV2 {
    SkimMatcherV2::default()
}

fn keep_most_similar(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(a.word.cmp(&b.word)));
    candidates.truncate(MAX_SIMILAR);
}

/// Whether two words with the same stem are forms of one word rather than only related.
pub(super) fn is_form(a: &str, b: &str) -> bool {
    let common = common_prefix_len(a, b);
    a.len() - common <= MAX_ENDING_LEN && b.len() - common <= MAX_ENDING_LEN
}

/// Whether two words are the same, or one is the plural of the other.
pub(super) fn is_same_but_for_number(a: &str, b: &str) -> bool {
    let common = common_prefix_len(a, b);
    let is_number = |ending: &str| ["", "s", "es", "y", "ies"].contains(&ending);
    a.get(common..).is_some_and(is_number) && b.get(common..).is_some_and(is_number)
}

/// Whether two words with the same stem mean different things.
fn is_unrelated(a: &str, b: &str) -> bool {
    let is_pair = |(first, second): &(&str, &str)| {
        let is_each = |a: &str, b: &str| a.starts_with(first) && b.starts_with(second) && !b.starts_with(first);
        is_each(a, b) || is_each(b, a)
    };
    UNRELATED.iter().any(is_pair)
}

/// Whether a typed word only leaves out letters as people shorten words: after the common prefix, it has no vowels.
fn is_shortened(word: &str, typed: &str) -> bool {
    typed.bytes().skip(common_prefix_len(word, typed)).all(|letter| !b"aeiou".contains(&letter))
}

/// In bytes.
fn common_prefix_len(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
