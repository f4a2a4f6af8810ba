//! Puts search results into words: how well they fit, and why they were found.

use crate::search::{MatchKind, Reason};

/// There are no results.
pub const NOTHING_FITS: &str = "Nothing fits. Try another word.";

/// The result lacks the channel that the query asks for.
pub const LACKS_CHANNEL: &str = "the channel you asked for is not listed";

/// How a word was understood, in words: `payout means commission`.
fn words(reason: &Reason) -> String {
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
pub fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(words).collect::<Vec<_>>().join("; ")
}
