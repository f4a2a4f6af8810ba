//! QR codes (ISO/IEC 18004) out of characters, for the screen and for print. Pure: a text and a room in, lines out.

use qrcode::{Color, EcLevel, QrCode};
use ratatui::layout::Size;

use super::page::{Piece, TextStyle};
use crate::directory::{Channel, Directory, Endpoint, EntryId};

/// What a phone's camera is given of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// What it dials, writes to or opens.
    pub link: String,
    /// The same in words.
    pub said: String,
    /// Keys that a link cannot hold have to be pressed by hand.
    pub lacks_keys: bool,
    /// The notice, in [`Directory::notices`], that comes before the page.
    pub gate: Option<usize>,
}

impl Scan {
    /// What is given of an answer by one of its channels, or of a notice.
    ///
    /// # Errors
    /// Why there is nothing.
    pub fn of(directory: &Directory, answer: EntryId, channel: Option<&Channel>) -> Result<Self, &'static str> {
        const NONE: &str = "There is no number or address for a QR code";
        let page = match channel.map(|channel| &channel.reach) {
            Some(Endpoint::Fax(_)) => return Err("A phone's camera dials no fax; copy its number"),
            Some(Endpoint::Web(page)) => page.as_ref(),
            Some(_) => None,
            None => directory.page(answer),
        };
        let gate = page.and_then(|page| directory.gate(page.host()));
        let Some(channel) = channel else {
            let page = page.ok_or(NONE)?;
            return Ok(Self { link: page.to_string(), said: page.printed().to_owned(), lacks_keys: false, gate });
        };
        let kind = if matches!(channel.reach, Endpoint::Tty(_)) { "TTY " } else { "" };
        Ok(Self {
            link: directory.link(answer, channel).ok_or(NONE)?,
            said: format!("{kind}{}", directory.say_by(answer, channel).ok_or(NONE)?),
            lacks_keys: directory.dial(answer, channel).is_some_and(|dial| dial.paused.is_none()),
            gate,
        })
    }
}

/// What is said where [`Scan::lacks_keys`].
pub const LACKS_KEYS: &str = "A link holds no * and no #: press the keys by hand.";

/// How the modules of a code, its dark and light squares, become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modules {
    /// A character for two, one above the other.
    HalfBlocks,
    /// Two spaces for each, told apart by what is behind them.
    Spaces,
}

/// A code with the light border that readers need.
#[derive(Clone)]
pub struct Qr {
    code: QrCode,
    modules: Modules,
}

/// The light modules on each side.
const QUIET: usize = 4;
/// From the most error correction to the least, which is the smallest.
const LEVELS: [EcLevel; 4] = [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L];

impl Qr {
    /// The code of a text with the most error correction that fits the room; `None` where none does.
    pub fn new(text: &str, room: Size, modules: Modules) -> Option<Self> {
        let fits = |qr: &Self| qr.size().width <= room.width && qr.size().height <= room.height;
        LEVELS.into_iter().filter_map(|level| Self::at(level, text, modules)).find(fits)
    }

    /// The room that the smallest code of a text takes; `None` where a text is too long for any.
    pub fn least(text: &str, modules: Modules) -> Option<Size> {
        LEVELS.into_iter().rev().find_map(|level| Self::at(level, text, modules)).map(|qr| qr.size())
    }

    fn at(level: EcLevel, text: &str, modules: Modules) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        Some(Self { code, modules })
    }

    /// The room that it takes, in characters.
    pub fn size(&self) -> Size {
        let side = self.side();
        let (width, height) = match self.modules {
            Modules::HalfBlocks => (side, side.div_ceil(2)),
            Modules::Spaces => (side * 2, side),
        };
        let cells = |count| u16::try_from(count).unwrap_or(u16::MAX);
        Size { width: cells(width), height: cells(height) }
    }

    /// Its lines, in the roles [`TextStyle::Paper`] and [`TextStyle::Ink`].
    pub fn lines(&self) -> Vec<Vec<Piece>> {
        let side = self.side();
        match self.modules {
            Modules::HalfBlocks => (0..side).step_by(2).map(|y| vec![self.half_blocks(y)]).collect(),
            Modules::Spaces => (0..side).map(|y| self.spaces(y)).collect(),
        }
    }

    /// The modules of a side, with the border.
    fn side(&self) -> usize {
        self.code.width() + 2 * QUIET
    }

    /// Whether a module is dark, counted from the corner of the border.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |place: usize| place.checked_sub(QUIET).filter(|place| *place < self.code.width());
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if self.code[(x, y)] == Color::Dark)
    }

    /// A row of modules and the one below it.
    fn half_blocks(&self, y: usize) -> Piece {
        let block = |x| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        Piece { text: (0..self.side()).map(block).collect(), style: TextStyle::Paper }
    }

    /// A row of modules, in as few pieces as there are runs.
    fn spaces(&self, y: usize) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for x in 0..self.side() {
            let style = if self.is_dark(x, y) { TextStyle::Ink } else { TextStyle::Paper };
            match pieces.last_mut().filter(|piece| piece.style == style) {
                Some(piece) => piece.text += "  ",
                None => pieces.push(Piece { text: "  ".to_owned(), style }),
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "tel:+18009093447,,1,,1";

    fn widths(room: Size) -> Option<(u16, EcLevel)> {
        Qr::new(LINK, room, Modules::HalfBlocks).map(|qr| (qr.size().width, qr.code.error_correction_level()))
    }

    #[test]
    fn the_most_error_correction_that_fits_is_taken() {
        assert_eq!(widths(Size { width: 80, height: 40 }), Some((37, EcLevel::H)));
        assert_eq!(widths(Size { width: 80, height: 18 }), Some((33, EcLevel::Q)));
        assert_eq!(widths(Size { width: 80, height: 16 }), None);
        assert_eq!(widths(Size { width: 32, height: 40 }), None);
        assert_eq!(Qr::least(LINK, Modules::HalfBlocks), Some(Size { width: 33, height: 17 }));
        assert_eq!(Qr::least(LINK, Modules::Spaces), Some(Size { width: 66, height: 33 }));
        assert_eq!(Qr::least(&"x".repeat(3000), Modules::HalfBlocks), None, "no code holds that much");
    }

    #[test]
    fn lines_are_as_wide_and_as_many_as_they_say() {
        for modules in [Modules::HalfBlocks, Modules::Spaces] {
            let qr = Qr::new(LINK, Size::MAX, modules).unwrap();
            let Size { width, height } = qr.size();
            let lines = qr.lines();
            assert_eq!(lines.len(), usize::from(height));
            for line in lines {
                let columns: usize = line.iter().map(|piece| piece.text.chars().count()).sum();
                assert_eq!(columns, usize::from(width));
            }
        }
    }
}
