//! Files that are no directory, or a wrong one: what is wrong is said with its place, nothing is done by half, and
//! the program ends with 2.
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

/// Checks that a file is refused in these words, after its name, and gives all that is said.
#[track_caller]
fn is_refused(data: &Path, words: &str) -> String {
    let output = find(data);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let expected = format!("dialtree: {}{words}", data.display());
    assert!(said.starts_with(&expected), "not {expected}\nbut {said}");
    assert!(said.lines().count() <= 21 && said.lines().all(|line| line.len() < 1_000), "{said}");
    said
}

/// The same for a file with these bytes.
#[track_caller]
fn are_refused(name: &str, bytes: impl AsRef<[u8]>, words: &str) -> String {
    is_refused(&file(name, bytes), words)
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder(&format!("bad-{name}")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// A directory whose only contact has this in it.
fn with_contact(fields: &str) -> String {
    format!(
        "(schema: 1, id: \"one\", name: \"One\", organisation: \"One\", source: \"One\", transcribed: \"2026-11-23\",\n\
         audiences: [], contacts: [(id: \"one\", name: \"Commission\", source: \"One\",\n{fields})])"
    )
}

#[test]
fn what_is_no_file() {
    let folder = folder("no_file");
    is_refused(&folder.join("missing.ron"), ": there is no such file");
    is_refused(&folder, ": this is a folder; give the path of a data file in it");
    let link = folder.join("nowhere.ron");
    symlink("missing.ron", &link).unwrap();
    is_refused(&link, ": there is no such file");
    let circle = folder.join("circle.ron");
    symlink("circle.ron", &circle).unwrap();
    is_refused(&circle, ": this file cannot be read: ");
    let below_a_file = file("plain.ron", "").join("below.ron");
    is_refused(&below_a_file, ": this file cannot be read: Not a directory");
}

#[test]
fn what_may_not_be_read() {
    let path = file("locked.ron", EMBEDDED);
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        // Whoever may read everything is refused by a file that no one can read: the memory of a process, at its start.
        is_refused(Path::new("/proc/self/mem"), ": this file cannot be read: ");
    } else {
        is_refused(&path, ": permission denied");
    }
}

#[test]
fn what_is_too_large() {
    let path = file("large.ron", "");
    File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    is_refused(&path, ": larger than 256 MB, the limit for a data file");
    is_refused(Path::new("/dev/zero"), ": larger than 256 MB, the limit for a data file");
}

#[test]
fn files_that_are_not_text() {
    are_refused("empty.ron", "", ":1:1: the file is empty; start from the output of `dialtree export --format ron`");
    are_refused("blank.ron", " \n\n", ":");
    is_refused(Path::new("/dev/null"), ":1:1: the file is empty");
    is_refused(Path::new(env!("CARGO_BIN_EXE_dialtree")), ": not UTF-8 text: line 1, column ");
    are_refused("zero.ron", "(\n  id: \"\0\"", ": not UTF-8 text: line 2, column 8 has the byte 0x00");
    are_refused("latin.ron", b"// Caf\xe9", ": not UTF-8 text: line 1, column 7 has the byte 0xE9");
    let utf16: Vec<u8> = "(schema: 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    are_refused("utf16.ron", utf16, ": not UTF-8 text: line 1, column 2 has the byte 0x00");
}

#[test]
fn a_byte_order_mark_and_ends_of_lines_of_windows_are_no_mistakes() {
    for text in [format!("\u{feff}{EMBEDDED}"), EMBEDDED.replace('\n', "\r\n")] {
        let output = find(&file("windows.ron", text));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("1-800-909-3447"));
    }
    let wrong = EMBEDDED.replace("schema: 1", "schema: 2").replace('\n', "\r\n");
    let line = EMBEDDED.lines().position(|line| line.contains("schema: 1")).unwrap() + 1;
    are_refused("windows-wrong.ron", format!("\u{feff}{wrong}"), &format!(":{line}:11: schema 2 is not supported"));
}

#[test]
fn another_version_of_the_format() {
    let text = with_contact("").replace("schema: 1", "schema: 99");
    are_refused("schema.ron", text, ":1:10: schema 99 is not supported; write schema: 1");
}

#[test]
fn brackets_without_end() {
    for (name, bracket) in [("round.ron", "("), ("square.ron", "["), ("both.ron", "([")] {
        let brackets = bracket.repeat(100_000);
        are_refused(name, &brackets, ":1:");
        let said = are_refused(name, with_contact(&format!("unknown: {brackets}")), ":3:");
        assert!(said.contains("this is nested too deeply"), "{said}");
    }
    are_refused("braces.ron", "{".repeat(100_000), ":1:1: syntax error: expected a record in parentheses");
}

#[test]
fn menus_as_deep_as_can_be_read_are_searched() {
    let menu = |depth: usize| {
        let open = (0..depth).map(|key| format!("menu: [(key: \"1\", label: \"Level {key}\", ")).collect::<String>();
        with_contact(&format!("channels: [(phone: \"1-800-555-0100\", {open}{})]", ")]".repeat(depth)))
    };
    let output = find(&file("deep.ron", menu(25)));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Level 0"));
    let said = are_refused("deeper.ron", menu(5_000), ":3:");
    assert!(said.contains("this is nested too deeply"), "{said}");
}

#[test]
fn ten_thousand_options_in_one_menu() {
    let option = |key: usize| format!("(key: \"{}\", label: \"Option {key}\"),\n", key % 10);
    let options = (0..10_000).map(option).collect::<String>();
    let text = with_contact(&format!("channels: [(phone: \"1-800-555-0100\", menu: [\n{options}])]"));
    let path = file("options.ron", text);
    let said = is_refused(&path, ":14:7: key 0 is used twice in this menu; give each option its own key");
    let last = format!("and 9970 more; `dialtree check {}` lists them all", path.display());
    assert_eq!(said.lines().count(), 21);
    assert_eq!(said.lines().last(), Some(&*last));
}

#[test]
fn gates_in_a_circle() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_data/gates-circle.ron");
    is_refused(&path, ":12:73: the gates form a cycle: this site is behind the notice `back`");
}

#[test]
fn text_that_would_steer_a_terminal_is_named_and_not_shown() {
    for (name, character, code) in [
        ("escape.ron", '\u{1b}', "001B"),
        ("bell.ron", '\u{7}', "0007"),
        ("csi.ron", '\u{9b}', "009B"),
        ("bidi.ron", '\u{202e}', "202E"),
        ("isolate.ron", '\u{2066}', "2066"),
    ] {
        let message = format!(":3:9: this text contains the character U+{code}, which a terminal may interpret");
        let said = are_refused(name, with_contact(&format!("notes: [\"a{character}[31mb\"]")), &message);
        assert!(!said.contains(character));
        are_refused(name, with_contact(&format!("notes: [\"a\\u{{{code}}}b\"]")), &message);
    }
    // Nor is a name of a file that would.
    let output = find(Path::new("no\u{1b}[31msuch.ron"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("dialtree: no\u{fffd}[31msuch.ron: there is no such file"), "{said:?}");
}

/// What takes a moment for each problem must not take a moment for each problem and each byte.
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
fn what_is_wrong_is_wrong_for_the_other_commands_too() {
    let path = file("navigator.ron", "(");
    for (arguments, says) in [(&[][..], "there is no terminal here"), (&["find", "--json", "x"], ":1:1: ")] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_dialtree")).args(arguments).env("DIALTREE_DATA", &path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
        assert!(said.contains(says), "{said}");
    }
}
