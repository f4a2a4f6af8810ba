//! Loads the directories of sources, and later again those whose files have changed.
//!
//! Whether to read a file is decided by its metadata, and whether to load it by a hash of its text, so that spurious
//! notifications do no harm and missed ones are made up for by the next check.

use std::borrow::Cow;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::problems::{LoadProblem, LoadProblems};
use super::sources::Sources;
use super::stamp::Stamp;
use super::{FileKinds, Internal, Source, SourceError};
use crate::directory::Directory;
use crate::directory::progress::Progress;
use crate::search::Catalog;

/// A catalog, and what is wrong with the files that are not in it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// At least one directory. The index is built on first use.
    pub catalog: Arc<Catalog>,
    /// The source of each directory.
    pub sources: Vec<Source>,
    /// Empty if every file could be loaded.
    pub problems: LoadProblems,
    /// What the user should know about directories that have the same id.
    pub notices: Vec<String>,
}

impl Sources {
    /// Loads every directory that can be.
    ///
    /// # Errors
    /// When none can be: why.
    pub fn load(&self) -> Result<Loaded, SourceError> {
        let mut loader = Loader::new(self.clone());
        let change = loader.check(&mut |_| {});
        match change.directories {
            Some(directories) => Ok(Loaded {
                catalog: Arc::new(Catalog::new(directories)),
                sources: loader.loaded(),
                problems: change.problems.unwrap_or_default(),
                notices: loader.notices,
            }),
            None => Err(change.problems.unwrap_or_default().into_error()),
        }
    }
}

/// Loads sources, and again what has changed.
pub(super) struct Loader {
    sources: Sources,
    /// The kinds of file that the first check may read; later ones read regular files only.
    pub(super) first_read: FileKinds,
    files: Vec<File>,
    /// What was loaded last: directories whose files are unchanged are taken from it.
    catalog: Option<Arc<Catalog>>,
    /// The problems that the last check has found, as a hash.
    problems: u64,
    /// Which files have the id of another.
    pub(super) notices: Vec<String>,
}

/// A source and what is known about it.
struct File {
    source: Source,
    /// The file's metadata when it was last read.
    stamp: Option<Stamp>,
    /// The hash of the text or of the read error that was met last.
    hash: Option<u64>,
    /// Whether it can be read only once, or never changes.
    is_final: bool,
    /// The index of its directory in the catalog, and the directory's own id and name.
    loaded: Option<(usize, [Box<str>; 2])>,
    error: Option<SourceError>,
}

/// What a check has found.
#[derive(Default)]
pub(super) struct Change {
    /// All directories, if there is a new set of them; never empty.
    pub(super) directories: Option<Vec<Directory>>,
    /// What is wrong now, if that or the directories are others than before.
    pub(super) problems: Option<LoadProblems>,
    /// The text of the only source, if it is new and good.
    pub(super) text: Option<Cow<'static, str>>,
    /// Whether a file may change later.
    pub(super) may_change: bool,
}

