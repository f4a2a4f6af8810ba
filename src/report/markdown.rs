//! A catalog as a sheet to print, in Markdown (CommonMark): each section of a directory with its contacts, their
//! numbers, hours and warnings, and the phone menus as nested lists.

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::Reader;
use super::tree::sections;
use crate::directory::{Directory, EntryId, Scope};
use crate::present::card::{Card, ContactCard, NoticeCard, short_names};
use crate::present::facts::alert_words;
use crate::present::hours::HoursCard;
use crate::present::outline::{Row, Section, own_rows, rows};
use crate::present::page::capitalized;
use crate::present::script::{Script, outcome, step_sign};
use crate::search::Catalog;

/// The columns by which a list in a list is indented.
const INDENT: usize = 2;

/// What serves an audience, or everything, as it stands at the reader's moment.
pub fn markdown(catalog: &Catalog, scope: Scope, reader: &Reader<'_>) -> String {
    let mut sheet = Sheet { text: String::new(), reader };
    for directory in catalog.directories() {
        let own = sections(catalog, scope).into_iter().filter(|(own, _)| own.index() == directory.index());
        let own: Vec<Section> = own.map(|(_, section)| section).collect();
        if !own.is_empty() {
            sheet.directory(directory);
            own.into_iter().for_each(|section| sheet.section(directory, section, scope.audience().is_some()));
        }
    }
    sheet.text
}

struct Sheet<'r> {
    text: String,
    reader: &'r Reader<'r>,
}

impl Sheet<'_> {
    fn directory(&mut self, directory: &Directory) {
        self.heading(1, &directory.name);
        let today = self
            .reader
            .now
            .to_zoned_datetime(directory.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone()))
            .date();
        let Directory { organisation, source, transcribed, .. } = directory;
        self.paragraph(&format!("{organisation}. Source: {source}, transcribed {transcribed}. Printed {today}."));
        if let Some(owner) = &directory.owner {
            self.paragraph(&format!("Report mistakes to {owner}."));
        }
    }

    fn section(&mut self, directory: &Directory, section: Section, with_everyone: bool) {
        let rows = if with_everyone { rows } else { own_rows }(directory, section, &HashSet::new());
        if rows.is_empty() {
            return;
        }
        self.heading(2, section.name(directory));
        for row in rows {
            match row {
                Row::Heading(heading) => self.paragraph(&format!("{heading}:")),
                Row::Item { id, depth, .. } => match Card::new(directory, id, Some(self.reader.now)) {
                    Card::Contact(card) if depth == 0 => self.contact(directory, &card),
                    Card::Contact(card) => self.option(directory, id, &card, usize::from(depth) - 1),
                    Card::Notice(card) if card.is_whole => self.notice(&card),
                    Card::Notice(card) => self.notice_section(&card),
                },
            }
        }
    }

    /// A contact, or an option that stands by itself.
    fn contact(&mut self, directory: &Directory, card: &ContactCard<'_>) {
        self.heading(3, &card.titles.join(", "));
        for (i, script) in card.scripts.iter().enumerate() {
            // Of an option, the other channels are those of its contact.
            if i == 0 || card.titles.len() == 1 {
                self.channel(script);
            }
        }
        let facts = &card.facts;
        let list = |texts: &[Box<str>]| texts.join(", ");
        let lines = [
            ("Warning", facts.alert.map(alert_words).unwrap_or_default()),
            ("Not for", short_names(&card.not_for)),
            ("Hours", hours(&card.hours, self.reader)),
            ("For", card.audience_names()),
            ("Callers", list(card.callers)),
            ("Have ready", list(facts.have_ready)),
            ("Languages", list(facts.languages)),
            ("Region", list(facts.region)),
            ("Usual wait", facts.wait.unwrap_or_default().to_owned()),
            ("Does", card.services.join("; ")),
            ("Then", facts.escalate.as_ref().map(|next| say_next(next.title, next.say.as_deref())).unwrap_or_default()),
            ("Checked", checked(directory, card).unwrap_or_default()),
        ];
        let notes = card.notes.iter().map(|note| ("Note", note.to_string()));
        for (label, text) in lines.into_iter().chain(notes).filter(|(_, text)| !text.is_empty()) {
            self.item(0, &format!("{label}: {}", escaped(&text)));
        }
        if !card.next.is_empty() {
            self.paragraph(if card.titles.len() == 1 { "Phone menu:" } else { "Then:" });
        }
    }

    fn channel(&mut self, script: &Script<'_>) {
        let channel = script.channel;
        let say = match (script.say(), channel.page(), channel.printed()) {
            (_, Some(page), _) => format!("<{page}>"),
            (Some(say), ..) => format!("**{}**", escaped(&say)),
            _ => "not stated".to_owned(),
        };
        let own = channel.hours.as_deref().map(|own| hours(&HoursCard::new(own, Some(self.reader.now)), self.reader));
        let label = channel.label.as_deref().map_or_else(String::new, |label| format!(" ({})", escaped(label)));
        let about: Vec<String> =
            channel.note.as_deref().map(escaped).into_iter().chain(own.as_deref().map(escaped)).collect();
        let about = if about.is_empty() { String::new() } else { format!(": {}", about.join("; ")) };
        self.item(0, &format!("{} {say}{label}{about}", channel.kind.name()));
    }

    /// An option of a phone menu, or a line with a menu of its own.
    fn option(&mut self, directory: &Directory, id: EntryId, card: &ContactCard<'_>, depth: usize) {
        let Some(option) = directory.option(id) else {
            return self.item(depth, &format!("**{}**", escaped(directory.tree_title(id))));
        };
        let not_for = Some(short_names(&card.not_for)).filter(|names| !names.is_empty());
        let about = [
            not_for.map(|names| format!("not for {names}")),
            outcome(option, card.options),
            option.is_operator.then(|| "a person".to_owned()),
        ];
        let notes = option.details.notes.iter().map(ToString::to_string);
        let about: Vec<String> = about.into_iter().flatten().chain(notes).collect();
        let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join("; ")) };
        let text = format!("**{}** {}{}", escaped(&step_sign(&option.step)), escaped(&option.label), escaped(&about));
        self.item(depth, &text);
    }

    fn notice(&mut self, card: &NoticeCard<'_>) {
        self.heading(3, card.title());
        card.notice.wording.iter().chain(&card.notice.text).for_each(|text| self.paragraph(text));
    }

    fn notice_section(&mut self, card: &NoticeCard<'_>) {
        self.heading(4, card.title());
        card.sections.iter().flat_map(|(_, section)| &section.text).for_each(|text| self.paragraph(text));
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {}", "#".repeat(level), escaped(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(&unlisted(&escaped(text)));
    }

    /// A block, after an empty line.
    fn block(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text += text;
        self.text += "\n";
    }

    /// An item of a list; the first one after an empty line.
    fn item(&mut self, depth: usize, text: &str) {
        let last = self.text.lines().next_back().unwrap_or_default();
        if !last.trim_start().starts_with("- ") {
            self.text.push('\n');
        }
        self.text += &format!("{}- {text}\n", " ".repeat(depth * INDENT));
    }
}

