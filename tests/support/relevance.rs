//! Query sets with judged results, what the search makes of them, and the fit of the model that judges results. Shared by
//! the relevance test and the relevance benchmark.
//!
//! A line of a set is `{"q", "audience", "want", "kind"}`: the query, the audience that is chosen or `null`, the targets
//! that are right as the first result, and what kind of query it is. An empty `want` means that nothing may be trusted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::collections::BTreeMap;

use dialtree::directory::{Directory, EMBEDDED, Entry, EntryId};
use dialtree::search::{Catalog, Query, SearchResult, Signals, TrustModel, Weights};
use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;

/// The number of results that are judged for each query.
const LIMIT: usize = 10;

/// A query with its judged results.
#[derive(Deserialize)]
pub(crate) struct JudgedQuery {
    pub(crate) q: String,
    pub(crate) audience: Option<String>,
    pub(crate) want: Vec<String>,
    pub(crate) kind: String,
}

/// Queries for one directory.
pub(crate) struct QuerySet {
    pub(crate) name: &'static str,
    /// The directory that the set is about. Sets about one directory are held out together.
    pub(crate) directory: &'static str,
    text: &'static str,
    queries: &'static str,
}

macro_rules! set {
    ($name:literal, healthnet) => {
        QuerySet {
            name: $name,
            directory: "healthnet",
            text: EMBEDDED,
            queries: include_str!(concat!("../queries/", $name, ".jsonl")),
        }
    };
    ($name:literal) => {
        QuerySet {
            name: $name,
            directory: $name,
            text: include_str!(concat!("../queries/", $name, ".ron")),
            queries: include_str!(concat!("../queries/", $name, ".jsonl")),
        }
    };
}

/// The sets that this version was tuned on, and those that earlier versions were. All but `dev` were written without
/// knowledge of the search.
pub(crate) const SETS: [QuerySet; 5] =
    [set!("calls", healthnet), set!("airline"), set!("carrier2"), set!("dmv"), set!("hospital")];
pub(crate) const OLDER_SETS: [QuerySet; 6] = [
    set!("dev", healthnet),
    set!("brokers", healthnet),
    set!("offices", healthnet),
    set!("everyone", healthnet),
    set!("city"),
    set!("bank"),
];

/// All sets.
pub(crate) fn all_sets() -> impl Iterator<Item = &'static QuerySet> {
    const { &SETS }.iter().chain(const { &OLDER_SETS })
}

impl QuerySet {
    pub(crate) fn queries(&self) -> impl Iterator<Item = JudgedQuery> {
        self.queries.lines().map(|line| serde_json::from_str(line).unwrap())
    }

    pub(crate) fn load(&self) -> Directory {
        Directory::load(self.name, self.text).unwrap()
    }

    /// Runs the queries with weights and a model.
    pub(crate) fn run(&self, weights: Weights, model: TrustModel) -> Vec<Outcome> {
        let catalog = Catalog::tuned(vec![self.load()], weights, model);
        self.queries().map(|query| self.run_query(&catalog, query)).collect()
    }

    fn run_query(&self, catalog: &Catalog, query: JudgedQuery) -> Outcome {
        let directory = &catalog.directories()[0];
        let id_of = |id: &String| catalog.audiences().find(|(_, audience)| *audience.id == **id).unwrap().0;
        let audience = query.audience.as_ref().map(id_of);
        let results = catalog.find(&Query { text: &query.q, scope: audience.into(), limit: LIMIT }).results;
        let is_right = |result: &SearchResult| {
            directory.target(result.id).is_some_and(|target| query.want.contains(&target.to_string()))
        };
        Outcome {
            rank: results.iter().position(is_right),
            first: results.first().map(|first| First {
                is_trusted: !first.weak,
                probability: f64::from(first.score),
                target: directory.target(first.id).map(|target| target.to_string()).unwrap_or_default(),
                signals: first.signals,
            }),
            query,
        }
    }
}

