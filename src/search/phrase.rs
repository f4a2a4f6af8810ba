//! How well a query fits a phrase, a name or a need, as a whole.

use super::inverted_index::{InvertedIndex, Phrase};
use super::lexicon::WordId;
use super::query::{ParsedQuery, WordRole};
use super::score::QueryWeights;
use super::weights::WEIGHTS;

/// A query by the words that stand for its parts.
pub(super) struct Matcher<'a> {
    weights: &'a QueryWeights,
    /// By word.
    known: Vec<Known>,
    /// A bit for every word of the directory, set where it is known: most are not, and that is quick to see.
    is_known: Vec<u64>,
}

/// A word that stands for a part of a query.
#[derive(Clone, Copy)]
struct Known {
    word: WordId,
    part: Part,
    likeness: f32,
}

/// A part of a reading of a slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    slot: usize,
    reading: usize,
    part: usize,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(query: &ParsedQuery, weights: &'a QueryWeights) -> Self {
        let mut known = Vec::new();
        for (slot, of_slot) in query.slots.iter().enumerate() {
            for (reading, of_reading) in of_slot.readings.iter().enumerate() {
                for (part, guesses) in of_reading.parts.iter().enumerate() {
                    let part = Part { slot, reading, part };
                    known.extend(guesses.iter().map(|guess| Known {
                        word: guess.word,
                        part,
                        likeness: guess.likeness * of_reading.sure,
                    }));
                }
            }
        }
        known.sort_unstable_by_key(|known| known.word);
        let words = known.last().map_or(0, |last| last.word as usize + 1);
        let mut is_known = vec![0; words.div_ceil(64)];
        for known in &known {
            is_known[known.word as usize / 64] |= 1 << (known.word % 64);
        }
        Self { weights, known, is_known }
    }

    /// What a word stands for.
    fn of(&self, word: WordId) -> &[Known] {
        if self.is_known.get(word as usize / 64).is_none_or(|bits| bits >> (word % 64) & 1 == 0) {
            return &[];
        }
        let start = self.known.partition_point(|known| known.word < word);
        let length = self.known[start..].iter().take_while(|known| known.word == word).count();
        &self.known[start..start + length]
    }

    /// How well the best phrase of a document fits, and the share of the query that stands in one phrase; from 0 to 1.
    pub(super) fn best(&self, index: &InvertedIndex, place: usize) -> (f32, f32) {
        let mut matched = Vec::new();
        let phrases = index.phrases(place).iter();
        let fits = phrases.map(|phrase| self.fit(index, phrase, &mut matched));
        fits.fold((0.0, 0.0), |(best, most), (fit, share)| (fit.max(best), share.max(most)))
    }

    /// How well a phrase fits, and how much of what was typed it has; `matched` is room to work in.
    fn fit(&self, index: &InvertedIndex, phrase: &Phrase, matched: &mut Vec<(Part, f32)>) -> (f32, f32) {
        matched.clear();
        let (mut of_phrase, mut typed) = (f32::MIN_POSITIVE, 0.0);
        for word in index.words(phrase) {
            let rarity = index.word_rarity(*word);
            of_phrase += rarity;
            let known = self.of(*word);
            typed += rarity * known.iter().fold(0.0, |most, known| known.likeness.max(most));
            matched.extend(known.iter().map(|known| (known.part, known.likeness)));
        }
        if matched.is_empty() {
            return (0.0, 0.0);
        }
        // Of every part the likest word.
        matched.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        matched.dedup_by_key(|(part, _)| *part);
        let slots = matched.chunk_by(|(a, _), (b, _)| a.slot == b.slot);
        let (mut of_query, mut informative, mut steering) = (0.0, 0.0, 0.0);
        for slot in slots {
            let weight = self.slot(slot);
            of_query += weight;
            match self.weights.roles[slot[0].0.slot] {
                WordRole::Informative => informative += weight,
                WordRole::Audience => steering += weight,
                WordRole::Filler => {}
            }
        }
        let share_of_query = of_query / self.weights.total;
        let share_of_phrase = typed / of_phrase;
        let fit =
            phrase.weight * share_of_query * (1.0 - WEIGHTS.whole_phrase + WEIGHTS.whole_phrase * share_of_phrase);
        (fit, (informative + steering) / (self.weights.informative + steering))
    }

    /// What the best reading of a slot weighs.
    fn slot(&self, matched: &[(Part, f32)]) -> f32 {
        let of_reading = |reading: &[(Part, f32)]| {
            let Part { slot, reading: place, .. } = reading[0].0;
            let parts = &self.weights.parts[slot][place];
            let sum: f32 = reading.iter().map(|(part, likeness)| parts[part.part] * likeness).sum();
            self.weights.slots[slot] * sum / parts.iter().sum::<f32>()
        };
        matched.chunk_by(|(a, _), (b, _)| a.reading == b.reading).map(of_reading).fold(0.0, f32::max)
    }
}
