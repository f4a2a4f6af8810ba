//! Finds entries by what they mean, where their words do not tell.
//!
//! The vectors of a catalog's words are computed when a query first needs them. A query is compared with a phrase by
//! the cosine of their vectors; since those are sums over words, comparing the query with each distinct word once is
//! enough, and a phrase costs an addition per word.

use super::inverted_index::InvertedIndex;
use super::lexicon::WordId;
use super::vectors::{Vector, VectorTable};

/// The maximum number of phrases of a catalog that is searched by meaning. In larger ones, meaning only ranks what
/// words have found.
const MAX_PHRASES: usize = 50_000;

/// The vectors of the words of a catalog, and the lengths of those of its phrases.
pub(super) struct MeaningIndex {
    /// `None` without the feature `semantic`.
    table: Option<VectorTable>,
    words: Vec<Vector>,
    /// By phrase: 1 divided by the length of its vector; 0 for a phrase without one. Empty for a catalog that is too
    /// large.
    inverse_lengths: Vec<f32>,
}

/// A query, compared with the words of a catalog.
pub(super) struct MeaningMatcher<'a> {
    index: &'a InvertedIndex,
    meanings: &'a MeaningIndex,
    /// By word: its part of the cosine of a phrase with the query, times the length of the phrase.
    cosines: Vec<f32>,
}

impl MeaningIndex {
    pub(super) fn new(index: &InvertedIndex, table: Option<VectorTable>) -> Self {
        let mut meanings = Self { table, words: Vec::new(), inverse_lengths: Vec::new() };
        meanings.words = index.lexicon.texts().map(|word| meanings.vector(word)).collect();
        if index.phrases.len() <= MAX_PHRASES {
            meanings.inverse_lengths =
                index.phrases.iter().map(|phrase| meanings.inverse_length(index.words(phrase))).collect();
        }
        meanings
    }

    fn vector(&self, word: &str) -> Vector {
        self.table.as_ref().map(|table| table.word(word)).unwrap_or_default()
    }

    fn inverse_length(&self, words: &[WordId]) -> f32 {
        let mut sum = Vector::default();
        words.iter().filter_map(|word| self.words.get(*word as usize)).for_each(|word| sum.add(word));
        let length = sum.length();
        if length > 0.0 { 1.0 / length } else { 0.0 }
    }

    /// Compares a query with the words of the catalog; `None` if the query has no vector.
    pub(super) fn matcher<'a>(&'a self, index: &'a InvertedIndex, query: &[String]) -> Option<MeaningMatcher<'a>> {
        let mut sum = Vector::default();
        query.iter().for_each(|word| sum.add(&self.vector(word)));
        let length = sum.length();
        let cosines = || self.words.iter().map(|word| word.dot(&sum) / length).collect();
        (length > 0.0).then(|| MeaningMatcher { index, meanings: self, cosines: cosines() })
    }
}

impl MeaningMatcher<'_> {
    /// The index of the phrase of a document that is closest to the query in meaning, and their cosine; 0 if none is
    /// close.
    pub(super) fn closest(&self, document: usize) -> (usize, f32) {
        let range = self.index.phrase_range(document);
        let inverse_lengths = self.meanings.inverse_lengths.get(range.clone());
        let first = range.start;
        let phrases = self.index.phrases.get(range).unwrap_or_default().iter().enumerate();
        let cosines = phrases.map(|(i, phrase)| {
            let words = self.index.words(phrase);
            let sum: f32 = words.iter().filter_map(|word| self.cosines.get(*word as usize)).sum();
            let inverse_length = inverse_lengths.and_then(|lengths| lengths.get(i).copied());
            (first + i, sum * inverse_length.unwrap_or_else(|| self.meanings.inverse_length(words)))
        });
        cosines.fold((first, 0.0), |best, other| if other.1 > best.1 { other } else { best })
    }

    /// The documents in a scope that are at least so close to the query, at most `max_count`, the closest first. Empty
    /// for a catalog that is too large.
    pub(super) fn close_documents(
        &self,
        min_closeness: f32,
        max_count: usize,
        is_in_scope: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        if self.meanings.inverse_lengths.is_empty() {
            return Vec::new();
        }
        let documents = (0..self.index.documents.len()).filter(|document| is_in_scope(*document));
        let documents = documents.map(|document| (document, self.closest(document).1));
        let mut close: Vec<(usize, f32)> = documents.filter(|(_, closeness)| *closeness >= min_closeness).collect();
        close.sort_by(|a, b| b.1.total_cmp(&a.1));
        close.truncate(max_count);
        close.into_iter().map(|(document, _)| document).collect()
    }
}
