//! The handler of a connection: what russh calls when the client authenticates, opens a channel or sends a request.
//!
//! russh awaits these methods one after another while it reads from the client, so none of them may wait for the client
//! or for a session. Every request gets a reply: a client waits without a timeout for the reply to its request.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use ratatui::layout::Size;
use russh::keys::{Algorithm, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Pty};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::active_channels::ActiveChannels;
use super::channel_writer::ChannelWriter;
use super::input_queue::{InputSender, input_queue};
use super::log::client_text;
use super::metrics::Count;
use super::state::ServerState;
use super::terminal::{ClientTerminal, clamp_client_size};
use super::{channel_session, command, keys};

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

struct OpenChannel {
    writer: ChannelWriteHalf<Msg>,
    terminal: ClientTerminal,
}

/// How far the authentication of a connection has come.
enum Login {
    /// The client has not tried to log in.
    NotAttempted,
    /// The client has tried to log in under this name.
    Attempted(String),
    /// The client is logged in under this name.
    Accepted(String),
}

pub(super) struct Connection {
    state: Arc<ServerState>,
    /// The client's address; none for a health check by a trusted proxy.
    peer: Option<IpAddr>,
    /// Aborts the connection.
    abort: CancellationToken,
    active: ActiveChannels,
    began: Instant,
    channels: HashMap<ChannelId, ChannelState>,
    login: Login,
    /// The fingerprint of the key that the client has offered last.
    key: Option<String>,
}

impl Connection {
    pub(super) fn new(
        state: Arc<ServerState>,
        peer: Option<IpAddr>,
        abort: CancellationToken,
        active: ActiveChannels,
        began: Instant,
    ) -> Self {
        Self { state, peer, abort, active, began, channels: HashMap::new(), login: Login::NotAttempted, key: None }
    }

    /// The client's address for the log.
    fn peer(&self) -> String {
        self.peer.map_or_else(|| "proxy".to_owned(), |peer| peer.to_string())
    }

    fn is_authorized(&self, key: &PublicKey, algorithm: &Algorithm) -> bool {
        // russh accepts RSA signatures with SHA-1 from clients, whatever algorithms are configured; refuse them here.
        let is_sha1 = matches!(algorithm, Algorithm::Rsa { hash: None });
        !is_sha1 && (self.state.config.options.allows_anyone() || self.state.authorized_keys().contains(key))
    }

    /// Records an attempt to log in and replies to it.
    fn reply_to_login(&mut self, user: &str, is_accepted: bool) -> Auth {
        self.login = Login::Attempted(client_text(user));
        // A rejected client may try its other keys.
        let reject = Auth::Reject { proceed_with_methods: None, partial_success: false };
        if is_accepted { Auth::Accept } else { reject }
    }

    /// A channel on which nothing runs yet.
    fn open_channel(&mut self, channel: ChannelId) -> Option<&mut OpenChannel> {
        match self.channels.get_mut(&channel) {
            Some(ChannelState::Open(open)) => Some(open),
            _ => None,
        }
    }

    /// Moves an open channel to its next state and returns its parts; none if something runs on it already.
    fn start(&mut self, channel: ChannelId, next: ChannelState) -> Option<(ChannelWriter, ClientTerminal)> {
        let channel = self.channels.get_mut(&channel).filter(|channel| matches!(channel, ChannelState::Open(_)))?;
        let ChannelState::Open(open) = std::mem::replace(channel, next) else { return None };
        let OpenChannel { writer, terminal } = *open;
        let options = &self.state.config.options;
        let session_deadline = self.began + options.session_timeout;
        let active = self.active.start();
        let writer = ChannelWriter::new(writer, options.write_timeout, session_deadline, self.abort.clone(), active);
        Some((writer, terminal))
    }

    /// Runs a command on a channel; returns false if something runs on it already.
    fn start_command(&mut self, channel: ChannelId, command: Vec<u8>) -> bool {
        let Some((writer, terminal)) = self.start(channel, ChannelState::Command) else { return false };
        self.state.metrics.increment(Count::Commands);
        let environment = terminal.environment(&self.state.config.environment);
        let is_tty = terminal.size.is_some();
        tokio::spawn(command::serve(writer, Arc::clone(&self.state), environment, is_tty, command));
        true
    }

    /// Runs a session on a channel; returns false if something runs on it already.
    fn start_session(&mut self, channel: ChannelId, size: Size) -> bool {
        let (sender, receiver) = input_queue();
        let (size, sizes) = watch::channel(size);
        let next = ChannelState::Session { input: sender, size };
        let Some((writer, terminal)) = self.start(channel, next) else { return false };
        self.state.metrics.increment(Count::Sessions);
        let environment = terminal.environment(&self.state.config.environment);
        tokio::spawn(channel_session::serve(writer, Arc::clone(&self.state), environment, receiver, sizes));
        true
    }
}

