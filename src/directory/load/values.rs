//! The values of fields: texts, ids and references, and problems that every record can have.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::loader::Loader;
use crate::directory::audience::AudienceSet;
use crate::directory::raw::{Record, Text};
use crate::directory::text::{excerpt, first_control, nearest};

/// The number of ids that a message lists.
const MAX_LISTED_IDS: usize = 64;
/// The number of problems after which messages no longer suggest ids: each suggestion compares all of them.
const MAX_SUGGESTIONS: usize = 200;

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

    /// The index of the record that an id refers to. `kind` names the record in the message.
    pub(super) fn reference(
        &mut self,
        id: Option<Text<'a>>,
        indices: impl Fn(&Self) -> &HashMap<Box<str>, usize>,
        kind: &str,
    ) -> Option<usize> {
        let text = self.optional(id)?;
        let known = indices(self);
        if let Some(index) = known.get(&text) {
            return Some(*index);
        }
        let hint = match nearest(&text, known.keys().map(|id| &**id)) {
            _ if self.problems.len() > MAX_SUGGESTIONS => String::new(),
            Some(near) => format!("; did you mean `{near}`?"),
            None if known.is_empty() => format!("; the directory has no {kind}s"),
            None => {
                let mut ids: Vec<_> = known.keys().map(|id| format!("`{id}`")).collect();
                ids.sort();
                let one_of = if ids.len() > 1 { "one of " } else { "" };
                let more = if ids.len() > MAX_LISTED_IDS { ", ..." } else { "" };
                ids.truncate(MAX_LISTED_IDS);
                format!("; expected {one_of}{}{more}", ids.join(", "))
            }
        };
        self.report_at(id, format!("unknown {kind} `{text}`{hint}"));
        None
    }

    /// The id of a record.
    pub(super) fn id(&mut self, text: Option<Text<'a>>, record: &impl Record<'a>) -> Box<str> {
        let id = self.required(text, record, "id");
        if id.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
            self.report_at(text, format!("the id `{id}` may contain only lower-case letters, digits and hyphens"));
        } else if !id.is_empty() && !self.ids.insert(id.clone()) {
            self.report_at(text, format!("the id `{id}` is used twice; give each record its own id"));
        }
        id
    }

    pub(super) fn required(&mut self, text: Option<Text<'a>>, record: &impl Record<'a>, field: &str) -> Box<str> {
        if text.is_none() {
            self.missing(record, field);
        }
        self.optional(text).unwrap_or_default()
    }

    pub(super) fn optional(&mut self, text: Option<Text<'a>>) -> Option<Box<str>> {
        text.and_then(|text| self.text(text))
    }

    pub(super) fn texts(&mut self, texts: &Option<Vec<Text<'a>>>) -> Vec<Box<str>> {
        texts.iter().flatten().filter_map(|text| self.text(*text)).collect()
    }

    pub(super) fn date(&mut self, text: Text<'a>) -> Option<Date> {
        let value = self.text(text)?;
        // The parser also accepts other forms, such as single-digit months.
        let date = Date::strptime("%Y-%m-%d", &*value).ok().filter(|date| date.to_string() == *value);
        if date.is_none() {
            self.report_at(Some(text), format!("`{value}` is not a date; write one such as 2026-11-23"));
        }
        date
    }

    /// Whether a field is `true`.
    pub(super) fn flag(&mut self, text: Option<Text<'a>>) -> bool {
        match text.map(|text| text.0) {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => {
                self.report_at(text, format!("expected true or false, found {}", excerpt(other)));
                false
            }
        }
    }

    /// A whole number from 1 to a maximum.
    pub(super) fn number(&mut self, text: Text<'a>, max: u16) -> Option<u16> {
        let number = text.0.parse().ok().filter(|number| (1..=max).contains(number));
        if number.is_none() {
            self.report_at(Some(text), format!("expected a number from 1 to {max}, found {}", excerpt(text.0)));
        }
        number
    }

    /// A text that is not blank, on one line and safe to print.
    pub(super) fn text(&mut self, text: Text<'a>) -> Option<Box<str>> {
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

    /// Parses a record that stands where a text is written by mistake. `example` is one such record.
    pub(super) fn record<R: Record<'a> + Deserialize<'a>>(&mut self, text: Text<'a>, example: &str) -> Option<R> {
        match ron::from_str::<R>(text.0) {
            Ok(record) => {
                self.fields(&record);
                Some(record)
            }
            Err(_) => {
                self.report_at(Some(text), format!("expected a record such as {example}, found {}", excerpt(text.0)));
                None
            }
        }
    }

    /// Reports the unknown and duplicate fields of a record.
    pub(super) fn fields<R: Record<'a>>(&mut self, record: &R) {
        let fields = record.fields();
        for name in fields.unknown() {
            let hint = match nearest(name, R::known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of {}", R::known().join(", ")),
            };
            self.problems.report(name, format!("unknown field `{name}`; {hint}"));
        }
        for name in fields.duplicate() {
            self.problems.report(name, format!("duplicate field `{name}`; remove one of them"));
        }
    }

    /// Reports a missing field, unless the suggestion for an unknown field names it.
    pub(super) fn missing<R: Record<'a>>(&mut self, record: &R, field: &str) {
        self.missing_one_of(record, field, &format!("`{field}`"));
    }

    /// Reports that a field is missing in whose place others may stand; `names` lists them.
    pub(super) fn missing_one_of<R: Record<'a>>(&mut self, record: &R, field: &str, names: &str) {
        let mut unknown = record.fields().unknown().iter();
        if unknown.any(|name| nearest(name, R::known()) == Some(field)) {
            return;
        }
        self.problems.report(record.fields().first, format!("missing field {names} in this record"));
    }

    /// Reports a problem at the start of a value.
    pub(super) fn report_at(&mut self, text: Option<Text<'a>>, message: impl Into<String>) {
        self.problems.report(text.map_or(self.problems.source(), |text| text.0), message);
    }
}
