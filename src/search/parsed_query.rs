//! A query whose words are resolved: what scoring and ranking work on.

use super::MatchKind;
use super::lexicon::Candidate;
use super::lookup::{LookupMatch, NumberQuery};
use crate::directory::{AudienceId, ChannelKind};

/// A single word that is shorter than this, in bytes, is vague while it matches only as a prefix.
const MIN_CLEAR_PREFIX_LEN: usize = 3;

/// A query whose words are resolved against the index.
#[derive(Default)]
pub(super) struct ParsedQuery {
    pub(super) terms: Vec<Term>,
    /// The words that say what is wanted, corrected, and translated into English.
    pub(super) content: Vec<String>,
    /// The phone number in the query. There are no terms then.
    pub(super) number: Option<NumberQuery>,
    /// The audiences that the query names.
    pub(super) audiences: Vec<AudienceId>,
    /// The directories that the query names, by index. The audiences are theirs, then.
    pub(super) directories: Vec<usize>,
    /// The channel that the query names.
    pub(super) channel: Option<ChannelKind>,
    /// Whether it names a phone line as such: "the broker line".
    pub(super) names_line: bool,
    /// Whether it asks for a person, and says nothing else.
    pub(super) asks_only_for_person: bool,
    /// What the query says that it is not about.
    pub(super) unwanted: Option<Box<ParsedQuery>>,
    /// Whether it says what it is not about, and nothing else.
    pub(super) denies_all: bool,
    /// Whether it asks for opening hours.
    pub(super) asks_hours: bool,
    /// The phrases that say only how it is asked.
    pub(super) set_aside: Vec<String>,
    /// The typed words that are neither of the catalog nor of a language, and may be typos.
    pub(super) doubtful: Vec<String>,
    /// Whether it is in another language than English.
    pub(super) is_translated: bool,
    /// Whether all words are stop words. They are then searched, but carry no information.
    pub(super) is_only_stop_words: bool,
}

/// Whether a directory is among those that are named, or none is.
pub(super) fn is_named_or_none(named: &[usize], directory: usize) -> bool {
    named.is_empty() || named.contains(&directory)
}

impl ParsedQuery {
    /// Makes the name of an audience informative where it is all that the query says: "small business" asks for what
    /// serves that audience. Else, the request for a person.
    pub(super) fn promote(&mut self) {
        for role in [TermRole::Audience, TermRole::Person] {
            if self.informative_terms().next().is_none() {
                let named = self.terms.iter_mut().filter(|term| term.role == role);
                for term in named {
                    term.role = TermRole::Informative;
                    self.asks_only_for_person = role == TermRole::Person;
                }
            }
        }
        for term in self.terms.iter_mut().filter(|term| term.role == TermRole::Person) {
            term.role = TermRole::Filler;
        }
    }

    /// Whether the query names other directories than this one.
    pub(super) fn is_for_other_directory(&self, directory: usize) -> bool {
        !is_named_or_none(&self.directories, directory)
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
        is_specific && self.says_channel_only()
    }

    /// Whether a channel is all that the query says.
    pub(super) fn says_channel_only(&self) -> bool {
        let has_audience = self.terms.iter().any(|term| term.role == TermRole::Audience);
        self.channel.is_some() && !has_audience && self.informative_terms().all(|term| term.share < 1.0)
    }

    /// Whether the query says nothing about what is wanted, not even that it wants a person or hours.
    pub(super) fn is_empty(&self) -> bool {
        self.number.is_none() && !self.asks_hours && self.informative_count() == 0
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
    /// The name of an audience or a directory: results that have it are trusted more, others not less.
    Audience,
    /// Asks for a person. Becomes [`TermRole::Filler`] where the query says anything else.
    Person,
    /// A stop word, or a word such as "call": it affects the ranking, but not the confidence.
    Filler,
}

impl Term {
    pub(super) fn new(typed: impl Into<String>, expansions: Vec<Expansion>) -> Self {
        Self { typed: typed.into(), expansions, addresses: Vec::new(), share: 1.0, role: TermRole::Informative }
    }

    /// The candidates of all expansions.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.expansions.iter().flat_map(|expansion| expansion.parts.iter().flatten())
    }
}

/// One meaning of a term: the words as typed, or those of a synonym.
pub(super) struct Expansion {
    /// The words of the expansion, each with its candidates, the most similar first. A document should have one
    /// candidate of every part.
    pub(super) parts: Vec<Vec<Candidate>>,
    /// How likely this meaning is, from 0 to 1.
    pub(super) confidence: f32,
    /// How the expansion is explained; `None` for the literal one, which is explained by its candidates.
    pub(super) kind: Option<MatchKind>,
    /// The word that was typed for each part; empty unless the parts are words as they were typed.
    pub(super) typed: Vec<String>,
}

impl Expansion {
    pub(super) fn literal(parts: Vec<Vec<Candidate>>) -> Self {
        Self { parts, confidence: 1.0, kind: None, typed: Vec::new() }
    }
}
