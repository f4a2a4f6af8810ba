//! The error messages for invalid data files.
//!
//! Each `invalid_data/NAME.ron` is rejected with exactly the messages in `NAME.txt`, one per line. To add a case, write
//! its `.ron` and run the test with `WRITE_MESSAGES=1`, which writes missing and changed `.txt` files and fails. Then
//! review the messages: a user who is not a programmer must understand them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dialtree::directory::{Directory, EMBEDDED};

/// The minimum number of cases, so that the test fails if the folder is empty.
const MIN_CASES: usize = 25;

#[test]
fn each_invalid_file_is_rejected_with_the_expected_messages() {
    let names = names("ron");
    assert!(names.len() >= MIN_CASES, "{} cases, expected at least {MIN_CASES}", names.len());
    let differences: Vec<String> = names.iter().filter_map(|name| difference(name)).collect();
    assert!(differences.is_empty(), "{} of {} differ\n\n{}", differences.len(), names.len(), differences.join("\n"));
}

#[test]
fn every_file_has_messages_and_every_message_a_file() {
    let (files, messages) = (names("ron"), names("txt"));
    let alone: Vec<&String> = files.symmetric_difference(&messages).collect();
    assert!(alone.is_empty(), "a .ron without a .txt, or a .txt without a .ron: {alone:?}");
    let known = files.len() + messages.len();
    assert_eq!(fs::read_dir(folder()).unwrap().count(), known, "the folder contains other files");
}

/// The messages quote the file and are printed to a terminal.
#[test]
fn no_message_contains_control_characters() {
    for name in names("ron") {
        let actual = messages(&name).unwrap_or_default();
        let control = actual.chars().find(|c| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c));
        assert_eq!(control, None, "{name}");
    }
}

#[test]
fn a_valid_file_is_accepted() {
    assert!(Directory::load("healthnet.ron", EMBEDDED).is_ok());
}

/// The difference between the actual and the expected messages for a file, or `None` if there is none.
fn difference(name: &str) -> Option<String> {
    let Some(actual) = messages(name) else { return Some(format!("{name}.ron\n  is accepted\n")) };
    let path = path(name, "txt");
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected.trim_end() == actual {
        return None;
    }
    if std::env::var_os("WRITE_MESSAGES").is_some() {
        fs::write(&path, format!("{actual}\n")).unwrap();
    }
    Some(format!("{name}.ron\n{}", changed_lines(expected.trim_end(), &actual)))
}

/// The missing lines after `-` and the unexpected ones after `+`.
fn changed_lines(expected: &str, actual: &str) -> String {
    let (wanted, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let gone = wanted.iter().filter(|line| !found.contains(line)).map(|line| format!("  - {line}\n"));
    let new = found.iter().filter(|line| !wanted.contains(line)).map(|line| format!("  + {line}\n"));
    let changed: String = gone.chain(new).collect();
    if changed.is_empty() { format!("  the order differs; actual:\n{actual}\n") } else { changed }
}

/// The messages for a file, or `None` if it is accepted.
fn messages(name: &str) -> Option<String> {
    let source = fs::read_to_string(path(name, "ron")).unwrap();
    Directory::load(&format!("{name}.ron"), &source).err().map(|problems| problems.to_string())
}

/// The names of the files with an extension, without it.
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
