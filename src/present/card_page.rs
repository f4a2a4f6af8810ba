//! A card as a page of text, in the order in which a caller needs it.

use ratatui::layout::Size;
use textwrap::core::display_width;

use super::block_digits::block_digits;
use super::card::{Card, ContactCard, NoticeCard, short_names};
use super::display::Display;
use super::facts::alert_words;
use super::hours::HoursCard;
use super::page::{LABEL_WIDTH, Page, Piece, TextStyle, capitalized};
use super::qr::Modules;
use super::script::{Script, outcome, step_words};
use super::week_strip::week_strip;
use crate::directory::Channel;
use crate::directory::hours::OpenStatus;
use crate::directory::phone::PhoneNumber;
use crate::directory::text::sanitized;

/// The lowest page with its number in large digits, in rows.
const MIN_BLOCK_HEIGHT: u16 = 16;
/// The start of a note that says who an entry is not for.
const EXCLUSION: &str = "Not for ";

/// Lays out a card in a width, in columns.
pub fn card_page(card: &Card<'_>, display: &Display, width: u16) -> Page {
    let mut page = Page::new(width);
    match card {
        Card::Contact(card) => contact(card, None, display, false, &mut page),
        Card::Notice(card) => notice(card, &mut page),
    }
    page
}

/// Lays out a card for an area of the screen: its number in large digits, and the week as a strip, where they fit; and
/// the user's note.
pub fn screen_page(card: &Card<'_>, note: Option<&str>, display: &Display, area: Size, with_strip: bool) -> Page {
    let mut page = Page::new(area.width);
    match card {
        Card::Contact(card) => {
            contact(card, note, display, area.height >= MIN_BLOCK_HEIGHT, &mut page);
            if with_strip {
                page.insert_in_spare(area.height, |page| week_strip(&card.hours, display, page));
            }
        }
        Card::Notice(card) => {
            users_note(note, &mut page);
            notice(card, &mut page);
        }
    }
    page.fill_height(area.height);
    page
}

/// The hours of a contact, with its open status; empty where its channels have no hours to list.
pub fn hours_page(card: &ContactCard<'_>, display: &Display, width: u16) -> Page {
    let mut page = Page::new(width);
    status(card, display, false, &mut page);
    week(card, display, false, &mut page);
    page
}

/// The private note of the user.
fn users_note(note: Option<&str>, page: &mut Page) {
    if let Some(note) = note {
        page.field("My note", &sanitized(note), TextStyle::Strong);
        page.gap();
    }
}

fn contact(card: &ContactCard<'_>, note: Option<&str>, display: &Display, with_space: bool, page: &mut Page) {
    if card.hours_first {
        status(card, display, with_space, page);
        week(card, display, with_space, page);
        page.gap();
    }
    reach(card, display, with_space, page);
    page.gap();
    users_note(note, page);
    if !card.hours_first {
        week(card, display, with_space, page);
    }
    for script in card.scripts.iter().skip(1) {
        channel(card, script, display, page);
    }
    alternatives(card, page);
    page.gap();
    page.field("For", &card.audience_names(), TextStyle::Plain);
    if !card.callers.is_empty() {
        page.field("Callers", &card.callers.join(", "), TextStyle::Plain);
    }
    facts(card, page);
    list("Does", card.services.iter().map(|service| &**service), page);
    list("Notes", card.notes.iter().map(|note| &**note).filter(|note| !is_exclusion(note)), page);
    source(card.source, card.facts.checked, card.facts.checked_by, page);
    if let Some(owner) = card.facts.owner {
        page.field("Owner", &format!("{owner}; report mistakes here"), TextStyle::Quiet);
    }
}

/// The number or address; directly below it the status and what warns of it; then the script.
fn reach(card: &ContactCard<'_>, display: &Display, with_space: bool, page: &mut Page) {
    let is_block = headline(card, display, with_space, page);
    if !card.hours_first {
        status(card, display, with_space, page);
    }
    let above = page.lines.len();
    warnings(card, page);
    if is_block && page.lines.len() == above {
        // The script stays where it is when another card has a warning.
        page.lines.push(Vec::new());
    }
    if with_space {
        page.lines.push(Vec::new());
    }
    steps(card, display, is_block, page);
    if is_block && card.next.is_empty() {
        page.gap();
        say(card, page);
    }
}

