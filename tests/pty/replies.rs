//! Replies of terminals to queries of other programs, which may come late and in pieces: none may act as keys.

use std::thread::sleep;
use std::time::Duration;

use crate::harness::{DIALTREE, DOWN, ScreenText, Setup, Terminal};

const REPLIES: &[&str] = &[
    // Device attributes, version, colours, capabilities, modes, size and graphics.
    "\x1b[>41;354;0c",
    "\x1b[?62;22c",
    "\x1bP>|XTerm(388)\x1b\\",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1b]10;rgb:1111/2222/3333\x07",
    "\x1bP1+r5463=31\x1b\\",
    "\x1b[?2026;2$y",
    "\x1b[8;24;80t",
    "\x1b_Gi=31;OK\x1b\\",
];

/// Longer than the time after which a lone Esc is the key.
const PAUSE: Duration = Duration::from_millis(120);

fn replies_change_nothing(args: &[&str]) {
    let mut terminal = Terminal::start(&Setup { args, ..Setup::default() });
    let before = terminal.wait_for(|screen| screen.is_selected("5 Everyone")).contents();
    for reply in REPLIES {
        terminal.keys(reply);
        // A pause after the first ESC would make it the key, as it does when a user types it.
        for split in [2, reply.len() / 2, reply.len() - 1] {
            terminal.keys(&reply[..split]);
            sleep(PAUSE);
            terminal.keys(&reply[split..]);
        }
    }
    sleep(PAUSE);
    assert_eq!(terminal.wait_for(|_| true).contents(), before);
    // Keys still work.
    terminal.keys("1");
    terminal.wait_for(|screen| screen.is_selected("Broker line"));
}

#[test]
fn late_replies_change_nothing() {
    replies_change_nothing(&[]);
}

#[test]
fn late_replies_change_nothing_in_a_kiosk() {
    replies_change_nothing(&["--kiosk"]);
}

#[test]
fn a_flood_of_keys_waits_in_the_terminal_and_not_in_memory() {
    let mut terminal = Terminal::start_between_settings(DIALTREE, &[], &[]);
    terminal.wait_for(|screen| screen.is_selected("Everyone"));
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let pid: u32 = raw.split_once("pid ").unwrap().1.split(['\r', '\n']).next().unwrap().parse().unwrap();
    let peak = || -> usize {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let before = peak();
    terminal.keys(&DOWN.repeat(600_000));
    // Shown once all keys before it are processed.
    terminal.keys("/commission");
    terminal.shows(&["› commission"]);
    assert!(peak() < before + (12 << 10), "{} KiB after {before} KiB", peak());
}
