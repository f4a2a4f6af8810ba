//! A catalog as a table (RFC 4180): a row for each channel of each entry.

use super::{by_channel, directories};
use crate::directory::hours::Schedule;
use crate::directory::{Audience, AudienceId};
use crate::present::card::{Card, ContactCard};
use crate::present::script::Script;
use crate::search::Catalog;

const HEAD: [&str; 19] = [
    "id",
    "target",
    "title",
    "path",
    "audiences",
    "not_for",
    "kind",
    "value",
    "say",
    "dial_link",
    "label",
    "note",
    "hours",
    "zone",
    "callers",
    "services",
    "notes",
    "source",
    "checked",
];

/// The contacts that serve an audience, or all of them, with their options.
///
/// # Errors
/// None in practice: writing a table to memory cannot fail.
pub fn csv(catalog: &Catalog, audience: Option<AudienceId>) -> Result<String, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(HEAD)?;
    for (directory, audience) in directories(catalog, audience) {
        for id in directory.served(audience).flat_map(|id| by_channel(directory, id)) {
            if let Card::Contact(card) = Card::new(directory, id, None) {
                table.write_record(row(&card))?;
            }
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(card: &ContactCard<'_>) -> [String; HEAD.len()] {
    let ids = |audiences: &[&Audience]| audiences.iter().map(|audience| &*audience.id).collect::<Vec<_>>().join("; ");
    let script = card.script();
    let channel = script.map(|script| script.channel);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        card.text_id.clone(),
        script.and_then(|script| script.target.as_ref()).map_or_else(String::new, ToString::to_string),
        card.title().to_owned(),
        card.titles.join(" > "),
        ids(&card.audiences),
        ids(&card.not_for),
        channel.map_or_else(String::new, |channel| channel.kind.name().to_lowercase()),
        text(channel.and_then(|channel| channel.printed())),
        script.and_then(Script::say_with_kind).unwrap_or_default(),
        script.and_then(Script::dial).map_or_else(String::new, |dial| dial.best().to_owned()),
        text(channel.and_then(|channel| channel.label.as_deref())),
        text(channel.and_then(|channel| channel.note.as_deref())),
        text(card.hours.schedule.map(Schedule::listed)),
        // A cell of its own, so shorter than the words for people.
        card.hours
            .zone()
            .map_or_else(String::new, |(name, stated)| format!("{name}{}", if stated { "" } else { " (assumed)" })),
        card.callers.join("; "),
        card.services.join("; "),
        card.notes.join("; "),
        card.source.to_owned(),
        card.checked.to_string(),
    ]
}
