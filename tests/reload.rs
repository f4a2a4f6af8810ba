//! A directory is edited while it is on the screen: the user stays where they are, or as near as there still is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::Environment;
use dialtree::app::event::Event;
use dialtree::app::layout::Pane;
use dialtree::directory::Directory;
use dialtree::search::Catalog;
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use support::{monday, play, screen};

const HOTEL: &str = r##"(
    schema: 1, id: "hotel", name: "Hotel", organisation: "Hotel", source: "The wall", transcribed: "2026-11-23",
    zone: "America/Los_Angeles",
    audiences: [(id: "guests", name: "Guests", short: "Guests"), (id: "staff", name: "Staff", short: "Staff")],
    contacts: [
        (id: "desk", name: "Desk", audiences: ["guests"], source: "Desk", channels: [
            (phone: "1-800-555-0100", menu: [
                (key: "1", label: "Rooms", menu: [(key: "1", label: "Book"), (key: "2", label: "Cancel")]),
                (key: "2", label: "Bills"),
            ]),
            (fax: "1-800-555-0109"),
        ]),
        (id: "kitchen", name: "Kitchen", audiences: ["guests"], source: "Desk", channels: [(phone: "1-800-555-0200")]),
        (id: "pool", name: "Pool", audiences: ["staff"], source: "Desk", channels: [(phone: "1-800-555-0300")]),
        (id: "map", name: "Map", audiences: ["staff"], source: "Desk", channels: [(web: "maps.example.org")]),
    ],
    notices: [(id: "leaving", title: "Leaving", source: "Door", text: ["You leave the hotel."],
        sections: [(title: "First", text: ["One."]), (title: "Second", text: ["Two."])])],
    gates: [(host: "example.org", notice: "leaving")],
)"##;

fn load(text: &str) -> Arc<Catalog> {
    Arc::new(Directory::load("hotel.ron", text).unwrap().into())
}

fn hotel(keys: &str) -> Session<TestBackend> {
    let catalog = load(HOTEL);
    let backend = TestBackend::new(120, 24);
    let environment = Environment { source: "hotel.ron".into(), ..Environment::default() };
    let mut session = Session::new(catalog, environment, backend, monday()).unwrap();
    play(&mut session, keys);
    session
}

/// Puts the hotel with changes in its place: what stands there, and what then stands there.
fn edit(session: &mut Session<TestBackend>, changes: &[(&str, &str)]) {
    let edited = changes.iter().fold(HOTEL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the file");
        text.replace(from, to)
    });
    let catalog = load(&edited);
    session.reload(catalog);
    session.draw().unwrap();
}

/// The id of the answer on the card, and the way to it in the footer.
#[track_caller]
fn stands_on(session: &Session<TestBackend>, id: &str, way: &str) {
    let app = session.app();
    let answer = app.entry().unwrap();
    assert_eq!(app.directory().text_id(answer), id);
    let screen = screen(session);
    assert!(screen.lines().last().unwrap().ends_with(way), "not {way}:\n{screen}");
    assert!(screen.contains(&format!("╭ {} ─", app.directory().title(answer))), "{screen}");
}