/// `Mon–Fri 8:00 AM – 5:00 PM; closed 2026-12-24: Office move (PT; closed on public holidays)`
fn hours(hours: &HoursCard<'_>, reader: &Reader<'_>) -> String {
    let hours = hours.clone().with_clock(reader.display.clock);
    let dash = reader.display.glyphs.dash;
    let zone = hours.zone_words().map_or_else(String::new, |zone| format!(" ({zone})"));
    let lines: Vec<String> =
        hours.week(dash).into_iter().chain(hours.next_season(dash)).chain(hours.closures()).collect();
    capitalized(&(lines.join("; ") + &zone))
}

fn say_next(title: &str, say: Option<&str>) -> String {
    say.map_or_else(|| title.to_owned(), |say| format!("{title}, {say}"))
}

/// When an entry was last checked, where that is not the day of the whole directory.
fn checked(directory: &Directory, card: &ContactCard<'_>) -> Option<String> {
    let facts = &card.facts;
    let by = facts.checked_by.map_or_else(String::new, |by| format!(" by {by}"));
    (facts.checked != directory.transcribed || !by.is_empty()).then(|| format!("{}{by}", facts.checked))
}

/// A text in which no character has a meaning in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        // An ampersand before a space begins no entity.
        let is_entity = c == '&' && !text[i + 1..].starts_with(' ');
        if r"\`*_[]<#~".contains(c) || is_entity {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A paragraph that does not begin like an item of a list, a quotation or an underline of a heading.
fn unlisted(text: &str) -> String {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() < text.len() && number.starts_with(['.', ')']) {
        let digits = text.len() - number.len();
        return format!("{}\\{number}", &text[..digits]);
    }
    if text.starts_with(['-', '+', '=', '>']) { format!("\\{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{escaped, unlisted};

    #[test]
    fn no_text_is_taken_for_markup() {
        for (text, written) in [
            ("press * or #", r"press \* or \#"),
            ("<b>R&D</b>", r"\<b>R\&D\</b>"),
            ("Individual & Family", "Individual & Family"),
            ("> quoted", r"\> quoted"),
            ("1. First", r"1\. First"),
            ("12) Twelve", r"12\) Twelve"),
            ("- dash", r"\- dash"),
            ("1-800-555-0100", "1-800-555-0100"),
        ] {
            assert_eq!(unlisted(&escaped(text)), written);
        }
    }
}
