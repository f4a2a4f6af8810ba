//! The log: what the server does, on standard error. What others say of themselves stands in it escaped and cut, and
//! what people look for does not stand in it at all.

use std::{io, panic};

use crate::directory::text::harmless;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line an event.
    #[default]
    Text,
    /// A JSON object a line an event.
    Json,
}

/// As much as is shown of what others say of themselves, in characters.
const MAX_LEN: usize = 64;

/// Starts the log of this process. Of the protocol's library nothing is written: it repeats what peers send.
pub(super) fn start(logs: LogFormat) {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).with_target(false);
    // Where somebody else has set up a log, it goes there.
    let _ = match logs {
        LogFormat::Text => log.try_init().is_ok(),
        LogFormat::Json => log.json().flatten_event(true).try_init().is_ok(),
    };
    // A mistake of ours ends one connection, and is told as everything else is.
    panic::set_hook(Box::new(|about| {
        let at = about.location().map(ToString::to_string);
        let payload = about.payload();
        let what = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(|text| &**text));
        let what = what.map(said);
        tracing::error!(at, what, "panicked");
    }));
}

/// What somebody says of themselves, without what a terminal might obey; the log puts it in quotes.
pub(super) fn said(text: &str) -> String {
    let cut: String = text.chars().take(MAX_LEN).collect();
    harmless(&cut).into_owned()
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn what_others_say_can_neither_break_a_line_nor_colour_it() {
        assert_eq!(said("eve\r\n\x1b[31madmin\u{202e}"), "eve\u{fffd}\u{fffd}\u{fffd}[31madmin\u{fffd}");
        assert_eq!(said(&"x".repeat(9999)).len(), 64);
    }
}
