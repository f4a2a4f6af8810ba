//! Checks and repairs of text: characters that a terminal may interpret, suggestions for misspelt words, excerpts.

use std::borrow::Cow;

/// The first character of a text that a terminal may interpret, if any.
pub(super) fn first_control(text: &str) -> Option<char> {
    // Nearly every text is printable ASCII, which this recognises faster than the search by character.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.chars().find(|c| is_control_like(*c))
}

/// Whether a terminal may interpret a character rather than show it: a control character, a line or paragraph
/// separator, or a mark that changes the direction of text (the Unicode property Bidi_Control).
pub fn is_control_like(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first character of a text that no one can see although it changes what the text is: a space without a width, a
/// word joiner, a byte order mark, or a tag, with which texts can be hidden.
pub(super) fn first_invisible(text: &str) -> Option<char> {
    let is_invisible =
        |c: char| matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    if text.is_ascii() { None } else { text.chars().find(|c| is_invisible(*c)) }
}

/// Replaces every character that a terminal may interpret with U+FFFD.
pub fn sanitized(text: &str) -> Cow<'_, str> {
    match first_control(text) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace(is_control_like, "\u{fffd}")),
    }
}

/// The longest word, in bytes, that gets a suggestion. Comparing two words takes time proportional to the product of
/// their lengths.
const MAX_COMPARED_LEN: usize = 64;

/// The known word most similar to a word, if it is similar enough to be what the user meant to type.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let max_typos = |candidate: &str| 1 + candidate.len().min(word.len()) / 4;
    let is_comparable = |candidate: &str| {
        word.len() <= MAX_COMPARED_LEN && candidate.len().abs_diff(word.len()) <= 4 * max_typos(candidate)
    };
    known
        .into_iter()
        .filter(|candidate| is_comparable(candidate))
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= max_typos(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The first 20 characters of the first line of a text, sanitized for display.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let start: String = line.chars().take(20).collect();
    let start = sanitized(&start);
    if start.len() < text.len() { format!("{start} ...") } else { start.into_owned() }
}

/// The byte offset at which a slice of a text begins; `None` for a slice of another text.
pub(super) fn offset(source: &str, slice: &str) -> Option<usize> {
    let offset = (slice.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    (offset <= source.len()).then_some(offset)
}
