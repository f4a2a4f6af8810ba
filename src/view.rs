//! Draws the app into a frame. Reads the app and never changes it.

mod bars;
mod find;
mod overlays;
mod panes;
mod styles;

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::app::App;
use crate::app::layout::{MIN_SCREEN, Pane};
use styles::Styles;

/// Draws the app.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let layout = app.layout();
    let styles = Styles::new(&app.environment.display, layout.as_ref().is_some_and(|layout| layout.bordered));
    let screen = frame.area();
    if styles.has_background() {
        frame.buffer_mut().set_style(screen, styles.base);
    }
    let Some(layout) = layout else {
        let text = format!("Too small: the screen needs {} by {} cells.", MIN_SCREEN.width, MIN_SCREEN.height);
        let lines = textwrap::wrap(&text, usize::from(screen.width.max(1)));
        for (row, line) in screen.rows().zip(lines) {
            Line::from(line.into_owned()).render(row, frame.buffer_mut());
        }
        return;
    };
    bars::header(app, &layout, &styles, frame);
    if let Some(progress) = app.loading {
        bars::footer(app, &layout, &styles, frame);
        let cursor = overlays::loading(app, progress, &layout, &styles, frame);
        frame.set_cursor_position(cursor);
        return;
    }
    let mut cursor = None;
    for (pane, _) in &layout.panes {
        let here = match (pane, &app.find) {
            (Pane::Audience, _) => panes::audience(app, &layout, &styles, frame),
            (Pane::Tree, Some(find)) => find::found(app, find, &layout, &styles, frame),
            (Pane::Tree, None) => panes::tree(app, &layout, &styles, frame),
            (Pane::Card, _) => panes::card(app, &layout, &styles, frame),
        };
        cursor = if *pane == app.focus() { here } else { cursor };
    }
    panes::keypad(app, &layout, &styles, frame);
    app.panels(&layout).iter().for_each(|panel| panes::panel(panel, &layout, &styles, frame));
    // While the user reads the results, the cursor is on the selected one rather than in the find box.
    let caret = find::prompt(app, &layout, &styles, frame);
    cursor = cursor.or(caret);
    if let Some(window) = app.window() {
        styles.dim(screen, frame);
        cursor = Some(overlays::window(&window, &styles, frame));
    }
    // Drawn last: a message may take more than one line and must not be hidden.
    bars::footer(app, &layout, &styles, frame);
    // Screen readers follow the hardware cursor, so it is on the selected line.
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}
