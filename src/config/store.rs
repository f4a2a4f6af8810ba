//! The file in the state folder that keeps pins, recent answers and private notes. Several instances may use it at
//! once: each change is applied to the file as it is, under a lock, and the file is replaced as a whole.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use nix::unistd::{AccessFlags, access};
use ron::ser::PrettyConfig;
use tempfile::NamedTempFile;

use crate::app::{Saved, SavedChange};
use crate::directory::text::sanitized;

/// The file in the user's state folder: `~/.local/state/dialtree/state.ron` (XDG Base Directory).
const IN_STATE_FOLDER: &str = "dialtree/state.ron";

/// The first lines of the file.
const HEADER: &str = "// Pins, recent answers and private notes of dialtree, by the ids of directories and entries.\n";

/// The file.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
}

/// What is kept, and the name of the file that was not valid and was set aside, if there was one.
pub type Kept = (Saved, Option<String>);

/// Why pins, recent answers and notes are not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// The file holds something else.
    #[error("not valid; the next start sets it aside")]
    NotValid,
    /// The folder cannot be written, or created.
    #[error("cannot be written: {0}")]
    NotWritable(io::Error),
}

impl Store {
    /// The file in the state folder; `None` if there is no home directory.
    pub fn in_state_folder() -> Option<Self> {
        let base = etcetera::choose_base_strategy().ok()?;
        let path = base.state_dir()?.join(IN_STATE_FOLDER);
        let can_exist = !fs::metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotADirectory);
        can_exist.then_some(Self { path })
    }

    /// A file at a path.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads what is kept; nothing if there is no file. A file that is not valid is set aside.
    ///
    /// # Errors
    /// When the file cannot be read or set aside.
    pub fn read(&self) -> io::Result<Kept> {
        match parse(&self.path)? {
            Some(saved) => Ok((saved, None)),
            None => {
                let _lock = self.lock()?;
                self.read_locked()
            }
        }
    }

    /// Finds out whether the file can be read and written, without changing anything.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn examine(&self) -> Result<(), StoreError> {
        parse(&self.path).map_err(StoreError::Unreadable)?.ok_or(StoreError::NotValid)?;
        let existing = self.folder().ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
        access(existing, AccessFlags::W_OK).map_err(|error| StoreError::NotWritable(error.into()))
    }

    /// Applies changes to what is kept. Returns the name of the file if it was not valid and was set aside.
    ///
    /// # Errors
    /// When the file cannot be read, set aside or written. It is as before then.
    pub fn apply(&self, changes: &[SavedChange]) -> io::Result<Option<String>> {
        let _lock = self.lock()?;
        let (mut saved, aside) = self.read_locked()?;
        changes.iter().for_each(|change| saved.apply(change));
        self.write(&saved)?;
        Ok(aside)
    }

    /// Waits for other instances to finish. The lock ends with the file.
    fn lock(&self) -> io::Result<File> {
        create_private_folder(self.folder())?;
        let file = File::options().create(true).append(true).open(self.path.with_extension("lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// Its path, safe to print.
    pub fn name(&self) -> String {
        sanitized(&self.path.to_string_lossy()).into_owned()
    }

    /// The folder that the file is in.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    fn read_locked(&self) -> io::Result<Kept> {
        if let Some(saved) = parse(&self.path)? {
            return Ok((saved, None));
        }
        let mut names = (1..).map(|number| self.path.with_extension(format!("broken-{number}.ron")));
        let aside = names.find(|path| !path.exists()).unwrap_or_default();
        fs::rename(&self.path, &aside)?;
        Ok((Saved::default(), Some(aside.display().to_string())))
    }

    /// Writes beside the file, which may be a link, and replaces it.
    fn write(&self, saved: &Saved) -> io::Result<()> {
        let text = ron::ser::to_string_pretty(saved, PrettyConfig::default()).map_err(io::Error::other)?;
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = path.parent().unwrap_or(Path::new("."));
        // Only the user may read it.
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(format!("{HEADER}{text}\n").as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        // The file is replaced; some systems cannot sync a folder.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Whether an error says that there is no such file, nor a folder that it could be in (`HOME=/dev/null`).
pub fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Creates a folder and those above it that are missing, for the user alone, whatever the umask is.
///
/// # Errors
/// The system's error.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Parses a file; the default if there is none, `None` if it is not valid.
fn parse(path: &Path) -> io::Result<Option<Saved>> {
    match fs::read(path) {
        Ok(bytes) => Ok(std::str::from_utf8(&bytes).ok().and_then(|text| ron::from_str(text).ok())),
        Err(error) if is_missing(&error) => Ok(Some(Saved::default())),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;
    use std::thread;

    use super::*;
    use crate::app::ChangeKind;

    fn change(entry: String, kind: ChangeKind) -> SavedChange {
        SavedChange { directory: "d".to_owned(), entry, kind }
    }

    #[test]
    fn instances_that_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/state.ron");
        let write = |instance: usize| {
            let store = Store::at(path.clone());
            for number in 0..20 {
                store.apply(&[change(format!("{instance}/{number}"), ChangeKind::Pin)]).unwrap();
            }
        };
        thread::scope(|scope| {
            for instance in 0..4 {
                scope.spawn(move || write(instance));
            }
        });
        let mode = fs::metadata(path.parent().unwrap()).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700, "only the user may enter the new folder");
        let (saved, aside) = Store::at(path.clone()).read().unwrap();
        assert_eq!((saved.pins("d").count(), aside), (80, None));
        let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.count(), 2, "the file and its lock");
    }

    #[test]
    fn a_broken_file_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.ron");
        let store = Store::at(path.clone());
        for (number, broken) in [(1, "(directories: {"), (2, "\u{0}"), (3, "(pins: [])")] {
            fs::write(&path, broken).unwrap();
            let (saved, aside) = store.read().unwrap();
            let aside = aside.unwrap();
            assert_eq!((saved, fs::read_to_string(&aside).unwrap()), (Saved::default(), broken.to_owned()));
            assert!(aside.ends_with(&format!("state.broken-{number}.ron")), "{aside}");
        }
    }
}
