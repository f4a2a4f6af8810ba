//! Clicks and the wheel: they do the same as keys.

use ratatui::layout::Position;

use super::action::Motion;
use super::layout::{Pane, line_at};
use super::state::App;

/// The lines that the wheel scrolls by.
const WHEEL_LINES: usize = 3;

impl App {
    pub(super) fn click(&mut self, at: Position) {
        if self.overlay.is_some() {
            self.click_window(at);
        } else if let Some(key) = self.key_at(at) {
            self.press(key);
        } else if let Some(index) = self.tab_at(at) {
            self.find = None;
            self.choose(index);
        } else if let Some(id) = self.listed_at(at) {
            self.open_entry(id, false);
        } else if let Some((pane, line)) = self.pane_at(at) {
            if self.find.is_some() { self.click_find(pane, line) } else { self.click_pane(pane, line) }
        }
    }

    /// The pane at a cell, and the visible line in it unless the cell is on a border.
    fn pane_at(&self, at: Position) -> Option<(Pane, Option<usize>)> {
        let layout = self.layout()?;
        let (pane, _) = *layout.panes.iter().find(|(_, area)| area.contains(at))?;
        Some((pane, layout.inner(pane).and_then(|inner| line_at(inner, at))))
    }

    fn click_find(&mut self, pane: Pane, line: Option<usize>) {
        let remark =
            self.find.as_ref().zip(self.layout()).map_or(0, |(find, layout)| self.remark_lines(find, &layout).len());
        match (pane, line, &mut self.find) {
            (Pane::Audience, Some(line), _) => {
                if self.is_directory_line(line) {
                    self.toggle_directories();
                } else if let Some(index) = self.section_at(line) {
                    self.show_section(index);
                }
            }
            (Pane::Tree, Some(line), Some(find)) => {
                let row = line.checked_sub(remark).map(|row| find.cursor.top + row);
                if let Some(index) = row.and_then(|row| find.at_row(row)) {
                    find.select(index);
                }
            }
            _ => {}
        }
    }

    /// Whether a visible line of the audience pane is the name of the directory.
    fn is_directory_line(&self, line: usize) -> bool {
        self.directory_line().is_some() && self.panes.section.top + line == 0
    }

    /// The index of the section in a visible line of the audience pane.
    fn section_at(&self, line: usize) -> Option<usize> {
        let row = self.panes.section.top + line;
        (0..self.panes.sections.len()).find(|index| self.section_row(*index) == row)
    }

    fn click_pane(&mut self, pane: Pane, line: Option<usize>) {
        let was_focused = std::mem::replace(&mut self.panes.focus, pane) == pane;
        match (pane, line) {
            (Pane::Audience, Some(line)) => {
                if self.is_directory_line(line) {
                    self.toggle_directories();
                } else if let Some(index) = self.section_at(line) {
                    self.choose(index);
                }
            }
            (Pane::Tree, Some(line)) => {
                let height = self.visible_rows(Pane::Tree);
                let Some(row) = self.panes.tree.lines(height).nth(line).flatten() else { return };
                if row != self.panes.tree.cursor.selected {
                    self.panes.pressed = None;
                    self.panes.tree.point(row);
                } else if was_focused {
                    self.toggle_collapsed();
                }
            }
            _ => {}
        }
    }

    pub(super) fn wheel(&mut self, at: Position, motion: Motion) {
        if self.overlay.is_some() {
            return self.go_in_window(motion, WHEEL_LINES);
        }
        match self.pane_at(at) {
            Some((Pane::Card, _)) => self.scroll_card(motion, WHEEL_LINES),
            Some((pane, _)) => self.wheel_list(pane, motion),
            None => {}
        }
    }

    /// Moves in the list under the wheel, which need not be the focused one.
    fn wheel_list(&mut self, pane: Pane, motion: Motion) {
        let times = if pane == Pane::Tree { WHEEL_LINES } else { 1 };
        if pane == Pane::Audience && self.find.is_some() {
            return;
        }
        let focus = std::mem::replace(&mut self.panes.focus, pane);
        (0..times).for_each(|_| self.go(motion));
        self.panes.focus = focus;
    }
}
