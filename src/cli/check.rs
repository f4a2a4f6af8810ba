//! `dialtree check`: every problem in data files.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use crate::directory::Directory;
use crate::directory::problem::{Problem, Problems};
use crate::report::{self, Checked, Complaint};
use crate::source::{NamedBy, Source, SourceError};

/// Arguments of `dialtree check`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree check mine.ron
  dialtree check --json mine.ron yours.ron")]
pub struct CheckArgs {
    /// Data files to check
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,

    /// Print one JSON document (schema 2)
    #[arg(long)]
    json: bool,
}

impl CheckArgs {
    /// Checks every file and prints its problems.
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let mut checked = Vec::new();
        for path in &self.files {
            let source = Source::File(path.clone(), NamedBy::Option);
            let end = source.load_with_warnings();
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
                        writeln!(out, "{}: {found}; {}", source.name(), counted(directory))?;
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
            checked.push(Checked { file: source.name(), problems, warnings });
        }
        if self.json {
            out.write_all(report::json_of_check(&checked).as_bytes())?;
        }
        let is_fine = checked.iter().all(|file| file.problems.is_empty());
        Ok(if is_fine { Outcome::Fine } else { Outcome::Failed })
    }
}

fn counted(directory: &Directory) -> String {
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
    }
}

fn listed(problems: Problems) -> Vec<Complaint> {
    let complaint = |Problem { line, column, message }| Complaint { line: Some(line), column: Some(column), message };
    problems.list.into_iter().map(complaint).collect()
}
