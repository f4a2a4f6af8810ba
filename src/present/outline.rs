//! The outline of a directory: its sections, and under each its entries as an indented list.

use std::collections::HashSet;

use textwrap::core::display_width;

use super::display::Glyphs;
use crate::directory::{AudienceId, Contact, Directory, Entry, EntryId, MenuOption};

/// The audience of a contact that is for all of them.
const EVERYONE: &str = "Every audience";

/// A section of a directory: a line of the audience pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The index of the directory in its catalog.
    pub directory: usize,
    /// The part of the directory.
    pub part: Part,
}

/// A part of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The contacts of one audience.
    Audience(usize),
    /// All contacts and notices.
    All,
    /// The contacts that are for every audience.
    Everyone,
    /// The log-in pages by type of account.
    LogIn,
    /// The notices and their sections.
    Notices,
}

impl Section {
    /// The sections of a directory, in the order of the screen. Empty ones other than audiences are left out.
    pub fn all(directory: &Directory) -> Vec<Self> {
        let parts = Self::disjoint(directory);
        let others = [Part::LogIn, Part::Notices];
        let (others, audiences): (Vec<Self>, Vec<Self>) =
            parts.into_iter().partition(|section| others.contains(&section.part));
        let audiences = audiences.into_iter().filter(|section| section.part != Part::Everyone);
        audiences.chain([Self::everyone(directory)]).chain(others).collect()
    }

    /// The section of all contacts and notices of a directory.
    pub fn everyone(directory: &Directory) -> Self {
        Self { directory: directory.index(), part: Part::All }
    }

    /// The sections that list each contact for every audience once. Empty ones other than audiences are left out.
    pub fn disjoint(directory: &Directory) -> Vec<Self> {
        let contacts = &directory.contacts;
        let is_used = |part: &Part| match part {
            Part::Audience(_) | Part::All => true,
            Part::Everyone => contacts.iter().any(|contact| contact.account.is_none() && contact.audiences.is_empty()),
            Part::LogIn => contacts.iter().any(|contact| contact.account.is_some()),
            Part::Notices => !directory.notices.is_empty(),
        };
        let audiences = (0..directory.audiences.len()).map(Part::Audience);
        let parts = audiences.chain([Part::Everyone, Part::LogIn, Part::Notices]).filter(is_used);
        parts.map(|part| Self { directory: directory.index(), part }).collect()
    }

    /// The section that lists an entry; the first where several do, and that of all where it is for every audience.
    pub fn of(directory: &Directory, id: EntryId) -> Self {
        let part = match directory.contact(id) {
            None => Part::Notices,
            Some(contact) => match (contact.audiences.iter().next(), contact.account) {
                (Some(audience), _) => Part::Audience(audience),
                (None, Some(_)) => Part::LogIn,
                (None, None) => Part::All,
            },
        };
        Self { directory: id.directory, part }
    }

    /// The section of an audience.
    pub fn of_audience(id: AudienceId) -> Self {
        Self { directory: id.directory, part: Part::Audience(id.index) }
    }

    /// The audience whose section this is.
    pub fn audience(self) -> Option<AudienceId> {
        match self.part {
            Part::Audience(index) => Some(AudienceId { directory: self.directory, index }),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self, directory: &Directory) -> &str {
        match self.part {
            Part::Audience(audience) => &directory.audiences[audience].name,
            Part::All => "Everyone",
            Part::Everyone => EVERYONE,
            Part::LogIn => "Log in",
            Part::Notices => "Notices",
        }
    }

    /// Its name for narrow columns.
    pub fn short(self, directory: &Directory) -> &str {
        match self.part {
            Part::Audience(audience) => &directory.audiences[audience].short,
            _ => self.name(directory),
        }
    }
}

/// A row of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A heading; it cannot be selected.
    Heading(String),
    /// An entry.
    Item {
        /// The entry.
        id: EntryId,
        /// Its level, from 0.
        depth: u16,
        /// Whether it has entries under it, shown or collapsed.
        is_branch: bool,
    },
}

