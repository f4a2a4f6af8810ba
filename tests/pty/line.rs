//! The navigator in lines: a conversation of prompts and plain answers.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::harness::{DIALTREE, MONDAY, Terminal};

/// Starts the navigator in lines, in a terminal.
fn start(args: &[&str], env: &[(&str, &str)]) -> Terminal {
    let args = ["--at", MONDAY].into_iter().chain(args.iter().copied());
    let terminal = Terminal::spawn(DIALTREE, args, (200, 600), env);
    terminal.shows(&["Health Net broker key contacts", "2. Small Business", "Audience 1 to 7"]);
    terminal
}

/// Checks that the session has ended well, and that no escape sequence was written to the terminal.
#[track_caller]
fn has_ended(terminal: &Terminal) {
    assert!(terminal.end().0.success());
    assert!(!terminal.raw().contains(&0x1b), "{}", String::from_utf8_lossy(&terminal.raw()));
}

#[test]
fn a_caller_is_answered_in_lines() {
    let mut terminal = start(&["--line"], &[]);
    terminal.keys("they ask about their commission\n");
    terminal
        .shows(&["1. Commissions; IFP, Small Business, Large Group; 1-800-909-3447, press 1, then 1", "Answer 1 to"]);
    terminal.keys("1\n");
    terminal.shows(&["Not for Medicare", "Copy, back, what the caller needs, or help:"]);
    terminal.keys("copy\n");
    terminal.shows(&["to copy: +18009093447 (not copied: press 1, then 1)"]);
    terminal.keys("back\nquit\n");
    has_ended(&terminal);
}

#[test]
fn a_dumb_terminal_is_used_in_lines_and_its_keys_walk_the_menu() {
    let mut terminal = start(&[], &[("TERM", "dumb")]);
    terminal.keys("1\n");
    terminal.shows(&["1. Broker line; IFP; 1-800-909-3447", "Line 1 to "]);
    terminal.keys("1\n");
    terminal.shows(&["Phone key 1, copy, back"]);
    terminal.keys("11\n");
    terminal.shows(&["> 2  Press [1] Commissions"]);
    terminal.keys("undo\n9\n");
    terminal.shows(&["No key 9 is listed after Brokers; 1 2 3 4 5 are listed."]);
    terminal.keys("back\nback\n");
    terminal.shows(&["Ready for the next caller"]);
    terminal.keys("copy\n8\n");
    terminal.shows(&["Choose a line first.", "There is no line 8; choose 1 to 7"]);
    terminal.keys("\x04");
    has_ended(&terminal);
}

#[test]
fn hours_notices_links_and_help_are_read() {
    let mut terminal = start(&["--line"], &[]);
    terminal.keys("help\n");
    terminal.shows(&["copy as: choose what to copy", "quit or q: quit"]);
    terminal.keys("account services\n1\nhours\n");
    terminal.shows(&["* Open - closes 5:00 PM PT"]);
    terminal.keys("new\nnotices\n1\nopen\n");
    terminal.shows(&["Before this link opens: https://medicare.gov", "1. Cancel", "2. Continue"]);
    terminal.keys("2\n");
    terminal.shows(&["No browser can be opened here; the address is https://medicare.gov"]);
    terminal.keys("notices\n2\n1\n");
    // A notice is read section by section.
    terminal.shows(&["1. General Purpose"]);
    terminal.keys("commission\n1\ncopy as\n3\n");
    terminal.shows(&["4. Whole card", "to copy: tel:+18009093447,,1,,1"]);
    terminal.keys("/hours\n");
    terminal.shows(&["Answer 1 to"]);
    terminal.keys("person\nq\n");
    has_ended(&terminal);
}

#[test]
fn lines_need_no_terminal() {
    let mut command = Command::new(DIALTREE);
    command.args(["--line", "--at", MONDAY]).env("XDG_DATA_HOME", "/nonexistent").env_remove("DIALTREE_DATA");
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all("fraud\n1\n\x1b]52;c;AA\x07\n".as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("Fraud hotline\n1-800-977-3565\n"), "{text}");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

/// A kiosk runs no program, and its user's clipboard cannot be reached in lines.
#[test]
fn a_kiosk_on_a_dumb_terminal_prints_what_is_copied() {
    let mut terminal = start(&["--kiosk"], &[("TERM", "dumb"), ("TMUX", "/tmp/none,1,0"), ("DISPLAY", ":4242")]);
    terminal.keys("fraud\n1\ncopy\n");
    terminal.shows(&["No clipboard can be reached from here; to copy: +18009773565"]);
    terminal.keys("quit\n");
    has_ended(&terminal);
}
