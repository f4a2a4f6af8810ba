//! The records of the JSON reports. `docs/cli.md` documents them and `data/schema.json` describes them; fields may be
//! added but not removed or changed. `null` stands for what the source does not state.

use jiff::Timestamp;
use serde::Serialize;

use crate::directory::hours::{Closure, Doubt, OnHolidays, OpenStatus};
use crate::directory::{Account, Audience, Directory, EntryId, Goto, MenuOption, Notice, NoticeSection, Step};
use crate::present::card::{Card, ContactCard, NoticeCard};
use crate::present::facts::Facts;
use crate::present::hours::HoursCard;
use crate::present::script::{Dial, Script};

/// What every report says about an entry.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    /// The id of its directory, where several are loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<&'a str>,
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
    /// What a phone or computer opens; null for a fax or a letter.
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    /// Where they differ from those of the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<HoursRecord<'a>>,
}

/// Everything known about an entry.
#[derive(Serialize)]
pub(super) struct EntryRecord<'a> {
    id: String,
    #[serde(flatten)]
    head: Head<'a>,
    dial: Option<Dial>,
    hours: Option<HoursRecord<'a>>,
    /// The days on which it is closed whatever the hours say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    closures: Vec<ClosureRecord<'a>>,
    not_for: Vec<&'a str>,
    account: Option<&'a str>,
    aliases: &'a [Box<str>],
    serves: &'a [Box<str>],
    services: &'a [Box<str>],
    notes: &'a [Box<str>],
    source: &'a str,
    checked: String,
    #[serde(flatten)]
    facts: FactsRecord<'a>,
    /// What the caller does after the number has answered, in order.
    steps: Vec<StepRecord<'a>>,
    /// For an option, where it leads and whom it reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    option: Option<OptionRecord<'a>>,
    options: Vec<EntryRecord<'a>>,
}

/// Facts that few entries have; those that an entry lacks are left out.
#[derive(Serialize)]
struct FactsRecord<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    languages: &'a [Box<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    have_ready: &'a [Box<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<AlertRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escalate: Option<EscalationRecord<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    region: &'a [Box<str>],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    articles: Vec<ArticleRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_by: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    internal: bool,
}

#[derive(Serialize)]
struct AlertRecord<'a> {
    text: &'a str,
    from: Option<String>,
    until: Option<String>,
}

#[derive(Serialize)]
struct ClosureRecord<'a> {
    from: String,
    until: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct EscalationRecord<'a> {
    id: String,
    title: &'a str,
    say: Option<String>,
}

#[derive(Serialize)]
struct ArticleRecord<'a> {
    title: &'a str,
    link: String,
}

/// One step; exactly one of the first four fields is present.
#[derive(Default, Serialize)]
struct StepRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    press: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    say: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enter: Option<KeypadRecord<'a>>,
    /// Seconds, or `stay on the line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitRecord>,
    label: &'a str,
}

#[derive(Serialize)]
struct KeypadRecord<'a> {
    what: &'a str,
    digits: Option<u16>,
    end: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WaitRecord {
    Seconds(u16),
    Stay(&'static str),
}

#[derive(Serialize)]
struct OptionRecord<'a> {
    operator: bool,
    anywhere: bool,
    language: Option<&'a str>,
    /// `main`, `back`, `repeat`, or the id of another option.
    goto: Option<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
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
    #[serde(rename = "standing")]
    status: &'static str,
    until: Option<String>,
    public_holiday: bool,
    public_holiday_then: bool,
    /// Why the status is not certain.
    doubt: Option<&'static str>,
    /// Why `until` is not certain.
    doubt_then: Option<&'static str>,
    /// Whether the hours have an opening without a closing.
    open_end: bool,
    /// The reason for a closure on this day.
    closure: Option<String>,
}

#[derive(Serialize)]
pub(super) struct NoticeRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<&'a str>,
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
    #[serde(flatten)]
    section: &'a NoticeSection,
}

#[derive(Serialize)]
pub(super) struct DirectoryRecord<'a> {
    id: &'a str,
    name: &'a str,
    organisation: &'a str,
    source: &'a str,
    transcribed: String,
    owner: Option<&'a str>,
    zone: Option<&'a str>,
    /// The country whose numbering plan the numbers belong to.
    region: &'a str,
    /// The country whose public holidays the hours refer to.
    holidays: Option<&'a str>,
    /// The days on which everything is closed that hours apply to.
    closures: Vec<ClosureRecord<'a>>,
    audiences: &'a [Audience],
    accounts: &'a [Account],
}

