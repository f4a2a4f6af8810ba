//! Reports from users of other projects about mistakes of the same kinds, one test each. The inputs are in
//! `tests/fixtures/reports`; each test adds others of its kind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::Command;

use dialtree::app::Environment;
use dialtree::directory::Directory;
use dialtree::directory::phone::PhoneNumber;
use dialtree::present::display::Display;
use dialtree::report::{Reader, plain_of};
use dialtree::search::{Catalog, unanswered_needs};
use support::{folder, own, play, screen};

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/reports/{name}.ron", env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in an English locale, and returns its exit code, its output and its errors.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    let output = command.args(arguments).env("LC_ALL", "en_US.UTF-8").env_remove("DIALTREE_CLOCK").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The output of a command about the directory of a report.
#[track_caller]
fn said(name: &str, arguments: &[&str]) -> String {
    let (code, out, error) = run(&[arguments, &["--data", &fixture(name)]].concat());
    assert_eq!(code, Some(0), "{out}{error}");
    out
}

/// The text of a report's directory with one value in place of another.
fn changed(name: &str, value: &str, other: &str) -> String {
    let text = std::fs::read_to_string(fixture(name)).unwrap();
    assert!(text.contains(value), "{value}");
    text.replacen(value, other, 1)
}

/// All problems of a text, else its warnings, each on a line.
fn complaints(text: &str) -> String {
    match Directory::load_with_warnings("x.ron", text, unanswered_needs) {
        Ok((_, warnings)) if warnings.list.is_empty() => String::new(),
        Ok((_, warnings)) => warnings.to_string(),
        Err(problems) => problems.to_string(),
    }
}

/// What `show --plain` says about the state of a directory's only contact.
#[track_caller]
fn status(text: &str, when: &str) -> String {
    let directory = Directory::load("x.ron", text).unwrap_or_else(|problems| panic!("{problems}"));
    let id = directory.entries().next().unwrap();
    let reader = Reader { display: &Display::default(), now: when.parse().unwrap(), width: 80 };
    let line = plain_of(&Catalog::from(directory), &[id], &reader);
    line.split('\t').nth(4).unwrap().to_owned()
}

/// The state of the contact of `columbus-day.ron` with other hours, in another country and zone.
#[track_caller]
fn status_of(hours: &str, country: &str, zone: &str, when: &str) -> String {
    let text = changed("columbus-day", "Mo-Fr 09:00-17:00; PH off", hours);
    let text = text.replace("holidays: \"US\"", &format!("holidays: \"{country}\""));
    status(&text.replace("America/New_York", zone), when)
}

/// 64characters/Telephone#542 "Ignore local prefix", google/libphonenumber#1816: `+44 (0)20 …` was dialled with its
/// trunk prefix, a number that does not exist, in the link, the QR code, the vCard and the search.
#[test]
fn f1_trunk_zero() {
    for (printed, dialled) in [
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+49 (0)30 901820", "+4930901820"),
        ("+33 (0)1 42 68 53 00", "+33142685300"),
        ("+61 (0)2 9374 4000", "+61293744000"),
    ] {
        let path = folder(&format!("regression-{dialled}")).join("trunk-zero.ron");
        std::fs::write(&path, changed("trunk-zero", "+44 (0)20 7946 0958", printed)).unwrap();
        let data = path.to_str().unwrap();
        let (_, checked, _) = run(&["check", data]);
        assert!(checked.contains("no problems") && !checked.contains("warning"), "{checked}");
        for (arguments, expected) in [
            (&["find", "--plain", dialled][..], &*format!("{printed}\tLondon desk")),
            (&["show", "--plain", "c"], &format!("\ttel:{dialled}\t")),
            (&["show", "--json", "c"], &format!("\"link\":\"tel:{dialled}\"")),
            (&["show", "--qr", "c"], printed),
            (&["show", "--vcard", "c"], &format!("tel:{dialled}\r\n")),
        ] {
            let (code, out, error) = run(&[arguments, &["--data", data]].concat());
            assert!(code == Some(0) && out.replace("\": ", "\":").contains(expected), "{arguments:?}: {out}{error}");
        }
    }
}

