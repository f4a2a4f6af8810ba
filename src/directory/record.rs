//! Records of a RON file before they are checked, for the data file and the configuration: every field is optional, and
//! every text keeps its position. A record accepts whatever it finds and notes unknown and duplicate fields, so that
//! the checks, some of which are here, can report all problems at once. Only invalid RON ends the parsing.

use std::borrow::Cow;
use std::fmt;

use ron::error::SpannedError;
use ron::value::RawValue;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::problem::{Collector, Problem, SYNTAX_ERROR};
use super::text::{excerpt, first_control, first_invisible, nearest};

/// The problem of a text that is not valid RON.
pub(crate) fn syntax_problem(error: &SpannedError) -> Problem {
    let message = format!("{SYNTAX_ERROR}{}", syntax_error(&error.code));
    Problem { line: error.span.start.line, column: error.span.start.col, message }
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
        ron::Error::ExpectedFloat | ron::Error::ExpectedInteger => {
            "text must be in double quotes (\"), and so must dates and numbers, such as \"2026-11-23\""
        }
        ron::Error::UnexpectedChar(_) => "expected a value; text must be in double quotes (\")",
        ron::Error::ExpectedChar => "text must be in double quotes (\"), not single ones",
        ron::Error::InvalidEscape(_) => "invalid escape sequence; write a backslash as `\\\\`",
        ron::Error::Eof | ron::Error::ExpectedStringEnd => "unexpected end of file; a `(`, `[` or `\"` is not closed",
        ron::Error::UnclosedBlockComment => "a comment that starts with `/*` is not closed with `*/`",
        ron::Error::TrailingCharacters => "unexpected text after the end of the file; look for an extra `)`",
        ron::Error::ExceededRecursionLimit => "this is nested too deeply",
        ron::Error::SuggestRawIdentifier(name) => {
            return format!("`{name}` is not a field name; field names have underscores, not hyphens");
        }
        other => return other.to_string().replace(char::is_control, "\u{fffd}"),
    };
    message.to_owned()
}

/// A value as the file has it: a slice of the file, so that its position is known. It may be any RON; the loader
/// accepts the values that a field can have and reports the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl<'a> Text<'a> {
    /// The text between the quotes, if this is a text in double quotes without escapes.
    pub(crate) fn plain(self) -> Option<&'a str> {
        quoted(self.0)
    }
}

/// The name by which ron knows that the text of a value is wanted. Its own type for that, [`RawValue`], parses the text
/// a second time, which would make loading a quarter slower.
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
pub(crate) struct FieldName<'a>(pub(crate) &'a str);

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

/// The position of a record and what is wrong with its fields. A file has many records, so that mistakes, which hardly
/// any has, take no space in the others.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    /// The name of the first field, a slice of the file: the position of the record.
    pub(crate) first: &'a str,
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
    pub(crate) fn unknown(&self) -> &[&'a str] {
        self.mistakes.as_ref().map_or(&[], |mistakes| &mistakes.unknown)
    }

    /// The names of the fields that appear again.
    pub(crate) fn duplicate(&self) -> &[&'a str] {
        self.mistakes.as_ref().map_or(&[], |mistakes| &mistakes.duplicate)
    }

    /// Notes the position of a record when its first field is parsed.
    pub(crate) fn set_first(&mut self, name: &'a str) {
        if self.first.is_empty() {
            self.first = name;
        }
    }

    /// Notes a field that appears again.
    pub(crate) fn add_duplicate(&mut self, name: &'a str) {
        self.mistakes.get_or_insert_default().duplicate.push(name);
    }

    /// Notes an unknown field and skips its value.
    pub(crate) fn skip_unknown<M: MapAccess<'a>>(&mut self, name: &'a str, map: &mut M) -> Result<(), M::Error> {
        self.mistakes.get_or_insert_default().unknown.push(name);
        map.next_value::<IgnoredAny>().map(drop)
    }
}

/// A record of the file.
pub(crate) trait Record<'a> {
    /// The names of the known fields.
    fn known() -> Vec<&'static str>;

    fn fields(&self) -> &Fields<'a>;
}

