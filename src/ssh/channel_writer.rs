//! The writing half of a channel: sends frames, command output and the end of the channel, each within a timeout.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::active_channels::ActiveChannel;
use super::memory_budget::MemoryCharge;
use super::metrics::Count;
use super::state::{CLOSE_TIMEOUT, ServerState};

/// The size of the pieces in which command output is sent, in bytes. The write timeout applies to each piece, so that a
/// slow reader is not disconnected as long as it reads at all.
const CHUNK_LEN: usize = 4 << 10;

/// The data type of standard error (RFC 4254, section 5.2).
const STDERR: u32 = 1;

/// The memory that russh keeps of each channel which the server closes before the client, until the connection ends, in
/// bytes. It is charged, and a connection with this many of them may open no more channels.
const CLOSED_CHANNEL_CHARGE: usize = 4 << 10;
const MAX_SERVER_CLOSES: usize = 1000;

/// Clients whose input has ended close a channel by themselves when its output ends, and then russh keeps nothing. The
/// server waits for this time to see whether a client does so, once in a number of channels; and from then on for each
/// channel, as long as the client does.
const CLIENT_CLOSE_TIMEOUT: Duration = Duration::from_millis(100);
const CHANNELS_PER_TRIAL: usize = 32;

/// What the channels of a connection share.
pub(super) struct SharedConnection {
    /// The client's address.
    pub(super) address: IpAddr,
    pub(super) write_timeout: Duration,
    /// When the session timeout of the connection expires.
    pub(super) session_deadline: Instant,
    /// Aborts the connection.
    pub(super) abort: CancellationToken,
    /// The one turn of the connection's commands that may run or queue for the permits of all connections.
    pub(super) command_turn: Semaphore,
    closes: Mutex<Closes>,
}

/// How the channels of a connection have ended.
struct Closes {
    /// The number of those that the server has closed before the client.
    by_server: usize,
    /// Whether the client closes channels by itself.
    client_closes: bool,
    /// What russh keeps of those, up to the last channel that was opened.
    charge: MemoryCharge,
}

impl SharedConnection {
    pub(super) fn new(
        address: IpAddr,
        write_timeout: Duration,
        session_deadline: Instant,
        abort: CancellationToken,
        charge: MemoryCharge,
    ) -> Self {
        let closes = Mutex::new(Closes { by_server: 0, client_closes: false, charge });
        Self { address, write_timeout, session_deadline, abort, command_turn: Semaphore::new(1), closes }
    }

    /// Whether the connection may open another channel.
    pub(super) fn may_open(&self) -> bool {
        let mut closes = self.closes();
        let bytes = closes.by_server * CLOSED_CHANNEL_CHARGE;
        closes.by_server < MAX_SERVER_CLOSES && closes.charge.resize(bytes)
    }

    fn closes(&self) -> MutexGuard<'_, Closes> {
        self.closes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Closes {
    /// Whether to wait for the client to close the next channel.
    fn waits_for_client(&self) -> bool {
        self.client_closes || self.by_server % CHANNELS_PER_TRIAL == CHANNELS_PER_TRIAL - 1
    }
}

/// The writing half of a channel. russh completes a write once the client's window has room for all of it, so a write
/// that does not complete is a client that does not read.
pub(super) struct ChannelWriter {
    writer: ChannelWriteHalf<Msg>,
    shared: Arc<SharedConnection>,
    /// Cancelled when the client closes the channel.
    client_closed: CancellationToken,
    /// Tell the connection that the channel has ended.
    _guards: (ActiveChannel, DropGuard),
}

impl ChannelWriter {
    pub(super) fn new(
        writer: ChannelWriteHalf<Msg>,
        shared: Arc<SharedConnection>,
        client_closed: CancellationToken,
        guards: (ActiveChannel, DropGuard),
    ) -> Self {
        Self { writer, shared, client_closed, _guards: guards }
    }

    pub(super) fn shared(&self) -> &SharedConnection {
        &self.shared
    }

    /// Returns a guard that aborts the connection when it is dropped, for example by a panic, unless it is disarmed. A
    /// client must not be left with an open channel that nothing serves.
    pub(super) fn abort_guard(&self) -> DropGuard {
        self.shared.abort.clone().drop_guard()
    }

    /// When the session timeout of the connection expires.
    pub(super) fn session_deadline(&self) -> Instant {
        self.shared.session_deadline
    }

    /// Whether the connection has been aborted.
    pub(super) fn is_aborted(&self) -> bool {
        self.shared.abort.is_cancelled()
    }

    /// Waits until the client has closed the channel or the connection has ended.
    pub(super) async fn client_left(&self) {
        tokio::select! {
            () = self.client_closed.cancelled() => {}
            () = self.shared.abort.cancelled() => {}
        }
    }

    /// Sends bytes; returns false if the client does not accept all of them within the write timeout.
    pub(super) async fn send(&self, bytes: Vec<u8>) -> bool {
        matches!(timeout(self.shared.write_timeout, self.writer.data_bytes(bytes)).await, Ok(Ok(())))
    }

    /// Sends a part of the output of a command, as slowly as the client reads it. Returns false if the client stops
    /// reading.
    pub(super) async fn send_text(&self, text: &str) -> bool {
        for chunk in text.as_bytes().chunks(CHUNK_LEN) {
            if !self.send(chunk.to_vec()).await {
                return false;
            }
        }
        true
    }

    /// Sends the error message of a command, if there is one, and closes the channel. Returns false if the client stops
    /// reading.
    pub(super) async fn finish_command(&self, error: String, exit_code: u8) -> bool {
        let limit = self.shared.write_timeout;
        let error = self.writer.extended_data_bytes(STDERR, error);
        matches!(timeout(limit, error).await, Ok(Ok(()))) && self.close(exit_code, limit).await
    }

    /// Tells the client that the memory for its session or command is not available, and closes the channel. Returns
    /// false if the client stops reading.
    pub(super) async fn refuse(&self, state: &ServerState) -> bool {
        state.metrics.increment(Count::RefusedMemory);
        self.finish_command("dialtree: the server is short of memory; try again later\r\n".to_owned(), 2).await
    }

    /// Sends the last text of a session and closes the channel. Returns false if the client does not accept that in
    /// time.
    pub(super) async fn finish_session(&self, farewell: String) -> bool {
        matches!(timeout(CLOSE_TIMEOUT, self.send(farewell.into_bytes())).await, Ok(true))
            && self.close(0, CLOSE_TIMEOUT).await
    }

    async fn close(&self, exit_code: u8, limit: Duration) -> bool {
        let end = async {
            self.writer.exit_status(exit_code.into()).await?;
            self.writer.eof().await
        };
        matches!(timeout(limit, end).await, Ok(Ok(()))) && self.close_after_client(limit).await
    }

    /// Closes the channel, if the client does not.
    async fn close_after_client(&self, limit: Duration) -> bool {
        let waits = self.shared.closes().waits_for_client();
        let client_closes = waits && timeout(CLIENT_CLOSE_TIMEOUT, self.client_left()).await.is_ok();
        {
            let mut closes = self.shared.closes();
            closes.client_closes = client_closes;
            if client_closes {
                return true;
            }
            closes.by_server += 1;
        }
        matches!(timeout(limit, self.writer.close()).await, Ok(Ok(())))
    }
}
