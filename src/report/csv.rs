//! A catalog as a table (RFC 4180): a row for each channel of each entry.
//!
//! Spreadsheet programs guess the encoding of a file without a byte order mark, and run a cell that begins like a
//! formula, so a table for them has the mark and no such cell.

use super::{by_channel, directories};
use crate::directory::hours::Schedule;
use crate::directory::{Audience, Channel, MenuOption, Scope};
use crate::present::card::{Card, ContactCard};
use crate::present::hours::closure_words;
use crate::present::script::{Script, goal};
use crate::search::Catalog;

/// A column: its name, and its cell in the row of a card.
type Column = (&'static str, fn(&ContactCard<'_>) -> String);

const COLUMNS: [Column; 34] = [
    ("id", |card| card.text_id.clone()),
    ("target", |card| text(card.script().and_then(|script| script.target.as_ref()))),
    ("title", |card| card.title().to_owned()),
    ("path", |card| card.titles.join(" > ")),
    ("audiences", |card| ids(&card.audiences)),
    ("not_for", |card| ids(&card.not_for)),
    ("kind", |card| text(channel(card).map(|channel| channel.kind.name().to_lowercase()))),
    ("value", |card| text(channel(card).and_then(Channel::printed))),
    ("say", |card| text(card.script().and_then(Script::say_with_kind))),
    ("dial_link", |card| text(card.script().and_then(Script::dial).map(|dial| dial.best().to_owned()))),
    ("label", |card| text(channel(card).and_then(|channel| channel.label.as_ref()))),
    ("note", |card| text(channel(card).and_then(|channel| channel.note.as_ref()))),
    ("hours", |card| text(card.hours.schedule.map(Schedule::listed))),
    // Shorter than the words for people, so that the name of the zone stays first.
    ("zone", |card| {
        text(card.hours.zone().map(|(name, stated)| format!("{name}{}", if stated { "" } else { " (assumed)" })))
    }),
    ("callers", |card| card.callers.join("; ")),
    ("services", |card| card.services.join("; ")),
    ("notes", |card| card.notes.join("; ")),
    ("source", |card| card.source.to_owned()),
    ("checked", |card| card.facts.checked.to_string()),
    ("checked_by", |card| text(card.facts.checked_by)),
    ("languages", |card| card.facts.languages.join("; ")),
    ("wait", |card| text(card.facts.wait)),
    ("have_ready", |card| card.facts.have_ready.join("; ")),
    ("alert", |card| text(card.facts.alert.map(|alert| &alert.text))),
    ("escalate", |card| text(card.facts.escalate.as_ref().map(|next| &next.text_id))),
    ("region", |card| card.facts.region.join("; ")),
    ("articles", |card| card.facts.articles.iter().map(|page| page.link.to_string()).collect::<Vec<_>>().join("; ")),
    ("internal", |card| card.facts.is_internal.to_string()),
    ("extension", |card| text(channel(card).and_then(|channel| channel.number()?.extension()))),
    ("language", |card| text(last_step(card).and_then(|option| option.language.as_ref()))),
    ("leads", |card| text(last_step(card).and_then(|option| goal(option, card.options)))),
    ("alert_from", |card| text(card.facts.alert.and_then(|alert| alert.from))),
    ("alert_until", |card| text(card.facts.alert.and_then(|alert| alert.until))),
    ("closures", |card| card.hours.closures.iter().map(closure_words).collect::<Vec<_>>().join("; ")),
];

/// What reads a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvReader {
    /// A program: each cell is the text as it is.
    Program,
    /// A spreadsheet program such as Excel.
    Spreadsheet,
}

/// How a cell begins that spreadsheet programs take for a formula (OWASP, CSV injection).
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

impl CsvReader {
    /// A cell as this reader must get it: an apostrophe makes it text for a spreadsheet program.
    fn cell(self, text: String) -> String {
        if self == Self::Spreadsheet && text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text }
    }
}

/// The contacts that serve an audience, or all of them, with their options.
///
/// # Errors
/// None in practice: writing a table to memory cannot fail.
pub fn csv(catalog: &Catalog, scope: Scope, reader: CsvReader) -> Result<String, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // The rows of one directory need not say whose they are.
    let whose = |name: &str| catalog.has_several().then(|| name.to_owned());
    table.write_record(whose("directory").into_iter().chain(COLUMNS.map(|(name, _)| name.to_owned())))?;
    for (directory, audience) in directories(catalog, scope) {
        for id in directory.served(audience).flat_map(|id| by_channel(directory, id)) {
            if let Card::Contact(card) = Card::new(directory, id, None) {
                let cells = COLUMNS.map(|(_, cell)| cell(&card));
                table.write_record(whose(&directory.id).into_iter().chain(cells).map(|cell| reader.cell(cell)))?;
            }
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    let mark = if reader == CsvReader::Spreadsheet { "\u{feff}" } else { "" };
    Ok(format!("{mark}{}", String::from_utf8_lossy(&bytes)))
}

/// The channel of a card's row.
fn channel<'a>(card: &ContactCard<'a>) -> Option<&'a Channel> {
    card.script().map(|script| script.channel)
}

/// The option that a card is about, or the last one on the way to it.
fn last_step<'a>(card: &ContactCard<'a>) -> Option<&'a MenuOption> {
    card.script()?.steps.last().copied()
}

fn ids(audiences: &[&Audience]) -> String {
    audiences.iter().map(|audience| &*audience.id).collect::<Vec<_>>().join("; ")
}

/// An empty cell where the source states nothing.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
