//! Feeds any keys, mouse events, pastes and sizes to a session, which must handle and draw them without a panic.
#![no_main]

use std::sync::{Arc, LazyLock};

use dialtree::app::Environment;
use dialtree::app::event::{Code, Event, KeyPress};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::Catalog;
use dialtree::session::ansi_backend::AnsiBackend;
use dialtree::session::{Session, clamp_size};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use ratatui::layout::Size;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Directory::load("built in", EMBEDDED).expect("the built-in directory loads").into()));

const NAMED: [Code; 15] = [
    Code::Enter,
    Code::Esc,
    Code::Tab,
    Code::BackTab,
    Code::Backspace,
    Code::Delete,
    Code::Up,
    Code::Down,
    Code::Left,
    Code::Right,
    Code::Home,
    Code::End,
    Code::PageUp,
    Code::PageDown,
    Code::F(1),
];

/// Decodes an event. Printable ASCII is a character key; other bytes are named keys or start an event whose values follow.
fn event(bytes: &mut std::slice::Iter<'_, u8>) -> Option<Event> {
    let first = *bytes.next()?;
    let mut next = || bytes.next().copied().map(u16::from).unwrap_or_default();
    Some(match first {
        b' '..=b'~' => Event::Key(KeyPress::plain(Code::Char(char::from(first)))),
        0..=14 => Event::Key(KeyPress::plain(NAMED[usize::from(first)])),
        15..=31 => Event::Key(KeyPress::ctrl(char::from(b'k' + first - 15))),
        128..=159 => Event::Click { column: next(), row: next() },
        160..=191 => Event::Wheel { column: next(), row: next(), down: first % 2 == 0 },
        192..=207 => Event::Resize { width: next(), height: next() },
        208..=223 => Event::Tick,
        _ => Event::Paste(bytes.by_ref().take(usize::from(first % 32)).map(|byte| char::from(*byte)).collect()),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let now = Timestamp::from_second(1_795_000_000).expect("a valid time");
    let backend = AnsiBackend::new(Vec::new(), Size { width: 80, height: 24 });
    let mut session = Session::new(CATALOG.clone(), Environment::default(), backend, now).expect("a backend in memory");
    let mut bytes = bytes.iter();
    while let Some(mut event) = event(&mut bytes) {
        if let Event::Resize { width, height } = event {
            let size = clamp_size(Size { width, height });
            session.backend_mut().set_size(size);
            event = Event::Resize { width: size.width, height: size.height };
        }
        session.feed(event, now);
        session.draw().expect("drawing into memory succeeds");
        session.backend_mut().writer().clear();
    }
});
