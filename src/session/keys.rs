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

#[cfg(all(test, feature = "ssh"))]
mod tests {
    use crossterm::event as local;
    use termina::event as remote;

    use super::*;

    fn local_key(code: local::KeyCode, modifiers: local::KeyModifiers, kind: local::KeyEventKind) -> Vec<Event> {
        from_crossterm(local::Event::Key(local::KeyEvent::new_with_kind(code, modifiers, kind))).collect()
    }

    fn remote_key(code: remote::KeyCode, modifiers: remote::Modifiers, kind: remote::KeyEventKind) -> Vec<Event> {
        let key = remote::KeyEvent { kind, ..remote::KeyEvent::new(code, modifiers) };
        from_termina(remote::Event::Key(key)).collect()
    }

    #[test]
    fn both_libraries_translate_a_key_alike() {
        use local::{KeyCode as L, KeyEventKind as LKind, KeyModifiers as LMod};
        use remote::{KeyCode as R, KeyEventKind as RKind, Modifiers as RMod};
        let esc = Event::Key(KeyPress::plain(Code::Esc));
        let q = Event::Key(KeyPress::plain(Code::Char('q')));
        for (code, local_code, remote_code) in [
            (Code::Char('q'), L::Char('q'), R::Char('q')),
            (Code::Enter, L::Enter, R::Enter),
            (Code::Esc, L::Esc, R::Escape),
            (Code::BackTab, L::BackTab, R::BackTab),
            (Code::Backspace, L::Backspace, R::Backspace),
            (Code::PageDown, L::PageDown, R::PageDown),
        ] {
            let expected = [Event::Key(KeyPress { code, ctrl: true })];
            assert_eq!(local_key(local_code, LMod::CONTROL, LKind::Repeat), expected);
            assert_eq!(remote_key(remote_code, RMod::CONTROL, RKind::Repeat), expected);
            assert_eq!(local_key(local_code, LMod::NONE, LKind::Release), []);
            assert_eq!(remote_key(remote_code, RMod::NONE, RKind::Release), []);
        }
        // Alt with a key is Esc and the key; Alt with a key that has no use is nothing.
        let both = [esc, q];
        assert_eq!(local_key(L::Char('q'), LMod::ALT, LKind::Press), both);
        assert_eq!(remote_key(R::Char('q'), RMod::ALT, RKind::Press), both);
        assert_eq!(local_key(L::F(5), LMod::ALT, LKind::Press), []);
        assert_eq!(remote_key(R::Function(5), RMod::ALT, RKind::Press), []);
    }
}
