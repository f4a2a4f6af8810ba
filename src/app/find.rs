//! The find box: what was typed, what was found, and what was found before.

use tui_input::Input;

use super::tree::{Cursor, Section};
use super::{App, Overlay};
use crate::directory::EntryId;
use crate::search::{Query, SearchResult, SearchResults};

/// The lines above the answers: what is typed, and what is to be said about the answers.
pub const FIND_HEAD: usize = 2;
/// As many answers as a search shows.
const MAX_HITS: usize = 50;
/// As many finds as are remembered while the program runs.
const MAX_RECENT: usize = 9;
/// An answer outside the searched audience comes first when its score is so many times that of the best inside.
const FAR_BETTER: f32 = 1.6;
/// Answers whose scores, of 1, differ by less keep their order while one types on.
const NEAR: f32 = 0.03;

/// The find box and what was found.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// What was typed.
    pub input: Input,
    /// The only audience that is searched, in `Directory::audiences`.
    pub audience: Option<usize>,
    /// The answers, best first; the recent ones while nothing is typed.
    pub hits: Vec<SearchResult>,
    /// How many of the first are as good as each other, each for other audiences.
    pub by_audience: usize,
    /// The one of the hits that is better, but not for the audience that is searched.
    pub outside: Option<usize>,
    /// Where the user stands in them.
    pub cursor: Cursor,
    pub(super) card_top_before: usize,
}

impl Find {
    /// The hit the user stands on.
    pub fn hit(&self) -> Option<&SearchResult> {
        self.hits.get(self.cursor.selected)
    }

    /// Whether nothing has been typed, so that the hits are recent ones.
    pub fn is_empty(&self) -> bool {
        self.input.value().trim().is_empty()
    }

    /// Takes what was found, in an order that does not jump while one types on.
    fn take(&mut self, found: SearchResults, before: &[EntryId]) {
        self.hits = found.hits;
        let place = |hit: &SearchResult| before.iter().position(|answer| *answer == hit.answer).unwrap_or(usize::MAX);
        for end in 1..self.hits.len() {
            let jumps = |pair: &[SearchResult]| {
                pair[0].weak == pair[1].weak
                    && pair[0].score - pair[1].score < NEAR
                    && place(&pair[1]) < place(&pair[0])
            };
            let mut here = end;
            while here > 0 && jumps(&self.hits[here - 1..=here]) {
                self.hits.swap(here - 1, here);
                here -= 1;
            }
        }
        self.by_audience = found.by_audience;
        self.outside = found.outside.map(|outside| {
            let is_far_better = |first: &SearchResult| first.weak || outside.score > first.score * FAR_BETTER;
            let place = if self.hits.first().is_none_or(is_far_better) { 0 } else { self.hits.len() };
            self.hits.insert(place, outside);
            place
        });
        self.cursor = Cursor::default();
    }
}

impl App {
    /// Opens the find box. Whoever has chosen an audience searches there; else everywhere.
    pub(super) fn open_find(&mut self) {
        let find = Find { audience: self.chosen, card_top_before: self.card_top, ..Find::default() };
        self.over = Some(Overlay::Find(find));
        self.search();
    }

    /// Takes the audience whose section the user goes into as chosen.
    pub(super) fn choose_audience(&mut self) {
        self.chosen = match self.tree.section() {
            Section::Audience(audience) => Some(audience),
            _ => None,
        };
    }

    /// Searches the chosen audience only, or again all of them.
    pub(super) fn narrow(&mut self) {
        let Some(Overlay::Find(find)) = &mut self.over else { return };
        match (find.audience, self.chosen) {
            (None, None) => self.message = Some("No audience is chosen; all are searched".into()),
            (None, chosen) => find.audience = chosen,
            (Some(_), _) => find.audience = None,
        }
        // What was first for one audience is no guide to all.
        find.hits.clear();
        self.search();
    }

    /// Searches for what is in the box.
    pub(super) fn search(&mut self) {
        let Some(Overlay::Find(find)) = &mut self.over else { return };
        let before: Vec<EntryId> = find.hits.iter().map(|hit| hit.answer).collect();
        let found = if find.is_empty() {
            SearchResults { hits: self.recent.clone(), ..SearchResults::default() }
        } else {
            let question = Query { need: find.input.value(), audience: find.audience, most: MAX_HITS };
            self.index.find(&question)
        };
        find.take(found, &before);
        self.card_top = 0;
    }

    /// Remembers the hit that the user goes to.
    pub(super) fn remember(&mut self, hit: &SearchResult) {
        self.recent.retain(|recent| recent.answer != hit.answer);
        let plain = SearchResult { marks: Vec::new(), why: Vec::new(), weak: false, ..hit.clone() };
        self.recent.insert(0, plain);
        self.recent.truncate(MAX_RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(place: usize, score: f32) -> SearchResult {
        let answer = EntryId::Contact(place);
        SearchResult {
            answer,
            channel: None,
            score,
            weak: false,
            lacks_channel: false,
            marks: Vec::new(),
            why: Vec::new(),
        }
    }

    #[test]
    fn only_answers_that_are_nearly_as_good_keep_their_order() {
        let before = [EntryId::Contact(1), EntryId::Contact(0), EntryId::Contact(2)];
        let mut find = Find::default();
        let hits = vec![hit(0, 0.80), hit(1, 0.79), hit(3, 0.78), hit(2, 0.50)];
        find.take(SearchResults { hits, ..SearchResults::default() }, &before);
        let order: Vec<EntryId> = find.hits.iter().map(|hit| hit.answer).collect();
        assert_eq!(order, [1, 0, 3, 2].map(EntryId::Contact));
    }
}
