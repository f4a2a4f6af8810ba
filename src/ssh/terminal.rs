//! What a client reports about its terminal, and the session's environment that follows from it.

use ratatui::layout::Size;

use crate::app::{Clipboard, Environment};
use crate::present::display::{Clock, Display, Glyphs};
use crate::session::clamp_size;

/// The maximum number of cells of a screen. Each cell takes memory in two buffers of each session.
const MAX_CELLS: u32 = 20_000;

/// The maximum number of environment variables that are kept for a channel.
const MAX_VARIABLES: usize = 16;

/// The maximum length of the name or the value of a variable, in bytes.
const MAX_VARIABLE_LEN: usize = 256;

/// The terminal of a channel, as its client describes it before it starts a session.
#[derive(Debug, Default)]
pub(super) struct ClientTerminal {
    /// The size of the screen; none if the client has not requested a terminal.
    pub(super) size: Option<Size>,
    variables: Vec<(String, String)>,
}

impl ClientTerminal {
    /// Stores an environment variable. Returns false, and ignores it, if it does not describe a terminal or exceeds a
    /// bound.
    pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
        let is_known = ["TERM", "COLORTERM", "NO_COLOR", "LANG"].contains(&name) || name.starts_with("LC_");
        if !is_known || name.len() > MAX_VARIABLE_LEN || value.len() > MAX_VARIABLE_LEN {
            return false;
        }
        self.variables.retain(|(known, _)| known != name);
        let fits = self.variables.len() < MAX_VARIABLES;
        if fits {
            self.variables.push((name.to_owned(), value.to_owned()));
        }
        fits
    }

    fn get(&self, name: &str) -> Option<&str> {
        let set = self.variables.iter().find(|(known, _)| known == name);
        set.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    /// Whether the terminal draws a screen, or only prints lines.
    pub(super) fn draws(&self) -> bool {
        self.get("TERM").is_some_and(|term| term != "dumb")
    }

    /// The environment of a session on this terminal. The default theme uses 16 colours, so any terminal with
    /// colours has enough, and the number that COLORTERM promises does not matter.
    pub(super) fn environment(&self, base: &Environment) -> Environment {
        let has_colors = self.get("NO_COLOR").is_none() && (self.draws() || self.get("COLORTERM").is_some());
        Environment {
            display: Display {
                glyphs: Glyphs::of_environment(|name| self.get(name)).unwrap_or(base.display.glyphs),
                colors: base.display.colors && has_colors,
                theme: base.display.theme,
                // The client does not send its time zone.
                reader_zone: None,
                clock: Clock::of_environment(|name| self.get(name)).unwrap_or(base.display.clock),
            },
            opens_links: false,
            clipboard: Clipboard::of_terminal(self.get("TERM").unwrap_or_default()),
            ..base.clone()
        }
    }
}

/// Bounds a size that a client reports, before anything is allocated for it.
pub(super) fn clamp_client_size(columns: u32, rows: u32) -> Size {
    let to_u16 = |cells: u32| u16::try_from(cells).unwrap_or(u16::MAX);
    let size = clamp_size(Size { width: to_u16(columns), height: to_u16(rows) });
    Size { height: size.height.min(to_u16(MAX_CELLS / u32::from(size.width))), ..size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded() {
        let at = |columns, rows| {
            let Size { width, height } = clamp_client_size(columns, rows);
            (width, height)
        };
        assert_eq!(at(0, 0), (80, 24));
        assert_eq!(at(u32::MAX, u32::MAX), (500, 40));
        assert_eq!(at(1, u32::MAX), (1, 200));
        assert_eq!(at(65536 + 120, 40), (500, 40));
        assert_eq!(at(120, 40), (120, 40));
    }

    #[test]
    fn only_variables_that_describe_a_terminal_are_stored() {
        let mut terminal = ClientTerminal::default();
        assert!(!terminal.set("LD_PRELOAD", "x") && !terminal.set("DIALTREE_DATA", "/etc/passwd"));
        assert!(!terminal.set("LANG", &"x".repeat(257)));
        assert!((0..16).all(|number| terminal.set(&format!("LC_{number}"), "C")));
        assert!(!terminal.set("LC_16", "C"));
        assert!(terminal.set("LC_3", "en_US.UTF-8"));
    }

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let mut terminal = ClientTerminal::default();
        assert!(variables.iter().all(|(name, value)| terminal.set(name, value)));
        terminal.environment(&Environment::default())
    }

    #[test]
    fn colours_and_glyphs_follow_the_terminal() {
        assert!(environment(&[("TERM", "xterm-256color")]).display.colors);
        assert!(!environment(&[("TERM", "dumb")]).display.colors);
        assert!(!environment(&[]).display.colors);
        assert!(!environment(&[("TERM", "xterm"), ("NO_COLOR", "1")]).display.colors);
        assert!(environment(&[("TERM", "xterm"), ("NO_COLOR", "")]).display.colors);
        let glyphs = |variables| environment(variables).display.glyphs;
        assert_eq!(glyphs(&[("TERM", "xterm")]), Glyphs::UNICODE);
        assert_eq!(glyphs(&[("LANG", "en_US.UTF-8")]), Glyphs::UNICODE);
        assert_eq!(glyphs(&[("LANG", "C")]), Glyphs::ASCII);
        assert_eq!(glyphs(&[("LANG", "C"), ("LC_ALL", "C.utf8")]), Glyphs::UNICODE);
    }

    #[test]
    fn the_clock_follows_the_locale_of_the_client() {
        let clock = |variables| environment(variables).display.clock;
        assert_eq!(clock(&[("TERM", "xterm")]), Clock::TwelveHour);
        assert_eq!(clock(&[("LANG", "en_US.UTF-8"), ("LC_TIME", "de_DE.UTF-8")]), Clock::TwentyFourHour);
        assert_eq!(clock(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Clock::TwelveHour);
    }
}
