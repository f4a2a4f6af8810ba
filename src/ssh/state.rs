//! What a server is started with, and the state that all its connections share.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::keys::{self, AuthorizedKeys};
use super::limits::{CommandLimits, ConnectionLimits};
use super::metrics::Metrics;
use super::russh_config::russh_config;
use crate::app::Environment;
use crate::config::ServeOptions;
use crate::search::Catalog;
use crate::source::watch::{WatchEvent, WatchHandle, watch as watch_source};
use crate::source::{Internal, Source};

/// The time that the server spends on ending a channel or a connection cleanly: restoring the client's terminal, the
/// exit status, the disconnect message.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What a server is started with.
pub struct Config {
    /// The options of `dialtree serve`.
    pub options: ServeOptions,
    /// Where the directory comes from.
    pub source: Source,
    /// The environment of every session. What a client reports about its terminal can only restrict it.
    pub environment: Environment,
    /// A fixed moment to show instead of the current time.
    pub at: Option<Timestamp>,
    /// Runs commands such as `ssh HOST find commission`.
    pub run_command: Box<CommandRunner>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("options", &self.options).field("source", &self.source).finish_non_exhaustive()
    }
}

/// Runs a command as the command line would, but without access to files, programs or the environment. An empty command
/// asks for help. It is called on a thread that may block.
pub type CommandRunner = dyn Fn(&[u8], &Arc<Catalog>, &Environment) -> CommandOutput + Send + Sync;

/// The result of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutput {
    /// The text for standard output.
    pub out: String,
    /// The text for standard error.
    pub error: String,
    /// The exit code.
    pub code: u8,
}

pub(super) struct ServerState {
    pub(super) config: Config,
    pub(super) russh_config: Arc<russh::server::Config>,
    pub(super) connection_limits: ConnectionLimits,
    pub(super) command_limits: CommandLimits,
    pub(super) metrics: Metrics,
    /// The directory: new sessions read it, open sessions subscribe to its changes.
    pub(super) current: watch::Sender<Arc<Catalog>>,
    watcher: WatchHandle,
    authorized_keys: RwLock<Arc<AuthorizedKeys>>,
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
        let authorized_keys = Arc::new(read_authorized_keys(&config.options)?);
        let (current, watcher) = load_and_watch(config.source.clone(), Internal::shown_if(config.options.internal))?;
        let host_key = keys::host_key(&config.options.host_key_path()?)?;
        Ok(Self {
            russh_config: Arc::new(russh_config(host_key, &config.options)),
            connection_limits: ConnectionLimits::new(&config.options),
            command_limits: CommandLimits::new(),
            metrics: Metrics::default(),
            current,
            watcher,
            authorized_keys: RwLock::new(authorized_keys),
            connections: TaskTracker::new(),
            memory_freed: Notify::new(),
            draining: CancellationToken::new(),
            shutdown: CancellationToken::new(),
            config,
        })
    }

    /// The keys that clients may currently log in with.
    pub(super) fn authorized_keys(&self) -> Arc<AuthorizedKeys> {
        Arc::clone(&self.authorized_keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the authorised keys again, and the directory if its file has changed. Keeps the previous ones on errors.
    /// Open sessions continue, even if their key has been removed.
    pub(super) fn reload(&self) {
        self.watcher.check_now();
        match read_authorized_keys(&self.config.options) {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "reloaded the authorized keys");
                *self.authorized_keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "cannot reload the authorized keys; keeping the previous ones"
                );
            }
        }
    }
}

/// Loads the directory and watches its file. A valid change reaches all sessions through the channel; an invalid one is
/// logged, and the previous directory stays.
fn load_and_watch(source: Source, internal: Internal) -> anyhow::Result<(watch::Sender<Arc<Catalog>>, WatchHandle)> {
    let (first_sender, first) = mpsc::channel();
    let (name, short_name) = (source.name(), source.short_name());
    let mut current: Option<watch::Sender<Arc<Catalog>>> = None;
    let handle = watch_source(source, internal, move |event| {
        let loaded = match event {
            WatchEvent::Progress(_) => return,
            WatchEvent::Ready(catalog) => Ok(catalog),
            WatchEvent::Failed(error) => Err(error),
        };
        match (&current, loaded) {
            (None, loaded) => {
                let loaded = loaded.map(|loaded| current.insert(watch::Sender::new(loaded)).clone());
                // Fails only if the server has given up starting.
                let _ = first_sender.send(loaded);
            }
            (Some(current), Ok(loaded)) => {
                tracing::info!(directory = %name, "reloaded the directory");
                current.send_replace(loaded);
            }
            (Some(_), Err(error)) => {
                let error = error.summary(&short_name);
                tracing::error!(error, "cannot reload the directory; keeping the previous one");
            }
        }
    });
    let current = first.recv().context("the directory was not loaded: its watcher ended unexpectedly")??;
    Ok((current, handle))
}

/// Reads the file of authorised keys. Without a file, there are none.
fn read_authorized_keys(options: &ServeOptions) -> anyhow::Result<AuthorizedKeys> {
    options.authorized_keys.as_deref().map_or_else(|| Ok(AuthorizedKeys::default()), AuthorizedKeys::read)
}
