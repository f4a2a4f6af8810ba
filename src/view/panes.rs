//! The panes, the line of audiences where it is narrow, and the panels beside them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use textwrap::core::display_width;

use super::styles::Styles;
use crate::app::keymap::InputMode;
use crate::app::layout::{Layout, Pane};
use crate::app::{App, Panel};
use crate::present::changes::CHANGED;
use crate::present::outline::{Row, channel_text};
use crate::present::page::Page;

/// The smallest space, in columns, that a row leaves for a left part that must be cut. Where there is less, the row has
/// no right part: a name of a few letters says nothing.
pub(super) const MIN_LEFT_WIDTH: usize = 14;
/// The shortest leader, with the space on both sides of it.
pub(super) const MIN_LEADER: usize = 3;

/// A pane that is being drawn.
pub(super) struct Canvas<'a> {
    pub(super) styles: &'a Styles,
    pub(super) buffer: &'a mut Buffer,
    /// The area inside the border.
    pub(super) inner: Rect,
    area: Rect,
    /// Whether keys go to the pane.
    has_keys: bool,
}

impl<'a> Canvas<'a> {
    /// Draws the border of a pane.
    pub(super) fn new(
        app: &App,
        pane: Pane,
        title: &str,
        layout: &Layout,
        styles: &'a Styles,
        buffer: &'a mut Buffer,
    ) -> Self {
        let (area, inner) = (layout.pane(pane).unwrap_or_default(), layout.inner(pane).unwrap_or_default());
        let has_keys =
            app.focus() == pane && matches!(app.mode(), InputMode::Pane(_) | InputMode::Find | InputMode::EmptyFind);
        if area != inner {
            styles.frame(has_keys, title, area, buffer);
        }
        Self { styles, buffer, inner, area, has_keys }
    }

    /// Draws a row: a mark if it is selected, a left part, and a right part after a leader. The selected row stands out
    /// from border to border if keys go to the pane; otherwise it is bold.
    pub(super) fn row(&mut self, area: Rect, left: Vec<Span<'_>>, right: Line<'_>, is_selected: bool) {
        let is_bold = |span: &Span<'_>| is_selected && !self.has_keys && span.style.fg.is_none();
        let left =
            left.into_iter().map(|span| if is_bold(&span) { span.patch_style(self.styles.strong) } else { span });
        let mut line = Line::from_iter(std::iter::once(self.mark(is_selected)).chain(left));
        if let Some(space) = space_beside(line.width(), right.width(), usize::from(area.width).saturating_sub(1)) {
            line = self.styles.fit(line, space);
            let leader = (space + MIN_LEADER).saturating_sub(line.width() + 2);
            line.push_span(Span::styled(format!(" {} ", self.styles.glyphs.leader.repeat(leader)), self.styles.faint));
            line.spans.extend(right.spans.into_iter().map(|span| span.patch_style(right.style)));
        }
        self.styles.draw(line, area, self.buffer);
        if is_selected && self.has_keys {
            self.styles.select(after_mark(area), self.buffer);
        }
    }

    /// The mark before a row.
    fn mark(&self, is_selected: bool) -> Span<'static> {
        Span::styled(if is_selected { self.styles.glyphs.cursor } else { " " }, self.styles.key)
    }

    /// Shows a note on a list in the lower border, and which of its lines are visible, where not all are.
    pub(super) fn note(&mut self, note: &str, lines: usize, top: usize, list: Rect) {
        self.styles.note(note, self.inner, self.area, self.buffer);
        self.styles.more(lines, top, list, self.area, self.buffer);
    }

    /// Marks the lines that a reload changed in the border, or in the last column where there is none.
    fn changed(&mut self, lines: &[usize], top: usize) {
        let x = if self.area == self.inner { self.inner.right().saturating_sub(1) } else { self.area.x };
        for line in lines.iter().filter_map(|line| row_area(self.inner, *line, top)) {
            let place = Rect { x, width: 1, ..line };
            self.buffer.set_style(place, self.styles.base.remove_modifier(Modifier::all()));
            Line::styled(self.styles.glyphs.changed, self.styles.alert).render(place, self.buffer);
        }
    }

    /// Shows which lines are visible, where not all are.
    fn more(&mut self, lines: usize, top: usize) {
        self.styles.more(lines, top, self.inner, self.area, self.buffer);
    }
}

