//! The command line, and the effects of the environment.

use std::process::{Command, Output, Stdio};

use crate::harness::{DIALTREE, ScreenText, Setup, Terminal};

/// Runs the program without a terminal.
fn run(args: &[&str]) -> Output {
    Command::new(DIALTREE).args(args).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn without_a_terminal_one_line_tells_what_to_do() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.matches('\n').count(), 1, "{error}");
    assert!(error.starts_with("dialtree: ") && error.ends_with('\n'), "{error}");
    assert!(error.contains("run `dialtree` in one") && error.contains("ssh -t"), "{error}");
}

#[test]
fn an_unknown_option_exits_with_2() {
    let output = run(&["--colour", "never"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(String::from_utf8_lossy(&output.stderr).contains("--colour"));
}

#[test]
fn an_invalid_time_is_rejected_with_an_example() {
    let output = run(&["--at", "tomorrow"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("tomorrow") && error.contains("2026-11-23T10:42:00-08:00"), "{error}");
}

#[test]
fn version_prints_the_version_and_the_source_of_the_directory() {
    let output = run(&["--version"]);
    assert!(output.status.success());
    let short = concat!("dialtree ", env!("CARGO_PKG_VERSION"), "\ndirectory: built in\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), short);
    assert!(output.stderr.is_empty());
    let output = run(&["--version", "--verbose"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let further: Vec<&str> = text.strip_prefix(short).unwrap().lines().collect();
    let names = further.iter().map(|line| line.split(": ").next().unwrap()).collect::<Vec<_>>();
    assert_eq!(names, ["data", "commit", "target", "features"]);
    assert!(
        further[0].starts_with("data: Health Net, 33 contacts, ") && further[0].ends_with("transcribed 2026-11-23")
    );
    assert!(further[2].contains("-") && further[3].contains("semantic") == cfg!(feature = "semantic"), "{text}");
    // The version is what a report of a problem starts with, so it is told with a bad directory, too.
    let output = run(&["--version", "--verbose", "--data", "/dev/null"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("\ndata: /dev/null (--data):"), "{text}");
}

#[test]
fn man_pages_have_the_version() {
    for page in [&["man"][..], &["man", "find"]] {
        let text = String::from_utf8(run(page).stdout).unwrap();
        assert!(text.contains(concat!(".SH VERSION\nv", env!("CARGO_PKG_VERSION"), "\n")), "{text}");
    }
}

/// Runs a command of `sh`, in which `"$0"` is the program, and returns the exit code and standard error.
fn sh(script: &str) -> (i32, String) {
    let output = Command::new("sh").args(["-c", script, DIALTREE]).stdin(Stdio::null()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn lost_output_is_an_error() {
    for command in ["--help", "find --help", "--version", "tree", "check /dev/null", "find fraud", "completions bash"] {
        let (code, error) = sh(&format!("\"$0\" {command} >/dev/full"));
        assert!(code == 2 && error.starts_with("dialtree: ") && error.contains("space"), "{command}: {code} {error}");
    }
    // As for a program that SIGPIPE ends. The reader is gone before anything is written.
    for command in ["--help", "tree", "check /dev/null"] {
        let (code, error) = sh(&format!("{{ sleep 0.3; \"$0\" {command}; echo $? >&2; }} | true"));
        assert_eq!((code, &*error), (0, "141\n"), "{command}");
    }
}

#[test]
fn it_works_without_a_home() {
    let (code, error) = sh("env -i HOME=/dev/null \"$0\" find fraud >/dev/null");
    assert_eq!((code, &*error), (0, ""));
    let homes = ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].map(|name| (name, "/dev/null/none"));
    let mut terminal = Terminal::start(&Setup { env: &homes, ..Setup::default() });
    terminal.keys("111");
    let screen = terminal.wait_for(|screen| screen.is_selected("1 Commissions"));
    assert!(!screen.has("cannot be saved") && !screen.has("cannot be read"), "{}", screen.contents());
}

/// The output of a run that shows a card, the find box and a notice.
fn tour(args: &[&str], env: &[(&str, &str)]) -> Vec<u8> {
    let mut terminal = Terminal::start(&Setup { args, env, ..Setup::default() });
    terminal.keys("111/commission");
    terminal.wait_for(|screen| screen.has("› commission") && screen.has("[1] Commissions"));
    terminal.keys("\x1b");
    // The selected row is reversed, with and without colours.
    terminal.wait_for(|screen| screen.is_selected("1 Commissions"));
    terminal.keys("\x1b");
    terminal.wait_for(|screen| screen.is_selected("1 IFP"));
    terminal.keys("7\x0f");
    terminal.shows(&["[ Cancel ]"]);
    terminal.keys("\x03");
    assert!(terminal.end().0.success());
    terminal.raw()
}

/// The SGR (select graphic rendition) parameters that set a colour.
fn colors(raw: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(raw);
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        rest[end..].starts_with('m').then_some(&rest[..end])
    });
    let codes = sequences.flat_map(|sequence| sequence.split([';', ':'])).filter_map(|code| code.parse().ok());
    codes.filter(|code| matches!(code, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)).collect()
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    const NO_COLOR: &[(&str, &str)] = &[("NO_COLOR", "1")];
    const EMPTY: &[(&str, &str)] = &[("NO_COLOR", "")];
    for (args, env, is_colored) in [
        (&[][..], &[][..], true),
        (&[], EMPTY, true),
        (&[], NO_COLOR, false),
        (&["--color", "never"], &[], false),
        (&["--color", "always"], NO_COLOR, true),
    ] {
        let colors = colors(&tour(args, env));
        assert_eq!(!colors.is_empty(), is_colored, "{args:?} {env:?}: {colors:?}");
    }
}

#[test]
fn the_ascii_option_and_a_locale_without_utf8_draw_only_ascii() {
    draws_only_ascii(&Setup { args: &["--ascii"], ..Setup::default() });
    draws_only_ascii(&Setup { env: &[("LC_ALL", "C")], ..Setup::default() });
    draws_only_ascii(&Setup { env: &[("LANG", "de_DE.ISO-8859-1")], ..Setup::default() });
    let utf8 = Terminal::start(&Setup { env: &[("LC_ALL", "C.UTF-8"), ("LANG", "C")], ..Setup::default() });
    utf8.shows(&["━"]);
}

fn draws_only_ascii(setup: &Setup<'_>) {
    let mut terminal = Terminal::start(setup);
    for (keys, text) in [("", "F1 keys"), ("111", "IFP > 1 > 1"), ("/comm", "= Find -"), ("\x1b", "IFP > 1 > 1")] {
        terminal.keys(keys);
        let contents = terminal.shows(&[text]).contents();
        assert!(contents.is_ascii(), "after {keys:?}:\n{contents}");
    }
    // Text from the data is not changed.
    terminal.keys("\x1b");
    terminal.wait_for(|screen| screen.is_selected("1 IFP"));
    terminal.keys("5");
    let contents = terminal.wait_for(|screen| screen.row(0).contains("Everyone")).contents();
    let drawn = |c: char| ('\u{2500}'..='\u{25ff}').contains(&c) || "·…".contains(c);
    assert!(!contents.contains(drawn), "{contents}");
}
