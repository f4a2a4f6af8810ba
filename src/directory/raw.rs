//! The file as it stands: every field optional, every text with its place.
//!
//! serde stops at the first thing that is wrong. Whoever edits a directory by hand wants to hear of everything at
//! once, so the records here take what they find: a field that is missing, unknown or given twice is remembered, not
//! refused, and [`super::load`] judges it. Only what is not RON, or a list where a record should stand, ends the
//! reading.

use std::fmt;

use super::problem::{Problem, UNREADABLE};
use super::text::offset;
use ron::value::RawValue;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Reads a file as it stands; what is told of each contact is where in the file it begins.
pub(super) fn read<'a>(source: &'a str, on_contact: &mut dyn FnMut(usize)) -> Result<RawDirectory<'a>, Problem> {
    let mut on_contact = |contact: &RawContact<'a>| on_contact(offset(source, contact.fields.first).unwrap_or(0));
    ron::Options::default().from_str_seed(source, Whole(&mut on_contact)).map_err(|error| {
        let message = match source.trim() {
            "" => "the file is empty; start it with `dialtree export --format ron`".to_owned(),
            _ => format!("{UNREADABLE}{}", unreadable(&error.code)),
        };
        Problem { line: error.span.start.line, column: error.span.start.col, message }
    })
}

/// What a reader of RON stumbled over, for whoever edits the file.
fn unreadable(code: &ron::Error) -> String {
    let plain = match code {
        ron::Error::ExpectedComma => {
            "a comma, a ] or a ) is missing before this, or a double quote is missing or too many above it"
        }
        ron::Error::ExpectedArray => "a list in brackets is wanted here, such as [\"...\"]",
        ron::Error::ExpectedArrayEnd => "the list before this is not closed with ]",
        ron::Error::ExpectedStructLike | ron::Error::ExpectedNamedStructLike(_) => {
            "a record in parentheses is wanted here, such as (id: \"...\"), with no name before it"
        }
        ron::Error::ExpectedStructLikeEnd => "the record before this is not closed with )",
        ron::Error::ExpectedIdentifier => {
            "the name of a field is wanted here, without quotes; or a ) is missing before it, or a comma too many, or a \
             comment does not start with //"
        }
        ron::Error::ExpectedMapColon => "a colon is wanted between the name of a field and its value",
        ron::Error::UnexpectedChar('\u{201c}'..='\u{201f}') => {
            "a text stands in straight double quotes (\"), not in curly ones"
        }
        ron::Error::UnexpectedChar(_) => "a value is missing here, or a text stands without double quotes (\")",
        ron::Error::ExpectedChar => "a text stands in double quotes (\"), not in single ones",
        ron::Error::InvalidEscape(_) => "a backslash in a text starts a special character; for a backslash write two",
        ron::Error::Eof | ron::Error::ExpectedStringEnd => "the file ends, but a (, [ or \" above is not closed",
        ron::Error::UnclosedBlockComment => "a comment starts with /* and is never closed with */",
        ron::Error::TrailingCharacters => "something stands after the end of the directory; perhaps a ) too many",
        ron::Error::ExceededRecursionLimit => "this is nested too deeply",
        ron::Error::SuggestRawIdentifier(name) => {
            return format!("`{name}` is not the name of a field; names have _ where you would write a hyphen");
        }
        other => return other.to_string().replace(char::is_control, "\u{fffd}"),
    };
    plain.to_owned()
}

/// A value as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'a> {
    /// A text, without its quotes: a slice of the file, so that its place is known.
    Plain(&'a str),
    /// A text with escapes, or no text at all: the value of a field, or one of the list in it. Such are few, and only
    /// those are read a second time, by [`again`], for what they are and where.
    Odd(&'a str, Option<usize>),
}

/// The values of a field as they are written, quotes and all: one, or those of the list in it; none where that cannot
/// be told.
pub(super) fn again<'a>(source: &'a str, field: &'a str, is_list: bool) -> Vec<&'a str> {
    let values = || {
        let after = source.get(offset(source, field)? + field.len()..)?;
        let mut values = ron::Deserializer::from_str(after.trim_start().strip_prefix(':')?).ok()?;
        let values = if is_list {
            <Vec<&RawValue>>::deserialize(&mut values).ok()?
        } else {
            vec![<&RawValue>::deserialize(&mut values).ok()?]
        };
        Some(values.into_iter().map(|value| value.trim().get_ron()).collect())
    };
    values().unwrap_or_default()
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        const ODD: Text<'static> = Text::Odd("", None);
        impl<'de> Visitor<'de> for Value {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in double quotes")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text::Plain(text))
            }

            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_bytes<E>(self, _: &[u8]) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(ODD)
            }

            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
                IgnoredAny::deserialize(inner).map(|_| ODD)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
                IgnoredAny::deserialize(inner).map(|_| ODD)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(ODD)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(ODD)
            }
        }
        deserializer.deserialize_any(Value)
    }
}

/// What is told the name of the field that it stands in.
trait InField<'a> {
    fn set_field(&mut self, field: &'a str);
}

impl<'a> InField<'a> for Text<'a> {
    fn set_field(&mut self, name: &'a str) {
        if let Self::Odd(field, _) = self {
            *field = name;
        }
    }
}

impl<'a> InField<'a> for Texts<'a> {
    fn set_field(&mut self, name: &'a str) {
        for (place, text) in self.iter_mut().enumerate() {
            if let Text::Odd(field, item) = text {
                (*field, *item) = (name, Some(place));
            }
        }
    }
}

/// A record's fields know their own names.
impl<'a, R: Record<'a>> InField<'a> for Vec<R> {
    fn set_field(&mut self, _: &'a str) {}
}

