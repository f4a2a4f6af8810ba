//! Whatever ends or stops the program, the terminal is given back whole.

use std::io::{self, Read, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use dialtree::local::terminal::RawTerminal;
use dialtree::session::ansi_backend::ENTER_SCREEN;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::harness::{CTRL_C, CTRL_Z, DIALTREE, MONDAY, ScreenText, Setup, Terminal};

/// The program in a shell, on its first screen.
fn in_use() -> Terminal {
    let terminal = Terminal::start_between_settings(DIALTREE, &["--at", MONDAY], &[]);
    terminal.wait_for(|screen| screen.alternate_screen() && screen.is_selected("1 IFP"));
    terminal
}

/// Checks what the shell saw: how the program ended, and the terminal as it was before.
#[track_caller]
fn ends_clean(terminal: &Terminal, code: u8) {
    let (_, screen) = terminal.end();
    let contents = screen.contents();
    assert!(screen.is_given_back(), "{}", screen.input_mode_formatted().escape_debug());
    assert!(contents.lines().any(|line| line == format!("code {code}")), "not code {code}:\n{contents}");
    let (first, last) = (contents.lines().next(), contents.trim_end().lines().last());
    assert!(first.is_some_and(|settings| settings.contains(':')), "no settings:\n{contents}");
    assert_eq!(first, last, "the terminal is not set as before");
    assert!(!contents.contains("Health Net"), "something is left over:\n{contents}");
}

/// Sends a signal to the program, and to it alone.
fn signal(terminal: &Terminal, name: &str) {
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let pid = raw.lines().find_map(|line| line.strip_prefix("pid ")).unwrap();
    let sent = Command::new("sh").args(["-c", r#"kill -s "$0" "$1""#, name, pid.trim()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn after_q() {
    let mut terminal = in_use();
    terminal.keys("q");
    ends_clean(&terminal, 0);
}

#[test]
fn after_ctrl_c_wherever_it_is_pressed() {
    for (keys, text) in [("", "? help"), ("/comm", "/ comm"), ("?", "In the panes"), ("7o", "[ Cancel ]")] {
        let mut terminal = in_use();
        terminal.keys(keys);
        terminal.shows(&[text]);
        terminal.keys(CTRL_C);
        ends_clean(&terminal, 0);
    }
}

#[test]
fn after_signals_that_end_it() {
    for (name, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let terminal = in_use();
        signal(&terminal, name);
        ends_clean(&terminal, code);
    }
}

#[test]
fn after_a_panic_and_its_message_can_be_read() {
    // The program has no way to panic, so this test runs itself again, in a terminal, to do it.
    const CHILD: &str = "DIALTREE_TEST_PANICS";
    const MESSAGE: &str = "a panic to be read on the main screen";
    if std::env::var_os(CHILD).is_some() {
        let _terminal = RawTerminal::enter().unwrap();
        io::stdout().write_all(format!("{ENTER_SCREEN}\x1b[?25l").as_bytes()).unwrap();
        panic!("{MESSAGE}");
    }
    let itself = std::env::current_exe().unwrap();
    let name = "restore::after_a_panic_and_its_message_can_be_read";
    let args = ["--exact", name, "--nocapture"];
    let env = [(CHILD, "1"), ("RUST_BACKTRACE", "0")];
    let terminal = Terminal::start_between_settings(itself.to_str().unwrap(), &args, &env);
    ends_clean(&terminal, 101);
    terminal.sends("\x1b[?1049h");
    let contents = terminal.end().1.contents();
    assert!(contents.lines().any(|line| line == MESSAGE), "{contents}");
}

#[test]
fn while_it_is_stopped_and_it_comes_back_to_the_same_place() {
    const PROMPT: &str = "mark>";
    let size = Setup::default().size;
    // The shell's own history and settings are kept out of it, and below its line editor, which changes modes too.
    let env = [("PS1", "mark> "), ("HOME", env!("CARGO_TARGET_TMPDIR"))];
    let mut shell = Terminal::spawn("sh", ["-i"], size, &env);
    let is_prompt = |screen: &vt100::Screen| screen.row(screen.cursor_position().0).trim_end() == PROMPT;
    let settings = |shell: &mut Terminal, when: &str| {
        shell.wait_for(|screen| screen.is_given_back() && is_prompt(screen));
        shell.keys(&format!("echo \"{when} $(stty -g)\"\r"));
        let said = |screen: &vt100::Screen| {
            screen.contents().lines().find_map(|line| Some(line.strip_prefix(when)?.to_owned()))
        };
        said(&shell.wait_for(|screen| is_prompt(screen) && said(screen).is_some())).unwrap()
    };
    shell.shows(&[PROMPT]);
    shell.keys("set +o emacs\r");
    shell.wait_for(|screen| is_prompt(screen) && screen.cursor_position().0 > 0);
    let before = settings(&mut shell, "before");

    shell.keys(&format!("'{DIALTREE}' --at {MONDAY}\r"));
    shell.wait_for(|screen| screen.alternate_screen() && screen.is_selected("1 IFP"));
    shell.keys("111");
    let is_place = |screen: &vt100::Screen| {
        screen.alternate_screen() && screen.footer().ends_with("IFP ▸ 1 ▸ 1") && screen.is_selected("1 Commissions")
    };
    let place = shell.wait_for(is_place).contents();

    shell.keys(CTRL_Z);
    assert_eq!(settings(&mut shell, "stopped"), before);
    shell.keys("fg\r");
    shell.wait_for(|screen| is_place(screen) && screen.contents() == place && screen.bracketed_paste());

    shell.keys(CTRL_Z);
    assert_eq!(settings(&mut shell, "again"), before);
    shell.resize((80, 24));
    shell.keys("fg\r");
    shell.wait_for(|screen| is_place(screen) && screen.find("╭ Commissions ─").is_some_and(|(_, column)| column == 0));

    shell.keys("q");
    assert_eq!(settings(&mut shell, "after"), before);
}

#[test]
fn ctrl_z_without_a_shell_does_not_suspend() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys(CTRL_Z);
    terminal.shows(&["There is no shell to suspend to; q quits"]);
    terminal.keys("111");
    terminal.wait_for(|screen| screen.alternate_screen() && screen.footer().ends_with("IFP ▸ 1 ▸ 1"));
}

#[test]
fn esc_and_a_key_in_one_go_are_two_keys() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("/comm\x1b2");
    terminal.shows(&["Small business line"]);
}

#[test]
fn a_terminal_that_goes_without_a_signal_ends_it() {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(DIALTREE);
    // Not a controlling terminal, so the kernel sends no SIGHUP.
    command.set_controlling_tty(false);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
    let mut see = |text: &str| {
        let (mut shown, mut piece) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&shown).contains(text) {
            let count = reader.read(&mut piece).unwrap();
            shown.extend_from_slice(&piece[..count]);
        }
    };
    see("copy as");
    writer.write_all(b"?").unwrap();
    see("Keys");
    drop((reader, writer, pair.master));
    let end = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}
