//! A card as a page of text, in the order in which a caller needs it.

use super::card::{Card, ContactCard, NoticeCard, short_names};
use super::display::Display;
use super::facts::alert_words;
use super::hours::HoursCard;
use super::page::{Page, TextStyle, capitalized};
use super::script::{Script, outcome, step_words};
use crate::directory::Channel;
use crate::directory::hours::OpenStatus;
use crate::directory::phone::PhoneNumber;

/// Lays out a card in a width, in columns.
pub fn card_page(card: &Card<'_>, display: &Display, width: u16) -> Page {
    let mut page = Page::new(width);
    match card {
        Card::Contact(card) => contact(card, display, &mut page),
        Card::Notice(card) => notice(card, &mut page),
    }
    page
}

fn contact(card: &ContactCard<'_>, display: &Display, page: &mut Page) {
    if let Some(alert) = card.facts.alert {
        page.text(&alert_words(alert), TextStyle::Alert);
        page.gap();
    }
    if card.hours_first {
        hours(card, display, page);
        page.gap();
    }
    reach(card, display, page);
    page.gap();
    if !card.hours_first {
        hours(card, display, page);
    }
    for script in card.scripts.iter().skip(1) {
        channel(card, script, display, page);
    }
    for (i, other) in card.alternatives.iter().enumerate() {
        let audiences = short_names(&other.audiences);
        let audiences = if audiences.is_empty() { audiences } else { format!("{audiences}: ") };
        let listed = if other.hours_not_listed { ", hours not listed" } else { "" };
        let label = if i == 0 { "Instead" } else { "" };
        page.field(label, &format!("{audiences}{}, {}{listed}", other.title, other.say), TextStyle::Strong);
    }
    page.gap();
    page.field("For", &card.audience_names(), TextStyle::Plain);
    if !card.not_for.is_empty() {
        page.field("Not for", &short_names(&card.not_for), TextStyle::Alert);
    }
    if !card.callers.is_empty() {
        page.field("Callers", &card.callers.join(", "), TextStyle::Plain);
    }
    facts(card, page);
    list("Does", card.services, page);
    list("Notes", card.notes, page);
    source(card.source, card.facts.checked, card.facts.checked_by, page);
    if let Some(owner) = card.facts.owner {
        page.field("Owner", &format!("{owner}; report mistakes here"), TextStyle::Quiet);
    }
}

/// The number or address with the keys to press, then the keys that can follow.
fn reach(card: &ContactCard<'_>, display: &Display, page: &mut Page) {
    let Some(script) = card.script() else {
        page.text("No number or address listed", TextStyle::Strong);
        return;
    };
    match script.channel.labelled() {
        Some(headline) => page.text(&with_digits(script.channel, &headline), TextStyle::Number),
        None => page.text("Address not stated", TextStyle::Strong),
    }
    for (index, option) in script.steps.iter().enumerate() {
        let mark = if card.present_step == Some(index) { display.glyphs.then } else { " " };
        let number = format!("{mark} {}  ", index + 1);
        let is_done = card.present_step.is_some_and(|present| index < present);
        let style = if is_done { TextStyle::Quiet } else { TextStyle::Plain };
        match option.step.key() {
            Some(key) => page.step(&number, "Press", &key.to_string(), (&option.label, style)),
            None => {
                let style = if is_done { TextStyle::Quiet } else { TextStyle::Strong };
                page.hang(&number, TextStyle::Quiet, &capitalized(&step_words(&option.step)), style);
                page.hang("     ", TextStyle::Plain, &option.label, TextStyle::Quiet);
            }
        }
        if let Some(outcome) = outcome(option, card.options) {
            page.hang("     ", TextStyle::Plain, &outcome, TextStyle::Quiet);
        }
    }
    if let Some(note) = &script.channel.note {
        page.text(note, TextStyle::Quiet);
    }
    if !card.next.is_empty() {
        let only_keys = card.next.iter().all(|option| option.step.key().is_some());
        let then = if card.titles.len() > 1 { "then" } else { "" };
        let press = if only_keys { "press" } else { "one of these" };
        page.text(format!("{then} {press}").trim_start(), TextStyle::Quiet);
    }
    for option in &card.next {
        let sign = option.step.key().map_or_else(|| step_words(&option.step), |key| key.to_string());
        page.key(&sign, &option.label);
    }
}

/// The open status, a caution about a holiday, and the week.
fn hours(card: &ContactCard<'_>, display: &Display, page: &mut Page) {
    let hours = &card.hours.clone().with_clock(display.clock);
    if hours.schedule.is_none() {
        // A fax, an email address or a page has no hours to list.
        if card.is_live() {
            match hours.is_closed() {
                true => page.field("Hours", &status(hours, display).0, TextStyle::Alert),
                false => page.field("Hours", "not listed", TextStyle::Quiet),
            }
        }
        for closure in hours.closures() {
            page.field("", &closure, TextStyle::Alert);
        }
        return;
    }
    let (status, style) = status(hours, display);
    // Where the listed hours may not hold today, that is said before them.
    match hours.caution().filter(|caution| caution.is_about_now()) {
        Some(caution) => {
            page.field("Hours", caution.words(), TextStyle::Alert);
            page.field("", &status, TextStyle::Plain);
        }
        None => page.field("Hours", &status, style),
    }
    if let Some(own) = hours.own_time_words(display.reader_zone.as_ref()) {
        page.field("", &own, TextStyle::Quiet);
    }
    for caution in hours.cautions().filter(|caution| !caution.is_about_now()) {
        page.field("", caution.words(), TextStyle::Alert);
    }
    for closure in hours.closures() {
        page.field("", &closure, TextStyle::Alert);
    }
    let dash = display.glyphs.dash;
    for line in hours.week(dash).into_iter().chain(hours.next_season(dash)) {
        page.field("", &line, TextStyle::Plain);
    }
    if let Some(zone) = hours.zone_words() {
        page.field("", &zone, TextStyle::Quiet);
    }
}

