//! The boxes beside the panes, which take no keys: what is pinned and what was opened before, below the audiences; and
//! in a fourth column the QR code of the card's number, its week, and what can be copied.

use ratatui::layout::{Position, Rect, Size};

use super::action::Action;
use super::layout::{Layout, line_at};
use super::state::App;
use crate::directory::EntryId;
use crate::present::page::{Page, TextStyle};
use crate::present::qr::Qr;
use crate::present::week_strip::{days_ahead, week_strip};

/// The columns between a panel's border and its text, on both sides together.
const BESIDE: u16 = 4;
/// The rows that the borders of a panel take.
const BORDERS: u16 = 2;
/// The lowest panel, in rows.
const MIN_HEIGHT: u16 = 4;
/// The lines of an entry: its title, and what it is for.
const LINES_PER_ENTRY: usize = 2;

/// A box with a text.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The title in the border.
    pub title: &'static str,
    /// The text.
    pub page: Page,
    /// The entries of a list, which a click opens. Each takes [`LINES_PER_ENTRY`] lines of the text, from its first on.
    entries: Vec<EntryId>,
    /// The area with the border.
    pub area: Rect,
}

/// The title, the text and the entries of a panel.
type Section = (&'static str, Page, Vec<EntryId>);

impl App {
    /// The panels that the screen has room for.
    pub fn panels(&self, layout: &Layout) -> Vec<Panel> {
        if self.loading.is_some() {
            return Vec::new();
        }
        let below = layout.side.map(|area| stack(area, self.side_sections(area.as_size())));
        let beside = layout.aside.map(|area| stack(area, self.aside_sections(area)));
        below.into_iter().chain(beside).flatten().collect()
    }

    /// The entry at a cell of a list.
    pub(super) fn listed_at(&self, at: Position) -> Option<EntryId> {
        let layout = self.layout()?;
        let panel = self.panels(&layout).into_iter().find(|panel| panel.area.contains(at))?;
        let line = line_at(layout.inside(panel.area, BESIDE / 2), at)?;
        panel.entries.get(line / LINES_PER_ENTRY).copied()
    }

    /// The sections below the audiences, without empty ones: first what is pinned, then what was opened before, as far
    /// as it fits.
    fn side_sections(&self, Size { width, height }: Size) -> Vec<Section> {
        let lines = usize::from(height.saturating_sub(BORDERS));
        let pinned = self.pinned_section(width - BESIDE, lines);
        let taken = pinned.as_ref().map_or(0, |(_, page, _)| page.lines.len() + usize::from(BORDERS));
        let fitting = lines.saturating_sub(taken) / LINES_PER_ENTRY;
        let recent = self.list("Recent", self.recent_unpinned().take(fitting).collect(), width - BESIDE);
        pinned.into_iter().chain(recent).collect()
    }

    /// What is pinned. If it is more than fits into a number of lines, the last one says how many are missing.
    fn pinned_section(&self, width: u16, lines: usize) -> Option<Section> {
        let count = self.pinned.len();
        let fitting = if count * LINES_PER_ENTRY > lines { lines.saturating_sub(1) / LINES_PER_ENTRY } else { count };
        let (title, mut page, shown) =
            self.list("Pinned", self.pinned.iter().copied().take(fitting).collect(), width)?;
        if fitting < count {
            let more = format!("+{} more: {}", count - fitting, self.key_name(Action::Find));
            page.row(&more, TextStyle::Quiet);
        }
        Some((title, page, shown))
    }

    /// A list of entries, unless it is empty.
    fn list(&self, title: &'static str, ids: Vec<EntryId>, width: u16) -> Option<Section> {
        let mut page = Page::new(width);
        for id in &ids {
            let directory = self.catalog.directory(*id);
            page.row(directory.title(*id), TextStyle::Plain);
            page.row(&self.entry_scope(*id, usize::from(width)), TextStyle::Quiet);
        }
        (!ids.is_empty()).then_some((title, page, ids))
    }

    /// Whether there is a section below the audiences.
    pub(super) fn has_side_sections(&self) -> bool {
        !self.recent.is_empty() || !self.pinned.is_empty()
    }

    /// The sections of the fourth column.
    fn aside_sections(&self, area: Rect) -> Vec<Section> {
        let width = area.width - BESIDE;
        let mut sections = Vec::new();
        sections.extend(self.code_page(Size { width, height: area.height / 2 }).map(|page| ("Scan", page, Vec::new())));
        let card = self.card();
        if let Some(hours) = card.as_ref().and_then(|card| card.contact()).map(|card| &card.hours) {
            let mut week = Page::new(width);
            week_strip(hours, &self.environment.display, &mut week);
            let ahead = days_ahead(hours, self.now);
            week.gap();
            ahead.iter().for_each(|line| week.row(line, TextStyle::Plain));
            sections.extend((!week.lines.is_empty()).then_some(("Week", week, Vec::new())));
        }
        let mut copies = self.copy_page(width);
        // The digits choose a line of the menu only while that is open.
        copies.lines.iter_mut().for_each(|line| drop(line.remove(0)));
        sections.extend((!copies.lines.is_empty()).then_some(("To copy", copies, Vec::new())));
        sections
    }

    /// The QR code of the card's number or address, with its caption.
    fn code_page(&self, area: Size) -> Option<Page> {
        let link = self.qr_link().ok()?;
        let code = Qr::new(&link.link, area, self.environment.display.glyphs.modules)?;
        let mut page = Page::new(area.width);
        page.lines = code.lines();
        page.lines.extend(self.qr_caption(&link, area.width).lines);
        page.center();
        Some(page)
    }
}

/// Stacks sections in an area; the last one that has room takes what is left.
fn stack(area: Rect, sections: Vec<Section>) -> Vec<Panel> {
    let mut panels: Vec<Panel> = Vec::new();
    let mut rest = area;
    for (title, page, entries) in sections {
        if rest.height < MIN_HEIGHT {
            break;
        }
        let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX).saturating_add(BORDERS).min(rest.height);
        panels.push(Panel { title, page, entries, area: Rect { height, ..rest } });
        rest = Rect { y: rest.y + height, height: rest.height - height, ..rest };
    }
    if let Some(last) = panels.last_mut() {
        last.area.height += rest.height;
    }
    panels
}