/// What the search made of a query.
pub(crate) struct Outcome {
    pub(crate) query: JudgedQuery,
    /// The rank of the first right result, from 0.
    rank: Option<usize>,
    first: Option<First>,
}

/// The first result.
struct First {
    is_trusted: bool,
    probability: f64,
    target: String,
    signals: Signals,
}

/// The figures of a number of queries, as shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) count: usize,
    /// The first result is right and trusted; for a query that wants nothing, nothing is trusted.
    pub(crate) right: f64,
    /// The first result is right, trusted or not. Of the queries that want something, as the next two.
    pub(crate) first: f64,
    /// One of the first three results is right.
    pub(crate) three: f64,
    /// The mean reciprocal rank of the first right result.
    pub(crate) mrr: f64,
    /// The first result is trusted and wrong.
    pub(crate) wrong: f64,
    /// Of the right first results, those that are not trusted.
    pub(crate) hidden: f64,
    /// The expected calibration error of the probability of the first result, in ten equal bins.
    pub(crate) ece: f64,
}

impl Figures {
    pub(crate) fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let outcomes: Vec<&Outcome> = outcomes.into_iter().collect();
        let count = |is: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count() as f64;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let wants = |outcome: &Outcome| !outcome.query.want.is_empty();
        let (all, wanting) = (outcomes.len() as f64, count(&wants));
        let first = count(&|outcome| outcome.rank == Some(0));
        let hidden = count(&|outcome| outcome.rank == Some(0) && !outcome.is_trusted());
        let right = count(&|outcome| match wants(outcome) {
            true => outcome.rank == Some(0) && outcome.is_trusted(),
            false => !outcome.is_trusted(),
        });
        let reciprocal = |outcome: &&Outcome| outcome.rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        Self {
            count: outcomes.len(),
            right: share(right, all),
            first: share(first, wanting),
            three: share(count(&|outcome| outcome.rank.is_some_and(|rank| rank < 3)), wanting),
            mrr: share(outcomes.iter().map(reciprocal).sum(), wanting),
            wrong: share(count(&|outcome| outcome.is_trusted() && outcome.rank != Some(0)), all),
            hidden: share(hidden, first),
            ece: calibration_error(&outcomes),
        }
    }
}

impl Outcome {
    /// What is wrong with the result, in a line; `None` where it is right and trusted.
    pub(crate) fn miss(&self) -> Option<String> {
        let JudgedQuery { q, kind, want, .. } = &self.query;
        let what = match (&self.first, self.rank) {
            (None, _) if want.is_empty() => return None,
            (None, _) => "nothing".to_owned(),
            (Some(first), Some(0)) if first.is_trusted => return None,
            (Some(first), Some(0)) => format!("right, but weak ({:.2})", first.probability),
            (Some(first), _) if want.is_empty() && !first.is_trusted => return None,
            (Some(first), rank) => {
                let trust = if first.is_trusted { "trusted" } else { "weak" };
                format!("wrong, {trust} ({:.2}): {}, right at {rank:?}", first.probability, first.target)
            }
        };
        Some(format!("{kind}: {q}: {what}; wanted {}", want.join(" or ")))
    }

    /// What a peer, which has no probabilities, found for a query: the targets, best first.
    pub(crate) fn of_peer(query: JudgedQuery, targets: Vec<String>, is_trusted: bool) -> Self {
        let rank = targets.iter().position(|target| query.want.contains(target));
        let first = targets.into_iter().next();
        let first = first.map(|target| First { is_trusted, probability: 0.0, target, signals: Signals::default() });
        Self { query, rank, first }
    }

    /// What the model learns from the first result; `None` where there is none, or where a number was looked up.
    fn example(&self, directory: &'static str, asked_of: &'static str, weight: f64) -> Option<Example> {
        let first = self.first.as_ref().filter(|first| first.signals != Signals::default())?;
        let (signals, is_right) = (first.signals, self.rank == Some(0));
        Some(Example { directory, asked_of, signals, is_right, weight })
    }

