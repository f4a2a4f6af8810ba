//! `dialtree tree`: what the panes of the navigator show, fully expanded.

use std::io::Write;

use clap::Args;

use super::context::Context;
use super::{Outcome, OutputFormat};
use crate::report;

/// Arguments of `dialtree tree`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree tree
  dialtree tree small-business
  dialtree tree --plain medicare
  dialtree tree --json")]
pub struct Arguments {
    /// Id of an audience [default: all audiences and the notices]
    audience: Option<String>,

    #[command(flatten)]
    format: OutputFormat,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let (catalog, audience) = (&context.catalog, context.audience(self.audience.as_deref())?);
        context.write(
            self.format,
            |reader| report::tree(catalog, audience, reader),
            || report::plain_of_tree(catalog, audience, context.now),
            || report::json_of_tree(catalog, audience, context.now),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
