//! The boxes beside the panes, which take no keys: what was opened before, below the audiences; and in a fourth column
//! the QR code of the card's number, its week, and what can be copied.

use ratatui::layout::{Rect, Size};

use super::layout::Layout;
use super::state::App;
use crate::present::outline::scope_text;
use crate::present::page::{Page, TextStyle};
use crate::present::qr::Qr;
use crate::present::week_strip::{days_ahead, week_strip};

/// The columns between a panel's border and its text, on both sides together.
const BESIDE: u16 = 4;
/// The lowest panel, in rows.
const MIN_HEIGHT: u16 = 4;

/// A box with a text.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The title in the border.
    pub title: &'static str,
    /// The text.
    pub page: Page,
    /// The area with the border.
    pub area: Rect,
}

/// The title and the text of a panel.
type Section = (&'static str, Page);

impl App {
    /// The panels that the screen has room for.
    pub fn panels(&self, layout: &Layout) -> Vec<Panel> {
        if self.loading.is_some() {
            return Vec::new();
        }
        let below = layout.side.map(|area| stack(area, self.side_sections(area.width - BESIDE)));
        let beside = layout.aside.map(|area| stack(area, self.aside_sections(area)));
        below.into_iter().chain(beside).flatten().collect()
    }

    /// The sections below the audiences, without empty ones.
    fn side_sections(&self, width: u16) -> Vec<Section> {
        let mut recent = Page::new(width);
        for result in &self.recent {
            let directory = self.catalog.directory(result.id);
            recent.row(directory.title(result.id), TextStyle::Plain);
            recent.row(&scope_text(directory, result.id, &self.environment.display.glyphs), TextStyle::Quiet);
        }
        if self.recent.is_empty() { Vec::new() } else { vec![("Recent", recent)] }
    }

    /// Whether there is a section below the audiences.
    pub(super) fn has_side_sections(&self) -> bool {
        !self.recent.is_empty()
    }

    /// The sections of the fourth column.
    fn aside_sections(&self, area: Rect) -> Vec<Section> {
        let width = area.width - BESIDE;
        let mut sections = Vec::new();
        sections.extend(self.code_page(Size { width, height: area.height / 2 }).map(|page| ("Scan", page)));
        let card = self.card();
        if let Some(hours) = card.as_ref().and_then(|card| card.contact()).map(|card| &card.hours) {
            let mut week = Page::new(width);
            week_strip(hours, &self.environment.display, &mut week);
            let ahead = days_ahead(hours, self.now);
            week.gap();
            ahead.iter().for_each(|line| week.row(line, TextStyle::Plain));
            sections.extend((!week.lines.is_empty()).then_some(("Week", week)));
        }
        let mut copies = self.copy_page(width);
        // The digits choose a line of the menu only while that is open.
        copies.lines.iter_mut().for_each(|line| drop(line.remove(0)));
        sections.extend((!copies.lines.is_empty()).then_some(("To copy", copies)));
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
    for (title, page) in sections {
        if rest.height < MIN_HEIGHT {
            break;
        }
        let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(rest.height);
        panels.push(Panel { title, page, area: Rect { height, ..rest } });
        rest = Rect { y: rest.y + height, height: rest.height - height, ..rest };
    }
    if let Some(last) = panels.last_mut() {
        last.area.height += rest.height;
    }
    panels
}
