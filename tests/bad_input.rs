//! Files that are not valid directories: the error names the file, line and column, nothing is printed to standard
//! output, and the exit code is 2.
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

/// Checks that a file is rejected with a message after its name, and returns the whole standard error output.
#[track_caller]
fn is_rejected(data: &Path, message: &str) -> String {
    let output = find(data);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let expected = format!("dialtree: {}{message}", data.display());
    assert!(error.starts_with(&expected), "not {expected}\nbut {error}");
    assert!(error.lines().count() <= 21 && error.lines().all(|line| line.len() < 1_000), "{error}");
    error
}

/// The same for a new file with the given contents.
#[track_caller]
fn bytes_are_rejected(name: &str, bytes: impl AsRef<[u8]>, message: &str) -> String {
    is_rejected(&file(name, bytes), message)
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
fn missing_files_folders_and_broken_links() {
    let folder = folder("no_file");
    is_rejected(&folder.join("missing.ron"), ": there is no such file");
    is_rejected(&folder, ": this is a folder; give the path of a data file in it");
    let link = folder.join("nowhere.ron");
    symlink("missing.ron", &link).unwrap();
    is_rejected(&link, ": there is no such file");
    let cycle = folder.join("circle.ron");
    symlink("circle.ron", &cycle).unwrap();
    is_rejected(&cycle, ": this file cannot be read: ");
    let below_a_file = file("plain.ron", "").join("below.ron");
    is_rejected(&below_a_file, ": this file cannot be read: Not a directory");
}

#[test]
fn a_file_without_read_permission() {
    let path = file("locked.ron", EMBEDDED);
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        // The superuser can read the file. The start of a process's memory cannot be read by any user.
        is_rejected(Path::new("/proc/self/mem"), ": this file cannot be read: ");
    } else {
        is_rejected(&path, ": permission denied");
    }
}

#[test]
fn files_that_are_too_large() {
    let path = file("large.ron", "");
    File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    is_rejected(&path, ": larger than 256 MB, the limit for a data file");
    is_rejected(Path::new("/dev/zero"), ": larger than 256 MB, the limit for a data file");
}

#[test]
fn files_that_are_not_text() {
    bytes_are_rejected("empty.ron", "", ":1:1: the file is empty; start it with `dialtree export --format ron`");
    bytes_are_rejected("blank.ron", " \n\n", ":");
    is_rejected(Path::new("/dev/null"), ":1:1: the file is empty");
    is_rejected(Path::new(env!("CARGO_BIN_EXE_dialtree")), ": not UTF-8 text: line 1, column ");
    bytes_are_rejected("zero.ron", "(\n  id: \"\0\"", ": not UTF-8 text: line 2, column 8 has the byte 0x00");
    bytes_are_rejected("latin.ron", b"// Caf\xe9", ": not UTF-8 text: line 1, column 7 has the byte 0xE9");
    let utf16: Vec<u8> = "(schema: 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes_are_rejected("utf16.ron", utf16, ": not UTF-8 text: line 1, column 2 has the byte 0x00");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    for text in [format!("\u{feff}{EMBEDDED}"), EMBEDDED.replace('\n', "\r\n")] {
        let output = find(&file("windows.ron", text));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("1-800-909-3447"));
    }
    let wrong = EMBEDDED.replace("schema: 1", "schema: 2").replace('\n', "\r\n");
    let line = EMBEDDED.lines().position(|line| line.contains("schema: 1")).unwrap() + 1;
    bytes_are_rejected("windows-wrong.ron", format!("\u{feff}{wrong}"), &format!(":{line}:11: schema 2 is not one"));
}

#[test]
fn an_unknown_schema_version() {
    let text = with_contact("").replace("schema: 1", "schema: 99");
    bytes_are_rejected("schema.ron", text, ":1:10: schema 99 is not one this program reads; write schema: 1");
}

