//! What the columns of a table hold, by their names. The names are data: adding one is a line in [`NAMES`].

use super::text::words;
use crate::directory::ChannelKind;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A field of the contact that is one text.
    Field(&'static str),
    /// A field of the contact that is a list of texts.
    List(&'static str),
    /// A part of the name of a person.
    NamePart,
    /// Whether only the organisation itself may see the contact.
    Internal,
    /// The ids or names of audiences.
    Audiences,
    /// Numbers or addresses of a kind.
    Channel(ChannelKind),
    /// The kind of the number or address in the column of [`Meaning::Value`].
    Kind,
    Value,
    /// What distinguishes the channel of the column before it.
    Label,
    /// Information about the channel of the column before it.
    ChannelNote,
    /// The extension of the number before it.
    Extension,
    /// A part of a postal address.
    AddressPart,
    /// The audiences that an option does not serve, in our own tables.
    NotFor,
    /// The language in which the line continues after an option, in our own tables.
    Language,
    /// Where an option leads, in our own tables.
    Leads,
    /// Nothing that a directory has, or what it has elsewhere.
    Ignored,
}

/// The names of columns in lower case without accents and numbers, by what they hold. `--map` takes the first of each.
const NAMES: &[(Meaning, &[&str])] = &[
    (
        Meaning::Field("name"),
        &[
            "name",
            "full name",
            "display name",
            "contact name",
            "contact",
            "team",
            "department",
            "unit",
            "abteilung",
            "bezeichnung",
            "ansprechpartner",
            "nombre",
            "nom",
            "nome",
            "service",
            "service name",
            "line",
            "office",
            "who",
            "title",
            "file as",
        ],
    ),
    (Meaning::Field("id"), &["id"]),
    (Meaning::Field("source"), &["source", "quelle", "fuente"]),
    (
        Meaning::Field("hours"),
        &[
            "hours",
            "opening hours",
            "office hours",
            "business hours",
            "times",
            "open",
            "offnungszeiten",
            "oeffnungszeiten",
            "sprechzeiten",
            "servicezeiten",
            "horario",
            "horaires",
            "orari",
        ],
    ),
    (Meaning::Field("zone"), &["zone", "time zone", "timezone", "zeitzone"]),
    (Meaning::Field("wait"), &["wait", "waiting time", "wait time"]),
    (Meaning::Field("checked"), &["checked", "last checked", "verified", "last verified"]),
    (Meaning::Field("checked_by"), &["checked by", "verified by"]),
    (Meaning::Field("escalate"), &["escalate"]),
    (Meaning::Field("alert"), &["alert"]),
    (Meaning::Field("from"), &["alert from"]),
    (Meaning::Field("until"), &["alert until"]),
    (Meaning::Internal, &["internal"]),
    (Meaning::List("aliases"), &["aliases", "alias", "nickname", "also known as", "alternate name", "other names"]),
    (Meaning::List("needs"), &["needs", "need", "reasons", "reason", "topics", "topic", "what for", "thema", "themen"]),
    (Meaning::List("serves"), &["serves", "callers", "for", "who can call"]),
    (Meaning::List("services"), &["services", "leistungen"]),
    (
        Meaning::List("notes"),
        &[
            "notes",
            "note",
            "comment",
            "comments",
            "remark",
            "remarks",
            "description",
            "details",
            "notiz",
            "notizen",
            "bemerkung",
            "bemerkungen",
            "hinweis",
            "beschreibung",
            "notas",
            "notes on",
        ],
    ),
    (
        Meaning::List("languages"),
        &["languages", "language", "spoken languages", "sprachen", "sprache", "idiomas", "langues"],
    ),
    (Meaning::List("have_ready"), &["have ready"]),
    (Meaning::List("region"), &["region", "regions", "area", "states served", "service area"]),
    (Meaning::NamePart, &["name part", "first name", "given name", "last name", "family name", "vorname", "nachname"]),
    (
        Meaning::Audiences,
        &[
            "audiences",
            "audience",
            "category",
            "categories",
            "group",
            "groups",
            "labels",
            "group membership",
            "kategorie",
            "kategorien",
            "zielgruppe",
            "gruppe",
        ],
    ),
    (
        Meaning::Channel(ChannelKind::Phone),
        &[
            "phone",
            "phone number",
            "telephone",
            "telephone number",
            "tel",
            "tel no",
            "call",
            "mobile",
            "mobile phone",
            "cell",
            "cell phone",
            "hotline",
            "voice",
            "telefon",
            "telefonnummer",
            "rufnummer",
            "mobil",
            "handy",
            "telefono",
            "movil",
            "telephone fixe",
            "numero de telephone",
            "toll free",
            "durchwahl",
        ],
    ),
    (Meaning::Channel(ChannelKind::Fax), &["fax", "fax number", "faxnummer", "telefax", "telecopie"]),
    (Meaning::Channel(ChannelKind::Tty), &["tty", "tdd", "tty number", "textphone"]),
    (Meaning::Channel(ChannelKind::Relay), &["relay", "vrs"]),
    (Meaning::Channel(ChannelKind::Sms), &["sms", "text", "text message"]),
    (Meaning::Channel(ChannelKind::WhatsApp), &["whatsapp"]),
    (
        Meaning::Channel(ChannelKind::Email),
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "e mail adresse",
            "correo",
            "correo electronico",
            "courriel",
        ],
    ),
    (
        Meaning::Channel(ChannelKind::Web),
        &["web", "website", "web site", "web page", "url", "homepage", "webseite", "link", "sitio web", "site web"],
    ),
    (Meaning::Channel(ChannelKind::Chat), &["chat", "live chat"]),
    (Meaning::Channel(ChannelKind::Video), &["video", "video call"]),
    (
        Meaning::Channel(ChannelKind::Post),
        &["post", "mailing address", "postal address", "address", "adresse", "anschrift", "postanschrift", "direccion"],
    ),
    (Meaning::Channel(ChannelKind::Visit), &["visit", "street address", "location", "standort", "besucheradresse"]),
    (Meaning::Kind, &["kind", "channel", "contact type", "method", "type"]),
    (Meaning::Value, &["value", "number", "number or address", "nummer"]),
    (Meaning::Label, &["label"]),
    (Meaning::ChannelNote, &["channel note"]),
    (Meaning::Extension, &["extension", "ext", "phone extension", "phone ext", "nebenstelle"]),
    (
        Meaning::AddressPart,
        &[
            "address part",
            "street",
            "city",
            "state",
            "zip",
            "zip code",
            "postal code",
            "postcode",
            "country",
            "strasse",
            "straße",
            "plz",
            "ort",
            "stadt",
            "land",
            "address street",
            "address city",
            "address region",
            "address postal code",
            "address country",
        ],
    ),
    (Meaning::Ignored, &["ignore", "target", "say", "dial link", "nr", "no"]),
];

