//! What the user keeps at hand: pins and recent answers beside the panes, and the groups of an empty find box.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::event::Event;
use dialtree::app::{App, Environment};
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use support::{monday, own, play, press, screen, session};

/// A session in which pins are kept.
fn keeping(width: u16, height: u16) -> Session<TestBackend> {
    let mut environment = Environment::default();
    environment.profile.keeps = true;
    session(width, height, environment)
}

/// A session with a number of pins, the last one `Commissions`.
fn with_pins(count: usize, width: u16, height: u16) -> Session<TestBackend> {
    let mut session = keeping(width, height);
    let queries = [
        "fraud hotline",
        "renewals",
        "account services",
        "medicare broker services",
        "collections department",
        "life insurance",
        "new business quotes",
        "cobra department",
        "covered california",
        "membership fax",
        "premium payments",
        "application status",
    ];
    for query in &queries[..count - 1] {
        play(&mut session, &format!("<Ctrl-L>{query}<Enter><Ctrl-T>"));
    }
    play(&mut session, "<Ctrl-L>111<Ctrl-T><Ctrl-L>");
    session
}

/// The text of the column below the audiences.
fn side(session: &Session<TestBackend>) -> Vec<String> {
    screen(session).lines().map(|line| line.chars().take(22).collect()).collect()
}

fn row_of(session: &Session<TestBackend>, text: &str) -> Option<u16> {
    side(session).iter().position(|line| line.contains(text)).and_then(|row| u16::try_from(row).ok())
}

/// The title of the entry on the card.
fn title(app: &App) -> &str {
    app.catalog.directory(app.entry().unwrap()).title(app.entry().unwrap())
}

#[test]
fn pins_are_above_recent_answers_and_a_click_opens_either() {
    let mut session = with_pins(1, 120, 40);
    play(&mut session, "fraud hotline<Enter><Ctrl-L>");
    let rows =
        ["Pinned", "Commissions", "IFP +2", "Recent", "Fraud hotline"].map(|text| row_of(&session, text).unwrap());
    assert!(rows.is_sorted(), "{}", screen(&session));
    for (text, opened) in
        [("Commissions", "Commissions"), ("IFP +2", "Commissions"), ("Fraud hotline", "Fraud hotline")]
    {
        for before in ["", "/claims"] {
            play(&mut session, &format!("<Ctrl-L>{before}"));
            let row = row_of(&session, text).unwrap();
            session.feed(Event::Click { column: 5, row }, monday());
            assert_eq!(title(session.app()), opened, "after a click on {text}");
            assert!(session.app().find.is_none() && session.app().message.is_none());
        }
    }
    // As a result of the find box is: it is remembered, and the scope follows it.
    play(&mut session, "<Ctrl-L>/renewals<Enter><Ctrl-L>3");
    let renewals = row_of(&session, "Renewals").unwrap();
    assert!(row_of(&session, "Fraud").unwrap() > renewals, "the latest is first:\n{}", screen(&session));
    session.feed(Event::Click { column: 5, row: renewals }, monday());
    assert_eq!(session.app().message.as_deref(), Some("Now in Small Business"));
    // A click on a border or on a heading opens nothing.
    play(&mut session, "<Ctrl-L>");
    for text in ["Pinned", "Recent"] {
        let row = row_of(&session, text).unwrap();
        session.feed(Event::Click { column: 5, row }, monday());
        assert!(session.app().is_at_start());
    }
}

#[test]
fn an_entry_that_is_pinned_is_not_listed_as_recent_too() {
    let mut session = keeping(120, 40);
    play(&mut session, "fraud hotline<Enter><Ctrl-L>");
    assert!(row_of(&session, "Recent").is_some());
    play(&mut session, "fraud hotline<Enter><Ctrl-T><Ctrl-L>");
    assert!(row_of(&session, "Recent").is_none() && row_of(&session, "Pinned").is_some(), "{}", screen(&session));
}

