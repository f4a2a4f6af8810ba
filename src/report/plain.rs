//! Answers, one a line, in words that a screen reader reads well; a tab between the parts of a line.

use jiff::Timestamp;

use super::{Subject, reason, tree, whom};
use crate::directory::hours::{Hours, OnHolidays, OpenStatus, in_words};
use crate::directory::{Channel, Directory, Endpoint, EntryId};
use crate::search::{SearchResult, SearchResults};

/// A line for each hit: what to dial or write to, what it is, whom it is for, its target, `sure` or `weak`, and, where
/// they are asked for, the reasons. A better answer outside the chosen audience is last, and says `outside`.
pub fn plain(directory: &Directory, found: &SearchResults, with_reasons: bool) -> String {
    let hits = found.hits.iter().map(|hit| (hit, if hit.weak { "weak" } else { "sure" }));
    let outside = found.outside.iter().map(|hit| (hit, "outside"));
    let line = |(hit, trust): (&SearchResult, &str)| {
        let mut fields = head(directory, hit.into()).to_vec();
        fields.push(trust.to_owned());
        if with_reasons {
            fields.push(hit.why.iter().map(reason).collect::<Vec<_>>().join("; "));
        }
        fields.join("\t") + "\n"
    };
    hits.chain(outside).map(line).collect()
}

/// A line for each way to reach each answer, or for the one way that was asked for: what to dial or write to, what it
/// is, whom it is for, its target, whether somebody answers at a moment, and its id.
pub fn plain_of(directory: &Directory, subjects: &[Subject], now: Timestamp) -> String {
    let ways = subjects.iter().flat_map(|subject| {
        let count = directory.contact(subject.answer).map_or(0, |contact| contact.channels.len());
        let all = match (subject.channel, subject.answer) {
            (None, EntryId::Contact(_)) if count > 0 => (0..count).map(Some).collect(),
            (asked, _) => vec![asked],
        };
        all.into_iter().map(|channel| Subject { channel, ..*subject })
    });
    ways.map(|subject| line(directory, subject, now)).collect()
}

/// A line for each answer of the tree of an audience, or of the whole tree.
pub fn plain_of_tree(directory: &Directory, audience: Option<usize>, now: Timestamp) -> String {
    let mut lines = String::new();
    let mut answers = tree::tops(directory, audience);
    answers.reverse();
    while let Some(subject) = answers.pop() {
        lines += &line(directory, subject, now);
        answers.extend(directory.children(subject.answer).into_iter().rev().map(Subject::from));
    }
    lines
}

fn line(directory: &Directory, subject: Subject, now: Timestamp) -> String {
    let [say, title, whom, target] = head(directory, subject);
    let standing = standing(directory, subject, now);
    format!("{say}\t{title}\t{whom}\t{target}\t{standing}\t{}\n", directory.id(subject.answer))
}

/// A line for each notice: its id and its title; or, of one, a line for each paragraph: its section and its text.
pub fn plain_of_notices(directory: &Directory, of: Option<EntryId>) -> String {
    let Some(answer) = of else {
        return directory.notices.iter().map(|notice| format!("{}\t{}\n", notice.id, notice.title)).collect();
    };
    let Some(notice) = directory.notice(answer) else { return String::new() };
    let lines = |title: &str, text: &[Box<str>]| -> String {
        text.iter().map(|paragraph| format!("{title}\t{paragraph}\n")).collect()
    };
    match answer {
        EntryId::Section(_, section) => {
            notice.sections.get(section).map_or_else(String::new, |section| lines(&section.title, &section.text))
        }
        _ => {
            let sections = notice.sections.iter().map(|section| lines(&section.title, &section.text));
            let wording = notice.wording.iter().map(|wording| format!("Wording\t{wording}\n"));
            std::iter::once(lines(&notice.title, &notice.text)).chain(sections).chain(wording).collect()
        }
    }
}

fn head(directory: &Directory, subject: Subject) -> [String; 4] {
    let unknown = || if directory.notice(subject.answer).is_some() { "notice" } else { "not stated" }.to_owned();
    [
        subject.say_kind(directory).unwrap_or_else(unknown),
        titled(directory, subject),
        whom(directory, subject.answer),
        subject.target(directory).unwrap_or_else(unknown),
    ]
}

/// An answer's title, with the label of its channel where another one is of the same kind.
fn titled(directory: &Directory, subject: Subject) -> String {
    let title = directory.title(subject.answer);
    let channels = directory.contact(subject.answer).map_or(&[][..], |contact| &contact.channels);
    let by = subject.by(directory);
    let is_alike = |channel: &&Channel| by.is_some_and(|by| by.reach.kind() == channel.reach.kind());
    let is_alone = channels.iter().filter(is_alike).nth(1).is_none();
    match by.and_then(|channel| channel.label.as_deref()).filter(|_| !is_alone) {
        Some(label) => format!("{title} ({label})"),
        None => title.to_owned(),
    }
}

/// Whether somebody answers, in words: `open, closes 5:00 PM PT`.
fn standing(directory: &Directory, subject: Subject, now: Timestamp) -> String {
    let hours = directory.hours(subject.answer);
    // What is read, written to or opened waits for no one.
    let is_spoken = |channel: &Channel| matches!(channel.reach, Endpoint::Phone(_) | Endpoint::Tty(_));
    if !subject.by(directory).is_some_and(is_spoken) {
        return "no hours".to_owned();
    }
    let at = hours.at(now);
    let until = |verb: &str, when: Option<&jiff::ZonedDateTime>| {
        when.map_or_else(String::new, |when| format!(", {verb} {}", in_words(when, now)))
    };
    let mut words = match &at.standing {
        OpenStatus::NotListed => "hours not listed".to_owned(),
        OpenStatus::NoZone | OpenStatus::Unsure => "open or closed, not certain".to_owned(),
        OpenStatus::Open(when) => format!("open{}", until("closes", when.as_ref())),
        OpenStatus::Closed(when) => format!("closed{}", until("opens", when.as_ref())),
    };
    if let Hours::Listed(schedule) = hours {
        words += match (schedule.on_holidays(), at.holiday, at.holiday_then) {
            (OnHolidays::NotMentioned, true, _) => ", public holiday today, hours may differ",
            (OnHolidays::NotMentioned, false, true) => ", a public holiday then, hours may differ",
            (OnHolidays::Closed | OnHolidays::Listed, true, _) => ", public holiday today, assumed to be one of theirs",
            _ => "",
        };
    }
    words
}