/// Replies to a channel request.
fn reply(session: &mut Session, channel: ChannelId, is_granted: bool) -> Result<(), russh::Error> {
    if is_granted { session.channel_success(channel) } else { session.channel_failure(channel) }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        self.state.metrics.increment(Count::Logins);
        let client = client_text(&String::from_utf8_lossy(session.remote_sshid()));
        if let Login::Attempted(user) = std::mem::replace(&mut self.login, Login::NotAttempted) {
            tracing::info!(peer = %self.peer(), user, key = self.key, client, "logged in");
            self.login = Login::Accepted(user);
        }
        Ok(())
    }

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        Ok(self.reply_to_login(user, self.state.config.options.allows_anyone()))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        self.key = Some(keys::fingerprint(offer.public_key));
        Ok(self.reply_to_login(user, self.is_authorized(offer.public_key, offer.algorithm)))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        self.key = Some(keys::fingerprint(key.public_key));
        Ok(self.reply_to_login(user, self.is_authorized(key.public_key, key.algorithm)))
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Self::Error> {
        Ok(self.reply_to_login(user, false))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        // russh does not report the close of a channel that the server has closed first, so ended sessions are removed
        // here. Commands are counted by `active` alone.
        self.channels.retain(|_, channel| match channel {
            ChannelState::Open(_) => true,
            ChannelState::Session { input, .. } => !input.is_closed(),
            ChannelState::Command => false,
        });
        let open_count = self.channels.values().filter(|channel| matches!(channel, ChannelState::Open(_))).count();
        let is_full = open_count + self.active.count() >= MAX_CHANNELS;
        if self.state.draining.is_cancelled() || is_full {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // The reading half is dropped: the same data also arrives at this handler's `data`, which can refuse it at
        // once, while a reading half that nothing reads would block the connection.
        let (_, writer) = channel.split();
        let open = OpenChannel { writer, terminal: ClientTerminal::default() };
        self.channels.insert(id, ChannelState::Open(Box::new(open)));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.remove(&channel);
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(ChannelState::Session { input, .. }) = self.channels.get(&channel) {
            input.push_eof();
        }
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(ChannelState::Session { input, .. }) = self.channels.get(&channel)
            && !input.push(data)
        {
            // Waiting for room would block the whole connection; dropping the sender ends the session.
            self.state.metrics.increment(Count::Overflows);
            tracing::info!(peer = %self.peer(), "input queue full; session closed");
            self.channels.remove(&channel);
        }
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let open = self.open_channel(channel);
        let is_granted = open.is_some();
        if let Some(open) = open {
            open.terminal.size = Some(clamp_client_size(columns, rows));
            open.terminal.set("TERM", term);
        }
        reply(session, channel, is_granted)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_granted = self.open_channel(channel).is_some_and(|open| open.terminal.set(name, value));
        reply(session, channel, is_granted)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let is_granted = match self.open_channel(channel).map(|open| open.terminal.size) {
            Some(Some(size)) => self.start_session(channel, size),
            // Without a terminal, the empty command prints help.
            Some(None) => self.start_command(channel, Vec::new()),
            None => false,
        };
        reply(session, channel, is_granted)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_granted = self.start_command(channel, command.to_vec());
        reply(session, channel, is_granted)
    }

    async fn window_change_request(
        &mut self,
        channel: ChannelId,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        // A watch channel keeps only the last size, so a flood of resizes costs one frame and not one each.
        match self.channels.get_mut(&channel) {
            Some(ChannelState::Session { size, .. }) => {
                let new_size = clamp_client_size(columns, rows);
                size.send_if_modified(|size| std::mem::replace(size, new_size) != new_size);
            }
            Some(ChannelState::Open(open)) if open.terminal.size.is_some() => {
                open.terminal.size = Some(clamp_client_size(columns, rows));
            }
            _ => return session.channel_failure(channel),
        }
        session.channel_success(channel)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn signal(&mut self, channel: ChannelId, _: russh::Sig, session: &mut Session) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.state.memory_freed.notify_one();
        let (peer, seconds) = (self.peer(), self.began.elapsed().as_secs());
        match &self.login {
            Login::Accepted(user) => tracing::info!(%peer, user, seconds, "disconnected"),
            Login::Attempted(user) => {
                self.state.metrics.increment(Count::LoginsRefused);
                tracing::info!(%peer, user, key = self.key, seconds, "login refused");
            }
            // A health check or a port scan; logging those would bury the rest.
            Login::NotAttempted => {}
        }
    }
}
