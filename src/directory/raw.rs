//! The records of a data file before they are checked: every field is optional, and every text keeps its position.
//!
//! serde stops at the first error, but the person who edits a directory should see all problems at once. So these
//! records accept whatever they find: they note missing, unknown and duplicate fields, and [`super::load`] reports them.
//! Only invalid RON, or a list in place of a record, ends the parsing.

use std::fmt;

use ron::value::RawValue;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::channel_kind::ChannelKind;
use super::problem::{Problem, SYNTAX_ERROR};
use super::text::offset;

/// Parses the text of a file. Calls `on_contact` with the byte offset of each contact.
pub(super) fn parse<'a>(source: &'a str, on_contact: &mut dyn FnMut(usize)) -> Result<RawDirectory<'a>, Problem> {
    let mut on_contact = |contact: &RawContact<'a>| on_contact(offset(source, contact.fields.first).unwrap_or(0));
    ron::Options::default().from_str_seed(source, DirectorySeed(&mut on_contact)).map_err(|error| {
        let message = match source.trim() {
            "" => "the file is empty; start from the output of `dialtree export --format ron`".to_owned(),
            _ => format!("{SYNTAX_ERROR}{}", syntax_error(&error.code)),
        };
        Problem { line: error.span.start.line, column: error.span.start.col, message }
    })
}

/// A syntax error in terms of the file. The messages of the ron crate are in terms of Rust types.
fn syntax_error(code: &ron::Error) -> String {
    let message = match code {
        ron::Error::ExpectedComma => {
            "a comma, `]` or `)` is missing before this, or there is a missing or extra double quote above"
        }
        ron::Error::ExpectedArray => "expected a list in brackets, such as [\"...\"]",
        ron::Error::ExpectedArrayEnd => "the list before this is not closed with `]`",
        ron::Error::ExpectedStructLike | ron::Error::ExpectedNamedStructLike(_) => {
            "expected a record in parentheses, such as (id: \"...\"), without a name before it"
        }
        ron::Error::ExpectedStructLikeEnd => "the record before this is not closed with `)`",
        ron::Error::ExpectedIdentifier => {
            "expected a field name without quotes; look for a missing `)`, an extra comma, or a comment that does not \
             start with `//`"
        }
        ron::Error::ExpectedMapColon => "expected a colon between the field name and its value",
        ron::Error::UnexpectedChar('\u{201c}'..='\u{201f}') => {
            "text must be in straight double quotes (\"), not curly ones"
        }
        ron::Error::UnexpectedChar(_) => "expected a value; text must be in double quotes (\")",
        ron::Error::ExpectedChar => "text must be in double quotes (\"), not single ones",
        ron::Error::InvalidEscape(_) => "invalid escape sequence; write a backslash as `\\\\`",
        ron::Error::Eof | ron::Error::ExpectedStringEnd => "unexpected end of file; a `(`, `[` or `\"` is not closed",
        ron::Error::UnclosedBlockComment => "a comment that starts with `/*` is not closed with `*/`",
        ron::Error::TrailingCharacters => "unexpected text after the end of the directory; look for an extra `)`",
        ron::Error::ExceededRecursionLimit => "this is nested too deeply",
        ron::Error::SuggestRawIdentifier(name) => {
            return format!("`{name}` is not a field name; field names have underscores, not hyphens");
        }
        other => return other.to_string().replace(char::is_control, "\u{fffd}"),
    };
    message.to_owned()
}

/// A value as the file has it: a slice of the file, so that its position is known. It may be any RON; the loader accepts
/// the values that a field can have and reports the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl<'a> Text<'a> {
    /// The text between the quotes, if this is a text in double quotes without escapes.
    pub(super) fn plain(self) -> Option<&'a str> {
        quoted(self.0)
    }
}

/// The name by which ron knows that the text of a value is wanted. Its own type for that, [`RawValue`], parses the text a
/// second time, which would make loading a quarter slower.
const RAW_VALUE: &str = "$ron::private::RawValue";

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_borrowed_str<E: Error>(self, ron: &'de str) -> Result<Self::Value, E> {
                let trimmed = ron.trim();
                if quoted(trimmed).is_some() {
                    return Ok(Text(trimmed));
                }
                // There may be comments around the value.
                RawValue::from_ron(ron).map(|value| Text(value.trim().get_ron())).map_err(E::custom)
            }
        }
        deserializer.deserialize_newtype_struct(RAW_VALUE, Value)
    }
}

/// The text between two double quotes, if there are none and no escapes in it.
fn quoted(value: &str) -> Option<&str> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    memchr::memchr2(b'"', b'\\', text.as_bytes()).is_none().then_some(text)
}

/// The name of a field: a slice of the file.
struct FieldName<'a>(&'a str);

impl<'de> Deserialize<'de> for FieldName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = FieldName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(FieldName(name))
            }
        }
        deserializer.deserialize_identifier(Name)
    }
}

