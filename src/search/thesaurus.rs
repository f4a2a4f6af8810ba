//! The names of audiences and the synonyms of the directories.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::lexicon::{Lexicon, WordId, is_form, is_same_but_for_number};
use super::text::{folded, is_stop_word, words};
use crate::directory::{AudienceId, Directory, Scope};

/// The words that stand for others. Every key is a stem, or the stems of several words joined by spaces, so that each
/// inflection is found.
#[derive(Default)]
pub(super) struct Thesaurus {
    scopes: HashMap<String, Vec<ScopeName>>,
    synonyms: HashMap<String, Vec<SynonymMeaning>>,
    /// The words of names that do not tell directories apart, folded.
    common_in_names: HashSet<String>,
    /// The maximum number of words of a name or a synonym.
    pub(super) max_words: usize,
}

/// A name of an audience or a directory.
struct ScopeName {
    /// Its informative words, folded.
    words: Vec<String>,
    scope: Scope,
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
        let mut thesaurus = Self { common_in_names: distinct_name_words(directories).1, ..Self::default() };
        let mut add = |name: &str, scope| {
            let words = informative_words(name);
            if !words.is_empty() {
                thesaurus.scopes.entry(stems(&words, lexicon)).or_default().push(ScopeName { words, scope });
            }
        };
        for (directory, record) in directories.iter().enumerate() {
            // Where there is only one, nobody has to say which.
            if directories.len() > 1 {
                directory_names(record).for_each(|name| add(name, Scope::Directory(directory)));
            }
            for (index, audience) in record.audiences.iter().enumerate() {
                for name in [&audience.name, &audience.short].into_iter().chain(&audience.aliases) {
                    add(name, Scope::Audience(AudienceId { directory, index }));
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
        let keys = thesaurus.scopes.keys().chain(thesaurus.synonyms.keys());
        thesaurus.max_words = keys.map(|key| key.split(' ').count()).max().unwrap_or(0);
        thesaurus
    }

    /// Whether a folded word is in so many names of directories that it says nothing.
    pub(super) fn is_common_in_names(&self, word: &str) -> bool {
        self.common_in_names.contains(word)
    }

    /// The synonyms of words, by their stems. The words must also be forms of the synonym's words, since related words
    /// with the same stem can differ in meaning.
    pub(super) fn synonyms<'a>(&'a self, stems: &str, typed: &'a [&str]) -> impl Iterator<Item = &'a SynonymMeaning> {
        self.synonyms.get(stems).into_iter().flatten().filter(move |synonym| {
            synonym.typed.len() == typed.len()
                && synonym.typed.iter().zip(typed).all(|(own, typed)| is_form(own, typed))
        })
    }

    /// The audiences with a name of these folded words.
    pub(super) fn audiences(&self, words: &[impl AsRef<str>], lexicon: &Lexicon) -> Vec<AudienceId> {
        self.scopes(words, lexicon).into_iter().filter_map(Scope::audience).collect()
    }

    /// The audiences and directories with a name of these folded words, each in the singular or plural: "travel" does
    /// not name travelers.
    pub(super) fn scopes(&self, words: &[impl AsRef<str>], lexicon: &Lexicon) -> Vec<Scope> {
        let names = self.scopes.get(&stems(words, lexicon)).into_iter().flatten();
        let is_named = |name: &&ScopeName| {
            name.words.iter().zip(words).all(|(own, typed)| is_same_but_for_number(own, typed.as_ref()))
        };
        names.filter(is_named).map(|name| name.scope).collect()
    }
}

/// The largest number of directories that a word of their names can tell from the others: `insurance` is in most names.
const MAX_SHARED: usize = 10;

/// The names by which a query can say that it is about a directory.
fn directory_names(directory: &Directory) -> impl Iterator<Item = &str> {
    [&*directory.organisation, &*directory.short, &*directory.id].into_iter()
}

/// The words of the names of a directory, folded.
pub(super) fn name_words(directory: &Directory) -> BTreeSet<String> {
    directory_names(directory).flat_map(informative_words).collect()
}

/// The words of the names of each directory, folded; none where there is only one. Words that do not tell directories
/// apart are left out, and are in the set.
pub(super) fn distinct_name_words(directories: &[Directory]) -> (Vec<BTreeSet<String>>, HashSet<String>) {
    let mut names: Vec<BTreeSet<String>> = directories.iter().map(name_words).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    names.iter().flatten().for_each(|word| *counts.entry(word.clone()).or_default() += 1);
    counts.retain(|_, count| *count > MAX_SHARED);
    names.iter_mut().for_each(|own| own.retain(|word| !counts.contains_key(word) && directories.len() > 1));
    (names, counts.into_keys().collect())
}

/// The stems of folded words, joined by spaces.
fn stems(words: &[impl AsRef<str>], lexicon: &Lexicon) -> String {
    words.iter().map(|word| lexicon.stem(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// The words of a text, folded, without stop words.
pub(super) fn informative_words(text: &str) -> Vec<String> {
    words(text).map(folded).filter(|word| !is_stop_word(word)).map(std::borrow::Cow::into_owned).collect()
}
