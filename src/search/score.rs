//! Scores documents term by term, by the words that they have and how rare these are.
//!
//! A query is scored one term at a time over all documents: the postings of every candidate of the term raise the
//! scores of their documents. No other document is touched, so a search takes time linear in the number of postings of
//! the candidates, not in the number of documents or the length of their texts.
//!
//! Scores are summed as in BM25: every term adds its idf times the weight of the word in the document, in which the
//! indexer has already saturated repeated occurrences. There is no length normalisation, since a contact with many
//! needs is no worse a result for any of them. Within a term, the best candidate counts, not the sum: an entry that has
//! five inflections of a word does not match better than one with the word itself.

use super::MatchKind;
use super::inverted_index::InvertedIndex;
use super::lexicon::Candidate;
use super::parsed_query::{Expansion, ParsedQuery, Term, TermRole};
use crate::directory::AudienceId;

/// How much the terms of a query count: their idf, times their share.
#[derive(Clone)]
pub(super) struct TermWeights {
    /// By term.
    pub(super) terms: Vec<f32>,
    /// By term, expansion and part of the expansion.
    pub(super) parts: Vec<Vec<Vec<f32>>>,
    /// The role of each term.
    pub(super) roles: Vec<TermRole>,
    /// The sum of the weights of the informative terms; more than 0.
    pub(super) informative: f32,
    /// The sum of the weights of all terms; more than 0.
    pub(super) total: f32,
    /// The share of the informative terms that no document has in any form, from 0 to 1.
    pub(super) unknown: f32,
    /// The share of the informative terms that documents have only as a word that means the same, from 0 to 1.
    pub(super) reworded: f32,
}

/// How well a document matches a query, word by word.
pub(super) struct DocumentScore {
    pub(super) document: usize,
    /// The weight of the words that it has, as a share of all; more than 1 where it has them often.
    pub(super) score: f32,
    /// The share of the informative terms that it has, from 0 to 1.
    pub(super) coverage: f32,
}

