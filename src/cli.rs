//! The command line: one definition for parsing and for help.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use jiff::Timestamp;

/// Who do I contact about this, and which keys do I press?
#[derive(Clone, Debug, Default, PartialEq, Eq, Parser)]
#[command(name = "dialtree", version, max_term_width = 100)]
pub struct Arguments {
    /// Show how things stand at this moment, such as 2026-11-23T10:42:00-08:00, and not now
    #[arg(long, value_name = "RFC 3339", value_parser = moment)]
    pub at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,

    /// Draw borders and marks in ASCII
    #[arg(long)]
    pub ascii: bool,
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

impl Color {
    /// On or off, where the user said so.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
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

/// Says on standard error what went wrong.
pub fn fail(error: &anyhow::Error) -> ExitCode {
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
