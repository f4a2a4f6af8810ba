//! Whatever comes in, in whatever order, at whatever size: nothing panics, and what is selected is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::event::{Code, Event, KeyPress};
use dialtree::app::layout::Pane;
use dialtree::app::{App, Environment};
use dialtree::directory::hours::{Hours, Schedule, Zone};
use dialtree::directory::progress::{LoadStage, Progress};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::{Catalog, Query};
use dialtree::session::Session;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ratatui::backend::TestBackend;
use support::session;

/// 500 runs of 200 events: 100,000.
const RUNS: u32 = 500;
const EVENTS: usize = 200;

fn event() -> impl Strategy<Value = Event> {
    let code = prop_oneof![
        4 => proptest::sample::select("0123456789*#/?hjklgGcoqrsy ".chars().collect::<Vec<_>>()).prop_map(Code::Char),
        1 => any::<char>().prop_map(Code::Char),
        6 => proptest::sample::select(vec![
            Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Up, Code::Down,
            Code::Left, Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown,
        ]),
    ];
    let key = (code, proptest::bool::weighted(0.05)).prop_map(|(code, ctrl)| Event::Key(KeyPress { code, ctrl }));
    prop_oneof![
        20 => key,
        2 => (0..140u16, 0..60u16).prop_map(|(column, row)| Event::Click { column, row }),
        1 => any::<(u16, u16)>().prop_map(|(column, row)| Event::Click { column, row }),
        2 => (0..140u16, 0..60u16, any::<bool>()).prop_map(|(column, row, down)| Event::Wheel { column, row, down }),
        1 => ".{0,40}".prop_map(Event::Paste),
        2 => (0..140u16, 0..50u16).prop_map(|(width, height)| Event::Resize { width, height }),
        1 => Just(Event::Tick),
        1 => Just(Event::OpenFailed("https://example.com".into())),
        1 => Just(Event::CopyFailed("1-800-909-3447".into())),
        1 => Just(Event::NoShell),
        1 => Just(Event::Reloaded),
        1 => "\\PC{0,200}".prop_map(Event::DataWrong),
    ]
}

