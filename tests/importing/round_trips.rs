//! What an export writes, an import reads: our JSON without a loss, tables and vCards as far as they hold it.
//!
//! A table does not hold the fields of the directory itself (name, zone, holidays), closures, articles, and of a phone menu
//! what is entered, how long to wait, which option reaches a person or holds anywhere. A vCard does not hold phone menus; it
//! has hours, labels and everything that our export puts into its note as text only, and numbers as phones dial them.

use dialtree::directory::{EMBEDDED, Scope};
use dialtree::report::{CsvReader, VCardVersion, csv, json_of_directories, vcards_for};
use dialtree::search::Catalog;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

fn catalog(ron: &str) -> Catalog {
    Directory::load("original.ron", ron).unwrap_or_else(|problems| panic!("{problems}\n{ron}")).into()
}

#[track_caller]
fn assert_json_is_whole(ron: &str) {
    let first = json_of_directories(&catalog(ron), Scope::All);
    let imported = imported("export.json", &first);
    assert_eq!(left_out(&imported), [""; 0], "{first}");
    let second = json_of_directories(&catalog(&imported.ron), Scope::All);
    if first != second {
        let lines = |json: &str| {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            serde_json::to_string_pretty(&value).unwrap()
        };
        let (first, second) = (lines(&first), lines(&second));
        let differs = first.lines().zip(second.lines()).find(|(a, b)| a != b);
        panic!("{differs:?}\n{}\n{ron}", imported.ron);
    }
}

#[test]
fn our_json_is_imported_without_a_loss() {
    for name in ["airline", "bank", "city"] {
        let path = format!("data/examples/{name}.ron");
        assert_json_is_whole(&std::fs::read_to_string(path).unwrap());
    }
    assert_json_is_whole(EMBEDDED);
    assert_json_is_whole(RICH);
}

/// Every field that the JSON export has, also where options differ from their line and a channel from its contact.
const RICH: &str = r##"(
    schema: 2, id: "rich", name: "Rich \"and\" \\ odd", organisation: "Rich", source: "Handbook", transcribed: "2026-11-23",
    owner: "Ada", region: "GB", zone: "Europe/London", holidays: "GB",
    closures: [
        (from: "2026-12-24", until: "2026-12-26", reason: "Move"),
        (from: "2026-12-30", reason: "Stocktaking", entries: ["main", "second/442079460958/1"]),
    ],
    audiences: [(id: "a", name: "Audience A", short: "A", aliases: ["first"]), (id: "b", name: "B", short: "B")],
    accounts: [(id: "member", name: "Members")],
    contacts: [
        (id: "main", name: "Main", source: "Page 1", audiences: ["a"], aliases: ["Front"], serves: ["Brokers"],
            services: ["All questions"], notes: ["One", "One"], languages: ["English", "Welsh"], wait: "about 5 minutes",
            have_ready: ["ID"], alert: (text: "Lines are down.", from: "2026-11-01", until: "2026-12-02"),
            escalate: "second/442079460958/1", region: ["CA"], articles: [(title: "How", link: "example.com/how")],
            internal: true, checked: "2026-11-20", checked_by: "Ada", account: "member",
            channels: [
                (phone: "020 7946 0958", label: "Day", note: "Loud", hours: "Mo-Fr 09:00-17:00", menu: [
                    (press: "1", label: "One", also: ["b"], hours: "not stated", escalate: "main/enter", languages: ["Welsh"],
                        checked: "2026-11-21", menu: [
                            (say: "Lost card, please!", label: "Lost", not_for: ["a"], hours: "Mo 09:00-12:00", zone: "Europe/Paris"),
                            (press: "2", label: "Back", goto: "back"),
                            (press: "3", label: "Again", repeat: true),
                        ]),
                    (enter: (what: "ID", digits: 8, end: "#"), label: "ID", serves: ["Members"], menu: [
                        (wait: 30, label: "Wait", menu: [(press: "*", label: "Main", goto: "main")]),
                    ]),
                    (wait: "stay on the line", label: "Person", operator: true),
                    (press: "5", label: "Lost card", goto: "1/say-lost-card-please", language: "Spanish"),
                ], anywhere: [(press: "0", label: "Operator", operator: true)]),
                (web: "not stated"),
                (post: "1 Main St, London", label: "Head office"),
            ]),
        (id: "second", name: "Second", source: "Page 2", hours: "Mo-Su 10:00-16:00", zone: "Europe/Paris",
            channels: [
                (phone: "020 7946 0957", hours: "Mo 10:00-12:00", menu: [(press: "1", label: "First line")]),
                (phone: "+44 20 7946 0958", menu: [(press: "1", label: "Second line", internal: true, wait: "an hour")]),
                (fax: "020 7946 0959"),
            ]),
        (id: "empty", name: "Empty", source: "Page 3"),
    ],
    notices: [(id: "legal", title: "Legal", source: "Page 4", wording: "Restated", text: ["A", "A"],
        sections: [(title: "S", text: ["T"])], site: "example.org/x")],
)"##;

