//! The find box: remarks, audiences, channels and recent results, as the user sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::event::Event;
use dialtree::app::{App, Effect, Environment, Group};
use dialtree::directory::{Directory, Scope};
use dialtree::search::{Catalog, MatchKind, Query, SearchResult, SearchResults};
use support::{app, monday, own, play, press, screen, session};

/// The titles of the results, in order.
fn titles(app: &App) -> Vec<&str> {
    let results = app.find.as_ref().unwrap().results.iter();
    results.map(|result| app.directory().title(result.id)).collect()
}

/// The line between the query and the results.
fn remark(keys: &str) -> String {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, keys);
    let shown = screen(&session);
    let line: String = shown.lines().nth(3).unwrap().chars().skip(23).take(42).collect();
    line.trim().to_owned()
}

#[test]
fn the_remark_explains_how_words_were_understood() {
    for (keys, expected) in [
        ("/fruad", "fruad → fraud"),
        ("/broker payout", "payout → commission"),
        ("/commission", "2 best matches, for different audiences"),
        ("/commissions small business", ""),
        ("/zzzzzz", "No match; try other words"),
        ("/dog grooming and boarding for a week", "no good match"),
        ("2/medicare commissions", ""),
        ("/", ""),
    ] {
        let remark = remark(keys);
        assert!(
            if expected.is_empty() { !remark.contains('→') } else { remark == expected },
            "{remark:?} after {keys}"
        );
    }
}

const TOWN: &str = r#"(
    schema: 2, id: "town", name: "Town hall", organisation: "Town", source: "Leaflet", transcribed: "2026-11-23",
    zone: "America/Chicago",
    audiences: [(id: "all", name: "Residents", short: "Residents")],
    contacts: [(
        id: "dogs", name: "Dog park", source: "Leaflet", needs: ["dog bite", "lost dog", "tax form 1099"], hours: "Mo-Fr 08:00-18:00",
        channels: [(phone: "1-800-555-0100")],
    )],
    elsewhere: [(phrases: ["dog license"], note: "City Hall")],
)"#;

#[test]
fn the_remark_says_what_is_known_to_be_elsewhere() {
    let town = TOWN.replace("City Hall", "City Hall, 200 Main Street, 555-0100, Monday to Friday");
    for (width, height) in [(200, 60), (120, 40), (80, 24), (40, 10)] {
        let mut session = own(&town, width, height, Environment::default());
        play(&mut session, "/license for my dog");
        let shown = screen(&session);
        let words = shown.replace(|c: char| "┃│".contains(c), " ");
        for part in ["\"dog license\"", "not listed here:", "200 Main", "Street", "555-0100", "Friday"] {
            assert!(words.contains(part), "{part} is cut at {width} by {height}:\n{shown}");
        }
        assert!(shown.contains("?Dog park"), "the other results are weak:\n{shown}");
        assert!(shown.contains(" ? weak match "), "which the screen explains:\n{shown}");
    }
    let mut session = own(&town, 80, 24, Environment::default());
    play(&mut session, "/lost dog");
    assert!(!screen(&session).contains("weak match"), "{}", screen(&session));
}

#[test]
fn the_remark_tells_what_was_dictated_or_translated() {
    for (keys, expected) in
        [("/perro perdido ", "perro perdido → lost dog"), ("/ten ninety nine ", "ten ninety nine → 1099")]
    {
        let mut session = own(TOWN, 120, 40, Environment::default());
        play(&mut session, keys);
        assert!(screen(&session).contains(expected), "{keys}\n{}", screen(&session));
    }
}

#[test]
fn the_card_of_a_question_about_hours_begins_with_the_hours() {
    let mut session = own(TOWN, 120, 40, Environment::default());
    // The card is on the right.
    let lines_of = |session: &_, text: &str| {
        let in_card = |line: &str| line.chars().skip(72).collect::<String>().contains(text);
        screen(session).lines().position(in_card).unwrap()
    };
    play(&mut session, "/until when is the dog park open");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") < lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
    play(&mut session, "<Enter>");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") < lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
    play(&mut session, "<Esc>/dog park");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") > lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
}

