//! Every screen at four sizes, as text and as a map of its styles in each theme; and some styles cell by cell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::Environment;
use dialtree::app::event::Event;
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::present::display::{Display, Glyphs};
use dialtree::present::theme::Theme;
use dialtree::search::Catalog;
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use support::{drawn, monday, play, screen, session};

const SIZES: [(u16, u16); 4] = [(200, 60), (120, 40), (80, 24), (40, 10)];

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
    ("find_empty_medicare", "3/"),
    ("help", "?"),
    ("gate", "7<Ctrl-O><Tab>"),
    ("wrong_key", "119"),
    ("copy", "111<Ctrl-K><Down>"),
    ("copied", "111<Ctrl-K>2"),
    ("qr", "111<Ctrl-R>"),
    ("brokers_card", "1<Enter>1"),
    ("note", "111<F2>ask for Ann"),
    ("pinned", "111<Ctrl-T><Ctrl-L>lost id card<Enter><Ctrl-L>/"),
];

/// An environment in which pins and notes are kept.
fn keeping(display: Display) -> Environment {
    let mut environment = drawn(display);
    environment.profile.keeps = true;
    environment
}

#[test]
fn every_screen_at_four_sizes() {
    for (name, keys) in SCREENS {
        for (width, height) in SIZES {
            let mut session = session(width, height, keeping(Display::default()));
            play(&mut session, keys);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen(&session));
        }
    }
}

/// The built-in directory with another key, number, audience and note on the way to Commissions.
fn edited() -> Arc<Catalog> {
    let (before, menu) = EMBEDDED.split_once("menu: [\n                (\n                  press: \"1\",").unwrap();
    let moved = format!("{before}menu: [\n                (\n                  press: \"7\",{menu}");
    let text = [
        ("1-800-909-3447", "1-800-909-3999"),
        ("also: [\"small-business\", \"large-group\"]", "also: [\"large-group\"]"),
    ]
    .iter()
    .fold(moved, |text, (from, to)| text.replacen(from, to, 1));
    Arc::new(Directory::load("edited.ron", &text).unwrap().into())
}

#[test]
fn what_a_reload_changed_on_the_card() {
    let unicode = SIZES.map(|size| ("reloaded", Glyphs::UNICODE, size));
    for (name, glyphs, (width, height)) in unicode.into_iter().chain([("reloaded_ascii", Glyphs::ASCII, (80, 24))]) {
        let mut session = session(width, height, drawn(Display { glyphs, ..Display::default() }));
        play(&mut session, "111");
        session.reload(edited());
        session.draw().unwrap();
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen(&session));
    }
}

/// The styles of a screen: for each cell a letter, runs of them with their length, and equal rows once.
fn style_map(session: &Session<TestBackend>, legend: &mut Vec<String>) -> String {
    let buffer = session.backend().buffer();
    let mut rows: Vec<(String, usize)> = Vec::new();
    for cells in buffer.content.chunks(usize::from(buffer.area.width)) {
        let letters = cells.iter().map(|cell| {
            let style = format!("{:?} on {:?} {:?}", cell.fg, cell.bg, cell.modifier);
            let index = legend.iter().position(|known| *known == style).unwrap_or_else(|| {
                legend.push(style);
                legend.len() - 1
            });
            char::from(b'a' + u8::try_from(index).unwrap())
        });
        let letters: Vec<char> = letters.collect();
        let row: Vec<String> = letters.chunk_by(|a, b| a == b).map(|run| format!("{}{}", run.len(), run[0])).collect();
        let row = row.join(" ");
        match rows.last_mut().filter(|(last, _)| *last == row) {
            Some((_, count)) => *count += 1,
            None => rows.push((row, 1)),
        }
    }
    rows.into_iter().map(|(row, count)| format!("{count:>2} x {row}\n")).collect()
}

