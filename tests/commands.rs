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
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("DIALTREE_CONFIG", "")
        .env("DIALTREE_CLOCK", "12h")
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

#[test]
fn times_follow_the_clock_of_the_option_the_variable_or_the_locale() {
    let status = |options: &[&str], variables: &[(&str, &str)]| {
        let mut command = Command::new(PROGRAM);
        command.args(["show", "account-services", "--plain", "--at", "2026-11-23T10:42:00-08:00"]).args(options);
        for name in ["LC_ALL", "LC_TIME", "LANG", "DIALTREE_CLOCK"] {
            command.env_remove(name);
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let (twelve, day) = ("open, closes 5:00 PM PT", "open, closes 17:00 PT");
    let german = ("LC_ALL", "de_DE.UTF-8");
    for (options, variables, expected) in [
        (&[][..], &[][..], twelve),
        (&[], &[("LANG", "C.UTF-8")], twelve),
        (&[], &[("LANG", "en_US.UTF-8"), ("LC_TIME", "en_GB.UTF-8")], day),
        (&[], &[german], day),
        (&[], &[german, ("DIALTREE_CLOCK", "12h")], twelve),
        (&["--clock", "24h"], &[("DIALTREE_CLOCK", "12h")], day),
        (&["--clock", "12h"], &[german], twelve),
        (&[], &[("DIALTREE_CLOCK", "24")], "dialtree: DIALTREE_CLOCK is \"24\"; write 12h or 24h"),
    ] {
        let status = status(options, variables);
        assert!(status.contains(expected), "{options:?} {variables:?}: {status}");
    }
}
