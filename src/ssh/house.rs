//! What all connections of a server share: its settings and keys, the directory of this moment, its numbers, its end.

use std::sync::{Arc, RwLock, mpsc};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::command::Answering;
use super::doors::Doors;
use super::keys::{self, Authorized};
use super::metrics::Metrics;
use super::{Config, Who, protocol};
use crate::directory::Directory;
use crate::origin::watch::{News, Watch};
use crate::origin::{self, Origin, Ready};
use crate::search::Index;

/// The directory that is served, with its index.
#[derive(Clone)]
pub struct Current {
    /// The directory.
    pub directory: Arc<Directory>,
    /// Its index.
    pub index: Arc<Index>,
}

impl From<Ready> for Current {
    fn from((directory, index): Ready) -> Self {
        Self { directory, index }
    }
}

pub(super) struct House {
    pub(super) config: Config,
    pub(super) protocol: Arc<russh::server::Config>,
    pub(super) doors: Doors,
    pub(super) answering: Answering,
    pub(super) metrics: Metrics,
    /// The one place of the directory: new sessions read it, live ones are told.
    pub(super) current: watch::Sender<Current>,
    /// Keeps it as its file has it.
    data: Watch,
    authorized: RwLock<Arc<Authorized>>,
    pub(super) connections: TaskTracker,
    /// Somebody has left, and their memory with them.
    pub(super) freed: Notify,
    /// Everybody is asked to leave.
    pub(super) draining: CancellationToken,
    /// Everybody has to.
    pub(super) over: CancellationToken,
}

impl House {
    /// Reads keys and data. A host key is made last, for a server that can start.
    pub(super) fn open(config: Config) -> anyhow::Result<Self> {
        let authorized = Arc::new(authorized(&config.who)?);
        let (current, data) = follow(config.origin.clone())?;
        let key = keys::host_key(&config.host_key)?;
        Ok(Self {
            protocol: Arc::new(protocol::settings(key, &config)),
            doors: Doors::new(&config.limits),
            answering: Answering::new(),
            metrics: Metrics::default(),
            current,
            data,
            authorized: RwLock::new(authorized),
            connections: TaskTracker::new(),
            freed: Notify::new(),
            draining: CancellationToken::new(),
            over: CancellationToken::new(),
            config,
        })
    }

    /// The keys that may come in at this moment.
    pub(super) fn authorized(&self) -> Arc<Authorized> {
        Arc::clone(&self.authorized.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads the keys again, and the data if they have changed. What cannot be read stays as it was.
    pub(super) fn renew(&self) {
        self.data.look();
        match authorized(&self.config.who) {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "read the keys again");
                *self.authorized.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "the keys stay as they were"),
        }
    }
}

/// Loads the directory and follows its file: sessions show what is right at once, and what is wrong is only logged.
fn follow(origin: Origin) -> anyhow::Result<(watch::Sender<Current>, Watch)> {
    let (first, came) = mpsc::channel();
    let (name, short) = (origin.name(), origin.short());
    let mut current: Option<watch::Sender<Current>> = None;
    let data = origin::watch::watch(origin, move |news| {
        let loaded = match news {
            News::Progress(_) => return,
            News::Ready(ready) => Ok(Current::from(ready)),
            News::Wrong(error) => Err(error),
        };
        match (&current, loaded) {
            (None, loaded) => {
                let loaded = loaded.map(|ready| current.insert(watch::Sender::new(ready)).clone());
                // Whoever does not wait for it has ended.
                let _ = first.send(loaded);
            }
            (Some(current), Ok(ready)) => {
                tracing::info!(directory = %name, "read the directory again");
                current.send_replace(ready);
            }
            (Some(_), Err(error)) => {
                tracing::error!(error = error.in_a_line(&short), "the directory stays as it was");
            }
        }
    });
    Ok((came.recv()??, data))
}

fn authorized(who: &Who) -> anyhow::Result<Authorized> {
    match who {
        Who::Keys(path) => keys::authorized(path),
        Who::Anyone => Ok(Authorized::default()),
    }
}
