//! What all connections of a server share: its settings and keys, the directory of this moment, its numbers, its end.

use std::sync::{Arc, RwLock};

use russh::keys::PrivateKey;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::doors::Doors;
use super::keys::{self, Authorized};
use super::metrics::Metrics;
use super::{Config, Who, connection};
use crate::directory::Directory;
use crate::search::Index;

/// The directory that is served, with its index.
#[derive(Clone)]
pub struct Current {
    /// The directory.
    pub directory: Arc<Directory>,
    /// Its index.
    pub index: Arc<Index>,
}

impl Current {
    /// A directory, ready to be served.
    pub fn new(directory: Directory) -> Self {
        let directory = Arc::new(directory);
        Self { index: Arc::new(Index::new(Arc::clone(&directory))), directory }
    }
}

pub(super) struct House {
    pub(super) config: Config,
    pub(super) protocol: Arc<russh::server::Config>,
    pub(super) doors: Doors,
    pub(super) metrics: Metrics,
    /// The one place of the directory: new sessions read it, live ones are told.
    pub(super) current: watch::Sender<Current>,
    authorized: RwLock<Arc<Authorized>>,
    pub(super) connections: TaskTracker,
    /// Everybody is asked to leave.
    pub(super) draining: CancellationToken,
    /// Everybody has to.
    pub(super) over: CancellationToken,
}

impl House {
    pub(super) fn open(config: Config, key: PrivateKey) -> anyhow::Result<Self> {
        let authorized = Arc::new(authorized(&config.who)?);
        Ok(Self {
            protocol: Arc::new(connection::protocol(key, &config)),
            doors: Doors::new(&config.limits),
            metrics: Metrics::default(),
            current: watch::Sender::new(Current::new(config.origin.load()?)),
            authorized: RwLock::new(authorized),
            connections: TaskTracker::new(),
            draining: CancellationToken::new(),
            over: CancellationToken::new(),
            config,
        })
    }

    /// The keys that may come in at this moment.
    pub(super) fn authorized(&self) -> Arc<Authorized> {
        Arc::clone(&self.authorized.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads keys and data again. What cannot be read stays as it was.
    pub(super) fn renew(&self) {
        match authorized(&self.config.who) {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "read the keys again");
                *self.authorized.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "the keys stay as they were"),
        }
        match self.config.origin.load() {
            Ok(directory) => {
                tracing::info!(directory = %self.config.origin.name(), "read the directory again");
                self.current.send_replace(Current::new(directory));
            }
            Err(error) => tracing::error!(error = %error, "the directory stays as it was"),
        }
    }
}

fn authorized(who: &Who) -> anyhow::Result<Authorized> {
    match who {
        Who::Keys(path) => keys::authorized(path),
        Who::Anyone => Ok(Authorized::default()),
    }
}
