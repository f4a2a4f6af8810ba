//! Whatever comes in, in whatever order, at whatever size: nothing panics, and what is selected is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::event::{Code, Event, KeyPress};
use dialtree::app::layout::Pane;
use dialtree::app::{App, Environment};
use proptest::prelude::*;
use support::{monday, session};

/// 500 runs of 200 events: 100,000.
const RUNS: u32 = 500;
const EVENTS: usize = 200;

fn event() -> impl Strategy<Value = Event> {
    let code = prop_oneof![
        4 => proptest::sample::select("0123456789*#/?hjklgGcoq ".chars().collect::<Vec<_>>()).prop_map(Code::Char),
        1 => any::<char>().prop_map(Code::Char),
        6 => proptest::sample::select(vec![
            Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Up, Code::Down,
            Code::Left, Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown,
        ]),
    ];
    let key = (code, proptest::bool::weighted(0.05)).prop_map(|(code, ctrl)| Event::Key(KeyPress { code, ctrl }));
    prop_oneof![
        20 => key,
        2 => (0..140u16, 0..60u16).prop_map(|(column, row)| Event::Click { column, row }),
        1 => any::<(u16, u16)>().prop_map(|(column, row)| Event::Click { column, row }),
        2 => (0..140u16, 0..60u16, any::<bool>()).prop_map(|(column, row, down)| Event::Wheel { column, row, down }),
        1 => ".{0,40}".prop_map(Event::Paste),
        2 => (0..140u16, 0..50u16).prop_map(|(width, height)| Event::Resize { width, height }),
        1 => Just(Event::Tick),
    ]
}

/// What must hold after every event.
fn check(app: &App) {
    let shelf = app.shelf();
    assert_eq!(app.shelves()[shelf.selected], app.tree().shelf(), "the tree shows the selected shelf");
    let cursor = app.tree().cursor;
    assert!(app.tree().selected().is_some(), "an answer is selected, not a heading and not nothing");
    if let Some(find) = app.find() {
        assert!(find.cursor.selected < find.hits.len().max(1));
    }
    let Some(layout) = app.layout() else { return };
    if let (Some(tree), None) = (layout.inner(Pane::Tree), app.find()) {
        let in_view = cursor.top..cursor.top + usize::from(tree.height);
        assert!(in_view.contains(&cursor.selected), "the selected row is in view");
    }
    if let (Some(page), Some(room)) = (app.card(), layout.inner(Pane::Card)) {
        let last = page.lines.len().saturating_sub(usize::from(room.height));
        assert!(app.card_top() <= last, "the card is not scrolled past its end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: RUNS, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hundred_thousand_events_at_any_size(events in proptest::collection::vec(event(), EVENTS)) {
        let mut session = session(120, 40, Environment::default());
        for (place, event) in events.into_iter().enumerate() {
            if let Event::Resize { width, height } = event {
                session.backend_mut().resize(width, height);
            }
            session.feed(event, monday());
            check(session.app());
            // Drawing is slow here; every size and scene comes by often enough.
            if place % 4 == 0 {
                session.draw().unwrap();
            }
        }
        session.draw().unwrap();
    }
}
