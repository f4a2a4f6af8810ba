//! `dialtree --version`: which build this is, and which data it has.

use std::io::Write;
use std::sync::Arc;

use super::Outcome;
use super::check::counted;
use crate::directory::Directory;
use crate::search::Catalog;
use crate::source::{LoadProblems, SourceError};

/// The version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The target that the program is built for.
pub(super) const TARGET: &str = env!("DIALTREE_TARGET");

/// A directory that is loaded, or why it is not.
type Loaded = Result<Arc<Catalog>, SourceError>;

/// Writes the version of the program and the sources of the directories, one per line; with what was loaded from there,
/// also which files are left out, and what the program was built from and with.
///
/// # Errors
/// When the output cannot be written.
pub fn version(
    out: &mut dyn Write,
    source: &str,
    verbose: Option<Loaded>,
    left_out: &LoadProblems,
) -> anyhow::Result<Outcome> {
    writeln!(out, "dialtree {VERSION}")?;
    source.lines().try_for_each(|source| writeln!(out, "directory: {source}"))?;
    if let Some(loaded) = verbose {
        match loaded {
            Ok(catalog) => {
                catalog.directories().iter().try_for_each(|own| writeln!(out, "data: {}", described(own)))?;
            }
            Err(error) => error.of_each_file(source).iter().try_for_each(|error| writeln!(out, "data: {error}"))?,
        }
        left_out.of_each_file().iter().try_for_each(|error| writeln!(out, "left out: {error}"))?;
        writeln!(out, "commit: {}", or(env!("DIALTREE_COMMIT"), "not recorded"))?;
        writeln!(out, "target: {TARGET}\nfeatures: {}", or(env!("DIALTREE_FEATURES"), "none"))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// What a directory holds: `Health Net, 33 contacts, 60 options, 8 notices, transcribed 2026-11-23`.
pub(super) fn described(directory: &Directory) -> String {
    format!("{}, {}, transcribed {}", directory.organisation, counted(directory), directory.transcribed)
}

fn or(text: &'static str, otherwise: &'static str) -> &'static str {
    if text.is_empty() { otherwise } else { text }
}
