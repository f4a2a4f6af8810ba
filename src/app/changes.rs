//! What a reload changed on the card in view. It stays marked, because a caller may have been told what it was before.

use super::state::{App, Changes};
use crate::directory::EntryId;
use crate::present::card::Card;

impl App {
    /// The card of the entry in the card pane as it was before the reload that changed it.
    pub(super) fn old_card(&self) -> Option<Card<'_>> {
        let Changes { old: (catalog, id), old_way, .. } = self.changes.as_ref()?;
        Some(self.card_in(catalog, *id, old_way.as_deref(), Some(self.now)))
    }

    /// Whether the last reload put an option of the card's contact on another key.
    pub fn has_new_key(&self, id: EntryId) -> bool {
        self.changes.as_ref().is_some_and(|changes| changes.moved.contains(&id))
    }

    /// Forgets what a reload changed once the user has moved to another entry.
    pub(super) fn forget_changes_elsewhere(&mut self) {
        let entry = self.entry();
        self.changes.take_if(|changes| Some(changes.entry) != entry);
    }
}
