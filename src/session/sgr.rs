//! Tracks a terminal's text attributes (ECMA-48 SGR) and changes them with as few bytes as possible.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The attributes that are set in the terminal, if they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sgr {
    is_known: bool,
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// The modifiers that are visible on a blank cell.
const ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The SGR parameter of each modifier.
const PARAMETERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// The SGR parameter that removes modifiers.
const REMOVERS: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

impl Sgr {
    /// The attributes of a terminal whose state is unknown.
    pub(super) const UNKNOWN: Self =
        Self { is_known: false, fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    /// Whether a cell looks the same as an erased one.
    pub(super) fn is_blank(cell: &Cell) -> bool {
        cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.intersects(ON_BLANKS)
    }

    /// Whether a space printed with these attributes looks the same as an erased cell.
    pub(super) fn leaves_blanks(&self) -> bool {
        self.is_known && self.bg == Color::Reset && !self.modifier.intersects(ON_BLANKS)
    }

    /// Writes the sequence that sets the attributes of a cell. For a blank cell, only attributes visible on it matter.
    pub(super) fn change(&mut self, cell: &Cell, out: &mut impl Write) -> io::Result<()> {
        let same = (self.fg, self.bg, self.modifier) == (cell.fg, cell.bg, cell.modifier);
        if self.is_known && same || Self::is_blank(cell) && self.leaves_blanks() {
            return Ok(());
        }
        let wanted = Self { is_known: true, fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        // SGR has no sequence that is shorter than a reset to remove a modifier or a colour; but after a reset, the long
        // sequences of 24-bit colours would have to be repeated.
        let must_reset = !self.is_known
            || !matches!(wanted.bg, Color::Rgb(..))
                && (!wanted.modifier.contains(self.modifier)
                    || (wanted.fg == Color::Reset && self.fg != Color::Reset)
                    || (wanted.bg == Color::Reset && self.bg != Color::Reset));
        let mut before = if must_reset { Self { is_known: true, ..Self::UNKNOWN } } else { *self };
        let mut separator = "\x1b[";
        for (modifiers, parameter) in REMOVERS {
            if (before.modifier - wanted.modifier).intersects(modifiers) {
                write!(out, "{separator}{parameter}")?;
                (before.modifier, separator) = (before.modifier - modifiers, ";");
            }
        }
        if must_reset && wanted != before {
            out.write_all(b"\x1b[0")?;
            separator = ";";
        } else if must_reset {
            out.write_all(b"\x1b[")?;
        }
        for (modifier, parameter) in PARAMETERS {
            if wanted.modifier.contains(modifier) && !before.modifier.contains(modifier) {
                write!(out, "{separator}{parameter}")?;
                separator = ";";
            }
        }
        for (color, old, base) in [(wanted.fg, before.fg, 30), (wanted.bg, before.bg, 40)] {
            if color != old {
                write!(out, "{separator}")?;
                write_color(color, base, out)?;
                separator = ";";
            }
        }
        *self = wanted;
        out.write_all(b"m")
    }
}

/// Writes the SGR parameters of a colour. `base` is 30 for the foreground and 40 for the background.
fn write_color(color: Color, base: u8, out: &mut impl Write) -> io::Result<()> {
    let bright = base + 60;
    let parameter = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => bright,
        Color::LightRed => bright + 1,
        Color::LightGreen => bright + 2,
        Color::LightYellow => bright + 3,
        Color::LightBlue => bright + 4,
        Color::LightMagenta => bright + 5,
        Color::LightCyan => bright + 6,
        Color::White => bright + 7,
        Color::Indexed(index) => return write!(out, "{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => return write!(out, "{};2;{red};{green};{blue}", base + 8),
    };
    write!(out, "{parameter}")
}
