//! Writes a draft as a data file, and remembers which bytes came from which part of it, so that a problem which the
//! loader finds leads back to that part.
//!
//! Every part of a draft, a field or an item of a list, has a number in the order of the draft. A part that was refused
//! is written as a comment in which the refusal is explained, and takes its numbers all the same.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::draft::{Omission, Origin, Record, Value};
use super::text::{clean, quoted};

/// The most fields of a record that is written in one line.
const MAX_INLINE_FIELDS: usize = 4;

/// The parts that the loader refused, by number, each with the reason.
pub(super) type Refused = HashMap<usize, String>;

/// The bytes that came from a part.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) bytes: Range<usize>,
    /// The part that is left out if there is a problem here: the one itself, or the record that is nothing without it.
    pub(super) part: usize,
}

/// Something that was left out of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// The name of the entry; empty for the directory itself.
    pub(super) entry: String,
    pub(super) omission: Omission,
}

/// A data file.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Writes a directory without the parts that were refused.
pub(super) fn write(directory: &Record, refused: &Refused) -> Written {
    let mut writer = Writer { written: Written::default(), refused, next: 1, entry: String::new() };
    writer.record(directory, 0, 0);
    writer.written.text.push('\n');
    writer.written
}

struct Writer<'r> {
    written: Written,
    refused: &'r Refused,
    /// The number of the next part.
    next: usize,
    /// The name of the entry that is being written.
    entry: String,
}

impl Writer<'_> {
    /// Writes a record at a depth, with what was left out of it before it. `part` is its number.
    fn record(&mut self, record: &Record, part: usize, depth: usize) {
        let start = self.written.text.len();
        let first_span = self.written.spans.len();
        let above = self.entry.clone();
        if let Some(name) = ["name", "title"].into_iter().find_map(|field| record.text(field)).filter(|_| depth == 2) {
            name.clone_into(&mut self.entry);
        }
        let mut omissions = record.omissions.clone();
        let is_inline = record.fields.len() <= MAX_INLINE_FIELDS
            && !record.fields.iter().any(|(_, value)| matches!(value, Value::Records(_)));
        self.written.text.push('(');
        let mut is_first = true;
        for (name, value) in &record.fields {
            let own = self.number();
            if let Some(why) = self.refused.get(&own) {
                omissions.push(omission(&record.origin, name, value, why));
                self.next += count(value);
                continue;
            }
            match (is_inline, is_first) {
                (true, true) => {}
                (true, false) => self.written.text += ", ",
                (false, _) => self.new_line(depth + 1),
            }
            // Without its first field, the whole record is left out.
            let blamed = if is_first { part } else { own };
            is_first = false;
            let from = self.written.text.len();
            let _ = write!(self.written.text, "{name}: ");
            self.value(value, own, depth + 1, &mut omissions, &record.origin, name);
            self.written.spans.push(Span { bytes: from..self.written.text.len(), part: blamed });
            if !is_inline {
                self.written.text.push(',');
            }
        }
        if !is_inline {
            self.new_line(depth);
        }
        self.written.text.push(')');
        self.insert_comments(start, first_span, &comments(record, &omissions, depth), depth);
        self.leave_out(omissions);
        self.entry = above;
    }

    fn value(
        &mut self,
        value: &Value,
        part: usize,
        depth: usize,
        omissions: &mut Vec<Omission>,
        origin: &Origin,
        name: &str,
    ) {
        match value {
            Value::Text(text) => self.written.text += &literal(text),
            Value::Word(word) => self.written.text += word,
            Value::Record(record) => self.record(record, part, depth),
            Value::Texts(texts) => self.texts(texts, omissions, origin, name),
            Value::Records(records) => self.records(records, depth),
        }
    }

    fn texts(&mut self, texts: &[String], omissions: &mut Vec<Omission>, origin: &Origin, name: &str) {
        self.written.text.push('[');
        let mut separator = "";
        for text in texts {
            let own = self.number();
            if let Some(why) = self.refused.get(&own) {
                let what = format!("{name}: {text}");
                omissions.push(Omission { origin: origin.clone(), what: quoted(&what), why: clean(why) });
                continue;
            }
            self.written.text += separator;
            let from = self.written.text.len();
            self.written.text += &literal(text);
            self.written.spans.push(Span { bytes: from..self.written.text.len(), part: own });
            separator = ", ";
        }
        self.written.text.push(']');
    }

    fn records(&mut self, records: &[Record], depth: usize) {
        self.written.text.push('[');
        for record in records {
            let own = self.number();
            self.new_line(depth + 1);
            if let Some(why) = self.refused.get(&own) {
                self.next += count_record(record);
                let mut omissions = record.omissions.clone();
                let what = quoted(&plain_fields(record));
                omissions.push(Omission { origin: record.origin.clone(), what, why: clean(why) });
                self.written.text += &comment_lines(&comments(record, &omissions, depth + 1), depth + 1);
                // The last comment ends in the indentation of the next line.
                let end = self.written.text.trim_end().len();
                self.written.text.truncate(end);
                self.leave_out(omissions);
                continue;
            }
            let from = self.written.text.len();
            self.record(record, own, depth + 1);
            self.written.spans.push(Span { bytes: from..self.written.text.len(), part: own });
            self.written.text.push(',');
        }
        if !records.is_empty() {
            self.new_line(depth);
        }
        self.written.text.push(']');
    }

    /// Puts comments before what was written from a byte on.
    fn insert_comments(&mut self, at: usize, first_span: usize, comments: &[String], depth: usize) {
        let lines = comment_lines(comments, depth);
        self.written.text.insert_str(at, &lines);
        for span in &mut self.written.spans[first_span..] {
            span.bytes = span.bytes.start + lines.len()..span.bytes.end + lines.len();
        }
    }

    fn leave_out(&mut self, omissions: Vec<Omission>) {
        let entry = &self.entry;
        let left_out = omissions.into_iter().map(|omission| LeftOut { entry: entry.clone(), omission });
        self.written.left_out.extend(left_out);
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn new_line(&mut self, depth: usize) {
        let _ = write!(self.written.text, "\n{:1$}", "", 4 * depth);
    }
}