#[test]
fn deeply_nested_brackets() {
    for (name, bracket) in [("round.ron", "("), ("square.ron", "["), ("both.ron", "([")] {
        let brackets = bracket.repeat(100_000);
        bytes_are_rejected(name, &brackets, ":1:");
        let error = bytes_are_rejected(name, with_contact(&format!("unknown: {brackets}")), ":3:");
        assert!(error.contains("this is nested too deeply"), "{error}");
    }
    bytes_are_rejected(
        "braces.ron",
        "{".repeat(100_000),
        ":1:1: this cannot be read: a record in parentheses is wanted",
    );
}

#[test]
fn the_deepest_menus_that_can_be_loaded_are_searched() {
    let menu = |depth: usize| {
        let open = (0..depth).map(|key| format!("menu: [(key: \"1\", label: \"Level {key}\", ")).collect::<String>();
        with_contact(&format!("channels: [(phone: \"1-800-555-0100\", {open}{})]", ")]".repeat(depth)))
    };
    let output = find(&file("deep.ron", menu(25)));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Level 0"));
    let error = bytes_are_rejected("deeper.ron", menu(5_000), ":3:");
    assert!(error.contains("this is nested too deeply"), "{error}");
}

#[test]
fn ten_thousand_options_in_one_menu() {
    let option = |key: usize| format!("(key: \"{}\", label: \"Option {key}\"),\n", key % 10);
    let options = (0..10_000).map(option).collect::<String>();
    let text = with_contact(&format!("channels: [(phone: \"1-800-555-0100\", menu: [\n{options}])]"));
    let path = file("options.ron", text);
    let error = is_rejected(&path, ":14:7: key 0 is twice in this menu; each option has its own");
    let last = format!("and 9970 more; `dialtree check {}` lists them all", path.display());
    assert_eq!(error.lines().count(), 21);
    assert_eq!(error.lines().last(), Some(&*last));
}

#[test]
fn notices_that_require_each_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_data/gates-circle.ron");
    is_rejected(&path, ":12:73: before this site comes the notice `back`");
}

#[test]
fn control_characters_are_reported_by_code_and_not_printed() {
    for (name, character, code) in [
        ("escape.ron", '\u{1b}', "001B"),
        ("bell.ron", '\u{7}', "0007"),
        ("csi.ron", '\u{9b}', "009B"),
        ("bidi.ron", '\u{202e}', "202E"),
        ("isolate.ron", '\u{2066}', "2066"),
    ] {
        let message = format!(":3:9: this text holds the character U+{code}, which could mislead a terminal");
        let error = bytes_are_rejected(name, with_contact(&format!("notes: [\"a{character}[31mb\"]")), &message);
        assert!(!error.contains(character));
        bytes_are_rejected(name, with_contact(&format!("notes: [\"a\\u{{{code}}}b\"]")), &message);
    }
    // Nor are control characters in a file name.
    let output = find(Path::new("no\u{1b}[31msuch.ron"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("dialtree: no\u{fffd}[31msuch.ron: there is no such file"), "{error:?}");
}

/// Computing the line and column of every problem must take linear, not quadratic, time.
#[test]
fn many_problems_in_one_line_are_reported_quickly() {
    let notes = "1, ".repeat(100_000);
    let problems = Directory::load("wrong", &with_contact(&format!("notes: [{notes}]"))).unwrap_err();
    let (more, kept) = problems.list.split_last().unwrap();
    assert_eq!(kept.len(), 10_000, "the number of problems kept is bounded");
    assert!(kept.iter().enumerate().all(|(index, problem)| (problem.line, problem.column) == (3, 9 + index * 3)));
    assert_eq!(more.message, "there are more problems than 10000; put the first ones right and check again");
}

#[test]
fn the_other_commands_reject_the_file_too() {
    let path = file("navigator.ron", "(");
    for (arguments, message) in [(&[][..], "there is no terminal here"), (&["find", "--json", "x"], ":1:1: ")] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_dialtree")).args(arguments).env("DIALTREE_DATA", &path).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{error}");
        assert!(error.contains(message), "{error}");
    }
}