    fn is_trusted(&self) -> bool {
        self.first.as_ref().is_some_and(|first| first.is_trusted)
    }
}

fn calibration_error(outcomes: &[&Outcome]) -> f64 {
    let mut bins: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for outcome in outcomes {
        let Some(first) = &outcome.first else { continue };
        let (expected, right) = bins.entry(((first.probability * 10.0) as usize).min(9)).or_default();
        *expected += first.probability;
        *right += f64::from(outcome.rank == Some(0));
    }
    let count = outcomes.iter().filter(|outcome| outcome.first.is_some()).count() as f64;
    bins.values().map(|(expected, right)| (expected - right).abs()).sum::<f64>() / count.max(1.0)
}

/// The first results of all sets, from which the model is fitted. They do not depend on the model.
pub(crate) struct Examples(Vec<Example>);

struct Example {
    /// The directory that was searched.
    directory: &'static str,
    /// The directory that the query was written for.
    asked_of: &'static str,
    signals: Signals,
    is_right: bool,
    weight: f64,
}

/// How much more a query counts that wants nothing: there are few of them, and trusting a result there does harm.
const NOTHING_WANTED: f64 = 4.0;
/// How much a query counts that was written for another organisation: there are many of them.
const STRANGER: f64 = 0.05;
/// One query of so many is asked of the other directories.
const STRANGER_STEP: usize = 5;
/// The signals that may only raise the probability, and those that may only lower it.
const RAISING: &[&str] = &["score", "lead", "fit", "typed", "together", "anywhere", "closeness", "closeness_lead"];
const LOWERING: &[&str] = &["unknown", "rivalry", "reworded", "unknown_in_short"];

/// Asks each directory queries that were written for other organisations. Nothing they find is right, apart from what all
/// organisations have. Calls `each` with the directories that are asked and that the query is for, and the outcome.
fn ask_strangers(
    weights: &Weights,
    model: impl Fn(&str) -> TrustModel,
    mut each: impl FnMut(&'static str, &'static str, Outcome),
) {
    let mut searched: Vec<&str> = Vec::new();
    for set in all_sets() {
        if searched.contains(&set.directory) {
            continue;
        }
        searched.push(set.directory);
        let catalog = Catalog::tuned(vec![set.load()], weights.clone(), model(set.directory));
        for other in all_sets().filter(|other| is_strange(set.directory, other.directory)) {
            let queries = other.queries().filter(|query| !["operator", "hours"].contains(&&*query.kind));
            for query in queries.step_by(STRANGER_STEP) {
                let query = JudgedQuery { audience: None, want: Vec::new(), ..query };
                each(set.directory, other.directory, set.run_query(&catalog, query));
            }
        }
    }
}

/// The share of queries for other organisations whose first result is trusted, with each directory held out.
pub(crate) fn trusted_strangers(weights: &Weights, examples: &Examples) -> f64 {
    let (mut count, mut trusted) = (0.0, 0.0);
    let model = |directory: &str| examples.fit(Some(directory), &[]);
    ask_strangers(weights, model, |_, _, outcome| {
        count += 1.0;
        trusted += f64::from(outcome.is_trusted());
    });
    trusted / count
}

/// Whether two organisations have nothing in common. Two are health plans.
fn is_strange(a: &str, b: &str) -> bool {
    let is_health = |name: &str| ["healthnet", "carrier2", "hospital"].contains(&name);
    a != b && !(is_health(a) && is_health(b))
}

/// The strength of the regularisation: the larger, the smaller the weights.
const PENALTY: f64 = 3.3;
/// The share of the queries whose first result may be trusted and wrong, which decides the threshold.
const MAX_WRONG: f64 = 0.034;
const STEPS: usize = 3_000;
const STEP_SIZE: f64 = 0.05;

