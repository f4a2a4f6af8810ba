//! Translates the events of terminal libraries to those of the app.
//!
//! The local frontend reads its terminal with crossterm, the SSH server parses bytes with termina. Both libraries name
//! keys almost alike, so one table serves both and a key means the same in either frontend.

use crate::app::event::{Code, Event, KeyPress};

/// Defines a function that translates an event of a terminal library.
///
/// It returns nothing for events that the app has no use for.
macro_rules! translator {
    ($(#[$attribute:meta])* $name:ident, $library:ident, $modifiers:ident, $esc:ident, $function:ident) => {
        $(#[$attribute])*
        pub fn $name(event: $library::event::Event) -> Option<Event> {
            use $library::event::{Event as Input, KeyCode, KeyEventKind, MouseButton, MouseEventKind, $modifiers};
            match event {
                Input::Key(key) if key.kind != KeyEventKind::Release => {
                    let code = match key.code {
                        KeyCode::Char(c) => Some(Code::Char(c)),
                        KeyCode::Enter => Some(Code::Enter),
                        KeyCode::$esc => Some(Code::Esc),
                        KeyCode::Tab => Some(Code::Tab),
                        KeyCode::BackTab => Some(Code::BackTab),
                        KeyCode::Backspace => Some(Code::Backspace),
                        KeyCode::Delete => Some(Code::Delete),
                        KeyCode::Insert => Some(Code::Insert),
                        KeyCode::$function(number) => Some(Code::F(number)),
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
                    let (ctrl, alt) =
                        (key.modifiers.contains($modifiers::CONTROL), key.modifiers.contains($modifiers::ALT));
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
    };
}

translator! {
    /// Translates an event that crossterm has read.
    from_crossterm, crossterm, KeyModifiers, Esc, F
}

#[cfg(feature = "ssh")]
translator! {
    /// Translates an event that termina has parsed.
    from_termina, termina, Modifiers, Escape, Function
}

#[cfg(all(test, feature = "ssh"))]
mod tests {
    use crossterm::event as local;
    use termina::event as remote;

    use super::*;

    fn local_key(code: local::KeyCode, modifiers: local::KeyModifiers, kind: local::KeyEventKind) -> Vec<Event> {
        from_crossterm(local::Event::Key(local::KeyEvent::new_with_kind(code, modifiers, kind))).into_iter().collect()
    }

    fn remote_key(code: remote::KeyCode, modifiers: remote::Modifiers, kind: remote::KeyEventKind) -> Vec<Event> {
        let key = remote::KeyEvent { kind, ..remote::KeyEvent::new(code, modifiers) };
        from_termina(remote::Event::Key(key)).into_iter().collect()
    }

    #[test]
    fn both_libraries_translate_a_key_alike() {
        use local::{KeyCode as L, KeyEventKind as LKind, KeyModifiers as LMod};
        use remote::{KeyCode as R, KeyEventKind as RKind, Modifiers as RMod};
        for (code, local_code, remote_code) in [
            (Code::Char('q'), L::Char('q'), R::Char('q')),
            (Code::Enter, L::Enter, R::Enter),
            (Code::Esc, L::Esc, R::Escape),
            (Code::BackTab, L::BackTab, R::BackTab),
            (Code::Backspace, L::Backspace, R::Backspace),
            (Code::PageDown, L::PageDown, R::PageDown),
            (Code::F(1), L::F(1), R::Function(1)),
        ] {
            let expected = [Event::Key(KeyPress { code, ctrl: true, alt: false })];
            assert_eq!(local_key(local_code, LMod::CONTROL, LKind::Repeat), expected);
            assert_eq!(remote_key(remote_code, RMod::CONTROL, RKind::Repeat), expected);
            assert_eq!(local_key(local_code, LMod::NONE, LKind::Release), []);
            assert_eq!(remote_key(remote_code, RMod::NONE, RKind::Release), []);
        }
        let alt = [Event::Key(KeyPress { code: Code::Char('q'), ctrl: false, alt: true })];
        assert_eq!(local_key(L::Char('q'), LMod::ALT, LKind::Press), alt);
        assert_eq!(remote_key(R::Char('q'), RMod::ALT, RKind::Press), alt);
    }
}
