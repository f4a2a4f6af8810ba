//! What the user does in the find box: typing, pasting, and choosing which audience is searched.

use tui_input::InputRequest;

use super::find::Find;
use super::keymap::Edit;
use super::state::App;
use crate::directory::text::is_control_like;
use crate::search::{Query, SearchResult, SearchResults};

/// The number of results that the find box shows.
const MAX_RESULTS: usize = 50;
/// The number of opened results that are remembered while the program runs.
const MAX_RECENT: usize = 9;

impl App {
    /// Opens the find box. It searches the chosen audience, or everything where none is chosen.
    pub(super) fn open_find(&mut self) {
        self.find = Some(Find { audience: self.panes.chosen, ..Find::default() });
        self.search();
    }

    /// Toggles between searching the chosen audience and searching all of them.
    pub(super) fn toggle_narrowing(&mut self) {
        let chosen = self.panes.chosen;
        let Some(find) = &mut self.find else { return };
        match (find.audience, chosen) {
            (None, None) => return self.tell("No audience is chosen; all are searched"),
            (None, chosen) => find.audience = chosen,
            (Some(_), _) => find.audience = None,
        }
        // The order of the results for one audience says nothing about their order for all.
        find.results.clear();
        self.search();
    }

    pub(super) fn search(&mut self) {
        let Self { catalog, recent, find: Some(find), .. } = self else { return };
        let found = if find.is_empty() {
            SearchResults { results: recent.clone(), ..SearchResults::default() }
        } else {
            catalog.find(&Query { text: find.input.value(), audience: find.audience, limit: MAX_RESULTS })
        };
        find.set_results(found);
    }

    /// Remembers a result that the user opens.
    pub(super) fn remember(&mut self, result: &SearchResult) {
        self.recent.retain(|recent| recent.id.by(None) != result.id.by(None));
        self.recent.insert(0, SearchResult { marks: Vec::new(), reasons: Vec::new(), weak: false, ..result.clone() });
        self.recent.truncate(MAX_RECENT);
    }

    /// Pastes a text into the query, and opens the find box for it if no other overlay is open.
    pub(super) fn paste(&mut self, text: &str) {
        if self.overlay.is_some() {
            return;
        }
        if self.find.is_none() {
            self.open_find();
        }
        let Some(find) = &mut self.find else { return };
        let visible = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_control_like(*c));
        for c in visible.take(find.free_len()) {
            find.input.handle(InputRequest::InsertChar(c));
        }
        self.search();
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        let Some(find) = &mut self.find else { return };
        let before = find.input.value().len();
        find.input.handle(match edit {
            Edit::Insert(_) if find.free_len() == 0 => return,
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
        if find.input.value().len() != before {
            self.search();
        }
    }
}
