//! A data file that is edited while it is open, one that is slow to read, and one that is invalid.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use dialtree::directory::EMBEDDED;

use crate::harness::{CTRL_C, CTRL_Q, DIALTREE, ESC, F4, F8, ScreenText, Setup, Terminal};
use crate::support::folder;

/// The built-in directory with another label for Commissions.
fn with_label(label: &str) -> String {
    EMBEDDED.replace("label: \"Commissions\"", &format!("label: \"{label}\""))
}

fn data_file(name: &str) -> PathBuf {
    let path = folder(name).join("mine.ron");
    fs::write(&path, EMBEDDED).unwrap();
    path
}

/// The navigator with a data file, at Commissions.
fn at_commissions(path: &Path) -> Terminal {
    let mut terminal = Terminal::start(&Setup { args: &["--data", path.to_str().unwrap()], ..Setup::default() });
    terminal.shows(&["mine.ron · checked"]);
    terminal.keys("111");
    terminal.wait_for(|screen| screen.is_selected("1 Commissions"));
    terminal
}

#[track_caller]
fn is_at(terminal: &Terminal, label: &str) {
    terminal.wait_for(|screen| {
        screen.is_selected(&format!("1 {label}"))
            && screen.has(&format!("─ {label} ─"))
            && screen.message().contains(&format!("Changed: name {label} (was "))
    });
}

#[test]
fn an_edited_file_is_reloaded_and_the_position_is_kept() {
    let path = data_file("edited");
    let mut terminal = at_commissions(&path);
    fs::write(&path, with_label("In place")).unwrap();
    is_at(&terminal, "In place");
    let beside = path.with_file_name("mine.ron.tmp");
    fs::write(&beside, with_label("Renamed over")).unwrap();
    fs::rename(&beside, &path).unwrap();
    is_at(&terminal, "Renamed over");
    fs::rename(&path, path.with_file_name("mine.ron~")).unwrap();
    fs::write(&path, with_label("Old one kept")).unwrap();
    is_at(&terminal, "Old one kept");
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
}

#[test]
fn a_symbolic_link_that_changes_is_followed() {
    let first = data_file("first");
    let other = data_file("other");
    let link = folder("link").join("mine.ron");
    symlink(&first, &link).unwrap();
    let terminal = at_commissions(&link);
    fs::write(&first, with_label("Behind the link")).unwrap();
    is_at(&terminal, "Behind the link");
    fs::write(&other, with_label("Elsewhere")).unwrap();
    let beside = link.with_file_name("new");
    symlink(&other, &beside).unwrap();
    fs::rename(&beside, &link).unwrap();
    is_at(&terminal, "Elsewhere");
    fs::write(&other, with_label("Behind the new link")).unwrap();
    is_at(&terminal, "Behind the new link");
}

#[test]
fn problems_are_shown_and_the_last_valid_data_stay() {
    let path = data_file("wrong");
    let mut terminal = at_commissions(&path);
    let broken = EMBEDDED.replacen("schema: 2,", "schema: 2", 1);
    let line = EMBEDDED.lines().position(|line| line.contains("schema: 2,")).unwrap() + 2;
    let syntax = format!("mine.ron:{line}:3: a comma");
    let unknown = with_label("Commissions").replacen("zone: \"America/Los_Angeles\"", "zone: \"Mars\"", 1);
    for (text, says) in [
        (Some(broken), &*syntax),
        (Some(unknown), "`Mars` is not a time zone"),
        (Some(String::new()), "mine.ron:1:1: the file is empty"),
        (Some(EMBEDDED[..EMBEDDED.len() / 2].to_owned()), "mine.ron:"),
        (None, "mine.ron: there is no such file"),
        (Some("\u{0}".to_owned()), "mine.ron: not UTF-8 text"),
    ] {
        match text {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        terminal.wait_for(|screen| {
            let message = screen.message();
            message.contains(says) && message.contains("earlier data") && screen.is_selected("1 Commissions")
        });
    }
    // Whatever is wrong with the file, the data on the screen can be used.
    terminal.keys("\x7f");
    terminal
        .wait_for(|screen| screen.is_selected("1 Brokers") && screen.message().contains("mine.ron: not UTF-8 text"));
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.message().contains("mine.ron: not UTF-8 text"));
    terminal.resize((120, 40));
    terminal.keys("1");
    fs::write(&path, with_label("Right again")).unwrap();
    is_at(&terminal, "Right again");
    terminal.wait_for(|screen| screen.row(1).contains("mine.ron · checked"));
}

