//! Memory back to the system. The system's allocator keeps what is free as long as anything above it is in use: after a
//! thousand sessions, nearly all that they had.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

/// How long after somebody has left: by then the rest of them is gone, and others may have left as well.
const PAUSE: Duration = Duration::from_secs(2);

/// Gives back what is free, a while after each time that something was freed, for ever.
pub(super) async fn restore(freed: &Notify) -> Infallible {
    loop {
        freed.notified().await;
        sleep(PAUSE).await;
        // It may take some milliseconds; only who needs more memory meanwhile waits for it.
        let _ = tokio::task::spawn_blocking(system::trim).await;
    }
}

pub(super) use system::keep_together;

/// glibc, which has to be told; no library does so without unsafe code.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code)]
mod system {
    /// Has all threads take from one heap, before there are any: what is free at the end of others never goes back.
    pub(in crate::ssh) fn keep_together() {
        // SAFETY: mallopt(3) may be called at any time, with any value.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }

    pub(super) fn trim() {
        // SAFETY: malloc_trim(3) touches only what is free; other threads may allocate meanwhile.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

/// Other allocators give back by themselves.
#[cfg(not(target_env = "gnu"))]
mod system {
    pub(in crate::ssh) fn keep_together() {}

    pub(super) fn trim() {}
}
