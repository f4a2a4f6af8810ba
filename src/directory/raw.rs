//! The records of a data file before they are checked: every field is optional, and every text keeps its position.
//!
//! serde stops at the first error, but the person who edits a directory should see all problems at once. So these
//! records accept whatever they find: they note missing, unknown and duplicate fields, and [`super::load`] reports
//! them. Only invalid RON, or a list in place of a record, ends the parsing.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::channel_kind::ChannelKind;
use super::problem::Problem;
use super::record::{FieldName, Fields, Text, record, syntax_problem};
use super::text::offset;

/// Parses the text of a file. Calls `on_contact` with the byte offset of each contact.
pub(super) fn parse<'a>(source: &'a str, on_contact: &mut dyn FnMut(usize)) -> Result<RawDirectory<'a>, Problem> {
    let mut on_contact = |contact: &RawContact<'a>| on_contact(offset(source, contact.fields.first).unwrap_or(0));
    ron::Options::default().from_str_seed(source, DirectorySeed(&mut on_contact)).map_err(|error| match source.trim() {
        "" => Problem {
            message: "the file is empty; start from the output of `dialtree export --format ron`".to_owned(),
            ..syntax_problem(&error)
        },
        _ => syntax_problem(&error),
    })
}

type Texts<'a> = Vec<Text<'a>>;

record! {
    /// The whole file.
    RawDirectory {
        schema: Text<'a>, id: Text<'a>, name: Text<'a>, organisation: Text<'a>, source: Text<'a>,
        transcribed: Text<'a>, owner: Text<'a>, zone: Text<'a>, holidays: Text<'a>, audiences: Vec<RawAudience<'a>>,
        accounts: Vec<RawAccount<'a>>, contacts: Vec<RawContact<'a>>, notices: Vec<RawNotice<'a>>,
        synonyms: Vec<RawSynonym<'a>>, gates: Vec<RawGate<'a>>, region: Text<'a>, closures: Vec<RawClosure<'a>>,
        elsewhere: Vec<RawElsewhere<'a>>, common_needs: Texts<'a>,
    }
}

/// Parses the whole file and reports progress by contact, since nearly all of a large file is contacts.
struct DirectorySeed<'f, 'a>(&'f mut dyn FnMut(&RawContact<'a>));

impl<'a> DeserializeSeed<'a> for DirectorySeed<'_, 'a> {
    type Value = RawDirectory<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_struct("", &[], self)
    }
}

impl<'a> Visitor<'a> for DirectorySeed<'_, 'a> {
    type Value = RawDirectory<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a directory")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let (mut record, mut fields) = (RawDirectory::default(), Fields::default());
        while let Some(FieldName(name)) = map.next_key()? {
            fields.set_first(name);
            if name == "contacts" && record.contacts.is_none() {
                record.contacts = Some(map.next_value_seed(ContactsSeed(&mut *self.0))?);
            } else if !record.parse_field(name, &mut map, &mut fields)? {
                fields.skip_unknown(name, &mut map)?;
            }
        }
        Ok(RawDirectory { fields, ..record })
    }
}

/// Parses the list of contacts and reports each.
struct ContactsSeed<'f, 'a>(&'f mut dyn FnMut(&RawContact<'a>));

impl<'a> DeserializeSeed<'a> for ContactsSeed<'_, 'a> {
    type Value = Vec<RawContact<'a>>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for ContactsSeed<'_, 'a> {
    type Value = Vec<RawContact<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of contacts")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut contacts = Vec::new();
        while let Some(contact) = items.next_element()? {
            self.0(&contact);
            contacts.push(contact);
        }
        Ok(contacts)
    }
}

record! { RawAudience { id: Text<'a>, name: Text<'a>, short: Text<'a>, aliases: Texts<'a> } }

