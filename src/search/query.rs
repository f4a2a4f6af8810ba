//! Parses a query into terms, each with the words of the catalog that it may stand for.
//!
//! Everything uncertain about a query is settled here, once: typos, unfinished words, synonyms, compounds. The scoring
//! then only deals with known words and the similarity of each. A query that contains a phone number is about that
//! number, and its words are ignored.

use super::MatchKind;
use super::channel::kind_named;
use super::inverted_index::InvertedIndex;
use super::lexicon::{Candidate, WordId};
use super::lookup::{LookupMatch, NumberQuery, find_address, find_number};
use super::text::{folded, is_stop_word, words};
use super::thesaurus::{SynonymMeaning, Thesaurus};
use super::weights::Weights;
use crate::directory::{AudienceId, ChannelKind, Directory};

/// The part of a query that is searched: characters, words, and bytes of a word. Anything beyond was pasted by accident.
const MAX_QUERY_LEN: usize = 1_000;
const MAX_WORDS: usize = 48;
const MAX_WORD_LEN: usize = 40;
/// A single word that is shorter than this, in bytes, is vague while it matches only as a prefix.
const MIN_CLEAR_PREFIX_LEN: usize = 3;
/// The maximum number of words in a name of an audience or a synonym.
const MAX_NAME_WORDS: usize = 5;
/// The maximum number of candidates of a word whose synonyms are also looked up.
const MAX_SYNONYM_CANDIDATES: usize = 4;
/// The maximum number of addresses in a query that are looked up.
const MAX_ADDRESSES: usize = 4;

/// A query whose words are resolved against the index.
#[derive(Default)]
pub(super) struct ParsedQuery {
    pub(super) terms: Vec<Term>,
    /// The phone number in the query. There are no terms then.
    pub(super) number: Option<NumberQuery>,
    /// The audiences that the query names.
    pub(super) audiences: Vec<AudienceId>,
    /// The channel that the query names.
    pub(super) channel: Option<ChannelKind>,
    /// Whether all words are stop words. They are then searched, but carry no information.
    is_only_stop_words: bool,
}

impl ParsedQuery {
    /// Makes the name of an audience informative where it is all that the query says: "small business" asks for what
    /// serves that audience.
    fn promote_audiences(&mut self) {
        if self.informative_terms().next().is_none() {
            let named = self.terms.iter_mut().filter(|term| term.role == TermRole::Audience);
            named.for_each(|term| term.role = TermRole::Informative);
        }
    }

    fn informative_terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| term.role == TermRole::Informative)
    }

    /// Whether the query is a single short prefix, which too many words begin with.
    pub(super) fn is_vague(&self) -> bool {
        let mut terms = self.informative_terms();
        let (Some(term), None) = (terms.next(), terms.next()) else { return false };
        let literal = term.expansions.iter().filter(|expansion| expansion.kind.is_none());
        let mut candidates = literal.flat_map(|expansion| expansion.parts.iter().flatten());
        term.typed.len() < MIN_CLEAR_PREFIX_LEN && candidates.all(|candidate| candidate.kind == MatchKind::Prefix)
    }

    /// Whether the query asks for a fax, an email or a web page, but not whose.
    pub(super) fn names_channel_only(&self) -> bool {
        let is_specific = matches!(self.channel, Some(ChannelKind::Fax | ChannelKind::Email | ChannelKind::Web));
        is_specific && self.informative_terms().all(|term| term.share < 1.0)
    }

    /// The number of informative terms.
    pub(super) fn informative_count(&self) -> usize {
        if self.is_only_stop_words { 0 } else { self.informative_terms().count() }
    }
}

/// A word of a query, or several that mean something together, with everything that it may stand for.
pub(super) struct Term {
    /// As typed, in lower case.
    pub(super) typed: String,
    /// The literal expansion first, then the synonyms. A document is scored by the best one.
    pub(super) expansions: Vec<Expansion>,
    /// The addresses that contain the term, where it looks like a part of one.
    pub(super) addresses: Vec<LookupMatch>,
    /// How much the term counts, as a factor of its idf.
    pub(super) share: f32,
    pub(super) role: TermRole,
}

/// What a term contributes to the confidence in a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermRole {
    /// Results without it are trusted less.
    Informative,
    /// The name of an audience: results that have it are trusted more, others not less.
    Audience,
    /// A stop word, or a word such as "call": it affects the ranking, but not the confidence.
    Filler,
}

impl Term {
    fn new(typed: impl Into<String>, expansions: Vec<Expansion>) -> Self {
        Self { typed: typed.into(), expansions, addresses: Vec::new(), share: 1.0, role: TermRole::Informative }
    }