/// The position of a record and what is wrong with its fields. A file has many records, so that mistakes, which hardly any
/// has, take no space in the others.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    /// The name of the first field, a slice of the file: the position of the record.
    pub(super) first: &'a str,
    mistakes: Option<Box<Mistakes<'a>>>,
}

/// The unknown and duplicate fields of a record.
#[derive(Debug, Default)]
struct Mistakes<'a> {
    unknown: Vec<&'a str>,
    duplicate: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    /// The names of the unknown fields.
    pub(super) fn unknown(&self) -> &[&'a str] {
        self.mistakes.as_ref().map_or(&[], |mistakes| &mistakes.unknown)
    }

    /// The names of the fields that appear again.
    pub(super) fn duplicate(&self) -> &[&'a str] {
        self.mistakes.as_ref().map_or(&[], |mistakes| &mistakes.duplicate)
    }

    /// Notes the position of a record when its first field is parsed.
    fn set_first(&mut self, name: &'a str) {
        if self.first.is_empty() {
            self.first = name;
        }
    }

    /// Notes an unknown field and skips its value.
    fn skip_unknown<M: MapAccess<'a>>(&mut self, name: &'a str, map: &mut M) -> Result<(), M::Error> {
        self.mistakes.get_or_insert_default().unknown.push(name);
        map.next_value::<IgnoredAny>().map(drop)
    }
}

/// A record of the file.
pub(super) trait Record<'a> {
    /// The names of the known fields.
    fn known() -> Vec<&'static str>;

    fn fields(&self) -> &Fields<'a>;
}

/// Declares a record; after `+`, a record whose fields it shares; after `|`, one whose fields few records have, so that it
/// takes no space in the others.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* $(,)? }
        $(+ $shared:ident: $shared_kind:ident)? $(| $rare:ident: $rare_kind:ident)?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $name<'a> {
            fields: Fields<'a>,
            $(pub(super) $field: Option<$kind>,)*
            $(pub(super) $shared: $shared_kind<'a>,)?
            $(pub(super) $rare: Option<Box<$rare_kind<'a>>>,)?
        }

        impl<'a> Record<'a> for $name<'a> {
            fn known() -> Vec<&'static str> {
                [$(stringify!($field)),*].into_iter()$(.chain($shared_kind::known()))?$(.chain($rare_kind::known()))?.collect()
            }

            fn fields(&self) -> &Fields<'a> {
                &self.fields
            }
        }

        impl<'a> Deserialize<'a> for $name<'a> {
            fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                struct RecordVisitor;
                impl<'a> Visitor<'a> for RecordVisitor {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "a record of {}", $name::known().join(", "))
                    }

                    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<$name<'a>, M::Error> {
                        let (mut record, mut fields) = ($name::default(), Fields::default());
                        while let Some(FieldName(name)) = map.next_key()? {
                            fields.set_first(name);
                            if !record.parse_field(name, &mut map, &mut fields)? {
                                fields.skip_unknown(name, &mut map)?;
                            }
                        }
                        Ok($name { fields, ..record })
                    }
                }
                // The fields are known to the visitor; ron does not use the list.
                deserializer.deserialize_struct("", &[], RecordVisitor)
            }
        }

        impl<'a> $name<'a> {
            /// Whether a record of this kind has a field, not counting those that it shares.
            #[allow(dead_code)] // Used where the fields are rare.
            fn has_field(name: &str) -> bool {
                [$(stringify!($field)),*].contains(&name)
            }

            /// Parses the value of a field, if it is known.
            fn parse_field<M: MapAccess<'a>>(
                &mut self,
                name: &'a str,
                map: &mut M,
                fields: &mut Fields<'a>,
            ) -> Result<bool, M::Error> {
                match name {
                    $(stringify!($field) => {
                        if self.$field.is_some() {
                            fields.mistakes.get_or_insert_default().duplicate.push(name);
                        }
                        self.$field = Some(map.next_value()?);
                    })*
                    $(name if $rare_kind::has_field(name) => {
                        return self.$rare.get_or_insert_default().parse_field(name, map, fields);
                    })?
                    _ => return Ok(false $(|| self.$shared.parse_field(name, map, fields)?)?),
                }
                Ok(true)
            }
        }
    };
}

type Texts<'a> = Vec<Text<'a>>;

record! {
    /// The whole file.
    RawDirectory {
        schema: Text<'a>, id: Text<'a>, name: Text<'a>, organisation: Text<'a>, source: Text<'a>,
        transcribed: Text<'a>, owner: Text<'a>, zone: Text<'a>, holidays: Text<'a>, audiences: Vec<RawAudience<'a>>,
        accounts: Vec<RawAccount<'a>>, contacts: Vec<RawContact<'a>>, notices: Vec<RawNotice<'a>>,
        synonyms: Vec<RawSynonym<'a>>, gates: Vec<RawGate<'a>>, region: Text<'a>, closures: Vec<RawClosure<'a>>,
        elsewhere: Vec<RawElsewhere<'a>>,
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