impl Examples {
    /// Runs all sets. A directory with many queries counts for more than one with few, but by the root only.
    pub(crate) fn collect(weights: &Weights) -> Self {
        let mut examples = Vec::new();
        for set in all_sets() {
            let outcomes = set.run(weights.clone(), TrustModel::built_in());
            examples.extend(outcomes.iter().filter_map(|outcome| {
                let weight = if outcome.query.want.is_empty() { NOTHING_WANTED } else { 1.0 };
                outcome.example(set.directory, set.directory, weight)
            }));
        }
        ask_strangers(
            weights,
            |_| TrustModel::built_in(),
            |directory, asked_of, outcome| {
                examples.extend(outcome.example(directory, asked_of, STRANGER));
            },
        );
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        examples.iter().for_each(|example: &Example| *counts.entry(example.directory).or_default() += 1.0);
        examples.iter_mut().for_each(|example| example.weight /= counts[example.directory].sqrt());
        let mean = examples.iter().map(|example| example.weight).sum::<f64>() / examples.len() as f64;
        examples.iter_mut().for_each(|example| example.weight /= mean);
        Self(examples)
    }

    /// Fits a model to the examples of all directories, or of all but one, without the unused signals: logistic regression with a penalty on the
    /// squares of the standardised weights, by accelerated gradient descent.
    pub(crate) fn fit(&self, held_out: Option<&str>, unused: &[&str]) -> TrustModel {
        let examples: Vec<&Example> = self
            .0
            .iter()
            .filter(|example| Some(example.directory) != held_out && Some(example.asked_of) != held_out)
            .collect();
        let size = Signals::NAMES.len();
        let count = examples.len() as f64;
        let values = |example: &Example| example.signals.values().map(f64::from);
        let columns: Vec<_> = examples.iter().map(|example| values(example)).collect();
        let column = |i: usize| columns.iter().map(move |values| values[i]);
        let means: Vec<f64> = (0..size).map(|i| column(i).sum::<f64>() / count).collect();
        let deviations: Vec<f64> = (0..size)
            .map(|i| (column(i).map(|value| (value - means[i]).powi(2)).sum::<f64>() / count).sqrt().max(1e-9))
            .collect();
        let standard = |example: &&Example| -> Vec<f64> {
            let values = values(example).into_iter().zip(&means).zip(&deviations).zip(Signals::NAMES);
            let standard = values.map(|(((value, mean), deviation), name)| match unused.contains(name) {
                true => 0.0,
                false => (value - mean) / deviation,
            });
            standard.chain([1.0]).collect()
        };
        let rows: Vec<Vec<f64>> = examples.iter().map(standard).collect();
        let (mut weights, mut before) = (vec![0.0; size + 1], vec![0.0; size + 1]);
        for step in 0..STEPS {
            let momentum = step as f64 / (step + 3) as f64;
            let ahead: Vec<f64> =
                weights.iter().zip(&before).map(|(now, before)| now + momentum * (now - before)).collect();
            // The last weight is the bias, which is not penalised.
            let mut gradient: Vec<f64> = ahead.iter().map(|weight| PENALTY * weight / count).collect();
            gradient[size] = 0.0;
            for (row, example) in rows.iter().zip(&examples) {
                let sum: f64 = row.iter().zip(&ahead).map(|(value, weight)| value * weight).sum();
                let error = example.weight * (1.0 / (1.0 + (-sum).exp()) - f64::from(example.is_right)) / count;
                gradient.iter_mut().zip(row).for_each(|(gradient, value)| *gradient += error * value);
            }
            before = weights;
            weights = ahead.iter().zip(&gradient).map(|(weight, gradient)| weight - STEP_SIZE * gradient).collect();
            for (weight, name) in weights.iter_mut().zip(Signals::NAMES) {
                match () {
                    () if RAISING.contains(name) => *weight = weight.max(0.0),
                    () if LOWERING.contains(name) => *weight = weight.min(0.0),
                    () => {}
                }
            }
        }
        let scaled: Vec<f64> = weights.iter().zip(&deviations).map(|(weight, deviation)| weight / deviation).collect();
        let bias = weights[size] - scaled.iter().zip(&means).map(|(weight, mean)| weight * mean).sum::<f64>();
        let weights = scaled.iter().map(|weight| *weight as f32).collect();
        let mut model = TrustModel { threshold: 0.0, bias: bias as f32, weights };
        model.threshold = threshold(&model, &examples);
        model
    }
}

