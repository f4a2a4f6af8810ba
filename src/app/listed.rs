//! What the screen starts with, and what an empty find box lists.

use super::find::{Find, Group, Opened};
use super::layout::Pane;
use super::profile::StartView;
use super::state::App;
use crate::directory::{AudienceId, Directory, EntryId, Scope};
use crate::search::{SearchResult, SearchResults, Signals};

/// The number of common needs that are answered, each by a search.
pub(super) const MAX_NEEDS: usize = 20;

impl App {
    /// Focuses what the user wants to start with.
    pub(super) fn start(&mut self) {
        match self.environment.profile.start {
            StartView::Audiences => {}
            StartView::Tree => self.panes.focus = Pane::Tree,
            StartView::Find => self.open_find(Opened::Empty),
        }
    }

    /// Lists what an empty find box shows: what is pinned, the answers to common needs, and what was opened before;
    /// last what of these is outside the audience.
    pub(super) fn list_own(&self, find: &mut Find) {
        let needs = self.common_needs().into_iter().take(MAX_NEEDS);
        let answer = |(need, scope): (&str, Scope)| Some((need.to_owned(), listed(self.catalog.answer(need, scope)?)));
        let answers = needs.filter_map(answer).collect();
        let is_inside = |result: &SearchResult| {
            let directory = self.catalog.directory(result.id);
            let is_for = |audience: AudienceId| directory.is_for(result.id, audience.index);
            find.scope.has_directory(result.id.directory) && find.scope.audience().is_none_or(is_for)
        };
        let (pinned, mut outside): (Vec<_>, Vec<_>) = self.pinned.iter().copied().map(listed).partition(is_inside);
        let (recent, recent_outside): (Vec<_>, Vec<_>) = self.recent_unpinned().map(listed).partition(is_inside);
        outside.extend(recent_outside);
        find.set_results(SearchResults::default(), Vec::new());
        find.add_group(Group::Pinned, pinned);
        find.add_needs(answers);
        find.add_group(Group::Recent, recent);
        find.add_group(Group::Outside, outside);
    }

    /// What callers often need, and where it is looked for: the user's own words, or else those of the directories in
    /// scope in turns, each for itself.
    pub(super) fn common_needs(&self) -> Vec<(&str, Scope)> {
        let scope = self.scope();
        if !self.environment.profile.common_needs.is_empty() {
            return self.environment.profile.common_needs.iter().map(|need| (&**need, scope)).collect();
        }
        let directories: Vec<_> = self.catalog.within(scope).collect();
        let own = |directory: &Directory| if scope == Scope::All { Scope::Directory(directory.index()) } else { scope };
        let most = directories.iter().map(|directory| directory.common_needs.len()).max().unwrap_or_default();
        let turn = |turn: usize| {
            let needs = directories.iter().filter_map(move |own| Some((*own, own.common_needs.get(turn)?)));
            needs.map(|(directory, need)| (&**need, own(directory)))
        };
        (0..most).flat_map(turn).collect()
    }

    /// What was opened before and is not pinned, the latest first.
    pub(super) fn recent_unpinned(&self) -> impl Iterator<Item = EntryId> {
        let is_pinned = |id: &EntryId| self.pinned.iter().any(|pinned| pinned.by(None) == id.by(None));
        self.recent.iter().map(|result| result.id).filter(move |id| !is_pinned(id))
    }

    /// Lists again what an empty find box shows.
    pub(super) fn search_if_empty(&mut self) {
        if self.find.as_ref().is_some_and(Find::is_empty) {
            self.search();
        }
    }
}

/// An entry that no query led to, as a result.
pub(super) fn listed(id: EntryId) -> SearchResult {
    let (marks, reasons, signals) = (Vec::new(), Vec::new(), Signals::default());
    SearchResult { id, rank_score: 0.0, score: 0.0, weak: false, lacks_channel: false, marks, reasons, signals }
}
