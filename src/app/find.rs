//! The find box: what is typed, the results, and the results opened before.

use tui_input::Input;

use super::cursor::{CardScroll, Cursor};
use crate::directory::AudienceId;
use crate::search::{NotListed, SearchResult, SearchResults};

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
    /// What is searched for, if a directory says that it does not have it.
    pub elsewhere: Option<NotListed>,
    /// Whether the query asks for opening hours.
    pub asks_hours: bool,
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

    /// Takes new results.
    pub(super) fn set_results(&mut self, found: SearchResults) {
        self.results = found.results;
        self.by_audience = found.by_audience;
        self.elsewhere = found.elsewhere;
        self.asks_hours = found.asks_hours;
        self.outside = found.outside.map(|outside| {
            let index = if found.outside_leads { 0 } else { self.results.len() };
            self.results.insert(index, outside);
            index
        });
        self.cursor = Cursor::default();
    }
}
