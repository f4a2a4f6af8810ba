//! What was found, for people: a card for the answer, or for each of those that are as good, and a line for the others.

use jiff::Timestamp;
use textwrap::core::display_width;

use super::{channel, reason, say_kind, whom};
use crate::app::Environment;
use crate::app::card::card;
use crate::app::page::{Page, Piece, Role};
use crate::directory::Directory;
use crate::search::{Found, Hit};

/// Who reads it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Marks, colours and the reader's own time zone.
    pub environment: &'a Environment,
    /// The moment for which hours are shown.
    pub now: Timestamp,
    /// The columns there are.
    pub width: u16,
}

/// How far a card is indented below its title.
const INDENT: u16 = 2;

/// What was found, laid out for a reader.
pub fn cards(directory: &Directory, found: &Found, with_reasons: bool, reader: &Reader<'_>) -> Page {
    let mut page = Page::new(reader.width);
    let is_sure = found.hits.first().is_some_and(|first| !first.weak);
    let shown = if is_sure { found.by_audience.clamp(1, found.hits.len()) } else { 0 };
    if shown > 1 {
        page.text(&format!("{shown} fit alike; it depends on whom the caller asks for."), Role::Quiet);
    }
    let (cards, others) = found.hits.split_at(shown);
    for hit in cards {
        page.gap();
        title(directory, hit, with_reasons, reader, &mut page);
        let width = reader.width.saturating_sub(INDENT);
        let channel = channel(directory, hit);
        let card = card(directory, hit.answer, channel, reader.now, reader.environment, width);
        let indent = Piece { text: " ".repeat(usize::from(INDENT)), role: Role::Plain };
        page.lines.extend(
            card.lines
                .into_iter()
                .map(|line| if line.is_empty() { line } else { std::iter::once(indent.clone()).chain(line).collect() }),
        );
    }
    if let Some(outside) = &found.outside {
        list(
            "Fits better, for another audience",
            std::slice::from_ref(outside),
            directory,
            with_reasons,
            reader,
            &mut page,
        );
    }
    let heading = match (is_sure, others.is_empty()) {
        (true, _) => "Others",
        (false, false) => "Nothing fits well; the nearest",
        (false, true) if found.outside.is_some() => return page,
        (false, true) => {
            page.text("Nothing fits. Try another word.", Role::Strong);
            return page;
        }
    };
    list(heading, others, directory, with_reasons, reader, &mut page);
    page
}

fn list(heading: &str, hits: &[Hit], directory: &Directory, with_reasons: bool, reader: &Reader<'_>, page: &mut Page) {
    if hits.is_empty() {
        return;
    }
    page.gap();
    page.text(heading, Role::Quiet);
    for hit in hits {
        title(directory, hit, with_reasons, reader, page);
        let says = say_kind(directory, hit).unwrap_or_else(|| "address not stated".to_owned());
        if directory.contact(hit.answer).is_some() {
            page.text(&format!("  {says}"), Role::Number);
        }
    }
}

/// An answer's title, whom it is for, and why it was found.
fn title(directory: &Directory, hit: &Hit, with_reasons: bool, reader: &Reader<'_>, page: &mut Page) {
    let whom = whom(directory, hit.answer);
    let between = format!("  {} ", reader.environment.glyphs.dot);
    let (title, whom) = (directory.title(hit.answer), between + &whom);
    if display_width(title) + display_width(&whom) <= usize::from(reader.width) {
        let title = Piece { text: title.to_owned(), role: Role::Strong };
        page.lines.push(vec![title, Piece { text: whom, role: Role::Quiet }]);
    } else {
        page.text(title, Role::Strong);
        page.text(&whom, Role::Quiet);
    }
    if hit.lacks_channel {
        page.text("  not listed by what you asked for", Role::Alert);
    } else if hit.weak {
        page.text("  fits badly", Role::Quiet);
    }
    if with_reasons {
        let reasons = hit.why.iter().map(reason).collect::<Vec<_>>().join("; ");
        page.text(&format!("  {:.2}: {reasons}", hit.score), Role::Quiet);
    }
}

/// A page as lines of text, with the looks of its roles in SGR sequences (ECMA-48) where colours are wanted.
pub fn painted(page: &Page, colors: bool) -> String {
    let mut text = String::new();
    for line in &page.lines {
        for piece in line {
            // No camera reads a code that is not black on white.
            let is_code = matches!(piece.role, Role::Paper | Role::Ink);
            match sgr(piece.role).filter(|_| colors || is_code) {
                Some(sgr) => text += &format!("\x1b[{sgr}m{}\x1b[0m", piece.text),
                None => text += &piece.text,
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

/// The look of a role, as on the screen of the navigator.
fn sgr(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Plain => return None,
        Role::Quiet => "2",
        Role::Strong => "1",
        Role::Number => "1;35",
        Role::Key => "35",
        Role::Alert => "1;31",
        Role::Paper => "38;5;16;48;5;231",
        Role::Ink => "38;5;231;48;5;16",
    })
}
