//! `dialtree export`: the directory for another program.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::Outcome;
use super::context::Context;
use crate::report::{self, Subject};

/// What `dialtree export` takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree export --format ron > mine.ron
  dialtree export --format vcard --audience ifp > ifp.vcf
  dialtree export --format csv > contacts.csv
  dialtree export --format json")]
pub struct Arguments {
    /// What to write
    #[arg(long, value_enum)]
    format: Format,

    /// Only what serves this audience; json and ron keep a contact whole when one of its options does
    #[arg(long, value_name = "ID")]
    audience: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON document, schema 1
    Json,
    /// A table: a line for each way to reach each answer
    Csv,
    /// A vCard 4.0 for each contact and each option
    Vcard,
    /// A data file, to be edited and named by --data
    Ron,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let (directory, audience) = (&context.directory, context.audience(self.audience.as_deref())?);
        let text = match self.format {
            Format::Json => report::json_of_directory(directory, audience),
            Format::Csv => report::csv(directory, audience)?,
            Format::Ron => directory.to_ron(audience),
            Format::Vcard => {
                let subjects: Vec<Subject> = directory.served(audience).map(Subject::from).collect();
                report::vcards(directory, &subjects)
            }
        };
        out.write_all(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}
