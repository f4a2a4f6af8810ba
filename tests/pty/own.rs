//! The user's own: the configuration file, and what is kept in the state folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::harness::{CTRL_Q, DIALTREE, ENTER, ESC, ScreenText, Setup, Terminal};
use crate::support::folder;

/// Writes a configuration file in a folder for the test.
fn config(name: &str, text: &str) -> String {
    let path = folder(name).join("config.ron");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn with_config(path: &str) -> Terminal {
    Terminal::start(&Setup { args: &["--config", path], ..Setup::default() })
}

fn check(path: &str) -> Output {
    Command::new(DIALTREE).args(["config", "check", "--config", path]).output().unwrap()
}

#[test]
fn the_preset_vim_and_changed_keys_work() {
    let path = config("own-vim", r#"(keymap: "vim", keys: {"quit": ["f10"]})"#);
    let mut terminal = with_config(&path);
    terminal.keys("kkkk");
    terminal.wait_for(|screen| screen.is_selected("1 IFP"));
    terminal.keys("j");
    terminal.wait_for(|screen| screen.is_selected("2 Small Business"));
    terminal.keys("q");
    terminal.shows(&["q does nothing here"]);
    terminal.keys("\x1b[21~");
    assert!(terminal.end().0.success());
    let path = config("own-vim-quit", r#"(keymap: "vim")"#);
    let mut terminal = with_config(&path);
    terminal.keys("q");
    assert!(terminal.end().0.success());
}

#[test]
fn a_problem_is_told_and_the_rest_applies() {
    let path = config("own-wrong", "(\n  theme: \"drak\",\n  clock: \"24h\",\n  start: \"find\",\n  sav: false,\n)");
    let mut terminal = with_config(&path);
    terminal.shows(&[
        "config.ron:2:10: there is no theme `drak`; did you mean `dark`? (and 1 more)",
        "10:42 PT",
        "a query, a name or a number",
    ]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    let output = check(&path);
    assert_eq!(output.status.code(), Some(2));
    let found = String::from_utf8(output.stdout).unwrap();
    let expected = format!(
        "{path}:2:10: there is no theme `drak`; did you mean `dark`?\n{path}:5:3: unknown field `sav`; did you mean \
         `save`?\n"
    );
    assert_eq!(found, expected);
}

#[test]
fn a_named_file_that_is_missing_is_told() {
    let terminal = with_config("nowhere.ron");
    terminal.shows(&["nowhere.ron: there is no such file"]);
}

#[test]
fn the_default_file_is_found_in_the_configuration_folder_and_has_no_problem() {
    let home = folder("own-default");
    let run = |arguments: &[&str]| {
        let mut program = Command::new(DIALTREE);
        let output = program.args(arguments).env("XDG_CONFIG_HOME", &home).env_remove("DIALTREE_CONFIG").output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let path = run(&["config", "path"]);
    let path = Path::new(path.trim_end());
    assert_eq!(path, home.join("dialtree/config.ron"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, run(&["config", "default"])).unwrap();
    assert!(run(&["config", "check"]).ends_with("config.ron: no problems\n"));
    fs::write(path, "(clock: \"24h\")").unwrap();
    let card = run(&["show", "account-services", "--at", "2026-11-23T10:42:00-08:00"]);
    assert!(card.contains("17:00"), "{card}");
}

#[test]
fn a_command_of_the_user_takes_what_is_copied() {
    let path = config("own-clipboard", "");
    let copied = Path::new(&path).with_file_name("copied");
    let command = format!("(clipboard: \"tee '{}'\")", copied.display());
    fs::write(&path, command).unwrap();
    let mut terminal = with_config(&path);
    terminal.keys("111\x19");
    terminal.shows(&["Passed to the clipboard command: +18009093447"]);
    terminal.wait_for(|_| fs::read_to_string(&copied).is_ok_and(|text| text.starts_with("+18009093447")));
    fs::write(&path, "(clipboard: \"false\")").unwrap();
    let mut terminal = with_config(&path);
    terminal.keys("111\x19");
    terminal.shows(&["Sent to the terminal's clipboard"]);
}

#[test]
fn an_empty_find_box_lists_common_needs_before_recent_answers() {
    let path = config("own-needs", r#"(common_needs: ["commission", "fraud"])"#);
    let mut terminal = with_config(&path);
    terminal.keys("lost id card");
    terminal.shows(&["lost id card"]);
    terminal.keys(ENTER);
    terminal.keys("/");
    let screen = terminal.shows(&["Common needs", "commission ···", "fraud ···", "Recent"]);
    let row = |text: &str| screen.find(text).map(|(row, _)| row);
    assert!(row("fraud ···") < row("   Recent"), "{}", screen.contents());
    assert!(!screen.has("renewal ···"), "those of the directory are replaced");
    terminal.keys(ESC);
}

/// Starts the program with its own state folder, and returns the path of the file in it.
fn with_state(name: &str, args: &[&str], state: Option<&str>) -> (Terminal, std::path::PathBuf) {
    let path = folder(name).join("dialtree/state.ron");
    if let Some(state) = state {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, state).unwrap();
    }
    (in_folder(&path, args), path)
}

fn in_folder(path: &Path, args: &[&str]) -> Terminal {
    let state = path.parent().unwrap().parent().unwrap().to_str().unwrap();
    Terminal::start(&Setup { args, env: &[("XDG_STATE_HOME", state)], ..Setup::default() })
}

const CTRL_T: &str = "\x14";
const F2: &str = "\x1bOQ";

#[test]
fn pins_notes_and_recent_answers_are_kept() {
    let (mut terminal, path) = with_state("own-state", &[], None);
    terminal.keys("111");
    terminal.shows(&["1-800-909-3447"]);
    terminal.keys(CTRL_T);
    terminal.shows(&["Pinned: Commissions"]);
    terminal.keys(F2);
    terminal.shows(&["My note: Commissions", "Only you see this note"]);
    terminal.keys("Ask for Ann? Yes");
    terminal.shows(&["Ask for Ann? Yes"]);
    terminal.keys(ENTER);
    terminal.shows(&["Note saved; only you can see it", "My note Ask for Ann? Yes"]);
    terminal.keys("fraud hotline\r");
    terminal.shows(&["Fraud hotline"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("ifp-line/1/1") && text.contains("Ask for Ann? Yes"), "{text}");

    let mut terminal = in_folder(&path, &[]);
    terminal.keys("/");
    let screen = terminal.shows(&["My note Ask for Ann? Yes"]);
    assert_eq!(screen.row(2).matches("Find · everyone").count(), 1);
    assert!(screen.row(3).contains("   Pinned") && screen.row(4).contains("▌ Commissions"), "{}", screen.contents());
    terminal.keys("\x14");
    terminal.shows(&["Unpinned: Commissions"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("pins: []") && text.contains("Ask for Ann? Yes"), "{text}");
}

#[test]
fn entries_that_no_longer_exist_are_kept_but_not_shown() {
    let state = r#"(directories: {"healthnet": (pins: ["gone/1"]), "other": (notes: {"a": "b"})})"#;
    let (mut terminal, path) = with_state("own-gone", &[], Some(state));
    terminal.keys("/");
    let screen = terminal.shows(&["a query, a name or a number"]);
    assert!(!screen.has("Pinned"));
    terminal.keys("\x1b111\x14");
    terminal.shows(&["Pinned: Commissions"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    let text = fs::read_to_string(&path).unwrap();
    assert!(["gone/1", "ifp-line/1/1", "\"a\": \"b\""].iter().all(|kept| text.contains(kept)), "{text}");
}

#[test]
fn two_instances_lose_nothing() {
    let (mut first, path) = with_state("own-two", &[], None);
    let mut second = in_folder(&path, &[]);
    first.keys("111\x14");
    second.keys("112\x14");
    first.shows(&["Pinned: "]);
    second.shows(&["Pinned: "]);
    first.keys(CTRL_Q);
    second.keys(CTRL_Q);
    assert!(first.end().0.success() && second.end().0.success());
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("\"ifp-line/1/1 Commissions\"") && text.contains("\"ifp-line/1/2 Application status\""),
        "{text}"
    );
}

#[test]
fn a_broken_state_file_is_set_aside_and_told() {
    let (mut terminal, path) = with_state("own-broken", &[], Some("(directories: {"));
    terminal.shows(&["Pins and notes could not be read; their file is now"]);
    assert_eq!(fs::read_to_string(path.with_file_name("state.broken-1.ron")).unwrap(), "(directories: {");
    terminal.keys("111\x14");
    terminal.shows(&["Pinned: Commissions"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    assert!(fs::read_to_string(&path).unwrap().contains("ifp-line/1/1"));
}

#[test]
fn nothing_is_written_without_save_or_in_a_kiosk() {
    let config = config("own-no-save-config", "(save: false)");
    for args in [&["--config", &*config][..], &["--kiosk"]] {
        let (mut terminal, path) = with_state("own-no-save", args, None);
        terminal.keys("111\x14");
        terminal.shows(&["Pins and notes are not saved here"]);
        terminal.keys("fraud hotline\r");
        terminal.shows(&["Fraud hotline"]);
        terminal.keys("/");
        terminal.shows(&["   Recent"]);
        terminal.keys(CTRL_Q);
        assert!(terminal.end().0.success());
        let home = path.parent().unwrap().parent().unwrap();
        assert_eq!(fs::read_dir(home).unwrap().count(), 0, "{args:?}");
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let mut terminal = Terminal::start(&Setup { env: &[("XDG_STATE_HOME", "/proc")], ..Setup::default() });
    terminal.keys("111\x14");
    terminal.shows(&["Pins and notes cannot be saved: "]);
}

#[test]
fn what_changed_since_the_data_were_last_open_is_told_and_listed() {
    let folder = folder("own-changed");
    let data = folder.join("mine.ron");
    let old = fs::read_to_string("tests/fixtures/keeping/old.ron").unwrap();
    let start = |text: &str, shown: &[&str], f7: Option<&[&str]>| {
        fs::write(&data, text).unwrap();
        let (data, state) = (data.to_str().unwrap(), folder.to_str().unwrap());
        let setup = Setup { args: &["--data", data], env: &[("XDG_STATE_HOME", state)], ..Setup::default() };
        let mut terminal = Terminal::start(&setup);
        let screen = terminal.shows(shown);
        if let Some(listed) = f7 {
            terminal.keys("\x1b[18~");
            terminal.shows(listed);
            terminal.keys(ESC);
        }
        let copies = || fs::read_dir(folder.join("dialtree/seen")).into_iter().flatten();
        let is_kept = |path: &Path| fs::read_to_string(path).is_ok_and(|copy| copy.ends_with(text));
        terminal.wait_for(|_| copies().any(|copy| is_kept(&copy.unwrap().path())));
        terminal.keys(CTRL_Q);
        assert!(terminal.end().0.success());
        screen
    };
    let screen = start(&old, &["Acme support contacts"], Some(&["No changes since the directory was last open"]));
    assert!(!screen.has("since 23 Nov"), "{}", screen.contents());
    let new = old.replace("1-800-555-0111", "1-800-555-0119").replace("name: \"Claims B\"", "name: \"Claims C\"");
    start(
        &new,
        &["2 changes since 23 Nov; F7 lists them"],
        Some(&[
            "2 changes since 23 Nov",
            "Claims (claims): number 1-800-555-0119 (was 1-800-555-0111)",
            "Claims C (claims2): renamed (was Claims B)",
        ]),
    );
    let screen = start(&new, &["Acme support contacts"], None);
    assert!(!screen.has("since 23 Nov"), "told once\n{}", screen.contents());
}

#[test]
fn what_a_reload_changes_is_told_and_listed() {
    let folder = folder("own-reloaded");
    let data = folder.join("mine.ron");
    let old = fs::read_to_string("tests/fixtures/keeping/old.ron").unwrap();
    fs::write(&data, &old).unwrap();
    let (path, state) = (data.to_str().unwrap(), folder.to_str().unwrap());
    let setup = Setup { args: &["--data", path], env: &[("XDG_STATE_HOME", state)], ..Setup::default() };
    let mut terminal = Terminal::start(&setup);
    terminal.shows(&["Acme support contacts"]);
    let is_kept = || fs::read_dir(folder.join("dialtree/seen")).is_ok_and(|mut copies| copies.next().is_some());
    terminal.wait_for(|_| is_kept());
    // An entry that is not on the card.
    fs::write(&data, old.replace("1-800-555-0111", "1-800-555-0119")).unwrap();
    terminal.shows(&["1 change since 23 Nov; F7 lists"]);
    fs::write(&data, old.replace("1-800-555-0111", "1-800-555-0119").replace("\"Claims B\"", "\"Claims C\"")).unwrap();
    terminal.shows(&["1 change since 23 Nov; F7 lists"]);
    terminal.keys("\x1b[18~");
    terminal.shows(&["number 1-800-555-0119 (was 1-800-555-0111)", "renamed (was Claims B)"]);
}
