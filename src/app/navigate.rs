//! Moving around: through lists and texts, between panes, and through the phone menu by its keys.

use super::keymap::{InputMode, Motion};
use super::layout::Pane;
use super::overlay::Overlay;
use super::tree::{Cursor, Tree, moved};
use super::{App, CardScroll, Effect, FIND_HEAD};
use crate::directory::phone::Key;
use crate::directory::{Entry, EntryId};
use crate::present::outline::Section;

impl App {
    /// The height of the list or text in a pane, in rows; `None` where the pane is not visible.
    fn pane_height(&self, pane: Pane) -> Option<usize> {
        let find_head = if pane == Pane::Tree && self.find().is_some() { FIND_HEAD } else { 0 };
        let inner = self.layout()?.inner(pane)?;
        Some(usize::from(inner.height).saturating_sub(find_head).max(1))
    }

    fn visible_rows(&self, pane: Pane) -> usize {
        self.pane_height(pane).unwrap_or(1)
    }

    /// Moves in the list or text that has the focus.
    pub(super) fn go(&mut self, motion: Motion) {
        let rows = self.visible_rows(Pane::Tree);
        match self.mode() {
            InputMode::Audience => {
                let visible = self.visible_rows(Pane::Audience);
                let index = self.panes.section.after(motion, self.panes.sections.len(), visible);
                self.show_section(index);
            }
            InputMode::Tree => self.panes.tree.go(motion, rows),
            InputMode::Card => self.scroll_card(motion, 1),
            InputMode::Find => {
                if let Some(find) = self.find_mut() {
                    find.cursor.selected = find.cursor.after(motion, find.results.len(), rows);
                }
            }
            InputMode::Copy | InputMode::Help | InputMode::LinkWarning | InputMode::Qr => self.go_in_window(motion, 1),
            InputMode::Loading => {}
        }
    }

    pub(super) fn scroll_card(&mut self, motion: Motion, times: usize) {
        if let Some((page, top)) = self.card_view() {
            self.set_card_top(scrolled(top, motion, times, page.lines.len(), self.visible_rows(Pane::Card)));
        }
    }

    /// Moves the selection or the text in the window of the open overlay.
    pub(super) fn go_in_window(&mut self, motion: Motion, times: usize) {
        let Some(window) = self.window() else { return };
        let (lines, visible) = (window.page.lines.len(), usize::from(window.inner.height));
        let Some(overlay) = &mut self.overlay else { return };
        let modal = overlay.modal_mut();
        if let Some(cursor) = modal.cursor_mut() {
            cursor.selected = cursor.after(motion, lines, visible);
        } else if let Some(top) = modal.top_mut() {
            *top = scrolled(window.top, motion, times, lines, visible);
        }
    }

    fn show_section(&mut self, index: usize) {
        if let Some(section) = self.panes.sections.get(index).copied() {
            self.panes.section.selected = index;
            if self.panes.tree.section() != section {
                self.panes.chosen = None;
                self.panes.tree = Tree::new(self.directory(), section);
            }
        }
    }

    /// Chooses a line of the audience pane for a new caller: the phone keys start again at the first contact.
    pub(super) fn choose(&mut self, index: usize) {
        if index < self.panes.sections.len() {
            self.show_section(index);
            self.panes.tree.go(Motion::Home, 1);
            self.panes.card = CardScroll::default();
            self.panes.focus = Pane::Tree;
            self.choose_audience();
        } else {
            self.tell(format!("There is no line {}; choose 1 to {}", index + 1, self.panes.sections.len()));
        }
    }

    /// Selects an entry: in this section if it lists the entry, else in the first that does.
    fn visit(&mut self, id: EntryId) {
        let catalog = self.catalog.clone();
        let directory = catalog.directory(id);
        if self.panes.tree.select(directory, id) {
            return;
        }
        let (section, chosen) = (Section::of(directory, id), self.panes.chosen);
        if let Some(index) = self.panes.sections.iter().position(|listed| *listed == section) {
            self.show_section(index);
            self.panes.tree.select(directory, id);
            // The caller is the same, wherever the entry is listed.
            self.panes.chosen = chosen;
        }
    }

