//! What tells that a file has changed without reading it.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// File metadata that differs after every change. It includes the change time (ctime) rather than the modification
/// time, because programs can set the latter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    File {
        device: u64,
        inode: u64,
        size: u64,
        changed: (i64, i64),
    },
    None(io::ErrorKind),
    /// The file changed so recently that another change could have the same time. Differs from every later stamp, so
    /// that the next check reads the file again.
    Unsettled,
}

/// The coarsest resolution of a file system's timestamps.
const TIMESTAMP_RESOLUTION: Duration = Duration::from_millis(50);

impl Stamp {
    pub(super) fn of(path: &Path) -> Self {
        let file = |metadata: Metadata| Self::File {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        };
        fs::metadata(path).map_or_else(|error| Self::None(error.kind()), file)
    }

    /// Returns [`Stamp::Unsettled`] if the file may change again without a new timestamp.
    pub(super) fn settled(self) -> Self {
        let Self::File { changed: (seconds, nanoseconds), .. } = &self else { return self };
        let changed = Duration::new(seconds.unsigned_abs(), u32::try_from(*nanoseconds).unwrap_or(0));
        let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(changed);
        if age < TIMESTAMP_RESOLUTION { Self::Unsettled } else { self }
    }
}
