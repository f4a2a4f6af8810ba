//! The command line: one definition for parsing, help, man page and completions, and the commands that need no screen.
//!
//! Read-only commands take a `Context` and a writer, so that remote clients get the same output.

mod check;
mod config;
mod context;
mod diff;
mod doctor;
mod edit;
mod environment;
mod export;
pub mod find;
mod import;
mod init;
mod kiosk;
pub mod remote;
mod scripts;
mod show;
mod version;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

#[cfg(feature = "ssh")]
use crate::config::ServeOptions;
use crate::directory::text::{nearest, sanitized};
use crate::present::display::Clock;
use context::DirectoryOption;
pub use context::{Context, Pieces};
pub use environment::draws_screens;
pub use version::version;

/// Who do I contact about this, and which keys do I press?
///
/// Without a command, opens the navigator. Words that are not a command are searched for: `dialtree commission` is
/// `dialtree find commission`.
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
pub struct CommandLine {
    /// The command; without one, the navigator opens.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The options of every command.
    #[command(flatten)]
    pub options: GlobalOptions,

    /// Print the version and the source of the directory
    #[arg(short = 'V', long)]
    pub version: bool,

    /// With --version: print the data, the commit, the target and the features, too
    #[arg(long, requires = "version")]
    pub verbose: bool,

    /// Ask and answer in plain lines, for screen readers and terminals that draw nothing; used by itself if TERM is
    /// dumb
    #[arg(long)]
    pub line: bool,

    /// Run read-only, for OpenSSH's ForceCommand or as a login shell; data files must be writable only by root
    #[arg(long)]
    pub kiosk: bool,

    /// Hold the text from standard input on the desktop's clipboard, as a process of its own.
    #[arg(long, hide = true)]
    pub hold_clipboard: bool,

    /// The command that a login shell is asked to run; it is answered as in kiosk mode.
    #[arg(short = 'c', value_name = "COMMAND", hide = true, allow_hyphen_values = true)]
    pub shell_command: Option<OsString>,
}

/// The commands.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Find entries by query, name, number or address
    Find(find::FindArgs),
    /// Show the card of an entry
    Show(show::ShowArgs),
    /// Show the tree of an audience, or the whole tree
    Tree(show::TreeArgs),
    /// Show a notice, or list the notices
    Notice(show::NoticeArgs),
    /// Export the directory as JSON, CSV, vCard or its data file
    Export(export::ExportArgs),
    /// Make a data file from a table, vCards, Open Referral or JSON
    Import(import::ImportArgs),
    /// Write a directory with comments and examples to start from
    Init(init::InitArgs),
    /// Check data files and list every problem
    Check(check::CheckArgs),
    /// List what changed between two data files
    Diff(diff::DiffArgs),
    /// Open an editor at the line of an entry
    Edit(edit::EditArgs),
    /// Check, find or write the configuration file
    Config(config::ConfigArgs),
    /// Find out what works here, what does not, and why
    Doctor(doctor::DoctorArgs),
    /// Serve the navigator over SSH
    #[cfg(feature = "ssh")]
    Serve(Box<ServeOptions>),
    /// Print shell completions
    Completions(scripts::CompletionsArgs),
    /// Print a man page
    Man(scripts::ManArgs),
    /// Words that are not a command.
    #[command(external_subcommand)]
    Words(Vec<OsString>),
}

/// The heading of the options of every command in the help of a command that has options of its own.
const GLOBAL: &str = "Global options";

/// The options of every command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct GlobalOptions {
    /// Show open hours at this time instead of now, such as 2026-11-23T10:42:00-08:00
    #[arg(long, value_name = "RFC 3339", value_parser = moment, global = true, help_heading = GLOBAL)]
    pub at: Option<Timestamp>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true, help_heading = GLOBAL)]
    pub color: Color,

    /// The colours of the navigator: terminal, dark, light, high-contrast, or a theme of the configuration
    #[arg(long, value_name = "THEME", global = true, help_heading = GLOBAL)]
    pub theme: Option<String>,

    /// Draw borders and symbols in ASCII
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub ascii: bool,

    /// Write times of day on this clock instead of $DIALTREE_CLOCK or that of the locale
    #[arg(long, value_name = "CLOCK", value_enum, global = true, help_heading = GLOBAL)]
    pub clock: Option<ClockOption>,

    /// Read the configuration from this file instead of $DIALTREE_CONFIG or dialtree/config.ron in the configuration
    /// folder
    #[arg(long, value_name = "FILE", global = true, help_heading = GLOBAL, value_hint = clap::ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Read a directory from this file, or several from the *.ron files of this folder, instead of $DIALTREE_DATA,
    /// dialtree/*.ron in the data folder or the built-in directory; may be repeated
    #[arg(long, value_name = "PATH", global = true, help_heading = GLOBAL, value_hint = clap::ValueHint::AnyPath)]
    pub data: Vec<PathBuf>,

    /// Use the built-in directory too
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub with_built_in: bool,
}

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
#[group(multiple = false)]
pub struct OutputFormat {
    /// Print one record per line, its fields separated by tabs
    #[arg(long)]
    pub plain: bool,

