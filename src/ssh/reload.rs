//! The files that the server reads again while it runs: the directory and the authorised keys. One thread per file
//! reads it, so that of two changes the later one always wins, and publishes the result to all sessions.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use tokio::sync::watch;

use super::authorized_keys::AuthorizedKeys;
use super::key_file::KeyFileError;
use super::metrics::series;
use crate::config::ServeOptions;
use crate::directory::text::sanitized;
use crate::search::Catalog;
use crate::source::file_watch::{WatchHandle, watch_file};
use crate::source::watch::{WatchEvent, WatchOptions, watch as watch_source};
use crate::source::{FileKinds, Internal, LoadProblems, Loaded, Source, Sources};

/// The maximum number of bad lines that are logged one by one.
const MAX_LOGGED_LINES: usize = 20;

/// A value that follows its file.
pub(super) struct Reloaded<T> {
    /// The value in use. New sessions read it, open sessions subscribe to its changes.
    pub(super) current: watch::Sender<Arc<T>>,
    pub(super) status: Arc<LoadStatus>,
    watcher: Option<WatchHandle>,
}

impl<T> Reloaded<T> {
    /// Starts to read the file. The receiver is disconnected when that is done.
    pub(super) fn reload(&self) -> mpsc::Receiver<()> {
        self.watcher.as_ref().map_or_else(|| mpsc::channel().1, WatchHandle::check_now)
    }
}

/// How the last loads of a file ended.
#[derive(Default)]
pub(super) struct LoadStatus {
    /// When the file was last loaded, in seconds since 1970; 0 if never.
    last_good: AtomicI64,
    /// When the text in use was written, in seconds since 1970; 0 if that is not known.
    written: AtomicI64,
    failures: AtomicU64,
    /// What is wrong with the file now.
    problem: Mutex<Option<String>>,
}

impl LoadStatus {
    fn set_problem(&self, problem: Option<String>) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }

    fn succeed(&self, files: impl IntoIterator<Item = PathBuf>) {
        let modified =
            |file: &PathBuf| Timestamp::try_from(file.metadata()?.modified()?).map_err(std::io::Error::other);
        let written = files.into_iter().filter(|file| file.is_file()).filter_map(|file| modified(&file).ok());
        let written = written.max().map_or(0, Timestamp::as_second);
        self.written.store(written, Ordering::Relaxed);
        self.last_good.store(Timestamp::now().as_second(), Ordering::Relaxed);
        self.set_problem(None);
    }

    fn fail(&self, problem: String) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.set_problem(Some(problem));
    }

    /// What is wrong with the file now, in one line.
    pub(super) fn problem(&self) -> Option<String> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The metrics of a file, whose names begin with a prefix.
    pub(super) fn metrics(&self, prefix: &str, what: &str) -> String {
        let mut text = String::new();
        let number = |value: i64| u64::try_from(value).unwrap_or(0);
        let (last_good, written) = (self.last_good.load(Ordering::Relaxed), self.written.load(Ordering::Relaxed));
        let mut add = |name: &str, help: &str, kind, value| {
            series(&mut text, &format!("{prefix}_{name}"), &help.replace('{', what), kind, value);
        };
        add("ok", "Whether the file of the { can be used as it is now", "gauge", u64::from(self.problem().is_none()));
        add("load_failures_total", "Failed loads of the {", "counter", self.failures.load(Ordering::Relaxed));
        add("last_good_timestamp_seconds", "When the { were last loaded", "gauge", number(last_good));
        if written > 0 {
            let age = number(Timestamp::now().as_second() - written);
            add("age_seconds", "The time since the { in use were written", "gauge", age);
        }
        text
    }
}

/// Loads the directory and watches its file. A valid change reaches all sessions; an invalid one is logged, and the
/// previous directory stays. If the first load fails, the copy of the last good text is served.
pub(super) fn directory(sources: Sources, options: &ServeOptions) -> anyhow::Result<Reloaded<Catalog>> {
    check_last_good(options, &sources)?;
    let sources = sources.with_internal(Internal::shown_if(options.internal));
    let (first_sender, first) = mpsc::channel();
    let status = Arc::new(LoadStatus::default());
    let name = sources.short_name();
    let watch_options = WatchOptions { first_read: FileKinds::RegularOnly, last_good: options.last_good.clone() };
    let files = sources.clone();
    let shared = Arc::clone(&status);
    let mut current: Option<watch::Sender<Arc<Catalog>>> = None;
    let watcher = watch_source(sources, watch_options, move |event| {
        let loaded = match event {
            WatchEvent::Progress(_) => return,
            WatchEvent::NotKept(error) => {
                tracing::error!(%error, "cannot keep a copy of the directory");
                return;
            }
            WatchEvent::Ready(Loaded { catalog, sources, problems, notices }) => {
                // Of a file that is bad now, an earlier text is in use.
                let is_good = |source: &&Source| !problems.0.iter().any(|problem| problem.source == **source);
                shared.succeed(sources.iter().filter(is_good).filter_map(Source::path).map(Path::to_owned));
                notices.iter().for_each(|notice| tracing::warn!("{notice}"));
                Ok(catalog)
            }
            WatchEvent::LastGood(catalog, problems) => {
                let error = problems.summary();
                tracing::warn!(error, "cannot load the directory; serving the last good copy");
                shared.fail(error);
                Ok(catalog)
            }
            WatchEvent::Failed(problems) => {
                shared.fail(problems.summary());
                Err(problems)
            }
        };
        match (&current, loaded) {
            (None, loaded) => {
                let loaded = loaded.map(|loaded| current.insert(watch::Sender::new(loaded)).clone());
                let loaded = loaded.map_err(LoadProblems::into_error);
                // Fails only if the server has given up starting.
                let _ = first_sender.send(loaded);
            }
            (Some(current), Ok(loaded)) => {
                tracing::info!(directory = %name, "reloaded the directory");
                current.send_replace(loaded);
            }
            (Some(_), Err(problems)) => {
                let error = problems.summary();
                match files.only() {
                    Some(_) => tracing::error!(error, "cannot reload the directory; keeping the previous one"),
                    None => tracing::error!(
                        error,
                        "cannot load a data file; keeping its previous version and the other directories"
                    ),
                }
            }
        }
    });
    let current = first.recv().context("the directory was not loaded: its watcher ended unexpectedly")??;
    Ok(Reloaded { current, status, watcher: Some(watcher) })
}

