//! `dialtree check`: every problem in data files.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{GlobalOptions, Outcome};
use crate::directory::Directory;
use crate::directory::position::Positions;
use crate::directory::problem::{Problem, Problems};
use crate::directory::stale::MaxAge;
use crate::report::{self, Checked, Complaint, StaleEntry};
use crate::source::{Source, SourceError, Sources};

/// Arguments of `dialtree check`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree check mine.ron
  dialtree check --strict mine.ron
  dialtree check --stale 90d mine.ron
  dialtree check --json mine.ron yours.ron")]
pub struct CheckArgs {
    /// Data files to check
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,

    /// Exit with 1 if there are warnings, or stale entries with --stale: for tests of a data repository
    #[arg(long)]
    strict: bool,

    /// List the entries that were last checked longer ago than this, or never: 90d, 12w, 6mo or 1y
    #[arg(long, value_name = "AGE", value_parser = max_age)]
    stale: Option<MaxAge>,

    /// Print one JSON document (schema 2)
    #[arg(long)]
    json: bool,
}

fn max_age(text: &str) -> Result<MaxAge, &'static str> {
    MaxAge::parse(text).ok_or("expected a number of days, weeks, months or years: 90d, 12w, 6mo or 1y")
}

impl CheckArgs {
    /// Checks every file, in folders too, and prints its problems.
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let now = options.at.unwrap_or_else(Timestamp::now);
        let mut checked = Vec::new();
        for source in Sources::choose(&self.files, false, Vec::new()).list() {
            let end = source.load_with_warnings();
            let stale = end.as_ref().ok().and_then(|(directory, _)| self.stale(&source, directory, now));
            if !self.json {
                match &end {
                    Ok((directory, warnings)) => {
                        for Problem { line, column, message } in &warnings.list {
                            writeln!(out, "{}:{line}:{column}: warning: {message}", source.name())?;
                        }
                        let found = match warnings.list.len() {
                            0 => "no problems".to_owned(),
                            number => format!("no errors, {}", count(number, "warning")),
                        };
                        stale
                            .iter()
                            .flatten()
                            .try_for_each(|entry| writeln!(out, "{}", stale_words(&source, entry)))?;
                        let old = stale.as_ref().filter(|stale| !stale.is_empty());
                        let old = old.map_or_else(String::new, |stale| format!(", {} stale", stale.len()));
                        writeln!(out, "{}: {found}{old}; {}", source.name(), counted(directory))?;
                    }
                    // All of them, where other commands print the first few.
                    Err(SourceError::Problems(problems)) => writeln!(out, "{problems}")?,
                    Err(unreadable) => writeln!(out, "{unreadable}")?,
                }
            }
            let (problems, warnings) = match end {
                Ok((_, warnings)) => (Vec::new(), listed(warnings)),
                Err(error) => (complaints(error), Vec::new()),
            };
            checked.push(Checked { file: source.name(), problems, warnings, stale });
        }
        if self.json {
            out.write_all(report::json_of_check(&checked).as_bytes())?;
        }
        let has_doubts = |file: &Checked| !file.warnings.is_empty() || file.stale.iter().any(|stale| !stale.is_empty());
        Ok(match checked.iter().all(|file| file.problems.is_empty()) {
            false => Outcome::Failed,
            true if self.strict && checked.iter().any(has_doubts) => Outcome::Negative,
            true => Outcome::Fine,
        })
    }

    /// The entries that were not checked for the time that is asked about.
    fn stale(&self, source: &Source, directory: &Directory, now: Timestamp) -> Option<Vec<StaleEntry>> {
        let age = self.stale?;
        let zone = directory.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        let today = now.to_zoned_datetime(zone).date();
        // Read again, and not found if the file has changed since.
        let positions = source.read(&mut |_| {}).map(|text| Positions::of(&text)).unwrap_or_default();
        let stale = directory.stale(today, age).into_iter().map(|(id, checked)| {
            let (line, column) = positions.get(id.entry).unzip();
            StaleEntry {
                entry: directory.text_id(id),
                title: directory.title(id).to_owned(),
                checked: checked.map(|day| day.to_string()),
                days: checked.map(|day| days_between(day, today)),
                line,
                column,
            }
        });
        Some(stale.collect())
    }
}

fn days_between(day: Date, today: Date) -> i32 {
    day.until(today).map_or(0, |span| span.get_days())
}

/// `mine.ron:17:13: last checked 2026-01-02, 332 days ago: Billing (billing)`
fn stale_words(source: &Source, StaleEntry { entry, title, checked, days, line, column }: &StaleEntry) -> String {
    let place = line.zip(*column).map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
    let when = match checked.as_ref().zip(*days) {
        Some((day, days)) => format!("last checked {day}, {} ago", count(usize::try_from(days).unwrap_or(0), "day")),
        None => "never checked".to_owned(),
    };
    format!("{}{place}: {when}: {title} ({entry})", source.name())
}

pub(super) fn counted(directory: &Directory) -> String {
    let options: usize = directory.contacts.iter().map(|contact| contact.options.len()).sum();
    [(directory.contacts.len(), "contact"), (options, "option"), (directory.notices.len(), "notice")]
        .map(|(number, what)| count(number, what))
        .join(", ")
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn complaints(problems: SourceError) -> Vec<Complaint> {
    match problems {
        SourceError::Unreadable { error, .. } => {
            vec![Complaint { line: None, column: None, message: error.to_string() }]
        }
        SourceError::Problems(problems) => listed(problems),
        SourceError::None(problems) => problems.0.into_iter().flat_map(|problem| complaints(problem.error)).collect(),
    }
}

fn listed(problems: Problems) -> Vec<Complaint> {
    let complaint = |Problem { line, column, message }| Complaint { line: Some(line), column: Some(column), message };
    problems.list.into_iter().map(complaint).collect()
}
