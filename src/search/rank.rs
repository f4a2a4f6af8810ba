//! Ranks the documents that match a query.
//!
//! The word scores select the best documents, and only these are compared with the query phrase by phrase. The score of
//! a document combines both, times factors for the audience and the channel that the query names; its coverage says how
//! far the result can be trusted.

use super::evidence::Evidence;
use super::inverted_index::{Document, InvertedIndex};
use super::lexicon::WordId;
use super::lookup::LookupMatch;
use super::parsed_query::{ParsedQuery, Term, TermRole};
use super::phrase::PhraseMatcher;
use super::score::{DocumentScore, TermWeights, score_documents};
use super::text::{folded, words};
use super::thesaurus::name_words;
use super::weights::Weights;
use super::{MatchKind, SearchIndex};
use crate::directory::{AudienceSet, Channel, ChannelKind, Directory, Entry, Scope};

/// The maximum number of documents that are compared phrase by phrase.
const MAX_COMPARED: usize = 256;
/// The minimum length of a prefix that selects a channel by its label, in bytes.
const MIN_LABEL_PREFIX_LEN: usize = 5;

/// A document that matches a query.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) document: usize,
    /// 0 or more; 1 is a full match.
    pub(super) score: f32,
    pub(super) evidence: Evidence,
}

/// The documents that match a query.
#[derive(Default)]
pub(super) struct Ranking {
    /// Best first.
    pub(super) ranked: Vec<Ranked>,
    /// The share of the informative words that no document has in any form, from 0 to 1.
    pub(super) unknown: f32,
    /// The share that documents have only as a word that means the same, from 0 to 1.
    pub(super) reworded: f32,
}

/// Ranks the documents that match a query; only those in a scope.
pub(super) fn rank(query: &ParsedQuery, index: &SearchIndex, scope: Scope) -> Ranking {
    let mut ranking = match &query.number {
        Some(number) => {
            Ranking { ranked: rank_by_number(&number.matches, query, &index.words, scope), ..Ranking::default() }
        }
        None => rank_by_words(query, index, scope),
    };
    // Equal scores keep the order of the directories, so that the order is total.
    ranking.ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
    ranking
}

fn rank_by_number(matches: &[LookupMatch], query: &ParsedQuery, index: &InvertedIndex, scope: Scope) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = Vec::new();
    for matched in matches {
        let document = matched.owner.document;
        let Some(factor) = audience_factor(query, &index.documents[document], index, scope) else { continue };
        let score = factor * matched.fit;
        match ranked.iter_mut().find(|known| known.document == document) {
            Some(known) => known.score = known.score.max(score),
            None => {
                ranked.push(Ranked { document, score, evidence: Evidence { fit: matched.fit, ..Evidence::default() } })
            }
        }
    }
    ranked
}

fn rank_by_words(query: &ParsedQuery, search: &SearchIndex, scope: Scope) -> Ranking {
    let index = &search.words;
    let (term_weights, scores) = score_documents(query, index, scope.audience());
    let mut scored: Vec<Scored> =
        scores.into_iter().filter_map(|found| Scored::new(found, query, index, scope)).collect();
    if scored.len() > MAX_COMPARED {
        let order = |a: &Scored, b: &Scored| b.score().total_cmp(&a.score()).then(a.document.cmp(&b.document));
        scored.select_nth_unstable_by(MAX_COMPARED, order);
        scored.truncate(MAX_COMPARED);
    }
    let comparison = Comparison::new(query, &term_weights, index);
    let compare = |scored: &Scored| (scored.document, comparison.compare(scored));
    let mut compared: Vec<(usize, Evidence)> = scored.iter().map(compare).collect();
    let best = compared.iter().map(|(_, evidence)| evidence.together).fold(0.0, f32::max);
    if best < index.weights.words_suffice
        && let Some(matcher) = search.meanings().matcher(index, &query.content)
    {
        // What only its meaning finds is compared like what words find.
        let mut is_found = vec![false; index.documents.len()];
        scored.iter().for_each(|scored| is_found[scored.document] = true);
        let is_in_scope = |document: usize| audience_factor(query, &index.documents[document], index, scope).is_some();
        for document in matcher.close_documents(index.weights.min_closeness, MAX_COMPARED, is_in_scope) {
            if !is_found[document] {
                let found = DocumentScore { document, score: 0.0, coverage: 0.0 };
                compared.extend(Scored::new(found, query, index, scope).as_ref().map(compare));
            }
        }
        for (document, evidence) in &mut compared {
            let (closest, closeness) = matcher.closest(*document);
            (evidence.closest, evidence.closeness) = (closest, Some(closeness));
        }
    }
    let rank =
        |(document, evidence): (usize, Evidence)| Ranked { document, score: evidence.score(&index.weights), evidence };
    let ranked = compared.into_iter().map(rank).collect();
    Ranking { ranked, unknown: term_weights.unknown, reworded: term_weights.reworded }
}

