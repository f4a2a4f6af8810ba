//! Measures the relevance of the search by kind of query, on sets of queries with judged results. `cargo test --test
//! relevance -- --nocapture` prints the figures.
//!
//! A query's `want` lists every target that is right as the first result; an empty list wants the first result, if any,
//! to be weak. A result that is not weak counts as trusted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap, HashSet};

use dialtree::directory::{Directory, EMBEDDED, Entry};
use dialtree::search::{Catalog, Query, SearchResult};
use serde::Deserialize;

#[derive(Deserialize)]
struct JudgedQuery {
    q: String,
    audience: Option<String>,
    want: Vec<String>,
    kind: String,
}

/// The figures that a query set must reach, as shares of its queries from 0 to 1.
struct Thresholds {
    /// At least this share has a right first result.
    first: f64,
    /// At least this share has a right result among the first three.
    three: f64,
    /// At most this share has a first result that is trusted and wrong.
    wrong: f64,
}

const CITY: &str = include_str!("queries/city.ron");
const BANK: &str = include_str!("queries/bank.ron");

#[test]
fn development_queries() {
    let thresholds = Thresholds { first: 0.97, three: 1.0, wrong: 0.02 };
    measure("development", EMBEDDED, include_str!("queries/dev.jsonl"), thresholds);
}

/// These sets were written without knowledge of the search or its data, but the search has been tuned on them since. The
/// city set estimates the relevance on unseen queries better.
#[test]
fn queries_from_each_role() {
    let thresholds = || Thresholds { first: 0.95, three: 0.97, wrong: 0.03 };
    measure("brokers and agents", EMBEDDED, include_str!("queries/brokers.jsonl"), thresholds());
    measure("offices and members", EMBEDDED, include_str!("queries/offices.jsonl"), thresholds());
    measure("everyone", EMBEDDED, include_str!("queries/everyone.jsonl"), thresholds());
}

/// A city's services, with few needs and no synonyms of its own.
#[test]
fn another_organisation() {
    measure("a city", CITY, include_str!("queries/city.jsonl"), Thresholds { first: 0.84, three: 0.90, wrong: 0.03 });
}

/// Many needs of one contact must improve its rank, not dilute it. BM25, which adds the words up and normalises by
/// length, is the baseline to beat.
#[test]
fn many_needs_beat_bm25() {
    let queries = include_str!("queries/bank.jsonl");
    let found = measure("a bank", BANK, queries, Thresholds { first: 0.88, three: 0.96, wrong: 0.11 });
    let bm25 = bm25(BANK, queries);
    println!("a bank, BM25: first {:.3}, three {:.3}", bm25.first, bm25.three);
    assert!(found.first > bm25.first && found.three > bm25.three);
}

/// Sums over the queries of one kind.
#[derive(Clone, Copy, Default)]
struct Counts {
    queries: f64,
    first: f64,
    three: f64,
    /// The sum of the reciprocal ranks of the first right result; divided by `queries`, the MRR.
    reciprocal: f64,
    wrong: f64,
}

/// The shares of all queries with a right first result, and with a right one among the first three.
struct Shares {
    first: f64,
    three: f64,
}

