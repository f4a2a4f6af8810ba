//! The audiences in one line, where there is no room for a pane of them.

use ratatui::layout::{Position, Rect};
use textwrap::core::display_width;

use super::layout::{Layout, Pane};
use super::state::App;

/// The columns around the text of a tab: on both sides, or where they would not all fit, only before it.
const PADDING: [usize; 2] = [2, 1];
/// The narrowest part of a tab that is drawn.
const MIN_WIDTH: u16 = 5;

/// A visible tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The index of its section.
    pub index: usize,
    /// The digit that chooses it.
    pub digit: String,
    /// The short name of its section.
    pub name: String,
    /// Its area, with a column before the text, and one after it where there is room.
    pub area: Rect,
}

impl App {
    /// The tabs that fit on their line, the selected one among them; none where the audiences have a pane.
    pub fn tabs(&self, layout: &Layout) -> Vec<Tab> {
        let Some(line) = layout.pane(Pane::Audience).filter(|_| layout.has_tabs) else { return Vec::new() };
        let directory = self.directory();
        let sections = self.panes.sections.iter().enumerate();
        let texts: Vec<(String, String)> =
            sections.map(|(i, section)| ((i + 1).to_string(), section.short(directory).to_owned())).collect();
        let text_width = |(digit, name): &(String, String)| display_width(digit) + 1 + display_width(name);
        let fit =
            |padding: &usize| texts.iter().map(|text| text_width(text) + padding).sum::<usize>() <= line.width.into();
        let [wide, narrow] = PADDING;
        let padding = Some(wide).filter(fit).unwrap_or(narrow);
        let width = |text: &(String, String)| text_width(text) + padding;
        let selected = self.panes.section.selected;
        // From the first tab from which the selected one can be seen whole.
        let is_visible_from =
            |first: &usize| texts[*first..=selected].iter().map(width).sum::<usize>() <= usize::from(line.width);
        let first = if selected < texts.len() { (0..selected).find(is_visible_from).unwrap_or(selected) } else { 0 };
        let mut x = line.x;
        let mut tabs = Vec::new();
        for (index, text) in texts.into_iter().enumerate().skip(first) {
            let width = u16::try_from(width(&text)).unwrap_or(u16::MAX).min(line.right() - x);
            if width < MIN_WIDTH {
                break;
            }
            tabs.push(Tab { index, digit: text.0, name: text.1, area: Rect { x, width, ..line } });
            x += width;
        }
        tabs
    }

    /// The section of the tab at a cell.
    pub(super) fn tab_at(&self, at: Position) -> Option<usize> {
        let tabs = self.tabs(&self.layout()?);
        tabs.iter().find(|tab| tab.area.contains(at)).map(|tab| tab.index)
    }
}
