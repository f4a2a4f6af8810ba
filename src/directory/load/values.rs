//! The values of fields: texts, ids and references, and problems that every record can have.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::loader::Loader;
use crate::directory::audience::AudienceSet;
#[cfg(doc)]
use crate::directory::problem::Collector;
use crate::directory::record::{Record, Text};
use crate::directory::text::{excerpt, nearest};

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

    /// A whole number from 1 to a maximum.
    pub(super) fn number(&mut self, text: Text<'a>, max: u16) -> Option<u16> {
        let number = text.0.parse().ok().filter(|number| (1..=max).contains(number));
        if number.is_none() {
            self.report_at(Some(text), format!("expected a number from 1 to {max}, found {}", excerpt(text.0)));
        }
        number
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

    /// As [`Collector::flag`].
    pub(super) fn flag(&mut self, text: Option<Text<'a>>) -> bool {
        self.problems.flag(text).unwrap_or(false)
    }

    /// As [`Collector::text`].
    pub(super) fn text(&mut self, text: Text<'a>) -> Option<Box<str>> {
        self.problems.text(text)
    }

    /// As [`Collector::fields`].
    pub(super) fn fields<R: Record<'a>>(&mut self, record: &R) {
        self.problems.fields(record);
    }

    /// As [`Collector::report_at`].
    pub(super) fn report_at(&mut self, text: Option<Text<'a>>, message: impl Into<String>) {
        self.problems.report_at(text, message);
    }
}
