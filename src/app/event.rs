//! Events: keys, pastes, the mouse, sizes, time and what a frontend reports. Independent of any terminal library, so
//! that every frontend and every test can drive the app.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clipboard::Clipboard;
use crate::directory::problem::Problem;
use crate::directory::progress::Progress;
use crate::directory::text::{is_control_like, sanitized};
use crate::present::share::CopyItem;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(KeyPress),
    /// Text was pasted.
    Paste(String),
    /// The left button was pressed at a cell, counted from 0.
    Click {
        /// From the left.
        column: u16,
        /// From the top.
        row: u16,
    },
    /// The wheel turned over a cell, counted from 0.
    Wheel {
        /// From the left.
        column: u16,
        /// From the top.
        row: u16,
        /// Towards the user, which scrolls down.
        down: bool,
    },
    /// The size of the terminal changed, in cells.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// A minute passed: the clock and the open hours are redrawn.
    Tick,
    /// A link that the app asked to open could not be opened.
    OpenFailed(String),
    /// What the app asked to copy could not be put on the clipboard that the app has named.
    CopyFailed {
        /// What was to be copied.
        item: CopyItem,
        /// The clipboard to use from now on.
        instead: Clipboard,
    },
    /// There is no shell to suspend to.
    NoShell,
    /// The loading progress of the first directory.
    Loading(Progress),
    /// The catalog was reloaded after its file changed.
    Reloaded,
    /// Files of directories have problems; what is on the screen stays.
    DataWrong(Vec<DataProblems>),
    /// The data are others than when the directory was last open.
    ChangedSince(ChangedSince),
    /// A message from the frontend to the user.
    Toast(String),
}

/// Why the file of a directory cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataProblems {
    /// A short name of the file.
    pub file: String,
    /// The first problem in one line that starts with a short name of the file.
    pub first: String,
    /// All problems in the order of the file; empty if it cannot be read.
    pub list: Vec<Problem>,
    /// Whether an earlier version of the file stays on the screen.
    pub has_earlier: bool,
}

impl DataProblems {
    /// The same without characters that a terminal may interpret.
    pub(super) fn sanitized(mut self) -> Self {
        self.file = sanitized(&self.file).into_owned();
        self.first = sanitized(&self.first).into_owned();
        for problem in &mut self.list {
            problem.message = sanitized(&problem.message).into_owned();
        }
        self
    }
}

/// What has changed in the data since the directory was last open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSince {
    /// The day on which it was last open.
    pub day: Date,
    /// The changes in words, at least one.
    pub changes: Vec<String>,
}

impl ChangedSince {
    /// `3 changes since 20 Nov`; with the year where that is another.
    pub(super) fn words(&self, now: Timestamp) -> String {
        let is_this_year = now.to_zoned_datetime(TimeZone::UTC).year() == self.day.year();
        let day = self.day.strftime(if is_this_year { "%-d %b" } else { "%-d %b %Y" });
        let s = if self.changes.len() == 1 { "" } else { "s" };
        format!("{} change{s} since {day}", self.changes.len())
    }
}

/// A key and its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held, or Esc was pressed directly before: terminals send the same bytes for both.
    pub alt: bool,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// The names of the keys that are not named by their character or number.
const NAMES: &[(&str, Code)] = &[
    ("Space", Code::Char(' ')),
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Shift-Tab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
];

/// The number of function keys that terminals report.
const MAX_FUNCTION_KEY: u8 = 24;

impl KeyPress {
    /// A key without a modifier.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A letter with Control.
    pub const fn ctrl(letter: char) -> Self {
        Self { code: Code::Char(letter), ctrl: true, alt: false }
    }

    /// The key of a name, as [`name`](Self::name) displays it or in lower case: `ctrl-y`, `alt-enter`, `f1`, `pgup`,
    /// `G`. `None` if no key has the name.
    pub fn parse(name: &str) -> Option<Self> {
        let after =
            |start: &str| name.split_at_checked(start.len()).filter(|(found, _)| found.eq_ignore_ascii_case(start));
        if let Some((_, key)) = after("ctrl-") {
            return Some(Self { ctrl: true, ..Self::parse(key)? }.normalized());
        }
        if let Some((_, key)) = after("alt-") {
            return Some(Self { alt: true, ..Self::parse(key)? }.normalized());
        }
        if let Some((_, code)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Some(Self::plain(*code));
        }
        let mut chars = name.chars();
        match (chars.next()?, chars.as_str()) {
            (c, "") if !c.is_whitespace() && !c.is_control() => Some(Self::plain(Code::Char(c))),
            ('f' | 'F', number) => {
                let number = number.parse().ok().filter(|number| (1..=MAX_FUNCTION_KEY).contains(number))?;
                Some(Self::plain(Code::F(number)))
            }
            _ => None,
        }
    }

    /// The same key whether Caps Lock is on or not: letters of chords are lower-case.
    #[must_use]
    pub fn normalized(self) -> Self {
        match self.code {
            Code::Char(c) if self.ctrl || self.alt => {
                Self { code: Code::Char(c.to_lowercase().next().unwrap_or(c)), ..self }
            }
            _ => self,
        }
    }

    /// The displayed name: `Ctrl-C`, `Up`, `q`.
    pub fn name(self) -> String {
        let named = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| (*name).to_owned());
        let key = named.unwrap_or_else(|| match self.code {
            // A terminal would interpret it.
            Code::Char(c) if is_control_like(c) => format!("U+{:04X}", u32::from(c)),
            Code::Char(c) if self.ctrl || self.alt => c.to_uppercase().to_string(),
            Code::Char(c) => c.to_string(),
            Code::F(number) => format!("F{number}"),
            other => format!("{other:?}"),
        });
        format!("{}{}{key}", if self.ctrl { "Ctrl-" } else { "" }, if self.alt { "Alt-" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_parsed_by_the_name_that_is_displayed() {
        for (typed, name) in [
            ("ctrl-y", "Ctrl-Y"),
            ("CTRL-Y", "Ctrl-Y"),
            ("alt-enter", "Alt-Enter"),
            ("ctrl-alt-x", "Ctrl-Alt-X"),
            ("f1", "F1"),
            ("F12", "F12"),
            ("pgup", "PgUp"),
            ("shift-tab", "Shift-Tab"),
            ("space", "Space"),
            ("f", "f"),
            ("G", "G"),
            ("-", "-"),
            ("ctrl--", "Ctrl--"),
            ("/", "/"),
        ] {
            let key = KeyPress::parse(typed).unwrap();
            assert_eq!(key.name(), name);
            assert_eq!(KeyPress::parse(name), Some(key), "{name}");
        }
        for unknown in ["", "ctrl-", "hyper-x", "f0", "f25", "f1x", "yy", " ", "\n", "é1"] {
            assert_eq!(KeyPress::parse(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn the_name_of_a_key_is_nothing_that_a_terminal_interprets() {
        assert_eq!(KeyPress::plain(Code::Char('\u{202e}')).name(), "U+202E");
        assert_eq!(KeyPress { alt: true, ..KeyPress::plain(Code::Char('\u{9b}')) }.name(), "Alt-U+009B");
    }
}
