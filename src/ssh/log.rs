//! The log, on standard error. Text that clients send is escaped and cut before it is logged; queries are not logged.

use std::{io, panic};

use crate::config::LogFormat;
use crate::directory::text::sanitized;

/// The maximum length of a text that a client sent, in characters.
const MAX_CLIENT_TEXT: usize = 64;

/// Starts logging for this process. Only this crate's events are written: russh's own repeat what clients send.
pub(super) fn start(format: LogFormat) {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).with_target(false);
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
