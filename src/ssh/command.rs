//! One command without a terminal: `ssh HOST find commission`. It goes, as it came, to the read-only part of the command
//! line.

use std::sync::Arc;

use super::house::{Current, House};
use super::seat::Line;
use crate::app::Environment;

/// What answers a command as the command line would, without a file, a program or the environment; an empty one with
/// help.
pub type Answer = dyn Fn(&[u8], &Current, &Environment) -> Answered + Send + Sync;

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

/// Answers a command and closes its channel.
pub(super) async fn serve(line: Line, house: Arc<House>, environment: Environment, is_tty: bool, command: Vec<u8>) {
    // However this ends, nobody waits for an answer that does not come.
    let guard = line.guard();
    let answering = tokio::task::spawn_blocking(move || {
        let current = house.current.borrow().clone();
        (house.config.answer)(&command, &current, &environment)
    });
    if let Ok(Answered { out, error, code }) = answering.await {
        // A terminal in raw mode takes a line's end as it is.
        let text = |text: String| if is_tty { text.replace('\n', "\r\n") } else { text };
        if line.send(text(out)).await && line.send_error(text(error)).await {
            line.finish(code).await;
        }
        guard.disarm();
    }
}