#[test]
fn the_marked_audience_is_searched_and_tab_marks_the_next() {
    let mut app = app(120, 40);
    press(&mut app, "2/commissions");
    assert_eq!(app.find.as_ref().unwrap().scope.audience().map(|id| id.index), Some(1));
    assert_eq!(titles(&app)[0], "Commissions, contracting, appointments");
    assert!(!titles(&app).contains(&"Medicare Broker Services"));
    press(&mut app, "<Tab>");
    assert_eq!(scopes(&app), [Some(2); 3]);
    assert_eq!(titles(&app)[0], "Medicare Broker Services");
    press(&mut app, "<Tab><Tab>");
    assert_eq!(scopes(&app), [None; 3]);
    assert_eq!(titles(&app)[..2], ["Commissions", "Commissions, contracting, appointments"]);
    press(&mut app, "<Tab><Tab>");
    assert_eq!(scopes(&app), [Some(1); 3]);
    press(&mut app, "<Shift-Tab>");
    assert_eq!(scopes(&app), [Some(0); 3]);
    press(&mut app, "<Esc>");
    assert_eq!(app.panes.tree.section().audience().map(|id| id.index), Some(0));
}

/// The audience that is marked, that the tree shows and that is searched, by index.
fn scopes(app: &App) -> [Option<usize>; 3] {
    let marked = app.panes.sections[app.panes.section.selected].audience();
    let searched = app.find.as_ref().unwrap().scope.audience();
    [marked, app.panes.tree.section().audience(), searched].map(|id| id.map(|id| id.index))
}

#[test]
fn without_an_audience_everything_is_searched_and_opening_a_result_marks_none() {
    for keys in ["/commissions", "5/commissions", "6/commissions", "7/commissions", "/ifp application fax<Enter>/"] {
        let mut app = app(120, 40);
        press(&mut app, keys);
        assert_eq!(scopes(&app), [None; 3], "after {keys}");
    }
}

#[test]
fn opening_a_result_for_the_audience_keeps_it() {
    let mut app = app(120, 40);
    press(&mut app, "2/fraud<Enter>/");
    assert_eq!(scopes(&app), [Some(1); 3], "the caller is still the same");
}

#[test]
fn results_for_the_audience_come_first_and_better_ones_outside_below_a_line() {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, "3lost id card");
    let shown = screen(&session);
    let app = session.app();
    let outside = app.find.as_ref().unwrap().outside().unwrap();
    assert!(outside > 0, "{shown}");
    assert_eq!(app.find.as_ref().unwrap().cursor.selected, 0, "the first result for the audience is selected");
    let row =
        |text: &str| shown.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}\n{shown}"));
    assert!(row("Outside Medicare") < row(" Members: provider"), "{shown}");
    assert!(shown.contains("no good match; takes all questions"), "{shown}");
    // A click on the line selects nothing.
    let line = u16::try_from(row("Outside Medicare")).unwrap();
    session.feed(Event::Click { column: 40, row: line }, monday());
    assert_eq!(session.app().find.as_ref().unwrap().cursor.selected, 0);
    session.feed(Event::Click { column: 40, row: line + 1 }, monday());
    assert_eq!(session.app().find.as_ref().unwrap().cursor.selected, outside);
}

#[test]
fn the_general_line_of_the_audience_is_offered_where_nothing_fits() {
    for (keys, first) in [
        ("3lost id card", Some("Medicare Broker Services")),
        ("3zzzzzz", Some("Medicare Broker Services")),
        // The source does not name one.
        ("1zzzzzz", None),
        ("zzzzzz", None),
    ] {
        let mut app = app(120, 40);
        press(&mut app, keys);
        assert_eq!(titles(&app).first().copied(), first, "after {keys}");
    }
    assert_eq!(remark("3zzzzzz"), "no good match; takes all questions");
    assert_eq!(remark("1zzzzzz"), "No match; try other words");
}

