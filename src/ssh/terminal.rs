//! What a client says of its terminal, kept small, and what follows from it.

use ratatui::layout::Size;

use crate::app::Environment;
use crate::present::display::{Display, Glyphs};
use crate::session::clamp_size;

/// The most cells that are drawn: each takes memory.
const MAX_CELLS: u32 = 20_000;

/// So many variables are kept, of so many bytes.
const MAX_VARIABLES: usize = 16;
const MAX_VALUE: usize = 256;

/// What a client says of its terminal.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The size to draw at, if there is a terminal.
    pub(super) size: Option<Size>,
    variables: Vec<(String, String)>,
}

impl Said {
    /// Keeps a variable; false for those that say nothing of a terminal, and for too much.
    pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
        let is_known = ["TERM", "COLORTERM", "NO_COLOR", "LANG"].contains(&name) || name.starts_with("LC_");
        if !is_known || name.len() > MAX_VALUE || value.len() > MAX_VALUE {
            return false;
        }
        self.variables.retain(|(known, _)| known != name);
        let has_room = self.variables.len() < MAX_VARIABLES;
        if has_room {
            self.variables.push((name.to_owned(), value.to_owned()));
        }
        has_room
    }

    fn get(&self, name: &str) -> Option<&str> {
        let set = self.variables.iter().find(|(known, _)| known == name);
        set.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    /// What a session starts from on this terminal. Sixteen colours are all that are used, so a terminal that has any
    /// has enough, whatever COLORTERM promises beyond them.
    pub(super) fn environment(&self, base: &Environment) -> Environment {
        let is_dumb = self.get("TERM").is_none_or(|term| term == "dumb");
        let has_colors = self.get("NO_COLOR").is_none() && (!is_dumb || self.get("COLORTERM").is_some());
        // The first that is set decides, as in every C library.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| self.get(name));
        let is_utf8 = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        Environment {
            display: Display {
                glyphs: if is_utf8 { base.display.glyphs } else { Glyphs::ASCII },
                colors: base.display.colors && has_colors,
                // The zone of a remote reader is not known.
                reader_zone: None,
            },
            opens_links: false,
            ..base.clone()
        }
    }
}

/// The size to draw at for what a client says, before anything is allocated for it.
pub(super) fn clamp(columns: u32, rows: u32) -> Size {
    let short = |cells: u32| u16::try_from(cells).unwrap_or(u16::MAX);
    let size = clamp_size(Size { width: short(columns), height: short(rows) });
    Size { height: size.height.min(short(MAX_CELLS / u32::from(size.width))), ..size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_never_larger_than_there_is_memory_for() {
        let at = |columns, rows| {
            let Size { width, height } = clamp(columns, rows);
            (width, height)
        };
        assert_eq!(at(0, 0), (80, 24));
        assert_eq!(at(u32::MAX, u32::MAX), (500, 40));
        assert_eq!(at(1, u32::MAX), (1, 200));
        assert_eq!(at(65536 + 120, 40), (500, 40));
        assert_eq!(at(120, 40), (120, 40));
    }

    #[test]
    fn only_what_describes_a_terminal_is_kept() {
        let mut said = Said::default();
        assert!(!said.set("LD_PRELOAD", "x") && !said.set("DIALTREE_DATA", "/etc/passwd"));
        assert!(!said.set("LANG", &"x".repeat(257)));
        assert!((0..16).all(|number| said.set(&format!("LC_{number}"), "C")));
        assert!(!said.set("LC_16", "C"));
        assert!(said.set("LC_3", "en_US.UTF-8"));
    }

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let mut said = Said::default();
        assert!(variables.iter().all(|(name, value)| said.set(name, value)));
        said.environment(&Environment::default())
    }

    #[test]
    fn colours_and_marks_follow_what_the_terminal_can() {
        assert!(environment(&[("TERM", "xterm-256color")]).display.colors);
        assert!(!environment(&[("TERM", "dumb")]).display.colors);
        assert!(!environment(&[]).display.colors);
        assert!(!environment(&[("TERM", "xterm"), ("NO_COLOR", "1")]).display.colors);
        assert!(environment(&[("TERM", "xterm"), ("NO_COLOR", "")]).display.colors);
        let marks = |variables| environment(variables).display.glyphs;
        assert_eq!(marks(&[("TERM", "xterm")]), Glyphs::UNICODE);
        assert_eq!(marks(&[("LANG", "en_US.UTF-8")]), Glyphs::UNICODE);
        assert_eq!(marks(&[("LANG", "C")]), Glyphs::ASCII);
        assert_eq!(marks(&[("LANG", "C"), ("LC_ALL", "C.utf8")]), Glyphs::UNICODE);
    }
}
