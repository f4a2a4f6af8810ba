//! The channels of a connection: what the client has told about its terminal on each, and what runs on it.
//!
//! No method waits. Those that answer a request return whether it is granted.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::layout::Size;
use russh::server::Msg;
use russh::{Channel, ChannelId, ChannelWriteHalf};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::active_channels::ActiveChannels;
use super::channel_session::session_charge;
use super::channel_writer::{ChannelWriter, SharedConnection};
use super::input_queue::{InputSender, input_queue};
use super::metrics::Count;
use super::state::ServerState;
use super::terminal::ClientTerminal;
use super::{channel_session, command};

/// The maximum number of open channels of a connection.
const MAX_CHANNELS: usize = 4;

/// The state of a channel.
enum ChannelState {
    /// Open. The client may describe its terminal before it starts a session or a command.
    Open(Box<OpenChannel>),
    /// A session runs on it.
    Session { input: InputSender, size: watch::Sender<Size> },
    /// A command runs on it.
    Command,
}

/// An entry of the channels of a connection.
struct ChannelEntry {
    state: ChannelState,
    /// Cancelled when the client closes the channel.
    client_closed: CancellationToken,
    /// Cancelled when what ran on the channel has ended.
    ended: CancellationToken,
}

struct OpenChannel {
    writer: ChannelWriteHalf<Msg>,
    terminal: ClientTerminal,
}

/// The channels of a connection.
pub(super) struct Channels {
    state: Arc<ServerState>,
    shared: Arc<SharedConnection>,
    active: ActiveChannels,
    /// Cancelled when the client may no longer be logged in.
    revoked: CancellationToken,
    entries: HashMap<ChannelId, ChannelEntry>,
}

impl Channels {
    pub(super) fn new(
        state: Arc<ServerState>,
        shared: SharedConnection,
        active: ActiveChannels,
        revoked: CancellationToken,
    ) -> Self {
        Self { state, shared: Arc::new(shared), active, revoked, entries: HashMap::new() }
    }

    /// Whether the client may open another channel.
    pub(super) fn may_open(&mut self) -> bool {
        // russh does not report the close of a channel that the server has closed first.
        self.entries.retain(|_, channel| !channel.ended.is_cancelled());
        let is_open = |channel: &&ChannelEntry| matches!(channel.state, ChannelState::Open(_));
        let open_count = self.entries.values().filter(is_open).count();
        let is_full = open_count + self.active.count() >= MAX_CHANNELS || !self.shared.may_open();
        !self.state.draining.is_cancelled() && !is_full
    }

    pub(super) fn open(&mut self, channel: Channel<Msg>) {
        let id = channel.id();
        // The reading half is dropped: the same data also arrives at the handler's `data`, which can refuse it at once,
        // while a reading half that nothing reads would block the connection.
        let (_, writer) = channel.split();
        let open = OpenChannel { writer, terminal: ClientTerminal::default() };
        let state = ChannelState::Open(Box::new(open));
        let (client_closed, ended) = (CancellationToken::new(), CancellationToken::new());
        self.entries.insert(id, ChannelEntry { state, client_closed, ended });
    }

    /// Handles the close of a channel by the client.
    pub(super) fn close(&mut self, channel: ChannelId) {
        if let Some(channel) = self.entries.remove(&channel) {
            channel.client_closed.cancel();
        }
    }

    /// Passes the client's input to the session of a channel.
    pub(super) fn push(&mut self, channel: ChannelId, data: &[u8]) {
        if let Some(ChannelState::Session { input, .. }) = self.state_of(channel)
            && !input.push(data)
        {
            // Waiting for room would block the whole connection; dropping the sender ends the session.
            self.state.metrics.increment(Count::Overflows);
            tracing::info!(peer = %self.shared.address, "input queue full; session closed");
            self.entries.remove(&channel);
        }
    }

    /// Passes the end of the client's input to the session of a channel.
    pub(super) fn push_eof(&mut self, channel: ChannelId) {
        if let Some(ChannelState::Session { input, .. }) = self.state_of(channel) {
            input.push_eof();
        }
    }

    fn state_of(&mut self, channel: ChannelId) -> Option<&mut ChannelState> {
        self.entries.get_mut(&channel).map(|channel| &mut channel.state)
    }

    /// The client's terminal on a channel on which nothing runs yet.
    pub(super) fn terminal(&mut self, channel: ChannelId) -> Option<&mut ClientTerminal> {
        match self.state_of(channel)? {
            ChannelState::Open(open) => Some(&mut open.terminal),
            _ => None,
        }
    }

    /// Changes the size of the terminal of a channel.
    pub(super) fn resize(&mut self, channel: ChannelId, new_size: Size) -> bool {
        match self.state_of(channel) {
            // A watch channel keeps only the last size, so a flood of resizes costs one frame and not one each.
            Some(ChannelState::Session { size, .. }) => {
                size.send_if_modified(|size| std::mem::replace(size, new_size) != new_size);
            }
            Some(ChannelState::Open(open)) if open.terminal.size.is_some() => open.terminal.size = Some(new_size),
            _ => return false,
        }
        true
    }

    /// Moves an open channel to its next state and returns its parts; none if something runs on it already.
    fn start(&mut self, channel: ChannelId, next: ChannelState) -> Option<(ChannelWriter, ClientTerminal)> {
        let channel =
            self.entries.get_mut(&channel).filter(|channel| matches!(channel.state, ChannelState::Open(_)))?;
        let ChannelState::Open(open) = std::mem::replace(&mut channel.state, next) else { return None };
        let OpenChannel { writer, terminal } = *open;
        let (client_closed, ended) = (channel.client_closed.clone(), channel.ended.clone().drop_guard());
        let writer = ChannelWriter::new(writer, Arc::clone(&self.shared), client_closed, (self.active.start(), ended));
        Some((writer, terminal))
    }

    /// Runs a command on a channel on which nothing runs yet.
    pub(super) fn start_command(&mut self, channel: ChannelId, command: Vec<u8>) -> bool {
        let Some((writer, terminal)) = self.start(channel, ChannelState::Command) else { return false };
        self.state.metrics.increment(Count::Commands);
        let environment = terminal.environment(&self.state.config.environment);
        let is_tty = terminal.size.is_some();
        tokio::spawn(command::serve(writer, Arc::clone(&self.state), environment, is_tty, command));
        true
    }

    /// Runs a session on a channel on which nothing runs yet, or the empty command, which prints help, if the client
    /// has not requested a terminal.
    pub(super) fn start_shell(&mut self, channel: ChannelId) -> bool {
        match self.terminal(channel).map(|terminal| terminal.size) {
            Some(Some(size)) => self.start_session(channel, size),
            Some(None) => self.start_command(channel, Vec::new()),
            None => false,
        }
    }

    fn start_session(&mut self, channel: ChannelId, size: Size) -> bool {
        let (sender, receiver) = input_queue();
        let (sender_of_sizes, sizes) = watch::channel(size);
        let next = ChannelState::Session { input: sender, size: sender_of_sizes };
        let Some((writer, terminal)) = self.start(channel, next) else { return false };
        let state = Arc::clone(&self.state);
        let bytes = session_charge(size, &state.memory);
        let Some(charge) = state.memory.charge(self.shared.address, bytes) else {
            tokio::spawn(async move { writer.refuse(&state).await });
            return true;
        };
        state.metrics.increment(Count::Sessions);
        let revoked = self.revoked.clone();
        tokio::spawn(channel_session::serve(writer, state, terminal, receiver, sizes, charge, revoked));
        true
    }
}
