//! What was understood of other formats, before it is a data file: records of fields, each with what was left out of
//! it.
//!
//! Nothing here is checked: the loader of data files is the only judge of numbers, addresses and hours
//! (`settle`). Texts are cleaned when they come in, so that none can hold a character that a terminal interprets.

use std::collections::HashMap;

use super::text::{clean, quoted, slug};

/// Where something stands in the input: a file, and a line of it counted from 1 where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) file: String,
    pub(super) line: Option<u64>,
}

/// Something that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Omission {
    pub(super) origin: Origin,
    /// What it is, with its value: `Fax: 555-01`.
    pub(super) what: String,
    /// Why it was left out.
    pub(super) why: String,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A number or `true`, written without quotes; never a text of the input.
    Word(String),
    Texts(Vec<String>),
    Record(Record),
    Records(Vec<Record>),
}

/// A record of a data file. The first field is the one without which the record says nothing: an id, a number, a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) fields: Vec<(&'static str, Value)>,
    pub(super) omissions: Vec<Omission>,
    /// What the steward should know of a record of which nothing was left out.
    pub(super) remarks: Vec<String>,
    pub(super) origin: Origin,
}

impl Record {
    pub(super) fn new(origin: &Origin) -> Self {
        Self { origin: origin.clone(), ..Self::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Adds a field, unless the text is empty.
    pub(super) fn with(mut self, name: &'static str, text: &str) -> Self {
        self.set(name, text);
        self
    }

    /// Sets a field, unless the text is empty. A field that is set already keeps its value, and another one is left
    /// out.
    pub(super) fn set(&mut self, name: &'static str, text: &str) {
        let text = clean(text);
        match self.text(name) {
            _ if text.is_empty() => {}
            None => self.fields.push((name, Value::Text(text))),
            Some(known) if known == text => {}
            Some(_) => self.omit(&format!("{name}: {text}"), "another one comes before it"),
        }
    }

    pub(super) fn set_word(&mut self, name: &'static str, word: impl ToString) {
        self.fields.push((name, Value::Word(word.to_string())));
    }

    /// Adds a text to a field that is a list, unless it is empty or listed already.
    pub(super) fn push(&mut self, name: &'static str, text: &str) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        match self.fields.iter_mut().find(|(field, _)| *field == name) {
            Some((_, Value::Texts(texts))) if texts.contains(&text) => {}
            Some((_, Value::Texts(texts))) => texts.push(text),
            _ => self.fields.push((name, Value::Texts(vec![text]))),
        }
    }

    /// Sets a field that is a list of texts, unless there are none.
    pub(super) fn set_texts<'t>(&mut self, name: &'static str, texts: impl Iterator<Item = &'t str>) {
        let texts: Vec<String> = texts.map(clean).filter(|text| !text.is_empty()).collect();
        if !texts.is_empty() {
            self.fields.push((name, Value::Texts(texts)));
        }
    }

    /// Adds a record to a field that is a list of them.
    pub(super) fn push_record(&mut self, name: &'static str, record: Record) {
        match self.fields.iter_mut().find(|(field, _)| *field == name) {
            Some((_, Value::Records(records))) => records.push(record),
            _ => self.fields.push((name, Value::Records(vec![record]))),
        }
    }

    /// Adds a channel, unless the same number or address is listed already, a number also in another notation.
    pub(super) fn push_channel(&mut self, channel: Record) {
        let Some((kind, Value::Text(own))) = channel.fields.first() else {
            self.omissions.extend(channel.omissions);
            return;
        };
        let is_same = |known: &&mut Record| {
            known
                .text(kind)
                .is_some_and(|known| known == own || digits(own).is_some_and(|own| Some(own) == digits(known)))
        };
        match self.records_mut("channels").and_then(|known| known.iter_mut().find(is_same)) {
            Some(known) => {
                for (name, value) in channel.fields.into_iter().skip(1) {
                    if let Value::Text(text) = value {
                        known.set(name, &text);
                    }
                }
            }
            None => self.push_record("channels", channel),
        }
    }

    /// The records of a field that is a list of them.
    pub(super) fn records_mut(&mut self, name: &str) -> Option<&mut Vec<Record>> {
        self.fields.iter_mut().find_map(|(field, value)| match value {
            Value::Records(records) if *field == name => Some(records),
            _ => None,
        })
    }

    /// Whether a text of the record, or of one in it, fits: its field and the text.
    pub(super) fn any_text(&self, fits: &dyn Fn(&str, &str) -> bool) -> bool {
        self.fields.iter().any(|(name, value)| match value {
            Value::Text(text) => fits(name, text),
            Value::Record(record) => record.any_text(fits),
            Value::Records(records) => records.iter().any(|record| record.any_text(fits)),
            Value::Word(_) | Value::Texts(_) => false,
        })
    }

