//! Every screen at three sizes, as text; and styles, asserted cell by cell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use dialtree::app::event::Event;
use dialtree::present::display::{Display, Glyphs};
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use support::{drawn, monday, play, screen, session};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 10)];

const SCREENS: &[(&str, &str)] = &[
    ("start", ""),
    ("commissions", "111"),
    ("commissions_card", "111<Enter>"),
    ("account_services", "5<Enter>"),
    ("large_group", "4"),
    ("log_in", "6"),
    ("notice_section", "7<Down><Right><Enter><PgDn>"),
    ("find", "/commission"),
    ("find_nothing", "/zzzzzz"),
    ("find_empty", "/"),
    ("find_typo", "/fruad hotlien"),
    ("find_elsewhere", "2/medicare commissions"),
    ("find_recent", "/lost id card<Enter>/"),
    ("help", "?"),
    ("gate", "7o<Tab>"),
    ("wrong_key", "119"),
    ("copy", "111c<Down>"),
    ("copied", "111c2"),
    ("qr", "111r"),
    ("brokers_card", "1<Enter>1"),
];

#[test]
fn every_screen_at_three_sizes() {
    for (name, keys) in SCREENS {
        for (width, height) in SIZES {
            let mut session = session(width, height, Environment::default());
            play(&mut session, keys);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen(&session));
        }
    }
}

/// The screen after hours.
fn account_services_in_the_evening() -> String {
    let mut session = session(120, 40, Environment::default());
    let evening = "2026-11-25T18:30:00-08:00".parse().unwrap();
    for event in support::keys("5<Enter>") {
        session.feed(event, evening);
    }
    session.draw().unwrap();
    screen(&session)
}

#[test]
fn a_closed_line_offers_the_channels_that_work_now() {
    let shown = account_services_in_the_evening();
    for part in
        ["Hours   ○ Closed · opens Thu 8:00 AM PT", "Email   HN_Account_Services@healthnet.com", "        any time"]
    {
        assert!(shown.contains(part), "{part} is not on\n{shown}");
    }
}

#[test]
fn a_closed_line_offers_others_for_the_same_need() {
    let shown = account_services_in_the_evening();
    let instead = "        Small Business: Eligibility and";
    assert!(shown.contains(instead), "{instead} is not on\n{shown}");
    assert!(shown.contains("press 6, hours not listed"), "{shown}");
}

#[test]
fn a_reader_in_another_zone_sees_their_own_time_too() {
    let reader_zone = jiff::tz::TimeZone::get("America/New_York").ok();
    let mut session = session(120, 40, drawn(Display { reader_zone, ..Display::default() }));
    play(&mut session, "3");
    assert!(screen(&session).contains("closes 5:00 PM PT"), "{}", screen(&session));
    assert!(screen(&session).contains("        8:00 PM your time"), "{}", screen(&session));
}

#[test]
fn every_size_shows_the_selection_or_says_that_it_is_too_small() {
    for (width, height) in [(20, 5), (24, 7), (59, 15), (60, 16), (99, 12), (100, 8), (300, 90)] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, "111");
        assert!(screen(&session).contains("1 Commissions"), "{width} by {height}\n{}", screen(&session));
    }
    for (width, height) in [(19, 5), (20, 4), (11, 3)] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, "111");
        assert!(screen(&session).starts_with("Too small"), "{width} by {height}\n{}", screen(&session));
    }
}

#[test]
fn resizing_there_and_back_draws_the_same() {
    let mut resized = session(120, 40, Environment::default());
    play(&mut resized, "111");
    for (width, height) in [(40, 10), (20, 5), (10, 2), (80, 24), (120, 40)] {
        resized.backend_mut().resize(width, height);
        resized.feed(Event::Resize { width, height }, monday());
        resized.draw().unwrap();
        let mut fresh = session(width, height, Environment::default());
        play(&mut fresh, "111");
        assert!(screen(&resized).contains("Commissions") || width < 20, "{}", screen(&resized));
        if (width, height) == (120, 40) {
            assert_eq!(screen(&resized), screen(&fresh));
        }
    }
}

/// The cell `along` columns after the start of a text.
fn cell<'a>(backend: &'a TestBackend, text: &str, along: usize) -> &'a Cell {
    let buffer = backend.buffer();
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width);
    let mut found = rows.filter_map(|row| {
        let start =
            (0..width).find(|start| row[*start..].iter().map(Cell::symbol).collect::<String>().starts_with(text));
        start.map(|start| &row[start + along])
    });
    found.next_back().unwrap_or_else(|| panic!("{text} is not on the screen"))
}

#[test]
fn one_accent_and_reverse_video_for_the_selection() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "111");
    let backend = session.backend();
    let number = backend.buffer().cell((73, 3)).unwrap();
    assert_eq!((number.symbol(), number.fg), ("1", Color::Magenta));
    assert!(number.modifier.contains(Modifier::BOLD));
    assert_eq!(cell(backend, "[1] Commissions", 0).fg, Color::Magenta);
    assert!(cell(backend, "1 Commissions  ", 0).modifier.contains(Modifier::REVERSED));
    let not_for = cell(backend, "Not for Medicare", 8);
    assert_eq!(not_for.fg, Color::Red, "the audiences that it does not serve are a warning");
    let colors: Vec<Color> = backend.buffer().content.iter().map(|cell| cell.fg).collect();
    assert!(colors.iter().all(|color| matches!(color, Color::Reset | Color::Magenta | Color::Red)));
    assert!(backend.buffer().content.iter().all(|cell| cell.bg == Color::Reset), "the terminal's own background");
}

#[test]
fn without_colours_nothing_is_lost() {
    for keys in ["111", "/commission", "?", "7o", "5<Enter>"] {
        let mut session = session(120, 40, drawn(Display { colors: false, ..Display::default() }));
        play(&mut session, keys);
        let cells = &session.backend().buffer().content;
        assert!(cells.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset), "a colour after {keys}");
        assert!(cells.iter().any(|cell| !cell.modifier.is_empty()), "nothing stands out after {keys}");
    }
}

#[test]
fn matched_characters_are_marked() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "/commi");
    let marked: String = session.backend().buffer().content[120 * 4..120 * 5]
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(Cell::symbol)
        .collect();
    assert_eq!(marked, "Commi");
}

#[test]
fn ascii_borders_and_symbols_are_ascii() {
    let mut session = session(120, 40, drawn(Display { glyphs: Glyphs::ASCII, ..Display::default() }));
    for keys in ["", "111", "<Esc>/commission", "<Esc>?", "<Esc>7o", "<Esc><Esc>3", "<Esc>5", "r", "<Esc>c"] {
        play(&mut session, keys);
        assert!(screen(&session).is_ascii(), "after {keys}:\n{}", screen(&session));
    }
}

#[test]
fn the_hardware_cursor_is_on_the_selection() {
    for (keys, at) in [("", (1, 2)), ("111", (23, 4)), ("/comm", (30, 2)), ("111<Enter>", (73, 2))] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, keys);
        session.backend_mut().assert_cursor_position(at);
    }
}
