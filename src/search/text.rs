//! Splits text into words and normalises them, for the index and for queries alike.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Sorted. Words that name channels ("call") or roles ("broker") are not stop words: they say what is wanted.
const STOP_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "anybody", "anyone", "are", "as", "ask",
    "asking", "asks", "at", "be", "been", "before", "being", "but", "by", "can", "cannot", "com", "could", "d", "did",
    "didn", "do", "does", "doesn", "doing", "don", "find", "for", "from", "get", "gets", "getting", "give", "go",
    "goes", "going", "got", "gov", "had", "has", "hasn", "have", "haven", "having", "he", "hello", "help", "her",
    "here", "hers", "hi", "him", "his", "how", "http", "https", "i", "if", "in", "into", "is", "isn", "it", "its",
    "just", "know", "like", "ll", "m", "may", "me", "might", "must", "my", "need", "needs", "of", "off", "on", "one",
    "onto", "or", "org", "our", "ours", "out", "over", "please", "re", "s", "said", "say", "says", "shall", "she",
    "should", "so", "some", "somebody", "someone", "t", "tell", "than", "thank", "thanks", "that", "the", "their",
    "theirs", "them", "then", "there", "these", "they", "thing", "this", "those", "to", "told", "too", "up", "us",
    "ve", "very", "want", "wants", "was", "wasn", "we", "were", "what", "when", "where", "whether", "which", "while",
    "who", "whom", "whose", "why", "will", "with", "won", "would", "www", "you", "your", "yours",
];

/// Whether a word carries no information in a query.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// A word as it is compared: lower case, compatibility decomposed (NFKD), without combining marks.
pub(super) fn folded(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    Cow::Owned(word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect())
}

/// The words of a text: runs of letters and digits with their combining marks, and a point between digits, as in the
/// numbers of statutes.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !is_word_char(c));
        let mut before = None;
        let end = rest.char_indices().find(|(i, c)| {
            let is_point = *c == '.' && is_digit(before) && is_digit(rest[i + 1..].chars().next());
            before = Some(*c);
            !is_word_char(*c) && !is_point
        });
        let (word, after) = rest.split_at(end.map_or(rest.len(), |(i, _)| i));
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Stems words, so that `renewals`, `renewal` and `renewing` are one.
pub(super) struct EnglishStemmer(Stemmer);

impl EnglishStemmer {
    pub(super) fn new() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }

    pub(super) fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.0.stem(word)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn folding_removes_case_accents_and_width() {
        assert_eq!(folded("Ｃａｆé\u{301}"), "cafe");
    }

    #[test]
    fn words_keep_points_between_digits() {
        assert_eq!(
            words("client's e-mail, 24/7, 1367.6.").collect::<Vec<_>>(),
            ["client", "s", "e", "mail", "24", "7", "1367.6"]
        );
    }
}
