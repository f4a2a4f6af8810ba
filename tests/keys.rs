//! What every key does: tables of keys and the state they lead to, without a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use dialtree::app::event::Event;
use dialtree::app::keymap::InputMode::{self, Copy, Qr};
use dialtree::app::keymap::{Keymap, Preset};
use dialtree::app::layout::Pane;
use dialtree::app::{App, ChangeKind, Effect, Environment, Group, SavedChange};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::Catalog;
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use support::{app, monday, press};

const AUDIENCE: InputMode = InputMode::Pane(Pane::Audience);
const TREE: InputMode = InputMode::Pane(Pane::Tree);
const CARD: InputMode = InputMode::Pane(Pane::Card);

/// The input mode, the section, and the title of the entry on the card.
fn state(app: &App) -> (InputMode, String, String) {
    let answer = app.entry().map(|answer| app.directory().title(answer).to_owned());
    (app.mode(), app.panes.tree.section().short(app.directory()).to_owned(), answer.unwrap_or_default())
}

#[test]
fn keys_lead_to_the_expected_state() {
    use InputMode::{EmptyFind, Find, LinkWarning, Palette};
    let paths: &[(&str, InputMode, &str, &str)] = &[
        ("", AUDIENCE, "Everyone", ""),
        ("111", TREE, "IFP", "Commissions"),
        ("15", TREE, "IFP", "Broker line"),
        ("111<Esc>1", TREE, "IFP", "Broker line"),
        ("111<Esc>112", TREE, "IFP", "Application status"),
        ("25", TREE, "Small Business", "Commissions, contracting, appointments"),
        ("1113", TREE, "IFP", "General, delinquency report, supplies"),
        ("21", TREE, "Small Business", "New business quotes and proposals"),
        ("213", TREE, "Small Business", "Claims and benefits, existing account"),
        ("213<Backspace>", TREE, "Small Business", "Small business line"),
        ("111<Backspace>", TREE, "IFP", "Brokers"),
        ("111<Backspace>5", TREE, "IFP", "Benefits and claims, active member"),
        ("111<Backspace><Backspace><Backspace>", TREE, "IFP", "Broker line"),
        ("111<Ctrl-S>", TREE, "IFP", "Broker line"),
        ("111<Ctrl-S>12", TREE, "IFP", "Application status"),
        ("111<Enter><Ctrl-S>", CARD, "IFP", "Broker line"),
        ("1<Down><Down><Up>", TREE, "IFP", "Brokers"),
        ("1<End>", TREE, "IFP", "Fraud hotline"),
        ("1<End><Home>", TREE, "IFP", "Broker line"),
        ("1<Down><Enter>", CARD, "IFP", "Brokers"),
        ("1<Down><Enter><Esc>", TREE, "IFP", "Brokers"),
        ("1<Down><Enter><Esc><Esc>", AUDIENCE, "IFP", "Brokers"),
        ("1<Down><Enter>2", CARD, "IFP", "Application status"),
        ("1<Left>", TREE, "IFP", "Broker line"),
        ("1<Left><Down>", TREE, "IFP", "IFP Billing Department"),
        ("1<Left><Left>", AUDIENCE, "IFP", "Broker line"),
        ("1<Left><Right><Right><Right>", TREE, "IFP", "Commissions"),
        ("1<Space><Down>", TREE, "IFP", "IFP Billing Department"),
        ("1<Space>1", TREE, "IFP", "Brokers"),
        ("1<Right><Right><Right>", CARD, "IFP", "Commissions"),
        ("1<Right><Right><Right><Left>", TREE, "IFP", "Commissions"),
        ("<Tab>", TREE, "Everyone", "Account Services"),
        ("<Tab><Tab><Tab>", AUDIENCE, "Everyone", ""),
        ("<Shift-Tab>", CARD, "Everyone", "Account Services"),
        ("<Up><Up>", AUDIENCE, "Medicare", "Medicare Broker Services"),
        ("<Up><Up><Enter>", TREE, "Medicare", "Medicare Broker Services"),
        ("3", TREE, "Medicare", "Medicare Broker Services"),
        ("6", TREE, "Log in", "IFP member login, California"),
        ("7<Down>", TREE, "Notices", "Important Notice"),
        ("7<Down><Right>", TREE, "Notices", "General Purpose"),
        ("9", AUDIENCE, "Everyone", ""),
        ("&", TREE, "IFP", "Broker line"),
        ("1&&", TREE, "IFP", "Commissions"),
        ("quote", Find, "Everyone", "New business quotes and proposals"),
        ("commission", Find, "Everyone", "Commissions"),
        ("renewal", Find, "Everyone", "Renewals"),
        ("1renewal", Find, "IFP", "Renewals"),
        ("1112renew", Find, "IFP", "Renewals"),
        ("re<Backspace>", Find, "Everyone", "Renewals"),
        ("re<Backspace><Backspace>", AUDIENCE, "Everyone", ""),
        ("1re<Ctrl-U>1", TREE, "IFP", "Brokers"),
        ("/", EmptyFind, "Everyone", "Commissions"),
        ("/re<Ctrl-U>", EmptyFind, "Everyone", "Commissions"),
        ("/<Backspace>", AUDIENCE, "Everyone", ""),
        ("/977-2207", Find, "Everyone", "COBRA line"),
        ("/commission", Find, "Everyone", "Commissions"),
        ("/commission<Down>", Find, "Everyone", "Commissions, contracting, appointments"),
        ("/commission<Down><Enter>", TREE, "Everyone", "Commissions, contracting, appointments"),
        ("/commission<Esc>", AUDIENCE, "Everyone", ""),
        ("3/<Enter>", TREE, "Medicare", "Medicare Broker Services"),
        ("3/fraud<Ctrl-U>977-2207", Find, "Medicare", "COBRA line"),
        ("/medicare commissions", Find, "Everyone", "Medicare Broker Services"),
        ("/1367.63", Find, "Everyone", "Reconstructive Surgery"),
        ("/916 935-4522", Find, "Everyone", "IFP Billing Department"),
        ("/+1 (916) 935-4522", Find, "Everyone", "IFP Billing Department"),
        ("/fruad", Find, "Everyone", "Fraud hotline"),
        ("?", Palette, "Everyone", ""),
        ("<F1>", Palette, "Everyone", ""),
        ("<F1><F1>", AUDIENCE, "Everyone", ""),
        ("?q", Palette, "Everyone", ""),
        ("?<Esc>", AUDIENCE, "Everyone", ""),
        ("/re?", Find, "Everyone", "Renewals"),
        ("/?", Palette, "Everyone", "Commissions"),
        ("re<F1>", Palette, "Everyone", "Renewals"),
        ("111<F1>copy as<Enter>", Copy, "IFP", "Commissions"),
        ("111<F1>qr<Enter>", Qr, "IFP", "Commissions"),
        ("111<F1>new caller<Enter>", AUDIENCE, "Everyone", ""),
        ("111<F1>zzz<Enter>", Palette, "IFP", "Commissions"),
        ("111<Ctrl-L>", AUDIENCE, "Everyone", ""),
        ("3re<Ctrl-L>", AUDIENCE, "Everyone", ""),
        ("111<Ctrl-R><Ctrl-L>", AUDIENCE, "Everyone", ""),
        ("3re<Ctrl-K>", Copy, "Medicare", "Medicare Broker Services"),
        ("111<Esc>", AUDIENCE, "IFP", "Commissions"),
        ("111<Esc><Esc>", AUDIENCE, "Everyone", ""),
        ("/commission<Enter><Esc>", AUDIENCE, "Everyone", "Commissions"),
        ("/commission<Enter><Esc><Esc>", AUDIENCE, "Everyone", ""),
        ("111<Alt-c>", Find, "IFP", "IFP member login, California"),
        ("7<Ctrl-O>", LinkWarning, "Notices", "Disclaimer"),
        ("7<Ctrl-O><Esc>", TREE, "Notices", "Disclaimer"),
        ("7<Ctrl-O><Enter>", TREE, "Notices", "Disclaimer"),
        ("7<Ctrl-O>q", LinkWarning, "Notices", "Disclaimer"),
        ("111<Ctrl-K>", Copy, "IFP", "Commissions"),
        ("111<Ctrl-K><Esc>", TREE, "IFP", "Commissions"),
        ("111<Ctrl-K>9", Copy, "IFP", "Commissions"),
        ("111<Ctrl-K>1", TREE, "IFP", "Commissions"),
        ("111<Ctrl-R>", Qr, "IFP", "Commissions"),
        ("111<Ctrl-R><Esc>", TREE, "IFP", "Commissions"),
        ("111<Ctrl-R><Ctrl-R>", TREE, "IFP", "Commissions"),
    ];
    for (keys, mode, section, answer) in paths {
        let mut app = app(120, 40);
        press(&mut app, keys);
        assert_eq!(state(&app), (*mode, (*section).to_owned(), (*answer).to_owned()), "after {keys}");
    }
}