/// WazeDev/WME-Place-Harmonizer#328, google/libphonenumber#2032: short codes such as 211 and 116 123 were refused with
/// "needs ten digits".
#[test]
fn f19_short_codes() {
    let listed = said("short-codes", &["tree", "--plain"]);
    for (printed, target) in [
        ("211", "tel:211"),
        ("711", "tel:711"),
        ("988", "tel:988"),
        ("311", "tel:311"),
        ("116 123", "tel:116123"),
        ("741741", "tel:741741"),
    ] {
        let fields = listed.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        assert!(fields.into_iter().any(|fields| fields[0] == printed && fields[3] == target), "{printed}: {listed}");
    }
    assert_eq!(
        said("short-codes", &["find", "--plain", "988"]).lines().next().unwrap().split('\t').next(),
        Some("988")
    );
    let message = "`741741` is a short code for messages, which phones cannot call; write it as `sms`";
    assert!(complaints(&changed("short-codes", "211", "211")).contains(message));
    // A code of another region is accepted with a warning, and without one where the directory names the region.
    assert!(complaints(&changed("short-codes", "211", "211")).contains("`116 123` is a short code"));
    for (region, code) in
        [("US", "911"), ("US", "511"), ("GB", "116 123"), ("GB", "999"), ("DE", "116117"), ("FR", "3919")]
    {
        let text = changed("trunk-zero", "+44 (0)20 7946 0958", code);
        let text = text.replace("holidays: \"US\"", &format!("region: \"{region}\"")).replace("schema: 1", "schema: 2");
        assert_eq!(complaints(&text), "", "{region} {code}");
    }
}

/// HSDS phones.csv `extension`, libphonenumber's tests: extensions, vanity letters, typographic dashes and `tel:` were
/// refused.
#[test]
fn f20_extensions_and_vanity_numbers() {
    let listed = said("extension-vanity", &["tree", "--plain"]);
    let targets: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').nth(3)).collect();
    assert_eq!(
        targets,
        [
            "tel:+18006334227;ext=123",
            "tel:+18006334227;ext=5",
            "tel:+18003569377",
            "tel:+18006334227",
            "tel:+18006334227",
            "tel:+18006334227"
        ]
    );
    let json = said("extension-vanity", &["show", "--json", "p0"]).replace("\": ", "\":");
    assert!(json.contains("\"link_with_keys\":\"tel:+18006334227,123\""), "{json}");
    assert!(said("extension-vanity", &["show", "p2"]).contains("1-800-FLOWERS"));
    assert!(said("extension-vanity", &["find", "--plain", "18003569377"]).starts_with("1-800-FLOWERS"));
    // What is printed is shown as it is, except for the scheme of a link and characters that take no space.
    for (printed, dial_string, shown) in [
        ("1-800-633-4227;ext=5", "+18006334227,5", "1-800-633-4227;ext=5"),
        ("1-800-633-4227 extension 77", "+18006334227,77", "1-800-633-4227 extension 77"),
        ("1-800-633-4227 Ext 77", "+18006334227,77", "1-800-633-4227 Ext 77"),
        ("tel:+1-800-633-4227;ext=77", "+18006334227,77", "+1-800-633-4227 x77"),
        ("1-800-GO-FEDEX", "+18004633339", "1-800-GO-FEDEX"),
        ("1\u{a0}800\u{202f}633\u{2009}4227\u{200b}", "+18006334227", "1\u{a0}800\u{202f}633\u{2009}4227"),
        ("1 800 633\u{2212}4227", "+18006334227", "1 800 633\u{2212}4227"),
        ("1 800 633\u{2014}4227", "+18006334227", "1 800 633\u{2014}4227"),
        ("\u{ff0b}\u{ff11} 800 633 4227", "+18006334227", "\u{ff0b}\u{ff11} 800 633 4227"),
    ] {
        let number = PhoneNumber::parse(printed).unwrap_or_else(|error| panic!("{printed} {error}"));
        assert_eq!((number.dial_string().as_str(), number.printed()), (dial_string, shown));
    }
}

