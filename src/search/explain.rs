//! Explains a result: how each typed word was understood, or else which name or need means nearly the same; which words
//! say what is not wanted; and which characters of the title the query matches.
//!
//! Runs only for the results that are returned, so it repeats the matching of the query against one document rather
//! than making the scoring of all documents record it.

use super::channel::kind_named;
use super::inverted_index::InvertedIndex;
use super::lexicon::{self, Candidate};
use super::parsed_query::{ParsedQuery, Term, TermRole};
use super::rank::Ranked;
use super::text::{folded, is_stop_word, words};
use super::{MatchKind, Reason};

/// How each term of a query was understood in a document, in the order typed; if none was, the name or need that is
/// closest in meaning.
pub(super) fn reasons(query: &ParsedQuery, index: &InvertedIndex, ranked: &Ranked) -> Vec<Reason> {
    let document = ranked.document;
    if let Some(number) = &query.number {
        let own = number.matches.iter().filter(|matched| matched.owner.document == document);
        return own
            .map(|matched| Reason {
                typed: number.typed.clone(),
                matched: format!("+{}", matched.text),
                kind: MatchKind::Lookup,
            })
            .collect();
    }
    let terms = query.terms.iter().filter(|term| term.role != TermRole::Filler);
    let mut reasons: Vec<Reason> = terms.flat_map(|term| term_reasons(term, index, document)).collect();
    if reasons.is_empty() && ranked.evidence.closeness.is_some_and(|closeness| closeness > 0.0) {
        let words = index.phrases.get(ranked.evidence.closest).map(|phrase| index.words(phrase)).unwrap_or_default();
        let matched = words.iter().map(|word| index.lexicon.text(*word)).collect::<Vec<_>>().join(" ");
        reasons.push(Reason { typed: query.content.join(" "), matched, kind: MatchKind::Meaning });
    }
    reasons
}

/// The words for what a query says that it is not about.
pub(super) fn unwanted(query: &ParsedQuery, index: &InvertedIndex) -> Vec<String> {
    let terms = query.unwanted.iter().flat_map(|unwanted| &unwanted.terms);
    let says = |term: &&Term| term.role != TermRole::Filler || kind_named(&index.lexicon.stem(&term.typed)).is_some();
    terms.filter(says).map(|term| term.typed.clone()).collect()
}

/// What the best expansion of a term has in common with a document; none where the document has none of it.
fn term_reasons(term: &Term, index: &InvertedIndex, document: usize) -> Vec<Reason> {
    let reason = |typed: &str, matched: String, kind| Reason { typed: typed.to_owned(), matched, kind };
    if let Some(matched) = term.addresses.iter().find(|matched| matched.owner.document == document) {
        return vec![reason(&term.typed, matched.text.clone(), MatchKind::Lookup)];
    }
    let Ok(document) = u32::try_from(document) else { return Vec::new() };
    let mut best = (0.0, Vec::new());
    for expansion in &term.expansions {
        let mut sum = 0.0;
        let mut reasons: Vec<Reason> = Vec::new();
        for (i, part) in expansion.parts.iter().enumerate() {
            // The most similar candidates come first.
            let score = |candidate: &Candidate| candidate.similarity * index.weight(candidate.word, document);
            let found = part.iter().map(|candidate| (candidate, score(candidate))).find(|(_, score)| *score > 0.0);
            let Some((candidate, score)) = found else { continue };
            sum += expansion.confidence * score / expansion.parts.len() as f32;
            let (matched, kind) = (index.lexicon.text(candidate.word), expansion.kind.unwrap_or(candidate.kind));
            match (expansion.typed.get(i), reasons.last_mut()) {
                // Each typed word for itself: the document may lack some.
                (Some(typed), _) if is_stop_word(typed) => {}
                (Some(typed), _) => reasons.push(reason(typed, matched.to_owned(), kind)),
                (None, None) => reasons.push(reason(&term.typed, matched.to_owned(), kind)),
                (None, Some(whole)) => whole.matched = format!("{} {matched}", whole.matched),
            }
        }
        if sum > best.0 {
            best = (sum, reasons);
        }
    }
    best.1.iter_mut().filter(|reason| is_spoken(reason)).for_each(|reason| reason.kind = MatchKind::Spoken);
    best.1
}

/// Whether a word that matches exactly was not typed as it is written: `t t y`.
fn is_spoken(reason: &Reason) -> bool {
    let is_typed = |word: &str| reason.typed.split(' ').any(|typed| typed == word);
    reason.kind == MatchKind::Exact && !reason.matched.split(' ').any(is_typed)
}

/// The indices of the characters of a title that a query matches, in order.
pub(super) fn marks(query: &ParsedQuery, index: &InvertedIndex, title: &str) -> Vec<usize> {
    let mut marks = Vec::new();
    for word in words(title) {
        let start = title[..word.as_ptr() as usize - title.as_ptr() as usize].chars().count();
        let length = word.chars().count();
        let text = folded(word);
        let Some(id) = index.lexicon.id(&text) else { continue };
        for term in &query.terms {
            let kinds = term.expansions.iter().flat_map(|expansion| {
                let candidates = expansion.parts.iter().flatten().filter(|candidate| candidate.word == id);
                candidates.map(|candidate| {
                    (candidate.similarity * expansion.confidence, expansion.kind.unwrap_or(candidate.kind))
                })
            });
            let Some((_, kind)) = kinds.max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let matched = match kind {
                MatchKind::Prefix | MatchKind::Fuzzy => lexicon::marks(&text, &term.typed),
                _ => (0..length).collect(),
            };
            // Folding can lengthen a word: `ﬁ` is one character of the title and two of the folded word.
            marks.extend(matched.into_iter().filter(|i| *i < length).map(|i| start + i));
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}
