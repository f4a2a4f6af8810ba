//! One command without a terminal: `ssh HOST find commission`. It goes, as it came, to the read-only part of the command
//! line.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::channel_writer::ChannelWriter;
use super::state::ServerState;
use crate::app::Environment;
use crate::search::Catalog;

/// What answers a command as the command line would, without a file, a program or the environment; an empty one with
/// help.
pub type CommandRunner = dyn Fn(&[u8], &Arc<Catalog>, &Environment) -> CommandOutput + Send + Sync;

/// What a command says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutput {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub error: String,
    /// The exit code.
    pub code: u8,
}

/// The answers that are held at once for whoever reads slowly, in bytes.
const HELD: usize = 64 << 20;

/// How much commands may take of what all share.
pub(super) struct RunningCommand {
    /// So many are answered at once: more would only keep sessions from the processor.
    working: Semaphore,
    /// Bytes of answers on their way.
    held: Semaphore,
}

impl RunningCommand {
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { working: Semaphore::new(processors.div_ceil(2)), held: Semaphore::new(HELD) }
    }
}

/// Answers a command and closes its channel. As no key of a user is to come, all of it takes no longer than a session
/// may be idle.
pub(super) async fn serve(
    line: ChannelWriter,
    state: Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) {
    // However this ends, nobody waits for an answer that does not come.
    let guard = line.guard();
    let served = timeout(state.config.timers.idle, answer(&line, &state, environment, is_tty, command));
    if matches!(served.await, Ok(Ok(true))) {
        guard.disarm();
    }
}

/// Whether the peer took the answer; an error where there is none.
async fn answer(
    line: &ChannelWriter,
    state: &Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) -> anyhow::Result<bool> {
    let working = state.answering.working.acquire().await?;
    let shared = Arc::clone(state);
    let answering = tokio::task::spawn_blocking(move || {
        let current = shared.current.borrow().clone();
        (shared.config.answer)(&command, &current, &environment)
    });
    let CommandOutput { out, error, code } = answering.await?;
    // A terminal in raw mode takes a line's end as it is.
    let text = |text: String| if is_tty { text.replace('\n', "\r\n") } else { text };
    let (out, error) = (text(out), text(error));
    let size = u32::try_from((out.len() + error.len()).min(HELD))?;
    let _held = state.answering.held.acquire_many(size).await?;
    drop(working);
    Ok(line.answer(out.as_bytes(), error.as_bytes(), code).await)
}
