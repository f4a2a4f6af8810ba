//! Loads directories in the background, and again whenever their files change.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

pub use super::file_watch::WatchHandle;
use super::file_watch::watch_file;
use super::load::{Change, Loaded, Loader};
use super::problems::LoadProblems;
use super::sources::Sources;
use super::{FileKinds, Internal, NamedBy, Source};
use crate::directory::Directory;
use crate::directory::progress::{LoadStage, Progress};
use crate::search::Catalog;

/// A change in the state of watched directories.
#[derive(Debug)]
pub enum WatchEvent {
    /// The progress of the first load; at most one event per percent.
    Progress(Progress),
    /// The directories were loaded. If some could not be, [`WatchEvent::Failed`] follows.
    Ready(Loaded),
    /// The first load has failed, and the copy of the last good text was loaded instead.
    LastGood(Arc<Catalog>, LoadProblems),
    /// The copy of the last good text could not be written.
    NotKept(io::Error),
    /// These files cannot be read or have errors in them. What was loaded before remains valid.
    Failed(LoadProblems),
}

/// How directories are watched.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    /// The kinds of file that the first load may read; reloads read regular files only.
    pub first_read: FileKinds,
    /// The file that keeps the last good text of the only source, and that is loaded if the first load fails.
    pub last_good: Option<PathBuf>,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { first_read: FileKinds::Any, last_good: None }
    }
}

/// Loads directories in a new thread, and again whenever the text of a file changes, or a folder has another file or
/// one less. Progress events come first, then the result of the first load, then the result of each reload.
pub fn watch(
    sources: impl Into<Sources>,
    WatchOptions { first_read, last_good }: WatchOptions,
    on_event: impl FnMut(WatchEvent) + Send + 'static,
) -> WatchHandle {
    let sources = sources.into();
    let mut loader = Loader::new(sources.clone());
    loader.first_read = first_read;
    let internal = sources.internal;
    let mut watcher = Watcher { loader, internal, last_good, on_event, is_first: true };
    watch_file(move || sources.watched_paths(), move || watcher.check())
}

struct Watcher<F> {
    loader: Loader,
    /// Whether the internal entries of the last good text are loaded.
    internal: Internal,
    last_good: Option<PathBuf>,
    on_event: F,
    /// Whether nothing was loaded yet.
    is_first: bool,
}

impl<F: FnMut(WatchEvent)> Watcher<F> {
    /// Loads what has changed since the last check and reports it. Returns whether it may change again.
    fn check(&mut self) -> bool {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let on_event = &mut self.on_event;
        let mut percent = None;
        let mut on_progress = |progress: Progress| {
            if is_first && percent.replace(progress.percent()) != Some(progress.percent()) {
                on_event(WatchEvent::Progress(progress));
            }
        };
        let Change { directories, problems, text, may_change } = self.loader.check(&mut on_progress);
        let catalog = directories.map(|directories| prepared(directories, &mut on_progress));
        if let (Some(file), Some(text)) = (&self.last_good, text)
            && let Err(error) = keep(file, &text)
        {
            (self.on_event)(WatchEvent::NotKept(error));
        }
        self.report(catalog, problems, is_first);
        may_change
    }

    fn report(&mut self, catalog: Option<Arc<Catalog>>, problems: Option<LoadProblems>, is_first: bool) {
        let Some(problems) = problems else { return };
        if let Some(catalog) = &catalog {
            self.loader.keep(catalog);
        }
        // The last problem is gone with its file.
        let same = || self.loader.catalog().filter(|_| problems.0.is_empty());
        if let Some(catalog) = catalog.or_else(same) {
            let (sources, notices) = (self.loader.loaded(), self.loader.notices.clone());
            let problems = problems.clone();
            (self.on_event)(WatchEvent::Ready(Loaded { catalog, sources, problems, notices }));
        } else if let Some(file) = self.last_good.as_deref().filter(|_| is_first)
            && let Some(catalog) = last_good(file, self.internal)
        {
            return (self.on_event)(WatchEvent::LastGood(catalog, problems));
        }
        if !problems.0.is_empty() {
            (self.on_event)(WatchEvent::Failed(problems));
        }
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
    Some(prepared(vec![internal.filter(directory)], &mut ignored))
}

/// A catalog with everything that is otherwise built on first use.
fn prepared(directories: Vec<Directory>, on_progress: &mut dyn FnMut(Progress)) -> Arc<Catalog> {
    let catalog = Catalog::new(directories);
    let mut indexed = |done| on_progress(Progress { stage: LoadStage::Index, done, total: 1 });
    indexed(0);
    catalog.prepare();
    indexed(1);
    Arc::new(catalog)
}
