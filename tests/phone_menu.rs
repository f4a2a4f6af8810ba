//! Following a phone menu: keys and the resulting screens, at three sizes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use dialtree::directory::Directory;
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
        for keys in ["111<Ctrl-S>", "11<Ctrl-S>", "111<Enter><Ctrl-S>", "111<Ctrl-S>11<Backspace><Ctrl-S>"] {
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
        (80, 24, "", "Esc back   F1 keys   a-z search   1-9 audience   Enter open   Ctrl-Q quit"),
        (80, 24, "111", "Esc back   F1 keys   Ctrl-Y copy   a-z search   Ctrl-R QR   Backspace last key"),
        (80, 24, "1", "Esc back   F1 keys   Ctrl-Y copy   a-z search   Ctrl-R QR   Ctrl-L new caller"),
        (40, 10, "", "Esc back   F1 keys   a-z search"),
        (40, 10, "111", "Enter open   Esc back   F1 keys"),
        (40, 10, "111<Enter>", "Esc back   F1 keys   Ctrl-Y copy"),
        (40, 10, "111<Ctrl-K>", "Enter copy   Esc back   F1 keys"),
        (40, 10, "re", "Enter open   Esc back   F1 keys"),
        (40, 10, "?", "Enter run   Esc back   Ctrl-U clear"),
    ] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, keys);
        assert_eq!(screen(&session).lines().last().unwrap().trim(), footer, "{width} by {height} after {keys}");
    }
}

/// A line with a submenu, keys that hold anywhere and an option that continues in another language, and lines beside it.
const TREE: &str = r##"(
    schema: 2, id: "own", name: "Own", organisation: "Own", source: "Wall", transcribed: "2026-11-23",
    audiences: [(id: "all", name: "All", short: "All")],
    contacts: [
        (id: "line", name: "Line", source: "Wall", audiences: ["all"], channels: [(phone: "1-800-909-3447", menu: [
            (press: "1", label: "Plans", menu: [
                (press: "1", label: "Dental", menu: [
                    (press: "5", label: "Claims"),
                    (press: "0", label: "Dental nurse"),
                ]),
                (press: "2", label: "Vision"),
            ]),
            (press: "3", label: "Español", language: "Spanish", goto: "main"),
            (press: "4", label: "To vision", goto: "1/2"),
        ], anywhere: [
            (press: "*", label: "Back", goto: "back"),
            (press: "9", label: "Again", repeat: true),
            (press: "0", label: "A person", operator: true),
        ])]),
        (id: "direct", name: "Direct", source: "Wall", audiences: ["all"], channels: [
            (phone: "1-800-555-0100", anywhere: [(press: "0", label: "An agent", operator: true)]),
        ]),
        (id: "spoken", name: "Spoken", source: "Wall", audiences: ["all"], channels: [
            (phone: "1-800-555-0101", menu: [(say: "bills", label: "Bills"), (say: "claims", label: "Other claims")]),
        ]),
        (id: "desk", name: "Desk", source: "Wall", audiences: ["all"], channels: [
            (fax: "1-800-555-0102"),
            (phone: "1-800-555-0103"),
            (phone: "1-800-555-0103 x5", menu: [
                (press: "1", label: "Orders"),
                (press: "2", label: "Returns", menu: [(press: "0", label: "A clerk", operator: true)]),
            ]),
            (phone: "1-800-555-0104", menu: [(press: "7", label: "A manager", operator: true)]),
        ]),
    ],
)"##;

/// The script of the card and the labels of what can be taken next, after keys in the first section.
fn after(keys: &str) -> (String, String) {
    let mut session = own(TREE, 120, 40, Environment::default());
    play(&mut session, &format!("1{keys}"));
    let card = session.app().card().unwrap();
    let card = card.contact().unwrap();
    let next: Vec<&str> = card.next.iter().map(|option| &*option.label).collect();
    (card.script().unwrap().say().unwrap(), next.join(", "))
}

