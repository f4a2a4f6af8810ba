//! Output for other programs: JSON that fits its schema, vCards and tables that other parsers read, data files,
//! completions and man pages; and the read-only commands of remote clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock};

use calcard::vcard::{VCard, VCardProperty, VCardValue};
use dialtree::app::Environment;
use dialtree::cli::remote::run_words;
use dialtree::cli::{Context, Outcome};
use dialtree::directory::{Directory, EMBEDDED, Endpoint, Scope};
use dialtree::report::{self, VCardVersion};
use dialtree::search::Catalog;
use serde_json::{Value, json};

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Directory::load("built in", EMBEDDED).unwrap().into()));
static DIRECTORY: LazyLock<Arc<Directory>> = LazyLock::new(|| Arc::new(Directory::load("built in", EMBEDDED).unwrap()));

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.args(arguments).env("XDG_DATA_HOME", "nowhere").env_remove("DIALTREE_DATA").env("TZ", "UTC");
    command.output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn ids() -> Vec<String> {
    DIRECTORY.entries().map(|id| DIRECTORY.text_id(id)).collect()
}

/// Whether a document fits a definition of `data/schema.json`, which allows nothing that it does not name.
fn assert_fits(definition: &str, document: &Value) {
    let mut schema: Value = serde_json::from_str(include_str!("../data/schema.json")).unwrap();
    schema.as_object_mut().unwrap().remove("anyOf");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    // Clients must accept fields that are added later; this test must not.
    for definition in schema["$defs"].as_object_mut().unwrap().values_mut() {
        definition["additionalProperties"] = json!(false);
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn every_json_fits_the_schema() {
    for (arguments, definition) in [
        (&["find", "--json", "commission"][..], "find"),
        (&["find", "--json", "--audience", "small-business", "medicare commissions"], "find"),
        (&["find", "--json", "--explain", "zebra"], "find"),
        (&["find", "--json", "good morning, until when is the fraud hotline open, not the fax"], "find"),
        (&["find", "--json", "broker log-in page"], "find"),
        (&["tree", "--json"], "answers"),
        (&["tree", "--json", "ifp"], "answers"),
        (&["notice", "--json"], "answers"),
        (&["notice", "--json", "important/3"], "answers"),
        (&["export", "--format", "json"], "answers"),
        (&["export", "--format", "json", "--audience", "medicare"], "answers"),
        (&["check", "--json", "--stale", "1d", "data/healthnet.ron"], "check"),
        (&["diff", "--json", "tests/fixtures/keeping/old.ron", "tests/fixtures/keeping/new.ron"], "diff"),
        (&["check", "--json", "data/healthnet.ron", "tests/invalid_data/several.ron", "nowhere.ron"], "check"),
    ] {
        let output = run(arguments);
        let document = serde_json::from_slice(&output.stdout).unwrap();
        assert_fits(definition, &document);
        assert_eq!(document["schema"], 2);
    }
    let summary = run(&["import", "--report", "json", "tests/fixtures/import/city.csv"]);
    assert_fits("import", &serde_json::from_slice(&summary.stderr).unwrap());
    for id in ids() {
        assert_fits("answers", &serde_json::from_str(&said(&["show", "--json", &id])).unwrap());
    }
}

#[test]
fn a_document_that_does_not_fit_is_refused() {
    let mut document: Value = serde_json::from_str(&said(&["show", "--json", "account-services"])).unwrap();
    document["answers"][0]["target"] = json!("1-800-547-2967");
    let refused = std::panic::catch_unwind(|| assert_fits("answers", &document));
    assert!(refused.is_err(), "a malformed target was accepted");
}

#[test]
fn every_entry_is_shown_by_its_id_and_by_its_target() {
    let tree = said(&["tree", "--plain"]);
    assert_eq!(tree.lines().count(), ids().len());
    for line in tree.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, _, _, target, _, id] = fields[..] else { panic!("{line}") };
        let shown = said(&["show", "--plain", id]);
        assert!(shown.lines().any(|way| way == line), "{id} shows {line}");
        if target != "not stated" {
            let by_target = said(&["show", "--plain", target]);
            let title = fields[1];
            let is_section = id.contains('/') && target.starts_with("notice:");
            assert!(is_section || by_target.lines().any(|way| way.split('\t').nth(1) == Some(title)), "{target}");
        }
    }
}

