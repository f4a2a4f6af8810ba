//! Properties that hold for any input: any sequence of events at any screen size, any data file, any reload and any query.
//! Nothing panics, and selections stay valid.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::event::{ChangedSince, Code, DataProblems, Event, KeyPress};
use dialtree::app::keymap::InputMode;
use dialtree::app::layout::Pane;
use dialtree::app::{App, Clipboard, Environment};
use dialtree::directory::hours::{Hours, Schedule, Zone};
use dialtree::directory::problem::Problem;
use dialtree::directory::progress::{LoadStage, Progress};
use dialtree::directory::text::is_control_like;
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::present::diff::changes;
use dialtree::present::share::CopyItem;
use dialtree::search::{Catalog, Query};
use dialtree::session::Session;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use support::session;

/// 500 runs of 200 events are 100,000 events.
const RUN_COUNT: u32 = 500;
const EVENT_COUNT: usize = 200;

fn copied() -> CopyItem {
    CopyItem { name: "Digits".into(), text: "+18009093447".into(), rest: Some("press 1".into()) }
}

fn event() -> impl Strategy<Value = Event> {
    let code = prop_oneof![
        4 => proptest::sample::select("0123456789*#/?hjklgGcoqrstyéй& ".chars().collect::<Vec<_>>()).prop_map(Code::Char),
        1 => any::<char>().prop_map(Code::Char),
        1 => proptest::sample::select(vec!['\u{202e}', '\u{2066}', '\u{200f}']).prop_map(Code::Char),
        6 => proptest::sample::select(vec![
            Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Up, Code::Down,
            Code::Left, Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown, Code::F(1), Code::F(2), Code::F(3), Code::F(4), Code::F(5), Code::F(6), Code::F(7),
        ]),
    ];
    let modifier = || proptest::bool::weighted(0.15);
    let key = (code, modifier(), modifier()).prop_map(|(code, ctrl, alt)| Event::Key(KeyPress { code, ctrl, alt }));
    prop_oneof![
        20 => key,
        2 => (0..140u16, 0..60u16).prop_map(|(column, row)| Event::Click { column, row }),
        1 => any::<(u16, u16)>().prop_map(|(column, row)| Event::Click { column, row }),
        2 => (0..140u16, 0..60u16, any::<bool>()).prop_map(|(column, row, down)| Event::Wheel { column, row, down }),
        1 => ".{0,40}".prop_map(Event::Paste),
        1 => "[a\u{1b}\u{9b}\u{200f}\u{202e}\u{2066}]{0,4}".prop_map(Event::Paste),
        2 => (0..140u16, 0..50u16).prop_map(|(width, height)| Event::Resize { width, height }),
        1 => Just(Event::Tick),
        1 => Just(Event::OpenFailed("https://example.com".into())),
        1 => proptest::sample::select(vec![Clipboard::None, Clipboard::TmuxBuffer, Clipboard::TmuxTerminal, Clipboard::Terminal])
            .prop_map(|instead| Event::CopyFailed { item: copied(), instead }),
        1 => Just(Event::NoShell),
        1 => Just(Event::Reloaded),
        1 => proptest::collection::vec("\\PC{0,200}", 1..50).prop_map(changed_since),
        1 => ("\\PC{0,200}", proptest::collection::vec(".{0,200}", 0..4)).prop_map(data_wrong),
    ]
}

fn changed_since(changes: Vec<String>) -> Event {
    Event::ChangedSince(ChangedSince { day: jiff::civil::date(2025, 12, 31), changes })
}

fn data_wrong((first, messages): (String, Vec<String>)) -> Event {
    let list = messages.into_iter().map(|message| Problem { line: 1, column: 2, message }).collect();
    Event::DataWrong(vec![DataProblems { file: "own.ron".into(), first, list, has_earlier: true }])
}

/// The built-in directory twice, under two names.
fn two_directories() -> Arc<Catalog> {
    let other = EMBEDDED.replacen("organisation: \"", "organisation: \"Other ", 1);
    Arc::new(Catalog::new([EMBEDDED, &other].map(|text| Directory::load("own.ron", text).unwrap()).into()))
}

