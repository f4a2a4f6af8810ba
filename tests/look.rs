//! What the screen shows where: the number and what warns of it, the keypad, names and their numbers, messages and hints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use dialtree::app::event::Event;
use dialtree::app::keymap::Hint;
use dialtree::app::layout::Pane;
use dialtree::present::card::Card;
use dialtree::present::card_page::screen_page;
use dialtree::present::display::Display;
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use support::{app, monday, own, play, screen, session};

fn shown(width: u16, height: u16, keys: &str) -> String {
    let mut session = session(width, height, Environment::default());
    play(&mut session, keys);
    screen(&session)
}

/// Clicks the first cell of a text and draws.
fn click(session: &mut Session<TestBackend>, text: &str) {
    let shown = screen(session);
    let found = shown.lines().enumerate().find_map(|(row, line)| Some((line[..line.find(text)?].chars().count(), row)));
    let (column, row) = found.unwrap_or_else(|| panic!("{text} is not on\n{shown}"));
    let event = Event::Click { column: column.try_into().unwrap(), row: row.try_into().unwrap() };
    session.feed(event, monday());
    session.draw().unwrap();
}

#[test]
fn the_number_is_in_large_digits_where_they_fit() {
    let large = "█▀█ █▀█ █▀█";
    for (size, is_large) in [((120, 40), true), ((200, 60), true), ((100, 30), false), ((80, 24), false)] {
        let shown = shown(size.0, size.1, "2");
        assert_eq!(shown.contains(large), is_large, "{size:?}\n{shown}");
        assert!(shown.contains("1-800-447-8812"), "the number as text, to be selected with a mouse\n{shown}");
    }
}

#[test]
fn who_an_entry_is_not_for_is_never_below_the_fold() {
    let app = app(80, 24);
    let (directory, area) = (app.directory(), app.layout().unwrap().inner(Pane::Card).unwrap().as_size());
    let mut count = 0;
    for id in directory.entries() {
        let card = Card::new(directory, id, Some(monday()));
        let Card::Contact(contact) = &card else { continue };
        if contact.not_for.is_empty() && !contact.notes.iter().any(|note| note.starts_with("Not for")) {
            continue;
        }
        let page = screen_page(&card, None, &Display::default(), area, true).plain();
        let mut visible = page.lines().take(usize::from(area.height));
        assert!(visible.any(|line| line.starts_with("! Not for")), "{}\n{page}", directory.text_id(id));
        count += 1;
    }
    assert!(count > 3, "only {count} entries were tried");
}

#[test]
fn status_and_warnings_are_directly_below_the_number() {
    let shown = shown(80, 24, "23");
    let lines: Vec<&str> = shown.lines().collect();
    let number = lines.iter().position(|line| line.contains("│ 1-800-447-8812")).unwrap();
    assert!(lines[number + 1].contains("Hours not listed"), "{shown}");
    assert!(lines[number + 2].contains("! Not for members."), "{shown}");
}

#[test]
fn a_click_on_the_keypad_presses_the_key() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "1");
    click(&mut session, "│  1  │");
    assert!(!screen(&session).contains("IFP ▸ 1"), "the border of a key is no key\n{}", screen(&session));
    click(&mut session, "1  │     ");
    assert!(screen(&session).contains("IFP ▸ 1"), "{}", screen(&session));
    click(&mut session, "2  │  3  │");
    assert!(screen(&session).contains("IFP ▸ 1 ▸ 2"), "{}", screen(&session));
    click(&mut session, "5  │     ");
    assert!(screen(&session).contains("IFP ▸ 1 ▸ 5"), "a key of the same menu\n{}", screen(&session));
}

#[test]
fn the_keypad_is_drawn_where_there_is_a_menu_and_room() {
    for (width, height, keys, is_drawn) in
        [(120, 40, "1", true), (120, 40, "5", false), (80, 24, "1", false), (120, 40, "1/fraud", false)]
    {
        let shown = shown(width, height, keys);
        assert_eq!(shown.contains("├─────┼─────┼─────┤"), is_drawn, "{width} by {height} after {keys}\n{shown}");
    }
}

