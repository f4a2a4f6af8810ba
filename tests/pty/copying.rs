//! Copying from the navigator: to tmux, through it, and to the desktop.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{CTRL_Q, Setup, Terminal};
use crate::support::folder;

const CTRL_Y: &str = "\x19";
/// The number of Commissions in base64.
const IN_BASE64: &str = "KzE4MDA5MDkzNDQ3";

/// Starts the navigator with a program called `tmux` first in the path, which runs a script, and copies a number.
fn copied_with_tmux(name: &str, script: &str, env: &[(&str, &str)]) -> (Terminal, String) {
    let folder = folder(name);
    let program = folder.join("tmux");
    fs::write(&program, format!("#!/bin/sh\ncd {}\necho \"$@\" >> calls\n{script}", folder.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let env: Vec<_> = env.iter().copied().chain([("PATH", &*path)]).collect();
    let mut terminal = Terminal::start(&Setup { env: &env, ..Setup::default() });
    terminal.keys("111");
    terminal.shows(&["Not for Medicare"]);
    terminal.keys(CTRL_Y);
    let folder = folder.to_str().unwrap().to_owned();
    (terminal, folder)
}

const IN_TMUX: &[(&str, &str)] = &[("TMUX", "/tmp/tmux-1000/default,1,0"), ("TERM", "screen-256color")];
/// Takes a buffer and says that the terminal has a clipboard.
const TAKES: &str = r#"case "$1" in load-buffer) cat > buffer ;; *) printf '/dev/pts/3\nTerminal 0: xterm for /dev/pts/3, flags\n 192: Ms: (string) x\n' ;; esac"#;

#[test]
fn tmux_takes_what_is_copied() {
    let (mut terminal, folder) = copied_with_tmux("tmux-takes", TAKES, IN_TMUX);
    terminal
        .shows(&["Copied to tmux and sent to its terminal's clipboard: +18009093447 (not copied: press 1, then 1)"]);
    assert_eq!(fs::read_to_string(Path::new(&folder).join("buffer")).unwrap(), "+18009093447");
    assert!(fs::read_to_string(Path::new(&folder).join("calls")).unwrap().starts_with("load-buffer -w -\n"));
    terminal.keys(CTRL_Q);
    terminal.end();
    assert!(!String::from_utf8_lossy(&terminal.raw()).contains("]52;"));
}

#[test]
fn a_terminal_of_tmux_without_a_clipboard_is_told() {
    let (terminal, _) = copied_with_tmux("tmux-keeps", &TAKES.replace("(string) x", "[missing]"), IN_TMUX);
    terminal.shows(&["Copied to tmux's buffer only: +18009093447", "terminal-features"]);
}

#[test]
fn where_tmux_fails_the_text_is_sent_through_it() {
    let (terminal, _) = copied_with_tmux("tmux-fails", "exit 1", IN_TMUX);
    terminal.shows(&["Sent to the terminal's clipboard: +18009093447", "if it does not arrive: tmux set -s"]);
    terminal.sends(&format!("\x1b]52;c;{IN_BASE64}\x1b\\"));
    terminal.sends(&format!("\x1bPtmux;\x1b\x1b]52;c;{IN_BASE64}\x1b\x1b\\\x1b\\"));
}

/// tmux runs where the user sits, and the program at the other end of SSH.
#[test]
fn over_ssh_from_tmux_the_text_is_sent_both_ways() {
    let env = [("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"), ("TERM", "tmux-256color")];
    let (terminal, folder) = copied_with_tmux("tmux-beyond-ssh", TAKES, &env);
    terminal.shows(&["Sent to the terminal's clipboard: +18009093447", "if it does not arrive: tmux set -s"]);
    terminal.sends(&format!("\x1bPtmux;\x1b\x1b]52;c;{IN_BASE64}"));
    assert!(!Path::new(&folder).join("calls").exists(), "there is no tmux on this side");
}

/// The real tmux sends the text on, although `set-clipboard` is not `on`.
#[test]
fn the_text_arrives_at_the_terminal_of_tmux() {
    if !has("tmux") {
        return;
    }
    let socket = folder("tmux-real").join("socket");
    let socket = socket.to_str().unwrap();
    let command = format!("{} --at {}", crate::harness::DIALTREE, crate::harness::MONDAY);
    let mut terminal =
        Terminal::spawn("tmux", ["-S", socket, "-f", "/dev/null", "-u", "new-session", &command], (120, 40), &[]);
    terminal.shows(&["F1 keys"]);
    terminal.keys("111");
    terminal.shows(&["Not for Medicare"]);
    terminal.keys(CTRL_Y);
    terminal.shows(&["Copied to tmux and sent to its terminal's clipboard: +18009093447"]);
    terminal.sends(&format!("]52;;{IN_BASE64}"));
    let buffer = Command::new("tmux").args(["-S", socket, "show-buffer"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&buffer.stdout), "+18009093447");
    terminal.keys(CTRL_Q);
    terminal.end();
}

/// Whether a program is installed. With CI set, it must be.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_found = std::env::split_paths(&path).any(|folder| folder.join(program).exists());
    assert!(is_found || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !is_found {
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
    }
    is_found
}

/// An X server without a screen.
struct XServer {
    server: Child,
    display: String,
}

impl XServer {
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { server, display: format!(":{}", number.trim()) }
    }

    fn paste(&self) -> String {
        let mut xclip = Command::new("xclip");
        let output = xclip.args(["-o", "-selection", "clipboard"]).env("DISPLAY", &self.display).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn copy(&self, text: &str) {
        let mut xclip = Command::new("xclip");
        xclip.args(["-i", "-selection", "clipboard"]).env("DISPLAY", &self.display);
        let mut xclip = xclip.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        xclip.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        xclip.wait().unwrap();
    }

    /// The number of processes that hold a text on this display.
    fn holder_count(&self) -> usize {
        let display = format!("DISPLAY={}", self.display);
        let is_holder = |folder: &Path| {
            let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
            let has = |text: Vec<u8>, part: &[u8]| text.split(|byte| *byte == 0).any(|found| found == part);
            has(read("cmdline"), b"--hold-clipboard") && has(read("environ"), display.as_bytes())
        };
        fs::read_dir("/proc").unwrap().filter(|entry| is_holder(&entry.as_ref().unwrap().path())).count()
    }
}

impl Drop for XServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn on_x11_the_text_outlives_the_program_until_something_else_is_copied() {
    if !(has("Xvfb") && has("xclip")) {
        return;
    }
    let x = XServer::start();
    let mut terminal = Terminal::start(&Setup { env: &[("DISPLAY", &x.display)], ..Setup::default() });
    terminal.keys("111");
    terminal.shows(&["Not for Medicare"]);
    terminal.keys(CTRL_Y);
    terminal.shows(&["Copied: +18009093447 (not copied: press 1, then 1)"]);
    assert_eq!(x.paste(), "+18009093447");
    terminal.keys("5\x19");
    terminal.shows(&["Copied: +18009093447 (not copied: press 1, then 5)"]);
    terminal.keys(CTRL_Q);
    assert!(terminal.end().0.success());
    assert_eq!(x.paste(), "+18009093447", "the program has ended");
    x.copy("something else");
    assert_eq!(x.paste(), "something else");
    let start = Instant::now();
    while x.holder_count() > 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "a holder is left behind");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!String::from_utf8_lossy(&terminal.raw()).contains("]52;"), "nothing is sent through the terminal");
}

#[test]
fn a_desktop_that_cannot_be_reached_is_not_said_to_have_the_text() {
    let mut terminal = Terminal::start(&Setup { env: &[("DISPLAY", ":4095")], ..Setup::default() });
    terminal.keys("111");
    terminal.shows(&["Not for Medicare"]);
    terminal.keys(CTRL_Y);
    terminal.shows(&["Sent to the terminal's clipboard: +18009093447"]);
    terminal.sends(&format!("\x1b]52;c;{IN_BASE64}"));
}
