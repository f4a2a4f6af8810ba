//! Copying: which texts, and to which clipboard.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::event::Event;
use dialtree::app::keymap::InputMode;
use dialtree::app::layout::Pane;
use dialtree::app::{App, Clipboard, Effect, Environment};
use dialtree::present::share::CopyItem;
use support::{app, monday, own, play, press, screen, session};

/// A contact with a line that has a menu, another line, and two faxes.
const OWN: &str = r##"(
    schema: 1, id: "own", name: "Own", organisation: "Own", source: "The wall", transcribed: "2026-11-23",
    audiences: [(id: "guests", name: "Guests", short: "Guests")],
    contacts: [
        (
            id: "desk", name: "Desk", audiences: ["guests"], source: "Desk",
            channels: [
                (phone: "1-800-909-3447", menu: [
                    (key: "*", label: "Night bell"),
                    (key: "2", label: "Keys", menu: [(key: "0", label: "Lost keys")]),
                ]),
                (phone: "1-800-909-3448", label: "Service"),
                (tty: "1-800-909-3449"),
                (fax: "1-800-909-3450", label: "North"),
                (fax: "1-800-909-3451", label: "South"),
                (email: "desk#1@hotel.example"),
                (web: "hotel.example/desk"),
                (web: "not stated"),
            ],
        ),
    ],
)"##;

fn environment(clipboard: Clipboard) -> Environment {
    Environment { clipboard, ..Environment::default() }
}

fn items(app: &App) -> Vec<(String, String)> {
    app.copy_items().into_iter().map(|item| (item.name, item.text)).collect()
}

#[test]
fn the_number_or_address_of_the_card_is_copied_and_shown() {
    for (clipboard, says) in
        [(Clipboard::Desktop, "Copied: "), (Clipboard::Terminal, "Sent to the terminal's clipboard: ")]
    {
        for (keys, copied, rest) in [
            ("111<Ctrl-Y>", Some("+18009093447"), " (not copied: press 1, then 1)"),
            ("111<Enter><Ctrl-Y>", Some("+18009093447"), " (not copied: press 1, then 1)"),
            ("11<Ctrl-Y>", Some("+18009093447"), " (not copied: press 1)"),
            ("1<Ctrl-Y>", Some("+18009093447"), ""),
            ("1<Left><Down><Ctrl-Y>", Some("+19169354522"), ""),
            ("/ifp billing email<Enter><Ctrl-Y>", Some("IFPMembership@healthnet.com"), ""),
            ("6<Ctrl-Y>", Some("myhealthnetca.com"), ""),
            ("7<Ctrl-Y>", Some("https://medicare.gov"), ""),
            ("7<Down><Ctrl-Y>", None, ""),
        ] {
            let mut session = session(120, 40, environment(clipboard));
            let effects: Vec<Effect> =
                support::keys(keys).into_iter().flat_map(|event| session.feed(event, monday())).collect();
            assert_eq!(texts(&effects), copied.as_slice(), "after {keys}");
            session.draw().unwrap();
            let line = screen(&session).lines().rev().nth(1).unwrap().to_owned();
            let message =
                copied.map_or("There is no number or address to copy".to_owned(), |text| format!("{says}{text}{rest}"));
            assert_eq!(line.trim(), message);
        }
    }
}

/// What effects copy.
fn texts(effects: &[Effect]) -> Vec<&str> {
    let mut texts = Vec::new();
    for effect in effects {
        let Effect::Copy(item) = effect else { panic!("{effect:?}") };
        texts.push(item.text.as_str());
    }
    texts
}

fn item(text: &str) -> CopyItem {
    CopyItem { name: "Digits".to_owned(), text: text.to_owned(), rest: None }
}

#[test]
fn a_number_in_a_message_is_not_broken() {
    let mut session = session(40, 10, Environment::default());
    play(&mut session, "111<Ctrl-Y>");
    let last: Vec<String> = screen(&session).lines().skip(6).take(3).map(str::to_owned).collect();
    assert_eq!(last, [" Sent to the terminal's clipboard:", " +18009093447 (not copied: press 1,", " then 1)"]);
}