#[test]
fn a_moved_key_is_marked_and_all_problems_are_listed() {
    let path = data_file("moved");
    let mut terminal = at_commissions(&path);
    let (before, menu) = EMBEDDED.split_once("label: \"Commissions\"").unwrap();
    let (above, below) = before.rsplit_once("press: \"1\"").unwrap();
    let moved = format!("{above}press: \"8\"{below}label: \"Commissions\"{menu}");
    fs::write(&path, &moved).unwrap();
    terminal.wait_for(|screen| {
        screen.message().contains("Changed: press 1, then 8 (was 1, then 1)")
            && screen.is_selected("Δ8 Commissions")
            && screen.has("Δ ▸ 2  Press [8] Commissions")
    });
    let wrong = [
        ("transcribed: \"2026", "transcribed: \"26"),
        ("zone: \"America/Los_Angeles\"", "zone: \"Mars\""),
        ("id: \"ifp-line\"", "id: \"IFP line\""),
    ];
    fs::write(&path, wrong.iter().fold(moved.clone(), |text, (from, to)| text.replacen(from, to, 1))).unwrap();
    terminal.wait_for(|screen| {
        screen.message().contains("(and 2 more: F4 lists all)") && screen.has("Δ ▸ 2  Press [8] Commissions")
    });
    terminal.keys(F4);
    terminal.shows(&["━ 3 problems in mine.ron ━", "is not a date", "`Mars` is not a time zone", "`IFP line`"]);
    fs::write(&path, &moved).unwrap();
    terminal.wait_for(|screen| !screen.has("3 problems") && screen.message().contains("Reloaded mine.ron"));
    terminal.keys(F4);
    terminal.wait_for(|screen| screen.message().contains("No problems are known here"));
}

