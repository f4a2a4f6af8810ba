//! What is kept from one run of the program to the next, by the ids of directories and entries; that of an option with
//! its label after it, because options move to other keys. Entries that a directory no longer has are kept too: they
//! may come back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of opened results that are remembered.
pub(super) const MAX_RECENT: usize = 9;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Saved {
    directories: BTreeMap<String, OfDirectory>,
}

/// What is kept about the entries of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OfDirectory {
    /// The latest first.
    pins: Vec<String>,
    /// The latest first.
    recent: Vec<String>,
    notes: BTreeMap<String, String>,
}

/// A change of what is kept about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedChange {
    /// The id of the directory.
    pub directory: String,
    /// The id of the entry.
    pub entry: String,
    /// What is changed.
    pub kind: ChangeKind,
}

/// What is changed about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is pinned.
    Pin,
    /// It is no longer pinned.
    Unpin,
    /// It was opened.
    Open,
    /// It has another note; an empty one removes the note.
    Note(String),
}

impl Saved {
    /// Applies a change.
    pub fn apply(&mut self, SavedChange { directory, entry, kind }: &SavedChange) {
        let own = self.directories.entry(directory.clone()).or_default();
        match kind {
            ChangeKind::Pin => put_first(&mut own.pins, entry),
            ChangeKind::Unpin => own.pins.retain(|pinned| pinned != entry),
            ChangeKind::Open => {
                put_first(&mut own.recent, entry);
                own.recent.truncate(MAX_RECENT);
            }
            ChangeKind::Note(text) if text.is_empty() => drop(own.notes.remove(entry)),
            ChangeKind::Note(text) => drop(own.notes.insert(entry.clone(), text.clone())),
        }
    }

    /// The ids of the pinned entries of a directory, the latest first.
    pub fn pins(&self, directory: &str) -> impl Iterator<Item = &str> {
        self.directories.get(directory).into_iter().flat_map(|own| own.pins.iter().map(String::as_str))
    }

    /// The ids of the entries of a directory that were opened, the latest first.
    pub fn recent(&self, directory: &str) -> impl Iterator<Item = &str> {
        self.directories.get(directory).into_iter().flat_map(|own| own.recent.iter().map(String::as_str))
    }

    /// The ids of the entries of a directory that have a note, and the notes.
    pub fn notes(&self, directory: &str) -> impl Iterator<Item = (&str, &str)> {
        self.directories.get(directory).into_iter().flat_map(|own| &own.notes).map(|(id, note)| (&**id, &**note))
    }
}

fn put_first(list: &mut Vec<String>, entry: &str) {
    list.retain(|other| other != entry);
    list.insert(0, entry.to_owned());
}
