//! Builds the inverted index from the directories of a catalog.

use std::collections::HashMap;

use super::channel::{Kind, Kinds};
use super::inverted_index::{Document, InvertedIndex, Phrase, Posting, ServedAudiences, rarity};
use super::lexicon::{Lexicon, Usage, WordId};
use super::substring_index::SubstringIndex;
use super::text::{folded, is_stop_word, words};
use super::weights::WEIGHTS;
use crate::directory::{AudienceSet, Directory, Endpoint, Entry, EntryId};

/// The shortest number, in characters, that names something and is not a count: `1099`, `1367.6`.
const LONG_NUMBER: usize = 4;

/// The words read so far, numbered in order of appearance.
#[derive(Default)]
struct Vocabulary(HashMap<Box<str>, WordId>);

impl Vocabulary {
    fn id(&mut self, word: &str) -> WordId {
        let word = folded(word);
        if let Some(id) = self.0.get(&*word) {
            return *id;
        }
        let id = WordId::try_from(self.0.len()).unwrap_or(WordId::MAX);
        self.0.insert(word.into(), id);
        id
    }

    fn ids(&mut self, text: &str) -> Vec<WordId> {
        words(text).map(|word| self.id(word)).collect()
    }
}

/// An occurrence of a word in the entry that is being read.
#[derive(Clone, Copy)]
struct Occurrence {
    word: WordId,
    weight: f32,
    /// Whether each such occurrence makes the word count for more.
    adds_up: bool,
}

pub(super) struct Indexer<'a> {
    directories: &'a [Directory],
    /// The index of the directory that is being read.
    current: usize,
    names: Vocabulary,
    documents: Vec<Document>,
    phrases: Vec<Phrase>,
    phrase_words: Vec<WordId>,
    postings: Vec<(WordId, Posting)>,
    numbers: SubstringIndex,
    addresses: SubstringIndex,
    served: Vec<ServedAudiences>,
    /// The words of the names of each audience of the directory that is being read.
    audiences: Vec<Vec<WordId>>,
    occurrences: Vec<Occurrence>,
}

impl<'a> Indexer<'a> {
    /// Reads everything in the directories of a catalog.
    pub(super) fn index(directories: &'a [Directory]) -> InvertedIndex {
        let mut indexer = Self {
            directories,
            current: 0,
            names: Vocabulary::default(),
            documents: Vec::new(),
            phrases: Vec::new(),
            phrase_words: Vec::new(),
            postings: Vec::new(),
            numbers: SubstringIndex::default(),
            addresses: SubstringIndex::default(),
            served: Vec::new(),
            audiences: Vec::new(),
            occurrences: Vec::new(),
        };
        for current in 0..directories.len() {
            indexer.current = current;
            indexer.read();
        }
        // Synonyms and the words that they mean are typed, too.
        for synonym in directories.iter().flat_map(|directory| &directory.synonyms) {
            indexer.names.ids(&synonym.means);
            synonym.words.iter().for_each(|words| drop(indexer.names.ids(words)));
        }
        indexer.finish()
    }

