//! The clipboards of this machine: the desktop's, that of tmux, and the one that a command of the user's fills.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::app::Clipboard;

/// The option with which this program is started to hold a text on the desktop's clipboard.
const HOLD_OPTION: &str = "--hold-clipboard";

/// What the holder writes once it holds the text.
const HELD: &str = "held\n";

/// How long a command may take to fail.
const COMMAND_TIMEOUT: Duration = Duration::from_millis(500);

/// How often, and for how long, the holder asks the desktop whether it has the text.
const CONFIRM_INTERVAL: Duration = Duration::from_millis(5);
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(2);

/// How often the holder looks whether the desktop still runs and still has the text.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// Copies texts to the clipboards of this machine.
#[derive(Debug, Default)]
pub(super) struct LocalClipboards {
    /// A command line for `sh` that takes the text on its standard input.
    pub(super) command: Option<String>,
}

impl LocalClipboards {
    /// Copies a text to a clipboard other than the terminal's.
    ///
    /// # Errors
    /// Returns the clipboard to use instead where this one has not taken the text, or tmux has kept it to itself.
    pub(super) fn copy(&self, to: Clipboard, text: &str) -> Result<(), Clipboard> {
        let copied_to = match to {
            Clipboard::Command
                if self.command.as_deref().is_some_and(|command| run("sh", ["-c", command], text, true)) =>
            {
                to
            }
            Clipboard::Desktop => {
                let in_tmux = is_in_tmux().then(|| copy_to_tmux(text));
                if hold_elsewhere(text).is_ok() { to } else { in_tmux.unwrap_or_else(through_terminal) }
            }
            Clipboard::Tmux | Clipboard::TmuxBuffer => copy_to_tmux(text),
            _ => through_terminal(),
        };
        if copied_to == to { Ok(()) } else { Err(copied_to) }
    }
}

/// Finds out where a copy would end, without copying: the clipboard, and why it is not the one asked for. `command` is
/// the user's command line for `sh`, which is looked up but not run.
pub fn examine(to: Clipboard, command: Option<&str>) -> (Clipboard, Option<String>) {
    if let Some(command) = command {
        let missing = missing_program(command).map(|name| format!("there is no program {name:?}"));
        return (if missing.is_some() { through_terminal() } else { Clipboard::Command }, missing);
    }
    match to {
        Clipboard::Desktop => match arboard::Clipboard::new() {
            Ok(_) => (to, None),
            Err(error) => {
                let instead = if is_in_tmux() { tmux_clipboard() } else { through_terminal() };
                (instead, Some(format!("cannot reach the desktop clipboard: {error}")))
            }
        },
        Clipboard::Tmux | Clipboard::TmuxBuffer => (tmux_clipboard(), None),
        other => (other, None),
    }
}

/// The first word of a command line, if the shell finds no program or built-in command of that name.
fn missing_program(command: &str) -> Option<String> {
    let name = shell_words::split(command).ok()?.into_iter().next()?;
    let is_found = run("sh", ["-c", "command -v -- \"$0\"", &name], "", false);
    // An assignment or a compound command is not looked up.
    (!is_found && !name.contains(['=', '(', '{', '$'])).then_some(name)
}

/// Whether the program runs in tmux.
fn is_in_tmux() -> bool {
    std::env::var_os("TMUX").is_some_and(|socket| !socket.is_empty())
}

/// The clipboard that texts are sent to through this terminal.
fn through_terminal() -> Clipboard {
    let term = std::env::var("TERM").unwrap_or_default();
    if is_in_tmux() { Clipboard::TmuxTerminal } else { Clipboard::of_terminal(&term) }
}

/// Passes a text to a command and returns whether it succeeds. One that is still running after [`COMMAND_TIMEOUT`] has
/// succeeded if it `may_stay`, to hand out the text.
fn run(program: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>, text: &str, may_stay: bool) -> bool {
    let command =
        Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = command else { return false };
    let is_written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    let began = Instant::now();
    while began.elapsed() < COMMAND_TIMEOUT {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(CONFIRM_INTERVAL),
            end => return is_written && end.is_ok_and(|status| status.is_some_and(|status| status.success())),
        }
    }
    std::thread::spawn(move || child.wait());
    is_written && may_stay
}

/// Copies a text to the buffer of tmux, which sends it to the clipboard of its terminal (`-w`, since tmux 3.2) whatever
/// its `set-clipboard` says. Returns where the text is then.
fn copy_to_tmux(text: &str) -> Clipboard {
    match run("tmux", ["load-buffer", "-w", "-"], text, false) {
        true => tmux_clipboard(),
        false => through_terminal(),
    }
}

/// Where a text in the buffer of tmux is.
fn tmux_clipboard() -> Clipboard {
    if tmux_has_clipboard() { Clipboard::Tmux } else { Clipboard::TmuxBuffer }
}

