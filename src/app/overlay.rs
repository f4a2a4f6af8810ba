//! Overlays: what covers the panes and takes the keys.

use ratatui::layout::{Rect, Size};

use super::App;
use super::find::Find;
use super::keymap::{self, InputMode};
use super::layout::{Layout, MAX_TEXT_WIDTH};
use super::modal::{Content, Modal};
use super::tree::Cursor;
use crate::directory::progress::Progress;
use crate::directory::{Directory, EntryId};
use crate::present::card::Card;
use crate::present::card_page::card_page;
use crate::present::page::{Page, TextStyle};

/// The lines that the choices of a notice take: an empty one and the choices.
pub(super) const CHOICES_HEIGHT: u16 = 2;

/// An open overlay.
#[derive(Clone, Debug)]
pub(super) enum Overlay {
    Find(Find),
    Help(Help),
    LinkWarning(LinkWarning),
    CopyMenu(CopyMenu),
    Qr(QrWindow),
    Loading(Loading),
}

impl Overlay {
    pub(super) fn modal(&self) -> &dyn Modal {
        match self {
            Self::Find(overlay) => overlay,
            Self::Help(overlay) => overlay,
            Self::LinkWarning(overlay) => overlay,
            Self::CopyMenu(overlay) => overlay,
            Self::Qr(overlay) => overlay,
            Self::Loading(overlay) => overlay,
        }
    }

    pub(super) fn modal_mut(&mut self) -> &mut dyn Modal {
        match self {
            Self::Find(overlay) => overlay,
            Self::Help(overlay) => overlay,
            Self::LinkWarning(overlay) => overlay,
            Self::CopyMenu(overlay) => overlay,
            Self::Qr(overlay) => overlay,
            Self::Loading(overlay) => overlay,
        }
    }
}

/// A window over the panes: a page and the part of it that is visible.
#[derive(Clone, Debug)]
pub struct Window {
    /// The title in the border.
    pub title: &'static str,
    /// The text.
    pub page: Page,
    /// The index of the first visible line.
    pub top: usize,
    /// The area with the border.
    pub area: Rect,
    /// The area of the lines.
    pub inner: Rect,
}

/// The list of keys.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Help {
    top: usize,
}

impl Modal for Help {
    fn mode(&self) -> InputMode {
        InputMode::Help
    }

    fn content(&self, _app: &App, layout: &Layout) -> Option<Content> {
        let mut page = Page::new(text_width(layout));
        for (heading, modes) in keymap::CHAPTERS {
            page.gap();
            page.text(heading, TextStyle::Strong);
            for (keys, does) in keymap::lines(modes) {
                page.entry(&keys, does);
            }
        }
        Some(Content { title: "Keys", page, top: self.top, foot: 0 })
    }

    fn top_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.top)
    }
}

/// The notice that is shown before a link opens.
#[derive(Clone, Debug)]
pub struct LinkWarning {
    /// The notice.
    pub notice: EntryId,
    /// The link that opens if the user continues.
    pub link: String,
    /// Whether the choice to continue is marked; at first, the choice to cancel is.
    pub go_on: bool,
    /// The index of the first visible line of the notice.
    pub(super) top: usize,
}

impl LinkWarning {
    /// The two choices in the words of the notice: cancel and continue.
    pub fn choices<'a>(&self, directory: &'a Directory) -> [&'a str; 2] {
        match directory.notice(self.notice).map(|notice| &notice.choices[..]) {
            Some([go_on, stay]) => [stay, go_on],
            _ => ["Cancel", "Continue"],
        }
    }
}

impl Modal for LinkWarning {
    fn mode(&self) -> InputMode {
        InputMode::LinkWarning
    }

    fn content(&self, app: &App, layout: &Layout) -> Option<Content> {
        let card = Card::new(app.catalog.directory(self.notice), self.notice, None);
        let mut page = card_page(&card, &app.environment.display, text_width(layout));
        page.prepend_headline(&self.link);
        Some(Content { title: "Before this link opens", page, top: self.top, foot: CHOICES_HEIGHT })
    }

    fn top_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.top)
    }
}

/// The menu of texts that can be copied.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CopyMenu {
    pub(super) cursor: Cursor,
}

impl Modal for CopyMenu {
    fn mode(&self) -> InputMode {
        InputMode::Copy
    }

    fn content(&self, app: &App, layout: &Layout) -> Option<Content> {
        Some(Content { title: "Copy", page: app.copy_menu(text_width(layout)), top: self.cursor.top, foot: 0 })
    }

    fn cursor_mut(&mut self) -> Option<&mut Cursor> {
        Some(&mut self.cursor)
    }
}

/// A QR code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct QrWindow {
    top: usize,
}

impl Modal for QrWindow {
    fn mode(&self) -> InputMode {
        InputMode::Qr
    }

    fn content(&self, app: &App, layout: &Layout) -> Option<Content> {
        Some(Content { title: "QR code", page: app.qr_page(layout), top: self.top, foot: 0 })
    }

    fn top_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.top)
    }
}

/// The loading progress of the first directory, until there is one to show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loading(pub(super) Progress);

impl Modal for Loading {
    fn mode(&self) -> InputMode {
        InputMode::Loading
    }
}

/// The width of the text in a window, in columns.
fn text_width(layout: &Layout) -> u16 {
    layout.window_inner(Size::MAX).width.min(MAX_TEXT_WIDTH)
}

impl App {
    /// The window of the open overlay, if it has one.
    pub fn window(&self) -> Option<Window> {
        let layout = self.layout()?;
        let Content { title, page, top, foot } = self.overlay.as_ref()?.modal().content(self, &layout)?;
        let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX).saturating_add(foot);
        let text = Size { width: page.width(), height };
        let mut inner = layout.window_inner(text);
        inner.height = inner.height.saturating_sub(foot);
        Some(Window { title, page, top, area: layout.window(text), inner })
    }

    /// The selected line of the copy menu, if it is open.
    pub fn copy_cursor(&self) -> Option<Cursor> {
        match &self.overlay {
            Some(Overlay::CopyMenu(menu)) => Some(menu.cursor),
            _ => None,
        }
    }
}