/// A pipe without a writer, in place of a file that is slow to read.
fn slow(name: &str) -> PathBuf {
    let path = folder(name).join("slow.ron");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// The navigator, waiting for a pipe, started from a shell that prints the terminal's settings before and after it.
fn waiting(path: &Path) -> Terminal {
    let terminal = Terminal::start_between_settings(DIALTREE, &["--data", path.to_str().unwrap()], &[]);
    terminal.shows(&[" slow.ron", "Reading slow.ron", "░", "0%", "Esc cancel"]);
    terminal
}

#[test]
fn a_slow_load_shows_its_progress() {
    let path = slow("slow");
    let mut terminal = waiting(&path);
    // Keys that need a directory do nothing yet.
    terminal.keys("1/\x1b[200~x\x1b[201~?");
    fs::write(&path, EMBEDDED).unwrap();
    terminal.wait_for(|screen| screen.is_selected("5 Everyone") && screen.has("slow.ron · checked"));
    terminal.keys("111");
    terminal.wait_for(|screen| screen.is_selected("1 Commissions"));
}

#[test]
fn cancelling_the_load_exits_with_130() {
    for key in [ESC, CTRL_Q, CTRL_C] {
        let path = slow("cancelled");
        let mut terminal = waiting(&path);
        terminal.keys(key);
        let (_, screen) = terminal.end();
        assert!(screen.is_restored());
        let contents = screen.contents();
        assert!(contents.contains("dialtree: loading was cancelled") && contents.contains("code 130"), "{contents}");
    }
}

#[test]
fn a_failed_load_is_reported_after_the_terminal_is_restored() {
    let path = slow("late");
    let terminal = waiting(&path);
    fs::write(&path, "(schema: 3)").unwrap();
    let ends = |terminal: &Terminal, says: &str| {
        let (_, screen) = terminal.end();
        let contents = screen.contents();
        let lines: Vec<&str> = contents.trim_end().lines().collect();
        assert!(screen.is_restored() && lines[lines.len() - 2..][0] == "code 2", "{contents}");
        assert_eq!(lines.first(), lines.last(), "the terminal's settings have changed");
        // A line may be longer than the terminal is wide.
        assert!(lines.concat().contains(says), "{contents}");
    };
    ends(&terminal, "slow.ron:1:10: schema 3 is not supported; write schema: 2");
    // So is a problem that is found before the first frame. Files are parsed on a thread with a stack of its own.
    let path = folder("soon").join("mine.ron");
    fs::write(&path, "(").unwrap();
    fs::write(path.with_file_name("deep.ron"), format!("(unknown: {}", "[(".repeat(50_000))).unwrap();
    for (name, says) in [
        ("mine.ron", "mine.ron:1:1: syntax error"),
        ("no.ron", "no.ron: there is no such file"),
        ("deep.ron", "this is nested too deeply"),
    ] {
        let path = path.with_file_name(name);
        let terminal = Terminal::start_between_settings(DIALTREE, &["--data", path.to_str().unwrap()], &[]);
        ends(&terminal, says);
    }
}

#[test]
fn the_files_of_a_folder_come_and_go_and_a_bad_one_is_told() {
    let folder = folder("carriers");
    let other =
        || EMBEDDED.replacen("id: \"healthnet", "id: \"other", 1).replace("organisation: \"", "organisation: \"Other ");
    fs::write(folder.join("one.ron"), EMBEDDED).unwrap();
    fs::write(folder.join("bad.ron"), "(").unwrap();
    let mut terminal = Terminal::start(&Setup { args: &["--data", folder.to_str().unwrap()], ..Setup::default() });
    terminal.wait_for(|screen| screen.message().contains("bad.ron:1:1: "));
    terminal.wait_for(|screen| !screen.has("All directories"));
    fs::write(folder.join("bad.ron"), other()).unwrap();
    terminal.shows(&["All directories", "Other Health Net was added"]);
    terminal.keys("\x18other\r");
    terminal.shows(&["Now in Other"]);
    fs::remove_file(folder.join("bad.ron")).unwrap();
    terminal
        .wait_for(|screen| !screen.has("All directories") && screen.message().contains("Other Health Net was removed"));
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
}

#[test]
fn an_editor_opens_at_the_entry_and_what_it_saves_is_shown() {
    let path = data_file("in_editor");
    let editor = path.with_file_name("vim");
    // It reads the terminal itself, and its keys do nothing else.
    let script = "#!/bin/sh\necho \"At $1\"; read line; sed -i \"s/label: \\\"Commissions/label: \\\"$line/\" \"$2\"\n";
    fs::write(&editor, script).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let env = &[("EDITOR", editor.to_str().unwrap()), ("VISUAL", "")];
    let args = &["--data", path.to_str().unwrap()];
    let mut terminal = Terminal::start(&Setup { args, env, ..Setup::default() });
    terminal.shows(&["mine.ron · checked"]);
    terminal.keys("111");
    terminal.wait_for(|screen| screen.is_selected("1 Commissions"));
    terminal.keys(F8);
    terminal.shows(&["At +"]);
    terminal.keys("Payouts q\r");
    is_at(&terminal, "Payouts q");
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
}

#[test]
fn the_built_in_directory_is_not_edited() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("111");
    terminal.keys(F8);
    terminal.shows(&["make a copy with `dialtree export --format ron > mine.ron`"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
}