#[test]
fn an_entry_of_another_directory_is_shown_in_its_section() {
    const HOTEL: &str = r#"(schema: 1, id: "hotel", name: "Hotel", organisation: "Hotel", source: "The wall",
        transcribed: "2026-11-23", zone: "America/New_York",
        audiences: [(id: "guests", name: "Guests", short: "Guests"), (id: "staff", name: "Staff", short: "Staff")],
        contacts: [
            (id: "desk", name: "Reception", audiences: ["guests"], source: "Desk", channels: [(phone: "1-800-555-0100")]),
            (id: "sauna", name: "Sauna", audiences: ["staff"], source: "Desk", channels: [
                (phone: "1-800-555-0300", menu: [(key: "1", label: "Towels"), (key: "2", label: "Heating")]),
            ]),
        ])"#;
    let catalog = |texts: [&str; 2]| {
        let directories = texts.map(|text| Directory::load("own.ron", text).unwrap());
        Arc::new(Catalog::new(directories.into()))
    };
    let backend = TestBackend::new(120, 40);
    let mut session = Session::new(catalog([EMBEDDED, HOTEL]), Environment::default(), backend, monday()).unwrap();
    for (keys, mode, section, answer, say) in [
        ("3/towels<Down><Enter>", TREE, "Staff", "Towels", "1-800-555-0300, press 1"),
        ("<Backspace>2", TREE, "Staff", "Heating", "1-800-555-0300, press 2"),
        ("<Esc><Up>", AUDIENCE, "Guests", "Reception", "1-800-555-0100"),
        ("2", TREE, "Staff", "Sauna", "1-800-555-0300"),
        ("/broker line<Enter>", TREE, "IFP", "Broker line", "1-800-909-3447"),
        ("/heating<Enter><Enter>", CARD, "Staff", "Heating", "1-800-555-0300, press 2"),
    ] {
        support::play(&mut session, keys);
        let app = session.app();
        assert_eq!(state(app), (mode, section.to_owned(), answer.to_owned()), "after {keys}");
        assert_eq!(app.copy_items()[0].text, say, "after {keys}");
        let screen = support::screen(&session);
        let name = if section == "IFP" { "Health Net" } else { "Hotel" };
        assert!(screen.starts_with(&format!(" dialtree  {name}")), "after {keys}:\n{screen}");
    }
    session.reload(catalog([HOTEL, EMBEDDED]));
    assert_eq!(state(session.app()), (CARD, "Staff".to_owned(), "Heating".to_owned()), "the order does not matter");
    session.reload(catalog([EMBEDDED, EMBEDDED]));
    assert_eq!(state(session.app()).1, "Everyone", "its directory is gone");
    session.draw().unwrap();
}

