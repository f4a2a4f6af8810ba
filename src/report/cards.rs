//! Answers for people: a card for each, as in the navigator; of what was found, a line for those that fit less well.

use jiff::Timestamp;
use textwrap::core::display_width;

use super::{Subject, reason, whom};
use crate::app::Environment;
use crate::app::card::card;
use crate::app::page::{Page, Piece, TextStyle};
use crate::directory::{Directory, EntryId};
use crate::search::{SearchResult, SearchResults};

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
pub fn cards(directory: &Directory, found: &SearchResults, with_reasons: bool, reader: &Reader<'_>) -> Page {
    let mut page = Page::new(reader.width);
    let is_sure = found.hits.first().is_some_and(|first| !first.weak);
    let shown = if is_sure { found.by_audience.clamp(1, found.hits.len()) } else { 0 };
    if shown > 1 {
        page.text(&format!("{shown} fit alike; it depends on whom the caller asks for."), TextStyle::Quiet);
    }
    let (cards, others) = found.hits.split_at(shown);
    for hit in cards {
        page.gap();
        title(directory, hit, with_reasons, reader, &mut page);
        body(directory, hit.into(), reader, &mut page);
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
            page.text("Nothing fits. Try another word.", TextStyle::Strong);
            return page;
        }
    };
    list(heading, others, directory, with_reasons, reader, &mut page);
    page
}

/// A card for each answer, under its title.
pub fn show(directory: &Directory, subjects: &[Subject], reader: &Reader<'_>) -> Page {
    let mut page = Page::new(reader.width);
    for subject in subjects {
        page.gap();
        if directory.contact(subject.answer).is_some() {
            heading(directory, subject.answer, reader, &mut page);
            body(directory, *subject, reader, &mut page);
        } else {
            let Reader { environment, now, width } = *reader;
            page.lines.extend(card(directory, subject.answer, None, now, environment, width).lines);
        }
    }
    page
}

/// The notices that there are, each with its id and those of its sections; or the text of one.
pub fn notices(directory: &Directory, of: Option<EntryId>, reader: &Reader<'_>) -> Page {
    if let Some(answer) = of {
        return show(directory, &[answer.into()], reader);
    }
    let mut page = Page::new(reader.width);
    for notice in (0..directory.notices.len()).map(EntryId::Notice) {
        page.gap();
        page.text(directory.title(notice), TextStyle::Strong);
        page.entry(&directory.id(notice), "the whole notice");
        for section in directory.children(notice) {
            page.entry(&directory.id(section), directory.title(section));
        }
    }
    page
}

/// What a card says, indented.
fn body(directory: &Directory, subject: Subject, reader: &Reader<'_>, page: &mut Page) {
    let width = reader.width.saturating_sub(INDENT);
    let channel = subject.by(directory);
    let card = card(directory, subject.answer, channel, reader.now, reader.environment, width);
    let indent = Piece { text: " ".repeat(usize::from(INDENT)), style: TextStyle::Plain };
    let lines = card.lines.into_iter();
    page.lines.extend(
        lines.map(|line| if line.is_empty() { line } else { std::iter::once(indent.clone()).chain(line).collect() }),
    );
}

fn list(
    heading: &str,
    hits: &[SearchResult],
    directory: &Directory,
    with_reasons: bool,
    reader: &Reader<'_>,
    page: &mut Page,
) {
    if hits.is_empty() {
        return;
    }
    page.gap();
    page.text(heading, TextStyle::Quiet);
    for hit in hits {
        title(directory, hit, with_reasons, reader, page);
        let says = Subject::from(hit).say_kind(directory).unwrap_or_else(|| "address not stated".to_owned());
        if directory.contact(hit.answer).is_some() {
            page.text(&format!("  {says}"), TextStyle::Number);
        }
    }
}

/// An answer's title and whom it is for.
fn heading(directory: &Directory, answer: EntryId, reader: &Reader<'_>, page: &mut Page) {
    let (title, dot) = (directory.title(answer), reader.environment.glyphs.dot);
    let whom = format!("  {dot} {}", whom(directory, answer));
    if display_width(title) + display_width(&whom) <= usize::from(reader.width) {
        let title = Piece { text: title.to_owned(), style: TextStyle::Strong };
        page.lines.push(vec![title, Piece { text: whom, style: TextStyle::Quiet }]);
    } else {
        page.text(title, TextStyle::Strong);
        page.text(&whom, TextStyle::Quiet);
    }
}

/// A hit's heading, and why it was found.
fn title(directory: &Directory, hit: &SearchResult, with_reasons: bool, reader: &Reader<'_>, page: &mut Page) {
    heading(directory, hit.answer, reader, page);
    if hit.lacks_channel {
        page.text("  not listed by what you asked for", TextStyle::Alert);
    } else if hit.weak {
        page.text("  fits badly", TextStyle::Quiet);
    }
    if with_reasons {
        let reasons = hit.why.iter().map(reason).collect::<Vec<_>>().join("; ");
        page.text(&format!("  {:.2}: {reasons}", hit.score), TextStyle::Quiet);
    }
}

/// Which looks a reader's terminal is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMode {
    /// All of them.
    All,
    /// Those of QR codes, which no camera reads unless they are black on white.
    OfCodes,
    /// None: it is no terminal.
    None,
}

/// A page as lines of text, with the looks of its roles in SGR sequences (ECMA-48) where colours are wanted.
pub fn painted(page: &Page, looks: ColorMode) -> String {
    let mut text = String::new();
    for line in &page.lines {
        for piece in line {
            let is_code = matches!(piece.style, TextStyle::Paper | TextStyle::Ink);
            match sgr(piece.style).filter(|_| looks == ColorMode::All || looks == ColorMode::OfCodes && is_code) {
                Some(sgr) => text += &format!("\x1b[{sgr}m{}\x1b[0m", piece.text),
                None => text += &piece.text,
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

/// The look of a style, as on the screen of the navigator.
fn sgr(style: TextStyle) -> Option<&'static str> {
    Some(match style {
        TextStyle::Plain => return None,
        TextStyle::Quiet => "2",
        TextStyle::Strong => "1",
        TextStyle::Number => "1;35",
        TextStyle::Key => "35",
        TextStyle::Alert => "1;31",
        TextStyle::Paper => "38;5;16;48;5;231",
        TextStyle::Ink => "38;5;231;48;5;16",
    })
}
