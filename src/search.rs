//! Search: from a query in the user's words to ranked entries, with the reasons why each was found.
//!
//! The index holds the distinct words of a catalog, each with its postings: the documents (entries) that it occurs in.
//! A search runs in four stages, none of which scans the texts of the entries:
//!
//! 1. `query` splits the query into terms and resolves each once against the distinct words: exact, inflected, prefix,
//!    typo, abbreviation, synonym. Only a word that is found in no simpler way is compared with all words.
//! 2. `score` walks the postings of these words and sums the scores of the terms in each document, as in BM25: a rare
//!    word counts for more (idf), and a repeated word saturates (k1). The time is linear in the number of postings.
//! 3. `rank` compares the best documents with the query phrase by phrase, since an entry that has the whole query in
//!    one name or need is a better result than one that has its words here and there. The number of documents is bounded.
//! 4. The coverage of the query decides which results can be trusted. The others are weak: shown, but marked, because a
//!    wrong number is worse than none.
//!
//! A phone number or address in the query is looked up in a `substring_index` instead. `explain` then finds the reasons
//! for the results that are returned. Every constant that ranks is a field of [`Weights`].

mod catalog;
mod channel;
mod elsewhere;
mod evidence;
mod explain;
mod indexer;
mod inverted_index;
mod language;
mod lexicon;
mod lookup;
mod meaning;
mod parsed_query;
mod phrase;
mod query;
mod rank;
mod score;
mod spoken_address;
mod substring_index;
mod text;
mod thesaurus;
mod trust;
mod utterance;
mod vectors;
mod weights;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Serialize;

use crate::directory::{AudienceSet, ChannelKind, Directory, EntryId, Scope};
pub use catalog::{Catalog, unanswered_needs};
pub use elsewhere::NotListed;
use elsewhere::NotListedPhrases;
use evidence::Evidence;
use indexer::Indexer;
use inverted_index::InvertedIndex;
use language::Languages;
use meaning::MeaningIndex;
use parsed_query::ParsedQuery;
use rank::{Ranked, Ranking};
use thesaurus::Thesaurus;
use trust::Rivalry;
pub use trust::{Signals, TrustModel};
use vectors::VectorTable;
pub use weights::Weights;

/// What to search for.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The text as typed, of any length; only its first 1,000 characters are searched.
    pub text: &'a str,
    /// Searches only the entries in this scope.
    pub scope: Scope,
    /// The maximum number of results.
    pub limit: usize,
}

/// The results of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    /// The results, best first. The order is total, so that it is the same in every run.
    pub results: Vec<SearchResult>,
    /// The number of first results that are equally good, each for other audiences or of another directory: 0, or at
    /// least 2. They come first even where another result has a better score.
    pub by_audience: usize,
    /// A better result that is not in the scope.
    pub outside: Option<SearchResult>,
    /// Whether the query asks for opening hours.
    pub asks_hours: bool,
    /// What the query asks for, if a directory says that it does not have it. All results are weak then.
    pub elsewhere: Option<NotListed>,
    /// The phrases of the query that say only how it is asked, such as "good morning" and "until when".
    pub set_aside: Vec<String>,
    /// The words for what the query says that it is not about.
    pub unwanted: Vec<String>,
}

/// An entry that matches a query.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// The entry, by the requested channel.
    pub id: EntryId,
    /// The score by which it is ranked; 1 is a full match.
    pub rank_score: f32,
    /// The probability that it is what was meant, from 0 to 1.
    pub score: f32,
    /// Whether the result cannot be trusted: it is too unlikely, or lacks the requested channel.
    pub weak: bool,
    /// Whether the query asks for a channel, such as a fax, that the entry does not list.
    pub lacks_channel: bool,
    /// The indices of the characters of its title that the query matches.
    pub marks: Vec<usize>,
    /// How each matching word of the query was understood, in the order typed.
    pub reasons: Vec<Reason>,
    /// What its probability depends on.
    pub signals: Signals,
}

impl SearchResult {
    /// Whether it shares no word with the query.
    fn is_only_close(&self) -> bool {
        self.reasons.iter().all(|reason| reason.kind == MatchKind::Meaning) && !self.reasons.is_empty()
    }

