//! Measures the relevance of the search on query sets with judged results, by set and by kind of query.
//!
//! The model that judges results is fitted for each directory on the other ones, so that the figures of a directory say
//! what to expect of one that the model has not seen. The same run measures BM25F, with the threshold of trust that is
//! best for the very set, and `fzf --filter` where it is installed.
//!
//! Flags: `--fit` writes the model fitted on all directories to `data/trust.txt`, `--misses` prints the queries whose
//! first result is not right and trusted, `--ablation` prints what is lost without each part of the search.

#![allow(clippy::print_stdout)] // A benchmark prints its results.

#[path = "../tests/support/relevance.rs"]
mod relevance;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use dialtree::search::{Signals, TrustModel, Weights};
use relevance::{Bm25F, Examples, Figures, OLDER_SETS, Outcome, QuerySet, SETS};

const MODEL_FILE: &str = "data/trust.txt";
const HEADER: &str = "                     n   right   first   three     MRR   wrong  hidden     ECE";

fn main() -> anyhow::Result<()> {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    // `cargo test --all-targets` also runs benches, but without `--bench`: do not measure then.
    if !has("--bench") {
        return Ok(());
    }
    let weights = Weights::default();
    let examples = Examples::collect(&weights);
    if has("--fit") {
        let model = examples.fit(None, &[]);
        std::fs::write(MODEL_FILE, written(&model))?;
        println!("wrote {MODEL_FILE}");
    }
    if has("--ablation") {
        ablation();
        return Ok(());
    }
    println!("{HEADER}");
    let all = run(&SETS, &weights, &examples, &[]);
    print("all", &Figures::of(&all));
    if has("--misses") {
        all.iter().filter_map(Outcome::miss).for_each(|miss| println!("{miss}"));
    }
    println!("\nby kind\n{HEADER}");
    let mut kinds: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    all.iter().for_each(|outcome| kinds.entry(&outcome.query.kind).or_default().push(outcome));
    kinds.iter().for_each(|(kind, outcomes)| print(kind, &Figures::of(outcomes.iter().copied())));
    println!(
        "\nqueries for other organisations that are trusted: {:.3}",
        relevance::trusted_strangers(&weights, &examples)
    );
    println!("\nolder sets\n{HEADER}");
    run(&OLDER_SETS, &weights, &examples, &[]);
    Ok(())
}

/// Runs sets with the model of the other directories, prints their figures, and returns what the search made of them.
fn run(sets: &[QuerySet], weights: &Weights, examples: &Examples, unused: &[&str]) -> Vec<Outcome> {
    let mut all = Vec::new();
    for set in sets {
        let model = examples.fit(Some(set.directory), unused);
        let outcomes = set.run(weights.clone(), model);
        print(set.name, &Figures::of(&outcomes));
        print("  BM25F", &Bm25F::best(set));
        if let Some(figures) = fzf(set) {
            print("  fzf", &figures);
        }
        all.extend(outcomes);
    }
    all
}

/// The figures of `fzf --filter` over the same documents, one per line; `None` where it is not installed.
fn fzf(set: &QuerySet) -> Option<Figures> {
    let directory = set.load();
    let index = Bm25F::new(&directory);
    let lines: String = index.lines().map(|line| line + "\n").collect();
    let outcomes: Option<Vec<Outcome>> = set
        .queries()
        .map(|query| {
            let mut fzf = Command::new("fzf")
                .args(["-i", "--filter", &query.q])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .ok()?;
            fzf.stdin.take()?.write_all(lines.as_bytes()).ok()?;
            let found = fzf.wait_with_output().ok()?;
            let found = String::from_utf8_lossy(&found.stdout);
            let targets = found.lines().filter_map(|line| line.rsplit('\t').next()).map(str::to_owned).collect();
            Some(Outcome::of_peer(query, targets, true))
        })
        .collect();
    outcomes.map(|outcomes| Figures::of(&outcomes))
}