fn queries(text: &str) -> Vec<JudgedQuery> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Runs a query set, prints its figures by kind and checks them against the thresholds.
fn measure(name: &str, directory: &str, text: &str, thresholds: Thresholds) -> Shares {
    let catalog = Catalog::from(Directory::load(name, directory).unwrap());
    let directory = &catalog.directories()[0];
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    // Over the queries with a right first result: the letters typed until it is first, and all their letters.
    let (mut typed_count, mut letter_count) = (0, 0);
    for query in queries(text) {
        let id_of = |id: &String| catalog.audiences().find(|(_, audience)| *audience.id == **id).unwrap().0;
        let audience = query.audience.as_ref().map(id_of);
        let find = |text: &str, limit| catalog.find(&Query { text, audience, limit }).results;
        let is_right =
            |result: &SearchResult| target(directory, result).is_some_and(|target| query.want.contains(&target));
        let results = find(&query.q, 10);
        let rank = results.iter().position(is_right);
        let is_trusted = results.first().is_some_and(|first| !first.weak);
        let is_wanted = !query.want.is_empty();
        let is_right_within = |max: usize| if is_wanted { rank.is_some_and(|rank| rank < max) } else { !is_trusted };
        let counts = kinds.entry(query.kind).or_default();
        counts.queries += 1.0;
        counts.first += f64::from(is_right_within(1));
        counts.three += f64::from(is_right_within(3));
        counts.reciprocal +=
            if is_wanted { rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64) } else { f64::from(!is_trusted) };
        counts.wrong += f64::from(is_trusted && rank != Some(0));
        if is_wanted && rank == Some(0) {
            let mut ends = query.q.char_indices().map(|(start, c)| start + c.len_utf8());
            let first_right = ends.position(|end| find(&query.q[..end], 1).first().is_some_and(is_right));
            typed_count += first_right.map_or(0, |index| index + 1);
            letter_count += query.q.chars().count();
        }
    }
    let mut all = Counts::default();
    for (kind, counts) in &kinds {
        print_counts(name, kind, counts);
        all = Counts {
            queries: all.queries + counts.queries,
            first: all.first + counts.first,
            three: all.three + counts.three,
            reciprocal: all.reciprocal + counts.reciprocal,
            wrong: all.wrong + counts.wrong,
        };
    }
    print_counts(name, "all", &all);
    println!("{name}: right after {:.0} % of the letters", 100.0 * typed_count as f64 / letter_count as f64);
    let shares = Shares { first: all.first / all.queries, three: all.three / all.queries };
    let wrong = all.wrong / all.queries;
    assert!(shares.first >= thresholds.first, "{name}: {:.3} right first", shares.first);
    assert!(shares.three >= thresholds.three, "{name}: {:.3} right among the first three", shares.three);
    assert!(wrong <= thresholds.wrong, "{name}: {wrong:.3} trusted and wrong");
    shares
}

fn print_counts(name: &str, kind: &str, Counts { queries, first, three, reciprocal, wrong }: &Counts) {
    let share = |count: &f64| count / queries;
    println!(
        "{name:20} {kind:12} {queries:4}  first {:.3}  three {:.3}  MRR {:.3}  wrong {:.3}",
        share(first),
        share(three),
        share(reciprocal),
        share(wrong)
    );
}

fn target(directory: &Directory, result: &SearchResult) -> Option<String> {
    directory.target(result.id).map(|target| target.to_string())
}

/// The shares that plain BM25 reaches (k1 = 1.2, b = 0.75) over the names and needs of contacts.
fn bm25(directory: &str, text: &str) -> Shares {
    let directory = Directory::load("bm25", directory).unwrap();
    let words = |text: &str| {
        let lower = text.to_lowercase();
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let documents: Vec<Vec<String>> = directory
        .contacts
        .iter()
        .map(|contact| {
            std::iter::once(&contact.name).chain(&contact.details.needs).flat_map(|text| words(text)).collect()
        })
        .collect();
    let mean_length = documents.iter().map(Vec::len).sum::<usize>() as f64 / documents.len() as f64;
    let mut document_frequencies: HashMap<&str, f64> = HashMap::new();
    for document in &documents {
        for word in document.iter().map(String::as_str).collect::<HashSet<_>>() {
            *document_frequencies.entry(word).or_default() += 1.0;
        }
    }
    let score = |document: &[String], query: &[String]| {
        let word_score = |word: &String| {
            let frequency = document.iter().filter(|other| *other == word).count() as f64;
            let document_frequency = document_frequencies.get(word.as_str()).copied().unwrap_or_default();
            let idf = (1.0 + (documents.len() as f64 - document_frequency + 0.5) / (document_frequency + 0.5)).ln();
            idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * document.len() as f64 / mean_length))
        };
        query.iter().map(word_score).sum::<f64>()
    };
    let queries = queries(text);
    let (mut first, mut three) = (0.0, 0.0);
    for query in &queries {
        let query_words = words(&query.q);
        let mut ranked: Vec<(f64, usize)> =
            documents.iter().enumerate().map(|(i, document)| (score(document, &query_words), i)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let is_right = |contact: usize| {
            let target = directory.target(directory.id_of(Entry::Contact(contact))).unwrap();
            query.want.contains(&target.to_string())
        };
        let rank = ranked.iter().position(|(_, contact)| is_right(*contact)).unwrap();
        first += f64::from(rank == 0);
        three += f64::from(rank < 3);
    }
    Shares { first: first / queries.len() as f64, three: three / queries.len() as f64 }
}