#[test]
fn a_click_on_a_tab_chooses_its_audience() {
    let mut session = session(80, 24, Environment::default());
    play(&mut session, "");
    click(&mut session, "3 Medicare");
    assert!(screen(&session).contains("━ Medicare ━"), "{}", screen(&session));
}

#[test]
fn all_audiences_fit_at_80_columns() {
    let shown = shown(80, 24, "");
    let tabs = " 1 IFP 2 Small Business 3 Medicare 4 Large Group 5 Everyone 6 Log in 7 Notices";
    assert_eq!(shown.lines().nth(2), Some(tabs), "{shown}");
}

#[test]
fn results_that_differ_at_the_end_can_be_told_apart() {
    for (width, height) in [(120, 40), (80, 24)] {
        let shown = shown(width, height, "/provider login form");
        for part in ["1 of 3", "2 of 3", "3 of 3"] {
            assert!(shown.contains(part), "{part} is cut at {width} by {height}\n{shown}");
        }
    }
}

#[test]
fn the_selected_tab_is_always_visible() {
    for (digit, name) in [("1", "1 IFP"), ("4", "4 Large Group"), ("7", "7 Notices")] {
        let shown = shown(60, 20, digit);
        assert!(shown.lines().nth(2).unwrap().contains(name), "{shown}");
    }
}

#[test]
fn numbers_stay_close_to_their_names_on_a_wide_screen() {
    for width in [140, 200, 300] {
        let shown = shown(width, 60, "1");
        for line in shown.lines().filter(|line| line.contains("·····")) {
            let leader = line.chars().filter(|c| *c == '·').count();
            assert!(leader < 45, "{width} columns:\n{shown}");
        }
    }
}

#[test]
fn names_that_differ_at_the_end_are_cut_in_the_middle() {
    let mut session = own(
        r#"(schema: 2, id: "own", name: "Own", organisation: "Own", source: "Wall", transcribed: "2026-11-23",
            audiences: [], contacts: [
                (id: "a", name: "Provider log-in for members of the plan in Arizona", source: "W", channels: [(phone: "1-800-555-0100")]),
                (id: "b", name: "Provider log-in for members of the plan in Oregon", source: "W", channels: [(phone: "1-800-555-0101")]),
            ])"#,
        100,
        30,
        Environment::default(),
    );
    play(&mut session, "1");
    let shown = screen(&session);
    assert!(shown.contains("Arizona ·") && shown.contains("Oregon ·"), "{shown}");
}

#[test]
fn a_message_does_not_hide_the_hints_which_are_six_at_most() {
    for (width, height) in [(200, 60), (120, 40), (80, 24), (40, 10)] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, "1119");
        let shown = screen(&session);
        let lines: Vec<&str> = shown.lines().collect();
        let footer = lines[lines.len() - 1];
        assert!(shown.contains("No key") && footer.contains("F1 keys"), "{shown}");
        let hints = session.app().hints();
        let is_drawn = |hint: &&Hint| footer.contains(&format!("{} {}", hint.key, hint.word));
        assert!(hints.iter().filter(is_drawn).count() <= 6, "{footer}");
    }
}

#[test]
fn what_was_opened_before_is_listed_below_the_audiences() {
    assert!(!shown(120, 40, "").contains("Recent"), "an empty section is not drawn");
    let shown = shown(120, 40, "/fraud<Enter>");
    let (_, below) = shown.split_once("─ Recent ─").unwrap();
    assert!(below.contains("│ Fraud hotline"), "{shown}");
}

#[test]
fn a_very_wide_screen_has_a_fourth_column() {
    let shown = shown(200, 60, "5<Enter>");
    for text in ["─ Scan ─", "─ Week ─", "▸ Mon", "Thu 2026-11-26  public holiday", "─ To copy ─"] {
        assert!(shown.contains(text), "{text} is not on\n{shown}");
    }
}
