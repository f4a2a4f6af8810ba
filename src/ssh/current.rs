//! The catalog that the server currently serves. It is replaced as a whole when its file changes.

use std::sync::{Arc, mpsc};

use tokio::sync::watch;

use super::error::StartError;
use crate::search::Catalog;
use crate::source::watch::{WatchEvent, WatchHandle};
use crate::source::{self, Source};

/// Loads the directory and watches its file. A valid change reaches all sessions through the channel; an invalid one is
/// logged, and the previous directory stays.
pub(super) fn load_and_watch(source: Source) -> Result<(watch::Sender<Arc<Catalog>>, WatchHandle), StartError> {
    let (first_sender, first) = mpsc::channel();
    let (name, short_name) = (source.name(), source.short_name());
    let mut current: Option<watch::Sender<Arc<Catalog>>> = None;
    let handle = source::watch::watch(source, move |event| {
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
                tracing::error!(
                    error = error.summary(&short_name),
                    "cannot reload the directory; keeping the previous one"
                );
            }
        }
    });
    let current = first.recv().map_err(|_| StartError::Watcher)??;
    Ok((current, handle))
}
