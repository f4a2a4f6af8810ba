//! Unreadable and invalid data files: the error message names the file and, where there is one, the position, nothing is
//! printed to standard output, and the exit code is 2.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dialtree::directory::{Directory, EMBEDDED};
use support::folder;

fn find(data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dialtree")).args(["find", "commission", "--data"]).arg(data).output().unwrap()
}

/// Asserts that a file is rejected with a message that starts with its name and `message`. Returns standard error.
#[track_caller]
fn assert_rejected(data: &Path, message: &str) -> String {
    let output = find(data);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let expected = format!("dialtree: {}{message}", data.display());
    assert!(error.starts_with(&expected), "expected {expected}\nfound {error}");
    assert!(error.lines().count() <= 21 && error.lines().all(|line| line.len() < 1_000), "{error}");
    error
}

/// The same for a new file with the given bytes.
#[track_caller]
fn assert_bytes_rejected(name: &str, bytes: impl AsRef<[u8]>, message: &str) -> String {
    assert_rejected(&file(name, bytes), message)
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder(&format!("bad-{name}")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// A directory whose only contact has the given fields.
fn with_contact(fields: &str) -> String {
    format!(
        "(schema: 1, id: \"one\", name: \"One\", organisation: \"One\", source: \"One\", transcribed: \"2026-11-23\",\n\
         audiences: [], contacts: [(id: \"one\", name: \"Commission\", source: \"One\",\n{fields})])"
    )
}

#[test]
fn missing_files_and_folders_are_rejected() {
    let folder = folder("no_file");
    assert_rejected(&folder.join("missing.ron"), ": there is no such file");
    assert_rejected(&folder, ": this folder has no data file (*.ron)");
    let link = folder.join("dangling.ron");
    symlink("missing.ron", &link).unwrap();
    assert_rejected(&link, ": there is no such file");
    let cycle = folder.join("cycle.ron");
    symlink("cycle.ron", &cycle).unwrap();
    assert_rejected(&cycle, ": this file cannot be read: ");
    let below_a_file = file("plain.ron", "").join("below.ron");
    assert_rejected(&below_a_file, ": this file cannot be read: Not a directory");
}

#[test]
fn unreadable_files_are_rejected() {
    let path = file("locked.ron", EMBEDDED);
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        // Permissions do not stop root, but nobody can read the memory of a process at address 0.
        assert_rejected(Path::new("/proc/self/mem"), ": this file cannot be read: ");
    } else {
        assert_rejected(&path, ": permission denied");
    }
}

#[test]
fn files_that_are_too_large_are_rejected() {
    let path = file("large.ron", "");
    File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    assert_rejected(&path, ": larger than 256 MB, the limit for a data file");
    assert_rejected(Path::new("/dev/zero"), ": larger than 256 MB, the limit for a data file");
}

#[test]
fn files_that_are_not_text_are_rejected() {
    assert_bytes_rejected(
        "empty.ron",
        "",
        ":1:1: the file is empty; start from the output of `dialtree export --format ron`",
    );
    assert_bytes_rejected("blank.ron", " \n\n", ":");
    assert_rejected(Path::new("/dev/null"), ":1:1: the file is empty");
    assert_rejected(Path::new("/bin/sh"), ": not UTF-8 text: line 1, column ");
    assert_bytes_rejected("zero.ron", "(\n  id: \"\0\"", ": not UTF-8 text: line 2, column 8 has the byte 0x00");
    assert_bytes_rejected("latin.ron", b"// Caf\xe9", ": not UTF-8 text: line 1, column 7 has the byte 0xE9");
    let utf16: Vec<u8> = "(schema: 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_bytes_rejected("utf16.ron", utf16, ": not UTF-8 text: line 1, column 2 has the byte 0x00");
}

#[test]
fn byte_order_marks_and_windows_line_endings_are_accepted() {
    for text in [format!("\u{feff}{EMBEDDED}"), EMBEDDED.replace('\n', "\r\n")] {
        let output = find(&file("windows.ron", text));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("1-800-909-3447"));
    }
    let wrong = EMBEDDED.replace("schema: 2", "schema: 3").replace('\n', "\r\n");
    let line = EMBEDDED.lines().position(|line| line.contains("schema: 2")).unwrap() + 1;
    assert_bytes_rejected(
        "windows-wrong.ron",
        format!("\u{feff}{wrong}"),
        &format!(":{line}:11: schema 3 is not supported"),
    );
}