#[test]
fn recent_answers_make_room_for_pins_and_missing_pins_are_counted() {
    // Ten rows below the audiences: four pins, or one pin and two recent answers.
    let mut session = with_pins(1, 120, 24);
    for query in ["fraud hotline", "renewals", "account services"] {
        play(&mut session, &format!("<Ctrl-L>{query}<Enter>"));
    }
    play(&mut session, "<Ctrl-L>");
    assert!(row_of(&session, "Account Services").is_some(), "{}", screen(&session));
    assert!(row_of(&session, "Fraud hotline").is_none(), "the oldest is left out:\n{}", screen(&session));
    let session = with_pins(4, 120, 24);
    assert!(row_of(&session, "Recent").is_none() && row_of(&session, "more").is_none(), "{}", screen(&session));
    assert!(row_of(&session, "Fraud hotline").is_some(), "{}", screen(&session));
    let mut session = with_pins(6, 120, 24);
    let more = row_of(&session, "+3 more: /").unwrap_or_else(|| panic!("{}", screen(&session)));
    session.feed(Event::Click { column: 5, row: more }, monday());
    assert!(session.app().is_at_start(), "the line is no entry");
    play(&mut session, "/");
    assert!(screen(&session).contains("Fraud hotline"), "{}", screen(&session));
}

#[test]
fn an_empty_find_box_is_in_groups_whose_headings_cannot_be_selected() {
    let mut session = with_pins(2, 120, 40);
    play(&mut session, "renewals<Enter><Ctrl-L>/");
    let shown = screen(&session);
    let row = |text: &str| shown.lines().position(|line| line.chars().skip(22).collect::<String>().contains(text));
    let texts = [
        "   Pinned",
        "▌ Commissions",
        "  Fraud hotline",
        "   Common needs",
        "  commission ·",
        "  provider log-in ·",
        "   Recent",
        "  Renewals",
    ];
    let rows = texts.map(|text| row(text).unwrap_or_else(|| panic!("{text} is not on\n{shown}")));
    assert!(rows.is_sorted(), "{shown}");
    assert!(shown.contains("commission ················ Commissions ┃"), "{shown}");
    for heading in [rows[0], rows[3], rows[6]] {
        session.feed(Event::Click { column: 40, row: u16::try_from(heading).unwrap() }, monday());
        assert_eq!(title(session.app()), "Commissions", "a heading is not selected");
    }
    play(&mut session, "<Down><Down>");
    assert_eq!(title(session.app()), "Commissions", "the answer to the first need");
    session.feed(Event::Click { column: 40, row: u16::try_from(rows[7]).unwrap() }, monday());
    assert_eq!(title(session.app()), "Renewals");
    play(&mut session, "<Enter>");
    assert!(session.app().find.is_none());
    assert_eq!(title(session.app()), "Renewals");
}

/// The common needs of an empty find box, each with the title of its answer.
fn needs(session: &Session<TestBackend>) -> Vec<(String, String)> {
    let (app, find) = (session.app(), session.app().find.as_ref().unwrap());
    let title = |index: usize| app.catalog.directory(find.results[index].id).title(find.results[index].id).to_owned();
    (0..find.results.len()).filter_map(|index| Some((find.need(index)?.to_owned(), title(index)))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(need, answer)| ((*need).to_owned(), (*answer).to_owned())).collect()
}

#[test]
fn common_needs_have_the_answers_for_the_audience() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "/");
    assert_eq!(
        needs(&session),
        pairs(&[
            ("commission", "Commissions"),
            ("new quote", "New business quotes and proposals"),
            ("renewal", "Renewals"),
            ("lost ID card", "Members: provider, ID card, address"),
            ("enrollment status", "New group enrollment status"),
            ("COBRA", "COBRA Department"),
            ("fraud", "Fraud hotline"),
            ("provider log-in", "Provider login, California"),
        ])
    );
    play(&mut session, "<Esc>3/");
    let medicare = pairs(&[
        ("commission", "Medicare Broker Services"),
        ("new quote", "Medicare Broker Services"),
        ("enrollment status", "Medicare Broker Services"),
        ("COBRA", "COBRA Department"),
        ("fraud", "Fraud hotline"),
        ("provider log-in", "Provider login, California"),
    ]);
    assert_eq!(needs(&session), medicare, "what has no answer for the audience is left out");
    play(&mut session, "<Ctrl-L>2/<Tab>");
    assert_eq!(needs(&session), medicare, "they follow the scope while the box is open");
}

