//! Chooses the sources of the directories, reads them and reports errors in them, for all frontends.
//!
//! A source is a file that the user names, alone or in a folder, a file in the data folder, or the directory built into
//! the program.

pub mod edit;
pub mod file_watch;
mod load;
mod problems;
mod sources;
mod stamp;
pub mod watch;

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix::fcntl::OFlag;

use crate::directory::problem::{Problem, Problems};
use crate::directory::progress::{LoadStage, Progress};
use crate::directory::{Directory, EMBEDDED};
use crate::search::unanswered_needs;
pub use load::Loaded;
pub use problems::{LoadProblem, LoadProblems};
pub use sources::Sources;

/// The environment variable that names data files and folders of them, separated as in `PATH`.
pub const VARIABLE: &str = "DIALTREE_DATA";

/// The maximum size of a data file, in bytes: five times that of 100,000 contacts.
const MAX_SIZE: u64 = 256 << 20;

/// The number of bytes between two progress reports.
const CHUNK_SIZE: u64 = 1 << 20;

/// The maximum number of problems in an error message; `dialtree check` lists all of them.
const MAX_PROBLEMS: usize = 20;

/// Where the directory comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The directory built into the program.
    BuiltIn,
    /// A file, and how it was chosen.
    File(PathBuf, NamedBy),
}

/// How a data file was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// By the option `--data`.
    Option,
    /// By the environment variable [`VARIABLE`].
    Variable,
    /// It is in the data folder.
    DataFolder,
}

/// Why a directory cannot be loaded.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be read as text. `error` is part of the message rather than the error's source, because reports
    /// would repeat it.
    #[error("{file}: {error}{}", .named_by.hint())]
    #[allow(missing_docs)] // The message is the documentation.
    Unreadable { file: String, named_by: NamedBy, error: ReadError },
    /// The file's text is not a valid directory.
    #[error("{}", first_problems(.0))]
    Problems(Problems),
    /// None of several files can be used.
    #[error("{0}")]
    None(LoadProblems),
}

/// Why a file cannot be read as text. Lines and columns are counted from 1, columns in characters.
#[derive(Clone, Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub enum ReadError {
    #[error("there is no such file")]
    NotFound,
    #[error("permission denied")]
    PermissionDenied,
    #[error("this folder has no data file (*.ron)")]
    IsFolder,
    #[error("a pipe or a device; give the path of a regular file")]
    IsSpecial,
    #[error("larger than {} MB, the limit for a data file", MAX_SIZE >> 20)]
    TooLarge,
    #[error("a zip archive, such as a spreadsheet; a directory is a RON file (docs/data.md)")]
    Archive,
    #[error("not UTF-8 text: line {line}, column {column} has the byte 0x{byte:02X}")]
    NotText { line: usize, column: usize, byte: u8 },
    #[error("this file cannot be read: {0}")]
    Other(Arc<io::Error>),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::PermissionDenied,
            io::ErrorKind::IsADirectory => Self::IsFolder,
            _ => Self::Other(Arc::new(error)),
        }
    }
}

impl ReadError {
    /// The error for the byte at an index, which ends the valid text.
    fn not_text(bytes: &[u8], index: usize) -> Self {
        let before = &bytes[..index];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        Self::NotText {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: String::from_utf8_lossy(&before[line_start..]).chars().count() + 1,
            byte: bytes[index],
        }
    }
}

impl NamedBy {
    /// Ends an error message with where an unexpected file name comes from.
    fn hint(self) -> &'static str {
        match self {
            Self::Option => "",
            Self::Variable => "; DIALTREE_DATA names it",
            Self::DataFolder => "; it is in the data folder",
        }
    }
}

impl SourceError {
    /// The first error in one line that starts with a short name of the file.
    pub fn first(&self, short_name: &str) -> String {
        match self {
            Self::Unreadable { error, named_by, .. } => format!("{short_name}: {error}{}", named_by.hint()),
            Self::Problems(problems) => problems.first(short_name),
            Self::None(problems) => problems.first(),
        }
    }

    /// The same, and the number of the others.
    pub fn summary(&self, short_name: &str) -> String {
        match self {
            Self::Unreadable { .. } => self.first(short_name),
            Self::Problems(problems) => problems.summary(short_name),
            Self::None(problems) => problems.summary(),
        }
    }

    /// The first error of each file in one line; `source` describes the only file.
    pub fn of_each_file(&self, source: &str) -> Vec<String> {
        match self {
            Self::None(problems) => problems.of_each_file(),
            _ => vec![self.summary(source)],
        }
    }

    /// Every problem in the file's text; none if it cannot be read.
    pub fn into_list(self) -> Vec<Problem> {
        match self {
            Self::Unreadable { .. } => Vec::new(),
            Self::Problems(problems) => problems.list,
            Self::None(problems) => problems.0.into_iter().flat_map(|problem| problem.error.into_list()).collect(),
        }
    }
}

/// The first [`MAX_PROBLEMS`] problems, one per line, and the number of the others.
fn first_problems(problems: &Problems) -> String {
    let Problems { file, list } = problems;
    let first = Problems { file: file.clone(), list: list.iter().take(MAX_PROBLEMS).cloned().collect() };
    match list.len().saturating_sub(MAX_PROBLEMS) {
        0 => first.to_string(),
        more => format!("{first}\nand {more} more; `dialtree check {file}` lists them all"),
    }
}

/// Whether entries that only the organisation itself may see are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Internal {
    /// They are.
    Shown,
    /// They are left out, for people outside the organisation.
    LeftOut,
}

