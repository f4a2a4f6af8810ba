//! The window of an overlay: what it shows, and what keys and clicks do in it.

use ratatui::layout::{Position, Rect, Size};
use textwrap::core::display_width;

use super::action::Motion;
use super::cursor::{Cursor, scrolled};
use super::layout::{MAX_TEXT_WIDTH, line_at};
use super::overlay::{LinkWarning, NoteBox, Overlay, OverlayKind};
use super::state::App;
use crate::present::card::Card;
use crate::present::card_page::card_page;
use crate::present::page::Page;

/// The lines that the choices of a notice take: an empty one and the choices.
const CHOICES_HEIGHT: u16 = 2;
/// The narrowest window in which the choices of a notice have space around them.
const MIN_SPACED_WIDTH: u16 = 26;

/// A window over the panes: a page and the part of it that is visible.
#[derive(Clone, Debug)]
pub struct Window {
    /// The title in the border.
    pub title: String,
    /// The text.
    pub page: Page,
    /// The index of the first visible line.
    pub top: usize,
    /// The index of the selected line, where the window shows a list.
    pub selected: Option<usize>,
    /// The area with the border.
    pub area: Rect,
    /// The area of the lines.
    pub inner: Rect,
    /// The column of the cursor in the first line, where the window is a box for a text.
    pub caret: Option<u16>,
    /// The choices below the lines.
    pub choices: Vec<Choice>,
}

/// A choice in a window.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its text, in brackets if it is marked.
    pub label: String,
    /// Whether Enter takes it.
    pub is_marked: bool,
    /// Where it is.
    pub area: Rect,
}

impl App {
    /// Selects the first line of a window whose lines have changed.
    pub(super) fn reset_window(&mut self) {
        if let Some(overlay) = &mut self.overlay {
            overlay.cursor = Cursor::default();
        }
    }

    pub(super) fn open_overlay(&mut self, kind: OverlayKind) {
        self.overlay = Some(Overlay::new(kind));
    }

    /// The window of the open overlay; `None` where the screen is too small.
    pub fn window(&self) -> Option<Window> {
        let (layout, Overlay { kind, cursor }) = (self.layout()?, self.overlay.as_ref()?);
        let width = layout.window_inner(Size::MAX).width.min(MAX_TEXT_WIDTH);
        let (title, [page, space]) = match kind {
            OverlayKind::Palette(palette) => (self.palette_title(palette), self.palette_pages(palette, width)),
            OverlayKind::LinkWarning(warning) => {
                ("Before this link opens".to_owned(), both(self.warning_page(warning, width)))
            }
            OverlayKind::CopyMenu => ("Copy".to_owned(), both(self.copy_page(width))),
            OverlayKind::Qr => ("QR code".to_owned(), both(self.qr_page(&layout))),
            OverlayKind::Note(note) => (self.note_title(note), both(self.note_page(note, width))),
            OverlayKind::Directories(filter) => (self.directories_title(filter), self.directories_pages(filter, width)),
            OverlayKind::Changes => (self.changes_title(), both(self.changes_page(width))),
            OverlayKind::Problems => (self.problems_title(), both(self.problems_page(width))),
        };
        let warning = self.link_warning();
        let foot = if warning.is_some() { CHOICES_HEIGHT } else { 0 };
        let height = u16::try_from(space.lines.len()).unwrap_or(u16::MAX).saturating_add(foot);
        let text = Size { width: space.width(), height };
        let mut inner = layout.window_inner(text);
        inner.height = inner.height.saturating_sub(foot);
        let choices = warning.map(|warning| self.choices(warning, inner)).unwrap_or_default();
        let is_list = matches!(kind, OverlayKind::CopyMenu | OverlayKind::Palette(_) | OverlayKind::Directories(_));
        let selected = Some(cursor.selected).filter(|line| is_list && *line < page.lines.len());
        let caret = match kind {
            OverlayKind::Note(NoteBox { input, .. }) => {
                let scroll = input.visual_scroll(usize::from(width).saturating_sub(1));
                let column = input.visual_cursor().saturating_sub(scroll);
                u16::try_from(column).ok()
            }
            _ => None,
        };
        Some(Window { caret, title, page, top: cursor.top, selected, area: layout.window(text), inner, choices })
    }

    /// The notice that is shown before a link opens.
    pub fn link_warning(&self) -> Option<&LinkWarning> {
        match &self.overlay.as_ref()?.kind {
            OverlayKind::LinkWarning(warning) => Some(warning),
            _ => None,
        }
    }

