//! Parses a query into terms, each with the words of the catalog that it may stand for.
//!
//! Everything uncertain about a query is settled here, once: typos, unfinished words, synonyms, compounds. The scoring
//! then only deals with known words and the similarity of each. A query that contains a phone number is about that
//! number, and its words are ignored.

use super::channel::kind_named;
use super::inverted_index::InvertedIndex;
use super::language::{Cue, Language, Languages, MAX_PHRASE_WORDS};
use super::lexicon::{Candidate, MIN_PREFIX_LEN, WordId};
use super::lookup::{find_address, find_number};
use super::parsed_query::{Expansion, ParsedQuery, Term, TermRole, is_named_or_none};
use super::spoken_address::with_written_address;
use super::text::{is_stop_word, words};
use super::thesaurus::{SynonymMeaning, Thesaurus, informative_words};
use super::utterance::{Manner, SaidWord, Utterance};
use super::vectors::VectorTable;
use super::weights::Weights;
use super::{MatchKind, SearchIndex};
use crate::directory::{ChannelKind, Directory, Scope};

/// The part of a query that is searched: characters, words, and bytes of a word. Anything beyond was pasted by
/// accident.
const MAX_QUERY_LEN: usize = 1_000;
const MAX_WORDS: usize = 128;
const MAX_WORD_LEN: usize = 40;
/// The length in bytes up to which an English word is not a typo of another.
const MAX_SHORT_WORD_LEN: usize = 7;
/// The maximum number of words in a name of an audience or a synonym.
const MAX_NAME_WORDS: usize = MAX_PHRASE_WORDS;
/// The maximum number of candidates of a word whose synonyms are also looked up.
const MAX_SYNONYM_CANDIDATES: usize = 4;
/// The maximum number of addresses in a query that are looked up.
const MAX_ADDRESSES: usize = 4;

/// A typed word.
struct Token {
    /// As typed, folded.
    typed: String,
    /// The word that it stands for, folded: `typed`, unless it was spelled out or misheard.
    text: String,
    /// The word that it most likely stands for: `text`, or the correction of a typo.
    corrected: String,
    /// The stem of `corrected`.
    stem: String,
    candidates: Vec<Candidate>,
    is_stop_word: bool,
    /// Whether it is neither of the catalog nor of a language.
    may_be_mistyped: bool,
    /// What it is good for.
    manner: Manner,
    /// Whether it is part of the name of an audience or a directory.
    is_audience: bool,
}

impl Token {
    /// How similar the word that it most likely stands for is to the typed one, from 0 to 1.
    fn similarity(&self) -> f32 {
        self.candidates.first().filter(|_| self.corrected != self.text).map_or(1.0, |candidate| candidate.similarity)
    }
}

/// Parses a query.
pub(super) fn parse(text: &str, index: &SearchIndex, directories: &[Directory]) -> ParsedQuery {
    let (languages, vectors) = (index.languages(), index.vectors);
    let (index, thesaurus) = (&index.words, &index.thesaurus);
    let end = text.char_indices().nth(MAX_QUERY_LEN).map_or(text.len(), |(end, _)| end);
    let text = &text[..end];
    if let Some(number) = find_number(text, index, directories) {
        return ParsedQuery { number: Some(number), ..ParsedQuery::default() };
    }
    let mut parser =
        QueryParser { index, thesaurus, languages, vectors, language: None, query: ParsedQuery::default() };
    let dictated = with_written_address(text, index);
    let rest = parser.take_addresses(dictated.as_deref().unwrap_or(text));
    let is_growing = text.ends_with(|c: char| c.is_alphanumeric());
    let said = Utterance::new(&rest, is_growing, index, languages, MAX_WORDS, MAX_WORD_LEN);
    // A number that was said in words.
    if let [word] = &said.wanted[..]
        && word.typed != word.text
        && let Some(number) = find_number(&word.text, index, directories)
    {
        return ParsedQuery { number: Some(number), ..ParsedQuery::default() };
    }
    parser.language = said.language;
    parser.query.set_aside.clone_from(&said.set_aside);
    parser.add(&said, &said.wanted, is_growing && said.unwanted.is_empty());
    let mut query = parser.query;
    query.asks_hours = said.asks_hours;
    query.is_translated = said.language.is_some();
    query.denies_all = said.denies_all;
    if !said.unwanted.is_empty() {
        let mut parser = QueryParser {
            index,
            thesaurus,
            languages,
            vectors,
            language: said.language,
            query: ParsedQuery::default(),
        };
        parser.add(&said, &said.unwanted, false);
        // "Not the fax" is about the channel, not about what entries say of faxes.
        let channel_words = parser.query.terms.iter_mut().filter(|term| term.share < 1.0);
        channel_words.for_each(|term| term.role = TermRole::Filler);
        let is_wanted = |term: &Term| query.terms.iter().any(|wanted| wanted.typed == term.typed);
        parser.query.terms.retain(|term| !is_wanted(term));
        query.unwanted = Some(Box::new(parser.query));
    }
    query
}

