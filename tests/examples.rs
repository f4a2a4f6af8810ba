//! The example directories in `data/examples`: they have no problems, and their phone trees are followed step by step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

mod support;

use dialtree::app::Environment;
use dialtree::directory::Directory;
use dialtree::present::card::Card;
use dialtree::present::display::Display;
use dialtree::present::script::Script;
use dialtree::report::{Reader, plain_of};
use dialtree::search::{Catalog, Query, unanswered_needs};
use support::{own, play, screen};

const CITY: &str = include_str!("../data/examples/city.ron");

fn example(name: &str) -> Directory {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let (directory, warnings) =
        Directory::load_with_warnings(name, &text, unanswered_needs).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(warnings.to_string(), "", "warnings");
    directory
}

fn script<'a>(directory: &'a Directory, id: &str) -> Script<'a> {
    let id = directory.by_text_id(id).unwrap_or_else(|| panic!("there is no {id}"));
    Script::new(directory, id).unwrap()
}

fn say(directory: &Directory, id: &str) -> String {
    script(directory, id).say().unwrap()
}

fn operator(directory: &Directory, id: &str) -> Option<String> {
    let operator = directory.operator(directory.by_text_id(id).unwrap())?;
    Some(directory.text_id(operator))
}

#[test]
fn every_example_is_valid_and_every_entry_is_found_by_its_id_and_target() {
    for name in ["city.ron", "bank.ron", "airline.ron"] {
        let directory = example(name);
        for id in directory.entries() {
            let text_id = directory.text_id(id);
            assert_eq!(directory.by_text_id(&text_id).map(|found| found.entry), Some(id.entry), "{text_id}");
            if let Some(target) = directory.target(id) {
                let parsed = target.to_string().parse().unwrap_or_else(|error| panic!("{target}: {error}"));
                let found = directory.by_target(&parsed);
                assert!(found.iter().any(|found| found.entry == id.entry), "{text_id}: {target}");
            }
        }
    }
}

#[test]
fn a_script_reads_all_steps_and_dials_as_far_as_keys_go() {
    let bank = example("bank.ron");
    let query = script(&bank, "personal-line/448081570100/wait/enter/say-payments/2");
    assert_eq!(
        query.say().unwrap(),
        "0808 157 0100, wait 5 seconds, enter the account number (8 digits), then #, say \"payments\", press 2"
    );
    let dial = query.dial().unwrap();
    assert_eq!(dial.best(), "tel:+448081570100");
    assert_eq!(
        query.after_dialling().unwrap(),
        "Then, by hand: wait 5 seconds, enter the account number (8 digits), then #, say \"payments\", press 2."
    );
    let terminal = script(&bank, "business-line/1/1/enter");
    assert_eq!(terminal.dial().unwrap().best(), "tel:+448081570200,,1,,1");
    assert_eq!(terminal.after_dialling().unwrap(), "Then, by hand: enter the terminal number (10 digits).");
}

#[test]
fn each_phone_has_its_own_menu_under_its_own_number() {
    let bank = example("bank.ron");
    assert_eq!(say(&bank, "personal-line/442079460101/1"), "+44 (0)20 7946 0101, press 1");
    let line = bank.by_text_id("personal-line").unwrap();
    let lines: Vec<&str> = bank.children(line).iter().map(|line| bank.tree_title(*line)).collect();
    assert_eq!(lines, ["From the UK", "From abroad"]);
    let keys = |id: &str| {
        let next = bank.next_options(bank.by_text_id(id).unwrap());
        next.iter().map(|id| bank.option(*id).unwrap().step.segment()).collect::<Vec<_>>()
    };
    assert_eq!(keys("personal-line/442079460101"), ["1", "2"]);
    assert_eq!(keys("personal-line/448081570100"), ["wait", "0"]);
}

#[test]
fn options_lead_back_and_repeat() {
    let bank = example("bank.ron");
    let next = |id: &str| {
        let next = bank.next_options(bank.by_text_id(id).unwrap());
        next.iter().map(|id| bank.text_id(*id)).collect::<Vec<_>>()
    };
    let payments = "personal-line/448081570100/wait/enter/say-payments";
    assert_eq!(next(&format!("{payments}/9")), next(payments));
    assert_eq!(next(&format!("{payments}/*")), next("personal-line/448081570100/wait/enter"));
    let city = example("city.ron");
    let main: Vec<String> =
        city.next_options(city.by_text_id("311/*").unwrap()).iter().map(|id| city.text_id(*id)).collect();
    assert_eq!(main, ["311/1", "311/2", "311/3", "311/0", "311/*"]);
}