    /// Makes it weak, and its probability one that cannot be trusted.
    fn distrust(&mut self, threshold: f32) {
        self.weak = true;
        self.score = self.score.min(0.5 * threshold);
    }
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
    /// The word as it is said: spelled letter by letter, a number in words, or misheard.
    Spoken,
    /// The word in another language.
    Translation,
    /// A name or need that means nearly the same as the query; no word of it counts as typed.
    Meaning,
}

/// What is built from the directories of a catalog to search them.
struct SearchIndex {
    words: InvertedIndex,
    thesaurus: Thesaurus,
    /// What the directories say that they do not have.
    not_listed: NotListedPhrases,
    trust: TrustModel,
    vectors: Option<VectorTable>,
    /// Read for the first query.
    languages: OnceLock<Languages>,
    /// Built for the first query whose words do not suffice.
    meanings: OnceLock<MeaningIndex>,
}

impl SearchIndex {
    fn new(directories: &[Directory], weights: &Weights, trust: &TrustModel) -> Self {
        let words = Indexer::index(directories, weights);
        let thesaurus = Thesaurus::new(directories, &words.lexicon);
        let not_listed = NotListedPhrases::new(directories, &words);
        let (languages, meanings) = (OnceLock::new(), OnceLock::new());
        let vectors = VectorTable::read();
        Self { words, thesaurus, not_listed, trust: trust.clone(), vectors, languages, meanings }
    }

    fn languages(&self) -> &Languages {
        self.languages.get_or_init(Languages::new)
    }

    fn meanings(&self) -> &MeaningIndex {
        self.meanings.get_or_init(|| MeaningIndex::new(&self.words, self.vectors))
    }
}

/// Searches the index of directories.
fn find(directories: &[Directory], index: &SearchIndex, query: &Query<'_>) -> SearchResults {
    let weights = &index.words.weights;
    let parsed = query::parse(query.text, index, directories);
    let ranking = rank::rank(&parsed, index, query.scope);
    let ranked = &ranking.ranked;
    let equal = equal_documents(ranked, &index.words);
    let judge = Judge { directories, query: &parsed, index, scope: query.scope, equal: &equal };
    let best_score = ranked.first().map_or(0.0, |first| first.score);
    let min_score = best_score * weights.min_share_of_best;
    let mut kept: Vec<&Ranked> = ranked.iter().take_while(|ranked| ranked.score >= min_score).collect();
    kept.sort_by_key(|ranked| !equal.contains(&ranked.document));
    kept.truncate(query.limit);
    let mut results: Vec<SearchResult> = kept.into_iter().map(|kept| judge.result(&ranking, kept)).collect();
    // Nonsense is close in meaning to something, too.
    results.retain(|result| !result.is_only_close() || result.score >= weights.min_probability_of_close);
    // Results that are equally good, each for another audience or of another directory, are trusted alike.
    let by_audience = equal.len();
    let equal_count = by_audience.min(results.len());
    if let [first, equal @ ..] = &mut results[..equal_count] {
        equal.iter_mut().for_each(|result| (result.weak, result.score) = (first.weak, first.score));
    }
    // No result after a weak one is trusted; the first keeps its own probability.
    let trusted_count = results.iter().take_while(|result| !result.weak).count();
    results.iter_mut().skip(trusted_count.max(1)).for_each(|result| result.distrust(index.trust.threshold));
    let outside = Some(Scope::All).filter(|all| query.scope != *all).and_then(|scope| {
        let unrestricted = rank::rank(&parsed, index, scope);
        let equal = equal_documents(&unrestricted.ranked, &index.words);
        let judge = Judge { scope, equal: &equal, ..judge };
        let first = unrestricted.ranked.first().filter(|first| first.score > best_score * weights.better_outside)?;
        // Nothing says which of several other directories is meant.
        let directory = |document: usize| index.words.documents[document].id.directory;
        let is_of_one = equal.iter().all(|other| directory(*other) == directory(first.document));
        if !is_of_one && query.scope.directory() != Some(directory(first.document)) {
            return None;
        }
        let is_inside = ranked.iter().any(|inside| inside.document == first.document);
        (!is_inside).then(|| judge.result(&unrestricted, first)).filter(|result| !result.weak)
    });
    let elsewhere = match outside {
        None => index.not_listed.find(&parsed, &index.words, query, &ranking),
        Some(_) => None,
    };
    if elsewhere.is_some() {
        results.iter_mut().for_each(|result| result.distrust(index.trust.threshold));
    }
    SearchResults {
        results,
        by_audience,
        outside,
        asks_hours: parsed.asks_hours,
        elsewhere,
        unwanted: explain::unwanted(&parsed, &index.words),
        set_aside: parsed.set_aside,
    }
}