/// The query parsed so far.
struct QueryParser<'a> {
    index: &'a InvertedIndex,
    thesaurus: &'a Thesaurus,
    languages: &'a Languages,
    vectors: Option<VectorTable>,
    /// The language of the query, if it is not English.
    language: Option<&'a Language>,
    query: ParsedQuery,
}

impl QueryParser<'_> {
    fn weights(&self) -> &Weights {
        &self.index.weights
    }

    /// Adds the terms of some words of a query; `is_growing` says whether the last one may be unfinished.
    fn add(&mut self, said: &Utterance<'_>, words: &[SaidWord], is_growing: bool) {
        let mut tokens = self.tokenize(said, words, is_growing);
        self.find_scopes(&mut tokens);
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            // A repeated word counts once.
            let is_repeated = tokens[..i].iter().any(|before| before.text == token.text);
            let taken_count = if is_repeated { 1 } else { self.add_compound(&tokens[i..]) };
            if taken_count == 0 {
                self.add_word(token);
            }
            i += taken_count.max(1);
        }
        let query = &mut self.query;
        query.audiences.retain(|audience| is_named_or_none(&query.directories, audience.directory));
        query.promote();
    }

    /// Adds the addresses in a query as terms and returns the rest of the query.
    fn take_addresses(&mut self, text: &str) -> String {
        let mut rest = String::with_capacity(text.len());
        let mut looked_up_count = 0;
        for piece in text.split_whitespace() {
            let address = piece.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@' || c == '_')).to_lowercase();
            let address = ["https://", "http://", "mailto:", "www."]
                .iter()
                .fold(&*address, |address, prefix| address.strip_prefix(prefix).unwrap_or(address));
            let looks_like_address = address.len() > 3 && address.contains(['@', '_', '.']);
            let is_looked_up = looks_like_address && looked_up_count < MAX_ADDRESSES;
            looked_up_count += usize::from(is_looked_up);
            let addresses = if is_looked_up { find_address(address, self.index) } else { Vec::new() };
            if addresses.is_empty() {
                if address.contains('@') {
                    self.query.channel = Some(ChannelKind::Email);
                }
                rest += piece;
                rest.push(' ');
            } else {
                // Its words also count, since the name of an entry may contain them.
                let (typed, parts) = words(address).map(|word| (word.to_owned(), self.exact(word))).unzip();
                let confidence = self.weights().word_of_address;
                let expansions = vec![Expansion { confidence, typed, ..Expansion::literal(parts) }];
                let share = self.weights().address;
                self.query.terms.push(Term { addresses, share, ..Term::new(address, expansions) });
            }
        }
        rest
    }

    fn exact(&self, word: &str) -> Vec<Candidate> {
        self.index.lexicon.exact(word, self.weights()).into_iter().collect()
    }

    /// The tokens of words; `is_growing` says whether the last one may be unfinished.
    fn tokenize(&mut self, said: &Utterance<'_>, words: &[SaidWord], is_growing: bool) -> Vec<Token> {
        // One or two digits begin a phone number, or are keys without one: there is nothing to search yet.
        if words.iter().all(|word| word.text.len() < 3 && word.text.bytes().all(|byte| byte.is_ascii_digit())) {
            return Vec::new();
        }
        let is_empty = |word: &SaidWord| match word.manner {
            Manner::Empty => true,
            Manner::Person => false,
            Manner::Content | Manner::Time => said.is_stop_word(&word.text),
        };
        let is_only_stop_words = words.iter().all(is_empty);
        self.query.is_only_stop_words = is_only_stop_words && self.query.terms.is_empty();
        let last = words.len().saturating_sub(1);
        let tokens = words.iter().enumerate().map(|(i, word)| {
            let is_stop_word = !is_only_stop_words && is_empty(word);
            self.token(word, is_growing && i == last, is_stop_word)
        });
        let tokens: Vec<Token> = tokens.collect();
        let doubtful = tokens.iter().filter(|token| token.may_be_mistyped).map(|token| token.typed.clone());
        self.query.doubtful.extend(doubtful);
        tokens
    }

    fn token(&self, word: &SaidWord, is_growing: bool, is_stop_word: bool) -> Token {
        let lexicon = &self.index.lexicon;
        let SaidWord { typed, text, manner, .. } = word;
        // A short word that is English is meant as it stands: "shot" is not "shop".
        let is_short_word =
            || text.len() <= MAX_SHORT_WORD_LEN && self.vectors.is_some_and(|vectors| vectors.has_word(text));
        // A word of a language that the catalog does not have is not a typo of one that it has.
        let may_be_mistyped = !is_stop_word
            && lexicon.id(text).is_none()
            && self.language.is_none()
            && !self.languages.english.has_meaning(text)
            && !is_short_word();
        let candidates = match is_stop_word {
            // "Con" is not a confidence trick in Spanish.
            true if self.language.is_some_and(|language| language.is_stop_word(text)) => Vec::new(),
            true => self.exact(text),
            false => lexicon.candidates(text, is_growing, may_be_mistyped, self.weights()),
        };
        let corrected = match candidates.first() {
            Some(candidate) if candidate.kind == MatchKind::Typo => lexicon.text(candidate.word).to_owned(),
            _ => text.clone(),
        };
        Token {
            stem: lexicon.stem(&corrected),
            corrected,
            typed: typed.clone(),
            text: text.clone(),
            candidates,
            is_stop_word,
            may_be_mistyped,
            manner: *manner,
            is_audience: false,
        }
    }

    /// Finds the names of audiences and directories, the longest first, and marks their tokens. Stop words do not
    /// interrupt a name.
    fn find_scopes(&mut self, tokens: &mut [Token]) {
        let mut tokens: Vec<&mut Token> = tokens.iter_mut().filter(|token| !token.is_stop_word).collect();
        let words: Vec<String> = tokens.iter().map(|token| token.corrected.clone()).collect();
        let mut i = 0;
        while i < words.len() {
            let lengths = (1..=self.thesaurus.max_words.min(MAX_NAME_WORDS).min(words.len() - i)).rev();
            let lexicon = &self.index.lexicon;
            let mut named = lengths.map(|length| (length, self.thesaurus.scopes(&words[i..i + length], lexicon)));
            let named = named.find(|(_, scopes)| !scopes.is_empty());
            if let Some((length, scopes)) = &named {
                let length = *length;
                for scope in scopes {
                    match scope {
                        Scope::Audience(audience) => self.query.audiences.push(*audience),
                        Scope::Directory(directory) => self.query.directories.push(*directory),
                        Scope::All => {}
                    }
                }
                tokens[i..i + length].iter_mut().for_each(|token| token.is_audience = true);
            }
            i += named.map_or(1, |(length, _)| length);
        }
    }

    /// Adds a term for the first tokens if they mean something together: a synonym of several words, or a word that is
    /// written as two. Returns the number of tokens, which is 0 if they do not.
    fn add_compound(&mut self, tokens: &[Token]) -> usize {
        let person_length = tokens.iter().take_while(|token| token.manner == Manner::Person).count();
        if person_length > 0 {
            self.add_person(&tokens[..person_length]);
            return person_length;
        }
        let tokens = &tokens[..MAX_NAME_WORDS.min(tokens.len())];
        let stems: Vec<&str> = tokens.iter().map(|token| &*token.stem).collect();
        let corrected: Vec<&str> = tokens.iter().map(|token| &*token.corrected).collect();
        let english = &self.languages.english;
        let languages = self.language.into_iter().chain([english]);
        let meaning_length = languages.map(|language| language.meaning_length(&corrected)).max().unwrap_or(0);
        let max_length = meaning_length.max(self.thesaurus.max_words).max(2);
        for length in (2..=max_length.min(tokens.len())).rev() {
            let (compound, corrected) = (&tokens[..length], &corrected[..length]);
            // Words that were corrected are less certain.
            let similarity = compound.iter().map(Token::similarity).product();
            let mut expansions = self.expand_synonyms(&stems[..length].join(" "), corrected, similarity);
            let is_empty = compound.iter().all(|token| token.is_stop_word);
            let names_channel = || compound.iter().any(|token| kind_named(&token.stem).is_some());
            if length <= meaning_length && !is_empty && !names_channel() {
                expansions.extend(self.expand_meanings(corrected, similarity));
            }
            // What a table lists as two words is not one: "medi cal" is not "medical".
            if length == 2 && !is_empty && english.meaning_length(corrected) < 2 {
                expansions.extend(self.expand_joined(&(compound[0].text.clone() + &compound[1].text)));
            }
            if expansions.is_empty() {
                continue;
            }
            let parts = compound.iter().filter(|token| !token.is_stop_word || !token.candidates.is_empty());
            let (typed, parts) = parts.map(|token| (token.typed.clone(), token.candidates.clone())).unzip();
            expansions.push(Expansion { typed, ..Expansion::literal(parts) });
            let typed: Vec<&str> = compound.iter().map(|token| &*token.typed).collect();
            let is_audience = compound.iter().all(|token| token.is_stop_word || token.is_audience);
            let role = match () {
                () if is_audience => TermRole::Audience,
                () if compound.iter().all(|token| token.manner == Manner::Time || token.is_stop_word) => {
                    TermRole::Filler
                }
                () => TermRole::Informative,
            };
            if role == TermRole::Informative {
                self.add_content(corrected, &expansions);
            }
            self.query.terms.push(Term { role, ..Term::new(typed.join(" "), expansions) });
            return length;
        }
        0
    }

    /// Adds a term for a request for a person.
    fn add_person(&mut self, tokens: &[Token]) {
        // Related words do not ask for a person: "operations".
        let parts = tokens.iter().map(|token| self.exact(&token.text)).filter(|part| !part.is_empty());
        let mut expansions = vec![Expansion::literal(parts.collect())];
        for name in &self.languages.english.reception {
            let ids = words(name).map(|word| self.index.lexicon.id(word));
            if let Some(ids) = ids.collect::<Option<Vec<WordId>>>() {
                expansions.push(self.synonym_expansion(&ids, self.weights().everyday_synonym));
            }
        }
        let typed: Vec<&str> = tokens.iter().map(|token| &*token.typed).collect();
        let share = self.weights().channel_word;
        self.query.terms.push(Term { share, role: TermRole::Person, ..Term::new(typed.join(" "), expansions) });
    }

    /// The expansions of two words that the catalog writes as one.
    fn expand_joined(&mut self, text: &str) -> Vec<Expansion> {
        let Some(word) = self.index.lexicon.id(text) else { return Vec::new() };
        let stem = self.index.lexicon.stem(text);
        self.note_channel(&stem);
        let mut expansions = self.expand_synonyms(&stem, &[text], 1.0);
        let candidate = Candidate { word, similarity: self.weights().joined, kind: MatchKind::Split };
        expansions.push(Expansion::literal(vec![vec![candidate]]));
        expansions
    }

    /// Adds a term for one word.
    fn add_word(&mut self, token: &Token) {
        let Token { typed, text, candidates, .. } = token;
        if token.is_stop_word {
            if !candidates.is_empty() {
                let expansions = vec![Expansion::literal(vec![candidates.clone()])];
                let share = self.weights().filler;
                self.query.terms.push(Term { share, role: TermRole::Filler, ..Term::new(typed, expansions) });
            }
            return;
        }
        let expansions = self.expand_word(text, candidates);
        let channel = self.note_channel(&token.stem);
        self.query.names_line |= token.stem == "line";
        let share =
            if channel.is_some() || token.manner != Manner::Content { self.weights().channel_word } else { 1.0 };
        let role = match channel {
            Some(ChannelKind::Phone) => TermRole::Filler,
            _ if token.is_audience => TermRole::Audience,
            _ if token.manner == Manner::Time || self.is_only_in_names(&token.corrected) => TermRole::Filler,
            _ if expansions.is_empty() && self.languages.is_foreign_stop_word(text) => TermRole::Filler,
            _ => TermRole::Informative,
        };
        if role == TermRole::Informative {
            self.add_content(&[&token.corrected], &expansions);
        }
        self.query.terms.push(Term { share, role, ..Term::new(typed, expansions) });
    }

    /// Whether a word is only in the names of so many directories that it says nothing.
    fn is_only_in_names(&self, word: &str) -> bool {
        let has_postings = || self.index.lexicon.id(word).is_some_and(|id| !self.index.postings(id).is_empty());
        self.thesaurus.is_common_in_names(word) && !has_postings()
    }

    /// Adds words to those that say what is wanted.
    fn add_content(&mut self, words: &[&str], expansions: &[Expansion]) {
        let translated = expansions.iter().find(|expansion| expansion.kind.is_some() && self.language.is_some());
        match translated {
            Some(translated) => {
                let first = translated.parts.iter().filter_map(|part| part.first());
                self.query.content.extend(first.map(|candidate| self.index.lexicon.text(candidate.word).to_owned()));
            }
            // The vectors are of English words.
            None if self.language.is_some() => {}
            None => self.query.content.extend(words.iter().map(|word| (*word).to_owned())),
        }
    }

    /// The expansions of one word: literal, then synonyms.
    fn expand_word(&mut self, text: &str, candidates: &[Candidate]) -> Vec<Expansion> {
        let lexicon = &self.index.lexicon;
        let stem = lexicon.stem(text);
        let mut expansions = Vec::new();
        let is_only_fuzzy = candidates.iter().all(|candidate| candidate.kind == MatchKind::Fuzzy);
        if is_only_fuzzy && let Some(halves) = lexicon.split(text, self.weights()) {
            expansions.push(Expansion::literal(halves.map(|half| vec![half]).to_vec()));
        } else if !candidates.is_empty() {
            expansions.push(Expansion::literal(vec![candidates.to_vec()]));
        }
        expansions.extend(self.expand_synonyms(&stem, &[text], 1.0));
        // A synonym may itself be mistyped or unfinished. Two letters begin too many words.
        let is_long = text.chars().count() >= MIN_PREFIX_LEN;
        let uncertain = candidates.iter().filter(|candidate| match candidate.kind {
            MatchKind::Typo => true,
            MatchKind::Prefix => is_long,
            _ => false,
        });
        for candidate in uncertain.take(MAX_SYNONYM_CANDIDATES) {
            let text = lexicon.text(candidate.word);
            expansions.extend(self.expand_synonyms(&lexicon.stem(text), &[text], candidate.similarity));
        }
        // What a word means in the directory comes before what it means elsewhere.
        if expansions.iter().all(|expansion| expansion.kind.is_none()) {
            expansions.extend(self.expand_meanings(&[text], 1.0));
        }
        if expansions.is_empty() {
            expansions.extend(self.expand_cognate(text));
        }
        expansions
    }

    /// The expansions of words by the synonyms of the directories. Notes the audiences and channels that they name.
    fn expand_synonyms(&mut self, stems: &str, typed: &[&str], similarity: f32) -> Vec<Expansion> {
        let mut expansions = Vec::new();
        for SynonymMeaning { means, audiences, .. } in self.thesaurus.synonyms(stems, typed) {
            if similarity > self.weights().min_audience_similarity {
                self.query.audiences.extend_from_slice(audiences);
            }
            for word in means {
                self.note_channel(&self.index.lexicon.stem(self.index.lexicon.text(*word)));
            }
            expansions.push(self.synonym_expansion(means, similarity * self.weights().synonym));
        }
        expansions
    }

    /// The expansions of folded words by the tables of languages: translations, then English words that mean the same.
    /// Notes the audiences and channels that they name. `similarity` is that of the words to what was typed.
    fn expand_meanings(&mut self, words: &[&str], similarity: f32) -> Vec<Expansion> {
        let lexicon = &self.index.lexicon;
        let translations = self.language.into_iter().flat_map(|language| language.meanings(words));
        let translations = translations.map(|means| (means, self.weights().translation, MatchKind::Translation));
        let is_known = words.iter().all(|word| lexicon.id(word).is_some());
        let everyday =
            if is_known { self.weights().everyday_synonym_of_known } else { self.weights().everyday_synonym };
        let synonyms =
            self.languages.english.meanings(words).into_iter().map(|means| (means, everyday, MatchKind::Synonym));
        let meanings: Vec<(&str, f32, MatchKind)> = translations.chain(synonyms).collect();
        let mut expansions = Vec::new();
        let meanings = meanings.into_iter().map(|(means, confidence, kind)| (means, similarity * confidence, kind));
        for (means, confidence, kind) in meanings.filter(|(_, confidence, _)| *confidence > 0.0) {
            if confidence > self.weights().min_audience_similarity {
                self.query.audiences.extend(self.thesaurus.audiences(&informative_words(means), lexicon));
            }
            // The catalog may have them in another form: "refunds".
            let is_negation = |word: &str| self.languages.english.cue(&[word]).is_some_and(|(cue, _)| cue == Cue::Not);
            let parts = self::words(means).filter(|word| !is_stop_word(word) && !is_negation(word));
            let parts: Vec<Vec<Candidate>> =
                parts.map(|word| lexicon.candidates(word, false, false, self.weights())).collect();
            if parts.iter().all(|part| !part.is_empty()) {
                expansions.push(Expansion { confidence, kind: Some(kind), ..Expansion::literal(parts) });
            }
            if self.language.is_some() {
                self.note_channel(&lexicon.stem(means));
            }
        }
        expansions
    }

    /// The expansion of a word of another language that is nearly a word of the catalog: "reprocesar".
    fn expand_cognate(&self, word: &str) -> Option<Expansion> {
        let lexicon = &self.index.lexicon;
        let found = self.language?.cognates(word).map(|word| lexicon.candidates(&word, false, true, self.weights()));
        let is_near = |candidate: &Candidate| !matches!(candidate.kind, MatchKind::Prefix | MatchKind::Fuzzy);
        let part = found.into_iter().find(|part| part.first().is_some_and(is_near))?;
        let (confidence, kind) = (self.weights().translation, Some(MatchKind::Translation));
        Some(Expansion { confidence, kind, ..Expansion::literal(vec![part]) })
    }

    fn synonym_expansion(&self, words: &[WordId], confidence: f32) -> Expansion {
        let lexicon = &self.index.lexicon;
        let parts = words.iter().map(|word| lexicon.candidates(lexicon.text(*word), false, false, self.weights()));
        Expansion { confidence, kind: Some(MatchKind::Synonym), ..Expansion::literal(parts.collect()) }
    }

    /// Notes the channel that a word names, and returns it.
    fn note_channel(&mut self, stem: &str) -> Option<ChannelKind> {
        let named = kind_named(stem);
        // Most queries say "call"; one that also says "fax" asks for the fax.
        if named.is_some() && self.query.channel.is_none_or(|kind| kind == ChannelKind::Phone) {
            self.query.channel = named;
        }
        named
    }
}