pub(super) fn head<'a>(directory: &'a Directory, card: &Card<'a>) -> Head<'a> {
    match card {
        Card::Contact(card) => contact_head(directory, card),
        Card::Notice(notice) => Head {
            directory: whose(directory),
            target: card.target(),
            title: notice.title(),
            audiences: Vec::new(),
            path: directory.ancestors(notice.id).skip(1).map(|id| directory.title(id)).collect(),
            say: None,
            channels: Vec::new(),
        },
    }
}

/// The id of a directory, where several are loaded.
fn whose(directory: &Directory) -> Option<&str> {
    directory.whose().map(|_| &*directory.id)
}

fn contact_head<'a>(directory: &'a Directory, card: &ContactCard<'a>) -> Head<'a> {
    let script = card.script();
    Head {
        directory: whose(directory),
        target: script.and_then(|script| script.target.as_ref()).map(ToString::to_string),
        title: card.title(),
        audiences: ids(&card.audiences),
        path: card.titles.iter().skip(1).copied().collect(),
        say: script.and_then(Script::say),
        channels: {
            let now = card.hours.status.as_ref().map(|(now, _)| *now);
            card.scripts.iter().map(|script| channel(script, now)).collect()
        },
    }
}

fn channel<'a>(script: &Script<'a>, now: Option<Timestamp>) -> ChannelRecord<'a> {
    let channel = script.channel;
    ChannelRecord {
        kind: channel.kind.name().to_lowercase(),
        value: channel.printed(),
        uri: channel.target().map(|target| target.to_string()),
        link: channel.link(),
        label: channel.label.as_deref(),
        note: channel.note.as_deref(),
        hours: channel.hours.as_deref().and_then(|listed| hours(&HoursCard::new(listed, now))),
    }
}

/// Everything known about an entry and those under it, with their status at a moment if there is one.
pub(super) fn entry<'a>(directory: &'a Directory, card: &ContactCard<'a>, now: Option<Timestamp>) -> EntryRecord<'a> {
    let options = directory.children(card.id).into_iter().filter_map(|child| {
        let card = Card::new(directory, child, now);
        card.contact().map(|card| entry(directory, card, now))
    });
    EntryRecord {
        id: card.text_id.clone(),
        head: contact_head(directory, card),
        dial: card.script().and_then(Script::dial),
        hours: hours(&card.hours),
        closures: card.hours.closures.iter().map(closure).collect(),
        not_for: ids(&card.not_for),
        account: card.account.map(|account| &*account.id),
        aliases: card.aliases,
        serves: card.callers,
        services: card.services,
        notes: card.notes,
        source: card.source,
        checked: card.facts.checked.to_string(),
        facts: facts(&card.facts),
        steps: card.script().map_or_else(Vec::new, |script| script.steps.iter().map(|option| step(option)).collect()),
        option: directory.option(card.id).map(|record| option(directory, card.id, record)),
        options: options.collect(),
    }
}

fn facts<'a>(facts: &Facts<'a>) -> FactsRecord<'a> {
    FactsRecord {
        languages: facts.languages,
        wait: facts.wait,
        have_ready: facts.have_ready,
        alert: facts.alert.map(|alert| AlertRecord {
            text: &alert.text,
            from: alert.from.map(|day| day.to_string()),
            until: alert.until.map(|day| day.to_string()),
        }),
        escalate: facts.escalate.as_ref().map(|next| EscalationRecord {
            id: next.text_id.clone(),
            title: next.title,
            say: next.say.clone(),
        }),
        region: facts.region,
        articles: facts
            .articles
            .iter()
            .map(|article| ArticleRecord { title: &article.title, link: article.link.to_string() })
            .collect(),
        checked_by: facts.checked_by,
        internal: facts.is_internal,
    }
}

fn closure(closure: &Closure) -> ClosureRecord<'_> {
    ClosureRecord { from: closure.from.to_string(), until: closure.until.to_string(), reason: &closure.reason }
}

