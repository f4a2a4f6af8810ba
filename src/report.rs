//! Entries as text for other programs and for print: cards, plain lines, JSON, CSV, vCard. Pure: the frontend that
//! prints them decides where they go. Everything is rendered from the cards of the `present` layer.

mod cards;
mod csv;
mod json;
mod markdown;
mod plain;
mod record;
mod tree;
mod vcard;

pub use cards::{ColorMode, Reader, cards, notices, painted, qr, show};
pub use csv::{CsvReader, csv};
pub use json::{
    Checked, Complaint, StaleEntry, json, json_of_check, json_of_diff, json_of_directories, json_of_entries,
    json_of_notices, json_of_tree,
};
pub use markdown::markdown;
pub use plain::{plain, plain_line, plain_of, plain_of_notices, tree_entries};
pub use tree::{TreeRow, tree_page, tree_rows};
pub use vcard::{VCardVersion, vcards, vcards_for};

use crate::directory::{Directory, Entry, EntryId, Scope};
use crate::search::Catalog;

/// The directories in a scope, each with the index of the audience that it is limited to.
fn directories(catalog: &Catalog, scope: Scope) -> impl Iterator<Item = (&Directory, Option<usize>)> + Clone {
    catalog.within(scope).map(move |directory| (directory, scope.audience().map(|audience| audience.index)))
}

/// A contact by each of its channels, or by the requested one. An option has its own line only.
fn by_channel(directory: &Directory, id: EntryId) -> Vec<EntryId> {
    let by_channel: Vec<EntryId> = directory.by_each_channel(id).collect();
    match (id.channel, id.entry) {
        (None, Entry::Contact(_)) if !by_channel.is_empty() => by_channel,
        _ => vec![id],
    }
}
