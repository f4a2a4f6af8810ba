//! The tree of an audience, or the whole tree: every contact with its number, every option with its keys.

use textwrap::core::display_width;

use super::{Reader, Subject};
use crate::app::page::{Page, Piece, TextStyle};
use crate::app::tree::{Row, Section, Tree};
use crate::directory::{Directory, EntryId};

/// The columns by which a step down is indented.
const STEP: usize = 2;
/// The column where numbers begin, where titles leave it to them, and as much as a number takes.
const NUMBERS: usize = 52;
const NUMBER: usize = 24;

/// What a tree shows.
fn sections(directory: &Directory, audience: Option<usize>) -> Vec<Section> {
    audience.map_or_else(|| Section::all(directory), |audience| vec![Section::Audience(audience)])
}

/// The answers at the top of a tree, each once; the whole tree is in the order of the file.
pub(super) fn tops(directory: &Directory, audience: Option<usize>) -> Vec<Subject> {
    let Some(audience) = audience else {
        let is_top = |answer: &EntryId| matches!(answer, EntryId::Contact(_) | EntryId::Notice(_));
        return directory.answers().filter(is_top).map(Subject::from).collect();
    };
    let tree = Tree::new(directory, Section::Audience(audience));
    let tops = tree.rows().iter().filter_map(|row| match row {
        Row::Item { answer, depth: 0, .. } => Some(Subject::from(*answer)),
        _ => None,
    });
    tops.collect()
}

/// The tree laid out for a reader: what the navigator's panes show, all of it unfolded.
pub fn tree(directory: &Directory, audience: Option<usize>, reader: &Reader<'_>) -> Page {
    let mut page = Page::new(reader.width);
    for section in sections(directory, audience) {
        page.gap();
        page.text(section.name(directory), TextStyle::Strong);
        for row in Tree::new(directory, section).rows() {
            match row {
                Row::Heading(heading) => {
                    page.gap();
                    page.text(&format!("{}{heading}", " ".repeat(STEP)), TextStyle::Quiet);
                }
                Row::Item { answer, depth, .. } => item(directory, *answer, usize::from(*depth) + 1, reader, &mut page),
            }
        }
    }
    page
}

fn item(directory: &Directory, answer: EntryId, depth: usize, reader: &Reader<'_>, page: &mut Page) {
    let piece = |text: String, style| Piece { text, style };
    let subject = Subject::from(answer);
    let indent = " ".repeat(depth * STEP);
    // An option that stands under its line is told by its key; elsewhere by its number and all of its keys.
    let is_under = directory.option(answer).is_some() && depth > 1;
    let key = directory.option(answer).filter(|_| is_under).map(|option| format!("[{}] ", option.key));
    let key = key.unwrap_or_default();
    let title = directory.title(answer).to_owned();
    let used = indent.len() + key.len() + display_width(&title);
    let number = subject.say_kind(directory).filter(|_| !is_under);
    let column = NUMBERS.min(usize::from(reader.width).saturating_sub(NUMBER));
    match number {
        Some(number) if used + STEP <= column && column + display_width(&number) <= usize::from(reader.width) => {
            let gap = " ".repeat(column - used);
            page.lines.push(vec![
                piece(indent, TextStyle::Plain),
                piece(key, TextStyle::Key),
                piece(title + &gap, TextStyle::Plain),
                piece(number, TextStyle::Number),
            ]);
        }
        number => {
            page.hang(&format!("{indent}{key}"), TextStyle::Key, &title, TextStyle::Plain);
            if let Some(number) = number {
                page.hang(&format!("{indent}  "), TextStyle::Plain, &number, TextStyle::Number);
            }
        }
    }
}