#[test]
fn the_shortest_way_to_a_person_is_found() {
    let bank = example("bank.ron");
    assert_eq!(operator(&bank, "personal-line").as_deref(), Some("personal-line/448081570100/0"));
    assert_eq!(operator(&bank, "business-line").as_deref(), Some("business-line/wait"));
    assert_eq!(operator(&bank, "complaints"), None);
    // Not the agent who speaks another language, though fewer steps lead there.
    let airline = example("airline.ron");
    assert_eq!(operator(&airline, "reservations-us").as_deref(), Some("reservations-us/1/enter/say-agent"));
    // A caller who has chosen that language stays in it.
    assert_eq!(operator(&airline, "reservations-us/2/1").as_deref(), Some("reservations-us/2/0"));
    let catalog = Catalog::from(bank);
    for text in ["operator", "human", "representative"] {
        let found = catalog.find(&Query { text, scope: dialtree::directory::Scope::All, limit: 5 });
        let directory = catalog.directory(found.results[0].id);
        let reached = directory.option(found.results[0].id).expect("an option");
        assert!(reached.is_operator && !found.results[0].weak, "{text}");
    }
    // The built-in source tells no way to a person, so the lines for general questions are found, and the reason says so.
    let built_in = Catalog::from(Directory::load("built in", dialtree::directory::EMBEDDED).unwrap());
    let found = built_in.find(&Query { text: "operator", scope: dialtree::directory::Scope::All, limit: 5 });
    let reason = &found.results[0].reasons[0];
    assert_eq!((&*reason.typed, &*reason.matched), ("operator", "general questions"));
}

#[test]
fn numbers_link_to_what_is_dialled() {
    let city = example("city.ron");
    let link = |id: &str, channel: usize| {
        let id = city.by_text_id(id).unwrap().by(Some(channel));
        Script::new(&city, id).unwrap().link().unwrap()
    };
    assert_eq!(link("permits", 0), "tel:+13125550140,5");
    assert_eq!(link("emergency", 0), "tel:911");
    assert_eq!(link("crisis", 2), "sms:741741");
    assert_eq!(link("311", 3), "https://wa.me/13125550132");
    assert_eq!(link("permits", 2), "geo:0,0?q=100%20Harbor%20Street%2C%20Lakeview");
    assert_eq!(city.target(city.by_text_id("permits").unwrap()).unwrap().to_string(), "tel:+13125550140;ext=5");
}

#[test]
fn a_card_says_what_few_entries_have() {
    let airline = example("airline.ron");
    let at = |moment: &str| Some(moment.parse().unwrap());
    let card = |moment| Card::new(&airline, airline.by_text_id("baggage").unwrap(), moment);
    let now = card(at("2026-12-01T12:00:00Z"));
    let facts = &now.contact().unwrap().facts;
    assert_eq!(facts.alert.map(|alert| &*alert.text), Some("Baggage from Boston is delayed by a day."));
    assert_eq!(facts.escalate.as_ref().unwrap().title, "An agent");
    assert_eq!((facts.wait, facts.have_ready.len()), (Some("about 10 minutes"), 2));
    let later = card(at("2026-12-03T12:00:00Z"));
    assert!(later.contact().unwrap().facts.alert.is_none(), "the alert is over");
}

#[test]
fn closures_close_the_entries_that_they_name_and_all_under_them() {
    let city = example("city.ron");
    let status = |id: &str, moment: &str| {
        let id = city.by_text_id(id).unwrap();
        let card = Card::new(&city, id, Some(moment.parse().unwrap()));
        card.contact().unwrap().hours.is_closed()
    };
    assert!(status("311/1/1", "2026-12-24T18:00:00Z"), "a Thursday, closed with its line");
    assert!(!status("311/1/1", "2026-12-23T18:00:00Z"));
    assert!(!status("crisis", "2026-12-24T18:00:00Z"), "not named");
}

#[test]
fn internal_entries_are_left_out_for_others() {
    for (name, id) in [("city.ron", "roads-desk"), ("bank.ron", "it-desk")] {
        let directory = example(name);
        let count = directory.contacts.len();
        assert!(directory.by_text_id(id).is_some());
        let public = directory.without_internal();
        assert!(public.by_text_id(id).is_none() && public.contacts.len() == count - 1);
    }
}

fn navigator(name: &str, keys: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let mut session = own(&text, 120, 40, Environment::default());
    play(&mut session, keys);
    screen(&session)
}