/// What must hold after every event.
fn check(app: &App) {
    let section = app.section();
    assert_eq!(app.sections()[section.selected], app.tree().section(), "the tree shows the selected section");
    let cursor = app.tree().cursor;
    assert!(app.tree().selected().is_some(), "an answer is selected, not a heading and not nothing");
    if let Some(find) = app.find() {
        assert!(find.cursor.selected < find.results.len().max(1));
    }
    if let Some(menu) = app.copy_cursor() {
        assert!(menu.selected < app.copy_items().len(), "a line of the copy menu is marked");
    }
    let Some(layout) = app.layout() else { return };
    if let (Some(tree), None) = (layout.inner(Pane::Tree), app.find()) {
        let in_view = cursor.top..cursor.top + usize::from(tree.height);
        assert!(in_view.contains(&cursor.selected), "the selected row is in view");
    }
    if let (Some((page, top)), Some(room)) = (app.card_view(), layout.inner(Pane::Card)) {
        let last = page.lines.len().saturating_sub(usize::from(room.height));
        assert!(top <= last, "the card is not scrolled past its end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: RUNS, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hundred_thousand_events_at_any_size(
        events in proptest::collection::vec(event(), EVENTS),
        // Any hour from 2020 to 2040, holidays and changes of the clocks among them.
        hours in 0..20 * 365 * 24_i64,
    ) {
        let moment = Timestamp::from_second(1_577_836_800 + hours * 3_600).unwrap();
        let mut session = session(120, 40, Environment::default());
        for (place, event) in events.into_iter().enumerate() {
            if let Event::Resize { width, height } = event {
                session.backend_mut().resize(width, height);
            }
            session.feed(event, moment);
            check(session.app());
            // Drawing is slow here; every size and mode comes by often enough.
            if place % 4 == 0 {
                session.draw().unwrap();
            }
        }
        session.draw().unwrap();
    }
}

/// A directory that takes the built-in one's place: damaged, and still right; or the built-in one again.
fn other_directory() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(EMBEDDED.to_owned()),
        // Contacts and options get other ids, keys, labels and audiences, or change places.
        (0..12_u8, 0..12_u8).prop_map(|(one, other)| {
            let (one, other) = (format!("key: \"{one}\""), format!("key: \"{other}\""));
            EMBEDDED.replace(&one, "key: \"?\"").replace(&other, &one).replace("key: \"?\"", &other)
        }),
        (any::<u16>(), 1..9_usize).prop_map(|(seed, most)| {
            let mut number = usize::from(seed);
            EMBEDDED
                .lines()
                .map(|line| {
                    number = number.wrapping_mul(31).wrapping_add(line.len());
                    let renamed = number % most == 0 && line.trim_start().starts_with("id: ");
                    if renamed { line.replacen("id: \"", "id: \"x", 1) } else { line.to_owned() }
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

    /// Whatever takes the directory's place, whatever is done before and after.
    #[test]
    fn any_directory_can_take_anothers_place(
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
            check(session.app());
            session.draw().unwrap();
        }
    }

    /// Until a directory is loaded, keys do nothing but leave.
    #[test]
    fn while_a_directory_is_loaded_nothing_else_happens(
        events in proptest::collection::vec((event(), any::<(usize, usize)>()), 1..60),
    ) {
        let backend = TestBackend::new(120, 40);
        let mut session = Session::new(Arc::<Catalog>::default(), Environment::default(), backend, support::monday()).unwrap();
        session.feed(Event::Loading(Progress::START), support::monday());
        for (event, (done, of)) in events {
            if let Event::Resize { width, height } = event {
                session.backend_mut().resize(width, height);
            }
            let stage = [LoadStage::Read, LoadStage::Parse, LoadStage::Check, LoadStage::Index][done % 4];
            session.feed(event, support::monday());
            session.feed(Event::Loading(Progress { stage, done: done >> 8, of: of >> 8 }), support::monday());
            prop_assert!(session.app().loading().is_some());
            session.draw().unwrap();
        }
        let whole = support::app(120, 40);
        session.reload(Arc::new(whole.directory().clone().into()));
        check(session.app());
        session.draw().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever hours are accepted can be evaluated at any moment.
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

    /// A file that is cut, doubled, misspelt or mixed up anywhere is told what is wrong with it, and nothing worse.
    #[test]
    fn a_damaged_file_never_panics(damages in proptest::collection::vec(damage(), 1..6)) {
        check_file(&damages.iter().fold(EMBEDDED.to_owned(), |text, damage| damage.to(&text)));
    }

    /// Nor is what was never a directory.
    #[test]
    fn any_text_can_be_loaded(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,200}", ron in text_like_ron()) {
        check_file(&String::from_utf8_lossy(&bytes));
        check_file(&text);
        check_file(&ron);
    }
}

/// What happens to a file in an editor, or while it is written; places are in parts of 65,536 of it.
#[derive(Clone, Debug)]
enum Damage {
    Cut(u16, usize),
    Put(u16, String),
    Swap(u16, u16, usize),
    End(u16),
}

fn damage() -> impl Strategy<Value = Damage> {
    let put = prop_oneof![
        4 => "[a-z0-9\"(){}\\[\\],:\\\\ \n\r\t]{0,4}",
        1 => "\\PC{0,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        3 => (any::<u16>(), 0..200_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        3 => (any::<u16>(), put).prop_map(|(at, text)| Damage::Put(at, text)),
        2 => (any::<u16>(), any::<u16>(), 1..40_usize).prop_map(|(one, other, length)| Damage::Swap(one, other, length)),
        1 => any::<u16>().prop_map(Damage::End),
    ]
}

impl Damage {
    fn to(&self, text: &str) -> String {
        let floor =
            |place: usize| (0..=place.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap();
        let at = |part: u16| floor(text.len() * usize::from(part) / usize::from(u16::MAX));
        match self {
            Self::Cut(part, length) => {
                let start = at(*part);
                format!("{}{}", &text[..start], &text[floor(start + length).max(start)..])
            }
            Self::Put(part, put) => format!("{}{put}{}", &text[..at(*part)], &text[at(*part)..]),
            Self::Swap(one, other, length) => {
                let (first, second) = (at(*one).min(at(*other)), at(*one).max(at(*other)));
                let (first_end, second_end) =
                    (floor(first + length).clamp(first, second), floor(second + length).max(second));
                let [before, one, between, other, after] = [
                    &text[..first],
                    &text[first..first_end],
                    &text[first_end..second],
                    &text[second..second_end],
                    &text[second_end..],
                ];
                format!("{before}{other}{between}{one}{after}")
            }
            Self::End(part) => text[..at(*part)].to_owned(),
        }
    }
}

/// Pieces of data files in any order.
fn text_like_ron() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
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
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whatever is said of a file is said of a place in it.
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

/// Needs that nobody has: any text, and what only looks like one.
fn need() -> impl Strategy<Value = String> {
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
    fn any_need_can_be_asked_for(need in need(), audience in proptest::option::of(0_usize..4), most in 0_usize..60) {
        check_need(&need, audience, most);
    }
}

/// What must hold of whatever is found.
fn check_need(need: &str, audience: Option<usize>, most: usize) {
    let app = support::app(80, 24);
    let audience = audience.map(|index| app.directory().audience_id(index));
    let question = Query { text: need, audience, limit: most };
    let found = app.catalog().find(&question);
    assert!(found.results.len() <= most);
    for hit in found.results.iter().chain(&found.outside) {
        assert!((0.0..=1.0).contains(&hit.score), "{need:?}: {}", hit.score);
        let letters = app.directory().title(hit.id).chars().count();
        assert!(hit.marks.iter().all(|mark| *mark < letters) && hit.marks.is_sorted(), "{need:?}: {:?}", hit.marks);
        let channels = app.directory().contact(hit.id).map_or(0, |contact| contact.channels.len());
        assert!(hit.id.channel.is_none_or(|channel| channel < channels), "{need:?}");
        let steers = |text: &str| text.chars().any(char::is_control);
        assert!(
            !hit.reasons.iter().any(|why| steers(&why.typed) || steers(&why.matched)),
            "{need:?}: {:?}",
            hit.reasons
        );
    }
    assert_eq!(app.catalog().find(&question), found, "{need:?} is answered the same twice");
}

#[test]
fn needs_without_end_can_be_asked_for() {
    let long = |piece: &str, times: usize| piece.repeat(times);
    for need in [
        long("a", 1 << 20),
        long("commission ", 100_000),
        long("!?", 1 << 19),
        long("1", 1 << 20),
        long("電話", 200_000),
        long("a@b.c ", 10_000),
        (0..10_000).map(|number| format!("w{number} ")).collect(),
    ] {
        check_need(&need, None, 50);
    }
}
