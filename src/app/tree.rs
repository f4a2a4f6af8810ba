//! The tree pane: which rows there are, which are folded, and where the user stands.

use std::collections::HashSet;

use super::keymap::Motion;
use crate::directory::{Directory, EntryId};

/// A line of the audience pane: what the tree shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The contacts of one audience.
    Audience(usize),
    /// The contacts that are for every audience.
    Everyone,
    /// The log-in pages by type of account.
    LogIn,
    /// The notices and their sections.
    Notices,
}

impl Section {
    /// The sections of a directory, in the order of the screen; those with nothing on them are left out.
    pub fn all(directory: &Directory) -> Vec<Self> {
        let contacts = &directory.contacts;
        let others = [
            (Self::Everyone, contacts.iter().any(|contact| contact.account.is_none() && contact.audiences.is_empty())),
            (Self::LogIn, contacts.iter().any(|contact| contact.account.is_some())),
            (Self::Notices, !directory.notices.is_empty()),
        ];
        let audiences = (0..directory.audiences.len()).map(Self::Audience);
        audiences.chain(others.into_iter().filter(|(_, is_used)| *is_used).map(|(section, _)| section)).collect()
    }

    /// The section that an answer stands on, the first where it stands on several.
    pub fn of(directory: &Directory, answer: EntryId) -> Self {
        match directory.contact(answer) {
            None => Self::Notices,
            Some(contact) => match (contact.audiences.iter().next(), contact.account) {
                (Some(audience), _) => Self::Audience(audience),
                (None, Some(_)) => Self::LogIn,
                (None, None) => Self::Everyone,
            },
        }
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
        answer: EntryId,
        /// How far it is indented.
        depth: u16,
        /// Whether it has rows under it, shown or folded away.
        branch: bool,
    },
}

impl Row {
    /// The answer of the row.
    pub fn answer(&self) -> Option<EntryId> {
        match self {
            Self::Heading(_) => None,
            Self::Item { answer, .. } => Some(*answer),
        }
    }
}

/// The rows of a section, the folded branches left out.
fn rows(directory: &Directory, section: Section, folded: &HashSet<EntryId>) -> Vec<Row> {
    let mut rows = Vec::new();
    let contacts = || directory.contacts.iter().enumerate();
    match section {
        Section::Audience(audience) => {
            for (place, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.contains(audience)) {
                grow(directory, EntryId::Contact(place), 0, folded, &mut rows);
            }
            let elsewhere = contacts().filter(|(_, c)| !c.audiences.contains(audience)).flat_map(|(place, contact)| {
                let options = contact.options.iter().enumerate().filter(|(_, option)| option.also.contains(audience));
                options.map(move |(option, _)| EntryId::Option(place, option))
            });
            let heading = format!("Serves {} too", directory.audiences[audience].short);
            under(directory, heading, elsewhere, folded, &mut rows);
            let pages = contacts().filter(|(_, c)| c.account.is_some() && c.audiences.contains(audience));
            under(directory, "Log in".into(), pages.map(|(place, _)| EntryId::Contact(place)), folded, &mut rows);
        }
        Section::Everyone => {
            for (place, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.is_empty()) {
                grow(directory, EntryId::Contact(place), 0, folded, &mut rows);
            }
        }
        Section::LogIn => {
            for (account, kind) in directory.accounts.iter().enumerate() {
                let pages = contacts().filter(|(_, c)| c.account == Some(account));
                under(
                    directory,
                    kind.name.to_string(),
                    pages.map(|(place, _)| EntryId::Contact(place)),
                    folded,
                    &mut rows,
                );
            }
        }
        Section::Notices => {
            for notice in 0..directory.notices.len() {
                grow(directory, EntryId::Notice(notice), 0, folded, &mut rows);
            }
        }
    }
    rows
}

/// Adds answers under a heading, if there are any.
fn under(
    directory: &Directory,
    heading: String,
    answers: impl Iterator<Item = EntryId>,
    folded: &HashSet<EntryId>,
    rows: &mut Vec<Row>,
) {
    let start = rows.len();
    answers.for_each(|answer| grow(directory, answer, 0, folded, rows));
    if rows.len() > start {
        rows.insert(start, Row::Heading(heading));
    }
}