/// A part of the search: its name, how to do without it, and the signals that then say nothing.
type Part = (&'static str, fn(&mut Weights), &'static [&'static str]);

/// Prints what the search reaches without each of its parts.
fn ablation() {
    let parts: [Part; 12] = [
        ("everything", |_| {}, &[]),
        ("no meaning", |weights| (weights.meaning, weights.words_suffice) = (0.0, 0.0), &[]),
        ("no translation", |weights| weights.translation = 0.0, &[]),
        (
            "no everyday English",
            |weights| {
                (weights.everyday_synonym, weights.everyday_synonym_of_known) = (0.0, 0.0);
            },
            &[],
        ),
        ("no negation", |weights| weights.unwanted = 0.0, &[]),
        ("no path in phrases", |weights| weights.title_with_path = 0.0, &[]),
        (
            "no fields",
            |weights| {
                flatten(&mut [
                    &mut weights.title,
                    &mut weights.title_with_path,
                    &mut weights.need,
                    &mut weights.alias,
                    &mut weights.service,
                    &mut weights.role,
                    &mut weights.audience,
                    &mut weights.path,
                    &mut weights.note,
                ])
            },
            &[],
        ),
        (
            "no kinds of entries",
            |weights| {
                flatten(&mut [
                    &mut weights.line_with_menu,
                    &mut weights.line_with_one_option,
                    &mut weights.no_target,
                    &mut weights.no_hours,
                    &mut weights.no_channel,
                    &mut weights.no_phone,
                ])
            },
            &[],
        ),
        (
            "no similarity",
            |weights| {
                flatten(&mut [
                    &mut weights.stem,
                    &mut weights.distant_stem,
                    &mut weights.prefix,
                    &mut weights.split,
                    &mut weights.joined,
                    &mut weights.typo,
                    &mut weights.fuzzy,
                ])
            },
            &[],
        ),
        ("no best phrase", |weights| (weights.all_words, weights.best_phrase) = (1.0, 0.0), &[]),
        ("no rivals in trust", |_| {}, &["lead", "rivalry", "closeness_lead"]),
        (
            "no words in trust",
            |_| {},
            &["fit", "typed", "together", "together_per_word", "anywhere", "unknown", "reworded", "unknown_in_short"],
        ),
    ];
    let names: Vec<&str> = SETS.iter().map(|set| set.name).collect();
    println!("{HEADER}   right by set: {}", names.join(" "));
    for (name, change, unused) in parts {
        let mut weights = Weights::default();
        change(&mut weights);
        let examples = Examples::collect(&weights);
        let run = |set: &QuerySet| {
            let model = examples.fit(Some(set.directory), unused);
            set.run(weights.clone(), model)
        };
        let outcomes: Vec<Vec<Outcome>> = SETS.iter().map(run).collect();
        print(name, &Figures::of(outcomes.iter().flatten()));
        let by_set: Vec<String> = outcomes.iter().map(|set| format!("{:.3}", Figures::of(set).right)).collect();
        println!("{:69}{}", "", by_set.join(" "));
    }
}

/// Makes factors equal.
fn flatten(factors: &mut [&mut f32]) {
    factors.iter_mut().for_each(|factor| **factor = 1.0);
}

fn print(name: &str, figures: &Figures) {
    let Figures { count, right, first, three, mrr, wrong, hidden, ece } = figures;
    println!(
        "{name:16} {count:5}   {right:.3}   {first:.3}   {three:.3}   {mrr:.3}   {wrong:.3}   {hidden:.3}   {ece:.3}"
    );
}

/// A model as the text of its file.
fn written(model: &TrustModel) -> String {
    let mut text = format!(
        "# The model that judges results; see `src/search/trust.rs`. Written by `cargo bench --bench relevance -- --fit`.\n\
         threshold {}\nbias {:.4}\n",
        model.threshold, model.bias
    );
    for (name, weight) in Signals::NAMES.iter().zip(&model.weights) {
        let _ = writeln!(text, "{name} {weight:.4}");
    }
    text
}
