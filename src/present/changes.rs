//! What differs between two cards of the same entry, before and after a reload, in words.

use super::card::{Card, ContactCard, NoticeCard, short_names};
use super::card_page::card_page;
use super::display::Display;
use super::facts::alert_words;
use super::hours::HoursCard;
use super::script::{Script, step_sign};
use crate::directory::ChannelKind;

/// What the sign of a changed line means.
pub const CHANGED: &str = "changed in the data";

/// The longest texts, in characters, that are told with what they were before; of longer ones, and of texts of several
/// paragraphs, only the name is told.
const MAX_TOLD_LEN: usize = 100;

/// The number of changes that are told in words: the keys and the number, if both have changed. The others are counted.
const MAX_TOLD: usize = 2;

/// The width at which cards are compared as a whole, in columns.
const WIDTH: u16 = 80;

/// The name of the part of a card that is told in its own words.
const KEYS: &str = "keys";

/// A part of a card: its name and its text.
type Part = (String, String);

/// What has changed on the card of an entry, in words, the most important first: `Changed: press 4 (was 1); number
/// 1-800-977-3565 (was 1-800-977-3566); 2 more things on this card`. `None` if nothing has.
pub fn change_words(old: &Card<'_>, new: &Card<'_>, display: &Display) -> Option<String> {
    let (before, after) = (parts(old, display), parts(new, display));
    let text = |parts: &[Part], name: &str| {
        parts.iter().find(|(other, _)| other == name).map_or_else(String::new, |(_, text)| text.clone())
    };
    let gone = before.iter().filter(|(name, _)| after.iter().all(|(other, _)| other != name));
    let names = after.iter().chain(gone).map(|(name, _)| name);
    let changed = names.map(|name| (name, text(&before, name), text(&after, name)));
    let mut changed = changed.filter(|(_, before, after)| before != after);
    let mut told: Vec<String> =
        changed.by_ref().take(MAX_TOLD).map(|(name, before, after)| words(name, &before, &after)).collect();
    match changed.count() {
        0 if told.is_empty() => {
            let page = |card| card_page(card, display, WIDTH).plain();
            told.extend((page(old) != page(new)).then(|| "this card".to_owned()));
        }
        0 => {}
        1 => told.push("1 more thing on this card".to_owned()),
        count => told.push(format!("{count} more things on this card")),
    }
    (!told.is_empty()).then(|| format!("Changed: {}", told.join("; ")))
}

/// One change in words.
fn words(name: &str, before: &str, after: &str) -> String {
    let is_long =
        before.chars().count() + after.chars().count() > MAX_TOLD_LEN || [before, after].concat().contains('\n');
    match (before, after) {
        ("", after) if name == KEYS => format!("{after} (was no key)"),
        (before, "") if name == KEYS => format!("no key (was {before})"),
        (before, after) if name == KEYS && !is_long => match (before.strip_prefix("press "), after) {
            (Some(keys), after) if after.starts_with("press ") => format!("{after} (was {keys})"),
            _ => format!("{after} (was {before})"),
        },
        _ if is_long => format!("the {name}"),
        ("", after) => format!("{name} {after} is new"),
        (before, "") => format!("{name} {before} is no longer listed"),
        (before, after) => format!("{name} {after} (was {before})"),
    }
}

fn parts(card: &Card<'_>, display: &Display) -> Vec<Part> {
    match card {
        Card::Contact(card) => contact_parts(card, display),
        Card::Notice(card) => notice_parts(card),
    }
}