/// The values of a property as text.
fn values(card: &VCard, name: &VCardProperty) -> Vec<String> {
    let entries = card.entries.iter().filter(|entry| entry.name == *name);
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    entries.flat_map(|entry| entry.values.iter().map(text).collect::<Vec<_>>()).collect()
}

#[test]
fn vcards_are_read_by_another_parser() {
    let written = said(&["export", "--format", "vcard"]);
    assert!(written.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "CR LF, at most 75 octets");
    let cards: Vec<&str> = written.split_inclusive("END:VCARD\r\n").collect();
    let entries: Vec<_> = DIRECTORY.entries().filter(|id| DIRECTORY.contact(*id).is_some()).collect();
    assert_eq!(cards.len(), entries.len());
    let mut names = BTreeSet::new();
    for (text, id) in cards.iter().zip(entries) {
        let card = VCard::parse(text).unwrap();
        let title = DIRECTORY.title(id);
        let name = values(&card, &VCardProperty::Fn).concat();
        assert!(name.contains(title) && names.insert(name), "a name of its own: {text}");
        assert_eq!(values(&card, &VCardProperty::Org), ["Health Net"]);
        let numbers = values(&card, &VCardProperty::Tel).join(" ");
        let emails = values(&card, &VCardProperty::Email).join(" ");
        for channel in &DIRECTORY.contact(id).unwrap().channels {
            match &channel.endpoint {
                Some(Endpoint::Number(number)) => assert!(numbers.contains(number.dialled()), "{text}"),
                Some(Endpoint::Email(address)) => assert!(emails.contains(address.printed()), "{text}"),
                Some(Endpoint::Web(_) | Endpoint::Place(_)) | None => {}
            }
        }
    }
    let commissions = VCard::parse(said(&["show", "--vcard", "ifp-line/1/1"])).unwrap();
    assert_eq!(values(&commissions, &VCardProperty::Tel), ["tel:+18009093447", "+18009093447,,1,,1"]);
    let note = &values(&commissions, &VCardProperty::Note)[0];
    assert!(note.contains("1-800-909-3447, press 1, then 1\n") && note.contains("Not for: Medicare"), "{note}");
}

#[test]
fn hours_in_a_vcard_say_that_their_zone_is_assumed() {
    let unfolded = said(&["show", "--vcard", "account-services"]).replace("\r\n ", "");
    let hours = r"Hours: Mo-Fr 08:00-17:00 (time zone not stated\, America/Los_Angeles assumed)";
    assert!(unfolded.contains(hours), "{unfolded}");
}

/// Decodes a printed QR code. Each character is two modules, the upper and the lower.
fn read_by_camera(printed: &str) -> String {
    let lines = printed.lines().filter_map(|line| line.strip_prefix("\x1b[38;5;16;48;5;231m")?.strip_suffix("\x1b[0m"));
    let rows: Vec<Vec<(bool, bool)>> = lines
        .map(|line| {
            let modules = line.chars().map(|block| match block {
                '█' => (true, true),
                '▀' => (true, false),
                '▄' => (false, true),
                _ => (false, false),
            });
            modules.collect()
        })
        .collect();
    const SCALE: usize = 4;
    let dark = |x: usize, y: usize| {
        let (upper, lower) = rows[y / SCALE / 2][x / SCALE];
        if (y / SCALE).is_multiple_of(2) { upper } else { lower }
    };
    let (width, height) = (rows[0].len() * SCALE, rows.len() * 2 * SCALE);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| if dark(x, y) { 0 } else { 255 });
    picture.detect_grids()[0].decode().unwrap().1
}

