//! From a peer's bytes to events. The guard here cuts them into whole characters and sequences, each of bounded length,
//! and termina says what the sequences mean; so no peer can make anything grow, wait or fail.

use std::mem;

use termina::event::{KeyCode, KeyEvent, KeyEventKind, Modifiers, MouseButton, MouseEvent, MouseEventKind};
use termina::{Event as Terminal, Parser};

use crate::app::event::{Code, Event, KeyPress};

/// The longest sequence (CSI), string (OSC, DCS and the like) and paste that are listened to, in bytes.
const MAX_SEQUENCE: usize = 256;
const MAX_STRING: usize = 4 << 10;
const MAX_PASTE: usize = 64 << 10;

const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;

/// What the bytes so far have begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// Nothing, or a character of several bytes.
    Text,
    /// Esc: a key by itself, or the start of a sequence.
    Esc,
    /// `ESC [`, up to its last byte.
    Sequence,
    /// A sequence whose last so many bytes may be anything.
    Rest(u8),
    /// A string that answers a question: none was asked, so it is not listened to. So much has passed.
    String(usize),
    /// A paste, so much of whose end has passed.
    Paste(usize),
    /// More of a paste than anyone can use.
    TooMuch(usize),
}

/// Bytes on their way to events.
pub(super) struct Input {
    within: Within,
    bytes: Vec<u8>,
}

impl Input {
    pub(super) fn new() -> Self {
        Self { within: Within::Text, bytes: Vec::new() }
    }

    /// Whether the next event hangs on time: is an Esc all there is to come?
    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.within, Within::Esc | Within::String(_))
    }

    /// Nothing has come for a while, so nothing belongs to what has.
    pub(super) fn settle(&mut self, events: &mut Vec<Event>) {
        if self.within == Within::Esc {
            events.push(Event::Key(KeyPress::plain(Code::Esc)));
        }
        if self.is_waiting() {
            self.start();
        }
    }

    /// Takes a byte; the events that it completes are added.
    pub(super) fn take(&mut self, byte: u8, events: &mut Vec<Event>) {
        match self.within {
            Within::Text => self.text(byte, events),
            Within::Esc => self.after_esc(byte, events),
            Within::Sequence => self.sequence(byte, events),
            Within::Rest(left) => {
                self.bytes.push(byte);
                match left {
                    0 | 1 => self.parse(events),
                    _ => self.within = Within::Rest(left - 1),
                }
            }
            Within::String(passed) => match byte {
                BEL | CAN | SUB => self.start(),
                // The first half of its end, or the start of something else; a lone backslash is nothing.
                ESC => self.begin(Within::Esc, &[ESC]),
                _ if passed >= MAX_STRING => self.start(),
                _ => self.within = Within::String(passed + 1),
            },
            Within::Paste(passed) => self.paste(byte, passed, events),
            Within::TooMuch(passed) => match ended(passed, byte) {
                PASTED_LEN => self.start(),
                passed => self.within = Within::TooMuch(passed),
            },
        }
    }

    fn start(&mut self) {
        self.begin(Within::Text, &[]);
    }

    fn begin(&mut self, within: Within, bytes: &[u8]) {
        self.within = within;
        // A long paste is not kept.
        self.bytes = bytes.to_vec();
    }

    fn text(&mut self, byte: u8, events: &mut Vec<Event>) {
        if byte == ESC {
            return self.begin(Within::Esc, &[ESC]);
        }
        self.bytes.push(byte);
        match std::str::from_utf8(&self.bytes) {
            Ok(_) => self.parse(events),
            // The start of a character.
            Err(error) if error.error_len().is_none() => {}
            Err(_) => {
                let is_start = self.bytes.len() > 1 && !(0x80..0xC0).contains(&byte);
                self.start();
                if is_start {
                    self.text(byte, events);
                }
            }
        }
    }

    fn after_esc(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            b'[' => self.begin(Within::Sequence, b"\x1b["),
            b'O' => self.begin(Within::Rest(1), b"\x1bO"),
            b']' | b'P' | b'X' | b'^' | b'_' => self.begin(Within::String(0), &[]),
            // The end of a string.
            b'\\' => self.start(),
            // Esc and a key, by whoever is in haste; or Alt and a key, which terminals send alike.
            _ => {
                events.push(Event::Key(KeyPress::plain(Code::Esc)));
                self.start();
                self.text(byte, events);
            }
        }
    }

    fn sequence(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            ESC => return self.begin(Within::Esc, &[ESC]),
            CAN | SUB => return self.start(),
            _ => self.bytes.push(byte),
        }
        match (byte, self.bytes.len()) {
            // Function keys of the Linux console, and the mouse as the oldest terminals tell it.
            (b'[', 3) => self.within = Within::Rest(1),
            (b'M', 3) => self.within = Within::Rest(3),
            (0x40..=0x7E, _) if self.bytes == PASTE => self.begin(Within::Paste(0), &[]),
            (0x40..=0x7E, _) => self.parse(events),
            // The rest of what is too long is not taken for keys.
            (_, MAX_SEQUENCE..) => self.begin(Within::String(0), &[]),
            _ => {}
        }
    }

    fn paste(&mut self, byte: u8, passed: usize, events: &mut Vec<Event>) {
        self.bytes.push(byte);
        match ended(passed, byte) {
            PASTED_LEN => {
                self.bytes.truncate(self.bytes.len() - PASTED.len());
                events.push(Event::Paste(String::from_utf8_lossy(&self.bytes).into_owned()));
                self.start();
            }
            passed if self.bytes.len() >= MAX_PASTE => {
                events.push(Event::Paste(String::from_utf8_lossy(&self.bytes).into_owned()));
                self.begin(Within::TooMuch(passed), &[]);
            }
            passed => self.within = Within::Paste(passed),
        }
    }

    /// Says what a whole character or sequence means.
    fn parse(&mut self, events: &mut Vec<Event>) {
        let bytes = mem::take(&mut self.bytes);
        self.within = Within::Text;
        // Answers to questions (`ESC [ ?`) and what no key sends: nothing was asked, and parts of it might look like keys.
        let is_sequence = bytes.starts_with(b"\x1b[");
        if is_sequence && !matches!(bytes.get(2), Some(b'0'..=b'9' | b'<' | b'[' | b'A'..=b'Z')) {
            return;
        }
        let mut parser = Parser::default();
        parser.parse(&bytes, false);
        if let Some(event) = parser.pop() {
            events.extend(translate(event));
        }
    }
}