#[test]
fn an_unlisted_key_shows_the_listed_ones() {
    for (keys, message) in [
        ("17", "No key 7 is listed after Broker line; listed: 1"),
        ("119", "No key 9 is listed after Brokers; listed: 1 2 3 4 5"),
        ("11#", "No key # is listed after Brokers; listed: 1 2 3 4 5"),
        ("1111", "No keys are listed after Commissions; its menu has 1 2 3 4 5, Backspace takes the last key back"),
        ("51", "Account Services has no phone menu; Esc, then 1 chooses IFP"),
        ("32", "Medicare Broker Services has no phone menu; Esc, then 2 chooses Small Business"),
        ("30", "Medicare Broker Services has no phone menu; Esc goes back to the audiences"),
        ("<F5>", "F5 does nothing here; Esc back, F1 keys, a-z search, 1-9 audience, Enter open"),
        ("111<F5>", "F5 does nothing here; Esc back, F1 keys, Ctrl-Y copy, a-z search, Ctrl-R QR"),
        ("0", "0 does nothing here; Esc back, F1 keys, a-z search, 1-9 audience, Enter open"),
        ("111<Ctrl-L>", "Ready for the next caller"),
        ("1112<Esc><Esc>", "Ready for the next caller"),
        ("1<Backspace>", "No key has been pressed yet"),
        ("1<Ctrl-S>", "No key has been pressed yet"),
        ("111<Ctrl-K>9", "There is no line 9; choose 1 to 4"),
        ("1<Left><Down><Ctrl-R>", "A phone's camera cannot dial a fax; copy its number"),
        ("7<Down><Ctrl-R>", "There is no number or address for a QR code"),
        ("9", "There is no line 9; choose 1 to 7"),
        ("/zzzzzz<Enter>", "Nothing to go to; type what the caller needs"),
        ("<Esc>", "This is the start; Ctrl-Q quits"),
        ("1<Ctrl-O>", "There is no link here"),
    ] {
        let mut app = app(120, 40);
        press(&mut app, keys);
        assert_eq!(app.message.as_deref(), Some(message), "after {keys}");
    }
    let mut app = app(120, 40);
    press(&mut app, "17<Down>");
    assert_eq!(app.message.as_deref(), None, "the next key clears the message");
}

