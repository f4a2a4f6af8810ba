//! The find box and its results.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use textwrap::core::display_width;

use super::panes::{Canvas, row_area};
use super::theme::Theme;
use crate::app::layout::{Layout, Pane};
use crate::app::{App, FIND_HEAD, Find};
use crate::directory::AudienceId;
use crate::present::outline::scope_text;
use crate::present::results::{LACKS_CHANNEL, NO_GOOD_MATCH, NO_MATCH, equal_matches, not_listed};
use crate::search::{MatchKind, SearchResult};

/// The prompt of the find box.
const PROMPT: &str = " / ";

pub(super) fn found(app: &App, find: &Find, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let title = match find.audience {
        Some(audience) => format!("Find {} {} only", theme.glyphs.dot, app.catalog.audience(audience).short),
        None => "Find".to_owned(),
    };
    let mut canvas = Canvas::new(app, Pane::Tree, &title, layout, theme, frame);
    let inner = canvas.inner;
    let prompt = Rect { height: 1.min(inner.height), ..inner };
    let before = PROMPT.len();
    let width = usize::from(inner.width).saturating_sub(before + 1);
    let scroll = find.input.visual_scroll(width);
    let typed = scrolled(find.input.value(), scroll);
    let text = match typed {
        "" => Span::styled("a query, a name or a number", theme.quiet),
        typed => Span::raw(typed),
    };
    let line = Line::from(vec![Span::styled(PROMPT, theme.accent), text]);
    theme.draw(line, prompt, canvas.frame);
    if let Some(area) = row_area(inner, 1, 0) {
        theme.draw(Line::styled(format!("   {}", remark(app, find, theme)), theme.quiet), area, canvas.frame);
    }
    let head = u16::try_from(FIND_HEAD).unwrap_or_default().min(inner.height);
    let list = Rect { y: inner.y + head, height: inner.height - head, ..inner };
    for (i, result) in find.results.iter().enumerate().skip(find.cursor.top) {
        let Some(area) = row_area(list, i, find.cursor.top) else { break };
        // Colour alone must not carry the meaning.
        let mut spans = vec![Span::raw(if result.weak { "?" } else { " " })];
        let directory = app.catalog.directory(result.id);
        spans.extend(marked(directory.title(result.id), &result.marks, theme));
        let line = Line::from(spans).style(if result.weak { theme.quiet } else { Style::new() });
        let right = Line::styled(scope_text(directory, result.id, &theme.glyphs), theme.quiet);
        canvas.row(area, line, right, i == find.cursor.selected);
    }
    Some(caret(find, prompt, before, scroll))
}

/// The remark on the results: how well they fit, and how the words were understood.
fn remark(app: &App, find: &Find, theme: &Theme) -> String {
    let short = |audience: Option<AudienceId>| audience.map_or("", |audience| &*app.catalog.audience(audience).short);
    if let Some((phrase, note)) = find.elsewhere.and_then(|id| app.catalog.elsewhere(id)) {
        return not_listed(phrase, note);
    }
    let (first, result) = match (find.results.first(), find.result()) {
        (Some(first), Some(result)) if !find.is_empty() => (first, result),
        (Some(_), _) => return "recent".to_owned(),
        _ if find.is_empty() => return String::new(),
        _ => return NO_MATCH.to_owned(),
    };
    let mut parts = Vec::new();
    match find.outside {
        Some(i) if i == find.cursor.selected => parts.push(format!("not for {}", short(find.audience))),
        Some(0) => parts.push("the first one fits better".to_owned()),
        Some(_) => parts.push("the last one fits better".to_owned()),
        None if result.lacks_channel => parts.push(LACKS_CHANNEL.to_owned()),
        None if first.weak => parts.push(NO_GOOD_MATCH.to_owned()),
        None => {}
    }
    parts.extend(reasons(result, theme));
    if find.by_audience > 0 && find.outside.is_none() && !first.weak {
        parts.push(equal_matches(find.by_audience));
    }
    parts.join(&format!(" {} ", theme.glyphs.dot))
}

/// How words were understood, where that is not obvious: `paid → commission`.
fn reasons(result: &SearchResult, theme: &Theme) -> impl Iterator<Item = String> {
    // A weak result shares some meaning with nearly any query.
    let is_obvious = |kind| match kind {
        MatchKind::Exact | MatchKind::Stem | MatchKind::Prefix | MatchKind::Lookup => true,
        MatchKind::Meaning => result.weak,
        _ => false,
    };
    let arrow = theme.glyphs.arrow;
    let notable =
        result.reasons.iter().filter(move |reason| !is_obvious(reason.kind) && reason.typed != reason.matched);
    notable.map(move |reason| format!("{} {arrow} {}", reason.typed, reason.matched))
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

/// A title with the matched characters marked, one span for each run.
fn marked<'a>(title: &'a str, marks: &[usize], theme: &Theme) -> Vec<Span<'a>> {
    let mut pieces = Vec::new();
    let (mut start, mut was_marked) = (0, false);
    for (i, (offset, c)) in title.char_indices().enumerate() {
        // A combining character has the style of its letter.
        let is_marked = if display_width(c.encode_utf8(&mut [0; 4])) == 0 { was_marked } else { marks.contains(&i) };
        if is_marked != was_marked {
            pieces.push((start..offset, was_marked));
            (start, was_marked) = (offset, is_marked);
        }
    }
    pieces.push((start..title.len(), was_marked));
    let style = |marked| if marked { theme.mark } else { Style::new() };
    pieces.into_iter().map(|(range, marked)| Span::styled(&title[range], style(marked))).collect()
}

/// The cell of the cursor in the find box, after a prompt and with some columns of the text scrolled out.
fn caret(find: &Find, area: Rect, before: usize, scroll: usize) -> Position {
    let column = (find.input.visual_cursor() + before).saturating_sub(scroll);
    let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    Position { x: area.x + column, y: area.y }
}