impl Row {
    /// The entry of the row.
    pub fn id(&self) -> Option<EntryId> {
        match self {
            Self::Heading(_) => None,
            Self::Item { id, .. } => Some(*id),
        }
    }
}

/// The rows of a section, without what is under collapsed entries. Those of an audience end with the contacts that are
/// for every audience.
pub fn rows(directory: &Directory, section: Section, collapsed: &HashSet<EntryId>) -> Vec<Row> {
    if section.part == Part::All {
        return all_rows(directory, collapsed);
    }
    let mut rows = own_rows(directory, section, collapsed);
    if section.audience().is_some() {
        let everyone = own_rows(directory, Section { part: Part::Everyone, ..section }, collapsed);
        rows.extend((!everyone.is_empty()).then(|| Row::Heading(EVERYONE.to_owned())));
        rows.extend(everyone);
    }
    rows
}

/// The rows of all contacts and notices: first the contacts for every audience, then the others, each once.
fn all_rows(directory: &Directory, collapsed: &HashSet<EntryId>) -> Vec<Row> {
    let mut by_audience = vec![Vec::new(); directory.audiences.len()];
    for (i, contact) in directory.contacts.iter().enumerate() {
        if let Some(audience) = contact.audiences.iter().next() {
            by_audience[audience].push(directory.id_of(Entry::Contact(i)));
        }
    }
    let section = |part| Section { part, ..Section::everyone(directory) };
    let others = |part| (section(part), top_ids(&own_rows(directory, section(part), collapsed)));
    let audiences = by_audience.into_iter().enumerate().map(|(i, ids)| (section(Part::Audience(i)), ids));
    let mut rows = Vec::new();
    for (section, ids) in
        [others(Part::Everyone)].into_iter().chain(audiences).chain([others(Part::LogIn), others(Part::Notices)])
    {
        rows.extend((!ids.is_empty()).then(|| Row::Heading(section.short(directory).to_owned())));
        ids.into_iter().for_each(|id| add_branch(directory, id, 0, collapsed, &mut rows));
    }
    rows
}

/// The entries of the rows at the top.
fn top_ids(rows: &[Row]) -> Vec<EntryId> {
    let tops = rows.iter().filter_map(|row| match row {
        Row::Item { id, depth: 0, .. } => Some(*id),
        Row::Item { .. } | Row::Heading(_) => None,
    });
    tops.collect()
}

/// The rows of a section without the contacts that are for every audience, which have a section of their own.
pub fn own_rows(directory: &Directory, section: Section, collapsed: &HashSet<EntryId>) -> Vec<Row> {
    let contacts = |is_listed: &dyn Fn(&Contact) -> bool| -> Vec<EntryId> {
        let listed = directory.contacts.iter().enumerate().filter(|(_, contact)| is_listed(contact));
        listed.map(|(i, _)| directory.id_of(Entry::Contact(i))).collect()
    };
    let groups = match section.part {
        Part::Audience(audience) => {
            let is_also_for = |id: &EntryId| {
                directory.option(*id).is_some_and(|option| option.also.contains(audience))
                    && directory.contact(*id).is_some_and(|contact| !contact.audiences.contains(audience))
            };
            let heading = format!("Serves {} too", directory.audiences[audience].short);
            vec![
                (None, contacts(&|c| c.account.is_none() && c.audiences.contains(audience))),
                (Some(heading), directory.entries().filter(is_also_for).collect()),
                (Some("Log in".to_owned()), contacts(&|c| c.account.is_some() && c.audiences.contains(audience))),
            ]
        }
        Part::All => Vec::new(),
        Part::Everyone => vec![(None, contacts(&|c| c.account.is_none() && c.audiences.is_empty()))],
        Part::LogIn => {
            let accounts = directory.accounts.iter().enumerate();
            accounts.map(|(i, kind)| (Some(kind.name.to_string()), contacts(&|c| c.account == Some(i)))).collect()
        }
        Part::Notices => vec![(None, directory.notice_ids().collect())],
    };
    let mut rows = Vec::new();
    for (heading, ids) in groups.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        rows.extend(heading.map(Row::Heading));
        ids.into_iter().for_each(|id| add_branch(directory, id, 0, collapsed, &mut rows));
    }
    rows
}

