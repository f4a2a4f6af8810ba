//! What the user does in the find box: typing, pasting, and choosing which audience is searched. What is searched is
//! always what the audience pane marks.

use tui_input::{Input, InputRequest};

use super::action::Edit;
use super::find::{Find, Opened};
use super::keyboard::on_us_layout;
use super::listed::listed;
use super::saved::{ChangeKind, MAX_RECENT};
use super::state::App;
use crate::directory::text::is_control_like;
use crate::directory::{AudienceId, EntryId, Scope};
use crate::present::outline::{Part, Section};
use crate::present::results::is_general;
use crate::search::{Catalog, Query, SearchResult, SearchResults};

/// The longest query or filter, in characters.
const MAX_TEXT_LEN: usize = 200;
/// The number of results that the find box shows.
const MAX_RESULTS: usize = 50;
/// The number of better results outside the audience that the find box shows.
const MAX_OUTSIDE: usize = 3;

impl App {
    /// Opens the find box, unless it is open.
    pub(super) fn open_find(&mut self, opened: Opened) {
        if self.find.is_none() {
            self.find = Some(Find { opened, ..Find::default() });
            // What is typed is searched for by the edit that follows.
            if opened == Opened::Empty {
                self.search();
            }
        }
    }

    /// Moves the scope to the audience that is a number of lines below in the audience pane, and searches it. Everyone
    /// is one of the lines.
    pub(super) fn search_beside(&mut self, step: isize) {
        let is_audience = |section: &Section| section.audience().is_some() || section.part == Part::All;
        let lines = (0..self.panes.sections.len()).filter(|index| is_audience(&self.panes.sections[*index]));
        let lines: Vec<usize> = lines.collect();
        let here = lines.iter().position(|index| *index == self.panes.section.selected);
        let count = isize::try_from(lines.len()).unwrap_or(isize::MAX);
        let last = count - 1;
        let here = here.and_then(|here| isize::try_from(here).ok()).unwrap_or(last);
        let next = usize::try_from((here + step).rem_euclid(count.max(1))).unwrap_or_default();
        if let Some(index) = lines.get(next) {
            self.show_section(*index);
        }
    }

    /// Searches the audience that the audience pane marks. A query that fits nothing is tried as the same keys on a US
    /// keyboard.
    pub(super) fn search(&mut self) {
        let scope = self.scope();
        let Some(mut find) = self.find.take() else { return };
        (find.scope, find.retyped) = (scope, None);
        if find.is_empty() {
            self.list_own(&mut find);
        } else {
            self.search_query(&mut find, scope);
        }
        self.find = Some(find);
    }

    fn search_query(&self, find: &mut Find, scope: Scope) {
        let catalog = &self.catalog;
        let search = |text: &str, scope| catalog.find(&Query { text, scope, limit: MAX_RESULTS });
        let fits =
            |found: &SearchResults| found.outside.is_some() || found.results.first().is_some_and(|first| !first.weak);
        let mut found = search(find.input.value(), scope);
        if !fits(&found)
            && let Some(text) = on_us_layout(find.input.value())
        {
            let other = search(&text, scope);
            if fits(&other) {
                (found, find.retyped) = (other, Some(text));
            }
        }
        if found.results.first().is_none_or(|first| first.weak)
            && let Some(general) = scope.audience().and_then(|audience| general(catalog, audience))
        {
            found.results.retain(|result| result.id.by(None) != general.id);
            found.results.insert(0, general);
        }
        let mut outside = Vec::new();
        if found.outside.is_some() {
            let text = find.retyped.as_deref().unwrap_or(find.input.value());
            let is_new = |other: &SearchResult| found.results.iter().all(|inside| inside.id != other.id);
            let others = search(text, Scope::All).results.into_iter().filter(|other| !other.weak && is_new(other));
            outside.extend(others.take(MAX_OUTSIDE));
        }
        find.set_results(found, outside);
    }

    /// Remembers an entry that the user opens.
    pub(super) fn remember(&mut self, id: EntryId) {
        self.recent.retain(|recent| recent.id.by(None) != id.by(None));
        self.recent.insert(0, listed(id));
        self.recent.truncate(MAX_RECENT);
        self.keep(id, ChangeKind::Open);
    }

    /// Pastes a text into the query, and opens the find box for it if no other overlay is open.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(note) = self.note_input() {
            return paste_into(note, text);
        }
        if self.overlay.is_some() {
            return;
        }
        if self.find.is_none() {
            self.open_find(Opened::Typed);
        }
        let Some(find) = &mut self.find else { return };
        paste_into(&mut find.input, text);
        find.is_in_results = false;
        self.search();
    }

    /// Edits the palette's filter, or the query. The find box closes when a query that opened it is deleted, and by
    /// Backspace in front of nothing.
    pub(super) fn edit(&mut self, edit: Edit) {
        if let Some(note) = self.note_input() {
            edit_input(note, edit);
            return;
        }
        if let Some(filter) = self.palette_filter() {
            edit_input(filter, edit);
            self.reset_window();
            return;
        }
        let Some(find) = &mut self.find else { return };
        find.is_in_results = false;
        let was_empty = find.input.value().is_empty();
        let has_changed = edit_input(&mut find.input, edit);
        let is_deleted = find.input.value().is_empty();
        if is_deleted && (has_changed && find.opened == Opened::Typed || was_empty && edit == Edit::DeleteBack) {
            self.find = None;
        } else if has_changed {
            self.search();
        }
    }
}

/// The general line of an audience, as a weak result: no word of the query led to it.
fn general(catalog: &Catalog, audience: AudienceId) -> Option<SearchResult> {
    let directory = &catalog.directories()[audience.directory];
    let is_own =
        |id: &EntryId| directory.contact(*id).is_some_and(|contact| contact.audiences.contains(audience.index));
    let id = directory.served(Some(audience.index)).find(|id| is_own(id) && is_general(directory, *id))?;
    Some(SearchResult { weak: true, ..listed(id) })
}

/// Edits a text; returns whether it has changed.
fn edit_input(input: &mut Input, edit: Edit) -> bool {
    let before = input.value().len();
    input.handle(match edit {
        Edit::Insert(_) if free_len(input) == 0 => return false,
        Edit::Insert(c) => InputRequest::InsertChar(c),
        Edit::DeleteBack => InputRequest::DeletePrevChar,
        Edit::DeleteForward => InputRequest::DeleteNextChar,
        Edit::DeleteWord => InputRequest::DeletePrevWord,
        Edit::Clear => InputRequest::DeleteLine,
        Edit::Left => InputRequest::GoToPrevChar,
        Edit::Right => InputRequest::GoToNextChar,
        Edit::Home => InputRequest::GoToStart,
        Edit::End => InputRequest::GoToEnd,
    });
    input.value().len() != before
}

/// Inserts a text on one line, as far as there is room.
fn paste_into(input: &mut Input, text: &str) {
    let visible = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_control_like(*c));
    for c in visible.take(free_len(input)) {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// How many more characters a text can take.
fn free_len(input: &Input) -> usize {
    MAX_TEXT_LEN.saturating_sub(input.value().chars().count())
}
