//! Loads a directory in the background, and again whenever its file changes.
//!
//! Whether to read the file is decided by its metadata, and whether to report it by a hash of its text, so that spurious
//! notifications do no harm and missed ones are made up for by the next check.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

pub use super::file_watch::WatchHandle;
use super::file_watch::watch_file;
use super::{FileKinds, Internal, NamedBy, Source, SourceError};
use crate::directory::Directory;
use crate::directory::progress::{LoadStage, Progress};
use crate::search::Catalog;

/// A change in the state of a watched directory.
#[derive(Debug)]
pub enum WatchEvent {
    /// The progress of the first load; at most one event per percent.
    Progress(Progress),
    /// The directory was loaded.
    Ready(Arc<Catalog>),
    /// The first load has failed, and the copy of the last good text was loaded instead.
    LastGood(Arc<Catalog>, SourceError),
    /// The copy of the last good text could not be written.
    NotKept(io::Error),
    /// The file cannot be read or has errors in it. The previous directory remains valid.
    Failed(SourceError),
}

/// How a directory is watched.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    /// Whether internal entries are loaded.
    pub internal: Internal,
    /// The kinds of file that the first load may read; reloads read regular files only.
    pub first_read: FileKinds,
    /// The file that keeps the last good text, and that is loaded if the first load fails.
    pub last_good: Option<PathBuf>,
}

impl From<Internal> for WatchOptions {
    fn from(internal: Internal) -> Self {
        Self { internal, first_read: FileKinds::Any, last_good: None }
    }
}

/// Loads a directory in a new thread, and again whenever the text of its file changes. Progress events come first, then
/// the result of the first load, then the result of each reload.
pub fn watch(
    source: Source,
    options: impl Into<WatchOptions>,
    on_event: impl FnMut(WatchEvent) + Send + 'static,
) -> WatchHandle {
    let path = source.path().map(Path::to_owned);
    let mut watcher = Watcher { source, options: options.into(), on_event, stamp: None, reported: None };
    watch_file(path, move || watcher.check())
}

struct Watcher<F> {
    source: Source,
    options: WatchOptions,
    on_event: F,
    /// The file's metadata when it was last read.
    stamp: Option<Stamp>,
    /// The hash of the text or of the read error that was reported last.
    reported: Option<u64>,
}

impl<F: FnMut(WatchEvent)> Watcher<F> {
    /// Loads the file if it has changed since the last check. Returns whether it may change again: a pipe, for example,
    /// can be read only once.
    fn check(&mut self) -> bool {
        let Some(path) = self.source.path() else {
            self.load(FileKinds::Any);
            return false;
        };
        let stamp = Stamp::of(path);
        match self.stamp.replace(stamp.clone().settled()) {
            None => {
                let kinds = self.options.first_read;
                let is_pipe = kinds == FileKinds::Any && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
                self.load(kinds);
                !is_pipe
            }
            Some(last) => {
                if last != stamp {
                    self.load(FileKinds::RegularOnly);
                }
                true
            }
        }
    }

    /// Reads the file and reports it, unless that was already reported.
    fn load(&mut self, kinds: FileKinds) {
        let is_first = self.reported.is_none();
        let on_event = &mut self.on_event;
        let mut percent = None;
        let mut on_progress = |progress: Progress| {
            if is_first && percent.replace(progress.percent()) != Some(progress.percent()) {
                on_event(WatchEvent::Progress(progress));
            }
        };
        let text = self.source.read_kinds(kinds, &mut on_progress);
        let reported = match &text {
            Ok(text) => hash(text),
            Err(error) => hash(&error.to_string()),
        };
        if self.reported.replace(reported) == Some(reported) {
            return;
        }
        let internal = self.options.internal;
        let loaded = text.and_then(|text| {
            let directory = self.source.check(&text, &mut on_progress)?;
            Ok((prepared(internal.filter(directory), &mut on_progress), text))
        });
        let event = match loaded {
            Ok((catalog, text)) => {
                if let Some(Err(error)) = self.options.last_good.as_deref().map(|file| keep(file, &text)) {
                    (self.on_event)(WatchEvent::NotKept(error));
                }
                WatchEvent::Ready(catalog)
            }
            Err(error) => {
                match self.options.last_good.as_deref().filter(|_| is_first).and_then(|file| last_good(file, internal))
                {
                    Some(catalog) => WatchEvent::LastGood(catalog, error),
                    None => WatchEvent::Failed(error),
                }
            }
        };
        (self.on_event)(event);
    }
}

/// Writes the copy of a good text. The file is replaced as a whole and only its owner may read it, because the text
/// includes internal entries.
fn keep(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut copy = NamedTempFile::new_in(folder)?;
    copy.write_all(text.as_bytes())?;
    copy.as_file().sync_all()?;
    copy.persist(file)?;
    Ok(())
}

/// Loads the copy of the last good text, if there is one.
pub fn last_good(file: &Path, internal: Internal) -> Option<Arc<Catalog>> {
    let source = Source::File(file.to_owned(), NamedBy::Option);
    let mut ignored = |_| {};
    let text = source.read_kinds(FileKinds::RegularOnly, &mut ignored).ok()?;
    let directory = source.check(&text, &mut ignored).ok()?;
    Some(prepared(internal.filter(directory), &mut ignored))
}

/// A catalog with everything that is otherwise built on first use.
fn prepared(directory: Directory, on_progress: &mut dyn FnMut(Progress)) -> Arc<Catalog> {
    let catalog = Catalog::from(directory);
    let mut indexed = |done| on_progress(Progress { stage: LoadStage::Index, done, total: 1 });
    indexed(0);
    catalog.prepare();
    indexed(1);
    Arc::new(catalog)
}

/// File metadata that differs after every change. It includes the change time (ctime) rather than the modification
/// time, because programs can set the latter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stamp {
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
    fn of(path: &Path) -> Self {
        let file = |metadata: Metadata| Self::File {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        };
        fs::metadata(path).map_or_else(|error| Self::None(error.kind()), file)
    }

    /// Returns [`Stamp::Unsettled`] if the file may change again without a new timestamp.
    fn settled(self) -> Self {
        let Self::File { changed: (seconds, nanoseconds), .. } = &self else { return self };
        let changed = Duration::new(seconds.unsigned_abs(), u32::try_from(*nanoseconds).unwrap_or(0));
        let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(changed);
        if age < TIMESTAMP_RESOLUTION { Self::Unsettled } else { self }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
