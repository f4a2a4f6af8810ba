//! The input queue of a session: the bytes that a client has sent and its session has not read yet.
//!
//! russh awaits the connection's handler between packets, so a push that waited for room would stall every channel of
//! the connection. Nor does the channel's window hold a fast client back: russh reopens it before the handler sees the
//! data. The queue is therefore bounded, and a push into a full one fails, which ends the session. The bound is in
//! bytes and not in packets, as a packet holds anything from one byte to 32 KiB.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The maximum number of bytes in a queue. More than this at once is not typed by a person.
const MAX_LEN: usize = 256 << 10;

/// The contents of a queue.
#[derive(Debug, Default)]
pub(super) struct PendingInput {
    pub(super) bytes: Vec<u8>,
    /// When the first of the bytes arrived.
    pub(super) received_at: Option<Instant>,
    /// The client has sent EOF: no more bytes will follow.
    pub(super) is_eof: bool,
}

impl PendingInput {
    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.is_eof
    }
}

#[derive(Default)]
struct Shared {
    pending: Mutex<PendingInput>,
    changed: Notify,
    /// Cancelled when either end is dropped.
    closed: CancellationToken,
}

/// The connection's end of a queue. Dropping it closes the queue.
pub(super) struct InputSender(Arc<Shared>);

/// The session's end of a queue. Dropping it closes the queue.
pub(super) struct InputReceiver(Arc<Shared>);

/// Returns the two ends of an empty queue.
pub(super) fn input_queue() -> (InputSender, InputReceiver) {
    let shared = Arc::<Shared>::default();
    (InputSender(Arc::clone(&shared)), InputReceiver(shared))
}

impl Shared {
    fn pending(&self) -> MutexGuard<'_, PendingInput> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InputSender {
    /// Appends bytes; returns false, and appends nothing, if they exceed the bound.
    #[must_use]
    pub(super) fn push(&self, bytes: &[u8]) -> bool {
        let mut pending = self.0.pending();
        let fits = pending.bytes.len() + bytes.len() <= MAX_LEN;
        if fits {
            pending.bytes.extend_from_slice(bytes);
            pending.received_at.get_or_insert_with(Instant::now);
            self.0.changed.notify_one();
        }
        fits
    }

    /// Marks the end of the input.
    pub(super) fn push_eof(&self) {
        self.0.pending().is_eof = true;
        self.0.changed.notify_one();
    }
}

impl InputReceiver {
    /// Waits for input and takes all of it. Cancel-safe: nothing is taken before the future is ready.
    pub(super) async fn take(&self) -> PendingInput {
        loop {
            let pending = std::mem::take(&mut *self.0.pending());
            if !pending.is_empty() {
                return pending;
            }
            self.0.changed.notified().await;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.pending().is_empty()
    }

    /// Waits until the sender is dropped. What is still in the queue then is not worth processing.
    pub(super) async fn closed(&self) {
        self.0.closed.cancelled().await;
    }
}

impl Drop for InputSender {
    fn drop(&mut self) {
        self.0.closed.cancel();
    }
}

impl Drop for InputReceiver {
    fn drop(&mut self) {
        self.0.closed.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_taken_in_order_followed_by_eof() {
        let (sender, receiver) = input_queue();
        assert!(sender.push(b"lost ") && sender.push(b"card"));
        assert_eq!(receiver.take().await.bytes, b"lost card");
        assert!(sender.push(b"!"));
        sender.push_eof();
        let PendingInput { bytes, is_eof, .. } = receiver.take().await;
        assert_eq!((&*bytes, is_eof), (&b"!"[..], true));
        drop(sender);
        receiver.closed().await;
    }

    #[test]
    fn a_full_queue_refuses_more_bytes() {
        let (sender, receiver) = input_queue();
        assert!(sender.push(&vec![b'j'; MAX_LEN]));
        assert!(!sender.push(b"j"));
        drop(receiver);
    }
}