#[test]
fn the_menu_lists_each_channel_and_the_card() {
    let mut app = app(120, 40);
    press(&mut app, "1<Left><Down><Ctrl-K>");
    let listed = items(&app);
    let channels = [("Fax", "(916) 935-4522"), ("Digits", "+19169354522"), ("Email", "IFPMembership@healthnet.com")];
    assert_eq!(listed[..3], channels.map(|(name, text)| (name.to_owned(), text.to_owned())));
    let (name, card) = &listed[3];
    assert_eq!((name.as_str(), listed.len()), ("Whole card", 4));
    assert!(card.starts_with("IFP Billing Department\n\nFax (916) 935-4522\n"), "{card}");
    assert!(card.contains("\nEmail   IFPMembership@healthnet.com\n"), "{card}");
    assert!(card.ends_with(", checked 2026-11-23"), "{card}");
}

#[test]
fn keys_are_copied_with_their_own_line_only() {
    let listed = |keys: &str| {
        let mut session = own(OWN, 80, 24, Environment::default());
        play(&mut session, keys);
        let mut listed = items(session.app());
        assert_eq!(listed.pop().unwrap().0, "Whole card");
        listed
    };
    let others = [
        ("Phone, Service", "1-800-909-3448"),
        ("Digits", "+18009093448"),
        ("Dial link", "tel:+18009093448"),
        ("TTY", "1-800-909-3449"),
        ("Digits", "+18009093449"),
        ("Dial link", "tel:+18009093449"),
        ("Fax, North", "1-800-909-3450"),
        ("Digits", "+18009093450"),
        ("Fax, South", "1-800-909-3451"),
        ("Digits", "+18009093451"),
        ("Email", "desk#1@hotel.example"),
        ("Web", "hotel.example/desk"),
    ];
    for (keys, own) in [
        ("1<Ctrl-K>", [("Phone", "1-800-909-3447"), ("Digits", "+18009093447"), ("Dial link", "tel:+18009093447")]),
        (
            "120<Ctrl-K>",
            [
                ("Phone", "1-800-909-3447, press 2, then 0"),
                ("Digits", "+18009093447"),
                ("Dial link", "tel:+18009093447,,2,,0"),
            ],
        ),
        (
            "1*<Ctrl-K>",
            [("Phone", "1-800-909-3447, press *"), ("Digits", "+18009093447"), ("Link, no keys", "tel:+18009093447")],
        ),
    ] {
        let expected = own.iter().chain(&others).map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        assert_eq!(listed(keys), expected.collect::<Vec<_>>(), "after {keys}");
    }
    let first = &listed("/909-3451<Enter><Ctrl-K>")[0];
    assert_eq!(first.1, "1-800-909-3451", "the requested channel comes first");
}

#[test]
fn a_digit_enter_or_a_click_copies_a_line() {
    let link = ["tel:+18009093447,,1,,1"];
    for keys in [
        "111<Ctrl-K>3",
        "111<Ctrl-K><Down><Down><Enter>",
        "111<Ctrl-K><Down><Down><Down><Up><Enter>",
        "111<Ctrl-K><End><Up><Enter>",
    ] {
        let mut app = app(120, 40);
        assert_eq!(texts(&press(&mut app, keys)), link, "after {keys}");
        assert_eq!(app.message.as_deref(), Some("Sent to the terminal's clipboard: tel:+18009093447,,1,,1"));
        assert_eq!(app.mode(), InputMode::Pane(Pane::Tree), "the menu is gone");
    }
    for (width, height) in [(120, 40), (80, 24), (40, 10), (20, 5)] {
        let mut session = session(width, height, Environment::default());
        play(&mut session, "111<Ctrl-K>");
        let row = screen(&session).lines().position(|line| line.contains("3 Dial link")).unwrap();
        let click = Event::Click { column: 10, row: u16::try_from(row).unwrap() };
        let click = if width == 120 { Event::Click { column: 60, row: u16::try_from(row).unwrap() } } else { click };
        assert_eq!(texts(&session.feed(click, monday())), link, "{width} by {height}");
    }
    let mut app = app(120, 40);
    press(&mut app, "111<Ctrl-K>");
    app.handle(Event::Click { column: 2, row: 2 }, monday());
    assert_eq!(app.mode(), InputMode::Pane(Pane::Tree), "a click beside the menu closes it");
}

