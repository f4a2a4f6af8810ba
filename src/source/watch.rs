//! Loads a directory in the background, and again whenever its file changes.
//!
//! File system notifications only wake the watcher up. Whether to read the file is decided by its metadata, and whether
//! to report it by a hash of its text, so that spurious notifications do no harm and missed ones are made up for by
//! the next check.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::{Internal, Source, SourceError};
use crate::directory::Directory;
use crate::directory::progress::{LoadStage, Progress};
use crate::search::Catalog;

/// The file is read once its folder has been quiet for this time, because programs write a file in several steps.
const DEBOUNCE_INTERVAL: Duration = Duration::from_millis(150);
/// The file is read after this time even if its folder is never quiet.
const DEBOUNCE_TIMEOUT: Duration = Duration::from_secs(1);

/// The interval between checks without a notification. Network file systems and removed folders send none.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The maximum number of symbolic links between a path and its file (as in Linux).
const MAX_LINKS: usize = 40;

/// A change in the state of a watched directory.
#[derive(Debug)]
pub enum WatchEvent {
    /// The progress of the first load; at most one event per percent.
    Progress(Progress),
    /// The directory was loaded.
    Ready(Arc<Catalog>),
    /// The file cannot be read or has errors in it. The previous directory remains valid.
    Failed(SourceError),
}

/// Stops the watcher when dropped, once a load in progress has ended.
#[derive(Debug)]
pub struct WatchHandle(Sender<Wake>);

impl WatchHandle {
    /// Checks the file without waiting for a notification.
    pub fn check_now(&self) {
        // Fails if the watcher has ended, which it does when the source cannot change.
        let _ = self.0.send(Wake::Changed);
    }
}

impl Drop for WatchHandle {
    fn drop(&mut self) {
        // Fails if the watcher has ended already.
        let _ = self.0.send(Wake::Stop);
    }
}

#[derive(Debug)]
enum Wake {
    Changed,
    Stop,
}

/// Loads a directory in a new thread, and again whenever the text of its file changes. Progress events come first, then
/// the result of the first load, then the result of each reload.
pub fn watch(source: Source, internal: Internal, on_event: impl FnMut(WatchEvent) + Send + 'static) -> WatchHandle {
    let (wake, wakes) = mpsc::channel();
    let sender = wake.clone();
    thread::spawn(move || {
        let on_notification = move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                let _ = sender.send(Wake::Changed);
            }
        };
        // If notifications are unavailable, the periodic check finds changes.
        let notifier = notify::recommended_watcher(on_notification).ok();
        let mut watcher =
            Watcher { source, internal, on_event, notifier, folders: HashSet::new(), stamp: None, text_hash: None };
        watcher.check();
        if watcher.can_change() {
            watcher.run(&wakes);
        }
    });
    WatchHandle(wake)
}

/// Whether a notification may mean new content. Reading the file, as the watcher itself does, must not.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

struct Watcher<F> {
    source: Source,
    internal: Internal,
    on_event: F,
    notifier: Option<RecommendedWatcher>,
    /// The folders that `notifier` watches.
    folders: HashSet<PathBuf>,
    /// The file's metadata when it was last read.
    stamp: Option<Stamp>,
    /// The hash of the text that was last read, valid or not.
    text_hash: Option<u64>,
}

impl<F: FnMut(WatchEvent)> Watcher<F> {
    fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::BuiltIn => None,
            Source::File(path, _) => Some(path),
        }
    }

    /// Anything other than a file, such as a pipe, can be read only once.
    fn can_change(&self) -> bool {
        self.path().is_some_and(|path| fs::metadata(path).map_or(true, |metadata| metadata.is_file()))
    }

    fn run(&mut self, wakes: &Receiver<Wake>) {
        loop {
            match wakes.recv_timeout(POLL_INTERVAL) {
                Ok(Wake::Changed) if debounce(wakes) => {}
                Err(RecvTimeoutError::Timeout) => {}
                Ok(_) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.check();
        }
    }

    /// Loads the file if it has changed since the last check.
    fn check(&mut self) {
        self.watch_folders();
        let stamp = self.path().map(Stamp::of);
        let is_first = self.stamp.is_none();
        if !is_first && self.stamp == stamp {
            return;
        }
        self.stamp = stamp.map(Stamp::settled);
        let on_event = &mut self.on_event;
        let mut reported = None;
        let mut on_progress = |progress: Progress| {
            if is_first && reported.replace(progress.percent()) != Some(progress.percent()) {
                on_event(WatchEvent::Progress(progress));
            }
        };
        let result = match self.source.read(&mut on_progress) {
            Ok(text) => {
                let hash = hash(&text);
                if self.text_hash.replace(hash) == Some(hash) {
                    return;
                }
                let directory = self.source.check(&text, &mut on_progress);
                directory.map(|directory| prepared(self.internal.filter(directory), &mut on_progress))
            }
            Err(error) => {
                // The same text is reported again once the file is back.
                self.text_hash = None;
                Err(error)
            }
        };
        (self.on_event)(result.map_or_else(WatchEvent::Failed, WatchEvent::Ready));
    }

    /// Watches the folders of the file and of the symbolic links to it. Folders rather than the file, because editors
    /// replace the file with a new one.
    fn watch_folders(&mut self) {
        let Some(path) = self.path() else { return };
        for folder in folders(path) {
            if let (Some(notifier), false) = (&mut self.notifier, self.folders.contains(&folder))
                && notifier.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.folders.insert(folder);
            }
        }
    }
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

/// Waits until no more notifications arrive. Returns false if the watcher has to stop.
fn debounce(wakes: &Receiver<Wake>) -> bool {
    let end = Instant::now() + DEBOUNCE_TIMEOUT;
    loop {
        match wakes.recv_timeout(DEBOUNCE_INTERVAL) {
            Ok(Wake::Changed) if Instant::now() < end => {}
            Ok(Wake::Changed) | Err(RecvTimeoutError::Timeout) => return true,
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// The folders on the way from a path to its file: that of the path, and one for each symbolic link.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut current = path.to_owned();
    for _ in 0..MAX_LINKS {
        let folder = current.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.to_owned();
        folders.extend(fs::canonicalize(&folder));
        let Ok(target) = fs::read_link(&current) else { break };
        current = folder.join(target);
    }
    folders
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

#[cfg(test)]
mod tests {
    use notify::event::{ModifyKind, RenameMode};

    use super::*;

    #[test]
    fn watches_the_folder_of_each_symbolic_link() {
        let base = std::env::temp_dir().join(format!("dialtree-folders-{}", std::process::id()));
        let [first, second, third] = ["first", "second", "third"].map(|name| base.join(name));
        for folder in [&first, &second, &third] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(third.join("file"), "").unwrap();
        std::os::unix::fs::symlink(third.join("file"), second.join("link")).unwrap();
        std::os::unix::fs::symlink("../second/link", first.join("link")).unwrap();
        let found = folders(&first.join("link"));
        let expected = [&first, &second, &third].map(|folder| fs::canonicalize(folder).unwrap());
        fs::remove_dir_all(&base).unwrap();
        assert_eq!(found, expected);
        assert_eq!(folders(Path::new("no-such-file")), [fs::canonicalize(".").unwrap()]);
    }

    #[test]
    fn reading_a_file_does_not_count_as_a_change() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(is_change(EventKind::Modify(ModifyKind::Name(RenameMode::To))));
    }
}
