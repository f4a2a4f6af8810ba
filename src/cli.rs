//! The command line: one definition for parsing and for help, and the commands that need no screen.

pub mod find;
#[cfg(feature = "ssh")]
pub mod remote;
#[cfg(feature = "ssh")]
pub mod serve;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::{Environment, Glyphs};
use crate::origin::Origin;

/// Who do I contact about this, and which keys do I press?
///
/// Without a command, opens the navigator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Parser)]
#[command(name = "dialtree", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do, if not to open the navigator.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How to show it.
    #[command(flatten)]
    pub look: Look,
}

/// What to do without a screen.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Find by need, name, number or address
    Find(find::Arguments),
    /// Serve the navigator over SSH
    #[cfg(feature = "ssh")]
    Serve(Box<serve::Arguments>),
}

/// How to show things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Look {
    /// Show how things stand at this moment, such as 2026-11-23T10:42:00-08:00, and not now
    #[arg(long, value_name = "RFC 3339", value_parser = moment, global = true)]
    pub at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,

    /// Draw borders and marks in ASCII
    #[arg(long, global = true)]
    pub ascii: bool,

    /// Read the directory from this file, and not the one that DIALTREE_DATA names, nor
    /// dialtree/directory.ron in the data folder, nor the built-in one
    #[arg(long, value_name = "FILE", global = true)]
    pub data: Option<PathBuf>,
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "write a moment such as 2026-11-23T10:42:00-08:00")
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Unless NO_COLOR is set or the terminal is dumb
    #[default]
    Auto,
    /// Whatever the terminal says
    Always,
    /// Bold, dim and reverse only
    Never,
}

impl Look {
    /// Where the directory comes from.
    pub fn origin(&self) -> Origin {
        Origin::choose(self.data.clone())
    }

    /// What the command line and the environment say about the reader and the terminal.
    pub fn environment(&self, origin: &Origin) -> Environment {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_remote = set("SSH_CONNECTION") || set("SSH_TTY");
        let has_desktop = cfg!(target_os = "macos") || set("DISPLAY") || set("WAYLAND_DISPLAY");
        Environment {
            glyphs: if self.ascii { Glyphs::ASCII } else { Glyphs::UNICODE },
            colors: match self.color {
                Color::Auto => !set("NO_COLOR") && !dumb,
                Color::Always => true,
                Color::Never => false,
            },
            // From afar, this machine's zone says nothing about the reader's.
            reader_zone: TimeZone::try_system().ok().filter(|_| !is_remote),
            opens_links: has_desktop && !is_remote,
            moment_is_set: self.at.is_some(),
            origin: origin.short(),
        }
    }
}

#[cfg(feature = "ssh")]
impl Look {
    /// What the command line says of the terminals that a server serves; of this machine's own, nothing counts.
    pub fn served_environment(&self, origin: &Origin) -> Environment {
        Environment {
            glyphs: if self.ascii { Glyphs::ASCII } else { Glyphs::UNICODE },
            colors: self.color != Color::Never,
            moment_is_set: self.at.is_some(),
            origin: origin.short(),
            ..Environment::default()
        }
    }
}

/// What goes wrong ends with this code.
const FAILED: u8 = 2;

/// Reads the command line of this process. Help and version end it with 0, a mistake with 2.
pub fn parse() -> Arguments {
    // Nearly always there are none, and building a parser to find that out takes a good part of the first frame's time.
    if std::env::args_os().len() <= 1 { Arguments::default() } else { Arguments::parse() }
}

/// Says on standard error what went wrong. A reader that has gone away is nothing wrong.
pub fn fail(error: &anyhow::Error) -> ExitCode {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    // With no one left to tell, the code says it.
    let _ = writeln!(io::stderr(), "dialtree: {error:#}");
    ExitCode::from(FAILED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_arguments_are_the_defaults() {
        assert_eq!(Arguments::try_parse_from(["dialtree"]).unwrap(), Arguments::default());
    }

    #[test]
    fn the_definition_holds_together() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
