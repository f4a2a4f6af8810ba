//! A QR code for print: what a phone's camera dials, writes to or opens.

use ratatui::layout::Size;

use super::Reader;
use crate::directory::EntryId;
use crate::present::card::Card;
use crate::present::page::{Page, TextStyle};
use crate::present::qr::Qr;
use crate::present::share::{QrLink, QrLinkError};
use crate::search::Catalog;

/// The height of a small terminal without the caption and the prompt: a code must be visible whole to be scanned.
const HEIGHT: u16 = 21;

/// Why a QR code is not printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// No link reaches the entry.
    #[error("{title}: {why}")]
    NoLink {
        /// The title of the entry.
        title: String,
        /// Why.
        why: QrLinkError,
    },
    /// The page is too narrow.
    #[error("the QR code of {link} needs {needed} columns, and there are {width}; widen the terminal")]
    TooNarrow {
        /// The link.
        link: String,
        /// The width of the smallest code, in columns.
        needed: u16,
        /// The width of the page, in columns.
        width: u16,
    },
}

/// The code of an entry, with its number in words below it.
///
/// # Errors
/// When no link reaches the entry, or the code is wider than the page.
pub fn qr(catalog: &Catalog, id: EntryId, reader: &Reader<'_>) -> Result<Page, QrError> {
    let directory = catalog.directory(id);
    let card = Card::new(directory, id, None);
    let title = card.title();
    let link = QrLink::new(directory, &card).map_err(|why| QrError::NoLink { title: title.to_owned(), why })?;
    let modules = reader.display.glyphs.modules;
    let area = Size { width: reader.width, height: HEIGHT };
    let code =
        Qr::new(&link.link, area, modules).or_else(|| Qr::new(&link.link, Size { height: u16::MAX, ..area }, modules));
    let Some(code) = code else {
        let needed = Qr::min_size(&link.link, modules).map_or(u16::MAX, |size| size.width);
        return Err(QrError::TooNarrow { link: link.link, needed, width: reader.width });
    };
    let mut page = Page::new(reader.width);
    page.lines = code.lines();
    page.text(&format!("{title}: {}", link.say), TextStyle::Strong);
    if link.lacks_keys {
        page.text(QrLink::LACKS_KEYS, TextStyle::Alert);
    }
    if let Some(notice) = link.notice.and_then(|notice| directory.notices.get(notice)) {
        page.text(&format!("An outside page: read `dialtree notice {}` before it.", notice.id), TextStyle::Quiet);
    }
    Ok(page)
}
