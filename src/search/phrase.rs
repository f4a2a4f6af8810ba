//! Compares a query with the phrases of a document: its names and needs.
//!
//! Word scores cannot tell an entry that has all words of a query in one need from one that has them in several. Both
//! the ranking and the confidence in a result therefore depend on the phrase that fits best. Comparing phrases costs
//! time in their length, so only the documents with the best word scores are compared.

use super::inverted_index::{InvertedIndex, Phrase};
use super::lexicon::WordId;
use super::parsed_query::{ParsedQuery, TermRole};
use super::score::TermWeights;

/// A query, indexed by the words that match it.
pub(super) struct PhraseMatcher {
    weights: TermWeights,
    /// Sorted by word.
    matches: Vec<WordMatch>,
    /// A bit for every word of the catalog, set if it is in `matches`. Most words of a phrase are not, and testing a
    /// bit is much faster than a binary search.
    is_match: Vec<u64>,
}

/// A word that matches a part of a query.
#[derive(Clone, Copy)]
struct WordMatch {
    word: WordId,
    part: PartId,
    similarity: f32,
}

/// A part of an expansion of a term, by their indices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PartId {
    term: usize,
    expansion: usize,
    part: usize,
}

/// How well a query fits a phrase.
#[derive(Clone, Copy, Default)]
pub(super) struct PhraseFit {
    /// The fit in both directions, from 0 to the weight of the field of the phrase.
    pub(super) fit: f32,
    /// The share of the informative terms that the phrase has, from 0 to 1.
    pub(super) coverage: f32,
    /// The share of the phrase that the query has, from 0 to 1.
    pub(super) typed: f32,
}

impl PhraseMatcher {
    pub(super) fn new(query: &ParsedQuery, weights: &TermWeights) -> Self {
        let mut matches = Vec::new();
        for (term_index, term) in query.terms.iter().enumerate() {
            for (expansion_index, expansion) in term.expansions.iter().enumerate() {
                for (part_index, candidates) in expansion.parts.iter().enumerate() {
                    let part = PartId { term: term_index, expansion: expansion_index, part: part_index };
                    matches.extend(candidates.iter().map(|candidate| WordMatch {
                        word: candidate.word,
                        part,
                        similarity: candidate.similarity * expansion.confidence,
                    }));
                }
            }
        }
        matches.sort_unstable_by_key(|matched| matched.word);
        let word_count = matches.last().map_or(0, |last| last.word as usize + 1);
        let mut is_match = vec![0; word_count.div_ceil(64)];
        for matched in &matches {
            is_match[matched.word as usize / 64] |= 1 << (matched.word % 64);
        }
        Self { weights: weights.clone(), matches, is_match }
    }

    /// Whether a word matches a part of the query.
    fn is_match(&self, word: WordId) -> bool {
        self.is_match.get(word as usize / 64).is_some_and(|bits| bits >> (word % 64) & 1 == 1)
    }

    /// The parts of the query that a word matches.
    fn word_matches(&self, word: WordId) -> &[WordMatch] {
        let start = self.matches.partition_point(|matched| matched.word < word);
        let length = self.matches[start..].iter().take_while(|matched| matched.word == word).count();
        &self.matches[start..start + length]
    }

    /// The best fit and the best coverage of the phrases of a document, which may be those of different phrases.
    pub(super) fn best_fit(&self, index: &InvertedIndex, document: usize) -> PhraseFit {
        let mut matched = Vec::new();
        let fits = index.phrases(document).iter().map(|phrase| self.phrase_fit(index, phrase, &mut matched));
        fits.fold(PhraseFit::default(), |best, other| PhraseFit {
            fit: other.fit.max(best.fit),
            coverage: other.coverage.max(best.coverage),
            typed: if other.fit > best.fit { other.typed } else { best.typed },
        })
    }

    /// How well the query fits a phrase. `matched` is scratch space, passed in to avoid an allocation per phrase.
    fn phrase_fit(&self, index: &InvertedIndex, phrase: &Phrase, matched: &mut Vec<(PartId, f32)>) -> PhraseFit {
        matched.clear();
        let words = index.words(phrase);
        let mut typed_weight = 0.0;
        for word in words.iter().filter(|word| self.is_match(**word)) {
            let matches = self.word_matches(*word);
            let similarity = matches.iter().fold(0.0, |max, matched| matched.similarity.max(max));
            typed_weight += index.word_weight(*word) * similarity;
            matched.extend(matches.iter().map(|matched| (matched.part, matched.similarity)));
        }
        if matched.is_empty() {
            return PhraseFit::default();
        }
        let phrase_weight = words.iter().fold(f32::MIN_POSITIVE, |sum, word| sum + index.word_weight(*word));
        // Keep the most similar word of every part.
        matched.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        matched.dedup_by_key(|(part, _)| *part);
        let (mut query_weight, mut informative, mut audience) = (0.0, 0.0, 0.0);
        for term in matched.chunk_by(|(a, _), (b, _)| a.term == b.term) {
            let weight = self.term_weight(term);
            query_weight += weight;
            match self.weights.roles[term[0].0.term] {
                TermRole::Informative => informative += weight,
                TermRole::Audience => audience += weight,
                TermRole::Person | TermRole::Filler => {}
            }
        }
        let whole_phrase = index.weights.whole_phrase;
        let query_share = query_weight / self.weights.total;
        let phrase_share = typed_weight / phrase_weight;
        PhraseFit {
            fit: phrase.weight * query_share * (1.0 - whole_phrase + whole_phrase * phrase_share),
            // The name of an audience adds to the coverage where the phrase has it, and takes nothing away elsewhere.
            coverage: (informative + audience) / (self.weights.informative + audience),
            typed: phrase_share,
        }
    }

    /// The weight of the matched parts of a term, by its best expansion.
    fn term_weight(&self, matched: &[(PartId, f32)]) -> f32 {
        let expansion_weight = |expansion: &[(PartId, f32)]| {
            let PartId { term, expansion: i, .. } = expansion[0].0;
            let parts = &self.weights.parts[term][i];
            let sum: f32 = expansion.iter().map(|(part, similarity)| parts[part.part] * similarity).sum();
            self.weights.terms[term] * sum / parts.iter().sum::<f32>()
        };
        let expansions = matched.chunk_by(|(a, _), (b, _)| a.expansion == b.expansion);
        expansions.map(expansion_weight).fold(0.0, f32::max)
    }
}