/// The fields of a directory of any contacts.
fn with_contacts(contacts: &[String]) -> String {
    format!(
        "(schema: 2, id: \"any\", name: \"Any\", organisation: \"Any\", source: \"S\", transcribed: \"2026-11-23\", \
         zone: \"America/Chicago\", holidays: \"US\", audiences: [(id: \"members\", name: \"Members\", short: \"Members\"), \
         (id: \"brokers\", name: \"Brokers\", short: \"Brokers\")], contacts: [{}])",
        contacts.join(",\n")
    )
}

const HOURS: [&str; 3] = ["Mo-Fr 09:00-17:00; PH off", "Mo-Su 00:00-24:00", "Sa 10:00-14:00"];
const WORDS: [&str; 6] = ["Claims", "Café \\\"Zoë\\\"", "a, b; c", "窓口", "Desk 2", "=1+1"];

/// A field, or nothing.
fn field(name: &'static str, value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::option::weighted(0.4, value)
        .prop_map(move |value| value.map_or_else(String::new, |value| format!("{name}: {value}, ")))
}

fn word() -> impl Strategy<Value = String> {
    select(&WORDS[..]).prop_map(|word| format!("\"{word}\""))
}

fn plain_words() -> impl Strategy<Value = String> {
    subsequence(vec!["\"one\"", "\"two words\"", "\"drei\""], 1..3).prop_map(|words| format!("[{}]", words.join(", ")))
}

fn hours() -> impl Strategy<Value = String> {
    select(&HOURS[..]).prop_map(|hours| format!("\"{hours}\""))
}

/// A channel, each with a number or address of its own, and with a menu if it is a phone and may have one.
fn channel(index: usize, menus: bool) -> impl Strategy<Value = String> {
    let endpoint = select(vec![
        format!("phone: \"312-555-01{index:02}\""),
        format!("phone: \"(312) 555-02{index:02} x{index}\""),
        format!("fax: \"+1 312 555 03{index:02}\""),
        format!("tty: \"312-555-04{index:02}\""),
        format!("sms: \"312-555-05{index:02}\""),
        format!("whatsapp: \"+1 312-555-06{index:02}\""),
        format!("email: \"a{index}@b.example\""),
        format!("web: \"https://b.example/{index}\""),
        format!("post: \"{index} Main St, Springfield\""),
    ]);
    let menu = select(vec![
        "",
        "menu: [(press: \"1\", label: \"One\", menu: [(press: \"2\", label: \"Two\", hours: \"Mo 10:00-11:00\")])]",
        "menu: [(say: \"bill\", label: \"Bill\", notes: [\"x\"]), (press: \"9\", label: \"Again\", repeat: true)]",
    ]);
    (endpoint, field("label", word()), field("hours", hours()), menu).prop_map(move |(endpoint, label, hours, menu)| {
        let menu = if menus && endpoint.starts_with("phone") { menu } else { "" };
        format!("({endpoint}, {label}{hours}{menu})")
    })
}