/// The names that one of our own tables has, where they mean something else than in other tables.
const OWN_NAMES: &[(Meaning, &[&str])] = &[
    (Meaning::ChannelNote, &["note"]),
    (Meaning::NotFor, &["not for"]),
    (Meaning::Language, &["language"]),
    (Meaning::Leads, &["leads"]),
    (Meaning::Ignored, &["extension", "path"]),
    // Of our own table of several directories; of one at a time.
    (Meaning::Ignored, &["directory"]),
];

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The index in a row.
    pub(super) index: usize,
    /// The name as the table has it.
    pub(super) name: String,
    /// `None` where the name is not known.
    pub(super) meaning: Option<Meaning>,
    /// What the name says of the channel beside its kind: `Billing` in `Billing phone`.
    pub(super) label: Option<String>,
}

/// The fields that `--map` can name, in the order of [`NAMES`].
pub(super) fn field_names() -> Vec<String> {
    NAMES.iter().filter_map(|(_, names)| names.first()).map(|name| name.replace(' ', "_")).collect()
}

/// What a field of `--map` holds.
pub(super) fn field(name: &str) -> Option<Meaning> {
    let name = words(name).join(" ");
    NAMES.iter().find(|(_, names)| names.first() == Some(&&*name)).map(|(meaning, _)| meaning.clone())
}

/// The name of a meaning as `--map` takes it.
pub(super) fn field_name(meaning: &Meaning) -> String {
    let names = NAMES.iter().chain(OWN_NAMES).find(|(known, _)| known == meaning).and_then(|(_, names)| names.first());
    names.unwrap_or(&"").replace(' ', "_")
}

/// Understands the names of columns. The unnamed ones are left out.
pub(super) fn understand<'h>(header: impl Iterator<Item = &'h str>) -> Vec<Column> {
    let names: Vec<(usize, &str)> = header.enumerate().filter(|(_, name)| !name.trim().is_empty()).collect();
    let is_own = ["dial_link", "target", "kind", "value"].iter().all(|own| names.iter().any(|(_, name)| name == own));
    let column = |(index, name): (usize, &str)| {
        let plain = words(name);
        let own = lookup(OWN_NAMES, &plain.join(" ")).filter(|_| is_own);
        let (meaning, label) = own.map_or_else(|| meaning(&plain, name), |meaning| (Some(meaning), None));
        Column { index, name: super::text::quoted(name), meaning, label }
    };
    names.into_iter().map(column).collect()
}

