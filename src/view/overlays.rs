//! The window over the panes, and the progress of loading the first directory in place of the panes.

use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::panes::{paint, row_area};
use super::theme::Theme;
use crate::app::layout::Layout;
use crate::app::{App, Window};
use crate::directory::progress::{LoadStage, Progress};

/// The widest progress bar, in cells.
const MAX_WIDTH: u16 = 60;

/// Draws the window and returns the position of the cursor.
pub(super) fn window(window: &Window, theme: &Theme, frame: &mut Frame<'_>) -> Position {
    Clear.render(window.area, frame.buffer_mut());
    let border = theme.frame(true, window.title, theme.accent, window.area.width);
    border.render(window.area, frame.buffer_mut());
    paint(&window.page, window.top, window.inner, theme, frame);
    theme.more(window.page.lines.len(), window.top, window.inner, window.area, frame);
    let mut cursor = window.inner.as_position();
    if let Some(area) = window.selected.and_then(|selected| row_area(window.inner, selected, window.top)) {
        frame.buffer_mut().set_style(area, theme.selected);
        cursor = area.as_position();
    }
    for choice in &window.choices {
        let style = if choice.is_marked { theme.selected.patch(theme.strong) } else { theme.quiet };
        Line::styled(&choice.label, style).render(choice.area, frame.buffer_mut());
        if choice.is_marked {
            cursor = choice.area.as_position();
        }
    }
    cursor
}

/// Draws the progress in words and as a bar, and returns the position of the cursor.
pub(super) fn loading(
    app: &App,
    progress: Progress,
    layout: &Layout,
    theme: &Theme,
    frame: &mut Frame<'_>,
) -> Position {
    let body = layout.body.inner(Margin::new(1, 0));
    let width = body.width.min(MAX_WIDTH);
    let (x, y) = (body.x + (body.width - width) / 2, body.y + body.height.saturating_sub(2) / 2);
    let words = Rect { x, y, width, height: 1 };
    theme.draw(Line::styled(said(app, progress), theme.strong), words, frame);
    let percent = progress.percent();
    let figure = format!(" {percent:>3}%");
    let cells = usize::from(width).saturating_sub(figure.len());
    let done = cells * percent / 100;
    let bar = Line::from(vec![
        Span::styled(theme.glyphs.bar_done.repeat(done), theme.key),
        Span::styled(theme.glyphs.bar_left.repeat(cells - done), theme.quiet),
        Span::raw(figure),
    ]);
    if body.height > 1 {
        bar.render(Rect { y: y + 1, ..words }, frame.buffer_mut());
    }
    words.as_position()
}

/// The stage in words.
fn said(app: &App, Progress { stage, done, total }: Progress) -> String {
    let source = &app.environment.source;
    match stage {
        LoadStage::Read if total == 0 => format!("Reading {source}"),
        LoadStage::Read => format!("Reading {source}: {} of {} MB", megabytes(done), megabytes(total)),
        LoadStage::Parse => format!("Reading the records of {source}"),
        LoadStage::Check => format!("Checking contact {} of {}", thousands(done), thousands(total)),
        LoadStage::Index => "Building the search index".to_owned(),
    }
}

fn megabytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// A number as people write it: `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
