//! The window over the panes, and the progress of loading the first directory in place of the panes.

use ratatui::buffer::Buffer;
use ratatui::buffer::Cell;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::bars::erase;
use super::panes::{paint, row_area};
use super::styles::Styles;
use crate::app::layout::Layout;
use crate::app::{App, Window};
use crate::directory::progress::{LoadStage, Progress};

/// The widest progress bar, in cells.
const MAX_WIDTH: u16 = 60;

/// Draws the window and returns the position of the cursor.
pub(super) fn window(window: &Window, styles: &Styles, buffer: &mut Buffer) -> Position {
    let around = window.area.outer(Margin::new(1, 0)).intersection(buffer.area);
    cut_words(around, styles, buffer);
    erase(around, styles, buffer);
    styles.frame(true, &window.title, window.area, buffer);
    paint(&window.page, window.top, window.inner, styles, buffer);
    styles.more(window.page.lines.len(), window.top, window.inner, window.area, buffer);
    let mut cursor = window.inner.as_position();
    cursor.x += window.caret.unwrap_or(0).min(window.inner.width.saturating_sub(1));
    if let Some(area) = window.selected.and_then(|selected| row_area(window.inner, selected, window.top)) {
        styles.select(area, buffer);
        cursor = area.as_position();
    }
    for choice in &window.choices {
        let style = if choice.is_marked { styles.strong } else { styles.quiet };
        Line::styled(&choice.label, style).render(choice.area, buffer);
        if choice.is_marked {
            styles.select(choice.area, buffer);
            cursor = choice.area.as_position();
        }
    }
    cursor
}

/// Erases the words and large digits that an area would cut in two, up to the next space or border.
fn cut_words(window: Rect, styles: &Styles, buffer: &mut Buffer) {
    let screen = buffer.area;
    let erase = |cell: Option<&mut Cell>| {
        let is_word = |cell: &Cell| {
            cell.symbol()
                .chars()
                .any(|c| c.is_alphanumeric() || "█▀▄".contains(c) || c.is_ascii_punctuation() && !"|+#".contains(c))
        };
        let cell = cell.filter(|cell| is_word(cell));
        cell.map(|cell| cell.set_symbol(" ").set_style(styles.base)).is_some()
    };
    for y in window.top()..window.bottom() {
        let is_cut = |x: u16| buffer.cell((x, y)).is_some_and(|cell| cell.symbol() != " ");
        let (starts_inside, ends_inside) = (is_cut(window.left()), is_cut(window.right().saturating_sub(1)));
        if starts_inside {
            (screen.left()..window.left()).rev().take_while(|x| erase(buffer.cell_mut((*x, y)))).count();
        }
        if ends_inside {
            (window.right()..screen.right()).take_while(|x| erase(buffer.cell_mut((*x, y)))).count();
        }
    }
}

/// Draws the progress in words and as a bar, and returns the position of the cursor.
pub(super) fn loading(
    app: &App,
    progress: Progress,
    layout: &Layout,
    styles: &Styles,
    buffer: &mut Buffer,
) -> Position {
    let body = layout.body.inner(Margin::new(1, 0));
    let width = body.width.min(MAX_WIDTH);
    let (x, y) = (body.x + (body.width - width) / 2, body.y + body.height.saturating_sub(2) / 2);
    let words = Rect { x, y, width, height: 1 };
    styles.draw(Line::styled(said(app, progress), styles.strong), words, buffer);
    let percent = progress.percent();
    let figure = format!(" {percent:>3}%");
    let cells = usize::from(width).saturating_sub(figure.len());
    let done = cells * percent / 100;
    let bar = Line::from(vec![
        Span::styled(styles.glyphs.bar_done.repeat(done), styles.key),
        Span::styled(styles.glyphs.bar_left.repeat(cells - done), styles.quiet),
        Span::raw(figure),
    ]);
    if body.height > 1 {
        bar.render(Rect { y: y + 1, ..words }, buffer);
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