#[test]
fn a_menu_longer_than_the_screen_scrolls() {
    for (width, height) in [(40, 10), (20, 5)] {
        let mut session = own(OWN, width, height, Environment::default());
        play(&mut session, "1<Ctrl-K>");
        assert!(screen(&session).contains("1 Phone") && !screen(&session).contains("Whole"), "{}", screen(&session));
        play(&mut session, "<End>");
        let shown = screen(&session);
        assert!(shown.contains("Whole card") && !shown.contains("1 Phone"), "{shown}");
        let last = shown.lines().position(|line| line.contains("Whole card")).unwrap();
        let cursor = session.backend().cursor_position();
        assert_eq!(usize::from(cursor.y), last, "the cursor is on the marked line");
    }
}

#[test]
fn a_failing_desktop_clipboard_is_replaced_by_the_terminal() {
    let mut session = session(120, 40, environment(Clipboard::Desktop));
    play(&mut session, "111<Ctrl-Y>");
    let copied = "+18009093447 (not copied: press 1, then 1)";
    assert_eq!(session.app().message, Some(format!("Copied: {copied}")));
    let item = CopyItem { rest: Some("press 1, then 1".into()), ..item("+18009093447") };
    let failed = Event::CopyFailed { item: item.clone(), instead: Clipboard::Terminal };
    assert_eq!(session.feed(failed, monday()), [Effect::Copy(item)]);
    assert_eq!(session.app().environment.clipboard, Clipboard::Terminal);
    let says = format!("Sent to the terminal's clipboard: {copied}");
    assert_eq!(session.app().message.as_deref(), Some(says.as_str()));
    play(&mut session, "<Ctrl-Y>");
    assert_eq!(session.app().message.as_deref(), Some(says.as_str()), "the desktop's clipboard is not tried again");
}

#[test]
fn a_text_that_terminals_truncate_is_not_sent() {
    let refused = "Not copied: too long to send through a terminal; copy its sections one by one";
    let mut app = app(120, 40);
    assert_eq!(press(&mut app, "7<Down><Ctrl-K>1"), []);
    assert_eq!(app.message.as_deref(), Some(refused));
    assert_eq!(press(&mut app, "<Down><Ctrl-K>1").len(), 1, "a section is short enough");

    let mut desktop = session(120, 40, environment(Clipboard::Desktop));
    play(&mut desktop, "7<Down><Ctrl-K>1");
    let message = desktop.app().message.as_deref().unwrap();
    assert!(message.starts_with("Copied: Important Notice, and ") && message.ends_with(" more lines"), "{message}");
    // 4,093 and 4,097 bytes in base64 with the sequence around it.
    let longest = "x".repeat(3063);
    let failed = |text: &str| Event::CopyFailed { item: item(text), instead: Clipboard::Terminal };
    assert_eq!(desktop.feed(failed(&longest), monday()), [Effect::Copy(item(&longest))]);
    assert_eq!(desktop.feed(failed(&"x".repeat(3064)), monday()), []);
    assert_eq!(desktop.app().message.as_deref(), Some(refused), "it is not sent to the terminal instead");
}

#[test]
fn every_card_fits_an_osc_52_sequence() {
    let mut app = app(120, 40);
    for place in [1, 2, 3, 4, 6] {
        press(&mut app, &format!("{}<Home>", if place == 1 { "1".to_owned() } else { format!("<Esc>{place}") }));
        loop {
            let before = app.panes.tree.cursor.selected;
            let last = items(&app).len();
            let effects = press(&mut app, &format!("<Ctrl-K>{last}"));
            assert_eq!(effects.len(), 1, "{:?}", app.message.as_deref());
            press(&mut app, "<Down>");
            if app.panes.tree.cursor.selected == before {
                break;
            }
        }
    }
}
