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
        let directory = &context.directory;
        let is_notice = |answer: &EntryId| directory.notice(*answer).is_some();
        let notice = |id: &str| {
            let id = id.strip_prefix("notice:").unwrap_or(id);
            let answer = directory.by_id(id).filter(is_notice);
            answer.ok_or_else(|| NothingFound(show::unknown(directory, id, is_notice)))
        };
        let of = self.id.as_deref().map(notice).transpose()?;
        context.write(
            self.form,
            |reader| report::notices(directory, of, reader),
            || report::plain_of_notices(directory, of),
            || report::json_of_notices(directory, of),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
