//! Draws the app into a buffer. Reads the app and never changes it.

mod bars;
mod find;
mod overlays;
mod panes;
mod styles;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::app::App;
use crate::app::layout::{MIN_SCREEN, Pane};
use styles::Styles;

/// Draws the app into an empty buffer of its size. Returns the position of the cursor, if it is shown.
pub fn view(app: &App, buffer: &mut Buffer) -> Option<Position> {
    let layout = app.layout();
    let styles = Styles::new(&app.environment.display, layout.as_ref().is_some_and(|layout| layout.bordered));
    let screen = buffer.area;
    if styles.has_background() {
        buffer.set_style(screen, styles.base);
    }
    let Some(layout) = layout else {
        let text = format!("Too small: the screen needs {} by {} cells.", MIN_SCREEN.width, MIN_SCREEN.height);
        let lines = textwrap::wrap(&text, usize::from(screen.width.max(1)));
        for (row, line) in screen.rows().zip(lines) {
            Line::from(line.into_owned()).render(row, buffer);
        }
        return None;
    };
    bars::header(app, &layout, &styles, buffer);
    if let Some(progress) = app.loading {
        bars::footer(app, &layout, &styles, buffer);
        let cursor = overlays::loading(app, progress, &layout, &styles, buffer);
        return Some(cursor);
    }
    let mut cursor = None;
    for (pane, _) in &layout.panes {
        let here = match (pane, &app.find) {
            (Pane::Audience, _) => panes::audience(app, &layout, &styles, buffer),
            (Pane::Tree, Some(find)) => find::found(app, find, &layout, &styles, buffer),
            (Pane::Tree, None) => panes::tree(app, &layout, &styles, buffer),
            (Pane::Card, _) => panes::card(app, &layout, &styles, buffer),
        };
        cursor = if *pane == app.focus() { here } else { cursor };
    }
    panes::keypad(app, &layout, &styles, buffer);
    app.panels(&layout).iter().for_each(|panel| panes::panel(panel, &layout, &styles, buffer));
    // While the user reads the results, the cursor is on the selected one rather than in the find box.
    let caret = find::prompt(app, &layout, &styles, buffer);
    cursor = cursor.or(caret);
    if let Some(window) = app.window() {
        styles.dim(screen, buffer);
        cursor = Some(overlays::window(&window, &styles, buffer));
    }
    // Drawn last: a message may take more than one line and must not be hidden.
    bars::footer(app, &layout, &styles, buffer);
    // Screen readers follow the hardware cursor, so it is on the selected line.
    cursor
}