    fn warning_page(&self, warning: &LinkWarning, width: u16) -> Page {
        let card = Card::new(self.catalog.directory(warning.notice), warning.notice, None);
        let mut page = card_page(&card, &self.environment.display, width);
        page.prepend_headline(&warning.link);
        page
    }

    /// The two choices of a notice: cancel and continue.
    fn choices(&self, warning: &LinkWarning, inner: Rect) -> Vec<Choice> {
        let row = Rect { y: inner.bottom() + CHOICES_HEIGHT - 1, height: 1, ..inner };
        let (space, gap) = if inner.width >= MIN_SPACED_WIDTH { (4, 2) } else { (2, 0) };
        let mut x = inner.x;
        let choice = |(text, is_marked): (&str, bool)| {
            let text_width = u16::try_from(display_width(text)).unwrap_or(u16::MAX);
            let width = text_width.saturating_add(space);
            let area = Rect { x, width, ..row }.intersection(row);
            x = x.saturating_add(width).saturating_add(gap);
            let pad = if area.width < text_width.saturating_add(4) { "" } else { " " };
            let [left, right] = if is_marked { ['[', ']'] } else { [' ', ' '] };
            Choice { label: format!("{left}{pad}{text}{pad}{right}"), is_marked, area }
        };
        let [cancel, go_on] = warning.choices(self.catalog.directory(warning.notice));
        [(cancel, !warning.go_on), (go_on, warning.go_on)].map(choice).into()
    }

    pub(super) fn link_warning_mut(&mut self) -> Option<&mut LinkWarning> {
        match &mut self.overlay.as_mut()?.kind {
            OverlayKind::LinkWarning(warning) => Some(warning),
            _ => None,
        }
    }

    /// Takes the marked choice or copies the selected line.
    pub(super) fn enter_window(&mut self) {
        let Some(Overlay { kind, cursor }) = &self.overlay else { return };
        match kind {
            OverlayKind::LinkWarning(LinkWarning { go_on, link, .. }) => {
                let link = go_on.then(|| link.clone());
                self.overlay = None;
                match link {
                    Some(link) => self.open(link),
                    None => self.tell("Cancelled; nothing was opened"),
                }
            }
            OverlayKind::CopyMenu => self.copy_item(cursor.selected),
            OverlayKind::Palette(_) => self.run_selected(),
            OverlayKind::Directories(_) => self.choose_selected_directory(),
            OverlayKind::Qr | OverlayKind::Problems | OverlayKind::Changes => {}
            OverlayKind::Note(_) => self.keep_note(),
        }
    }

    /// Moves the selection or the text.
    pub(super) fn go_in_window(&mut self, motion: Motion, times: usize) {
        let (Some(window), Some(overlay)) = (self.window(), &mut self.overlay) else { return };
        let (lines, visible) = (window.page.lines.len(), usize::from(window.inner.height));
        match window.selected {
            Some(_) => overlay.cursor.selected = overlay.cursor.after(motion, lines, visible),
            None => overlay.cursor.top = scrolled(window.top, motion, times, lines, visible),
        }
    }

    /// Scrolls so that the selection is visible, and no further than to the end of the text.
    pub(super) fn scroll_window(&mut self) {
        let (Some(window), Some(overlay)) = (self.window(), &mut self.overlay) else { return };
        let (lines, visible) = (window.page.lines.len(), usize::from(window.inner.height));
        match window.selected {
            Some(_) => overlay.cursor.follow(lines, visible),
            None => overlay.cursor.top = window.top.min(lines.saturating_sub(visible)),
        }
    }

    /// Takes the choice or the line at a cell. A click beside a list, or on a text without choices, closes the window.
    pub(super) fn click_window(&mut self, at: Position) {
        let Some(window) = self.window() else { return };
        if !window.choices.is_empty() {
            let index = window.choices.iter().position(|choice| choice.area.contains(at));
            if let (Some(index), Some(warning)) = (index, self.link_warning_mut()) {
                warning.go_on = index == 1;
                self.enter_window();
            }
        } else if window.caret.is_some() {
            // A click does not lose what is typed.
            if !window.area.contains(at) {
                self.keep_note();
            }
        } else if window.selected.is_none() || !window.area.contains(at) {
            self.back();
        } else if let Some(line) = line_at(window.inner, at).map(|line| window.top + line)
            && line < window.page.lines.len()
            && let Some(overlay) = &mut self.overlay
        {
            overlay.cursor.selected = line;
            self.enter_window();
        }
    }
}

/// A page, and the page that its window has space for.
fn both(page: Page) -> [Page; 2] {
    [page.clone(), page]
}
