//! The line that is being typed, for a terminal whose system neither echoes nor edits it: one in raw mode, such as an
//! SSH client's.

use unicode_width::UnicodeWidthChar;

use crate::app::event::{Code, Event, KeyPress};
use crate::directory::text::sanitized;

/// The maximum length of an answer, in bytes.
pub const MAX_LINE_LEN: usize = 4096;

/// What an event completes.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing yet.
    Nothing,
    /// An answer.
    Line(String),
    /// The end of the input: Ctrl-C, or Ctrl-D on an empty line.
    End,
}

/// The line that is being typed.
#[derive(Debug, Default)]
pub struct LineEditor {
    line: String,
    /// The last key was Enter, which some clients send with a line feed after it.
    was_enter: bool,
}

impl LineEditor {
    /// The line so far.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Takes a key or a paste, and appends to `echo` what the terminal has to show. Ignores other events, and keys
    /// without a meaning here. What does not fit into [`MAX_LINE_LEN`] is dropped.
    pub fn take(&mut self, event: &Event, echo: &mut String) -> Typed {
        let key = match event {
            Event::Paste(text) => {
                self.was_enter = false;
                text.chars().for_each(|c| self.push(if c.is_whitespace() { ' ' } else { c }, echo));
                return Typed::Nothing;
            }
            Event::Key(key) => *key,
            _ => return Typed::Nothing,
        };
        let after_enter = std::mem::replace(&mut self.was_enter, key.code == Code::Enter);
        match key {
            KeyPress { code: Code::Char('c'), ctrl: true, .. } => return self.end(echo),
            KeyPress { code: Code::Char('d'), ctrl: true, .. } if self.line.is_empty() => return self.end(echo),
            KeyPress { code: Code::Char('j'), ctrl: true, .. } if after_enter => {}
            KeyPress { code: Code::Enter, .. } | KeyPress { code: Code::Char('j'), ctrl: true, .. } => {
                echo.push('\n');
                return Typed::Line(std::mem::take(&mut self.line));
            }
            KeyPress { code: Code::Char('h'), ctrl: true, .. } | KeyPress { code: Code::Backspace, .. } => {
                self.erase(echo);
            }
            KeyPress { code: Code::Char('u'), ctrl: true, .. } => while self.erase(echo) {},
            KeyPress { code: Code::Char(c), ctrl: false, alt: false } => self.push(c, echo),
            _ => {}
        }
        Typed::Nothing
    }

    fn push(&mut self, c: char, echo: &mut String) {
        if self.line.len() + c.len_utf8() <= MAX_LINE_LEN {
            let from = self.line.len();
            self.line += &sanitized(c.encode_utf8(&mut [0; 4]));
            *echo += &self.line[from..];
        }
    }

    /// Erases the last character; returns false if there is none.
    fn erase(&mut self, echo: &mut String) -> bool {
        let erased = self.line.pop();
        *echo += &"\x08 \x08".repeat(erased.and_then(UnicodeWidthChar::width).unwrap_or(0));
        erased.is_some()
    }

    fn end(&mut self, echo: &mut String) -> Typed {
        echo.push('\n');
        Typed::End
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::input::InputParser;

    /// The lines that bytes complete, and the echo.
    fn typed(bytes: &[u8]) -> (Vec<Typed>, String) {
        let (mut parser, mut editor, mut events) = (InputParser::new(), LineEditor::default(), Vec::new());
        bytes.iter().for_each(|byte| parser.take(*byte, &mut events));
        let mut echo = String::new();
        let typed = events.iter().map(|event| editor.take(event, &mut echo));
        (typed.filter(|typed| *typed != Typed::Nothing).collect(), echo)
    }

    fn lines(bytes: &[u8]) -> Vec<String> {
        let line = |typed| if let Typed::Line(line) = typed { line } else { "end".to_owned() };
        typed(bytes).0.into_iter().map(line).collect()
    }

    #[test]
    fn lines_end_as_each_client_ends_them() {
        assert_eq!(lines(b"one\rtwo\nthree\r\nfour\r\r"), ["one", "two", "three", "four", ""]);
        assert_eq!(lines(b"\r\x1b[200~pasted\x1b[201~\n"), ["", "pasted"]);
    }

    #[test]
    fn a_line_can_be_corrected() {
        assert_eq!(
            typed(b"fruu\x7fad\x08\r"),
            (vec![Typed::Line("frua".to_owned())], "fruu\x08 \x08ad\x08 \x08\n".into())
        );
        assert_eq!(lines("lost\x15日本\x7f\x7f\x7ffax\r".as_bytes()), ["fax"]);
    }

    #[test]
    fn the_input_ends_with_its_control_keys() {
        assert_eq!(typed(b"\x04").0, [Typed::End]);
        assert_eq!(lines(b"fax\x04\r"), ["fax"]);
        assert_eq!(lines(b"fax\x03"), ["end"]);
    }

    #[test]
    fn nothing_is_echoed_that_a_terminal_interprets() {
        let (lines, echo) = typed("\x1b[31mred\x1b]0;title\x07\u{202e}\x00\x1b[A\x1b[200~a\nb\x1b[201~\r".as_bytes());
        assert_eq!(lines, [Typed::Line("red\u{fffd}a b".to_owned())]);
        assert_eq!(echo, "red\u{fffd}a b\n");
    }

    #[test]
    fn a_line_is_bounded() {
        let mut bytes = vec![b'x'; 2 * MAX_LINE_LEN];
        bytes.push(b'\r');
        assert_eq!(lines(&bytes)[0].len(), MAX_LINE_LEN);
    }
}
