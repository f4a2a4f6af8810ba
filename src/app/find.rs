//! The find box: what is typed, the results, and the results opened before.

use tui_input::Input;

use super::cursor::{CardScroll, Cursor};
use crate::directory::AudienceId;
use crate::search::{NotListed, SearchResult, SearchResults};

/// How the find box was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opened {
    /// By its key. It stays open without a query, and shows recent results.
    #[default]
    Empty,
    /// By the first character of a query. It closes when the query is deleted.
    Typed,
}

/// Why a result is listed in an empty find box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It is pinned.
    Pinned,
    /// It is the best answer to a common need, in these words.
    Common(String),
    /// It was opened before.
    Recent,
}

/// The find box and its results.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// The query.
    pub input: Input,
    pub(super) opened: Opened,
    /// The audience that the results are for; `None` for everyone.
    pub audience: Option<AudienceId>,
    /// The query as the same keys type it on a US keyboard, if that is what the results are for.
    pub retyped: Option<String>,
    /// The results, best first: those for the audience, then those for others; what is listed while the query is
    /// empty.
    pub results: Vec<SearchResult>,
    /// Why each of the results is listed, while the query is empty.
    pub listed: Vec<Listed>,
    /// The number of first results that match equally well, each for a different audience.
    pub by_audience: usize,
    /// The index of the first result that is better but outside the audience. A line above it separates them.
    pub outside: Option<usize>,
    /// What is searched for, if a directory says that it does not have it.
    pub elsewhere: Option<NotListed>,
    /// Whether the query asks for opening hours.
    pub asks_hours: bool,
    /// The selected result, and the first visible row.
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

    /// Takes new results, and better ones outside the audience.
    pub(super) fn set_results(&mut self, found: SearchResults, outside: Vec<SearchResult>) {
        (self.results, self.listed) = (found.results, Vec::new());
        self.by_audience = found.by_audience;
        self.elsewhere = found.elsewhere;
        self.asks_hours = found.asks_hours;
        self.outside = (!outside.is_empty()).then_some(self.results.len());
        self.results.extend(outside);
        self.cursor = Cursor::default();
    }

    /// Takes what is listed while the query is empty.
    pub(super) fn set_listed(&mut self, listed: Vec<(SearchResult, Listed)>) {
        let (results, listed) = listed.into_iter().unzip();
        self.set_results(SearchResults { results, ..SearchResults::default() }, Vec::new());
        self.listed = listed;
    }

    /// Whether nothing for the audience fits the query.
    pub fn fits_nothing(&self) -> bool {
        let inside = &self.results[..self.outside.unwrap_or(self.results.len())];
        !self.is_empty() && inside.first().is_none_or(|first| first.weak)
    }

    /// The row of a result in the list, in which a line separates the results outside the audience.
    pub fn row(&self, index: usize) -> usize {
        index + usize::from(self.outside.is_some_and(|outside| index >= outside))
    }

    /// The number of rows of the list.
    pub fn row_count(&self) -> usize {
        self.row(self.results.len())
    }

    /// The result in a row of the list.
    pub(super) fn at_row(&self, row: usize) -> Option<usize> {
        (0..self.results.len()).find(|index| self.row(*index) == row)
    }

    /// Scrolls so that the selected result is visible.
    pub(super) fn follow(&mut self, visible: usize) {
        let mut rows = Cursor { selected: self.row(self.cursor.selected), top: self.cursor.top };
        rows.follow(self.row_count(), visible);
        // The line above the first result outside is shown with it.
        let is_first = self.outside == Some(self.cursor.selected) && rows.top == rows.selected && visible > 1;
        self.cursor.top = rows.top - usize::from(is_first);
        self.cursor.selected = self.cursor.selected.min(self.results.len().saturating_sub(1));
    }
}