    /// The directory that is being read.
    fn directory(&self) -> &'a Directory {
        &self.directories[self.current]
    }

    fn read(&mut self) {
        let directory = self.directory();
        let audiences = directory.audiences.iter().map(|audience| {
            let texts = [&audience.name, &audience.short].into_iter().chain(&audience.aliases);
            let mut ids: Vec<WordId> = texts.flat_map(|text| self.names.ids(text)).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        });
        self.audiences = audiences.collect();
        for (contact, record) in directory.contacts.iter().enumerate() {
            self.contact(contact);
            (0..record.options.len()).for_each(|option| self.option(contact, option));
        }
        (0..directory.notices.len()).for_each(|notice| self.notice(notice));
    }

    fn contact(&mut self, contact: usize) {
        let id = self.directory().id_of(Entry::Contact(contact));
        let directory = self.directory();
        let listed = &directory.contacts[contact];
        self.common(id);
        self.texts(&[&listed.source], WEIGHTS.path);
        for (place, channel) in listed.channels.iter().enumerate() {
            self.texts(channel.label.as_slice(), WEIGHTS.alias);
            self.texts(channel.note.as_slice(), WEIGHTS.note);
            self.texts(&[channel.endpoint.kind()], WEIGHTS.path);
            let whose = (self.documents.len(), Some(place));
            match &channel.endpoint {
                Endpoint::Phone(number) | Endpoint::Fax(number) | Endpoint::Tty(number) => {
                    self.numbers.add(number.e164().trim_start_matches('+'), whose);
                }
                Endpoint::Email(_) | Endpoint::Web(_) => {
                    if let Some(address) = channel.endpoint.printed() {
                        self.phrase(address, WEIGHTS.alias);
                        self.addresses.add(&address.to_lowercase(), whose);
                    }
                }
            }
        }
        self.close(id);
    }

    fn option(&mut self, contact: usize, option: usize) {
        let id = self.directory().id_of(Entry::Option(contact, option));
        self.common(id);
        if let Some(parent) = self.directory().parent(id) {
            self.texts(&[self.directory().title(parent)], WEIGHTS.path);
        }
        self.close(id);
    }

    /// Adds what contacts and options have in common.
    fn common(&mut self, id: EntryId) {
        let directory = self.directory();
        self.phrase(directory.title(id), WEIGHTS.title);
        if let Some(about) = directory.details(id) {
            about.aliases.iter().for_each(|alias| self.phrase(alias, WEIGHTS.alias));
            about.needs.iter().for_each(|need| self.phrase(need, WEIGHTS.need));
            about.services.iter().for_each(|service| self.phrase(service, WEIGHTS.service));
            self.texts(&about.serves, WEIGHTS.role);
            self.texts(&about.notes, WEIGHTS.note);
        }
        let account = directory.contact(id).and_then(|contact| contact.account);
        self.texts(account.map(|account| &directory.accounts[account].name).as_slice(), WEIGHTS.role);
        for audience in directory.audiences(id).iter() {
            for word in self.audiences.get(audience).into_iter().flatten() {
                self.occurrences.push(Occurrence { word: *word, weight: WEIGHTS.audience, adds_up: false });
            }
        }
    }

    fn notice(&mut self, notice: usize) {
        let listed = &self.directory().notices[notice];
        self.phrase(&listed.title, WEIGHTS.title);
        listed.aliases.iter().for_each(|alias| self.phrase(alias, WEIGHTS.alias));
        listed.needs.iter().for_each(|need| self.phrase(need, WEIGHTS.need));
        self.texts(&listed.text, WEIGHTS.note);
        if let Some(site) = &listed.site {
            self.phrase(site.printed(), WEIGHTS.alias);
            self.addresses.add(&site.printed().to_lowercase(), (self.documents.len(), None));
        }
        self.close(self.directory().id_of(Entry::Notice(notice)));
        for (place, section) in listed.sections.iter().enumerate() {
            self.phrase(&section.title, WEIGHTS.title);
            self.texts(&section.text, WEIGHTS.note);
            self.texts(&[&listed.title], WEIGHTS.path);
            self.close(self.directory().id_of(Entry::Section(notice, place)));
        }
    }

    /// Adds a text that is also matched as a whole: a name or a need.
    fn phrase(&mut self, text: &str, weight: f32) {
        let start = self.phrase_words.len();
        for word in words(text) {
            let word = self.names.id(word);
            self.phrase_words.push(word);
        }
        let of_it = &self.phrase_words[start..];
        for (place, word) in of_it.iter().enumerate() {
            let adds_up = !of_it[..place].contains(word);
            self.occurrences.push(Occurrence { word: *word, weight, adds_up });
        }
        self.phrases.push(Phrase { start, end: self.phrase_words.len(), weight });
    }

    /// Adds texts of which only the words matter.
    fn texts(&mut self, texts: &[impl AsRef<str>], weight: f32) {
        for word in texts.iter().flat_map(|text| words(text.as_ref())) {
            // The number of a statute or a form is unambiguous, wherever it stands.
            if word.len() >= LONG_NUMBER && word.starts_with(|c: char| c.is_ascii_digit()) {
                self.phrase(word, WEIGHTS.title);
            }
            let word = self.names.id(word);
            self.occurrences.push(Occurrence { word, weight, adds_up: false });
        }
    }

    /// Ends an entry: its occurrences become postings.
    fn close(&mut self, id: EntryId) {
        let place = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.occurrences.sort_unstable_by_key(|place| place.word);
        for same in self.occurrences.chunk_by(|a, b| a.word == b.word) {
            let best = same.iter().fold(0.0_f32, |best, place| best.max(place.weight));
            let times = same.iter().filter(|place| place.adds_up).count().max(1) as f32;
            let weight = best * times * (1.0 + WEIGHTS.saturation) / (times + WEIGHTS.saturation);
            self.postings.push((same[0].word, Posting { document: place, weight }));
        }
        self.occurrences.clear();
        let directory = self.directory();
        let served = ServedAudiences {
            directory: self.current,
            own: directory.contact(id).map_or_else(AudienceSet::default, |contact| contact.audiences.clone()),
            served: directory.audiences(id),
            not_for: directory.not_for(id),
        };
        // Neighbours nearly always serve the same audiences.
        let audiences = self.served.iter().rposition(|known| *known == served).unwrap_or_else(|| {
            self.served.push(served);
            self.served.len() - 1
        });
        self.documents.push(Document {
            id,
            kinds: self.kinds(id),
            worth: self.worth(id),
            phrases_end: self.phrases.len(),
            audiences: u32::try_from(audiences).unwrap_or(u32::MAX),
        });
    }

    /// The kinds of channel of an entry; an option has its own line only.
    fn kinds(&self, id: EntryId) -> Kinds {
        let Some(contact) = self.directory().contact(id) else { return Kinds::default() };
        let channels = match self.directory().option(id) {
            Some(option) => contact.channels.get(option.channel..=option.channel).unwrap_or_default(),
            None => &contact.channels,
        };
        let known = channels.iter().filter(|channel| channel.endpoint.target().is_some());
        known.map(|channel| Kind::of(&channel.endpoint)).collect()
    }

    /// What an entry is worth beside another that fits as well.
    fn worth(&self, id: EntryId) -> f32 {
        let keys_to_press = match id.entry {
            Entry::Contact(contact) => self.directory().contacts[contact].options.len(),
            _ => 0,
        };
        let of_line = match keys_to_press {
            0 => 1.0,
            1 => WEIGHTS.bare_line_with_one_key,
            _ => WEIGHTS.bare_line,
        };
        if self.directory().target(id).is_some() { of_line } else { WEIGHTS.no_target }
    }

    /// Sorts the words and renumbers everything by their order.
    fn finish(self) -> InvertedIndex {
        let mut named: Vec<(Box<str>, WordId)> = self.names.0.into_iter().collect();
        named.sort_unstable();
        let mut places = vec![0; named.len()];
        for (place, (_, id)) in (0..).zip(&named) {
            places[*id as usize] = place;
        }
        let place_of = |word: WordId| places[word as usize];
        let mut starts = vec![0_u32; named.len() + 1];
        for (word, _) in &self.postings {
            starts[place_of(*word) as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![Posting { document: 0, weight: 0.0 }; self.postings.len()];
        for (word, posting) in self.postings {
            let next = &mut next[place_of(word) as usize];
            postings[*next as usize] = posting;
            *next += 1;
        }
        let rarities = named.iter().zip(starts.windows(2)).map(|((word, _), ends)| {
            let share = if is_stop_word(word) { WEIGHTS.stop_word } else { 1.0 };
            share * rarity(self.documents.len(), (ends[1] - ends[0]) as usize)
        });
        let rarities = rarities.collect();
        let usages = starts.windows(2).map(|ends| {
            let postings = &postings[ends[0] as usize..ends[1] as usize];
            let most = postings.iter().fold(0.0, |most, posting| posting.weight.max(most));
            Usage { documents: ends[1] - ends[0], most }
        });
        let words = named.iter().zip(usages).map(|((word, _), usage)| (word.clone(), usage)).collect();
        InvertedIndex {
            rarities,
            lexicon: Lexicon::new(words),
            starts,
            postings,
            documents: self.documents,
            audiences: self.served,
            phrases: self.phrases,
            phrase_words: self.phrase_words.into_iter().map(place_of).collect(),
            numbers: self.numbers,
            addresses: self.addresses,
        }
    }
}
