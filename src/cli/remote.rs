//! The read-only commands for remote clients, over SSH and in kiosk mode. Nothing is read from the environment, from
//! standard input or from a file that the client names, and nothing but the output is written.

use std::ffi::OsString;
use std::io::Write;

use super::{Command, CommandLine, Context, GlobalOptions, Outcome, explain, read, report_error};

/// The longest command line, in bytes.
const MAX_LEN: usize = 4 << 10;

/// Runs a command line as a client sent it: `find`, `show`, `tree`, `notice` or help; an empty one prints help. No shell
/// is involved: the line is split at spaces, quotes and backslashes are honoured, and nothing is expanded. Errors go to
/// `error_out`. A writer that fails means that the client has gone away.
pub fn run_line(line: &[u8], context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    match split_words(line) {
        Ok(words) if words.is_empty() => run_words(&["--help".to_owned()], context, out, error_out),
        Ok(words) => run_words(&words, context, out, error_out),
        Err(why) => report_error(&anyhow::anyhow!(why), error_out),
    }
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

/// Runs a command line that is already split into words.
pub fn run_words(words: &[String], context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    if matches!(words, [only] if ["help", "--help", "-h"].contains(&only.as_str())) {
        let _ = out.write_all(HELP.as_bytes());
        return Outcome::Fine;
    }
    let line = std::iter::once("dialtree").chain(words.iter().map(String::as_str)).map(OsString::from);
    match read(line.collect()) {
        Ok(command_line) => run(&command_line, context, out, error_out),
        Err(error) => explain(&error, out, error_out),
    }
}

/// Runs a command line that is already parsed.
pub fn run(command_line: &CommandLine, context: Context, out: &mut dyn Write, error_out: &mut dyn Write) -> Outcome {
    let end = match command_line {
        CommandLine { version: true, .. } => super::version(out, &context.environment.source),
        CommandLine { options: GlobalOptions { data: Some(_), .. }, .. } => {
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
