//! What was found as JSON, schema 1. The README documents it; what is there stays, more may come.

use serde::Serialize;

use super::{channel, say, target};
use crate::directory::{Answer, Channel, Directory};
use crate::search::{Found, Hit, Question};

/// The version of the format.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    query: &'a str,
    audience: Option<&'a str>,
    hits: Vec<HitReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<HitReport<'a>>,
}

#[derive(Serialize)]
struct HitReport<'a> {
    target: Option<String>,
    title: &'a str,
    audiences: Vec<&'a str>,
    path: Vec<&'a str>,
    say: Option<String>,
    weak: bool,
    score: f64,
    why: Vec<WhyReport<'a>>,
    channels: Vec<ChannelReport<'a>>,
}

#[derive(Serialize)]
struct WhyReport<'a> {
    typed: &'a str,
    matched: &'a str,
    how: &'static str,
}

#[derive(Serialize)]
struct ChannelReport<'a> {
    kind: String,
    value: Option<&'a str>,
    uri: Option<String>,
}

/// What was found, as one line of JSON and a line break.
pub fn json(directory: &Directory, question: &Question<'_>, found: &Found) -> String {
    let report = Report {
        schema: SCHEMA,
        query: question.need,
        audience: question.audience.map(|audience| &*directory.audiences[audience].id),
        hits: found.hits.iter().map(|hit| of_hit(directory, hit)).collect(),
        outside: found.outside.as_ref().map(|hit| of_hit(directory, hit)),
    };
    // Nothing in a report can fail to be written.
    harmless(&serde_json::to_string(&report).unwrap_or_default()) + "\n"
}

/// JSON with what a terminal might obey escaped; serde_json leaves all but C0 as it is.
fn harmless(json: &str) -> String {
    let obeyed = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !json.contains(obeyed) {
        return json.to_owned();
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

fn of_hit<'a>(directory: &'a Directory, hit: &'a Hit) -> HitReport<'a> {
    let ids = directory.audiences(hit.answer).iter().map(|audience| &*directory.audiences[audience].id);
    let above = match hit.answer {
        Answer::Section(notice, _) => Some(&*directory.notices[notice].title),
        _ => None,
    };
    let path = directory.path(hit.answer).into_iter().map(|option| &*option.label);
    let channels = directory.contact(hit.answer).map_or(&[][..], |contact| &contact.channels);
    // The channel that is meant comes first.
    let meant = channel(directory, hit);
    let is_meant = |channel: &&Channel| meant.is_some_and(|meant| std::ptr::eq(meant, *channel));
    let in_order = channels.iter().filter(is_meant).chain(channels.iter().filter(|channel| !is_meant(channel)));
    HitReport {
        target: target(directory, hit),
        title: directory.title(hit.answer),
        audiences: ids.collect(),
        path: above.into_iter().chain(path).collect(),
        say: say(directory, hit),
        weak: hit.weak,
        score: (f64::from(hit.score) * 1000.0).round() / 1000.0,
        why: hit
            .why
            .iter()
            .map(|why| WhyReport { typed: &why.typed, matched: &why.matched, how: why.how.name() })
            .collect(),
        channels: in_order.map(of_channel).collect(),
    }
}

fn of_channel(channel: &Channel) -> ChannelReport<'_> {
    ChannelReport {
        kind: channel.reach.kind().to_lowercase(),
        value: channel.reach.printed(),
        uri: channel.reach.target().map(|target| target.to_string()),
    }
}
