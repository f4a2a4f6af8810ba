//! The find box: what is typed, the results, and the results opened before.

use tui_input::Input;

use super::cursor::{CardScroll, Cursor};
use crate::directory::Scope;
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

/// A group of results with a heading. Results for the audience have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Pinned entries, while nothing is typed.
    Pinned,
    /// The answers to common needs, while nothing is typed.
    CommonNeeds,
    /// Entries that were opened before, while nothing is typed.
    Recent,
    /// Results outside the scope: better ones, or what is listed while nothing is typed.
    Outside,
}

/// The find box and its results.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// The query.
    pub input: Input,
    pub(super) opened: Opened,
    /// What is searched.
    pub scope: Scope,
    /// The query as the same keys type it on a US keyboard, if that is what the results are for.
    pub retyped: Option<String>,
    /// The results, best first: those for the audience, then those for others; what is listed while the query is
    /// empty.
    pub results: Vec<SearchResult>,
    /// The groups that have a heading, each with the index of its first result, in order. None is empty.
    pub groups: Vec<(usize, Group)>,
    /// The words of the common needs, in the order of their answers.
    pub(super) needs: Vec<String>,
    /// The number of first results that match equally well, each for a different audience.
    pub by_audience: usize,
    /// What is searched for, if a directory says that it does not have it.
    pub elsewhere: Option<NotListed>,
    /// Whether the query asks for opening hours.
    pub asks_hours: bool,
    /// The selected result, and the first visible row.
    pub cursor: Cursor,
    /// Whether the user has moved in the results since they last edited the query, so that they read the selected one.
    pub is_in_results: bool,
    /// The scroll position of the result's card.
    pub(super) card: CardScroll,
}

impl Find {
    /// The selected result.
    pub fn result(&self) -> Option<&SearchResult> {
        self.results.get(self.cursor.selected)
    }

    /// Whether nothing is typed, so that the results are pinned ones, answers to common needs and recent ones.
    pub fn is_empty(&self) -> bool {
        self.input.value().trim().is_empty()
    }

    /// Takes new results, and better ones outside the audience.
    pub(super) fn set_results(&mut self, found: SearchResults, outside: Vec<SearchResult>) {
        (self.results, self.groups, self.needs) = (found.results, Vec::new(), Vec::new());
        self.by_audience = found.by_audience;
        self.elsewhere = found.elsewhere;
        self.asks_hours = found.asks_hours;
        self.add_group(Group::Outside, outside);
        self.cursor = Cursor::default();
    }

    /// Adds a group of results at the end, unless it is empty.
    pub(super) fn add_group(&mut self, group: Group, results: Vec<SearchResult>) {
        if !results.is_empty() {
            self.groups.push((self.results.len(), group));
            self.results.extend(results);
        }
    }

    /// Adds the answers to common needs, each with the words of the need.
    pub(super) fn add_needs(&mut self, answers: Vec<(String, SearchResult)>) {
        let (needs, results) = answers.into_iter().unzip();
        self.add_group(Group::CommonNeeds, results);
        self.needs = needs;
    }

    /// The words of the common need that a result answers.
    pub fn need(&self, index: usize) -> Option<&str> {
        self.needs.get(index.checked_sub(self.start(Group::CommonNeeds)?)?).map(String::as_str)
    }

    /// The index of the first result of a group.
    fn start(&self, group: Group) -> Option<usize> {
        self.groups.iter().find(|(_, other)| *other == group).map(|(start, _)| *start)
    }

    /// The index of the first result outside the audience.
    pub fn outside(&self) -> Option<usize> {
        self.start(Group::Outside)
    }

    /// Whether nothing for the audience fits the query.
    pub fn fits_nothing(&self) -> bool {
        let inside = &self.results[..self.outside().unwrap_or(self.results.len())];
        !self.is_empty() && inside.first().is_none_or(|first| first.weak)
    }

    /// The row of a result in the list, in which each group has a heading above it.
    pub fn row(&self, index: usize) -> usize {
        index + self.groups.iter().filter(|(start, _)| *start <= index).count()
    }

    /// The number of rows of the list.
    pub fn row_count(&self) -> usize {
        self.row(self.results.len())
    }

    /// The result in a row of the list.
    pub(super) fn at_row(&self, row: usize) -> Option<usize> {
        (0..self.results.len()).find(|index| self.row(*index) == row)
    }

    /// Selects a result, which the user reads now.
    pub(super) fn select(&mut self, index: usize) {
        (self.cursor.selected, self.is_in_results) = (index, true);
    }

    /// Scrolls so that the selected result is visible.
    pub(super) fn follow(&mut self, visible: usize) {
        let mut rows = Cursor { selected: self.row(self.cursor.selected), top: self.cursor.top };
        rows.follow(self.row_count(), visible);
        // A heading is shown with the first result below it.
        let is_below_heading = self.groups.iter().any(|(start, _)| *start == self.cursor.selected);
        let is_first = is_below_heading && rows.top == rows.selected && visible > 1;
        self.cursor.top = rows.top - usize::from(is_first);
        self.cursor.selected = self.cursor.selected.min(self.results.len().saturating_sub(1));
    }
}
