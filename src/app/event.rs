//! Events: keys, pastes, the mouse, sizes, time and what a frontend reports. Independent of any terminal library, so
//! that every frontend and every test can drive the app.

use crate::directory::progress::Progress;

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
    /// A text that the app asked to copy could not be put on the desktop's clipboard.
    CopyFailed(String),
    /// There is no shell to suspend to.
    NoShell,
    /// The loading progress of the first directory.
    Loading(Progress),
    /// The catalog was reloaded after its file changed.
    Reloaded,
    /// The file of the directory has a problem, in one line; the directory on the screen stays.
    DataWrong(String),
    /// A message from the frontend to the user.
    Toast(String),
}

/// A key and its modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
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
    /// A key without a modifier.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    /// A letter with Control.
    pub const fn ctrl(letter: char) -> Self {
        Self { code: Code::Char(letter), ctrl: true }
    }

    /// The displayed name: `Ctrl-C`, `Up`, `q`.
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
