//! The handler of a connection: what russh calls when the client authenticates, opens a channel or sends a request.
//!
//! russh awaits these methods one after another while it reads from the client, so none of them may wait for the client
//! or for a session. Every request gets a reply: a client waits without a timeout for the reply to its request.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use russh::keys::ssh_key::PublicKey;
use russh::keys::{Algorithm, Certificate};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Disconnect, Pty};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::active_channels::ActiveChannels;
use super::authorized_keys::{Client, Credential, Grant, Refusal};
use super::channel_session::session_charge;
use super::channel_writer::{ChannelWriter, SharedConnection};
use super::input_queue::{InputSender, input_queue};
use super::log::client_text;
use super::metrics::Count;
use super::penalties::Offence;
use super::startups::StartupPlace;
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
    channels: HashMap<ChannelId, ChannelEntry>,
    shared: Arc<SharedConnection>,
    login: Login,
    /// The fingerprint of the key that the client has offered last.
    key: Option<String>,
    /// Why the last attempt to log in was refused.
    refusal: Option<Refusal>,
    /// What the client has logged in with, and what that allows; none if no key is required.
    credential: Option<(Credential, Grant)>,
    /// Cancelled when the client may no longer be logged in.
    revoked: CancellationToken,
    /// Whether that key was refused.
    is_key_refused: bool,
    /// The place among the connections before login.
    startup: Option<StartupPlace>,
    /// The place among the connections that are logged in.
    place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    pub(super) fn new(
        state: Arc<ServerState>,
        client: Option<(IpAddr, StartupPlace)>,
        abort: CancellationToken,
        active: ActiveChannels,
        began: Instant,
        revoked: CancellationToken,
    ) -> Self {
        let (peer, startup) = client.unzip();
        let options = &state.config.options;
        let (session_deadline, address) =
            (began + options.session_timeout, peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        let shared = SharedConnection::new(
            address,
            options.write_timeout,
            session_deadline,
            abort.clone(),
            state.memory.uncharged(address),
        );
        Self {
            state,
            peer,
            abort,
            active,
            began,
            channels: HashMap::new(),
            shared: Arc::new(shared),
            login: Login::NotAttempted,
            key: None,
            is_key_refused: false,
            refusal: None,
            credential: None,
            revoked,
            startup,
            place: None,
        }
    }

    /// The client's address for the log.
    fn peer(&self) -> String {
        self.peer.map_or_else(|| "proxy".to_owned(), |peer| peer.to_string())
    }

    fn client<'a>(&self, user: &'a str) -> Client<'a> {
        Client { address: self.peer, user, now: Timestamp::now() }
    }

    /// Decides whether a client that offers a key may prove that it holds it.
    fn check_offer(&self, user: &str, key: &PublicKey, algorithm: &Algorithm) -> Result<(), Refusal> {
        // russh accepts RSA signatures with SHA-1 from clients, whatever algorithms are configured; refuse them here.
        if matches!(algorithm, Algorithm::Rsa { hash: None }) {
            return Err(Refusal::Weak);
        }
        match self.state.config.options.allows_anyone() {
            true => Ok(()),
            false => self.state.authorized_keys().may_offer(key, self.client(user)),
        }
    }

    /// Decides whether a client may log in with what it holds, and keeps what that allows.
    fn check_login(&mut self, user: &str, credential: Credential) -> Result<(), Refusal> {
        if self.state.config.options.allows_anyone() {
            return Ok(());
        }
        let grant = self.state.authorized_keys().grant(&credential, self.client(user))?;
        self.credential = Some((credential, grant));
        Ok(())
    }

    /// Records what became of a key and replies to the attempt to log in with it.
    fn reply_to_key(&mut self, user: &str, key: &PublicKey, end: Result<(), Refusal>) -> Auth {
        let fingerprint = keys::fingerprint(key);
        if end.is_err() && self.state.penalties.is_key_penalized(&fingerprint) {
            self.startup.iter().for_each(StartupPlace::suspect);
        }
        (self.key, self.is_key_refused) = (Some(fingerprint), end.is_err());
        self.reply_to_login(user, end)
    }

    /// Records an attempt to log in and replies to it. A health check cannot log in.
    fn reply_to_login(&mut self, user: &str, end: Result<(), Refusal>) -> Auth {
        let end = if self.peer.is_some() { end } else { end.and(Err(Refusal::HealthCheck)) };
        self.login = Login::Attempted(client_text(user));
        self.refusal = end.err();
        // A rejected client may try its other keys.
        let reject = Auth::Reject { proceed_with_methods: None, partial_success: false };
        if end.is_ok() { Auth::Accept } else { reject }
    }

    /// The command that runs instead of what the client asks for.
    fn forced_command(&self) -> Option<Vec<u8>> {
        self.credential.as_ref().and_then(|(_, grant)| grant.command.clone()).map(String::into_bytes)
    }

    /// Adds the penalties of a connection that ends without a login.
    fn punish(&self, peer: IpAddr) {
        let offence = match &self.login {
            Login::Accepted(_) => return,
            _ if self.began.elapsed() >= self.state.config.options.login_timeout => Offence::LoginTimeout,
            // It was not refused but dropped for another connection, or by the shutdown.
            Login::Attempted(_) if !self.abort.is_cancelled() => Offence::LoginRefused,
            _ => Offence::NoAttempt,
        };
        self.state.penalties.punish(peer, offence);
        if let Some(key) = self.key.clone().filter(|_| self.is_key_refused) {
            self.state.penalties.punish_key(key);
        }
    }

    fn channel(&self, channel: ChannelId) -> Option<&ChannelState> {
        self.channels.get(&channel).map(|channel| &channel.state)
    }

    /// A channel on which nothing runs yet.
    fn open_channel(&mut self, channel: ChannelId) -> Option<&mut OpenChannel> {
        match &mut self.channels.get_mut(&channel)?.state {
            ChannelState::Open(open) => Some(open),
            _ => None,
        }
    }

    /// Moves an open channel to its next state and returns its parts; none if something runs on it already.
    fn start(&mut self, channel: ChannelId, next: ChannelState) -> Option<(ChannelWriter, ClientTerminal)> {
        let channel =
            self.channels.get_mut(&channel).filter(|channel| matches!(channel.state, ChannelState::Open(_)))?;
        let ChannelState::Open(open) = std::mem::replace(&mut channel.state, next) else { return None };
        let OpenChannel { writer, terminal } = *open;
        let (client_closed, ended) = (channel.client_closed.clone(), channel.ended.clone().drop_guard());
        let writer = ChannelWriter::new(writer, Arc::clone(&self.shared), client_closed, (self.active.start(), ended));
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
        let (sender_of_sizes, sizes) = watch::channel(size);
        let next = ChannelState::Session { input: sender, size: sender_of_sizes };
        let Some((writer, terminal)) = self.start(channel, next) else { return false };
        let bytes = session_charge(size, &self.state.memory);
        let Some(charge) = self.state.memory.charge(self.shared.address, bytes) else {
            let state = Arc::clone(&self.state);
            tokio::spawn(async move { writer.refuse(&state).await });
            return true;
        };
        self.state.metrics.increment(Count::Sessions);
        let environment = terminal.environment(&self.state.config.environment);
        let revoked = self.revoked.clone();
        tokio::spawn(channel_session::serve(
            writer,
            Arc::clone(&self.state),
            environment,
            receiver,
            sizes,
            charge,
            revoked,
        ));
        true
    }
}