#[test]
fn the_printed_code_can_be_decoded() {
    for (name, link) in [
        ("ifp-line/1/1", "tel:+18009093447,,1,,1"),
        ("mailto:brokers@healthnet.com", "mailto:Brokers@healthnet.com"),
        ("https://myhealthnetca.com", "https://myhealthnetca.com"),
    ] {
        let printed = said(&["show", "--qr", "--color", "always", name]);
        let first = printed.split_inclusive(": ").next().unwrap();
        assert_eq!(read_by_camera(first), link, "{name}\n{printed}");
    }
}

#[test]
fn a_link_that_entries_share_is_printed_once() {
    let printed = said(&["show", "--qr", "mailto:brokers@healthnet.com"]);
    assert_eq!(printed.matches("Broker Services: Brokers@healthnet.com").count(), 1, "{printed}");
    assert!(printed.lines().count() < 25, "{printed}");
}

#[test]
fn the_table_is_read_by_another_parser() {
    let written = said(&["export", "--format", "csv"]);
    let mut table = csv::Reader::from_reader(written.as_bytes());
    let head = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let field =
        |row: &csv::StringRecord, name: &str| row[head.iter().position(|column| column == name).unwrap()].to_owned();
    let known: BTreeSet<String> = ids().into_iter().collect();
    assert!(rows.iter().all(|row| known.contains(&field(row, "id"))));
    let commissions = rows.iter().find(|row| field(row, "id") == "ifp-line/1/1").unwrap();
    assert_eq!(field(commissions, "dial_link"), "tel:+18009093447,,1,,1");
    assert_eq!(field(commissions, "not_for"), "medicare");
    let services = rows.iter().find(|row| field(row, "id") == "account-services").unwrap();
    assert_eq!(field(services, "zone"), "America/Los_Angeles (assumed)");
}

#[test]
fn an_exported_data_file_is_the_same_directory() {
    let file = std::env::temp_dir().join(format!("dialtree-export-{}.ron", std::process::id()));
    std::fs::write(&file, said(&["export", "--format", "ron"])).unwrap();
    let path = file.to_str().unwrap();
    let checked = said(&["check", path]);
    let of_built_in = said(&["export", "--format", "json"]);
    let of_file = said(&["--data", path, "export", "--format", "json"]);
    std::fs::remove_file(&file).unwrap();
    assert!(checked.ends_with(": no problems; 33 contacts, 15 options, 3 notices\n"), "{checked}");
    assert_eq!(of_file, of_built_in);
}

#[test]
fn an_export_for_an_audience_has_only_what_serves_it() {
    let export: Value = serde_json::from_str(&said(&["export", "--format", "json", "--audience", "medicare"])).unwrap();
    let titles: Vec<&str> =
        export["answers"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"Medicare Broker Services") && titles.contains(&"Fraud hotline"), "{titles:?}");
    assert!(!titles.contains(&"Broker line"), "{titles:?}");
}

