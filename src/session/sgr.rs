//! Tracks a terminal's text attributes (ECMA-48 SGR) and changes them with as few bytes as possible.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The attributes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// The attributes that are set in the terminal, if they are known.
pub(super) struct Sgr(Option<Attributes>);

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

impl Attributes {
    /// Those of a terminal after a reset.
    pub(super) const DEFAULT: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    pub(super) fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a space with these attributes looks the same as an erased cell.
    pub(super) fn leaves_blanks(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(ON_BLANKS)
    }
}

impl Sgr {
    /// The attributes of a terminal whose state is unknown.
    pub(super) const UNKNOWN: Self = Self(None);

    /// Whether a space printed with these attributes looks the same as an erased cell.
    pub(super) fn leaves_blanks(&self) -> bool {
        self.0.is_some_and(Attributes::leaves_blanks)
    }

    /// Writes the sequence that sets attributes.
    pub(super) fn change(&mut self, wanted: Attributes, out: &mut impl Write) -> io::Result<()> {
        if self.0 == Some(wanted) {
            return Ok(());
        }
        // SGR has no sequence that is shorter than a reset to remove a modifier or a colour; but after a reset, the
        // long sequences of 24-bit colours would have to be repeated.
        let kept = self.0.filter(|current| {
            matches!(wanted.bg, Color::Rgb(..))
                || wanted.modifier.contains(current.modifier)
                    && (wanted.fg != Color::Reset || current.fg == Color::Reset)
                    && (wanted.bg != Color::Reset || current.bg == Color::Reset)
        });
        let must_reset = kept.is_none();
        let mut before = kept.unwrap_or(Attributes::DEFAULT);
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
        self.0 = Some(wanted);
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