/// Refuses to keep a copy of several directories: a bad one is left out at a start, and the others are served. Refuses
/// a folder too, because a second file in it would keep the server from starting.
pub(super) fn check_last_good(options: &ServeOptions, sources: &Sources) -> anyhow::Result<()> {
    if options.last_good.is_none() {
        return Ok(());
    }
    if sources.has_folder() {
        bail!("--last-good keeps a copy of one file; name that file with --data, not its folder");
    }
    if sources.only().is_none() {
        bail!("--last-good keeps a copy of one directory, and there are several");
    }
    Ok(())
}

/// Reads the authorised keys and watches their file. A file that cannot be read, or that has no key, lets nobody in.
/// Without a file, there are no keys.
pub(super) fn authorized_keys(options: &ServeOptions) -> anyhow::Result<Reloaded<AuthorizedKeys>> {
    let status = Arc::new(LoadStatus::default());
    let Some(path) = options.authorized_keys.clone() else {
        return Ok(Reloaded { current: watch::Sender::new(Arc::default()), status, watcher: None });
    };
    let first = read_keys(&path)?;
    log_bad_lines(&path, &first);
    status.succeed([path.clone()]);
    let mut last = Ok(first.text_hash);
    let current = watch::Sender::new(Arc::new(first));
    let (sender, shared, file) = (current.clone(), Arc::clone(&status), path.clone());
    let watcher = watch_file(
        move || vec![path.clone()],
        move || {
            let keys = read_keys(&file);
            let read = keys.as_ref().map(|keys| keys.text_hash).map_err(|error| format!("{error:#}"));
            if last == read {
                return true;
            }
            last = read;
            let keys = match keys {
                Ok(keys) => {
                    shared.succeed([file.clone()]);
                    tracing::info!(keys = keys.len(), bad_lines = keys.bad_lines.len(), "reloaded the authorized keys");
                    log_bad_lines(&file, &keys);
                    keys
                }
                Err(error) => {
                    let is_unreadable = error.is::<KeyFileError>();
                    let error = sanitized(&format!("{error:#}")).into_owned();
                    tracing::error!(error, "cannot reload the authorized keys; no one can log in");
                    shared.fail(error);
                    AuthorizedKeys::unusable(is_unreadable)
                }
            };
            sender.send_replace(Arc::new(keys));
            true
        },
    );
    Ok(Reloaded { current, status, watcher: Some(watcher) })
}

/// Reads the authorised keys. It is an error if there is none.
pub(super) fn read_keys(path: &Path) -> anyhow::Result<AuthorizedKeys> {
    let file = sanitized(&path.to_string_lossy()).into_owned();
    let keys = AuthorizedKeys::read(path).with_context(|| file.clone())?;
    match (keys.len(), keys.bad_lines.first()) {
        (0, None) => bail!("{file}: there is no key in this file, so no one could log in"),
        (0, Some(bad)) => bail!("{file}, line {}: {}; no other line has a key", bad.line, bad.error),
        _ => Ok(keys),
    }
}

/// Logs which lines are not used, and why.
fn log_bad_lines(path: &Path, keys: &AuthorizedKeys) {
    let file = sanitized(&path.to_string_lossy()).into_owned();
    for bad in keys.bad_lines.iter().take(MAX_LOGGED_LINES) {
        let reason = sanitized(&bad.error.to_string()).into_owned();
        tracing::warn!(file, line = bad.line, reason, "a line of the authorized keys is not used");
    }
    if let Some(more) = keys.bad_lines.len().checked_sub(MAX_LOGGED_LINES).filter(|more| *more > 0) {
        tracing::warn!(file, lines = more, "more lines of the authorized keys are not used");
    }
}

/// The metrics of both files.
pub(super) fn metrics(directory: &Reloaded<Catalog>, keys: &Reloaded<AuthorizedKeys>) -> String {
    let mut text = directory.status.metrics("data", "directory's data");
    if keys.watcher.is_some() {
        text += &keys.status.metrics("authorized_keys", "authorized keys");
        let current = keys.current.borrow();
        series(&mut text, "authorized_keys", "Keys that can log in", "gauge", current.len() as u64);
        let bad = current.bad_lines.len() as u64;
        series(&mut text, "authorized_keys_bad_lines", "Lines of the authorized keys that are not used", "gauge", bad);
    }
    text
}
