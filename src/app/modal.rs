//! The behaviour that all overlays share.

use super::App;
use super::keymap::InputMode;
use super::layout::Layout;
use super::tree::Cursor;
use crate::present::page::Page;

/// The behaviour that all overlays share.
pub(super) trait Modal {
    /// Where the keys go.
    fn mode(&self) -> InputMode;

    /// What its window shows; `None` for an overlay that is drawn in the panes or instead of them.
    fn content(&self, _app: &App, _layout: &Layout) -> Option<Content> {
        None
    }

    /// The first visible line, where the overlay shows a text.
    fn top_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// The selected line, where the overlay shows a list in a window.
    fn cursor_mut(&mut self) -> Option<&mut Cursor> {
        None
    }
}

/// What the window of an overlay shows.
pub(super) struct Content {
    pub(super) title: &'static str,
    pub(super) page: Page,
    pub(super) top: usize,
    /// The lines kept free under the page.
    pub(super) foot: u16,
}
