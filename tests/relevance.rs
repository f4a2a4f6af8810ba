//! The relevance of the search on query sets with judged results. `cargo bench --bench relevance` prints all figures.
//!
//! Each set is judged by a model that was fitted without its directory, and a right result that is marked weak does not
//! count as right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/relevance.rs"]
mod relevance;

use std::sync::LazyLock;

use dialtree::search::Weights;
use relevance::{Bm25F, Examples, Figures, OLDER_SETS, Outcome, QuerySet, SETS};

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| Examples::collect(&Weights::default()));

fn run(set: &QuerySet) -> Vec<Outcome> {
    let model = EXAMPLES.fit(Some(set.directory), &[]);
    set.run(Weights::default(), model)
}

/// Checks that at least the shares `right` and `first` of a set are right and right first, and at most `wrong` trusted
/// and wrong.
fn check(set: &QuerySet, right: f64, first: f64, wrong: f64) {
    let figures = Figures::of(&run(set));
    let is_reached = figures.right >= right && figures.first >= first && figures.wrong <= wrong;
    assert!(is_reached, "{}: {figures:?}", set.name);
}

fn set(name: &str) -> &'static QuerySet {
    relevance::all_sets().find(|set| set.name == name).unwrap()
}

#[test]
fn callers_of_the_built_in_directory() {
    check(set("calls"), 0.90, 0.93, 0.05);
}

/// Menus two and three levels deep, with labels only.
#[test]
fn an_airline() {
    check(set("airline"), 0.67, 0.76, 0.05);
}

#[test]
fn a_second_carrier() {
    check(set("carrier2"), 0.82, 0.90, 0.05);
}

/// Formal names, and no needs.
#[test]
fn a_motor_vehicle_department() {
    check(set("dmv"), 0.66, 0.83, 0.05);
}

#[test]
fn a_hospital() {
    check(set("hospital"), 0.69, 0.87, 0.05);
}

#[test]
fn queries_from_each_role() {
    check(set("dev"), 0.97, 0.99, 0.02);
    check(set("brokers"), 0.92, 0.98, 0.01);
    check(set("offices"), 0.92, 0.97, 0.02);
    check(set("everyone"), 0.93, 0.97, 0.02);
}

/// A city's services, with few needs and no synonyms of its own, and a bank with many needs for each contact.
#[test]
fn other_organisations() {
    check(set("city"), 0.77, 0.87, 0.03);
    check(set("bank"), 0.85, 0.88, 0.085);
}

/// Over all sets that the search was not written for: trust is deserved, rarely withheld, and the probability is true.
#[test]
fn trust_is_calibrated() {
    let outcomes: Vec<Outcome> = SETS.iter().flat_map(run).collect();
    let figures = Figures::of(&outcomes);
    let is_reached = figures.right >= 0.78
        && figures.first >= 0.86
        && figures.wrong <= 0.045
        && figures.hidden <= 0.12
        && figures.ece <= 0.07;
    assert!(is_reached, "{figures:?}");
}

/// The peer, with the constants and the threshold of trust that are best for the very set.
#[test]
fn every_set_beats_bm25f() {
    for set in SETS.iter().chain(&OLDER_SETS) {
        let (ours, best) = (Figures::of(&run(set)).right, Bm25F::best(set).right);
        assert!(ours > best, "{}: {ours:.3}, BM25F {best:.3}", set.name);
    }
}
