//! Contacts for address books: vCard 4.0 (RFC 6350), one card an answer, so that an option is dialled with its keys.

use std::collections::HashMap;

use super::{Subject, line_of_titles, whom};
use crate::directory::hours::Hours;
use crate::directory::{Channel, Directory, Endpoint, EntryId};

/// As many bytes as a line has; the rest of it goes on after a line break and a space.
const LINE: usize = 75;

/// A card for each contact and option; notices have none.
pub fn vcards(directory: &Directory, subjects: &[Subject]) -> String {
    let mut named: HashMap<&str, usize> = HashMap::new();
    directory.contacts.iter().for_each(|contact| *named.entry(&contact.name).or_default() += 1);
    let cards = subjects.iter().filter_map(|subject| {
        let is_alone = named.get(&*directory.contact(subject.answer)?.name) == Some(&1);
        Some(vcard(directory, *subject, is_alone))
    });
    cards.collect()
}

/// The card of an answer, which says whom it is for in its name unless no other contact is called so.
fn vcard(directory: &Directory, subject: Subject, is_alone: bool) -> String {
    let answer = subject.answer;
    let mut card = Card(String::new());
    card.line("BEGIN:VCARD");
    card.line("VERSION:4.0");
    card.line("KIND:org");
    card.text("UID;VALUE=text", &format!("{}/{}", directory.id, directory.id(answer)));
    let scope = if is_alone { String::new() } else { format!(" ({})", whom(directory, answer)) };
    let titles = line_of_titles(directory, answer).join(", ");
    card.text("FN", &format!("{}: {titles}{scope}", directory.organisation));
    card.text("ORG", &directory.organisation);
    let audiences = directory.audiences(answer).iter();
    let categories: Vec<String> = audiences.map(|audience| escaped(&directory.audiences[audience].short)).collect();
    if !categories.is_empty() {
        card.line(&format!("CATEGORIES:{}", categories.join(",")));
    }
    let own = subject.by(directory);
    let channels = directory.contact(answer).map_or(&[][..], |contact| &contact.channels);
    let others = channels.iter().filter(|channel| !own.is_some_and(|own| std::ptr::eq(own, *channel)));
    for (place, channel) in own.into_iter().chain(others).enumerate() {
        card.channel(directory, answer, channel, if place == 0 { ";PREF=1" } else { "" });
    }
    card.text("NOTE", &note(directory, subject));
    card.line(&format!("REV:{}T000000Z", directory.transcribed.strftime("%Y%m%d")));
    card.line("END:VCARD");
    card.0
}

/// What an address book has no field for.
fn note(directory: &Directory, subject: Subject) -> String {
    let answer = subject.answer;
    let mut lines = Vec::new();
    lines.extend(subject.say_kind(directory).filter(|_| directory.option(answer).is_some()));
    let choices = subject.by(directory).map_or_else(Vec::new, |channel| directory.choices(answer, channel));
    for option in choices.into_iter().filter_map(|child| directory.option(child)) {
        lines.push(format!("Key {}: {}", option.key, option.label));
    }
    for channel in directory.contact(answer).into_iter().flat_map(|contact| &contact.channels) {
        let about: Vec<&str> = channel.label.as_deref().into_iter().chain(channel.note.as_deref()).collect();
        if !about.is_empty() {
            let printed = channel.reach.printed().unwrap_or("address not stated");
            lines.push(format!("{} {printed}: {}", channel.reach.kind(), about.join(". ")));
        }
    }
    if let Hours::Listed(schedule) = directory.hours(answer) {
        let zone = match schedule.zone() {
            Some(zone) if zone.stated => zone.rules.iana_name().unwrap_or_default().to_owned(),
            Some(zone) => format!("time zone not stated, {} assumed", zone.rules.iana_name().unwrap_or_default()),
            None => "time zone not stated".to_owned(),
        };
        lines.push(format!("Hours: {} ({zone})", schedule.listed()));
    }
    lines.push(format!("For: {}", whom(directory, answer)));
    let not_for = directory.not_for(answer).iter().map(|audience| &*directory.audiences[audience].short);
    let not_for: Vec<&str> = not_for.collect();
    if !not_for.is_empty() {
        lines.push(format!("Not for: {}", not_for.join(", ")));
    }
    if let Some(about) = directory.about(answer) {
        if !about.serves.is_empty() {
            lines.push(format!("Callers: {}", about.serves.join(", ")));
        }
        lines.extend(about.services.iter().chain(&about.notes).map(ToString::to_string));
    }
    let source = directory.contact(answer).map_or("", |contact| &contact.source);
    lines.push(format!("Source: {source}, checked {}", directory.transcribed));
    lines.join("\n")
}

/// Lines that end in CR LF, folded.
struct Card(String);

impl Card {
    fn channel(&mut self, directory: &Directory, answer: EntryId, channel: &Channel, preferred: &str) {
        let uri = channel.reach.target().map(|target| target.to_string()).unwrap_or_default();
        match &channel.reach {
            Endpoint::Phone(number) => {
                self.line(&format!("TEL;VALUE=uri{preferred};TYPE=\"voice,work\":tel:{}", number.e164()));
                // The form that phones dial with its pauses; a link has no place for keys.
                let dial = directory.dial(answer, channel);
                if let Some(keys) = dial.and_then(|dial| dial.paused.filter(|paused| *paused != dial.link)) {
                    self.text("TEL;VALUE=text;TYPE=\"voice,work\"", keys.trim_start_matches("tel:"));
                }
            }
            Endpoint::Tty(number) => {
                self.line(&format!("TEL;VALUE=uri{preferred};TYPE=\"textphone,work\":tel:{}", number.e164()));
            }
            Endpoint::Fax(number) => {
                self.line(&format!("TEL;VALUE=uri{preferred};TYPE=\"fax,work\":tel:{}", number.e164()));
            }
            Endpoint::Email(address) => self.text(&format!("EMAIL{preferred};TYPE=work"), address.printed()),
            Endpoint::Web(Some(_)) => self.line(&format!("URL{preferred};TYPE=work:{uri}")),
            Endpoint::Web(None) => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0 += "\r\n ";
                room = LINE - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0 += "\r\n";
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped += "\\n",
            ',' | ';' | '\\' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}