/// Runs a program with a text on standard input; `None` where it is not installed.
fn pipe_to(program: &[&str], text: &str) -> Option<Output> {
    let (name, arguments) = program.split_first().unwrap();
    let child =
        Command::new(name).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
fn completions_and_man_pages_are_valid() {
    let mut checks = vec![
        (&["completions", "bash"][..], &["bash", "-n"][..]),
        (&["completions", "zsh"], &["zsh", "-n"]),
        (&["completions", "fish"], &["fish", "--no-execute"]),
    ];
    let manual = ["man", "--warnings", "-E", "UTF-8", "-l", "-"];
    let pages = ["find", "show", "tree", "notice", "export", "check", "completions", "man"].map(|page| ["man", page]);
    checks.push((&["man"], &manual));
    checks.extend(pages.iter().map(|page| (&page[..], &manual[..])));
    for (arguments, program) in checks {
        let written = said(arguments);
        match pipe_to(program, &written) {
            Some(end) => {
                let wrong = String::from_utf8_lossy(&end.stderr);
                assert_eq!((end.status.code(), &*wrong), (Some(0), ""), "{arguments:?} for {program:?}");
            }
            // In CI every program must be installed: a check must not be skipped silently.
            None => assert!(std::env::var_os("CI").is_none(), "{} is not installed", program[0]),
        }
    }
}

fn remote(words: &[&str]) -> (Outcome, String, String) {
    remote_in(&CATALOG, words)
}

fn remote_in(catalog: &Arc<Catalog>, words: &[&str]) -> (Outcome, String, String) {
    let (mut out, mut wrong) = (Vec::new(), Vec::new());
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let now = "2026-11-23T10:42:00-08:00".parse().unwrap();
    let context = Context::remote(Arc::clone(catalog), Environment::default(), now);
    let outcome = run_words(&words, context, &mut out, &mut wrong);
    (outcome, String::from_utf8(out).unwrap(), String::from_utf8(wrong).unwrap())
}

#[test]
fn remote_clients_get_the_same_output() {
    for words in [
        &["find", "commission"][..],
        &["find", "--json", "lost", "id", "card"],
        &["lost", "id", "card"],
        &["show", "ifp-line/1/1"],
        &["show", "--plain", "tel:+18889265180"],
        &["show", "nobody"],
        &["tree"],
        &["tree", "--json", "--at", "2026-11-23T10:42:00-08:00"],
        &["notice", "important"],
        &["shwo"],
        &["find"],
        &["find", "dog", "grooming"],
    ] {
        let here = run(words);
        let (outcome, out, wrong) = remote(words);
        assert_eq!(out, String::from_utf8(here.stdout).unwrap(), "{words:?}");
        assert_eq!(wrong, String::from_utf8(here.stderr).unwrap(), "{words:?}");
        assert_eq!(Some(outcome as i32), here.status.code(), "{words:?}");
    }
    // The help leaves out the options that they cannot use.
    for command in ["find", "show"] {
        let (_, out, _) = remote(&[command, "--help"]);
        assert!(out.contains("--json") && !out.contains("--data") && !out.contains("--batch"), "{out}");
    }
}

#[test]
fn remote_clients_cannot_do_anything_else() {
    for words in [
        &["export", "--format", "ron"][..],
        &["check", "/etc/passwd"],
        &["import", "/etc/passwd"],
        &["init", "Acme"],
        &["completions", "bash"],
        &["man"],
        &["find", "--json", "--batch"],
        &["--data", "/etc/passwd", "tree"],
        &["tree", "--data", "/etc/passwd"],
        &[],
    ] {
        let (outcome, out, wrong) = remote(words);
        assert_eq!((outcome, out.as_str()), (Outcome::Failed, ""), "{words:?}");
        assert!(wrong.starts_with("dialtree: ") && !wrong.contains("passwd"), "{wrong}");
    }
}

/// Cases that the built-in directory lacks: keys that no link can hold, a second line beside a menu, one number for a
/// phone and a TTY, a contact without channels, an option for other audiences than its contact.
const AWKWARD: &str = r##"(
    schema: 1, id: "own", name: "Own", organisation: "Own, Inc.; \"the\" one", source: "Wall", transcribed: "2026-11-23",
    zone: "America/Los_Angeles", holidays: "US",
    audiences: [(id: "a", name: "Audience A", short: "A"), (id: "b", name: "Audience B", short: "B")],
    contacts: [
        (id: "desk", name: "Desk, with; marks", source: "Wall", audiences: ["a"], hours: "Dec-Jan Mo-Fr 08:00-17:00; PH off",
            channels: [
                (phone: "1-202-555-0100", label: "Day", menu: [
                    (key: "*", label: "Star", also: ["b"]), (key: "2", label: "Two", menu: [(key: "#", label: "Hash")]),
                ]),
                (phone: "1-202-555-0101", label: "Night", note: "Nights only"),
                (tty: "1-202-555-0100"), (fax: "+44 20 7946 0958"),
            ]),
        (id: "silent", name: "Silent", source: "Cellar", serves: ["Nobody"]),
    ],
    notices: [(id: "rules", title: "Rules", source: "Wall", text: ["Keep left."])],
)"##;

