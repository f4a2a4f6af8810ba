//! The find box: what is typed, the results, and the results opened before.

use tui_input::Input;

use super::cursor::{CardScroll, Cursor};
use crate::directory::{AudienceId, EntryId};
use crate::search::{SearchResult, SearchResults};

/// The lines above the results: the query, and a remark on the results.
pub const FIND_HEAD: usize = 2;
/// The longest query, in characters.
const MAX_QUERY_LEN: usize = 200;

/// The find box and its results.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// The query.
    pub input: Input,
    /// The only audience that is searched.
    pub audience: Option<AudienceId>,
    /// The results, best first; the recent ones while the query is empty.
    pub results: Vec<SearchResult>,
    /// The number of first results that match equally well, each for a different audience.
    pub by_audience: usize,
    /// The index of the result that is better but outside the searched audience.
    pub outside: Option<usize>,
    /// The selected result.
    pub cursor: Cursor,
    /// The scroll position of the result's card.
    pub(super) card: CardScroll,
}

impl Find {
    /// The selected result.
    pub fn result(&self) -> Option<&SearchResult> {
        self.results.get(self.cursor.selected)
    }

    /// Whether nothing is typed, so that the results are recent ones.
    pub fn is_empty(&self) -> bool {
        self.input.value().trim().is_empty()
    }

    /// How many more characters the query can take.
    pub(super) fn free_len(&self) -> usize {
        MAX_QUERY_LEN.saturating_sub(self.input.value().chars().count())
    }

    /// Takes new results, in an order that does not jump while the query grows.
    pub(super) fn set_results(&mut self, found: SearchResults, before: &[EntryId], steady_score: f32) {
        self.results = found.results;
        let rank = |result: &SearchResult| before.iter().position(|id| *id == result.id).unwrap_or(usize::MAX);
        // An insertion sort: a result moves up past others that are nearly as good and were below it before.
        for end in 1..self.results.len() {
            let moves_up = |pair: &[SearchResult]| {
                pair[0].weak == pair[1].weak
                    && pair[0].score - pair[1].score < steady_score
                    && rank(&pair[1]) < rank(&pair[0])
            };
            let mut here = end;
            while here > 0 && moves_up(&self.results[here - 1..=here]) {
                self.results.swap(here - 1, here);
                here -= 1;
            }
        }
        self.by_audience = found.by_audience;
        self.outside = found.outside.map(|outside| {
            let index = if found.outside_leads { 0 } else { self.results.len() };
            self.results.insert(index, outside);
            index
        });
        self.cursor = Cursor::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Entry;

    fn id(contact: usize) -> EntryId {
        EntryId { directory: 0, entry: Entry::Contact(contact), channel: None }
    }

    fn result(contact: usize, score: f32) -> SearchResult {
        let (marks, reasons) = (Vec::new(), Vec::new());
        SearchResult { id: id(contact), score, weak: false, lacks_channel: false, marks, reasons }
    }

    #[test]
    fn only_results_that_are_nearly_as_good_keep_their_order() {
        let before = [id(1), id(0), id(2)];
        let mut find = Find::default();
        let results = vec![result(0, 0.80), result(1, 0.79), result(3, 0.78), result(2, 0.50)];
        find.set_results(SearchResults { results, ..SearchResults::default() }, &before, 0.03);
        let order: Vec<EntryId> = find.results.iter().map(|result| result.id).collect();
        assert_eq!(order, [1, 0, 3, 2].map(id));
    }
}
