//! The command line.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use jiff::Timestamp;

use crate::local;

/// Who do I contact about this, and which keys do I press?
#[derive(Debug, Parser)]
#[command(name = "dialtree", version, max_term_width = 100)]
struct Arguments {
    /// Show how things stand at this moment, such as 2026-11-23T10:42:00-08:00, and not now
    #[arg(long, value_name = "RFC 3339")]
    at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,

    /// Draw borders and marks in ASCII
    #[arg(long)]
    ascii: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// Unless NO_COLOR is set or the terminal is dumb
    Auto,
    /// Whatever the terminal says
    Always,
    /// Bold, dim and reverse only
    Never,
}

/// What goes wrong ends with this code.
const FAILED: u8 = 2;

/// Runs the program: 0 when all is well, 2 when something is wrong, with one line on standard error that says what.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return fail("there is no terminal here; run `dialtree` in one, or from afar `ssh -t HOST dialtree`");
    }
    let colors = match arguments.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    };
    match local::run(&local::Options { at: arguments.at, colors, ascii: arguments.ascii }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("dialtree: {message}");
    ExitCode::from(FAILED)
}