#[test]
fn outside_links_open_only_after_the_user_continues() {
    let desktop = Environment { opens_links: true, ..Environment::default() };
    let app = |environment: &Environment| support::session(120, 40, environment.clone());
    for (keys, opened) in [
        ("7<Ctrl-O><Enter>", None),
        ("7<Ctrl-O><Tab><Enter>", Some("https://medicare.gov")),
        ("7<Ctrl-O><Right><Left><Enter>", None),
        ("6<Ctrl-O><Enter>", None),
        ("6<Ctrl-O><Tab><Enter>", Some("https://myhealthnetca.com")),
        // The organisation's own site needs no notice.
        ("6<Down><Ctrl-O>", Some("https://healthnet.com")),
    ] {
        let mut session = app(&desktop);
        let effects: Vec<Effect> =
            support::keys(keys).into_iter().flat_map(|event| session.feed(event, monday())).collect();
        let expected: Vec<Effect> = opened.iter().map(|link| Effect::OpenLink((*link).to_owned())).collect();
        assert_eq!(effects, expected, "after {keys}");

        let mut remote = app(&Environment::default());
        let effects: Vec<Effect> =
            support::keys(keys).into_iter().flat_map(|event| remote.feed(event, monday())).collect();
        assert_eq!(effects, [], "nothing opens where there is no desktop");
        if let Some(link) = opened {
            assert_eq!(
                remote.app().message.as_deref(),
                Some(format!("No browser can be opened here; the address is {link}").as_str())
            );
        }
    }
}

#[test]
fn a_link_that_does_not_open_is_shown() {
    let mut app = app(120, 40);
    app.handle(Event::OpenFailed("https://healthnet.com".into()), monday());
    assert_eq!(app.message.as_deref(), Some("No browser can be opened here; the address is https://healthnet.com"));
}

#[test]
fn each_link_shows_the_notice_for_its_host() {
    for (keys, notice) in [("7<Ctrl-O>", "Disclaimer"), ("6<Ctrl-O>", "You are now leaving HealthNet.com")] {
        let mut app = app(120, 40);
        press(&mut app, keys);
        let gate = app.link_warning().unwrap();
        assert_eq!(app.directory().title(gate.notice), notice);
        assert_eq!(gate.choices(app.directory()), ["Cancel", "Continue"]);
        assert!(!gate.go_on, "Cancel is marked first");
    }
}