#[test]
fn opening_a_result_outside_moves_the_scope_to_where_it_belongs() {
    let mut app = app(120, 40);
    press(&mut app, "2/medicare commissions");
    let outside = app.find.as_ref().unwrap().outside().unwrap();
    assert_eq!(titles(&app)[outside], "Medicare Broker Services");
    press(&mut app, &"<Down>".repeat(outside));
    press(&mut app, "<Enter>");
    assert_eq!(app.directory().title(app.entry().unwrap()), "Medicare Broker Services");
    assert_eq!(app.message.as_deref(), Some("Now in Medicare"));
    press(&mut app, "c");
    assert_eq!(scopes(&app), [Some(2); 3]);
    press(&mut app, "<Esc><Esc><Esc>3/renewals");
    let outside = app.find.as_ref().unwrap().outside().unwrap();
    press(&mut app, &"<Down>".repeat(outside));
    press(&mut app, "<Enter>1");
    let sibling = "New business quotes and proposals";
    assert_eq!(app.directory().title(app.entry().unwrap()), sibling, "the keys of the phone work there");
}

#[test]
fn a_query_in_another_keyboard_layout_is_tried_on_a_us_one() {
    for typed in ["сщььшыышщт", "ψομμισσιον", "בםצצןדדןםמ"] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, typed);
        assert_eq!(titles(session.app())[0], "Commissions", "{typed}");
        assert!(screen(&session).contains("as on a US keyboard: commission"), "{}", screen(&session));
    }
}

#[test]
fn the_requested_channel_is_on_the_card_and_copied() {
    for (keys, shown, copied) in [
        ("/ifp billing", "(916) 935-4522", None),
        ("/ifp billing email", "IFPMembership@healthnet.com", None),
        ("/ifp billing email<Enter>", "IFPMembership@healthnet.com", Some("IFPMembership@healthnet.com")),
        ("/ifp billing email<Enter><Down><Up>", "IFPMembership@healthnet.com", Some("IFPMembership@healthnet.com")),
        ("/deaf caller<Enter>", "1-888-926-5180", Some("+18889265180")),
        ("/hearing impaired<Enter>", "1-888-926-5180", Some("+18889265180")),
        ("/lost id card<Enter>", "1-800-447-8812", Some("+18004478812")),
    ] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, keys);
        let drawn = screen(&session);
        let card: String = drawn.lines().skip(3).take(12).flat_map(|line| line.chars().skip(67)).collect();
        assert!(card.contains(shown), "{card} leads the card after {keys}");
        if copied.is_some() {
            let effects = session.feed(support::keys("<Ctrl-Y>").remove(0), support::monday());
            let [Effect::Copy(item)] = &effects[..] else { panic!("{effects:?}") };
            assert_eq!(Some(&*item.text), copied, "after {keys}");
        }
    }
}

/// The targets of the results in the navigator for the audience of a digit, and in the JSON of the command line.
fn targets(query: &str, digit: &str, audience: &[&str]) -> [Vec<String>; 2] {
    let mut app = app(120, 40);
    press(&mut app, &format!("{digit}/{query}"));
    let find = app.find.as_ref().unwrap();
    let inside = find.results[..find.outside().unwrap_or(find.results.len())].iter();
    let target = |result: &SearchResult| app.directory().target(result.id).map(|target| target.to_string());
    let shown = inside.map(|result| target(result).unwrap_or_default()).collect();
    let limit = (find.results.len() + 1).to_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dialtree"))
        .args(["find", "--json", "--limit", &limit, query])
        .args(audience)
        .env_remove("DIALTREE_DATA")
        .env("XDG_DATA_HOME", "/nonexistent")
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let hits = report["hits"].as_array().unwrap().iter();
    [shown, hits.map(|hit| hit["target"].as_str().unwrap_or_default().to_owned()).collect()]
}

#[test]
fn the_navigator_and_the_command_line_have_the_same_order() {
    for query in ["commission", "renewals", "lost id card", "commission small", "broker of record", "fraud", "quote"] {
        for (digit, audience) in
            [("", &[][..]), ("1", &["--audience", "ifp"]), ("2", &["--audience", "small-business"])]
        {
            let [shown, hits] = targets(query, digit, audience);
            assert!(!shown.is_empty() || !audience.is_empty(), "{query}");
            assert_eq!(shown, hits, "{query} {audience:?}");
        }
    }
}

