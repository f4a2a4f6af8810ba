//! Copies text to the desktop's clipboard, or through the terminal to the clipboard of the user's own machine.

use std::io::{self, Write};

use arboard::Clipboard;
use crossterm::clipboard::CopyToClipboard;

/// The desktop's clipboard. On Linux the copied text is available only while this value exists.
#[derive(Default)]
pub(super) struct DesktopClipboard(Option<Clipboard>);

impl DesktopClipboard {
    /// Copies a text. Connects to the desktop on first use, because connecting would delay the first frame.
    pub(super) fn copy(&mut self, text: &str) -> Result<(), arboard::Error> {
        let clipboard = match &mut self.0 {
            Some(clipboard) => clipboard,
            none => none.insert(Clipboard::new()?),
        };
        clipboard.set_text(text)
    }
}

/// Asks the terminal to copy a text (OSC 52).
pub(super) fn copy_through_terminal(text: &str, out: &mut impl Write) -> io::Result<()> {
    crossterm::execute!(out, CopyToClipboard::to_clipboard_from(text))
}
