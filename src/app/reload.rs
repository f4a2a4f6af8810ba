//! One directory takes another's place, and the user stays where they are.

use std::sync::Arc;

use super::layout::Pane;
use super::tree::{Section, Tree};
use super::{App, Overlay};
use crate::directory::address::WebAddress;
use crate::directory::{Directory, EntryId};
use crate::search::{Index, SearchResult};

/// From the answers of one directory to those of the one that takes its place.
#[derive(Clone, Copy)]
pub(super) struct Moved<'a> {
    old: &'a Directory,
    new: &'a Directory,
}

impl Moved<'_> {
    /// The same answer: a contact or notice with the same id; under the same answer, the option with the same label or
    /// the section with the same title; if there is none, the one in its place, unless that was elsewhere before.
    pub(super) fn answer(&self, answer: EntryId) -> Option<EntryId> {
        let Self { old, new } = self;
        let Some(parent) = old.parent(answer) else { return new.by_id(&old.id(answer)) };
        let (before, after) = (old.children(parent), new.children(self.answer(parent)?));
        let title = old.title(answer);
        let in_place = after.iter().find(|other| place(new, **other) == place(old, answer)).copied();
        let titled = || after.iter().find(|other| new.title(**other) == title).copied();
        let is_new = |other: &EntryId| before.iter().all(|sibling| old.title(*sibling) != new.title(*other));
        in_place.filter(|other| new.title(*other) == title).or_else(titled).or(in_place.filter(is_new))
    }

    /// The same answer, or the nearest above it that there still is.
    pub(super) fn answer_or_above(&self, answer: EntryId) -> Option<EntryId> {
        std::iter::successors(Some(answer), |answer| self.old.parent(*answer)).find_map(|answer| self.answer(answer))
    }

    /// The audience with the same id.
    pub(super) fn audience(&self, audience: usize) -> Option<usize> {
        let id = &self.old.audiences.get(audience)?.id;
        self.new.audiences.iter().position(|audience| audience.id == *id)
    }

    /// The same line of the audience pane.
    fn section(&self, section: Section) -> Option<Section> {
        match section {
            Section::Audience(audience) => self.audience(audience).map(Section::Audience),
            other => Some(other),
        }
    }

    /// The channel of the same kind with the same number or address, of the same contact.
    fn channel(&self, (of, channel): (EntryId, usize)) -> Option<(EntryId, usize)> {
        let reach = &self.old.contact(of)?.channels.get(channel)?.reach;
        let answer = self.answer(of)?;
        let mut channels = self.new.contact(answer)?.channels.iter();
        let same =
            channels.position(|other| other.reach.target() == reach.target() && other.reach.kind() == reach.kind());
        same.map(|channel| (answer, channel))
    }

    /// What was found, as it is now.
    fn hit(&self, hit: &SearchResult) -> Option<SearchResult> {
        let answer = self.answer(hit.answer)?;
        let channel = hit.channel.and_then(|channel| self.channel((hit.answer, channel))).map(|(_, channel)| channel);
        Some(SearchResult { answer, channel, ..hit.clone() })
    }
}

/// What an option or section is told from those beside it by: its key, or its number.
fn place(directory: &Directory, answer: EntryId) -> (Option<char>, usize) {
    match answer {
        EntryId::Section(_, section) => (None, section),
        _ => (directory.option(answer).map(|option| option.key.as_char()), 0),
    }
}