/// A document with its score word by word.
struct Scored {
    document: usize,
    words: f32,
    coverage: f32,
    /// The factor for the audience.
    audience: f32,
    /// The factor for the channel.
    channel: f32,
}

impl Scored {
    fn new(found: DocumentScore, query: &ParsedQuery, index: &InvertedIndex, scope: Scope) -> Option<Self> {
        let DocumentScore { document, score, coverage } = found;
        let record = &index.documents[document];
        let audience = audience_factor(query, record, index, scope)?;
        let channel = channel_factor(query, record, &index.weights);
        Some(Self { document, words: score, coverage, audience, channel })
    }

    fn score(&self) -> f32 {
        self.audience * self.channel * self.words
    }
}

/// Compares a query with documents, phrase by phrase.
struct Comparison<'a> {
    query: &'a ParsedQuery,
    term_weights: &'a TermWeights,
    index: &'a InvertedIndex,
    matcher: PhraseMatcher,
    /// What the query says that it is not about.
    unwanted: Option<(&'a ParsedQuery, PhraseMatcher)>,
}

impl<'a> Comparison<'a> {
    fn new(query: &'a ParsedQuery, term_weights: &'a TermWeights, index: &'a InvertedIndex) -> Self {
        let unwanted = query.unwanted.as_deref().map(|query| {
            let (weights, _) = score_documents(query, index, None);
            (query, PhraseMatcher::new(query, &weights))
        });
        Self { query, term_weights, index, matcher: PhraseMatcher::new(query, term_weights), unwanted }
    }

    /// What comparing a document with the query tells, apart from their meaning.
    fn compare(&self, scored: &Scored) -> Evidence {
        let Self { query, index, .. } = *self;
        let document = scored.document;
        let phrase = self.matcher.best_fit(index, document);
        let address = address_share(query, self.term_weights, document);
        Evidence {
            words: scored.words,
            fit: phrase.fit.max(address),
            typed: phrase.typed,
            together: phrase.coverage.max(address),
            anywhere: scored.coverage,
            closeness: None,
            closest: 0,
            unwanted: self.unwanted_share(document),
            audience: scored.audience,
            channel: scored.channel,
        }
    }

    /// How far a document is what the query says that it is not about, from 0 to 1.
    fn unwanted_share(&self, document: usize) -> f32 {
        let Some((query, matcher)) = &self.unwanted else { return 0.0 };
        let record = &self.index.documents[document];
        let served = self.index.served(record);
        let is_named =
            |own| query.audiences.iter().any(|named| (named.directory, named.index) == (served.directory, own));
        let is_only_for_named = !served.own.is_empty() && served.own.iter().all(is_named);
        let has_only_channel = query.channel.is_some_and(|kind| record.channels.is_only(kind));
        if is_only_for_named || has_only_channel {
            return 1.0;
        }
        matcher.best_fit(self.index, document).coverage
    }
}

/// The share of a query that consists of addresses of a document, from 0 to 1.
fn address_share(query: &ParsedQuery, weights: &TermWeights, document: usize) -> f32 {
    let term_weight = |(term, weight): (&Term, &f32)| {
        let own = term.addresses.iter().filter(|matched| matched.owner.document == document);
        weight * own.map(|matched| matched.fit).fold(0.0, f32::max)
    };
    query.terms.iter().zip(&weights.terms).map(term_weight).sum::<f32>() / weights.total
}

