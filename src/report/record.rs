//! What JSON says of a directory, an answer and a notice. The README documents it and `data/schema.json` describes it;
//! what is there stays, more may come. `null` is what the source does not state.

use jiff::Timestamp;
use serde::Serialize;

use super::Subject;
use crate::directory::dial::Dial;
use crate::directory::hours::{Hours, OnHolidays, OpenStatus, Schedule};
use crate::directory::{Account, Audience, AudienceSet, Channel, Directory, EntryId, Notice, NoticeSection};

/// What every report says of an answer.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    target: Option<String>,
    title: &'a str,
    audiences: Vec<&'a str>,
    path: Vec<&'a str>,
    say: Option<String>,
    channels: Vec<ChannelRecord<'a>>,
}

#[derive(Serialize)]
struct ChannelRecord<'a> {
    kind: String,
    value: Option<&'a str>,
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// What a card says of an answer.
#[derive(Serialize)]
pub(super) struct EntryRecord<'a> {
    id: String,
    #[serde(flatten)]
    head: Head<'a>,
    dial: Option<DialRecord>,
    hours: Option<HoursRecord<'a>>,
    not_for: Vec<&'a str>,
    account: Option<&'a str>,
    aliases: &'a [Box<str>],
    serves: &'a [Box<str>],
    services: &'a [Box<str>],
    notes: &'a [Box<str>],
    source: &'a str,
    checked: String,
    options: Vec<EntryRecord<'a>>,
}

#[derive(Serialize)]
struct DialRecord {
    link: String,
    link_with_keys: Option<String>,
    by_hand: String,
}

#[derive(Serialize)]
struct HoursRecord<'a> {
    listed: &'a str,
    zone: Option<&'a str>,
    zone_stated: bool,
    holidays: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<NowRecord>,
}

#[derive(Serialize)]
struct NowRecord {
    at: String,
    standing: &'static str,
    until: Option<String>,
    public_holiday: bool,
    public_holiday_then: bool,
}

#[derive(Serialize)]
pub(super) struct NoticeRecord<'a> {
    id: &'a str,
    target: String,
    title: &'a str,
    wording: Option<&'a str>,
    site: Option<String>,
    text: &'a [Box<str>],
    sections: Vec<SectionRecord<'a>>,
    source: &'a str,
    checked: String,
}

#[derive(Serialize)]
struct SectionRecord<'a> {
    id: String,
    title: &'a str,
    text: &'a [Box<str>],
}

#[derive(Serialize)]
pub(super) struct DirectoryRecord<'a> {
    id: &'a str,
    name: &'a str,
    organisation: &'a str,
    source: &'a str,
    transcribed: String,
    zone: Option<&'a str>,
    audiences: Vec<AudienceRecord<'a>>,
    accounts: Vec<AccountRecord<'a>>,
}

#[derive(Serialize)]
struct AudienceRecord<'a> {
    id: &'a str,
    name: &'a str,
    short: &'a str,
    aliases: &'a [Box<str>],
}

#[derive(Serialize)]
struct AccountRecord<'a> {
    id: &'a str,
    name: &'a str,
}

pub(super) fn head(directory: &Directory, subject: Subject) -> Head<'_> {
    let above = match subject.answer {
        EntryId::Section(notice, _) => Some(&*directory.notices[notice].title),
        _ => None,
    };
    let path = directory.path(subject.answer).into_iter().map(|option| &*option.label);
    let channels = directory.contact(subject.answer).map_or(&[][..], |contact| &contact.channels);
    // The channel that is meant comes first.
    let meant = subject.by(directory);
    let is_meant = |channel: &&Channel| meant.is_some_and(|meant| std::ptr::eq(meant, *channel));
    let in_order = channels.iter().filter(is_meant).chain(channels.iter().filter(|channel| !is_meant(channel)));
    Head {
        target: subject.target(directory),
        title: directory.title(subject.answer),
        audiences: ids(directory, directory.audiences(subject.answer)),
        path: above.into_iter().chain(path).collect(),
        say: subject.say(directory),
        channels: in_order.map(channel).collect(),
    }
}

fn channel(channel: &Channel) -> ChannelRecord<'_> {
    ChannelRecord {
        kind: channel.reach.kind().to_lowercase(),
        value: channel.reach.printed(),
        uri: channel.reach.target().map(|target| target.to_string()),
        label: channel.label.as_deref(),
        note: channel.note.as_deref(),
    }
}

