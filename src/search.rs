//! From a need to ranked answers: what a person wants, in their words, against the names, other names and needs of
//! everything in a directory.
//!
//! An index holds the distinct words of a directory, each with the answers it stands in. Every typed word is
//! resolved once against the distinct words; what it may stand for then touches its answers, and only the best of these
//! are compared name by name and need by need. No search goes through texts.

mod catalog;
mod channel;
mod explain;
mod indexer;
mod inverted_index;
mod lexicon;
mod lookup;
mod names;
mod phrase;
mod query;
mod rank;
mod score;
mod substring_index;
mod text;

use std::sync::OnceLock;

use crate::directory::{AudienceId, AudienceSet, Directory, EntryId};
pub use catalog::Catalog;
use indexer::Indexer;
use inverted_index::InvertedIndex;
use names::Names;
use query::ParsedQuery;
use rank::Ranked;

/// What a hit must have of what was typed, of 1, not to be weak: so much, and so much more the fewer the words are, up to
/// so much of a single word.
const MIN_COVERED: f32 = 0.25;
const MORE_OF_ONE_WORD: f32 = 0.6;
const MAX_COVERED: f32 = 0.6;
/// A number must fit so well: its keys must be there.
const MIN_OF_NUMBER: f32 = 0.6;
/// A sentence says much besides: of so many words, less will do if the best hit is so much ahead of the next.
const SENTENCE: usize = 5;
const AHEAD: f32 = 1.5;
const LESS_WHEN_AHEAD: f32 = 0.6;
/// When more hits than this are as good as the best, of 1, nobody can tell which is meant.
const MAX_ALIKE: usize = 4;
const ALIKE: f32 = 0.99;
/// Of the best hit's score, what the last one must have.
const TAIL: f32 = 0.4;
/// Hits this near to the best, of 1, with as much of what was typed, are as good as it.
const NEAR: f32 = 0.85;
const AS_MUCH: f32 = 0.95;
/// How much better an answer outside the chosen audience must be to be pointed at.
const BETTER_OUTSIDE: f32 = 1.4;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// What the person wants, in their words.
    pub text: &'a str,
    /// The only audience to answer for.
    pub audience: Option<AudienceId>,
    /// As many hits as are wanted.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    /// The answers, best first. The order is total: it does not change between runs.
    pub results: Vec<SearchResult>,
    /// How many of the first hits are as good as each other, each for other audiences: 0 or at least 2.
    pub by_audience: usize,
    /// A better answer that is not for the chosen audience.
    pub outside: Option<SearchResult>,
}

/// An answer to a need.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// The entry, by the channel that was asked for.
    pub id: EntryId,
    /// How well it fits, from 0 to 1.
    pub score: f32,
    /// Whether the answer is not to be trusted: too little of what was typed fits, or it lacks the channel.
    pub weak: bool,
    /// Whether a fax, an email, a TTY line or a phone was asked for, and none is listed.
    pub lacks_channel: bool,
    /// The characters of its title that the need matches, by their place.
    pub marks: Vec<usize>,
    /// What of the need was understood how, in the order typed.
    pub reasons: Vec<Reason>,
}

/// A typed word and what it was understood as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// As typed, in lower case.
    pub typed: String,
    /// As it stands in the directory.
    pub matched: String,
    /// By what.
    pub kind: MatchKind,
}

/// By what a typed word was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchKind {
    /// It is the same word.
    Exact,
    /// It is another form of the word: a plural, a tense.
    Stem,
    /// It is the beginning of the word.
    Prefix,
    /// It is one word of two, or two of one.
    Split,
    /// The directory says that it means this.
    Synonym,
    /// It is the word but for a slip of the fingers.
    Typo,
    /// It has some of the word's letters, in order.
    Fuzzy,
    /// It is a number or an address, or a part of one.
    Lookup,
}

impl MatchKind {
    /// Its name for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Stem => "stem",
            Self::Prefix => "prefix",
            Self::Split => "split",
            Self::Synonym => "synonym",
            Self::Typo => "typo",
            Self::Fuzzy => "fuzzy",
            Self::Lookup => "lookup",
        }
    }
}

