//! Translates the events of terminal libraries to those of the app.
//!
//! The local frontend reads its terminal with crossterm, the SSH server parses bytes with termina. Both libraries name
//! keys almost alike, so one table serves both and a key means the same in either frontend.

use crate::app::event::{Code, Event, KeyPress};

/// Defines a function that translates an event of a terminal library.
///
/// Terminals send Alt and a key as Esc and the key. No key is bound with Alt, so the function returns the two keys that
/// a fast typist, or a slow connection, sent together. It returns nothing for events that the app has no use for.
macro_rules! translator {
    ($(#[$attribute:meta])* $name:ident, $library:ident, $modifiers:ident, $esc:ident) => {
        $(#[$attribute])*
        pub fn $name(event: $library::event::Event) -> impl Iterator<Item = Event> {
            use $library::event::{Event as Input, KeyCode, KeyEventKind, MouseButton, MouseEventKind, $modifiers};
            let mut is_alt = false;
            let event = match event {
                Input::Key(key) if key.kind != KeyEventKind::Release => {
                    is_alt = key.modifiers.contains($modifiers::ALT);
                    let code = match key.code {
                        KeyCode::Char(c) => Some(Code::Char(c)),
                        KeyCode::Enter => Some(Code::Enter),
                        KeyCode::$esc => Some(Code::Esc),
                        KeyCode::Tab => Some(Code::Tab),
                        KeyCode::BackTab => Some(Code::BackTab),
                        KeyCode::Backspace => Some(Code::Backspace),
                        KeyCode::Delete => Some(Code::Delete),
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
                    let ctrl = key.modifiers.contains($modifiers::CONTROL);
                    code.map(|code| Event::Key(KeyPress { code, ctrl }))
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
            };
            let esc = (is_alt && event.is_some()).then_some(Event::Key(KeyPress::plain(Code::Esc)));
            esc.into_iter().chain(event)
        }
    };
}

translator! {
    /// Translates an event that crossterm has read.
    from_crossterm, crossterm, KeyModifiers, Esc
}

#[cfg(feature = "ssh")]
translator! {
    /// Translates an event that termina has parsed.
    from_termina, termina, Modifiers, Escape
}
