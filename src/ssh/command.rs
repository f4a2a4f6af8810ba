//! One command without a terminal: `ssh HOST find commission`. No shell reads it: it is cut into words here, and the
//! words go to the read-only part of the command line.

use std::sync::Arc;

use super::house::{Current, House};
use super::seat::Line;
use crate::app::Environment;

/// What answers words as the command line would, without a file, a program or the environment.
pub type Answer = dyn Fn(&[String], &Current, &Environment) -> Answered + Send + Sync;

/// What a command says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub error: String,
    /// The exit code.
    pub code: u8,
}

/// The longest command, in bytes.
const LONGEST: usize = 4 << 10;

/// What goes wrong ends with this code.
const FAILED: u8 = 2;

/// What who has no terminal reads.
const HELP: &str = "\
dialtree: who do I contact about this, and which keys do I press?

  ssh -t HOST                        opens the navigator; it needs a terminal
  ssh HOST find lost id card         answers a need
  ssh HOST find --json commission    the same for programs
  ssh HOST help                      says what else there is
";

/// Answers a command and closes its channel.
pub(super) async fn serve(line: Line, house: Arc<House>, environment: Environment, is_tty: bool, command: Vec<u8>) {
    // However this ends, nobody waits for an answer that does not come.
    let guard = line.guard();
    let answering = tokio::task::spawn_blocking(move || answer(&house, &environment, &command));
    if let Ok(Answered { out, error, code }) = answering.await {
        // A terminal in raw mode takes a line's end as it is.
        let text = |text: String| if is_tty { text.replace('\n', "\r\n") } else { text };
        if line.send(text(out)).await && line.send_error(text(error)).await {
            line.finish(code).await;
        }
        guard.disarm();
    }
}

fn answer(house: &House, environment: &Environment, command: &[u8]) -> Answered {
    let words = match words(command) {
        Ok(words) => words,
        Err(why) => return Answered { error: format!("dialtree: {why}\n"), code: FAILED, ..Answered::default() },
    };
    if words.is_empty() {
        return Answered { out: HELP.to_owned(), ..Answered::default() };
    }
    let current = house.current.borrow().clone();
    (house.config.answer)(&words, &current, environment)
}

/// Cuts a command into words as a shell would with quotes and backslashes, and expands nothing.
fn words(command: &[u8]) -> Result<Vec<String>, String> {
    if command.len() > LONGEST {
        return Err(format!("this command is {} bytes long; {LONGEST} are the most", command.len()));
    }
    let text = std::str::from_utf8(command).map_err(|_| "this command is no text in UTF-8".to_owned())?;
    if text.contains('\0') {
        return Err("this command holds a NUL".to_owned());
    }
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => match letters.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => return Err("this command ends in a backslash".to_owned()),
            },
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    match quote {
        Some(quote) => Err(format!("a {quote} is not closed; write it twice, or \\{quote} for the letter itself")),
        None => Ok(words.into_iter().chain(word).collect()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::words;

    #[test]
    fn a_command_is_cut_as_a_shell_would_and_nothing_is_expanded() {
        for (command, expected) in [
            ("", &[][..]),
            ("  find   lost id\tcard ", &["find", "lost", "id", "card"]),
            ("find 'lost id' \"card no\" it\\'s", &["find", "lost id", "card no", "it's"]),
            ("find '' a''b", &["find", "", "ab"]),
            ("find 'a\"b' \"c'd\" \"e\\\"f\"", &["find", "a\"b", "c'd", "e\"f"]),
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
            (&b"find 'card"[..], "a ' is not closed"),
            (b"find card\\", "ends in a backslash"),
            (b"find \0", "NUL"),
            (b"find \xff", "UTF-8"),
            (&[b'x'; 256 << 10], "262144 bytes long"),
        ] {
            assert!(words(command).unwrap_err().contains(why));
        }
    }
}
