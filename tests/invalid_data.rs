//! What is said of files that have something wrong with them.
//!
//! Each `invalid_data/NAME.ron` is refused with exactly the words of `NAME.txt`, one line for each problem. To write a
//! new case, add its `.ron`, run with `WRITE_MESSAGES=1`, which writes the missing and the changed `.txt` and fails,
//! and read what was written as somebody would who does not program.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dialtree::directory::{Directory, EMBEDDED};

/// As many cases as there are at the least: an empty folder is no success.
const FEWEST: usize = 25;

#[test]
fn each_invalid_file_is_refused_in_the_expected_words() {
    let names = names("ron");
    assert!(names.len() >= FEWEST, "{} cases, of at least {FEWEST}", names.len());
    let differences: Vec<String> = names.iter().filter_map(|name| difference(name)).collect();
    assert!(differences.is_empty(), "{} of {} differ\n\n{}", differences.len(), names.len(), differences.join("\n"));
}

#[test]
fn each_file_has_its_messages_and_the_other_way_round() {
    let (files, messages) = (names("ron"), names("txt"));
    let alone: Vec<&String> = files.symmetric_difference(&messages).collect();
    assert!(alone.is_empty(), "a .ron without a .txt, or a .txt without a .ron: {alone:?}");
    let known = files.len() + messages.len();
    assert_eq!(fs::read_dir(folder()).unwrap().count(), known, "the folder holds something else");
}

/// The messages are shown on a terminal, and hold pieces of the file.
#[test]
fn no_message_can_steer_a_terminal() {
    for name in names("ron") {
        let said = messages(&name).unwrap_or_default();
        let steers = said.chars().find(|c| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c));
        assert_eq!(steers, None, "{name}");
    }
}

#[test]
fn a_file_without_problems_is_not_refused() {
    assert!(Directory::load("healthnet.ron", EMBEDDED).is_ok());
}

/// How what is said of a file differs from what is expected; `None` where it does not.
fn difference(name: &str) -> Option<String> {
    let Some(said) = messages(name) else { return Some(format!("{name}.ron\n  is accepted\n")) };
    let path = path(name, "txt");
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected.trim_end() == said {
        return None;
    }
    if std::env::var_os("WRITE_MESSAGES").is_some() {
        fs::write(&path, format!("{said}\n")).unwrap();
    }
    Some(format!("{name}.ron\n{}", changed_lines(expected.trim_end(), &said)))
}

/// Lines that are expected but not said after `-`, lines that are said but not expected after `+`.
fn changed_lines(expected: &str, said: &str) -> String {
    let (wanted, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), said.lines().collect());
    let gone = wanted.iter().filter(|line| !found.contains(line)).map(|line| format!("  - {line}\n"));
    let new = found.iter().filter(|line| !wanted.contains(line)).map(|line| format!("  + {line}\n"));
    let changed: String = gone.chain(new).collect();
    if changed.is_empty() { format!("  the order differs; said:\n{said}\n") } else { changed }
}

/// What is said of a file; `None` where it is accepted.
fn messages(name: &str) -> Option<String> {
    let source = fs::read_to_string(path(name, "ron")).unwrap();
    Directory::load(&format!("{name}.ron"), &source).err().map(|problems| problems.to_string())
}

/// The names of the files of one kind, in order.
fn names(extension: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn path(name: &str, extension: &str) -> PathBuf {
    folder().join(format!("{name}.{extension}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_data")
}