    /// The candidates of all expansions.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.expansions.iter().flat_map(|expansion| expansion.parts.iter().flatten())
    }
}

/// One meaning of a term: the words as typed, or those of a synonym.
pub(super) struct Expansion {
    /// The words of the expansion, each with its candidates, the most similar first. A document should have one candidate
    /// of every part.
    pub(super) parts: Vec<Vec<Candidate>>,
    /// How likely this meaning is, from 0 to 1.
    pub(super) confidence: f32,
    /// How the expansion is explained; `None` for the literal one, which is explained by its candidates.
    pub(super) kind: Option<MatchKind>,
}

impl Expansion {
    fn literal(parts: Vec<Vec<Candidate>>) -> Self {
        Self { parts, confidence: 1.0, kind: None }
    }
}

/// A typed word.
struct Token {
    /// Folded.
    text: String,
    /// The word that it most likely stands for: `text`, or the correction of a typo.
    corrected: String,
    /// The stem of `corrected`.
    stem: String,
    candidates: Vec<Candidate>,
    is_stop_word: bool,
    /// Whether it is part of the name of an audience.
    is_audience: bool,
}

/// Parses a query.
pub(super) fn parse(
    text: &str,
    index: &InvertedIndex,
    thesaurus: &Thesaurus,
    directories: &[Directory],
) -> ParsedQuery {
    let end = text.char_indices().nth(MAX_QUERY_LEN).map_or(text.len(), |(end, _)| end);
    let text = &text[..end];
    if let Some(number) = find_number(text, index, directories) {
        return ParsedQuery { number: Some(number), ..ParsedQuery::default() };
    }
    let mut parser = QueryParser { index, thesaurus, query: ParsedQuery::default() };
    let rest = parser.take_addresses(text);
    let mut tokens = parser.tokenize(&rest, text.ends_with(|c: char| c.is_alphanumeric()));
    parser.find_audiences(&mut tokens);
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        // A repeated word counts once.
        let is_repeated = tokens[..i].iter().any(|before| before.text == token.text);
        let taken_count = if is_repeated { 1 } else { parser.add_compound(&tokens[i..]) };
        if taken_count == 0 {
            parser.add_word(token);
        }
        i += taken_count.max(1);
    }
    parser.query.promote_audiences();
    parser.query
}

/// The query parsed so far.
struct QueryParser<'a> {
    index: &'a InvertedIndex,
    thesaurus: &'a Thesaurus,
    query: ParsedQuery,
}

