//! How text is drawn for a reader: which characters, which colours, and the reader's time zone.

use jiff::tz::TimeZone;

use super::qr::Modules;

/// How text is drawn for a reader.
#[derive(Clone, Debug)]
pub struct Display {
    /// The symbols to draw with.
    pub glyphs: Glyphs,
    /// Whether to use colours; without, bold, dim and reverse video carry the same meaning.
    pub colors: bool,
    /// The reader's own time zone, where the frontend knows it.
    pub reader_zone: Option<TimeZone>,
    /// How times of day are written.
    pub clock: Clock,
}

/// How times of day are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// `5:00 PM`
    #[default]
    TwelveHour,
    /// `17:00`
    TwentyFourHour,
}

impl Default for Display {
    fn default() -> Self {
        Self { glyphs: Glyphs::UNICODE, colors: true, reader_zone: None, clock: Clock::default() }
    }
}

/// The symbols to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names and the two sets below say what each is.
pub struct Glyphs {
    pub expanded: &'static str,
    pub collapsed: &'static str,
    pub then: &'static str,
    pub cursor: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub dot: &'static str,
    pub dash: &'static str,
    pub rule: &'static str,
    pub arrow: &'static str,
    pub ellipsis: &'static str,
    pub bar_done: &'static str,
    pub bar_left: &'static str,
    pub ascii_borders: bool,
    pub modules: Modules,
}

impl Glyphs {
    /// For terminals that draw Unicode.
    pub const UNICODE: Self = Self {
        expanded: "▾",
        collapsed: "▸",
        then: "▸",
        cursor: "▌",
        open: "●",
        closed: "○",
        dot: "·",
        dash: "–",
        rule: "─",
        arrow: "→",
        ellipsis: "…",
        bar_done: "█",
        bar_left: "░",
        ascii_borders: false,
        modules: Modules::HalfBlocks,
    };

    /// For terminals that draw ASCII only.
    pub const ASCII: Self = Self {
        expanded: "-",
        collapsed: "+",
        then: ">",
        cursor: ">",
        open: "*",
        closed: "o",
        dot: "-",
        dash: "-",
        rule: "-",
        arrow: "->",
        ellipsis: "~",
        bar_done: "#",
        bar_left: ".",
        ascii_borders: true,
        modules: Modules::Spaces,
    };
}
