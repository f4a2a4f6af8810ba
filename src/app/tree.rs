//! The tree pane: the rows of a section, which of them are collapsed, and the selected one.

use std::collections::HashSet;

use super::action::Motion;
use super::cursor::Cursor;
use crate::directory::{Directory, EntryId};
use crate::present::outline::{Row, Section, add_branch, rows};

/// The tree pane.
#[derive(Clone, Debug)]
pub struct Tree {
    section: Section,
    rows: Vec<Row>,
    collapsed: HashSet<EntryId>,
    /// The selected row and the scroll position.
    pub cursor: Cursor,
}

impl Tree {
    /// The tree of a section, its first entry selected.
    pub fn new(directory: &Directory, section: Section) -> Self {
        Self::with_collapsed(directory, section, [])
    }

    /// The tree of a section with some entries collapsed.
    pub(super) fn with_collapsed(
        directory: &Directory,
        section: Section,
        collapsed: impl IntoIterator<Item = EntryId>,
    ) -> Self {
        let collapsed = collapsed.into_iter().collect();
        let mut tree =
            Self { section, rows: rows(directory, section, &collapsed), collapsed, cursor: Cursor::default() };
        tree.land(Motion::Down);
        tree
    }

    /// The section that the tree shows.
    pub fn section(&self) -> Section {
        self.section
    }

    /// All rows except those under collapsed entries.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows by visible line in a height: from the first visible row on, with an empty line before each heading
    /// where all rows and these lines fit.
    pub fn lines(&self, height: usize) -> impl Iterator<Item = Option<usize>> {
        let is_heading = |row: usize| matches!(self.rows.get(row), Some(Row::Heading(_)));
        let gaps = (1..self.rows.len()).filter(|row| is_heading(*row)).count();
        let is_spaced = self.rows.len() + gaps <= height;
        let gap = move |row: usize| (is_spaced && row > 0 && is_heading(row)).then_some(None);
        let rows = self.cursor.top..self.rows.len();
        rows.flat_map(move |row| gap(row).into_iter().chain([Some(row)])).take(height)
    }

    /// The selected entry.
    pub fn selected(&self) -> Option<EntryId> {
        self.rows.get(self.cursor.selected)?.id()
    }

    /// Whether an entry is collapsed.
    pub fn is_collapsed(&self, id: EntryId) -> bool {
        self.collapsed.contains(&id)
    }

    pub(super) fn collapsed(&self) -> impl Iterator<Item = EntryId> {
        self.collapsed.iter().copied()
    }

    /// Moves the selection, past headings.
    pub fn go(&mut self, motion: Motion, visible: usize) {
        self.cursor.selected = self.cursor.after(motion, self.rows.len(), visible);
        self.land(motion);
    }

    /// Scrolls so that the selected row is visible; where they fit, also the headings directly above it and the rows
    /// directly under it, which a user in a menu reads next.
    pub fn follow(&mut self, visible: usize) {
        self.cursor.follow(self.rows.len(), visible);
        let selected = self.cursor.selected;
        let is_first = self.rows[..selected.min(self.rows.len())].iter().all(|row| row.id().is_none());
        if is_first && selected < visible {
            self.cursor.top = 0;
        }
        let lowest = (self.last_under(selected) + 1).saturating_sub(visible);
        self.cursor.top = self.cursor.top.max(lowest.min(selected));
    }

    /// The last row directly under a row; the row itself where there is none.
    fn last_under(&self, row: usize) -> usize {
        let depth = |row: &Row| match row {
            Row::Heading(_) => None,
            Row::Item { depth, .. } => Some(*depth),
        };
        let Some(here) = self.rows.get(row).and_then(depth) else { return row };
        let below = self.rows.iter().enumerate().skip(row + 1).take_while(|(_, row)| depth(row) > Some(here));
        below.filter(|(_, row)| depth(row) == Some(here + 1)).last().map_or(row, |(last, _)| last)
    }

    /// Selects a row, unless it is a heading.
    pub fn point(&mut self, row: usize) {
        if self.rows.get(row).is_some_and(|row| row.id().is_some()) {
            self.cursor.selected = row;
        }
    }

    /// Moves from a heading to the nearest entry, first in the direction of the motion.
    fn land(&mut self, motion: Motion) {
        let here = self.cursor.selected.min(self.rows.len());
        let is_entry = |row: &usize| self.rows.get(*row).is_some_and(|row| row.id().is_some());
        let down = || (here..self.rows.len()).find(is_entry);
        let up = || (0..=here).rev().find(is_entry);
        let landing = match motion {
            Motion::Up | Motion::PageUp | Motion::End => up().or_else(down),
            Motion::Down | Motion::PageDown | Motion::Home => down().or_else(up),
        };
        self.cursor.selected = landing.unwrap_or(0);
    }

    /// Collapses or expands an entry.
    pub fn set_collapsed(&mut self, directory: &Directory, id: EntryId, collapsed: bool) {
        let changed = if collapsed { self.collapsed.insert(id) } else { self.collapsed.remove(&id) };
        if changed {
            let selected = self.selected();
            self.rebuild_branch(directory, id);
            if let Some(selected) = selected {
                self.seek(directory, selected);
            }
        }
    }

    /// Rebuilds the rows under an entry, wherever it is listed. Rebuilding all rows is slow where there are many.
    fn rebuild_branch(&mut self, directory: &Directory, id: EntryId) {
        for i in (0..self.rows.len()).rev() {
            let Row::Item { id: here, depth, .. } = self.rows[i] else { continue };
            if here == id {
                let is_under = |row: &&Row| matches!(row, Row::Item { depth: below, .. } if *below > depth);
                let under = self.rows[i + 1..].iter().take_while(is_under).count();
                let mut branch = Vec::new();
                add_branch(directory, id, depth, &self.collapsed, &mut branch);
                self.rows.splice(i..=i + under, branch);
            }
        }
    }

    /// Selects an entry, expanding those above it; false where the section does not list it.
    pub fn select(&mut self, directory: &Directory, id: EntryId) -> bool {
        let collapsed_count = self.collapsed.len();
        for above in directory.ancestors(id).skip(1) {
            self.collapsed.remove(&above);
        }
        if self.collapsed.len() < collapsed_count {
            self.rows = rows(directory, self.section, &self.collapsed);
        }
        match self.rows.iter().position(|row| row.id() == Some(id)) {
            Some(row) => {
                self.cursor.selected = row;
                true
            }
            None => false,
        }
    }

    /// Selects an entry, or the nearest visible one above it; where none is, selects the first and returns false.
    pub(super) fn seek(&mut self, directory: &Directory, id: EntryId) -> bool {
        let shown = directory.ancestors(id).find_map(|id| self.rows.iter().position(|row| row.id() == Some(id)));
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
    fn collapsing_one_branch_leaves_the_rows_of_a_full_rebuild() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        for section in Section::all(&directory) {
            let mut tree = Tree::new(&directory, section);
            let branches: Vec<EntryId> = tree.rows.iter().filter_map(Row::id).collect();
            // From the top down, and from the bottom up.
            for (collapsed, order) in [(true, branches.clone()), (false, branches.iter().rev().copied().collect())] {
                for id in order {
                    tree.set_collapsed(&directory, id, collapsed);
                    assert_eq!(tree.rows, rows(&directory, section, &tree.collapsed), "{id:?}");
                }
            }
        }
    }
}
