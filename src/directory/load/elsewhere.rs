//! What a directory says that it does not have.

use std::collections::HashMap;

use super::loader::Loader;
use crate::directory::model::{Directory, Elsewhere};
use crate::directory::raw::{RawDirectory, RawElsewhere};
use crate::directory::record::{Record, Text};
use crate::directory::words::EnglishStemmer;

impl<'a> Loader<'a> {
    pub(super) fn elsewhere(&mut self, raw: &RawDirectory<'a>, directory: &Directory) -> Vec<Elsewhere> {
        let mut phrases = HashMap::new();
        let items = raw.elsewhere.iter().flatten().map(|item| self.elsewhere_item(item, &mut phrases));
        let items = items.collect();
        self.check_not_listed(&phrases, directory);
        items
    }

    /// Loads one item, and adds its phrases to those that are known, by their lower case.
    fn elsewhere_item(&mut self, raw: &RawElsewhere<'a>, known: &mut HashMap<String, Text<'a>>) -> Elsewhere {
        self.fields(raw);
        match &raw.phrases {
            None => self.missing(raw, "phrases"),
            Some(phrases) if phrases.is_empty() => {
                self.problems.report(raw.fields().first, "`phrases` is empty; list what people ask for");
            }
            Some(_) => {}
        }
        let mut phrases = Vec::new();
        for text in raw.phrases.iter().flatten() {
            let Some(phrase) = self.text(*text) else { continue };
            if known.insert(phrase.to_lowercase(), *text).is_some() {
                self.report_at(Some(*text), format!("`{phrase}` is listed twice in `elsewhere`; remove one of them"));
            }
            phrases.push(phrase);
        }
        Elsewhere { phrases, note: self.optional(raw.note) }
    }

    /// Reports the phrases that say nothing, and those that are a name or a need of an entry, in any order and
    /// inflection of their words.
    fn check_not_listed(&mut self, phrases: &HashMap<String, Text<'a>>, directory: &Directory) {
        if phrases.is_empty() {
            return;
        }
        let stemmer = EnglishStemmer::new();
        let stems = |text: &str| {
            let mut stems = stemmer.informative_stems(text);
            stems.sort_unstable();
            stems
        };
        let mut by_stems: HashMap<Vec<String>, Vec<Text<'a>>> = HashMap::new();
        for (phrase, text) in phrases {
            by_stems.entry(stems(phrase)).or_default().push(*text);
        }
        for text in by_stems.remove(&Vec::new()).into_iter().flatten() {
            let message = "this phrase has only words that any query may have; name what people ask for";
            self.report_at(Some(text), message);
        }
        for id in directory.entries() {
            let details = directory.details(id).map(|details| (&details.aliases, &details.needs));
            let own = details.or(directory.notice(id).map(|notice| (&notice.aliases, &notice.needs)));
            let (aliases, needs) = own.map_or((&[][..], &[][..]), |(aliases, needs)| (aliases, needs));
            let texts = std::iter::once(directory.title(id)).chain(aliases.iter().chain(needs).map(|text| &**text));
            for text in texts {
                for phrase in by_stems.get(&stems(text)).into_iter().flatten() {
                    let id = directory.text_id(id);
                    let message = format!("`{text}` is a name or a need of `{id}`; remove one of them");
                    self.report_at(Some(*phrase), message);
                }
            }
        }
    }
}
