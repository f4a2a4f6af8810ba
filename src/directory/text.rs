//! What a text may hold.

use std::borrow::Cow;

/// The first character that a terminal might obey rather than show: a control character, a line or paragraph
/// separator, or a mark that turns the direction of the text (Unicode's Bidi_Control).
pub(super) fn forbidden(text: &str) -> Option<char> {
    // Nearly every text is plain ASCII, and that is quick to see.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.chars().find(|c| is_obeyed(*c))
}

/// Whether a terminal might obey a character rather than show it.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The longest word that is compared with others, in bytes: to compare takes as long as the product of two lengths.
const MAX_COMPARED: usize = 64;

/// The nearest of the known words, where one is near enough to be a slip of the fingers.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let slips = |candidate: &str| 1 + candidate.len().min(word.len()) / 4;
    known
        .into_iter()
        .filter(|candidate| word.len() <= MAX_COMPARED && candidate.len().abs_diff(word.len()) <= 4 * slips(candidate))
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= slips(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A text fit to be shown: what a terminal might obey is replaced.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| if forbidden(c.encode_utf8(&mut [0; 4])).is_some() { '\u{fffd}' } else { c };
    if forbidden(text).is_none() { Cow::Borrowed(text) } else { text.chars().map(harmless).collect() }
}

/// The start of a piece of the file, fit to be shown.
pub(super) fn excerpt(slice: &str) -> String {
    let line = slice.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(20).collect();
    let shown = harmless(&shown);
    if shown.len() < slice.len() { format!("{shown} ...") } else { shown.into_owned() }
}

/// The byte offset at which a slice of a text begins; `None` for a slice of another text.
pub(super) fn offset(source: &str, slice: &str) -> Option<usize> {
    let offset = (slice.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    (offset <= source.len()).then_some(offset)
}