impl Internal {
    /// Shown if a flag says so.
    pub fn shown_if(flag: bool) -> Self {
        if flag { Self::Shown } else { Self::LeftOut }
    }

    /// A directory with its internal entries or without.
    pub fn filter(self, directory: Directory) -> Directory {
        match self {
            Self::Shown => directory,
            Self::LeftOut => directory.without_internal(),
        }
    }
}

/// The kinds of file that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKinds {
    /// Pipes and devices too, which may block the reader.
    Any,
    /// Regular files only.
    RegularOnly,
}

impl Source {
    /// The file, unless the directory is the built-in one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::BuiltIn => None,
            Self::File(path, _) => Some(path),
        }
    }

    /// The name in error messages: the path as the user wrote it.
    pub fn name(&self) -> String {
        match self {
            Self::BuiltIn => "the built-in directory".to_owned(),
            Self::File(path, _) => printable(&path.to_string_lossy()),
        }
    }

    /// A short name: `built in`, or the file's name without its folders.
    pub fn short_name(&self) -> String {
        match self {
            Self::BuiltIn => "built in".to_owned(),
            Self::File(path, _) => printable(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()),
        }
    }

    /// The name and how the source was chosen.
    pub fn description(&self) -> String {
        let by = match self {
            Self::BuiltIn => return self.short_name(),
            Self::File(_, NamedBy::Option) => "--data",
            Self::File(_, NamedBy::Variable) => VARIABLE,
            Self::File(_, NamedBy::DataFolder) => "in the data folder",
        };
        format!("{} ({by})", self.name())
    }

    /// Reads the whole text.
    ///
    /// # Errors
    /// Returns [`SourceError::Unreadable`] if the file cannot be read or is not UTF-8 text.
    pub fn read(&self, on_progress: &mut dyn FnMut(Progress)) -> Result<Cow<'static, str>, SourceError> {
        self.read_kinds(FileKinds::Any, on_progress)
    }

    /// Reads the whole text, if the file is of a kind.
    ///
    /// # Errors
    /// As for [`Source::read`].
    pub fn read_kinds(
        &self,
        kinds: FileKinds,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Cow<'static, str>, SourceError> {
        match self {
            Self::BuiltIn => Ok(Cow::Borrowed(EMBEDDED)),
            Self::File(path, named_by) => match read_text(path, kinds, on_progress) {
                Ok(text) => Ok(Cow::Owned(text)),
                Err(error) => Err(SourceError::Unreadable { file: self.name(), named_by: *named_by, error }),
            },
        }
    }

    /// Checks a text that was read from this source.
    ///
    /// # Errors
    /// Returns all problems in the text.
    pub fn check(&self, text: &str, on_progress: &mut dyn FnMut(Progress)) -> Result<Directory, SourceError> {
        Directory::load_with_progress(&self.name(), text, on_progress).map_err(SourceError::Problems)
    }

    /// Reads and checks the directory, and finds what is doubtful in it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or all problems in it.
    pub fn load_with_warnings(&self) -> Result<(Directory, Problems), SourceError> {
        let text = self.read(&mut |_| {})?;
        Directory::load_with_warnings(&self.name(), &text, unanswered_needs).map_err(SourceError::Problems)
    }

    /// Reads and checks the directory.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or all problems in it.
    pub fn load(&self) -> Result<Directory, SourceError> {
        let mut ignored = |_| {};
        self.check(&self.read(&mut ignored)?, &mut ignored)
    }
}

/// Opens a regular file. Never blocks on a pipe that has taken the file's place.
///
/// # Errors
/// The file cannot be opened, or it is a folder, a pipe or a device.
pub fn open_regular(path: &Path) -> Result<File, ReadError> {
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)?;
    let kind = file.metadata()?.file_type();
    match () {
        () if kind.is_file() => Ok(file),
        () if kind.is_dir() => Err(ReadError::IsFolder),
        () => Err(ReadError::IsSpecial),
    }
}

fn read_text(path: &Path, kinds: FileKinds, on_progress: &mut dyn FnMut(Progress)) -> Result<String, ReadError> {
    let file = match kinds {
        FileKinds::Any => File::open(path)?,
        FileKinds::RegularOnly => open_regular(path)?,
    };
    let bytes = read_bytes(file, on_progress)?;
    // Spreadsheets (.xlsx, .ods) are archives of this kind.
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ReadError::Archive);
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| ReadError::not_text(error.as_bytes(), error.utf8_error().valid_up_to()))?;
    // NUL is valid UTF-8, but no text contains it: the file is binary or UTF-16.
    match memchr::memchr(0, text.as_bytes()) {
        Some(index) => Err(ReadError::not_text(text.as_bytes(), index)),
        None => Ok(text),
    }
}

fn read_bytes(mut file: File, on_progress: &mut dyn FnMut(Progress)) -> Result<Vec<u8>, ReadError> {
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ReadError::IsFolder);
    }
    // Pipes and devices do not report a size. The size of a file is not trusted either, because the file may grow.
    let size = if metadata.is_file() { metadata.len() } else { 0 };
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(MAX_SIZE)).unwrap_or(0));
    while size <= MAX_SIZE && bytes.len() as u64 <= MAX_SIZE {
        if file.by_ref().take(CHUNK_SIZE).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
        on_progress(Progress { stage: LoadStage::Read, done: bytes.len(), total: usize::try_from(size).unwrap_or(0) });
    }
    Err(ReadError::TooLarge)
}

/// A file name without control characters, which a terminal would interpret.
fn printable(name: &str) -> String {
    crate::directory::text::sanitized(name).into_owned()
}