#[test]
fn other_versions_of_the_format_are_rejected() {
    let text = with_contact("").replace("schema: 1", "schema: 99");
    assert_bytes_rejected("schema.ron", text, ":1:10: schema 99 is not supported; write schema: 2");
}

#[test]
fn unclosed_brackets_are_rejected() {
    for (name, bracket) in [("round.ron", "("), ("square.ron", "["), ("both.ron", "([")] {
        let brackets = bracket.repeat(100_000);
        assert_bytes_rejected(name, &brackets, ":1:");
        let error = assert_bytes_rejected(name, with_contact(&format!("unknown: {brackets}")), ":3:");
        assert!(error.contains("this is nested too deeply"), "{error}");
    }
    assert_bytes_rejected("braces.ron", "{".repeat(100_000), ":1:1: syntax error: expected a record in parentheses");
}

#[test]
fn the_deepest_menu_that_can_be_parsed_is_searched() {
    let menu = |depth: usize| {
        let open = (0..depth).map(|key| format!("menu: [(key: \"1\", label: \"Level {key}\", ")).collect::<String>();
        with_contact(&format!("channels: [(phone: \"1-800-555-0100\", {open}{})]", ")]".repeat(depth)))
    };
    let output = find(&file("deep.ron", menu(25)));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Level 0"));
    let error = assert_bytes_rejected("deeper.ron", menu(5_000), ":3:");
    assert!(error.contains("this is nested too deeply"), "{error}");
}

#[test]
fn only_the_first_of_many_problems_are_printed() {
    let option = |key: usize| format!("(key: \"{}\", label: \"Option {key}\"),\n", key % 10);
    let options = (0..10_000).map(option).collect::<String>();
    let text = with_contact(&format!("channels: [(phone: \"1-800-555-0100\", menu: [\n{options}])]"));
    let path = file("options.ron", text);
    let error = assert_rejected(&path, ":14:7: key 0 is used twice in this menu; give each option its own key");
    let last = format!("and 9970 more; `dialtree check {}` lists them all", path.display());
    assert_eq!(error.lines().count(), 21);
    assert_eq!(error.lines().last(), Some(&*last));
}

#[test]
fn cyclic_gates_are_rejected() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_data/gates-circle.ron");
    assert_rejected(&path, ":12:73: the gates form a cycle: this site is behind the notice `back`");
}

#[test]
fn control_characters_are_named_and_not_printed() {
    for (name, character, code) in [
        ("escape.ron", '\u{1b}', "001B"),
        ("bell.ron", '\u{7}', "0007"),
        ("csi.ron", '\u{9b}', "009B"),
        ("bidi.ron", '\u{202e}', "202E"),
        ("isolate.ron", '\u{2066}', "2066"),
    ] {
        let message = format!(":3:9: this text contains the character U+{code}, which a terminal may interpret");
        let error = assert_bytes_rejected(name, with_contact(&format!("notes: [\"a{character}[31mb\"]")), &message);
        assert!(!error.contains(character));
        assert_bytes_rejected(name, with_contact(&format!("notes: [\"a\\u{{{code}}}b\"]")), &message);
    }
    for (name, character, code) in [("space.ron", '\u{200b}', "200B"), ("tag.ron", '\u{e0041}', "E0041")] {
        let message = format!(":3:9: this text contains the character U+{code}, which is invisible; remove it");
        assert_bytes_rejected(name, with_contact(&format!("notes: [\"a{character}b\"]")), &message);
    }
    // The same holds for file names.
    let output = find(Path::new("no\u{1b}[31msuch.ron"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("dialtree: no\u{fffd}[31msuch.ron: there is no such file"), "{error:?}");
}

/// The time must be linear in the length of the file, not in its length times the number of problems.
#[test]
fn many_problems_in_one_line_are_reported_quickly() {
    let notes = "1, ".repeat(100_000);
    let problems = Directory::load("wrong", &with_contact(&format!("notes: [{notes}]"))).unwrap_err();
    let (more, kept) = problems.list.split_last().unwrap();
    assert_eq!(kept.len(), 10_000, "the number of recorded problems is limited");
    assert!(kept.iter().enumerate().all(|(index, problem)| (problem.line, problem.column) == (3, 9 + index * 3)));
    assert_eq!(more.message, "more than 10000 problems; fix the first ones and check again");
}

#[test]
fn other_commands_report_the_same_errors() {
    let path = file("navigator.ron", "(");
    for (arguments, expected) in [(&[][..], "there is no terminal here"), (&["find", "--json", "x"], ":1:1: ")] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_dialtree")).args(arguments).env("DIALTREE_DATA", &path).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}
