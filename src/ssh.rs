//! The SSH frontend: `dialtree serve`. Each channel runs one [`Session`](crate::session::Session), the same app as in a
//! local terminal, without a shell or any other access to the machine.
//!
//! Each module uses only those above it in this list:
//!
//! ```text
//! input              parses a client's bytes into events, with bounded memory
//! input_queue        bytes that a client has sent and its session has not read
//! terminal           what a client reports about its terminal
//! socket             a TCP stream that can be aborted
//! proxy_header       the PROXY protocol
//! keys               host key and authorised keys
//! limits             connection limits, rate limits, command limits
//! metrics, log       what operators see
//! malloc_trim        returns free memory to the system
//! active_channels    counts what runs in a connection
//! error              why a server does not start
//! current            the directory that is served, and its reloads
//! config             what a server is started with
//! russh_config       the configuration of russh
//! state              what all connections share
//! channel_writer     sends frames and output, with timeouts
//! session_driver     bytes in, frames out, for one session
//! channel_session    runs a session on a channel
//! command            runs a command on a channel
//! connection         replies to a client's requests
//! listener           accepts connections and ends them in time
//! admin              health checks and metrics over HTTP
//! ```
//!
//! What must stay true, whatever a client sends or does not read: memory per connection is bounded, no client delays
//! another, and every wait has a timeout.

mod active_channels;
mod admin;
mod channel_session;
mod channel_writer;
mod command;
mod config;
mod connection;
mod current;
mod error;
mod input;
mod input_queue;
mod keys;
mod limits;
mod listener;
mod log;
mod malloc_trim;
mod metrics;
mod proxy_header;
mod russh_config;
mod session_driver;
mod socket;
mod state;
mod terminal;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

pub use config::{CommandOutput, CommandRunner, Config};
pub use error::StartError;
pub use keys::{AuthorizedKeysError, HostKeyError, KeyLineError};
use state::ServerState;

/// Serves until SIGTERM or SIGINT, then drains: sessions may continue for the drain timeout. A second signal ends them at
/// once. SIGHUP reloads the authorised keys and the directory.
///
/// # Errors
/// The server cannot start.
pub fn run(config: Config) -> Result<(), StartError> {
    log::start(config.options.log_format);
    malloc_trim::use_single_arena();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::Runtime)?;
    let end = runtime.block_on(async {
        let server = Server::open(config).await?;
        let signals = Signals::open()?;
        let (drain, draining) = oneshot::channel::<()>();
        tokio::spawn(signals.handle(Arc::clone(&server.state), drain));
        server.serve(async { drop(draining.await) }).await;
        Ok(())
    });
    // Does not wait for blocking tasks: one may be reading a file from a network that does not answer.
    runtime.shutdown_background();
    end
}

/// The signals that the server handles.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn open() -> Result<Self, StartError> {
        let open = |kind| signal(kind).map_err(StartError::Signals);
        Ok(Self {
            hangup: open(SignalKind::hangup())?,
            terminate: open(SignalKind::terminate())?,
            interrupt: open(SignalKind::interrupt())?,
        })
    }

    /// Handles signals until the runtime ends. The first one to end the server drops `drain`.
    async fn handle(mut self, state: Arc<ServerState>, drain: oneshot::Sender<()>) {
        let mut drain = Some(drain);
        loop {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
                Some(()) = self.hangup.recv() => {
                    let state = Arc::clone(&state);
                    // Reading files blocks, and signals must still be handled meanwhile.
                    tokio::task::spawn_blocking(move || state.reload());
                    continue;
                }
            }
            match drain.take() {
                Some(drain) => drop(drain),
                None => state.shutdown.cancel(),
            }
        }
    }
}

/// A server that is listening.
pub struct Server {
    state: Arc<ServerState>,
    listener: TcpListener,
    admin: Option<TcpListener>,
}

impl Server {
    /// Reads the keys and the directory, and listens. Connections wait in the backlog until [`Server::serve`] runs.
    ///
    /// # Errors
    /// The options expose the directory or the metrics to the network, a file cannot be used, or an address is in use.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let options = &config.options;
        let (address, admin) = (options.listen, options.admin);
        if options.allows_anyone() && !options.public && !address.ip().is_loopback() {
            return Err(StartError::OpenToNetwork(address));
        }
        if let Some(admin) = admin.filter(|admin| !admin.ip().is_loopback()) {
            return Err(StartError::AdminNotLoopback(admin));
        }
        let state = Arc::new(ServerState::open(config)?);
        let listener = listen(address).await?;
        let admin = match admin {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let server = Self { state, listener, admin };
        server.log_start();
        Ok(server)
    }

    fn log_start(&self) {
        let address = |listener: &TcpListener| listener.local_addr().ok().map(tracing::field::display);
        let host_key = self.state.russh_config.keys.first().map(|key| keys::fingerprint(key.public_key()));
        tracing::info!(
            address = address(&self.listener),
            admin = self.admin.as_ref().and_then(address),
            host_key = host_key.map(tracing::field::display),
            directory = %self.state.config.source.name(),
            "listening"
        );
    }

    /// The address that the server listens on, with the port that the system has chosen if the option was port 0.
    ///
    /// # Errors
    /// The system's error.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `drain` completes, then drains: stops accepting connections, and waits for the open ones to end for
    /// the drain timeout.
    pub async fn serve(self, drain: impl Future<Output = ()>) {
        let Self { state, listener, admin } = self;
        let admin = admin.map(|admin| tokio::spawn(admin::serve(admin, Arc::clone(&state))));
        let drain = async {
            drain.await;
            // Before the listener closes, so that /readyz fails before a load balancer's connection is refused.
            state.draining.cancel();
        };
        tokio::select! {
            never = listener::serve(listener, &state) => match never {},
            never = malloc_trim::trim_after(&state.memory_freed) => match never {},
            () = drain => {}
        }
        let ServerState { connections, shutdown, .. } = &*state;
        tracing::info!(connections = connections.len(), "draining: no longer accepting connections");
        connections.close();
        tokio::select! {
            () = connections.wait() => {}
            () = sleep(state.config.options.drain_timeout) => {}
            () = shutdown.cancelled() => {}
        }
        shutdown.cancel();
        // A session closes its channel, then `expiry` waits, then the connection disconnects: each for CLOSE_TIMEOUT.
        let _ = timeout(config::CLOSE_TIMEOUT * 3, connections.wait()).await;
        if let Some(admin) = admin {
            admin.abort();
        }
        tracing::info!("stopped");
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })
}
