//! `dialtree tree`: what the navigator's panes show, at once.

use std::io::Write;

use clap::Args;

use super::desk::Desk;
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
    pub(super) fn run(&self, desk: &Desk, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let (directory, audience) = (&desk.directory, desk.audience(self.audience.as_deref())?);
        desk.write(
            self.form,
            |reader| report::tree(directory, audience, reader),
            || report::plain_of_tree(directory, audience, desk.now),
            || report::json_of_tree(directory, audience, desk.now),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}
