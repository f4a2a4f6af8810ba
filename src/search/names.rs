//! The names of audiences, and the synonyms of words.

use std::collections::HashMap;

use super::lexicon::{Lexicon, WordId, is_form};
use super::text::{folded, is_stop_word, words};
use crate::directory::{AudienceId, Directory};

/// The names of audiences and the synonyms of a directory, by the stems of their words.
#[derive(Default)]
pub(super) struct Names {
    audiences: HashMap<String, Vec<AudienceId>>,
    meanings: HashMap<String, Vec<Meaning>>,
    /// The words of the catalog that mean nearly the same in everyday English, by stem.
    english: HashMap<String, Vec<Vec<WordId>>>,
}

/// Groups of everyday words with nearly the same meaning, one group per line.
const ENGLISH: &str = include_str!("../../data/english.txt");

/// What a synonym means.
pub(super) struct Meaning {
    /// The words of the synonym, in lower case.
    said: Vec<String>,
    pub(super) means: Vec<WordId>,
    /// The audiences with such a name.
    pub(super) audiences: Vec<AudienceId>,
}

impl Names {
    pub(super) fn new(directories: &[Directory], lexicon: &Lexicon) -> Self {
        let stems = |text: &str, all: bool| {
            let stems = words(text).map(folded).filter(|word| all || !is_stop_word(word));
            stems.map(|word| lexicon.stem(&word)).collect::<Vec<_>>().join(" ")
        };
        let mut names = Self::default();
        for (directory, record) in directories.iter().enumerate() {
            for (index, audience) in record.audiences.iter().enumerate() {
                for text in [&audience.name, &audience.short].into_iter().chain(&audience.aliases) {
                    names.audiences.entry(stems(text, false)).or_default().push(AudienceId { directory, index });
                }
            }
        }
        for synonym in directories.iter().flat_map(|directory| &directory.synonyms) {
            let means: Vec<WordId> = words(&synonym.means).map(folded).filter_map(|word| lexicon.id(&word)).collect();
            let audiences = names.audiences.get(&stems(&synonym.means, false)).cloned().unwrap_or_default();
            for typed in &synonym.words {
                let said = words(typed).map(|word| folded(word).into_owned()).collect();
                let meaning = Meaning { said, means: means.clone(), audiences: audiences.clone() };
                names.meanings.entry(stems(typed, true)).or_default().push(meaning);
            }
        }
        for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
            let known = |member: &str| words(member).map(|word| lexicon.id(word)).collect::<Option<Vec<WordId>>>();
            let members = line.split(", ").filter(|member| !is_stop_word(member));
            let members: Vec<Vec<WordId>> = members.filter_map(known).collect();
            for member in line.split(", ").filter(|member| !member.contains(' ')) {
                names.english.entry(lexicon.stem(member)).or_default().extend(members.iter().cloned());
            }
        }
        names
    }

    /// What words mean besides themselves. Words with the same stem are not always the same: `insured`, `insurance`.
    pub(super) fn meanings<'a>(&'a self, stems: &str, typed: &'a [&str]) -> impl Iterator<Item = &'a Meaning> {
        self.meanings.get(stems).into_iter().flatten().filter(move |meaning| {
            meaning.said.len() == typed.len()
                && meaning.said.iter().zip(typed).all(|(said, typed)| is_form(said, typed))
        })
    }

    /// The audiences with a name of these stems.
    pub(super) fn audience(&self, stems: &str) -> Option<&[AudienceId]> {
        self.audiences.get(stems).map(Vec::as_slice)
    }

    /// Whether everyday English has a word with a stem.
    pub(super) fn is_english(&self, stem: &str) -> bool {
        self.english.contains_key(stem)
    }

    /// The words of the directory that mean much the same as one with a stem.
    pub(super) fn english(&self, stem: &str) -> impl Iterator<Item = &[WordId]> {
        self.english.get(stem).into_iter().flatten().map(Vec::as_slice)
    }
}
