//! The tree pane: which rows there are, which are folded, and where the user stands.

use std::collections::HashSet;

use super::keymap::Step;
use crate::directory::{Answer, Directory};

/// A line of the audience pane: what the tree shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// The contacts of one audience.
    Audience(usize),
    /// The contacts that are for every audience.
    Everyone,
    /// The log-in pages by type of account.
    LogIn,
    /// The notices and their sections.
    Notices,
}

impl Shelf {
    /// The shelves of a directory, in the order of the screen; those with nothing on them are left out.
    pub fn all(directory: &Directory) -> Vec<Self> {
        let audiences = (0..directory.audiences.len()).map(Self::Audience);
        let others = [Self::Everyone, Self::LogIn, Self::Notices];
        let others = others.into_iter().filter(|shelf| !rows(directory, *shelf, &HashSet::new()).is_empty());
        audiences.chain(others).collect()
    }

    /// Its name.
    pub fn name(self, directory: &Directory) -> &str {
        match self {
            Self::Audience(audience) => &directory.audiences[audience].name,
            Self::Everyone => "Every audience",
            Self::LogIn => "Log in",
            Self::Notices => "Notices",
        }
    }

    /// Its name where room is short.
    pub fn short(self, directory: &Directory) -> &str {
        match self {
            Self::Audience(audience) => &directory.audiences[audience].short,
            _ => self.name(directory),
        }
    }
}

/// A row of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A heading; it cannot be selected.
    Heading(String),
    /// An answer.
    Item {
        /// What it is.
        answer: Answer,
        /// How far it is indented.
        depth: u16,
        /// Whether it has rows under it, shown or folded away.
        branch: bool,
    },
}

impl Row {
    /// The answer of the row.
    pub fn answer(&self) -> Option<Answer> {
        match self {
            Self::Heading(_) => None,
            Self::Item { answer, .. } => Some(*answer),
        }
    }
}

/// The rows of a shelf, the folded branches left out.
fn rows(directory: &Directory, shelf: Shelf, folded: &HashSet<Answer>) -> Vec<Row> {
    let mut rows = Vec::new();
    let contacts = || directory.contacts.iter().enumerate();
    match shelf {
        Shelf::Audience(audience) => {
            for (place, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.contains(audience)) {
                grow(directory, Answer::Contact(place), 0, folded, &mut rows);
            }
            let elsewhere = contacts().filter(|(_, c)| !c.audiences.contains(audience)).flat_map(|(place, contact)| {
                let options = contact.options.iter().enumerate().filter(|(_, option)| option.also.contains(audience));
                options.map(move |(option, _)| Answer::Option(place, option))
            });
            let heading = format!("Serves {} too", directory.audiences[audience].short);
            under(directory, heading, elsewhere, folded, &mut rows);
            let pages = contacts().filter(|(_, c)| c.account.is_some() && c.audiences.contains(audience));
            under(directory, "Log in".into(), pages.map(|(place, _)| Answer::Contact(place)), folded, &mut rows);
        }
        Shelf::Everyone => {
            for (place, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.is_empty()) {
                grow(directory, Answer::Contact(place), 0, folded, &mut rows);
            }
        }
        Shelf::LogIn => {
            for (account, kind) in directory.accounts.iter().enumerate() {
                let pages = contacts().filter(|(_, c)| c.account == Some(account));
                under(
                    directory,
                    kind.name.to_string(),
                    pages.map(|(place, _)| Answer::Contact(place)),
                    folded,
                    &mut rows,
                );
            }
        }
        Shelf::Notices => {
            for notice in 0..directory.notices.len() {
                grow(directory, Answer::Notice(notice), 0, folded, &mut rows);
            }
        }
    }
    rows
}

/// Adds answers under a heading, if there are any.
fn under(
    directory: &Directory,
    heading: String,
    answers: impl Iterator<Item = Answer>,
    folded: &HashSet<Answer>,
    rows: &mut Vec<Row>,
) {
    let start = rows.len();
    answers.for_each(|answer| grow(directory, answer, 0, folded, rows));
    if rows.len() > start {
        rows.insert(start, Row::Heading(heading));
    }
}

/// Adds an answer and what is under it.
fn grow(directory: &Directory, answer: Answer, depth: u16, folded: &HashSet<Answer>, rows: &mut Vec<Row>) {
    let children = directory.children(answer);
    rows.push(Row::Item { answer, depth, branch: !children.is_empty() });
    if !folded.contains(&answer) {
        children.into_iter().for_each(|child| grow(directory, child, depth + 1, folded, rows));
    }
}

