//! The three panes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::fit;
use super::theme::Theme;
use crate::app::App;
use crate::app::keymap::InputMode;
use crate::app::layout::{Layout, Pane};

use crate::directory::{Directory, Endpoint, Entry, EntryId};
use crate::present::outline::Row;
use crate::present::page::{Page, Piece};

/// Draws a pane's frame and gives the room in it.
pub(super) fn open(app: &App, pane: Pane, title: &str, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Rect {
    let area = layout.pane(pane).unwrap_or_default();
    let in_use = match app.mode() {
        InputMode::Find => pane == Pane::Tree,
        _ => app.focus() == pane,
    };
    let style = if in_use { theme.accent } else { theme.strong };
    theme.frame(layout.bordered, in_use, title, style, area.width).render(area, frame.buffer_mut());
    layout.inner(pane).unwrap_or_default()
}

/// Draws a row: what is on the left, cut where it must be, and what is on the right. A selected row is reversed from
/// border to border where its pane has the keys, else only marked.
pub(super) fn row(
    line: Line<'_>,
    right: Line<'_>,
    look: GlobalOptions,
    area: Rect,
    theme: &Theme,
    frame: &mut Frame<'_>,
) {
    let right_width = u16::try_from(right.width()).unwrap_or(u16::MAX);
    let right_width = if right_width.saturating_add(8) > area.width { 0 } else { right_width };
    let left = Rect { width: area.width.saturating_sub(right_width + u16::from(right_width > 0) * 3), ..area };
    fit(line, left.width, theme).render(left, frame.buffer_mut());
    if right_width > 0 {
        let end = Rect { x: area.right() - right_width - 1, width: right_width, ..area };
        right.render(end, frame.buffer_mut());
    }
    match look {
        GlobalOptions::Plain => {}
        GlobalOptions::InUse => frame.buffer_mut().set_style(area, theme.selected),
        GlobalOptions::Selected => frame.buffer_mut().set_style(left, theme.strong),
    }
}

/// How a row is shown.
#[derive(Clone, Copy)]
pub(super) enum GlobalOptions {
    Plain,
    Selected,
    InUse,
}

pub(super) fn look(selected: bool, in_use: bool) -> GlobalOptions {
    match (selected, in_use) {
        (false, _) => GlobalOptions::Plain,
        (true, false) => GlobalOptions::Selected,
        (true, true) => GlobalOptions::InUse,
    }
}

pub(super) fn audience(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let inner = open(app, Pane::Audience, "Audience", layout, theme, frame);
    let in_use = app.mode() == InputMode::Audience;
    let mut cursor = None;
    let audiences = app.directory().audiences.len();
    for (place, section) in app.sections().iter().enumerate() {
        let selected = place == app.section().selected;
        if place == audiences
            && app.section_row(place) > place
            && let Some(area) = line_of(inner, place, app.section().top)
        {
            Line::styled(format!(" {}", theme.glyphs.rule.repeat(2)), theme.quiet).render(area, frame.buffer_mut());
        }
        let Some(area) = line_of(inner, app.section_row(place), app.section().top) else { continue };
        let here = if selected && !in_use { theme.glyphs.cursor } else { " " };
        let number = (place + 1).to_string();
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
        row(line, Line::default(), look(selected, in_use), area, theme, frame);
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
    let in_use = app.mode() == InputMode::Tree;
    let mut cursor = None;
    let rows = app.tree().rows();
    let top = app.tree().cursor.top;
    if rows.is_empty() {
        Line::styled(" Nothing is listed here.", theme.quiet).render(inner, frame.buffer_mut());
    }
    for (place, listed) in rows.iter().enumerate().skip(top).take(usize::from(inner.height)) {
        let Some(area) = line_of(inner, place, top) else { continue };
        let Row::Item { id, depth, is_branch } = listed else {
            if let Row::Heading(heading) = listed {
                let line = Line::styled(format!(" {} {heading}", theme.glyphs.rule.repeat(2)), theme.quiet);
                fit(line, area.width, theme).render(area, frame.buffer_mut());
            }
            continue;
        };
        let selected = place == app.tree().cursor.selected;
        let here = if selected && !in_use { theme.glyphs.cursor } else { " " };
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
        let room = usize::from(area.width).saturating_sub(line.width() + 3);
        let is_elsewhere = *depth == 0 && directory.option(*id).is_some();
        let right = if is_elsewhere { path(directory, *id, theme) } else { ways(directory, *id, room, theme) };
        // The number is what people came for; the rest of the column is an aside.
        let is_number = right.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c));
        let right = if is_number { Line::raw(right) } else { Line::styled(right, theme.quiet) };
        row(line, right, look(selected, in_use), area, theme, frame);
        if selected {
            cursor = Some(area.as_position());
        }
    }
    if layout.bordered {
        more(rows.len(), top, inner, layout.pane(Pane::Tree).unwrap_or_default(), theme, frame);
    }
    cursor
}