#[test]
fn an_empty_query_shows_recent_results() {
    let mut app = app(120, 40);
    let recent = |app: &App| {
        let start = app.find.as_ref().unwrap().groups.iter().find(|(_, group)| *group == Group::Recent);
        start.map_or(Vec::new(), |(start, _)| titles(app)[*start..].iter().map(ToString::to_string).collect())
    };
    press(&mut app, "/");
    assert!(recent(&app).is_empty());
    press(&mut app, "lost id card<Enter>/fraud<Enter>/lost id card<Enter>/");
    assert_eq!(recent(&app), ["Members: provider, ID card, address", "Fraud hotline"]);
    let last = titles(&app).len();
    press(&mut app, &"<Down>".repeat(last));
    press(&mut app, "<Enter>");
    assert_eq!(app.directory().title(app.entry().unwrap()), "Fraud hotline");
    press(&mut app, "/commission<Esc>/");
    assert_eq!(recent(&app)[0], "Fraud hotline", "a result that was not opened is not remembered");
}

#[test]
fn the_results_keep_their_order_while_the_query_grows() {
    let mut app = app(120, 40);
    press(&mut app, "/");
    let mut first = Vec::new();
    for letter in "commissions".chars() {
        press(&mut app, &letter.to_string());
        first.push(titles(&app).first().map(ToString::to_string));
    }
    first.dedup();
    assert!(first.len() <= 3, "{first:?}");
    assert_eq!(first.last().unwrap().as_deref(), Some("Commissions"));
}

const DESK: &str = r#"(
    schema: 2, id: "desk", name: "Service desk", organisation: "Desk", source: "Leaflet", transcribed: "2026-11-23",
    audiences: [(id: "all", name: "Residents", short: "Residents")],
    contacts: [
        (id: "ca", name: "CA office", source: "Leaflet", channels: [(phone: "1-800-555-0100")]),
        (id: "doctor", name: "Doctors", source: "Leaflet", needs: ["doctor visit"], channels: [(phone: "1-800-555-0101")]),
        (id: "card", name: "ID cards", source: "Leaflet", needs: ["card does not work"], channels: [(phone: "1-800-555-0102")]),
        (id: "claims", name: "Claims", source: "Leaflet", needs: ["open a claim"], channels: [(phone: "1-800-555-0103")]),
        (id: "permits", name: "Building permits", source: "Leaflet", channels: [(phone: "1-800-555-0104")]),
        (id: "licenses", name: "Dog licenses", source: "Leaflet", channels: [(phone: "1-800-555-0105")]),
        (id: "records", name: "Record requests", source: "Leaflet", channels: [(email: "records@desk.example.org")]),
        (id: "renewals", name: "Renewals", source: "Leaflet", channels: [(phone: "1-800-555-0106")]),
    ],
    notices: [(id: "terms", title: "Terms of surgery", source: "Leaflet", sections: [(title: "Surgery", text: ["How a surgery is billed."])])],
    synonyms: [(words: ["citation"], means: "ticket")],
    elsewhere: [(phrases: ["parking ticket"], note: "City Hall")],
)"#;

/// A search of `DESK`, and the title of its first result.
fn found(query: &str) -> (SearchResults, Option<String>) {
    let catalog = Catalog::from(Directory::load("desk.ron", DESK).unwrap());
    let found = catalog.find(&Query { text: query, scope: Scope::All, limit: 5 });
    let title = found.results.first().map(|first| catalog.directory(first.id).title(first.id).to_owned());
    (found, title)
}

#[test]
fn words_that_are_also_names_of_letters_are_words() {
    assert_eq!(found("c a").1.as_deref(), Some("CA office"));
    let (found, _) = found("i need to see a doctor");
    let reasons: Vec<&str> =
        found.results.iter().flat_map(|result| &result.reasons).map(|reason| &*reason.matched).collect();
    assert!(reasons.contains(&"doctor") && !reasons.contains(&"ca"), "{reasons:?}");
}

#[test]
fn an_english_query_is_not_taken_for_a_spanish_one() {
    for query in ["once i see a doctor", "gas at the casa grande", "solo claims for a salon", "a doctor in vista"] {
        let (found, _) = found(query);
        let reasons: Vec<_> = found.results.iter().flat_map(|result| &result.reasons).collect();
        assert!(reasons.iter().all(|reason| reason.kind != MatchKind::Translation), "{query}: {reasons:?}");
    }
    assert_eq!(found("abrir un reclamo").1.as_deref(), Some("Claims"));
}

