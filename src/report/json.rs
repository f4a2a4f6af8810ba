//! Answers as JSON, schema 1: one document a line.

use jiff::Timestamp;
use serde::Serialize;

use super::record::{self, DirectoryRecord, EntryRecord, Head, NoticeRecord};
use super::{Subject, tree};
use crate::directory::text::is_obeyed;
use crate::directory::{Directory, EntryId};
use crate::search::{Query, SearchResult, SearchResults};

/// The version of the format.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct FindReport<'a> {
    schema: u32,
    query: &'a str,
    audience: Option<&'a str>,
    hits: Vec<HitReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<HitReport<'a>>,
}

#[derive(Serialize)]
struct HitReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    weak: bool,
    score: f64,
    why: Vec<WhyReport<'a>>,
}

#[derive(Serialize)]
struct WhyReport<'a> {
    typed: &'a str,
    matched: &'a str,
    how: &'static str,
}

/// Answers and notices, or those of a whole directory.
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<DirectoryRecord<'a>>,
    answers: Vec<EntryRecord<'a>>,
    notices: Vec<NoticeRecord<'a>>,
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
    /// What is wrong with it, in its order.
    pub problems: Vec<Complaint>,
}

/// Something that is wrong with a file. What cannot be read at all has no line and no column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// Counted from 1.
    pub line: Option<usize>,
    /// In characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

/// What was found.
pub fn json(directory: &Directory, question: &Query<'_>, found: &SearchResults) -> String {
    written(&FindReport {
        schema: SCHEMA,
        query: question.need,
        audience: question.audience.map(|audience| &*directory.audiences[audience].id),
        hits: found.hits.iter().map(|hit| of_hit(directory, hit)).collect(),
        outside: found.outside.as_ref().map(|hit| of_hit(directory, hit)),
    })
}

/// All that is known of answers and notices, and how things stand at a moment.
pub fn json_of_answers(directory: &Directory, subjects: &[Subject], now: Timestamp) -> String {
    written(&report(directory, None, subjects, Some(now)))
}

/// The tree of an audience, or the whole tree.
pub fn json_of_tree(directory: &Directory, audience: Option<usize>, now: Timestamp) -> String {
    written(&report(directory, audience, &tree::tops(directory, audience), Some(now)))
}

/// Every notice, or one of them or of its sections.
pub fn json_of_notices(directory: &Directory, of: Option<EntryId>) -> String {
    let all = || (0..directory.notices.len()).map(|place| EntryId::Notice(place).into()).collect();
    let subjects: Vec<Subject> = of.map_or_else(all, |answer| vec![answer.into()]);
    written(&report(directory, None, &subjects, None))
}

/// What a directory says, or the part of it that serves an audience; what only a search or a link needs is left out, and
/// nothing is said of any moment.
pub fn json_of_directory(directory: &Directory, audience: Option<usize>) -> String {
    let contacts = directory.contacts_for(audience).map(EntryId::Contact);
    let notices = (0..directory.notices.len()).map(EntryId::Notice);
    let subjects: Vec<Subject> = contacts.chain(notices).map(Subject::from).collect();
    let mut report = report(directory, audience, &subjects, None);
    report.directory = Some(record::directory(directory));
    written(&report)
}

/// What is wrong with files.
pub fn json_of_check(files: &[Checked]) -> String {
    written(&CheckReport { schema: SCHEMA, files })
}

fn report<'a>(
    directory: &'a Directory,
    audience: Option<usize>,
    subjects: &[Subject],
    now: Option<Timestamp>,
) -> Report<'a> {
    let (answers, notices): (Vec<&Subject>, _) =
        subjects.iter().partition(|subject| directory.contact(subject.answer).is_some());
    let notices: Vec<&Subject> = notices;
    Report {
        schema: SCHEMA,
        audience: audience.map(|audience| &*directory.audiences[audience].id),
        directory: None,
        answers: answers.into_iter().map(|subject| record::answer(directory, *subject, now)).collect(),
        notices: notices.into_iter().filter_map(|subject| record::notice(directory, subject.answer)).collect(),
    }
}

/// A document and a line break, with what a terminal might obey escaped; serde_json leaves all but C0 as it is.
fn written(document: &impl Serialize) -> String {
    // Nothing in a report can fail to be written.
    let json = serde_json::to_string(document).unwrap_or_default() + "\n";
    let obeyed = |c: char| c >= '\u{7f}' && is_obeyed(c);
    if !json.contains(obeyed) {
        return json;
    }
    let mut harmless = String::with_capacity(json.len());
    for c in json.chars() {
        if obeyed(c) {
            harmless += &format!("\\u{:04x}", u32::from(c));
        } else {
            harmless.push(c);
        }
    }
    harmless
}

fn of_hit<'a>(directory: &'a Directory, hit: &'a SearchResult) -> HitReport<'a> {
    let why = hit.why.iter();
    HitReport {
        head: record::head(directory, hit.into()),
        weak: hit.weak,
        score: (f64::from(hit.score) * 1000.0).round() / 1000.0,
        why: why.map(|why| WhyReport { typed: &why.typed, matched: &why.matched, how: why.how.name() }).collect(),
    }
}