/// `● Open · closes 5:00 PM PT`
fn status(hours: &HoursCard<'_>, display: &Display) -> (String, TextStyle) {
    let glyphs = &display.glyphs;
    let words = hours.status_words();
    let (glyph, style) = match hours.open_status() {
        OpenStatus::Open(_) => (glyphs.open, TextStyle::Strong),
        OpenStatus::Closed(_) => (glyphs.closed, TextStyle::Alert),
        OpenStatus::Uncertain | OpenStatus::NoZone | OpenStatus::NotListed => {
            return (words.to_owned(), TextStyle::Strong);
        }
    };
    let change = hours.change_words().map_or_else(String::new, |change| format!(" {} {change}", glyphs.dot));
    (format!("{glyph} {}{change}", capitalized(words)), style)
}

/// A further channel of the contact.
fn channel(card: &ContactCard<'_>, script: &Script<'_>, display: &Display, page: &mut Page) {
    let printed = script.channel.printed();
    let mut text = with_digits(script.channel, printed.unwrap_or("address not stated"));
    if let Some(label) = &script.channel.label {
        text += &format!(" ({label})");
    }
    let style = if printed.is_some() { TextStyle::Number } else { TextStyle::Quiet };
    page.field(script.channel.kind.name(), &text, style);
    if let Some(note) = &script.channel.note {
        page.field("", note, TextStyle::Quiet);
    }
    if let Some(hours) = &script.channel.hours {
        let now = card.hours.status.as_ref().map(|(now, _)| *now);
        let hours = HoursCard::new(hours, now).with_clock(display.clock);
        let (status, style) = status(&hours, display);
        page.field("", &status, style);
        hours.week(display.glyphs.dash).iter().for_each(|line| page.field("", line, TextStyle::Plain));
    } else if card.hours.is_closed() && !card.hours.has_closure() && script.channel.is_instant() {
        page.field("", "any time", TextStyle::Strong);
    }
}

/// A text about a channel, with the digits of its number if that is printed with letters: `1-800-FLOWERS (1-800-356-9377)`.
fn with_digits(channel: &Channel, text: &str) -> String {
    let digits = channel.number().and_then(PhoneNumber::spelled_digits);
    text.to_owned() + &digits.map_or_else(String::new, |digits| format!(" ({digits})"))
}

/// What few entries have, in the order in which a caller needs it.
fn facts(card: &ContactCard<'_>, page: &mut Page) {
    let facts = &card.facts;
    let mut joined = |label: &str, texts: &[Box<str>]| {
        if !texts.is_empty() {
            page.field(label, &texts.join(", "), TextStyle::Plain);
        }
    };
    joined("Ready", facts.have_ready);
    joined("Region", facts.region);
    joined("Speaks", facts.languages);
    if let Some(wait) = facts.wait {
        page.field("Wait", wait, TextStyle::Plain);
    }
    if let Some(operator) = card.operator.as_ref().and_then(Script::say) {
        page.field("Person", &operator, TextStyle::Plain);
    }
    if let Some(next) = &facts.escalate {
        let say = next.say.as_deref().unwrap_or("no number or address listed");
        page.field("If not", &format!("{}, {say}", next.title), TextStyle::Plain);
    }
    for (index, article) in facts.articles.iter().enumerate() {
        page.field(if index == 0 { "Read" } else { "" }, &article.title, TextStyle::Plain);
        page.field("", article.link.printed(), TextStyle::Number);
    }
    if facts.is_internal {
        page.field("Internal", "not for people outside the organisation", TextStyle::Alert);
    }
}

fn list(label: &str, texts: &[Box<str>], page: &mut Page) {
    for (i, text) in texts.iter().enumerate() {
        page.field(if i == 0 { label } else { "" }, text, TextStyle::Plain);
    }
}

fn source(source: &str, checked: jiff::civil::Date, by: Option<&str>, page: &mut Page) {
    page.start_foot();
    page.field(
        "Source",
        &format!("{source}, checked {checked}{}", by.map_or_else(String::new, |by| format!(" by {by}"))),
        TextStyle::Quiet,
    );
}

fn notice(card: &NoticeCard<'_>, page: &mut Page) {
    let notice = card.notice;
    if card.is_whole {
        page.text(&notice.title, TextStyle::Strong);
        if let Some(site) = &notice.site {
            page.text(site.printed(), TextStyle::Number);
        }
        paragraphs(&notice.text, page);
    }
    for (_, section) in &card.sections {
        page.gap();
        page.text(&section.title, TextStyle::Strong);
        paragraphs(&section.text, page);
    }
    page.gap();
    if let Some(wording) = &notice.wording {
        page.text(wording, TextStyle::Quiet);
    }
    source(&notice.source, card.checked, None, page);
}

fn paragraphs(paragraphs: &[Box<str>], page: &mut Page) {
    for paragraph in paragraphs {
        page.gap();
        page.text(paragraph, TextStyle::Plain);
    }
}
