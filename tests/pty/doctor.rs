//! `dialtree doctor`: what it finds, where each choice comes from, and what would not work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{DIALTREE, Terminal};

/// An empty home directory, with a name of its own.
fn home(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("doctor-{name}"));
    fs::remove_dir_all(&home).ok();
    fs::create_dir_all(&home).unwrap();
    home
}

/// Runs `doctor` with these variables only, in addition to those of a simple terminal.
fn doctor(home: &Path, args: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(DIALTREE);
    command.args(args).arg("doctor").env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap());
    command.envs([("TERM", "xterm-256color"), ("LANG", "en_US.UTF-8"), ("TZ", "America/Los_Angeles")]);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// A report without the line breaks within its parts.
fn unwrapped(report: &str) -> String {
    report.replace(&format!("\n{}", " ".repeat(20)), " ")
}

#[test]
fn each_part_says_where_its_choice_comes_from() {
    let home = home("choices");
    let config = home.join("own.ron");
    fs::write(&config, "(theme: \"dark\", clock: \"24h\", clipboard: \"cat >/dev/null\")").unwrap();
    let own = ["--config", config.to_str().unwrap()];
    for (args, variables, expected) in [
        (&[][..], &[][..], &["ok     Colours    the terminal's 16; theme: the default", "ok     Server "][..]),
        (&[], &[], &["Unicode (LANG=en_US.UTF-8)", "12 hours (the locale)", "America/Los_Angeles (TZ)"]),
        (&[], &[("LC_ALL", "de_DE")], &["note   Symbols    ASCII: the locale is not UTF-8 (LC_ALL=de_DE)", "24 hours"]),
        (&["--ascii", "--clock", "24h"], &[], &["ASCII (--ascii)", "24 hours (--clock)"]),
        (&["--theme", "light"], &[], &["256 (COLORTERM is neither truecolor nor 24bit); theme: --theme"]),
        (&own, &[("COLORTERM", "truecolor")], &["24 bits (COLORTERM); theme: the configuration", "24 hours (the conf"]),
        (&own, &[], &["ok     Clipboard  a command (the configuration)", "own.ron"]),
        (&own, &[("DIALTREE_CLOCK", "12h"), ("NO_COLOR", "1")], &["12 hours (DIALTREE_CLOCK)", "none (NO_COLOR)"]),
        (&[], &[], &["note   Clipboard  through the terminal (OSC 52)", "note   Links      shown, not opened"]),
        (
            &[],
            &[("SSH_TTY", "/dev/pts/9"), ("DISPLAY", ":9")],
            &["through the terminal", "Time zone  not used over SSH"],
        ),
        (&[], &[], &["config.ron: no file, the defaults apply", "notes in ", "built in: Health Net, 33 contacts, "]),
    ] {
        let (code, report) = doctor(&home, args, variables);
        let report = unwrapped(&report);
        assert_eq!(code, 0, "{report}");
        for expected in expected {
            assert!(report.contains(expected), "{args:?} {variables:?}: no {expected:?} in {report}");
        }
        assert!(
            report.ends_with("\nEverything works. Lines marked `note` describe limits of this environment.\n"),
            "{report}"
        );
    }
    fs::remove_file(&config).unwrap();
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0, "nothing is written");
}

