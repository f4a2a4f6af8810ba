//! Draws the app into a frame. Reads the app and never changes it.

mod bars;
mod find;
mod overlays;
mod panes;
mod theme;

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::app::App;
use crate::app::layout::{MIN_SCREEN, Pane};
use theme::Theme;

/// Draws the app.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let Some(layout) = app.layout() else {
        let text = format!("Too small: the screen needs {} by {} cells.", MIN_SCREEN.width, MIN_SCREEN.height);
        let lines = textwrap::wrap(&text, usize::from(frame.area().width.max(1)));
        for (row, line) in frame.area().rows().zip(lines) {
            Line::from(line.into_owned()).render(row, frame.buffer_mut());
        }
        return;
    };
    let theme = Theme::new(&app.environment.display, layout.bordered);
    bars::header(app, &layout, &theme, frame);
    if let Some(progress) = app.loading {
        bars::footer(app, &layout, &theme, frame);
        let cursor = overlays::loading(app, progress, &layout, &theme, frame);
        frame.set_cursor_position(cursor);
        return;
    }
    let mut cursor = None;
    for (pane, _) in &layout.panes {
        let here = match (pane, &app.find) {
            (Pane::Audience, _) => panes::audience(app, &layout, &theme, frame),
            (Pane::Tree, Some(find)) => find::found(app, find, &layout, &theme, frame),
            (Pane::Tree, None) => panes::tree(app, &layout, &theme, frame),
            (Pane::Card, _) => panes::card(app, &layout, &theme, frame),
        };
        cursor = if *pane == app.focus() { here } else { cursor };
    }
    if let Some(window) = app.window() {
        cursor = Some(overlays::window(&window, &theme, frame));
    }
    // Drawn last: a message may take more than one line and must not be hidden.
    bars::footer(app, &layout, &theme, frame);
    // Screen readers follow the hardware cursor, so it is on the selected line.
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}
