//! Translates the events of the terminal library to those of the app.

use termina::event::{Event as Input, KeyCode, KeyEventKind, Modifiers, MouseButton, MouseEventKind};

use crate::app::event::{Code, Event, KeyPress};

/// Translates an event that termina has parsed. Returns nothing for events that the app has no use for.
pub(super) fn from_termina(event: termina::Event) -> Option<Event> {
    match event {
        Input::Key(key) if key.kind != KeyEventKind::Release => {
            let code = match key.code {
                KeyCode::Char(c) => Some(Code::Char(c)),
                KeyCode::Enter => Some(Code::Enter),
                KeyCode::Escape => Some(Code::Esc),
                KeyCode::Tab => Some(Code::Tab),
                KeyCode::BackTab => Some(Code::BackTab),
                KeyCode::Backspace => Some(Code::Backspace),
                KeyCode::Delete => Some(Code::Delete),
                KeyCode::Insert => Some(Code::Insert),
                KeyCode::Function(number) => Some(Code::F(number)),
                KeyCode::Up => Some(Code::Up),
                KeyCode::Down => Some(Code::Down),
                KeyCode::Left => Some(Code::Left),
                KeyCode::Right => Some(Code::Right),
                KeyCode::Home => Some(Code::Home),
                KeyCode::End => Some(Code::End),
                KeyCode::PageUp => Some(Code::PageUp),
                KeyCode::PageDown => Some(Code::PageDown),
                _ => None,
            };
            let (ctrl, alt) = (key.modifiers.contains(Modifiers::CONTROL), key.modifiers.contains(Modifiers::ALT));
            code.map(|code| Event::Key(KeyPress { code, ctrl, alt }))
        }
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Mouse(mouse) => {
            let (column, row) = (mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { column, row }),
                MouseEventKind::ScrollUp => Some(Event::Wheel { column, row, down: false }),
                MouseEventKind::ScrollDown => Some(Event::Wheel { column, row, down: true }),
                _ => None,
            }
        }
        // The frontends learn the size from the system or the client, not from these events.
        _ => None,
    }
}