#[test]
fn what_would_not_work_is_an_error_with_its_reason() {
    let home = home("errors");
    let (config, command, state) = (home.join("config.ron"), home.join("command.ron"), home.join("state"));
    fs::write(&config, "(theme: \"drak\")").unwrap();
    fs::write(&command, "(clipboard: \"no-such-program --in\")").unwrap();
    fs::create_dir_all(state.join("dialtree")).unwrap();
    fs::write(state.join("dialtree/state.ron"), "(pins: [").unwrap();
    let [config, command, state] = [&config, &command, &state].map(|path| path.to_str().unwrap());
    for (args, variables, part, reason) in [
        (&[][..], &[("DIALTREE_CLOCK", "25")][..], "Clock", "DIALTREE_CLOCK is \"25\"; write 12h or 24h"),
        (&["--theme", "drak"], &[], "Colours", "dark"),
        (&[], &[("TZ", "Mars/Olympus")], "Time zone", "TZ is \"Mars/Olympus\""),
        (&["--data", "/dev/null"], &[], "Data", "/dev/null (--data):1:1: the file is empty"),
        (&[], &[("DIALTREE_DATA", "/nowhere.ron")], "Data", "/nowhere.ron (DIALTREE_DATA): there is no such file"),
        (&["--config", config], &[], "Config", ":1:9: "),
        (&[], &[("DIALTREE_CONFIG", "/nowhere.ron")], "Config", "/nowhere.ron: there is no such file"),
        (
            &["--config", command],
            &[],
            "Clipboard",
            "there is no program \"no-such-program\"; instead: through the terminal",
        ),
        (&[], &[("DISPLAY", ":9797")], "Clipboard", "cannot reach the desktop clipboard"),
        (&[], &[("XDG_STATE_HOME", state)], "Saved", "state.ron: not valid; the next start sets it aside"),
    ] {
        let (code, report) = doctor(&home, args, variables);
        let report = unwrapped(&report);
        let line = report.lines().find(|line| line.starts_with(&format!("  error  {part:<10} ")));
        assert!(line.is_some() && report.contains(reason), "{args:?} {variables:?}: {report}");
        assert!(code == 1 && report.ends_with(&format!("\nThis does not work: {part}.\n")), "{report}");
    }
    assert!(Path::new(state).join("dialtree/state.ron").exists(), "it is not set aside");
}

#[test]
fn the_report_is_aligned_and_sanitized() {
    let long = "/".to_owned() + &"long name ".repeat(20);
    let home = home("text");
    let several = home.join("several.ron");
    fs::write(&several, dialtree::directory::EMBEDDED).unwrap();
    let several = several.to_str().unwrap();
    let args = ["--config", &long, "--data", "/\x1b[31m", "--data", several, "--data", "/nowhere"];
    let (_, report) = doctor(&home, &args, &[]);
    assert!(!report.contains('\x1b') && report.contains("/\u{fffd}[31m"), "{report}");
    for line in report.lines().skip(2).take_while(|line| !line.is_empty()) {
        assert!(line.len() <= 103 && line.is_char_boundary(20), "{line}");
        let (start, rest) = line.split_at(20);
        let is_first = ["ok ", "note ", "error "].iter().any(|mark| start.trim_start().starts_with(mark));
        assert!((is_first || start.trim().is_empty()) && !rest.starts_with(' '), "{line:?}");
    }
}

#[test]
fn the_terminal_is_examined() {
    for (size, term, expected) in [
        ((120, 40), "xterm-256color", "ok     Terminal   xterm-256color, 120 by 40 cells"),
        ((120, 40), "dumb", "note   Terminal   dumb: draws no screens"),
        ((19, 40), "vt100", "error  Terminal   vt100, 19 by 40 cells: the navigator needs 20 by 5"),
    ] {
        let terminal = Terminal::spawn(DIALTREE, ["doctor"], size, &[("TERM", term)]);
        terminal.sends(expected);
        assert_eq!(terminal.end().0.success(), !expected.starts_with("error"));
    }
}

#[test]
fn every_file_of_a_folder_is_named_with_what_is_wrong() {
    let home = home("folder");
    let folder = home.join("carriers");
    fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("bad.ron", "(");
    write("worse.ron", "");
    let data = ["--data", folder.to_str().unwrap()];
    let (_, report) = doctor(&home, &data, &[]);
    let report = unwrapped(&report);
    assert!(report.contains("bad.ron (--data):1:1: ") && report.contains("worse.ron (--data):1:1: "), "{report}");
    write("good.ron", dialtree::directory::EMBEDDED);
    let output = |arguments: &[&str]| {
        let output = Command::new(DIALTREE).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let version = output(&[&data[..], &["--version", "--verbose"]].concat());
    let of = |start: &str| version.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((of("directory: "), of("data: "), of("left out: ")), (1, 1, 2), "{version}");
    let checked = output(&["check", data[1]]);
    for expected in ["bad.ron:1:1: ", "worse.ron:1:1: ", "good.ron: no "] {
        assert!(checked.contains(expected), "no {expected} in {checked}");
    }
}