fn step(option: &MenuOption) -> StepRecord<'_> {
    let mut record = StepRecord { label: &option.label, ..StepRecord::default() };
    match &option.step {
        Step::Press(key) => record.press = Some(key.to_string()),
        Step::Say(words) => record.say = Some(words),
        Step::Enter(entry) => {
            let end = entry.end.map(|key| key.to_string());
            record.enter = Some(KeypadRecord { what: &entry.what, digits: entry.digits, end });
        }
        Step::Wait(seconds) => {
            record.wait = Some(seconds.map_or(WaitRecord::Stay("stay on the line"), WaitRecord::Seconds));
        }
    }
    record
}

fn option<'a>(directory: &Directory, id: EntryId, option: &'a MenuOption) -> OptionRecord<'a> {
    OptionRecord {
        operator: option.is_operator,
        anywhere: option.is_anywhere,
        language: option.language.as_deref(),
        goto: option.goto.map(|goto| match goto {
            Goto::MainMenu => "main".to_owned(),
            Goto::Back => "back".to_owned(),
            Goto::Repeat => "repeat".to_owned(),
            Goto::Option(target) => directory.text_id(id.option(target)),
        }),
    }
}

fn hours<'a>(card: &HoursCard<'a>) -> Option<HoursRecord<'a>> {
    let schedule = card.schedule?;
    let now = card.status.as_ref().map(|(now, status)| {
        let open_status = match card.open_status() {
            OpenStatus::Open(_) => "open",
            OpenStatus::Closed(_) => "closed",
            OpenStatus::Uncertain | OpenStatus::NoZone | OpenStatus::NotListed => "uncertain",
        };
        // RFC 3339 has an offset but no name of a zone, so the name has a field of its own.
        let offset = |moment: &jiff::ZonedDateTime| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let rules = schedule.zone().map_or(jiff::tz::TimeZone::UTC, |zone| zone.rules.clone());
        NowRecord {
            at: offset(&now.to_zoned_datetime(rules)),
            status: open_status,
            until: card.next_change().map(offset),
            public_holiday: status.is_holiday(),
            public_holiday_then: status.is_holiday_at_change(),
            doubt: status.doubt.map(doubt),
            doubt_then: status.change_doubt.map(doubt),
            open_end: status.doubt == Some(Doubt::OpenEnd),
            closure: status.closure.as_ref().map(|closure| closure.reason.to_string()),
        }
    });
    let zone = card.zone();
    Some(HoursRecord {
        listed: schedule.listed(),
        zone: zone.map(|(name, _)| name),
        zone_stated: zone.is_some_and(|(_, stated)| stated),
        holidays: match schedule.on_holidays() {
            OnHolidays::NotMentioned => "not-mentioned",
            OnHolidays::Closed => "closed",
            OnHolidays::Listed => "listed",
            OnHolidays::Unknown => "unknown",
            OnHolidays::Undone => "undone",
        },
        now,
    })
}

fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::HolidayNotSettled => "holiday-not-settled",
        Doubt::HolidayAssumed => "holiday-assumed",
        Doubt::RegionalHoliday => "regional-holiday",
        Doubt::OpenEnd => "open-end",
        Doubt::Unknown => "unknown",
    }
}

/// A notice, or one of its sections without the rest.
pub(super) fn notice<'a>(directory: &'a Directory, card: &NoticeCard<'a>) -> NoticeRecord<'a> {
    let Notice { id, title, wording, site, text, source, .. } = card.notice;
    let sections = card.sections.iter().map(|(id, section)| SectionRecord { id: id.clone(), section });
    NoticeRecord {
        directory: whose(directory),
        id,
        target: card.target(),
        title,
        wording: wording.as_deref(),
        site: site.as_ref().map(ToString::to_string),
        text: if card.is_whole { text } else { &[] },
        sections: sections.collect(),
        source,
        checked: card.checked.to_string(),
    }
}

pub(super) fn directory(directory: &Directory) -> DirectoryRecord<'_> {
    DirectoryRecord {
        id: &directory.id,
        name: &directory.name,
        organisation: &directory.organisation,
        source: &directory.source,
        transcribed: directory.transcribed.to_string(),
        owner: directory.owner.as_deref(),
        zone: directory.zone.as_ref().and_then(|zone| zone.rules.iana_name()),
        region: directory.region.code(),
        holidays: directory.holidays.as_deref(),
        closures: directory.closures.iter().map(closure).collect(),
        audiences: &directory.audiences,
        accounts: &directory.accounts,
    }
}

fn ids<'a>(audiences: &[&'a Audience]) -> Vec<&'a str> {
    audiences.iter().map(|audience| &*audience.id).collect()
}