impl App {
    /// Puts a directory with its index in the place of the one on the screen. What the user chose, folded, asked for
    /// and found is kept, by what its answers and audiences are called by machines.
    pub fn reload(&mut self, directory: Arc<Directory>, index: Arc<Index>) {
        let (stood_on, items) = (self.tree.selected(), self.items());
        let old = std::mem::replace(&mut self.directory, Arc::clone(&directory));
        let moved = Moved { old: &old, new: &directory };
        self.index = index;
        self.loaded = self.now;
        self.problem = None;
        let is_same = self.reload_tree(&moved);
        if let (false, Some(gone)) = (is_same, stood_on) {
            self.message = Some(format!("{} is no longer there", old.title(gone)));
        }
        self.chosen = self.chosen.and_then(|audience| moved.audience(audience));
        self.recent = self.recent.iter().filter_map(|hit| moved.hit(hit)).collect();
        self.asked = self.asked.and_then(|asked| moved.channel(asked));
        let card_top = self.card_top;
        self.card_top = if is_same { card_top } else { 0 };
        match self.over.take() {
            Some(Overlay::Loading(_)) | None => {}
            Some(Overlay::Help(top)) => self.over = Some(Overlay::Help(top)),
            Some(Overlay::Qr(top)) if is_same => self.over = Some(Overlay::Qr(top)),
            // Whoever is about to press a key takes what they have read.
            Some(Overlay::Copy(cursor)) if is_same && self.items() == items => self.over = Some(Overlay::Copy(cursor)),
            Some(Overlay::Copy(_)) if is_same => {
                self.message = Some("What can be copied has changed; press c again".into())
            }
            Some(Overlay::Copy(_) | Overlay::Qr(_)) => {}
            Some(Overlay::LinkWarning(mut gate)) => {
                let notice = moved.answer(EntryId::Notice(gate.notice));
                let link = WebAddress::parse(&gate.link).ok();
                match notice {
                    Some(EntryId::Notice(notice)) if link.is_some_and(|link| self.is_behind(&link, notice)) => {
                        // Nobody has read what it says now.
                        if old.notices.get(gate.notice) != directory.notices.get(notice) {
                            (gate.go_on, gate.top) = (false, 0);
                            self.message = Some("This notice has changed".into());
                        }
                        gate.notice = notice;
                        self.over = Some(Overlay::LinkWarning(gate));
                    }
                    _ => self.message = Some("The link or its notice has changed; press o again".into()),
                }
            }
            Some(Overlay::Find(mut find)) => {
                find.audience = find.audience.and_then(|audience| moved.audience(audience));
                let here = find.hit().and_then(|hit| moved.answer(hit.answer));
                find.hits = find.hits.iter().filter_map(|hit| moved.hit(hit)).collect();
                find.card_top_before = if is_same { find.card_top_before } else { 0 };
                let cursor = find.cursor;
                self.over = Some(Overlay::Find(find));
                self.search();
                if let Some(Overlay::Find(find)) = &mut self.over
                    && let Some(place) = find.hits.iter().position(|hit| Some(hit.answer) == here)
                {
                    find.cursor.top = (cursor.top + place).saturating_sub(cursor.selected);
                    find.cursor.selected = place;
                    self.card_top = card_top;
                }
            }
        }
        self.follow();
    }

    /// Whether the answer on the screen still has a link, and a notice still comes before it.
    fn is_behind(&self, link: &WebAddress, notice: usize) -> bool {
        let page = self.answer().and_then(|answer| self.directory.page(answer));
        page.is_some_and(|page| page.to_string() == link.to_string())
            && self.directory.gate(link.host()) == Some(notice)
    }

    /// The tree of the new directory: the same section and folds, on the same answer or the nearest above it. An answer that
    /// is on another section now is followed there by whoever stands on it. True where it is the same answer.
    fn reload_tree(&mut self, moved: &Moved<'_>) -> bool {
        let directory = moved.new;
        // An empty directory, shown while the first one is loaded, has no section to stay on.
        let stood_on = Some(self.tree.section()).filter(|section| self.sections.contains(section));
        self.sections = Section::all(directory);
        let is_there = |section: &Section| self.sections.contains(section);
        let before = self.tree.cursor;
        let selected = self.tree.selected().and_then(|answer| moved.answer_or_above(answer));
        let is_same = self.tree.selected().is_some_and(|answer| moved.answer(answer).is_some());
        let home = selected.map(|answer| Section::of(directory, answer)).filter(is_there);
        let first = self.sections.first().copied().unwrap_or(Section::Everyone);
        let section = stood_on.and_then(|section| moved.section(section)).filter(is_there).or(home).unwrap_or(first);
        let on = |section| {
            let mut tree =
                Tree::folded(directory, section, self.tree.folds().filter_map(|answer| moved.answer(answer)));
            let is_on_it = selected.is_some_and(|answer| tree.seek(directory, answer));
            (tree, is_on_it)
        };
        let (mut tree, is_on_it) = on(section);
        if let (false, Some(home)) = (is_on_it || self.focus == Pane::Audience, home) {
            (tree, _) = on(home);
        }
        tree.cursor.top = (before.top + tree.cursor.selected).saturating_sub(before.selected);
        self.section.selected = self.sections.iter().position(|section| *section == tree.section()).unwrap_or(0);
        self.tree = tree;
        is_same
    }
}
