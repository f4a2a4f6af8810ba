//! What the tests of the app share: the built-in directory, a session over a buffer, and strings of keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use dialtree::app::event::{Code, Event, KeyPress};
use dialtree::app::{App, Effect, Environment};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::present::display::Display;
use dialtree::search::Catalog;
use dialtree::session::Session;
use jiff::Timestamp;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

static LOADED: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Directory::load("embedded", EMBEDDED).unwrap().into()));

/// An empty folder for the files of a test. The name must be unique among all tests.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A Monday morning in California on which every line with hours is open.
pub(crate) fn monday() -> Timestamp {
    "2026-11-23T10:42:00-08:00".parse().unwrap()
}

/// An environment that draws in a given way.
pub(crate) fn drawn(display: Display) -> Environment {
    Environment { display, ..Environment::default() }
}

pub(crate) fn app(width: u16, height: u16) -> App {
    App::new(LOADED.clone(), Environment::default(), Size { width, height }, monday())
}

pub(crate) fn session(width: u16, height: u16, environment: Environment) -> Session<TestBackend> {
    Session::new(LOADED.clone(), environment, TestBackend::new(width, height), monday()).unwrap()
}

/// A session on a directory other than the built-in one.
pub(crate) fn own(text: &str, width: u16, height: u16, environment: Environment) -> Session<TestBackend> {
    let catalog = Arc::new(Directory::load("own.ron", text).unwrap().into());
    Session::new(catalog, environment, TestBackend::new(width, height), monday()).unwrap()
}

/// Key events of a text: characters stand for themselves, named keys are in angle brackets: `11<Enter>`, `<ctrl-c>`.
pub(crate) fn keys(text: &str) -> Vec<Event> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (code, used) = match rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            Some((name, _)) => (named(name), name.len() + 2),
            None => (KeyPress::plain(Code::Char(first)), first.len_utf8()),
        };
        keys.push(Event::Key(code));
        rest = &rest[used..];
    }
    keys
}

fn named(name: &str) -> KeyPress {
    KeyPress::parse(name).unwrap_or_else(|| panic!("no key is called {name}"))
}

/// Types keys into an app and returns the effects.
pub(crate) fn press(app: &mut App, text: &str) -> Vec<Effect> {
    keys(text).into_iter().flat_map(|event| app.handle(event, monday())).collect()
}

/// Types keys into a session and draws.
pub(crate) fn play(session: &mut Session<TestBackend>, text: &str) {
    for event in keys(text) {
        session.feed(event, monday());
    }
    session.draw().unwrap();
}

/// The screen as text, without the spaces at the ends of its lines.
pub(crate) fn screen(session: &Session<TestBackend>) -> String {
    let buffer = session.backend().buffer();
    let width = usize::from(buffer.area.width);
    let lines = buffer.content.chunks(width.max(1)).map(|row| {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
