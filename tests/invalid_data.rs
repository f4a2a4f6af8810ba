//! The messages for invalid data files.
//!
//! Each `invalid_data/NAME.ron` has one mistake or a few, and `NAME.txt` has the expected messages, one per line. To
//! add a case, write its `.ron` and run this test with `WRITE_MESSAGES=1`, which writes the missing or changed `.txt`
//! and fails. Check that someone who does not program would understand the messages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dialtree::directory::{Directory, EMBEDDED};

/// Fewer cases than this means that the folder was not found or not read in full.
const MIN_CASES: usize = 25;

#[test]
fn each_invalid_file_has_the_expected_messages() {
    let names = names("ron");
    assert!(names.len() >= MIN_CASES, "{} cases, expected at least {MIN_CASES}", names.len());
    let differences: Vec<String> = names.iter().filter_map(|name| difference(name)).collect();
    assert!(differences.is_empty(), "{} of {} differ\n\n{}", differences.len(), names.len(), differences.join("\n"));
}

#[test]
fn each_ron_file_has_a_txt_file_and_vice_versa() {
    let (files, messages) = (names("ron"), names("txt"));
    let unpaired: Vec<&String> = files.symmetric_difference(&messages).collect();
    assert!(unpaired.is_empty(), "a .ron without a .txt, or a .txt without a .ron: {unpaired:?}");
    let paired = files.len() + messages.len();
    assert_eq!(fs::read_dir(folder()).unwrap().count(), paired, "the folder contains other files");
}

/// Messages quote the file and are printed to a terminal.
#[test]
fn no_message_contains_control_characters() {
    for name in names("ron") {
        let messages = messages(&name).unwrap_or_default();
        let control = messages.chars().find(|c| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c));
        assert_eq!(control, None, "{name}");
    }
}

#[test]
fn a_valid_file_is_accepted() {
    assert!(Directory::load("healthnet.ron", EMBEDDED).is_ok());
}

/// How the messages of a case differ from the expected ones; `None` if they do not.
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

/// Expected lines that are missing, after `-`, and unexpected lines, after `+`.
fn changed_lines(expected: &str, actual: &str) -> String {
    let (expected, lines): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let missing = expected.iter().filter(|line| !lines.contains(line)).map(|line| format!("  - {line}\n"));
    let unexpected = lines.iter().filter(|line| !expected.contains(line)).map(|line| format!("  + {line}\n"));
    let changed: String = missing.chain(unexpected).collect();
    if changed.is_empty() { format!("  the order differs; actual:\n{actual}\n") } else { changed }
}

/// The messages for a file; `None` if it is accepted.
fn messages(name: &str) -> Option<String> {
    let source = fs::read_to_string(path(name, "ron")).unwrap();
    Directory::load(&format!("{name}.ron"), &source).err().map(|problems| problems.to_string())
}

/// The names of the files with an extension, sorted.
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
