//! Words as they are compared, and their letters.

pub(super) use crate::directory::words::{EnglishStemmer, folded, is_stop_word, words};

/// The letters and digits of a word as a bit set, with one bit for all other characters. Words whose sets differ much
/// cannot be similar, and comparing sets is much faster than computing an edit distance.
pub(super) fn letters(word: &str) -> u64 {
    word.bytes().fold(0, |set, byte| {
        set | match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + byte - b'0'),
            _ => 1 << 36,
        }
    })
}
