//! Our own JSON export. It states everything with each entry, also what an option takes from the entry above it; a data
//! file states that once, so only what differs from above is taken over.

use serde_json::Value as Json;

use super::draft::{Draft, Origin, Record, Value};
use super::json_value::{list, text, texts};
use super::row::field_of;
use crate::directory::ChannelKind;

/// Whether a document is one of ours that holds entries.
pub(super) fn is_own(root: &Json) -> bool {
    root.get("schema").is_some_and(Json::is_number) && root.get("answers").is_some_and(Json::is_array)
}

/// The number of directories in a document.
pub(super) fn directory_count(root: &Json) -> usize {
    list(root, "directories").len().max(1)
}

/// Reads a document with one directory into a draft.
pub(super) fn read(file: &str, root: &Json, draft: &mut Draft) {
    let origin = Origin { file: file.to_owned(), line: None };
    let nothing = Json::Null;
    let directory = root.get("directory").unwrap_or(&nothing);
    if draft.head.fields.is_empty() {
        for name in ["id", "name", "organisation", "source", "transcribed", "owner", "region", "zone", "holidays"] {
            draft.head.set(name, &text(directory, name).unwrap_or_default());
        }
    }
    for audience in list(directory, "audiences") {
        let mut record = fields(&origin, audience, &["id", "name", "short"]);
        record.set_texts("aliases", texts(audience, "aliases"));
        draft.add_audience(record);
    }
    for account in list(directory, "accounts") {
        draft.accounts.push(fields(&origin, account, &["id", "name"]));
    }
    let mut reader = Reader { origin: &origin, directory, closures: Vec::new() };
    for closure in list(directory, "closures") {
        reader.closures.push((closure, Vec::new()));
    }
    let contacts: Vec<Record> = list(root, "answers").iter().map(|entry| reader.contact(entry)).collect();
    draft.closures.extend(reader.closures.iter().map(|(closure, entries)| {
        let mut record = fields(&origin, closure, &["from", "until", "reason"]);
        record.set_texts("entries", entries.iter().map(String::as_str));
        record
    }));
    draft.contacts.extend(contacts);
    draft.notices.extend(list(root, "notices").iter().map(|entry| notice(&origin, entry)));
}

/// Some fields of an object as a record.
fn fields(origin: &Origin, object: &Json, names: &[&'static str]) -> Record {
    let mut record = Record::new(origin);
    names.iter().for_each(|name| record.set(name, &text(object, name).unwrap_or_default()));
    record
}

fn notice(origin: &Origin, entry: &Json) -> Record {
    let mut record = fields(origin, entry, &["id", "title", "source", "wording", "site"]);
    record.set_texts("text", texts(entry, "text"));
    for section in list(entry, "sections") {
        let mut own = fields(origin, section, &["title"]);
        own.set_texts("text", texts(section, "text"));
        record.push_record("sections", own);
    }
    record
}

struct Reader<'v> {
    origin: &'v Origin,
    directory: &'v Json,
    /// The closures, each with the ids of the entries that it closes; none for all.
    closures: Vec<(&'v Json, Vec<String>)>,
}

/// An option's contact and the entry above it.
#[derive(Clone, Copy)]
struct Above<'v> {
    contact: &'v Json,
    entry: &'v Json,
    /// What the ids of the line's options begin with.
    line: &'v str,
}

impl<'v> Reader<'v> {
    fn contact(&mut self, entry: &'v Json) -> Record {
        let mut contact = fields(self.origin, entry, &["id"]);
        contact.set("name", &text(entry, "title").unwrap_or_default());
        for name in ["source", "account"] {
            contact.set(name, &text(entry, name).unwrap_or_default());
        }
        contact.set_texts("audiences", texts(entry, "audiences"));
        self.details(&mut contact, entry, None);
        contact_hours(&mut contact, entry);
        let mut channels: Vec<Record> = list(entry, "channels").iter().map(|one| self.channel(one)).collect();
        self.menus(entry, &mut channels, &mut contact);
        channels.into_iter().for_each(|channel| contact.push_record("channels", channel));
        contact
    }

    fn channel(&self, channel: &Json) -> Record {
        let name = text(channel, "kind").unwrap_or_default();
        let mut record = Record::new(self.origin);
        let kind = ChannelKind::ALL.into_iter().find(|kind| kind.name().to_lowercase() == name);
        match kind {
            Some(kind) => record.set(field_of(kind), &text(channel, "value").unwrap_or("not stated".to_owned())),
            None => record.omit(&name, "the kind is not known"),
        }
        for name in ["label", "note"] {
            record.set(name, &text(channel, name).unwrap_or_default());
        }
        record.set("hours", &channel.get("hours").and_then(|hours| text(hours, "listed")).unwrap_or_default());
        record
    }

