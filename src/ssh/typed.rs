//! What a peer has typed and its session has not taken yet: one place, bounded in bytes, however many packets they came
//! in. Putting never waits, as the whole connection would wait with it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The most that waits. Whoever sends more at once is no person.
const MOST: usize = 256 << 10;

#[derive(Default)]
struct Shared {
    bytes: Mutex<Vec<u8>>,
    changed: Notify,
    over: CancellationToken,
}

/// Whoever puts bytes.
pub(super) struct Typist(Arc<Shared>);

/// Whoever takes them.
pub(super) struct Typed(Arc<Shared>);

/// The two ends of an empty place.
pub(super) fn typed() -> (Typist, Typed) {
    let shared = Arc::<Shared>::default();
    (Typist(Arc::clone(&shared)), Typed(shared))
}

impl Typist {
    /// Puts bytes; false where there is no room for them.
    pub(super) fn put(&self, bytes: &[u8]) -> bool {
        let mut waiting = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = waiting.len() + bytes.len() <= MOST;
        if has_room {
            waiting.extend_from_slice(bytes);
            self.0.changed.notify_one();
        }
        has_room
    }

    /// Whether nobody takes any more.
    pub(super) fn is_over(&self) -> bool {
        self.0.over.is_cancelled()
    }
}

impl Typed {
    /// All that waits, once there is something.
    pub(super) async fn take(&self) -> Vec<u8> {
        loop {
            let waiting = std::mem::take(&mut *self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner));
            if !waiting.is_empty() {
                return waiting;
            }
            self.0.changed.notified().await;
        }
    }

    /// Waits until nobody puts any more: what was put is of no use then.
    pub(super) async fn is_over(&self) {
        self.0.over.cancelled().await;
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        self.0.over.cancel();
    }
}

impl Drop for Typed {
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
        assert_eq!(typed.take().await, b"lost card");
        assert!(typist.put(b"!"));
        assert_eq!(typed.take().await, b"!");
        drop(typist);
        typed.is_over().await;
    }

    #[test]
    fn there_is_room_for_so_much_and_no_more() {
        let (typist, typed) = typed();
        assert!(typist.put(&vec![b'j'; MOST]));
        assert!(!typist.put(b"j"));
        assert!(!typist.is_over());
        drop(typed);
        assert!(typist.is_over());
    }
}
