//! What a peer asks for. Every request is answered: a client whose request is not waits for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;
use russh::keys::{Algorithm, PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, MethodKind, MethodSet, Preferred, Pty, SshId};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::house::House;
use super::log::said;
use super::metrics::Count;
use super::seat::{Line, Seat};
use super::terminal::{Said, clamp};
use super::typed::{self, Typist};
use super::{Config, Who, command, keys};

/// Channels that are open at once in one connection.
const MOST_CHANNELS: usize = 4;

/// Everything that the protocol's library is told.
pub(super) fn protocol(key: PrivateKey, config: &Config) -> russh::server::Config {
    use russh::{cipher, compression, mac};
    let methods = match config.who {
        Who::Keys(_) => MethodSet::from(&[MethodKind::PublicKey][..]),
        Who::Anyone => MethodSet::from(&[MethodKind::None, MethodKind::PublicKey][..]),
    };
    russh::server::Config {
        server_id: SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-dialtree_", env!("CARGO_PKG_VERSION")))),
        methods,
        auth_rejection_time: Duration::from_secs(1),
        // Every client asks first whether it may come in without anything.
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: 64 << 10,
        maximum_packet_size: 32 << 10,
        channel_buffer_size: 8,
        event_buffer_size: 4,
        // What has no known weakness.
        preferred: Preferred {
            kex: Cow::Owned(exchanges(config.post_quantum_only)),
            key: Cow::Owned(signatures()),
            cipher: Cow::Borrowed(&[
                cipher::CHACHA20_POLY1305,
                cipher::AES_256_GCM,
                cipher::AES_128_GCM,
                cipher::AES_256_CTR,
                cipher::AES_128_CTR,
            ]),
            mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM]),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::default()
        },
        max_auth_attempts: 4,
        inactivity_timeout: Some(Duration::from_secs(120)),
        keepalive_interval: Some(Duration::from_secs(30)),
        keepalive_max: 3,
        // Set on the socket itself.
        nodelay: false,
        ..russh::server::Config::default()
    }
}

/// How keys are exchanged. Clients that lack the first way, OpenSSH's before 9.9 among them, take the second: only a
/// quantum computer could undo it.
fn exchanges(post_quantum_only: bool) -> Vec<russh::kex::Name> {
    use russh::kex;
    let classic = (!post_quantum_only).then_some(kex::CURVE25519);
    let extensions = [kex::EXTENSION_SUPPORT_AS_SERVER, kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER];
    [kex::MLKEM768X25519_SHA256].into_iter().chain(classic).chain(extensions).collect()
}

/// The signatures that are taken: RSA only with SHA-2.
fn signatures() -> Vec<Algorithm> {
    use russh::keys::{EcdsaCurve, HashAlg};
    let rsa = [HashAlg::Sha512, HashAlg::Sha256].map(|hash| Algorithm::Rsa { hash: Some(hash) });
    let curves = [EcdsaCurve::NistP256, EcdsaCurve::NistP384, EcdsaCurve::NistP521];
    let ecdsa = curves.map(|curve| Algorithm::Ecdsa { curve });
    [Algorithm::Ed25519].into_iter().chain(ecdsa).chain(rsa).collect()
}

/// Who is there, for whoever watches over the connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Presence {
    pub(super) channels: usize,
}

/// A channel that is open; it is counted until this is dropped.
pub(super) struct Counted(watch::Sender<Presence>);

impl Counted {
    fn new(presence: &watch::Sender<Presence>) -> Self {
        presence.send_modify(|presence| presence.channels += 1);
        Self(presence.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|presence| presence.channels -= 1);
    }
}

/// How far a channel has come.
enum Stage {
    /// It is open, and its client says what it is.
    Open(Box<Open>),
    /// A session runs on it.
    Seated { keys: Typist, size: watch::Sender<Size> },
    /// A command is answered, or a refusal is on its way.
    Answering,
}

struct Open {
    line: Line,
    said: Said,
}

pub(super) struct Connection {
    house: Arc<House>,
    /// The address; none of a balancer that asks for itself.
    peer: Option<IpAddr>,
    end: CancellationToken,
    presence: watch::Sender<Presence>,
    began: Instant,
    channels: HashMap<ChannelId, Stage>,
    /// Who came in, and the fingerprint of the key, for the log.
    user: String,
    key: Option<String>,
}

impl Connection {
    pub(super) fn new(
        house: Arc<House>,
        peer: Option<IpAddr>,
        end: CancellationToken,
        presence: watch::Sender<Presence>,
        began: Instant,
    ) -> Self {
        Self { house, peer, end, presence, began, channels: HashMap::new(), user: String::new(), key: None }
    }

    fn peer(&self) -> String {
        self.peer.map_or_else(|| "balancer".to_owned(), |peer| peer.to_string())
    }