/// The hash of a text that is not the one before, and its directory; the text itself only if it is asked for.
type New = (u64, Result<(Directory, Option<Cow<'static, str>>), SourceError>);

impl Loader {
    pub(super) fn new(sources: Sources) -> Self {
        let (first_read, files, notices) = (FileKinds::Any, Vec::new(), Vec::new());
        Self { sources, first_read, files, catalog: None, problems: hash_of(&LoadProblems::default()), notices }
    }

    /// What was loaded last.
    pub(super) fn catalog(&self) -> Option<Arc<Catalog>> {
        self.catalog.clone()
    }

    /// Remembers the catalog of the directories that the last check has returned.
    pub(super) fn keep(&mut self, catalog: &Arc<Catalog>) {
        self.catalog = Some(Arc::clone(catalog));
    }

    /// Loads the files that have changed since the last check, the first time all of them. The progress is that of the
    /// only file.
    pub(super) fn check(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Change {
        let is_first = self.files.is_empty();
        let mut is_changed = self.list();
        let kinds = if is_first { self.first_read } else { FileKinds::RegularOnly };
        let due: Vec<usize> = (0..self.files.len()).filter(|index| self.files[*index].is_due(kinds)).collect();
        let (files, internal) = (&self.files, self.sources.internal);
        let keeps_text = files.len() == 1;
        let read: Vec<Option<New>> = match &due[..] {
            [only] => vec![files[*only].read(kinds, internal, keeps_text, on_progress)],
            due => in_parallel(due, |index| files[*index].read(kinds, internal, keeps_text, &mut |_| {})),
        };
        let mut new: Vec<Option<Directory>> = Vec::new();
        new.resize_with(self.files.len(), || None);
        let mut text = None;
        for (index, (hash, loaded)) in due.into_iter().zip(read).filter_map(|(index, read)| Some((index, read?))) {
            let file = &mut self.files[index];
            file.hash = Some(hash);
            match loaded {
                Ok((directory, own_text)) => {
                    file.error = None;
                    (new[index], text, is_changed) = (Some(directory), own_text, true);
                }
                Err(error) => file.error = Some(error),
            }
        }
        let directories = if is_changed { self.assemble(new) } else { None };
        let problems = self.problems();
        let hash = hash_of(&problems);
        let is_other = std::mem::replace(&mut self.problems, hash) != hash || directories.is_some();
        Change {
            problems: is_other.then_some(problems),
            text,
            may_change: self.files.iter().any(|file| !file.is_final),
            directories,
        }
    }

    /// Takes the present list of sources. Returns whether a directory is gone.
    fn list(&mut self) -> bool {
        let mut before = std::mem::take(&mut self.files);
        for source in self.sources.list() {
            let known = before.iter().position(|file| file.source == source);
            self.files.push(known.map_or_else(|| File::new(source), |index| before.swap_remove(index)));
        }
        before.iter().any(|file| file.loaded.is_some())
    }

    /// All directories in order: the new ones, and the others as they were. `None` if there is none.
    fn assemble(&mut self, new: Vec<Option<Directory>>) -> Option<Vec<Directory>> {
        let old = self.catalog.as_ref().map_or(&[][..], |catalog| catalog.directories());
        let (mut directories, mut sources) = (Vec::new(), Vec::new());
        for (file, new) in self.files.iter_mut().zip(new) {
            let known = || {
                let (index, [id, short]) = file.loaded.clone()?;
                let mut directory = old.get(index)?.clone();
                (directory.id, directory.short) = (id, short);
                Some(directory)
            };
            let Some(directory) = new.or_else(known) else { continue };
            file.loaded = Some((directories.len(), [directory.id.clone(), directory.short.clone()]));
            directories.push(directory);
            sources.push(&file.source);
        }
        self.notices = self.sources.tell_apart(&mut directories, &sources);
        (!directories.is_empty()).then_some(directories)
    }

    fn problems(&self) -> LoadProblems {
        let problem = |file: &File| {
            let (source, has_earlier) = (file.source.clone(), file.loaded.is_some());
            Some(LoadProblem { source, error: file.error.clone()?, has_earlier })
        };
        LoadProblems(self.files.iter().filter_map(problem).collect())
    }

    /// The source of each directory.
    pub(super) fn loaded(&self) -> Vec<Source> {
        self.files.iter().filter(|file| file.loaded.is_some()).map(|file| file.source.clone()).collect()
    }
}

impl File {
    fn new(source: Source) -> Self {
        Self { source, stamp: None, hash: None, is_final: false, loaded: None, error: None }
    }

    /// Whether the file may have changed since it was last read, as its metadata say.
    fn is_due(&mut self, kinds: FileKinds) -> bool {
        let Some(path) = self.source.path() else { return !std::mem::replace(&mut self.is_final, true) };
        if self.is_final {
            return false;
        }
        let stamp = Stamp::of(path);
        let before = self.stamp.replace(stamp.clone().settled());
        // A pipe can be read only once.
        self.is_final = before.is_none()
            && kinds == FileKinds::Any
            && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        before.is_none_or(|before| before != stamp)
    }

    /// Reads and checks the file; `None` if its text is the one before.
    fn read(
        &self,
        kinds: FileKinds,
        internal: Internal,
        keeps_text: bool,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Option<New> {
        let text = self.source.read_kinds(kinds, on_progress);
        let hash = match &text {
            Ok(text) => hash(text),
            Err(error) => hash(&error.to_string()),
        };
        let load = |text: Cow<'static, str>| {
            let directory = internal.filter(self.source.check(&text, on_progress)?);
            Ok((directory, keeps_text.then_some(text)))
        };
        (self.hash != Some(hash)).then(|| (hash, text.and_then(load)))
    }
}

/// Does the same with each item, on all processors. The results are in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some((index, item)) = items.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((index, work(item)));
        }
        done
    };
    let count = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let mut done = thread::scope(|scope| {
        let helpers: Vec<_> = (1..count).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn hash_of(problems: &LoadProblems) -> u64 {
    hash(&format!("{problems:?}"))
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
