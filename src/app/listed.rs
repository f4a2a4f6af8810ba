//! What the screen starts with, and what an empty find box lists.

use super::find::{Find, Listed, Opened};
use super::layout::Pane;
use super::profile::StartView;
use super::state::App;
use crate::directory::EntryId;
use crate::search::{Query, SearchResult, Signals};

impl App {
    /// Focuses what the user wants to start with.
    pub(super) fn start(&mut self) {
        match self.environment.profile.start {
            StartView::Audiences => {}
            StartView::Tree => self.panes.focus = Pane::Tree,
            StartView::Find => self.open_find(Opened::Empty),
        }
    }

    /// Lists what an empty find box shows: what is pinned, the answers to common needs, and those that were opened before.
    pub(super) fn list_own(&self, find: &mut Find) {
        let pinned = self.pinned.iter().map(|id| (listed(*id), Listed::Pinned));
        let needs = self.environment.profile.common_needs.iter();
        let answers = needs.filter_map(|need| Some((self.answer(need)?, Listed::Common(need.clone()))));
        let recent = self.recent.iter().map(|result| (result.clone(), Listed::Recent));
        let mut listed: Vec<(SearchResult, Listed)> = Vec::new();
        for (result, why) in pinned.chain(answers).chain(recent) {
            if listed.iter().all(|(other, _)| other.id.by(None) != result.id.by(None)) {
                listed.push((result, why));
            }
        }
        find.set_listed(listed);
    }

    /// Lists again what an empty find box shows.
    pub(super) fn search_if_empty(&mut self) {
        if self.find.as_ref().is_some_and(Find::is_empty) {
            self.search();
        }
    }

    /// The best answer to a common need, unless none can be trusted.
    fn answer(&self, need: &str) -> Option<SearchResult> {
        let found = self.catalog.find(&Query { text: need, audience: None, limit: 1 });
        found.results.into_iter().next().filter(|result| !result.weak).map(|result| listed(result.id))
    }
}

/// An entry that no query led to, as a result.
pub(super) fn listed(id: EntryId) -> SearchResult {
    let (marks, reasons, signals) = (Vec::new(), Vec::new(), Signals::default());
    SearchResult { id, rank_score: 0.0, score: 0.0, weak: false, lacks_channel: false, marks, reasons, signals }
}
