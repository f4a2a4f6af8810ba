//! Entries as JSON, schema 2: one document per line.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::record::{self, DirectoryRecord, EntryRecord, Head, NoticeRecord};
use super::tree;
use crate::directory::text::is_control_like;
use crate::directory::{EntryId, Scope};
use crate::present::card::Card;
use crate::present::diff::change::Change;
use crate::present::explanation::{Factor, factors};
use crate::search::{Catalog, Query, Reason, SearchResult, SearchResults};

/// The version of the format.
const SCHEMA: u32 = 2;

#[derive(Serialize)]
struct FindReport<'a> {
    schema: u32,
    query: &'a str,
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    asks_hours: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<ElsewhereReport<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    set_aside: &'a [String],
    #[serde(rename = "not", skip_serializing_if = "<[_]>::is_empty")]
    unwanted: &'a [String],
    hits: Vec<ResultReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<ResultReport<'a>>,
}

/// What is known not to be listed.
#[derive(Serialize)]
struct ElsewhereReport<'a> {
    phrase: &'a str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ResultReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    weak: bool,
    score: f64,
    why: &'a [Reason],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    basis: Vec<FactorReport>,
}

/// Something that speaks for a hit or against it.
#[derive(Serialize)]
struct FactorReport {
    effect: f64,
    words: &'static str,
}

/// Entries, or those of a whole directory.
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<DirectoryRecord<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    directories: Vec<DirectoryRecord<'a>>,
    #[serde(rename = "answers")]
    entries: Vec<EntryRecord<'a>>,
    notices: Vec<NoticeRecord<'a>>,
}

#[derive(Serialize)]
struct DiffReport<'a> {
    schema: u32,
    old: &'a str,
    new: &'a str,
    changes: &'a [Change],
}

#[derive(Serialize)]
struct CheckReport<'a> {
    schema: u32,
    files: &'a [Checked],
}

/// A data file that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its name as the user knows it.
    pub file: String,
    /// Its problems, in the order of the file.
    pub problems: Vec<Complaint>,
    /// What is doubtful in it, though it can be used.
    pub warnings: Vec<Complaint>,
    /// The entries that were not checked for some time, the oldest first; `None` if nothing was asked about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Vec<StaleEntry>>,
}

/// An entry that was not checked for some time, or never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaleEntry {
    /// Its id.
    pub entry: String,
    /// Its title.
    pub title: String,
    /// The day it was last checked.
    pub checked: Option<String>,
    /// The number of days since then.
    pub days: Option<i32>,
    /// The line of the file in which it begins, counted from 1.
    pub line: Option<usize>,
    /// The column, in characters, counted from 1.
    pub column: Option<usize>,
}

/// A problem of a file. A file that cannot be read at all has no line and no column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// Counted from 1.
    pub line: Option<usize>,
    /// In characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// Search results.
pub fn json(catalog: &Catalog, query: &Query<'_>, found: &SearchResults) -> String {
    to_line(&FindReport {
        schema: SCHEMA,
        query: query.text,
        audience: query.scope.audience().map(|id| &*catalog.audience(id).id),
        asks_hours: found.asks_hours,
        elsewhere: found
            .elsewhere
            .and_then(|id| catalog.elsewhere(id))
            .map(|(phrase, note)| ElsewhereReport { phrase, note }),
        set_aside: &found.set_aside,
        unwanted: &found.unwanted,
        hits: found.results.iter().map(|result| result_report(catalog, result)).collect(),
        outside: found.outside.as_ref().map(|result| result_report(catalog, result)),
    })
}

/// Everything known about entries, and whether they are open at a moment.
pub fn json_of_entries(catalog: &Catalog, ids: &[EntryId], now: Timestamp) -> String {
    to_line(&report(catalog, Scope::All, ids, Some(now)))
}

