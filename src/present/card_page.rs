//! A card as a page of text, in the order in which a caller needs it.

use super::card::{Card, ContactCard, NoticeCard, short_names};
use super::display::Display;
use super::hours::Caution;
use super::page::{Page, TextStyle, capitalized};
use super::script::Script;
use crate::directory::hours::OpenStatus;

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
    reach(card, page);
    page.gap();
    hours(card, display, page);
    let is_closed = card.hours.is_closed();
    for script in card.scripts.iter().skip(1) {
        channel(script, page);
        if is_closed && script.channel.is_written() {
            page.field("", "available now", TextStyle::Strong);
        }
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
    list("Does", card.services, page);
    list("Notes", card.notes, page);
    source(card.source, card.checked, page);
}

/// The number or address with the keys to press, then the keys that can follow.
fn reach(card: &ContactCard<'_>, page: &mut Page) {
    let Some(script) = card.script() else {
        page.text("No number or address listed", TextStyle::Strong);
        return;
    };
    match script.channel.labelled() {
        Some(headline) => page.text(&headline, TextStyle::Number),
        None => page.text("Address not stated", TextStyle::Strong),
    }
    for option in &script.presses {
        page.key(&option.key.to_string(), &option.label);
    }
    if let Some(note) = &script.channel.note {
        page.text(note, TextStyle::Quiet);
    }
    if !card.next.is_empty() {
        page.text(if card.titles.len() > 1 { "then press" } else { "press" }, TextStyle::Quiet);
    }
    for option in &card.next {
        page.key(&option.key.to_string(), &option.label);
    }
}

/// The open status, a caution about a holiday, and the week.
fn hours(card: &ContactCard<'_>, display: &Display, page: &mut Page) {
    let hours = &card.hours;
    if hours.schedule.is_none() {
        // A fax, an email address or a page has no hours to list.
        if card.is_spoken() {
            page.field("Hours", "not listed", TextStyle::Quiet);
        }
        return;
    }
    let caution = hours.caution();
    let is_doubtful = caution == Some(Caution::HolidayToday);
    let (status, style) = status(card, display);
    if is_doubtful {
        // The listed hours may not hold today, so that is said before them.
        page.field("Hours", Caution::HolidayToday.words(), TextStyle::Alert);
        page.field("", &status, TextStyle::Plain);
    } else {
        page.field("Hours", &status, style);
    }
    if let Some(own) = hours.own_time_words(display.reader_zone.as_ref()) {
        page.field("", &own, TextStyle::Quiet);
    }
    if let Some(caution) = caution.filter(|_| !is_doubtful) {
        page.field("", caution.words(), TextStyle::Alert);
    }
    for line in hours.week(display.glyphs.dash) {
        page.field("", &line, TextStyle::Plain);
    }
    if let Some(zone) = hours.zone_words() {
        page.field("", &zone, TextStyle::Quiet);
    }
}

/// `● Open · closes 5:00 PM PT`
fn status(card: &ContactCard<'_>, display: &Display) -> (String, TextStyle) {
    let glyphs = &display.glyphs;
    let words = card.hours.status_words();
    let (glyph, style) = match card.hours.open_status() {
        OpenStatus::Open(_) => (glyphs.open, TextStyle::Strong),
        OpenStatus::Closed(_) => (glyphs.closed, TextStyle::Alert),
        OpenStatus::Uncertain | OpenStatus::NoZone | OpenStatus::NotListed => {
            return (words.to_owned(), TextStyle::Strong);
        }
    };
    let change = card.hours.change_words().map_or_else(String::new, |change| format!(" {} {change}", glyphs.dot));
    (format!("{glyph} {}{change}", capitalized(words)), style)
}

/// A further channel of the contact.
fn channel(script: &Script<'_>, page: &mut Page) {
    let printed = script.channel.printed();
    let mut text = printed.unwrap_or("address not stated").to_owned();
    if let Some(label) = &script.channel.label {
        text += &format!(" ({label})");
    }
    let style = if printed.is_some() { TextStyle::Number } else { TextStyle::Quiet };
    page.field(script.channel.kind.name(), &text, style);
    if let Some(note) = &script.channel.note {
        page.field("", note, TextStyle::Quiet);
    }
}

fn list(label: &str, texts: &[Box<str>], page: &mut Page) {
    for (i, text) in texts.iter().enumerate() {
        page.field(if i == 0 { label } else { "" }, text, TextStyle::Plain);
    }
}

fn source(source: &str, checked: jiff::civil::Date, page: &mut Page) {
    page.start_foot();
    page.field("Source", &format!("{source}, checked {checked}"), TextStyle::Quiet);
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
    source(&notice.source, card.checked, page);
}

fn paragraphs(paragraphs: &[Box<str>], page: &mut Page) {
    for paragraph in paragraphs {
        page.gap();
        page.text(paragraph, TextStyle::Plain);
    }
}
