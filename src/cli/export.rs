//! `dialtree export`: the directory in other formats.

use std::io::Write;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::{Context, DirectoryOption, GlobalOptions, Outcome};
use crate::report::{self, CsvReader, VCardVersion};
use crate::search::Catalog;
use crate::source::{Internal, Source};

/// Arguments of `dialtree export`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree export --format ron > mine.ron
  dialtree export --format vcard --audience ifp > ifp.vcf
  dialtree export --format vcard --vcard-version 3.0 > contacts.vcf
  dialtree export --format markdown > contacts.md
  dialtree export --format csv > contacts.csv
  dialtree export --format csv --excel > contacts.csv
  dialtree export --format json")]
pub struct ExportArgs {
    /// Output format
    #[arg(long, value_enum)]
    format: Format,

    /// Only entries that serve this audience; json keeps a contact whole if one of its options does
    #[arg(long, value_name = "ID")]
    audience: Option<String>,

    #[command(flatten)]
    within: DirectoryOption,

    /// Include entries that are marked as internal
    #[arg(long)]
    internal: bool,

    /// With --format csv: write a table that Excel and other spreadsheet programs open safely
    #[arg(long)]
    excel: bool,

    /// With --format vcard: the version of the format, such as 3.0 for Outlook [default: 4.0]
    #[arg(long, value_enum, value_name = "VERSION", hide_possible_values = true)]
    vcard_version: Option<VersionOption>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON document (schema 2)
    Json,
    /// A table with a row for each channel of each entry
    Csv,
    /// A vCard for each contact and each option
    Vcard,
    /// A sheet to print, with the phone menus
    Markdown,
    /// The data file with its comments, to edit and use with --data
    Ron,
}

/// A version of vCard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VersionOption {
    #[value(name = "3.0")]
    V3,
    #[value(name = "4.0")]
    V4,
}

impl From<VersionOption> for VCardVersion {
    fn from(option: VersionOption) -> Self {
        match option {
            VersionOption::V3 => Self::V3,
            VersionOption::V4 => Self::V4,
        }
    }
}

impl ExportArgs {
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        if self.excel && self.format != Format::Csv {
            anyhow::bail!("--excel is for tables; use it with --format csv");
        }
        if self.vcard_version.is_some() && self.format != Format::Vcard {
            anyhow::bail!("--vcard-version is for vCards; use it with --format vcard");
        }
        if self.format == Format::Ron {
            if self.audience.is_some() {
                anyhow::bail!("--format ron writes the data file as it is; leave out --audience");
            }
            // A file with problems is reported rather than copied.
            let source = self.source(options)?;
            let text = source.read(&mut |_| {})?;
            let directory = source.check(&text, &mut |_| {})?;
            if !self.internal && directory.entries().any(|id| directory.is_internal(id)) {
                anyhow::bail!("--format ron writes the data file as it is, with its internal entries; add --internal");
            }
            out.write_all(text.as_bytes())?;
            return Ok(Outcome::Fine);
        }
        let mut context = Context::open(options)?;
        let internal = Internal::shown_if(self.internal);
        let directories = context.catalog.directories().iter().cloned().map(|directory| internal.filter(directory));
        context.catalog = Arc::new(Catalog::new(directories.collect()));
        let scope = context.scope(self.within.directory.as_deref(), self.audience.as_deref())?;
        let catalog = &context.catalog;
        let text = match self.format {
            Format::Csv => report::csv(catalog, scope, self.csv_reader())?,
            Format::Vcard => {
                let version = self.vcard_version.map(VCardVersion::from).unwrap_or_default();
                report::vcards_for(catalog, scope, context.now, version)
            }
            Format::Markdown => report::markdown(catalog, scope, &context.reader()),
            Format::Json | Format::Ron => report::json_of_directories(catalog, scope),
        };
        out.write_all(text.as_bytes())?;
        Ok(Outcome::Fine)
    }

    /// The source of the only directory, or of the one that is named.
    fn source(&self, options: &GlobalOptions) -> anyhow::Result<Source> {
        if let Some(only) = self.within.only_source(options) {
            return Ok(only);
        }
        let context = Context::open(options)?;
        match context.scope(self.within.directory.as_deref(), None)?.directory() {
            Some(directory) => Ok(context.sources[directory].clone()),
            None => anyhow::bail!("--format ron writes one data file; name it with --directory"),
        }
    }

    fn csv_reader(&self) -> CsvReader {
        if self.excel { CsvReader::Spreadsheet } else { CsvReader::Program }
    }
}