pub(super) fn audience(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    if layout.has_tabs {
        return tabs(app, layout, styles, buffer);
    }
    let mut canvas = Canvas::new(app, Pane::Audience, "Audience", layout, styles, buffer);
    let (directory, panes) = (app.directory(), &app.panes);
    let (inner, top) = (canvas.inner, panes.section.top);
    let mut cursor = None;
    if let (Some(name), Some(area)) = (app.directory_line(), row_area(inner, 0, top)) {
        styles.draw(Line::styled(format!(" {name}"), styles.accent), area, canvas.buffer);
    }
    for (i, section) in panes.sections.iter().enumerate() {
        let Some(area) = row_area(inner, app.section_row(i), top) else { continue };
        let is_selected = i == panes.section.selected;
        let number = format!("{} ", i + 1);
        let space = usize::from(area.width).saturating_sub(1 + number.len());
        let full = section.name(directory);
        let name = if display_width(full) <= space { full } else { section.short(directory) };
        canvas.row(area, vec![Span::styled(number, styles.key), Span::raw(name)], Line::default(), is_selected);
        if is_selected {
            cursor = Some(after_mark(area).as_position());
        }
    }
    canvas.more(app.section_row(panes.sections.len()), top);
    cursor
}

/// The audiences in one line.
fn tabs(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    let has_keys = app.mode() == InputMode::Pane(Pane::Audience);
    let mut cursor = None;
    let tabs = app.tabs(layout);
    let has_more = tabs.last().is_some_and(|last| last.index + 1 < app.panes.sections.len());
    if let Some(line) = layout.pane(Pane::Audience).filter(|_| has_more) {
        let end = Rect { x: line.right() - 1, width: 1, ..line };
        Line::styled(styles.glyphs.ellipsis, styles.quiet).render(end, buffer);
    }
    for (i, tab) in tabs.into_iter().enumerate() {
        let before = if i == 0 && tab.index > 0 { styles.glyphs.ellipsis } else { " " };
        let is_selected = tab.index == app.panes.section.selected;
        let name = if is_selected { styles.strong } else { styles.quiet };
        let name = if is_selected && !has_keys { name.add_modifier(Modifier::UNDERLINED) } else { name };
        let spans = [
            Span::styled(before, styles.faint),
            Span::styled(tab.digit, styles.key),
            Span::raw(" "),
            Span::styled(tab.name, name),
        ];
        styles.draw(Line::from_iter(spans), tab.area, buffer);
        if is_selected {
            cursor = Some(tab.area.as_position());
            if has_keys {
                styles.select(tab.area, buffer);
            }
        }
    }
    cursor
}

pub(super) fn tree(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    let (directory, tree) = (app.directory(), &app.panes.tree);
    let mut canvas = Canvas::new(app, Pane::Tree, tree.section().name(directory), layout, styles, buffer);
    let (inner, rows) = (canvas.inner, tree.rows());
    let mut cursor = None;
    if rows.is_empty() {
        Line::styled(" Nothing is listed here.", styles.quiet).render(inner, canvas.buffer);
    }
    let visible: Vec<Option<usize>> = tree.lines(usize::from(inner.height)).collect();
    let ids = visible.iter().flatten().filter_map(|row| rows[*row].id());
    let titles: Vec<&str> = ids.map(|id| directory.tree_title(id)).collect();
    for (area, i) in inner.rows().zip(&visible).filter_map(|(area, row)| Some((area, (*row)?))) {
        if let Row::Heading(heading) = &rows[i] {
            styles.draw(Line::styled(format!("   {heading}"), styles.quiet), area, canvas.buffer);
            continue;
        }
        let is_selected = i == tree.cursor.selected && !app.is_at_start();
        let (left, right) = entry_row(app, &rows[i], usize::from(area.width), &titles, styles);
        canvas.row(area, left, right, is_selected);
        if is_selected {
            cursor = Some(after_mark(area).as_position());
        }
    }
    canvas.more(rows.len(), tree.cursor.top);
    cursor
}

/// The left and the right part of an entry's row. `titles` are those of all visible rows.
fn entry_row<'a>(app: &'a App, row: &Row, width: usize, titles: &[&str], styles: &Styles) -> (Vec<Span<'a>>, Line<'a>) {
    let Row::Item { id, depth, is_branch } = *row else { return Default::default() };
    let directory = app.directory();
    let fold = match (is_branch, app.panes.tree.is_collapsed(id)) {
        (true, true) => styles.glyphs.collapsed,
        (true, false) => styles.glyphs.expanded,
        (false, _) => " ",
    };
    // Away from its own line, an option is reached by the path in the right part, not by its key.
    let option = directory.option(id).filter(|_| depth > 0);
    let key = option.map(|option| format!("{} ", option.step.sign())).unwrap_or_default();
    let before = format!("{}{fold}", " ".repeat(usize::from(depth) * 2));
    let changed = if app.has_new_key(id) { (styles.glyphs.changed, styles.alert) } else { (" ", styles.faint) };
    let width = width.saturating_sub(3 + display_width(&before) + display_width(&key));
    let title = directory.tree_title(id);
    let space = width.saturating_sub(display_width(title) + MIN_LEADER);
    let right = channel_text(directory, id, depth, space, &styles.glyphs);
    let (space, right) = match space_beside(display_width(title), display_width(&right), width) {
        Some(space) => (space, right_part(right, styles)),
        // A title may end in the last column, but a cut one ends where the right parts do.
        None => (width + usize::from(display_width(title) == width + 1), Line::default()),
    };
    let title = styles.fit_title(title, space, titles);
    let before = [Span::styled(before, styles.faint), Span::styled(changed.0, changed.1)];
    (before.into_iter().chain([Span::styled(key, styles.key), Span::raw(title)]).collect(), right)
}

