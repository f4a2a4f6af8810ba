//! The state that all connections of a server share.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::config::Config;
use super::current;
use super::error::StartError;
use super::keys::{self, AuthorizedKeys, AuthorizedKeysError};
use super::limits::{CommandLimits, ConnectionLimits};
use super::metrics::Metrics;
use super::russh_config::russh_config;
use crate::config::serve::ServeOptions;
use crate::search::Catalog;
use crate::source::watch::WatchHandle;

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
    pub(super) fn open(config: Config) -> Result<Self, StartError> {
        let authorized_keys = Arc::new(read_authorized_keys(&config.options)?);
        let (current, watcher) = current::load_and_watch(config.source.clone())?;
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
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error, "cannot reload the authorized keys; keeping the previous ones");
            }
        }
    }
}

/// Reads the file of authorised keys. Without a file, there are none.
fn read_authorized_keys(options: &ServeOptions) -> Result<AuthorizedKeys, AuthorizedKeysError> {
    options.authorized_keys.as_deref().map_or_else(|| Ok(AuthorizedKeys::default()), AuthorizedKeys::read)
}