#[test]
fn what_is_renamed_is_still_the_same() {
    let mut session = hotel("111");
    stands_on(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    edit(&mut session, &[("\"Book\"", "\"Book a room\""), ("name: \"Desk\"", "name: \"Front desk\"")]);
    stands_on(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    assert!(screen(&session).contains("Book a room"), "{}", screen(&session));
}

#[test]
fn what_is_gone_leaves_the_user_on_what_was_above_it() {
    let book = r#"(key: "1", label: "Book"), "#;
    let rooms = r#"(key: "1", label: "Rooms", menu: [(key: "1", label: "Book"), (key: "2", label: "Cancel")]),"#;
    for (gone, id, way) in [(book, "desk/1", "Book is no longer there"), (rooms, "desk", "Book is no longer there")] {
        let mut session = hotel("111");
        edit(&mut session, &[(gone, "")]);
        stands_on(&session, id, way);
        assert_eq!(session.app().focus(), Pane::Tree);
    }
    let mut session = hotel("1<End>");
    stands_on(&session, "kitchen", "  Guests");
    edit(&mut session, &[("id: \"kitchen\"", "id: \"bakery\"")]);
    stands_on(&session, "desk", "Kitchen is no longer there");
}

#[test]
fn what_comes_before_moves_nothing() {
    let mut session = hotel("111");
    let desk = "(id: \"desk\",";
    let bar = format!("(id: \"bar\", name: \"Bar\", audiences: [\"guests\"], source: \"Desk\"), {desk}");
    edit(
        &mut session,
        &[(desk, &bar), ("audiences: [(id", "audiences: [(id: \"all\", name: \"All\", short: \"All\"), (id")],
    );
    stands_on(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    assert_eq!(session.app().section().selected, 1);
}

#[test]
fn an_option_that_gets_another_key_is_followed() {
    let mut session = hotel("111");
    let book = r#"(key: "1", label: "Book"), (key: "2", label: "Cancel")"#;
    edit(
        &mut session,
        &[(book, r#"(key: "1", label: "Offers"), (key: "2", label: "Cancel"), (key: "3", label: "Book")"#)],
    );
    stands_on(&session, "desk/1/3", "Guests ▸ 1 ▸ 3");
    // Its key went to an option that was elsewhere before: that is another one.
    let mut session = hotel("111");
    edit(&mut session, &[(book, r#"(key: "1", label: "Cancel")"#)]);
    stands_on(&session, "desk/1", "Book is no longer there");
}

#[test]
fn another_order_moves_nothing() {
    let mut session = hotel("1<End>");
    edit(&mut session, &[("\"desk\"", "\"x\""), ("\"kitchen\"", "\"desk\""), ("\"x\"", "\"kitchen\"")]);
    // By their ids, the two have changed places.
    stands_on(&session, "kitchen", "  Guests");
    assert_eq!(session.app().tree().cursor.selected, 0);
}

#[test]
fn an_answer_that_is_for_others_now_is_followed_there() {
    let mut session = hotel("1<End>");
    edit(&mut session, &[("name: \"Kitchen\", audiences: [\"guests\"]", "name: \"Kitchen\", audiences: [\"staff\"]")]);
    stands_on(&session, "kitchen", "  Staff");
    // Whoever stands on the audience stays there.
    let mut session = hotel("1<End><Esc>");
    edit(&mut session, &[("name: \"Kitchen\", audiences: [\"guests\"]", "name: \"Kitchen\", audiences: [\"staff\"]")]);
    assert_eq!((session.app().focus(), session.app().section().selected), (Pane::Audience, 0));
}

#[test]
fn an_audience_that_is_gone_is_no_longer_chosen() {
    let no_staff = [(", (id: \"staff\", name: \"Staff\", short: \"Staff\")", ""), ("audiences: [\"staff\"], ", "")];
    let mut session = hotel("2");
    stands_on(&session, "pool", "  Staff");
    edit(&mut session, &no_staff);
    stands_on(&session, "pool", "Every audience");

    let mut session = hotel("2/pool");
    assert!(screen(&session).contains("Find · Staff only"), "{}", screen(&session));
    edit(&mut session, &no_staff);
    assert!(screen(&session).contains("╭ Find ─"), "{}", screen(&session));
    stands_on(&session, "pool", "Find");
}

#[test]
fn one_contact_that_is_left_is_where_the_user_is() {
    const LEFT: &str = r#"(schema: 1, id: "left", name: "Left", organisation: "Left", source: "The wall",
        transcribed: "2026-11-23", audiences: [], contacts: [(id: "last", name: "Last", source: "Door")])"#;
    for keys in ["", "111", "111<Tab><Down>", "1 ", "/book", "/book<Enter>/", "2<Down>o", "3<Down><Down>", "?"] {
        let mut session = hotel(keys);
        let catalog = load(LEFT);
        session.reload(catalog);
        play(&mut session, "<Esc><Esc><Esc>");
        stands_on(&session, "last", "");
        assert!(screen(&session).contains("Left  · hotel.ron"), "{}", screen(&session));
        play(&mut session, "1/last<Enter>");
        stands_on(&session, "last", "Every audience");
    }
}

#[test]
fn what_is_folded_and_where_the_card_stands_stay() {
    let mut session = hotel("11 ");
    assert!(!screen(&session).contains("Cancel") || screen(&session).contains("▸ 1 Rooms"), "{}", screen(&session));
    edit(
        &mut session,
        &[
            ("\"Rooms\"", "\"All rooms\""),
            ("(id: \"desk\"", "(id: \"bar\", name: \"Bar\", source: \"Desk\"), (id: \"desk\""),
        ],
    );
    assert!(screen(&session).contains("▸ 1 All rooms"), "{}", screen(&session));
    stands_on(&session, "desk/1", "Guests ▸ 1");

    let long = (0..60).map(|line| format!("\"Line {line}.\", ")).collect::<String>();
    let mut session = hotel("");
    edit(&mut session, &[("\"You leave the hotel.\"", &long)]);
    play(&mut session, "3<Tab><PgDn>");
    let (_, top) = session.app().card_view().unwrap();
    assert!(top > 0);
    edit(&mut session, &[("\"You leave the hotel.\"", &long), ("title: \"Leaving\"", "title: \"Gone\"")]);
    assert_eq!(session.app().card_view().unwrap().1, top);
    assert_eq!(session.app().focus(), Pane::Card);
}

#[test]
fn the_find_box_keeps_its_text_and_the_answer() {
    let mut session = hotel("/desk rooms book cancel<Down>");
    let id = |session: &Session<TestBackend>| session.app().directory().text_id(session.app().entry().unwrap());
    let before = id(&session);
    let desk = "(id: \"desk\",";
    let bar =
        format!("(id: \"bar\", name: \"Book cancel rooms desk\", audiences: [\"guests\"], source: \"Desk\"), {desk}");
    edit(&mut session, &[(desk, &bar)]);
    assert_eq!(id(&session), before);
    assert!(screen(&session).contains("/ desk rooms book cancel"), "{}", screen(&session));
    assert!(screen(&session).contains("Book cancel rooms desk"), "it is searched again:\n{}", screen(&session));
}

#[test]
fn recent_finds_and_the_channel_that_was_asked_for_stay() {
    let mut session = hotel("/desk fax<Enter>");
    assert!(screen(&session).contains("│ Fax 1-800-555-0109"), "{}", screen(&session));
    let other_order = [
        ("(fax: \"1-800-555-0109\"),", ""),
        (
            "channels: [\n            (phone: \"1-800-555-0100\"",
            "channels: [(fax: \"1-800-555-0109\"), (phone: \"1-800-555-0100\"",
        ),
    ];
    edit(&mut session, &other_order);
    assert!(screen(&session).contains("│ Fax 1-800-555-0109"), "{}", screen(&session));
    play(&mut session, "/");
    assert!(screen(&session).contains("recent") && screen(&session).contains("│ Fax 1-800"), "{}", screen(&session));
    edit(&mut session, &[("(fax: \"1-800-555-0109\"),", "")]);
    assert!(screen(&session).contains("│ 1-800-555-0100"), "{}", screen(&session));
    edit(&mut session, &[("id: \"desk\"", "id: \"other\"")]);
    assert!(!screen(&session).contains("recent"), "{}", screen(&session));
}

#[test]
fn a_notice_before_a_link_stays_while_it_still_belongs_there() {
    let open = || {
        let mut session = hotel("2<Down>o<Tab>");
        assert!(screen(&session).contains("[ Continue ]"), "{}", screen(&session));
        edit(&mut session, &[("title: \"Leaving\"", "title: \"You go\"")]);
        assert!(screen(&session).contains("You go") && screen(&session).contains("[ Cancel ]"), "{}", screen(&session));
        session
    };
    for change in [
        ("\"leaving\"", "\"going\""),
        ("maps.example.org", "map.example.org"),
        ("host: \"example.org\"", "host: \"example.com\""),
        ("id: \"map\"", "id: \"plan\""),
    ] {
        let mut session = open();
        edit(&mut session, &[change]);
        session.feed(Event::Reloaded, monday());
        session.draw().unwrap();
        assert!(!screen(&session).contains("Before this link"), "{change:?}\n{}", screen(&session));
        assert!(screen(&session).contains("The link or its notice has changed"), "{change:?}\n{}", screen(&session));
    }
}

#[test]
fn a_section_is_known_by_its_title() {
    let mut session = hotel("3<Down><Down>");
    stands_on(&session, "leaving/2", "Notices");
    edit(&mut session, &[("sections: [", "sections: [(title: \"New\", text: [\"Zero.\"]), ")]);
    stands_on(&session, "leaving/3", "Notices");
}

#[test]
fn what_is_wrong_with_the_file_is_said_until_it_is_right_again() {
    let mut session = hotel("111");
    let header = |session: &Session<TestBackend>| screen(session).lines().next().unwrap().to_owned();
    assert!(header(&session).contains("Hotel  · hotel.ron"), "{}", header(&session));
    session.feed(Event::DataWrong("hotel.ron:12:3: a comma is missing".into()), monday());
    for keys in ["", "<Up>", "<Esc>"] {
        play(&mut session, keys);
        let said = "hotel.ron:12:3: a comma is missing; showing the data of 10:42 AM";
        assert!(header(&session).contains(said), "{}", header(&session));
    }
    session.backend_mut().resize(40, 10);
    session.feed(Event::Resize { width: 40, height: 10 }, monday());
    play(&mut session, "1");
    assert!(
        screen(&session).lines().last().unwrap().contains("hotel.ron:12:3: a comma is missing"),
        "{}",
        screen(&session)
    );
    edit(&mut session, &[]);
    session.feed(Event::Reloaded, monday());
    play(&mut session, "");
    assert!(screen(&session).lines().last().unwrap().contains("Reloaded hotel.ron"), "{}", screen(&session));
    session.feed(Event::DataWrong("hotel.ron: there is no such file".into()), monday());
    play(&mut session, "");
    assert!(screen(&session).lines().last().unwrap().contains("hotel.ron: there is no"), "{}", screen(&session));
    edit(&mut session, &[]);
    play(&mut session, "<Up>");
    assert!(!screen(&session).contains("hotel.ron"), "{}", screen(&session));
}
