//! The data files of a kiosk: the built-in directory, or what the administrator names on the command line of the kiosk.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::GlobalOptions;
use crate::directory::text::sanitized;
use crate::source::{Internal, Source, Sources};

/// The bits of a file's mode with which others than its owner may write it.
const WRITABLE_BY_OTHERS: u32 = 0o022;

impl GlobalOptions {
    /// The sources of a kiosk, without internal entries; the environment and the user's data folder name none.
    /// `has_command` says whether the command line has a command, which may be the user's: it may not choose data
    /// files.
    ///
    /// # Errors
    /// When a data file is named beside a command, or could be changed by another user than root.
    pub fn kiosk_sources(&self, has_command: bool) -> anyhow::Result<Sources> {
        ensure!(
            !(has_command && self.chooses_data()),
            "--data and --with-built-in cannot be combined with a command in a kiosk, because the command may be the user's"
        );
        let files: Vec<PathBuf> = self.data.iter().map(|path| protected(path)).collect::<anyhow::Result<_>>()?;
        let sources = match &files[..] {
            [] => Source::BuiltIn.into(),
            files => Sources::choose(files, self.with_built_in, Vec::new()),
        };
        for source in sources.list() {
            source.path().map_or(Ok(()), |path| protected(path).map(drop))?;
        }
        Ok(sources.with_internal(Internal::LeftOut))
    }
}

/// The path of a file or folder without symbolic links, if only root can change it.
fn protected(path: &Path) -> anyhow::Result<PathBuf> {
    let name = sanitized(&path.to_string_lossy()).into_owned();
    let real = fs::canonicalize(path).with_context(|| format!("{name}: this file cannot be read"))?;
    for part in real.ancestors() {
        let metadata = fs::metadata(part).with_context(|| format!("{name}: this file cannot be read"))?;
        ensure!(
            metadata.uid() == 0 && metadata.mode() & WRITABLE_BY_OTHERS == 0,
            "{name}: a kiosk reads only files that root alone can change; others can change {}",
            sanitized(&part.to_string_lossy())
        );
    }
    let is_data = real.is_dir() || real.extension().is_some_and(|extension| extension == "ron");
    ensure!(is_data, "{name}: a kiosk reads only data files, whose names end with .ron");
    Ok(real)
}
