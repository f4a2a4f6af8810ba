//! The names of audiences and the synonyms of the directories.

use std::collections::HashMap;

use super::lexicon::{Lexicon, WordId, is_form};
use super::text::{folded, is_stop_word, words};
use crate::directory::{AudienceId, Directory};

/// The words that stand for others. Every key is a stem, or the stems of several words joined by spaces, so that each
/// inflection is found.
#[derive(Default)]
pub(super) struct Thesaurus {
    audiences: HashMap<String, Vec<AudienceId>>,
    synonyms: HashMap<String, Vec<SynonymMeaning>>,
}

/// A synonym from the table of a directory.
pub(super) struct SynonymMeaning {
    /// The words that users type, folded.
    typed: Vec<String>,
    /// The words that they stand for.
    pub(super) means: Vec<WordId>,
    /// The audiences that have those words as a name.
    pub(super) audiences: Vec<AudienceId>,
}

impl Thesaurus {
    pub(super) fn new(directories: &[Directory], lexicon: &Lexicon) -> Self {
        let mut thesaurus = Self::default();
        for (directory, record) in directories.iter().enumerate() {
            for (index, audience) in record.audiences.iter().enumerate() {
                for name in [&audience.name, &audience.short].into_iter().chain(&audience.aliases) {
                    let key = informative_stems(name, lexicon);
                    thesaurus.audiences.entry(key).or_default().push(AudienceId { directory, index });
                }
            }
        }
        for synonym in directories.iter().flat_map(|directory| &directory.synonyms) {
            let means: Vec<WordId> = words(&synonym.means).map(folded).filter_map(|word| lexicon.id(&word)).collect();
            let audiences = thesaurus.audiences.get(&informative_stems(&synonym.means, lexicon));
            let audiences = audiences.cloned().unwrap_or_default();
            for text in &synonym.words {
                let typed = words(text).map(|word| folded(word).into_owned()).collect();
                let synonym = SynonymMeaning { typed, means: means.clone(), audiences: audiences.clone() };
                thesaurus.synonyms.entry(stems(text, lexicon)).or_default().push(synonym);
            }
        }
        thesaurus
    }

    /// The synonyms of words, by their stems. The words must also be forms of the synonym's words, since related words
    /// with the same stem can differ in meaning.
    pub(super) fn synonyms<'a>(&'a self, stems: &str, typed: &'a [&str]) -> impl Iterator<Item = &'a SynonymMeaning> {
        self.synonyms.get(stems).into_iter().flatten().filter(move |synonym| {
            synonym.typed.len() == typed.len()
                && synonym.typed.iter().zip(typed).all(|(own, typed)| is_form(own, typed))
        })
    }

    /// The audiences with a name of these stems.
    pub(super) fn audiences(&self, stems: &str) -> Option<&[AudienceId]> {
        self.audiences.get(stems).map(Vec::as_slice)
    }
}

/// The stems of the words of a text.
fn stems(text: &str, lexicon: &Lexicon) -> String {
    words(text).map(|word| lexicon.stem(&folded(word))).collect::<Vec<_>>().join(" ")
}

/// The stems of the words of a text, without stop words.
pub(super) fn informative_stems(text: &str, lexicon: &Lexicon) -> String {
    let words = words(text).map(folded).filter(|word| !is_stop_word(word));
    words.map(|word| lexicon.stem(&word)).collect::<Vec<_>>().join(" ")
}