#[test]
fn quitting_and_suspending() {
    for (keys, effect) in [
        ("<Ctrl-Q>", Effect::Quit),
        ("111<Ctrl-Q>", Effect::Quit),
        ("<Ctrl-C>", Effect::Quit),
        ("q<Ctrl-C>", Effect::Quit),
        ("q<Ctrl-Q>", Effect::Quit),
        ("?<Ctrl-C>", Effect::Quit),
        ("7<Ctrl-O><Ctrl-C>", Effect::Quit),
        ("1<Ctrl-K><Ctrl-C>", Effect::Quit),
        ("1<Ctrl-R><Ctrl-C>", Effect::Quit),
        ("/<Ctrl-Z>", Effect::Suspend),
    ] {
        assert_eq!(press(&mut app(120, 40), keys), [effect], "after {keys}");
    }
}

#[test]
fn the_preset_vim_has_letters_for_keys() {
    let (keymap, problems) = Keymap::new(Preset::Vim, &[]);
    assert_eq!(problems, []);
    let environment = Environment { keymap, ..Environment::default() };
    for (keys, mode, answer) in [
        ("1jj", TREE, "Commissions"),
        ("111l", CARD, "Commissions"),
        ("111r", Qr, "Commissions"),
        ("111rq", TREE, "Commissions"),
        ("111c", Copy, "Commissions"),
        ("/renewal", InputMode::Find, "Renewals"),
        ("x", AUDIENCE, ""),
        ("111?copy as<Enter>", Copy, "Commissions"),
    ] {
        let mut session = support::session(120, 40, environment.clone());
        support::play(&mut session, keys);
        let (found, _, entry) = state(session.app());
        assert_eq!((found, entry.as_str()), (mode, answer), "after {keys}");
    }
    let mut session = support::session(120, 40, environment);
    support::play(&mut session, "");
    assert!(support::screen(&session).contains("/ begins a query, or press 1 to 4"), "{}", support::screen(&session));
    assert!(support::screen(&session).contains("/ search   1-9 audience"), "{}", support::screen(&session));
}

#[test]
fn pasting_searches_for_the_pasted_text() {
    let mut app = app(120, 40);
    app.handle(Event::Paste("lost\nid\u{1b}[31m \u{202e}card\u{2066}".into()), monday());
    assert_eq!(app.mode(), InputMode::Find);
    assert_eq!(app.find.as_ref().unwrap().input.value(), "lost id[31m card");
    press(&mut app, "\u{202e}\u{200f}");
    assert_eq!(app.find.as_ref().unwrap().input.value(), "lost id[31m card", "nor are they typed");
    press(&mut app, "<Ctrl-U>");
    app.handle(Event::Paste("1-800-977-3565".into()), monday());
    assert_eq!(state(&app).2, "Fraud hotline");
    app.handle(Event::Paste("x".repeat(1 << 20)), monday());
    assert!(app.find.as_ref().unwrap().input.value().len() < 1000, "a long paste is cut");
}

#[test]
fn the_mouse_does_what_keys_do() {
    let mut app = app(120, 40);
    app.handle(Event::Click { column: 5, row: 5 }, monday());
    assert_eq!(state(&app), (TREE, "Medicare".into(), "Medicare Broker Services".into()));
    app.handle(Event::Click { column: 5, row: 3 }, monday());
    app.handle(Event::Click { column: 40, row: 5 }, monday());
    assert_eq!(state(&app).2, "Commissions");
    app.handle(Event::Click { column: 40, row: 3 }, monday());
    app.handle(Event::Click { column: 40, row: 3 }, monday());
    app.handle(Event::Wheel { column: 40, row: 3, down: true }, monday());
    assert_eq!(state(&app).2, "Broker Services", "a second click has collapsed the line");
    app.handle(Event::Click { column: 5, row: 10 }, monday());
    assert_eq!(state(&app).1, "Notices", "the rule between the audiences and the other sections cannot be selected");
    app.handle(Event::Click { column: 5, row: 7 }, monday());
    assert_eq!(state(&app).1, "Notices");
}

#[test]
fn a_click_on_nothing_changes_nothing() {
    let mut app = app(120, 40);
    press(&mut app, "1");
    let rows = app.panes.tree.rows().len();
    for row in [14, 15, 38] {
        app.handle(Event::Click { column: 40, row }, monday());
        assert_eq!((state(&app).2.as_str(), app.panes.tree.rows().len()), ("Broker line", rows), "row {row}");
    }
}