/// What is said about a record before it: where it comes from, if it is an entry, and what was left out.
fn comments(record: &Record, omissions: &[Omission], depth: usize) -> Vec<String> {
    let Origin { file, line } = &record.origin;
    let origin = line.filter(|_| depth == 2 && record.get("source").is_some()).map(|line| format!("{file}:{line}"));
    let left_out = omissions.iter().map(|omission| {
        // That of an entry is known from its own comment.
        let line = omission.origin.line.filter(|own| Some(*own) != *line || depth != 2);
        let at = line.map_or_else(String::new, |line| format!(" ({}:{line})", omission.origin.file));
        format!("left out{at}: {}: {}", omission.what, omission.why)
    });
    origin.into_iter().chain(record.remarks.iter().cloned()).chain(left_out).map(|comment| clean(&comment)).collect()
}

fn comment_lines(comments: &[String], depth: usize) -> String {
    comments.iter().fold(String::new(), |lines, comment| lines + &format!("// {comment}\n{:1$}", "", 4 * depth))
}

fn omission(origin: &Origin, name: &str, value: &Value, why: &str) -> Omission {
    Omission { origin: origin.clone(), what: quoted(&format!("{name}: {}", plain(value))), why: clean(why) }
}

/// A value in words, for a comment.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Word(text) => text.clone(),
        Value::Texts(texts) => texts.join("; "),
        Value::Record(record) => plain_fields(record),
        Value::Records(records) => format!("{} records", records.len()),
    }
}

fn plain_fields(record: &Record) -> String {
    let fields = record.fields.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
    fields.collect::<Vec<_>>().join(", ")
}

/// The number of parts in a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Text(_) | Value::Word(_) => 0,
        Value::Texts(texts) => texts.len(),
        Value::Record(record) => count_record(record),
        Value::Records(records) => records.iter().map(|record| 1 + count_record(record)).sum(),
    }
}

fn count_record(record: &Record) -> usize {
    record.fields.iter().map(|(_, value)| 1 + count(value)).sum()
}

/// A text in quotes. It has no control characters.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
