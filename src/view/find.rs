//! The find box and its results.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use textwrap::core::display_width;

use super::bars::{erase, find_title, pad, right_aligned, source};
use super::panes::{Canvas, MIN_LEADER, MIN_LEFT_WIDTH, after_mark, row_area, space_beside};
use super::styles::Styles;
use crate::app::layout::{Layout, Pane, left};
use crate::app::{App, Find, Group, REMARK_INDENT};
use crate::present::results::WEAK_MATCH;

/// The columns before the title of a result: the mark of the selected one, and that of a weak one.
const MARKS_WIDTH: usize = 2;

/// Draws the line of the query. Returns the cell of the cursor while a query is typed.
pub(super) fn prompt(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    let line = pad(layout.prompt);
    let sign = format!("{} ", styles.glyphs.prompt);
    let before = display_width(&sign);
    let Some(find) = &app.find else {
        // On a low screen, the header stays.
        if layout.prompt != layout.header {
            let words = Span::styled("What does the caller need?", styles.quiet);
            styles.draw(Line::from(vec![Span::styled(sign, styles.quiet), words]), line, buffer);
            right_aligned(source(app, styles), line, buffer);
        }
        return None;
    };
    erase(layout.prompt, styles, buffer);
    let scroll = find.input.visual_scroll(usize::from(line.width).saturating_sub(before + 1));
    let text = match scrolled(find.input.value(), scroll) {
        "" => Span::styled("a query, a name or a number", styles.quiet),
        typed => Span::styled(typed, styles.strong),
    };
    let typed = Line::from(vec![Span::styled(sign, styles.accent), text]);
    styles.draw(typed, line, buffer);
    Some(caret(find, line, before, scroll))
}

/// Draws the results. Returns the cell of the cursor if the user has moved in them.
pub(super) fn found(app: &App, find: &Find, layout: &Layout, styles: &Styles, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(app, Pane::Tree, &find_title(app, find), layout, styles, buffer);
    let inner = canvas.inner;
    let remark = app.remark_lines(find, layout);
    let head = u16::try_from(remark.len()).unwrap_or_default().min(inner.height);
    for (row, text) in inner.rows().zip(remark) {
        styles.draw(Line::styled(text, styles.quiet), left(row, REMARK_INDENT).1, canvas.buffer);
    }
    let list = Rect { y: inner.y + head, height: inner.height - head, ..inner };
    for (start, group) in &find.groups {
        let Some(area) = row_area(list, find.row(*start) - 1, find.cursor.top) else { continue };
        styles.draw(Line::styled(format!("   {}", heading(app, find, *group)), styles.quiet), area, canvas.buffer);
    }
    let width = usize::from(list.width).saturating_sub(MARKS_WIDTH);
    let rows: Vec<(&str, Line<'_>)> = (0..find.results.len()).map(|i| parts(app, find, i, width, styles)).collect();
    let texts: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
    let mut cursor = None;
    for (i, (text, right)) in rows.into_iter().enumerate() {
        let Some(area) = row_area(list, find.row(i), find.cursor.top) else { continue };
        let result = &find.results[i];
        // The answer to a common need is cut rather than left out.
        let answer_width = width.saturating_sub(display_width(text).min(width / 2) + 1 + MIN_LEADER);
        let right = if find.need(i).is_some() { styles.fit(right, answer_width) } else { right };
        let space = space_beside(display_width(text), right.width(), width.saturating_sub(1)).unwrap_or(width);
        let style = if result.weak { styles.quiet } else { Style::new() };
        // Colour alone must not carry the meaning.
        let mut spans = vec![Span::styled(if result.weak { "?" } else { " " }, style)];
        let title = marked(text, styles.fit_title(text, space, &texts), &result.marks, styles);
        spans.extend(title.into_iter().map(|span| Span { style: style.patch(span.style), ..span }));
        canvas.row(area, spans, right, i == find.cursor.selected);
        if i == find.cursor.selected && find.is_in_results {
            cursor = Some(after_mark(area).as_position());
        }
    }
    let last = find.cursor.top + usize::from(list.height);
    let is_visible = |i: &usize| (find.cursor.top..last).contains(&find.row(*i));
    let has_weak = (0..find.results.len()).filter(is_visible).any(|i| find.results[i].weak);
    canvas.note(if has_weak { WEAK_MATCH } else { "" }, find.row_count(), find.cursor.top, list);
    cursor
}

/// The heading of a group of results.
fn heading(app: &App, find: &Find, group: Group) -> String {
    match group {
        Group::Pinned => "Pinned".to_owned(),
        Group::CommonNeeds => "Common needs".to_owned(),
        Group::Recent => "Recent".to_owned(),
        Group::Outside => format!("Outside {}", app.scope_name(find.scope)),
    }
}

/// The left and the right part of a result's row of some width: its title and what it is for; or a common need and its
/// answer.
fn parts<'a>(app: &'a App, find: &'a Find, index: usize, width: usize, styles: &Styles) -> (&'a str, Line<'a>) {
    let id = find.results[index].id;
    let directory = app.catalog.directory(id);
    // A title can be cut, but not whose number it is.
    let title = directory.title(id);
    let space = width.saturating_sub(1 + MIN_LEADER + display_width(title).min(MIN_LEFT_WIDTH));
    match find.need(index) {
        Some(need) => (need, Line::raw(title)),
        None => (title, Line::styled(app.entry_scope(id, space), styles.quiet)),
    }
}

/// A text without its first `columns` columns.
fn scrolled(text: &str, columns: usize) -> &str {
    let mut width = 0;
    let start = text.char_indices().find(|(_, c)| {
        let is_past = width >= columns;
        width += display_width(c.encode_utf8(&mut [0; 4]));
        is_past
    });
    start.map_or("", |(start, _)| &text[start..])
}

/// A title as it is shown, with the matched characters before a cut marked, one span for each run.
fn marked(title: &str, shown: String, marks: &[usize], styles: &Styles) -> Vec<Span<'static>> {
    let mut pieces = Vec::new();
    let (mut start, mut was_marked) = (0, false);
    let whole = shown.chars().zip(title.chars()).take_while(|(shown, own)| shown == own).count();
    for (i, (offset, c)) in shown.char_indices().enumerate() {
        // A combining character has the style of its letter.
        let is_combining = display_width(c.encode_utf8(&mut [0; 4])) == 0;
        let is_marked = if is_combining { was_marked } else { i < whole && marks.contains(&i) };
        if is_marked != was_marked {
            pieces.push((start..offset, was_marked));
            (start, was_marked) = (offset, is_marked);
        }
    }
    pieces.push((start..shown.len(), was_marked));
    let style = |marked| if marked { styles.mark } else { Style::new() };
    pieces.into_iter().map(|(range, marked)| Span::styled(shown[range].to_owned(), style(marked))).collect()
}

/// The cell of the cursor in the find box, after a prompt and with some columns of the text scrolled out.
fn caret(find: &Find, area: Rect, before: usize, scroll: usize) -> Position {
    let column = (find.input.visual_cursor() + before).saturating_sub(scroll);
    let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    Position { x: area.x + column, y: area.y }
}