/// The right part of a row: the number is what the user looks for; kinds and paths are asides.
fn right_part(text: String, styles: &Styles) -> Line<'static> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c));
    if is_number { Line::raw(text) } else { Line::styled(text, styles.quiet) }
}

/// The keypad below the tree.
pub(super) fn keypad(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    let Some(keypad) = app.keypad(layout) else { return };
    let [upper, between, lower] = if styles.glyphs.ascii_borders {
        ["+-----+-----+-----+"; 3]
    } else {
        ["╭─────┬─────┬─────╮", "├─────┼─────┼─────┤", "╰─────┴─────┴─────╯"]
    };
    let sides = if styles.glyphs.ascii_borders { "|     |     |     |" } else { "│     │     │     │" };
    let last = keypad.area.height - 1;
    for (i, row) in (0..).zip(keypad.area.rows()) {
        let line = match i {
            0 => upper,
            i if i == last => lower,
            i if i % 2 == 0 => between,
            _ => sides,
        };
        styles.draw(Line::styled(line, styles.faint), row, buffer);
    }
    for cap in keypad.keys {
        // Hue alone must not carry the meaning: where a key that does not exist cannot be faint, it has no label.
        let (label, style) = match (cap.is_pressed, cap.is_live) {
            (true, _) => (cap.key.as_char(), styles.pressed.patch(styles.strong)),
            (false, true) => (cap.key.as_char(), styles.key),
            (false, false) if styles.faint.fg.is_none() => (' ', styles.faint),
            (false, false) => (cap.key.as_char(), styles.faint),
        };
        buffer.set_style(cap.area, styles.base.remove_modifier(Modifier::all()));
        styles.draw(Line::styled(format!("  {label}  "), style), cap.area, buffer);
    }
}

pub(super) fn card(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    let title = app.entry().map_or_else(String::new, |id| {
        let directory = app.catalog.directory(id);
        let whose = directory.whose().map(|name| format!("{name} {} ", styles.glyphs.dot));
        whose.unwrap_or_default() + directory.title(id)
    });
    let mut canvas = Canvas::new(app, Pane::Card, &title, layout, styles, buffer);
    if let Some((page, top)) = app.card_view() {
        paint(&page, top, canvas.inner, styles, canvas.buffer);
        canvas.changed(&page.changed, top);
        let note = format!("{} {CHANGED}", styles.glyphs.changed);
        canvas.note(if page.changed.is_empty() { "" } else { &note }, page.lines.len(), top, canvas.inner);
    }
    Some(canvas.inner.as_position())
}

/// A box beside the panes.
pub(super) fn panel(panel: &Panel, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    styles.frame(false, panel.title, panel.area, buffer);
    paint(&panel.page, 0, layout.inside(panel.area, 2), styles, buffer);
}

/// Draws the visible part of a page.
pub(super) fn paint(page: &Page, top: usize, inner: Rect, styles: &Styles, buffer: &mut Buffer) {
    for (area, line) in inner.rows().zip(page.lines.iter().skip(top)) {
        let spans = line.iter().map(|piece| Span::styled(&*piece.text, styles.text(piece.style)));
        styles.draw(Line::from_iter(spans), area, buffer);
    }
}

/// The columns for a left part in a row of some width, beside a right part; `None` where there is no right part, or no
/// room for both.
pub(super) fn space_beside(left: usize, right: usize, row: usize) -> Option<usize> {
    let space = row.saturating_sub(right + MIN_LEADER);
    (right > 0 && space >= left.min(MIN_LEFT_WIDTH)).then_some(space)
}

/// The area of a row after its mark.
pub(super) fn after_mark(row: Rect) -> Rect {
    Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row }
}

/// The area of a row of a list, if it is visible.
pub(super) fn row_area(inner: Rect, row: usize, top: usize) -> Option<Rect> {
    let line = u16::try_from(row.checked_sub(top)?).ok()?;
    (line < inner.height).then(|| Rect { y: inner.y + line, height: 1, ..inner })
}
