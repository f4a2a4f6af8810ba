//! Puts search results into words: how well they fit, and why they were found.

use crate::directory::{Directory, EntryId};
use crate::search::{MatchKind, Reason, SearchResult};

/// What to do where nothing is typed.
pub const TYPE_A_NEED: &str = "Type what the caller needs, in their words";

/// There are no results.
pub const NO_MATCH: &str = "No match; try other words";

/// All results are weak.
pub const NO_GOOD_MATCH: &str = "no good match";

/// The sign of a weak result, and what it means.
pub const WEAK_MATCH: &str = "? weak match";

/// Nothing for the audience fits, but the result answers any question of it.
pub const GENERAL_LINE: &str = "no good match; takes all questions";

/// What an entry lists among its services if it answers any question of its audiences.
const ALL_QUESTIONS: &str = "all questions";

/// Whether an entry answers any question of its audiences, as its services say.
pub fn is_general(directory: &Directory, id: EntryId) -> bool {
    let services = directory.details(id).map_or(&[][..], |details| &details.services);
    services.iter().any(|service| service.eq_ignore_ascii_case(ALL_QUESTIONS))
}

/// The query is in the letters of another keyboard: `as on a US keyboard: commission`.
pub fn retyped(text: &str) -> String {
    format!("as on a US keyboard: {text}")
}

/// The result lacks the channel that the query asks for.
pub const LACKS_CHANNEL: &str = "the channel you asked for is not listed";

/// Results that are equally good, each for other audiences or of another directory.
pub fn equal_matches(results: &[SearchResult]) -> String {
    let mut neighbours = results.iter().zip(results.iter().skip(1));
    let is_of_several = neighbours.any(|(one, next)| one.id.directory != next.id.directory);
    let whose = if is_of_several { "of different directories" } else { "for different audiences" };
    format!("{} best matches, {whose}", results.len())
}

/// What a query asks for is known not to be listed: `"parking ticket" is not listed here: City Hall, 555-0100`.
pub fn not_listed(phrase: &str, note: Option<&str>) -> String {
    let note = note.map_or_else(String::new, |note| format!(": {note}"));
    format!("\"{phrase}\" is not listed here{note}")
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
        MatchKind::Spoken => "spoken form of",
        MatchKind::Translation => "translation of",
        MatchKind::Meaning => "close in meaning to",
    }
}

/// How words were understood, where they are not the words of the directory: `payout: synonym of commission`,
/// `suitcase gone: close in meaning to "lost baggage"`.
pub fn reasons(reasons: &[Reason]) -> impl Iterator<Item = String> {
    let words = |Reason { typed, matched, kind }: &Reason| {
        let quote = if *kind == MatchKind::Meaning { "\"" } else { "" };
        format!("{typed}: {} {quote}{matched}{quote}", relation(*kind))
    };
    reasons.iter().filter(|reason| reason.typed != reason.matched).map(words)
}
