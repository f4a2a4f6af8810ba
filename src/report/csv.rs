//! A directory as a table (RFC 4180): a line for each way to reach each answer.

use super::{Subject, line_of_titles};
use crate::directory::hours::Hours;
use crate::directory::{Directory, EntryId};

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
/// None that is known: a table in memory can be written.
pub fn csv(directory: &Directory, audience: Option<usize>) -> Result<String, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(HEAD)?;
    for answer in directory.served(audience) {
        // An option is reached by its own line; a contact that nothing reaches is there all the same.
        let channels = match answer {
            EntryId::Contact(contact) => directory.contacts[contact].channels.len().max(1),
            _ => 1,
        };
        let by = |channel| Some(channel).filter(|_| matches!(answer, EntryId::Contact(_)));
        for channel in 0..channels {
            table.write_record(row(directory, Subject { answer, channel: by(channel) }))?;
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(directory: &Directory, subject: Subject) -> [String; HEAD.len()] {
    let answer = subject.answer;
    let names = |set: crate::directory::AudienceSet| {
        let ids = set.iter().map(|audience| &*directory.audiences[audience].id);
        ids.collect::<Vec<_>>().join("; ")
    };
    let channel = subject.by(directory);
    let (listed, zone) = match directory.hours(answer) {
        Hours::Listed(schedule) => (schedule.listed().to_owned(), schedule.zone()),
        Hours::NotListed | Hours::NotStated => (String::new(), None),
    };
    // Only what the source states is told without the word that it is assumed.
    let zone = zone.and_then(|zone| zone.rules.iana_name().map(|name| (name, zone.stated)));
    let zone =
        zone.map_or_else(String::new, |(name, stated)| if stated { name.into() } else { format!("{name} (assumed)") });
    let about = directory.about(answer);
    let joined = |texts: Option<&Vec<Box<str>>>| texts.map_or_else(String::new, |texts| texts.join("; "));
    [
        directory.id(answer),
        subject.target(directory).unwrap_or_default(),
        directory.title(answer).to_owned(),
        line_of_titles(directory, answer).join(" > "),
        names(directory.audiences(answer)),
        names(directory.not_for(answer)),
        channel.map_or_else(String::new, |channel| channel.reach.kind().to_lowercase()),
        channel.and_then(|channel| channel.reach.printed()).unwrap_or_default().to_owned(),
        subject.say_kind(directory).unwrap_or_default(),
        channel
            .and_then(|channel| directory.dial(answer, channel))
            .map_or_else(String::new, |dial| dial.best().to_owned()),
        channel.and_then(|channel| channel.label.as_deref()).unwrap_or_default().to_owned(),
        channel.and_then(|channel| channel.note.as_deref()).unwrap_or_default().to_owned(),
        listed,
        zone,
        joined(about.map(|about| &about.serves)),
        joined(about.map(|about| &about.services)),
        joined(about.map(|about| &about.notes)),
        directory.contact(answer).map_or_else(String::new, |contact| contact.source.to_string()),
        directory.transcribed.to_string(),
    ]
}
