//! `dialtree notice`: disclaimers and legal notices.

use std::io::Write;

use clap::Args;

use super::context::Context;
use super::{NothingFound, Outcome, OutputFormat, show};
use crate::directory::EntryId;
use crate::report;

/// Arguments of `dialtree notice`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree notice
  dialtree notice leaving-site
  dialtree notice important/3
  dialtree notice --plain important")]
pub struct Arguments {
    /// Id of a notice or of one of its sections [default: list all notices]
    id: Option<String>,

    #[command(flatten)]
    format: OutputFormat,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let catalog = &context.catalog;
        let is_notice = |id: &EntryId| !id.entry.is_contact();
        let notice = |name: &str| {
            let name = name.strip_prefix("notice:").unwrap_or(name);
            let found = show::by_text_id(catalog, name).filter(is_notice);
            found.ok_or_else(|| NothingFound(show::unknown(catalog, name, is_notice)))
        };
        let id = self.id.as_deref().map(notice).transpose()?;
        context.write(
            self.format,
            |reader| report::notices(catalog, id, reader),
            || report::plain_of_notices(catalog, id),
            || report::json_of_notices(catalog, id),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
