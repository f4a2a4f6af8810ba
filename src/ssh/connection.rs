//! What a peer asks for. Every request is answered: a client whose request is not waits for ever.

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

use super::channel_session::ChannelSession;
use super::channel_writer::ChannelWriter;
use super::input_queue::{self, InputSender};
use super::log::said;
use super::metrics::Count;
use super::state::ServerState;
use super::terminal::{Said, clamp};
use super::{Authentication, command, keys};

/// Channels that are open at once in one connection.
const MAX_CHANNELS: usize = 4;

/// How many sessions and commands a connection has, for whoever watches over it.
pub(super) type Presence = watch::Sender<usize>;

/// A session or a command; it is counted until this is dropped.
pub(super) struct Counted(Presence);

impl Counted {
    fn new(presence: &Presence) -> Self {
        presence.send_modify(|present| *present += 1);
        Self(presence.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|present| *present -= 1);
    }
}

/// How far a channel has come.
enum Stage {
    /// It is open, and its client says what it is.
    Open(Box<Open>),
    /// A session runs on it.
    Seated { keys: InputSender, size: watch::Sender<Size> },
    /// A command is answered, or a refusal is on its way.
    RunningCommand,
}

struct Open {
    writer: ChannelWriteHalf<Msg>,
    said: Said,
}

/// Authentication is at the other end.
enum Person {
    /// Nobody has said who they are.
    Unknown,
    /// Somebody asked to come in under this name.
    Asking(String),
    In(String),
}

pub(super) struct Connection {
    state: Arc<ServerState>,
    /// The address; none of a balancer that asks for itself.
    peer: Option<IpAddr>,
    end: CancellationToken,
    presence: Presence,
    began: Instant,
    channels: HashMap<ChannelId, Stage>,
    person: Person,
    /// The fingerprint of the key that they showed last.
    key: Option<String>,
}

impl Connection {
    pub(super) fn new(
        state: Arc<ServerState>,
        peer: Option<IpAddr>,
        end: CancellationToken,
        presence: Presence,
        began: Instant,
    ) -> Self {
        Self { state, peer, end, presence, began, channels: HashMap::new(), person: Person::Unknown, key: None }
    }

    fn peer(&self) -> String {
        self.peer.map_or_else(|| "balancer".to_owned(), |peer| peer.to_string())
    }

    fn allows(&self, key: &PublicKey, algorithm: &Algorithm) -> bool {
        let is_sha1 = matches!(algorithm, Algorithm::Rsa { hash: None });
        !is_sha1 && (self.state.config.who == Authentication::Anyone || self.state.authorized().allows(key))
    }

    /// Somebody asks to come in; whether they may.
    fn decide(&mut self, user: &str, may_come_in: bool) -> Auth {
        self.person = Person::Asking(said(user));
        // Another key may be the right one.
        let reject = Auth::Reject { proceed_with_methods: None, partial_success: false };
        if may_come_in { Auth::Accept } else { reject }
    }

    /// The channel, if its client may still say what it is.
    fn open(&mut self, channel: ChannelId) -> Option<&mut Open> {
        match self.channels.get_mut(&channel) {
            Some(Stage::Open(open)) => Some(open),
            _ => None,
        }
    }

    /// Takes the channel for what its client has asked for; none if it has asked for something before.
    fn take(&mut self, channel: ChannelId, next: Stage) -> Option<(ChannelWriter, Said)> {
        let stage = self.channels.get_mut(&channel).filter(|stage| matches!(stage, Stage::Open(_)))?;
        let Stage::Open(open) = std::mem::replace(stage, next) else { return None };
        let Open { writer, said } = *open;
        let counted = Counted::new(&self.presence);
        Some((ChannelWriter::new(writer, &self.state, self.end.clone(), counted, self.began), said))
    }

    /// Answers a command, or no command with help; false where the channel is something else already.
    fn answer(&mut self, channel: ChannelId, command: Vec<u8>) -> bool {
        let Some((line, said)) = self.take(channel, Stage::RunningCommand) else { return false };
        self.state.metrics.add(Count::Commands);
        let environment = said.environment(&self.state.config.environment);
        tokio::spawn(command::serve(line, Arc::clone(&self.state), environment, said.size.is_some(), command));
        true
    }

