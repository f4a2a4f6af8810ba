//! The clipboards of this machine: the desktop's, and through the terminal that of whoever sits at its other end.

use std::io::{self, Write};

use arboard::Clipboard;
use crossterm::clipboard::CopyToClipboard;

/// The desktop's clipboard. On Linux what was copied is there as long as this is, so the host keeps it.
#[derive(Default)]
pub(super) struct Desktop(Option<Clipboard>);

impl Desktop {
    /// Copies a text. The desktop is first asked for here: reaching it takes longer than the first frame may.
    pub(super) fn copy(&mut self, text: &str) -> Result<(), arboard::Error> {
        let clipboard = match &mut self.0 {
            Some(clipboard) => clipboard,
            none => none.insert(Clipboard::new()?),
        };
        clipboard.set_text(text)
    }
}

/// Asks the terminal to copy a text (OSC 52), inside tmux as well.
pub(super) fn send(text: &str, out: &mut impl Write) -> io::Result<()> {
    crossterm::execute!(out, CopyToClipboard::to_clipboard_from(text))
}
