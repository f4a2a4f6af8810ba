//! Clicks and the wheel: they do the same as keys.

use ratatui::layout::{Position, Rect};

use super::keymap::{InputMode, Motion};
use super::layout::Pane;
use super::overlay::{CHOICES_HEIGHT, Overlay};
use super::{App, Effect, FIND_HEAD};

/// The narrowest window in which the two choices of a notice have space around them.
const MIN_SPACED_WIDTH: u16 = 26;
/// The lines that the wheel scrolls by.
const WHEEL_LINES: usize = 3;

impl App {
    pub(super) fn click(&mut self, at: Position) -> Vec<Effect> {
        match self.overlay {
            Some(Overlay::Help(_) | Overlay::Qr(_)) => self.back(),
            Some(Overlay::CopyMenu(_)) => return self.click_item(at),
            Some(Overlay::LinkWarning(_)) => return self.click_choice(at),
            Some(Overlay::Loading(_)) => {}
            Some(Overlay::Find(_)) | None => {
                if let Some((pane, line)) = self.pane_at(at) {
                    if self.find().is_some() { self.click_find(pane, line) } else { self.click_pane(pane, line) }
                }
            }
        }
        Vec::new()
    }

    /// The pane at a cell, and the visible line in it unless the cell is on a border.
    fn pane_at(&self, at: Position) -> Option<(Pane, Option<usize>)> {
        let layout = self.layout()?;
        let is_there = |pane: &Pane| layout.pane(*pane).is_some_and(|area| area.contains(at));
        let pane = Pane::ALL.into_iter().find(is_there)?;
        let inner = layout.inner(pane).filter(|inner| has_row(*inner, at));
        Some((pane, inner.map(|inner| usize::from(at.y - inner.y))))
    }

    fn click_find(&mut self, pane: Pane, line: Option<usize>) {
        match (pane, line) {
            (Pane::Audience, _) => self.back(),
            (Pane::Tree, Some(line)) => {
                let Some(find) = self.find_mut() else { return };
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
                    self.panes.tree.point(row);
                } else if was_focused {
                    self.toggle_collapsed();
                }
            }
            _ => {}
        }
    }

    fn click_item(&mut self, at: Position) -> Vec<Effect> {
        let Some(window) = self.window() else { return Vec::new() };
        if !window.area.contains(at) {
            self.back();
            return Vec::new();
        }
        let line = has_row(window.inner, at).then(|| window.top + usize::from(at.y - window.inner.y));
        line.filter(|line| *line < window.page.lines.len()).map(|line| self.copy_item(line)).unwrap_or_default()
    }

    fn click_choice(&mut self, at: Position) -> Vec<Effect> {
        let areas = self.choice_areas();
        let Some(index) = areas.and_then(|areas| areas.iter().position(|area| area.contains(at))) else {
            return Vec::new();
        };
        if let Some(Overlay::LinkWarning(warning)) = &mut self.overlay {
            warning.go_on = index == 1;
        }
        self.take_choice()
    }

    pub(super) fn wheel(&mut self, at: Position, motion: Motion) {
        match self.mode() {
            InputMode::Help | InputMode::LinkWarning | InputMode::Qr => self.go_in_window(motion, WHEEL_LINES),
            InputMode::Copy => self.go_in_window(motion, 1),
            InputMode::Loading => {}
            _ => match self.pane_at(at) {
                Some((Pane::Card, _)) => self.scroll_card(motion, WHEEL_LINES),
                Some((pane, _)) => self.wheel_list(pane, motion),
                None => {}
            },
        }
    }

    /// Moves in the list under the wheel, which need not be the focused one.
    fn wheel_list(&mut self, pane: Pane, motion: Motion) {
        let times = if pane == Pane::Tree { WHEEL_LINES } else { 1 };
        if pane == Pane::Audience && self.find().is_some() {
            return;
        }
        let focus = std::mem::replace(&mut self.panes.focus, pane);
        (0..times).for_each(|_| self.go(motion));
        self.panes.focus = focus;
    }

    /// The areas of the two choices of a notice: cancel and continue.
    pub fn choice_areas(&self) -> Option<[Rect; 2]> {
        let warning = self.link_warning()?;
        let inner = self.window()?.inner;
        let y = inner.bottom() + CHOICES_HEIGHT - 1;
        let is_spaced = inner.width >= MIN_SPACED_WIDTH;
        let mut x = inner.x;
        Some(warning.choices(self.catalog.directory(warning.notice)).map(|choice| {
            let width = u16::try_from(textwrap::core::display_width(choice)).unwrap_or(u16::MAX);
            let width = width.saturating_add(if is_spaced { 4 } else { 2 });
            let area = Rect { x, y, width, height: 1 }.intersection(Rect { y, height: 1, ..inner });
            x = x.saturating_add(width).saturating_add(u16::from(is_spaced) * 2);
            area
        }))
    }
}

fn has_row(area: Rect, at: Position) -> bool {
    (area.top()..area.bottom()).contains(&at.y)
}