fn contact(index: usize, menus: bool) -> impl Strategy<Value = String> {
    let channels = (0..4_usize).prop_flat_map(move |count| {
        (0..count).map(|channel_index| channel(index * 4 + channel_index, menus)).collect::<Vec<_>>()
    });
    let fields = (
        field("hours", hours()),
        field("notes", plain_words()),
        field("languages", plain_words()),
        field("serves", plain_words()),
        field("wait", word()),
        field("checked", Just("\"2026-11-01\"".to_owned())),
    );
    let audiences = subsequence(vec!["\"members\"", "\"brokers\""], 0..=2);
    (word(), channels, fields, audiences).prop_map(move |(name, channels, (a, b, c, d, e, f), audiences)| {
        let audiences = audiences.join(", ");
        let name = &name[1..name.len() - 1];
        format!(
            "(id: \"c{index}\", name: \"{name} {index}\", source: \"S\", audiences: [{audiences}], channels: [{}], {a}{b}{c}{d}{e}{f})",
            channels.join(", ")
        )
    })
}

fn directories(menus: bool) -> impl Strategy<Value = String> {
    (1..4_usize)
        .prop_flat_map(move |count| (0..count).map(|index| contact(index, menus)).collect::<Vec<_>>())
        .prop_map(|contacts| with_contacts(&contacts))
}

/// What a table holds of each contact: everything but the menus.
fn in_a_table(directory: &Directory) -> Vec<String> {
    let hours = |id: dialtree::directory::EntryId| match directory.hours(id) {
        dialtree::directory::hours::Hours::Listed(schedule) => schedule.listed().to_owned(),
        _ => String::new(),
    };
    let contacts = directory.entries().filter(|id| directory.option(*id).is_none() && directory.contact(*id).is_some());
    let line = |id: dialtree::directory::EntryId| {
        let contact = directory.contact(id).unwrap();
        let channels = directory.by_each_channel(id).map(|by| {
            let channel = directory.channel(by).unwrap();
            format!("{:?} {:?} {:?} {}", channel.kind, channel.printed(), channel.label, hours(by))
        });
        let mut audiences: Vec<_> = contact.audiences.iter().map(|index| &directory.audiences[index].id).collect();
        audiences.sort();
        let extra = contact.details.extra.clone().unwrap_or_default();
        format!(
            "{} {} {audiences:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            contact.id,
            contact.name,
            contact.details.notes,
            contact.details.serves,
            extra.languages,
            extra.wait,
            extra.checked.unwrap_or(directory.transcribed),
            channels.collect::<Vec<_>>(),
        )
    };
    contacts.map(line).collect()
}

/// What a vCard holds of each contact beside texts: its name, its audiences, and what is dialled or written to.
fn in_a_vcard(directory: &Directory) -> Vec<String> {
    let contacts = directory.contacts.iter().map(|contact| {
        let channels = contact.channels.iter().map(|channel| match channel.number() {
            Some(number) => format!("{:?} {}", channel.kind, number.link()),
            None => format!("{:?} {:?}", channel.kind, channel.printed()),
        });
        let mut audiences: Vec<_> = contact.audiences.iter().map(|index| &directory.audiences[index].name).collect();
        audiences.sort();
        format!("{} {audiences:?} {:?}", contact.name, channels.collect::<Vec<_>>())
    });
    contacts.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_directory_is_the_same_after_json(ron in directories(true)) {
        assert_json_is_whole(&ron);
    }

    #[test]
    fn any_contacts_are_the_same_after_a_table(ron in directories(true), excel in any::<bool>()) {
        let original = catalog(&ron);
        let reader = if excel { CsvReader::Spreadsheet } else { CsvReader::Program };
        let table = csv(&original, Scope::All, reader).unwrap();
        // A table has no fields of the directory itself.
        let holidays = Options { fields: vec![("holidays".to_owned(), "US".to_owned())], ..options() };
        let imported = import_with("export.csv", table.as_bytes(), &holidays).unwrap();
        let same = in_a_table(&directory(&imported)) == in_a_table(&original.directories()[0]);
        let options = [&directory(&imported), &original.directories()[0]].map(options_in_a_table);
        prop_assert!(options[0] == options[1], "{options:#?}\n{table}\n{}", imported.ron);
        prop_assert!(same, "{:#?}\n{:#?}\n{table}\n{}", in_a_table(&directory(&imported)), in_a_table(&original.directories()[0]), imported.ron);
        prop_assert_eq!(left_out(&imported), [""; 0]);
    }

    #[test]
    fn any_contacts_are_the_same_after_vcards(ron in directories(false)) {
        let original = catalog(&ron);
        let cards = vcards_for(&original, Scope::All, Timestamp::UNIX_EPOCH, VCardVersion::default());
        let imported = imported("export.vcf", &cards);
        let (found, expected) = (in_a_vcard(&directory(&imported)), in_a_vcard(&original.directories()[0]));
        prop_assert!(found == expected, "{:#?}\n{:#?}\n{cards}\n{}", found, expected, imported.ron);
        prop_assert_eq!(left_out(&imported), [""; 0]);
    }
}