#[test]
fn enter_confirms_the_steps_that_no_key_takes() {
    // The business line: 1, 1, then the number of the terminal.
    let shown = navigator("bank.ron", "2<Right>11<Enter>");
    for text in
        ["1  Press [1] Cards and terminals", "2  Press [1] Card terminal is down", "3  Enter the terminal number"]
    {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
}

#[test]
fn the_present_step_is_marked_while_the_script_is_followed() {
    // In the card, Enter begins, and the keys of the phone go on.
    for (keys, marked) in
        [("<Enter>", "▸ 1  Press [1]"), ("<Enter>1", "▸ 2  Press [1]"), ("<Enter>1<Enter>", "▸ 3  Enter")]
    {
        let shown = navigator("bank.ron", &format!("2<Right>11<Enter><Tab>{keys}"));
        assert!(shown.contains(marked), "{keys}: {marked}\n{shown}");
    }
    let shown = navigator("bank.ron", "2<Right>11<Enter><Tab><Enter>11<Enter>");
    assert!(shown.contains("That was the last step"), "{shown}");
}

#[test]
fn a_key_leads_to_a_person_or_says_that_the_source_tells_none() {
    let shown = navigator("bank.ron", "2<Right><Ctrl-G>");
    assert!(shown.contains("1  Stay on the line"), "{shown}");
    let shown = navigator("city.ron", "3<Right><Ctrl-G>");
    assert!(shown.contains("No phone menu is listed for this line"), "{shown}");
}

#[test]
fn the_tree_shows_each_menu_under_its_own_number() {
    let shown = navigator("bank.ron", "1<Right>");
    // The tree pane is between the third and the fourth border.
    let rows: Vec<&str> = shown.lines().filter_map(|row| row.split(['│', '┃']).nth(3)).collect();
    let row = |text: &str| rows.iter().position(|row| row.contains(text)).unwrap_or_else(|| panic!("{text}\n{shown}"));
    assert!(row("From the UK") < row("Welcome message"), "{shown}");
    assert!(row("Welcome message") < row("From abroad"), "{shown}");
    assert!(row("From abroad") < row("Lost or stolen card abroad"), "{shown}");
    assert!(rows[row("From the UK")].contains("0808 157 0100"), "{shown}");
    assert!(rows[row("From abroad")].contains("+44 (0)20 7946 0101"), "{shown}");
}

#[test]
fn a_vcard_has_the_menu_of_each_phone_and_the_address() {
    let catalog = Catalog::from(example("bank.ron"));
    let vcard = |id: &str| {
        let id = catalog.directories()[0].by_text_id(id).unwrap();
        // Long lines are folded.
        dialtree::report::vcards(&catalog, &[id], "2026-11-23T18:00:00Z".parse().unwrap()).replace("\r\n ", "")
    };
    let personal = vcard("personal-line");
    for text in ["0808 157 0100\\, wait 5 seconds: Welcome message", "+44 (0)20 7946 0101\\, press 2: Everything else"]
    {
        assert!(personal.contains(text), "{text}\n{personal}");
    }
    assert!(vcard("complaints").contains(":;;Northbank Complaints\\, 1 Example Square\\, London;;;;"));
    let again = vcard("personal-line/448081570100/wait/enter/say-payments/9");
    assert!(again.contains("\\nRepeats the menu\\n"), "{again}");
}

#[test]
fn a_line_of_plain_text_has_what_a_caller_should_know() {
    let catalog = Catalog::from(example("city.ron"));
    let plain = |id: &str, moment: &str| {
        let id = catalog.directories()[0].by_text_id(id).unwrap();
        let reader = Reader { display: &Display::default(), now: moment.parse().unwrap(), width: 80 };
        plain_of(&catalog, &[id], &reader)
    };
    let espanol = plain("311/3", "2026-12-23T18:00:00Z");
    for text in
        ["continues in Spanish, leads to the main menu", "usual wait: about 4 minutes", "languages: English, Spanish"]
    {
        assert!(espanol.contains(text), "{text}\n{espanol}");
    }
    assert!(plain("emergency", "2026-12-23T18:00:00Z").contains("Call 911 first"));
    assert!(plain("permits", "2026-12-24T18:00:00Z").contains("City offices are moving"));
}

#[test]
fn a_card_names_the_owner_and_the_goal_of_a_step() {
    let shown = navigator("city.ron", "3<Down><Down>3");
    assert!(shown.contains("Owner   Resident Services"), "{shown}");
    let mut session = own(
        &CITY.replace("press: \"1\"", "say: \"a long sentence that the caller has to speak\""),
        120,
        40,
        Environment::default(),
    );
    play(&mut session, "3<Down><Down>");
    let shown = screen(&session);
    assert!(shown.contains("    Trash and recycling"), "{shown}");
}