/// The interval between checks whether a credential has expired.
const EXPIRY_CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Waits until a credential no longer allows to log in, and says so. Checks it when the keys change, and at intervals.
async fn end_when_revoked(
    state: Arc<ServerState>,
    credential: Credential,
    address: Option<IpAddr>,
    user: String,
    revoked: CancellationToken,
) {
    let mut keys = state.authorized_keys.current.subscribe();
    loop {
        let current = keys.borrow_and_update().clone();
        if let Err(reason) = current.grant(&credential, Client { address, user: &user, now: Timestamp::now() }) {
            tracing::info!(user, %reason, "ending the sessions of a revoked key");
            return revoked.cancel();
        }
        let _ = timeout(EXPIRY_CHECK_INTERVAL, keys.changed()).await;
    }
}

/// Replies to a channel request.
fn reply(session: &mut Session, channel: ChannelId, is_granted: bool) -> Result<(), russh::Error> {
    if is_granted { session.channel_success(channel) } else { session.channel_failure(channel) }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        self.startup = None;
        self.place = self.state.connection_limits.try_log_in();
        let Login::Attempted(user) = std::mem::replace(&mut self.login, Login::NotAttempted) else { return Ok(()) };
        self.login = Login::Accepted(user.clone());
        if self.place.is_none() {
            self.state.metrics.increment(Count::RefusedFull);
            return session.disconnect(Disconnect::TooManyConnections, "the server is full; try again later", "");
        }
        self.peer.iter().for_each(|peer| self.state.penalties.forgive(*peer));
        self.state.metrics.increment(Count::Logins);
        let client = client_text(&String::from_utf8_lossy(session.remote_sshid()));
        let comment = self.credential.as_ref().map(|(_, grant)| &*grant.comment);
        tracing::info!(peer = %self.peer(), user, key = self.key, comment, client, "logged in");
        if let Some((credential, _)) = self.credential.clone().filter(|_| self.state.config.options.end_revoked) {
            let (state, revoked, abort) = (Arc::clone(&self.state), self.revoked.clone(), self.abort.clone());
            let end = end_when_revoked(state, credential, self.peer, user, revoked);
            tokio::spawn(async move { abort.run_until_cancelled(end).await });
        }
        Ok(())
    }

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        let may_enter = self.state.config.options.allows_anyone();
        Ok(self.reply_to_login(user, if may_enter { Ok(()) } else { Err(Refusal::NoKey) }))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        let end = self.check_offer(user, offer.public_key, offer.algorithm);
        Ok(self.reply_to_key(user, offer.public_key, end))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let end = self.check_login(user, Credential::Key(key.public_key.key_data().clone()));
        Ok(self.reply_to_key(user, key.public_key, end))
    }

    /// russh has checked both signatures and the times, and offered the certificate's key before.
    async fn auth_openssh_certificate(&mut self, user: &str, certificate: &Certificate) -> Result<Auth, Self::Error> {
        let end = self.check_login(user, Credential::Certificate(Box::new(certificate.clone())));
        Ok(self.reply_to_key(user, &PublicKey::new(certificate.public_key().clone(), ""), end))
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Self::Error> {
        Ok(self.reply_to_login(user, Err(Refusal::NoKey)))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        // russh does not report the close of a channel that the server has closed first.
        self.channels.retain(|_, channel| !channel.ended.is_cancelled());
        let is_open = |channel: &&ChannelEntry| matches!(channel.state, ChannelState::Open(_));
        let open_count = self.channels.values().filter(is_open).count();
        let is_full = open_count + self.active.count() >= MAX_CHANNELS || !self.shared.may_open();
        if self.state.draining.is_cancelled() || is_full {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // The reading half is dropped: the same data also arrives at this handler's `data`, which can refuse it at
        // once, while a reading half that nothing reads would block the connection.
        let (_, writer) = channel.split();
        let open = OpenChannel { writer, terminal: ClientTerminal::default() };
        let state = ChannelState::Open(Box::new(open));
        self.channels.insert(
            id,
            ChannelEntry { state, client_closed: CancellationToken::new(), ended: CancellationToken::new() },
        );
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(channel) = self.channels.remove(&channel) {
            channel.client_closed.cancel();
        }
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(ChannelState::Session { input, .. }) = self.channel(channel) {
            input.push_eof();
        }
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(ChannelState::Session { input, .. }) = self.channel(channel)
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
        let forced = self.forced_command();
        let is_granted = match self.open_channel(channel).map(|open| open.terminal.size) {
            Some(_) if forced.is_some() => self.start_command(channel, forced.unwrap_or_default()),
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
        let command = self.forced_command().unwrap_or_else(|| command.to_vec());
        let is_granted = self.start_command(channel, command);
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
        match self.channels.get_mut(&channel).map(|channel| &mut channel.state) {
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
                let reason = self.refusal.map(tracing::field::display);
                tracing::info!(%peer, user, key = self.key, reason, seconds, "login refused");
            }
            // A port scan, for example; the log tells how many there were.
            Login::NotAttempted if self.peer.is_some() => self.state.metrics.increment(Count::NoAttempt),
            Login::NotAttempted => {}
        }
        if let Some(peer) = self.peer {
            self.punish(peer);
        }
    }
}