    /// Print one JSON document (schema 2)
    #[arg(long)]
    pub json: bool,
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "expected a time such as 2026-11-23T10:42:00-08:00")
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Use colours on a terminal, unless NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// Use colours in files and pipes too
    Always,
    /// Use no colours; the navigator uses bold, dim and reverse video instead
    Never,
}

/// How times of day are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockOption {
    /// 5:00 PM
    #[value(name = "12h")]
    TwelveHour,
    /// 17:00
    #[value(name = "24h")]
    TwentyFourHour,
}

impl From<ClockOption> for Clock {
    fn from(option: ClockOption) -> Self {
        match option {
            ClockOption::TwelveHour => Self::TwelveHour,
            ClockOption::TwentyFourHour => Self::TwentyFourHour,
        }
    }
}

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found, or nothing is wrong.
    Fine = 0,
    /// Nothing was found, or only weak matches; or something was, where nothing should be: a change, a warning, or what
    /// an import left out.
    Negative = 1,
    /// An error.
    Failed = 2,
    /// The reader of the output is gone: the code that a shell reports for a program that SIGPIPE has ended.
    OutputClosed = 141,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

/// Nothing was found; the message suggests what may have been meant.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NothingFound(String);

impl Command {
    /// Runs the command and writes to standard output.
    ///
    /// # Errors
    /// When the arguments or the directory are wrong, or the output cannot be written.
    pub fn run(&self, options: &GlobalOptions) -> anyhow::Result<Outcome> {
        let mut out = io::stdout().lock();
        let outcome = match self {
            Self::Export(arguments) => arguments.run(options, &mut out),
            Self::Check(arguments) => arguments.run(options, &mut out),
            Self::Diff(arguments) => arguments.run(&mut out),
            Self::Edit(arguments) => arguments.run(options, &mut out),
            Self::Import(arguments) => arguments.run(options, &mut out, &mut io::stderr()),
            Self::Init(arguments) => arguments.run(options, &mut out),
            Self::Config(arguments) => arguments.run(options, &mut out),
            Self::Completions(arguments) => arguments.run(&mut out),
            Self::Man(arguments) => arguments.run(&mut out),
            _ => self.run_read_only(&Context::open(options)?, &mut out),
        }?;
        // What cannot be written when the process exits would be lost without an error.
        out.flush()?;
        Ok(outcome)
    }

    /// Runs a read-only command, the only kind that remote clients may run.
    fn run_read_only(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        match self {
            Self::Find(arguments) => arguments.run(context, out),
            Self::Show(arguments) => arguments.run(context, out),
            Self::Tree(arguments) => arguments.run(context, out),
            Self::Notice(arguments) => arguments.run(context, out),
            _ => anyhow::bail!("only find, show, tree and notice can be run here"),
        }
    }
}

/// Parses the command line of this process. A login shell, whose name begins with a hyphen, runs in kiosk mode.
///
/// # Errors
/// The exit code where the program ends at once: 0 after help was printed, 2 after a wrong command line was reported.
pub fn parse() -> Result<CommandLine, Outcome> {
    let words: Vec<OsString> = std::env::args_os().collect();
    let is_login_shell = words.first().is_some_and(|name| name.as_encoded_bytes().starts_with(b"-"));
    // Most starts have no arguments, and building the parser takes a measurable part of the time to the first frame.
    let command_line = match words.len() {
        0 | 1 => CommandLine::default(),
        _ => read(words).map_err(|error| explain(&error, &mut io::stdout(), &mut io::stderr()))?,
    };
    let kiosk = command_line.kiosk || is_login_shell || command_line.shell_command.is_some();
    Ok(CommandLine { kiosk, ..command_line })
}

