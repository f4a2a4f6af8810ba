//! Replacing the catalog while the user keeps their position: entries are matched by id, label and key.

use std::sync::Arc;

use super::action::Action;
use super::cursor::{CardScroll, Cursor};
use super::find::Find;
use super::layout::Pane;
use super::overlay::{Overlay, OverlayKind};
use super::state::{App, Changes};
use super::tree::Tree;
use crate::directory::matching::same_entry;
use crate::directory::{AudienceId, Directory, EntryId};
use crate::present::changes::change_words;
use crate::present::outline::Section;
use crate::present::share::CopyItem;
use crate::search::{Catalog, SearchResult};

/// Maps the entries of one catalog to those of the catalog that replaces it.
#[derive(Clone, Copy)]
struct Matching<'a> {
    old: &'a Catalog,
    new: &'a Catalog,
}

impl<'a> Matching<'a> {
    /// The directory with the same id; the only one, if it was the only one before, too.
    fn directory(&self, old: &Directory) -> Option<&'a Directory> {
        let directories = self.new.directories();
        let same = directories.iter().find(|new| new.id == old.id);
        let is_only = directories.len() == 1 && self.old.directories().len() == 1;
        same.or_else(|| directories.first().filter(|_| is_only))
    }

    /// The same entry, by [`same_entry`].
    fn entry(&self, id: EntryId) -> Option<EntryId> {
        let old = self.old.directory(id);
        same_entry(old, id, self.directory(old)?)
    }

    /// The same entry, or the nearest above it that still exists.
    fn entry_or_above(&self, id: EntryId) -> Option<EntryId> {
        self.old.directory(id).ancestors(id).find_map(|id| self.entry(id))
    }

    /// The same entry. If a channel of it was requested, by the one of the same kind with the same number or address;
    /// else by the only one of the same kind, whose number or address has changed.
    fn entry_by_channel(&self, id: EntryId) -> Option<EntryId> {
        let entry = self.entry(id.by(None))?;
        let same = || {
            let channel = self.old.directory(id).contact(id)?.channels.get(id.channel?)?;
            let channels = self.new.directory(entry).contact(entry)?.channels.iter().enumerate();
            let of_kind: Vec<_> = channels.filter(|(_, other)| other.kind == channel.kind).collect();
            let same = of_kind.iter().find(|(_, other)| other.target() == channel.target());
            same.or(of_kind.first().filter(|_| of_kind.len() == 1)).map(|(index, _)| *index)
        };
        Some(entry.by(same()))
    }

    /// The options of a contact, by the id of it or of an entry under it, that are on another key than before.
    fn moved_options(&self, id: EntryId) -> Vec<EntryId> {
        let (old, count) =
            (self.old.directory(id), self.old.directory(id).contact(id).map_or(0, |own| own.options.len()));
        let sign = |directory: &Directory, id| directory.option(id).map(|option| option.step.sign());
        let options = (0..count).map(|index| id.option(index));
        let moved = options.filter_map(|before| {
            let now = self.entry(before)?;
            (sign(self.new.directory(now), now) != sign(old, before)).then_some(now)
        });
        moved.collect()
    }

    /// The audience with the same id.
    fn audience(&self, id: AudienceId) -> Option<AudienceId> {
        let old = &self.old.directories()[id.directory];
        let (new, name) = (self.directory(old)?, &old.audiences[id.index].id);
        new.audiences.iter().position(|audience| audience.id == *name).map(|index| new.audience_id(index))
    }

    fn section(&self, section: Section) -> Option<Section> {
        match section.audience() {
            Some(id) => self.audience(id).map(Section::of_audience),
            None => {
                let directory = self.directory(&self.old.directories()[section.directory])?.index();
                Some(Section { directory, ..section })
            }
        }
    }

    fn result(&self, result: &SearchResult) -> Option<SearchResult> {
        Some(SearchResult { id: self.entry_by_channel(result.id)?, ..result.clone() })
    }
}

