//! The terminal is restored whenever the program exits, is killed, panics or is suspended.

use std::io::{self, Read, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use dialtree::local::terminal::RawTerminal;
use dialtree::session::ansi_backend::ENTER_SCREEN;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::harness::{CTRL_C, CTRL_Q, CTRL_Z, DIALTREE, MONDAY, ScreenText, Setup, Terminal};

/// The program on its first screen, started from a shell.
fn in_use() -> Terminal {
    let terminal = Terminal::start_between_settings(DIALTREE, &["--at", MONDAY], &[]);
    terminal.wait_for(|screen| screen.alternate_screen() && screen.is_selected("5 Everyone"));
    terminal
}

/// Checks the exit code and that the terminal is in the same state as before the program.
#[track_caller]
fn ends_clean(terminal: &Terminal, code: u8) {
    let (_, screen) = terminal.end();
    let contents = screen.contents();
    assert!(screen.is_restored(), "{}", screen.input_mode_formatted().escape_debug());
    assert!(contents.lines().any(|line| line == format!("code {code}")), "not code {code}:\n{contents}");
    let (first, last) = (contents.lines().next(), contents.trim_end().lines().last());
    assert!(first.is_some_and(|settings| settings.contains(':')), "no settings:\n{contents}");
    assert_eq!(first, last, "the terminal settings have changed");
    assert!(!contents.contains("Health Net"), "the screen was not cleared:\n{contents}");
}

/// Sends a signal to the program only, not to its process group.
fn signal(terminal: &Terminal, name: &str) {
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let pid = raw.lines().find_map(|line| line.strip_prefix("pid ")).unwrap();
    let sent = Command::new("sh").args(["-c", r#"kill -s "$0" "$1""#, name, pid.trim()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn restored_after_ctrl_q() {
    let mut terminal = in_use();
    terminal.keys(CTRL_Q);
    ends_clean(&terminal, 0);
}

#[test]
fn restored_after_ctrl_c_in_every_mode() {
    for (keys, text) in [("", "F1 keys"), ("/comm", "› comm"), ("?", "type to filter"), ("7\x0f", "[ Cancel ]")] {
        let mut terminal = in_use();
        terminal.keys(keys);
        terminal.shows(&[text]);
        terminal.keys(CTRL_C);
        ends_clean(&terminal, 0);
    }
}

#[test]
fn restored_after_signals() {
    for (name, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let terminal = in_use();
        signal(&terminal, name);
        ends_clean(&terminal, code);
    }
}

#[test]
fn restored_before_a_panic_message_is_printed() {
    // The program itself never panics on purpose, so this test runs itself again in a terminal and panics there.
    const CHILD: &str = "DIALTREE_TEST_PANICS";
    const MESSAGE: &str = "a panic on the main screen";
    if std::env::var_os(CHILD).is_some() {
        let _terminal = RawTerminal::enter().unwrap();
        io::stdout().write_all(format!("{ENTER_SCREEN}\x1b[?25l").as_bytes()).unwrap();
        panic!("{MESSAGE}");
    }
    let itself = std::env::current_exe().unwrap();
    let name = "restore::restored_before_a_panic_message_is_printed";
    let args = ["--exact", name, "--nocapture"];
    let env = [(CHILD, "1"), ("RUST_BACKTRACE", "0")];
    let terminal = Terminal::start_between_settings(itself.to_str().unwrap(), &args, &env);
    ends_clean(&terminal, 101);
    terminal.sends("\x1b[?1049h");
    let contents = terminal.end().1.contents();
    assert!(contents.lines().any(|line| line == MESSAGE), "{contents}");
}

#[test]
fn restored_while_suspended_and_redrawn_after_fg() {
    const PROMPT: &str = "mark>";
    let size = Setup::default().size;
    // No startup file of the user is read. The line editor is turned off below, because it changes terminal modes too.
    let env = [("PS1", "mark> "), ("HOME", env!("CARGO_TARGET_TMPDIR"))];
    let mut shell = Terminal::spawn("sh", ["-i"], size, &env);
    let is_prompt = |screen: &vt100::Screen| screen.row(screen.cursor_position().0).trim_end() == PROMPT;
    let settings = |shell: &mut Terminal, when: &str| {
        shell.wait_for(|screen| screen.is_restored() && is_prompt(screen));
        shell.keys(&format!("echo \"{when} $(stty -g)\"\r"));
        let reply = |screen: &vt100::Screen| {
            screen.contents().lines().find_map(|line| Some(line.strip_prefix(when)?.to_owned()))
        };
        reply(&shell.wait_for(|screen| is_prompt(screen) && reply(screen).is_some())).unwrap()
    };
    shell.shows(&[PROMPT]);
    shell.keys("set +o emacs\r");
    shell.wait_for(|screen| is_prompt(screen) && screen.cursor_position().0 > 0);
    let before = settings(&mut shell, "before");

    shell.keys(&format!("'{DIALTREE}' --at {MONDAY}\r"));
    shell.wait_for(|screen| screen.alternate_screen() && screen.is_selected("5 Everyone"));
    shell.keys("111");
    let is_selected = |screen: &vt100::Screen| {
        screen.alternate_screen() && screen.row(0).contains("IFP ▸ 1 ▸ 1") && screen.is_selected("1 Commissions")
    };
    let contents = shell.wait_for(is_selected).contents();

    shell.keys(CTRL_Z);
    assert_eq!(settings(&mut shell, "suspended"), before);
    shell.keys("fg\r");
    shell.wait_for(|screen| is_selected(screen) && screen.contents() == contents && screen.bracketed_paste());

    shell.keys(CTRL_Z);
    assert_eq!(settings(&mut shell, "again"), before);
    shell.resize((80, 24));
    shell.keys("fg\r");
    shell.wait_for(|screen| {
        is_selected(screen) && screen.find("─ Commissions ─").is_some_and(|(_, column)| column == 41)
    });

    shell.keys(CTRL_Q);
    assert_eq!(settings(&mut shell, "after"), before);
}

#[test]
fn ctrl_z_without_a_shell_does_not_suspend() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys(CTRL_Z);
    terminal.shows(&["There is no shell to suspend to; Ctrl-Q quits"]);
    terminal.keys("111");
    terminal.wait_for(|screen| screen.alternate_screen() && screen.row(0).contains("IFP ▸ 1 ▸ 1"));
}

#[test]
fn esc_and_a_key_sent_together_are_two_keys() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("/comm\x1b2");
    terminal.shows(&["Small business line"]);
}

#[test]
fn closing_a_terminal_that_is_not_the_controlling_one_ends_the_program() {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(DIALTREE);
    // Not a controlling terminal, so the kernel sends no SIGHUP.
    command.set_controlling_tty(false);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut reader, mut writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
    let mut wait_for = |text: &str| {
        let (mut shown, mut buffer) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&shown).contains(text) {
            let count = reader.read(&mut buffer).unwrap();
            shown.extend_from_slice(&buffer[..count]);
        }
    };
    wait_for("Ctrl-Q");
    writer.write_all(b"?").unwrap();
    wait_for("Actions");
    drop((reader, writer, pair.master));
    let end = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "still running");
        std::thread::sleep(Duration::from_millis(10));
    }
}
