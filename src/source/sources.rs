//! The sources of a catalog: files, folders of files, and the built-in directory, in the order in which they are shown.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::file_watch::folders;
use super::{Internal, NamedBy, Source, VARIABLE};
use crate::config::DirectoryName;
use crate::config::store::is_missing;
use crate::directory::Directory;

/// The folder of data files in the user's data folder: `~/.local/share/dialtree` (XDG Base Directory).
const IN_DATA_FOLDER: &str = "dialtree";

/// How the names of data files in a folder end.
const EXTENSION: &str = "ron";

/// Where the directories of a catalog come from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Files and folders as they were named, and the built-in directory; at least one.
    given: Vec<Source>,
    /// The order and the names that the user wants.
    names: Vec<DirectoryName>,
    /// Whether internal entries are loaded.
    pub(super) internal: Internal,
}

impl From<Source> for Sources {
    fn from(source: Source) -> Self {
        Self { given: vec![source], names: Vec::new(), internal: Internal::Shown }
    }
}

impl Sources {
    /// Chooses the files and folders named by the options, else by the environment variable, else the data files in the
    /// data folder, else the built-in directory, which is added if that is asked for. An empty variable counts as
    /// unset.
    pub fn choose(options: &[PathBuf], with_built_in: bool, names: Vec<DirectoryName>) -> Self {
        let file = |path: PathBuf, by| Source::File(path, by);
        let mut given: Vec<Source> = options.iter().map(|path| file(path.clone(), NamedBy::Option)).collect();
        if given.is_empty() {
            let variable = std::env::var_os(VARIABLE).unwrap_or_default();
            let paths = std::env::split_paths(&variable).filter(|path| !path.as_os_str().is_empty());
            given.extend(paths.map(|path| file(path, NamedBy::Variable)));
        }
        if given.is_empty() {
            let folder = etcetera::choose_base_strategy().ok().map(|base| base.data_dir().join(IN_DATA_FOLDER));
            // Files that exist but cannot be read are an error. Falling back to another directory would hide it.
            let has_files = |folder: &PathBuf| match data_files(folder) {
                Ok(files) => !files.is_empty(),
                Err(error) => !is_missing(&error),
            };
            given.extend(folder.filter(has_files).map(|folder| file(folder, NamedBy::DataFolder)));
        }
        if given.is_empty() || with_built_in {
            given.push(Source::BuiltIn);
        }
        Self { given, names, internal: Internal::Shown }
    }

    /// The same sources with their internal entries or without.
    pub fn with_internal(self, internal: Internal) -> Self {
        Self { internal, ..self }
    }

    /// The sources as they are now, each once: a folder stands for its data files in the order of their names. One
    /// without data files is listed itself, which is an error when it is read.
    pub fn list(&self) -> Vec<Source> {
        let mut seen = HashSet::new();
        let is_new = |source: &Source| {
            seen.insert(source.path().map(|path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())))
        };
        let mut list: Vec<Source> = self.given.iter().flat_map(expanded).filter(is_new).collect();
        list.sort_by_key(|source| self.position(source).unwrap_or(usize::MAX));
        list
    }

    /// The only source; `None` if there are several.
    pub fn only(&self) -> Option<Source> {
        let mut list = self.list();
        list.pop().filter(|_| list.is_empty())
    }

    /// Whether a folder of files is named, which may have other files later.
    pub fn has_folder(&self) -> bool {
        self.given.iter().filter_map(Source::path).any(Path::is_dir)
    }

    /// Whether only the built-in directory is used, which never changes.
    pub fn is_built_in(&self) -> bool {
        self.given == [Source::BuiltIn]
    }

    /// Each source with how it was chosen, one per line.
    pub fn description(&self) -> String {
        self.list().iter().map(Source::description).collect::<Vec<_>>().join("\n")
    }

    /// The paths whose folders must be watched to see a change: the files, and one in each folder of files.
    pub fn watched_paths(&self) -> Vec<PathBuf> {
        let given = self.given.iter().filter_map(Source::path);
        let inside = given.clone().filter(|path| path.is_dir()).map(|folder| folder.join(EXTENSION));
        let files = self.list();
        let files = files.iter().filter_map(Source::path);
        given.chain(files).map(Path::to_owned).chain(inside).collect()
    }

    /// The folders that must be readable to load the sources: each folder of files, and those on the way to each file.
    pub fn readable_folders(&self) -> Vec<PathBuf> {
        let given = self.given.iter().filter_map(Source::path);
        let (given, named): (Vec<&Path>, Vec<&Path>) = given.partition(|path| path.is_dir());
        let listed = self.list();
        let listed = listed.iter().filter_map(Source::path).filter(|path| !given.contains(path));
        let files = named.into_iter().chain(listed).flat_map(folders);
        given.iter().filter_map(|folder| fs::canonicalize(folder).ok()).chain(files).collect()
    }

    /// A short name for all: that of the only source or folder, or that of the first with the number of the others.
    pub fn short_name(&self) -> String {
        let name = self.only().as_ref().or(self.given.first()).map(Source::short_name).unwrap_or_default();
        match self.given.len() {
            0 | 1 => name,
            count => format!("{name} and {} more", count - 1),
        }
    }

    fn position(&self, source: &Source) -> Option<usize> {
        self.names.iter().position(|name| name.is_of(source.path()))
    }

    /// The name that the user gives a source.
    fn name(&self, source: &Source) -> Option<&str> {
        Some(&*self.names.get(self.position(source)?)?.name)
    }

    /// Gives each directory an id and a name that no other has. A second directory with the id `acme` becomes `acme-2`.
    /// Returns which ids have changed, in words.
    pub(super) fn tell_apart(&self, directories: &mut [Directory], sources: &[&Source]) -> Vec<String> {
        let mut ids: HashMap<Box<str>, &Source> = HashMap::new();
        let mut notices = Vec::new();
        for (directory, source) in directories.iter_mut().zip(sources) {
            if let Some(name) = self.name(source) {
                directory.short = name.into();
            }
            let own = directory.id.clone();
            let numbered = (2..).map(|number| format!("{own}-{number}").into());
            let free = std::iter::once(own.clone()).chain(numbered).find(|id| !ids.contains_key(id));
            directory.id = free.unwrap_or_else(|| own.clone());
            if let Some(first) = ids.get(&own) {
                let is_clear = first.short_name() != source.short_name();
                let [first, second] = [*first, *source].map(|own| if is_clear { own.short_name() } else { own.name() });
                notices.push(format!("{first} and {second} have the same id; the second is {}", directory.id));
            }
            ids.insert(directory.id.clone(), source);
        }
        let names: Vec<Box<str>> = directories.iter().map(|directory| directory.short.clone()).collect();
        for directory in directories {
            if names.iter().filter(|name| **name == directory.short).count() > 1 {
                directory.short = format!("{} ({})", directory.short, directory.id).into();
            }
        }
        notices
    }
}

/// The data files in a folder, by name; hidden ones are left out, as editors write them for a moment.
fn data_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension().is_some_and(|extension| extension == EXTENSION) && !is_hidden && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A folder as its data files; any other source as it is.
fn expanded(source: &Source) -> Vec<Source> {
    let Source::File(path, named_by) = source else { return vec![source.clone()] };
    match data_files(path).unwrap_or_default() {
        files if files.is_empty() => vec![source.clone()],
        files => files.into_iter().map(|file| Source::File(file, *named_by)).collect(),
    }
}
