//! The writing half of a channel: sends frames, command output and the end of the channel, each within a timeout.

use std::time::Duration;

use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::time::{Instant, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::active_channels::ActiveChannel;
use super::state::CLOSE_TIMEOUT;
use crate::session::ansi_backend::LEAVE_SCREEN;

/// The size of the pieces in which command output is sent, in bytes. The write timeout applies to each piece, so that a
/// slow reader is not disconnected as long as it reads at all.
const CHUNK_LEN: usize = 4 << 10;

/// The data type of standard error (RFC 4254, section 5.2).
const STDERR: u32 = 1;

/// The writing half of a channel. russh completes a write once the client's window has room for all of it, so a write
/// that does not complete is a client that does not read.
pub(super) struct ChannelWriter {
    writer: ChannelWriteHalf<Msg>,
    write_timeout: Duration,
    session_deadline: Instant,
    /// Aborts the connection.
    abort: CancellationToken,
    _active: ActiveChannel,
}

impl ChannelWriter {
    pub(super) fn new(
        writer: ChannelWriteHalf<Msg>,
        write_timeout: Duration,
        session_deadline: Instant,
        abort: CancellationToken,
        active: ActiveChannel,
    ) -> Self {
        Self { writer, write_timeout, session_deadline, abort, _active: active }
    }

    /// Returns a guard that aborts the connection when it is dropped, for example by a panic, unless it is disarmed. A
    /// client must not be left with an open channel that nothing serves.
    pub(super) fn abort_guard(&self) -> DropGuard {
        self.abort.clone().drop_guard()
    }

    /// When the session timeout of the connection expires.
    pub(super) fn session_deadline(&self) -> Instant {
        self.session_deadline
    }

    /// Whether the connection has been aborted.
    pub(super) fn is_aborted(&self) -> bool {
        self.abort.is_cancelled()
    }

    /// Sends bytes; returns false if the client does not accept all of them within the write timeout.
    pub(super) async fn send(&self, bytes: Vec<u8>) -> bool {
        matches!(timeout(self.write_timeout, self.writer.data_bytes(bytes)).await, Ok(Ok(())))
    }

    /// Sends the output of a command, as slowly as the client reads it, and closes the channel. Returns false if the
    /// client stops reading.
    pub(super) async fn finish_command(&self, out: &[u8], error: &[u8], exit_code: u8) -> bool {
        for chunk in out.chunks(CHUNK_LEN) {
            if !self.send(chunk.to_vec()).await {
                return false;
            }
        }
        let error = self.writer.extended_data_bytes(STDERR, error.to_vec());
        matches!(timeout(self.write_timeout, error).await, Ok(Ok(())))
            && self.close(exit_code, self.write_timeout).await
    }

    /// Restores the client's terminal, prints a message on it and closes the channel. Returns false if the client does
    /// not accept that in time.
    pub(super) async fn finish_session(&self, message: &str) -> bool {
        let bytes = format!("{LEAVE_SCREEN}{message}").into_bytes();
        matches!(timeout(CLOSE_TIMEOUT, self.send(bytes)).await, Ok(true)) && self.close(0, CLOSE_TIMEOUT).await
    }

    async fn close(&self, exit_code: u8, limit: Duration) -> bool {
        let close = async {
            self.writer.exit_status(exit_code.into()).await?;
            self.writer.eof().await?;
            self.writer.close().await
        };
        matches!(timeout(limit, close).await, Ok(Ok(())))
    }
}
