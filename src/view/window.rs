//! The window over the panes: the keys, a notice before a link, the copy menu, or a QR code.

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};
use textwrap::core::display_width;

use super::panes::{line_of, more, paint};
use super::theme::Theme;
use crate::app::layout::Layout;
use crate::app::{App, Window};

/// Draws the window and returns the position of the cursor.
pub(super) fn window(app: &App, window: &Window, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) -> Position {
    Clear.render(window.area, frame.buffer_mut());
    let border = theme.frame(layout.bordered, true, window.title, theme.accent, window.area.width);
    border.render(window.area, frame.buffer_mut());
    paint(&window.page, window.top, window.inner, theme, frame);
    if layout.bordered {
        more(window.page.lines.len(), window.top, window.inner, window.area, theme, frame);
    }
    let mut cursor = window.inner.as_position();
    if let Some(area) = app.copy_cursor().and_then(|menu| line_of(window.inner, menu.selected, menu.top)) {
        frame.buffer_mut().set_style(area, theme.selected);
        cursor = area.as_position();
    }
    if let (Some(warning), Some(areas)) = (app.link_warning(), app.choice_areas()) {
        let directory = app.catalog().directory(warning.notice);
        for (i, (choice, area)) in warning.choices(directory).into_iter().zip(areas).enumerate() {
            let marked = warning.go_on == (i == 1);
            let style = if marked { theme.selected.patch(theme.strong) } else { theme.quiet };
            let [left, right] = if marked { ['[', ']'] } else { [' ', ' '] };
            let pad = if usize::from(area.width) < display_width(choice) + 4 { "" } else { " " };
            let text = format!("{left}{pad}{choice}{pad}{right}");
            Line::styled(text, style).render(area, frame.buffer_mut());
            if marked {
                cursor = area.as_position();
            }
        }
    }
    cursor
}
