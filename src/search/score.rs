//! Scores documents word by word: the postings of every word are walked once, and nothing else is read.

use super::inverted_index::InvertedIndex;
use super::lexicon::Guess;
use super::query::{ParsedQuery, Reading, Slot, WordRole};
use super::weights::WEIGHTS;
use crate::directory::AudienceId;

/// The weights of the words of a query.
pub(super) struct QueryWeights {
    /// Of each slot.
    pub(super) slots: Vec<f32>,
    /// Of each part of each reading of each slot.
    pub(super) parts: Vec<Vec<Vec<f32>>>,
    /// What each slot is for.
    pub(super) roles: Vec<WordRole>,
    /// The sum of the informative ones; more than 0.
    pub(super) informative: f32,
    /// The sum of all; more than 0.
    pub(super) total: f32,
}

/// How much of a query a document has.
pub(super) struct Score {
    /// The index of the document.
    pub(super) place: usize,
    /// The weight of its words, as a part of the whole; more than 1 where it has them often.
    pub(super) words: f32,
    /// The share of the informative words, from 0 to 1.
    pub(super) coverage: f32,
}

/// The weights of a query's words, and the documents that have some of them.
pub(super) fn weigh(
    query: &ParsedQuery,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> (QueryWeights, Vec<Score>) {
    let documents = index.documents.len();
    let mut accumulator = Accumulator {
        part: ScoreBoard::new(documents),
        reading: ScoreBoard::new(documents),
        slot: ScoreBoard::new(documents),
    };
    let (mut sums, mut covered) = (ScoreBoard::new(documents), vec![0.0_f32; documents]);
    let none = f32::MIN_POSITIVE;
    let roles = query.slots.iter().map(|slot| slot.role).collect();
    let mut weights = QueryWeights { slots: Vec::new(), parts: Vec::new(), roles, informative: none, total: none };
    for slot in &query.slots {
        let (weight, parts) = accumulator.slot(slot, index);
        for (document, score) in accumulator.slot.drain() {
            sums.add(document, weight * score);
            if slot.role == WordRole::Informative {
                covered[document as usize] += weight * score.min(1.0);
            }
        }
        weights.total += weight;
        if slot.role == WordRole::Informative {
            weights.informative += weight;
        }
        weights.slots.push(weight);
        weights.parts.push(parts);
    }
    if let (Some(chosen), 0) = (chosen, query.informative()) {
        let weight = WEIGHTS.chosen_audience * index.rarity(1);
        for (document, _) in (0..).zip(&index.documents).filter(|(_, document)| {
            let served = index.served(document);
            served.has(&served.own, chosen)
        }) {
            sums.add(document, weight);
        }
        weights.total += weight;
    }
    let score = |(document, sum): (u32, f32)| {
        let place = document as usize;
        Score { place, words: sum / weights.total, coverage: covered[place] / weights.informative }
    };
    let scores = sums.drain().map(score).collect();
    (weights, scores)
}

/// How much a word counts by the number of documents it stands in.
fn rarity(documents: usize, index: &InvertedIndex) -> f32 {
    if documents == 0 { WEIGHTS.unknown_word * index.rarity(0) } else { index.rarity(documents) }
}

/// A score for every document, and the documents that have one, so that clearing it costs only what was touched.
struct ScoreBoard {
    scores: Vec<f32>,
    touched: Vec<u32>,
}

impl ScoreBoard {
    fn new(documents: usize) -> Self {
        Self { scores: vec![0.0; documents], touched: Vec::new() }
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

    /// Raises the score of every document to that of the best guess that stands in it.
    fn raise_all(&mut self, guesses: &[Guess], sure: f32, index: &InvertedIndex) {
        for guess in guesses {
            let likeness = sure * guess.likeness;
            for posting in index.postings(guess.word) {
                self.raise(posting.document, likeness * posting.weight);
            }
        }
    }

    fn add(&mut self, document: u32, score: f32) {
        self.raise(document, self.scores[document as usize] + score);
    }

    /// Returns the scores and clears them.
    fn drain(&mut self) -> impl Iterator<Item = (u32, f32)> {
        let Self { scores, touched } = self;
        touched.drain(..).map(|document| (document, std::mem::take(&mut scores[document as usize])))
    }
}

/// The best score of a part, the sum of a reading's parts, and the best reading of a slot.
struct Accumulator {
    part: ScoreBoard,
    reading: ScoreBoard,
    slot: ScoreBoard,
}

impl Accumulator {
    /// Computes the score of a slot in each document; returns the weights of the slot and of its parts.
    fn slot(&mut self, slot: &Slot, index: &InvertedIndex) -> (f32, Vec<Vec<f32>>) {
        for found in &slot.address {
            if let Ok(document) = u32::try_from(found.owner.0) {
                self.slot.raise(document, found.fit);
            }
        }
        let mut weight = (!slot.address.is_empty()).then(|| index.rarity(1));
        let mut parts = Vec::with_capacity(slot.readings.len());
        for reading in &slot.readings {
            if let [part] = &reading.parts[..] {
                // Nearly all readings have one part and need no sums.
                self.slot.raise_all(part, reading.sure, index);
                let rarity = rarity(self.slot.touched.len(), index);
                weight = weight.or((!self.slot.touched.is_empty()).then_some(rarity));
                parts.push(vec![rarity]);
                continue;
            }
            let of_parts = self.reading(reading, index);
            let whole: f32 = of_parts.iter().sum();
            for (document, score) in self.reading.drain() {
                self.slot.raise(document, reading.sure * score / whole);
            }
            // The word itself comes before its synonyms.
            weight = weight.or((!self.slot.touched.is_empty()).then_some(whole));
            parts.push(of_parts);
        }
        (slot.share * weight.unwrap_or(rarity(0, index)), parts)
    }

    /// Computes the score of a reading in each document; returns the weights of its parts.
    fn reading(&mut self, reading: &Reading, index: &InvertedIndex) -> Vec<f32> {
        let mut weights = Vec::with_capacity(reading.parts.len());
        for part in &reading.parts {
            self.part.raise_all(part, 1.0, index);
            let weight = rarity(self.part.touched.len(), index);
            for (document, score) in self.part.drain() {
                self.reading.add(document, weight * score);
            }
            weights.push(weight);
        }
        weights
    }
}
