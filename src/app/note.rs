//! Pins and private notes: what the user keeps about an entry; and editing its data.

use textwrap::core::display_width;
use tui_input::Input;

use super::listed::listed;
use super::overlay::{NoteBox, Overlay, OverlayKind};
use super::saved::{ChangeKind, MAX_RECENT, SavedChange};
use super::state::{App, Effect};
use crate::directory::text::sanitized;
use crate::directory::{Directory, EntryId};
use crate::present::page::{Page, Piece, TextStyle};

/// What is told where nothing is kept.
const NOT_KEPT: &str = "Pins and notes are not saved here";

/// The id under which an entry is kept: with its label if it is an option, because options move to other keys.
fn saved_id(directory: &Directory, id: EntryId) -> String {
    let text_id = directory.text_id(id);
    match directory.parent(id) {
        None => text_id,
        Some(_) => format!("{text_id} {}", directory.tree_title(id)),
    }
}

/// The entry that is kept under an id: an option with another label is another entry, and the same may have moved.
fn resolve(directory: &Directory, saved: &str) -> Option<EntryId> {
    let (text_id, title) = saved.split_once(' ').map_or((saved, None), |(id, title)| (id, Some(title)));
    let found = directory.by_text_id(text_id);
    let has_title = |id: &EntryId| title.is_none_or(|title| directory.tree_title(*id) == title);
    found.filter(has_title).or_else(|| {
        let (above, _) = text_id.rsplit_once('/')?;
        directory.children(directory.by_text_id(above)?).into_iter().find(has_title)
    })
}

impl App {
    /// Reads the pinned entries and those opened before from what is kept, without those that do not exist now.
    pub(super) fn restore(&mut self) {
        self.restore_pins();
        let recent =
            |directory: &Directory| self.resolved(directory, self.environment.profile.saved.recent(&directory.id));
        let recent: Vec<EntryId> = self.catalog.directories().iter().flat_map(recent).collect();
        self.recent = recent.into_iter().take(MAX_RECENT).map(listed).collect();
    }

    pub(super) fn restore_pins(&mut self) {
        let pins = |directory: &Directory| self.resolved(directory, self.environment.profile.saved.pins(&directory.id));
        self.pinned = self.catalog.directories().iter().flat_map(pins).collect();
    }

    fn resolved<'s>(&self, directory: &Directory, ids: impl Iterator<Item = &'s str>) -> Vec<EntryId> {
        ids.filter_map(|id| resolve(directory, id)).collect()
    }

    /// Keeps a change of an entry, where anything is kept.
    pub(super) fn keep(&mut self, id: EntryId, kind: ChangeKind) {
        if !self.environment.profile.keeps {
            return;
        }
        let directory = self.catalog.directory(id);
        let saved = &self.environment.profile.saved;
        // An option that has moved is kept under its old key.
        let known = saved.pins(&directory.id).chain(saved.notes(&directory.id).map(|(known, _)| known));
        let known = known.into_iter().find(|known| resolve(directory, known) == Some(id.by(None))).map(str::to_owned);
        let entry = known.unwrap_or_else(|| saved_id(directory, id));
        let change = SavedChange { directory: directory.id.to_string(), entry, kind };
        self.environment.profile.saved.apply(&change);
        self.effects.push(Effect::Save(change));
        self.restore_pins();
    }

    /// Pins the entry in the card pane, or unpins it.
    pub(super) fn toggle_pin(&mut self) {
        let Some(id) = self.entry_to_keep() else { return };
        let is_pinned = self.pinned.iter().any(|pinned| pinned.by(None) == id.by(None));
        let title = self.catalog.directory(id).title(id).to_owned();
        self.keep(id, if is_pinned { ChangeKind::Unpin } else { ChangeKind::Pin });
        self.tell(if is_pinned { format!("Unpinned: {title}") } else { format!("Pinned: {title}") });
        self.search_if_empty();
        // The same entry stays selected, wherever it is listed now.
        if let Some(find) = &mut self.find
            && let Some(index) = find.results.iter().position(|result| result.id.by(None) == id.by(None))
        {
            find.cursor.selected = index;
        }
    }

    /// The entry in the card pane; tells why if nothing can be kept about it.
    fn entry_to_keep(&mut self) -> Option<EntryId> {
        let id = self.entry();
        if !self.environment.profile.keeps {
            self.tell(NOT_KEPT);
        } else if id.is_none() {
            self.tell("Nothing is selected yet");
        }
        id.filter(|_| self.environment.profile.keeps)
    }

    /// Opens an editor at the entry in the card pane.
    pub(super) fn edit_entry(&mut self) {
        match self.entry() {
            _ if !self.environment.may_edit => self.tell("The data cannot be edited here"),
            None => self.tell("Nothing is selected yet"),
            Some(id) => {
                let directory = self.catalog.directory(id);
                let (directory, entry) = (directory.id.to_string(), directory.text_id(id));
                self.effects.push(Effect::Edit { directory, entry });
            }
        }
    }

    /// The note of an entry.
    pub fn note(&self, id: EntryId) -> Option<&str> {
        let directory = self.catalog.directory(id);
        let mut notes = self.environment.profile.saved.notes(&directory.id);
        notes.find(|(known, _)| resolve(directory, known) == Some(id.by(None))).map(|(_, note)| note)
    }

    /// Opens a box for the note of the entry in the card pane.
    pub(super) fn open_note(&mut self) {
        let Some(entry) = self.entry_to_keep() else { return };
        let input = Input::new(sanitized(self.note(entry).unwrap_or_default()).into_owned());
        self.open_overlay(OverlayKind::Note(NoteBox { entry, input }));
    }

    /// The text in the note's box, if it is open.
    pub(super) fn note_input(&mut self) -> Option<&mut Input> {
        match &mut self.overlay.as_mut()?.kind {
            OverlayKind::Note(note) => Some(&mut note.input),
            _ => None,
        }
    }

    /// Keeps the note that is typed, and closes its box.
    pub(super) fn keep_note(&mut self) {
        let Some(Overlay { kind: OverlayKind::Note(NoteBox { entry, input }), .. }) = self.overlay.take() else {
            return;
        };
        let text = input.value().trim().to_owned();
        if text == self.note(entry).unwrap_or_default() {
            return;
        }
        self.tell(if text.is_empty() { "Note deleted" } else { "Note saved; only you can see it" });
        self.keep(entry, ChangeKind::Note(text));
    }

    pub(super) fn note_title(&self, note: &NoteBox) -> String {
        format!("My note: {}", self.catalog.directory(note.entry).title(note.entry))
    }

    /// The part of the note that fits on a line, and what Enter and Esc do.
    pub(super) fn note_page(&self, note: &NoteBox, width: u16) -> Page {
        let mut page = Page::new(width);
        let mut skipped = note.input.visual_scroll(usize::from(width).saturating_sub(1));
        let is_skipped = |c: &char| {
            let is_left = skipped > 0;
            skipped = skipped.saturating_sub(display_width(c.encode_utf8(&mut [0; 4])));
            is_left
        };
        let visible: String = note.input.value().chars().skip_while(is_skipped).collect();
        let mut left = usize::from(width);
        let text = visible.chars().take_while(|c| {
            left = left.saturating_sub(display_width(c.encode_utf8(&mut [0; 4])));
            left > 0
        });
        page.lines.push(vec![Piece { text: text.collect(), style: TextStyle::Strong }]);
        page.gap();
        page.text("Enter saves, Esc cancels. Only you see this note.", TextStyle::Quiet);
        page
    }
}