/// The number of first results that a result is compared with.
const MAX_RIVALS: usize = 32;

/// Judges results: which can be trusted, and why each was found.
#[derive(Clone, Copy)]
struct Judge<'a> {
    directories: &'a [Directory],
    query: &'a ParsedQuery,
    index: &'a SearchIndex,
    /// What is searched.
    scope: Scope,
    /// The documents that are equally good, each for other audiences or of another directory.
    equal: &'a [usize],
}

impl Judge<'_> {
    fn result(self, ranking: &Ranking, ranked: &Ranked) -> SearchResult {
        let Self { directories, query, .. } = self;
        let index = &self.index.words;
        let document = &index.documents[ranked.document];
        let lacks_channel = rank::lacks_channel(query, document);
        // A number is not judged by words.
        let signals = if query.number.is_some() { Signals::default() } else { self.signals(ranking, ranked) };
        let model = &self.index.trust;
        let probability = match query.number {
            Some(_) => ranked.evidence.fit,
            None => model.probability(&signals),
        };
        // The query names an audience, and the entry is for others.
        let is_for_others = query.number.is_none() && ranked.evidence.audience <= index.weights.for_others;
        // In a short query, the known words must weigh at least as much as one of them.
        let word_count = query.informative_count();
        let is_short = query.number.is_none() && word_count <= trust::MAX_SHORT_WORDS;
        let is_unknown = is_short && ranking.unknown * word_count as f32 > word_count.saturating_sub(1) as f32;
        // Nothing that has no phone is open or closed, apart from what a notice says.
        let lacks_hours = query.asks_hours
            && document.id.entry.is_contact()
            && !document.has_hours
            && !document.channels.contains(ChannelKind::Phone);
        // A legal text is not what a word asks for that the directory does not have.
        let is_notice_in_other_words = !document.id.entry.is_contact() && ranking.reworded > index.weights.max_reworded;
        let cannot_be_trusted = lacks_channel
            || lacks_hours
            || is_unknown
            || is_notice_in_other_words
            || is_for_others
            || self.is_too_vague(ranking);
        let threshold = if query.number.is_some() { index.weights.min_number_fit } else { model.threshold };
        SearchResult {
            id: document.id.by(rank::requested_channel(query, index, directories, ranked.document)),
            rank_score: ranked.score,
            score: if cannot_be_trusted { probability.min(0.5 * threshold) } else { probability },
            weak: cannot_be_trusted || probability < threshold,
            lacks_channel,
            marks: explain::marks(query, index, self.title(ranked)),
            reasons: explain::reasons(query, index, ranked),
            signals,
        }
    }

    fn id(&self, document: usize) -> EntryId {
        self.index.words.documents[document].id
    }

    fn title(&self, ranked: &Ranked) -> &str {
        let id = self.id(ranked.document);
        self.directories[id.directory].title(id)
    }

    fn signals(self, ranking: &Ranking, ranked: &Ranked) -> Signals {
        let id = |ranked: &Ranked| self.id(ranked.document);
        let own = id(ranked);
        let ancestors: Vec<EntryId> = self.directories[own.directory].ancestors(own).collect();
        // What is equally good in another directory is shown beside it, and speaks for its whole directory.
        let is_equal = self.equal.contains(&ranked.document);
        let is_beside =
            |other: EntryId| is_equal && self.equal.iter().any(|equal| self.id(*equal).directory == other.directory);
        let may_rival = |other: &&Ranked| id(other).directory == own.directory || !is_beside(id(other));
        // Within a directory, the same title on two lines is one answer in two places, and the line or menu above an
        // entry is on the way to it.
        let is_other = |other: &&Ranked| {
            id(other).directory != own.directory
                || self.title(other) != self.title(ranked)
                    && !ancestors.iter().any(|ancestor| ancestor.entry == id(other).entry)
        };
        let others = || ranking.ranked.iter().filter(may_rival).take(MAX_RIVALS).filter(is_other);
        let closeness = |other: &Ranked| other.evidence.closeness.unwrap_or_default();
        let rivalry = Rivalry {
            own: ranked.score,
            other: others().next().map_or(0.0, |other| other.score),
            other_closeness: others().map(closeness).fold(0.0, f32::max),
            unknown: ranking.unknown,
            reworded: ranking.reworded,
        };
        Signals::new(self.query, &self.index.words.documents[ranked.document], &ranked.evidence, &rivalry)
    }

    /// Whether no result can be trusted, because the query does not say what it asks for.
    fn is_too_vague(self, ranking: &Ranking) -> bool {
        let (query, index) = (self.query, &self.index.words);
        let best = ranking.ranked.first().map_or(0.0, |first| first.score);
        let equal = ranking.ranked.iter().take_while(|ranked| ranked.score >= best * index.weights.equal_score);
        // Those of several directories are shown beside each other; a part of a number is that of any.
        let mut counts = HashMap::<Option<usize>, usize>::new();
        for ranked in equal {
            let directory = query.number.is_none().then(|| self.id(ranked.document).directory);
            *counts.entry(directory).or_default() += 1;
        }
        query.is_vague()
            || query.denies_all
            || query.names_channel_only()
            || counts.into_values().any(|count| count > index.weights.max_equal_results)
            || query.is_empty() && self.scope.audience().is_none()
            // Another audience or directory than the one that is searched.
            || self.scope.directory().is_some_and(|searched| query.is_for_other_directory(searched))
            || self
                .scope
                .audience()
                .is_some_and(|searched| !query.audiences.is_empty() && !query.audiences.contains(&searched))
    }
}