    /// Presses a key of the phone after the selected entry.
    pub(super) fn press(&mut self, key: Key) {
        let Some(here) = self.panes.tree.selected() else { return };
        let directory = self.catalog.directory(here);
        if let Some(next) = directory.after_key(here, key) {
            self.visit(next);
            return;
        }
        let options = directory.children(here).into_iter().filter_map(|child| directory.option(child));
        let keys: Vec<String> = options.map(|option| option.key.to_string()).collect();
        let title = directory.title(here);
        let message = match (keys.is_empty(), directory.option(here)) {
            (false, _) => format!("No key {key} is listed after {title}; listed: {}", keys.join(" ")),
            (true, Some(_)) => format!("No keys are listed after {title}; Backspace takes the last key back"),
            (true, None) => format!("{title} has no phone menu"),
        };
        self.message = Some(message);
    }

    /// Takes back the last key.
    pub(super) fn unpress(&mut self) {
        let Some(here) = self.panes.tree.selected() else { return };
        match self.catalog.directory(here).parent(here) {
            Some(parent) => self.visit(parent),
            None => drop(self.tell("No key has been pressed yet")),
        }
    }

    /// Takes back all keys.
    pub(super) fn start_again(&mut self) {
        match self.panes.tree.selected() {
            Some(id @ EntryId { entry: Entry::Option(contact, _), .. }) => {
                self.visit(self.catalog.directory(id).id_of(Entry::Contact(contact)));
            }
            _ => drop(self.tell("No key has been pressed yet")),
        }
    }

    pub(super) fn go_into(&mut self) {
        match (self.panes.focus, self.panes.tree.selected()) {
            (Pane::Audience, _) => {
                self.panes.focus = Pane::Tree;
                self.choose_audience();
            }
            (Pane::Tree, Some(here)) if self.panes.tree.is_collapsed(here) => self.set_collapsed(here, false),
            (Pane::Tree, Some(here)) => match self.catalog.directory(here).children(here).first() {
                Some(child) => self.visit(*child),
                None => self.panes.focus = Pane::Card,
            },
            (Pane::Tree | Pane::Card, _) => self.panes.focus = Pane::Card,
        }
    }

    pub(super) fn go_out(&mut self) {
        match (self.panes.focus, self.panes.tree.selected()) {
            (Pane::Card, _) => self.panes.focus = Pane::Tree,
            (Pane::Tree, Some(here)) => {
                let catalog = self.catalog.clone();
                let directory = catalog.directory(here);
                let is_branch = !directory.children(here).is_empty();
                if is_branch && !self.panes.tree.is_collapsed(here) {
                    self.set_collapsed(here, true);
                } else if !directory.parent(here).is_some_and(|parent| self.panes.tree.select(directory, parent)) {
                    self.panes.focus = Pane::Audience;
                }
            }
            (Pane::Tree | Pane::Audience, _) => self.panes.focus = Pane::Audience,
        }
    }

    fn set_collapsed(&mut self, id: EntryId, collapsed: bool) {
        self.panes.tree.set_collapsed(self.catalog.directory(id), id, collapsed);
    }

    pub(super) fn toggle_collapsed(&mut self) {
        if let Some(here) = self.panes.tree.selected() {
            let is_branch = !self.catalog.directory(here).children(here).is_empty();
            self.set_collapsed(here, is_branch && !self.panes.tree.is_collapsed(here));
        }
    }

    pub(super) fn cycle_focus(&mut self, by: usize) {
        self.panes.focus = Pane::ALL[(self.panes.focus as usize + by) % Pane::ALL.len()];
    }