    /// Removes the records in it of which nothing was understood.
    fn prune(&mut self) {
        let mut omissions = Vec::new();
        self.fields.retain_mut(|(name, value)| match value {
            Value::Record(record) => record.is_kept(name, &mut omissions),
            Value::Records(records) => {
                records.retain_mut(|record| record.is_kept(name, &mut omissions));
                true
            }
            Value::Text(_) | Value::Word(_) | Value::Texts(_) => true,
        });
        self.omissions.append(&mut omissions);
    }

    /// Whether something is left of a record of a field after it was pruned; else says so.
    fn is_kept(&mut self, field: &str, omissions: &mut Vec<Omission>) -> bool {
        self.prune();
        if self.fields.is_empty() {
            self.omit(field, "nothing of it was understood");
            omissions.append(&mut self.omissions);
        }
        !self.fields.is_empty()
    }

    /// Records that something was left out.
    pub(super) fn omit(&mut self, what: &str, why: &str) {
        self.omissions.push(Omission { origin: self.origin.clone(), what: quoted(what), why: clean(why) });
    }
}

/// The digits of a number and of its extension; `None` for a text that may be another one with the same digits.
fn digits(text: &str) -> Option<String> {
    let text = text.strip_prefix("tel:").unwrap_or(text).replace("ext", "x").replace("x=", "x");
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || "+-.,;()x ".contains(c));
    Some(text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()).filter(|_| is_plain)
}

/// The first fields of a contact, in their order.
const CONTACT_FIELDS: [&str; 11] =
    ["id", "name", "source", "audiences", "aliases", "needs", "serves", "services", "channels", "hours", "zone"];

/// Everything that was understood of the input.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The fields of the directory itself.
    pub(super) head: Record,
    pub(super) contacts: Vec<Record>,
    pub(super) audiences: Vec<Record>,
    pub(super) accounts: Vec<Record>,
    pub(super) closures: Vec<Record>,
    pub(super) notices: Vec<Record>,
    /// The id of each audience by its id and its names.
    audience_ids: HashMap<String, String>,
    /// The ids of contacts and notices, each with how many want it.
    ids: HashMap<String, usize>,
}

impl Draft {
    /// The id of the audience with a name, which is added unless the directory has it.
    pub(super) fn audience(&mut self, name: &str, origin: &Origin) -> String {
        let name = clean(name);
        if let Some(id) = self.audience_ids.get(&name) {
            return id.clone();
        }
        let wish = Some(slug(&name)).filter(|id| !id.is_empty()).unwrap_or_else(|| "audience".to_owned());
        let is_taken = |id: &String| self.audience_ids.values().any(|taken| taken == id);
        let id = numbered(&wish).find(|id| !is_taken(id)).unwrap_or_default();
        self.add_audience(Record::new(origin).with("id", &id).with("name", &name).with("short", &name));
        id
    }

    /// Adds an audience that has an id.
    pub(super) fn add_audience(&mut self, audience: Record) {
        let id = audience.text("id").unwrap_or_default().to_owned();
        let names = ["id", "name", "short"].into_iter().filter_map(|field| audience.text(field)).map(str::to_owned);
        for name in names.collect::<Vec<_>>() {
            self.audience_ids.entry(name).or_insert_with(|| id.clone());
        }
        self.audiences.push(audience);
    }

    /// An id that no other contact or notice has, from a text: `billing`, `billing-2`.
    pub(super) fn id(&mut self, text: &str) -> String {
        let wish = Some(slug(text)).filter(|id| !id.is_empty()).unwrap_or_else(|| "contact".to_owned());
        let count = *self.ids.entry(wish.clone()).and_modify(|count| *count += 1).or_insert(1);
        if count == 1 { wish } else { self.id(&format!("{wish}-{count}")) }
    }

    /// The whole directory as a record.
    pub(super) fn into_record(mut self) -> Record {
        let order = |name: &str| CONTACT_FIELDS.iter().position(|known| *known == name).unwrap_or(CONTACT_FIELDS.len());
        self.contacts.iter_mut().for_each(|contact| contact.fields.sort_by_key(|(name, _)| order(name)));
        let audiences = Value::Records(self.audiences);
        self.head.fields.push(("audiences", audiences));
        for (name, records) in [
            ("accounts", self.accounts),
            ("closures", self.closures),
            ("contacts", self.contacts),
            ("notices", self.notices),
        ] {
            if !records.is_empty() {
                self.head.fields.push((name, Value::Records(records)));
            }
        }
        self.head.prune();
        self.head
    }
}

/// A text, and the same with a number behind it, from 2.
fn numbered(text: &str) -> impl Iterator<Item = String> {
    std::iter::once(text.to_owned()).chain((2_usize..).map(move |number| format!("{text}-{number}")))
}