fn awkward(name: &str, arguments: &[&str]) -> String {
    let file = std::env::temp_dir().join(format!("dialtree-{name}-{}.ron", std::process::id()));
    std::fs::write(&file, AWKWARD).unwrap();
    let said = said(&[&["--data", file.to_str().unwrap(), "--at", "2026-08-03T10:00:00-07:00"], arguments].concat());
    std::fs::remove_file(&file).unwrap();
    said
}

#[test]
fn keys_are_shown_with_their_own_line_only() {
    let shown = awkward("lines", &["show", "tel:+12025550101"]);
    assert!(shown.contains("1-202-555-0101") && !shown.contains("[*]"), "{shown}");
    let shown = awkward("lines", &["show", "tel:+12025550100"]);
    assert!(shown.contains("[*] Star"), "{shown}");
    let card = awkward("lines", &["show", "--vcard", "tel:+12025550101"]).replace("\r\n ", "");
    assert!(!card.contains("Key *"), "{card}");
}

#[test]
fn awkward_vcards_are_read_by_another_parser() {
    let written = awkward("cards", &["export", "--format", "vcard"]);
    let cards: Vec<VCard> = written.split_inclusive("END:VCARD\r\n").map(|card| VCard::parse(card).unwrap()).collect();
    let numbers: Vec<Vec<String>> = cards.iter().map(|card| values(card, &VCardProperty::Tel)).collect();
    let own = ["tel:+12025550100", "tel:+12025550101", "tel:+12025550100", "tel:+442079460958"];
    assert_eq!(numbers[0], own, "the contact has no keys");
    assert_eq!(numbers[1], own, "a link cannot contain a star");
    assert_eq!(numbers[2][..2], ["tel:+12025550100", "+12025550100,,2"]);
    let name = &values(&cards[0], &VCardProperty::Fn)[0];
    assert_eq!(name, "Own, Inc.; \"the\" one: Desk, with; marks");
    let note = &values(&cards[0], &VCardProperty::Note)[0];
    for line in ["Phone 1-202-555-0101: Night. Nights only", "Hours: Dec-Jan Mo-Fr 08:00-17:00; PH off"] {
        assert!(note.contains(line), "{note}");
    }
    let one = awkward("cards", &["show", "--vcard", "tel:+12025550100"]);
    assert_eq!(one.matches("BEGIN:VCARD").count(), 1, "phone and TTY are one contact's: {one}");
}

#[test]
fn awkward_tables_have_every_contact_and_its_labels() {
    let written = awkward("table", &["export", "--format", "csv"]);
    let mut table = csv::Reader::from_reader(written.as_bytes());
    let column = |name: &str, head: &csv::StringRecord| head.iter().position(|column| column == name).unwrap();
    let head = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let cells = |name: &str| -> Vec<&str> { rows.iter().map(|row| &row[column(name, &head)]).collect() };
    let ids = ["desk", "desk", "desk", "desk", "desk/*", "desk/2", "desk/2/#", "silent"];
    assert_eq!(cells("id"), ids);
    assert_eq!(cells("label")[..2], ["Day", "Night"]);
    assert_eq!(cells("note")[1], "Nights only");
    assert_eq!(cells("callers")[7], "Nobody");
    assert_eq!(cells("dial_link")[4..7], ["tel:+12025550100", "tel:+12025550100,,2", "tel:+12025550100"]);
    let for_b = awkward("table", &["export", "--format", "csv", "--audience", "b"]);
    let ids: Vec<&str> = for_b.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, ["desk/*", "silent"], "only the entries that serve the audience");
}

