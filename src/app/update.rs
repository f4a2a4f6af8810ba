//! Turns an event into a new state and effects: one action for each key, click and paste.

use jiff::Timestamp;
use ratatui::layout::{Position, Size};

use super::event::Event;
use super::keymap::{self, Action, Motion};
use super::layout::Pane;
use super::overlay::OverlayKind;
use super::state::{App, Clipboard, Effect};

impl App {
    /// Handles an event that happened at `now` and returns what the frontend must do.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        if matches!(event, Event::Key(_) | Event::Paste(_) | Event::Click { .. }) {
            self.message = None;
        }
        match event {
            Event::Key(press) => {
                if let Some(action) = keymap::resolve(press, self.mode()) {
                    self.act(action);
                }
            }
            Event::Paste(_) | Event::Click { .. } | Event::Wheel { .. } if self.loading.is_some() => {}
            Event::Paste(text) => self.paste(&text),
            Event::Click { column, row } => self.click(Position { x: column, y: row }),
            Event::Wheel { column, row, down } => {
                self.wheel(Position { x: column, y: row }, if down { Motion::Down } else { Motion::Up });
            }
            Event::Resize { width, height } => self.size = Size { width, height },
            Event::Tick => {}
            Event::OpenFailed(link) => self.tell_link(&link),
            Event::CopyFailed(text) => {
                // For the rest of the session: a desktop clipboard that has failed is not tried again.
                self.environment.clipboard = Clipboard::Terminal;
                self.copy_to_clipboard(text);
            }
            Event::NoShell => self.tell("There is no shell to suspend to; q quits"),
            Event::Loading(progress) => self.loading = Some(progress),
            Event::Reloaded => {
                // A message about an entry that the new data no longer has is more important.
                self.message.get_or_insert_with(|| format!("Reloaded {}", self.environment.source));
            }
            Event::DataWrong(problem) => {
                // The footer shows the problem where there is no message.
                self.message = None;
                self.problem = Some(problem);
            }
            Event::Toast(message) => self.tell(message),
        }
        self.scroll_to_selection();
        std::mem::take(&mut self.effects)
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Quit => self.effects.push(Effect::Quit),
            Action::Suspend => self.effects.push(Effect::Suspend),
            Action::Copy => self.copy(),
            Action::CopyMenu => self.open_copy_menu(),
            Action::CopyItem(index) => self.copy_item(index),
            Action::ShowQr => self.show_qr(),
            Action::OpenLink => self.open_link(),
            Action::Operator => self.go_to_operator(),
            Action::Enter => self.enter(),
            Action::Go(motion) => self.go(motion),
            Action::Choose(index) => self.choose(index),
            Action::Press(key) => self.press(key),
            Action::Unpress => self.unpress(),
            Action::StartAgain => self.start_again(),
            Action::Into => self.go_into(),
            Action::Out => self.go_out(),
            Action::Fold => self.toggle_collapsed(),
            Action::Back => self.back(),
            Action::NextPane => self.panes.focus = self.panes.focus.right().unwrap_or(Pane::ALL[0]),
            Action::PreviousPane => {
                self.panes.focus = self.panes.focus.left().unwrap_or(Pane::ALL[Pane::ALL.len() - 1])
            }
            Action::Find => self.open_find(),
            Action::Narrow => self.toggle_narrowing(),
            Action::Edit(edit) => self.edit(edit),
            Action::OtherChoice => {
                if let Some(warning) = self.link_warning_mut() {
                    warning.go_on = !warning.go_on;
                }
            }
            Action::Help => self.open_overlay(OverlayKind::Help),
        }
    }
}
