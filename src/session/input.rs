//! Parses the bytes of a terminal into events, for all frontends.
//!
//! The parser here splits the bytes into characters and escape sequences of bounded length, and termina interprets each
//! of them. Replies of terminals, which may come late or in pieces, are discarded: they must not act as keys. Clients
//! are not trusted: whatever bytes they send, the parser uses bounded memory, never waits and never fails.

use std::mem;
use std::time::Duration;

use termina::Parser;

use crate::app::event::{Code, Event, KeyPress};
use crate::session::keys;

/// The time after an Esc without further input, after which it was the key and not the start of a sequence.
const ESC_TIMEOUT: Duration = Duration::from_millis(50);
/// The time after which the rest of a control string no longer comes. The pieces of a reply follow one another sooner,
/// and a user who has pressed Alt-P, which begins like one, does not wait long for keys to work.
const STRING_TIMEOUT: Duration = Duration::from_secs(1);

/// The maximum length of a control sequence (CSI), in bytes.
const MAX_SEQUENCE: usize = 256;
/// The maximum length of a control string (OSC, DCS, SOS, PM, APC), in bytes.
const MAX_STRING: usize = 4 << 10;
/// The maximum length of a paste, in bytes. The rest is discarded.
const MAX_PASTE: usize = 64 << 10;

const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A new character, or the rest of one of several bytes.
    Text,
    /// The byte after ESC, which is the Esc key or the start of a sequence.
    Esc,
    /// A control sequence: `ESC [` up to a final byte.
    Sequence,
    /// The last bytes of a sequence, which may have any value, and their number.
    Rest(u8),
    /// A control string, and its length so far. Terminals send these as replies only, and the app never queries one, so
    /// they are discarded.
    String(usize),
    /// The ESC after a control string: the first byte of its end `ESC \`, or of another sequence.
    StringEnd,
    /// A paste, and the number of bytes of [`PASTE_END`] matched so far.
    Paste(usize),
    /// The discarded rest of a paste longer than [`MAX_PASTE`], and the number of bytes of [`PASTE_END`] matched so
    /// far.
    PasteRest(usize),
}

/// The state of the parser between two bytes.
#[derive(Debug)]
pub struct InputParser {
    state: State,
    bytes: Vec<u8>,
    /// The character that is being read follows an ESC.
    is_alt: bool,
}

impl Default for InputParser {
    fn default() -> Self {
        Self::new()
    }
}

impl InputParser {
    /// A parser at the start of its input.
    pub fn new() -> Self {
        Self { state: State::Text, bytes: Vec::new(), is_alt: false }
    }

    /// How long to wait for more input before [`settle`](Self::settle), if the meaning of the input depends on it.
    pub fn wait(&self) -> Option<Duration> {
        match self.state {
            State::Esc => Some(ESC_TIMEOUT),
            State::String(_) | State::StringEnd => Some(STRING_TIMEOUT),
            _ => None,
        }
    }

    /// Completes the input when nothing has followed for a while: a lone ESC is the Esc key.
    pub fn settle(&mut self, events: &mut Vec<Event>) {
        if self.state == State::Esc {
            events.push(Event::Key(KeyPress::plain(Code::Esc)));
        }
        if self.wait().is_some() {
            self.start();
        }
    }

    /// Parses a byte and appends the events that it completes.
    pub fn take(&mut self, byte: u8, events: &mut Vec<Event>) {
        match self.state {
            State::Text => self.text(byte, events),
            State::Esc | State::StringEnd => self.after_esc(byte, events),
            State::Sequence => self.sequence(byte, events),
            State::Rest(left) => {
                self.bytes.push(byte);
                match left {
                    0 | 1 => self.parse(events),
                    _ => self.state = State::Rest(left - 1),
                }
            }
            State::String(length) => match byte {
                BEL | CAN | SUB => self.start(),
                ESC => self.begin(State::StringEnd, &[ESC]),
                _ if length >= MAX_STRING => self.start(),
                _ => self.state = State::String(length + 1),
            },
            State::Paste(matched) => self.paste(byte, matched, events),
            State::PasteRest(matched) => match matched_end(matched, byte) {
                PASTE_END_LENGTH => self.start(),
                matched => self.state = State::PasteRest(matched),
            },
        }
    }