#[test]
fn the_configuration_replaces_the_common_needs_of_the_directory() {
    let mut environment = Environment::default();
    environment.profile.common_needs = vec!["tty".to_owned(), "zzzzzz".to_owned(), "fraud".to_owned()];
    let mut session = session(120, 40, environment);
    play(&mut session, "/");
    assert_eq!(needs(&session), pairs(&[("tty", "Covered California"), ("fraud", "Fraud hotline")]));
}

const TOWN: &str = r#"(
    schema: 2, id: "town", name: "Town hall", organisation: "Town", source: "Leaflet", transcribed: "2026-11-23",
    audiences: [],
    contacts: [(
        id: "dogs", name: "Office for Animals, Parks and Recreation", source: "Leaflet", needs: ["lost dog"],
        channels: [(phone: "1-800-555-0100")],
    )],
)"#;

#[test]
fn a_long_answer_is_cut_and_without_any_the_box_says_what_to_type() {
    let with_needs = TOWN.replace("audiences", "common_needs: [\"lost dog\"], audiences");
    let mut session = own(&with_needs, 40, 10, Environment::default());
    play(&mut session, "/");
    assert!(screen(&session).contains("lost dog · Office for Animals,"), "{}", screen(&session));
    let mut session = own(TOWN, 80, 24, Environment::default());
    play(&mut session, "/");
    assert!(screen(&session).contains("Type what the caller needs, in"), "{}", screen(&session));
}

#[test]
fn the_path_says_what_is_searched() {
    for (width, height) in [(120, 40), (80, 24)] {
        for (keys, path) in [("/", "Find · everyone"), ("3/", "Find · Medicare"), ("2/fraud", "Find · Small Business")]
        {
            let mut session = session(width, height, Environment::default());
            play(&mut session, keys);
            let shown = screen(&session);
            assert!(shown.lines().next().unwrap().contains(path), "{keys}\n{shown}");
        }
    }
}

#[test]
fn typing_in_an_open_box_ends_the_list() {
    let mut app = support::app(120, 40);
    press(&mut app, "/<Down>f");
    let find = app.find.as_ref().unwrap();
    assert!(find.groups.is_empty() && find.need(0).is_none());
    press(&mut app, "<Backspace>");
    assert_eq!(app.find.as_ref().unwrap().need(0), Some("commission"));
}

#[test]
fn with_an_audience_what_does_not_serve_it_comes_last_and_is_not_selected() {
    let mut session = with_pins(1, 120, 40);
    play(&mut session, "renewals<Enter><Ctrl-L>3/");
    let shown = screen(&session);
    let rows = ["Common needs", "Outside Medicare", "Commissions", "Renewals"]
        .map(|text| shown.lines().position(|line| line.chars().skip(22).take(43).collect::<String>().contains(text)));
    assert!(rows.iter().all(Option::is_some) && rows.is_sorted(), "{shown}");
    let selected = session.app().entry().unwrap();
    assert!(session.app().directory().is_for(selected, 2), "{shown}");
}

#[test]
fn pins_and_notes_follow_an_option_to_its_new_key() {
    let town = |first: &str, second: &str| {
        format!(
            r#"(schema: 2, id: "town", name: "Town", organisation: "Town", source: "Wall", transcribed: "2026-11-23",
            audiences: [], contacts: [(id: "hall", name: "Hall", source: "Wall", channels: [(phone: "1-800-555-0100", menu: [
            (press: "1", label: "{first}"), (press: "2", label: "{second}")])])])"#
        )
    };
    let mut environment = Environment::default();
    environment.profile.keeps = true;
    let mut session = own(&town("Taxes", "Dogs"), 120, 40, environment);
    play(&mut session, "dogs<Enter><Ctrl-T><F2>ask for Ann<Enter>");
    let moved = dialtree::directory::Directory::load("town.ron", &town("Dogs", "Taxes")).unwrap();
    session.reload(std::sync::Arc::new(moved.into()));
    play(&mut session, "<Ctrl-L>taxes<Enter>");
    assert_eq!(title(session.app()), "Taxes");
    assert!(!screen(&session).contains("ask for Ann"), "{}", screen(&session));
    play(&mut session, "<Ctrl-L>dogs<Enter>");
    assert!(screen(&session).contains("ask for Ann"), "{}", screen(&session));
    play(&mut session, "<Ctrl-T>");
    assert_eq!(session.app().message.as_deref(), Some("Unpinned: Dogs"));
}
