//! `dialtree init`: a directory to start from.

use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{GlobalOptions, Outcome};
use crate::import::template;

/// Arguments of `dialtree init`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree init \"Acme support\" > acme.ron")]
pub struct InitArgs {
    /// Name of the organisation
    name: String,
}

impl InitArgs {
    /// Writes a commented directory with examples.
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        out.write_all(template(&self.name, today(options)).as_bytes())?;
        Ok(Outcome::Fine)
    }
}

/// The day in the time zone of this machine, of the moment that the options set or of now.
pub(super) fn today(options: &GlobalOptions) -> Date {
    options.at.unwrap_or_else(Timestamp::now).to_zoned_datetime(TimeZone::system()).date()
}
