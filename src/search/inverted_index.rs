//! The inverted index: words with the documents they stand in, and the phrases that are matched as a whole.

use super::channel::Kinds;
use super::lexicon::{Lexicon, WordId};
use super::substring_index::SubstringIndex;
use crate::directory::{AudienceId, AudienceSet, EntryId};

/// The searchable form of a catalog.
pub(super) struct InvertedIndex {
    pub(super) lexicon: Lexicon,
    /// The first posting of each word, and the end of the last one's.
    pub(super) starts: Vec<u32>,
    /// By word, then by document.
    pub(super) postings: Vec<Posting>,
    /// How much each word counts in a phrase.
    pub(super) rarities: Vec<f32>,
    pub(super) documents: Vec<Document>,
    /// By document.
    pub(super) phrases: Vec<Phrase>,
    pub(super) phrase_words: Vec<WordId>,
    pub(super) audiences: Vec<ServedAudiences>,
    /// In digits, with the country code.
    pub(super) numbers: SubstringIndex,
    /// In lower case.
    pub(super) addresses: SubstringIndex,
}

/// A document that a word stands in.
#[derive(Clone, Copy)]
pub(super) struct Posting {
    pub(super) document: u32,
    /// How much the word counts in it.
    pub(super) weight: f32,
}

/// A name or a need, as a range in `phrase_words`.
pub(super) struct Phrase {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) weight: f32,
}

/// Whom a document serves. Many documents share few of these.
#[derive(Default, PartialEq)]
pub(super) struct ServedAudiences {
    /// The index of the directory in the catalog.
    pub(super) directory: usize,
    /// The audiences of the contact; empty for every audience.
    pub(super) own: AudienceSet,
    /// Those and the ones that an option also serves.
    pub(super) served: AudienceSet,
    /// The audiences that it says it does not serve.
    pub(super) not_for: AudienceSet,
}

impl ServedAudiences {
    /// Whether a set of this directory has an audience.
    pub(super) fn has(&self, set: &AudienceSet, audience: AudienceId) -> bool {
        self.directory == audience.directory && set.contains(audience.index)
    }
}

/// An entry.
pub(super) struct Document {
    pub(super) id: EntryId,
    /// The end of its phrases; they start where those of the previous document end.
    pub(super) phrases_end: usize,
    /// Whom it serves, by index in [`InvertedIndex::audiences`].
    pub(super) audiences: u32,
    /// The kinds of channel that reach it.
    pub(super) kinds: Kinds,
    /// What it is worth beside another document that fits as well, from 0 to 1.
    pub(super) worth: f32,
}

impl InvertedIndex {
    /// The documents that a word stands in, in order.
    pub(super) fn postings(&self, word: WordId) -> &[Posting] {
        let word = word as usize;
        match (self.starts.get(word), self.starts.get(word + 1)) {
            (Some(start), Some(end)) => self.postings.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// How much a word counts in a document; 0 where it does not stand in it.
    pub(super) fn weight(&self, word: WordId, document: u32) -> f32 {
        let postings = self.postings(word);
        postings.binary_search_by_key(&document, |posting| posting.document).map_or(0.0, |place| postings[place].weight)
    }

    /// Whom a document serves.
    pub(super) fn served(&self, document: &Document) -> &ServedAudiences {
        &self.audiences[document.audiences as usize]
    }

    /// The names and needs of a document.
    pub(super) fn phrases(&self, document: usize) -> &[Phrase] {
        let start = document
            .checked_sub(1)
            .and_then(|before| self.documents.get(before))
            .map_or(0, |before| before.phrases_end);
        self.documents
            .get(document)
            .and_then(|document| self.phrases.get(start..document.phrases_end))
            .unwrap_or_default()
    }

    /// The words of a phrase.
    pub(super) fn words(&self, phrase: &Phrase) -> &[WordId] {
        self.phrase_words.get(phrase.start..phrase.end).unwrap_or_default()
    }

    /// How much a word counts by the number of documents that it stands in.
    pub(super) fn rarity(&self, documents: usize) -> f32 {
        rarity(self.documents.len(), documents)
    }

    /// How much a word counts in a phrase.
    pub(super) fn word_rarity(&self, word: WordId) -> f32 {
        self.rarities.get(word as usize).copied().unwrap_or_default()
    }
}

/// How much a word counts by the number of documents it stands in and the number of all documents: the idf of BM25
/// (Robertson and Spärck Jones).
pub(super) fn rarity(all: usize, with: usize) -> f32 {
    let (all, with) = (all as f32, with as f32);
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}
