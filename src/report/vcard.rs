//! Contacts for address books: vCard 4.0 (RFC 6350) or 3.0 (RFC 2426), one for each entry, so that an option is dialled
//! with its keys.

use std::collections::HashMap;

use jiff::Timestamp;

use super::directories;
use crate::directory::hours::Schedule;
use crate::directory::{Channel, ChannelKind, Directory, Endpoint, EntryId, MenuOption, Scope};
use crate::present::card::{Card, ContactCard, short_names};
use crate::present::facts::alert_words;
use crate::present::page::capitalized;
use crate::present::script::{Script, outcome, step_words};
use crate::search::Catalog;

/// The longest line, in bytes; the rest of it continues after a line break and a space.
const MAX_LINE_LEN: usize = 75;

/// A version of the format. Some programs, such as Outlook, read 3.0 only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation.
pub enum VCardVersion {
    V3,
    #[default]
    V4,
}

/// A vCard for each contact and option that serves an audience, or for all of them.
pub fn vcards_for(catalog: &Catalog, scope: Scope, now: Timestamp, version: VCardVersion) -> String {
    let served = directories(catalog, scope).flat_map(|(directory, audience)| directory.served(audience));
    written(catalog, &served.collect::<Vec<_>>(), now, version)
}

/// A vCard for each contact and option; notices have none. It has the alerts in force at the moment and the
/// closures of the next days.
pub fn vcards(catalog: &Catalog, ids: &[EntryId], now: Timestamp) -> String {
    written(catalog, ids, now, VCardVersion::default())
}

fn written(catalog: &Catalog, ids: &[EntryId], now: Timestamp, version: VCardVersion) -> String {
    let mut count: HashMap<&str, usize> = HashMap::new();
    let contacts = catalog.directories().iter().flat_map(|directory| &directory.contacts);
    contacts.for_each(|contact| *count.entry(&contact.name).or_default() += 1);
    let cards = ids.iter().filter_map(|id| {
        let directory = catalog.directory(*id);
        let card = Card::new(directory, *id, Some(now));
        let card = card.contact()?;
        let is_unique = card.titles.first().is_some_and(|name| count.get(name) == Some(&1));
        Some(vcard(directory, card, is_unique, version))
    });
    cards.collect()
}

/// The vCard of an entry. Its name includes the audiences unless no other contact has the same name.
fn vcard(directory: &Directory, card: &ContactCard<'_>, is_unique: bool, version: VCardVersion) -> String {
    let mut vcard = VCard(String::new());
    let is_4 = version == VCardVersion::V4;
    vcard.line("BEGIN:VCARD");
    vcard.line(if is_4 { "VERSION:4.0" } else { "VERSION:3.0" });
    if is_4 {
        vcard.line("KIND:org");
    }
    let uid = if is_4 { "UID;VALUE=text" } else { "UID" };
    vcard.text(uid, &format!("{}/{}", directory.id, card.text_id));
    let audiences = if is_unique { String::new() } else { format!(" ({})", card.audience_names()) };
    let name = format!("{}: {}{audiences}", directory.organisation, card.titles.join(", "));
    vcard.text("FN", &name);
    if !is_4 {
        // Required in this version; programs that know the second line show the entry as an organisation.
        vcard.line(&format!("N:{};;;;", escaped(&name)));
        vcard.line("X-ABSHOWAS:COMPANY");
    }
    vcard.text("ORG", &directory.organisation);
    let categories: Vec<String> = card.audiences.iter().map(|audience| escaped(&audience.short)).collect();
    if !categories.is_empty() {
        vcard.line(&format!("CATEGORIES:{}", categories.join(",")));
    }
    for (i, script) in card.scripts.iter().enumerate() {
        match version {
            VCardVersion::V4 => vcard.channel(script, if i == 0 { ";PREF=1" } else { "" }),
            VCardVersion::V3 => vcard.channel_3(script, if i == 0 { ",PREF" } else { "" }),
        }
    }
    vcard.text("NOTE", &note(directory, card));
    vcard.line(&format!("REV:{}T000000Z", card.facts.checked.strftime("%Y%m%d")));
    vcard.line("END:VCARD");
    vcard.0
}