/// nager/Nager.Date#929 "United States - Wrong date Christmas", #358, #674: the lists have a holiday on a Saturday only on
/// the Friday on which it is observed, so the Saturday read "Open".
#[test]
fn f2_saturday_holiday() {
    let text = changed("saturday-holiday", "Mo-Sa", "Mo-Sa");
    for day in ["2027-12-25T10:00-05:00", "2026-07-04T10:00-04:00", "2028-01-01T10:00-05:00", "2028-11-11T10:00-05:00"]
    {
        let status = status(&text, day);
        assert!(
            status.starts_with("closed, opens ") && status.ends_with("public holiday today: assumed to be observed")
        );
        let json = said("saturday-holiday", &["show", "--json", "c", "--at", &day.replace("T10:00", "T10:00:00")]);
        assert!(json.replace("\": ", "\":").contains("\"public_holiday\":true"), "{day}: {json}");
    }
    // The days on which they are observed, and those of a country with other rules.
    assert!(status(&text, "2027-12-24T10:00-05:00").starts_with("closed"));
    assert!(status(&text, "2026-12-26T10:00-05:00").starts_with("open"));
    let british = |when| status_of("Mo-Sa 09:00-17:00; PH off", "GB", "Europe/London", when);
    assert!(british("2027-12-25T10:00+00:00").starts_with("closed"));
    assert!(british("2028-01-01T10:00+00:00").starts_with("closed"));
    assert!(british("2028-01-03T10:00+00:00").starts_with("closed"));
}

/// Crate opening-hours, `Country::holidays_regional`: on a holiday of some states, hours read "Open" without a caution.
#[test]
fn f3_columbus_day() {
    let columbus_day = "2026-10-12T10:00:00-07:00";
    let (_, shown, _) = run(&["show", "medicare-broker-services", "--at", columbus_day]);
    assert!(shown.contains("holiday in some states") && !shown.contains("● Open"), "{shown}");
    let in_states = |hours, when| status_of(hours, "US", "America/New_York", when);
    assert_eq!(in_states("Mo-Fr 09:00-17:00; PH off", columbus_day), "not certain: a holiday in some states");
    // Hours that do not mention holidays say the same as on a public one.
    assert_eq!(
        in_states("Mo-Fr 08:00-17:00", "2026-10-12T10:00-04:00"),
        "open, closes 5:00 PM ET, holiday in some states today: hours may differ"
    );
    // The state before opening is certain, the opening is not.
    assert_eq!(
        in_states("Mo-Fr 09:00-17:00; PH off", "2026-10-12T03:00-04:00"),
        "closed, opens 9:00 AM ET, holiday in some states then: hours may differ"
    );
    // Where holidays change nothing, nothing is in doubt.
    assert_eq!(in_states("Mo-Fr,PH 09:00-17:00", "2026-10-12T10:00-04:00"), "open, closes 5:00 PM ET");
    for (country, zone, when, expected) in [
        ("DE", "Europe/Berlin", "2027-11-01T10:00+01:00", "not certain: a holiday in some states"),
        ("GB", "Europe/London", "2026-01-02T10:00+00:00", "not certain: a holiday in some regions"),
        ("CA", "America/Toronto", "2027-02-15T10:00-05:00", "not certain: a holiday in some regions"),
        ("CH", "Europe/Zurich", "2026-06-04T10:00+02:00", "not certain: a holiday in some regions"),
        // Victoria Day is in both lists of Canada, so it is one everywhere.
        (
            "CA",
            "America/Toronto",
            "2026-05-18T10:00-04:00",
            "closed, opens Tue 9:00 AM ET, public holiday today: assumed to be observed",
        ),
        // An ordinary Monday.
        ("DE", "Europe/Berlin", "2026-11-02T10:00+01:00", "open, closes 5:00 PM CET"),
    ] {
        assert_eq!(status_of("Mo-Fr 09:00-17:00; PH off", country, zone, when), expected, "{country} {when}");
    }
}

/// Zverik/every_door#104: `PH,Su off` read "public holidays have hours of their own", as only the text `PH off` was
/// recognised.
#[test]
fn f5_ph_su_off() {
    let shown = said("ph-su-off", &["show", "c"]);
    assert!(shown.contains("closed on public holidays"), "{shown}");
    for off in ["PH,Su off", "Su,PH off", "PH Off", "PH OFF", "ph off", "PH closed", "PH 00:00-24:00 off"] {
        let path = folder("regression-ph-off").join("ph-off.ron");
        std::fs::write(&path, changed("ph-su-off", "PH,Su off", off)).unwrap();
        let (_, json, error) = run(&["show", "--json", "c", "--data", path.to_str().unwrap()]);
        assert!(json.replace("\": ", "\":").contains("\"holidays\":\"closed\""), "{off}: {json}{error}");
    }
    // The day after a holiday is no holiday.
    let day_after = changed("ph-su-off", "PH,Su off", "PH +1 day off");
    assert!(status(&day_after, "2026-11-27T10:00-05:00").starts_with("closed"));
    assert!(status(&day_after, "2026-11-26T10:00-05:00").starts_with("open"));
}

