//! Entries as text for other programs and for print: cards, plain lines, JSON, CSV, vCard. Pure: the frontend that
//! prints them decides where they go. Everything is rendered from the cards of the `present` layer.

mod cards;
mod csv;
mod json;
mod plain;
mod qr;
mod record;
mod tree;
mod vcard;

pub use cards::{ColorMode, Reader, cards, notices, painted, show};
pub use csv::csv;
pub use json::{
    Checked, Complaint, json, json_of_check, json_of_directory, json_of_entries, json_of_notices, json_of_tree,
};
pub use plain::{plain, plain_of, plain_of_notices, plain_of_tree};
pub use qr::qr;
pub use tree::tree;
pub use vcard::vcards;

use crate::search::{MatchKind, Reason};

/// How a word was understood, in words: `payout means commission`.
fn reason(reason: &Reason) -> String {
    let Reason { typed, matched, kind } = reason;
    match kind {
        MatchKind::Exact | MatchKind::Split => format!("{typed} is {matched}"),
        MatchKind::Stem => format!("{typed} is a form of {matched}"),
        MatchKind::Prefix => format!("{typed} begins {matched}"),
        MatchKind::Synonym => format!("{typed} means {matched}"),
        MatchKind::Typo => format!("{typed} is nearly {matched}"),
        MatchKind::Fuzzy => format!("{typed} is short for {matched}"),
        MatchKind::Lookup => format!("part of {matched}"),
    }
}

/// The reasons of a result in one line.
fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(reason).collect::<Vec<_>>().join("; ")
}