/// The name of a field, a slice of the file.
struct FieldName<'a>(&'a str);

impl<'de> Deserialize<'de> for FieldName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = FieldName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(FieldName(name))
            }
        }
        deserializer.deserialize_identifier(Name)
    }
}

/// What is odd about the fields of a record, for [`super::load`] to report.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    /// The first field's name in the file: where the record is.
    pub(super) first: &'a str,
    pub(super) unknown: Vec<&'a str>,
    pub(super) repeated: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    /// Comes by a field.
    fn see(&mut self, name: &'a str) {
        if self.first.is_empty() {
            self.first = name;
        }
    }
}

/// A record that keeps book of its fields.
pub(super) trait Record<'a> {
    /// The fields there are.
    const KNOWN: &'static [&'static str];

    fn fields(&self) -> &Fields<'a>;
}

macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $name<'a> {
            fields: Fields<'a>,
            $(pub(super) $field: Option<$kind>,)*
        }

        impl<'a> Record<'a> for $name<'a> {
            const KNOWN: &'static [&'static str] = &[$(stringify!($field)),*];

            fn fields(&self) -> &Fields<'a> {
                &self.fields
            }
        }

        impl<'a> Deserialize<'a> for $name<'a> {
            fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl<'a> Visitor<'a> for Read {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "a record of {}", $name::KNOWN.join(", "))
                    }

                    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<$name<'a>, M::Error> {
                        let mut record = $name::default();
                        while let Some(FieldName(name)) = map.next_key()? {
                            record.field(name, &mut map)?;
                        }
                        Ok(record)
                    }
                }
                deserializer.deserialize_struct("", Self::KNOWN, Read)
            }
        }

        impl<'a> $name<'a> {
            /// Takes the value of a field.
            fn field<M: MapAccess<'a>>(&mut self, name: &'a str, map: &mut M) -> Result<(), M::Error> {
                self.fields.see(name);
                match name {
                    $(stringify!($field) => {
                        if self.$field.is_some() {
                            self.fields.repeated.push(name);
                        }
                        let mut value: $kind = map.next_value()?;
                        value.set_field(name);
                        self.$field = Some(value);
                    })*
                    _ => {
                        self.fields.unknown.push(name);
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
        }
    };
}

type Texts<'a> = Vec<Text<'a>>;

record! {
    /// The whole file.
    RawDirectory {
        schema: Text<'a>, id: Text<'a>, name: Text<'a>, organisation: Text<'a>, source: Text<'a>,
        transcribed: Text<'a>, zone: Text<'a>, holidays: Text<'a>, audiences: Vec<RawAudience<'a>>,
        accounts: Vec<RawAccount<'a>>, contacts: Vec<RawContact<'a>>, notices: Vec<RawNotice<'a>>,
        synonyms: Vec<RawSynonym<'a>>, gates: Vec<RawGate<'a>>,
    }
}

/// Reads the whole file in sight of whoever waits for it: nearly all of it are contacts.
struct Whole<'f, 'a>(&'f mut dyn FnMut(&RawContact<'a>));

impl<'a> DeserializeSeed<'a> for Whole<'_, 'a> {
    type Value = RawDirectory<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_struct("", RawDirectory::KNOWN, self)
    }
}

impl<'a> Visitor<'a> for Whole<'_, 'a> {
    type Value = RawDirectory<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a directory")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut record = RawDirectory::default();
        while let Some(FieldName(name)) = map.next_key()? {
            if name == "contacts" && record.contacts.is_none() {
                record.fields.see(name);
                record.contacts = Some(map.next_value_seed(Contacts(&mut *self.0))?);
            } else {
                record.field(name, &mut map)?;
            }
        }
        Ok(record)
    }
}

/// The same for the list of contacts.
struct Contacts<'f, 'a>(&'f mut dyn FnMut(&RawContact<'a>));

impl<'a> DeserializeSeed<'a> for Contacts<'_, 'a> {
    type Value = Vec<RawContact<'a>>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for Contacts<'_, 'a> {
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
        id: Text<'a>, name: Text<'a>, source: Text<'a>, aliases: Texts<'a>, needs: Texts<'a>, audiences: Texts<'a>,
        account: Text<'a>, serves: Texts<'a>, services: Texts<'a>, channels: Vec<RawChannel<'a>>, hours: Text<'a>,
        zone: Text<'a>, notes: Texts<'a>,
    }
}

record! {
    RawChannel {
        phone: Text<'a>, fax: Text<'a>, tty: Text<'a>, email: Text<'a>, web: Text<'a>, label: Text<'a>,
        note: Text<'a>, menu: Vec<RawOption<'a>>,
    }
}

record! {
    RawOption {
        key: Text<'a>, label: Text<'a>, aliases: Texts<'a>, needs: Texts<'a>, serves: Texts<'a>, services: Texts<'a>,
        hours: Text<'a>, zone: Text<'a>, notes: Texts<'a>, also: Texts<'a>, not_for: Texts<'a>,
        menu: Vec<RawOption<'a>>,
    }
}

record! {
    RawNotice {
        id: Text<'a>, title: Text<'a>, source: Text<'a>, wording: Text<'a>, aliases: Texts<'a>, needs: Texts<'a>,
        text: Texts<'a>, sections: Vec<RawSection<'a>>, choices: Texts<'a>, site: Text<'a>,
    }
}

record! { RawSection { title: Text<'a>, text: Texts<'a> } }

record! { RawSynonym { means: Text<'a>, words: Texts<'a> } }

record! { RawGate { host: Text<'a>, outside: Text<'a>, notice: Text<'a> } }
