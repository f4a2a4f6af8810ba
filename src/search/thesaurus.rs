//! The names of audiences and the synonyms of the directories.

use std::collections::HashMap;

use super::lexicon::{Lexicon, WordId, is_form, is_same_but_for_number};
use super::text::{folded, is_stop_word, words};
use crate::directory::{AudienceId, Directory};

/// The words that stand for others. Every key is a stem, or the stems of several words joined by spaces, so that each
/// inflection is found.
#[derive(Default)]
pub(super) struct Thesaurus {
    audiences: HashMap<String, Vec<AudienceName>>,
    synonyms: HashMap<String, Vec<SynonymMeaning>>,
    /// The maximum number of words of a name or a synonym.
    pub(super) max_words: usize,
}

/// A name of an audience.
struct AudienceName {
    /// Its informative words, folded.
    words: Vec<String>,
    audience: AudienceId,
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
                    let words = informative_words(name);
                    let name = AudienceName { audience: AudienceId { directory, index }, words };
                    thesaurus.audiences.entry(stems(&name.words, lexicon)).or_default().push(name);
                }
            }
        }
        for synonym in directories.iter().flat_map(|directory| &directory.synonyms) {
            let means: Vec<WordId> = words(&synonym.means).map(folded).filter_map(|word| lexicon.id(&word)).collect();
            let audiences = thesaurus.audiences(&informative_words(&synonym.means), lexicon);
            for text in &synonym.words {
                let typed: Vec<String> = words(text).map(|word| folded(word).into_owned()).collect();
                let synonym = SynonymMeaning { typed, means: means.clone(), audiences: audiences.clone() };
                thesaurus.synonyms.entry(stems(&synonym.typed, lexicon)).or_default().push(synonym);
            }
        }
        let keys = thesaurus.audiences.keys().chain(thesaurus.synonyms.keys());
        thesaurus.max_words = keys.map(|key| key.split(' ').count()).max().unwrap_or(0);
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

    /// The audiences with a name of these folded words, each in the singular or plural: "travel" does not name travelers.
    pub(super) fn audiences(&self, words: &[impl AsRef<str>], lexicon: &Lexicon) -> Vec<AudienceId> {
        let names = self.audiences.get(&stems(words, lexicon)).into_iter().flatten();
        let is_named = |name: &&AudienceName| {
            name.words.iter().zip(words).all(|(own, typed)| is_same_but_for_number(own, typed.as_ref()))
        };
        names.filter(is_named).map(|name| name.audience).collect()
    }
}

/// The stems of folded words, joined by spaces.
fn stems(words: &[impl AsRef<str>], lexicon: &Lexicon) -> String {
    words.iter().map(|word| lexicon.stem(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// The words of a text, folded, without stop words.
pub(super) fn informative_words(text: &str) -> Vec<String> {
    words(text).map(folded).filter(|word| !is_stop_word(word)).map(std::borrow::Cow::into_owned).collect()
}
