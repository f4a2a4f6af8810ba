//! The tree of an audience, or the whole tree: every contact with its number, every option with its keys.

use std::collections::HashSet;

use textwrap::core::display_width;

use super::Reader;
use crate::directory::{Directory, EntryId, Scope};
use crate::present::outline::{Row, Section, own_rows, rows, shows_channel, top_entries};
use crate::present::page::{Page, Piece, TextStyle};
use crate::present::script::{Script, step_sign};
use crate::search::Catalog;

/// The indent of each level, in columns.
const INDENT: usize = 2;
/// The column where numbers begin if titles are short enough, and the width of a number.
const NUMBER_COLUMN: usize = 52;
const NUMBER_WIDTH: usize = 24;

/// A row of a tree.
#[derive(Debug)]
pub enum TreeRow {
    /// The title of a section, after the name of its directory where there are several, and whether it is the first.
    Section(String, bool),
    /// A heading in a section.
    Heading(String),
    /// An entry and its level, from 0.
    Entry(EntryId, u16),
}

/// The directories and sections that a tree shows.
pub(super) fn sections(catalog: &Catalog, scope: Scope) -> Vec<(&Directory, Section)> {
    if let Some(id) = scope.audience() {
        return vec![(&catalog.directories()[id.directory], Section::of_audience(id))];
    }
    let all = |directory| Section::disjoint(directory).into_iter().map(move |section| (directory, section));
    catalog.within(scope).flat_map(all).collect()
}

/// The entries at the top of a tree, each once; the whole tree is in the order of the file.
pub(super) fn tops(catalog: &Catalog, scope: Scope) -> Vec<EntryId> {
    let section = scope.audience().map(Section::of_audience);
    catalog.within(scope).flat_map(|directory| top_entries(directory, section)).collect()
}

/// The rows of a tree: what the navigator's panes show, fully expanded. The whole tree lists the contacts for every
/// audience once, in a section of their own.
pub fn tree_rows(catalog: &Catalog, scope: Scope) -> Vec<TreeRow> {
    let mut tree = Vec::new();
    for (directory, section) in sections(catalog, scope) {
        let whose = directory.whose().map(|name| format!("{name}: ")).unwrap_or_default();
        tree.push(TreeRow::Section(whose + section.name(directory), tree.is_empty()));
        let rows = if scope.audience().is_some() { rows } else { own_rows };
        tree.extend(rows(directory, section, &HashSet::new()).into_iter().map(|row| match row {
            Row::Heading(heading) => TreeRow::Heading(heading),
            Row::Item { id, depth, .. } => TreeRow::Entry(id, depth),
        }));
    }
    tree
}

/// A row of a tree laid out for a reader.
pub fn tree_page(catalog: &Catalog, row: &TreeRow, reader: &Reader<'_>) -> Page {
    let mut page = Page::new(reader.width);
    if let TreeRow::Section(_, false) | TreeRow::Heading(_) = row {
        page.lines.push(Vec::new());
    }
    match row {
        TreeRow::Section(name, _) => page.text(name, TextStyle::Strong),
        TreeRow::Heading(heading) => page.text(&format!("{}{heading}", " ".repeat(INDENT)), TextStyle::Quiet),
        TreeRow::Entry(id, depth) => item(catalog.directory(*id), *id, *depth, reader, &mut page),
    }
    page
}

fn item(directory: &Directory, id: EntryId, depth: u16, reader: &Reader<'_>, page: &mut Page) {
    let piece = |text: String, style| Piece { text, style };
    let indent = " ".repeat((usize::from(depth) + 1) * INDENT);
    // An option under its line shows its key; elsewhere it shows the number and all keys.
    let shows_channel = shows_channel(id, depth);
    let key = directory.option(id).filter(|_| !shows_channel).map(|option| format!("[{}] ", step_sign(&option.step)));
    let key = key.unwrap_or_default();
    let title = directory.tree_title(id).to_owned();
    let used = indent.len() + key.len() + display_width(&title);
    let number = Script::new(directory, id)
        .and_then(|script| script.say_with_kind())
        .filter(|number| shows_channel && *number != title);
    let column = NUMBER_COLUMN.min(usize::from(reader.width).saturating_sub(NUMBER_WIDTH));
    match number {
        Some(number) if used + INDENT <= column && column + display_width(&number) <= usize::from(reader.width) => {
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
