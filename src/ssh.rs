//! The SSH frontend: `dialtree serve`. Each channel runs one [`Session`](crate::session::Session), the same app as in a
//! local terminal, without a shell or any other access to the machine.
//!
//! The `listener` accepts connections and ends them in time. A `connection` replies to a client's requests: its
//! `login` decides who may enter, and its `channels` start a `channel_session` or a `command` on each channel; both
//! send through a `channel_writer`. All share one `state`.
//!
//! What must stay true, whatever a client sends or does not read: memory per connection is bounded, no client delays
//! another, and every wait has a timeout.

mod active_channels;
mod admin;
mod authorized_keys;
mod channel_session;
mod channel_writer;
mod channels;
mod check;
mod command;
mod connection;
mod input_queue;
mod key_file;
mod key_options;
mod keys;
mod limits;
mod line_terminal;
mod listener;
mod log;
mod login;
mod malloc_trim;
mod memory_budget;
mod metrics;
mod penalties;
mod proxy_header;
mod reload;
mod russh_config;
mod sandbox;
mod service;
mod session_driver;
mod socket;
mod startups;
mod state;
mod terminal;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::config::ServeOptions;
pub use check::check;
use sandbox::Sandbox;
pub use service::unit;
use state::ServerState;
pub use state::{CommandOutput, CommandRunner, Config, Pieces};

/// The threads for work that blocks: commands, of which few run at the same time, and reading files.
const MAX_BLOCKING_THREADS: usize = 16;

/// Serves until SIGTERM or SIGINT, then drains: sessions may continue for the drain timeout. A second signal ends them
/// at once. SIGHUP reloads the authorised keys and the directory.
///
/// # Errors
/// The server cannot start.
pub fn run(mut config: Config) -> anyhow::Result<()> {
    service::disable_core_dumps()?;
    let inherited = service::inherited_listener()?;
    if let Some(listener) = &inherited {
        config.options.listen = listener.local_addr().context("cannot use the socket of the service manager")?;
    }
    // Before any thread is started, because it confines only those that are started later.
    let sandbox = match config.options.no_sandbox {
        true => Sandbox::NONE,
        false => Sandbox::enforce(&config.options, &config.sources)?,
    };
    malloc_trim::use_single_arena();
    log::start(config.options.log_format).context("cannot start the log")?;
    tracing::info!(%sandbox, "confined");
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().max_blocking_threads(MAX_BLOCKING_THREADS).build();
    let runtime = runtime.context("cannot start the async runtime")?;
    let end = runtime.block_on(async {
        // Before anything is loaded: a SIGHUP would otherwise kill the process meanwhile.
        let mut signals = Signals::open()?;
        let Some(server) = signals.unless_ended(Server::open_on(config, inherited)).await.transpose()? else {
            return Ok(());
        };
        let (drain, draining) = oneshot::channel::<()>();
        tokio::spawn(signals.handle(Arc::clone(&server.state), drain));
        server.serve(async { drop(draining.await) }).await;
        Ok(())
    });
    // Does not wait for blocking tasks: one may be reading a file from a network that does not answer.
    runtime.shutdown_background();
    log::flush();
    end
}

/// The signals that the server handles.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn open() -> anyhow::Result<Self> {
        let open = |kind| signal(kind).context("cannot watch for signals");
        Ok(Self {
            hangup: open(SignalKind::hangup())?,
            terminate: open(SignalKind::terminate())?,
            interrupt: open(SignalKind::interrupt())?,
        })
    }

    /// Waits for a future, unless a signal ends the process first.
    async fn unless_ended<T>(&mut self, future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            end = future => Some(end),
            _ = self.terminate.recv() => None,
            _ = self.interrupt.recv() => None,
        }
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
                    service::notify_reloading();
                    // Reading files blocks, and signals must still be handled meanwhile.
                    tokio::task::spawn_blocking(move || {
                        state.reload();
                        service::notify_ready();
                    });
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
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        Self::open_on(config, None).await
    }

    /// As [`Server::open`], on a socket that listens already if there is one.
    async fn open_on(config: Config, inherited: Option<std::net::TcpListener>) -> anyhow::Result<Self> {
        check_exposure(&config.options)?;
        let (address, admin) = (config.options.listen, config.options.admin);
        let state = Arc::new(tokio::task::spawn_blocking(move || ServerState::open(config)).await??);
        let listener = match inherited {
            Some(listener) => TcpListener::from_std(listener)?,
            None => listen(address).await?,
        };
        let admin = match admin {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self { state, listener, admin })
    }

    fn log_start(&self) {
        let address = |listener: &TcpListener| listener.local_addr().ok().map(tracing::field::display);
        let host_key = self.state.russh_config.keys.first().map(|key| keys::fingerprint(key.public_key()));
        tracing::info!(
            address = address(&self.listener),
            admin = self.admin.as_ref().and_then(address),
            host_key = host_key.map(tracing::field::display),
            directory = %self.state.config.sources.short_name(),
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
        // Not earlier: who reads this line may send a signal, which the caller handles by now.
        self.log_start();
        service::notify_ready();
        let Self { state, listener, admin } = self;
        let admin = admin.map(|admin| tokio::spawn(admin::serve(admin, Arc::clone(&state))));
        let watchdog = tokio::spawn(service::keep_watchdog_quiet());
        let drain = async {
            drain.await;
            service::notify_stopping();
            // Before the listener closes, so that /readyz fails before a load balancer's connection is refused.
            state.draining.cancel();
        };
        let max_memory = state.config.options.max_memory;
        let reloads = state.current.subscribe();
        let fit = memory_budget::fit_after_reloads(&state.memory, max_memory, reloads, &state.memory_freed);
        tokio::select! {
            never = listener::serve(listener, &state) => match never {},
            never = listener::log_refusals(&state) => match never {},
            never = fit => match never {},
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
        let _ = timeout(state::CLOSE_TIMEOUT * 3, connections.wait()).await;
        if let Some(admin) = admin {
            admin.abort();
        }
        watchdog.abort();
        tracing::info!("stopped");
    }
}

/// Checks that the options expose neither the directory nor the metrics by mistake.
fn check_exposure(options: &ServeOptions) -> anyhow::Result<()> {
    let address = options.listen;
    if options.allows_anyone() && !options.public && !address.ip().is_loopback() {
        bail!(
            "--auth none admits anyone who can reach {address}; require keys with --authorized-keys, or add --public if \
             the whole network may read this directory"
        );
    }
    if let Some(admin) = options.admin.filter(|admin| !admin.ip().is_loopback()) {
        bail!(
            "--admin {admin} would expose the metrics to the network; use a loopback address, such as 127.0.0.1:9222"
        );
    }
    Ok(())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}
