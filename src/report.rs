//! Answers as text: cards for people, a line each for scripts and screen readers, JSON for the next tool, and the
//! forms that address books and spreadsheets take. Pure: whoever prints it decides where.

mod cards;
mod csv;
mod json;
mod plain;
mod qr;
mod record;
mod tree;
mod vcard;

pub use cards::{ColorMode, Reader, cards, notices, painted, show};
pub use csv::csv;
pub use json::{
    Checked, Complaint, json, json_of_answers, json_of_check, json_of_directory, json_of_notices, json_of_tree,
};
pub use plain::{plain, plain_of, plain_of_notices, plain_of_tree};
pub use qr::qr;
pub use tree::tree;
pub use vcard::vcards;

use crate::directory::{Channel, Directory, Endpoint, EntryId};
use crate::search::{How, SearchResult, Why};

/// What is told of: an answer, by the channel that was asked for, else by its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The answer.
    pub answer: EntryId,
    /// The channel that was asked for, by its place in its contact's list.
    pub channel: Option<usize>,
}

impl From<EntryId> for Subject {
    fn from(answer: EntryId) -> Self {
        Self { answer, channel: None }
    }
}

impl From<&SearchResult> for Subject {
    fn from(hit: &SearchResult) -> Self {
        Self { answer: hit.answer, channel: hit.channel }
    }
}

impl Subject {
    /// The channel that it is about.
    fn by(self, directory: &Directory) -> Option<&Channel> {
        directory.channel_asked(self.answer, self.channel)
    }

    /// Its number and keys, or its address, in words.
    fn say(self, directory: &Directory) -> Option<String> {
        directory.say_by(self.answer, self.by(directory)?)
    }

    /// The same for people, who would dial a fax that is not called one: `Fax (916) 935-4522`.
    fn say_kind(self, directory: &Directory) -> Option<String> {
        let said = self.say(directory)?;
        Some(match &self.by(directory)?.reach {
            reach @ (Endpoint::Fax(_) | Endpoint::Tty(_)) => format!("{} {said}", reach.kind()),
            _ => said,
        })
    }

    /// Its machine name.
    fn target(self, directory: &Directory) -> Option<String> {
        let target = match self.by(directory) {
            Some(channel) => directory.target_by(self.answer, channel),
            None => directory.target(self.answer),
        };
        target.map(|target| target.to_string())
    }
}

/// Whom an answer is for.
fn whom(directory: &Directory, answer: EntryId) -> String {
    if directory.contact(answer).is_none() {
        return "Notice".to_owned();
    }
    let audiences = directory.audiences(answer);
    if audiences.is_empty() {
        return "Every audience".to_owned();
    }
    let names = audiences.iter().filter_map(|audience| directory.audiences.get(audience));
    names.map(|audience| &*audience.short).collect::<Vec<_>>().join(", ")
}

/// What stands between the top and an answer, and the answer: `Broker line`, `Brokers`, `Commissions`.
fn line_of_titles(directory: &Directory, answer: EntryId) -> Vec<&str> {
    let mut answers: Vec<EntryId> = std::iter::successors(Some(answer), |below| directory.parent(*below)).collect();
    answers.reverse();
    answers.into_iter().map(|answer| directory.title(answer)).collect()
}

/// What a word was understood as, in words: `payout means commission`.
fn reason(why: &Why) -> String {
    let Why { typed, matched, how } = why;
    match how {
        How::Exact => format!("{typed} is {matched}"),
        How::Stem => format!("{typed} is a form of {matched}"),
        How::Prefix => format!("{typed} begins {matched}"),
        How::Split => format!("{typed} is {matched}"),
        How::Synonym => format!("{typed} means {matched}"),
        How::Typo => format!("{typed} is nearly {matched}"),
        How::Fuzzy => format!("{typed} is short for {matched}"),
        How::Lookup => format!("part of {matched}"),
    }
}
