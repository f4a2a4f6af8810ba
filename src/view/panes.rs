//! The three panes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::theme::Theme;
use crate::app::App;
use crate::app::keymap::InputMode;
use crate::app::layout::{Layout, Pane};
use crate::present::outline::{Row, channel_text};
use crate::present::page::{Page, Piece};

/// The smallest space, in columns, that a row leaves for its left part.
const MIN_LEFT_WIDTH: u16 = 8;

/// A pane that is being drawn.
pub(super) struct Canvas<'a, 'f> {
    pub(super) theme: &'a Theme,
    pub(super) frame: &'a mut Frame<'f>,
    /// The area inside the border.
    pub(super) inner: Rect,
    area: Rect,
    /// Whether keys go to the pane.
    has_keys: bool,
}

impl<'a, 'f> Canvas<'a, 'f> {
    /// Draws the border of a pane.
    pub(super) fn new(
        app: &App,
        pane: Pane,
        title: &str,
        layout: &Layout,
        theme: &'a Theme,
        frame: &'a mut Frame<'f>,
    ) -> Self {
        let (area, inner) = (layout.pane(pane).unwrap_or_default(), layout.inner(pane).unwrap_or_default());
        let is_focused = app.focus() == pane;
        let style = if is_focused { theme.accent } else { theme.strong };
        theme.frame(is_focused, title, style, area.width).render(area, frame.buffer_mut());
        let has_keys = is_focused && matches!(app.mode(), InputMode::Pane(_) | InputMode::Find);
        Self { theme, frame, inner, area, has_keys }
    }

    /// Draws a row with a left part, cut to fit, and a right part. A selected row is in reverse video from border to
    /// border if keys go to the pane; otherwise it is bold.
    pub(super) fn row(&mut self, area: Rect, line: Line<'_>, right: Line<'_>, is_selected: bool) {
        let width = u16::try_from(right.width()).unwrap_or(u16::MAX);
        let width = if width.saturating_add(MIN_LEFT_WIDTH) > area.width { 0 } else { width };
        let left = Rect { width: area.width.saturating_sub(width + u16::from(width > 0) * 3), ..area };
        self.theme.draw(line, left, self.frame);
        if width > 0 {
            let end = Rect { x: area.right() - width - 1, width, ..area };
            right.render(end, self.frame.buffer_mut());
        }
        match (is_selected, self.has_keys) {
            (false, _) => {}
            (true, true) => self.frame.buffer_mut().set_style(area, self.theme.selected),
            (true, false) => self.frame.buffer_mut().set_style(left, self.theme.strong),
        }
    }

    /// The mark before a row.
    fn mark(&self, is_selected: bool) -> Span<'static> {
        Span::styled(if is_selected && !self.has_keys { self.theme.glyphs.cursor } else { " " }, self.theme.accent)
    }

    /// Shows which lines are visible, where not all are.
    fn more(&mut self, lines: usize, top: usize) {
        self.theme.more(lines, top, self.inner, self.area, self.frame);
    }
}

pub(super) fn audience(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let mut canvas = Canvas::new(app, Pane::Audience, "Audience", layout, theme, frame);
    let (directory, panes) = (app.directory(), &app.panes);
    let (inner, top) = (canvas.inner, panes.section.top);
    let mut cursor = None;
    let audiences = directory.audiences.len();
    if app.section_row(audiences) > audiences
        && let Some(area) = row_area(inner, audiences, top)
    {
        let rule = Line::styled(format!(" {}", theme.glyphs.rule.repeat(2)), theme.quiet);
        rule.render(area, canvas.frame.buffer_mut());
    }
    for (i, section) in panes.sections.iter().enumerate() {
        let Some(area) = row_area(inner, app.section_row(i), top) else { continue };
        let is_selected = i == panes.section.selected;
        let line = |name| {
            let number = Span::styled(format!("{} ", i + 1), theme.key);
            Line::from(vec![canvas.mark(is_selected), number, Span::raw(name)])
        };
        let full = line(section.name(directory));
        let fits = full.width() <= usize::from(area.width);
        let line = if fits { full } else { line(section.short(directory)) };
        canvas.row(area, line, Line::default(), is_selected);
        if is_selected {
            cursor = Some(area.as_position());
        }
    }
    canvas.more(app.section_row(panes.sections.len()), top);
    cursor
}

pub(super) fn tree(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let (directory, tree) = (app.directory(), &app.panes.tree);
    let mut canvas = Canvas::new(app, Pane::Tree, tree.section().name(directory), layout, theme, frame);
    let (inner, rows, top) = (canvas.inner, tree.rows(), tree.cursor.top);
    let mut cursor = None;
    if rows.is_empty() {
        Line::styled(" Nothing is listed here.", theme.quiet).render(inner, canvas.frame.buffer_mut());
    }
    for (i, row) in rows.iter().enumerate().skip(top) {
        let Some(area) = row_area(inner, i, top) else { break };
        let (id, depth, is_branch) = match row {
            Row::Item { id, depth, is_branch } => (*id, *depth, *is_branch),
            Row::Heading(heading) => {
                let text = format!(" {} {heading}", theme.glyphs.rule.repeat(2));
                theme.draw(Line::styled(text, theme.quiet), area, canvas.frame);
                continue;
            }
        };
        let is_selected = i == tree.cursor.selected;
        let fold = match (is_branch, tree.is_collapsed(id)) {
            (true, true) => theme.glyphs.collapsed,
            (true, false) => theme.glyphs.expanded,
            (false, _) => " ",
        };
        let key = directory.option(id).map(|option| format!("{} ", option.step.sign()));
        let line = Line::from(vec![
            canvas.mark(is_selected),
            Span::raw(" ".repeat(usize::from(depth) * 2)),
            Span::styled(format!("{fold} "), theme.quiet),
            Span::styled(key.unwrap_or_default(), theme.key),
            Span::raw(directory.tree_title(id)),
        ]);
        let width = usize::from(area.width).saturating_sub(line.width() + 3);
        let right = channel_text(directory, id, depth, width, &theme.glyphs);
        // The number is what the user looks for; kinds and paths are asides.
        let is_number = right.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c));
        let right = if is_number { Line::raw(right) } else { Line::styled(right, theme.quiet) };
        canvas.row(area, line, right, is_selected);
        if is_selected {
            cursor = Some(area.as_position());
        }
    }
    canvas.more(rows.len(), top);
    cursor
}

pub(super) fn card(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let title = app.entry().map_or("", |id| app.catalog.directory(id).title(id));
    let mut canvas = Canvas::new(app, Pane::Card, title, layout, theme, frame);
    if let Some((page, top)) = app.card_view() {
        paint(&page, top, canvas.inner, theme, canvas.frame);
        canvas.more(page.lines.len(), top);
    }
    Some(canvas.inner.as_position())
}

/// Draws the visible part of a page.
pub(super) fn paint(page: &Page, top: usize, inner: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    for (area, line) in inner.rows().zip(page.lines.iter().skip(top)) {
        let span = |piece: &Piece| Span::styled(piece.text.clone(), theme.text(piece.style));
        theme.draw(Line::from_iter(line.iter().map(span)), area, frame);
    }
}

/// The area of a row of a list, if it is visible.
pub(super) fn row_area(inner: Rect, row: usize, top: usize) -> Option<Rect> {
    let line = u16::try_from(row.checked_sub(top)?).ok()?;
    (line < inner.height).then(|| Rect { y: inner.y + line, height: 1, ..inner })
}