/// Checks that what the audience pane marks is what the tree shows and the find box has searched.
fn check_scope(app: &App) {
    let marked = app.panes.sections[app.panes.section.selected];
    assert_eq!(marked, app.panes.tree.section(), "the tree shows the marked section");
    assert_eq!(marked.audience(), app.scope().audience(), "the marked audience is in scope");
    assert_eq!(marked.directory, app.directory().index(), "the sections are those of the directory in the panes");
    let name = app.scope().directory().map_or("All directories", |index| &app.catalog.directories()[index].short);
    assert_eq!(app.directory_line(), app.catalog.has_several().then_some(name), "the marked directory is in scope");
    let Some(find) = &app.find else { return };
    assert_eq!(find.scope, app.scope(), "the scope is searched");
    for result in &find.results[..find.outside().unwrap_or(find.results.len())] {
        let directory = app.catalog.directory(result.id);
        let is_inside = find.scope.has_directory(result.id.directory)
            && find.scope.audience().is_none_or(|audience| directory.is_for(result.id, audience.index));
        assert!(is_inside, "results for others are set apart");
    }
}

/// Checks the invariants of the app, which hold after every event.
fn check_app(app: &App) {
    check_scope(app);
    let cursor = app.panes.tree.cursor;
    assert!(app.panes.tree.selected().is_some(), "an entry is selected, not a heading");
    if let Some(find) = &app.find {
        assert!(find.cursor.selected < find.results.len().max(1));
        assert!(!find.input.value().contains(is_control_like), "nothing that a terminal may interpret is in the query");
    }
    if let Some(line) = app.window().and_then(|window| window.selected) {
        assert!(line < app.window().unwrap().page.lines.len(), "a line of the window is selected");
    }
    let Some(layout) = app.layout() else { return };
    if let (Some(tree), None) = (layout.inner(Pane::Tree), &app.find) {
        let in_view = cursor.top..cursor.top + usize::from(tree.height);
        assert!(in_view.contains(&cursor.selected), "the selected row is in view");
    }
    if let (Some((page, top)), Some(area)) = (app.card_view(), layout.inner(Pane::Card)) {
        let max_top = page.lines.len().saturating_sub(usize::from(area.height));
        assert!(top <= max_top, "the card is not scrolled past its end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: RUN_COUNT, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_events_at_any_size_keep_the_app_valid(
        events in proptest::collection::vec(event(), EVENT_COUNT),
        // Any hour from 2020 to 2040, which includes holidays and daylight saving changes.
        hours in 0..20 * 365 * 24_i64,
    ) {
        let moment = Timestamp::from_second(1_577_836_800 + hours * 3_600).unwrap();
        let mut environment = Environment::default();
        environment.profile.keeps = true;
        let mut session = session(120, 40, environment);
        for (i, event) in events.into_iter().enumerate() {
            if let Event::Resize { width, height } = event {
                session.backend_mut().resize(width, height);
            }
            session.feed(event, moment);
            check_app(session.app());
            // Drawing is slow in a debug build; a quarter of the events still covers every size and mode.
            if i % 4 == 0 {
                session.draw().unwrap();
            }
        }
        session.draw().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// However many events there are, the marked audience is the one that is shown and searched.
    #[test]
    fn ten_thousand_events_keep_one_scope(events in proptest::collection::vec(event(), 10_000)) {
        let mut app = support::app(120, 40);
        for event in events {
            app.handle(event, support::monday());
            check_scope(&app);
        }
    }

    /// The same with two directories.
    #[test]
    fn ten_thousand_events_keep_one_scope_of_two_directories(events in proptest::collection::vec(event(), 10_000)) {
        let mut app = App::new(two_directories(), Environment::default(), Size { width: 120, height: 40 }, support::monday());
        for event in events {
            app.handle(event, support::monday());
            check_scope(&app);
        }
    }

    /// Nothing that is typed or pasted, at the start or after any events, quits, copies, opens a link or suspends.
    #[test]
    fn text_never_ends_the_program(
        events in proptest::collection::vec(event(), 0..30),
        texts in proptest::collection::vec(prop_oneof![
            any::<char>().prop_map(|c| Event::Key(KeyPress::plain(Code::Char(c)))),
            "[a-zA-Z ?/éй]".prop_map(|text| Event::Key(KeyPress::plain(Code::Char(text.chars().next().unwrap())))),
            ".{0,9}".prop_map(Event::Paste),
        ], 200),
    ) {
        let mut app = support::app(120, 40);
        for event in events {
            app.handle(event, support::monday());
        }
        // In the copy menu, digits copy a line.
        let is_menu = app.mode() == InputMode::Copy;
        for event in texts.into_iter().filter(|_| !is_menu) {
            assert_eq!(app.handle(event.clone(), support::monday()), [], "after {event:?}");
        }
    }
}

/// A directory to reload: the built-in one, unchanged or with other ids or keys, or one that is nearly empty.
fn other_directory() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(EMBEDDED.to_owned()),
        // Two keys swapped throughout.
        (0..12_u8, 0..12_u8).prop_map(|(one, other)| {
            let (one, other) = (format!("key: \"{one}\""), format!("key: \"{other}\""));
            EMBEDDED.replace(&one, "key: \"?\"").replace(&other, &one).replace("key: \"?\"", &other)
        }),
        // Other ids, for about one entry in `interval`.
        (any::<u16>(), 1..9_usize).prop_map(|(seed, interval)| {
            let mut hash = usize::from(seed);
            EMBEDDED
                .lines()
                .map(|line| {
                    hash = hash.wrapping_mul(31).wrapping_add(line.len());
                    let is_renamed = hash % interval == 0 && line.trim_start().starts_with("id: ");
                    if is_renamed { line.replacen("id: \"", "id: \"x", 1) } else { line.to_owned() }
                })
                .collect::<Vec<_>>()
                .join("\n")
        }),
        Just(
            r#"(schema: 1, id: "a", name: "A", organisation: "A", source: "A", transcribed: "2026-11-23",
            audiences: [], contacts: [(id: "a", name: "A", source: "A")])"#
                .to_owned()
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// A reload keeps the app valid, whatever the new directory and whatever the user did before.
    #[test]
    fn any_directory_can_replace_another(
        turns in proptest::collection::vec((other_directory(), proptest::collection::vec(event(), 0..30)), 1..5),
    ) {
        let mut session = session(120, 40, Environment::default());
        for (text, events) in turns {
            for event in events {
                if let Event::Resize { width, height } = event {
                    session.backend_mut().resize(width, height);
                }
                session.feed(event, support::monday());
            }
            let Ok(directory) = Directory::load("other", &text) else { continue };
            session.reload(Arc::new(directory.into()));
            check_app(session.app());
            session.draw().unwrap();
        }
    }

    /// A directory does not differ from itself, and from another one in both directions or in none.
    #[test]
    fn differences_have_two_directions(one in other_directory(), other in other_directory()) {
        let load = |text: &str| Directory::load("x", text);
        let (Ok(one), Ok(other)) = (load(&one), load(&other)) else { return Ok(()) };
        prop_assert_eq!(changes(&one, &one), []);
        let (forth, back) = (changes(&one, &other), changes(&other, &one));
        prop_assert_eq!(forth.is_empty(), back.is_empty());
        prop_assert!(forth.iter().all(|change| !change.words().contains('\n')));
    }

    /// Until a directory is loaded, the only key that does anything is the one that quits.
    #[test]
    fn events_while_loading_change_nothing(
        events in proptest::collection::vec((event(), any::<(usize, usize)>()), 1..60),
    ) {
        let backend = TestBackend::new(120, 40);
        let mut session = Session::new(Arc::<Catalog>::default(), Environment::default(), backend, support::monday()).unwrap();
        session.feed(Event::Loading(Progress::START), support::monday());
        for (event, (done, total)) in events {
            if let Event::Resize { width, height } = event {
                session.backend_mut().resize(width, height);
            }
            let stage = [LoadStage::Read, LoadStage::Parse, LoadStage::Check, LoadStage::Index][done % 4];
            session.feed(event, support::monday());
            session.feed(Event::Loading(Progress { stage, done: done >> 8, total: total >> 8 }), support::monday());
            prop_assert!(session.app().loading.is_some());
            session.draw().unwrap();
        }
        let loaded = support::app(120, 40);
        session.reload(Arc::new(loaded.directory().clone().into()));
        check_app(session.app());
        session.draw().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Opening hours that the parser accepts can be evaluated at any moment.
    #[test]
    fn accepted_hours_never_panic(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "Mo", "Fr", "-", ",", ";", " ", "09:00", "17:00", "24:00", "26:00", "00:00", "off", "open", "closed",
                "unknown", "PH", "SH", "24/7", "Jan", "Dec", "29", "31", "week", "2026", "+", "||", "Su[-1]", "Sa[2]",
                "easter", "\"", "/", "sunrise", "1", "Mo-Fr 08:00-17:00", "year",
            ]),
            1..8,
        ),
        second in -300_000_000_000..250_000_000_000_i64,
    ) {
        let rules = TimeZone::get("America/Los_Angeles").unwrap();
        let zone = Some(Zone { rules, stated: true });
        let moment = Timestamp::from_second(second).unwrap();
        if let Ok(schedule) = Schedule::parse(&parts.concat(), zone, "US".parse().ok()) {
            schedule.week(moment);
            Hours::Listed(schedule).at(moment);
        }
    }

    /// A damaged file never panics: it loads, or every problem is reported with a position in the file.
    #[test]
    fn a_damaged_file_never_panics(damages in proptest::collection::vec(damage(), 1..6)) {
        check_file(&damages.iter().fold(EMBEDDED.to_owned(), |text, damage| damage.apply(&text)));
    }

    /// The same holds for text that never was a directory.
    #[test]
    fn any_text_loads_or_is_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,200}", ron in text_like_ron()) {
        check_file(&String::from_utf8_lossy(&bytes));
        check_file(&text);
        check_file(&ron);
    }
}