/// The index of a catalog's directories. Built on first use, so that a start which searches nothing does not pay for it.
#[derive(Default)]
struct Index(OnceLock<(InvertedIndex, Names)>);

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    /// Builds the index now rather than on first use.
    fn prepare(&self, directories: &[Directory]) {
        self.tables(directories);
    }

    fn tables(&self, directories: &[Directory]) -> &(InvertedIndex, Names) {
        self.0.get_or_init(|| {
            let index = Indexer::index(directories);
            let names = Names::new(directories, &index.lexicon);
            (index, names)
        })
    }

    /// The answers to a need.
    fn find(&self, directories: &[Directory], question: &Query<'_>) -> SearchResults {
        let (index, names) = self.tables(directories);
        let query = query::read(question.text, index, names, directories);
        let ranked = rank::rank(&query, index, question.audience);
        let best = ranked.first().map_or(0.0, |first| first.score);
        let least = least_covered(&query, &ranked, question.audience.is_some());
        // Nothing after a weak hit is to be trusted more than that.
        let trusted = ranked.iter().take_while(|ranked| ranked.coverage >= least).count();
        let kept = ranked.iter().take_while(|ranked| ranked.score >= best * TAIL).take(question.limit);
        let hits = kept.enumerate().map(|(rank, ranked)| self.hit(directories, &query, index, ranked, rank >= trusted));
        let outside = question.audience.and_then(|_| {
            let anywhere = rank::rank(&query, index, None);
            let first = anywhere.first().filter(|first| first.score > best * BETTER_OUTSIDE)?;
            let is_trusted = first.coverage >= least_covered(&query, &anywhere, false);
            let is_inside = ranked.iter().any(|inside| inside.place == first.place);
            (is_trusted && !is_inside).then(|| self.hit(directories, &query, index, first, false))
        });
        SearchResults { results: hits.collect(), by_audience: self.by_audience(&ranked, index), outside }
    }

    fn hit(
        &self,
        directories: &[Directory],
        query: &ParsedQuery,
        index: &InvertedIndex,
        ranked: &Ranked,
        weak: bool,
    ) -> SearchResult {
        let answer = index.answers[ranked.place].answer;
        let lacks = rank::lacks_channel(query, &index.answers[ranked.place]);
        SearchResult {
            id: answer.by(rank::channel(query, index, directories, ranked.place)),
            score: ranked.score.clamp(0.0, 1.0),
            weak: weak || lacks,
            lacks_channel: lacks,
            marks: explain::marks(query, index, directories[answer.directory].title(answer)),
            reasons: explain::why(query, index, ranked.place),
        }
    }

    /// How many of the first are as good as each other, each for other audiences.
    fn by_audience(&self, ranked: &[Ranked], index: &InvertedIndex) -> usize {
        let Some(first) = ranked.first() else { return 0 };
        let mut seen = AudienceSet::default();
        let directory = index.served(&index.answers[first.place]).directory;
        let near = ranked.iter().take_while(|other| {
            let served = index.served(&index.answers[other.place]);
            let own = &served.own;
            let is_other = served.directory == directory && !own.is_empty() && !own.intersects(&seen);
            seen.extend(own);
            is_other && other.score >= first.score * NEAR && other.coverage >= first.coverage * AS_MUCH
        });
        match near.count() {
            1 => 0,
            several => several,
        }
    }
}

/// How much of what was typed a hit must have not to be weak, from 0 to 1; more than 1 where none is to be trusted.
fn least_covered(query: &ParsedQuery, ranked: &[Ranked], has_audience: bool) -> f32 {
    const NEVER: f32 = f32::INFINITY;
    let score = |place: usize| ranked.get(place).map_or(0.0, |ranked| ranked.score);
    let alike = ranked.iter().take_while(|ranked| ranked.score >= score(0) * ALIKE).count();
    match query.telling() {
        _ if alike > MAX_ALIKE || query.is_vague() || query.names_channel_only() => NEVER,
        _ if query.number.is_some() => MIN_OF_NUMBER,
        // "who do I call" is a need of whoever has chosen an audience.
        0 if has_audience => 0.0,
        0 => NEVER,
        words => {
            let least = (MIN_COVERED + MORE_OF_ONE_WORD / words as f32).min(MAX_COVERED);
            let is_ahead = words >= SENTENCE && score(0) > score(1) * AHEAD;
            if is_ahead { least * LESS_WHEN_AHEAD } else { least }
        }
    }
}
