//! The same commands for whoever asks from remote, where only answers are given: nothing is read from the environment,
//! from standard input or from a file that the asker names, and nothing but the answer is written.

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::{Arguments, Color, Command, GlobalOptions, Outcome, complain, explain, read};
use crate::app::Environment;
use crate::present::display::Glyphs;
use crate::report::ColorMode;
use crate::search::Catalog;

/// What a server answers from.
#[derive(Clone, Debug)]
pub struct Served {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The asker's terminal, as far as it is known.
    pub environment: Environment,
    /// The columns of the asker's terminal, or as many as a page has.
    pub width: u16,
    /// Now.
    pub now: Timestamp,
}

/// The columns of a page whose reader's terminal is not known.
pub const WIDTH: u16 = super::context::WIDTH;

/// The longest command line that is read, in bytes.
const MAX_LEN: usize = 4 << 10;

/// Answers a command line as it came over the wire: help, `find`, `show`, `tree` and `notice`. No shell reads it: it is
/// cut into words at its spaces, quotes and backslashes count, and nothing is expanded. An empty one asks for help. What
/// is wrong goes to `wrong`; a writer that fails is a reader that has gone away.
pub fn answer_line(line: &[u8], served: Served, out: &mut dyn Write, wrong: &mut dyn Write) -> Outcome {
    match words(line) {
        Ok(words) if words.is_empty() => answer(&["--help".to_owned()], served, out, wrong),
        Ok(words) => answer(&words, served, out, wrong),
        Err(why) => complain(&anyhow::anyhow!(why), wrong),
    }
}

fn words(line: &[u8]) -> Result<Vec<String>, String> {
    if line.len() > MAX_LEN {
        return Err(format!("this command is {} bytes long; {MAX_LEN} are the most", line.len()));
    }
    let line = std::str::from_utf8(line).map_err(|_| "this command is no text in UTF-8")?;
    if line.contains('\0') {
        return Err("this command holds a NUL".to_owned());
    }
    shell_words::split(line).map_err(|_| "a quote in this command is not closed".to_owned())
}

/// What who asks for nothing, or for help, reads.
const HELP: &str = "\
Who do I contact about this, and which keys do I press?

  ssh -t HOST                     opens the navigator; it needs a terminal
  ssh HOST lost id card           finds by need, as find does
  ssh HOST find --json lost card  the same for programs
  ssh HOST show ifp-line/1/1      shows the card of an answer
  ssh HOST tree                   shows everything there is
  ssh HOST notice                 says which notices there are
  ssh HOST find --help            says what else find takes; so do the others
";

/// Answers a command line whose words are already cut.
pub fn answer(words: &[String], served: Served, out: &mut dyn Write, wrong: &mut dyn Write) -> Outcome {
    if matches!(words, [only] if ["help", "--help", "-h"].contains(&only.as_str())) {
        let _ = out.write_all(HELP.as_bytes());
        return Outcome::Fine;
    }
    let line = std::iter::once("dialtree").chain(words.iter().map(String::as_str)).map(OsString::from);
    let arguments = match read(line.collect()) {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error, out, wrong),
    };
    let end = match &arguments {
        Arguments { version: true, .. } => super::version(out, &served.environment.source),
        Arguments { look: GlobalOptions { data: Some(_), .. }, .. } => {
            Err(anyhow::anyhow!("--data is not for here; the directory is the server's own"))
        }
        Arguments { command: Some(Command::Find(find)), .. } if find.is_batch() => {
            Err(anyhow::anyhow!("--batch is not for here; ask for one need at a time"))
        }
        Arguments { command: Some(command), look, .. } => command.answer(&context(served, look), out),
        Arguments { command: None, .. } => Err(anyhow::anyhow!("the navigator needs a terminal: ssh -t")),
    };
    end.unwrap_or_else(|error| complain(&error, wrong))
}

fn context(served: Served, look: &GlobalOptions) -> Context {
    let Served { catalog, mut environment, width, now } = served;
    if look.ascii {
        environment.display.glyphs = Glyphs::ASCII;
    }
    environment.moment_is_set = look.at.is_some();
    let looks = match look.color {
        Color::Auto if !environment.display.colors => ColorMode::None,
        Color::Auto | Color::Always => ColorMode::All,
        Color::Never => ColorMode::None,
    };
    Context { catalog, environment, now: look.at.unwrap_or(now), width, looks }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_command_is_cut_as_a_shell_would_and_nothing_is_expanded() {
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
            assert_eq!(words(command.as_bytes()).unwrap(), expected, "{command}");
        }
    }

    #[test]
    fn what_is_no_command_is_refused_with_a_reason() {
        for (command, why) in [
            (&b"find 'card"[..], "not closed"),
            (b"find \0", "NUL"),
            (b"find \xff", "UTF-8"),
            (&[b'x'; 256 << 10], "262144 bytes long"),
        ] {
            assert!(words(command).unwrap_err().contains(why));
        }
    }
}
