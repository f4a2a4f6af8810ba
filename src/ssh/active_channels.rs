//! The number of sessions and commands that run in one connection. The listener watches it, because a connection in
//! which nothing runs is subject to the login timeout, and may be closed at once when the server drains.

use tokio::sync::watch;

/// The number of channels of a connection on which a session or a command runs.
#[derive(Default)]
pub(super) struct ActiveChannels(watch::Sender<usize>);

impl ActiveChannels {
    /// Counts a channel until the guard is dropped.
    pub(super) fn start(&self) -> ActiveChannel {
        self.0.send_modify(|count| *count += 1);
        ActiveChannel(self.0.clone())
    }

    pub(super) fn count(&self) -> usize {
        *self.0.borrow()
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<usize> {
        self.0.subscribe()
    }
}

/// Counts one channel as active until it is dropped.
pub(super) struct ActiveChannel(watch::Sender<usize>);

impl Drop for ActiveChannel {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