    fn allows(&self, key: &PublicKey, algorithm: &Algorithm) -> bool {
        let is_sha1 = matches!(algorithm, Algorithm::Rsa { hash: None });
        !is_sha1 && (self.house.config.who == Who::Anyone || self.house.authorized().allows(key))
    }

    fn refuse(&self, user: &str) -> Auth {
        self.house.metrics.add(Count::LoginsRefused);
        tracing::info!(peer = %self.peer(), user = said(user), "was not let in");
        Auth::reject()
    }

    /// The channel, if its client may still say what it is.
    fn open(&mut self, channel: ChannelId) -> Option<&mut Open> {
        match self.channels.get_mut(&channel) {
            Some(Stage::Open(open)) => Some(open),
            _ => None,
        }
    }

    /// Takes the channel for what its client has asked for; none if it has asked for something before.
    fn take(&mut self, channel: ChannelId, next: Stage) -> Option<Box<Open>> {
        let stage = self.channels.get_mut(&channel)?;
        if !matches!(stage, Stage::Open(_)) {
            return None;
        }
        match std::mem::replace(stage, next) {
            Stage::Open(open) => Some(open),
            _ => None,
        }
    }

    fn answer(&self, line: Line, said: &Said, command: Vec<u8>) {
        self.house.metrics.add(Count::Commands);
        let environment = said.environment(&self.house.config.environment);
        tokio::spawn(command::serve(line, Arc::clone(&self.house), environment, said.size.is_some(), command));
    }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        self.house.metrics.add(Count::Logins);
        let client = said(&String::from_utf8_lossy(session.remote_sshid()));
        tracing::info!(peer = %self.peer(), user = self.user, key = self.key, client, "came in");
        Ok(())
    }

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        if self.house.config.who == Who::Anyone {
            self.user = said(user);
            return Ok(Auth::Accept);
        }
        // No attempt: it is how a client asks what would be.
        Ok(Auth::reject())
    }

    async fn auth_publickey_offered(&mut self, _: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        Ok(if self.allows(offer.public_key, offer.algorithm) { Auth::Accept } else { keep_trying() })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        if self.allows(key.public_key, key.algorithm) {
            (self.user, self.key) = (said(user), Some(keys::fingerprint(key.public_key)));
            return Ok(Auth::Accept);
        }
        self.refuse(user);
        Ok(keep_trying())
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Self::Error> {
        Ok(self.refuse(user))
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
            Stage::Answering => false,
        });
        if self.house.draining.is_cancelled() || self.presence.borrow().channels >= MOST_CHANNELS {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // What comes in is taken from the handler's own calls; nobody reads this half.
        let (_, writer) = channel.split();
        let line = Line::new(writer, &self.house, self.end.clone(), Counted::new(&self.presence), self.began);
        self.channels.insert(id, Stage::Open(Box::new(Open { line, said: Said::default() })));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.remove(&channel);
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        if let Some(Stage::Seated { keys, .. }) = self.channels.get(&channel)
            && !keys.put(data)
        {
            // Waiting here would hold up the whole connection.
            self.house.metrics.add(Count::Overflows);
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
        let Some(open) = self.open(channel) else { return session.channel_failure(channel) };
        open.said.size = Some(clamp(columns, rows));
        open.said.set("TERM", term);
        session.channel_success(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.open(channel).is_some_and(|open| open.said.set(name, value)) {
            session.channel_success(channel)
        } else {
            session.channel_failure(channel)
        }
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let Some(size) = self.open(channel).map(|open| open.said.size) else { return session.channel_failure(channel) };
        let Some(size) = size else {
            // No terminal: what there is to say is said in plain text.
            let Some(open) = self.take(channel, Stage::Answering) else { return session.channel_failure(channel) };
            let Open { line, said } = *open;
            self.answer(line, &said, Vec::new());
            return session.channel_success(channel);
        };
        let (keys, typed) = typed::typed();
        let (size, sizes) = watch::channel(size);
        let Some(open) = self.take(channel, Stage::Seated { keys, size }) else {
            return session.channel_failure(channel);
        };
        let Open { line, said } = *open;
        let environment = said.environment(&self.house.config.environment);
        let seat = Seat::new(line, Arc::clone(&self.house), environment, typed, sizes);
        tokio::spawn(seat.serve());
        self.house.metrics.add(Count::Sessions);
        session.channel_success(channel)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Some(open) = self.take(channel, Stage::Answering) else { return session.channel_failure(channel) };
        let Open { line, said } = *open;
        self.answer(line, &said, command.to_vec());
        session.channel_success(channel)
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
        self.house.freed.notify_one();
        if self.peer.is_some() {
            tracing::info!(peer = %self.peer(), seconds = self.began.elapsed().as_secs(), "left");
        }
    }
}

/// Another key may be the right one.
fn keep_trying() -> Auth {
    Auth::Reject { proceed_with_methods: None, partial_success: false }
}
