//! The inverted index: the words of a catalog with the documents that they occur in, and the phrases of each document.
//!
//! Every entry of a catalog is a document: a contact, an option, a notice or a section. Everything is stored in flat
//! arrays, so that 100,000 options take few allocations and a search reads memory in order.

use std::ops::Range;

use super::channel::ChannelKinds;
use super::lexicon::{Lexicon, WordId};
use super::substring_index::SubstringIndex;
use super::weights::Weights;
use crate::directory::{AudienceId, AudienceSet, EntryId};

/// The searchable form of a catalog.
pub(super) struct InvertedIndex {
    /// The weights that it was built with, and that rank its searches.
    pub(super) weights: Weights,
    pub(super) lexicon: Lexicon,
    /// The index of the first posting of each word, and a last one that ends the postings.
    pub(super) posting_starts: Vec<u32>,
    /// By word, then by document.
    pub(super) postings: Vec<Posting>,
    /// How much each word counts in a phrase: its idf, less for stop words.
    pub(super) word_weights: Vec<f32>,
    pub(super) documents: Vec<Document>,
    /// By document.
    pub(super) phrases: Vec<Phrase>,
    pub(super) phrase_words: Vec<WordId>,
    /// The distinct sets of audiences that documents serve.
    pub(super) served: Vec<ServedAudiences>,
    /// Phone numbers, as digits with the country code.
    pub(super) numbers: SubstringIndex,
    /// Email addresses and web addresses, in lower case.
    pub(super) addresses: SubstringIndex,
}

/// A word in a document.
#[derive(Clone, Copy)]
pub(super) struct Posting {
    pub(super) document: u32,
    /// How much the word counts in the document, by its fields and occurrences.
    pub(super) weight: f32,
}

/// A name or a need, as a range of [`InvertedIndex::phrase_words`].
pub(super) struct Phrase {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The weight of its field.
    pub(super) weight: f32,
}

/// The audiences that a document serves.
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

/// An entry of the catalog.
pub(super) struct Document {
    pub(super) id: EntryId,
    /// The index after its last phrase; its first one follows those of the previous document.
    pub(super) phrases_end: usize,
    /// The index in [`InvertedIndex::served`].
    pub(super) served: u32,
    /// The kinds of channel that reach it.
    pub(super) channels: ChannelKinds,
    /// Whether hours are listed for it, not only for an entry above it.
    pub(super) has_hours: bool,
    /// A factor of its score, from 0 to 1, which is lower for less specific entries.
    pub(super) factor: f32,
}

impl InvertedIndex {
    /// The documents that a word occurs in, in order.
    pub(super) fn postings(&self, word: WordId) -> &[Posting] {
        let word = word as usize;
        match (self.posting_starts.get(word), self.posting_starts.get(word + 1)) {
            (Some(start), Some(end)) => self.postings.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// How much a word counts in a document; 0 if it does not occur there.
    pub(super) fn weight(&self, word: WordId, document: u32) -> f32 {
        let postings = self.postings(word);
        postings.binary_search_by_key(&document, |posting| posting.document).map_or(0.0, |i| postings[i].weight)
    }

    /// The audiences that a document serves.
    pub(super) fn served(&self, document: &Document) -> &ServedAudiences {
        &self.served[document.served as usize]
    }

    /// The names and needs of a document.
    pub(super) fn phrases(&self, document: usize) -> &[Phrase] {
        self.phrases.get(self.phrase_range(document)).unwrap_or_default()
    }

    /// The indices of the names and needs of a document.
    pub(super) fn phrase_range(&self, document: usize) -> Range<usize> {
        let phrases_end = |document: usize| self.documents.get(document).map_or(0, |document| document.phrases_end);
        document.checked_sub(1).map_or(0, phrases_end)..phrases_end(document)
    }

    /// Whether a name or need has two words side by side.
    pub(super) fn has_words_together(&self, first: &str, second: &str) -> bool {
        let (Some(first), Some(second)) = (self.lexicon.id(first), self.lexicon.id(second)) else { return false };
        let mut documents = self.postings(first).iter().map(|posting| posting.document);
        documents.any(|document| {
            let mut phrases = self.phrases(document as usize).iter().map(|phrase| self.words(phrase));
            phrases.any(|words| words.windows(2).any(|pair| pair == [first, second]))
        })
    }

    /// The words of a phrase.
    pub(super) fn words(&self, phrase: &Phrase) -> &[WordId] {
        self.phrase_words.get(phrase.start..phrase.end).unwrap_or_default()
    }

    /// The idf of a word that occurs in a number of documents.
    pub(super) fn idf(&self, document_count: usize) -> f32 {
        idf(self.documents.len(), document_count)
    }

    /// How much a word counts in a phrase.
    pub(super) fn word_weight(&self, word: WordId) -> f32 {
        self.word_weights.get(word as usize).copied().unwrap_or_default()
    }
}

/// The inverse document frequency of BM25, by Robertson and Spärck Jones, which makes rare words count for more. The 1
/// in the logarithm keeps it positive for words that more than half of the documents have.
pub(super) fn idf(total_count: usize, document_count: usize) -> f32 {
    let (total, frequency) = (total_count as f32, document_count as f32);
    (1.0 + (total - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln()
}
