//! What was found, as text: cards for people, a line each for scripts and screen readers, JSON for the next tool. Pure:
//! whoever prints it decides where.

mod cards;
mod json;
mod plain;

pub use cards::{Reader, cards, painted};
pub use json::json;
pub use plain::plain;

use crate::directory::{Answer, Channel, Directory, Reach};
use crate::search::{Hit, How, Why};

/// The channel that a hit is about: the one that was asked for, else the answer's own.
fn channel<'a>(directory: &'a Directory, hit: &Hit) -> Option<&'a Channel> {
    directory.channel_asked(hit.answer, hit.channel)
}

/// A hit's number and keys, or its address, in words.
fn say(directory: &Directory, hit: &Hit) -> Option<String> {
    directory.say_by(hit.answer, channel(directory, hit)?)
}

/// The same for people, who would dial a fax that is not called one: `Fax (916) 935-4522`.
fn say_kind(directory: &Directory, hit: &Hit) -> Option<String> {
    let said = say(directory, hit)?;
    Some(match &channel(directory, hit)?.reach {
        reach @ (Reach::Fax(_) | Reach::Tty(_)) => format!("{} {said}", reach.kind()),
        _ => said,
    })
}

/// A hit's machine name.
fn target(directory: &Directory, hit: &Hit) -> Option<String> {
    let target = match channel(directory, hit) {
        Some(channel) => directory.target_by(hit.answer, channel),
        None => directory.target(hit.answer),
    };
    target.map(|target| target.to_string())
}

/// Whom an answer is for.
fn whom(directory: &Directory, answer: Answer) -> String {
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
