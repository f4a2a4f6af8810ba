//! Copies of the data that the user had open last, one per data file, in a folder beside the store. They tell the next
//! start what has changed. Losing one loses only that.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use jiff::civil::Date;

use super::store::Store;

/// The folder beside the store.
const FOLDER: &str = "seen";
/// How a copy begins, before the day.
const HEADER: &str = "// Last open in dialtree on ";
/// The longest text that is copied, in bytes: comparing longer ones takes seconds.
const MAX_LEN: usize = 16 << 20;

/// The data of a file as they were when it was last open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The day on which that was.
    pub day: Date,
    /// The text of the data file.
    pub text: String,
}

impl Store {
    /// The copy of a name, which has letters, digits and hyphens only; `None` if there is none that can be read.
    pub fn seen(&self, name: &str) -> Option<Seen> {
        let copy = fs::read_to_string(self.seen_path(name)).ok()?;
        let (day, text) = copy.strip_prefix(HEADER)?.split_once('\n')?;
        Some(Seen { day: day.parse().ok()?, text: text.to_owned() })
    }

    /// Keeps a copy, which replaces the one before. A text that is too long is not kept.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_seen(&self, name: &str, Seen { day, text }: &Seen) -> io::Result<()> {
        if text.len() > MAX_LEN {
            return Ok(());
        }
        let path = self.seen_path(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        // Only the user may read it. Under one name, so that a run that is cut short leaves no further file behind.
        let new = path.with_extension("new");
        let mut file = File::options().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(format!("{HEADER}{day}\n{text}").as_bytes())?;
        fs::rename(new, path)
    }

    fn seen_path(&self, name: &str) -> PathBuf {
        self.folder().join(FOLDER).join(format!("{name}.ron"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_read_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path().join("state.ron"));
        assert_eq!(store.seen("acme"), None);
        for (day, text) in [("2026-11-20", "(\n)\n"), ("2026-11-21", "")] {
            let seen = Seen { day: day.parse().unwrap(), text: text.to_owned() };
            store.keep_seen("acme", &seen).unwrap();
            assert_eq!(store.seen("acme"), Some(seen));
        }
        assert_eq!(store.seen("other"), None);
        fs::write(folder.path().join("seen/acme.ron"), "(").unwrap();
        assert_eq!(store.seen("acme"), None);
        assert_eq!(fs::read_dir(folder.path().join("seen")).unwrap().count(), 1);
    }
}
