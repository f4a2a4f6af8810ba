//! `dialtree edit`: an editor at the line of an entry.

use std::io::Write;

use anyhow::bail;
use clap::Args;

use super::show::named;
use super::{Context, DirectoryOption, GlobalOptions, Outcome};
use crate::directory::Scope;
use crate::search::Catalog;
use crate::source::Source;
use crate::source::edit::Editor;

/// Arguments of `dialtree edit`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree --data mine.ron edit ifp-line/1/1
  dialtree --data mine.ron edit 1-800-909-3447")]
pub struct EditArgs {
    /// Id, target, number or address of an entry
    #[arg(value_name = "ENTRY")]
    entry: String,

    #[command(flatten)]
    within: DirectoryOption,
}

impl EditArgs {
    /// Opens the user's editor and checks the file afterwards.
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let source = self.source(options)?;
        let find = |directory| {
            let catalog = Catalog::from(directory);
            Ok(named(&catalog, Scope::All, &self.entry)?.first().map(|id| id.entry))
        };
        Editor::at(&source, &self.entry, find)?.run()?;
        let (_, warnings) = source.load_with_warnings()?;
        warnings.to_string().lines().try_for_each(|warning| writeln!(out, "warning: {warning}"))?;
        Ok(Outcome::Fine)
    }

    /// The source of the only directory, or of the one that has the entry.
    fn source(&self, options: &GlobalOptions) -> anyhow::Result<Source> {
        if let Some(only) = self.within.only_source(options) {
            return Ok(only);
        }
        let context = Context::open(options)?;
        let scope = context.scope(self.within.directory.as_deref(), None)?;
        let mut having: Vec<usize> =
            named(&context.catalog, scope, &self.entry)?.iter().map(|id| id.directory).collect();
        having.dedup();
        match having[..] {
            [directory] => Ok(context.sources[directory].clone()),
            _ => {
                let ids = having.iter().map(|index| &*context.catalog.directories()[*index].id);
                let ids = ids.collect::<Vec<_>>().join(", ");
                bail!("{:?} is in several directories; add --directory with one of {ids}", self.entry)
            }
        }
    }
}
