//! Clicks and the wheel: they do the same as keys.

use ratatui::layout::Position;

use super::find::FIND_HEAD;
use super::keymap::Motion;
use super::layout::{Pane, line_at};
use super::state::App;

/// The lines that the wheel scrolls by.
const WHEEL_LINES: usize = 3;

impl App {
    pub(super) fn click(&mut self, at: Position) {
        if self.overlay.is_some() {
            self.click_window(at);
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
        match (pane, line, &mut self.find) {
            (Pane::Audience, ..) => self.back(),
            (Pane::Tree, Some(line), Some(find)) => {
                let index = line.checked_sub(FIND_HEAD).map(|row| find.cursor.top + row);
                if let Some(index) = index.filter(|index| *index < find.results.len()) {
                    find.cursor.selected = index;
                }
            }
            _ => {}
        }
    }

    fn click_pane(&mut self, pane: Pane, line: Option<usize>) {
        let was_focused = std::mem::replace(&mut self.panes.focus, pane) == pane;
        match (pane, line) {
            (Pane::Audience, Some(line)) => {
                let row = self.panes.section.top + line;
                if let Some(index) = (0..self.panes.sections.len()).find(|index| self.section_row(*index) == row) {
                    self.choose(index);
                }
            }
            (Pane::Tree, Some(line)) => {
                let row = self.panes.tree.cursor.top + line;
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
