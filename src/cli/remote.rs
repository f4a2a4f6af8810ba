//! The read-only commands for remote clients, over SSH and in kiosk mode. Nothing is read from the environment, from
//! standard input or from a file that the client names, and nothing but the output is written.

use std::ffi::OsString;
use std::io::Write;

use clap::CommandFactory;

use super::{Command, CommandLine, Context, GlobalOptions, Outcome, Pieces, explain, read, report_error};

/// The longest command line, in bytes.
const MAX_LEN: usize = 4 << 10;

/// Runs a command line as a client sent it: `find`, `show`, `tree`, `notice` or help; an empty one prints help. No
/// shell is involved: the line is split at spaces, quotes and backslashes are honoured, and nothing is expanded. Errors
/// go to
/// `error_out`. A writer that fails means that the client has gone away.
pub fn run_line(line: &[u8], context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    match split_words(line) {
        Ok(words) if words.is_empty() => run_words(&["--help".to_owned()], context, out, error_out),
        Ok(words) => run_words(&words, context, out, error_out),
        Err(why) => report_error(&anyhow::anyhow!(why), error_out),
    }
}

/// The output of a command that is started.
pub struct Running {
    /// What is written to standard output.
    pub out: Pieces,
    /// What is written to standard error.
    pub error: String,
    /// How the command ends.
    pub outcome: Outcome,
}

/// Starts a command line as [`run_line`] runs it. Large output is not made before it is taken.
pub fn start_line(line: &[u8], context: Context) -> Running {
    let tree = split_words(line).ok().and_then(|words| tree(&words, &context));
    if let Some(out) = tree {
        return Running { out, error: String::new(), outcome: Outcome::Fine };
    }
    let (mut out, mut error) = (Vec::new(), Vec::new());
    let outcome = run_line(line, context, &mut out, &mut error);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Running { out: Box::new(std::iter::once(text(out))), error: text(error), outcome }
}

/// The output of a command line if it shows a tree.
fn tree(words: &[String], context: &Context) -> Option<Pieces> {
    let command_line = read(arguments(words)).ok()?;
    match &command_line {
        CommandLine { version: true, .. } | CommandLine { options: GlobalOptions { config: Some(_), .. }, .. } => None,
        CommandLine { options, .. } if options.chooses_data() => None,
        CommandLine { command: Some(Command::Tree(tree)), options, .. } => {
            tree.pieces(context.clone().with_options(options)).ok()
        }
        _ => None,
    }
}

fn arguments(words: &[String]) -> Vec<OsString> {
    std::iter::once("dialtree").chain(words.iter().map(String::as_str)).map(OsString::from).collect()
}

fn split_words(line: &[u8]) -> Result<Vec<String>, String> {
    if line.len() > MAX_LEN {
        return Err(format!("this command is {} bytes long; the limit is {MAX_LEN}", line.len()));
    }
    let line = std::str::from_utf8(line).map_err(|_| "this command is not UTF-8 text")?;
    if line.contains('\0') {
        return Err("this command contains a NUL byte".to_owned());
    }
    shell_words::split(line).map_err(|_| "a quote in this command is not closed".to_owned())
}

/// The help for remote clients.
const HELP: &str = "\
Who do I contact about this, and which keys do I press?

  ssh -t HOST                     open the navigator (needs a terminal)
  ssh HOST lost id card           search, as find does
  ssh HOST find --json lost card  the same as JSON
  ssh HOST show ifp-line/1/1      show the card of an entry
  ssh HOST tree                   show the whole directory
  ssh HOST notice                 list the notices
  ssh HOST find --help            list the options of a command
";

/// Examples for remote clients.
const FIND_EXAMPLES: &str = "\
Examples:
  ssh HOST find commission
  ssh HOST find --audience small-business lost id card
  ssh HOST find --plain --limit 1 report fraud";

/// The commands for remote clients.
const COMMANDS: [&str; 4] = ["find", "show", "tree", "notice"];

/// The help of a command for remote clients: without the options that they cannot use. `None` for other help.
fn help(words: &[String]) -> Option<clap::Error> {
    let is_help = |word: &String| word == "--help" || word == "-h";
    let command = words.first().filter(|word| COMMANDS.contains(&word.as_str()))?;
    words.iter().any(is_help).then_some(())?;
    let hidden = |argument: clap::Arg| argument.hide(true);
    let commands =
        CommandLine::command().mut_arg("data", hidden).mut_arg("with_built_in", hidden).mut_arg("config", hidden);
    let commands = commands.mut_subcommand("find", |find| find.mut_arg("batch", hidden).before_help(FIND_EXAMPLES));
    commands.try_get_matches_from(["dialtree", command, "--help"]).err()
}

/// Runs a command line that is already split into words.
pub fn run_words(words: &[String], context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    if matches!(words, [only] if ["help", "--help", "-h"].contains(&only.as_str())) {
        let _ = out.write_all(HELP.as_bytes());
        return Outcome::Fine;
    }
    // What users type into a shell that they want to leave.
    if matches!(words, [only] if ["exit", "logout", "quit"].contains(&only.as_str())) {
        return Outcome::Fine;
    }
    if let Some(help) = help(words) {
        return explain(&help, out, error_out);
    }
    match read(arguments(words)) {
        Ok(command_line) => run(&command_line, context, out, error_out),
        Err(error) => explain(&error, out, error_out),
    }
}

/// Runs a command line that is already parsed.
pub fn run(command_line: &CommandLine, context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    let end = match command_line {
        CommandLine { version: true, verbose, .. } => {
            let loaded = verbose.then_some(Ok(context.catalog));
            super::version(out, &context.environment.source, loaded, &crate::source::LoadProblems::default())
        }
        CommandLine { options, .. } if options.chooses_data() => {
            Err(anyhow::anyhow!("--data cannot be used here: the server chooses the directory"))
        }
        CommandLine { options: GlobalOptions { config: Some(_), .. }, .. } => {
            Err(anyhow::anyhow!("--config cannot be used here"))
        }
        CommandLine { command: Some(Command::Find(find)), .. } if find.is_batch() => {
            Err(anyhow::anyhow!("--batch cannot be used here: send one query at a time"))
        }
        CommandLine { command: Some(command), options, .. } => {
            command.run_read_only(&context.with_options(options), out)
        }
        CommandLine { command: None, .. } => Err(anyhow::anyhow!("the navigator needs a terminal: ssh -t")),
    };
    end.unwrap_or_else(|error| report_error(&error, error_out))
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn a_command_is_split_as_by_a_shell_without_expansion() {
        for (command, expected) in [
            ("", &[][..]),
            ("  find   lost id\tcard ", &["find", "lost", "id", "card"]),
            ("find 'lost id' \"card no\" it\\'s", &["find", "lost id", "card no", "it's"]),
            ("find '' a''b", &["find", "", "ab"]),
            (
                "find $(id) `id` $HOME * ~; rm -rf / | sh > x",
                &["find", "$(id)", "`id`", "$HOME", "*", "~;", "rm", "-rf", "/", "|", "sh", ">", "x"],
            ),
        ] {
            assert_eq!(split_words(command.as_bytes()).unwrap(), expected, "{command}");
        }
    }

    #[test]
    fn a_malformed_command_is_refused_with_a_reason() {
        for (command, why) in [
            (&b"find 'card"[..], "not closed"),
            (b"find \0", "NUL"),
            (b"find \xff", "UTF-8"),
            (&[b'x'; 256 << 10], "262144 bytes long"),
        ] {
            assert!(split_words(command).unwrap_err().contains(why));
        }
    }
}