/// The lowest threshold, in hundredths, at which few enough results are trusted and wrong, as the mean over the directories.
/// Queries for other organisations do not count.
fn threshold(model: &TrustModel, examples: &[&Example]) -> f32 {
    let mut directories: BTreeMap<&str, Vec<(f32, bool)>> = BTreeMap::new();
    for example in examples.iter().filter(|example| example.directory == example.asked_of) {
        let judged = (model.probability(&example.signals), example.is_right);
        directories.entry(example.directory).or_default().push(judged);
    }
    let wrong_share = |threshold: f32| {
        let share = |judged: &Vec<(f32, bool)>| {
            let wrong = judged.iter().filter(|(probability, is_right)| *probability >= threshold && !is_right);
            wrong.count() as f64 / judged.len() as f64
        };
        directories.values().map(share).sum::<f64>() / directories.len() as f64
    };
    let mut thresholds = (0..100).map(|step| step as f32 / 100.0);
    thresholds.find(|threshold| wrong_share(*threshold) <= MAX_WRONG).unwrap_or(1.0)
}

/// BM25F, the peer: stemmed words, a document for each channel, option and notice; the title and the
/// needs weigh 3, the path and the audiences 1.5, the rest 1. It trusts every result.
pub(crate) struct Bm25F {
    documents: Vec<Bm25Document>,
    mean_length: f64,
    /// By word: the number of documents that have it.
    frequencies: BTreeMap<String, f64>,
    stemmer: Stemmer,
    /// How slowly repeated words saturate, and how much the length of a document counts.
    k1: f64,
    b: f64,
}

struct Bm25Document {
    target: String,
    text: String,
    audiences: Vec<usize>,
    words: BTreeMap<String, f64>,
    length: f64,
}

const FIELD_WEIGHTS: [f64; 3] = [3.0, 1.5, 1.0];

impl Bm25F {
    pub(crate) fn new(directory: &Directory) -> Self {
        let mut index = Self {
            documents: Vec::new(),
            mean_length: 0.0,
            frequencies: BTreeMap::new(),
            stemmer: Stemmer::create(Algorithm::English),
            k1: 1.2,
            b: 0.75,
        };
        for (contact, record) in directory.contacts.iter().enumerate() {
            let id = directory.id_of(Entry::Contact(contact));
            let options = (0..record.options.len()).map(|option| directory.id_of(Entry::Option(contact, option)));
            (0..record.channels.len()).for_each(|channel| index.add(directory, id.by(Some(channel))));
            options.for_each(|option| index.add(directory, option));
        }
        (0..directory.notices.len()).for_each(|notice| index.add(directory, directory.id_of(Entry::Notice(notice))));
        let total: f64 = index.documents.iter().map(|document| document.length).sum();
        index.mean_length = total / index.documents.len() as f64;
        for word in index.documents.iter().flat_map(|document| document.words.keys()) {
            *index.frequencies.entry(word.clone()).or_default() += 1.0;
        }
        index
    }

