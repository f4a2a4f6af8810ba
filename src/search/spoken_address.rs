//! Puts addresses that were dictated as they are written: "brokers at health net dot com" is brokers@healthnet.com.

use super::inverted_index::InvertedIndex;
use super::lookup::find_address;

/// The words that end a dictated address.
const DOMAINS: &[&str] = &["com", "edu", "gov", "net", "org"];
/// The maximum number of words that one word of an address is said as.
const MAX_PART_WORDS: usize = 4;

/// A text in which an address that was dictated is written, if the catalog has it.
pub(super) fn with_written_address(text: &str, index: &InvertedIndex) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split_whitespace().map(|word| word.trim_end_matches(|c: char| c.is_ascii_punctuation())).collect();
    let end = words.windows(2).position(|pair| pair[0] == "dot" && DOMAINS.contains(&pair[1]))?;
    // Not a part of a word: "e dot com".
    let is_known =
        |address: &str| find_address(address, index).iter().any(|found| found.fit > index.weights.address_infix);
    // The longest first.
    for start in end.saturating_sub(MAX_PART_WORDS)..end {
        let domain = written(&words[start..end]) + "." + words[end + 1];
        if !is_known(&domain) {
            continue;
        }
        let local_end = start.checked_sub(1).filter(|at| words[*at] == "at");
        let locals = local_end.into_iter().flat_map(|at| (at.saturating_sub(MAX_PART_WORDS)..at).map(move |i| (i, at)));
        let emails = locals.map(|(i, at)| (i, format!("{}@{domain}", written(&words[i..at]))));
        let (start, address) = match local_end {
            // Every address has the domain, but only one is meant.
            Some(_) => emails.into_iter().find(|(_, email)| is_known(email))?,
            None => (start, domain.clone()),
        };
        return Some([&words[..start], &[&*address], &words[end + 2..]].concat().join(" "));
    }
    None
}

/// The words of a part of an address, as it is written.
fn written(words: &[&str]) -> String {
    let marks = |word: &&str| match *word {
        "dot" => ".".to_owned(),
        "dash" | "hyphen" => "-".to_owned(),
        "underscore" => "_".to_owned(),
        word => word.to_owned(),
    };
    words.iter().map(marks).collect()
}
