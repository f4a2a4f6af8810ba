//! What clicks and the wheel do: the same as keys.

use ratatui::layout::{Position, Rect};

use super::keymap::{InputMode, Motion};
use super::layout::Pane;
use super::{App, Effect, FIND_HEAD, GATE_FOOT, Overlay};

/// From this width on the two choices of a notice stand apart.
const ROOMY: u16 = 26;
/// The lines that the wheel turns by.
const WHEEL: usize = 3;

impl App {
    pub(super) fn click(&mut self, at: Position) -> Vec<Effect> {
        match self.mode() {
            InputMode::Help | InputMode::Qr => {
                self.back();
                return Vec::new();
            }
            InputMode::Copy => return self.click_item(at),
            InputMode::LinkWarning => return self.click_choice(at),
            _ => {}
        }
        let Some(layout) = self.layout() else { return Vec::new() };
        let hit = |pane| layout.pane(pane).is_some_and(|area| area.contains(at));
        let Some(pane) = Pane::ALL.into_iter().find(|pane| hit(*pane)) else { return Vec::new() };
        let line = layout.inner(pane).filter(|inner| within_rows(*inner, at)).map(|inner| usize::from(at.y - inner.y));
        if let Some(Overlay::Find(find)) = &mut self.over {
            match (pane, line) {
                (Pane::Tree, Some(line)) => {
                    let place = line.checked_sub(FIND_HEAD).map(|row| find.cursor.top + row);
                    if let Some(place) = place.filter(|place| *place < find.hits.len()) {
                        find.cursor.selected = place;
                        self.card_top = 0;
                    }
                }
                (Pane::Audience, _) => self.back(),
                _ => {}
            }
            return Vec::new();
        }
        let was_in_use = self.focus == pane;
        self.focus = pane;
        match (pane, line) {
            (Pane::Audience, Some(line)) => {
                let row = self.section.top + line;
                if let Some(place) = (0..self.sections.len()).find(|place| self.section_row(*place) == row) {
                    self.choose(place);
                }
            }
            (Pane::Tree, Some(line)) => {
                let row = self.tree.cursor.top + line;
                if row != self.tree.cursor.selected {
                    self.tree.point(row);
                    self.card_top = 0;
                } else if was_in_use {
                    self.toggle();
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn click_item(&mut self, at: Position) -> Vec<Effect> {
        let Some(window) = self.window() else { return Vec::new() };
        if !window.area.contains(at) {
            self.back();
            return Vec::new();
        }
        let line = within_rows(window.inner, at).then(|| window.top + usize::from(at.y - window.inner.y));
        line.filter(|line| *line < window.page.lines.len()).map(|line| self.take(line)).unwrap_or_default()
    }

    fn click_choice(&mut self, at: Position) -> Vec<Effect> {
        let Some(side) = self.choice_areas().and_then(|areas| areas.iter().position(|area| area.contains(at))) else {
            return Vec::new();
        };
        if let Some(Overlay::LinkWarning(gate)) = &mut self.over {
            gate.go_on = side == 1;
        }
        self.enter(InputMode::LinkWarning)
    }

    pub(super) fn wheel(&mut self, at: Position, step: Motion) {
        match self.mode() {
            InputMode::Help | InputMode::LinkWarning | InputMode::Qr => return self.scroll_window(step, WHEEL),
            InputMode::Copy => return self.go(step, InputMode::Copy),
            _ => {}
        }
        let Some(layout) = self.layout() else { return };
        let over = |pane| layout.pane(pane).is_some_and(|area| area.contains(at));
        if over(Pane::Card) {
            self.scroll_card(step, WHEEL);
        } else if over(Pane::Tree) {
            let mode = if self.find().is_some() { InputMode::Find } else { InputMode::Tree };
            (0..WHEEL).for_each(|_| self.go(step, mode));
        } else if over(Pane::Audience) && self.find().is_none() {
            self.go(step, InputMode::Audience);
        }
    }

    /// Where the two choices of a notice are: to stay, and to go on.
    pub fn choice_areas(&self) -> Option<[Rect; 2]> {
        let gate = self.gate()?;
        let inner = self.window()?.inner;
        let y = inner.bottom() + GATE_FOOT - 1;
        let roomy = inner.width >= ROOMY;
        let mut x = inner.x;
        Some(self.choices(gate).map(|choice| {
            let width = u16::try_from(textwrap::core::display_width(choice))
                .unwrap_or(u16::MAX)
                .saturating_add(if roomy { 4 } else { 2 });
            let area = Rect { x, y, width, height: 1 }.intersection(Rect { y, height: 1, ..inner });
            x = x.saturating_add(width).saturating_add(u16::from(roomy) * 2);
            area
        }))
    }
}

fn within_rows(inner: Rect, at: Position) -> bool {
    (inner.top()..inner.bottom()).contains(&at.y)
}