/// What can happen to a file in an editor or during a write. Positions are relative: 0 is the start, 65,535 the end.
#[derive(Clone, Debug)]
enum Damage {
    /// A number of bytes removed.
    Cut(u16, usize),
    Insert(u16, String),
    /// Two pieces of a number of bytes exchanged.
    Swap(u16, u16, usize),
    Truncate(u16),
}

fn damage() -> impl Strategy<Value = Damage> {
    let inserted = prop_oneof![
        4 => "[a-z0-9\"(){}\\[\\],:\\\\ \n\r\t]{0,4}",
        1 => "\\PC{0,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        3 => (any::<u16>(), 0..200_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        3 => (any::<u16>(), inserted).prop_map(|(at, text)| Damage::Insert(at, text)),
        2 => (any::<u16>(), any::<u16>(), 1..40_usize).prop_map(|(one, other, length)| Damage::Swap(one, other, length)),
        1 => any::<u16>().prop_map(Damage::Truncate),
    ]
}

impl Damage {
    fn apply(&self, text: &str) -> String {
        let boundary =
            |index: usize| (0..=index.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap();
        let index = |position: u16| boundary(text.len() * usize::from(position) / usize::from(u16::MAX));
        match self {
            Self::Cut(position, length) => {
                let start = index(*position);
                format!("{}{}", &text[..start], &text[boundary(start + length).max(start)..])
            }
            Self::Insert(position, inserted) => {
                let (before, after) = text.split_at(index(*position));
                format!("{before}{inserted}{after}")
            }
            Self::Swap(one, other, length) => {
                let (first, second) = (index(*one).min(index(*other)), index(*one).max(index(*other)));
                let (first_end, second_end) =
                    (boundary(first + length).clamp(first, second), boundary(second + length).max(second));
                let [before, one, between, other, after] = [
                    &text[..first],
                    &text[first..first_end],
                    &text[first_end..second],
                    &text[second..second_end],
                    &text[second_end..],
                ];
                format!("{before}{other}{between}{one}{after}")
            }
            Self::Truncate(position) => text[..index(*position)].to_owned(),
        }
    }
}

/// Tokens of data files in any order.
fn text_like_ron() -> impl Strategy<Value = String> {
    let token = proptest::sample::select(vec![
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\"x\"",
        "schema: 1,",
        "id: \"a\",",
        "contacts: [",
        "menu: [",
        "key:",
        "hours: \"",
        "Mo-Fr",
        "Some(",
        "r#\"",
        "\"#",
        "\\u{202e}",
        "// ",
        "/*",
        "*/",
        "\n",
        "\u{feff}",
        "é",
        "電",
        "-1",
        "1e9",
        "'c'",
        "true",
        "()",
        "phone: \"+1",
        "notices: [(id: \"b\",",
        "site: \"",
        "gates: [(host:",
    ]);
    proptest::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// Loads a file and checks that every problem has a line and column that exist in it.
fn check_file(text: &str) {
    let Err(problems) = Directory::load("damaged", text) else { return };
    assert!(!problems.list.is_empty());
    let shown = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = shown.split('\n').collect();
    for problem in &problems.list {
        let line = problem.line.checked_sub(1).and_then(|line| lines.get(line));
        let columns = line.unwrap_or_else(|| panic!("no such line: {problem:?}\n{text}")).chars().count() + 1;
        assert!((1..=columns).contains(&problem.column), "no such column: {problem:?}\n{text}");
    }
}

/// Any text, and sequences of words, numbers and addresses that mean something to the search.
fn query_text() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "commission",
        "fax",
        "IFP",
        "977-3565",
        "+1",
        "brokers@",
        "healthnet.com",
        "fruad",
        "1-800-909-3447",
        "1",
        "/",
        "_",
        "...",
        "e\u{301}",
        "電話",
        "\u{202e}",
        "\0",
        "small",
        "business",
        "a",
        "ı",
        "ﬁ",
        "ß",
        "000",
        "@@",
        "1367.63",
    ]);
    prop_oneof![
        3 => any::<String>(),
        3 => proptest::collection::vec(word, 0..30).prop_map(|words| words.join(" ")),
        1 => "[[:punct:]]{0,200}",
        1 => "\\PC{0,200}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_query_has_valid_results(
        text in query_text(),
        audience in proptest::option::of(0_usize..4),
        limit in 0_usize..60,
    ) {
        check_query(&text, audience, limit);
    }
}