/// Two directories with the same ids.
fn two_directories() -> Catalog {
    let changes = [("\"own\"", "\"other\""), ("Star", "Comet"), ("Silent", "Mute"), ("left", "right")];
    let second = changes.iter().fold(AWKWARD.to_owned(), |text, (from, to)| text.replace(from, to));
    Catalog::new([AWKWARD, &second].map(|text| Directory::load("own", text).unwrap()).into())
}

#[test]
fn an_export_covers_every_directory_or_that_of_the_audience() {
    let catalog = two_directories();
    let table = report::csv(&catalog, Scope::All, report::CsvReader::Program).unwrap();
    assert_eq!((table.matches("id,target,").count(), table.lines().count()), (1, 17), "{table}");
    let document: Value = serde_json::from_str(&report::json_of_directories(&catalog, Scope::All)).unwrap();
    assert_fits("answers", &document);
    assert_eq!(
        (&document["directories"][0]["id"], &document["directories"][1]["id"]),
        (&json!("own"), &json!("other"))
    );
    assert_eq!(document["answers"].as_array().unwrap().len(), 4);

    let table = report::csv(&catalog, Scope::All, report::CsvReader::Program).unwrap();
    let whose: Vec<&str> = table.lines().map(|row| row.split(',').next().unwrap()).collect();
    assert!(whose[0] == "directory" && whose.contains(&"own") && whose.contains(&"other"), "{table}");
    let audience = Scope::Audience(catalog.directories()[1].audience_id(1));
    let table = report::csv(&catalog, audience, report::CsvReader::Program).unwrap();
    assert!(table.lines().count() == 3 && table.contains("Comet") && table.contains("Mute"), "{table}");
    let cards = report::vcards_for(&catalog, audience, "2026-11-23T18:00:00Z".parse().unwrap(), VCardVersion::V4);
    assert!(cards.matches("BEGIN:VCARD").count() == 2 && !cards.contains("Star"), "{cards}");
    let document: Value = serde_json::from_str(&report::json_of_directories(&catalog, audience)).unwrap();
    assert_fits("answers", &document);
    assert_eq!((&document["audience"], &document["directory"]["id"]), (&json!("b"), &json!("other")));
    let titles: Vec<_> = document["answers"].as_array().unwrap().iter().map(|entry| &entry["title"]).collect();
    assert_eq!(titles, ["Desk, with; marks", "Mute"]);
}

