//! Where the directory comes from: a file that the user names, one in its place, or the one built in. The hosts share
//! this floor; whatever they serve, they find, read and watch the directory in the same way.

pub mod watch;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;

use crate::directory::problem::{Problem, Problems, UNREADABLE};
use crate::directory::progress::{LoadStage, Progress};
use crate::directory::{Directory, EMBEDDED};
use crate::search::Catalog;

/// The variable of the environment that names a data file.
pub const VARIABLE: &str = "DIALTREE_DATA";

/// The data file in the user's data folder: `~/.local/share/dialtree/directory.ron` (XDG Base Directory).
const IN_DATA_FOLDER: &str = "dialtree/directory.ron";

/// The largest file that is read, in bytes: five times that of 100,000 contacts.
const MAX_SIZE: u64 = 256 << 20;

/// As much as is read at once, in bytes.
const PIECE: u64 = 1 << 20;

/// As many problems as are said at once; `dialtree check` says them all.
const MAX_PROBLEMS: usize = 20;

/// Where the directory comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The program itself.
    BuiltIn,
    /// A file, and who named it.
    File(PathBuf, NamedBy),
}

/// Who named a data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// `--data`.
    Option,
    /// [`VARIABLE`].
    Variable,
    /// No one: it is in the data folder.
    Place,
}

/// Why there is no directory.
#[derive(Debug, thiserror::Error)]
pub enum NoDirectory {
    /// The file cannot be read, or is no text.
    #[error("{file}: {why}")]
    Unreadable {
        /// The file's name as the user knows it.
        file: String,
        /// What is wrong and what would be right.
        why: String,
    },
    /// The file is read, and wrong.
    #[error("{}", first_of(.0))]
    Wrong(Problems),
}

impl NoDirectory {
    /// The first thing that is wrong, in one line that begins with a short name of the file.
    pub fn in_a_line(&self, short: &str) -> String {
        match self {
            Self::Unreadable { why, .. } => format!("{short}: {why}"),
            Self::Wrong(Problems { list, .. }) => {
                let Some(Problem { line, column, message }) = list.first() else { return short.to_owned() };
                let message = message.strip_prefix(UNREADABLE).unwrap_or(message);
                let more = if list.len() > 1 { format!(" (and {} more)", list.len() - 1) } else { String::new() };
                format!("{short}:{line}:{column}: {message}{more}")
            }
        }
    }
}

/// The first of the problems, a line each, and how many more there are.
fn first_of(problems: &Problems) -> String {
    let Problems { file, list } = problems;
    let first = Problems { file: file.clone(), list: list.iter().take(MAX_PROBLEMS).cloned().collect() };
    match list.len().saturating_sub(MAX_PROBLEMS) {
        0 => first.to_string(),
        more => format!("{first}\nand {more} more; `dialtree check {file}` lists them all"),
    }
}

impl Source {
    /// The file that an option names, else the one that the environment names, else the one in the data folder, else
    /// the built-in directory. An empty variable is none.
    pub fn choose(option: Option<PathBuf>) -> Self {
        let variable = || std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = option {
            return Self::File(path, NamedBy::Option);
        }
        if let Some(path) = variable() {
            return Self::File(path, NamedBy::Variable);
        }
        let folder = etcetera::choose_base_strategy().ok().map(|base| base.data_dir());
        // One that is there and cannot be read is a mistake, never a reason to show another.
        let is_there =
            |path: &PathBuf| !fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        match folder.map(|folder| folder.join(IN_DATA_FOLDER)).filter(is_there) {
            Some(path) => Self::File(path, NamedBy::Place),
            None => Self::BuiltIn,
        }
    }

    /// Its name as the user knows it, for messages about it.
    pub fn name(&self) -> String {
        match self {
            Self::BuiltIn => "the built-in directory".to_owned(),
            Self::File(path, _) => shown(&path.to_string_lossy()),
        }
    }

    /// Its name in few letters: `built in`, or that of the file without its folders.
    pub fn short(&self) -> String {
        match self {
            Self::BuiltIn => "built in".to_owned(),
            Self::File(path, _) => shown(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()),
        }
    }

