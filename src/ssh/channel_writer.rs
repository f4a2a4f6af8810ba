//! The other end of a channel: takes frames, answers and last words, each within its time.

use std::time::Duration;

use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::time::{Instant, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::connection::Counted;
use super::listener::FAREWELL;
use super::state::ServerState;
use crate::session::ansi_backend::LEAVE_SCREEN;

/// So much of a long answer is sent at a time, in bytes; each piece has its time to be taken, and not all of it.
const PIECE: usize = 4 << 10;

/// The number of standard error in a channel (RFC 4254, section 5.2).
const STDERR: u32 = 1;

/// The other end of a channel.
pub(super) struct ChannelWriter {
    writer: ChannelWriteHalf<Msg>,
    stalled: Duration,
    /// When the connection has lasted long enough.
    last: Instant,
    /// Ends the connection.
    end: CancellationToken,
    _counted: Counted,
}

impl ChannelWriter {
    pub(super) fn new(
        writer: ChannelWriteHalf<Msg>,
        state: &ServerState,
        end: CancellationToken,
        counted: Counted,
        began: Instant,
    ) -> Self {
        let timers = state.config.timers;
        Self { writer, stalled: timers.stalled, last: began + timers.longest, end, _counted: counted }
    }

    /// Ends the connection when it is dropped, as after a panic, unless it is disarmed.
    pub(super) fn guard(&self) -> DropGuard {
        self.end.clone().drop_guard()
    }

    /// When the connection has lasted long enough.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    /// Whether the connection has been ended.
    pub(super) fn is_ended(&self) -> bool {
        self.end.is_cancelled()
    }

    /// Whether the peer took it all in time.
    pub(super) async fn send(&self, bytes: Vec<u8>) -> bool {
        matches!(timeout(self.stalled, self.writer.data_bytes(bytes)).await, Ok(Ok(())))
    }

    /// Sends an answer of any length, as slowly as its reader reads, and closes; whether the peer took it all.
    pub(super) async fn answer(&self, out: &[u8], error: &[u8], code: u8) -> bool {
        for piece in out.chunks(PIECE) {
            if !self.send(piece.to_vec()).await {
                return false;
            }
        }
        let error = self.writer.extended_data_bytes(STDERR, error.to_vec());
        matches!(timeout(self.stalled, error).await, Ok(Ok(()))) && self.finish(code, self.stalled).await
    }

    /// Says the last words on a terminal, for which nobody waits long, and closes.
    pub(super) async fn restore(&self, farewell: &str) -> bool {
        let words = format!("{LEAVE_SCREEN}{farewell}").into_bytes();
        matches!(timeout(FAREWELL, self.send(words)).await, Ok(true)) && self.finish(0, FAREWELL).await
    }

    /// Says the exit code and closes; whether that could be said.
    async fn finish(&self, code: u8, patience: Duration) -> bool {
        let goodbye = async {
            self.writer.exit_status(code.into()).await?;
            self.writer.eof().await?;
            self.writer.close().await
        };
        matches!(timeout(patience, goodbye).await, Ok(Ok(())))
    }
}
