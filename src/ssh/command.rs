//! A channel that runs one command, without a terminal: `ssh HOST find commission`.

use std::sync::Arc;

use tokio::time::timeout;

use super::channel_writer::ChannelWriter;
use super::limits::MAX_PENDING_OUTPUT;
use super::state::{CommandOutput, ServerState};
use crate::app::Environment;

/// Runs a command and closes its channel. A command gets no input, so the idle timeout bounds all of it: the wait for a
/// permit, the run and the output.
pub(super) async fn serve(
    writer: ChannelWriter,
    state: Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) {
    let guard = writer.abort_guard();
    let run = timeout(state.config.options.idle_timeout, run(&writer, &state, environment, is_tty, command));
    if matches!(run.await, Ok(Ok(true))) {
        guard.disarm();
    }
}

/// Runs a command and sends its output. Returns whether the client read it; fails if the command panics.
async fn run(
    writer: &ChannelWriter,
    state: &Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) -> anyhow::Result<bool> {
    let limits = &state.command_limits;
    let running = limits.running.acquire().await?;
    let shared = Arc::clone(state);
    let output = tokio::task::spawn_blocking(move || {
        let current = shared.current.borrow().clone();
        (shared.config.run_command)(&command, &current, &environment)
    });
    let CommandOutput { out, error, code } = output.await?;
    // The client has put its terminal into raw mode, in which a line feed does not return the cursor.
    let text = |text: String| if is_tty { text.replace('\n', "\r\n") } else { text };
    let (out, error) = (text(out), text(error));
    // The permit to run is kept until the output is accounted for; otherwise finished commands could pile up output
    // without a bound. A slow reader then holds only its own bytes, and no permit to run.
    let len = u32::try_from((out.len() + error.len()).min(MAX_PENDING_OUTPUT))?;
    let _pending = limits.pending_output.acquire_many(len).await?;
    drop(running);
    Ok(writer.finish_command(out.as_bytes(), error.as_bytes(), code).await)
}
