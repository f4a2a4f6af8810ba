//! Ranks the documents that match a query.
//!
//! The word scores select the best documents, and only these are compared with the query phrase by phrase. The score of
//! a document combines both, times factors for the audience and the channel that the query names; its coverage says how
//! far the result can be trusted.

use super::MatchKind;
use super::inverted_index::{Document, InvertedIndex};
use super::lexicon::WordId;
use super::lookup::LookupMatch;
use super::phrase::PhraseMatcher;
use super::query::{ParsedQuery, Term, TermRole};
use super::score::{DocumentScore, TermWeights, score_documents};
use super::text::{folded, words};
use super::weights::Weights;
use crate::directory::{AudienceId, AudienceSet, Channel, ChannelKind, Directory};

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
    /// The share of the query that the document has, from 0 to 1.
    pub(super) coverage: f32,
}

/// The documents that match a query, best first; where an audience is chosen, only those for it.
pub(super) fn rank(query: &ParsedQuery, index: &InvertedIndex, chosen: Option<AudienceId>) -> Vec<Ranked> {
    let mut ranked = match &query.number {
        Some(number) => rank_by_number(&number.matches, query, index, chosen),
        None => rank_by_words(query, index, chosen),
    };
    // Equal scores keep the order of the directories, so that the order is total.
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
    ranked
}

fn rank_by_number(
    matches: &[LookupMatch],
    query: &ParsedQuery,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = Vec::new();
    for matched in matches {
        let document = matched.owner.document;
        let Some(factor) = audience_factor(query, &index.documents[document], index, chosen) else { continue };
        let score = factor * matched.fit;
        match ranked.iter_mut().find(|known| known.document == document) {
            Some(known) => known.score = known.score.max(score),
            None => ranked.push(Ranked { document, score, coverage: matched.fit }),
        }
    }
    ranked
}

fn rank_by_words(query: &ParsedQuery, index: &InvertedIndex, chosen: Option<AudienceId>) -> Vec<Ranked> {
    let weights = &index.weights;
    let (term_weights, scores) = score_documents(query, index, chosen);
    let with_factors = scores.into_iter().filter_map(|DocumentScore { document, score, coverage }| {
        let record = &index.documents[document];
        let factor = audience_factor(query, record, index, chosen)? * channel_factor(query.channel, record, weights);
        Some((Ranked { document, score: factor * score, coverage }, factor))
    });
    let mut matches: Vec<(Ranked, f32)> = with_factors.collect();
    if matches.len() > MAX_COMPARED {
        matches.select_nth_unstable_by(MAX_COMPARED, |(a, _), (b, _)| {
            b.score.total_cmp(&a.score).then(a.document.cmp(&b.document))
        });
        matches.truncate(MAX_COMPARED);
    }
    let matcher = PhraseMatcher::new(query, &term_weights);
    let compared = matches.into_iter().map(|(Ranked { document, score, coverage }, factor)| {
        let phrase = matcher.best_fit(index, document);
        let address = address_share(query, &term_weights, document);
        let score = weights.all_words * score + weights.best_phrase * factor * phrase.fit.max(address);
        // Words that stand together in one name or need are better evidence than words spread over several.
        let coverage = weights.together * phrase.coverage.max(address) + (1.0 - weights.together) * coverage;
        Ranked { document, score, coverage }
    });
    compared.collect()
}

/// The share of a query that consists of addresses of a document, from 0 to 1.
fn address_share(query: &ParsedQuery, weights: &TermWeights, document: usize) -> f32 {
    let term_weight = |(term, weight): (&Term, &f32)| {
        let own = term.addresses.iter().filter(|matched| matched.owner.document == document);
        weight * own.map(|matched| matched.fit).fold(0.0, f32::max)
    };
    query.terms.iter().zip(&weights.terms).map(term_weight).sum::<f32>() / weights.total
}

/// The factor for the audiences that are named or chosen; `None` where the document is not for the chosen one.
fn audience_factor(
    query: &ParsedQuery,
    document: &Document,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> Option<f32> {
    let weights = &index.weights;
    if !document.id.entry.is_contact() {
        return Some(if chosen.is_some() { weights.notice_for_audience } else { 1.0 });
    }
    let served = index.served(document);
    if let Some(chosen) = chosen {
        let is_for =
            served.directory == chosen.directory && served.own.is_empty() || served.has(&served.served, chosen);
        if served.has(&served.not_for, chosen) || !is_for {
            return None;
        }
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
fn channel_factor(named: Option<ChannelKind>, document: &Document, weights: &Weights) -> f32 {
    match named {
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
    let is_contact = document.id.entry.is_contact();
    let named = query.channel.filter(|kind| *kind != ChannelKind::Web);
    is_contact && query.number.is_none() && named.is_some_and(|kind| !document.channels.contains(kind))
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
    if let Some(option) = directory.option(id) {
        return Some(option.channel).filter(is_named_kind);
    }
    // "Call" and "phone" say less than a label; naming a fax or an email is an explicit request.
    let labelled = match query.channel {
        None | Some(ChannelKind::Phone) => channel_by_label(query, index, channels, document),
        Some(_) => None,
    };
    labelled.or_else(|| (0..channels.len()).find(is_named_kind))
}

/// The index of the channel whose label or address has the most words of the query; `None` if no channel has any, or if
/// several have equally many. Words of an address that are also in the names and needs of the entry do not count: they
/// do not tell its channels apart.
fn channel_by_label(
    query: &ParsedQuery,
    index: &InvertedIndex,
    channels: &[Channel],
    document: usize,
) -> Option<usize> {
    if channels.len() < 2 {
        return None;
    }
    let ids = |text: &str| words(text).filter_map(|word| index.lexicon.id(&folded(word))).collect::<Vec<_>>();
    let is_typed =
        |word: &WordId| query.terms.iter().any(|term| term.role != TermRole::Filler && selects_label(term, *word));
    let match_count = |channel: &Channel| {
        if channel.endpoint.is_none() {
            return 0;
        }
        let label = channel.label.as_deref().map(ids).unwrap_or_default();
        let address = channel.printed().map(ids).unwrap_or_default();
        let label_count = label.iter().filter(|word| is_typed(word)).count();
        // The address is itself a phrase of the entry.
        let phrases = || index.phrases(document).iter().map(|phrase| index.words(phrase));
        let in_other_phrase = |word: &WordId| phrases().any(|words| words != address && words.contains(word));
        label_count + address.iter().filter(|word| is_typed(word) && !in_other_phrase(word)).count()
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