/// Checks the results of a query: scores and marks are within bounds, channels exist, and two runs agree.
fn check_query(text: &str, audience: Option<usize>, limit: usize) {
    let app = support::app(80, 24);
    let audience = audience.map(|index| app.directory().audience_id(index));
    let query = Query { text, scope: audience.into(), limit };
    let found = app.catalog.find(&query);
    assert!(found.results.len() <= limit);
    for result in found.results.iter().chain(&found.outside) {
        assert!((0.0..=1.0).contains(&result.score), "{text:?}: {}", result.score);
        let (marks, title) = (&result.marks, app.directory().title(result.id));
        assert!(marks.iter().all(|mark| *mark < title.chars().count()) && marks.is_sorted(), "{text:?}: {marks:?}");
        let channel_count = app.directory().contact(result.id).map_or(0, |contact| contact.channels.len());
        assert!(result.id.channel.is_none_or(|channel| channel < channel_count), "{text:?}");
        let has_control = |text: &str| text.chars().any(is_control_like);
        assert!(
            !result.reasons.iter().any(|reason| has_control(&reason.typed) || has_control(&reason.matched)),
            "{text:?}: {:?}",
            result.reasons
        );
    }
    assert_eq!(app.catalog.find(&query), found, "{text:?}: two searches differ");
}

#[test]
fn very_long_queries_have_valid_results() {
    for text in [
        "a".repeat(1 << 20),
        "commission ".repeat(100_000),
        "!?".repeat(1 << 19),
        "1".repeat(1 << 20),
        "電話".repeat(200_000),
        "a@b.c ".repeat(10_000),
        (0..10_000).map(|number| format!("w{number} ")).collect(),
    ] {
        check_query(&text, None, 50);
    }
}