    /// Opens what is selected, or takes the marked choice.
    pub(super) fn enter(&mut self) -> Vec<Effect> {
        match &self.overlay {
            Some(Overlay::Find(_)) => self.open_result(),
            Some(Overlay::LinkWarning(_)) => return self.take_choice(),
            Some(Overlay::CopyMenu(menu)) => return self.copy_item(menu.cursor.selected),
            Some(Overlay::Help(_) | Overlay::Qr(_) | Overlay::Loading(_)) => {}
            None => self.enter_pane(),
        }
        Vec::new()
    }

    fn enter_pane(&mut self) {
        match (self.panes.focus, self.panes.tree.selected()) {
            (Pane::Audience, _) => {
                self.panes.focus = Pane::Tree;
                self.choose_audience();
            }
            (Pane::Tree, Some(here)) if self.panes.tree.is_collapsed(here) => self.set_collapsed(here, false),
            (Pane::Tree, Some(_)) => self.panes.focus = Pane::Card,
            (Pane::Tree, None) | (Pane::Card, _) => {}
        }
    }

    /// Goes to the selected result of the find box.
    fn open_result(&mut self) {
        let Some(result) = self.find().and_then(|find| find.result()).cloned() else {
            self.tell("Nothing to go to; type what the caller needs");
            return;
        };
        self.overlay = None;
        self.remember(&result);
        self.asked = Some(result.id);
        self.panes.card = CardScroll::default();
        self.visit(result.id.by(None));
        let shows_all = self.layout().is_some_and(|layout| layout.shows_all());
        self.panes.focus = if shows_all { Pane::Tree } else { Pane::Card };
    }

    /// Takes the marked choice of the notice before a link.
    pub(super) fn take_choice(&mut self) -> Vec<Effect> {
        match self.overlay.take() {
            Some(Overlay::LinkWarning(warning)) if warning.go_on => self.open(warning.link),
            Some(Overlay::LinkWarning(_)) => self.tell("Cancelled; nothing was opened"),
            other => {
                self.overlay = other;
                Vec::new()
            }
        }
    }

    /// One step back: closes the overlay, or focuses the pane to the left.
    pub(super) fn back(&mut self) {
        if self.overlay.take().is_some() {
            return;
        }
        match self.panes.focus {
            Pane::Card => self.panes.focus = Pane::Tree,
            Pane::Tree => self.panes.focus = Pane::Audience,
            Pane::Audience => drop(self.tell("This is the start; q quits")),
        }
    }

    /// Scrolls every list so that its selection is visible, whatever the size of the screen.
    pub(super) fn scroll_to_selection(&mut self) {
        if let Some(height) = self.pane_height(Pane::Audience) {
            let selected = self.section_row(self.panes.section.selected);
            let mut rows = Cursor { selected, top: self.panes.section.top };
            rows.follow(self.section_row(self.panes.sections.len()), height);
            self.panes.section.top = rows.top;
        }
        if let Some(height) = self.pane_height(Pane::Tree) {
            match self.find_mut() {
                Some(find) => find.cursor.follow(find.results.len(), height),
                None => self.panes.tree.follow(height),
            }
        }
        let window = self.window().map(|window| (window.page.lines.len(), usize::from(window.inner.height)));
        let (Some((lines, visible)), Some(overlay)) = (window, &mut self.overlay) else { return };
        let modal = overlay.modal_mut();
        if let Some(cursor) = modal.cursor_mut() {
            cursor.follow(lines, visible);
        } else if let Some(top) = modal.top_mut() {
            *top = (*top).min(lines.saturating_sub(visible));
        }
    }
}

/// The first visible line of a text after a motion, repeated a number of times.
fn scrolled(top: usize, motion: Motion, times: usize, lines: usize, visible: usize) -> usize {
    let last = lines.saturating_sub(visible);
    (0..times).fold(top.min(last), |top, _| moved(motion, top, visible, last))
}