impl App {
    /// Replaces the catalog. What the user chose, collapsed, asked for and found is kept.
    pub fn reload(&mut self, catalog: Arc<Catalog>) {
        let (selected, copy_items) = (self.panes.tree.selected(), self.copy_items());
        let shown = self.entry().map(|id| (id, self.pressed_way(id).map(<[usize]>::to_vec)));
        let message = self.message.take();
        self.keep_note_of_missing(&catalog);
        let old = std::mem::replace(&mut self.catalog, catalog);
        let new = Arc::clone(&self.catalog);
        let matching = Matching { old: &old, new: &new };
        let is_first = self.loading.is_some();
        (self.loaded, self.problems, self.loading) = (self.now, Vec::new(), None);
        let is_same = self.reload_panes(&matching);
        if let (false, Some(gone)) = (is_same, selected) {
            self.tell(format!("{} is no longer there", old.directory(gone).title(gone)));
        }
        if is_first {
            self.restore();
        } else {
            self.recent = self.recent.iter().filter_map(|result| matching.result(result)).collect();
            self.restore_pins();
        }
        self.asked = self.asked.and_then(|asked| matching.entry_by_channel(asked));
        if let Some(find) = self.find.take() {
            self.reload_find(find, &matching);
        }
        let overlay = self.overlay.take();
        self.overlay = overlay.and_then(|overlay| self.reloaded_overlay(overlay, &matching, is_same, &copy_items));
        self.changes = None;
        if let Some((id, way)) = shown.filter(|_| !is_first) {
            self.compare_cards((&old, id), way, &matching);
        }
        self.message = self.message.take().or(message);
        self.scroll_to_selection();
    }

    /// Marks and tells what has changed on the card of an entry that is still in the card pane.
    fn compare_cards(
        &mut self,
        (old, id): (&Arc<Catalog>, EntryId),
        old_way: Option<Vec<usize>>,
        matching: &Matching<'_>,
    ) {
        let Some(entry) =
            self.entry().filter(|entry| [matching.entry_by_channel(id), matching.entry(id)].contains(&Some(*entry)))
        else {
            if self.find.is_some() {
                self.tell(format!("{} is no longer found", old.directory(id).title(id)));
            }
            return;
        };
        self.changes = Some(Changes { entry, moved: matching.moved_options(id), old: (Arc::clone(old), id), old_way });
        let (before, now) = (self.old_card(), self.card());
        let words = before.zip(now).and_then(|(before, now)| change_words(&before, &now, &self.environment.display));
        match words {
            Some(words) => {
                let told = self.message.take().map_or_else(String::new, |told| format!(". {told}"));
                self.tell(words + &told);
            }
            None => drop(self.changes.take_if(|changes| changes.moved.is_empty())),
        }
    }

    /// Keeps the note that is typed if the new catalog does not have its entry.
    fn keep_note_of_missing(&mut self, new: &Catalog) {
        let Some(Overlay { kind: OverlayKind::Note(note), .. }) = &self.overlay else { return };
        if (Matching { old: &self.catalog, new }).entry_by_channel(note.entry).is_none() {
            self.keep_note();
        }
    }

    /// The overlay on the new catalog; `None` where it no longer says what the user has read.
    fn reloaded_overlay(
        &mut self,
        mut overlay: Overlay,
        matching: &Matching<'_>,
        is_same: bool,
        copy_items: &[CopyItem],
    ) -> Option<Overlay> {
        match &mut overlay.kind {
            OverlayKind::Palette(_) | OverlayKind::Changes => {}
            OverlayKind::Directories(_) if self.catalog.has_several() => {}
            OverlayKind::Directories(_) => return None,
            OverlayKind::Problems => return None,
            OverlayKind::Note(note) => note.entry = matching.entry_by_channel(note.entry)?,
            OverlayKind::Qr => return is_same.then_some(overlay),
            // The user may be about to press the digit of a line that they have read.
            OverlayKind::CopyMenu if is_same && self.copy_items() == copy_items => {}
            OverlayKind::CopyMenu => {
                if is_same {
                    let open = self.key_name(Action::CopyMenu);
                    self.tell(format!("What can be copied has changed; press {open} again"));
                }
                return None;
            }
            OverlayKind::LinkWarning(warning) => {
                let notice = matching.entry(warning.notice);
                let is_before = |notice: &EntryId| self.link() == Some((warning.link.clone(), Some(*notice)));
                let Some(notice) = notice.filter(is_before) else {
                    let open = self.key_name(Action::OpenLink);
                    self.tell(format!("The link or its notice has changed; press {open} again"));
                    return None;
                };
                let before = matching.old.directory(warning.notice).notice(warning.notice);
                if before != matching.new.directory(notice).notice(notice) {
                    // The user has not read the new text.
                    (warning.go_on, overlay.cursor) = (false, Cursor::default());
                    self.tell("This notice has changed");
                }
                warning.notice = notice;
            }
        }
        Some(overlay)
    }