const PASTED_LEN: usize = PASTED.len();

/// How much of a paste's end has passed with this byte.
fn ended(passed: usize, byte: u8) -> usize {
    match PASTED.get(passed) {
        Some(next) if *next == byte => passed + 1,
        _ => usize::from(byte == ESC),
    }
}

/// Nothing for what the app has no use for. Alt and a key are Esc and the key, as on a terminal of this machine.
fn translate(event: Terminal) -> impl Iterator<Item = Event> {
    let is_alt = matches!(event, Terminal::Key(key) if key.modifiers.contains(Modifiers::ALT));
    let event = translate_one(event);
    let esc = is_alt.then_some(Event::Key(KeyPress::plain(Code::Esc))).filter(|_| event.is_some());
    esc.into_iter().chain(event)
}

fn translate_one(event: Terminal) -> Option<Event> {
    match event {
        Terminal::Key(key) => translate_key(key).map(Event::Key),
        Terminal::Mouse(MouseEvent { kind, column, row, .. }) => match kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { column, row }),
            MouseEventKind::ScrollUp => Some(Event::Wheel { column, row, down: false }),
            MouseEventKind::ScrollDown => Some(Event::Wheel { column, row, down: true }),
            _ => None,
        },
        _ => None,
    }
}

fn translate_key(key: KeyEvent) -> Option<KeyPress> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Escape => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(KeyPress { code, ctrl: key.modifiers.contains(Modifiers::CONTROL) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(bytes: &[u8]) -> Vec<Event> {
        let (mut input, mut events) = (Input::new(), Vec::new());
        bytes.iter().for_each(|byte| input.take(*byte, &mut events));
        input.settle(&mut events);
        events
    }

    fn key(code: Code) -> Event {
        Event::Key(KeyPress::plain(code))
    }

    #[test]
    fn keys_are_what_terminals_send_for_them() {
        for (bytes, expected) in [
            (&b"a"[..], vec![key(Code::Char('a'))]),
            ("Ü".as_bytes(), vec![key(Code::Char('Ü'))]),
            (b"\r", vec![key(Code::Enter)]),
            (b"\x03", vec![Event::Key(KeyPress::ctrl('c'))]),
            (b"\x7f", vec![key(Code::Backspace)]),
            (b"\x1b", vec![key(Code::Esc)]),
            (b"\x1b\x1b", vec![key(Code::Esc), key(Code::Esc)]),
            (b"\x1b[A\x1bOB", vec![key(Code::Up), key(Code::Down)]),
            (b"\x1b[Z", vec![key(Code::BackTab)]),
            (b"\x1b[3~\x1b[5~\x1b[6~", vec![key(Code::Delete), key(Code::PageUp), key(Code::PageDown)]),
            (b"\x1b[1;5C", vec![Event::Key(KeyPress { code: Code::Right, ctrl: true })]),
            (b"\x1bq", vec![key(Code::Esc), key(Code::Char('q'))]),
            (b"\x1b[<0;4;3M\x1b[<0;4;3m", vec![Event::Click { column: 3, row: 2 }]),
            (b"\x1b[<65;1;1M", vec![Event::Wheel { column: 0, row: 0, down: true }]),
            (b"\x1b[M !!", vec![Event::Click { column: 0, row: 0 }]),
            (b"\x1b[200~lost\x1b[A card\x1b[201~x", vec![Event::Paste("lost\x1b[A card".into()), key(Code::Char('x'))]),
        ] {
            assert_eq!(events(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_no_key_sends_is_nothing() {
        for bytes in [
            &b"\x1b[?62;22c"[..],
            b"\x1b[;5A",
            b"\x1b[>1 q",
            b"\x1b[24;80R",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1bP1+r\x1b\\",
            b"\x1b_private\x1b\\",
            b"\x1b[[A",
            b"\xff\xfe\x80",
            b"\x1b[I\x1b[O",
        ] {
            assert_eq!(events(&[bytes, b"x"].concat()), [key(Code::Char('x'))], "{bytes:?}");
        }
        // A click on a cell that is not there is one on the first.
        assert_eq!(events(b"\x1b[<0;0;0M"), [Event::Click { column: 0, row: 0 }]);
    }

    #[test]
    fn nothing_that_does_not_end_takes_memory_or_keys_for_ever() {
        let digits = [b"\x1b[".to_vec(), vec![b'9'; 9999]].concat();
        assert_eq!(events(&[&digits[..], b"mx"].concat()).last(), Some(&key(Code::Char('x'))));
        let (mut input, mut taken) = (Input::new(), Vec::new());
        b"\x1b]0;".iter().chain([b'a'; 100_000].iter()).for_each(|byte| input.take(*byte, &mut taken));
        assert!(input.bytes.capacity() < 64 && !taken.is_empty());
        let (mut input, mut taken) = (Input::new(), Vec::new());
        PASTE.iter().chain(vec![b'a'; 10_000_000].iter()).for_each(|byte| input.take(*byte, &mut taken));
        assert_eq!(taken, [Event::Paste("a".repeat(MAX_PASTE))]);
        assert!(input.bytes.capacity() < 64);
        PASTED.iter().chain(b"x").for_each(|byte| input.take(*byte, &mut taken));
        assert_eq!(taken[1..], [key(Code::Char('x'))]);
    }

    #[test]
    fn an_esc_is_a_key_when_nothing_follows() {
        let (mut input, mut taken) = (Input::new(), Vec::new());
        input.take(ESC, &mut taken);
        assert!(input.is_waiting() && taken.is_empty());
        input.settle(&mut taken);
        assert!(!input.is_waiting());
        assert_eq!(taken, [key(Code::Esc)]);
    }

    /// Bytes that are often the start of something.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            "\x1b\\[[0-9;:<?>]{0,6}[@-~]".prop_map(String::into_bytes),
            "\x1b[\\[\\]OPX^_]".prop_map(String::into_bytes),
            "\x1b\\[[0-9;]{0,300}[ -~]".prop_map(String::into_bytes),
            Just(PASTE.to_vec()),
            Just(PASTED.to_vec()),
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_are_too_strange(bytes in bytes()) {
            let (mut input, mut taken) = (Input::new(), Vec::new());
            for byte in &bytes {
                input.take(*byte, &mut taken);
                prop_assert!(input.bytes.len() <= MAX_PASTE);
            }
            prop_assert!(taken.len() <= 2 * bytes.len());
        }

        #[test]
        fn time_that_passes_within_a_sequence_of_a_key_changes_nothing(split in 1_usize..6) {
            // Esc by itself is the one that time decides.
            for sequence in [&b"\x1b[1;5C"[..], b"\x1b[15~", b"\x1b[<0;4;3M", b"\xf0\x9f\x93\x9e"] {
                let split = split.clamp(2, sequence.len());
                let (mut input, mut taken) = (Input::new(), Vec::new());
                for (place, byte) in sequence.iter().enumerate() {
                    if place == split {
                        input.settle(&mut taken);
                    }
                    input.take(*byte, &mut taken);
                }
                prop_assert_eq!(taken, events(sequence));
            }
        }
    }
}
