//! What comes in from a host: keys, pastes, the mouse, sizes and the passing of time, in words of our own, so that no
//! terminal library is needed to drive the app.

use crate::directory::progress::Progress;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key went down.
    Key(KeyPress),
    /// Text was pasted.
    Paste(String),
    /// The left button went down at a cell, counted from 0.
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
        /// Towards the reader.
        down: bool,
    },
    /// The terminal has a new size, in cells.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Time has passed.
    Tick,
    /// A link that the app asked to open could not be opened.
    OpenFailed(String),
    /// A text that the app asked to copy could not be put on the desktop's clipboard.
    CopyFailed(String),
    /// There is no shell to give the terminal back to.
    NoShell,
    /// The directory is being loaded, and there is none before it.
    Loading(Progress),
    /// The directory on the screen is that of its file again, after the file was changed.
    Reloaded,
    /// The file of the directory is wrong now, in one line; the directory on the screen stays.
    DataWrong(String),
    /// The host has a word for the user.
    Toast(String),
}

/// A key and what was held with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

impl KeyPress {
    /// A key with nothing held.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    /// A letter with control held.
    pub const fn ctrl(letter: char) -> Self {
        Self { code: Code::Char(letter), ctrl: true }
    }

    /// What people call it: `Ctrl-C`, `Up`, `q`.
    pub fn name(self) -> String {
        let key = match self.code {
            Code::Char(' ') => "Space".to_owned(),
            Code::Char(c) if self.ctrl => c.to_uppercase().to_string(),
            Code::Char(c) => c.to_string(),
            Code::BackTab => "Shift-Tab".to_owned(),
            Code::PageUp => "PgUp".to_owned(),
            Code::PageDown => "PgDn".to_owned(),
            other => format!("{other:?}"),
        };
        format!("{}{key}", if self.ctrl { "Ctrl-" } else { "" })
    }
}
