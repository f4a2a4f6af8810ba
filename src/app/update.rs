//! Turns an event into a new state and effects: one action for each key, click and paste.

use ratatui::layout::{Position, Size};

use super::event::Event;
use super::keymap::{self, Action, Motion};
use super::layout::Pane;
use super::overlay::{Help, Loading, Overlay};
use super::{App, Clipboard, Effect};

pub(super) fn update(app: &mut App, event: Event) -> Vec<Effect> {
    let effects = match event {
        Event::Paste(_) | Event::Click { .. } | Event::Wheel { .. } if app.loading().is_some() => Vec::new(),
        Event::Key(_) | Event::Paste(_) | Event::Click { .. } | Event::Wheel { .. } => app.input(event),
        Event::Resize { width, height } => {
            app.size = Size { width, height };
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::OpenFailed(_) | Event::CopyFailed(_) | Event::NoShell => app.effect_failed(event),
        Event::Loading(_) | Event::Reloaded | Event::DataWrong(_) | Event::Toast(_) => app.notified(event),
    };
    app.scroll_to_selection();
    effects
}

impl App {
    /// Handles what the user did.
    fn input(&mut self, event: Event) -> Vec<Effect> {
        if !matches!(event, Event::Wheel { .. }) {
            self.message = None;
        }
        match event {
            Event::Key(press) => {
                return keymap::resolve(press, self.mode()).map(|action| self.act(action)).unwrap_or_default();
            }
            Event::Click { column, row } => return self.click(Position { x: column, y: row }),
            Event::Paste(text) => self.paste(&text),
            Event::Wheel { column, row, down } => {
                self.wheel(Position { x: column, y: row }, if down { Motion::Down } else { Motion::Up });
            }
            _ => {}
        }
        Vec::new()
    }

    /// Handles an effect that the frontend could not perform.
    fn effect_failed(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::OpenFailed(link) => self.tell(format!("No program here opens links. The address is {link}")),
            Event::CopyFailed(text) => {
                // For the rest of the session: a desktop clipboard that has failed is not tried again.
                self.environment.clipboard = Clipboard::Terminal;
                self.copy_to_clipboard(text)
            }
            Event::NoShell => self.tell("There is no shell to suspend to; q quits"),
            _ => Vec::new(),
        }
    }

    /// Handles what the frontend reports about the data or the server.
    fn notified(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Loading(progress) => self.overlay = Some(Overlay::Loading(Loading(progress))),
            Event::Reloaded => {
                // A message about an entry that the new data no longer has is more important.
                self.message.get_or_insert_with(|| format!("Reloaded {}", self.environment.source));
            }
            Event::DataWrong(problem) => {
                // The footer shows the problem where there is no message.
                self.message = None;
                self.data.problem = Some(problem);
            }
            Event::Toast(message) => self.message = Some(message),
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Copy => return self.copy(),
            Action::CopyMenu => return self.open_copy_menu(),
            Action::CopyItem(index) => return self.copy_item(index),
            Action::ShowQr => return self.show_qr(),
            Action::OpenLink => return self.open_link(),
            Action::Enter => return self.enter(),
            Action::Go(motion) => self.go(motion),
            Action::Choose(index) => self.choose(index),
            Action::Press(key) => self.press(key),
            Action::Unpress => self.unpress(),
            Action::StartAgain => self.start_again(),
            Action::Into => self.go_into(),
            Action::Out => self.go_out(),
            Action::Fold => self.toggle_collapsed(),
            Action::Back => self.back(),
            Action::NextPane => self.cycle_focus(1),
            Action::PreviousPane => self.cycle_focus(Pane::ALL.len() - 1),
            Action::Find => self.open_find(),
            Action::Narrow => self.toggle_narrowing(),
            Action::Edit(edit) => self.edit(edit),
            Action::OtherChoice => {
                if let Some(Overlay::LinkWarning(warning)) = &mut self.overlay {
                    warning.go_on = !warning.go_on;
                }
            }
            Action::Help => self.overlay = Some(Overlay::Help(Help::default())),
        }
        Vec::new()
    }
}
