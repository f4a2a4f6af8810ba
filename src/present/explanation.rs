//! Explains a search result: its probability, what that rests on, and how the query was understood.

use super::results::reasons;
use crate::search::{SearchResult, SearchResults, Signals, TrustModel};

/// The number of factors that are told.
const MAX_FACTORS: usize = 3;
/// The smallest effect that is told.
const MIN_EFFECT: f32 = 0.1;

/// Something that speaks for a result or against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// How far it raises (more than 0) or lowers the probability, in units of the model's weighted sum.
    pub effect: f32,
    /// What it is: `leads clearly`.
    pub words: &'static str,
}

/// Signals that say much the same, and are therefore told as one.
struct Group {
    /// The first one decides between the words.
    signals: &'static [&'static str],
    limit: f32,
    /// The words from the limit on, and below it; empty if it is not told.
    words: [&'static str; 2],
    /// More than 0 if the first words speak for a result, less if they speak against it, 0 if they do neither. The
    /// model weighs signals that depend on each other, so their sum can say the opposite; it is not told then.
    favours: f32,
}

const fn group(signals: &'static [&'static str], favours: f32, limit: f32, words: [&'static str; 2]) -> Group {
    Group { signals, limit, words, favours }
}

const GROUPS: &[Group] = &[
    group(&["score", "fit", "typed"], 1.0, 0.5, ["fits well", "fits poorly"]),
    group(&["lead", "rivalry"], 1.0, 0.1, ["leads clearly", "others fit nearly as well"]),
    group(
        &["together", "together_per_word", "anywhere"],
        1.0,
        0.8,
        ["all words in one name or need", "not all words in one name or need"],
    ),
    group(&["unknown", "unknown_in_short"], -1.0, 0.01, ["unknown words", "no unknown word"]),
    group(&["reworded"], -1.0, 0.01, ["words found only as synonyms", "no word found only as a synonym"]),
    group(&["compared_meaning", "closeness", "closeness_lead"], -1.0, 0.5, ["words alone were not enough", ""]),
    group(&["length", "brevity", "empty"], 0.0, 1.1, ["", ""]),
    group(&["translated"], 0.0, 0.5, ["translated", ""]),
    group(&["asks_hours", "has_hours"], 0.0, 0.5, ["asks for hours", ""]),
    group(&["names_channel", "channel_only"], 0.0, 0.5, ["names a channel", ""]),
    group(&["channel"], 1.0, -0.2, ["a specific entry", "a less specific entry, or without the channel"]),
    group(&["names_audience"], 0.0, 0.5, ["names an audience", ""]),
    group(&["notice"], 0.0, 0.5, ["a notice", ""]),
    group(&["option"], 0.0, 0.5, ["an option of a menu", ""]),
];

/// The strongest factors of a result's probability, the strongest first; none for a number, whose probability is how
/// well it fits.
pub fn factors(model: &TrustModel, signals: &Signals) -> Vec<Factor> {
    if *signals == Signals::default() {
        return Vec::new();
    }
    let (values, effects) = (signals.values(), model.effects(signals));
    let of = |name: &str, all: &[f32]| {
        let index = Signals::NAMES.iter().position(|own| *own == name);
        index.and_then(|index| all.get(index).copied()).unwrap_or_default()
    };
    let factor = |group: &Group| {
        let is_above = group.signals.first().is_some_and(|first| of(first, &values) >= group.limit);
        let effect: f32 = group.signals.iter().map(|name| of(name, &effects)).sum();
        let favours = if is_above { group.favours } else { -group.favours };
        (effect * favours >= 0.0).then_some(Factor { effect, words: group.words[usize::from(!is_above)] })
    };
    let mut factors: Vec<Factor> = GROUPS.iter().filter_map(factor).collect();
    factors.retain(|factor| factor.effect.abs() >= MIN_EFFECT && !factor.words.is_empty());
    factors.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()));
    factors.truncate(MAX_FACTORS);
    factors
}

/// Why a result was found and how far it can be trusted: `score 0.92: + leads clearly`, `payout: synonym of
/// commission`,
/// `set aside: good morning`, `not: fax`.
pub fn explanation(model: &TrustModel, found: &SearchResults, result: &SearchResult) -> Vec<String> {
    let signed = |factor: Factor| format!("{} {}", if factor.effect > 0.0 { '+' } else { '-' }, factor.words);
    let factors: Vec<String> = factors(model, &result.signals).into_iter().map(signed).collect();
    let separator = if factors.is_empty() { "" } else { ": " };
    let score = format!("score {:.2}{separator}{}", result.score, factors.join(", "));
    let list = |label: &str, words: &[String]| (!words.is_empty()).then(|| format!("{label}: {}", words.join(", ")));
    let query = [list("set aside", &found.set_aside), list("not", &found.unwanted)];
    std::iter::once(score).chain(reasons(&result.reasons)).chain(query.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_is_explained_once() {
        let mut explained: Vec<&str> = GROUPS.iter().flat_map(|group| group.signals).copied().collect();
        let mut names = Signals::NAMES.to_vec();
        explained.sort_unstable();
        names.sort_unstable();
        assert_eq!(explained, names);
    }
}
