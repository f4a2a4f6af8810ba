//! Where entries begin in the text of a data file, for those who edit it.

use std::collections::HashMap;

use super::entry_id::Entry;
use super::raw::{self, RawOption};
use super::record::Record;
use super::text::offset;

/// A line and a column in characters, both counted from 1.
pub type Position = (usize, usize);

/// The positions of the entries of a file.
#[derive(Clone, Debug, Default)]
pub struct Positions(HashMap<Entry, Position>);

impl Positions {
    /// Finds the entries of a file by parsing it again, as a directory does not keep them; none if it is not valid RON.
    pub fn of(source: &str) -> Self {
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let Ok(raw) = raw::parse(source, &mut |_| {}) else { return Self::default() };
        let mut found = Vec::new();
        for (i, contact) in raw.contacts.iter().flatten().enumerate() {
            found.push((Entry::Contact(i), contact.fields().first));
            let mut options = Vec::new();
            for channel in contact.channels.iter().flatten() {
                add_menu(channel.menu.as_deref().unwrap_or_default(), &mut options);
                add_menu(channel.anywhere(), &mut options);
            }
            found.extend(options.into_iter().enumerate().map(|(option, first)| (Entry::Option(i, option), first)));
        }
        for (i, notice) in raw.notices.iter().flatten().enumerate() {
            found.push((Entry::Notice(i), notice.fields().first));
            let sections = notice.sections.iter().flatten().enumerate();
            found.extend(sections.map(|(section, raw)| (Entry::Section(i, section), raw.fields().first)));
        }
        let offsets = found.into_iter().filter_map(|(entry, first)| Some((offset(source, first)?, entry)));
        Self(positions(source, offsets.collect()))
    }

    /// The position of the first field of an entry.
    pub fn get(&self, entry: Entry) -> Option<Position> {
        self.0.get(&entry).copied()
    }
}

/// Adds the options of a menu in the order of the loader: each before those of its own menu.
fn add_menu<'a>(menu: &[RawOption<'a>], options: &mut Vec<&'a str>) {
    for option in menu {
        options.push(option.fields().first);
        add_menu(option.menu.as_deref().unwrap_or_default(), options);
    }
}

/// Counts the lines once for all offsets.
fn positions(source: &str, mut offsets: Vec<(usize, Entry)>) -> HashMap<Entry, Position> {
    offsets.sort_unstable();
    let (mut line, mut line_start, mut counted) = (1, 0, 0);
    let position = |(offset, entry): (usize, Entry)| {
        let between = &source[counted..offset];
        line += between.matches('\n').count();
        line_start = between.rfind('\n').map_or(line_start, |end| counted + end + 1);
        counted = offset;
        (entry, (line, source[line_start..offset].chars().count() + 1))
    };
    offsets.into_iter().map(position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Directory, EMBEDDED};

    /// Every entry begins where its name, label or title is the next one in the file.
    #[test]
    fn every_entry_of_the_built_in_directory_has_its_line() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let positions = Positions::of(EMBEDDED);
        let lines: Vec<&str> = EMBEDDED.lines().collect();
        for id in directory.entries() {
            let (line, column) = positions.get(id.entry).unwrap();
            let from = lines[line - 1].chars().skip(column - 1).collect::<String>() + &lines[line..].join("\n");
            let name = ["name: ", "label: ", "title: "]
                .iter()
                .filter_map(|field| from.split_once(field))
                .map(|(before, after)| (before.len(), after));
            let (_, after) = name.min_by_key(|(before, _)| *before).unwrap();
            assert!(after.starts_with(&format!("\"{}\"", directory.title(id))), "{}", directory.text_id(id));
        }
    }
}
