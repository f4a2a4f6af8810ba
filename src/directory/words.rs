//! Splits text into words and normalises them, for the data, the search index and queries alike.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Sorted. Words that name channels ("call") or roles ("broker") are not stop words: they say what is wanted.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "about", "actually", "after", "again", "ain", "all", "already", "alright", "also", "although", "always", "am",
    "an", "and", "another", "any", "anybody", "anyone", "anything", "anyway", "apparently", "are", "aren", "arent",
    "around", "as", "ask", "asking", "asks", "at", "basically", "be", "became", "because", "become", "been", "before",
    "being", "believe", "bit", "both", "bring", "brought", "but", "by", "came", "can", "cannot", "cant", "com", "come",
    "cos", "could", "couldn", "couldnt", "cuz", "d", "dear", "did", "didn", "didnt", "do", "does", "doesn", "doesnt",
    "doing", "don", "done", "dont", "each", "either", "else", "erm", "even", "ever", "every", "everybody", "everyone",
    "everything", "finally", "find", "folks", "for", "from", "gave", "get", "gets", "getting", "give", "given", "go",
    "goes", "going", "gonna", "got", "gotta", "gov", "guess", "guy", "guys", "had", "hadn", "hadnt", "has", "hasn",
    "hasnt", "have", "haven", "havent", "having", "he", "hello", "help", "her", "here", "hers", "hey", "hi", "him",
    "his", "hmm", "honestly", "hopefully", "how", "however", "hows", "http", "https", "i", "if", "im", "in", "into",
    "is", "isn", "isnt", "it", "its", "itself", "ive", "just", "keep", "keeps", "kept", "kind", "kinda", "know", "lady",
    "let", "lets", "like", "literally", "little", "ll", "look", "looking", "lot", "lots", "m", "made", "make", "makes",
    "making", "many", "may", "maybe", "me", "mean", "might", "mine", "mm", "most", "much", "must", "my", "myself",
    "need", "needed", "needing", "needs", "never", "nobody", "nope", "nowhere", "obviously", "of", "off", "oh", "ok",
    "okay", "on", "one", "ones", "onto", "or", "org", "ought", "our", "ours", "out", "over", "perhaps", "please",
    "probably", "put", "quite", "re", "really", "regarding", "s", "said", "same", "say", "saying", "says", "seem",
    "seems", "sees", "shall", "she", "should", "shouldn", "shouldnt", "since", "so", "some", "somebody", "somehow",
    "someone", "something", "sort", "sorta", "speak", "speaking", "spoke", "still", "stuff", "such", "suppose",
    "supposed", "sure", "t", "take", "takes", "taking", "talk", "talked", "talking", "tell", "telling", "than", "thank",
    "thanks", "that", "thats", "the", "their", "theirs", "them", "themselves", "then", "there", "theres", "these",
    "they", "theyre", "theyve", "thing", "things", "think", "this", "those", "though", "thought", "through", "to",
    "told", "too", "tried", "tries", "try", "trying", "uh", "uhh", "um", "umm", "up", "upon", "us", "ve", "very",
    "wanna", "want", "wanted", "wanting", "wants", "was", "wasn", "wasnt", "way", "we", "well", "went", "were", "weren",
    "werent", "what", "whatever", "whats", "when", "where", "wheres", "whether", "which", "while", "who", "whoever",
    "whom", "whos", "whose", "why", "will", "with", "within", "won", "wondering", "wont", "would", "wouldn", "wouldnt",
    "www", "y", "yall", "yeah", "yep", "yes", "yet", "you", "your", "youre", "yours", "yourself", "youve",
];

/// Whether a word carries no information in a query.
pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// A word as it is compared: lower case, compatibility decomposed (NFKD), without combining marks.
pub(crate) fn folded(word: &str) -> Cow<'_, str> {
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
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
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
    c.is_alphanumeric() || !c.is_ascii() && is_combining_mark(c)
}

/// Stems words, so that `renewals`, `renewal` and `renewing` are one.
pub(crate) struct EnglishStemmer(Stemmer);

impl EnglishStemmer {
    pub(crate) fn new() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }

    pub(crate) fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.0.stem(word)
    }

    /// The stems of the folded words of a text that carry information.
    pub(crate) fn informative_stems(&self, text: &str) -> Vec<String> {
        let words = words(text).map(folded).filter(|word| !is_stop_word(word));
        words.map(|word| self.stem(&word).into_owned()).collect()
    }
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