/// What an address book has no field for.
fn note(directory: &Directory, card: &ContactCard<'_>) -> String {
    let mut lines = Vec::new();
    let is_option = card.titles.len() > 1;
    lines.extend(card.script().and_then(Script::say_with_kind).filter(|_| is_option));
    lines.extend(
        card.script()
            .and_then(|script| outcome(script.steps.last()?, card.options))
            .map(|outcome| capitalized(&outcome)),
    );
    let menu_lines: Vec<EntryId> =
        directory.children(card.id).into_iter().filter(|line| directory.is_line(*line)).collect();
    if menu_lines.is_empty() {
        lines.extend(card.next.iter().map(|option| choice(option)));
    }
    // Each phone has a menu of its own.
    for line in menu_lines {
        let number = directory.channel(line).and_then(Channel::printed).unwrap_or_default();
        let options = directory.next_options(line).into_iter().filter_map(|next| directory.option(next));
        lines.extend(options.map(|option| format!("{number}, {}", step_words(&option.step)) + ": " + &option.label));
    }
    for channel in card.scripts.iter().map(|script| script.channel) {
        let about: Vec<&str> = channel.label.as_deref().into_iter().chain(channel.note.as_deref()).collect();
        if !about.is_empty() {
            let printed = channel.printed().unwrap_or("address not stated");
            lines.push(format!("{} {printed}: {}", channel.kind.name(), about.join(". ")));
        }
    }
    if let Some(listed) = card.hours.schedule.map(Schedule::listed) {
        lines.push(format!("Hours: {listed} ({})", card.hours.zone_note()));
    }
    lines.extend(card.hours.closures().iter().map(|closure| capitalized(closure)));
    lines.push(format!("For: {}", card.audience_names()));
    if !card.not_for.is_empty() {
        lines.push(format!("Not for: {}", short_names(&card.not_for)));
    }
    if !card.callers.is_empty() {
        lines.push(format!("Callers: {}", card.callers.join(", ")));
    }
    let facts = &card.facts;
    lines.extend(facts.alert.map(|alert| format!("Alert: {}", alert_words(alert))));
    let lists = [("Have ready", facts.have_ready), ("Region", facts.region), ("Languages", facts.languages)];
    let lists = lists.into_iter().filter(|(_, texts)| !texts.is_empty());
    lines.extend(lists.map(|(label, texts)| format!("{label}: {}", texts.join(", "))));
    lines.extend(facts.wait.map(|wait| format!("Usual wait: {wait}")));
    lines.extend(facts.escalate.as_ref().map(|next| format!("Then: {}", next.title)));
    lines.extend(facts.articles.iter().map(|article| format!("{}: {}", article.title, article.link)));
    lines.extend(card.services.iter().chain(card.notes).map(ToString::to_string));
    let by = facts.checked_by.map_or_else(String::new, |by| format!(" by {by}"));
    lines.push(format!("Source: {}, checked {}{by}", card.source, facts.checked));
    lines.join("\n")
}

/// An option and what the caller does to take it: `Press 1: Billing`.
fn choice(option: &MenuOption) -> String {
    format!("{}: {}", capitalized(&step_words(&option.step)), option.label)
}

/// Lines that end in CR LF, folded.
struct VCard(String);

impl VCard {
    fn channel(&mut self, script: &Script<'_>, preferred: &str) {
        let channel = script.channel;
        let number_type = match channel.kind {
            ChannelKind::Fax => "fax",
            ChannelKind::Tty => "textphone",
            ChannelKind::Sms => "text",
            _ => "voice",
        };
        match &channel.endpoint {
            Some(Endpoint::Number(_)) if channel.kind == ChannelKind::WhatsApp => {
                self.line(&format!("IMPP{preferred};TYPE=work:{}", channel.link().unwrap_or_default()));
            }
            Some(Endpoint::Number(number)) => {
                self.line(&format!("TEL;VALUE=uri{preferred};TYPE=\"{number_type},work\":{}", number.link()));
                // A second number with its keys as phones dial them: a link has no place for keys.
                let with_keys = script.dial().and_then(|dial| dial.paused.filter(|paused| *paused != dial.link));
                if let Some(with_keys) = with_keys {
                    let text = with_keys.trim_start_matches("tel:");
                    self.text(&format!("TEL;VALUE=text;TYPE=\"{number_type},work\""), text);
                }
            }
            Some(Endpoint::Email(address)) => self.text(&format!("EMAIL{preferred};TYPE=work"), address.printed()),
            Some(Endpoint::Web(page)) => self.line(&format!("URL{preferred};TYPE=work:{page}")),
            // An address in one line has no components, so it stands whole in that of the street and as the label.
            Some(Endpoint::Place(address)) => {
                let label = address.replace('"', "'");
                self.line(&format!("ADR{preferred};TYPE=work;LABEL=\"{label}\":;;{};;;;", escaped(address)));
            }
            None => {}
        }
    }

    /// The same in version 3.0, in which numbers are texts and a link to dial has no place.
    fn channel_3(&mut self, script: &Script<'_>, preferred: &str) {
        let channel = script.channel;
        let number_type = match channel.kind {
            ChannelKind::Fax => "FAX",
            ChannelKind::Tty => "X-TTY",
            ChannelKind::Sms => "MSG",
            _ => "VOICE",
        };
        match &channel.endpoint {
            Some(Endpoint::Number(_)) if channel.kind == ChannelKind::WhatsApp => {
                self.line(&format!("IMPP;TYPE=WORK{preferred}:{}", channel.link().unwrap_or_default()));
            }
            Some(Endpoint::Number(number)) => {
                let digits = number.dial_string();
                self.text(&format!("TEL;TYPE={number_type},WORK{preferred}"), &digits);
                let with_keys = script.dial().and_then(|dial| dial.paused).map(|link| link.replace("tel:", ""));
                if let Some(with_keys) = with_keys.filter(|with_keys| *with_keys != digits) {
                    self.text(&format!("TEL;TYPE={number_type},WORK"), &with_keys);
                }
            }
            Some(Endpoint::Email(address)) => self.text(&format!("EMAIL;TYPE=INTERNET{preferred}"), address.printed()),
            Some(Endpoint::Web(page)) => self.line(&format!("URL:{page}")),
            Some(Endpoint::Place(address)) => {
                self.line(&format!("ADR;TYPE=WORK{preferred}:;;{};;;;", escaped(address)));
                self.text("LABEL;TYPE=WORK", address);
            }
            None => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    fn line(&mut self, line: &str) {
        let mut free = MAX_LINE_LEN;
        for c in line.chars() {
            if c.len_utf8() > free {
                self.0 += "\r\n ";
                free = MAX_LINE_LEN - 1;
            }
            self.0.push(c);
            free -= c.len_utf8();
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