    /// Its name and who named it.
    pub fn described(&self) -> String {
        let by = match self {
            Self::BuiltIn => return self.short(),
            Self::File(_, NamedBy::Option) => "--data",
            Self::File(_, NamedBy::Variable) => VARIABLE,
            Self::File(_, NamedBy::Place) => "in the data folder",
        };
        format!("{} ({by})", self.name())
    }

    /// Its text, whole.
    ///
    /// # Errors
    /// What keeps it from being read, or from being text.
    pub fn read(&self) -> Result<Cow<'static, str>, NoDirectory> {
        self.read_with_progress(&mut |_| {})
    }

    /// The same in sight of whoever waits.
    fn read_with_progress(&self, on_progress: &mut dyn FnMut(Progress)) -> Result<Cow<'static, str>, NoDirectory> {
        let Self::File(path, named_by) = self else { return Ok(Cow::Borrowed(EMBEDDED)) };
        let unreadable = |why: String| NoDirectory::Unreadable { file: self.name(), why };
        let bytes = bytes(path, on_progress).map_err(|error| unreadable(plain(&error, *named_by)))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| unreadable(not_text(error.as_bytes(), error.utf8_error().valid_up_to())))?;
        match memchr::memchr(0, text.as_bytes()) {
            Some(place) => Err(unreadable(not_text(text.as_bytes(), place))),
            None => Ok(Cow::Owned(text)),
        }
    }

    /// The directory.
    ///
    /// # Errors
    /// When the file cannot be read, or with every problem in it.
    pub fn load(&self) -> Result<Directory, NoDirectory> {
        self.check(&self.read()?)
    }

    /// Checks a text that was read from it.
    ///
    /// # Errors
    /// Every problem in the text.
    pub fn check(&self, text: &str) -> Result<Directory, NoDirectory> {
        Directory::load(&self.name(), text).map_err(NoDirectory::Wrong)
    }

    /// The catalog, its index built on first use.
    ///
    /// # Errors
    /// As for [`Source::load`].
    pub fn catalog(&self) -> Result<Arc<Catalog>, NoDirectory> {
        Ok(Arc::new(self.load()?.into()))
    }

    /// The catalog of a text that was read, with everything built that is otherwise built on first use.
    fn prepared(&self, text: &str, on_progress: &mut dyn FnMut(Progress)) -> Result<Arc<Catalog>, NoDirectory> {
        let directory = Directory::load_with_progress(&self.name(), text, on_progress).map_err(NoDirectory::Wrong)?;
        let catalog = Catalog::from(directory);
        let mut indexed = |done| on_progress(Progress { stage: LoadStage::Index, done, of: 1 });
        indexed(0);
        catalog.prepare();
        indexed(1);
        Ok(Arc::new(catalog))
    }
}

fn bytes(path: &Path, on_progress: &mut dyn FnMut(Progress)) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Of a pipe or a device no one knows the size before.
    let said = if metadata.is_file() { metadata.len() } else { 0 };
    let mut bytes = Vec::with_capacity(usize::try_from(said.min(MAX_SIZE)).unwrap_or(0));
    while said <= MAX_SIZE && bytes.len() as u64 <= MAX_SIZE {
        if file.by_ref().take(PIECE).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
        on_progress(Progress { stage: LoadStage::Read, done: bytes.len(), of: usize::try_from(said).unwrap_or(0) });
    }
    Err(io::ErrorKind::FileTooLarge.into())
}

/// What keeps a file from being read, for whoever named it.
fn plain(error: &io::Error, named_by: NamedBy) -> String {
    let by = match named_by {
        NamedBy::Option => "",
        NamedBy::Variable => "; DIALTREE_DATA names it",
        NamedBy::Place => "; it is in the data folder",
    };
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read this file".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder; name a data file in it".to_owned(),
        io::ErrorKind::FileTooLarge => {
            format!("this file is larger than {} MB, more than any directory", MAX_SIZE >> 20)
        }
        _ => format!("this file cannot be read: {error}"),
    };
    why + by
}

/// Where a file stops being text.
fn not_text(bytes: &[u8], place: usize) -> String {
    let before = &bytes[..place];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    format!("this is no text in UTF-8: line {line}, column {column} holds the byte 0x{:02X}", bytes[place])
}

/// A name without what a terminal might obey.
fn shown(name: &str) -> String {
    crate::directory::text::harmless(name).into_owned()
}