/// All that is known of an answer, with how things stand at a moment where one is given, and of what is under it.
pub(super) fn answer<'a>(directory: &'a Directory, subject: Subject, now: Option<Timestamp>) -> EntryRecord<'a> {
    let about = directory.about(subject.answer);
    let contact = directory.contact(subject.answer);
    let serves = about.map(|about| &about.serves[..]).filter(|serves| !serves.is_empty());
    EntryRecord {
        id: directory.id(subject.answer),
        head: head(directory, subject),
        dial: subject.by(directory).and_then(|channel| directory.dial(subject.answer, channel)).map(dial),
        hours: match directory.hours(subject.answer) {
            Hours::Listed(schedule) => Some(hours(directory, subject.answer, schedule, now)),
            Hours::NotListed | Hours::NotStated => None,
        },
        not_for: ids(directory, directory.not_for(subject.answer)),
        account: contact.and_then(|contact| contact.account).map(|account| &*directory.accounts[account].id),
        aliases: about.map_or(&[], |about| &about.aliases),
        serves: serves.or(contact.map(|contact| &contact.about.serves[..])).unwrap_or_default(),
        services: about.map_or(&[], |about| &about.services),
        notes: about.map_or(&[], |about| &about.notes),
        source: contact.map_or("", |contact| &contact.source),
        checked: directory.transcribed.to_string(),
        options: directory
            .children(subject.answer)
            .into_iter()
            .map(|child| answer(directory, child.into(), now))
            .collect(),
    }
}

fn dial(dial: Dial) -> DialRecord {
    DialRecord { link: dial.link, link_with_keys: dial.paused, by_hand: dial.manual }
}

fn hours<'a>(
    directory: &Directory,
    answer: EntryId,
    schedule: &'a Schedule,
    now: Option<Timestamp>,
) -> HoursRecord<'a> {
    let zone = schedule.zone();
    let now = now.map(|now| {
        let at = directory.hours(answer).at(now);
        let (standing, until) = match at.standing {
            OpenStatus::Open(until) => ("open", until),
            OpenStatus::Closed(until) => ("closed", until),
            OpenStatus::Unsure | OpenStatus::NoZone | OpenStatus::NotListed => ("uncertain", None),
        };
        // RFC 3339 has an offset but no name of a zone; that stands beside.
        let offset = |moment: &jiff::ZonedDateTime| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let rules = zone.map_or(jiff::tz::TimeZone::UTC, |zone| zone.rules.clone());
        let here = offset(&now.to_zoned_datetime(rules));
        NowRecord {
            at: here,
            standing,
            until: until.as_ref().map(offset),
            public_holiday: at.holiday,
            public_holiday_then: at.holiday_then,
        }
    });
    HoursRecord {
        listed: schedule.listed(),
        zone: zone.and_then(|zone| zone.rules.iana_name()),
        zone_stated: zone.is_some_and(|zone| zone.stated),
        holidays: match schedule.on_holidays() {
            OnHolidays::NotMentioned => "not-mentioned",
            OnHolidays::Closed => "closed",
            OnHolidays::Listed => "listed",
        },
        now,
    }
}

/// The notice that an answer is, or with nothing but the section that it is.
pub(super) fn notice(directory: &Directory, answer: EntryId) -> Option<NoticeRecord<'_>> {
    let (place, only) = match answer {
        EntryId::Notice(place) => (place, None),
        EntryId::Section(place, section) => (place, Some(section)),
        EntryId::Contact(_) | EntryId::Option(..) => return None,
    };
    let Notice { id, title, wording, site, text, sections, source, .. } = directory.notices.get(place)?;
    let sections = sections.iter().enumerate().filter(|(number, _)| only.is_none_or(|only| only == *number));
    Some(NoticeRecord {
        id,
        target: format!("notice:{id}"),
        title,
        wording: wording.as_deref(),
        site: site.as_ref().map(ToString::to_string),
        text: if only.is_none() { text } else { &[] },
        sections: sections
            .map(|(number, NoticeSection { title, text })| {
                let id = directory.id(EntryId::Section(place, number));
                SectionRecord { id, title, text }
            })
            .collect(),
        source,
        checked: directory.transcribed.to_string(),
    })
}

pub(super) fn directory(directory: &Directory) -> DirectoryRecord<'_> {
    DirectoryRecord {
        id: &directory.id,
        name: &directory.name,
        organisation: &directory.organisation,
        source: &directory.source,
        transcribed: directory.transcribed.to_string(),
        zone: directory.zone.as_ref().and_then(|zone| zone.rules.iana_name()),
        audiences: directory
            .audiences
            .iter()
            .map(|Audience { id, name, short, aliases }| AudienceRecord { id, name, short, aliases })
            .collect(),
        accounts: directory.accounts.iter().map(|Account { id, name, .. }| AccountRecord { id, name }).collect(),
    }
}

fn ids(directory: &Directory, audiences: AudienceSet) -> Vec<&str> {
    audiences.iter().map(|audience| &*directory.audiences[audience].id).collect()
}