/// The factor for the audiences and directories that are named or chosen; `None` where the document is out of scope.
fn audience_factor(query: &ParsedQuery, document: &Document, index: &InvertedIndex, scope: Scope) -> Option<f32> {
    let weights = &index.weights;
    if !scope.has_directory(document.id.directory) {
        return None;
    }
    let chosen = scope.audience();
    let is_contact = document.id.entry.is_contact();
    let served = index.served(document);
    if let Some(chosen) = chosen.filter(|_| is_contact) {
        let is_for =
            served.directory == chosen.directory && served.own.is_empty() || served.has(&served.served, chosen);
        if served.has(&served.not_for, chosen) || !is_for {
            return None;
        }
    }
    if query.is_for_other_directory(document.id.directory) {
        return Some(weights.for_others);
    }
    if !is_contact {
        return Some(if chosen.is_some() { weights.notice_for_audience } else { 1.0 });
    }
    // An audience that the query names takes precedence over the chosen one.
    let named = if query.audiences.is_empty() { chosen.as_slice() } else { &query.audiences };
    let has_named = |set: &AudienceSet| named.iter().any(|audience| served.has(set, *audience));
    Some(match () {
        () if named.is_empty() => 1.0,
        () if has_named(&served.not_for) => weights.not_for,
        () if has_named(&served.own) => 1.0,
        () if has_named(&served.served) => weights.also_for,
        () if served.own.is_empty() => weights.for_everyone,
        () => weights.for_others,
    })
}

/// The factor for the channel that is named, and for the kind of entry.
fn channel_factor(query: &ParsedQuery, document: &Document, weights: &Weights) -> f32 {
    if query.asks_hours && !document.channels.contains(ChannelKind::Phone) {
        return document.factor * weights.no_hours;
    }
    // "The broker line" is the line, not a key of its menu.
    if query.names_line
        && matches!(document.id.entry, Entry::Contact(_))
        && document.channels.contains(ChannelKind::Phone)
    {
        return document.factor.max(weights.named_line);
    }
    // The hours of nothing in particular are those of the main line, menu or not.
    if query.asks_hours && query.informative_count() == 0 {
        return 1.0;
    }
    match query.channel {
        None => document.factor,
        Some(_) if !document.id.entry.is_contact() => document.factor,
        Some(ChannelKind::Phone) if document.channels.contains(ChannelKind::Phone) => document.factor,
        Some(ChannelKind::Phone) => document.factor * weights.no_phone,
        Some(kind) if document.channels.contains(kind) => 1.0,
        Some(_) => document.factor * weights.no_channel,
    }
}

/// Whether the query names a channel that a contact or an option does not have. Web pages do not count: users also name
/// a page by its content.
pub(super) fn lacks_channel(query: &ParsedQuery, document: &Document) -> bool {
    let named =
        query.channel.filter(|kind| !matches!(kind, ChannelKind::Web | ChannelKind::Visit | ChannelKind::Phone));
    let lacks_phone = query.channel == Some(ChannelKind::Phone) && document.id.entry.is_contact();
    query.number.is_none()
        && (named.is_some_and(|kind| !document.channels.contains(kind))
            || lacks_phone && !document.channels.contains(ChannelKind::Phone))
}