    /// Adds the menus of a contact to its channels: that of its first line, or of each line that is an entry itself.
    fn menus(&mut self, entry: &'v Json, channels: &mut [Record], contact: &mut Record) {
        let (options, lines): (Vec<&Json>, Vec<&Json>) =
            list(entry, "options").iter().partition(|child| child.get("option").is_some());
        let own = Some((entry, options)).filter(|(_, options)| !options.is_empty());
        let lines = lines.into_iter().map(|line| (line, list(line, "options").iter().collect()));
        for (line, options) in own.into_iter().chain(lines) {
            let uri = |channel: &Json| text(channel, "uri");
            let wanted = list(line, "channels").first().and_then(uri);
            let index = list(entry, "channels").iter().position(|channel| uri(channel) == wanted);
            let id = text(line, "id").unwrap_or_default();
            let above = Above { contact: entry, entry: line, line: &id };
            let menus = self.options(&options, above);
            match index.and_then(|index| channels.get_mut(index)) {
                Some(channel) => {
                    for (field, options) in menus {
                        options.into_iter().for_each(|option| channel.push_record(field, option));
                    }
                }
                None => contact.omit(&format!("menu of {id}"), "its line is not listed"),
            }
        }
    }

    /// The options of a menu: those in it, and those that hold anywhere.
    fn options(&mut self, options: &[&'v Json], above: Above<'_>) -> [(&'static str, Vec<Record>); 2] {
        let [mut menu, mut anywhere] = [("menu", Vec::new()), ("anywhere", Vec::new())];
        for option in options {
            let is_anywhere = flag(option.get("option"), "anywhere");
            let record = self.option(option, above);
            if is_anywhere { anywhere.1.push(record) } else { menu.1.push(record) }
        }
        [menu, anywhere]
    }

    fn option(&mut self, entry: &'v Json, above: Above<'_>) -> Record {
        let mut record = Record::new(self.origin);
        step(&mut record, entry);
        record.set("label", &text(entry, "title").unwrap_or_default());
        let without = |name: &str, others: &[&Json]| -> Vec<&'v str> {
            let is_own = |id: &&str| !others.iter().any(|other| texts(other, name).any(|known| known == *id));
            texts(entry, name).filter(is_own).collect()
        };
        if !list(above.contact, "audiences").is_empty() {
            record.set_texts("also", without("audiences", &[above.contact, above.entry]).into_iter());
        }
        record.set_texts("not_for", without("not_for", &[above.entry]).into_iter());
        self.details(&mut record, entry, Some(above));
        option_hours(&mut record, entry, above.entry);
        let own = entry.get("option");
        if flag(own, "operator") {
            record.set_word("operator", "true");
        }
        record.set("language", &own.and_then(|own| text(own, "language")).unwrap_or_default());
        match own.and_then(|own| text(own, "goto")).as_deref() {
            Some("repeat") => record.set_word("repeat", "true"),
            Some(goal) => {
                let steps = goal.strip_prefix(above.line).and_then(|steps| steps.strip_prefix('/'));
                record.set("goto", steps.unwrap_or(goal));
            }
            None => {}
        }
        let below: Vec<&Json> = list(entry, "options").iter().collect();
        let [(_, menu), _] = self.options(&below, Above { entry, ..above });
        menu.into_iter().for_each(|option| record.push_record("menu", option));
        record
    }

    /// Adds what contacts and options have in common, except their hours.
    fn details(&mut self, record: &mut Record, entry: &'v Json, above: Option<Above<'_>>) {
        let nothing = Json::Null;
        let (contact, parent) = above.map_or((&nothing, &nothing), |above| (above.contact, above.entry));
        record.set_texts("aliases", texts(entry, "aliases"));
        if contact.get("serves") != entry.get("serves") {
            record.set_texts("serves", texts(entry, "serves"));
        }
        record.set_texts("services", texts(entry, "services"));
        record.set_texts("notes", texts(entry, "notes"));
        for name in ["languages", "have_ready", "region"] {
            if parent.get(name) != entry.get(name) {
                record.set_texts(name, texts(entry, name));
            }
        }
        for name in ["wait", "checked_by"] {
            if parent.get(name) != entry.get(name) {
                record.set(name, &text(entry, name).unwrap_or_default());
            }
        }
        let known = if above.is_some() { text(parent, "checked") } else { text(self.directory, "transcribed") };
        record.set("checked", &text(entry, "checked").filter(|own| Some(own) != known.as_ref()).unwrap_or_default());
        if let Some(alert) = entry.get("alert").filter(|own| parent.get("alert") != Some(own)) {
            record.fields.push(("alert", Value::Record(fields(self.origin, alert, &["text", "from", "until"]))));
        }
        if let Some(next) = entry.get("escalate").filter(|own| parent.get("escalate") != Some(own)) {
            record.set("escalate", &text(next, "id").unwrap_or_default());
        }
        if parent.get("articles") != entry.get("articles") {
            for article in list(entry, "articles") {
                record.push_record("articles", fields(self.origin, article, &["title", "link"]));
            }
        }
        if flag(Some(entry), "internal") && !flag(Some(parent), "internal") {
            record.set_word("internal", "true");
        }
        let above_closures = list(above.map_or(self.directory, |above| above.entry), "closures");
        let own = list(entry, "closures").iter().filter(|closure| !above_closures.contains(closure));
        for closure in own {
            let id = text(entry, "id").unwrap_or_default();
            let known = self.closures.iter_mut().find(|(known, entries)| *known == closure && !entries.is_empty());
            match known {
                Some((_, entries)) => entries.push(id),
                None => self.closures.push((closure, vec![id])),
            }
        }
    }
}

fn flag(object: Option<&Json>, name: &str) -> bool {
    object.and_then(|object| object.get(name)).and_then(Json::as_bool).unwrap_or_default()
}

/// Adds the hours of a contact. The export gives those of its first channel where that has its own; then those of a
/// line without hours of its own are the contact's.
fn contact_hours(contact: &mut Record, entry: &Json) {
    let has_own = |entry: &Json| list(entry, "channels").first().is_some_and(|channel| channel.get("hours").is_some());
    let entries =
        std::iter::once(entry).chain(list(entry, "options").iter().filter(|child| child.get("option").is_none()));
    let own =
        entries.filter(|entry| !has_own(entry)).find_map(|entry| entry.get("hours").filter(|hours| hours.is_object()));
    let of_channels = list(entry, "channels").iter().filter_map(|channel| channel.get("hours"));
    let zone = own.into_iter().chain(of_channels).find(|hours| flag(Some(hours), "zone_stated"));
    contact.set("hours", &own.and_then(|hours| text(hours, "listed")).unwrap_or_default());
    contact.set("zone", &zone.and_then(|hours| text(hours, "zone")).unwrap_or_default());
}

/// Adds the hours of an option that differ from those above it.
fn option_hours(option: &mut Record, entry: &Json, above: &Json) {
    let facts = |entry: &Json| {
        let hours = entry.get("hours").filter(|hours| hours.is_object())?;
        let zone = text(hours, "zone").filter(|_| flag(Some(hours), "zone_stated"));
        Some((text(hours, "listed")?, zone))
    };
    match (facts(entry), facts(above)) {
        (own, known) if own == known => {}
        (Some((listed, zone)), _) => {
            option.set("hours", &listed);
            option.set("zone", &zone.unwrap_or_default());
        }
        (None, _) => option.set("hours", "not stated"),
    }
}

/// Adds what the caller does to take an option: the last step of the way to it, if that is the one in its id.
fn step(record: &mut Record, entry: &Json) {
    let nothing = Json::Null;
    let id = text(entry, "id").unwrap_or_default();
    let segment = id.rsplit('/').next().unwrap_or_default();
    let last = list(entry, "steps").last().unwrap_or(&nothing);
    match segment {
        "enter" => {
            let enter = last.get("enter").unwrap_or(&nothing);
            let mut entered = fields(&record.origin, enter, &["what"]);
            if let Some(digits) = enter.get("digits").and_then(Json::as_u64) {
                entered.set_word("digits", digits);
            }
            entered.set("end", &text(enter, "end").unwrap_or_default());
            record.fields.push(("enter", Value::Record(entered)));
        }
        "wait" => match last.get("wait").and_then(Json::as_u64) {
            Some(seconds) => record.set_word("wait", seconds),
            None => record.set("wait", "stay on the line"),
        },
        _ => match segment.strip_prefix("say-") {
            Some(words) => record.set("say", &text(last, "say").unwrap_or_else(|| words.replace('-', " "))),
            None => record.set("press", segment),
        },
    }
}
