//! Recognises what a directory says that it does not have, so that a query for it is answered with "not listed here"
//! rather than with entries that only share a word.

use std::collections::{BTreeSet, HashSet};

use super::inverted_index::InvertedIndex;
use super::lexicon::{Lexicon, WordUsage};
use super::parsed_query::{ParsedQuery, Term, TermRole};
use super::rank::Ranking;
use super::score::score_documents;
use super::text::{folded, words};
use super::{MatchKind, Query};
use crate::directory::Directory;

/// Two shares of a query that differ by less than this are equal.
const EQUAL_SHARE: f32 = 0.001;

/// A phrase of a directory's `elsewhere`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotListed {
    /// The index of the directory in the catalog.
    pub directory: usize,
    /// The index in [`Directory::elsewhere`].
    pub item: usize,
    /// The index in the phrases of the item.
    pub phrase: usize,
}

/// The phrases of a catalog.
pub(super) struct NotListedPhrases {
    /// Each phrase, and each in the words of the directory's synonyms, with the stems of its informative words; none
    /// without any.
    phrases: Vec<(NotListed, Vec<String>)>,
    /// The words of the phrases, by which typos are recognised.
    lexicon: Lexicon,
}

impl NotListedPhrases {
    pub(super) fn new(directories: &[Directory], index: &InvertedIndex) -> Self {
        let stems = |text: &str| index.lexicon.informative_stems(text);
        let (mut phrases, mut known) = (Vec::new(), BTreeSet::new());
        let mut add = |id: NotListed, stems: Vec<String>, text: &str| {
            known.extend(words(text).map(|word| Box::from(&*folded(word))));
            phrases.push((id, stems));
        };
        let records = directories.iter().enumerate().filter(|(_, record)| !record.elsewhere.is_empty());
        for (directory, record) in records {
            let synonyms = record.synonyms.iter().map(|synonym| (stems(&synonym.means), &synonym.words));
            let synonyms: Vec<_> = synonyms.filter(|(means, _)| !means.is_empty()).collect();
            for (item, elsewhere) in record.elsewhere.iter().enumerate() {
                for (phrase, text) in elsewhere.phrases.iter().enumerate() {
                    let (id, own) = (NotListed { directory, item, phrase }, stems(text));
                    for (means, words) in &synonyms {
                        if means.iter().all(|stem| own.contains(stem)) {
                            let rest = own.iter().filter(|stem| !means.contains(stem));
                            let replaced = |word| rest.clone().cloned().chain(stems(word)).collect();
                            words.iter().for_each(|word| add(id, replaced(word), word));
                        }
                    }
                    add(id, own, text);
                }
            }
        }
        phrases.retain(|(_, stems)| !stems.is_empty());
        let lexicon = Lexicon::new(known.into_iter().map(|word| (word, WordUsage::default())).collect());
        Self { phrases, lexicon }
    }

    /// The longest phrase whose words are all in a query, if no entry has more of the query in one name or need.
    pub(super) fn find(
        &self,
        parsed: &ParsedQuery,
        index: &InvertedIndex,
        query: &Query<'_>,
        ranking: &Ranking,
    ) -> Option<NotListed> {
        if self.phrases.is_empty() {
            return None;
        }
        let terms: Vec<HashSet<String>> = parsed.terms.iter().map(|term| self.stems(term, parsed, index)).collect();
        let is_typed = |stem: &String| terms.iter().any(|term| term.contains(stem));
        let is_searched = |found: &NotListed| {
            query.scope.has_directory(found.directory) && !parsed.is_for_other_directory(found.directory)
        };
        let typed = self.phrases.iter().filter(|(found, stems)| is_searched(found) && stems.iter().all(is_typed));
        let (found, phrase) = typed.max_by_key(|(_, stems)| stems.len())?;
        let (weights, _) = score_documents(parsed, index, None);
        let informative = parsed.terms.iter().zip(&terms).zip(&weights.terms);
        let informative = informative.filter(|((term, _), _)| term.role == TermRole::Informative);
        let covered = informative.filter(|((_, stems), _)| phrase.iter().any(|stem| stems.contains(stem)));
        let share = covered.map(|(_, weight)| weight).sum::<f32>() / weights.informative;
        let fits_better = ranking.ranked.iter().any(|ranked| {
            // What one directory does not have, another may.
            let is_own = index.documents[ranked.document].id.directory == found.directory;
            let tolerance = if is_own { EQUAL_SHARE } else { -EQUAL_SHARE };
            ranked.evidence.together > share + tolerance
        });
        (!fits_better).then_some(*found)
    }

    /// The stems of a term: as typed, corrected, and translated.
    fn stems(&self, term: &Term, query: &ParsedQuery, index: &InvertedIndex) -> HashSet<String> {
        let lexicon = &index.lexicon;
        let meant = term.expansions.iter().filter(|expansion| expansion.kind.is_none() || query.is_translated);
        let first = meant.flat_map(|expansion| &expansion.parts).filter_map(|part| part.first());
        let certain = first.filter(|candidate| !matches!(candidate.kind, MatchKind::Prefix | MatchKind::Fuzzy));
        let typed = term.typed.split(' ');
        let doubtful = typed.clone().filter(|typed| query.doubtful.iter().any(|doubtful| doubtful == typed));
        let own = doubtful.flat_map(|word| self.lexicon.candidates(word, false, true, &index.weights));
        let typos = own.filter(|candidate| candidate.kind == MatchKind::Typo);
        let texts = typed.chain(certain.map(|candidate| lexicon.text(candidate.word)));
        texts.chain(typos.map(|typo| self.lexicon.text(typo.word))).map(|text| lexicon.stem(text)).collect()
    }
}
