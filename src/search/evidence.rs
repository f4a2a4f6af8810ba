//! What is known about a document as a result of a query, before it is judged.

use super::weights::Weights;

/// What comparing a query with a document tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// How well the document fits word by word, beside a full match; can be more than 1.
    pub(super) words: f32,
    /// The fit of the best name or need, from 0 to 1.
    pub(super) fit: f32,
    /// The share of that name or need that the query has, from 0 to 1.
    pub(super) typed: f32,
    /// The largest share of the informative words that one name or need has, from 0 to 1.
    pub(super) together: f32,
    /// The share of the informative words that the document has anywhere, from 0 to 1.
    pub(super) anywhere: f32,
    /// The cosine of the query with the name or need that is closest in meaning; `None` where the words sufficed.
    pub(super) closeness: Option<f32>,
    /// The index in the index's phrases of that name or need.
    pub(super) closest: usize,
    /// How far the document is what the query says that it is not about, from 0 to 1.
    pub(super) unwanted: f32,
    /// The factor for the audience that is named or chosen, from 0 to 1.
    pub(super) audience: f32,
    /// The factor for the channel that is named and for the kind of entry, from 0 to 1.
    pub(super) channel: f32,
}

impl Evidence {
    /// The score by which a document is ranked; 1 is a full match.
    pub(super) fn score(&self, weights: &Weights) -> f32 {
        let words = weights.all_words * self.words + weights.best_phrase * self.fit;
        let meaning = weights.meaning * self.closeness.unwrap_or_default();
        self.audience * self.channel * (words + meaning) * (1.0 - weights.unwanted * self.unwanted)
    }
}