/// The ends of the names of files that commands take.
const FILE_KINDS: [&str; 5] = ["ron", "csv", "json", "vcf", "txt"];

/// Parses a command line. Words that are not a command become a query, unless the first is nearly a command.
fn read(mut words: Vec<OsString>) -> Result<CommandLine, clap::Error> {
    // The name of a command after `-c` would be taken for the command itself, so it is attached.
    let options = words.iter().skip(1).take_while(|word| word.as_encoded_bytes().starts_with(b"-"));
    if let Some(before) = options.clone().position(|word| word == "-c").filter(|before| before + 2 < words.len()) {
        let value = words.remove(before + 2);
        words[before + 1].push(value);
    }
    let command_line = CommandLine::try_parse_from(&words)?;
    let Some(Command::Words(query)) = &command_line.command else { return Ok(command_line) };
    let commands = CommandLine::command();
    let names = || commands.get_subcommands().map(clap::Command::get_name);
    let first = query.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    match query.get(1).map(|second| second.to_string_lossy()) {
        None if first == "help" => return CommandLine::try_parse_from(["dialtree", "--help"]),
        Some(second) if first == "help" && query.len() == 2 && names().any(|name| name == second) => {
            return CommandLine::try_parse_from(["dialtree", &*second, "--help"]);
        }
        _ => {}
    }
    // The first of several words is hardly ever a mistyped command, unless a file follows or nothing else is found.
    // Whether the file exists is not asked: remote users must not learn it.
    let is_file =
        |word: &OsString| Path::new(word).extension().is_some_and(|kind| FILE_KINDS.iter().any(|k| kind == *k));
    let is_argument = |word: &OsString| word.as_encoded_bytes().starts_with(b"-") || is_file(word);
    let is_certain = query.iter().skip(1).all(is_argument);
    let hint = nearest(&first, names()).map(|near| format!("there is no command `{first}`; did you mean `{near}`?"));
    if let (Some(hint), true) = (&hint, is_certain) {
        let hint = format!("{hint} To search for it: dialtree find {first}\n");
        return Err(clap::Error::raw(clap::error::ErrorKind::InvalidSubcommand, hint));
    }
    words.insert(words.len() - query.len(), "find".into());
    let mut command_line = CommandLine::try_parse_from(words)?;
    if let Some(Command::Find(arguments)) = &mut command_line.command {
        arguments.mistyped = hint;
    }
    Ok(command_line)
}

/// Prints help, or the error of a command line. The error quotes the command line, which may hold control characters,
/// so it is sanitized.
fn explain(error: &clap::Error, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    let text: String = error.render().to_string().split_inclusive('\n').map(shown).collect();
    // If standard error is closed, the exit code remains.
    if error.use_stderr() {
        let _ = error_out.write_all(text.as_bytes());
        Outcome::Failed
    } else {
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Outcome::Fine,
            Err(error) => report_error(&error.into(), error_out),
        }
    }
}

fn shown(line: &str) -> String {
    let end = if line.ends_with('\n') { "\n" } else { "" };
    sanitized(line.trim_end_matches('\n')).into_owned() + end
}

/// Reports an error on standard error. A closed output (EPIPE) is not reported: the program that closed it wants no
/// more.
pub fn fail(error: &anyhow::Error) -> Outcome {
    report_error(error, &mut io::stderr())
}

fn report_error(error: &anyhow::Error, error_out: &mut dyn Write) -> Outcome {
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return Outcome::OutputClosed;
    }
    // If standard error is closed, the exit code remains.
    let text: String = format!("dialtree: {error:#}\n").split_inclusive('\n').map(shown).collect();
    let _ = error_out.write_all(text.as_bytes());
    if error.is::<NothingFound>() { Outcome::Negative } else { Outcome::Failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<CommandLine, clap::Error> {
        super::read(line.split(' ').map(OsString::from).collect())
    }

    #[test]
    fn no_arguments_are_the_defaults() {
        assert_eq!(read("dialtree").unwrap(), CommandLine::default());
    }

    #[test]
    fn the_definition_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn words_that_are_not_a_command_are_searched_for() {
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
