//! How likely a result is what was meant.
//!
//! A logistic model turns what is known about a result into a probability. Its weights are data, `data/trust.txt`,
//! fitted on queries with judged results by `cargo bench --bench relevance -- --fit`. A result below the threshold that
//! the file also holds is weak: shown, but marked, because a wrong number is worse than none.

use super::evidence::Evidence;
use super::inverted_index::Document;
use super::parsed_query::ParsedQuery;

/// The model, with a line for each signal.
const MODEL: &str = include_str!("../../data/trust.txt");

/// The maximum number of informative words in a short query, in which each of them counts.
pub(super) const MAX_SHORT_WORDS: usize = 3;

/// Declares the signals, with their names in the order of the model.
macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What is known about a result, as the numbers that its probability depends on.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Signals {
            $($(#[$doc])* pub $name: f32,)*
        }

        impl Signals {
            /// The names of the signals.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// The signals in the order of [`Self::NAMES`].
            pub fn values(&self) -> [f32; [$(stringify!($name)),*].len()] {
                [$(self.$name),*]
            }
        }
    };
}

signals! {
    /// The score by which results are ranked; 1 is a full match.
    score,
    /// The score less that of the best other result with another title; negative for a result that is not the first.
    lead,
    /// The score of the best other result, beside its own.
    rivalry,
    /// How well the best name or need fits.
    fit,
    /// The share of that name or need that is typed.
    typed,
    /// The largest share of the informative words that one name or need has.
    together,
    /// The same, divided by the number of informative words.
    together_per_word,
    /// The share of the informative words that the entry has anywhere.
    anywhere,
    /// The share of the informative words that no entry has, in any form.
    unknown,
    /// The share of the informative words that no entry has as typed, but only as a word that means the same.
    reworded,
    /// `unknown` in a short query, where every word counts; else 0.
    unknown_in_short,
    /// The closeness in meaning of the best name or need; 0 where the words sufficed.
    closeness,
    /// The closeness less that of the closest other result with another title.
    closeness_lead,
    /// Whether the words did not suffice, 0 or 1, as all signals below that are not numbers.
    compared_meaning,
    /// The logarithm of the number of informative words.
    length,
    /// 1 divided by the number of informative words; 0 without any.
    brevity,
    /// Whether there are no informative words.
    empty,
    /// Whether the query was translated.
    translated,
    /// Whether the query asks for opening hours.
    asks_hours,
    /// Whether it does, and the entry's hours are listed.
    has_hours,
    /// Whether the query names a channel.
    names_channel,
    /// Whether it says nothing else.
    channel_only,
    /// Whether it names an audience.
    names_audience,
    /// The logarithm of the factor for the channel.
    channel,
    /// Whether the entry is a notice.
    notice,
    /// Whether the entry is an option of a menu.
    option,
}

impl Signals {
    /// Those of a result of which nothing speaks for it or against it. Signals are explained beside these.
    fn neutral() -> Self {
        Self {
            score: 0.5,
            rivalry: 0.8,
            fit: 0.4,
            typed: 0.5,
            together: 0.5,
            together_per_word: 0.25,
            anywhere: 0.5,
            unknown: 0.25,
            reworded: 0.25,
            length: 1.1,
            brevity: 0.5,
            ..Self::default()
        }
    }

    pub(super) fn new(query: &ParsedQuery, document: &Document, evidence: &Evidence, rivalry: &Rivalry) -> Self {
        let flag = |is: bool| f32::from(u8::from(is));
        let is_short = query.informative_count() <= MAX_SHORT_WORDS;
        let word_count = query.informative_count() as f32;
        let brevity = if word_count > 0.0 { 1.0 / word_count } else { 0.0 };
        Self {
            score: rivalry.own.min(1.5),
            lead: rivalry.own - rivalry.other,
            rivalry: (rivalry.other / rivalry.own.max(f32::MIN_POSITIVE)).min(2.0),
            fit: evidence.fit,
            typed: evidence.typed,
            together: evidence.together,
            together_per_word: evidence.together * brevity,
            anywhere: evidence.anywhere.min(1.2),
            unknown: rivalry.unknown,
            reworded: rivalry.reworded,
            unknown_in_short: if is_short { rivalry.unknown } else { 0.0 },
            closeness: evidence.closeness.unwrap_or_default(),
            closeness_lead: evidence.closeness.map_or(0.0, |own| own - rivalry.other_closeness),
            compared_meaning: flag(evidence.closeness.is_some()),
            length: word_count.ln_1p(),
            brevity,
            empty: flag(word_count == 0.0),
            translated: flag(query.is_translated),
            asks_hours: flag(query.asks_hours),
            has_hours: flag(query.asks_hours && document.has_hours),
            names_channel: flag(query.channel.is_some()),
            channel_only: flag(query.says_channel_only()),
            names_audience: flag(!query.audiences.is_empty()),
            channel: evidence.channel.ln(),
            notice: flag(!document.id.entry.is_contact()),
            option: flag(matches!(document.id.entry, crate::directory::Entry::Option(..))),
        }
    }
}

/// How a result compares with the others.
#[derive(Clone, Copy)]
pub(super) struct Rivalry {
    /// Its own score.
    pub(super) own: f32,
    /// The best score of another result with another title.
    pub(super) other: f32,
    /// The best closeness of another result with another title.
    pub(super) other_closeness: f32,
    /// The shares of the query of a [`Ranking`](super::rank::Ranking).
    pub(super) unknown: f32,
    pub(super) reworded: f32,
}

/// A logistic model of the probability.
#[derive(Clone, Debug, PartialEq)]
pub struct TrustModel {
    /// The probability from which a result is trusted.
    pub threshold: f32,
    /// Added to the weighted sum of the signals.
    pub bias: f32,
    /// By signal.
    pub weights: Vec<f32>,
}

impl TrustModel {
    /// The model of `data/trust.txt`.
    pub fn built_in() -> Self {
        Self::parse(MODEL)
    }

    /// Reads a model: lines of a name and a number. A signal without a line has no weight.
    fn parse(text: &str) -> Self {
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(' '));
            let found = lines.find(|(key, _)| *key == name);
            found.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or_default()
        };
        let weights = Signals::NAMES.iter().map(|name| value(name)).collect();
        Self { threshold: value("threshold"), bias: value("bias"), weights }
    }

    /// How far each signal raises (more than 0) or lowers the probability, in the order of [`Signals::NAMES`] and in
    /// units of the weighted sum.
    pub fn effects(&self, signals: &Signals) -> Vec<f32> {
        let beyond =
            signals.values().into_iter().zip(Signals::neutral().values()).map(|(value, neutral)| value - neutral);
        beyond.zip(&self.weights).map(|(beyond, weight)| beyond * weight).collect()
    }

    /// The probability that a result with these signals is what was meant, from 0 to 1.
    pub fn probability(&self, signals: &Signals) -> f32 {
        let sum: f32 = signals.values().iter().zip(&self.weights).map(|(value, weight)| value * weight).sum();
        1.0 / (1.0 + (-self.bias - sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_names_every_signal_once() {
        let mut names: Vec<&str> =
            MODEL.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next()).collect();
        let mut expected = [&["threshold", "bias"], Signals::NAMES].concat();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
    }
}