/// The documents that are equally good, each for other audiences or of another directory: none, or at least 2. From
/// each directory come the best ones, up to the first that is not for other audiences than those before it.
fn equal_documents(ranked: &[Ranked], index: &InvertedIndex) -> Vec<usize> {
    let Some(first) = ranked.first() else { return Vec::new() };
    let mut equal = Vec::new();
    // By directory: the audiences so far; `None` after its last document.
    let mut seen = HashMap::<usize, Option<AudienceSet>>::new();
    let near_score = index.weights.near_score;
    let directory = |ranked: &Ranked| index.documents[ranked.document].id.directory;
    // A directory that says a word more often does not fit better than another. Numbers have no words.
    let plain =
        |ranked: &Ranked| Evidence { words: ranked.evidence.words.min(1.0), ..ranked.evidence }.score(&index.weights);
    let is_near_elsewhere = |other: &Ranked| {
        directory(other) != directory(first) && plain(other) > 0.0 && plain(other) >= plain(first) * near_score
    };
    for other in ranked.iter().filter(|other| other.score >= first.score * near_score || is_near_elsewhere(other)) {
        let served = index.served(&index.documents[other.document]);
        let audiences = seen.entry(served.directory).or_insert_with(|| Some(AudienceSet::default()));
        let covers = other.evidence.together >= first.evidence.together * index.weights.near_coverage;
        let is_next = |known: &&mut AudienceSet| {
            covers && !served.own.intersects(known) && (known.is_empty() || !served.own.is_empty())
        };
        let Some(known) = audiences.as_mut().filter(is_next) else {
            *audiences = None;
            continue;
        };
        equal.push(other.document);
        known.extend(&served.own);
        if served.own.is_empty() {
            *audiences = None;
        }
    }
    if equal.len() < 2 { Vec::new() } else { equal }
}
