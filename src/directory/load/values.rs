//! The values of fields: texts, ids, references, and what is odd about them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Loader;
use crate::directory::AudienceSet;
use crate::directory::raw::{Record, Text, again};
use crate::directory::text::{excerpt, forbidden, nearest, offset};

/// As many ids as are named where one is wrong.
const MAX_NAMED: usize = 64;
/// After so many problems, what may have been meant is no longer looked for.
const MAX_GUESSED: usize = 200;

impl<'a> Loader<'a> {
    pub(super) fn audience_set(&mut self, ids: &Option<Vec<Text<'a>>>) -> AudienceSet {
        let mut set = AudienceSet::default();
        for id in ids.iter().flatten() {
            if let Some(audience) = self.reference(Some(*id), |loader| &loader.audiences, "audience") {
                set.insert(audience);
            }
        }
        set
    }

    /// The place of what an id names.
    pub(super) fn reference(
        &mut self,
        id: Option<Text<'a>>,
        places: impl Fn(&Self) -> &HashMap<Box<str>, usize>,
        what: &str,
    ) -> Option<usize> {
        let written = self.optional(id)?;
        let known = places(self);
        if let Some(place) = known.get(&written) {
            return Some(*place);
        }
        let hint = match nearest(&written, known.keys().map(|id| &**id)) {
            // Each guess looks at every id, and nobody reads so many.
            _ if self.problems.len() > MAX_GUESSED => String::new(),
            Some(near) => format!("; did you mean `{near}`?"),
            None if known.is_empty() => format!("; the directory has no {what}s"),
            None => {
                let mut ids: Vec<_> = known.keys().map(|id| format!("`{id}`")).collect();
                ids.sort();
                let more = if ids.len() > MAX_NAMED { ", ..." } else { "" };
                ids.truncate(MAX_NAMED);
                format!("; there is {}{more}", ids.join(", "))
            }
        };
        self.at(id, format!("there is no {what} `{written}`{hint}"));
        None
    }

    /// A name for machines that no other record of its kind has.
    pub(super) fn id(&mut self, text: Option<Text<'a>>, record: &impl Record<'a>) -> Box<str> {
        let id = self.needed(text, record, "id");
        if id.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
            self.at(text, format!("the id `{id}` may hold lower-case letters, digits and hyphens only"));
        } else if !id.is_empty() && !self.ids.insert(id.clone()) {
            self.at(text, format!("the id `{id}` is used twice; give each its own"));
        }
        id
    }

    pub(super) fn needed(&mut self, text: Option<Text<'a>>, record: &impl Record<'a>, field: &str) -> Box<str> {
        if text.is_none() {
            self.missing(record, field);
        }
        self.optional(text).unwrap_or_default()
    }

    pub(super) fn optional(&mut self, text: Option<Text<'a>>) -> Option<Box<str>> {
        text.and_then(|text| self.checked(text))
    }

    pub(super) fn texts(&mut self, texts: &Option<Vec<Text<'a>>>) -> Vec<Box<str>> {
        texts.iter().flatten().filter_map(|text| self.checked(*text)).collect()
    }

    /// A text that may be shown.
    pub(super) fn checked(&mut self, text: Text<'a>) -> Option<Box<str>> {
        let value = match text {
            Text::Plain(value) => Cow::Borrowed(value),
            Text::Odd(..) => match ron::from_str::<String>(self.written(text)) {
                Ok(value) => Cow::Owned(value),
                Err(_) => {
                    let found = excerpt(self.written(text));
                    self.at(Some(text), format!("a text in double quotes is wanted here, not {found}"));
                    return None;
                }
            },
        };
        let problem = match forbidden(&value) {
            None if !value.trim().is_empty() => return Some(value.into()),
            None => "this text is empty; fill it, or leave the field out if it is not needed".to_owned(),
            Some('\n' | '\r') => {
                "this text goes over more than one line; write it on one, or close its quote".to_owned()
            }
            Some('\t') => "this text holds a tab; write a space".to_owned(),
            Some(character) => {
                let code = u32::from(character);
                format!("this text holds the character U+{code:04X}, which could mislead a terminal; take it out")
            }
        };
        self.at(Some(text), problem);
        None
    }

    /// A value as it is written: without the quotes where they are all that is odd about it.
    pub(super) fn written(&mut self, text: Text<'a>) -> &'a str {
        let (field, item) = match text {
            Text::Plain(value) => return value,
            Text::Odd(field, item) => (field, item),
        };
        let (last, values) = &mut self.odd;
        if !std::ptr::eq(*last, field) {
            (*last, *values) = (field, again(self.problems.source(), field, item.is_some()));
        }
        values.get(item.unwrap_or(0)).copied().unwrap_or(field)
    }

    pub(super) fn fields(&mut self, record: &impl Record<'a>) {
        let fields = record.fields();
        for name in &fields.unknown {
            let hint = match nearest(name, known_fields(record).iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is {}", known_fields(record).join(", ")),
            };
            self.problems.report(name, format!("unknown field `{name}`; {hint}"));
        }
        for name in &fields.repeated {
            self.problems.report(name, format!("the field `{name}` is given twice in one record"));
        }
    }

    pub(super) fn missing(&mut self, record: &impl Record<'a>, field: &str) {
        self.problems.report(record.fields().first, format!("`{field}` is missing from this record"));
    }

    /// Notes a problem where a value begins, with its quote.
    pub(super) fn at(&mut self, text: Option<Text<'a>>, message: impl Into<String>) {
        let source = self.problems.source();
        let place = match text {
            Some(Text::Plain(value)) => {
                let quote = offset(source, value).and_then(|start| source.get(start.checked_sub(1)?..));
                quote.unwrap_or(value)
            }
            Some(odd) => self.written(odd),
            None => source,
        };
        self.problems.report(place, message);
    }
}

fn known_fields<'a, R: Record<'a>>(_: &R) -> &'static [&'static str] {
    R::KNOWN
}
