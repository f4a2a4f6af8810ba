//! What all connections of a server share: its settings and keys, the directory of this moment, its numbers, its end.

use std::sync::{Arc, RwLock, mpsc};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::command::RunningCommand;
use super::keys::{self, Authorized};
use super::limits::ConnectionLimits;
use super::metrics::Metrics;
use super::{Authentication, Config, russh_config};
use crate::search::Catalog;
use crate::source::watch::{WatchEvent, WatchHandle};
use crate::source::{self, Source};

pub(super) struct ServerState {
    pub(super) config: Config,
    pub(super) protocol: Arc<russh::server::Config>,
    pub(super) limits: ConnectionLimits,
    pub(super) answering: RunningCommand,
    pub(super) metrics: Metrics,
    /// The one place of the directory: new sessions read it, live ones are told.
    pub(super) current: watch::Sender<Arc<Catalog>>,
    /// Keeps it as its file has it.
    data: WatchHandle,
    authorized: RwLock<Arc<Authorized>>,
    pub(super) connections: TaskTracker,
    /// Somebody has left, and their memory with them.
    pub(super) freed: Notify,
    /// Everybody is asked to leave.
    pub(super) draining: CancellationToken,
    /// Everybody has to.
    pub(super) over: CancellationToken,
}

impl ServerState {
    /// Reads keys and data. A host key is made last, for a server that can start.
    pub(super) fn open(config: Config) -> anyhow::Result<Self> {
        let authorized = Arc::new(authorized(&config.who)?);
        let (current, data) = follow(config.source.clone())?;
        let key = keys::host_key(&config.host_key)?;
        Ok(Self {
            protocol: Arc::new(russh_config::settings(key, &config)),
            limits: ConnectionLimits::new(&config.limits),
            answering: RunningCommand::new(),
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
    pub(super) fn reload(&self) {
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
fn follow(source: Source) -> anyhow::Result<(watch::Sender<Arc<Catalog>>, WatchHandle)> {
    let (first, came) = mpsc::channel();
    let (name, short) = (source.name(), source.short());
    let mut current: Option<watch::Sender<Arc<Catalog>>> = None;
    let data = source::watch::watch(source, move |news| {
        let loaded = match news {
            WatchEvent::Progress(_) => return,
            WatchEvent::Ready(catalog) => Ok(catalog),
            WatchEvent::Wrong(error) => Err(error),
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

fn authorized(who: &Authentication) -> anyhow::Result<Authorized> {
    match who {
        Authentication::Keys(path) => keys::authorized(path),
        Authentication::Anyone => Ok(Authorized::default()),
    }
}
