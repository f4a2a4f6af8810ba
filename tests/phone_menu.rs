//! Following a phone menu: keys and the resulting screens, at three sizes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use support::{own, play, screen, session};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 10)];

/// A directory whose last contact has a phone menu, the last option of which has a submenu.
fn long(other_count: usize, option_count: usize) -> String {
    let contact = |index| format!(r#"(id: "c{index}", name: "Other {index}", source: "Wall", audiences: ["all"]),"#);
    let option = |key| match key == option_count {
        true => format!(
            r#"(key: "{key}", label: "Way {key}", menu: [
            (key: "1", label: "Deeper 1"), (key: "2", label: "Deeper 2"), (key: "3", label: "Deeper 3"),
        ]),"#
        ),
        false => format!(r#"(key: "{key}", label: "Way {key}"),"#),
    };
    let others: String = (0..other_count).map(contact).collect();
    let options: String = (1..=option_count).map(option).collect();
    format!(
        r#"(schema: 1, id: "own", name: "Own", organisation: "Own", source: "Wall", transcribed: "2026-11-23",
        audiences: [(id: "all", name: "All", short: "All")],
        contacts: [{others}
            (id: "line", name: "Line", source: "Wall", audiences: ["all"],
             channels: [(phone: "1-800-909-3447", menu: [{options}])]),
        ])"#
    )
}

#[test]
fn the_next_options_are_visible_after_each_key() {
    let choices =
        ["Commissions", "Application status", "General, delinquency", "Premium payments", "Benefits and claims"];
    for (width, height) in SIZES {
        let mut session = session(width, height, Environment::default());
        play(&mut session, "11");
        for choice in choices {
            assert!(screen(&session).contains(choice), "{choice} at {width} by {height}\n{}", screen(&session));
        }
        // Also from the end of the tree.
        play(&mut session, "<End>");
        play(&mut session, "<Home>1");
        for choice in choices {
            assert!(screen(&session).contains(choice), "{choice} at {width} by {height}\n{}", screen(&session));
        }
    }
}

#[test]
fn a_menu_far_down_the_tree_is_scrolled_into_view() {
    for (width, height) in SIZES {
        let mut session = own(&long(40, 4), width, height, Environment::default());
        play(&mut session, &format!("1{}", "<Down>".repeat(40)));
        for (key, title, choices) in [("", "Line", ["Way 1", "Way 4"]), ("4", "Way 4", ["Deeper 1", "Deeper 3"])] {
            play(&mut session, key);
            let shown = screen(&session);
            for text in [title, choices[0], choices[1]] {
                assert!(shown.contains(text), "{text} after {key} at {width} by {height}\n{shown}");
            }
        }
        play(&mut session, "<Backspace>");
        assert!(screen(&session).contains("Way 1") && screen(&session).contains("Way 4"), "{}", screen(&session));
    }
}

#[test]
fn a_menu_longer_than_the_screen_starts_at_its_contact() {
    let mut session = own(&long(40, 9), 40, 10, Environment::default());
    play(&mut session, &format!("1{}", "<Down>".repeat(40)));
    let shown = screen(&session);
    assert!(shown.lines().nth(2).unwrap().contains("Line"), "{shown}");
    assert!(shown.contains("Way 1") && shown.contains("Way 5") && !shown.contains("Way 6"), "{shown}");
}

#[test]
fn s_starts_the_menu_again() {
    for (width, height) in SIZES {
        for keys in ["111s", "11s", "111<Enter>s", "111s11<Backspace>s"] {
            let mut session = session(width, height, Environment::default());
            play(&mut session, keys);
            let app = session.app();
            assert_eq!(app.directory().title(app.entry().unwrap()), "Broker line", "after {keys}");
            let shown = screen(&session);
            assert!(!shown.contains("start again"), "`start again` is offered at the start\n{shown}");
            play(&mut session, "12");
            let app = session.app();
            assert_eq!(app.directory().title(app.entry().unwrap()), "Application status", "after {keys}12");
        }
    }
}

#[test]
fn a_card_on_a_small_screen_shows_the_number_and_the_next_keys() {
    let mut session = session(40, 10, Environment::default());
    play(&mut session, "1<Enter><Down><Down><Down>1");
    let shown: Vec<String> = screen(&session).lines().map(str::to_owned).collect();
    for (row, text) in ["1-800-909-3447", "[1] Brokers", "then press", "[1] Commissions", "[2] Application status"]
        .into_iter()
        .enumerate()
    {
        assert!(shown[row + 2].contains(text), "{text} is not in row {row} of\n{}", shown.join("\n"));
    }
    play(&mut session, "2");
    let shown = screen(&session);
    assert!(shown.contains("1-800-909-3447 ▸ 1 ▸ 2") && shown.contains("[2] Application status"), "{shown}");
}

#[test]
fn the_footer_lists_the_keys_for_the_current_state() {
    for (width, height, keys, footer) in [
        (80, 24, "111", "/ find   y copy   s start again   ? help   r QR   c copy menu      IFP ▸ 1 ▸ 1"),
        (80, 24, "1", "/ find   y copy   ? help   r QR   c copy menu   Esc back   q quit          IFP"),
        (40, 10, "", "/ find   Enter open   y copy   ? help"),
        (40, 10, "111", "/ find   Enter open   y copy   ? help"),
        (40, 10, "111<Enter>", "/ find   y copy   s start again   r QR"),
    ] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, keys);
        assert_eq!(screen(&session).lines().last().unwrap().trim(), footer, "{width} by {height} after {keys}");
    }
}
