//! A QR code for print: what a phone's camera dials, writes to or opens.

use ratatui::layout::Size;

use super::{Reader, Subject};
use crate::app::page::{Page, TextStyle};
use crate::app::qr::{LACKS_KEYS, Qr, Scan};
use crate::directory::Directory;

/// The rows of a small terminal, less those of the caption and the prompt: a code is scanned whole.
const ROWS: u16 = 21;

/// The code of an answer, with what it is of below it.
///
/// # Errors
/// Why there is none, and what would be right.
pub fn qr(directory: &Directory, subject: Subject, reader: &Reader<'_>) -> Result<Page, String> {
    let title = directory.title(subject.answer);
    let scan = Scan::of(directory, subject.answer, subject.by(directory)).map_err(|why| format!("{title}: {why}"))?;
    let modules = reader.environment.glyphs.modules;
    let room = Size { width: reader.width, height: ROWS };
    let code =
        Qr::new(&scan.link, room, modules).or_else(|| Qr::new(&scan.link, Size { height: u16::MAX, ..room }, modules));
    let Some(code) = code else {
        let least = Qr::least(&scan.link, modules).map_or(u16::MAX, |least| least.width);
        return Err(format!("the QR code of {} needs {least} columns; here are {}", scan.link, reader.width));
    };
    let mut page = Page::new(reader.width);
    page.lines = code.lines();
    page.text(&format!("{title}: {}", scan.said), TextStyle::Strong);
    if scan.lacks_keys {
        page.text(LACKS_KEYS, TextStyle::Alert);
    }
    if let Some(notice) = scan.gate.and_then(|notice| directory.notices.get(notice)) {
        page.text(&format!("An outside page: `dialtree notice {}` is read before it.", notice.id), TextStyle::Quiet);
    }
    Ok(page)
}
