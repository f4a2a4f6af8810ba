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
    /// How many problems there are besides the first, and the key that lists all: ` (and 2 more: F4 lists all)`. Empty
    /// where there is only one, unless its line `is_cut`.
    pub fn more_problems(&self, is_cut: bool) -> String {
        let key = self.key_name(Action::Problems);
        let is_wide = self.layout().is_some_and(|layout| layout.is_split());
        match self.problem_count() {
            0 | 1 if is_cut => format!(" ({key}{})", if is_wide { " shows it" } else { "" }),
            0 | 1 => String::new(),
            count => format!(" (and {} more: {key}{})", count - 1, if is_wide { " lists all" } else { "" }),
        }
    }

    /// Opens the window with all problems.
    pub(super) fn show_problems(&mut self) {
        match &self.problems[..] {
            [_, ..] => self.open_overlay(OverlayKind::Problems),
            [] => self.tell("No problems are known here"),
        }
    }

    pub(super) fn problems_title(&self) -> String {
        let of = match &self.problems[..] {
            [only] => only.file.clone(),
            files => format!("{} files", files.len()),
        };
        match self.problem_count() {
            0 | 1 => format!("A problem in {of}"),
            count => format!("{count} problems in {of}"),
        }
    }

    /// The number of problems. A file that cannot be read has one.
    fn problem_count(&self) -> usize {
        self.problems.iter().map(|file| file.list.len().max(1)).sum()
    }

    /// All problems, each with its line and column, after its file where there are several.
    pub(super) fn problems_page(&self, width: u16) -> Page {
        let mut page = Page::new(width);
        for DataProblems { first, .. } in self.problems.iter().filter(|file| file.list.is_empty()) {
            page.text(first, TextStyle::Plain);
        }
        let has_one_file = self.problems.len() == 1;
        let before = |file: &str| if has_one_file { String::new() } else { format!("{file}:") };
        let all = self.problems.iter().flat_map(|own| own.list.iter().map(|problem| (&*own.file, problem)));
        for (file, Problem { line, column, message }) in all.clone().take(MAX_LISTED) {
            page.hang(&format!("{}{line}:{column}: ", before(file)), TextStyle::Key, message, TextStyle::Plain);
        }
        if let Some(more @ 1..) = all.count().checked_sub(MAX_LISTED) {
            page.text(&format!("and {more} more; `dialtree check` lists them all"), TextStyle::Quiet);
        }
        page
    }
}
