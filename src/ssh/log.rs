//! The log, on standard error. Text that clients send is escaped and cut before it is logged; queries are not logged.
//!
//! A thread of its own writes the lines, from a bounded queue. A pipe that nothing reads or a full disk therefore
//! delays nothing and fails nothing: lines that do not fit into the queue or cannot be written are dropped and counted.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::{Duration, Instant};
use std::{panic, thread};

use crate::config::LogFormat;
use crate::directory::text::sanitized;

/// The maximum length of a text that a client sent, in characters.
const MAX_CLIENT_TEXT: usize = 64;

/// The number of lines that may wait to be written.
const MAX_PENDING_LINES: usize = 1024;

/// How long the server waits at its end for lines that are not written yet.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);
const FLUSH_POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The lines that wait to be written, and those that were dropped. Statics, because a process has one log.
static PENDING_LINES: AtomicU64 = AtomicU64::new(0);
static DROPPED_LINES: AtomicU64 = AtomicU64::new(0);

/// Puts lines into the queue. Never waits and never fails.
struct LineQueue(SyncSender<Vec<u8>>);

impl Write for LineQueue {
    /// Takes one line, which the subscriber writes as a whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        PENDING_LINES.fetch_add(1, Ordering::Relaxed);
        if self.0.try_send(line.to_vec()).is_err() {
            PENDING_LINES.fetch_sub(1, Ordering::Relaxed);
            DROPPED_LINES.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_lines(lines: &Receiver<Vec<u8>>) {
    for line in lines {
        if io::stderr().write_all(&line).is_err() {
            DROPPED_LINES.fetch_add(1, Ordering::Relaxed);
        }
        PENDING_LINES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The number of lines that were dropped since the start.
pub(super) fn dropped_lines() -> u64 {
    DROPPED_LINES.load(Ordering::Relaxed)
}

/// Waits until all lines are written, for [`FLUSH_TIMEOUT`] at most. For the end of the process.
pub(super) fn flush() {
    let end = Instant::now() + FLUSH_TIMEOUT;
    while PENDING_LINES.load(Ordering::Relaxed) > 0 && Instant::now() < end {
        thread::sleep(FLUSH_POLL_INTERVAL);
    }
}

/// Starts logging for this process. Only this crate's events are written: russh's own repeat what clients send.
///
/// # Errors
/// The system starts no thread.
pub(super) fn start(format: LogFormat) -> io::Result<()> {
    let (sender, lines) = mpsc::sync_channel(MAX_PENDING_LINES);
    thread::Builder::new().name("log".to_owned()).spawn(move || write_lines(&lines))?;
    // Internal errors are those of the writer, which the subscriber would print, and panic if it cannot.
    let log = tracing_subscriber::fmt().with_writer(move || LineQueue(sender.clone())).log_internal_errors(false);
    let log = log.with_ansi(false).with_target(false);
    // An error means that the embedding program has set up a log of its own, which then receives the events.
    let _ = match format {
        LogFormat::Text => log.try_init().is_ok(),
        LogFormat::Json => log.json().flatten_event(true).try_init().is_ok(),
    };
    // A panic ends one connection, not the server, and is logged like any other event.
    panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string);
        let payload = info.payload();
        let message = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(|text| &**text));
        let message = message.map(client_text);
        tracing::error!(at, what = message, "panicked");
    }));
    Ok(())
}

/// Makes a text that a client sent safe to log: short, and without control characters. The subscriber quotes it.
pub(super) fn client_text(text: &str) -> String {
    let cut: String = text.chars().take(MAX_CLIENT_TEXT).collect();
    sanitized(&cut).into_owned()
}

#[cfg(test)]
mod tests {
    use super::client_text;

    #[test]
    fn client_text_cannot_break_a_line_or_control_a_terminal() {
        assert_eq!(client_text("eve\r\n\x1b[31madmin\u{202e}"), "eve\u{fffd}\u{fffd}\u{fffd}[31madmin\u{fffd}");
        assert_eq!(client_text(&"x".repeat(9999)).len(), 64);
    }
}
