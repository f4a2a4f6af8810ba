//! Feeds any bytes of an SSH channel to a session on a screen and to one in lines, with any pauses between them. Neither
//! may panic, nor send anything to the terminal that it would interpret, other than what dialtree writes by itself.
#![no_main]

mod output;

use std::sync::{Arc, LazyLock};

use dialtree::app::event::Event;
use dialtree::app::{Effect, Environment};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::Catalog;
use dialtree::session::Session;
use dialtree::session::ansi_backend::AnsiBackend;
use dialtree::session::input::InputParser;
use dialtree::session::line::{LineEditor, LineSession, Typed};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use ratatui::layout::Size;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Directory::load("built in", EMBEDDED).expect("the built-in directory loads").into()));

/// The input byte that stands for a pause: no client sends it for a key.
const PAUSE: u8 = 0xff;

/// The events of the input, in the groups in which a server draws them.
fn events(bytes: &[u8]) -> Vec<Vec<Event>> {
    let mut parser = InputParser::new();
    let group = |piece: &[u8]| {
        let mut events = Vec::new();
        piece.iter().for_each(|byte| parser.take(*byte, &mut events));
        parser.settle(&mut events);
        events
    };
    bytes.split(|byte| *byte == PAUSE).map(group).collect()
}

fn use_screen(groups: &[Vec<Event>], size: Size, now: Timestamp) {
    let backend = AnsiBackend::new(Vec::new(), size);
    let mut session = Session::new(CATALOG.clone(), Environment::default(), backend, now).expect("a backend in memory");
    for group in groups {
        for event in group {
            for effect in session.feed(event.clone(), now) {
                if let Effect::OpenLink(link) = effect {
                    session.feed(Event::OpenFailed(link), now);
                }
            }
        }
        session.draw().expect("drawing into memory succeeds");
        let drawn = std::mem::take(session.backend_mut().writer());
        output::check(std::str::from_utf8(&drawn).expect("a frame is UTF-8"), "");
    }
}

fn use_lines(groups: &[Vec<Event>], size: Size, now: Timestamp) {
    let mut session = LineSession::new(CATALOG.clone(), Environment::default(), size.width, now);
    let (mut editor, mut text) = (LineEditor::default(), session.greeting() + &session.prompt());
    for event in groups.iter().flatten() {
        match editor.take(event, &mut text) {
            Typed::Nothing => {}
            Typed::End => break,
            Typed::Line(line) => {
                let reply = session.answer(&line, now);
                text += &reply.text;
                for effect in reply.effects {
                    if let Effect::OpenLink(link) = effect {
                        text += &session.feed(Event::OpenFailed(link), now).text;
                    }
                }
                text += &session.prompt();
            }
        }
    }
    assert!(!text.contains('\x1b'), "{text:?}");
    output::check(&text, "\n\x08");
}

fuzz_target!(|bytes: &[u8]| {
    let Some(([width, height], bytes)) = bytes.split_first_chunk() else { return };
    // Drawing large screens would leave time for few inputs.
    let size = dialtree::session::clamp_size(Size { width: (width % 128).into(), height: (height % 48).into() });
    let now = Timestamp::from_second(1_795_000_000).expect("a valid time");
    let groups = events(bytes);
    use_screen(&groups, size, now);
    use_lines(&groups, size, now);
});