impl QueryParser<'_> {
    fn weights(&self) -> &Weights {
        &self.index.weights
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
                let parts = words(address).map(|word| self.exact(word)).collect();
                let confidence = self.weights().word_of_address;
                let expansions = vec![Expansion { confidence, ..Expansion::literal(parts) }];
                let share = self.weights().address;
                self.query.terms.push(Term { addresses, share, ..Term::new(address, expansions) });
            }
        }
        rest
    }

    fn exact(&self, word: &str) -> Vec<Candidate> {
        self.index.lexicon.exact(word, self.weights()).into_iter().collect()
    }

    /// The words of a query; `is_growing` says whether the last one may be unfinished.
    fn tokenize(&mut self, text: &str, is_growing: bool) -> Vec<Token> {
        let texts = words(text).map(|word| folded(word).into_owned());
        let texts: Vec<String> =
            texts.filter(|word| !word.is_empty() && word.len() <= MAX_WORD_LEN).take(MAX_WORDS).collect();
        // One or two digits begin a phone number, or are keys without one: there is nothing to search yet.
        if texts.iter().all(|word| word.len() < 3 && word.bytes().all(|byte| byte.is_ascii_digit())) {
            return Vec::new();
        }
        let is_only_stop_words = texts.iter().all(|word| is_stop_word(word));
        self.query.is_only_stop_words = is_only_stop_words && self.query.terms.is_empty();
        let last = texts.len().saturating_sub(1);
        let texts = texts.into_iter().enumerate();
        texts.map(|(i, text)| self.token(text, is_growing && i == last, is_only_stop_words)).collect()
    }

    fn token(&self, text: String, is_growing: bool, is_only_stop_words: bool) -> Token {
        let lexicon = &self.index.lexicon;
        let is_stop_word = !is_only_stop_words && is_stop_word(&text);
        let candidates = if is_stop_word {
            self.exact(&text)
        } else {
            // An English word that the catalog does not have is not a typo of one that it has.
            let may_be_mistyped = !self.thesaurus.is_everyday_word(&lexicon.stem(&text));
            lexicon.candidates(&text, is_growing, may_be_mistyped, self.weights())
        };
        let corrected = match candidates.first() {
            Some(candidate) if candidate.kind == MatchKind::Typo => lexicon.text(candidate.word).to_owned(),
            _ => text.clone(),
        };
        Token { stem: lexicon.stem(&corrected), corrected, text, candidates, is_stop_word, is_audience: false }
    }

    /// Finds the names of audiences, the longest first, and marks their tokens. Stop words do not interrupt a name.
    fn find_audiences(&mut self, tokens: &mut [Token]) {
        let mut tokens: Vec<&mut Token> = tokens.iter_mut().filter(|token| !token.is_stop_word).collect();
        let stems: Vec<String> = tokens.iter().map(|token| token.stem.clone()).collect();
        let mut i = 0;
        while i < stems.len() {
            let mut lengths = (1..=MAX_NAME_WORDS.min(stems.len() - i)).rev();
            let named =
                lengths.find_map(|length| Some((length, self.thesaurus.audiences(&stems[i..i + length].join(" "))?)));
            if let Some((length, audiences)) = named {
                self.query.audiences.extend_from_slice(audiences);
                tokens[i..i + length].iter_mut().for_each(|token| token.is_audience = true);
            }
            i += named.map_or(1, |(length, _)| length);
        }
    }

    /// Adds a term for the first tokens if they mean something together: a synonym of several words, or a word that is
    /// written as two. Returns the number of tokens, which is 0 if they do not.
    fn add_compound(&mut self, tokens: &[Token]) -> usize {
        for length in (2..=MAX_NAME_WORDS.min(tokens.len())).rev() {
            let compound = &tokens[..length];
            let stems: Vec<&str> = compound.iter().map(|token| &*token.stem).collect();
            let corrected: Vec<&str> = compound.iter().map(|token| &*token.corrected).collect();
            let mut expansions = self.expand_synonyms(&stems.join(" "), &corrected, 1.0);
            if length == 2 && !compound.iter().all(|token| token.is_stop_word) {
                expansions.extend(self.expand_joined(&(compound[0].text.clone() + &compound[1].text)));
            }
            if expansions.is_empty() {
                continue;
            }
            let parts = compound.iter().map(|token| &token.candidates).filter(|candidates| !candidates.is_empty());
            expansions.push(Expansion::literal(parts.cloned().collect()));
            let typed: Vec<&str> = compound.iter().map(|token| &*token.text).collect();
            let is_audience = compound.iter().all(|token| token.is_stop_word || token.is_audience);
            let role = if is_audience { TermRole::Audience } else { TermRole::Informative };
            self.query.terms.push(Term { role, ..Term::new(typed.join(" "), expansions) });
            return length;
        }
        0
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
        let Token { text, candidates, .. } = token;
        if token.is_stop_word {
            if !candidates.is_empty() {
                let expansions = vec![Expansion::literal(vec![candidates.clone()])];
                let share = self.weights().filler;
                self.query.terms.push(Term { share, role: TermRole::Filler, ..Term::new(text, expansions) });
            }
            return;
        }
        let expansions = self.expand_word(text, candidates);
        let channel = self.note_channel(&token.stem);
        let share = if channel.is_some() { self.weights().channel_word } else { 1.0 };
        let role = match channel {
            Some(ChannelKind::Phone) => TermRole::Filler,
            _ if token.is_audience => TermRole::Audience,
            _ => TermRole::Informative,
        };
        self.query.terms.push(Term { share, role, ..Term::new(text, expansions) });
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
        // A synonym may itself be mistyped or unfinished.
        let uncertain =
            candidates.iter().filter(|candidate| matches!(candidate.kind, MatchKind::Typo | MatchKind::Prefix));
        for candidate in uncertain.take(MAX_SYNONYM_CANDIDATES) {
            let text = lexicon.text(candidate.word);
            expansions.extend(self.expand_synonyms(&lexicon.stem(text), &[text], candidate.similarity));
        }
        // The table of everyday English is consulted only for words that the catalog does not have.
        if expansions.is_empty() || candidates.iter().all(|candidate| candidate.kind == MatchKind::Prefix) {
            let confidence = self.weights().everyday_synonym;
            let synonyms = self.thesaurus.everyday_synonyms(text, &stem);
            expansions.extend(synonyms.map(|words| self.synonym_expansion(words, confidence)));
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

    fn synonym_expansion(&self, words: &[WordId], confidence: f32) -> Expansion {
        let lexicon = &self.index.lexicon;
        let parts = words.iter().map(|word| lexicon.candidates(lexicon.text(*word), false, false, self.weights()));
        Expansion { parts: parts.collect(), confidence, kind: Some(MatchKind::Synonym) }
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
