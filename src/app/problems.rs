//! The problems with the directory's file: the first in the line of messages, all of them in a window.

use super::action::Action;
use super::event::DataProblems;
use super::overlay::OverlayKind;
use super::state::App;
use crate::directory::problem::Problem;
use crate::present::page::{Page, TextStyle};

/// The maximum number of problems in the window. A damaged file can have thousands, which nobody reads.
const MAX_LISTED: usize = 500;

impl App {
    /// How many problems there are besides the first, and the key that lists all: ` (and 2 more: F4 lists all)`. Empty where
    /// there is only one, unless its line `is_cut`.
    pub fn more_problems(&self, is_cut: bool) -> String {
        let key = self.key_name(Action::Problems);
        let is_wide = self.layout().is_some_and(|layout| layout.is_split());
        match self.problems.as_ref().map_or(0, |problems| problems.list.len()) {
            0 | 1 if is_cut => format!(" ({key}{})", if is_wide { " shows it" } else { "" }),
            0 | 1 => String::new(),
            count => format!(" (and {} more: {key}{})", count - 1, if is_wide { " lists all" } else { "" }),
        }
    }

    /// Opens the window with all problems.
    pub(super) fn show_problems(&mut self) {
        match self.problems {
            Some(_) => self.open_overlay(OverlayKind::Problems),
            None => self.tell("No problems are known here"),
        }
    }

    pub(super) fn problems_title(&self) -> String {
        let source = &self.environment.source;
        match self.problems.as_ref().map_or(0, |problems| problems.list.len()) {
            0 | 1 => format!("A problem in {source}"),
            count => format!("{count} problems in {source}"),
        }
    }

    /// All problems, each with its line and column.
    pub(super) fn problems_page(&self, width: u16) -> Page {
        let mut page = Page::new(width);
        let Some(DataProblems { first, list }) = &self.problems else { return page };
        if list.is_empty() {
            page.text(first, TextStyle::Plain);
        }
        for Problem { line, column, message } in list.iter().take(MAX_LISTED) {
            page.hang(&format!("{line}:{column}: "), TextStyle::Key, message, TextStyle::Plain);
        }
        if let Some(more @ 1..) = list.len().checked_sub(MAX_LISTED) {
            page.text(&format!("and {more} more; `dialtree check` lists them all"), TextStyle::Quiet);
        }
        page
    }
}