    fn add(&mut self, directory: &Directory, id: EntryId) {
        let Some(target) = directory.target(id) else { return };
        let mut fields: [Vec<String>; 3] = std::array::from_fn(|_| Vec::new());
        fields[0].push(directory.title(id).to_owned());
        if let Some(details) = directory.details(id) {
            let own = |texts: &[Box<str>]| texts.iter().map(|text| text.to_string()).collect::<Vec<_>>();
            fields[0].extend([own(&details.needs), own(&details.aliases)].concat());
            fields[2].extend([own(&details.services), own(&details.serves), own(&details.notes)].concat());
        }
        if let Some(notice) = directory.notice(id) {
            fields[0].extend(notice.needs.iter().chain(&notice.aliases).map(|text| text.to_string()));
            fields[2].extend(notice.text.iter().map(|text| text.to_string()));
        }
        if let Some(channel) = directory.channel(id) {
            fields[2].push(channel.kind.name().to_owned());
            fields[2].extend([&channel.label, &channel.note].into_iter().flatten().map(|text| text.to_string()));
        }
        let mut parent = directory.parent(id);
        while let Some(id) = parent {
            fields[1].push(directory.title(id).to_owned());
            parent = directory.parent(id);
        }
        let audiences: Vec<usize> = directory.audiences(id).iter().collect();
        fields[1].extend(audiences.iter().map(|audience| directory.audiences[*audience].name.to_string()));
        let text = fields.concat().join(" ");
        let mut document =
            Bm25Document { target: target.to_string(), text, audiences, words: BTreeMap::new(), length: 0.0 };
        for (texts, weight) in fields.iter().zip(FIELD_WEIGHTS) {
            for word in texts.iter().flat_map(|text| self.words(text)) {
                *document.words.entry(word).or_default() += weight;
                document.length += weight;
            }
        }
        self.documents.push(document);
    }

    fn words(&self, text: &str) -> Vec<String> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(|word| self.stemmer.stem(word).into_owned()).collect()
    }

    fn score(&self, document: &Bm25Document, query: &[String]) -> f64 {
        let word_score = |word: &String| {
            let Some(frequency) = document.words.get(word) else { return 0.0 };
            let document_frequency = self.frequencies.get(word).copied().unwrap_or_default();
            let count = self.documents.len() as f64;
            let idf = (1.0 + (count - document_frequency + 0.5) / (document_frequency + 0.5)).ln();
            let Self { k1, b, mean_length, .. } = self;
            idf * frequency * (k1 + 1.0) / (frequency + k1 * (1.0 - b + b * document.length / mean_length))
        };
        query.iter().map(word_score).sum()
    }

    /// The targets of the best documents, with the score of each.
    fn find(&self, query: &str, audience: Option<usize>) -> Vec<(&str, f64)> {
        let words = self.words(query);
        let is_for = |document: &&Bm25Document| {
            audience.is_none_or(|audience| document.audiences.is_empty() || document.audiences.contains(&audience))
        };
        let scored =
            self.documents.iter().filter(is_for).map(|document| (&*document.target, self.score(document, &words)));
        let mut scored: Vec<(&str, f64)> = scored.filter(|(_, score)| *score > 0.0).collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1));
        scored
    }

    /// The documents, one per line, each with its target after a tab.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.documents.iter().map(|document| format!("{}\t{}", document.text, document.target))
    }

    /// The figures of a set with the constants and the threshold of trust that get most queries of that very set right.
    pub(crate) fn best(set: &QuerySet) -> Figures {
        let directory = set.load();
        let mut index = Self::new(&directory);
        let mut best = Figures::default();
        for (k1, b) in [0.6, 1.2, 2.0].into_iter().flat_map(|k1| [0.25, 0.5, 0.75].map(|b| (k1, b))) {
            (index.k1, index.b) = (k1, b);
            for step in 0..60 {
                let figures = Figures::of(&index.run(set, &directory, f64::from(step) * 0.1));
                best = if figures.right > best.right { figures } else { best };
            }
        }
        best
    }

    /// Runs a set. `threshold` is the score, beside the number of words of the query, from which a result is trusted.
    fn run(&self, set: &QuerySet, directory: &Directory, threshold: f64) -> Vec<Outcome> {
        let outcome = |query: JudgedQuery| {
            let id = query.audience.as_ref();
            let audience = id.and_then(|id| directory.audiences.iter().position(|audience| *audience.id == **id));
            let found = self.find(&query.q, audience);
            let word_count = self.words(&query.q).len().max(1) as f64;
            let is_trusted = found.first().is_some_and(|(_, score)| score / word_count >= threshold);
            Outcome::of_peer(query, found.into_iter().map(|(target, _)| target.to_owned()).collect(), is_trusted)
        };
        set.queries().map(outcome).collect()
    }
}