/// The parts of a contact or option, in the order in which a caller needs them.
fn contact_parts(card: &ContactCard<'_>, display: &Display) -> Vec<Part> {
    let facts = &card.facts;
    let mut parts = vec![(KEYS.to_owned(), card.script().and_then(Script::steps_by_hand).unwrap_or_default())];
    parts.extend(channels(card));
    let list = |texts: &[Box<str>]| texts.join(", ");
    let next = card.next.iter().map(|option| format!("{} {}", step_sign(&option.step), option.label));
    let titles = card.titles.split_last().map_or(&[][..], |(_, above)| above);
    let articles = facts.articles.iter().map(|article| format!("{} {}", article.title, article.link.printed()));
    let others = card.alternatives.iter().map(|other| format!("{}, {}", other.title, other.say));
    let escalate = facts.escalate.as_ref().map(|next| format!("{}, {}", next.title, next.say.as_deref().unwrap_or("")));
    let joined = |texts: Vec<String>| texts.join(", ");
    let named = [
        ("warning", facts.alert.map(alert_words).unwrap_or_default()),
        ("exclusion", short_names(&card.not_for)),
        ("hours", hours(card, display)),
        ("name", card.title().to_owned()),
        ("menu above", titles.join(", ")),
        ("next keys", joined(next.collect())),
        ("notes", card.notes.join("\n")),
        (
            "channel notes",
            joined(
                card.scripts.iter().filter_map(|script| script.channel.note.as_deref()).map(str::to_owned).collect(),
            ),
        ),
        ("other entries", joined(others.collect())),
        ("audiences", card.audience_names()),
        ("callers", list(card.callers)),
        ("what to have ready", list(facts.have_ready)),
        ("region", list(facts.region)),
        ("languages", list(facts.languages)),
        ("wait", facts.wait.unwrap_or_default().to_owned()),
        ("way to a person", card.operator.as_ref().and_then(Script::say).unwrap_or_default()),
        ("next contact", escalate.unwrap_or_default()),
        ("pages to read", joined(articles.collect())),
        ("services", card.services.join("\n")),
        ("source", card.source.to_owned()),
        ("day of the last check", facts.checked.to_string()),
        ("checker", facts.checked_by.unwrap_or_default().to_owned()),
        ("owner", facts.owner.unwrap_or_default().to_owned()),
    ];
    parts.extend(named.map(|(name, text)| (name.to_owned(), text)));
    parts
}

/// The numbers and addresses, each by the name of its kind: `number`, `number 2`, `fax`.
fn channels(card: &ContactCard<'_>) -> Vec<Part> {
    let name = |index: usize, kind: ChannelKind| {
        let before = card.scripts[..index].iter().filter(|script| script.channel.kind == kind).count();
        let name = if kind == ChannelKind::Phone { "number".to_owned() } else { kind.name().to_lowercase() };
        if before == 0 { name } else { format!("{name} {}", before + 1) }
    };
    let channels = card.scripts.iter().enumerate().map(|(index, script)| {
        (name(index, script.channel.kind), script.channel.printed().unwrap_or("not stated").to_owned())
    });
    channels.collect()
}

/// The hours of the contact and of its channels.
fn hours(card: &ContactCard<'_>, display: &Display) -> String {
    let own =
        card.scripts.iter().filter_map(|script| script.channel.hours.as_ref()).map(|hours| HoursCard::new(hours, None));
    let all = std::iter::once(card.hours.clone()).chain(own).map(|hours| hours.with_clock(display.clock));
    let dash = display.glyphs.dash;
    let lines = all.flat_map(|hours| {
        let lines = hours.week(dash).into_iter().chain(hours.next_season(dash)).chain(hours.zone_words());
        lines.chain(hours.closures()).collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join(", ")
}

/// The parts of a notice.
fn notice_parts(card: &NoticeCard<'_>) -> Vec<Part> {
    let notice = card.notice;
    let sections = card.sections.iter().flat_map(|(_, section)| std::iter::once(&section.title).chain(&section.text));
    let text: Vec<&str> = notice.text.iter().chain(sections).map(|text| &**text).collect();
    let named = [
        ("title", card.title().to_owned()),
        ("address", notice.site.as_ref().map(|site| site.printed().to_owned()).unwrap_or_default()),
        ("text", text.join("\n")),
        ("note about the wording", notice.wording.as_deref().unwrap_or_default().to_owned()),
        ("source", notice.source.to_string()),
        ("day of the last check", card.checked.to_string()),
    ];
    named.map(|(name, text)| (name.to_owned(), text)).into()
}
