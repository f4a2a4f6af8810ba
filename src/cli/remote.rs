//! The part of the command line that is for people from afar: what reads the directory, and nothing that reads a file,
//! the environment or standard input.

use std::sync::Arc;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

use super::{Color, FAILED, find};
use crate::app::Environment;
use crate::directory::Directory;
use crate::report::Reader;
use crate::search::Index;

/// What may be asked from afar.
#[derive(Debug, Parser)]
#[command(name = "dialtree", no_binary_name = true, disable_version_flag = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// Show how things stand at this moment, such as 2026-11-23T10:42:00-08:00, and not now
    #[arg(long, value_name = "RFC 3339", value_parser = super::moment, global = true)]
    at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find by need, name, number or address
    Find(find::Arguments),
}

/// Answers words as the command line answers them: standard output, standard error and the exit code.
pub fn answer(
    words: &[String],
    directory: &Arc<Directory>,
    index: &Arc<Index>,
    environment: &Environment,
    at: Option<Timestamp>,
) -> (String, String, u8) {
    let Arguments { command: Command::Find(arguments), at: asked_at, color } = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render().to_string();
            return if error.use_stderr() { (String::new(), text, FAILED) } else { (text, String::new(), 0) };
        }
    };
    let now = asked_at.or(at).unwrap_or_else(Timestamp::now);
    let reader = Reader { environment, now, width: find::WIDTH };
    // Whatever reads this is no terminal, as far as anyone knows.
    let colors = environment.colors && color == Color::Always;
    match find::answer(&arguments, Arc::clone(directory), Arc::clone(index), &reader, colors) {
        Ok((text, code)) => (text, String::new(), code),
        Err(error) => (String::new(), format!("dialtree: {error:#}\n"), FAILED),
    }
}