/// The options of a directory as a table holds them: without what is entered, and without what is above them.
fn options_in_a_table(directory: &Directory) -> Vec<String> {
    let line = |id: dialtree::directory::EntryId| {
        let option = directory.option(id)?;
        let mut audiences: Vec<_> =
            directory.audiences(id).iter().map(|index| directory.audiences[index].id.clone()).collect();
        audiences.sort();
        let hours = match directory.hours(id) {
            dialtree::directory::hours::Hours::Listed(schedule) => schedule.listed().to_owned(),
            _ => String::new(),
        };
        let details = &option.details;
        Some(format!(
            "{} {} {:?} {:?} {audiences:?} {hours} {:?} {:?}",
            directory.text_id(id),
            option.label,
            option.goto,
            option.language,
            // A table separates them by what they may contain.
            details.notes.join("; "),
            details.services.join("; "),
        ))
    };
    directory.entries().filter_map(line).collect()
}

/// Tables hold phone menus of keys and of words to say.
#[test]
fn phone_menus_survive_a_table_and_are_said_to_be_left_out_of_vcards() {
    let original = catalog(EMBEDDED);
    let table = csv(&original, Scope::All, CsvReader::Program).unwrap();
    let set = [("holidays", "US"), ("zone", "America/Los_Angeles")];
    let fields = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let imported_table = import_with("export.csv", table.as_bytes(), &Options { fields, ..options() }).unwrap();
    let (found, expected) =
        (options_in_a_table(&directory(&imported_table)), options_in_a_table(&original.directories()[0]));
    assert!(found == expected, "{:#?}", found.iter().zip(&expected).filter(|(a, b)| a != b).collect::<Vec<_>>());
    assert_eq!(left_out(&imported_table), [""; 0]);

    let cards = vcards_for(&original, Scope::All, Timestamp::UNIX_EPOCH, VCardVersion::default());
    let imported = imported("export.vcf", &cards);
    let options = left_out(&imported).into_iter().filter(|line| line.contains("does not hold phone menus"));
    assert_eq!(options.count(), expected.len());
    assert_eq!(directory(&imported).contacts.len(), original.directories()[0].contacts.len());
}

#[test]
fn steps_that_a_table_does_not_hold_are_said() {
    let table = csv(&catalog(RICH), Scope::All, CsvReader::Program).unwrap();
    let fields = ["region", "holidays"].map(|field| (field.to_owned(), "GB".to_owned())).to_vec();
    let imported = import_with("export.csv", table.as_bytes(), &Options { fields, ..options() }).unwrap();
    let found = left_out(&imported).join("\n");
    for expected in [
        "option main/enter: ID: a table does not hold what is entered",
        "option main/enter/wait/*: Main: the option above it is left out",
        "leads to Lost: a table does not hold the steps to it",
    ] {
        assert!(found.contains(expected), "{expected}\n{found}");
    }
    let ids = directory(&imported).entries().map(|id| directory(&imported).text_id(id)).collect::<Vec<_>>();
    for id in ["main/1/say-lost-card-please", "main/0", "second/442079460958/1"] {
        assert!(ids.contains(&id.to_owned()), "{id} {ids:?}");
    }
}