/// What a name means, and what it says beside that.
fn meaning(plain: &[String], name: &str) -> (Option<Meaning>, Option<String>) {
    // `Phone 2`, `Phone 1 - Value`
    let is_number = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut unnumbered: Vec<&str> = plain.iter().filter(|word| !is_number(word)).map(String::as_str).collect();
    let is_numbered = plain.len() > unnumbered.len();
    let is_channel = |words: &[&str]| matches!(lookup(NAMES, &words.join(" ")), Some(Meaning::Channel(_)));
    match unnumbered.split_last() {
        Some((&"value" | &"formatted", rest)) if is_numbered && is_channel(rest) => drop(unnumbered.pop()),
        Some((&"type" | &"label", rest)) if is_numbered && is_channel(rest) => return (Some(Meaning::Label), None),
        _ => {}
    }
    match lookup(NAMES, &unnumbered.join(" ")) {
        // A contact can have several numbers, but not several names.
        Some(Meaning::Field(_) | Meaning::NamePart | Meaning::Kind | Meaning::Value) if is_numbered => {
            return (None, None);
        }
        Some(meaning) => return (Some(meaning), None),
        None => {}
    }
    // `Billing phone`, `Fax (claims)`
    let about = ["type", "label", "extension", "ext", "note", "notes", "hours", "name", "preferred", "country"];
    if unnumbered.iter().any(|word| about.contains(word)) {
        return (None, None);
    }
    match channel_word(&unnumbered) {
        Some((kind, word)) => (Some(Meaning::Channel(kind)), label(name, word)),
        None => (None, None),
    }
}

/// How well the name of a column says that it holds the names of contacts; the best is 0.
pub(super) fn name_rank(name: &str) -> usize {
    let name = words(name).join(" ");
    let names = NAMES.iter().find(|(meaning, _)| *meaning == Meaning::Field("name")).map(|(_, names)| *names);
    names.and_then(|names| names.iter().position(|known| *known == name)).unwrap_or(usize::MAX)
}

/// The kind of channel that a text names: `fax`, `Work Fax`.
pub(super) fn kind(text: &str) -> Option<ChannelKind> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match lookup(NAMES, &words.join(" ")) {
        Some(Meaning::Channel(kind)) => Some(kind),
        _ => channel_word(&words).map(|(kind, _)| kind),
    }
}

/// The only word that names a kind of channel.
fn channel_word<'w>(words: &[&'w str]) -> Option<(ChannelKind, &'w str)> {
    let mut kinds = words.iter().filter_map(|word| match lookup(NAMES, word)? {
        Meaning::Channel(kind) => Some((kind, *word)),
        _ => None,
    });
    match (kinds.next(), kinds.next()) {
        (found, None) => found,
        _ => None,
    }
}

/// A name without the word for the kind.
fn label(name: &str, kind: &str) -> Option<String> {
    let is_other = |word: &&str| words(word).join(" ") != kind;
    let parts = name.split(|c: char| c.is_whitespace() || "()-_:/".contains(c)).filter(|part| !part.is_empty());
    Some(parts.filter(is_other).collect::<Vec<_>>().join(" ")).filter(|label| !label.is_empty())
}

fn lookup(table: &[(Meaning, &[&str])], name: &str) -> Option<Meaning> {
    table.iter().find(|(_, names)| names.contains(&name)).map(|(meaning, _)| meaning.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_by_words_or_not_at_all() {
        use ChannelKind::{Email, Fax, Phone, Web};
        for (name, expected, label) in [
            ("Name", Some(Meaning::Field("name")), None),
            ("Öffnungszeiten", Some(Meaning::Field("hours")), None),
            ("E-Mail", Some(Meaning::Channel(Email)), None),
            ("E-mail 1 - Value", Some(Meaning::Channel(Email)), None),
            ("Phone 2 - Type", Some(Meaning::Label), None),
            ("phone_number", Some(Meaning::Channel(Phone)), None),
            ("PHONE 2", Some(Meaning::Channel(Phone)), None),
            ("Billing phone", Some(Meaning::Channel(Phone)), Some("Billing")),
            ("Fax (claims)", Some(Meaning::Channel(Fax)), Some("claims")),
            ("Website", Some(Meaning::Channel(Web)), None),
            ("Phone type", None, None),
            ("Phone or fax", None, None),
            ("Favourite colour", None, None),
        ] {
            let column = understand([name].into_iter()).remove(0);
            assert_eq!((column.meaning, column.label.as_deref()), (expected, label), "{name}");
        }
    }

    #[test]
    fn each_name_means_one_thing() {
        let all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| *names).copied().collect();
        for name in &all {
            assert_eq!(all.iter().filter(|other| *other == name).count(), 1, "{name}");
            assert_eq!(words(name).join(" "), *name, "a name that no column can have");
        }
    }
}
