//! Bytes and texts of the input: their encoding, and what must not come out again.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::directory::text::sanitized;

/// The longest text that a remark quotes, in characters.
const MAX_QUOTED_LEN: usize = 120;

/// The text of a file, and the name of its encoding: that of its byte order mark, else UTF-8, else Windows-1252, of
/// which every byte is a character. `None` where the bytes are no text.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    let (encoding, mark_len) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let bytes = bytes.get(mark_len..)?;
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let (text, encoding) = match decoded {
        Some(text) => (text, encoding),
        None if mark_len > 0 => return None,
        None => (WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252),
    };
    // A NUL is in no text, and in nearly every other file.
    (!text.contains('\0')).then(|| (text.into_owned(), encoding.name()))
}

/// A text in one line without the characters that a terminal may interpret.
pub(super) fn clean(text: &str) -> String {
    let lines = text.split(|c: char| c.is_control() && c.is_whitespace()).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    sanitized(&lines.join(" ")).into_owned()
}

/// The start of a text, to be quoted.
pub(super) fn quoted(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(MAX_QUOTED_LEN) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text,
    }
}

/// A text as the words of an id: `Claims & benefits` becomes `claims-benefits`. Empty where it has no Latin letter or
/// digit.
pub(super) fn slug(text: &str) -> String {
    words(text).iter().map(|word| word.replace(|c: char| !c.is_ascii_alphanumeric(), "")).fold(
        String::new(),
        |slug, word| match (slug.as_str(), word.as_str()) {
            (_, "") => slug,
            ("", _) => word,
            _ => slug + "-" + &word,
        },
    )
}

/// The words of a text in lower case without accents.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_mark_else_utf_8_else_windows_1252() {
        for (bytes, text, encoding) in [
            (&b"Caf\xc3\xa9"[..], "Café", "UTF-8"),
            (b"\xef\xbb\xbfCaf\xc3\xa9", "Café", "UTF-8"),
            (b"\xff\xfeC\0a\0f\0\xe9\0", "Café", "UTF-16LE"),
            (b"\xfe\xff\0C\0a\0f\0\xe9", "Café", "UTF-16BE"),
            (b"Caf\xe9 \x80", "Café €", "windows-1252"),
            (b"", "", "UTF-8"),
        ] {
            assert_eq!(decode(bytes), Some((text.to_owned(), encoding)));
        }
        assert_eq!(decode(b"\x7fELF\0\0\xff"), None);
        assert_eq!(decode(b"\xff\xfe\0\xd8"), None, "half of a character");
    }

    #[test]
    fn texts_come_out_in_one_line_without_control_characters() {
        assert_eq!(clean(" a\r\n\tb \u{1b}[31m\u{202e}c"), "a b \u{fffd}[31m\u{fffd}c");
        assert_eq!(slug("  Räte & Tiere, 2. Stock "), "rate-tiere-2-stock");
        assert_eq!(slug("窓口"), "");
    }
}