record! { RawAccount { id: Text<'a>, name: Text<'a>, choice: Text<'a> } }

record! {
    RawContact {
        id: Text<'a>, name: Text<'a>, source: Text<'a>, audiences: Texts<'a>, account: Text<'a>,
        channels: Vec<RawChannel<'a>>,
    } + details: RawDetails
}

record! {
    /// The fields that contacts and options share.
    RawDetails {
        aliases: Texts<'a>, needs: Texts<'a>, serves: Texts<'a>, services: Texts<'a>, hours: Text<'a>, zone: Text<'a>,
        notes: Texts<'a>,
    } | extra: RawExtra
}

record! {
    /// Those of them that few have.
    RawExtra {
        languages: Texts<'a>, wait: Text<'a>, have_ready: Texts<'a>, alert: Text<'a>,
        escalate: Text<'a>, region: Texts<'a>, articles: Vec<RawArticle<'a>>, internal: Text<'a>, checked: Text<'a>,
        checked_by: Text<'a>,
    }
}

record! { RawAlert { text: Text<'a>, from: Text<'a>, until: Text<'a> } }

record! { RawArticle { title: Text<'a>, link: Text<'a> } }

record! {
    RawChannel {
        phone: Text<'a>, fax: Text<'a>, email: Text<'a>, web: Text<'a>, label: Text<'a>, note: Text<'a>,
        menu: Vec<RawOption<'a>>,
    } | rare: RawRareChannel
}

record! {
    /// The fields that few channels have.
    RawRareChannel {
        tty: Text<'a>, relay: Text<'a>, sms: Text<'a>, whatsapp: Text<'a>, chat: Text<'a>, video: Text<'a>,
        post: Text<'a>, visit: Text<'a>, hours: Text<'a>, anywhere: Vec<RawOption<'a>>,
    }
}

impl<'a> RawChannel<'a> {
    /// The field with the number or address of a kind.
    pub(super) fn endpoint(&self, kind: ChannelKind) -> Option<Text<'a>> {
        let rare = |field| self.rare(field);
        match kind {
            ChannelKind::Phone => self.phone,
            ChannelKind::Fax => self.fax,
            ChannelKind::Email => self.email,
            ChannelKind::Web => self.web,
            ChannelKind::Tty => rare(|rare| rare.tty),
            ChannelKind::Relay => rare(|rare| rare.relay),
            ChannelKind::Sms => rare(|rare| rare.sms),
            ChannelKind::WhatsApp => rare(|rare| rare.whatsapp),
            ChannelKind::Chat => rare(|rare| rare.chat),
            ChannelKind::Video => rare(|rare| rare.video),
            ChannelKind::Post => rare(|rare| rare.post),
            ChannelKind::Visit => rare(|rare| rare.visit),
        }
    }

    /// A field that few channels have.
    fn rare(&self, field: fn(&RawRareChannel<'a>) -> Option<Text<'a>>) -> Option<Text<'a>> {
        self.rare.as_deref().and_then(field)
    }

    /// The hours of the channel itself.
    pub(super) fn hours(&self) -> Option<Text<'a>> {
        self.rare(|rare| rare.hours)
    }

    /// The options that hold anywhere in the menu.
    pub(super) fn anywhere(&self) -> &[RawOption<'a>] {
        self.rare.as_deref().and_then(|rare| rare.anywhere.as_deref()).unwrap_or_default()
    }
}

record! {
    RawOption {
        key: Text<'a>, press: Text<'a>, label: Text<'a>, also: Texts<'a>, not_for: Texts<'a>, menu: Vec<RawOption<'a>>,
    } + details: RawDetails | rare: RawRareOption
}

record! {
    /// The fields that few options have.
    RawRareOption {
        say: Text<'a>, enter: Text<'a>, goto: Text<'a>, repeat: Text<'a>, operator: Text<'a>,
        language: Text<'a>,
    }
}

impl<'a> RawOption<'a> {
    /// A field that few options have.
    pub(super) fn rare(&self, field: fn(&RawRareOption<'a>) -> Option<Text<'a>>) -> Option<Text<'a>> {
        self.rare.as_deref().and_then(field)
    }
}

record! { RawKeypadEntry { what: Text<'a>, digits: Text<'a>, end: Text<'a> } }

record! {
    RawNotice {
        id: Text<'a>, title: Text<'a>, source: Text<'a>, wording: Text<'a>, aliases: Texts<'a>, needs: Texts<'a>,
        text: Texts<'a>, sections: Vec<RawSection<'a>>, choices: Texts<'a>, site: Text<'a>,
    }
}

record! { RawClosure { from: Text<'a>, until: Text<'a>, reason: Text<'a>, entries: Texts<'a> } }

record! { RawSection { title: Text<'a>, text: Texts<'a> } }

record! { RawSynonym { means: Text<'a>, words: Texts<'a> } }

record! { RawElsewhere { phrases: Texts<'a>, note: Text<'a> } }

record! { RawGate { host: Text<'a>, outside: Text<'a>, notice: Text<'a> } }