/// While it is closed, other entries for the same need.
fn alternatives(card: &ContactCard<'_>, page: &mut Page) {
    for (i, other) in card.alternatives.iter().enumerate() {
        let audiences = short_names(&other.audiences);
        let audiences = if audiences.is_empty() { audiences } else { format!("{audiences}: ") };
        let listed = if other.hours_not_listed { ", hours not listed" } else { "" };
        let label = if i == 0 { "Instead" } else { "" };
        page.field(label, &format!("{audiences}{}, {}{listed}", other.title, other.say), TextStyle::Strong);
    }
}

/// What to tell a caller who calls on their own.
fn say(card: &ContactCard<'_>, page: &mut Page) {
    let script = card.script().filter(|script| !script.steps.is_empty() && script.dial().is_some());
    if let Some(say) = script.and_then(Script::say) {
        page.field("Say", &format!("\"Call {say}.\""), TextStyle::Plain);
    }
}

/// Adds the number or address, in large digits if wanted and if they fit; returns whether they are.
fn headline(card: &ContactCard<'_>, display: &Display, with_block: bool, page: &mut Page) -> bool {
    let Some(script) = card.script() else {
        page.text("No number or address listed", TextStyle::Strong);
        return false;
    };
    let Some(printed) = script.channel.labelled() else {
        page.text("Address not stated", TextStyle::Strong);
        return false;
    };
    let is_drawn = with_block && script.channel.number().is_some() && display.glyphs.modules == Modules::HalfBlocks;
    let rows = is_drawn.then(|| block_digits(&printed)).flatten();
    match rows.filter(|rows| rows.iter().all(|row| display_width(row) <= usize::from(page.width()))) {
        Some(rows) => {
            rows.iter().for_each(|row| page.lines.push(vec![Piece { text: row.clone(), style: TextStyle::Block }]));
            page.gap();
            true
        }
        None => {
            page.text(&with_digits(script.channel, &printed), TextStyle::Number);
            false
        }
    }
}

fn is_exclusion(note: &str) -> bool {
    note.starts_with(EXCLUSION)
}

/// Who the entry is not for, what the caller should be warned of, and what is to know about the number.
fn warnings(card: &ContactCard<'_>, page: &mut Page) {
    if !card.not_for.is_empty() {
        page.warning(&format!("{EXCLUSION}{}", short_names(&card.not_for)));
    }
    card.notes.iter().filter(|note| is_exclusion(note)).for_each(|note| page.warning(note));
    if let Some(alert) = card.facts.alert {
        page.warning(&alert_words(alert));
    }
    if card.facts.is_internal {
        page.warning("Internal: not for people outside the organisation");
    }
    if let Some(note) = card.script().and_then(|script| script.channel.note.as_deref()) {
        page.text(note, TextStyle::Plain);
    }
}