/// A list with a selected line and the part of it that is in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The selected line.
    pub selected: usize,
    /// The first line in view.
    pub top: usize,
}

impl Cursor {
    /// Where a step leads in a list of so many lines, of which so many are in view.
    pub fn after(self, step: Step, lines: usize, in_view: usize) -> usize {
        let page = in_view.max(2) - 1;
        match step {
            Step::Up => self.selected.saturating_sub(1),
            Step::Down => self.selected + 1,
            Step::PageUp => self.selected.saturating_sub(page),
            Step::PageDown => self.selected + page,
            Step::Home => 0,
            Step::End => lines,
        }
        .min(lines.saturating_sub(1))
    }

    /// Brings the selected line into view, and fills the view if the list allows.
    pub fn follow(&mut self, lines: usize, in_view: usize) {
        self.selected = self.selected.min(lines.saturating_sub(1));
        let last_top = lines.saturating_sub(in_view);
        let lowest = (self.selected + 1).saturating_sub(in_view);
        self.top = self.top.clamp(lowest, self.selected.max(lowest)).min(last_top.max(lowest));
    }
}

/// The tree pane.
#[derive(Clone, Debug)]
pub struct Tree {
    shelf: Shelf,
    rows: Vec<Row>,
    folded: HashSet<Answer>,
    /// Where the user stands.
    pub cursor: Cursor,
}

impl Tree {
    /// The tree of a shelf, its first answer selected.
    pub fn new(directory: &Directory, shelf: Shelf) -> Self {
        let folded = HashSet::new();
        let mut tree = Self { shelf, rows: rows(directory, shelf, &folded), folded, cursor: Cursor::default() };
        tree.land(Step::Down);
        tree
    }

    /// What it shows.
    pub fn shelf(&self) -> Shelf {
        self.shelf
    }

    /// All rows that are not folded away.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The answer the user stands on.
    pub fn selected(&self) -> Option<Answer> {
        self.rows.get(self.cursor.selected)?.answer()
    }

    /// Whether what is under an answer is folded away.
    pub fn is_folded(&self, answer: Answer) -> bool {
        self.folded.contains(&answer)
    }

    /// Takes a step, past headings.
    pub fn go(&mut self, step: Step, in_view: usize) {
        self.cursor.selected = self.cursor.after(step, self.rows.len(), in_view);
        self.land(step);
    }

    /// Selects the row at a line, if it is an answer's.
    pub fn point(&mut self, row: usize) {
        if self.rows.get(row).is_some_and(|row| row.answer().is_some()) {
            self.cursor.selected = row;
        }
    }

    /// From a heading to the nearest answer, first on the way of the step.
    fn land(&mut self, step: Step) {
        let here = self.cursor.selected.min(self.rows.len());
        let is_answer = |row: &usize| self.rows.get(*row).is_some_and(|row| row.answer().is_some());
        let down = || (here..self.rows.len()).find(is_answer);
        let up = || (0..=here).rev().find(is_answer);
        let landing = match step {
            Step::Up | Step::PageUp | Step::End => up().or_else(down),
            Step::Down | Step::PageDown | Step::Home => down().or_else(up),
        };
        self.cursor.selected = landing.unwrap_or(0);
    }

    /// Folds or unfolds what is under an answer.
    pub fn fold(&mut self, directory: &Directory, answer: Answer, fold: bool) {
        let changed = if fold { self.folded.insert(answer) } else { self.folded.remove(&answer) };
        if changed {
            let selected = self.selected();
            self.rows = rows(directory, self.shelf, &self.folded);
            if let Some(selected) = selected {
                self.seek(directory, selected);
            }
        }
    }

    /// Selects an answer, unfolding what is above it; false where it is not on this shelf.
    pub fn select(&mut self, directory: &Directory, answer: Answer) -> bool {
        let folded = self.folded.len();
        for above in std::iter::successors(directory.parent(answer), |above| directory.parent(*above)) {
            self.folded.remove(&above);
        }
        if self.folded.len() < folded {
            self.rows = rows(directory, self.shelf, &self.folded);
        }
        match self.rows.iter().position(|row| row.answer() == Some(answer)) {
            Some(row) => {
                self.cursor.selected = row;
                true
            }
            None => false,
        }
    }

    /// Selects an answer, or the nearest above it that is shown.
    fn seek(&mut self, directory: &Directory, answer: Answer) {
        let shown = std::iter::successors(Some(answer), |above| directory.parent(*above))
            .find_map(|answer| self.rows.iter().position(|row| row.answer() == Some(answer)));
        self.cursor.selected = shown.unwrap_or(0);
        self.land(Step::Down);
    }
}
