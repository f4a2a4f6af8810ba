//! Facts about a contact or option that few entries have.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::script::Script;
use crate::directory::{Alert, Article, Directory, EntryId, Extra};

/// Facts about a contact or option: its own, else those of the entries above it.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// A warning that applies at the moment, or any if no moment is given.
    pub alert: Option<&'a Alert>,
    /// The languages that are spoken.
    pub languages: &'a [Box<str>],
    /// The usual waiting time.
    pub wait: Option<&'a str>,
    /// What the caller should have at hand.
    pub have_ready: &'a [Box<str>],
    /// The states, postcodes or area codes that it serves; empty if the source does not limit it.
    pub region: &'a [Box<str>],
    /// Where to turn to next when it does not help.
    pub escalate: Option<Escalation<'a>>,
    /// Pages to read about it.
    pub articles: &'a [Article],
    /// The day it was last checked.
    pub checked: Date,
    /// Who checked it.
    pub checked_by: Option<&'a str>,
    /// Who to tell about a mistake in the directory.
    pub owner: Option<&'a str>,
    /// Whether only the organisation itself may see it.
    pub is_internal: bool,
}

/// An entry to turn to next.
#[derive(Clone, Debug)]
pub struct Escalation<'a> {
    /// Its id as people type it.
    pub text_id: String,
    /// Its title.
    pub title: &'a str,
    /// How to reach it in words; `None` where no number or address is stated.
    pub say: Option<String>,
}

impl<'a> Facts<'a> {
    /// The facts of an entry at a moment.
    pub fn new(directory: &'a Directory, id: EntryId, now: Option<Timestamp>) -> Self {
        let list = |list: for<'e> fn(&'e Extra) -> &'e [Box<str>]| {
            directory.inherited(id, |extra| Some(list(extra)).filter(|list| !list.is_empty())).unwrap_or_default()
        };
        let zone = directory.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        let today = now.map(|now| now.to_zoned_datetime(zone).date());
        let applies = |alert: &&Alert| today.is_none_or(|today| alert.applies_on(today));
        let escalate = directory.inherited(id, |extra| extra.escalate);
        let escalate = escalate.map(|next| directory.id_of(next.entry).by(next.channel));
        Self {
            alert: directory.inherited(id, |extra| extra.alert.as_ref().filter(applies)),
            languages: list(|extra| &extra.languages),
            wait: directory.inherited(id, |extra| extra.wait.as_deref()),
            have_ready: list(|extra| &extra.have_ready),
            region: list(|extra| &extra.region),
            escalate: escalate.filter(|other| other.entry != id.entry).map(|id| Escalation {
                text_id: directory.text_id(id),
                title: directory.title(id),
                say: Script::new(directory, id).and_then(|script| script.say_with_kind()),
            }),
            articles: directory
                .inherited(id, |extra| Some(&*extra.articles).filter(|articles| !articles.is_empty()))
                .unwrap_or_default(),
            checked: directory.inherited(id, |extra| extra.checked).unwrap_or(directory.transcribed),
            checked_by: directory.inherited(id, |extra| extra.checked_by.as_deref()),
            owner: directory.owner.as_deref(),
            is_internal: directory.is_internal(id),
        }
    }
}

/// A warning in words, with its last day unless it is one day: `Lines are down (until 2026-12-24)`.
pub fn alert_words(alert: &Alert) -> String {
    match alert.until.filter(|until| alert.from != Some(*until)) {
        Some(until) => format!("{} (until {until})", alert.text),
        None => alert.text.to_string(),
    }
}
