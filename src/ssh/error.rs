//! Why a server does not start.

use std::io;
use std::net::SocketAddr;

use super::keys::{AuthorizedKeysError, HostKeyError};
use crate::config::serve::NoHomeDirectory;
use crate::source::SourceError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Anyone on the network could read the directory, and no option confirms that this is intended.
    #[error(
        "--auth none admits anyone who can reach {0}; require keys with --authorized-keys, or add --public if the whole \
         network may read this directory"
    )]
    OpenToNetwork(SocketAddr),
    /// The admin pages have no authentication.
    #[error("--admin {0} would expose the metrics to the network; use a loopback address, such as 127.0.0.1:9222")]
    AdminNotLoopback(SocketAddr),
    /// The location of the host key is unknown.
    #[error(transparent)]
    HostKeyPath(#[from] NoHomeDirectory),
    /// The host key cannot be used.
    #[error(transparent)]
    HostKey(#[from] HostKeyError),
    /// The authorised keys cannot be used.
    #[error(transparent)]
    AuthorizedKeys(#[from] AuthorizedKeysError),
    /// The directory cannot be loaded.
    #[error(transparent)]
    Directory(#[from] SourceError),
    /// The thread that loads the directory has ended without a result.
    #[error("the directory was not loaded: its watcher ended unexpectedly")]
    Watcher,
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The system provides no threads or event queue.
    #[error("cannot start the async runtime")]
    Runtime(#[source] io::Error),
    /// Signals cannot be received.
    #[error("cannot watch for signals")]
    Signals(#[source] io::Error),
}
