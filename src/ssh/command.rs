//! A channel that runs one command, without a terminal: `ssh HOST find commission`.
//!
//! A command runs in turns: its start, and each piece of its output. The turns of all connections queue for the permits
//! to run, one turn of each connection at a time, so that a connection with many or large commands delays the others by
//! a few turns. Nothing is held while a client reads but the piece that it reads.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::channel_writer::ChannelWriter;
use super::state::{CommandOutput, Pieces, ServerState};
use crate::app::Environment;

/// The output of a turn ends at the piece that makes it this long, in bytes, or take this long.
const MAX_TURN_LEN: usize = 32 << 10;
const MAX_TURN_TIME: Duration = Duration::from_millis(5);

/// Runs a command and closes its channel. A command gets no input, so the idle timeout bounds all of it: the wait for a
/// permit, the run and the output. It ends when the client closes its channel or disconnects.
pub(super) async fn serve(
    writer: ChannelWriter,
    state: Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) {
    let guard = writer.abort_guard();
    let run = timeout(state.config.options.idle_timeout, run(&writer, &state, environment, is_tty, command));
    tokio::select! {
        () = writer.client_left() => drop(guard.disarm()),
        end = run => if matches!(end, Ok(Ok(true))) {
            guard.disarm();
        },
    }
}

/// The memory that a command is charged, in bytes: for the output of a turn, and for each piece of its output, whose
/// entry it holds until then.
const COMMAND_CHARGE: usize = 128 << 10;
const PIECE_CHARGE: usize = 64;

/// Runs a command and sends its output. Returns whether the client read it; fails if the command panics.
async fn run(
    writer: &ChannelWriter,
    state: &Arc<ServerState>,
    environment: Environment,
    is_tty: bool,
    command: Vec<u8>,
) -> anyhow::Result<bool> {
    // The client has put its terminal into raw mode, in which a line feed does not return the cursor.
    let text = |text: String| if is_tty { text.replace('\n', "\r\n") } else { text };
    let Some(mut charge) = state.memory.charge(writer.shared().address, COMMAND_CHARGE) else {
        return Ok(writer.refuse(state).await);
    };
    let shared = Arc::clone(state);
    let start = move || {
        let current = shared.current.borrow().clone();
        let CommandOutput { out, error, code } = (shared.config.run_command)(&command, &current, &environment);
        (next_turn(out), error, code)
    };
    let ((mut piece, mut rest), error, code) = run_turn(writer, state, start).await?;
    let piece_count = rest.as_ref().map_or(0, |rest| rest.size_hint().0);
    if !charge.resize(COMMAND_CHARGE + piece_count * PIECE_CHARGE) {
        return Ok(writer.refuse(state).await);
    }
    loop {
        if !writer.send_text(&text(piece)).await {
            return Ok(false);
        }
        let Some(out) = rest else { break };
        (piece, rest) = run_turn(writer, state, move || next_turn(out)).await?;
    }
    Ok(writer.finish_command(text(error), code).await)
}

/// The output of one turn, and the rest if there is more.
fn next_turn(mut out: Pieces) -> (String, Option<Pieces>) {
    let began = Instant::now();
    let mut text = String::new();
    for piece in out.by_ref() {
        text += &piece;
        if text.len() >= MAX_TURN_LEN || began.elapsed() >= MAX_TURN_TIME {
            return (text, Some(out));
        }
    }
    (text, None)
}

/// Runs a turn on a thread that may block. The permit is returned when the turn has ended, even if the client has left
/// before.
async fn run_turn<T: Send + 'static>(
    writer: &ChannelWriter,
    state: &ServerState,
    turn: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    let _is_next = writer.shared().command_turn.acquire().await?;
    let permit = Arc::clone(&state.command_turns).acquire_owned().await?;
    let end = tokio::task::spawn_blocking(move || {
        let end = turn();
        drop(permit);
        end
    });
    Ok(end.await?)
}
