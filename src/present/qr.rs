//! QR codes (ISO/IEC 18004) drawn with characters, for the screen and for print.

use qrcode::{Color, EcLevel, QrCode};
use ratatui::layout::Size;

use super::page::{Piece, TextStyle};

/// How the modules of a code, its dark and light squares, are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modules {
    /// One half-block character for two modules, one above the other.
    HalfBlocks,
    /// Two spaces for each module, in its background colour.
    Spaces,
}

/// A QR code with the light border that scanners need.
#[derive(Clone)]
pub struct Qr {
    code: QrCode,
    modules: Modules,
}

/// The width of the light border, in modules (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;
/// From the most error correction to the least, which gives the smallest code.
const LEVELS: [EcLevel; 4] = [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L];

impl Qr {
    /// The code of a text with the most error correction that fits an area; `None` where none fits.
    pub fn new(text: &str, area: Size, modules: Modules) -> Option<Self> {
        let fits = |qr: &Self| qr.size().width <= area.width && qr.size().height <= area.height;
        LEVELS.into_iter().filter_map(|level| Self::at(level, text, modules)).find(fits)
    }

    /// The size of the smallest code of a text; `None` where a text is too long for any.
    pub fn min_size(text: &str, modules: Modules) -> Option<Size> {
        LEVELS.into_iter().rev().find_map(|level| Self::at(level, text, modules)).map(|qr| qr.size())
    }

    fn at(level: EcLevel, text: &str, modules: Modules) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        Some(Self { code, modules })
    }

    /// Its size, in characters.
    pub fn size(&self) -> Size {
        let side = self.side();
        let (width, height) = match self.modules {
            Modules::HalfBlocks => (side, side.div_ceil(2)),
            Modules::Spaces => (side * 2, side),
        };
        let cells = |count| u16::try_from(count).unwrap_or(u16::MAX);
        Size { width: cells(width), height: cells(height) }
    }

    /// Its lines, in the styles [`TextStyle::Paper`] and [`TextStyle::Ink`].
    pub fn lines(&self) -> Vec<Vec<Piece>> {
        let side = self.side();
        match self.modules {
            Modules::HalfBlocks => (0..side).step_by(2).map(|y| vec![self.half_blocks(y)]).collect(),
            Modules::Spaces => (0..side).map(|y| self.spaces(y)).collect(),
        }
    }

    /// The number of modules on a side, with the border.
    fn side(&self) -> usize {
        self.code.width() + 2 * QUIET_ZONE
    }

    /// Whether a module is dark. Coordinates count from the corner of the border.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|at| *at < self.code.width());
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

    /// A row of modules, one piece for each run of one colour.
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

    fn widths(area: Size) -> Option<(u16, EcLevel)> {
        Qr::new(LINK, area, Modules::HalfBlocks).map(|qr| (qr.size().width, qr.code.error_correction_level()))
    }

    #[test]
    fn the_most_error_correction_that_fits_is_used() {
        assert_eq!(widths(Size { width: 80, height: 40 }), Some((37, EcLevel::H)));
        assert_eq!(widths(Size { width: 80, height: 18 }), Some((33, EcLevel::Q)));
        assert_eq!(widths(Size { width: 80, height: 16 }), None);
        assert_eq!(widths(Size { width: 32, height: 40 }), None);
        assert_eq!(Qr::min_size(LINK, Modules::HalfBlocks), Some(Size { width: 33, height: 17 }));
        assert_eq!(Qr::min_size(LINK, Modules::Spaces), Some(Size { width: 66, height: 33 }));
        assert_eq!(Qr::min_size(&"x".repeat(3000), Modules::HalfBlocks), None, "no code holds that much");
    }

    #[test]
    fn lines_have_the_size_that_is_reported() {
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