    /// The find box with the same query, on the same result if it is still found.
    fn reload_find(&mut self, mut find: Find, matching: &Matching<'_>) {
        let here = find.result().and_then(|result| matching.entry_by_channel(result.id));
        let (cursor, card_top) = (find.cursor, find.result().map_or(0, |result| find.card.top(result.id)));
        find.results = find.results.iter().filter_map(|result| matching.result(result)).collect();
        self.find = Some(find);
        self.search();
        let Some(find) = &mut self.find else { return };
        if let Some(index) = find.results.iter().position(|result| Some(result.id) == here) {
            find.cursor.top = (cursor.top + index).saturating_sub(cursor.selected);
            find.cursor.selected = index;
            find.card = CardScroll { entry: here, top: card_top };
        }
    }

    /// The panes on the new directory: the same section and collapsed entries, on the same entry or the nearest above
    /// it. An entry that has moved to another section is followed there, unless the audience pane is focused. Returns
    /// whether the same entry is selected.
    fn reload_panes(&mut self, matching: &Matching<'_>) -> bool {
        let shown = matching.directory(&matching.old.directories()[self.panes.tree.section().directory]);
        let directory = shown.unwrap_or(&matching.new.directories()[0]);
        let panes = &mut self.panes;
        // The empty directory that is shown while the first one loads has no section to keep.
        let old_section = Some(panes.tree.section()).filter(|section| panes.sections.contains(section));
        panes.sections = Section::all(directory);
        panes.is_directory_chosen &= shown.is_some() && matching.new.has_several();
        let exists = |section: &Section| panes.sections.contains(section);
        let before = panes.tree.cursor;
        let old_entry = panes.tree.selected();
        let selected = old_entry.and_then(|id| matching.entry_or_above(id));
        let is_same = old_entry.is_some_and(|id| matching.entry(id).is_some());
        let home = selected.map(|id| Section::of(directory, id)).filter(exists);
        let kept = old_section.and_then(|section| matching.section(section)).filter(exists);
        let collapsed: Vec<EntryId> = panes.tree.collapsed().filter_map(|id| matching.entry(id)).collect();
        let in_section = |section| {
            let mut tree = Tree::with_collapsed(directory, section, collapsed.iter().copied());
            let is_listed = selected.is_some_and(|id| tree.seek(directory, id));
            (tree, is_listed)
        };
        let (mut tree, is_listed) = in_section(kept.or(home).unwrap_or_else(|| Section::everyone(directory)));
        if let (false, Some(home)) = (is_listed || panes.focus == Pane::Audience, home) {
            (tree, _) = in_section(home);
        }
        tree.cursor.top = (before.top + tree.cursor.selected).saturating_sub(before.selected);
        panes.section.selected = panes.sections.iter().position(|section| *section == tree.section()).unwrap_or(0);
        panes.tree = tree;
        let followed = panes.followed.and_then(|(id, step)| Some((matching.entry_by_channel(id)?, step)));
        panes.followed = followed.filter(|_| is_same);
        let pressed = panes.pressed.take().filter(|_| is_same);
        panes.pressed = pressed.and_then(|(id, way)| {
            let way = way.into_iter().map(|option| matching.entry(id.option(option))?.option_index());
            Some((matching.entry_by_channel(id)?, way.collect::<Option<_>>()?))
        });
        panes.card = match panes.card.entry.and_then(|id| matching.entry_by_channel(id)) {
            Some(entry) if is_same => CardScroll { entry: Some(entry), top: panes.card.top },
            _ => CardScroll::default(),
        };
        is_same
    }
}
