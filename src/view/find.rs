//! The find box and its results.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use textwrap::core::display_width;

use super::panes::{line_of, open, row, row_state};
use super::theme::Theme;
use super::{caret, fit};
use crate::app::layout::{Layout, Pane};
use crate::app::{App, FIND_HEAD, Find};
use crate::directory::{AudienceId, EntryId};
use crate::present::results::{LACKS_CHANNEL, NOTHING_FITS};
use crate::search::{MatchKind, SearchResult};

/// The prompt of the find box.
const PROMPT: &str = " / ";

pub(super) fn found(app: &App, find: &Find, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Option<Position> {
    let title = match find.audience {
        Some(audience) => format!("Find {} {} only", theme.glyphs.dot, app.catalog().audience(audience).short),
        None => "Find".to_owned(),
    };
    let inner = open(app, Pane::Tree, &title, layout, theme, frame);
    let prompt = Rect { height: 1.min(inner.height), ..inner };
    let before = PROMPT.len();
    let width = usize::from(inner.width).saturating_sub(before + 1);
    let scroll = find.input.visual_scroll(width);
    let typed = scrolled(find.input.value(), scroll);
    let line = if typed.is_empty() {
        Line::from(vec![Span::styled(PROMPT, theme.accent), Span::styled("a query, a name or a number", theme.quiet)])
    } else {
        Line::from(vec![Span::styled(PROMPT, theme.accent), Span::raw(typed)])
    };
    fit(line, inner.width, theme).render(prompt, frame.buffer_mut());
    if let Some(area) = line_of(inner, 1, 0) {
        let remark = Line::styled(format!("   {}", remark(app, find, theme)), theme.quiet);
        fit(remark, area.width, theme).render(area, frame.buffer_mut());
    }
    let head = u16::try_from(FIND_HEAD).unwrap_or_default().min(inner.height);
    let list = Rect { y: inner.y + head, height: inner.height - head, ..inner };
    for (i, result) in find.results.iter().enumerate().skip(find.cursor.top) {
        let Some(area) = line_of(list, i, find.cursor.top) else { break };
        // Colour alone must not carry the meaning.
        let mut spans = vec![Span::raw(if result.weak { "?" } else { " " })];
        spans.extend(marked(app.catalog().directory(result.id).title(result.id), &result.marks, theme));
        let line = Line::from(spans).style(if result.weak { theme.quiet } else { Style::new() });
        let right = Line::styled(scope(app, result.id, theme), theme.quiet);
        row(line, right, row_state(i == find.cursor.selected, true), area, theme, frame);
    }
    Some(caret(find, prompt, before, scroll))
}

/// The remark on the results: how well they fit, and how the words were understood.
fn remark(app: &App, find: &Find, theme: &Theme) -> String {
    let short = |audience: Option<AudienceId>| audience.map_or("", |audience| &*app.catalog().audience(audience).short);
    let (first, result) = match (find.results.first(), find.result()) {
        (Some(first), Some(result)) if !find.is_empty() => (first, result),
        (Some(_), _) => return "recent".to_owned(),
        _ if find.is_empty() => return String::new(),
        _ => return NOTHING_FITS.to_owned(),
    };
    let mut parts = Vec::new();
    match find.outside {
        Some(i) if i == find.cursor.selected => parts.push(format!("not for {}", short(find.audience))),
        Some(0) => parts.push("the first one fits better".to_owned()),
        Some(_) => parts.push("the last one fits better".to_owned()),
        None if result.lacks_channel => parts.push(LACKS_CHANNEL.to_owned()),
        None if first.weak => parts.push("nothing fits well".to_owned()),
        None => {}
    }
    parts.extend(reasons(result, theme));
    if find.by_audience > 0 && find.outside.is_none() && !first.weak {
        parts.push(format!("{} fit alike: for which audience?", find.by_audience));
    }
    parts.join(&format!(" {} ", theme.glyphs.dot))
}

/// How words were understood, where that is not obvious: `paid → commission`.
fn reasons(result: &SearchResult, theme: &Theme) -> impl Iterator<Item = String> {
    let is_obvious = |kind| matches!(kind, MatchKind::Exact | MatchKind::Stem | MatchKind::Prefix | MatchKind::Lookup);
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

/// The audiences of an entry and its keys: `IFP +2 ▸ 1 ▸ 1` for IFP and two other audiences.
fn scope(app: &App, id: EntryId, theme: &Theme) -> String {
    let directory = app.catalog().directory(id);
    let mut parts = match directory.contact(id) {
        Some(contact) => vec![match contact.audiences.iter().next() {
            Some(audience) => {
                let others = directory.audiences(id).iter().count() - 1;
                let others = if others > 0 { format!(" +{others}") } else { String::new() };
                format!("{}{others}", directory.audiences[audience].short)
            }
            None => "Every audience".to_owned(),
        }],
        None => vec!["Notice".to_owned()],
    };
    parts.extend(directory.path(id).iter().map(|option| option.key.to_string()));
    parts.join(&format!(" {} ", theme.glyphs.then))
}
