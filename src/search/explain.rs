//! Why an entry was found: what each typed word was understood as, and the characters of the title that it matches.

use super::inverted_index::InvertedIndex;
use super::lexicon::Guess;
use super::query::{ParsedQuery, Slot, WordRole};
use super::text::{folded, words};
use super::{MatchKind, Reason};

/// What each word of a query was understood as in a document, in the order typed.
pub(super) fn why(query: &ParsedQuery, index: &InvertedIndex, place: usize) -> Vec<Reason> {
    if let Some(number) = &query.number {
        let own = number.found.iter().filter(|found| found.owner.0 == place);
        return own
            .map(|found| Reason {
                typed: number.typed.clone(),
                matched: format!("+{}", found.matched),
                kind: MatchKind::Lookup,
            })
            .collect();
    }
    let told = query.slots.iter().filter(|slot| slot.role != WordRole::Filler);
    told.filter_map(|slot| of_slot(slot, index, place)).collect()
}

fn of_slot(slot: &Slot, index: &InvertedIndex, place: usize) -> Option<Reason> {
    if let Some(found) = slot.address.iter().find(|found| found.owner.0 == place) {
        return Some(Reason { typed: slot.typed.clone(), matched: found.matched.clone(), kind: MatchKind::Lookup });
    }
    let document = u32::try_from(place).ok()?;
    let mut best: Option<(f32, Reason)> = None;
    for reading in &slot.readings {
        let mut sum = 0.0;
        let (mut matched, mut how) = (Vec::new(), MatchKind::Exact);
        for part in &reading.parts {
            // The likest come first.
            let score = |guess: &Guess| guess.likeness * index.weight(guess.word, document);
            let found = part.iter().map(|guess| (guess, score(guess))).find(|(_, score)| *score > 0.0);
            if let Some((guess, score)) = found {
                sum += reading.sure * score / reading.parts.len() as f32;
                matched.push(index.lexicon.text(guess.word));
                how = reading.how.unwrap_or(guess.how);
            }
        }
        if sum > best.as_ref().map_or(0.0, |(best, _)| *best) {
            best = Some((sum, Reason { typed: slot.typed.clone(), matched: matched.join(" "), kind: how }));
        }
    }
    best.map(|(_, why)| why)
}

/// The indices of the characters of a title that a query matches.
pub(super) fn marks(query: &ParsedQuery, index: &InvertedIndex, title: &str) -> Vec<usize> {
    let mut marks = Vec::new();
    for word in words(title) {
        let start = title[..word.as_ptr() as usize - title.as_ptr() as usize].chars().count();
        let length = word.chars().count();
        let text = folded(word);
        let Some(id) = index.lexicon.id(&text) else { continue };
        for slot in &query.slots {
            let guesses = slot.readings.iter().flat_map(|reading| {
                let of_title = reading.parts.iter().flatten().filter(|guess| guess.word == id);
                of_title.map(|guess| (guess.likeness * reading.sure, reading.how.unwrap_or(guess.how)))
            });
            let Some((_, how)) = guesses.max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let within = match how {
                MatchKind::Prefix | MatchKind::Fuzzy => index.lexicon.marks(&text, &slot.typed),
                _ => (0..length).collect(),
            };
            marks.extend(within.into_iter().filter(|place| *place < length).map(|place| start + place));
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}
