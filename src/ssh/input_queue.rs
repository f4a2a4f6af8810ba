//! What a peer has typed and its session has not taken yet: one place, bounded in bytes, however many packets they came
//! in. Putting never waits, as the whole connection would wait with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The most that waits. Whoever sends more at once is no person.
const MAX: usize = 256 << 10;

/// What waits.
#[derive(Debug, Default)]
pub(super) struct PendingInput {
    pub(super) bytes: Vec<u8>,
    /// When the first of them came.
    pub(super) since: Option<Instant>,
    /// Nothing comes after them.
    pub(super) is_last: bool,
}

impl PendingInput {
    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.is_last
    }
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<PendingInput>,
    changed: Notify,
    over: CancellationToken,
}

/// Whoever puts bytes.
pub(super) struct InputSender(Arc<Shared>);

/// Whoever takes them.
pub(super) struct InputReceiver(Arc<Shared>);

/// The two ends of an empty place.
pub(super) fn typed() -> (InputSender, InputReceiver) {
    let shared = Arc::<Shared>::default();
    (InputSender(Arc::clone(&shared)), InputReceiver(shared))
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, PendingInput> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InputSender {
    /// Puts bytes; false where there is no room for them.
    pub(super) fn put(&self, bytes: &[u8]) -> bool {
        let mut waiting = self.0.waiting();
        let has_room = waiting.bytes.len() + bytes.len() <= MAX;
        if has_room {
            waiting.bytes.extend_from_slice(bytes);
            waiting.since.get_or_insert_with(Instant::now);
            self.0.changed.notify_one();
        }
        has_room
    }

    /// Nothing more will be typed.
    pub(super) fn put_end(&self) {
        self.0.waiting().is_last = true;
        self.0.changed.notify_one();
    }

    /// Whether nobody takes any more.
    pub(super) fn is_over(&self) -> bool {
        self.0.over.is_cancelled()
    }
}

impl InputReceiver {
    /// All that waits, once there is something.
    pub(super) async fn take(&self) -> PendingInput {
        loop {
            let waiting = std::mem::take(&mut *self.0.waiting());
            if !waiting.is_empty() {
                return waiting;
            }
            self.0.changed.notified().await;
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.0.waiting().is_empty()
    }

    /// Waits until nobody puts any more: what was put is of no use then.
    pub(super) async fn is_over(&self) {
        self.0.over.cancelled().await;
    }
}

impl Drop for InputSender {
    fn drop(&mut self) {
        self.0.over.cancel();
    }
}

impl Drop for InputReceiver {
    fn drop(&mut self) {
        self.0.over.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_taken_in_order_and_then_the_end() {
        let (typist, typed) = typed();
        assert!(typist.put(b"lost ") && typist.put(b"card"));
        assert_eq!(typed.take().await.bytes, b"lost card");
        assert!(typist.put(b"!"));
        typist.put_end();
        let PendingInput { bytes, is_last, .. } = typed.take().await;
        assert_eq!((&*bytes, is_last), (&b"!"[..], true));
        drop(typist);
        typed.is_over().await;
    }

    #[test]
    fn there_is_room_for_so_much_and_no_more() {
        let (typist, typed) = typed();
        assert!(typist.put(&vec![b'j'; MAX]));
        assert!(!typist.put(b"j"));
        assert!(!typist.is_over());
        drop(typed);
        assert!(typist.is_over());
    }
}
