//! Another organisation's directory, with features that the built-in one does not use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use dialtree::app::Environment;
use dialtree::app::event::Event;
use dialtree::directory::Entry;
use dialtree::directory::progress::{LoadStage, Progress};
use dialtree::present::display::{Clock, Display, Glyphs};
use dialtree::present::script::Script;
use dialtree::search::Catalog;
use dialtree::session::{Session, clamp_size};
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use support::{folder, monday, play, screen};

const OWN: &str = r##"(
    schema: 1, id: "own", name: "電話帳 of Café Zoë", organisation: "Own", source: "The wall", transcribed: "2026-11-23",
    zone: "America/Los_Angeles",
    audiences: [(id: "guests", name: "お客様 and other guests", short: "お客様"), (id: "none", name: "Nobody", short: "None")],
    contacts: [
        (
            id: "desk", name: "受付 Reception", audiences: ["guests"], source: "Desk", hours: "Mo-Fr 08:00-17:00",
            channels: [
                (phone: "+81 3 1234 5678", menu: [
                    (key: "*", label: "Cafe\u{301} テーブル", also: ["none"]),
                    (key: "#", label: "Night bell", hours: "not stated"),
                ]),
            ],
        ),
        (id: "silent", name: "Silent", source: "Cellar"),
    ],
    notices: [(id: "one", title: "Rules", source: "Door", text: ["Before the section."],
        sections: [(title: "Only", text: ["In the section."])])],
)"##;

fn own(width: u16, height: u16) -> Session<TestBackend> {
    support::own(OWN, width, height, Environment::default())
}

#[test]
fn wide_and_combining_characters_stay_aligned() {
    for keys in [
        "1",
        "/cafe",
        "/テーブル",
        "/電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話",
    ] {
        let mut session = own(80, 24);
        play(&mut session, keys);
        let buffer = session.backend().buffer();
        for row in 4..20 {
            let edge: Vec<&str> = [0, 39, 40, 79].map(|column| buffer.cell((column, row)).unwrap().symbol()).into();
            let is_border = |symbol: &&str| "│┃".contains(*symbol);
            assert!(edge.iter().all(is_border), "row {row} after {keys}: {edge:?}\n{}", screen(&session));
        }
    }
}

#[test]
fn hours_that_are_not_stated_are_not_inherited() {
    let mut session = own(120, 24);
    play(&mut session, "1*");
    assert!(screen(&session).contains("Open · closes 5:00 PM PT"), "{}", screen(&session));
    play(&mut session, "<Backspace>#");
    assert!(screen(&session).contains("Hours not listed"), "{}", screen(&session));
}

/// A directory that is closed on the day of the tests, with hours of a channel.
const CLOSED: &str = r#"(
    schema: 2, id: "own", name: "Own", organisation: "Own", source: "The wall", transcribed: "2026-11-23",
    zone: "America/Los_Angeles", audiences: [],
    contacts: [
        (id: "desk", name: "Desk", source: "Wall", alert: (text: "New number", until: "2027-01-01"), zone: "America/New_York",
            channels: [(phone: "1-800-555-0100"), (sms: "1-800-555-0101", hours: "Mo-Fr 09:00-17:00"), (email: "desk@own.example")]),
        (id: "page", name: "Page", source: "Wall", channels: [(web: "own.example")]),
        (id: "night", name: "Night desk", source: "Wall", hours: "Mo-Fr 08:00-17:00",
            channels: [(phone: "1-800-555-0102"), (chat: "own.example/chat", hours: "Sa 10:00-14:00")]),
    ],
    closures: [(from: "2026-11-23", reason: "Office move", entries: ["desk", "page"])],
)"#;

#[test]
fn a_closure_is_on_the_card_of_a_line_without_hours() {
    let mut session = support::own(CLOSED, 120, 30, Environment::default());
    play(&mut session, "1");
    let desk = screen(&session);
    for part in ["New number", "○ Closed", "closed 2026-11-23: Office move", "Closed · opens Tue 9:00 AM ET"] {
        assert!(desk.contains(part), "{part} is not on\n{desk}");
    }
    assert!(!desk.contains("any time") && !desk.contains("available"), "{desk}");
    play(&mut session, "/page");
    assert!(!screen(&session).contains("losed"), "a page is always there\n{}", screen(&session));
}

