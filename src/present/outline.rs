//! The outline of a directory: its sections, and under each its entries as an indented list.

use std::collections::HashSet;

use crate::directory::{Directory, Entry, EntryId};

/// A section of a directory: a line of the audience pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The contacts of one audience.
    Audience(usize),
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
        let contacts = &directory.contacts;
        let others = [
            (Self::Everyone, contacts.iter().any(|contact| contact.account.is_none() && contact.audiences.is_empty())),
            (Self::LogIn, contacts.iter().any(|contact| contact.account.is_some())),
            (Self::Notices, !directory.notices.is_empty()),
        ];
        let audiences = (0..directory.audiences.len()).map(Self::Audience);
        audiences.chain(others.into_iter().filter(|(_, is_used)| *is_used).map(|(section, _)| section)).collect()
    }

    /// The section that lists an entry; the first where several do.
    pub fn of(directory: &Directory, id: EntryId) -> Self {
        match directory.contact(id) {
            None => Self::Notices,
            Some(contact) => match (contact.audiences.iter().next(), contact.account) {
                (Some(audience), _) => Self::Audience(audience),
                (None, Some(_)) => Self::LogIn,
                (None, None) => Self::Everyone,
            },
        }
    }

    /// Its name.
    pub fn name(self, directory: &Directory) -> &str {
        match self {
            Self::Audience(audience) => &directory.audiences[audience].name,
            Self::Everyone => "Every audience",
            Self::LogIn => "Log in",
            Self::Notices => "Notices",
        }
    }

    /// Its name for narrow columns.
    pub fn short(self, directory: &Directory) -> &str {
        match self {
            Self::Audience(audience) => &directory.audiences[audience].short,
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

/// The rows of a section, without what is under collapsed entries.
pub fn rows(directory: &Directory, section: Section, collapsed: &HashSet<EntryId>) -> Vec<Row> {
    let mut rows = Vec::new();
    let contacts = || directory.contacts.iter().enumerate();
    match section {
        Section::Audience(audience) => {
            for (i, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.contains(audience)) {
                add_branch(directory, directory.id_of(Entry::Contact(i)), 0, collapsed, &mut rows);
            }
            let elsewhere = contacts().filter(|(_, c)| !c.audiences.contains(audience)).flat_map(|(i, contact)| {
                let options = contact.options.iter().enumerate().filter(|(_, option)| option.also.contains(audience));
                options.map(move |(option, _)| directory.id_of(Entry::Option(i, option)))
            });
            let heading = format!("Serves {} too", directory.audiences[audience].short);
            add_under(directory, heading, elsewhere, collapsed, &mut rows);
            let pages = contacts().filter(|(_, c)| c.account.is_some() && c.audiences.contains(audience));
            add_under(
                directory,
                "Log in".into(),
                pages.map(|(i, _)| directory.id_of(Entry::Contact(i))),
                collapsed,
                &mut rows,
            );
        }
        Section::Everyone => {
            for (i, _) in contacts().filter(|(_, c)| c.account.is_none() && c.audiences.is_empty()) {
                add_branch(directory, directory.id_of(Entry::Contact(i)), 0, collapsed, &mut rows);
            }
        }
        Section::LogIn => {
            for (account, kind) in directory.accounts.iter().enumerate() {
                let pages = contacts().filter(|(_, c)| c.account == Some(account));
                add_under(
                    directory,
                    kind.name.to_string(),
                    pages.map(|(i, _)| directory.id_of(Entry::Contact(i))),
                    collapsed,
                    &mut rows,
                );
            }
        }
        Section::Notices => {
            for notice in 0..directory.notices.len() {
                add_branch(directory, directory.id_of(Entry::Notice(notice)), 0, collapsed, &mut rows);
            }
        }
    }
    rows
}

/// Adds entries under a heading, if there are any.
fn add_under(
    directory: &Directory,
    heading: String,
    ids: impl Iterator<Item = EntryId>,
    collapsed: &HashSet<EntryId>,
    rows: &mut Vec<Row>,
) {
    let start = rows.len();
    ids.for_each(|id| add_branch(directory, id, 0, collapsed, rows));
    if rows.len() > start {
        rows.insert(start, Row::Heading(heading));
    }
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
    let rows = rows(directory, section, &HashSet::new());
    let tops = rows.iter().filter_map(|row| match row {
        Row::Item { id, depth: 0, .. } => Some(*id),
        Row::Item { .. } | Row::Heading(_) => None,
    });
    tops.collect()
}
