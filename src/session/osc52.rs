//! OSC 52, the control sequence by which a terminal is asked to put a text on its user's clipboard.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::app::Clipboard;

/// The sequence that copies a text through a terminal. tmux takes it as it is with `set-clipboard on`, and passes it on
/// to its own terminal with `allow-passthrough on`, if it is wrapped for that: with tmux, it is sent in both forms.
pub fn osc52(text: &str, clipboard: Clipboard) -> String {
    let mut sequence = String::new();
    // Writing into a string cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sequence);
    if clipboard == Clipboard::TmuxTerminal {
        let escaped = sequence.replace('\x1b', "\x1b\x1b");
        sequence += &format!("\x1bPtmux;{escaped}\x1b\\");
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_wrapped_for_tmux() {
        assert_eq!(osc52("hi", Clipboard::Terminal), "\x1b]52;c;aGk=\x1b\\");
        let both = "\x1b]52;c;aGk=\x1b\\\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\";
        assert_eq!(osc52("hi", Clipboard::TmuxTerminal), both);
    }
}
