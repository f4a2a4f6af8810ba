//! vCards of version 2.1, 3.0 and 4.0, as address books write them.

use std::collections::HashMap;

use calcard::vcard::{VCard, VCardEntry, VCardParameterName, VCardProperty, VCardType, VCardValue};
use calcard::{Entry, Parser};

use super::columns::kind;
use super::draft::{Draft, Origin, Record};
use super::row::field_of;
use super::text::clean;
use crate::directory::ChannelKind;

/// The properties that say nothing about how to reach the contact.
const BOOKKEEPING: [&str; 6] =
    ["X-ABUID", "X-ABADR", "X-ABSHOWAS", "X-IMAGEHASH", "X-IMAGETYPE", "X-EVOLUTION-FILE-AS"];

/// Reads the cards of a file into a draft. Returns how many there are.
pub(super) fn read(file: &str, text: &str, draft: &mut Draft) -> usize {
    let mut count = 0;
    let mut organisations: HashMap<String, usize> = HashMap::new();
    for (line, card) in cards(text) {
        let origin = Origin { file: file.to_owned(), line: Some(line) };
        match Parser::new(card).entry() {
            Entry::VCard(card) => {
                count += 1;
                *organisations.entry(organisation(&card)).or_default() += 1;
                add(&card, &origin, draft);
            }
            _ => draft.head.omit(&format!("the card at line {line}"), "it cannot be read"),
        }
    }
    // Cards that all are of one organisation are its directory.
    if let ([(organisation, _)], true) = (&organisations.iter().collect::<Vec<_>>()[..], draft.head.fields.is_empty()) {
        draft.head.set("organisation", organisation);
    }
    count
}

/// The text of each card, from the line of its BEGIN, which is returned with it, to the next one.
fn cards(text: &str) -> Vec<(u64, &str)> {
    let mut starts = Vec::new();
    let mut offset = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if line.trim().eq_ignore_ascii_case("BEGIN:VCARD") {
            starts.push((number, offset));
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]).collect::<Vec<_>>();
    starts.iter().zip(ends).map(|((line, start), end)| (*line, &text[*start..end])).collect()
}

fn organisation(card: &VCard) -> String {
    card.property(&VCardProperty::Org).map(|org| texts(org).first().cloned().unwrap_or_default()).unwrap_or_default()
}

/// Adds the contact of a card, unless it has no name.
fn add(card: &VCard, origin: &Origin, draft: &mut Draft) {
    let mut contact = Record::new(origin);
    let organisation = organisation(card);
    let categories: Vec<String> =
        card.properties(&VCardProperty::Categories).flat_map(texts).filter(|name| !is_system_group(name)).collect();
    let name = name(card, &organisation, &categories);
    // Our own cards are named by the id of the entry, which for an option has steps behind that of its contact.
    let own = card.uid().and_then(|uid| uid.split_once('/')).map_or("", |(_, id)| id);
    if own.contains('/') {
        let why = "a vCard does not hold phone menus; import the JSON export instead";
        draft.head.omissions.push(super::draft::Omission {
            origin: origin.clone(),
            what: format!("option {}", clean(own)),
            why: why.to_owned(),
        });
        return;
    }
    if name.is_empty() {
        draft.head.omit(&format!("the card at line {}", origin.line.unwrap_or_default()), "it has no name");
        return;
    }
    let id = draft.id(if own.is_empty() { &name } else { own });
    contact = contact.with("id", &id).with("name", &name).with("source", &origin.file);
    for category in &categories {
        let audience = draft.audience(category, origin);
        contact.push("audiences", &audience);
    }
    let labels = labels(card);
    for entry in &card.entries {
        let label = entry.group.as_ref().and_then(|group| labels.get(group.as_str())).map_or("", |label| label);
        property(entry, label, &mut contact);
    }
    draft.contacts.push(contact);
}

/// Whether a group is one that Google adds by itself.
fn is_system_group(name: &str) -> bool {
    ["mycontacts", "starred"].contains(&&*name.trim_start_matches(['*', ' ']).to_lowercase())
}

/// The name of a card: as it is shown, else of the person, else of the organisation. In our own cards, the organisation
/// stands before it, and the audiences behind it.
fn name(card: &VCard, organisation: &str, categories: &[String]) -> String {
    let shown = card.property(&VCardProperty::Fn).map(|shown| texts(shown).join(", ")).unwrap_or_default();
    let person = card.property(&VCardProperty::N).map(|parts| {
        let parts = texts(parts);
        // Family, given and further names, titles before and behind.
        [3, 1, 2, 0, 4].into_iter().filter_map(|i| parts.get(i)).map(String::as_str).collect::<Vec<_>>().join(" ")
    });
    let names = [shown, person.unwrap_or_default(), organisation.to_owned()].map(|name| clean(&name));
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let name = name.strip_prefix(&clean(&format!("{organisation}: "))).map_or(&*name, str::trim_start);
    let audiences = [format!("({})", categories.join(", ")), "(Every audience)".to_owned()];
    let bare = audiences.iter().find_map(|audiences| name.strip_suffix(audiences.as_str()));
    bare.unwrap_or(name).trim().to_owned()
}

/// The labels that Apple and Google give to the properties of a group: `item1.X-ABLabel:Claims`.
fn labels(card: &VCard) -> HashMap<&str, String> {
    let entries = card.entries.iter().filter_map(|entry| match &entry.name {
        VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABLabel") => {
            let label = texts(entry).join(" ");
            // Apple's own labels are `_$!<Work>!$_`.
            let label = label.trim_start_matches("_$!<").trim_end_matches(">!$_").to_owned();
            Some((entry.group.as_deref()?, label))
        }
        _ => None,
    });
    entries.collect()
}

