//! What a server is started with, and the state that all its connections share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::authorized_keys::AuthorizedKeys;
use super::keys;
use super::limits::{ConnectionLimits, ProxyLimits, command_turns};
use super::memory_budget::MemoryBudget;
use super::metrics::Metrics;
use super::penalties::Penalties;
use super::reload::{self, Reloaded};
use super::russh_config::russh_config;
use super::startups::Startups;
use crate::app::Environment;
use crate::config::ServeOptions;
use crate::search::Catalog;
use crate::source::Sources;

/// The time that the server spends on ending a channel or a connection cleanly: restoring the client's terminal, the
/// exit status, the disconnect message.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What a server is started with.
pub struct Config {
    /// The options of `dialtree serve`.
    pub options: ServeOptions,
    /// Where the directories come from.
    pub sources: Sources,
    /// The environment of every session. What a client reports about its terminal can only restrict it.
    pub environment: Environment,
    /// A fixed moment to show instead of the current time.
    pub at: Option<Timestamp>,
    /// Runs commands such as `ssh HOST find commission`.
    pub run_command: Box<CommandRunner>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("options", &self.options).field("sources", &self.sources).finish_non_exhaustive()
    }
}

/// Text that is made piece by piece.
pub type Pieces = Box<dyn Iterator<Item = String> + Send>;

/// Runs a command as the command line would, but without access to files, programs or the environment. An empty command
/// asks for help. It is called on a thread that may block.
pub type CommandRunner = dyn Fn(&[u8], &Arc<Catalog>, &Environment) -> CommandOutput + Send + Sync;

/// The result of a command.
pub struct CommandOutput {
    /// The text for standard output, in pieces that are made when they are asked for.
    pub out: Pieces,
    /// The text for standard error.
    pub error: String,
    /// The exit code.
    pub code: u8,
}

pub(super) struct ServerState {
    pub(super) config: Config,
    pub(super) russh_config: Arc<russh::server::Config>,
    pub(super) connection_limits: ConnectionLimits,
    pub(super) startups: Startups,
    pub(super) penalties: Penalties,
    pub(super) proxy_limits: ProxyLimits,
    /// The permits to run a command, or a part of one, for a short time.
    pub(super) command_turns: Arc<Semaphore>,
    pub(super) memory: MemoryBudget,
    pub(super) metrics: Metrics,
    /// The directory: new sessions read it, open sessions subscribe to its changes.
    pub(super) current: watch::Sender<Arc<Catalog>>,
    pub(super) directory: Reloaded<Catalog>,
    pub(super) authorized_keys: Reloaded<AuthorizedKeys>,
    pub(super) connections: TaskTracker,
    /// Notified when a connection has ended and its memory can be returned to the system.
    pub(super) memory_freed: Notify,
    /// Cancelled when the server stops accepting connections and asks users to leave.
    pub(super) draining: CancellationToken,
    /// Cancelled when the sessions that are still open must end.
    pub(super) shutdown: CancellationToken,
}

impl ServerState {
    /// Reads the keys and the directory. The host key comes last, so that a server that does not start creates none.
    /// Blocks for as long as the directory takes to load.
    pub(super) fn open(config: Config) -> anyhow::Result<Self> {
        let authorized_keys = reload::authorized_keys(&config.options)?;
        let directory = reload::directory(config.sources.clone(), &config.options)?;
        let host_key = keys::host_key(&config.options.host_key_path()?)?;
        Ok(Self {
            russh_config: Arc::new(russh_config(host_key, &config.options)),
            connection_limits: ConnectionLimits::new(&config.options),
            startups: Startups::new(config.options.max_startups),
            penalties: Penalties::new(config.options.penalty_exempt.clone()),
            proxy_limits: ProxyLimits::new(),
            command_turns: command_turns(),
            memory: MemoryBudget::new(config.options.max_memory),
            metrics: Metrics::default(),
            current: directory.current.clone(),
            directory,
            authorized_keys,
            connections: TaskTracker::new(),
            memory_freed: Notify::new(),
            draining: CancellationToken::new(),
            shutdown: CancellationToken::new(),
            config,
        })
    }

    /// The keys that clients may currently log in with.
    pub(super) fn authorized_keys(&self) -> Arc<AuthorizedKeys> {
        self.authorized_keys.current.borrow().clone()
    }

    /// Reads the authorised keys and the directory again, and returns when both are in use. Blocks meanwhile.
    pub(super) fn reload(&self) {
        let done = [self.authorized_keys.reload(), self.directory.reload()];
        for done in done {
            // Always an error: the sender is dropped when the file has been read.
            let _ = done.recv();
        }
    }

    /// The metrics of the keys and the directory.
    pub(super) fn reload_metrics(&self) -> String {
        reload::metrics(&self.directory, &self.authorized_keys)
    }

    /// Whether the server is ready while it does not drain, and the text of `/readyz`. Bad data do not make the server
    /// unready: it serves the last good ones, as all its replicas do. Without keys, it can serve nobody new.
    pub(super) fn readiness(&self) -> (bool, String) {
        let keys = self.authorized_keys.status.problem();
        let (is_ready, first) = if keys.is_none() { (true, "ready\n") } else { (false, "not ready\n") };
        let problems = [keys, self.directory.status.problem()].into_iter().flatten();
        (is_ready, problems.fold(first.to_owned(), |text, problem| text + &problem + "\n"))
    }
}
