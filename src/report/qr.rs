//! A QR code for print: what a phone's camera dials, writes to or opens.

use ratatui::layout::Size;

use super::{Reader, Subject};
use crate::app::page::{Page, Role};
use crate::app::qr::Qr;
use crate::directory::{Directory, Reach};

/// The rows of a small terminal, less those of the caption and the prompt: a code is scanned whole.
const ROWS: u16 = 21;

/// The code of an answer, with what it is of below it.
///
/// # Errors
/// Why there is none, and what would be right.
pub fn qr(directory: &Directory, subject: Subject, reader: &Reader<'_>) -> Result<Page, String> {
    let title = directory.title(subject.answer);
    let by = subject.by(directory);
    let link = match by {
        Some(channel) if matches!(channel.reach, Reach::Fax(_)) => {
            return Err(format!("{title} is reached by fax, which a phone's camera does not dial"));
        }
        Some(channel) => directory.link(subject.answer, channel),
        None => directory.page(subject.answer).map(ToString::to_string),
    };
    let link = link.ok_or_else(|| format!("{title} has no number and no address for a QR code"))?;
    let modules = reader.environment.glyphs.modules;
    let room = Size { width: reader.width, height: ROWS };
    let code = Qr::new(&link, room, modules).or_else(|| Qr::new(&link, Size { height: u16::MAX, ..room }, modules));
    let Some(code) = code else {
        let least = Qr::least(&link, modules).map_or(u16::MAX, |least| least.width);
        return Err(format!("the QR code of {link} needs {least} columns; here are {}", reader.width));
    };
    let mut page = Page::new(reader.width);
    page.lines = code.lines();
    page.text(&format!("{title}: {}", subject.say_kind(directory).unwrap_or_else(|| link.clone())), Role::Strong);
    if by.and_then(|channel| directory.dial(subject.answer, channel)).is_some_and(|dial| dial.paused.is_none()) {
        page.text("A link holds no * and no #: press the keys by hand.", Role::Alert);
    }
    Ok(page)
}
