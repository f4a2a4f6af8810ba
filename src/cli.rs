//! The command line: one definition for parsing, help, man page and completions, and the commands that need no screen.
//!
//! A command that only reads answers from a context to any writer, so that whoever asks from remote gets the same.

mod check;
mod context;
mod export;
pub mod find;
mod notice;
pub mod remote;
mod scripts;
mod show;
mod tree;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::{Clipboard, Environment, Glyphs};
#[cfg(feature = "ssh")]
use crate::config::serve::ServeOptions;
use crate::directory::text::{harmless, nearest};
use crate::source::Source;
use context::Context;

/// Who do I contact about this, and which keys do I press?
///
/// Without a command, opens the navigator. A word that is no command is looked for: `dialtree commission` is `dialtree
/// find commission`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Parser)]
#[command(
    name = "dialtree",
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    subcommand_precedence_over_arg = true,
    before_help = "\
Examples:
  dialtree
  dialtree commission
  dialtree show ifp-line/1/1
  dialtree tree small-business
  dialtree export --format ron > mine.ron
  dialtree --data mine.ron"
)]
pub struct Arguments {
    /// What to do, if not to open the navigator.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How to show it.
    #[command(flatten)]
    pub look: GlobalOptions,

    /// Show the version, and where the directory comes from
    #[arg(short = 'V', long)]
    pub version: bool,

    /// Serve whoever is at the other end of an SSH connection, and let them do nothing else; for OpenSSH's
    /// ForceCommand, or as a login shell
    #[arg(long)]
    pub kiosk: bool,

    /// What a login shell is asked to run; this one answers it as a kiosk does.
    #[arg(short = 'c', value_name = "COMMAND", hide = true, allow_hyphen_values = true)]
    pub asked: Option<OsString>,
}

/// What to do without a screen.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Find by need, name, number or address
    Find(find::Arguments),
    /// Show the card of an answer
    Show(show::Arguments),
    /// Show the tree of an audience, or the whole tree
    Tree(tree::Arguments),
    /// Show a notice, or which notices there are
    Notice(notice::Arguments),
    /// Write the directory for another program, or as a data file to start from
    Export(export::Arguments),
    /// Say everything that is wrong with data files
    Check(check::Arguments),
    /// Serve the navigator over SSH
    #[cfg(feature = "ssh")]
    Serve(Box<ServeOptions>),
    /// Write the completions of a shell
    Completions(scripts::Completions),
    /// Write the man page, or that of a command
    Man(scripts::Manual),
    /// A word that is no command.
    #[command(external_subcommand)]
    Words(Vec<OsString>),
}

/// How to show things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct GlobalOptions {
    /// Show how things stand at this moment, such as 2026-11-23T10:42:00-08:00, and not now
    #[arg(long, value_name = "RFC 3339", value_parser = moment, global = true)]
    pub at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,

    /// Draw borders and marks in ASCII
    #[arg(long, global = true)]
    pub ascii: bool,

    /// Read the directory from this file; else from the one that DIALTREE_DATA names, else from
    /// dialtree/directory.ron in the data folder, else it is the built-in one
    #[arg(long, value_name = "FILE", global = true, value_hint = clap::ValueHint::FilePath)]
    pub data: Option<PathBuf>,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct Form {
    /// One record a line, a tab between its parts
    #[arg(long)]
    pub plain: bool,

    /// One JSON document, schema 1
    #[arg(long, conflicts_with = "plain")]
    pub json: bool,
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

impl GlobalOptions {
    /// Where the directory comes from.
    pub fn source(&self) -> Source {
        Source::choose(self.data.clone())
    }

    /// What the command line and the environment say about the reader and the terminal.
    pub fn environment(&self, source: &Source) -> Environment {
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
            // From remote, this machine's zone says nothing about the reader's.
            reader_zone: if is_remote { None } else { TimeZone::try_system().ok() },
            opens_links: has_desktop && !is_remote,
            clipboard: if has_desktop && !is_remote { Clipboard::Desktop } else { Clipboard::Terminal },
            may_suspend: true,
            moment_is_set: self.at.is_some(),
            source: source.short(),
        }
    }

    /// What the command line says of terminals at the other end of a wire; of this machine's own, nothing counts.
    pub fn environment_afar(&self, source: &Source) -> Environment {
        Environment {
            glyphs: if self.ascii { Glyphs::ASCII } else { Glyphs::UNICODE },
            colors: self.color != Color::Never,
            moment_is_set: self.at.is_some(),
            source: source.short(),
            ..Environment::default()
        }
    }
}

/// How a command ends, and its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is an answer, or nothing is wrong.
    Fine = 0,
    /// Nothing was found, or nothing that fits well.
    NothingFound = 1,
    /// Something is wrong.
    Failed = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

/// Nothing was found, and what might have been meant.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NothingFound(String);

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What is wrong, for whoever typed it; what keeps the output from being written.
    pub fn run(&self, look: &GlobalOptions) -> anyhow::Result<Outcome> {
        let mut out = io::stdout().lock();
        match self {
            Self::Export(arguments) => arguments.run(&Context::open(look)?, &mut out),
            Self::Check(arguments) => arguments.run(&mut out),
            Self::Completions(arguments) => arguments.run(&mut out),
            Self::Man(arguments) => arguments.run(&mut out),
            _ => self.answer(&Context::open(look)?, &mut out),
        }
    }

    /// Does it where it only reads from a context, as whoever asks from remote may.
    fn answer(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        match self {
            Self::Find(arguments) => arguments.run(context, out),
            Self::Show(arguments) => arguments.run(context, out),
            Self::Tree(arguments) => arguments.run(context, out),
            Self::Notice(arguments) => arguments.run(context, out),
            _ => anyhow::bail!("only find, show, tree and notice are answered here"),
        }
    }
}

