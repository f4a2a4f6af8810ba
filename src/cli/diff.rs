//! `dialtree diff`: what changed between two data files.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use crate::present::diff::changes;
use crate::report;
use crate::source::{NamedBy, Source};

/// Arguments of `dialtree diff`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree diff yours.ron mine.ron
  dialtree diff --json yours.ron mine.ron")]
pub struct DiffArgs {
    /// The data file as it was
    #[arg(value_name = "OLD", value_hint = clap::ValueHint::FilePath)]
    old: PathBuf,

    /// The data file as it is
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::FilePath)]
    new: PathBuf,

    /// Print one JSON document (schema 2)
    #[arg(long)]
    json: bool,
}

impl DiffArgs {
    /// Prints every change; the exit code tells whether there is one.
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let [old, new] = [&self.old, &self.new].map(|path| Source::File(path.clone(), NamedBy::Option));
        let changes = changes(&old.load()?, &new.load()?);
        if self.json {
            out.write_all(report::json_of_diff(&old.name(), &new.name(), &changes).as_bytes())?;
        } else {
            changes.iter().try_for_each(|change| writeln!(out, "{}", change.words()))?;
            match changes.len() {
                0 => writeln!(out, "no changes")?,
                1 => writeln!(out, "1 change")?,
                count => writeln!(out, "{count} changes")?,
            }
        }
        Ok(if changes.is_empty() { Outcome::Fine } else { Outcome::Negative })
    }
}