/// A contact's number, its only address, or the kinds of its channels: the most telling that fits.
fn ways(directory: &Directory, id: EntryId, room: usize, theme: &Theme) -> String {
    let Entry::Contact(contact) = id.entry else { return String::new() };
    let channels = &directory.contacts[contact].channels;
    let kinds = || {
        let mut kinds: Vec<String> = channels.iter().map(|channel| channel.endpoint.kind().to_lowercase()).collect();
        kinds.dedup();
        kinds.join(&format!(" {} ", theme.glyphs.dot))
    };
    let Some(first) = channels.first() else { return String::new() };
    match (&first.endpoint, first.endpoint.printed()) {
        (Endpoint::Phone(_) | Endpoint::Tty(_), Some(number)) => number.to_owned(),
        (Endpoint::Fax(_), Some(number)) if channels.len() == 1 && number.len() + 4 <= room => format!("fax {number}"),
        (_, Some(address)) if channels.len() == 1 && address.len() <= room => address.to_owned(),
        (Endpoint::Web(_), None) if channels.len() == 1 => "not stated".to_owned(),
        _ => kinds(),
    }
}

/// The number of an option's line and the keys to it.
fn path(directory: &Directory, id: EntryId, theme: &Theme) -> String {
    let mut text = directory.channel(id).and_then(|channel| channel.endpoint.printed()).unwrap_or_default().to_owned();
    for option in directory.path(id) {
        text += &format!(" {} {}", theme.glyphs.then, option.key);
    }
    text
}

pub(super) fn card(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let card = app.card();
    let title = card.as_ref().map_or("", |card| card.title());
    let inner = open(app, Pane::Card, title, layout, theme, frame);
    if let Some((page, top)) = app.card_view() {
        paint(&page, top, inner, theme, frame);
        if layout.bordered {
            more(page.lines.len(), top, inner, layout.pane(Pane::Card).unwrap_or_default(), theme, frame);
        }
    }
    Some(inner.as_position())
}

/// Draws the part of a page that is in view.
pub(super) fn paint(page: &Page, top: usize, inner: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    for (area, line) in inner.rows().zip(page.lines.iter().skip(top)) {
        let span = |piece: &Piece| Span::styled(piece.text.clone(), theme.text(piece.style));
        fit(Line::from_iter(line.iter().map(span)), inner.width, theme).render(area, frame.buffer_mut());
    }
}

/// Says in the lower border of an area how far the lines in it go on.
pub(super) fn more(lines: usize, top: usize, inner: Rect, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let shown = usize::from(inner.height);
    if lines <= shown {
        return;
    }
    let text = format!(" {}-{} of {lines} ", top + 1, (top + shown).min(lines));
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(inner.width);
    let place = Rect { x: inner.right() - width, y: area.bottom().saturating_sub(1), width, height: 1 };
    Line::styled(text, theme.quiet).render(place, frame.buffer_mut());
}

/// Where a row of a list is, if it is in view.
pub(super) fn line_of(inner: Rect, row: usize, top: usize) -> Option<Rect> {
    let line = u16::try_from(row.checked_sub(top)?).ok()?;
    (line < inner.height).then(|| Rect { y: inner.y + line, height: 1, ..inner })
}