/// The tree of an audience, or the whole tree, in pieces: one for each entry at its top.
pub fn json_of_tree(
    catalog: Arc<Catalog>,
    scope: Scope,
    now: Timestamp,
) -> impl Iterator<Item = String> + Send + 'static {
    const NO_ENTRIES: &str = "[],\"notices\":[]}\n";
    let (entries, notices): (Vec<_>, Vec<_>) =
        tree::tops(&catalog, scope).into_iter().partition(|id| id.entry.is_contact());
    let empty = to_line(&report(&catalog, scope, &[], None));
    let head = empty.strip_suffix(NO_ENTRIES).unwrap_or_default().to_owned() + "[";
    let record = move |id: EntryId| match Card::new(catalog.directory(id), id, Some(now)) {
        Card::Contact(card) => to_text(&record::entry(catalog.directory(id), &card, Some(now))),
        Card::Notice(card) => to_text(&record::notice(catalog.directory(id), &card)),
    };
    let (entries, notices) = (entries.into_iter().map(record.clone()), notices.into_iter().map(record));
    let end = |text: &str| std::iter::once(text.to_owned());
    end(&head).chain(separated(entries)).chain(end("],\"notices\":[")).chain(separated(notices)).chain(end("]}\n"))
}

/// Puts a comma between the items of an array.
fn separated(items: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    items.enumerate().map(|(i, item)| if i == 0 { item } else { format!(",{item}") })
}

/// Notices and sections; without any, every notice.
pub fn json_of_notices(catalog: &Catalog, scope: Scope, ids: &[EntryId]) -> String {
    let all = || catalog.within(scope).flat_map(|directory| directory.notice_ids()).collect();
    let ids = if ids.is_empty() { all() } else { ids.to_vec() };
    to_line(&report(catalog, scope, &ids, None))
}

/// The directories of a catalog, or what serves an audience in its directory, without the fields that only search and
/// links use and without the open status.
pub fn json_of_directories(catalog: &Catalog, scope: Scope) -> String {
    let directories = super::directories(catalog, scope);
    let ids =
        directories.clone().flat_map(|(directory, index)| directory.contacts_for(index).chain(directory.notice_ids()));
    let mut report = report(catalog, scope, &ids.collect::<Vec<_>>(), None);
    report.directories = directories.map(|(directory, _)| record::directory(directory)).collect();
    // Catalogs of one directory came first, and schema 1 keeps their field.
    if report.directories.len() == 1 {
        report.directory = report.directories.pop();
    }
    to_line(&report)
}

/// The problems of files.
pub fn json_of_check(files: &[Checked]) -> String {
    to_line(&CheckReport { schema: SCHEMA, files })
}

/// What changed between two files.
pub fn json_of_diff(old: &str, new: &str, changes: &[Change]) -> String {
    to_line(&DiffReport { schema: SCHEMA, old, new, changes })
}

fn report<'a>(catalog: &'a Catalog, scope: Scope, ids: &[EntryId], now: Option<Timestamp>) -> Report<'a> {
    let mut report = Report {
        schema: SCHEMA,
        audience: scope.audience().map(|id| &*catalog.audience(id).id),
        directory: None,
        directories: Vec::new(),
        entries: Vec::new(),
        notices: Vec::new(),
    };
    for id in ids {
        let directory = catalog.directory(*id);
        match Card::new(directory, *id, now) {
            Card::Contact(card) => report.entries.push(record::entry(directory, &card, now)),
            Card::Notice(card) => report.notices.push(record::notice(directory, &card)),
        }
    }
    report
}

/// A document and a line break.
fn to_line(document: &impl Serialize) -> String {
    to_text(document) + "\n"
}

/// A document, with every character escaped that a terminal might interpret: serde_json escapes only those of C0.
fn to_text(document: &impl Serialize) -> String {
    // A report has string keys and no fallible serializers, so this cannot fail.
    let json = serde_json::to_string(document).unwrap_or_default();
    let is_escaped = |c: char| c >= '\u{7f}' && is_control_like(c);
    if !json.contains(is_escaped) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_escaped(c) {
            escaped += &format!("\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn result_report<'a>(catalog: &'a Catalog, result: &'a SearchResult) -> ResultReport<'a> {
    let directory = catalog.directory(result.id);
    ResultReport {
        head: record::head(directory, &Card::new(directory, result.id, None)),
        weak: result.weak,
        score: rounded(result.score),
        why: &result.reasons,
        basis: factors(catalog.trust(), &result.signals)
            .into_iter()
            .map(|Factor { effect, words }| FactorReport { effect: rounded(effect), words })
            .collect(),
    }
}

/// A number with three decimals.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 1000.0).round() / 1000.0
}