fn tree() -> Directory {
    Directory::load("own.ron", TREE).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn back_and_repeat_keep_the_place_in_the_menu() {
    let (say, next) = after("11*");
    assert_eq!((&*say, &*next), ("1-800-909-3447, press 1, then 1, then *", "Dental, Vision, Back, Again, A person"));
    assert_eq!(after("11*2").0, "1-800-909-3447, press 1, then 1, then *, then 2");
    assert_eq!(after("119").1, "Claims, Dental nurse, Back, Again");
    assert_eq!(after("11**").1, "Plans, Español, To vision, Back, Again, A person");
    // Backspace takes back one key.
    assert_eq!(after("11*<Backspace>"), after("11"));
}

#[test]
fn keys_that_hold_anywhere_hold_at_the_end_of_a_branch_and_without_a_menu() {
    assert_eq!(after("112").0, "1-800-909-3447, press 1, then 2", "2 is beside Dental");
    assert_eq!(after("1150").0, "1-800-909-3447, press 1, then 1, then 5, then 0");
    assert_eq!(after("<End><Home>").1, "Plans, Español, To vision, Back, Again, A person");
    let directory = tree();
    let direct = directory.by_text_id("direct").unwrap();
    let agent = directory.by_text_id("direct/0").expect("direct/0");
    assert_eq!((directory.title(agent), directory.next_options(direct)), ("An agent", vec![agent]));
}

#[test]
fn the_key_of_a_submenu_hides_the_one_that_holds_anywhere() {
    let directory = tree();
    let title = |id: &str| directory.title(directory.by_text_id(id).unwrap()).to_owned();
    assert_eq!((title("line/1/1/0"), title("line/1/0")), ("Dental nurse".into(), "A person".into()));
    assert_eq!(after("110").0, "1-800-909-3447, press 1, then 1, then 0");
}

#[test]
fn a_step_that_leads_elsewhere_stays_in_the_script() {
    assert_eq!(after("31"), ("1-800-909-3447, press 3, then 1".into(), "Dental, Vision, Back, Again, A person".into()));
    assert_eq!(after("4").1, "Back, Again, A person");
    let mut session = own(TREE, 120, 40, Environment::default());
    play(&mut session, "131");
    let shown = screen(&session);
    for text in
        ["1  Press [3] Español", "continues in Spanish, leads to the main", "▸ 2  Press [1] Plans", "All ▸ 3 ▸ 1"]
    {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    play(&mut session, "<Ctrl-Y>");
    assert!(screen(&session).contains("+18009093447 (not copied: press 3, then 1)"), "{}", screen(&session));
    // Plans in English is another entry than Plans in Spanish, and has the id.
    assert_eq!(tree().by_text_id("line/3/1"), None);
}

#[test]
fn the_last_key_is_marked_as_the_present_step() {
    for (keys, marked) in [("11", "▸ 2  Press [1] Dental"), ("11<Enter>", "▸ 2  Press [1] Dental")] {
        let mut session = own(TREE, 120, 40, Environment::default());
        play(&mut session, &format!("1{keys}"));
        assert!(screen(&session).contains(marked), "{keys}\n{}", screen(&session));
    }
}

#[test]
fn enter_takes_a_spoken_step_only_if_it_is_the_only_one() {
    assert_eq!(after("<End><Home>/spoken<Enter><Enter>").0, "1-800-555-0101");
    let mut session =
        own(&TREE.replace(", (say: \"claims\", label: \"Other claims\")", ""), 44, 20, Environment::default());
    play(&mut session, "/spoken<Enter>");
    assert!(screen(&session).contains("[say \"bills\"]"), "{}", screen(&session));
    play(&mut session, "<Enter>");
    assert!(screen(&session).contains("Say \"bills\""), "{}", screen(&session));
}

#[test]
fn each_menu_is_under_its_own_number_and_each_line_has_an_id() {
    let directory = tree();
    for (id, number) in [
        ("desk/18005550103", "1-800-555-0103"),
        ("desk/18005550103x5", "1-800-555-0103 x5"),
        ("desk/18005550103x5/1", "1-800-555-0103 x5"),
        ("desk/18005550104/7", "1-800-555-0104"),
    ] {
        let entry = directory.by_text_id(id).unwrap_or_else(|| panic!("there is no {id}"));
        assert_eq!((directory.text_id(entry), directory.channel(entry).unwrap().printed()), (id.into(), Some(number)));
    }
}

#[test]
fn the_shortest_way_to_a_person_may_be_on_any_line_of_a_contact() {
    let directory = tree();
    let operator = |id: &str| directory.operator(directory.by_text_id(id).unwrap()).map(|id| directory.text_id(id));
    assert_eq!(operator("desk").as_deref(), Some("desk/18005550104/7"));
    assert_eq!(operator("desk/18005550103x5").as_deref(), Some("desk/18005550103x5/2/0"));
    assert_eq!(operator("desk/18005550103"), None);
    assert_eq!(operator("line/1/1").as_deref(), Some("line/0"));
}

#[test]
fn a_dial_link_with_an_extension_names_its_entry() {
    let directory = tree();
    for (link, id) in [
        ("tel:+18005550103,5,,2", "desk/18005550103x5/2"),
        ("tel:+18005550103;ext=5/2", "desk/18005550103x5/2"),
        ("tel:+18009093447,,1,,1", "line/1/1"),
    ] {
        let found = directory.by_target(&link.parse().unwrap());
        assert_eq!(found.iter().map(|id| directory.text_id(*id)).collect::<Vec<_>>(), [id], "{link}");
    }
}
