//! `dialtree find`: the search of the navigator without a screen.

use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};

use anyhow::Context as _;
use clap::Args;

use super::{Context, DirectoryOption, NothingFound, Outcome, OutputFormat};
use crate::directory::Scope;
use crate::report;
use crate::search::Query;

/// Arguments of `dialtree find`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(
    before_help = "\
Examples:
  dialtree find commission
  dialtree find where do I fax an ifp application
  dialtree find --audience small-business lost id card
  dialtree find 977-3565
  dialtree find --plain --limit 1 report fraud
  dialtree find --json --batch < queries.txt",
    after_help = "\
Each result has a score from 0 to 1. That of the first result is the probability that it is what was meant; the scores \
of the others only compare. A result that cannot be trusted, because its score is low or it lacks the channel that was \
asked for, is weak: shown, but marked, because a wrong number is worse than none. --explain tells what the score rests on \
and how each word was understood. If the first result is weak, or there is none, the exit code is 1."
)]
pub struct FindArgs {
    /// What the caller needs, in any words; or a name, phone number, email address or hostname
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    words: Vec<OsString>,

    /// Search this audience only
    #[arg(long, value_name = "ID")]
    audience: Option<String>,

    #[command(flatten)]
    within: DirectoryOption,

    /// Maximum number of results
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,

    /// Explain how likely each result is, and how the query was understood
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    format: OutputFormat,

    /// Read one query per line from standard input and print one JSON object per line
    #[arg(long, requires = "json")]
    batch: bool,

    /// What to say where nothing good is found, because the first word is nearly a command.
    #[arg(skip)]
    pub(super) mistyped: Option<String>,
}

/// The longest line that is read, in bytes; the search uses less of it.
const MAX_LINE: u64 = 64 * 1024;

impl FindArgs {
    /// Searches and prints the results.
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let scope = context.scope(self.within.directory.as_deref(), self.audience.as_deref())?;
        if self.batch {
            self.run_batch(context, scope, io::stdin().lock(), out)?;
            return Ok(Outcome::Fine);
        }
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        let text = words.join(" ");
        let query = self.query(&text, scope);
        let (catalog, found) = (&context.catalog, context.catalog.find(&query));
        context.write(
            self.format,
            |reader| report::cards(catalog, &found, self.explain, reader),
            || report::plain(catalog, &found, self.explain),
            || report::json(catalog, &query, &found),
            out,
        )?;
        let is_sure = found.results.first().is_some_and(|first| !first.weak);
        match &self.mistyped {
            _ if is_sure => Ok(Outcome::Fine),
            Some(hint) => Err(NothingFound(hint.clone()).into()),
            None => Ok(Outcome::Negative),
        }
    }

    /// Whether queries are read from standard input.
    pub(super) fn is_batch(&self) -> bool {
        self.batch
    }

    fn query<'a>(&self, text: &'a str, scope: Scope) -> Query<'a> {
        Query { text, scope, limit: self.limit.into() }
    }

    /// Searches for each line as soon as it is read.
    fn run_batch(
        &self,
        context: &Context,
        scope: Scope,
        mut queries: impl BufRead,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read =
                queries.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).context("cannot read the queries")?;
            if read == 0 {
                return Ok(());
            }
            if line.last() != Some(&b'\n') {
                queries.skip_until(b'\n').context("cannot read the queries")?;
            }
            let text = String::from_utf8_lossy(&line);
            let query = self.query(text.trim_end_matches(['\r', '\n']), scope);
            let found = context.catalog.find(&query);
            out.write_all(report::json(&context.catalog, &query, &found).as_bytes())?;
            out.flush()?;
        }
    }
}
