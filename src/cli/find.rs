//! `dialtree find`: the same search without a screen.

use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use jiff::Timestamp;

use super::Look;
use crate::directory::Directory;
use crate::report::{self, Reader};
use crate::search::{Found, Index, Question};

/// What `dialtree find` takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree find commission
  dialtree find where do I fax an ifp application
  dialtree find --audience small-business lost id card
  dialtree find 977-3565
  dialtree find --plain --limit 1 report fraud
  dialtree find --json --batch < needs.txt")]
pub struct Arguments {
    /// A need, a name, a number or an address, in any words
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    words: Vec<OsString>,

    /// Answer for this audience only
    #[arg(long, value_name = "ID")]
    audience: Option<String>,

    /// Show so many answers at the most
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,

    /// Say what each word was understood as
    #[arg(long)]
    explain: bool,

    /// One answer a line, a tab between its parts: number and keys, title, audiences, target, and sure, weak or outside
    #[arg(long)]
    plain: bool,

    /// One JSON object, schema 1
    #[arg(long, conflicts_with = "plain")]
    json: bool,

    /// Read a need a line from standard input, and write an object a line
    #[arg(long, requires = "json")]
    batch: bool,
}

/// As much of a line as is read; the search looks at less of it.
const LONGEST_LINE: u64 = 64 * 1024;
/// The columns of a page that goes to no terminal, and the most of one that does.
pub(super) const WIDTH: u16 = 80;
const WIDEST: u16 = 100;

/// Nothing was found, or nothing that fits well.
const NOT_FOUND: u8 = 1;

/// Finds, prints, and says by the code whether there was an answer.
///
/// # Errors
/// An audience that does not exist; standard input or output that fails.
pub fn run(arguments: &Arguments, look: &Look) -> anyhow::Result<ExitCode> {
    let origin = look.origin();
    let directory = Arc::new(origin.load()?);
    let audience = arguments.audience.as_deref().map(|id| audience(&directory, id)).transpose()?;
    let index = Arc::new(Index::new(Arc::clone(&directory)));
    if arguments.batch {
        let find = Find { index, directory, audience, most: arguments.limit.into() };
        find.batch(io::stdin().lock(), io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let (environment, is_terminal) = (look.environment(&origin), io::stdout().is_terminal());
    let width = if is_terminal { crossterm::terminal::size().map_or(WIDTH, |size| size.0.min(WIDEST)) } else { WIDTH };
    let now = look.at.unwrap_or_else(Timestamp::now);
    let reader = Reader { environment: &environment, now, width };
    let colors = environment.colors && (is_terminal || look.color == super::Color::Always);
    let (text, code) = answer(arguments, directory, index, &reader, colors)?;
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::from(code))
}

/// What was found, as text, and the exit code that says whether it is an answer.
///
/// # Errors
/// An audience that does not exist; a batch, which needs standard input.
pub fn answer(
    arguments: &Arguments,
    directory: Arc<Directory>,
    index: Arc<Index>,
    reader: &Reader<'_>,
    colors: bool,
) -> anyhow::Result<(String, u8)> {
    if arguments.batch {
        bail!("there is no standard input here; ask one need at a time");
    }
    let audience = arguments.audience.as_deref().map(|id| audience(&directory, id)).transpose()?;
    let find = Find { index, directory, audience, most: arguments.limit.into() };
    let words: Vec<_> = arguments.words.iter().map(|word| word.to_string_lossy()).collect();
    let need = words.join(" ");
    let (question, found) = find.ask(&need);
    let text = if arguments.json {
        report::json(&find.directory, &question, &found)
    } else if arguments.plain {
        report::plain(&find.directory, &found, arguments.explain)
    } else {
        report::painted(&report::cards(&find.directory, &found, arguments.explain, reader), colors)
    };
    let is_answered = found.hits.first().is_some_and(|first| !first.weak);
    Ok((text, if is_answered { 0 } else { NOT_FOUND }))
}

/// The audience with an id.
fn audience(directory: &Directory, id: &str) -> anyhow::Result<usize> {
    let place = directory.audiences.iter().position(|audience| audience.id.eq_ignore_ascii_case(id));
    place.ok_or_else(|| {
        let ids: Vec<&str> = directory.audiences.iter().map(|audience| &*audience.id).collect();
        anyhow!("there is no audience {id:?}; there are {}", ids.join(", "))
    })
}

struct Find {
    directory: Arc<Directory>,
    index: Arc<Index>,
    audience: Option<usize>,
    most: usize,
}

impl Find {
    fn ask<'a>(&self, need: &'a str) -> (Question<'a>, Found) {
        let question = Question { need, audience: self.audience, most: self.most };
        (question, self.index.find(&question))
    }

    /// Answers every line as soon as it is there.
    fn batch(&self, mut needs: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read =
                needs.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).context("cannot read the needs")?;
            if read == 0 {
                return Ok(());
            }
            if line.last() != Some(&b'\n') {
                needs.skip_until(b'\n').context("cannot read the needs")?;
            }
            let text = String::from_utf8_lossy(&line);
            let (question, found) = self.ask(text.trim_end_matches(['\r', '\n']));
            out.write_all(report::json(&self.directory, &question, &found).as_bytes())?;
            out.flush()?;
        }
    }
}
