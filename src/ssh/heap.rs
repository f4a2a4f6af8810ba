//! Memory back to the system. The system's allocator keeps what is free as long as anything above it is in use: after a
//! thousand sessions, nearly all that they had.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

/// How long after somebody has left: by then the rest of them is gone, and others may have left as well.
const PAUSE: Duration = Duration::from_secs(2);

/// Gives back what is free, a while after each time that something was freed, for ever.
pub(super) async fn give_back(freed: &Notify) -> Infallible {
    loop {
        freed.notified().await;
        sleep(PAUSE).await;
        // It may take some milliseconds, which nobody shall wait for.
        let _ = tokio::task::spawn_blocking(trim).await;
    }
}

#[cfg(target_env = "gnu")]
fn trim() {
    // SAFETY: glibc's malloc_trim(3) takes any number and touches only what is free; threads may allocate meanwhile.
    #[expect(unsafe_code, reason = "no library gives memory back without")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other systems' allocators give back by themselves.
#[cfg(not(target_env = "gnu"))]
fn trim() {}