/// Declares a record; after `+`, a record whose fields it shares; after `|`, one whose fields few records have, so that
/// it takes no space in the others.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* $(,)? }
        $(+ $shared:ident: $shared_kind:ident)? $(| $rare:ident: $rare_kind:ident)?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(crate) struct $name<'a> {
            fields: $crate::directory::record::Fields<'a>,
            $(pub(crate) $field: Option<$kind>,)*
            $(pub(crate) $shared: $shared_kind<'a>,)?
            $(pub(crate) $rare: Option<Box<$rare_kind<'a>>>,)?
        }

        impl<'a> $crate::directory::record::Record<'a> for $name<'a> {
            fn known() -> Vec<&'static str> {
                [$(stringify!($field)),*].into_iter()$(.chain(<$shared_kind<'_> as $crate::directory::record::Record<'_>>::known()))?$(.chain(<$rare_kind<'_> as $crate::directory::record::Record<'_>>::known()))?.collect()
            }

            fn fields(&self) -> &$crate::directory::record::Fields<'a> {
                &self.fields
            }
        }

        impl<'a> serde::Deserialize<'a> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                struct RecordVisitor;
                impl<'a> serde::de::Visitor<'a> for RecordVisitor {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "a record of {}", <$name<'_> as $crate::directory::record::Record<'_>>::known().join(", "))
                    }

                    fn visit_map<M: serde::de::MapAccess<'a>>(self, mut map: M) -> Result<$name<'a>, M::Error> {
                        let (mut record, mut fields) = ($name::default(), $crate::directory::record::Fields::default());
                        while let Some($crate::directory::record::FieldName(name)) = map.next_key()? {
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
            fn parse_field<M: serde::de::MapAccess<'a>>(
                &mut self,
                name: &'a str,
                map: &mut M,
                fields: &mut $crate::directory::record::Fields<'a>,
            ) -> Result<bool, M::Error> {
                match name {
                    $(stringify!($field) => {
                        if self.$field.is_some() {
                            fields.add_duplicate(name);
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
pub(crate) use record;

impl<'a> Collector<'a> {
    /// A text that is not blank, on one line, safe to print and visible.
    pub(crate) fn text(&mut self, text: Text<'a>) -> Option<Box<str>> {
        let value = self.number(text)?;
        let Some(character) = first_invisible(&value) else { return Some(value) };
        let code = u32::from(character);
        self.report_at(
            Some(text),
            format!("this text contains the character U+{code:04X}, which is invisible; remove it"),
        );
        None
    }

    /// A phone number or an address as it is printed, which may have invisible characters: web pages have them, and
    /// they are removed from what is shown.
    pub(crate) fn number(&mut self, text: Text<'a>) -> Option<Box<str>> {
        let value = match text.plain() {
            Some(value) => Cow::Borrowed(value),
            None => match ron::from_str::<String>(text.0) {
                Ok(value) => Cow::Owned(value),
                Err(_) => {
                    self.report_at(Some(text), format!("expected text in double quotes, found {}", excerpt(text.0)));
                    return None;
                }
            },
        };
        let message = match first_control(&value) {
            None if !value.trim().is_empty() => return Some(value.into()),
            None => "this text is empty; add text, or omit the field if it is optional".to_owned(),
            Some('\n' | '\r') => "this text spans several lines; write it on one line, or close its quote".to_owned(),
            Some('\t') => "this text contains a tab; replace it with a space".to_owned(),
            Some(character) => {
                let code = u32::from(character);
                format!("this text contains the character U+{code:04X}, which a terminal may interpret; remove it")
            }
        };
        self.report_at(Some(text), message);
        None
    }

    /// Reports the unknown and duplicate fields of a record.
    pub(crate) fn fields<R: Record<'a>>(&mut self, record: &R) {
        let fields = record.fields();
        for name in fields.unknown() {
            let hint = match nearest(name, R::known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of {}", R::known().join(", ")),
            };
            self.report(name, format!("unknown field `{name}`; {hint}"));
        }
        for name in fields.duplicate() {
            self.report(name, format!("duplicate field `{name}`; remove one of them"));
        }
    }

    /// The value of a flag, if it is given and right.
    pub(crate) fn flag(&mut self, text: Option<Text<'a>>) -> Option<bool> {
        match text?.0 {
            "false" => Some(false),
            "true" => Some(true),
            other => {
                self.report_at(text, format!("expected true or false, found {}", excerpt(other)));
                None
            }
        }
    }

    /// Reports a problem at the start of a value.
    pub(crate) fn report_at(&mut self, text: Option<Text<'a>>, message: impl Into<String>) {
        self.report(text.map_or(self.source(), |text| text.0), message);
    }
}
