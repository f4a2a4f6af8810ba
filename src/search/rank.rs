//! Ranks the documents that match a query.

use super::MatchKind;
use super::channel::Kind;
use super::inverted_index::{Document, InvertedIndex};
use super::lexicon::WordId;
use super::lookup::LookedUp;
use super::phrase::Matcher;
use super::query::{ParsedQuery, Slot, WordRole};
use super::score::{QueryWeights, weigh};
use super::text::{folded, words};
use super::weights::WEIGHTS;
use crate::directory::{AudienceId, AudienceSet, Channel, Directory};

/// The number of documents that are compared phrase by phrase.
const MAX_COMPARED: usize = 256;

/// The shortest prefix that makes clear what is meant, in characters.
const LONG_BEGINNING: usize = 5;

/// A ranked document, by its index.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) place: usize,
    /// From 0 up; 1 is a full match.
    pub(super) score: f32,
    /// The share of the query that the document has, from 0 to 1.
    pub(super) coverage: f32,
}

/// The documents that match a query, best first; only those of an audience, where one is chosen.
pub(super) fn rank(query: &ParsedQuery, index: &InvertedIndex, chosen: Option<AudienceId>) -> Vec<Ranked> {
    let mut ranked = match &query.number {
        Some(number) => by_number(&number.found, query, index, chosen),
        None => by_words(query, index, chosen),
    };
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
    ranked
}

fn by_number(
    found: &[LookedUp],
    query: &ParsedQuery,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = Vec::new();
    for found in found {
        let place = found.owner.0;
        let Some(worth) = audience_worth(query, &index.documents[place], index, chosen) else { continue };
        let score = worth * found.fit;
        match ranked.iter_mut().find(|known| known.place == place) {
            Some(known) => known.score = known.score.max(score),
            None => ranked.push(Ranked { place, score, coverage: found.fit }),
        }
    }
    ranked
}

fn by_words(query: &ParsedQuery, index: &InvertedIndex, chosen: Option<AudienceId>) -> Vec<Ranked> {
    let (weights, scores) = weigh(query, index, chosen);
    let mut candidates: Vec<(Ranked, f32)> = scores
        .into_iter()
        .filter_map(|score| {
            let document = &index.documents[score.place];
            let worth = audience_worth(query, document, index, chosen)? * channel_worth(query.channel, document);
            Some((Ranked { place: score.place, score: worth * score.words, coverage: score.coverage }, worth))
        })
        .collect();
    if candidates.len() > MAX_COMPARED {
        let order =
            |a: &(Ranked, f32), b: &(Ranked, f32)| b.0.score.total_cmp(&a.0.score).then(a.0.place.cmp(&b.0.place));
        candidates.select_nth_unstable_by(MAX_COMPARED, order);
        candidates.truncate(MAX_COMPARED);
    }
    let matcher = Matcher::new(query, &weights);
    candidates
        .into_iter()
        .map(|(Ranked { place, score, coverage }, worth)| {
            let (fit, share) = matcher.best(index, place);
            let address = by_address(query, &weights, place);
            let score = WEIGHTS.all_words * score + WEIGHTS.best_phrase * worth * fit.max(address);
            // Words that stand together in one name or need are better evidence than words spread over several.
            let coverage = WEIGHTS.together * share.max(address) + (1.0 - WEIGHTS.together) * coverage;
            Ranked { place, score, coverage }
        })
        .collect()
}

/// The share of a query that is an address of the document.
fn by_address(query: &ParsedQuery, weights: &QueryWeights, place: usize) -> f32 {
    let of_slot = |(slot, weight): (&Slot, &f32)| {
        let fits = slot.address.iter().filter(|found| found.owner.0 == place).map(|found| found.fit);
        weight * fits.fold(0.0, f32::max)
    };
    query.slots.iter().zip(&weights.slots).map(of_slot).sum::<f32>() / weights.total
}

/// The factor for the audiences that were named or chosen; `None` where the document is not for the chosen one.
fn audience_worth(
    query: &ParsedQuery,
    document: &Document,
    index: &InvertedIndex,
    chosen: Option<AudienceId>,
) -> Option<f32> {
    if !document.id.entry.is_contact() {
        return Some(if chosen.is_some() { WEIGHTS.notice_for_audience } else { 1.0 });
    }
    let served = index.served(document);
    if let Some(chosen) = chosen {
        let is_for =
            served.directory == chosen.directory && served.own.is_empty() || served.has(&served.served, chosen);
        if served.has(&served.not_for, chosen) || !is_for {
            return None;
        }
    }
    // A query that names another audience than the chosen one means that one.
    let named = if query.audiences.is_empty() { chosen.as_slice() } else { &query.audiences };
    let meets = |set: &AudienceSet| named.iter().any(|audience| served.has(set, *audience));
    Some(match () {
        () if named.is_empty() => 1.0,
        () if meets(&served.not_for) => WEIGHTS.not_for,
        () if meets(&served.own) => 1.0,
        () if meets(&served.served) => WEIGHTS.also_for,
        () if served.own.is_empty() => WEIGHTS.for_everyone,
        () => WEIGHTS.for_others,
    })
}