/// Adds an answer and what is under it.
fn grow(directory: &Directory, answer: EntryId, depth: u16, folded: &HashSet<EntryId>, rows: &mut Vec<Row>) {
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

/// Where a step leads from a line, with so many in view and so far down at the most.
pub fn stepped(step: Motion, here: usize, in_view: usize, last: usize) -> usize {
    let page = in_view.max(2) - 1;
    match step {
        Motion::Up => here.saturating_sub(1),
        Motion::Down => here + 1,
        Motion::PageUp => here.saturating_sub(page),
        Motion::PageDown => here + page,
        Motion::Home => 0,
        Motion::End => last,
    }
    .min(last)
}

impl Cursor {
    /// Where a step leads in a list of so many lines, of which so many are in view.
    pub fn after(self, step: Motion, lines: usize, in_view: usize) -> usize {
        stepped(step, self.selected, in_view, lines.saturating_sub(1))
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
    section: Section,
    rows: Vec<Row>,
    folded: HashSet<EntryId>,
    /// Where the user stands.
    pub cursor: Cursor,
}

impl Tree {
    /// The tree of a section, its first answer selected.
    pub fn new(directory: &Directory, section: Section) -> Self {
        Self::folded(directory, section, [])
    }

    /// The same with branches folded.
    pub(super) fn folded(directory: &Directory, section: Section, folded: impl IntoIterator<Item = EntryId>) -> Self {
        let folded = folded.into_iter().collect();
        let mut tree = Self { section, rows: rows(directory, section, &folded), folded, cursor: Cursor::default() };
        tree.land(Motion::Down);
        tree
    }

    /// What it shows.
    pub fn section(&self) -> Section {
        self.section
    }

    /// All rows that are not folded away.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The answer the user stands on.
    pub fn selected(&self) -> Option<EntryId> {
        self.rows.get(self.cursor.selected)?.answer()
    }

    /// Whether what is under an answer is folded away.
    pub fn is_folded(&self, answer: EntryId) -> bool {
        self.folded.contains(&answer)
    }

    /// The branches that are folded.
    pub(super) fn folds(&self) -> impl Iterator<Item = EntryId> {
        self.folded.iter().copied()
    }

    /// Takes a step, past headings.
    pub fn go(&mut self, step: Motion, in_view: usize) {
        self.cursor.selected = self.cursor.after(step, self.rows.len(), in_view);
        self.land(step);
    }

    /// Brings the selected row into view; headings right above it come with it where there is room, and so do the
    /// rows right under it: whoever is in a menu reads those next.
    pub fn follow(&mut self, in_view: usize) {
        self.cursor.follow(self.rows.len(), in_view);
        let selected = self.cursor.selected;
        let is_first = self.rows[..selected.min(self.rows.len())].iter().all(|row| row.answer().is_none());
        if is_first && selected < in_view {
            self.cursor.top = 0;
        }
        let lowest = (self.last_under(selected) + 1).saturating_sub(in_view);
        self.cursor.top = self.cursor.top.max(lowest.min(selected));
    }

    /// The last row right under a row; the row itself where there is none.
    fn last_under(&self, row: usize) -> usize {
        let depth = |row: &Row| match row {
            Row::Heading(_) => None,
            Row::Item { depth, .. } => Some(*depth),
        };
        let Some(here) = self.rows.get(row).and_then(depth) else { return row };
        let below = self.rows.iter().enumerate().skip(row + 1).take_while(|(_, row)| depth(row) > Some(here));
        below.filter(|(_, row)| depth(row) == Some(here + 1)).last().map_or(row, |(last, _)| last)
    }

    /// Selects the row at a line, if it is an answer's.
    pub fn point(&mut self, row: usize) {
        if self.rows.get(row).is_some_and(|row| row.answer().is_some()) {
            self.cursor.selected = row;
        }
    }

    /// From a heading to the nearest answer, first on the way of the step.
    fn land(&mut self, step: Motion) {
        let here = self.cursor.selected.min(self.rows.len());
        let is_answer = |row: &usize| self.rows.get(*row).is_some_and(|row| row.answer().is_some());
        let down = || (here..self.rows.len()).find(is_answer);
        let up = || (0..=here).rev().find(is_answer);
        let landing = match step {
            Motion::Up | Motion::PageUp | Motion::End => up().or_else(down),
            Motion::Down | Motion::PageDown | Motion::Home => down().or_else(up),
        };
        self.cursor.selected = landing.unwrap_or(0);
    }

    /// Folds or unfolds what is under an answer.
    pub fn fold(&mut self, directory: &Directory, answer: EntryId, fold: bool) {
        let changed = if fold { self.folded.insert(answer) } else { self.folded.remove(&answer) };
        if changed {
            let selected = self.selected();
            self.regrow(directory, answer);
            if let Some(selected) = selected {
                self.seek(directory, selected);
            }
        }
    }

    /// Puts right what is under an answer, wherever it stands; all rows anew would be slow where they are many.
    fn regrow(&mut self, directory: &Directory, answer: EntryId) {
        for place in (0..self.rows.len()).rev() {
            let Row::Item { answer: here, depth, .. } = self.rows[place] else { continue };
            if here == answer {
                let is_under = |row: &&Row| matches!(row, Row::Item { depth: below, .. } if *below > depth);
                let under = self.rows[place + 1..].iter().take_while(is_under).count();
                let mut grown = Vec::new();
                grow(directory, answer, depth, &self.folded, &mut grown);
                self.rows.splice(place..=place + under, grown);
            }
        }
    }

    /// Selects an answer, unfolding what is above it; false where it is not on this section.
    pub fn select(&mut self, directory: &Directory, answer: EntryId) -> bool {
        let folded = self.folded.len();
        for above in std::iter::successors(directory.parent(answer), |above| directory.parent(*above)) {
            self.folded.remove(&above);
        }
        if self.folded.len() < folded {
            self.rows = rows(directory, self.section, &self.folded);
        }
        match self.rows.iter().position(|row| row.answer() == Some(answer)) {
            Some(row) => {
                self.cursor.selected = row;
                true
            }
            None => false,
        }
    }

    /// Selects an answer, or the nearest above it that is shown; false, and the first, where none is.
    pub(super) fn seek(&mut self, directory: &Directory, answer: EntryId) -> bool {
        let shown = std::iter::successors(Some(answer), |above| directory.parent(*above))
            .find_map(|answer| self.rows.iter().position(|row| row.answer() == Some(answer)));
        self.cursor.selected = shown.unwrap_or(0);
        self.land(Motion::Down);
        shown.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::EMBEDDED;

    #[test]
    fn folding_one_branch_leaves_the_rows_as_if_all_were_made_anew() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        for section in Section::all(&directory) {
            let mut tree = Tree::new(&directory, section);
            let branches: Vec<EntryId> = tree.rows.iter().filter_map(Row::answer).collect();
            // Those above before those below, and the other way round.
            for (fold, order) in [(true, branches.clone()), (false, branches.iter().rev().copied().collect())] {
                for answer in order {
                    tree.fold(&directory, answer, fold);
                    assert_eq!(tree.rows, rows(&directory, section, &tree.folded), "{answer:?}");
                }
            }
        }
    }
}