    fn start(&mut self) {
        self.begin(State::Text, &[]);
    }

    fn begin(&mut self, state: State, bytes: &[u8]) {
        (self.state, self.is_alt) = (state, false);
        // A new vector rather than a cleared one, which would keep the capacity of a long paste.
        self.bytes = bytes.to_vec();
    }

    fn text(&mut self, byte: u8, events: &mut Vec<Event>) {
        if byte == ESC {
            return self.begin(State::Esc, &[ESC]);
        }
        self.bytes.push(byte);
        match std::str::from_utf8(&self.bytes) {
            Ok(_) => self.parse(events),
            // The first bytes of a character.
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
            b'[' => self.begin(State::Sequence, b"\x1b["),
            b'O' => self.begin(State::Rest(1), b"\x1bO"),
            b']' | b'P' | b'X' | b'^' | b'_' => self.begin(State::String(0), &[]),
            // The terminator of a control string.
            b'\\' => self.start(),
            ESC => events.push(Event::Key(KeyPress::plain(Code::Esc))),
            // Esc and a key typed quickly, or Alt and a key. Terminals send the same bytes for both, and the app takes
            // a key with Alt that means nothing to it for both.
            _ => {
                self.start();
                self.is_alt = true;
                self.text(byte, events);
            }
        }
    }

    fn sequence(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            ESC => return self.begin(State::Esc, &[ESC]),
            CAN | SUB => return self.start(),
            _ => self.bytes.push(byte),
        }
        match (byte, self.bytes.len()) {
            // Function keys of the Linux console (`ESC [ [ A`) and mouse events in the original X10 encoding.
            (b'[', 3) => self.state = State::Rest(1),
            (b'M', 3) => self.state = State::Rest(3),
            (0x40..=0x7E, _) if self.bytes == PASTE_START => self.begin(State::Paste(0), &[]),
            (0x40..=0x7E, _) => self.parse(events),
            // Discarded as a string, so that the rest of an overlong sequence is not taken for keys.
            (_, MAX_SEQUENCE..) => self.begin(State::String(0), &[]),
            _ => {}
        }
    }

    fn paste(&mut self, byte: u8, matched: usize, events: &mut Vec<Event>) {
        self.bytes.push(byte);
        match matched_end(matched, byte) {
            PASTE_END_LENGTH => {
                self.bytes.truncate(self.bytes.len() - PASTE_END.len());
                events.push(Event::Paste(String::from_utf8_lossy(&self.bytes).into_owned()));
                self.start();
            }
            matched if self.bytes.len() >= MAX_PASTE => {
                events.push(Event::Paste(String::from_utf8_lossy(&self.bytes).into_owned()));
                self.begin(State::PasteRest(matched), &[]);
            }
            matched => self.state = State::Paste(matched),
        }
    }

    /// Interprets a complete character or sequence.
    fn parse(&mut self, events: &mut Vec<Event>) {
        let bytes = mem::take(&mut self.bytes);
        self.state = State::Text;
        let is_alt = mem::take(&mut self.is_alt);
        // Replies to queries (`ESC [ ?`) and sequences that no key sends. Termina would read keys into some of them.
        let is_sequence = bytes.starts_with(b"\x1b[");
        if is_sequence && !matches!(bytes.get(2), Some(b'0'..=b'9' | b'<' | b'[' | b'A'..=b'Z')) {
            return;
        }
        if let [ESC, b'O', key] = bytes[..]
            && let Some(key) = keypad(key)
        {
            return events.push(Event::Key(KeyPress::plain(key)));
        }
        let mut parser = Parser::default();
        parser.parse(&bytes, false);
        if let Some(event) = parser.pop() {
            events.extend(keys::from_termina(event).map(|event| match event {
                Event::Key(press) => Event::Key(KeyPress { alt: press.alt || is_alt, ..press }),
                other => other,
            }));
        }
    }
}