/// Whether the terminal of tmux takes texts for a clipboard, as far as tmux knows.
fn tmux_has_clipboard() -> bool {
    let arguments = ["display-message", "-p", "#{client_tty}", ";", "show-messages", "-T"];
    let output = Command::new("tmux").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.is_ok_and(|output| has_clipboard(&String::from_utf8_lossy(&output.stdout)))
}

/// The same by the output of tmux: the path of the client's terminal, then each terminal with its capabilities.
fn has_clipboard(output: &str) -> bool {
    let mut lines = output.lines();
    let client = format!(" for {},", lines.next().unwrap_or_default());
    let is_heading = |line: &&str| line.starts_with("Terminal ");
    let capabilities = lines.skip_while(|line| !(is_heading(line) && line.contains(&client))).skip(1);
    capabilities.take_while(|line| !is_heading(line)).any(|line| line.contains(" Ms: (string)"))
}

/// Puts a text on the desktop's clipboard, where it stays after this program has ended: X11 and Wayland ask the program
/// that has copied for the text each time it is pasted, so a process of its own holds it until something else is
/// copied.
fn hold_elsewhere(text: &str) -> anyhow::Result<()> {
    let mut holder = Command::new(std::env::current_exe()?)
        .arg(HOLD_OPTION)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let answer = hand_over(&mut holder, text);
    // Waits for the holder, so that no ended one stays in the list of processes.
    std::thread::spawn(move || holder.wait());
    anyhow::ensure!(answer? == HELD, "the desktop has not taken the text");
    Ok(())
}

fn hand_over(holder: &mut Child, text: &str) -> anyhow::Result<String> {
    holder.stdin.take().context("no pipe")?.write_all(text.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(holder.stdout.take().context("no pipe")?).read_line(&mut answer)?;
    Ok(answer)
}

/// Holds the text from standard input on the desktop's clipboard until something else is copied or the desktop ends.
///
/// # Errors
/// Returns an error where there is no desktop or it does not take the text.
pub fn hold() -> anyhow::Result<()> {
    let began = Instant::now();
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    // A terminal that is closed ends the programs of its session.
    nix::unistd::setsid().context("cannot leave the terminal")?;
    let mut clipboard = arboard::Clipboard::new()?;
    let (sender, replaced) = mpsc::channel();
    let (mut own, held) = (arboard::Clipboard::new()?, text.clone());
    std::thread::spawn(move || {
        // Fails only after the receiver has given up.
        let _ = sender.send(hold_until_replaced(&mut own, held));
    });
    // The desktop is asked for the text, so that nothing is said to be held that is not.
    let mut has_text = || clipboard.get_text().is_ok_and(|found| found == text);
    while !has_text() {
        match replaced.recv_timeout(CONFIRM_INTERVAL) {
            // Something else has been copied in the meantime.
            Ok(end) => {
                end?;
                break;
            }
            Err(_) => anyhow::ensure!(began.elapsed() < CONFIRM_TIMEOUT, "the desktop does not take the text"),
        }
    }
    let mut out = io::stdout();
    out.write_all(HELD.as_bytes()).and_then(|()| out.flush())?;
    while has_text() && matches!(replaced.recv_timeout(CHECK_INTERVAL), Err(RecvTimeoutError::Timeout)) {}
    Ok(())
}

#[cfg(not(target_os = "macos"))]
fn hold_until_replaced(clipboard: &mut arboard::Clipboard, text: String) -> Result<(), arboard::Error> {
    arboard::SetExtLinux::wait(clipboard.set()).text(text)
}

#[cfg(target_os = "macos")]
fn hold_until_replaced(clipboard: &mut arboard::Clipboard, text: String) -> Result<(), arboard::Error> {
    clipboard.set_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_of_tmux_is_that_of_the_clients_terminal() {
        let output = "/dev/pts/1\nTerminal 0: xterm for /dev/pts/11, flags=0x20:\n 192: Ms: (string) \\033]52\n\
                      Terminal 1: vt100 for /dev/pts/1, flags=0x20:\n 192: Ms: [missing]\n";
        assert!(!has_clipboard(output));
        assert!(has_clipboard(&output.replacen("/dev/pts/1\n", "/dev/pts/11\n", 1)));
        assert!(!has_clipboard(""));
    }

    #[test]
    fn a_command_takes_the_text_on_its_standard_input() {
        let with = |command: &str| LocalClipboards { command: Some(command.to_owned()) };
        assert_eq!(with("test \"$(cat)\" = 988").copy(Clipboard::Command, "988"), Ok(()));
        assert!(with("exit 1").copy(Clipboard::Command, "988").is_err_and(Clipboard::is_terminal));
        assert!(LocalClipboards::default().copy(Clipboard::Command, "988").is_err_and(Clipboard::is_terminal));
    }
}
