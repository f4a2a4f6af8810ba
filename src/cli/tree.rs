//! `dialtree tree`: what the navigator's panes show, at once.

use std::io::Write;

use clap::Args;

use super::context::Context;
use super::{Form, Outcome};
use crate::report;

/// What `dialtree tree` takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree tree
  dialtree tree small-business
  dialtree tree --plain medicare
  dialtree tree --json")]
pub struct Arguments {
    /// The id of an audience; all of them and the notices, if left out
    audience: Option<String>,

    #[command(flatten)]
    form: Form,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let (catalog, audience) = (&context.catalog, context.audience(self.audience.as_deref())?);
        context.write(
            self.form,
            |reader| report::tree(catalog, audience, reader),
            || report::plain_of_tree(catalog, audience, context.now),
            || report::json_of_tree(catalog, audience, context.now),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
