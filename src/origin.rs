//! Where the directory comes from: a file that the user names, one in its place, or the one built in. The hosts share
//! this floor; whatever they serve, they find and read the directory in the same way.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::directory::problem::Problems;
use crate::directory::{Directory, EMBEDDED};

/// The variable of the environment that names a data file.
pub const VARIABLE: &str = "DIALTREE_DATA";

/// The data file in the user's data folder: `~/.local/share/dialtree/directory.ron` (XDG Base Directory).
const IN_DATA_FOLDER: &str = "dialtree/directory.ron";

/// The largest file that is read, in bytes: five times that of 100,000 contacts.
const LARGEST: u64 = 256 << 20;

/// Where the directory comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
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
    #[error(transparent)]
    Wrong(#[from] Problems),
}

impl Origin {
    /// The file that an option names, else the one that the environment names, else the one in the data folder, else
    /// the built-in directory. An empty name is none.
    pub fn choose(option: Option<PathBuf>) -> Self {
        let variable = || std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = option {
            return Self::File(path, NamedBy::Option);
        }
        if let Some(path) = variable() {
            return Self::File(path, NamedBy::Variable);
        }
        let folder = etcetera::choose_base_strategy().ok().map(|base| base.data_dir());
        match folder.map(|folder| folder.join(IN_DATA_FOLDER)).filter(|path| fs::symlink_metadata(path).is_ok()) {
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
        let Self::File(path, named_by) = self else { return Ok(Cow::Borrowed(EMBEDDED)) };
        let unreadable = |why: String| NoDirectory::Unreadable { file: self.name(), why };
        let bytes = bytes(path).map_err(|error| unreadable(plain(&error, *named_by)))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| unreadable(not_text(error.as_bytes(), error.utf8_error().valid_up_to())))?;
        match text.find('\0') {
            Some(place) => Err(unreadable(not_text(text.as_bytes(), place))),
            None => Ok(Cow::Owned(text)),
        }
    }

    /// The directory.
    ///
    /// # Errors
    /// What keeps it from being read, or all that is wrong with it.
    pub fn load(&self) -> Result<Directory, NoDirectory> {
        Ok(Directory::load(&self.name(), &self.read()?)?)
    }
}

fn bytes(path: &PathBuf) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    // Of a pipe or a device no one knows the size before.
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
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
            format!("this file is larger than {} MB, more than any directory", LARGEST >> 20)
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