/// One snapshot for each screen, in which themes with the same map at all sizes stand together.
#[test]
fn every_screen_in_every_theme() {
    let plain = ("no colour", Display { colors: false, ..Display::default() });
    let themed = Theme::NAMED.map(|(name, theme)| (name, Display { theme, ..Display::default() }));
    for (name, keys) in SCREENS {
        let mut maps: Vec<(String, String)> = Vec::new();
        for (theme, display) in themed.iter().chain([&plain]) {
            let (mut map, mut legend) = (String::new(), Vec::new());
            for (width, height) in SIZES {
                let mut session = session(width, height, keeping(display.clone()));
                play(&mut session, keys);
                map += &format!("{width}x{height}\n{}", style_map(&session, &mut legend));
            }
            let legend =
                legend.iter().enumerate().map(|(i, style)| format!("{}: {style}\n", char::from(b'a' + i as u8)));
            let legend = format!("{theme}\n{}", legend.collect::<String>());
            match maps.iter_mut().find(|(_, known)| *known == map) {
                Some((legends, _)) => *legends += &legend,
                None => maps.push((legend, map)),
            }
        }
        let text: Vec<String> = maps.into_iter().map(|(legends, map)| legends + &map).collect();
        insta::assert_snapshot!(format!("{name}_styles"), text.join("\n"));
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
    for part in ["○ Closed · opens Thu 8:00 AM PT", "Email   HN_Account_Services@healthnet.com", "        any time"]
    {
        assert!(shown.contains(part), "{part} is not on\n{shown}");
    }
}

#[test]
fn a_closed_line_offers_others_for_the_same_need() {
    let shown = account_services_in_the_evening();
    let instead = "        Small Business: Eligibility and account";
    assert!(shown.contains(instead), "{instead} is not on\n{shown}");
    assert!(shown.contains("press 6, hours"), "{shown}");
}

#[test]
fn a_reader_in_another_zone_sees_their_own_time_too() {
    let reader_zone = jiff::tz::TimeZone::get("America/New_York").ok();
    let mut session = session(120, 40, drawn(Display { reader_zone, ..Display::default() }));
    play(&mut session, "3");
    assert!(screen(&session).contains("closes 5:00 PM PT"), "{}", screen(&session));
    assert!(screen(&session).contains("  8:00 PM your time"), "{}", screen(&session));
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
fn one_accent_for_keys_and_the_focus() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "111");
    let backend = session.backend();
    assert_eq!(cell(backend, "[1] Brokers", 0).fg, Color::Magenta);
    assert_eq!(cell(backend, "━ Individual", 0).fg, Color::Magenta, "the border of the focused pane");
    assert_eq!(
        cell(backend, "! Not for Medicare", 0).fg,
        Color::Red,
        "the audiences that it does not serve are a warning"
    );
    assert_eq!(cell(backend, "! Not for Medicare", 2).fg, Color::Reset, "which can be read on any background");
    let colors: Vec<Color> = backend.buffer().content.iter().map(|cell| cell.fg).collect();
    assert!(colors.iter().all(|color| matches!(color, Color::Reset | Color::Magenta | Color::Red)));
    assert!(backend.buffer().content.iter().all(|cell| cell.bg == Color::Reset), "the terminal's own background");
}

/// The style of a selected row, from its first character to the border of its pane.
fn selected_styles(display: Display) -> Vec<(Color, Color, Modifier)> {
    let mut session = session(120, 40, drawn(display));
    play(&mut session, "1");
    let row = (0..40).map(|column| cell(session.backend(), "▾ Broker line", column));
    row.map(|cell| (cell.fg, cell.bg, cell.modifier)).collect()
}

#[test]
fn a_selected_row_has_one_flat_style() {
    for display in [Display::default(), Display { colors: false, ..Display::default() }] {
        let styles = selected_styles(display);
        assert!(styles.iter().all(|style| *style == (Color::Reset, Color::Reset, Modifier::REVERSED)), "{styles:?}");
    }
    for theme in [Theme::DARK, Theme::LIGHT, Theme::HIGH_CONTRAST] {
        let styles = selected_styles(Display { theme, ..Display::default() });
        assert!(styles.iter().all(|(_, background, _)| *background == theme.selection), "{styles:?}");
    }
}