/// The weights of a query's terms, and the scores of the documents that have some of them.
pub(super) fn score_documents(
    query: &ParsedQuery,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> (TermWeights, Vec<DocumentScore>) {
    let document_count = index.documents.len();
    let mut accumulator = Accumulator::new(document_count);
    let (mut scores, mut covered) = (SparseScores::new(document_count), vec![0.0_f32; document_count]);
    // A query without terms divides by this, not by 0.
    let zero = f32::MIN_POSITIVE;
    let roles = query.terms.iter().map(|term| term.role).collect();
    let mut weights = TermWeights {
        terms: Vec::new(),
        parts: Vec::new(),
        roles,
        informative: zero,
        total: zero,
        unknown: 0.0,
        reworded: 0.0,
    };
    for term in &query.terms {
        let TermScore { weight, parts, has_literal } = accumulator.score_term(term, index);
        if term.role == TermRole::Informative && !has_literal {
            let share = if accumulator.term.is_empty() { &mut weights.unknown } else { &mut weights.reworded };
            *share += weight;
        }
        for (document, score) in accumulator.term.drain() {
            scores.add(document, weight * score);
            if term.role == TermRole::Informative {
                covered[document as usize] += weight * score.min(1.0);
            }
        }
        weights.total += weight;
        if term.role == TermRole::Informative {
            weights.informative += weight;
        }
        weights.terms.push(weight);
        weights.parts.push(parts);
    }
    let names_nothing = query.informative_count() == 0 || query.asks_only_for_person;
    if let Some(chosen) = chosen.filter(|_| names_nothing) {
        let weight = index.weights.chosen_audience * index.idf(1);
        for (i, document) in (0..).zip(&index.documents) {
            let served = index.served(document);
            if served.has(&served.own, chosen) {
                scores.add(i, weight);
            }
        }
        weights.total += weight;
    }
    weights.unknown /= weights.informative;
    weights.reworded /= weights.informative;
    // Only hours are asked for: everything that has some.
    let asks_hours_only = query.asks_hours && query.informative_count() == 0;
    if asks_hours_only {
        for (i, _) in (0..).zip(&index.documents).filter(|(_, document)| document.has_hours) {
            scores.add(i, weights.total);
        }
    }
    let scores = scores.drain().map(|(i, score)| {
        let document = i as usize;
        let coverage = covered[document] / weights.informative;
        DocumentScore { document, score: score / weights.total, coverage }
    });
    let is_found = |score: &DocumentScore| !asks_hours_only || index.documents[score.document].has_hours;
    let scores = scores.filter(is_found).collect();
    (weights, scores)
}

/// The idf of a part of a term that a number of documents have. A part that no document has still counts, so that a
/// query of unknown words is not covered.
fn part_weight(document_count: usize, index: &InvertedIndex) -> f32 {
    if document_count == 0 { index.weights.unknown_word * index.idf(0) } else { index.idf(document_count) }
}

/// What scoring a term tells about it.
struct TermScore {
    weight: f32,
    /// By expansion and part.
    parts: Vec<Vec<f32>>,
    /// Whether a document has the term itself, not only a word that means the same.
    has_literal: bool,
}

/// A score for every document, with a list of the documents that have one, so that clearing it costs only these.
struct SparseScores {
    scores: Vec<f32>,
    /// The documents whose score is not 0.
    touched: Vec<u32>,
}

impl SparseScores {
    fn new(document_count: usize) -> Self {
        Self { scores: vec![0.0; document_count], touched: Vec::new() }
    }

    /// Raises a score to a value, if it is lower.
    fn raise(&mut self, document: u32, score: f32) {
        let best = &mut self.scores[document as usize];
        if score > *best {
            if *best == 0.0 {
                self.touched.push(document);
            }
            *best = score;
        }
    }

    /// Raises the score of every document to that of the best candidate that it has.
    fn raise_candidates(&mut self, candidates: &[Candidate], confidence: f32, index: &InvertedIndex) {
        for candidate in candidates {
            let similarity = confidence * candidate.similarity;
            for posting in index.postings(candidate.word) {
                self.raise(posting.document, similarity * posting.weight);
            }
        }
    }

    fn add(&mut self, document: u32, score: f32) {
        self.raise(document, self.scores[document as usize] + score);
    }

    fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// The number of documents that have a score.
    fn len(&self) -> usize {
        self.touched.len()
    }

    /// Returns the scores and clears them.
    fn drain(&mut self) -> impl Iterator<Item = (u32, f32)> {
        let Self { scores, touched } = self;
        touched.drain(..).map(|document| (document, std::mem::take(&mut scores[document as usize])))
    }
}

/// The scores of the part, expansion and term that are being scored, reused from term to term.
struct Accumulator {
    /// The best candidate of a part.
    part: SparseScores,
    /// The sum over the parts of an expansion.
    expansion: SparseScores,
    /// The best expansion of a term.
    term: SparseScores,
}

impl Accumulator {
    fn new(document_count: usize) -> Self {
        let scores = || SparseScores::new(document_count);
        Self { part: scores(), expansion: scores(), term: scores() }
    }

    /// Computes the score of a term in each document, from 0 up.
    fn score_term(&mut self, term: &Term, index: &InvertedIndex) -> TermScore {
        for matched in &term.addresses {
            if let Ok(document) = u32::try_from(matched.owner.document) {
                self.term.raise(document, matched.fit);
            }
        }
        let mut weight = (!term.addresses.is_empty()).then(|| index.idf(1));
        let mut has_literal = !term.addresses.is_empty();
        let mut weights = Vec::with_capacity(term.expansions.len());
        for expansion in &term.expansions {
            let (total, part_weights) = match &expansion.parts[..] {
                // Nearly all expansions have one part, which needs no sum.
                [part] => {
                    self.term.raise_candidates(part, expansion.confidence, index);
                    let part_weight = part_weight(self.term.len(), index);
                    (part_weight, vec![part_weight])
                }
                _ => {
                    let part_weights = self.score_expansion(expansion, index);
                    let total: f32 = part_weights.iter().sum();
                    for (document, score) in self.expansion.drain() {
                        self.term.raise(document, expansion.confidence * score / total);
                    }
                    (total, part_weights)
                }
            };
            // The first expansion that any document has decides: the word itself comes before its synonyms.
            weight = weight.or((!self.term.is_empty()).then_some(total));
            weights.push(part_weights);
            // A synonym that the directory lists is as good as the word.
            let is_literal = match expansion.kind {
                None => true,
                Some(MatchKind::Translation) => false,
                Some(_) => expansion.confidence >= index.weights.synonym,
            };
            // "Medi cal" does not have a word that begins with "medi".
            let is_whole = |word: &Candidate| !matches!(word.kind, MatchKind::Prefix | MatchKind::Fuzzy);
            let counts = |word: &Candidate| expansion.parts.len() == 1 || is_whole(word);
            let is_found =
                |part: &Vec<Candidate>| part.iter().any(|word| counts(word) && !index.postings(word.word).is_empty());
            has_literal |= is_literal && expansion.parts.iter().all(is_found);
        }
        let weight = term.share * weight.unwrap_or(part_weight(0, index));
        TermScore { weight, parts: weights, has_literal }
    }

    /// Computes the score of an expansion in each document, and returns the weights of its parts.
    fn score_expansion(&mut self, expansion: &Expansion, index: &InvertedIndex) -> Vec<f32> {
        let mut weights = Vec::with_capacity(expansion.parts.len());
        for part in &expansion.parts {
            self.part.raise_candidates(part, 1.0, index);
            let weight = part_weight(self.part.len(), index);
            for (document, score) in self.part.drain() {
                self.expansion.add(document, weight * score);
            }
            weights.push(weight);
        }
        weights
    }
}