/// The order of rules in OpenStreetMap: of `PH off; Mo-Fr 09:00-17:00` the later rule wins, and the card read both "Open"
/// and "closed on public holidays".
#[test]
fn f6_ph_first() {
    let at_thanksgiving = said("ph-first", &["show", "c", "--at", "2026-11-26T10:00:00-05:00"]);
    assert!(at_thanksgiving.contains("public holiday today: hours may differ"), "{at_thanksgiving}");
    assert!(at_thanksgiving.contains("not certain on public holidays"), "{at_thanksgiving}");
    for undone in ["PH off; Mo-Fr 09:00-17:00", "PH off; 24/7", "Mo-Fr 09:00-17:00; PH off; Sa 10:00-12:00"] {
        let complaints = complaints(&changed("ph-first", "PH off; Mo-Fr 09:00-17:00", undone));
        assert!(complaints.contains("move `PH off` to the end"), "{undone}: {complaints}");
    }
    assert_eq!(complaints(&changed("ph-first", "PH off; Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; PH off")), "");
}

/// rezemika/humanized_opening_hours#29, opening_hours.js#244: common notations were refused, always with the same example
/// instead of their own hours rewritten.
#[test]
fn f30_hours_as_people_write_them() {
    for (text, listed) in [
        ("Mon-Sat 11:30AM-10PM", "Mo-Sa 11:30-22:00"),
        ("Mo-We: 10:00-19:00", "Mo-We 10:00-19:00"),
        ("Monday to Friday 8 am - 5 pm", "Mo-Fr 08:00-17:00"),
        ("Mon–Fri 08:00–17:00", "Mo-Fr 08:00-17:00"),
        ("Mon-Fri 9am-5pm, Sat 10am-2pm", "Mo-Fr 09:00-17:00, Sa 10:00-14:00"),
    ] {
        let text = changed("hours-notation", "Mon-Sat 11:30AM-10PM", text);
        let directory = Directory::load("x.ron", &text).unwrap_or_else(|problems| panic!("{problems}"));
        let hours = directory.hours(directory.entries().next().unwrap());
        assert!(format!("{hours:?}").contains(&format!("listed: {listed:?}")), "{listed}: {hours:?}");
    }
    for (text, proposed) in [("Mon-Fri 9-5", "Mo-Fr 09:00-17:00"), ("Mon-Sat 8-6", "Mo-Sa 08:00-18:00")] {
        let complaints = complaints(&changed("hours-notation", "Mon-Sat 11:30AM-10PM", text));
        assert!(complaints.contains(&format!("did you mean \"{proposed}\"?")), "{text}: {complaints}");
    }
}

/// `holidays: "IN"` was called no country code, though it is one whose holidays are not known.
#[test]
fn f25_country_without_holidays() {
    for country in ["IN", "AE", "TH"] {
        let complaints = complaints(&changed("country-in", "\"IN\"", &format!("{country:?}")));
        assert!(complaints.contains("is a country whose public holidays dialtree does not know"), "{complaints}");
    }
    for code in ["in", "IND", "India", "1N"] {
        let complaints = complaints(&changed("country-in", "\"IN\"", &format!("{code:?}")));
        assert!(complaints.contains("is not a two-letter country code"), "{complaints}");
    }
}