#[test]
fn focusing_the_card_and_back_keeps_both_positions() {
    let mut app = app(40, 10);
    press(&mut app, "1<Down><Down><Down>");
    let top = app.panes.tree.cursor.top;
    press(&mut app, "<Enter><Down><Down>");
    let (_, reading) = app.card_view().unwrap();
    assert_eq!(reading, 2);
    press(&mut app, "?<Esc>");
    assert_eq!(app.card_view().unwrap().1, reading, "opening the palette keeps the position");
    press(&mut app, "<Esc>");
    assert_eq!(app.panes.tree.cursor.top, top);
    press(&mut app, "<Enter>");
    assert_eq!(app.card_view().unwrap().1, reading);
}

#[test]
fn home_shows_the_first_heading_again() {
    let mut app = app(120, 12);
    press(&mut app, "6<End><Home>");
    assert_eq!(app.panes.tree.cursor.top, 0);
}

#[test]
fn resizing_keeps_the_selection() {
    let mut app = app(120, 40);
    press(&mut app, "2<Down><Down><Down><Down><Down>");
    let before = state(&app);
    for (width, height) in [(80, 24), (40, 10), (20, 5), (1, 1), (0, 0), (300, 100), (120, 40)] {
        app.handle(Event::Resize { width, height }, monday());
        assert_eq!(state(&app), before, "at {width} by {height}");
    }
}

#[test]
fn what_is_typed_in_a_note_is_kept_by_enter_and_by_other_chords() {
    let mut kept = app(120, 40);
    kept.environment.profile.keeps = true;
    let note = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|effect| match effect {
            Effect::Save(SavedChange { entry, kind: ChangeKind::Note(text), .. }) => Some((entry, text)),
            _ => None,
        })
    };
    let commissions = "ifp-line/1/1 Commissions".to_owned();
    assert_eq!(note(press(&mut kept, "111<F2>q? 1<Enter>")), Some((commissions.clone(), "q? 1".to_owned())));
    press(&mut kept, "<F2><Ctrl-U>");
    kept.handle(Event::Paste("two\nlines".to_owned()), monday());
    assert_eq!(note(press(&mut kept, "<Ctrl-Y>")), Some((commissions.clone(), "two lines".to_owned())));
    assert_eq!(note(press(&mut kept, "<F2>x<Esc>")), None);
    assert_eq!(kept.entry().and_then(|id| kept.note(id)), Some("two lines"));
    assert_eq!(note(press(&mut kept, "<F2><Ctrl-U><F1>")), Some((commissions, String::new())), "it is removed");
    assert_eq!(kept.mode(), InputMode::Palette);
}

#[test]
fn where_nothing_is_kept_nothing_is_saved() {
    let mut app = app(120, 40);
    let effects = press(&mut app, "111<Ctrl-T><F2>fraud<Enter>/<Ctrl-T>");
    assert_eq!(effects, []);
    let find = app.find.as_ref().unwrap();
    assert_eq!(find.groups.last(), Some(&(6, Group::Recent)), "recent answers last for the session");
    assert!(find.groups.iter().all(|(_, group)| *group != Group::Pinned));
}

#[test]
fn the_palette_runs_what_has_the_words_and_nothing_that_only_has_their_letters() {
    for (filter, says) in
        [("qr", "There is no number or address for a QR code"), ("pin", "Pins and notes are not saved here")]
    {
        let mut app = app(120, 40);
        let effects = press(&mut app, &format!("<F1>{filter}<Enter>"));
        assert_eq!(effects, [], "{filter}");
        assert!(app.message.as_ref().is_some_and(|message| message.contains(says)), "{filter}: {:?}", app.message);
    }
    let mut app = app(120, 40);
    press(&mut app, "111<F1>new call<Enter>");
    assert!(app.is_at_start());
    assert_eq!(press(&mut app, "<F1>ctrl-q<Enter>"), [Effect::Quit], "the name of a key");
    press(&mut app, "<F1>xyzzy");
    assert!(app.window().is_some_and(|window| window.page.plain().contains("No action matches")));
}
