//! Search: from a query in the user's words to ranked entries, with the reasons why each was found.
//!
//! The index holds the distinct words of a catalog, each with its postings: the documents (entries) that it occurs in.
//! A search runs in four stages, none of which scans the texts of the entries:
//!
//! 1. `query` splits the query into terms and resolves each once against the distinct words: exact, inflected, prefix,
//!    typo, abbreviation, synonym. Only a word that is found in no simpler way is compared with all words.
//! 2. `score` walks the postings of these words and sums the scores of the terms in each document, as in BM25: a rare
//!    word counts for more (idf), and a repeated word saturates (k1). The time is linear in the number of postings.
//! 3. `rank` compares the best documents with the query phrase by phrase, since an entry that has the whole query in one
//!    name or need is a better result than one that has its words here and there. The number of documents is bounded.
//! 4. The coverage of the query decides which results can be trusted. The others are weak: shown, but marked, because a
//!    wrong number is worse than none.
//!
//! A phone number or address in the query is looked up in a `substring_index` instead. `explain` then finds the reasons
//! for the results that are returned. Every constant that ranks is a field of [`Weights`].

mod catalog;
mod channel;
mod explain;
mod indexer;
mod inverted_index;
mod lexicon;
mod lookup;
mod phrase;
mod query;
mod rank;
mod score;
mod substring_index;
mod text;
mod thesaurus;
mod weights;

use serde::Serialize;

use crate::directory::{AudienceId, AudienceSet, Directory, EntryId};
pub use catalog::Catalog;
use inverted_index::InvertedIndex;
use query::ParsedQuery;
use rank::Ranked;
use thesaurus::Thesaurus;
pub use weights::Weights;

/// What to search for.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The text as typed, of any length; only its first 1,000 characters are searched.
    pub text: &'a str,
    /// Searches only the entries for this audience.
    pub audience: Option<AudienceId>,
    /// The maximum number of results.
    pub limit: usize,
}

/// The results of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    /// The results, best first. The order is total, so that it is the same in every run.
    pub results: Vec<SearchResult>,
    /// The number of first results that are equally good, each for other audiences: 0, or at least 2.
    pub by_audience: usize,
    /// A better result that is not for the chosen audience.
    pub outside: Option<SearchResult>,
    /// Whether that result is so much better that it comes first.
    pub outside_leads: bool,
}

/// An entry that matches a query.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// The entry, by the requested channel.
    pub id: EntryId,
    /// How well it fits the query, from 0 to 1.
    pub score: f32,
    /// Whether the result cannot be trusted: it covers too little of the query, or lacks the requested channel.
    pub weak: bool,
    /// Whether the query asks for a channel, such as a fax, that the entry does not list.
    pub lacks_channel: bool,
    /// The indices of the characters of its title that the query matches.
    pub marks: Vec<usize>,
    /// How each matching word of the query was understood, in the order typed.
    pub reasons: Vec<Reason>,
}

/// A typed word, and the word of the directory that it was understood as. Serialized as it stands in JSON reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// As typed, in lower case.
    pub typed: String,
    /// The word as the directory has it.
    pub matched: String,
    /// How it matches.
    #[serde(rename = "how")]
    pub kind: MatchKind,
}

/// How a typed word matches one of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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

/// Searches the index of directories.
fn find(
    directories: &[Directory],
    (index, thesaurus): &(InvertedIndex, Thesaurus),
    query: &Query<'_>,
) -> SearchResults {
    let weights = &index.weights;
    let parsed = query::parse(query.text, index, thesaurus, directories);
    let ranked = rank::rank(&parsed, index, query.audience);
    let best_score = ranked.first().map_or(0.0, |first| first.score);
    let min_coverage = min_coverage(&parsed, &ranked, query.audience.is_some(), weights);
    // No result after a weak one is trusted.
    let trusted_count = ranked.iter().take_while(|ranked| ranked.coverage >= min_coverage).count();
    let min_score = best_score * weights.min_share_of_best;
    let kept = ranked.iter().take_while(|ranked| ranked.score >= min_score).take(query.limit);
    let results = kept
        .enumerate()
        .map(|(rank, ranked)| search_result(directories, &parsed, index, ranked, rank >= trusted_count));
    let outside = query.audience.and_then(|_| {
        let unrestricted = rank::rank(&parsed, index, None);
        let first = unrestricted.first().filter(|first| first.score > best_score * weights.better_outside)?;
        let is_trusted = first.coverage >= self::min_coverage(&parsed, &unrestricted, false, weights);
        let is_inside = ranked.iter().any(|inside| inside.document == first.document);
        (is_trusted && !is_inside).then(|| search_result(directories, &parsed, index, first, false))
    });
    let results: Vec<SearchResult> = results.collect();
    let far_better = best_score.clamp(0.0, 1.0) * weights.far_better_outside;
    let outside_leads = results.first().is_none_or(|first| first.weak)
        || outside.as_ref().is_some_and(|outside: &SearchResult| outside.score > far_better);
    SearchResults { results, by_audience: count_by_audience(&ranked, index), outside, outside_leads }
}

fn search_result(
    directories: &[Directory],
    query: &ParsedQuery,
    index: &InvertedIndex,
    ranked: &Ranked,
    is_weak: bool,
) -> SearchResult {
    let document = &index.documents[ranked.document];
    let lacks_channel = rank::lacks_channel(query, document);
    SearchResult {
        id: document.id.by(rank::requested_channel(query, index, directories, ranked.document)),
        score: ranked.score.clamp(0.0, 1.0),
        weak: is_weak || lacks_channel,
        lacks_channel,
        marks: explain::marks(query, index, directories[document.id.directory].title(document.id)),
        reasons: explain::reasons(query, index, ranked.document),
    }
}

/// The number of first results that are equally good, each for other audiences; 0 if it is only one.
fn count_by_audience(ranked: &[Ranked], index: &InvertedIndex) -> usize {
    let Some(first) = ranked.first() else { return 0 };
    let mut seen = AudienceSet::default();
    let directory = index.served(&index.documents[first.document]).directory;
    let near = ranked.iter().take_while(|other| {
        let served = index.served(&index.documents[other.document]);
        let own = &served.own;
        let is_other = served.directory == directory && !own.is_empty() && !own.intersects(&seen);
        seen.extend(own);
        is_other
            && other.score >= first.score * index.weights.near_score
            && other.coverage >= first.coverage * index.weights.near_coverage
    });
    match near.count() {
        1 => 0,
        count => count,
    }
}

/// The coverage below which a result is weak, from 0 to 1; infinite where no result can be trusted.
fn min_coverage(query: &ParsedQuery, ranked: &[Ranked], has_audience: bool, weights: &Weights) -> f32 {
    const NEVER: f32 = f32::INFINITY;
    let score = |rank: usize| ranked.get(rank).map_or(0.0, |ranked| ranked.score);
    let equal_count = ranked.iter().take_while(|ranked| ranked.score >= score(0) * weights.equal_score).count();
    match query.informative_count() {
        _ if equal_count > weights.max_equal_results || query.is_vague() || query.names_channel_only() => NEVER,
        _ if query.number.is_some() => weights.min_number_fit,
        // "who do I call" makes sense once an audience is chosen.
        0 if has_audience => 0.0,
        0 => NEVER,
        count => {
            let min = weights.min_coverage + weights.min_coverage_per_word / count as f32;
            let min = min.min(weights.max_min_coverage);
            let is_leading = count >= weights.sentence_words && score(0) > score(1) * weights.clear_lead;
            if is_leading { min * weights.lead_discount } else { min }
        }
    }
}
