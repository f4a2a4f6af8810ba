//! The same commands for whoever asks from afar, where only answers are given: nothing is read from the environment,
//! from standard input or from a file that the asker names, and nothing but the answer is written.

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;

use jiff::Timestamp;

use super::desk::Desk;
use super::{Arguments, Color, Command, Look, Outcome, complain, read};
use crate::app::{Environment, Glyphs};
use crate::directory::Directory;
use crate::search::Index;

/// What a server answers from.
#[derive(Clone, Debug)]
pub struct Served {
    /// The directory.
    pub directory: Arc<Directory>,
    /// Its index.
    pub index: Arc<Index>,
    /// The asker's terminal, as far as it is known.
    pub environment: Environment,
    /// The columns of the asker's terminal, or as many as a page has.
    pub width: u16,
    /// Now.
    pub now: Timestamp,
}

/// Answers a command line, its words already split: help, `find`, `show`, `tree` and `notice`. What is wrong goes to
/// `wrong`. A writer that fails is a reader that has gone away.
pub fn answer(words: &[String], served: Served, out: &mut dyn Write, wrong: &mut dyn Write) -> Outcome {
    let line = std::iter::once("dialtree").chain(words.iter().map(String::as_str)).map(OsString::from);
    let arguments = match read(line.collect()) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render().to_string();
            let _ = if error.use_stderr() { wrong.write_all(text.as_bytes()) } else { out.write_all(text.as_bytes()) };
            return if error.use_stderr() { Outcome::Failed } else { Outcome::Fine };
        }
    };
    let end = match &arguments {
        Arguments { version: true, .. } => super::version(out, &served.environment.origin),
        Arguments { look: Look { data: Some(_), .. }, .. } => {
            Err(anyhow::anyhow!("--data is not for here; the directory is the server's own"))
        }
        Arguments { command: Some(Command::Find(find)), .. } if find.is_batch() => {
            Err(anyhow::anyhow!("--batch is not for here; ask for one need at a time"))
        }
        Arguments { command: Some(command), look, .. } => command.answer(&desk(served, look), out),
        Arguments { command: None, .. } => Err(anyhow::anyhow!("the navigator needs a terminal: ssh -t")),
    };
    end.unwrap_or_else(|error| complain(&error, wrong))
}

fn desk(served: Served, look: &Look) -> Desk {
    let Served { directory, index, mut environment, width, now } = served;
    if look.ascii {
        environment.glyphs = Glyphs::ASCII;
    }
    environment.moment_is_set = look.at.is_some();
    let colors = match look.color {
        Color::Auto => environment.colors,
        Color::Always => true,
        Color::Never => false,
    };
    Desk { directory, index, environment, now: look.at.unwrap_or(now), width, colors }
}
