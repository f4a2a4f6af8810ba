//! Search: from a query in the caller's words to ranked entries, with the reasons why each was found.
//!
//! The index holds the distinct words of a catalog, each with its postings: the documents (entries) it stands in. A query
//! is handled in four steps, none of which scans texts:
//!
//! 1. `query` resolves every typed word once against the distinct words: exact, inflected, prefix, typo, synonym.
//! 2. `score` walks the postings of what each word may stand for and sums the weight of the words in each document,
//!    rare words counting more (the idf of BM25).
//! 3. `rank` compares only the best documents phrase by phrase: how much of the query stands together in one name or
//!    need.
//! 4. The coverage of the query decides which results can be trusted; the others are marked weak.
//!
//! Every constant that ranks stands in `weights`.

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
mod weights;

use std::sync::OnceLock;

use crate::directory::{AudienceId, AudienceSet, Directory, EntryId};
pub use catalog::Catalog;
use indexer::Indexer;
use inverted_index::InvertedIndex;
use names::Names;
use query::ParsedQuery;
use rank::Ranked;
use weights::WEIGHTS;

/// A search.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The query as typed.
    pub text: &'a str,
    /// The only audience to id for.
    pub audience: Option<AudienceId>,
    /// The maximum number of results.
    pub limit: usize,
}

/// The results of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    /// The results, best first. The order is total, so that it is the same in every run.
    pub results: Vec<SearchResult>,
    /// How many of the first results are equally good, each for other audiences: 0, or 2 and more.
    pub by_audience: usize,
    /// A better result that is not for the chosen audience.
    pub outside: Option<SearchResult>,
}

/// A found entry.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// The entry, by the channel that was asked for.
    pub id: EntryId,
    /// How well it fits the query, from 0 to 1.
    pub score: f32,
    /// Whether the result cannot be trusted: it covers too little of the query, or lacks the channel asked for.
    pub weak: bool,
    /// Whether the query asks for a channel, such as a fax, that the entry does not list.
    pub lacks_channel: bool,
    /// The indices of the characters of its title that the query matches.
    pub marks: Vec<usize>,
    /// What each matching word of the query was understood as, in the order typed.
    pub reasons: Vec<Reason>,
}

/// A typed word and the word of the directory that it was understood as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// As typed, in lower case.
    pub typed: String,
    /// The word as the directory has it.
    pub matched: String,
    /// How it matches.
    pub kind: MatchKind,
}

/// How a typed word matches one of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchKind {
    /// The same word.
    Exact,
    /// Another form of the word, such as a plural or a tense.
    Stem,
    /// A prefix of the word.
    Prefix,
    /// Two words written as one, or one as two.
    Split,
    /// A synonym of the word.
    Synonym,
    /// The word with a typo.
    Typo,
    /// An abbreviation: some letters of the word, in order.
    Fuzzy,
    /// A phone number or address, or a part of one.
    Lookup,
}

impl MatchKind {
    /// The name in JSON.
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

    /// The results of a search.
    fn find(&self, directories: &[Directory], question: &Query<'_>) -> SearchResults {
        let (index, names) = self.tables(directories);
        let query = query::read(question.text, index, names, directories);
        let ranked = rank::rank(&query, index, question.audience);
        let best = ranked.first().map_or(0.0, |first| first.score);
        let least = min_coverage(&query, &ranked, question.audience.is_some());
        // No result after a weak one is trusted.
        let trusted = ranked.iter().take_while(|ranked| ranked.coverage >= least).count();
        let kept =
            ranked.iter().take_while(|ranked| ranked.score >= best * WEIGHTS.min_share_of_best).take(question.limit);
        let hits =
            kept.enumerate().map(|(rank, ranked)| self.result(directories, &query, index, ranked, rank >= trusted));
        let outside = question.audience.and_then(|_| {
            let anywhere = rank::rank(&query, index, None);
            let first = anywhere.first().filter(|first| first.score > best * WEIGHTS.better_outside)?;
            let is_trusted = first.coverage >= min_coverage(&query, &anywhere, false);
            let is_inside = ranked.iter().any(|inside| inside.place == first.place);
            (is_trusted && !is_inside).then(|| self.result(directories, &query, index, first, false))
        });
        SearchResults { results: hits.collect(), by_audience: self.by_audience(&ranked, index), outside }
    }

    fn result(
        &self,
        directories: &[Directory],
        query: &ParsedQuery,
        index: &InvertedIndex,
        ranked: &Ranked,
        weak: bool,
    ) -> SearchResult {
        let id = index.documents[ranked.place].id;
        let lacks = rank::lacks_channel(query, &index.documents[ranked.place]);
        SearchResult {
            id: id.by(rank::channel(query, index, directories, ranked.place)),
            score: ranked.score.clamp(0.0, 1.0),
            weak: weak || lacks,
            lacks_channel: lacks,
            marks: explain::marks(query, index, directories[id.directory].title(id)),
            reasons: explain::why(query, index, ranked.place),
        }
    }

    /// The number of first results that are equally good, each for other audiences.
    fn by_audience(&self, ranked: &[Ranked], index: &InvertedIndex) -> usize {
        let Some(first) = ranked.first() else { return 0 };
        let mut seen = AudienceSet::default();
        let directory = index.served(&index.documents[first.place]).directory;
        let near = ranked.iter().take_while(|other| {
            let served = index.served(&index.documents[other.place]);
            let own = &served.own;
            let is_other = served.directory == directory && !own.is_empty() && !own.intersects(&seen);
            seen.extend(own);
            is_other
                && other.score >= first.score * WEIGHTS.near_best
                && other.coverage >= first.coverage * WEIGHTS.near_coverage
        });
        match near.count() {
            1 => 0,
            several => several,
        }
    }
}

/// The coverage that a result needs not to be weak, from 0 to 1; infinite where no result can be trusted.
fn min_coverage(query: &ParsedQuery, ranked: &[Ranked], has_audience: bool) -> f32 {
    const NEVER: f32 = f32::INFINITY;
    let score = |place: usize| ranked.get(place).map_or(0.0, |ranked| ranked.score);
    let alike = ranked.iter().take_while(|ranked| ranked.score >= score(0) * WEIGHTS.alike).count();
    match query.informative() {
        _ if alike > WEIGHTS.max_alike || query.is_vague() || query.names_channel_only() => NEVER,
        _ if query.number.is_some() => WEIGHTS.min_number_fit,
        // "who do I call" makes sense once an audience is chosen.
        0 if has_audience => 0.0,
        0 => NEVER,
        words => {
            let least =
                (WEIGHTS.min_coverage + WEIGHTS.min_coverage_per_word / words as f32).min(WEIGHTS.max_min_coverage);
            let is_ahead = words >= WEIGHTS.sentence_words && score(0) > score(1) * WEIGHTS.clear_lead;
            if is_ahead { least * WEIGHTS.lead_discount } else { least }
        }
    }
}