/// Adds an entry and what is under it.
pub fn add_branch(directory: &Directory, id: EntryId, depth: u16, collapsed: &HashSet<EntryId>, rows: &mut Vec<Row>) {
    let children = directory.children(id);
    rows.push(Row::Item { id, depth, is_branch: !children.is_empty() });
    if !collapsed.contains(&id) {
        children.into_iter().for_each(|child| add_branch(directory, child, depth + 1, collapsed, rows));
    }
}

/// The entries at the top of a section, each once; without a section, those of the whole directory in the order of the
/// file.
pub fn top_entries(directory: &Directory, section: Option<Section>) -> Vec<EntryId> {
    let Some(section) = section else {
        return directory.entries().filter(|id| directory.parent(*id).is_none()).collect();
    };
    top_ids(&rows(directory, section, &HashSet::new()))
}

/// Whether a row says how its entry is reached. An option under its own line shows only its key.
pub fn shows_channel(id: EntryId, depth: u16) -> bool {
    depth == 0 || !matches!(id.entry, Entry::Option(..))
}

/// The text at the right end of a row of the outline: the keys of an option, after the number of its line if that fits
/// in
/// `width` columns; the most useful text about a contact's channels, which is its number, its only address if it fits
/// in
/// `width` columns, or their kinds.
pub fn channel_text(directory: &Directory, id: EntryId, depth: u16, width: usize, glyphs: &Glyphs) -> String {
    if !shows_channel(id, depth) {
        return String::new();
    }
    if directory.option(id).is_some() {
        let number = directory.channel(id).and_then(|channel| channel.printed());
        let whole = with_keys(number.unwrap_or_default(), directory.path(id), glyphs);
        let keys = || with_keys("", directory.path(id), glyphs).trim_start().to_owned();
        return if display_width(&whole) <= width { whole } else { keys() };
    }
    if directory.is_line(id) {
        // A line without a label has its number as its title.
        let labelled = directory.channel(id).filter(|line| line.label.is_some());
        return labelled.and_then(|line| line.printed()).unwrap_or_default().to_owned();
    }
    let channels = directory.contact(id).map_or(&[][..], |contact| &contact.channels);
    let Some(first) = channels.first() else { return String::new() };
    let address = match first.number() {
        Some(number) if first.kind.is_called() => return number.to_string(),
        Some(number) => format!("{} {number}", first.kind.name().to_lowercase()),
        None => first.printed().unwrap_or("not stated").to_owned(),
    };
    let fits = first.endpoint.is_none() || display_width(&address) <= width;
    if channels.len() == 1 && fits {
        return address;
    }
    let mut kinds: Vec<String> = channels.iter().map(|channel| channel.kind.name().to_lowercase()).collect();
    kinds.dedup();
    kinds.join(", ")
}

/// The text at the right end of a search result, its audiences and its keys: `IFP +2 ▸ 1 ▸ 1` for IFP and two other
/// audiences.
pub fn scope_text(directory: &Directory, id: EntryId, glyphs: &Glyphs) -> String {
    let Some(contact) = directory.contact(id) else { return "Notice".to_owned() };
    let Some(audience) = contact.audiences.iter().next() else {
        return with_keys(EVERYONE, directory.path(id), glyphs);
    };
    let others = match directory.audiences(id).iter().count() - 1 {
        0 => String::new(),
        count => format!(" +{count}"),
    };
    with_keys(&format!("{}{others}", directory.audiences[audience].short), directory.path(id), glyphs)
}

/// A text and the keys of steps: `1-800-447-8812 ▸ 1 ▸ 1`.
pub fn with_keys<'a>(text: &str, steps: impl IntoIterator<Item = &'a MenuOption>, glyphs: &Glyphs) -> String {
    let keys = steps.into_iter().map(|option| format!(" {} {}", glyphs.then, option.step.sign()));
    keys.fold(text.to_owned(), |text, key| text + &key)
}
