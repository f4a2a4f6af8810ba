//! Puts search results into words: how well they fit, and why they were found.

use crate::search::{MatchKind, Reason};

/// There are no results.
pub const NO_MATCH: &str = "No match; try other words";

/// All results are weak.
pub const NO_GOOD_MATCH: &str = "no good match";

/// The result lacks the channel that the query asks for.
pub const LACKS_CHANNEL: &str = "the channel you asked for is not listed";

/// The first results are equally good, each for other audiences.
pub fn equal_matches(count: usize) -> String {
    format!("{count} best matches, for different audiences")
}

/// What a typed word is to the word of the directory.
fn relation(kind: MatchKind) -> &'static str {
    match kind {
        MatchKind::Exact | MatchKind::Split => "spelling of",
        MatchKind::Stem => "form of",
        MatchKind::Prefix => "start of",
        MatchKind::Synonym => "synonym of",
        MatchKind::Typo => "typo of",
        MatchKind::Fuzzy => "abbreviation of",
        MatchKind::Lookup => "part of",
    }
}

/// How words were understood, where they are not the words of the directory: `payout: synonym of commission`.
pub fn reasons(reasons: &[Reason]) -> impl Iterator<Item = String> {
    let words = |Reason { typed, matched, kind }: &Reason| format!("{typed}: {} {matched}", relation(*kind));
    reasons.iter().filter(|reason| reason.typed != reason.matched).map(words)
}