#[test]
fn an_id_that_directories_share_names_the_entry_of_each() {
    let catalog = Arc::new(two_directories());
    let lines = |words: &[&str]| -> Vec<String> {
        let (outcome, out, wrong) = remote_in(&catalog, words);
        assert_eq!((outcome, wrong.as_str()), (Outcome::Fine, ""), "{words:?}");
        out.lines().map(|line| line.split('\t').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(lines(&["show", "--plain", "silent"]), ["Silent", "Mute"]);
    assert_eq!(lines(&["show", "--plain", "desk/*"]), ["Star (Day)", "Comet (Day)"]);
    assert_eq!(lines(&["notice", "--plain", "rules"]), ["Keep left.", "Keep right."]);
    // The contacts of the other would be missing.
    let (outcome, _, wrong) = remote_in(&catalog, &["tree", "--plain", "b"]);
    let several = "dialtree: several directories have the audience \"b\"; add --directory with one of own, other\n";
    assert_eq!((outcome, wrong.as_str()), (Outcome::Failed, several));
}

#[test]
fn the_data_file_is_exported_with_its_comments() {
    assert_eq!(said(&["export", "--format", "ron"]), EMBEDDED);
    assert_eq!(awkward("ron", &["export", "--format", "ron"]), AWKWARD);
    let output = run(&["export", "--format", "ron", "--audience", "ifp"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("leave out --audience"));
}

#[test]
fn check_lists_every_problem() {
    let file = std::env::temp_dir().join(format!("dialtree-many-{}.ron", std::process::id()));
    let audiences: String = (0..60).map(|n| format!("(id: \"{n}\", name: \"\", short: \"x\"),")).collect();
    std::fs::write(&file, AWKWARD.replace("audiences: [(id: \"a\"", &format!("audiences: [{audiences}(id: \"a\"")))
        .unwrap();
    let output = run(&["check", file.to_str().unwrap()]);
    std::fs::remove_file(&file).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 60), "{said}");
}

#[test]
fn show_takes_numbers_and_addresses_in_any_format() {
    for (name, first) in [
        ("1-800-909-3447", "1-800-909-3447\tBroker line"),
        ("(916) 935-4522", "Fax (916) 935-4522\tIFP Billing Department"),
        ("+18009093447;1;1", "1-800-909-3447, press 1, then 1\tCommissions"),
        ("Brokers@HealthNet.com", "Brokers@healthnet.com\tBroker Services"),
        ("myhealthnetca.com", "myhealthnetca.com\tIFP member login, California"),
        ("IFP-LINE/1", "1-800-909-3447, press 1\tBrokers"),
        ("notice:important/3", "notice\tPolicy Amendment without Notice."),
    ] {
        let shown = said(&["show", "--plain", name]);
        assert!(shown.starts_with(first), "{name}: {shown}");
    }
    let wrong = String::from_utf8(run(&["show", "tel:+18009093447/1/9"]).stderr).unwrap();
    assert!(wrong.ends_with("did you mean tel:+18009093447/1?\n"), "{wrong}");
}

#[test]
fn errors_are_sanitized_for_the_terminal() {
    for arguments in [
        &["show", "mailto:\x1b[31mX\u{202e}"][..],
        &["show", "notice:\x1b[31mX\u{202e}"],
        &["export", "--format", "\x1b[31mX\u{202e}"],
        &["tree", "\x1b[31mX\u{202e}"],
        &["man", "\x1b[31mX\u{202e}"],
        &["--\x1b[31mX\u{202e}"],
        &["check", "\x1b[31mX\u{202e}"],
    ] {
        let Output { status, stdout, stderr } = run(arguments);
        let told = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        assert!(!told.contains(['\x1b', '\u{202e}']) && !status.success(), "{told:?}");
        let (outcome, out, wrong) = remote(arguments);
        assert!(!(out + &wrong).contains(['\x1b', '\u{202e}']) && outcome != Outcome::Fine, "{arguments:?}");
    }
}

/// The fields that the built-in directory does not use fit the schema, too, and other parsers read them.
#[test]
fn examples_are_exported_in_every_format() {
    for name in ["city.ron", "bank.ron", "airline.ron"] {
        let file = format!("{}/data/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        let export =
            |format: &str, more: &[&str]| said(&[&["--data", &file, "export", "--format", format], more].concat());
        assert_fits("answers", &serde_json::from_str(&export("json", &["--internal"])).unwrap());
        let cards = export("vcard", &[]);
        let cards: Vec<&str> = cards.split_inclusive("END:VCARD\r\n").collect();
        assert!(cards.len() > 4);
        cards.iter().for_each(|card| assert!(VCard::parse(*card).is_ok(), "{card}"));
        let (public, all) = (export("csv", &[]), export("csv", &["--internal"]));
        let count = |table: &str| csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).count();
        assert_eq!(count(&all) > count(&public), name != "airline.ron", "{name}: the internal entries");
    }
    // A contact with several phones keeps its name by each of them.
    let file = format!("{}/data/examples/bank.ron", env!("CARGO_MANIFEST_DIR"));
    let lines = said(&["--data", &file, "show", "--plain", "personal-line"]);
    assert!(lines.starts_with("0808 157 0100\tPersonal banking (From the UK)\t"), "{lines}");
}