/// Adds what a property says.
fn property(entry: &VCardEntry, label: &str, contact: &mut Record) {
    let all = texts(entry);
    let text = all.join(" ");
    let channel = |contact: &Record, kind: ChannelKind, value: &str| {
        Record::new(&contact.origin).with(field_of(kind), value).with("label", label)
    };
    match &entry.name {
        VCardProperty::Tel => match number_kind(entry, label) {
            Ok(kind) => contact.push_channel(channel(contact, kind, &text)),
            Err(why) => contact.omit(&format!("TEL: {text}"), &why),
        },
        VCardProperty::Email => contact.push_channel(channel(contact, ChannelKind::Email, mail(&text))),
        VCardProperty::Url => contact.push_channel(channel(contact, ChannelKind::Web, &text)),
        VCardProperty::Impp => match text.strip_prefix("https://wa.me/").or(text.strip_prefix("whatsapp:")) {
            Some(number) => {
                let number = format!("+{}", number.trim_start_matches('+'));
                contact.push_channel(channel(contact, ChannelKind::WhatsApp, &number));
            }
            None => contact.omit(&format!("IMPP: {text}"), "the service is not known"),
        },
        VCardProperty::Adr => {
            let parts: Vec<&str> = all.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
            let kind = if label.eq_ignore_ascii_case("visit") { ChannelKind::Visit } else { ChannelKind::Post };
            contact.push_channel(channel(contact, kind, &lines(&parts.join(", ")).join(", ")));
        }
        VCardProperty::Note => lines(&text).into_iter().for_each(|line| contact.push("notes", line)),
        VCardProperty::Title | VCardProperty::Role => contact.push("notes", &text),
        VCardProperty::Nickname => all.iter().for_each(|name| contact.push("aliases", name)),
        VCardProperty::Lang | VCardProperty::Language => contact.push("languages", &text),
        VCardProperty::Tz => contact.set("zone", &text),
        VCardProperty::Org => {
            // The parts after the organisation are units of it.
            all.iter().skip(1).for_each(|unit| contact.push("notes", unit));
        }
        VCardProperty::Begin
        | VCardProperty::End
        | VCardProperty::Version
        | VCardProperty::Fn
        | VCardProperty::N
        | VCardProperty::Kind
        | VCardProperty::Categories
        | VCardProperty::Uid
        | VCardProperty::Rev
        | VCardProperty::Created
        | VCardProperty::Prodid => {}
        VCardProperty::Other(name) if BOOKKEEPING.iter().any(|known| name.eq_ignore_ascii_case(known)) => {}
        VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABLabel") => {}
        other if is_data(entry) => {
            contact.omit(other.as_str(), "pictures, sounds and keys have no place in a directory")
        }
        other => contact.omit(&format!("{}: {text}", other.as_str()), "the property is not understood"),
    }
}

/// The kind of a number by its types, else by its label; a voice line if neither says otherwise.
fn number_kind(entry: &VCardEntry, label: &str) -> Result<ChannelKind, String> {
    let mut others = Vec::new();
    let mut is_text = false;
    let types = entry.parameters(&VCardParameterName::Type).filter_map(|value| value.as_type());
    for known in types {
        match known {
            calcard::common::IanaType::Iana(VCardType::Fax) => return Ok(ChannelKind::Fax),
            calcard::common::IanaType::Iana(VCardType::Textphone) => return Ok(ChannelKind::Tty),
            calcard::common::IanaType::Iana(VCardType::Pager) => return Err("pagers are not supported".to_owned()),
            calcard::common::IanaType::Iana(VCardType::Text) => is_text = true,
            calcard::common::IanaType::Iana(VCardType::Voice | VCardType::Cell) => others.push(ChannelKind::Phone),
            calcard::common::IanaType::Other(name) => others.extend(kind(name)),
            calcard::common::IanaType::Iana(_) => {}
        }
    }
    // Phones often list both; such a line can be called.
    if is_text && !others.contains(&ChannelKind::Phone) {
        return Ok(ChannelKind::Sms);
    }
    Ok(others.into_iter().next().or_else(|| kind(label)).unwrap_or(ChannelKind::Phone))
}

/// The values of a property as texts, each with its components.
fn texts(entry: &VCardEntry) -> Vec<String> {
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => text.clone(),
        VCardValue::Component(parts) => parts.join(", "),
        VCardValue::Integer(number) => number.to_string(),
        VCardValue::Float(number) => number.to_string(),
        VCardValue::Boolean(flag) => flag.to_string(),
        VCardValue::PartialDateTime(_)
        | VCardValue::Binary(_)
        | VCardValue::Sex(_)
        | VCardValue::GramGender(_)
        | VCardValue::Kind(_) => String::new(),
    };
    entry.values.iter().map(text).collect()
}

fn is_data(entry: &VCardEntry) -> bool {
    matches!(entry.name, VCardProperty::Photo | VCardProperty::Logo | VCardProperty::Sound | VCardProperty::Key)
        || entry.values.iter().any(|value| matches!(value, VCardValue::Binary(_)))
}

fn mail(text: &str) -> &str {
    text.strip_prefix("mailto:").unwrap_or(text)
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