/// The index of the channel that the query asks for: the one whose number or address is typed, else the one whose label
/// is typed, else the first of the kind that is named.
pub(super) fn requested_channel(
    query: &ParsedQuery,
    index: &InvertedIndex,
    directories: &[Directory],
    document: usize,
) -> Option<usize> {
    let numbers = query.number.iter().flat_map(|number| &number.matches);
    let lookups = numbers.chain(query.terms.iter().flat_map(|term| &term.addresses));
    let own = lookups.filter(|matched| matched.owner.document == document);
    let best = own.reduce(|best, matched| if matched.fit > best.fit { matched } else { best });
    if let Some(matched) = best {
        return matched.owner.channel;
    }
    let id = index.documents[document].id;
    let directory = directories.get(id.directory)?;
    let channels = &directory.contact(id)?.channels;
    let is_named_kind = |i: &usize| query.channel == Some(channels[*i].kind);
    let unwanted = query.unwanted.as_ref().and_then(|query| query.channel);
    if unwanted.is_some() && directory.option(id).is_none() {
        let is_wanted = |i: &usize| channels[*i].endpoint.is_some() && unwanted != Some(channels[*i].kind);
        let named = (0..channels.len()).find(|i| is_named_kind(i) && is_wanted(i));
        return named.or_else(|| (0..channels.len()).find(is_wanted));
    }
    if let Some(option) = directory.option(id) {
        return Some(option.channel).filter(is_named_kind);
    }
    if query.asks_hours && matches!(query.channel, None | Some(ChannelKind::Phone)) {
        return (0..channels.len()).find(|i| channels[*i].kind == ChannelKind::Phone);
    }
    // "Call" and "phone" say less than a label; naming a fax or an email is an explicit request.
    let labelled = match query.channel {
        None | Some(ChannelKind::Phone) => channel_by_label(query, index, directories, document),
        Some(_) => None,
    };
    labelled.or_else(|| (0..channels.len()).find(is_named_kind))
}

/// The index of the channel whose label or address has the most words of the query; `None` if no channel has any, or if
/// several have equally many. Words of an address that are also in the names and needs of the entry, or in the name of
/// its organisation, do not count: they do not tell its channels apart. None does where the query says "phone".
fn channel_by_label(
    query: &ParsedQuery,
    index: &InvertedIndex,
    directories: &[Directory],
    document: usize,
) -> Option<usize> {
    let id = index.documents[document].id;
    let directory = directories.get(id.directory)?;
    let channels = &directory.contact(id)?.channels;
    if channels.len() < 2 {
        return None;
    }
    let organisation = name_words(directory);
    let ids = |text: &str| words(text).filter_map(|word| index.lexicon.id(&folded(word))).collect::<Vec<_>>();
    let is_typed =
        |word: &WordId| query.terms.iter().any(|term| term.role != TermRole::Filler && selects_label(term, *word));
    let match_count = |channel: &Channel| {
        if channel.endpoint.is_none() {
            return 0;
        }
        let label = channel.label.as_deref().map(ids).unwrap_or_default();
        let address = channel.printed().filter(|_| query.channel.is_none()).map(ids).unwrap_or_default();
        let is_name = |word: &WordId| organisation.contains(index.lexicon.text(*word));
        let label_count = label.iter().filter(|word| is_typed(word)).count();
        // The address is itself a phrase of the entry, which may lack the name of the organisation.
        let unnamed: Vec<WordId> = address.iter().copied().filter(|word| !is_name(word)).collect();
        let phrases = || index.phrases(document).iter().map(|phrase| index.words(phrase));
        let stem = |word: &WordId| index.lexicon.stem(index.lexicon.text(*word));
        let has_form = |words: &[WordId], word: &WordId| words.iter().any(|own| stem(own) == stem(word));
        let in_other_phrase =
            |word: &WordId| phrases().any(|words| words != address && words != unnamed && has_form(words, word));
        label_count + unnamed.iter().filter(|word| is_typed(word) && !in_other_phrase(word)).count()
    };
    let counts: Vec<usize> = channels.iter().map(match_count).collect();
    let max = counts.iter().copied().max().filter(|max| *max > 0)?;
    let mut best = (0..counts.len()).filter(|i| counts[*i] == max);
    best.next().filter(|_| best.next().is_none())
}

/// Whether a term means a word of a label. A prefix does so only if it is long and not itself a word.
fn selects_label(term: &Term, word: WordId) -> bool {
    let is_word = term.candidates().any(|candidate| matches!(candidate.kind, MatchKind::Exact | MatchKind::Stem));
    let prefix_counts = term.typed.len() >= MIN_LABEL_PREFIX_LEN && !is_word;
    let mut candidates = term.candidates().filter(|candidate| candidate.word == word);
    candidates.any(|candidate| candidate.kind != MatchKind::Prefix || prefix_counts)
}
