//! Turns an event into a new state and effects: one action for each key, click and paste.

use jiff::Timestamp;
use ratatui::layout::{Position, Size};

use super::action::{Action, Edit, InputMode, Motion};
use super::event::{Code, DataProblems, Event, KeyPress};
use super::find::Opened;
use super::layout::Pane;
use super::state::{App, Effect};

/// The number of keys that a message about a key without a meaning names.
const MAX_UNBOUND_HINTS: usize = 5;

impl App {
    /// Handles an event that happened at `now` and returns what the frontend must do.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        if matches!(event, Event::Key(_) | Event::Paste(_) | Event::Click { .. }) {
            self.message = None;
        }
        match event {
            Event::Key(press) => self.key(press),
            Event::Paste(_) | Event::Click { .. } | Event::Wheel { .. } if self.loading.is_some() => {}
            Event::Paste(text) => self.paste(&text),
            Event::Click { column, row } => self.click(Position { x: column, y: row }),
            Event::Wheel { column, row, down } => {
                self.wheel(Position { x: column, y: row }, if down { Motion::Down } else { Motion::Up });
            }
            Event::Resize { width, height } => self.size = Size { width, height },
            Event::Tick => {}
            // Only a report is an email.
            Event::OpenFailed(link) if link.starts_with("mailto:") => self.copy_report(),
            Event::OpenFailed(link) => self.tell_link(&link),
            Event::CopyFailed { item, instead } => {
                // For the rest of the session: a clipboard that has failed is not tried again.
                self.environment.clipboard = instead;
                self.copy_to_clipboard(item);
            }
            Event::NoShell => {
                let quit = self.key_name(Action::Quit);
                self.tell(format!("There is no shell to suspend to; {quit} quits"));
            }
            Event::Loading(progress) => self.loading = Some(progress),
            Event::Reloaded => {
                // A message about an entry that the new data no longer has is more important.
                self.message.get_or_insert_with(|| format!("Reloaded {}", self.environment.source));
            }
            Event::DataWrong(problems) => {
                // The footer shows the first problem where there is no message.
                self.message = None;
                self.problems = problems.into_iter().map(DataProblems::sanitized).collect();
            }
            Event::ChangedSince(changed) => self.tell_changed(changed),
            Event::Toast(message) => self.tell(message),
        }
        self.end_event()
    }

    /// Does an action at `now`, whichever keys it has, and returns what the frontend must do.
    pub fn perform(&mut self, action: Action, now: Timestamp) -> Vec<Effect> {
        (self.now, self.message) = (now, None);
        self.act(action);
        self.end_event()
    }

    fn end_event(&mut self) -> Vec<Effect> {
        self.forget_changes_elsewhere();
        self.scroll_to_selection();
        std::mem::take(&mut self.effects)
    }

    fn key(&mut self, press: KeyPress) {
        if let Some(action) = self.environment.keymap.resolve(press, self.mode()) {
            // An action of the panes or the find box applies there, not to the palette over them. It keeps a note.
            let is_own =
                matches!(action, Action::Go(_) | Action::Edit(_) | Action::Enter | Action::Back | Action::Palette);
            match self.mode() {
                InputMode::Palette | InputMode::Directories if !is_own => self.overlay = None,
                InputMode::Note if !is_own || action == Action::Palette => self.keep_note(),
                _ => {}
            }
            self.act(action);
        } else if press.alt && self.mode() != InputMode::Note && matches!(press.code, Code::Char(_) | Code::Enter) {
            // Esc and a key that were typed quickly, or arrived together on a slow connection.
            self.key(KeyPress::plain(Code::Esc));
            self.key(KeyPress { alt: false, ..press });
        } else if self.loading.is_none() {
            self.tell_unbound(press);
        }
    }

    /// Says that a key does nothing, and which keys do something.
    fn tell_unbound(&mut self, press: KeyPress) {
        let hints = self.hints().into_iter().take(MAX_UNBOUND_HINTS);
        let hints = hints.map(|hint| format!("{} {}", hint.key, hint.word)).collect::<Vec<_>>().join(", ");
        self.tell(format!("{} does nothing here; {hints}", press.name()));
    }

    pub(super) fn act(&mut self, action: Action) {
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
            Action::Choose(index) => {
                if !self.choose_directory(index) {
                    self.choose(index);
                }
            }
            Action::Press(key) => self.press(key),
            Action::Unpress => self.unpress(),
            Action::StartAgain => self.start_again(),
            Action::Into => self.go_into(),
            Action::Out => self.go_out(),
            Action::Fold => self.toggle_collapsed(),
            Action::Back => self.back(),
            Action::NewCaller => self.new_caller(),
            Action::NextPane => self.panes.focus = self.panes.focus.right().unwrap_or(Pane::ALL[0]),
            Action::PreviousPane => {
                self.panes.focus = self.panes.focus.left().unwrap_or(Pane::ALL[Pane::ALL.len() - 1])
            }
            Action::Find => self.open_find(Opened::Empty),
            Action::Search(c) => {
                self.open_find(Opened::Typed);
                self.edit(Edit::Insert(c));
            }
            Action::NextAudience => self.search_beside(1),
            Action::PreviousAudience => self.search_beside(-1),
            Action::Edit(edit) => self.edit(edit),
            Action::OtherChoice => {
                if let Some(warning) = self.link_warning_mut() {
                    warning.go_on = !warning.go_on;
                }
            }
            Action::Pin => self.toggle_pin(),
            Action::Note => self.open_note(),
            Action::Report => self.report(),
            Action::EditEntry => self.edit_entry(),
            Action::Palette => self.toggle_palette(),
            Action::Problems => self.show_problems(),
            Action::Changes => self.show_changes(),
            Action::Directories => self.toggle_directories(),
        }
    }
}
