//! `dialtree notice`: the disclaimers and legal notices.

use std::io::Write;

use clap::Args;

use super::context::Context;
use super::{Form, NothingFound, Outcome, show};
use crate::directory::EntryId;
use crate::report;

/// What `dialtree notice` takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree notice
  dialtree notice leaving-site
  dialtree notice important/3
  dialtree notice --plain important")]
pub struct Arguments {
    /// The id of a notice or of one of its sections; a list of them, if left out
    id: Option<String>,

    #[command(flatten)]
    form: Form,
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
            self.form,
            |reader| report::notices(catalog, id, reader),
            || report::plain_of_notices(catalog, id),
            || report::json_of_notices(catalog, id),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
