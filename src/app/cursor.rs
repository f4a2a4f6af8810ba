//! Positions in lists and texts.

use super::action::Motion;
use crate::directory::EntryId;

/// The selected line of a list, and the part of the list that is visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The index of the selected line.
    pub selected: usize,
    /// The index of the first visible line.
    pub top: usize,
}

impl Cursor {
    /// The line that a motion leads to in a list of `lines` lines, of which `visible` are visible.
    pub fn after(self, motion: Motion, lines: usize, visible: usize) -> usize {
        moved(motion, self.selected, visible, lines.saturating_sub(1))
    }

    /// Scrolls so that the selected line is visible, and the view is full if the list is long enough.
    pub fn follow(&mut self, lines: usize, visible: usize) {
        self.selected = self.selected.min(lines.saturating_sub(1));
        let last_top = lines.saturating_sub(visible);
        let lowest = (self.selected + 1).saturating_sub(visible);
        self.top = self.top.clamp(lowest, self.selected.max(lowest)).min(last_top.max(lowest));
    }
}

/// The line that a motion leads to from the line `here`, where `visible` lines are visible and `last` is the index of
/// the last line.
fn moved(motion: Motion, here: usize, visible: usize, last: usize) -> usize {
    let page = visible.max(2) - 1;
    match motion {
        Motion::Up => here.saturating_sub(1),
        Motion::Down => here + 1,
        Motion::PageUp => here.saturating_sub(page),
        Motion::PageDown => here + page,
        Motion::Home => 0,
        Motion::End => last,
    }
    .min(last)
}

/// The first visible line of a text after a motion, repeated a number of times.
pub(super) fn scrolled(top: usize, motion: Motion, times: usize, lines: usize, visible: usize) -> usize {
    let last = lines.saturating_sub(visible);
    (0..times).fold(top.min(last), |top, _| moved(motion, top, visible, last))
}

/// How far the card of an entry is scrolled. Another entry's card starts at its top.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CardScroll {
    pub(super) entry: Option<EntryId>,
    pub(super) top: usize,
}

impl CardScroll {
    pub(super) fn top(self, entry: EntryId) -> usize {
        if self.entry == Some(entry) { self.top } else { 0 }
    }
}