/// The steps after the number, then the keys that can follow. Large digits cannot be selected with a mouse, so the
/// number follows them as text.
fn steps(card: &ContactCard<'_>, display: &Display, is_block: bool, page: &mut Page) {
    let Some(script) = card.script() else { return };
    if let Some(number) = script.channel.printed().filter(|_| is_block) {
        let before = if script.steps.is_empty() { "Call  " } else { "     Call  " };
        page.hang(before, TextStyle::Quiet, number, TextStyle::Strong);
    }
    for (index, option) in script.steps.iter().enumerate() {
        let is_present = card.present_step == Some(index);
        let mark = if is_present { display.glyphs.then } else { " " };
        let number = format!("{mark} {}  ", index + 1);
        let is_done = card.present_step.is_some_and(|present| index < present);
        let style = if is_done { TextStyle::Quiet } else { TextStyle::Plain };
        match option.step.key() {
            Some(key) => page.step(&number, "Press", (&key.to_string(), is_present), (&option.label, style)),
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

/// The open status at the moment, and cautions that may change it.
fn status(card: &ContactCard<'_>, display: &Display, with_space: bool, page: &mut Page) {
    let hours = &card.hours.clone().with_clock(display.clock);
    if hours.schedule.is_some() || card.is_live() && hours.is_closed() {
        let about_now = hours.cautions().filter(|caution| caution.is_about_now());
        about_now.for_each(|caution| page.warning(caution.words()));
        status_line(hours, display, "", page);
        for caution in hours.cautions().filter(|caution| !caution.is_about_now()) {
            page.warning(caution.words());
        }
    } else if card.is_live() && with_space {
        // A fax, an email address or a page has no hours to list.
        page.text("Hours not listed", TextStyle::Quiet);
    }
    hours.closures().iter().for_each(|closure| page.warning(closure));
}

/// The open status after a label: `● Open · closes 5:00 PM PT · 8:00 PM your time`.
fn status_line(hours: &HoursCard<'_>, display: &Display, label: &str, page: &mut Page) {
    let glyphs = &display.glyphs;
    let words = capitalized(hours.status_words());
    let change = hours.change_words().map(|change| format!(" {} {change}", glyphs.dot)).unwrap_or_default();
    let (glyph, style) = match hours.open_status() {
        OpenStatus::Open(_) => (glyphs.open, TextStyle::Open),
        OpenStatus::Closed(_) => (glyphs.closed, TextStyle::Closed),
        OpenStatus::Uncertain | OpenStatus::NoZone | OpenStatus::NotListed => {
            return page.hang(label, TextStyle::Plain, &words, TextStyle::Strong);
        }
    };
    let label = format!("{label}{glyph} ");
    page.hang(&label, style, &format!("{words}{change}"), TextStyle::Strong);
    if let Some(own) = hours.own_time_words(display.reader_zone.as_ref()) {
        page.hang(&" ".repeat(display_width(&label)), TextStyle::Plain, &own, TextStyle::Quiet);
    }
}

/// The hours of the week, of the next season, and their zone.
fn week(card: &ContactCard<'_>, display: &Display, with_space: bool, page: &mut Page) {
    let hours = &card.hours.clone().with_clock(display.clock);
    let dash = display.glyphs.dash;
    let mut label = "Hours";
    if hours.schedule.is_none() && card.is_live() && !hours.is_closed() && !with_space {
        page.field(label, "not listed", TextStyle::Quiet);
    }
    for line in hours.week(dash).into_iter().chain(hours.next_season(dash)) {
        page.field(std::mem::take(&mut label), &line, TextStyle::Plain);
    }
    if let Some(zone) = hours.zone_words() {
        page.field(label, &zone, TextStyle::Quiet);
    }
}

/// A further channel of the contact.
fn channel(card: &ContactCard<'_>, script: &Script<'_>, display: &Display, page: &mut Page) {
    let printed = script.channel.printed();
    let mut text = with_digits(script.channel, printed.unwrap_or("address not stated"));
    if let Some(label) = &script.channel.label {
        text += &format!(" ({label})");
    }
    let style = match printed {
        None => TextStyle::Quiet,
        Some(_) if script.channel.number().is_some() => TextStyle::Strong,
        Some(_) => TextStyle::Link,
    };
    page.field(script.channel.kind.name(), &text, style);
    if let Some(note) = &script.channel.note {
        page.field("", note, TextStyle::Quiet);
    }
    if let Some(hours) = &script.channel.hours {
        let now = card.hours.status.as_ref().map(|(now, _)| *now);
        let hours = HoursCard::new(hours, now).with_clock(display.clock);
        status_line(&hours, display, &" ".repeat(LABEL_WIDTH), page);
        hours.week(display.glyphs.dash).iter().for_each(|line| page.field("", line, TextStyle::Plain));
    } else if card.hours.is_closed() && !card.hours.has_closure() && script.channel.is_instant() {
        page.field("", "any time", TextStyle::Strong);
    }
}

/// A text about a channel, with the digits of its number if that is printed with letters: `1-800-FLOWERS
/// (1-800-356-9377)`.
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
        page.field("", article.link.printed(), TextStyle::Link);
    }
}

fn list<'t>(label: &str, texts: impl Iterator<Item = &'t str>, page: &mut Page) {
    for (i, text) in texts.enumerate() {
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