/// SSA "Screen Pop Call Flow" (omb.report 201108-0960-001), a payer's phone tree: only keys could be written down, not a
/// number to enter, a word to say, waiting, or the way back.
#[test]
fn f21_steps_that_are_not_keys() {
    let status = "line/1/3/memberid";
    let tree = said("ivr-payer", &["tree", "--plain"]);
    let id = tree.lines().find(|line| line.contains("\tStatus\t")).and_then(|line| line.rsplit('\t').next());
    let id = id.unwrap_or(status);
    let card = said("ivr-payer", &["show", id]);
    for step in [
        "Press [1]",
        "Press [3]",
        "Enter the member ID (10 digits), then #",
        "[say \"agent\"]",
        "[*] Back to the main menu",
    ] {
        assert!(card.contains(step), "{step} is not in {card}");
    }
    let say = said("ivr-payer", &["show", "--plain", id]);
    assert!(say.starts_with("1-800-909-3447, press 1, then 3, enter the member ID (10 digits), then #\t"), "{say}");
    // What is dialled stops before what only the caller can do.
    let json = said("ivr-payer", &["show", "--json", id]).replace("\": ", "\":");
    assert!(json.contains("\"link_with_keys\":\"tel:+18009093447,,1,,3\""), "{json}");
    let text = std::fs::read_to_string(fixture("ivr-payer")).unwrap();
    let mut session = own(&text, 120, 40, Environment::default());
    play(&mut session, "113");
    assert!(screen(&session).contains("enter the member ID (10 digits), then #"), "{}", screen(&session));
    // Waiting is said; a person in another language is not the way to a person.
    assert!(tree.contains("1-800-909-3447, press 1, stay on the line\tScheduler"), "{tree}");
    let person = said("ivr-payer", &["show", "--plain", "--operator", "line"]);
    assert!(person.contains("say \"agent\"\tAn agent"), "{person}");
}

/// openreferral/specification examples/csv and service_full.json, nextcloud/contacts: a CSV, vCard or JSON file, even
/// dialtree's own export, was refused with "expected a record in parentheses".
#[test]
fn f22_other_formats() {
    let folder = folder("regression-formats");
    let refused = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let (code, out, error) = run(&["tree", "--data", path.to_str().unwrap()]);
        assert_eq!((code, &*out), (Some(2), ""));
        error.replace(&format!("{}/", folder.display()), "")
    };
    let (_, exported, _) = run(&["export", "--format", "json"]);
    let (_, table, _) = run(&["export", "--format", "csv", "--excel"]);
    let (_, cards, _) = run(&["export", "--format", "vcard"]);
    for (name, text, format) in [
        ("phones.csv", "id,number,extension\n1,1-800-555-0100,5\n", "a CSV table"),
        ("phones.txt", "id;number;extension\r\n1;1-800-555-0100;5\r\n", "a CSV table"),
        ("dialtree.csv", &*table, "a CSV table"),
        ("contacts.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Desk\r\nEND:VCARD\r\n", "a vCard file"),
        ("dialtree", &cards, "a vCard file"),
        ("service_full.json", "[\n  {\"id\": \"ac148810\"}\n]", "JSON"),
        ("dialtree.json", &exported, "JSON"),
        ("directory.ron", &exported, "JSON"),
        ("page.html", "<!doctype html>", "XML or HTML"),
        ("contacts.yaml", "contacts:\n  - id: desk\n", "YAML"),
    ] {
        let error = refused(name, text.as_bytes());
        let expected =
            format!("dialtree: {name}:1:1: this looks like {format}; a directory is a RON file (docs/data.md)");
        assert!(error.starts_with(&expected), "{error}");
    }
    assert!(refused("phones.xlsx", b"PK\x03\x04\x14\0\x06\0\xff").contains("a zip archive, such as a spreadsheet"));
    // A directory with a mistake is one, whatever its name.
    assert!(refused("mine.json", b"(schema: 2,").contains("unexpected end of file"));
}

/// HSDS `languages`, `wait_time`, `assured_date`, `alert`, `required_documents`: each was an unknown field.
#[test]
fn f23_fields_of_other_directories() {
    let card = said("hsds-fields", &["show", "a", "--at", "2026-11-25T10:00:00-05:00"]);
    let fields =
        ["Closed for moving", "English, Spanish", "about 20 minutes", "member ID, NPI", "checked 2026-11-20 by Ana"];
    for field in fields {
        assert!(card.contains(field), "{field} is not in {card}");
    }
    assert!(card.contains("1-800-909-3447\n  ! Closed for moving"), "{card}");
    // An alert ends, and an option has its own waiting time.
    assert!(!said("hsds-fields", &["show", "a", "--at", "2026-12-01T10:00:00-05:00"]).contains("Closed for moving"));
    let option = said("hsds-fields", &["show", "a/1"]);
    assert!(option.contains("no wait") && option.contains("member ID, NPI"), "{option}");
    for format in ["json", "csv"] {
        let exported = said("hsds-fields", &["export", "--format", format]);
        for field in ["Closed for moving", "Spanish", "about 20 minutes", "NPI", "2026-11-20", "Ana"] {
            assert!(exported.contains(field), "{field} is not in {exported}");
        }
    }
}