/// The factor for the channel that was named.
fn channel_worth(named: Option<Kind>, document: &Document) -> f32 {
    match named {
        None => document.worth,
        Some(_) if !document.id.entry.is_contact() => document.worth,
        Some(Kind::Phone) if document.kinds.contains(Kind::Phone) => document.worth,
        Some(Kind::Phone) => document.worth * WEIGHTS.no_phone,
        Some(kind) if document.kinds.contains(kind) => 1.0,
        Some(_) => document.worth * WEIGHTS.no_channel,
    }
}

/// Whether a channel was named that a contact or an option does not have. A page may also be named for its content.
pub(super) fn lacks_channel(query: &ParsedQuery, document: &Document) -> bool {
    let is_contact = document.id.entry.is_contact();
    let named = query.channel.filter(|kind| *kind != Kind::Web);
    is_contact && query.number.is_none() && named.is_some_and(|kind| !document.kinds.contains(kind))
}

/// The index of the channel that was asked for: the one whose number or address was typed, else the one that was named
/// by its label, else the first of the kind that was named.
pub(super) fn channel(
    query: &ParsedQuery,
    index: &InvertedIndex,
    directories: &[Directory],
    place: usize,
) -> Option<usize> {
    let of_number = query.number.iter().flat_map(|number| &number.found);
    let lookups = of_number.chain(query.slots.iter().flat_map(|slot| &slot.address));
    let typed = lookups.filter(|found| found.owner.0 == place);
    let best = typed.reduce(|best, found| if found.fit > best.fit { found } else { best });
    if let Some(found) = best {
        return found.owner.1;
    }
    let id = index.documents[place].id;
    let directory = directories.get(id.directory)?;
    let channels = &directory.contact(id)?.channels;
    let is_of_kind = |place: &usize| query.channel == Some(Kind::of(&channels[*place].endpoint));
    if let Some(option) = directory.option(id) {
        return Some(option.channel).filter(is_of_kind);
    }
    // A label says more than that somebody is to be called.
    let labelled = match query.channel {
        None | Some(Kind::Phone) => by_label(query, index, channels, place),
        Some(_) => None,
    };
    labelled.or_else(|| (0..channels.len()).find(is_of_kind))
}

/// The channel whose label or address has most words of the query; `None` where no channel or several do. Words that
/// are also in the names and needs of the entry do not distinguish its channels.
fn by_label(query: &ParsedQuery, index: &InvertedIndex, channels: &[Channel], place: usize) -> Option<usize> {
    if channels.len() < 2 {
        return None;
    }
    let ids = |text: &str| words(text).filter_map(|word| index.lexicon.id(&folded(word))).collect::<Vec<_>>();
    let is_typed = |word: &WordId| {
        let mut informative = query.slots.iter().filter(|slot| slot.role != WordRole::Filler);
        informative.any(|slot| {
            // A beginning names a channel only where it is long, and no word of its own.
            let is_own = slot.guesses().any(|guess| matches!(guess.how, MatchKind::Exact | MatchKind::Stem));
            let may_begin = slot.typed.len() >= LONG_BEGINNING && !is_own;
            slot.guesses().any(|guess| guess.word == *word && (guess.how != MatchKind::Prefix || may_begin))
        })
    };
    let matched = |channel: &Channel| {
        if channel.endpoint.target().is_none() {
            return 0;
        }
        let label = channel.label.as_deref().map(ids).unwrap_or_default();
        let address = channel.endpoint.printed().map(ids).unwrap_or_default();
        let of_label = label.iter().filter(|word| is_typed(word)).count();
        let names = || index.phrases(place).iter().map(|phrase| index.words(phrase)).filter(|words| *words != address);
        let is_named = |word: &WordId| names().any(|words| words.contains(word));
        of_label + address.iter().filter(|word| is_typed(word) && !is_named(word)).count()
    };
    let counts: Vec<usize> = channels.iter().map(matched).collect();
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    let mut best = (0..counts.len()).filter(|place| counts[*place] == most);
    best.next().filter(|_| best.next().is_none())
}