/// Version 1 accepted hours that it evaluated otherwise than people read them.
#[test]
fn doubtful_hours_of_a_version_1_file_are_not_shown() {
    let hours = r#"hours: "Mo-Fr, PH 09:00-17:00""#;
    let version_1 =
        OWN.replace(r#"hours: "Mo-Fr 08:00-17:00""#, hours).replace("audiences: [(", "holidays: \"US\", audiences: [(");
    let mut session = support::own(&version_1, 120, 24, Environment::default());
    play(&mut session, "2");
    assert!(screen(&session).contains("Hours not listed"), "{}", screen(&session));
    let path = folder("version-1").join("own.ron");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let check = |text: &str| {
        fs::write(&path, text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_dialtree")).arg("check").arg(&path).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (is_accepted, messages) = check(&version_1);
    let warning = r#"did you mean "Mo-Fr,PH 09:00-17:00"?; until then, they are not shown"#;
    assert!(is_accepted && messages.contains(warning) && messages.contains("no errors, 1 warning"), "{messages}");
    assert!(!check(&version_1.replace("schema: 1", "schema: 2")).0);
}

#[test]
fn a_channel_can_have_hours_of_its_own() {
    let mut session = support::own(CLOSED, 120, 30, Environment::default());
    play(&mut session, "/night");
    let shown = screen(&session);
    for part in [
        "● Open · closes 5:00 PM PT",
        "Chat    own.example/chat",
        "○ Closed · opens Sat 10:00 AM PT",
        "Sat 10:00 AM – 2:00 PM",
    ] {
        assert!(shown.contains(part), "{part} is not on\n{shown}");
    }
}

#[test]
fn the_screen_writes_times_on_the_clock_of_the_reader() {
    let display = Display { clock: Clock::TwentyFourHour, ..Display::default() };
    let mut session = support::own(OWN, 120, 24, support::drawn(display));
    play(&mut session, "1");
    for text in ["Mon 10:42 PT", "Open · closes 17:00 PT", "Mon–Fri 08:00 – 17:00"] {
        assert!(screen(&session).contains(text), "{text} is not on\n{}", screen(&session));
    }
    assert!(!screen(&session).contains("AM"), "{}", screen(&session));
}

#[test]
fn of_a_closed_contact_what_can_be_written_at_once_is_available() {
    let channels = r#"(email: "desk@hotel.example"), (post: "1 Main Street"), (visit: "2 Main Street"),
                (phone: "+81 3 1234 5678", menu: ["#;
    let text = OWN.replace(r#"(phone: "+81 3 1234 5678", menu: ["#, channels);
    let text = text.replace("schema: 1", "schema: 2").replace("Mo-Fr 08:00", "Sa 08:00");
    let mut session = support::own(&text, 120, 40, Environment::default());
    play(&mut session, "1*");
    let shown = screen(&session);
    assert!(shown.contains("2 Main Street") && shown.matches("any time").count() == 1, "{shown}");
}

#[test]
fn a_notice_with_one_section_is_shown_in_full() {
    let mut session = own(120, 24);
    play(&mut session, "4");
    for text in ["Rules", "Before the section.", "Only", "In the section."] {
        assert!(screen(&session).contains(text), "{text} is not on\n{}", screen(&session));
    }
}

#[test]
fn a_contact_without_channels_and_a_menu_with_symbol_keys() {
    let mut session = own(120, 24);
    play(&mut session, "3");
    assert!(screen(&session).contains("No number or address listed"), "{}", screen(&session));
    play(&mut session, "<Ctrl-Y>");
    assert!(screen(&session).contains("There is no number or address to copy"), "{}", screen(&session));
    play(&mut session, "<Esc>2");
    assert!(screen(&session).contains("+81 3 1234 5678 ▸ *"), "{}", screen(&session));
    let directory = session.app().directory();
    let id = directory.id_of(Entry::Option(0, 0));
    assert_eq!(directory.target(id).unwrap().to_string(), "tel:+81312345678/*");
    assert_eq!(Script::new(directory, id).unwrap().say().unwrap(), "+81 3 1234 5678, press *");
}

#[test]
fn impossible_terminal_sizes_are_clamped() {
    let size = |width, height| Size { width, height };
    assert_eq!(clamp_size(size(0, 0)), size(80, 24));
    assert_eq!(clamp_size(size(120, 40)), size(120, 40));
    assert_eq!(clamp_size(size(u16::MAX, u16::MAX)), size(500, 200));
}

/// Writes a directory whose only contact is named after its source.
fn write_directory(path: &Path, name: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!(
        "(schema: 1, id: \"own\", name: \"Own\", organisation: \"Own\", source: \"Own\", transcribed: \"2026-11-23\",\n\
         audiences: [], contacts: [(id: \"desk\", name: \"Help desk of {name}\", source: \"Own\")])"
    );
    fs::write(path, text).unwrap();
}

#[test]
fn the_option_precedes_the_variable_which_precedes_the_data_folder() {
    let folder = folder("precedence");
    let [option, variable] = ["option.ron", "variable.ron"].map(|name| folder.join(name));
    let (data, home) = (folder.join("data"), folder.join("home"));
    let in_home = home.join(".local/share/dialtree/directory.ron");
    write_directory(&option, "the option");
    write_directory(&variable, "the variable");
    write_directory(&data.join("dialtree/directory.ron"), "the data folder");
    write_directory(&in_home, "the home");
    let run = |option: Option<&Path>, variable: Option<&Path>, data: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
        command.args(["find", "--plain", "--limit", "1", "help desk"]);
        command.args(option.iter().flat_map(|path| ["--data".as_ref(), path.as_os_str()]));
        command.env("HOME", &home).env_remove("XDG_DATA_HOME").env_remove("DIALTREE_DATA");
        command.envs(variable.map(|path| ("DIALTREE_DATA", path)));
        command.envs(data.map(|path| ("XDG_DATA_HOME", path)));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    };
    let (missing, empty) = (folder.join("missing"), Path::new(""));
    for (option, variable, data, of) in [
        (Some(&*option), Some(&*variable), Some(&*data), "the option"),
        (None, Some(&*variable), Some(&*data), "the variable"),
        (None, Some(empty), Some(&*data), "the data folder"),
        (None, None, Some(&*data), "the data folder"),
        (None, None, Some(empty), "the home"),
        (None, None, None, "the home"),
    ] {
        let (code, output) = run(option, variable, data);
        assert_eq!(code, Some(0), "{output}");
        assert!(output.contains(&format!("Help desk of {of}")), "not {of}: {output}");
    }
    // With none of them, the built-in directory is used.
    let (_, built_in) = run(None, None, Some(&missing));
    assert!(!built_in.contains("Help desk of"), "{built_in}");
    // A named file that does not exist is an error; the next source is not tried.
    let (code, error) = run(Some(&missing), Some(&variable), Some(&data));
    assert_eq!(code, Some(2));
    assert!(error.ends_with("missing: there is no such file\n"), "{error}");
    let (code, error) = run(None, Some(&missing), Some(&data));
    assert_eq!(code, Some(2));
    assert!(error.ends_with("missing: there is no such file; DIALTREE_DATA names it\n"), "{error}");
    // So is an unreadable file in the data folder.
    fs::write(data.join("dialtree/directory.ron"), [0xff]).unwrap();
    let (code, error) = run(None, None, Some(&data));
    assert_eq!(code, Some(2));
    assert!(error.contains("dialtree/directory.ron: not UTF-8 text"), "{error}");
}

#[test]
fn loading_shows_the_progress_in_words_and_as_a_bar() {
    let loading = |width, height, glyphs, stage, done, total| {
        let display = Display { glyphs, ..Display::default() };
        let environment = Environment { source: "big.ron".into(), display, ..Environment::default() };
        let backend = TestBackend::new(width, height);
        let mut session = Session::new(Arc::<Catalog>::default(), environment, backend, monday()).unwrap();
        session.feed(Event::Loading(Progress { stage, done, total }), monday());
        play(&mut session, "x");
        screen(&session)
    };
    let shown = loading(80, 24, Glyphs::UNICODE, LoadStage::Read, 40_345_678, 49_122_508);
    for text in [" dialtree     big.ron", "Reading big.ron: 40.3 of 49.1 MB", "██░", "   4%", " Esc cancel"] {
        assert!(shown.contains(text), "{text} is not on\n{shown}");
    }
    let shown = loading(120, 40, Glyphs::ASCII, LoadStage::Check, 50_000, 100_000);
    let bar = format!("{}{}  67%", "#".repeat(36), ".".repeat(19));
    assert!(shown.contains("Checking contact 50,000 of 100,000") && shown.contains(&bar), "{shown}");
    // On a tiny screen, truncated text ends with an ellipsis.
    assert_eq!(
        loading(20, 5, Glyphs::UNICODE, LoadStage::Index, 1, 1).lines().collect::<Vec<_>>(),
        [" dialtree  big.ron", " Building the sear…", " █████████████ 100%", "", " Esc cancel"]
    );
}

const BRITISH: &str = r#"(
    schema: 2, id: "gb", name: "GB", organisation: "GB", source: "Wall", transcribed: "2026-11-23", region: "GB",
    audiences: [],
    contacts: [
        (id: "office", name: "Office", source: "Wall", channels: [(phone: "020 7946 0958")]),
        (id: "child", name: "Child", source: "Wall", channels: [(phone: "0800 1111")]),
        (id: "police", name: "Police", source: "Wall", channels: [(phone: "999")]),
        (id: "desk", name: "Desk", source: "Wall", channels: [(phone: "0131 496 0100 x5")]),
        (id: "york", name: "York", source: "Wall", channels: [(phone: "+1 212 555 0125")]),
        (id: "flowers", name: "Flowers", source: "Wall", channels: [(phone: "0800 FLOWERS")]),
        (id: "clinic", name: "Clinic", source: "Wall", channels: [(phone: "+1 800 CLINIC 1")]),
        (id: "munich", name: "Munich", source: "Wall", channels: [(email: "hilfe@münchen.example")]),
    ],
)"#;

#[test]
fn entries_are_shown_and_found_by_their_numbers_however_they_are_written() {
    let file = folder("british").join("gb.ron");
    fs::write(&file, BRITISH).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_dialtree")).arg("--data").arg(&file).args(arguments).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    for (typed, title) in [
        ("020 7946 0958", "Office"),
        ("0044 20 7946 0958", "Office"),
        ("+44 (0)20 7946 0958", "Office"),
        ("tel:+442079460958", "Office"),
        ("0800 1111", "Child"),
        ("999", "Police"),
        ("0131 496 0100", "Desk"),
        ("0131 496 0100 x5", "Desk"),
        ("00 1 212 555 0125", "York"),
        ("0800 FLOWERS", "Flowers"),
        ("+1 800 CLINIC 1", "Clinic"),
    ] {
        for command in [vec!["show", "--plain", typed], vec!["find", "--plain", "--limit", "1", typed]] {
            let shown = run(&command);
            assert_eq!(shown.split('\t').nth(1), Some(title), "{command:?}: {shown}");
        }
    }
    let shown = run(&["show", "--plain", "mailto:hilfe@münchen.example"]);
    assert!(shown.contains("mailto:hilfe@xn--mnchen-3ya.example"), "{shown}");
}

#[test]
fn a_card_shows_the_digits_of_letters_and_no_typography_of_web_pages() {
    let text =
        BRITISH.replace("020 7946 0958", "tel:+44-20-7946-0958;ext=5").replace("0800 1111", "08\u{200b}00\u{ad} 1111");
    let mut session = support::own(&text, 120, 40, Environment::default());
    for (keys, shown) in
        [("1", "+44-20-7946-0958 x5"), ("<Down>", "0800 1111"), ("<Down><Down><Down><Down>", "0800 FLOWERS (+44 ")]
    {
        play(&mut session, keys);
        assert!(screen(&session).contains(shown), "{shown}\n{}", screen(&session));
    }
}

#[test]
fn a_common_need_without_an_answer_is_a_warning_at_its_position() {
    let path = folder("unanswered").join("office.ron");
    fs::write(&path, BRITISH.replace("audiences: [],", "audiences: [],\n    common_needs: [\"police\", \"zebra\"],"))
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dialtree")).arg("check").arg(&path).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    let expected = format!(
        "{}:4:30: warning: no answer to the common need `zebra` can be trusted; add it to the `needs` of the entry that \
         answers it\n",
        path.display()
    );
    assert!(found.starts_with(&expected), "{found}");
    assert_eq!(output.status.code(), Some(0), "a warning is no error");
}
