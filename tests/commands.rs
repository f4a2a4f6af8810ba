//! The commands as a user types them: recorded shell sessions in `tests/commands`, and the examples of each `--help`.
//! `tests/docs.rs` runs those of the documentation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/playground.rs"]
mod playground;

use std::process::Command;

use playground::{PROGRAM, Playground};

#[test]
fn recorded_sessions_match() {
    trycmd::TestCases::new()
        .env("XDG_DATA_HOME", "nowhere")
        .env("DIALTREE_DATA", "")
        .env("TZ", "America/Los_Angeles")
        .case("tests/commands/*.md");
}

fn help(command: &[&str]) -> String {
    let help = Command::new(PROGRAM).args(command).arg("--help").output().unwrap();
    assert!(help.status.success() && help.stderr.is_empty());
    String::from_utf8(help.stdout).unwrap()
}

#[test]
fn every_help_starts_with_examples_that_work() {
    let playground = Playground::new("help");
    let all = help(&[]);
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    let helps = commands.iter().filter(|name| **name != "help").map(|name| help(&[name]));
    for help in helps.chain([all.clone()]) {
        assert!(help.starts_with("Examples:\n  dialtree"), "{help}");
        let examples = help.lines().skip(1).take_while(|line| line.starts_with("  dialtree"));
        examples.for_each(|example| playground.run(example.trim()));
    }
}