#[test]
fn what_is_not_wanted_is_not_found_and_what_does_not_work_is() {
    for (query, unwanted, first) in [
        ("building permits instead of dog licenses", &["dog", "licenses"][..], "Building permits"),
        ("instead of building permits, dog licenses", &["building", "permits"], "Dog licenses"),
        ("no funciona la tarjeta ", &[], "ID cards"),
        ("mi tarjeta no funciona ", &[], "ID cards"),
        ("permisos de construcción, no licencias", &["licencias"], "Building permits"),
    ] {
        let (found, title) = found(query);
        assert_eq!(
            (found.unwanted, title.as_deref()),
            (unwanted.iter().map(ToString::to_string).collect(), Some(first)),
            "{query}"
        );
    }
}

#[test]
fn open_asks_for_hours_only_beside_a_time() {
    for (query, asks_hours) in
        [("open a claim", false), ("are claims open today", true), ("claims open saturday", true)]
    {
        let (found, title) = found(query);
        assert_eq!((found.asks_hours, title.as_deref()), (asks_hours, Some("Claims")), "{query}");
    }
}

#[test]
fn a_number_that_is_said_in_words_is_found() {
    for query in ["eight hundred five five five zero one zero three", "five five five oh one oh three"] {
        assert_eq!(found(query).1.as_deref(), Some("Claims"), "{query}");
    }
}

#[test]
fn what_is_elsewhere_is_found_by_a_typo_and_by_a_synonym_of_the_directory() {
    for query in ["parking ticket", "parkng tiket", "parking citation", "pay my citations for parking"] {
        assert!(found(query).0.elsewhere.is_some(), "{query}");
    }
    assert!(found("parking").0.elsewhere.is_none());
}

#[test]
fn a_part_of_a_compound_is_explained_by_the_words_that_match() {
    let (found, _) = found("card not received");
    let reasons: Vec<_> = found.results[0].reasons.iter().map(|reason| (&*reason.typed, &*reason.matched)).collect();
    assert!(!reasons.iter().any(|(typed, _)| typed.contains("received")), "{reasons:?}");
    assert!(reasons.contains(&("card", "card")), "{reasons:?}");
}

/// Whether the first result of a query is trusted.
fn is_trusted(query: &str) -> bool {
    found(query).0.results.first().is_some_and(|first| !first.weak)
}

#[test]
fn a_short_query_is_not_trusted_without_its_words() {
    for (query, expected) in [("building permits", true), ("zorbax permits", false), ("fribble zorbax permits", false)]
    {
        assert_eq!(is_trusted(query), expected, "{query}");
    }
    assert_eq!(found("qzxv").1, None, "nonsense finds nothing");
}

#[test]
fn a_notice_is_not_trusted_for_a_word_that_it_does_not_have() {
    assert!(is_trusted("terms of surgery"));
    assert_eq!((found("operation").1.as_deref(), is_trusted("operation")), (Some("Surgery"), false));
}

#[test]
fn only_what_answers_a_phone_is_trusted_for_hours() {
    assert!(is_trusted("record requests"));
    assert!(!is_trusted("record requests hours"));
}

#[test]
fn a_dictated_address_is_looked_up() {
    for (query, expected) in [
        ("records at desk dot example dot org", Some("Record requests")),
        ("records at desk dot example dot org, please", Some("Record requests")),
        ("what about e dot org", None),
    ] {
        let (found, title) = found(query);
        let is_lookup = found.results.first().is_some_and(|first| first.reasons[0].kind == MatchKind::Lookup);
        assert_eq!(title.filter(|_| is_lookup).as_deref(), expected, "{query}");
    }
}

#[test]
fn a_spanish_word_that_no_table_has_is_found_by_its_english_relative() {
    let (found, title) = found("quisiera una requestación de los records");
    assert_eq!(title.as_deref(), Some("Record requests"), "{found:?}");
}

#[test]
fn an_hour_of_the_day_says_when() {
    for (query, set_aside) in [("claims at 8 in the morning", "8 in the morning"), ("claims 40 today", "today")] {
        assert_eq!(found(query).0.set_aside, [set_aside], "{query}");
    }
}
