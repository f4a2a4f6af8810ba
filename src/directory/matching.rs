//! Which entry of a directory is the same as an entry of the directory that it replaces.

use std::collections::HashMap;

use super::entry_id::{Entry, EntryId};
use super::model::Directory;

/// The same entry in the directory that replaces its own: a contact or notice with the same id; under the same parent,
/// the option with the same label or the section with the same title; else the one with the same key or number, unless
/// its label was on another key before.
pub fn same_entry(old: &Directory, id: EntryId, new: &Directory) -> Option<EntryId> {
    match old.parent(id) {
        None => new.by_text_id(&old.text_id(id)),
        Some(parent) => same_child(old, id, &old.children(parent), new, &new.children(same_entry(old, parent, new)?)),
    }
}

/// The same entry among those under the same parent, of which `before` are the old and `after` the new ones.
fn same_child(old: &Directory, id: EntryId, before: &[EntryId], new: &Directory, after: &[EntryId]) -> Option<EntryId> {
    let title = old.tree_title(id);
    let same_key = after.iter().find(|other| key(new, **other) == key(old, id)).copied();
    let same_title = || after.iter().find(|other| new.tree_title(**other) == title).copied();
    let is_new = |other: &EntryId| before.iter().all(|sibling| old.tree_title(*sibling) != new.tree_title(*other));
    same_key.filter(|other| new.tree_title(*other) == title).or_else(same_title).or(same_key.filter(is_new))
}

/// What distinguishes an option, section or line from its siblings: its key, its number or its place.
fn key(directory: &Directory, id: EntryId) -> (Option<String>, usize) {
    match id.entry {
        Entry::Section(_, section) => (None, section),
        _ => (directory.option(id).map(|option| option.step.segment()), id.channel.unwrap_or(0)),
    }
}

/// The contacts and notices of two directories, those that are the same in both together: in the order of the new one,
/// then those that only the old one has.
pub fn paired_records(old: &Directory, new: &Directory) -> Vec<(Option<EntryId>, Option<EntryId>)> {
    let records = |directory: &Directory| -> Vec<EntryId> {
        directory.entries().filter(|id| directory.parent(*id).is_none()).collect()
    };
    let (before, after) = (records(old), records(new));
    let by_id: HashMap<String, EntryId> = after.iter().map(|id| (new.text_id(*id), *id)).collect();
    // A directory can have a hundred thousand contacts, too many to look each up in a list.
    pairs(&before, &after, |id| by_id.get(&old.text_id(id)).copied(), |_, _| true)
}

/// The entries directly under two entries that are the same, paired likewise.
pub fn paired_children(
    (old, old_parent): (&Directory, EntryId),
    (new, new_parent): (&Directory, EntryId),
) -> Vec<(Option<EntryId>, Option<EntryId>)> {
    let (before, after) = (old.children(old_parent), new.children(new_parent));
    let is_exact = |id: EntryId, other: EntryId| key(old, id) == key(new, other);
    pairs(&before, &after, |id| same_child(old, id, &before, new, &after), is_exact)
}

/// Pairs each new entry with one old entry that is the same: an exact one, where several are.
fn pairs(
    before: &[EntryId],
    after: &[EntryId],
    same: impl Fn(EntryId) -> Option<EntryId>,
    is_exact: impl Fn(EntryId, EntryId) -> bool,
) -> Vec<(Option<EntryId>, Option<EntryId>)> {
    let mut partners: HashMap<EntryId, EntryId> = HashMap::new();
    for id in before {
        if let Some(other) = same(*id)
            && (!partners.contains_key(&other) || is_exact(*id, other))
        {
            partners.insert(other, *id);
        }
    }
    let kept: HashMap<EntryId, EntryId> = partners.iter().map(|(new, old)| (*old, *new)).collect();
    let removed = before.iter().filter(|id| !kept.contains_key(id)).map(|id| (Some(*id), None));
    after.iter().map(|id| (partners.get(id).copied(), Some(*id))).chain(removed).collect()
}
