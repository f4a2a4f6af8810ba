//! From crossterm's events to the app's.

use crossterm::event::{
    Event as Terminal, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::event::{Code, Event, KeyPress};

/// Nothing for what the app has no use for. A terminal sends Alt and a key as Esc and the key; as nothing is bound with
/// Alt, it is taken as the two keys that somebody in haste, or a slow line, sent as one.
pub(super) fn translate(event: Terminal) -> impl Iterator<Item = Event> {
    let is_alt = matches!(event, Terminal::Key(key) if key.modifiers.contains(KeyModifiers::ALT));
    let esc = is_alt.then_some(Event::Key(KeyPress::plain(Code::Esc)));
    esc.into_iter().chain(translate_one(event))
}

fn translate_one(event: Terminal) -> Option<Event> {
    match event {
        Terminal::Key(key) => translate_key(key).map(Event::Key),
        Terminal::Paste(text) => Some(Event::Paste(text)),
        Terminal::Mouse(MouseEvent { kind, column, row, .. }) => match kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Event::Click { column, row }),
            MouseEventKind::ScrollUp => Some(Event::Wheel { column, row, down: false }),
            MouseEventKind::ScrollDown => Some(Event::Wheel { column, row, down: true }),
            _ => None,
        },
        // The host is told of the size by the system.
        Terminal::Resize(..) | Terminal::FocusGained | Terminal::FocusLost => None,
    }
}

fn translate_key(key: KeyEvent) -> Option<KeyPress> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(KeyPress { code, ctrl: key.modifiers.contains(KeyModifiers::CONTROL) })
}
