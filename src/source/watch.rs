//! Loads a directory in the background, and again whenever its file changes.

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

use super::{NoDirectory, Source};
use crate::directory::progress::Progress;
use crate::search::Catalog;

/// A file is read when nothing has happened around it for so long, and after so long whatever happens.
const QUIET: Duration = Duration::from_millis(150);
const MAX_LEN: Duration = Duration::from_secs(1);

/// So often it is looked at without a sign: a file on another machine, or a folder that was taken away, gives none.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// As many symbolic links as are followed from a name to its file.
const MAX_LINKS: usize = 40;

/// What is told of a directory that is watched.
#[derive(Debug)]
pub enum WatchEvent {
    /// How far the first loading has come; a hundred times at the most.
    Progress(Progress),
    /// The directory as its file has it now.
    Ready(Arc<Catalog>),
    /// Its file is wrong, or gone.
    Wrong(NoDirectory),
}

/// A directory that is watched. It ends when this is dropped, after a loading that is under way.
#[derive(Debug)]
pub struct WatchHandle(Sender<Wake>);

impl WatchHandle {
    /// ColorMode at the file without waiting for a sign.
    pub fn look(&self) {
        // A directory that cannot change is watched by no one.
        let _ = self.0.send(Wake::Changed);
    }
}

impl Drop for WatchHandle {
    fn drop(&mut self) {
        // Whoever has ended already needs not be told to.
        let _ = self.0.send(Wake::Stop);
    }
}

#[derive(Debug)]
enum Wake {
    Changed,
    Stop,
}

/// Loads a directory in a thread of its own, and loads it again whenever the text of its file has changed. The first
/// news that is no progress says how the first loading ended.
pub fn watch(source: Source, on_news: impl FnMut(WatchEvent) + Send + 'static) -> WatchHandle {
    let (wake, wakes) = mpsc::channel();
    let sender = wake.clone();
    thread::spawn(move || {
        let on_event = move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                let _ = sender.send(Wake::Changed);
            }
        };
        // Without it, changes are seen a little later, at the next heartbeat.
        let watcher = notify::recommended_watcher(on_event).ok();
        let mut watcher = Watcher { source, on_news, watcher, folders: HashSet::new(), stamp: None, text: None };
        watcher.look();
        if watcher.can_change() {
            watcher.keep(&wakes);
        }
    });
    WatchHandle(wake)
}

/// Whether something may now read otherwise; that it was read is no change.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

struct Watcher<F> {
    source: Source,
    on_news: F,
    watcher: Option<RecommendedWatcher>,
    folders: HashSet<PathBuf>,
    /// How the file was when it was last read.
    stamp: Option<Stamp>,
    /// The hash of the text that was last read, right or wrong.
    text: Option<u64>,
}

impl<F: FnMut(WatchEvent)> Watcher<F> {
    fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::BuiltIn => None,
            Source::File(path, _) => Some(path),
        }
    }

    /// What is no file, such as a pipe, can be read once only.
    fn can_change(&self) -> bool {
        self.path().is_some_and(|path| fs::metadata(path).map_or(true, |metadata| metadata.is_file()))
    }

    fn keep(&mut self, wakes: &Receiver<Wake>) {
        loop {
            match wakes.recv_timeout(HEARTBEAT) {
                Ok(Wake::Changed) if is_quiet(wakes) => {}
                Err(RecvTimeoutError::Timeout) => {}
                Ok(_) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look();
        }
    }

    /// Loads what has changed since the last look.
    fn look(&mut self) {
        self.watch_folders();
        let stamp = self.path().map(Stamp::of);
        let is_first = self.stamp.is_none();
        if !is_first && self.stamp == stamp {
            return;
        }
        self.stamp = stamp.map(Stamp::settled);
        let on_news = &mut self.on_news;
        let mut told = None;
        let mut on_progress = |progress: Progress| {
            if is_first && told.replace(progress.percent()) != Some(progress.percent()) {
                on_news(WatchEvent::Progress(progress));
            }
        };
        let ready = match self.source.read_with_progress(&mut on_progress) {
            Ok(text) => {
                let hash = hash(&text);
                if self.text.replace(hash) == Some(hash) {
                    return;
                }
                self.source.prepared(&text, &mut on_progress)
            }
            Err(error) => {
                self.text = None;
                Err(error)
            }
        };
        (self.on_news)(ready.map_or_else(WatchEvent::Wrong, WatchEvent::Ready));
    }

    /// Watches the folder of the file, as editors put a new file in the old one's place, and those of what links to it.
    fn watch_folders(&mut self) {
        let Some(path) = self.path() else { return };
        for folder in folders(path) {
            if let (Some(watcher), false) = (&mut self.watcher, self.folders.contains(&folder))
                && watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.folders.insert(folder);
            }
        }
    }
}

/// Waits until nothing happens any more; false when it is time to stop.
fn is_quiet(wakes: &Receiver<Wake>) -> bool {
    let end = Instant::now() + MAX_LEN;
    loop {
        match wakes.recv_timeout(QUIET) {
            Ok(Wake::Changed) if Instant::now() < end => {}
            Ok(Wake::Changed) | Err(RecvTimeoutError::Timeout) => return true,
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// The folders from a name to its file, one for each symbolic link.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut here = path.to_owned();
    for _ in 0..MAX_LINKS {
        let folder = here.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.to_owned();
        folders.extend(fs::canonicalize(&folder));
        let Ok(target) = fs::read_link(&here) else { break };
        here = folder.join(target);
    }
    folders
}

/// What differs after every change to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stamp {
    File {
        device: u64,
        inode: u64,
        size: u64,
        changed: (i64, i64),
    },
    None(io::ErrorKind),
    /// Changed so lately that another change may bear the same time.
    Unsettled,
}

/// The clock of a file system may be as coarse as this.
const TICK: Duration = Duration::from_millis(50);

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

    /// The same, or nothing to go by while the file may change again in the same tick.
    fn settled(self) -> Self {
        let Self::File { changed: (seconds, nanoseconds), .. } = &self else { return self };
        let changed = Duration::new(seconds.unsigned_abs(), u32::try_from(*nanoseconds).unwrap_or(0));
        let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(changed);
        if age < TICK { Self::Unsettled } else { self }
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
    fn every_folder_on_the_way_to_the_file_is_watched() {
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
    fn reading_is_no_change() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(is_change(EventKind::Modify(ModifyKind::Name(RenameMode::To))));
    }
}