/// The hosts of an organisation's own network were refused: `http://`, one label, a port, an international name.
#[test]
fn f24_intranet_addresses() {
    let card = said("intranet", &["show", "--json", "c"]);
    for link in [
        "http://intranet.example.com/help",
        "https://helpdesk/",
        "https://example.com:8443/x",
        "https://xn--mnchen-3ya.example",
        "mailto:help@corp",
    ] {
        assert!(card.contains(&format!("\"{link}")), "{link} is not in {card}");
    }
    for address in [
        "http://helpdesk:8080/a?b=c",
        "https://wiki.example?page=1",
        "http://10.0.0.7/help",
        "https://münchen.example:8443/x",
        "https://例え.example/",
    ] {
        assert_eq!(complaints(&changed("intranet", "https://helpdesk/", address)), "", "{address}");
    }
    assert_ne!(complaints(&changed("intranet", "https://helpdesk/", "javascript:alert(1)")), "");
}

/// getodk/central#752 (Excel, no byte order mark), iris-connect/iris-client#443: spreadsheet programs garbled a table's
/// letters and ran its cells as formulas.
#[test]
fn f26_tables_for_spreadsheets() {
    let table = said("csv-injection", &["export", "--format", "csv", "--excel"]);
    let text = table.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells: Vec<String> =
        reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    for cell in [
        "'=HYPERLINK(\"https://x.example\",\"Claims\")",
        "'+1-800-909-3447",
        "'@SUM(1+1)",
        "客服中心",
        "1-800-909-3448",
    ] {
        assert!(cells.iter().any(|found| found == cell), "{cell} is not in {cells:?}");
    }
    assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝'])), "{cells:?}");
    for start in ["-2+3", "＝1+1", "+cmd|' /C calc'!A0"] {
        let path = folder("regression-excel").join("cells.ron");
        std::fs::write(&path, changed("csv-injection", "@SUM(1+1)", start)).unwrap();
        let (_, table, error) = run(&["export", "--format", "csv", "--excel", "--data", path.to_str().unwrap()]);
        assert!(table.contains(&format!("'{start}")), "{start}: {table}{error}");
    }
    // A program gets each text as it is.
    let plain = said("csv-injection", &["export", "--format", "csv"]);
    assert!(plain.starts_with("id,") && plain.contains(",@SUM(1+1),") && !plain.contains('\''), "{plain}");
    let (code, _, error) = run(&["export", "--format", "json", "--excel"]);
    assert!(code == Some(2) && error.contains("use it with --format csv"), "{error}");
}

/// A contact without audiences, which is for all of them, was neither on the first screen nor in the tree of an audience.
#[test]
fn f29_contact_for_every_audience() {
    for arguments in [&["tree", "all"][..], &["tree"], &["tree", "--plain", "all"], &["tree", "--json", "all"]] {
        let tree = said("one-contact", arguments);
        assert_eq!(tree.matches("Help desk").count(), 1, "{arguments:?}: {tree}");
    }
    let text = std::fs::read_to_string(fixture("one-contact")).unwrap();
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut session = own(&text, width, height, Environment::default());
        // A screen with one pane shows the audiences first.
        play(&mut session, if width < 80 { "1" } else { "" });
        let shown = screen(&session);
        assert!(shown.contains("Help desk") && !shown.contains("Nothing is listed here"), "{shown}");
    }
    // Beside those of the audience, and after them.
    let both = "contacts: [\n(id: \"b\", name: \"Own line\", source: \"s\", audiences: [\"all\"]),";
    let mut session = own(&text.replace("contacts: [", both), 120, 40, Environment::default());
    play(&mut session, "1");
    let shown = screen(&session);
    assert!(shown.find("Own line") < shown.find("Help desk"), "{shown}");
}
