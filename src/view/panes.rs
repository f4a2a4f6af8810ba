//! The three panes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use textwrap::core::display_width;

use super::fit;
use super::theme::Theme;
use crate::app::App;
use crate::app::keymap::InputMode;
use crate::app::layout::{Layout, Pane};
use crate::directory::{Directory, Entry, EntryId};
use crate::present::outline::Row;
use crate::present::page::{Page, Piece};

/// Draws the frame of a pane and returns the area inside.
pub(super) fn open(app: &App, pane: Pane, title: &str, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Rect {
    let area = layout.pane(pane).unwrap_or_default();
    let focused = match app.mode() {
        InputMode::Find => pane == Pane::Tree,
        _ => app.focus() == pane,
    };
    let style = if focused { theme.accent } else { theme.strong };
    theme.frame(layout.bordered, focused, title, style, area.width).render(area, frame.buffer_mut());
    layout.inner(pane).unwrap_or_default()
}

/// Draws a row with a left part, cut to fit, and a right part. A selected row is in reverse video from border to border
/// where its pane is focused; otherwise it is bold.
pub(super) fn row(line: Line<'_>, right: Line<'_>, state: RowState, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let right_width = u16::try_from(right.width()).unwrap_or(u16::MAX);
    let right_width = if right_width.saturating_add(8) > area.width { 0 } else { right_width };
    let left = Rect { width: area.width.saturating_sub(right_width + u16::from(right_width > 0) * 3), ..area };
    fit(line, left.width, theme).render(left, frame.buffer_mut());
    if right_width > 0 {
        let end = Rect { x: area.right() - right_width - 1, width: right_width, ..area };
        right.render(end, frame.buffer_mut());
    }
    match state {
        RowState::Plain => {}
        RowState::Focused => frame.buffer_mut().set_style(area, theme.selected),
        RowState::Selected => frame.buffer_mut().set_style(left, theme.strong),
    }
}

/// The state of a row in a list.
#[derive(Clone, Copy)]
pub(super) enum RowState {
    Plain,
    Selected,
    Focused,
}

pub(super) fn row_state(selected: bool, focused: bool) -> RowState {
    match (selected, focused) {
        (false, _) => RowState::Plain,
        (true, false) => RowState::Selected,
        (true, true) => RowState::Focused,
    }
}

pub(super) fn audience(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let inner = open(app, Pane::Audience, "Audience", layout, theme, frame);
    let focused = app.mode() == InputMode::Audience;
    let mut cursor = None;
    let audiences = app.directory().audiences.len();
    for (i, section) in app.sections().iter().enumerate() {
        let selected = i == app.section().selected;
        if i == audiences
            && app.section_row(i) > i
            && let Some(area) = line_of(inner, i, app.section().top)
        {
            Line::styled(format!(" {}", theme.glyphs.rule.repeat(2)), theme.quiet).render(area, frame.buffer_mut());
        }
        let Some(area) = line_of(inner, app.section_row(i), app.section().top) else { continue };
        let here = if selected && !focused { theme.glyphs.cursor } else { " " };
        let number = (i + 1).to_string();
        let name = section.name(app.directory());
        let line = Line::from(vec![
            Span::styled(here, theme.accent),
            Span::styled(format!("{number} "), theme.key),
            Span::raw(name),
        ]);
        let line = if line.width() > usize::from(area.width) {
            Line::from(vec![line.spans[0].clone(), line.spans[1].clone(), Span::raw(section.short(app.directory()))])
        } else {
            line
        };
        row(line, Line::default(), row_state(selected, focused), area, theme, frame);
        if selected {
            cursor = Some(area.as_position());
        }
    }
    if layout.bordered {
        let rows = app.section_row(app.sections().len());
        more(rows, app.section().top, inner, layout.pane(Pane::Audience).unwrap_or_default(), theme, frame);
    }
    cursor
}

pub(super) fn tree(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let directory = app.directory();
    let title = app.tree().section().name(directory);
    let inner = open(app, Pane::Tree, title, layout, theme, frame);
    let focused = app.mode() == InputMode::Tree;
    let mut cursor = None;
    let rows = app.tree().rows();
    let top = app.tree().cursor.top;
    if rows.is_empty() {
        Line::styled(" Nothing is listed here.", theme.quiet).render(inner, frame.buffer_mut());
    }
    for (i, listed) in rows.iter().enumerate().skip(top).take(usize::from(inner.height)) {
        let Some(area) = line_of(inner, i, top) else { continue };
        let Row::Item { id, depth, is_branch } = listed else {
            if let Row::Heading(heading) = listed {
                let line = Line::styled(format!(" {} {heading}", theme.glyphs.rule.repeat(2)), theme.quiet);
                fit(line, area.width, theme).render(area, frame.buffer_mut());
            }
            continue;
        };
        let selected = i == app.tree().cursor.selected;
        let here = if selected && !focused { theme.glyphs.cursor } else { " " };
        let fold = match (is_branch, app.tree().is_collapsed(*id)) {
            (true, true) => theme.glyphs.collapsed,
            (true, false) => theme.glyphs.expanded,
            (false, _) => " ",
        };
        let indent = " ".repeat(usize::from(*depth) * 2);
        let mut spans =
            vec![Span::styled(here, theme.accent), Span::raw(indent), Span::styled(format!("{fold} "), theme.quiet)];
        if let Some(option) = directory.option(*id) {
            spans.push(Span::styled(format!("{} ", option.key), theme.key));
        }
        spans.push(Span::raw(directory.title(*id)));
        let line = Line::from(spans);
        let width = usize::from(area.width).saturating_sub(line.width() + 3);
        let is_elsewhere = *depth == 0 && directory.option(*id).is_some();
        let right = if is_elsewhere { path(directory, *id, theme) } else { channels(directory, *id, width, theme) };
        // The number is what the user looks for; kinds and paths are asides.
        let is_number = right.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c));
        let right = if is_number { Line::raw(right) } else { Line::styled(right, theme.quiet) };
        row(line, right, row_state(selected, focused), area, theme, frame);
        if selected {
            cursor = Some(area.as_position());
        }
    }
    if layout.bordered {
        more(rows.len(), top, inner, layout.pane(Pane::Tree).unwrap_or_default(), theme, frame);
    }
    cursor
}

