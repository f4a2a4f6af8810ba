//! The host for people who come over SSH: `dialtree serve`. Each channel is one [`Session`](crate::session::Session),
//! the very same app as the local one, with no shell behind it and no way out of it.
//!
//! ```text
//! state       what all share: settings, keys, the directory of this moment, numbers, the end
//! accept      the door: limits before the handshake (limits), PROXY header, one connection task each
//! socket      a stream that can be ended, whatever is waiting on it
//! protocol    what the protocol's library is told
//! connection  what the peer asks for, every request answered
//! typed       what a peer has typed and its session has not taken yet
//! line        the other end of a channel
//! channel_session        one channel's session: bytes in, at most one frame out
//! input       bytes to events, bounded
//! command     one command without a terminal
//! heap        memory back to the system, once somebody has left
//! ```

mod admin;
mod channel_session;
mod channel_writer;
mod command;
mod connection;
mod input;
mod input_queue;
mod keys;
mod limits;
mod listener;
mod log;
mod malloc_trim;
mod metrics;
mod russh_config;
mod socket;
mod state;
mod terminal;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::app::Environment;
use crate::source::Source;
pub use command::{CommandOutput, CommandRunner};
pub use log::LogFormat;
use state::ServerState;

/// How to serve.
pub struct Config {
    /// Where brokers connect to.
    pub listen: SocketAddr,
    /// Where health and numbers are asked for; loopback only.
    pub admin: Option<SocketAddr>,
    /// The file of the server's own key.
    pub host_key: PathBuf,
    /// Authentication may come in.
    pub who: Authentication,
    /// Anyone may come in from other machines, too.
    pub public: bool,
    /// Only clients may come in whose key exchange withstands quantum computers.
    pub post_quantum_only: bool,
    /// How many may be there.
    pub limits: Limits,
    /// How long things may take.
    pub timers: Timers,
    /// The balancers, which say in a PROXY header whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// How the log is written.
    pub logs: LogFormat,
    /// Where the directory comes from.
    pub source: Source,
    /// What every session starts from; what a client says of its terminal can only take away from it.
    pub environment: Environment,
    /// The moment that is shown, and not now.
    pub at: Option<Timestamp>,
    /// What answers a command.
    pub answer: Box<CommandRunner>,
}

/// Authentication may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Whoever has a key of this file, in the format of OpenSSH's `authorized_keys`.
    Keys(PathBuf),
    /// Anyone, without a key.
    Anyone,
}

/// How many may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Connections from one address; of IPv6, from one /64.
    pub per_address: usize,
    /// New connections a second from one address.
    pub per_second: std::num::NonZeroU32,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// From the connection to the login, and without an open channel.
    pub login: Duration,
    /// Without a key of the user.
    pub idle: Duration,
    /// A connection as a whole.
    pub longest: Duration,
    /// Until a frame is taken.
    pub stalled: Duration,
    /// From the signal to end until everybody has to leave.
    pub drain: Duration,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).field("who", &self.who).finish_non_exhaustive()
    }
}

/// Serves until SIGTERM or SIGINT, and then until everybody has left or the time to do so is over; another of these
/// signals ends it at once.
///
/// # Errors
/// What keeps it from starting: keys, data, addresses.
pub fn run(config: Config) -> anyhow::Result<()> {
    log::start(config.logs);
    malloc_trim::keep_together();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    let end = runtime.block_on(async {
        let server = Server::open(config).await?;
        let state = Arc::clone(&server.state);
        let mut hangups = signal(SignalKind::hangup()).context("cannot watch for signals")?;
        let mut ends = signal(SignalKind::terminate()).context("cannot watch for signals")?;
        let mut interrupts = signal(SignalKind::interrupt()).context("cannot watch for signals")?;
        let (asked, ending) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let mut asked = Some(asked);
            loop {
                tokio::select! {
                    _ = ends.recv() => {}
                    _ = interrupts.recv() => {}
                    Some(()) = hangups.recv() => {
                        let state = Arc::clone(&state);
                        // A file may be long in coming, and nobody shall wait for it.
                        tokio::task::spawn_blocking(move || state.reload());
                        continue;
                    }
                }
                match asked.take() {
                    Some(asked) => drop(asked),
                    None => state.over.cancel(),
                }
            }
        });
        server.serve(async { drop(ending.await) }).await;
        Ok(())
    });
    // Not even a file that does not come is waited for.
    runtime.shutdown_background();
    end
}

/// A server that listens.
pub struct Server {
    state: Arc<ServerState>,
    listener: TcpListener,
    admin: Option<TcpListener>,
}

impl Server {
    /// Reads keys and data and listens.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        if config.who == Authentication::Anyone && !config.public && !config.listen.ip().is_loopback() {
            bail!(
                "--auth none lets in anyone who reaches {}; name a file with --authorized-keys, or say --public if \
                 the whole network may read this directory",
                config.listen
            );
        }
        if let Some(admin) = config.admin.filter(|admin| !admin.ip().is_loopback()) {
            bail!("--admin {admin} would show the numbers to the network; choose an address such as 127.0.0.1:9222");
        }
        let (listen, admin) = (config.listen, config.admin);
        let state = Arc::new(ServerState::open(config)?);
        let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        let admin = match admin {
            Some(at) => Some(TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))?),
            None => None,
        };
        let server = Self { state, listener, admin };
        let fingerprint = server.state.protocol.keys.first().map(|key| keys::fingerprint(key.public_key()));
        let admin = server.admin.as_ref().and_then(|admin| admin.local_addr().ok());
        tracing::info!(
            address = %server.address()?,
            admin = admin.map(|admin| admin.to_string()),
            host_key = fingerprint.map(tracing::field::display),
            directory = %server.state.config.source.name(),
            "listening"
        );
        Ok(server)
    }

    /// Where it listens.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until a future ends, and then until everybody has left or the time to do so is over.
    pub async fn serve(self, ending: impl Future<Output = ()>) {
        let Self { state, listener, admin } = self;
        let admin = admin.map(|admin| tokio::spawn(admin::serve(admin, Arc::clone(&state))));
        let asked = async {
            ending.await;
            // A balancer that asks is told before one that comes is refused.
            state.draining.cancel();
        };
        tokio::select! {
            never = listener::serve(listener, &state) => match never {},
            never = malloc_trim::restore(&state.freed) => match never {},
            () = asked => {}
        }
        let ServerState { connections, over, .. } = &*state;
        tracing::info!(connections = connections.len(), "ending; no one new comes in");
        connections.close();
        tokio::select! {
            () = connections.wait() => {}
            () = sleep(state.config.timers.drain) => {}
            () = over.cancelled() => {}
        }
        over.cancel();
        let _ = timeout(listener::FAREWELL * 3, connections.wait()).await;
        if let Some(admin) = admin {
            admin.abort();
        }
        tracing::info!("ended");
    }
}
