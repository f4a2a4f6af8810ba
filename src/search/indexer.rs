//! Builds the inverted index from the directories of a catalog.
//!
//! Entries are read in the order of the catalog and become documents. Words are numbered as they appear and postings
//! are collected in document order; a counting sort by word at the end turns them into the arrays of the index.
//! Building takes time linear in the length of the texts, apart from sorting the distinct words.

use std::collections::{BTreeSet, HashMap};

use super::channel::ChannelKinds;
use super::inverted_index::{Document, InvertedIndex, Phrase, Posting, ServedAudiences, idf};
use super::lexicon::{Lexicon, WordId, WordUsage};
use super::substring_index::{Owner, SubstringIndex};
use super::text::{folded, is_stop_word, words};
use super::thesaurus::distinct_name_words;
use super::weights::Weights;
use crate::directory::hours::Hours;
use crate::directory::phone::PhoneNumber;
use crate::directory::{Audience, AudienceSet, Directory, Endpoint, Entry, EntryId};

/// The minimum length of a number that names something, such as a form or a statute (`1099`, `1367.6`), in characters.
/// Shorter ones are counts.
const MIN_NAME_DIGITS: usize = 4;

/// What people ask for who want to talk to a person. Every option that reaches one has these needs.
const OPERATOR_NEEDS: [&str; 5] = ["operator", "human", "representative", "real person", "live agent"];

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

    /// The words of texts, each once.
    fn distinct_ids<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<WordId> {
        let mut ids: Vec<WordId> = texts.flat_map(|text| self.ids(text)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// An occurrence of a word in the entry that is being read.
#[derive(Clone, Copy)]
struct Occurrence {
    word: WordId,
    /// The weight of its field.
    weight: f32,
    /// Whether further occurrences make the word count for more. Only those in different phrases do.
    adds_up: bool,
}

/// Reads directories, one entry at a time.
pub(super) struct Indexer<'a> {
    directories: &'a [Directory],
    weights: &'a Weights,
    /// The index of the directory that is being read.
    current: usize,
    vocabulary: Vocabulary,
    documents: Vec<Document>,
    phrases: Vec<Phrase>,
    phrase_words: Vec<WordId>,
    postings: Vec<(WordId, Posting)>,
    numbers: SubstringIndex,
    addresses: SubstringIndex,
    served: Vec<ServedAudiences>,
    /// The words of the names of each audience of the directory that is being read.
    audience_words: Vec<Vec<WordId>>,
    /// The words of the names of each directory that tell it from the others.
    name_words: Vec<BTreeSet<String>>,
    /// Those of the directory that is being read.
    directory_words: Vec<WordId>,
    /// The words of the entry that is being read.
    occurrences: Vec<Occurrence>,
}

impl<'a> Indexer<'a> {
    /// Indexes the directories of a catalog.
    pub(super) fn index(directories: &'a [Directory], weights: &'a Weights) -> InvertedIndex {
        let (name_words, common_in_names) = distinct_name_words(directories);
        let mut indexer = Self {
            directories,
            weights,
            current: 0,
            vocabulary: Vocabulary::default(),
            documents: Vec::new(),
            phrases: Vec::new(),
            phrase_words: Vec::new(),
            postings: Vec::new(),
            numbers: SubstringIndex::default(),
            addresses: SubstringIndex::default(),
            served: Vec::new(),
            audience_words: Vec::new(),
            name_words,
            directory_words: Vec::new(),
            occurrences: Vec::new(),
        };
        for current in 0..directories.len() {
            indexer.current = current;
            indexer.add_directory();
        }
        // Synonyms are words too, so that they are completed and their typos are corrected.
        for synonym in directories.iter().flat_map(|directory| &directory.synonyms) {
            indexer.vocabulary.ids(&synonym.means);
            synonym.words.iter().for_each(|words| drop(indexer.vocabulary.ids(words)));
        }
        indexer.vocabulary.distinct_ids(common_in_names.iter().map(String::as_str));
        let elsewhere = directories.iter().flat_map(|directory| &directory.elsewhere);
        elsewhere.flat_map(|item| &item.phrases).for_each(|phrase| drop(indexer.vocabulary.ids(phrase)));
        indexer.finish()
    }

    /// The directory that is being read.
    fn directory(&self) -> &'a Directory {
        &self.directories[self.current]
    }

    fn add_directory(&mut self) {
        let directory = self.directory();
        let names_of = |audience: &'a Audience| {
            [&audience.name, &audience.short].into_iter().chain(&audience.aliases).map(|name| &**name)
        };
        self.audience_words =
            directory.audiences.iter().map(|audience| self.vocabulary.distinct_ids(names_of(audience))).collect();
        let name_words = &self.name_words[self.current];
        self.directory_words = self.vocabulary.distinct_ids(name_words.iter().map(String::as_str));
        for (contact, record) in directory.contacts.iter().enumerate() {
            self.add_contact(contact);
            // A lookup of a number followed by keys relies on the options coming right after their contact.
            (0..record.options.len()).for_each(|option| self.add_option(contact, option));
        }
        (0..directory.notices.len()).for_each(|notice| self.add_notice(notice));
    }

    fn add_contact(&mut self, contact: usize) {
        let directory = self.directory();
        let id = directory.id_of(Entry::Contact(contact));
        let record = &directory.contacts[contact];
        self.add_common(id);
        self.add_texts(&[&record.source], self.weights.path);
        for (channel_index, channel) in record.channels.iter().enumerate() {
            self.add_texts(channel.label.as_slice(), self.weights.alias);
            self.add_texts(channel.note.as_slice(), self.weights.note);
            self.add_texts(&[channel.kind.name()], self.weights.path);
            let owner = Owner { document: self.documents.len(), channel: Some(channel_index) };
            match &channel.endpoint {
                Some(Endpoint::Number(number)) => self.add_number(number, owner),
                Some(Endpoint::Email(_) | Endpoint::Web(_) | Endpoint::Place(_)) => {
                    let address = channel.printed().unwrap_or_default();
                    // The name of the directory is in all its addresses, and asks for none of them.
                    let names = &self.name_words[self.current];
                    let own: Vec<&str> = words(address).filter(|word| !names.contains(&*folded(word))).collect();
                    if !own.is_empty() {
                        self.add_phrase(&own.join(" "), self.weights.alias);
                    }
                    self.addresses.add(&address.to_lowercase(), owner);
                }
                None => {}
            }
        }
        self.finish_document(id);
    }

    fn add_option(&mut self, contact: usize, option: usize) {
        let directory = self.directory();
        let id = directory.id_of(Entry::Option(contact, option));
        self.add_common(id);
        // Only the shortest way to a person on each line, so that it is found before the others.
        if directory.option(id).is_some_and(|option| option.is_operator) && directory.operator(id) == Some(id) {
            OPERATOR_NEEDS.iter().for_each(|need| self.add_phrase(need, self.weights.need));
        }
        if let Some(parent) = directory.parent(id) {
            self.add_texts(&[directory.title(parent)], self.weights.path);
            self.add_phrase(
                &format!("{} {}", directory.title(parent), directory.title(id)),
                self.weights.title_with_path,
            );
        }
        self.finish_document(id);
    }

    /// Adds the fields that contacts and options share.
    fn add_common(&mut self, id: EntryId) {
        let directory = self.directory();
        self.add_phrase(directory.title(id), self.weights.title);
        if let Some(details) = directory.details(id) {
            details.aliases.iter().for_each(|alias| self.add_phrase(alias, self.weights.alias));
            details.needs.iter().for_each(|need| self.add_phrase(need, self.weights.need));
            details.services.iter().for_each(|service| self.add_phrase(service, self.weights.service));
            self.add_texts(&details.serves, self.weights.role);
            self.add_texts(&details.notes, self.weights.note);
        }
        let account = directory.contact(id).and_then(|contact| contact.account);
        self.add_texts(account.map(|account| &directory.accounts[account].name).as_slice(), self.weights.role);
        let audiences = directory.audiences(id);
        let audience_words = audiences.iter().filter_map(|audience| self.audience_words.get(audience)).flatten();
        for word in audience_words.chain(&self.directory_words) {
            self.occurrences.push(Occurrence { word: *word, weight: self.weights.audience, adds_up: false });
        }
    }

    fn add_notice(&mut self, notice: usize) {
        let directory = self.directory();
        let record = &directory.notices[notice];
        self.add_phrase(&record.title, self.weights.title);
        record.aliases.iter().for_each(|alias| self.add_phrase(alias, self.weights.alias));
        record.needs.iter().for_each(|need| self.add_phrase(need, self.weights.need));
        self.add_texts(&record.text, self.weights.note);
        if let Some(site) = &record.site {
            self.add_phrase(site.printed(), self.weights.alias);
            let owner = Owner { document: self.documents.len(), channel: None };
            self.addresses.add(&site.printed().to_lowercase(), owner);
        }
        self.finish_document(directory.id_of(Entry::Notice(notice)));
        for (section_index, section) in record.sections.iter().enumerate() {
            self.add_phrase(&section.title, self.weights.title);
            self.add_texts(&section.text, self.weights.note);
            self.add_texts(&[&record.title], self.weights.path);
            self.finish_document(directory.id_of(Entry::Section(notice, section_index)));
        }
    }

    /// Adds the digits of a number, and as words what is printed in letters: the `flowers` of `1-800-FLOWERS`.
    fn add_number(&mut self, number: &PhoneNumber, owner: Owner) {
        let [international, national] = number.digits();
        self.numbers.add(international, owner);
        if !international.ends_with(national) {
            self.numbers.add(national, owner);
        }
        if number.spelled_digits().is_some() {
            let letters: Vec<&str> =
                number.printed().split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2).collect();
            self.add_texts(&letters, self.weights.alias);
        }
    }

    /// Adds a text that is also compared as a whole: a name or a need.
    fn add_phrase(&mut self, text: &str, weight: f32) {
        let start = self.phrase_words.len();
        for word in words(text) {
            let word = self.vocabulary.id(word);
            self.phrase_words.push(word);
        }
        let phrase = &self.phrase_words[start..];
        for (i, word) in phrase.iter().enumerate() {
            let adds_up = !phrase[..i].contains(word);
            self.occurrences.push(Occurrence { word: *word, weight, adds_up });
        }
        self.phrases.push(Phrase { start, end: self.phrase_words.len(), weight });
    }

    /// Adds texts of which only the words matter.
    fn add_texts(&mut self, texts: &[impl AsRef<str>], weight: f32) {
        for word in texts.iter().flat_map(|text| words(text.as_ref())) {
            // The number of a statute or a form counts as much as a title, wherever it occurs.
            if word.len() >= MIN_NAME_DIGITS && word.starts_with(|c: char| c.is_ascii_digit()) {
                self.add_phrase(word, self.weights.title);
            }
            let word = self.vocabulary.id(word);
            self.occurrences.push(Occurrence { word, weight, adds_up: false });
        }
    }

    /// Turns the occurrences read since the last document into the postings of a new one.
    fn finish_document(&mut self, id: EntryId) {
        let document = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let saturation = self.weights.saturation;
        self.occurrences.sort_unstable_by_key(|occurrence| occurrence.word);
        for same in self.occurrences.chunk_by(|a, b| a.word == b.word) {
            let best = same.iter().fold(0.0_f32, |best, occurrence| best.max(occurrence.weight));
            // The term frequency of BM25: each further phrase with the word adds less.
            let count = same.iter().filter(|occurrence| occurrence.adds_up).count().max(1) as f32;
            let weight = best * count * (1.0 + saturation) / (count + saturation);
            self.postings.push((same[0].word, Posting { document, weight }));
        }
        self.occurrences.clear();
        let served = self.served_index(id);
        self.documents.push(Document {
            id,
            channels: self.channels(id),
            has_hours: self.directory().details(id).is_some_and(|details| !matches!(details.hours, Hours::NotListed)),
            factor: self.factor(id),
            phrases_end: self.phrases.len(),
            served: u32::try_from(served).unwrap_or(u32::MAX),
        });
    }

    /// The index of the audiences that an entry serves, added if they are new.
    fn served_index(&mut self, id: EntryId) -> usize {
        let directory = self.directory();
        let served = ServedAudiences {
            directory: self.current,
            own: directory.contact(id).map_or_else(AudienceSet::default, |contact| contact.audiences.clone()),
            served: directory.audiences(id),
            not_for: directory.not_for(id),
        };
        // From the end, because an entry nearly always serves the same audiences as the one before it.
        self.served.iter().rposition(|known| *known == served).unwrap_or_else(|| {
            self.served.push(served);
            self.served.len() - 1
        })
    }

    /// The kinds of channel of an entry. An option has only that of its phone line.
    fn channels(&self, id: EntryId) -> ChannelKinds {
        let Some(contact) = self.directory().contact(id) else { return ChannelKinds::default() };
        let channels = match self.directory().option(id) {
            Some(option) => contact.channels.get(option.channel..=option.channel).unwrap_or_default(),
            None => &contact.channels,
        };
        channels.iter().filter(|channel| channel.endpoint.is_some()).map(|channel| channel.kind).collect()
    }

    /// The factor of an entry compared with another that fits equally well.
    fn factor(&self, id: EntryId) -> f32 {
        if self.directory().target(id).is_none() {
            return self.weights.no_target;
        }
        let option_count = match id.entry {
            Entry::Contact(contact) => self.directory().contacts[contact].options.len(),
            _ => 0,
        };
        match option_count {
            0 => 1.0,
            1 => self.weights.line_with_one_option,
            _ => self.weights.line_with_menu,
        }
    }

    /// Sorts the words and postings, and renumbers the words in their order.
    fn finish(self) -> InvertedIndex {
        let mut sorted: Vec<(Box<str>, WordId)> = self.vocabulary.0.into_iter().collect();
        sorted.sort_unstable();
        let mut new_ids = vec![0; sorted.len()];
        for (new_id, (_, id)) in (0..).zip(&sorted) {
            new_ids[*id as usize] = new_id;
        }
        let new_id = |id: WordId| new_ids[id as usize];
        let postings = self.postings.into_iter().map(|(id, posting)| (new_id(id), posting)).collect();
        let (postings, posting_starts) = sort_postings(postings, sorted.len());
        let (mut words, mut word_weights) = (Vec::with_capacity(sorted.len()), Vec::with_capacity(sorted.len()));
        for ((word, _), ends) in sorted.into_iter().zip(posting_starts.windows(2)) {
            let document_count = ends[1] - ends[0];
            let share = if is_stop_word(&word) { self.weights.stop_word } else { 1.0 };
            word_weights.push(share * idf(self.documents.len(), document_count as usize));
            let postings = &postings[ends[0] as usize..ends[1] as usize];
            let max_weight = postings.iter().fold(0.0, |max, posting: &Posting| posting.weight.max(max));
            words.push((word, WordUsage { document_count, max_weight }));
        }
        InvertedIndex {
            weights: self.weights.clone(),
            lexicon: Lexicon::new(words),
            posting_starts,
            postings,
            word_weights,
            documents: self.documents,
            phrases: self.phrases,
            phrase_words: self.phrase_words.into_iter().map(new_id).collect(),
            served: self.served,
            numbers: self.numbers,
            addresses: self.addresses,
        }
    }
}

/// Sorts postings by word with a counting sort, which keeps the order of the documents. Returns them with the index of
/// the first posting of each word, and a last one that ends the postings.
fn sort_postings(unsorted: Vec<(WordId, Posting)>, word_count: usize) -> (Vec<Posting>, Vec<u32>) {
    let mut starts = vec![0_u32; word_count + 1];
    for (word, _) in &unsorted {
        starts[*word as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut postings = vec![Posting { document: 0, weight: 0.0 }; unsorted.len()];
    for (word, posting) in unsorted {
        let next = &mut next[word as usize];
        postings[*next as usize] = posting;
        *next += 1;
    }
    (postings, starts)
}