/// The most useful text about a contact's channels that fits: its number, its only address, or their kinds.
fn channels(directory: &Directory, id: EntryId, width: usize, theme: &Theme) -> String {
    let Entry::Contact(contact) = id.entry else { return String::new() };
    let channels = &directory.contacts[contact].channels;
    let kinds = || {
        let mut kinds: Vec<String> = channels.iter().map(|channel| channel.kind.name().to_lowercase()).collect();
        kinds.dedup();
        kinds.join(&format!(" {} ", theme.glyphs.dot))
    };
    let Some(first) = channels.first() else { return String::new() };
    let address = match first.number() {
        Some(number) if first.kind.is_spoken() => return number.to_string(),
        Some(number) => format!("{} {number}", first.kind.name().to_lowercase()),
        None => first.printed().unwrap_or("not stated").to_owned(),
    };
    if channels.len() == 1 && display_width(&address) <= width { address } else { kinds() }
}

/// The number of an option's line and its keys.
fn path(directory: &Directory, id: EntryId, theme: &Theme) -> String {
    let mut text = directory.channel(id).and_then(|channel| channel.printed()).unwrap_or_default().to_owned();
    for option in directory.path(id) {
        text += &format!(" {} {}", theme.glyphs.then, option.key);
    }
    text
}

pub(super) fn card(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let title = app.entry().map_or("", |id| app.catalog().directory(id).title(id));
    let inner = open(app, Pane::Card, title, layout, theme, frame);
    if let Some((page, top)) = app.card_view() {
        paint(&page, top, inner, theme, frame);
        if layout.bordered {
            more(page.lines.len(), top, inner, layout.pane(Pane::Card).unwrap_or_default(), theme, frame);
        }
    }
    Some(inner.as_position())
}

/// Draws the visible part of a page.
pub(super) fn paint(page: &Page, top: usize, inner: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    for (area, line) in inner.rows().zip(page.lines.iter().skip(top)) {
        let span = |piece: &Piece| Span::styled(piece.text.clone(), theme.text(piece.style));
        fit(Line::from_iter(line.iter().map(span)), inner.width, theme).render(area, frame.buffer_mut());
    }
}

/// Shows in the lower border of an area which of its lines are visible, where not all are.
pub(super) fn more(lines: usize, top: usize, inner: Rect, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let shown = usize::from(inner.height);
    if lines <= shown {
        return;
    }
    let text = format!(" {}-{} of {lines} ", top + 1, (top + shown).min(lines));
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(inner.width);
    let i = Rect { x: inner.right() - width, y: area.bottom().saturating_sub(1), width, height: 1 };
    Line::styled(text, theme.quiet).render(i, frame.buffer_mut());
}

/// The area of a row of a list, if it is visible.
pub(super) fn line_of(inner: Rect, row: usize, top: usize) -> Option<Rect> {
    let line = u16::try_from(row.checked_sub(top)?).ok()?;
    (line < inner.height).then(|| Rect { y: inner.y + line, height: 1, ..inner })
}
