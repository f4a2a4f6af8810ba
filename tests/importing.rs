//! Other formats become data files that load: what they hold arrives, what does not is said, and nothing else is in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "importing/awkward.rs"]
mod awkward;
#[path = "importing/hsds.rs"]
mod hsds;
#[path = "importing/round_trips.rs"]
mod round_trips;
#[path = "importing/tables.rs"]
mod tables;
#[path = "importing/vcards.rs"]
mod vcards;

use dialtree::directory::Directory;
use dialtree::directory::text::is_control_like;
use dialtree::import::{ImportError, Imported, Input, Options, import};

/// The day of every import.
fn options() -> Options {
    Options { today: jiff::civil::date(2026, 11, 23), ..Options::default() }
}

fn import_with(name: &str, bytes: &[u8], options: &Options) -> Result<Imported, ImportError> {
    let input = Input { name: name.to_owned(), bytes: bytes.to_vec(), ..Input::default() };
    let imported = import(&[input], options)?;
    check(&imported);
    Ok(imported)
}

#[track_caller]
fn imported(name: &str, bytes: impl AsRef<[u8]>) -> Imported {
    import_with(name, bytes.as_ref(), &options()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What holds for every result: it loads, and no text has a character that a terminal interprets.
#[track_caller]
fn check(imported: &Imported) {
    let directory = Directory::load("imported.ron", &imported.ron).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(directory.contacts.len(), imported.summary.contacts);
    let report = imported.summary.to_string() + &imported.summary.json();
    let bad = |text: &str| text.chars().find(|c| *c != '\n' && is_control_like(*c));
    assert_eq!((bad(&imported.ron), bad(&report)), (None, None));
}

fn directory(imported: &Imported) -> Directory {
    Directory::load("imported.ron", &imported.ron).unwrap()
}

/// Each contact in one line: its name, and each channel with its kind and its label.
fn contacts(directory: &Directory) -> Vec<String> {
    let channel = |channel: &dialtree::directory::Channel| {
        let label = channel.label.as_ref().map_or_else(String::new, |label| format!(" ({label})"));
        format!("{} {}{label}", channel.kind.name(), channel.printed().unwrap_or("not stated"))
    };
    let contacts = directory.contacts.iter().map(|contact| {
        let channels = contact.channels.iter().map(channel);
        std::iter::once(contact.name.to_string()).chain(channels).collect::<Vec<_>>().join("; ")
    });
    contacts.collect()
}

/// What was left out, in one line each: `Billing: fax: 12: why`.
fn left_out(imported: &Imported) -> Vec<String> {
    let line = |left: &dialtree::import::LeftOutSummary| format!("{}: {}: {}", left.entry, left.what, left.why);
    imported.summary.left_out.iter().map(line).collect()
}

/// Whether something was left out whose line has these words, for each of them and for nothing else.
#[track_caller]
fn assert_left_out(imported: &Imported, expected: &[&[&str]]) {
    let found = left_out(imported);
    let fits = |line: &String, words: &[&str]| words.iter().all(|word| line.contains(word));
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(|(line, words)| fits(line, words)),
        "{found:#?}"
    );
    // The same is said beside the entries in the file.
    for left in &imported.summary.left_out {
        let said = |line: &str| {
            line.trim_start().starts_with("// left out") && line.contains(&left.what) && line.contains(&left.why)
        };
        assert!(imported.ron.lines().any(said), "{left:?}\n{}", imported.ron);
    }
}