#[test]
fn a_window_stands_out_from_a_dimmed_screen() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "111<Ctrl-K>");
    let backend = session.backend();
    assert!(cell(backend, "─ Individual", 2).modifier.contains(Modifier::DIM));
    assert!(!cell(backend, "━ Copy", 2).modifier.contains(Modifier::DIM));
}

#[test]
fn a_window_cuts_no_word_in_two() {
    for keys in ["111<Ctrl-K>", "7<Ctrl-O>", "?", "111<Ctrl-R>"] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, keys);
        let lines: Vec<Vec<char>> = screen(&session).lines().map(|line| line.chars().collect()).collect();
        for line in &lines {
            for (i, symbol) in line.iter().enumerate() {
                let is_edge = *symbol == '┃' && (i > 0 && line[i - 1].is_alphanumeric());
                assert!(!is_edge, "a word ends at the border after {keys}:\n{}", screen(&session));
            }
        }
    }
}

#[test]
fn without_colours_nothing_is_lost() {
    for keys in ["111", "/commission", "?", "7<Ctrl-O>", "5<Enter>"] {
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
    for keys in [
        "",
        "111",
        "<Esc>/commission",
        "<Esc>?",
        "<Esc>7<Ctrl-O>",
        "<Esc><Esc>3",
        "<Esc>5",
        "<Ctrl-R>",
        "<Esc><Ctrl-K>",
    ] {
        play(&mut session, keys);
        assert!(screen(&session).is_ascii(), "after {keys}:\n{}", screen(&session));
    }
}

#[test]
fn the_hardware_cursor_is_on_the_selection() {
    for (keys, at) in [
        ("", (2, 8)),
        ("111", (24, 5)),
        ("111<Enter>", (68, 3)),
        ("/", (3, 1)),
        ("/comm", (7, 1)),
        ("/<Down>", (24, 5)),
        ("/comm<Down>", (24, 5)),
        ("/comm<Down><Up>", (24, 4)),
        ("/comm<PgDn><PgUp>", (24, 4)),
        ("/comm<Down>i", (8, 1)),
        ("/comm<Down><Left>", (6, 1)),
        ("/comm<Down><Backspace>", (6, 1)),
        ("/comm<Down><Enter>/", (3, 1)),
        ("/zzzzzz<Down>", (9, 1)),
    ] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, keys);
        session.backend_mut().assert_cursor_position(at);
    }
}

#[test]
fn a_paste_moves_the_cursor_back_to_the_find_box() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "/comm<Down>");
    session.feed(Event::Paste("x".to_owned()), monday());
    session.draw().unwrap();
    session.backend_mut().assert_cursor_position((8, 1));
}

/// At the start `Esc` has nothing to go back to, and in the palette `F1` is where the user is already.
#[test]
fn a_narrow_screen_says_how_to_go_back_and_where_help_is() {
    let (back, help) = ("Esc back", "F1 keys");
    for (keys, hints) in [
        ("", &[help][..]),
        ("3<Esc>", &[back, help]),
        ("1", &[back, help]),
        ("111<Enter>", &[back, help]),
        ("/", &[back, help]),
        ("/fraud", &[back, help]),
        ("/zzzzzz", &[back, help]),
        ("<F1>", &[back]),
        ("111<Ctrl-K>", &[back, help]),
        ("111<Ctrl-R>", &[back, help]),
        ("111<F2>", &[back, help]),
        ("7<Ctrl-O>", &[back, help]),
    ] {
        let mut environment = Environment::default();
        environment.profile.keeps = true;
        let mut session = session(40, 10, environment);
        play(&mut session, keys);
        let shown = screen(&session);
        let footer = shown.lines().last().unwrap();
        assert!(hints.iter().all(|hint| footer.contains(hint)), "after {keys:?}:\n{shown}");
    }
}
