//! The directory is edited while it is shown: the user keeps their position, or the nearest one that still exists.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::Environment;
use dialtree::app::event::{DataProblems, Event};
use dialtree::app::layout::Pane;
use dialtree::directory::Directory;
use dialtree::directory::problem::Problem;
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

/// Reloads the hotel with texts replaced.
fn edit(session: &mut Session<TestBackend>, changes: &[(&str, &str)]) {
    let edited = changes.iter().fold(HOTEL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the file");
        text.replace(from, to)
    });
    let catalog = load(&edited);
    session.reload(catalog);
    session.draw().unwrap();
}

/// Asserts the id of the entry on the card, and its path in the footer.
#[track_caller]
fn assert_selected(session: &Session<TestBackend>, id: &str, way: &str) {
    let app = session.app();
    let answer = app.entry().unwrap();
    assert_eq!(app.directory().text_id(answer), id);
    let screen = screen(session);
    assert!(screen.contains(way), "not {way}:\n{screen}");
    assert!(screen.contains(&format!("─ {} ─", app.directory().title(answer))), "{screen}");
}

#[test]
fn a_renamed_entry_stays_selected() {
    let mut session = hotel("111");
    assert_selected(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    edit(&mut session, &[("\"Book\"", "\"Book a room\""), ("name: \"Desk\"", "name: \"Front desk\"")]);
    assert_selected(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    assert!(screen(&session).contains("Book a room"), "{}", screen(&session));
}

#[test]
fn a_removed_entry_selects_the_one_above_it() {
    let book = r#"(key: "1", label: "Book"), "#;
    let rooms = r#"(key: "1", label: "Rooms", menu: [(key: "1", label: "Book"), (key: "2", label: "Cancel")]),"#;
    for (gone, id, way) in [(book, "desk/1", "Book is no longer there"), (rooms, "desk", "Book is no longer there")] {
        let mut session = hotel("111");
        edit(&mut session, &[(gone, "")]);
        assert_selected(&session, id, way);
        assert_eq!(session.app().focus(), Pane::Tree);
    }
    let mut session = hotel("1<End>");
    assert_selected(&session, "kitchen", "  Guests");
    edit(&mut session, &[("id: \"kitchen\"", "id: \"bakery\"")]);
    assert_selected(&session, "desk", "Kitchen is no longer there");
}

#[test]
fn an_entry_inserted_before_changes_nothing() {
    let mut session = hotel("111");
    let desk = "(id: \"desk\",";
    let bar = format!("(id: \"bar\", name: \"Bar\", audiences: [\"guests\"], source: \"Desk\"), {desk}");
    edit(
        &mut session,
        &[(desk, &bar), ("audiences: [(id", "audiences: [(id: \"all\", name: \"All\", short: \"All\"), (id")],
    );
    assert_selected(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
    assert_eq!(session.app().panes.section.selected, 1);
}

#[test]
fn an_option_with_a_new_key_is_followed() {
    let mut session = hotel("111");
    let book = r#"(key: "1", label: "Book"), (key: "2", label: "Cancel")"#;
    edit(
        &mut session,
        &[(book, r#"(key: "1", label: "Offers"), (key: "2", label: "Cancel"), (key: "3", label: "Book")"#)],
    );
    assert_selected(&session, "desk/1/3", "Guests ▸ 1 ▸ 3");
    // The old key now belongs to an option that had another key before: a different option.
    let mut session = hotel("111");
    edit(&mut session, &[(book, r#"(key: "1", label: "Cancel")"#)]);
    assert_selected(&session, "desk/1", "Book is no longer there");
}

#[test]
fn reordering_changes_nothing() {
    let mut session = hotel("1<End>");
    edit(&mut session, &[("\"desk\"", "\"x\""), ("\"kitchen\"", "\"desk\""), ("\"x\"", "\"kitchen\"")]);
    // The two contacts have swapped positions.
    assert_selected(&session, "kitchen", "  Guests");
    assert_eq!(session.app().panes.tree.cursor.selected, 0);
}

#[test]
fn an_entry_that_moves_to_another_audience_is_followed() {
    let mut session = hotel("1<End>");
    edit(&mut session, &[("name: \"Kitchen\", audiences: [\"guests\"]", "name: \"Kitchen\", audiences: [\"staff\"]")]);
    assert_selected(&session, "kitchen", "  Staff");
    // With the audience pane focused, the section stays.
    let mut session = hotel("1<End><Esc>");
    edit(&mut session, &[("name: \"Kitchen\", audiences: [\"guests\"]", "name: \"Kitchen\", audiences: [\"staff\"]")]);
    assert_eq!((session.app().focus(), session.app().panes.section.selected), (Pane::Audience, 0));
}

#[test]
fn a_removed_audience_is_no_longer_chosen() {
    let no_staff = [(", (id: \"staff\", name: \"Staff\", short: \"Staff\")", ""), ("audiences: [\"staff\"], ", "")];
    let mut session = hotel("2");
    assert_selected(&session, "pool", "  Staff");
    edit(&mut session, &no_staff);
    assert_selected(&session, "pool", "Everyone");

    let mut session = hotel("2/pool");
    assert!(screen(&session).contains("Find · Staff"), "{}", screen(&session));
    edit(&mut session, &no_staff);
    assert!(screen(&session).contains("━ Find · everyone ━"), "{}", screen(&session));
    assert_selected(&session, "pool", "Find");
}

#[test]
fn the_only_remaining_contact_is_selected() {
    const LEFT: &str = r#"(schema: 1, id: "left", name: "Left", organisation: "Left", source: "The wall",
        transcribed: "2026-11-23", audiences: [], contacts: [(id: "last", name: "Last", source: "Door")])"#;
    for keys in ["", "111", "111<Tab><Down>", "1 ", "/book", "/book<Enter>/", "2<Down><Ctrl-O>", "4<Down><Down>", "?"] {
        let mut session = hotel(keys);
        let catalog = load(LEFT);
        session.reload(catalog);
        play(&mut session, "<Esc><Esc><Tab>");
        assert_selected(&session, "last", "");
        assert!(screen(&session).contains("hotel.ron · checked"), "{}", screen(&session));
        play(&mut session, "1/last<Enter>");
        assert_selected(&session, "last", "Everyone");
    }
}

#[test]
fn collapsed_entries_and_the_scroll_position_are_kept() {
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
    assert_selected(&session, "desk/1", "Guests ▸ 1");

    let long = (0..60).map(|line| format!("\"Line {line}.\", ")).collect::<String>();
    let mut session = hotel("");
    edit(&mut session, &[("\"You leave the hotel.\"", &long)]);
    play(&mut session, "4<Tab><PgDn>");
    let (_, top) = session.app().card_view().unwrap();
    assert!(top > 0);
    edit(&mut session, &[("\"You leave the hotel.\"", &long), ("title: \"Leaving\"", "title: \"Gone\"")]);
    assert_eq!(session.app().card_view().unwrap().1, top);
    assert_eq!(session.app().focus(), Pane::Card);
}

#[test]
fn the_find_box_keeps_its_query_and_result() {
    let mut session = hotel("/desk rooms book cancel<Down>");
    let id = |session: &Session<TestBackend>| session.app().directory().text_id(session.app().entry().unwrap());
    let before = id(&session);
    let desk = "(id: \"desk\",";
    let bar =
        format!("(id: \"bar\", name: \"Book cancel rooms desk\", audiences: [\"guests\"], source: \"Desk\"), {desk}");
    edit(&mut session, &[(desk, &bar)]);
    assert_eq!(id(&session), before);
    assert!(screen(&session).contains("› desk rooms book cancel"), "{}", screen(&session));
    assert!(screen(&session).contains("Book cancel rooms desk"), "it is searched again:\n{}", screen(&session));
}

#[test]
fn recent_results_and_the_requested_channel_are_kept() {
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
    assert!(screen(&session).contains("   Recent") && screen(&session).contains("│ Fax 1-800"), "{}", screen(&session));
    edit(&mut session, &[("(fax: \"1-800-555-0109\"),", "")]);
    assert!(screen(&session).contains("Call  1-800-555-0100"), "{}", screen(&session));
    edit(&mut session, &[("id: \"desk\"", "id: \"other\"")]);
    assert!(!screen(&session).contains("   Recent"), "{}", screen(&session));
}

#[test]
fn a_notice_stays_open_while_it_applies_to_the_link() {
    let open = || {
        let mut session = hotel("2<Down><Ctrl-O><Tab>");
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
fn a_section_is_matched_by_its_title() {
    let mut session = hotel("4<Down><Down>");
    assert_selected(&session, "leaving/2", "Notices");
    edit(&mut session, &[("sections: [", "sections: [(title: \"New\", text: [\"Zero.\"]), ")]);
    assert_selected(&session, "leaving/3", "Notices");
}

/// What the frontend reports about a file with problems, each with its line and column.
fn wrong(first: &str, problems: &[(usize, usize, &str)]) -> Event {
    let problem = |&(line, column, message): &(usize, usize, &str)| Problem { line, column, message: message.into() };
    Event::DataWrong(vec![DataProblems {
        file: "hotel.ron".into(),
        first: first.into(),
        list: problems.iter().map(problem).collect(),
        has_earlier: true,
    }])
}

#[test]
fn a_problem_with_the_file_is_shown_until_it_is_fixed() {
    let mut session = hotel("111");
    let message = |session: &Session<TestBackend>| screen(session).lines().rev().nth(1).unwrap().to_owned();
    assert!(screen(&session).contains("hotel.ron · checked"), "{}", screen(&session));
    session.feed(wrong("hotel.ron:12:3: a comma is missing", &[(12, 3, "a comma is missing")]), monday());
    for keys in ["", "<Up>", "<Esc>"] {
        play(&mut session, keys);
        let said = "hotel.ron:12:3: a comma is missing; showing the data of 10:42 AM";
        assert!(message(&session).contains(said), "{}", message(&session));
    }
    session.backend_mut().resize(40, 10);
    session.feed(Event::Resize { width: 40, height: 10 }, monday());
    play(&mut session, "1");
    assert!(message(&session).contains("hotel.ron:12:3: a comma is missing"), "{}", screen(&session));
    edit(&mut session, &[]);
    session.feed(Event::Reloaded, monday());
    play(&mut session, "");
    assert!(message(&session).contains("Reloaded hotel.ron"), "{}", screen(&session));
    session.feed(wrong("hotel.ron: there is no such file", &[]), monday());
    play(&mut session, "");
    assert!(message(&session).contains("hotel.ron: there is no"), "{}", screen(&session));
    edit(&mut session, &[]);
    play(&mut session, "<Up>");
    assert!(!message(&session).contains("hotel.ron"), "{}", screen(&session));
}

#[test]
fn all_problems_are_listed_until_the_file_is_valid() {
    let mut session = hotel("111<F4>");
    assert!(screen(&session).contains("No problems are known here"), "{}", screen(&session));
    play(&mut session, "?");
    assert!(!screen(&session).contains("F4"), "{}", screen(&session));
    play(&mut session, "<Esc>");
    let long =
        "this contact needs a source, which is the heading of the page that it comes from, as it is printed there";
    let problems = [(12, 3, "a comma is missing"), (14, 7, long), (90, 1, "\u{1b}[2J\u{202e}evil")];
    session.feed(wrong("hotel.ron:12:3: a comma is missing", &problems), monday());
    play(&mut session, "");
    let message = "hotel.ron:12:3: a comma is missing (and 2 more: F4 lists all); showing the data of 10:42 AM";
    assert!(screen(&session).contains(message), "{}", screen(&session));
    play(&mut session, "<F4>");
    let listed = [
        "3 problems in hotel.ron",
        "┃ 12:3: a comma is missing ",
        "┃ 14:7: this contact needs a source, which is the heading of the page that",
        "┃       it comes from, as it is printed there",
        "┃ 90:1: \u{fffd}[2J\u{fffd}evil",
    ];
    for text in listed {
        assert!(screen(&session).contains(text), "{text} is not on\n{}", screen(&session));
    }
    for close in ["<Esc>", "<F4>"] {
        play(&mut session, close);
        assert!(!screen(&session).contains("3 problems"), "{}", screen(&session));
        assert_selected(&session, "desk/1/1", "Guests ▸ 1 ▸ 1");
        play(&mut session, "<F4>");
    }
    // Another set of problems replaces those in the window; a reload closes it.
    session.feed(wrong("hotel.ron: there is no such file", &[]), monday());
    play(&mut session, "");
    assert!(screen(&session).contains("┃ hotel.ron: there is no such file"), "{}", screen(&session));
    edit(&mut session, &[]);
    assert!(!screen(&session).contains("hotel.ron: there"), "{}", screen(&session));
    play(&mut session, "<F4>");
    assert!(screen(&session).contains("No problems are known here"), "{}", screen(&session));
}

#[test]
fn a_long_list_of_problems_is_scrolled() {
    let mut session = hotel("");
    let problems: Vec<(usize, usize, &str)> = (1..700).map(|line| (line, 1, "wrong")).collect();
    session.feed(wrong("hotel.ron:1:1: wrong", &problems), monday());
    play(&mut session, "<F4>");
    assert!(
        screen(&session).contains("699 problems") && screen(&session).contains("┃ 1:1: wrong"),
        "{}",
        screen(&session)
    );
    play(&mut session, "<PgDn>");
    assert!(!screen(&session).contains("┃ 1:1: wrong"), "{}", screen(&session));
    play(&mut session, "<End>");
    let last = "and 199 more; `dialtree check` lists them all";
    assert!(screen(&session).contains("500:1: wrong") && screen(&session).contains(last), "{}", screen(&session));
    // What is shorter than before is not scrolled past its end.
    session.feed(wrong("hotel.ron:1:1: wrong", &problems[..2]), monday());
    play(&mut session, "");
    assert!(screen(&session).contains("┃ 1:1: wrong"), "{}", screen(&session));
}

/// The lines of the card that are marked as changed, and the message.
fn changes(session: &Session<TestBackend>) -> (Vec<String>, String) {
    let screen = screen(session);
    let card = session.app().layout().unwrap().pane(Pane::Card).unwrap();
    let line = |row: &str| row.chars().skip(usize::from(card.x)).collect::<String>();
    let marked = screen.lines().map(line).filter_map(|line| {
        let text = line.strip_prefix('Δ')?.trim_end_matches(['│', '┃', ' ']);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    (marked.collect(), screen.lines().rev().nth(1).unwrap().trim().to_owned())
}

const BOOK: &str = r#"(key: "1", label: "Book"), (key: "2", label: "Cancel")"#;
const SWAPPED: &str = r#"(key: "2", label: "Book"), (key: "1", label: "Cancel")"#;

#[test]
fn a_key_that_has_moved_is_marked_and_told() {
    let mut session = hotel("111");
    edit(&mut session, &[(BOOK, SWAPPED)]);
    session.feed(Event::Reloaded, monday());
    session.draw().unwrap();
    let (marked, message) = changes(&session);
    assert_eq!(message, "Changed: press 1, then 2 (was 1, then 1)");
    assert_eq!(marked, ["▸ 2 Press [2] Book", "Say \"Call 1-800-555-0100, press 1, then 2.\""]);
    assert!(screen(&session).contains("Δ2 Book") && screen(&session).contains("Δ1 Cancel"), "{}", screen(&session));
    assert!(screen(&session).contains("─ Δ changed in the data ─"), "{}", screen(&session));
    // The message ends with the next key, the marks stay on the same entry.
    for keys in ["<Tab>", "<Enter>", "<Down>", "<Ctrl-Y>", "<F1><Esc>"] {
        play(&mut session, keys);
        assert!(changes(&session).0.len() >= 2, "after {keys}\n{}", screen(&session));
    }
    session.feed(Event::Tick, "2026-11-23T12:42:00-08:00".parse().unwrap());
    session.draw().unwrap();
    assert_eq!(changes(&session).0.len(), 2, "{}", screen(&session));
}

#[test]
fn marks_end_with_another_entry_a_new_caller_or_the_next_reload() {
    let moved = || {
        let mut session = hotel("111");
        edit(&mut session, &[(BOOK, SWAPPED)]);
        assert!(screen(&session).contains('Δ'), "{}", screen(&session));
        session
    };
    for keys in ["<Up>", "<Ctrl-L>", "/kitchen", "12", "<Down><Up>"] {
        let mut session = moved();
        play(&mut session, keys);
        assert!(!screen(&session).contains('Δ'), "after {keys}\n{}", screen(&session));
    }
    let mut session = moved();
    play(&mut session, "<Tab>");
    edit(&mut session, &[(BOOK, SWAPPED), ("name: \"Pool\"", "name: \"Bath\"")]);
    session.feed(Event::Reloaded, monday());
    session.draw().unwrap();
    assert_eq!(changes(&session), (vec![], "Reloaded hotel.ron".into()));
}

#[test]
fn each_kind_of_change_is_told_in_words() {
    let desk = "(id: \"desk\", name: \"Desk\", audiences: [\"guests\"], ";
    let with = |facts: &str| desk.to_owned() + facts;
    let open = with("hours: \"Mo-Fr 08:00-17:00\", ");
    for (keys, changes_made, said, line) in [
        (
            "1",
            vec![("1-800-555-0100", "1-800-555-0177")],
            "number 1-800-555-0177 (was 1-800-555-0100)",
            "Call 1-800-555-0177",
        ),
        (
            "1",
            vec![("1-800-555-0109", "1-800-555-0199")],
            "fax 1-800-555-0199 (was 1-800-555-0109)",
            "Fax 1-800-555-0199",
        ),
        ("1", vec![("(fax: \"1-800-555-0109\"),", "")], "fax 1-800-555-0109 is no longer listed", ""),
        ("1", vec![(desk, &*with("notes: [\"Not at night\"], "))], "notes Not at night is new", "Notes Not at night"),
        ("1", vec![(desk, &*open)], "hours", "Hours"),
        ("1", vec![("\"Desk\",", "\"Front desk\",")], "name Front desk (was Desk)", ""),
        (
            "1",
            vec![("\"Bills\"", "\"Payments\"")],
            "next keys 1 Rooms, 2 Payments (was 1 Rooms, 2 Bills)",
            "[2] Payments",
        ),
        ("11", vec![(BOOK, SWAPPED)], "next keys 2 Book, 1 Cancel (was 1 Book, 2 Cancel)", "[2] Book"),
        (
            "2<Down>",
            vec![("maps.example.org", "map.example.org")],
            "web map.example.org (was maps.example.org)",
            "map.example.org",
        ),
        ("4", vec![("\"You leave the hotel.\"", "\"You go.\"")], "the text", "You go."),
        (
            "/desk fax",
            vec![("1-800-555-0109", "1-800-555-0199")],
            "fax 1-800-555-0199 (was 1-800-555-0109)",
            "Fax 1-800-555-0199",
        ),
        ("/book", vec![(BOOK, SWAPPED)], "press 1, then 2 (was 1, then 1)", "2 Press [2] Book"),
    ] {
        let mut session = hotel(keys);
        edit(&mut session, &changes_made);
        let (marked, message) = changes(&session);
        assert!(
            message.starts_with(&format!("Changed: {said}")),
            "{keys}: {message} is not {said}\n{}",
            screen(&session)
        );
        let is_marked = line.is_empty() || marked.iter().any(|marked| marked.starts_with(line));
        assert!(is_marked, "{line} is not marked:\n{}", screen(&session));
    }
}

#[test]
fn of_several_changes_the_most_important_is_told_with_the_number_of_the_others() {
    let mut session = hotel("111");
    edit(&mut session, &[(BOOK, SWAPPED), ("1-800-555-0100", "1-800-555-0177"), ("\"2026-11-23\"", "\"2026-11-24\"")]);
    assert_eq!(
        changes(&session).1,
        "Changed: press 1, then 2 (was 1, then 1); number 1-800-555-0177 (was 1-800-555-0100); 1 more thing on this card"
    );
    // What is told besides is not lost.
    let mut session = hotel("111<Ctrl-K>");
    edit(&mut session, &[(BOOK, SWAPPED)]);
    let message = changes(&session).1;
    assert!(message.starts_with("Changed: press 1, then 2 (was 1, then 1). What can be copied"), "{message}");
}

#[test]
fn a_result_that_is_no_longer_found_is_told() {
    let mut session = hotel("/book");
    edit(&mut session, &[(BOOK, r#"(key: "2", label: "Cancel")"#)]);
    assert_eq!(changes(&session), (vec![], "Book is no longer found".into()), "{}", screen(&session));
}

#[test]
fn what_changes_elsewhere_is_not_told() {
    for keys in ["", "1", "111", "/book", "2<Down>"] {
        let mut session = hotel(keys);
        edit(&mut session, &[("1-800-555-0300", "1-800-555-0399")]);
        session.feed(Event::Reloaded, "2026-11-23T23:59:00-08:00".parse().unwrap());
        session.draw().unwrap();
        assert_eq!(changes(&session), (vec![], "Reloaded hotel.ron".into()), "after {keys}\n{}", screen(&session));
    }
}

#[test]
fn marks_are_seen_at_every_size() {
    for (width, height) in [(200, 60), (80, 24), (59, 15), (40, 10), (30, 7), (20, 5)] {
        let mut session = hotel("111<Tab>");
        session.backend_mut().resize(width, height);
        session.feed(Event::Resize { width, height }, monday());
        edit(&mut session, &[(BOOK, SWAPPED), ("1-800-555-0100", "1-800-555-0177")]);
        play(&mut session, "<Tab><Shift-Tab>");
        let shown = screen(&session);
        assert!(shown.contains('Δ') && shown.contains("1-800-555-0177"), "{width} by {height}\n{shown}");
    }
}
