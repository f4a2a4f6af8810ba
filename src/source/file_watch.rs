//! Watches files in the background: calls a function at once, and again when a file may have changed.
//!
//! Notifications only wake the thread up. A check at intervals makes up for missed ones: network file systems and
//! removed folders send none. All checks run on one thread, so that the last one always sees the newest file.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// The file is read once its folder has been quiet for this time, because programs write a file in several steps.
const DEBOUNCE_INTERVAL: Duration = Duration::from_millis(150);
/// The file is read after this time even if its folder is never quiet.
const DEBOUNCE_TIMEOUT: Duration = Duration::from_secs(1);

/// The interval between checks without a notification.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The maximum number of symbolic links between a path and its file (as in Linux).
const MAX_LINKS: usize = 40;

/// Stops the watcher when dropped, once a check in progress has ended.
#[derive(Debug)]
pub struct WatchHandle(Sender<Wake>);

impl WatchHandle {
    /// Checks the file without waiting for a notification. The receiver is disconnected after the check, or at once if
    /// the watcher has ended, which it does when the file cannot change.
    pub fn check_now(&self) -> Receiver<()> {
        let (done, is_done) = mpsc::channel();
        let _ = self.0.send(Wake::Now(done));
        is_done
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
    /// A check was asked for; the sender is dropped after it.
    Now(Sender<()>),
    Stop,
}

/// Calls `check` in a new thread, and again whenever a file may have changed, until it returns false. `paths` returns
/// the present paths of the files.
pub fn watch_file(
    paths: impl Fn() -> Vec<PathBuf> + Send + 'static,
    mut check: impl FnMut() -> bool + Send + 'static,
) -> WatchHandle {
    let (wake, wakes) = mpsc::channel();
    let sender = wake.clone();
    thread::spawn(move || {
        let on_notification = move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                let _ = sender.send(Wake::Changed);
            }
        };
        // If notifications are unavailable, the periodic check finds changes.
        let mut folders =
            WatchedFolders { notifier: notify::recommended_watcher(on_notification).ok(), folders: HashSet::new() };
        let mut requests = Vec::new();
        loop {
            paths().iter().for_each(|path| folders.watch(path));
            let may_change = check();
            requests.clear();
            if !may_change || !wait(&wakes, &mut requests) {
                return;
            }
        }
    });
    WatchHandle(wake)
}

/// The folders of a file and of the symbolic links to it. Folders rather than the file are watched, because editors
/// replace the file with a new one.
struct WatchedFolders {
    notifier: Option<RecommendedWatcher>,
    folders: HashSet<PathBuf>,
}

impl WatchedFolders {
    fn watch(&mut self, path: &Path) {
        for folder in folders(path) {
            if let (Some(notifier), false) = (&mut self.notifier, self.folders.contains(&folder))
                && notifier.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.folders.insert(folder);
            }
        }
    }
}

/// Whether a notification may mean new content. Reading the file, as the watcher itself does, must not.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// Waits until the file has to be checked, and collects who asked for that. Returns false if the watcher has to stop.
fn wait(wakes: &Receiver<Wake>, requests: &mut Vec<Sender<()>>) -> bool {
    let mut next = wakes.recv_timeout(POLL_INTERVAL);
    let end = Instant::now() + DEBOUNCE_TIMEOUT;
    loop {
        match next {
            // Waits until no more notifications arrive.
            Ok(Wake::Changed) if Instant::now() < end => next = wakes.recv_timeout(DEBOUNCE_INTERVAL),
            Ok(Wake::Now(done)) => {
                requests.push(done);
                return true;
            }
            Ok(Wake::Changed) | Err(RecvTimeoutError::Timeout) => return true,
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// The folders on the way from a path to its file: that of the path, and one for each symbolic link.
pub fn folders(path: &Path) -> Vec<PathBuf> {
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
