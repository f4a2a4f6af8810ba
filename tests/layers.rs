//! The floors of the house: each module imports only from those above it in the list, and none below the hosts knows
//! the outside world.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up. The hosts come last, on a floor that they share; they never import one another.
const FLOORS: &[&str] = &["directory", "search", "app", "report", "view", "session"];
const SHARED: &[&str] = &["source", "config"];
const HOSTS: &[&str] = &["cli", "local", "ssh"];

/// What is not for a floor: nothing below the hosts reads files, environment, clock or signals or keeps globals, and
/// nothing below the view draws.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::io::std",
    "Timestamp::now",
    "TimeZone::system",
    "TimeZone::try_system",
    "thread_local",
    "signal_hook",
    "open::",
    "arboard",
    "clap",
];
const TERMINAL: &[&str] = &["crossterm", "ratatui::backend", "ratatui::widgets", "ratatui::Terminal", "ratatui::Frame"];

/// The source files of a module: `name.rs` and everything in `name/`.
fn sources(module: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![src.join(format!("{module}.rs"))];
    walk(&src.join(module), &mut found);
    found
}

/// The lines of code of a file, its tests and comments left out.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).enumerate();
    let code = lines.map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default().to_owned()));
    code.filter(|(_, line)| !line.trim().is_empty()).collect()
}

fn refuse(module: &str, words: &[&str], why: &str) {
    for path in sources(module) {
        for (number, line) in code(&path) {
            let found = words.iter().find(|word| line.contains(**word));
            assert!(found.is_none(), "{}:{number}: {} {why}", path.display(), found.unwrap());
        }
    }
}

#[test]
fn no_floor_imports_from_above_itself() {
    for (height, floor) in FLOORS.iter().enumerate() {
        let above: Vec<String> =
            FLOORS[height + 1..].iter().chain(SHARED).chain(HOSTS).map(|name| format!("crate::{name}")).collect();
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        refuse(floor, &above, &format!("is above {floor}"));
    }
    let hosts: Vec<String> = HOSTS.iter().map(|name| format!("crate::{name}")).collect();
    for module in SHARED {
        refuse(module, &hosts.iter().map(String::as_str).collect::<Vec<_>>(), "is a host");
    }
    // Ways round the check above.
    for module in FLOORS.iter().chain(SHARED).chain(HOSTS) {
        refuse(module, &["crate::{", "super::super", "use crate as"], "hides which floor is imported");
    }
    for host in HOSTS {
        let others: Vec<String> =
            HOSTS.iter().filter(|other| *other != host).map(|other| format!("crate::{other}")).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        refuse(host, &others, "is another host");
    }
}

#[test]
fn nothing_below_the_hosts_knows_the_outside_world() {
    for floor in FLOORS {
        refuse(floor, OUTSIDE, "is for hosts");
        for (number, line) in sources(floor).iter().flat_map(|path| code(path)) {
            let before = line.split_once("static ").map(|(before, _)| before.trim());
            let is_global = before.is_some_and(|before| ["", "pub", "pub(crate)", "pub(super)"].contains(&before));
            assert!(!is_global, "{floor}, line {number}: a global; a session shares nothing but its directory");
        }
    }
    for floor in ["directory", "search", "app", "report"] {
        refuse(floor, TERMINAL, "is for the view and the session");
    }
}

#[test]
fn every_module_has_its_floor() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let modules: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let mut known: Vec<&str> = FLOORS.iter().chain(SHARED).chain(HOSTS).copied().collect();
    known.sort_unstable();
    assert_eq!(modules, known);
}

#[test]
fn a_session_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<dialtree::app::App>();
    is_send::<dialtree::session::Session<dialtree::session::ansi_backend::AnsiBackend<Vec<u8>>>>();
}
