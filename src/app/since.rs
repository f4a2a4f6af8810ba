//! What has changed in the data since the navigator was last open.

use super::action::Action;
use super::event::ChangedSince;
use super::overlay::OverlayKind;
use super::state::App;
use crate::present::page::{Page, TextStyle};

/// The number of changes that the window lists.
const MAX_LISTED: usize = 500;

impl App {
    /// Tells that there are changes, beside another message.
    pub(super) fn tell_changed(&mut self, changed: ChangedSince) {
        let words = format!("{}; {} lists them", changed.words(self.now), self.key_name(Action::Changes));
        self.message = Some(self.message.take().map_or(words.clone(), |told| format!("{told}; {words}")));
        // What a reload changes comes after what had changed before it.
        let before = self.changed_since.get_or_insert_with(|| ChangedSince { changes: Vec::new(), ..changed });
        before.changes.extend(changed.changes);
    }

    pub(super) fn show_changes(&mut self) {
        match self.changed_since {
            Some(_) => self.open_overlay(OverlayKind::Changes),
            None => self.tell("No changes since the directory was last open"),
        }
    }

    pub(super) fn changes_title(&self) -> String {
        self.changed_since.as_ref().map(|changed| changed.words(self.now)).unwrap_or_default()
    }

    pub(super) fn changes_page(&self, width: u16) -> Page {
        let mut page = Page::new(width);
        let changes = self.changed_since.as_ref().map_or(&[][..], |changed| &changed.changes);
        for change in changes.iter().take(MAX_LISTED) {
            page.hang("", TextStyle::Plain, change, TextStyle::Plain);
        }
        if let Some(more @ 1..) = changes.len().checked_sub(MAX_LISTED) {
            page.text(&format!("and {more} more"), TextStyle::Quiet);
        }
        page
    }
}