/// Writes the version of the program, and where the directory comes from.
///
/// # Errors
/// What keeps it from being written.
pub fn version(out: &mut dyn Write, source: &str) -> anyhow::Result<Outcome> {
    writeln!(out, "dialtree {}\ndirectory: {source}", env!("CARGO_PKG_VERSION"))?;
    Ok(Outcome::Fine)
}

/// Reads the command line of this process. Help ends it with 0, a mistake with 2. A login shell, whose own name begins
/// with a hyphen, is a kiosk.
///
/// # Errors
/// How the program ends without doing anything: help was asked for, or there is a mistake.
pub fn parse() -> Result<Arguments, Outcome> {
    let words: Vec<OsString> = std::env::args_os().collect();
    let is_login_shell = words.first().is_some_and(|name| name.as_encoded_bytes().starts_with(b"-"));
    // Nearly always there are none, and building a parser to find that out takes a good part of the first frame's time.
    let arguments = match words.len() {
        0 | 1 => Arguments::default(),
        _ => read(words).map_err(|error| explain(&error, &mut io::stdout(), &mut io::stderr()))?,
    };
    Ok(Arguments { kiosk: arguments.kiosk || is_login_shell || arguments.asked.is_some(), ..arguments })
}

/// Reads a command line. Words that are no command are a need to find, unless the first is nearly a command.
fn read(mut words: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let arguments = Arguments::try_parse_from(&words)?;
    let Some(Command::Words(need)) = &arguments.command else { return Ok(arguments) };
    let commands = Arguments::command();
    let names = || commands.get_subcommands().map(clap::Command::get_name);
    let first = need.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    match need.get(1).map(|second| second.to_string_lossy()) {
        None if first == "help" => return Arguments::try_parse_from(["dialtree", "--help"]),
        Some(second) if first == "help" && need.len() == 2 && names().any(|name| name == second) => {
            return Arguments::try_parse_from(["dialtree", &*second, "--help"]);
        }
        _ => {}
    }
    // Of several words the first is hardly ever a command that was mistyped.
    let is_alone = need.iter().skip(1).all(|word| word.as_encoded_bytes().starts_with(b"-"));
    if let Some(near) = nearest(&first, names()).filter(|_| is_alone) {
        let hint =
            format!("there is no command `{first}`; did you mean `{near}`? To look for it: dialtree find {first}\n");
        return Err(clap::Error::raw(clap::error::ErrorKind::InvalidSubcommand, hint));
    }
    words.insert(words.len() - need.len(), "find".into());
    Arguments::try_parse_from(words)
}

/// Writes help, or what is wrong with a command line: it may hold anything, so nothing of it is obeyed by a terminal.
fn explain(error: &clap::Error, out: &mut dyn Write, wrong: &mut dyn Write) -> Outcome {
    let text: String = error.render().to_string().split_inclusive('\n').map(shown).collect();
    // With no one left to tell, the code says it.
    if error.use_stderr() {
        let _ = wrong.write_all(text.as_bytes());
        Outcome::Failed
    } else {
        let _ = out.write_all(text.as_bytes());
        Outcome::Fine
    }
}

fn shown(line: &str) -> String {
    let end = if line.ends_with('\n') { "\n" } else { "" };
    harmless(line.trim_end_matches('\n')).into_owned() + end
}

/// Says on standard error what went wrong. A reader that has gone away is nothing wrong.
pub fn fail(error: &anyhow::Error) -> Outcome {
    complain(error, &mut io::stderr())
}

fn complain(error: &anyhow::Error, wrong: &mut dyn Write) -> Outcome {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return Outcome::Fine;
    }
    // With no one left to tell, the code says it.
    let text: String = format!("dialtree: {error:#}\n").split_inclusive('\n').map(shown).collect();
    let _ = wrong.write_all(text.as_bytes());
    if error.is::<NothingFound>() { Outcome::NothingFound } else { Outcome::Failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, clap::Error> {
        super::read(line.split(' ').map(OsString::from).collect())
    }

    #[test]
    fn no_arguments_are_the_defaults() {
        assert_eq!(read("dialtree").unwrap(), Arguments::default());
    }

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_word_that_is_no_command_is_looked_for() {
        for (short, long) in [
            ("dialtree commission", "dialtree find commission"),
            ("dialtree lost id card --json", "dialtree find lost id card --json"),
            ("dialtree --ascii fax for billing", "dialtree --ascii find fax for billing"),
        ] {
            assert_eq!(read(short).unwrap(), read(long).unwrap());
        }
        for (typed, meant) in [("shwo", "show"), ("exprot", "export"), ("complettions", "completions")] {
            let error = read(&format!("dialtree {typed}")).unwrap_err();
            assert!(error.to_string().contains(&format!("did you mean `{meant}`?")), "{error}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
