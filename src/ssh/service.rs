//! What a service manager such as systemd offers and wants to know: sockets that it listens on, the state of the
//! server, and a sign of life. Without one, nothing here has an effect.

use std::net::TcpListener;
use std::time::Duration;

use anyhow::Context as _;
use listenfd::ListenFd;
use nix::sys::resource::{Resource, setrlimit};
use sd_notify::NotifyState;

/// The unit for systemd, whose commands are replaced by those of the user.
const UNIT: &str = include_str!("../../packaging/dialtree.service");

/// The socket that the service manager listens on for the server (`LISTEN_FDS`), if there is one.
///
/// # Errors
/// It is not a TCP socket.
pub(super) fn inherited_listener() -> anyhow::Result<Option<TcpListener>> {
    let listener = ListenFd::from_env().take_tcp_listener(0).context("the socket of the service manager is not TCP")?;
    if let Some(listener) = &listener {
        listener.set_nonblocking(true).context("cannot use the socket of the service manager")?;
    }
    Ok(listener)
}

/// Never writes the memory of the process, which holds the host key, to a file when it crashes.
pub(super) fn disable_core_dumps() -> anyhow::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("cannot disable core dumps")
}

/// The server accepts connections, and uses the newest keys and data.
pub(super) fn notify_ready() {
    notify(&[NotifyState::Ready]);
}

/// The server reads its files again.
pub(super) fn notify_reloading() {
    // systemd needs the time to tell which reload is meant.
    if let Ok(time) = NotifyState::monotonic_usec_now() {
        notify(&[NotifyState::Reloading, time]);
    }
}

/// The server drains.
pub(super) fn notify_stopping() {
    notify(&[NotifyState::Stopping]);
}

/// Sends signs of life, twice as often as the service manager wants them, until the task is dropped. They come from the
/// runtime that serves the sessions: if that hangs, the service manager restarts the server.
pub(super) async fn keep_watchdog_quiet() {
    // A watchdog without an interval is none.
    let Some(interval) = sd_notify::watchdog_enabled().filter(|interval| *interval > Duration::from_millis(2)) else {
        return;
    };
    loop {
        notify(&[NotifyState::Watchdog]);
        tokio::time::sleep(interval / 2).await;
    }
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "cannot notify the service manager");
    }
}

/// The unit for systemd that starts this program with arguments: those of this process without `--print-unit`.
pub fn unit(program: &str, arguments: &[String]) -> String {
    let own = arguments.iter().filter(|argument| !matches!(argument.as_str(), "--print-unit" | "--check"));
    let words: Vec<String> = std::iter::once(program).chain(own.map(String::as_str)).map(quoted).collect();
    let command = words.join(" ");
    let commands = format!("ExecStartPre={command} --check\nExecStart={command}\n");
    let (head, rest) = UNIT.split_once("ExecStartPre=").unwrap_or((UNIT, ""));
    let (_, tail) = rest.split_once("ExecReload=").unwrap_or(("", rest));
    format!("{head}{commands}ExecReload={tail}")
}

/// A word as systemd reads it: `%` and `$` would be expanded.
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    let is_plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=,@+%$".contains(c));
    if is_plain { escaped } else { format!("\"{escaped}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_the_options_of_its_command_line() {
        let arguments = ["serve", "--print-unit", "--authorized-keys", "/etc/my keys", "--host-key", "/a%b"];
        let unit = unit("/usr/bin/dialtree", &arguments.map(ToOwned::to_owned));
        let command = "/usr/bin/dialtree serve --authorized-keys \"/etc/my keys\" --host-key /a%%b";
        assert!(
            unit.contains(&format!("\nExecStartPre={command} --check\nExecStart={command}\nExecReload=")),
            "{unit}"
        );
        assert!(unit.starts_with("# ") && unit.ends_with("WantedBy=multi-user.target\n"), "{unit}");
    }
}