    /// Opens a navigator; false where the channel is something else already.
    fn channel_session(&mut self, channel: ChannelId, size: Size) -> bool {
        let (keys, typed) = input_queue::typed();
        let (size, sizes) = watch::channel(size);
        let Some((line, said)) = self.take(channel, Stage::Seated { keys, size }) else { return false };
        self.state.metrics.add(Count::Sessions);
        let environment = said.environment(&self.state.config.environment);
        tokio::spawn(ChannelSession::new(line, Arc::clone(&self.state), environment, typed, sizes).serve());
        true
    }
}

/// Says whether a request is granted.
fn reply(session: &mut Session, channel: ChannelId, is_granted: bool) -> Result<(), russh::Error> {
    if is_granted { session.channel_success(channel) } else { session.channel_failure(channel) }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        self.state.metrics.add(Count::Logins);
        let client = said(&String::from_utf8_lossy(session.remote_sshid()));
        if let Person::Asking(user) = std::mem::replace(&mut self.person, Person::Unknown) {
            tracing::info!(peer = %self.peer(), user, key = self.key, client, "came in");
            self.person = Person::In(user);
        }
        Ok(())
    }

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        Ok(self.decide(user, self.state.config.who == Authentication::Anyone))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        self.key = Some(keys::fingerprint(offer.public_key));
        Ok(self.decide(user, self.allows(offer.public_key, offer.algorithm)))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        self.key = Some(keys::fingerprint(key.public_key));
        Ok(self.decide(user, self.allows(key.public_key, key.algorithm)))
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Self::Error> {
        Ok(self.decide(user, false))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        // Those that we closed are not told to us again.
        self.channels.retain(|_, stage| match stage {
            Stage::Open(_) => true,
            Stage::Seated { keys, .. } => !keys.is_over(),
            Stage::RunningCommand => false,
        });
        let unused = self.channels.values().filter(|stage| matches!(stage, Stage::Open(_))).count();
        let are_too_many = unused + *self.presence.borrow() >= MAX_CHANNELS;
        if self.state.draining.is_cancelled() || are_too_many {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // What comes in is taken from the handler's own calls; nobody reads this half.
        let (_, writer) = channel.split();
        self.channels.insert(id, Stage::Open(Box::new(Open { writer, said: Said::default() })));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.remove(&channel);
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        if let Some(Stage::Seated { keys, .. }) = self.channels.get(&channel) {
            keys.put_end();
        }
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(Stage::Seated { keys, .. }) = self.channels.get(&channel)
            && !keys.put(data)
        {
            // PendingInput here would hold up the whole connection.
            self.state.metrics.add(Count::Overflows);
            tracing::info!(peer = %self.peer(), "sent keys faster than they can be taken");
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
        let open = self.open(channel);
        let is_granted = open.is_some();
        if let Some(open) = open {
            open.said.size = Some(clamp(columns, rows));
            open.said.set("TERM", term);
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
        let is_granted = self.open(channel).is_some_and(|open| open.said.set(name, value));
        reply(session, channel, is_granted)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let is_granted = match self.open(channel).map(|open| open.said.size) {
            Some(Some(size)) => self.channel_session(channel, size),
            // No terminal: what there is to say is said in plain text.
            Some(None) => self.answer(channel, Vec::new()),
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
        let is_granted = self.answer(channel, command.to_vec());
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
        // However many come, a session sees the last one before its next frame.
        match self.channels.get_mut(&channel) {
            Some(Stage::Seated { size, .. }) => {
                size.send_if_modified(|size| std::mem::replace(size, clamp(columns, rows)) != *size);
            }
            Some(Stage::Open(open)) if open.said.size.is_some() => open.said.size = Some(clamp(columns, rows)),
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
        self.state.freed.notify_one();
        let (peer, seconds) = (self.peer(), self.began.elapsed().as_secs());
        match &self.person {
            Person::In(user) => tracing::info!(%peer, user, seconds, "left"),
            Person::Asking(user) => {
                self.state.metrics.add(Count::LoginsRefused);
                tracing::info!(%peer, user, key = self.key, seconds, "was not let in");
            }
            // A balancer that asks for itself, or somebody who looks what is here.
            Person::Unknown => {}
        }
    }
}