/// A key of the keypad in application mode, by the last byte of its sequence. Termina does not know them.
fn keypad(byte: u8) -> Option<Code> {
    match byte {
        b'M' => Some(Code::Enter),
        b'j'..=b'o' => Some(Code::Char(char::from(byte - b'j' + b'*'))),
        b'p'..=b'y' => Some(Code::Char(char::from(byte - b'p' + b'0'))),
        _ => None,
    }
}

const PASTE_END_LENGTH: usize = PASTE_END.len();

/// The number of bytes of [`PASTE_END`] that are matched after this byte.
fn matched_end(matched: usize, byte: u8) -> usize {
    match PASTE_END.get(matched) {
        Some(next) if *next == byte => matched + 1,
        _ => usize::from(byte == ESC),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(bytes: &[u8]) -> Vec<Event> {
        let (mut input, mut events) = (InputParser::new(), Vec::new());
        bytes.iter().for_each(|byte| input.take(*byte, &mut events));
        input.settle(&mut events);
        events
    }

    fn key(code: Code) -> Event {
        Event::Key(KeyPress::plain(code))
    }

    #[test]
    fn keys_pastes_and_mouse_events_are_parsed() {
        for (bytes, expected) in [
            (&b"a"[..], vec![key(Code::Char('a'))]),
            (b"\x1bOp", vec![key(Code::Char('0'))]),
            (b"\x1bOy", vec![key(Code::Char('9'))]),
            (b"\x1bOj", vec![key(Code::Char('*'))]),
            (b"\x1bOo", vec![key(Code::Char('/'))]),
            (b"\x1bOM", vec![key(Code::Enter)]),
            (b"\x1bOP", vec![key(Code::F(1))]),
            ("Ü".as_bytes(), vec![key(Code::Char('Ü'))]),
            (b"\r", vec![key(Code::Enter)]),
            (b"\x03", vec![Event::Key(KeyPress::ctrl('c'))]),
            (b"\x7f", vec![key(Code::Backspace)]),
            (b"\x1b", vec![key(Code::Esc)]),
            (b"\x1b\x1b", vec![key(Code::Esc), key(Code::Esc)]),
            (b"\x1b[A\x1bOB", vec![key(Code::Up), key(Code::Down)]),
            (b"\x1b[Z", vec![key(Code::BackTab)]),
            (b"\x1b[3~\x1b[5~\x1b[6~", vec![key(Code::Delete), key(Code::PageUp), key(Code::PageDown)]),
            (b"\x1b[1;5C", vec![Event::Key(KeyPress { code: Code::Right, ctrl: true, alt: false })]),
            (b"\x1bq", vec![Event::Key(KeyPress { alt: true, ..KeyPress::plain(Code::Char('q')) })]),
            (
                "\x1bÜx".as_bytes(),
                vec![Event::Key(KeyPress { alt: true, ..KeyPress::plain(Code::Char('Ü')) }), key(Code::Char('x'))],
            ),
            (b"\x1b[<0;4;3M\x1b[<0;4;3m", vec![Event::Click { column: 3, row: 2 }]),
            (b"\x1b[<65;1;1M", vec![Event::Wheel { column: 0, row: 0, down: true }]),
            (b"\x1b[M !!", vec![Event::Click { column: 0, row: 0 }]),
            (b"\x1b[200~lost\x1b[A card\x1b[201~x", vec![Event::Paste("lost\x1b[A card".into()), key(Code::Char('x'))]),
        ] {
            assert_eq!(events(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn replies_and_invalid_bytes_are_discarded() {
        for bytes in [
            &b"\x1b[?62;22c"[..],
            b"\x1b[;5A",
            b"\x1b[>1 q",
            b"\x1b[>41;354;0c",
            b"\x1bP>|XTerm(388)\x1b\\",
            b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
            b"\x1b[24;80R",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1bP1+r\x1b\\",
            b"\x1b_private\x1b\\",
            b"\xff\xfe\x80",
            b"\x1b[I\x1b[O",
        ] {
            assert_eq!(events(&[bytes, b"x"].concat()), [key(Code::Char('x'))], "{bytes:?}");
        }
        // Coordinates start at 1; 0 is clamped to the first cell.
        assert_eq!(events(b"\x1b[<0;0;0M"), [Event::Click { column: 0, row: 0 }]);
    }

    #[test]
    fn unterminated_input_uses_bounded_memory_and_keys_work_after_it() {
        let digits = [b"\x1b[".to_vec(), vec![b'9'; 9999]].concat();
        assert_eq!(events(&[&digits[..], b"mx"].concat()).last(), Some(&key(Code::Char('x'))));
        let (mut input, mut taken) = (InputParser::new(), Vec::new());
        b"\x1b]0;".iter().chain([b'a'; 100_000].iter()).for_each(|byte| input.take(*byte, &mut taken));
        assert!(input.bytes.capacity() < 64 && !taken.is_empty());
        let (mut input, mut taken) = (InputParser::new(), Vec::new());
        PASTE_START.iter().chain(vec![b'a'; 10_000_000].iter()).for_each(|byte| input.take(*byte, &mut taken));
        assert_eq!(taken, [Event::Paste("a".repeat(MAX_PASTE))]);
        assert!(input.bytes.capacity() < 64);
        PASTE_END.iter().chain(b"x").for_each(|byte| input.take(*byte, &mut taken));
        assert_eq!(taken[1..], [key(Code::Char('x'))]);
    }

    #[test]
    fn esc_is_a_key_when_nothing_follows() {
        let (mut input, mut taken) = (InputParser::new(), Vec::new());
        input.take(ESC, &mut taken);
        assert!(input.wait().is_some() && taken.is_empty());
        input.settle(&mut taken);
        assert!(input.wait().is_none());
        assert_eq!(taken, [key(Code::Esc)]);
    }

    /// Random bytes with many starts and ends of sequences among them.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            "\x1b\\[[0-9;:<?>]{0,6}[@-~]".prop_map(String::into_bytes),
            "\x1b[\\[\\]OPX^_]".prop_map(String::into_bytes),
            "\x1b\\[[0-9;]{0,300}[ -~]".prop_map(String::into_bytes),
            Just(PASTE_START.to_vec()),
            Just(PASTE_END.to_vec()),
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn any_input_is_parsed_in_bounded_memory(bytes in bytes()) {
            let (mut input, mut taken) = (InputParser::new(), Vec::new());
            for byte in &bytes {
                input.take(*byte, &mut taken);
                prop_assert!(input.bytes.len() <= MAX_PASTE);
            }
            prop_assert!(taken.len() <= 2 * bytes.len());
        }

        #[test]
        fn a_pause_within_a_sequence_changes_nothing(split in 1_usize..6) {
            // Only a pause after ESC itself has a meaning.
            for sequence in [&b"\x1b[1;5C"[..], b"\x1b[15~", b"\x1b[<0;4;3M", b"\xf0\x9f\x93\x9e"] {
                let split = split.clamp(2, sequence.len());
                let (mut input, mut taken) = (InputParser::new(), Vec::new());
                for (index, byte) in sequence.iter().enumerate() {
                    if index == split {
                        input.settle(&mut taken);
                    }
                    input.take(*byte, &mut taken);
                }
                prop_assert_eq!(taken, events(sequence));
            }
        }
    }
}
