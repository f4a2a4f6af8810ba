//! Returns free memory to the system. glibc keeps free memory as long as anything above it in the heap is in use. After
//! a thousand sessions, that is nearly all the memory that they used. jemalloc would solve this as well, but it would
//! have to be built; two calls to glibc's own functions are enough.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

/// The delay after a disconnect: by then the connection has freed its memory, and others may have ended as well.
const TRIM_DELAY: Duration = Duration::from_secs(2);

/// Trims the heap a while after each notification, until the task is dropped.
pub(super) async fn trim_after(memory_freed: &Notify) -> Infallible {
    loop {
        memory_freed.notified().await;
        sleep(TRIM_DELAY).await;
        // Trimming takes some milliseconds. It holds the allocator's lock, but does not occupy a worker thread.
        let _ = tokio::task::spawn_blocking(system::trim).await;
    }
}

pub(super) use system::use_single_arena;

/// glibc. No library offers these calls without unsafe code.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code)]
mod system {
    /// Makes all threads allocate from one arena. Must run before other threads start: memory that is free at the end
    /// of another thread's arena is never returned.
    pub(in crate::ssh) fn use_single_arena() {
        // SAFETY: mallopt(3) may be called at any time, with any value.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }

    pub(super) fn trim() {
        // SAFETY: malloc_trim(3) touches only free memory, and other threads may allocate meanwhile.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

/// Other allocators return free memory by themselves.
#[cfg(not(target_env = "gnu"))]
mod system {
    pub(in crate::ssh) fn use_single_arena() {}

    pub(super) fn trim() {}
}
