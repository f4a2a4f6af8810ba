//! From an event to a new state: what every key, click and paste does.

use ratatui::layout::{Position, Size};
use tui_input::InputRequest;

use super::event::Event;
use super::keymap::{self, Action, Edit, InputMode, Motion};
use super::layout::Pane;
use super::tree::{Cursor, Section, Tree, stepped};
use super::{App, Clipboard, Effect, FIND_HEAD, LinkWarning, Overlay};
use crate::directory::EntryId;
use crate::directory::phone::Key;

/// As much as the find box takes, in characters.
const MAX_TYPED: usize = 200;

pub(super) fn update(app: &mut App, event: Event) -> Vec<Effect> {
    let effects = match event {
        Event::Paste(_) | Event::Click { .. } | Event::Wheel { .. } if app.loading().is_some() => Vec::new(),
        Event::Key(press) => {
            app.message = None;
            keymap::resolve(press, app.mode()).map(|action| app.act(action)).unwrap_or_default()
        }
        Event::Paste(text) => {
            app.message = None;
            app.paste(&text);
            Vec::new()
        }
        Event::Click { column, row } => {
            app.message = None;
            app.click(Position { x: column, y: row })
        }
        Event::Wheel { column, row, down } => {
            app.wheel(Position { x: column, y: row }, if down { Motion::Down } else { Motion::Up });
            Vec::new()
        }
        Event::Resize { width, height } => {
            app.size = Size { width, height };
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::OpenFailed(link) => {
            app.message = Some(format!("No program here opens links. The address is {link}"));
            Vec::new()
        }
        Event::CopyFailed(text) => {
            // From now on: a desktop that is gone does not come back for the next text.
            app.environment.clipboard = Clipboard::Terminal;
            app.give(text)
        }
        Event::NoShell => {
            app.message = Some("There is no shell here to go back to; q quits".into());
            Vec::new()
        }
        Event::Loading(progress) => {
            app.over = Some(Overlay::Loading(progress));
            Vec::new()
        }
        Event::Reloaded => {
            // Unless there is more to say, of what went away.
            app.message.get_or_insert_with(|| format!("Reloaded {}", app.environment.source));
            Vec::new()
        }
        Event::DataWrong(problem) => {
            // An older word must not stand in its way.
            app.message = None;
            app.problem = Some(problem);
            Vec::new()
        }
        Event::Toast(word) => {
            app.message = Some(word);
            Vec::new()
        }
    };
    app.follow();
    effects
}

impl App {
    fn act(&mut self, action: Action) -> Vec<Effect> {
        let mode = self.mode();
        match action {
            Action::Quit => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Copy => return self.copy(),
            Action::CopyMenu => return self.open_menu(),
            Action::Take(place) => return self.take(place),
            Action::ShowQr => return self.show_qr(),
            Action::OpenLink => return self.open_link(),
            Action::Enter => return self.enter(mode),
            Action::Go(step) => self.go(step, mode),
            Action::Choose(place) => self.choose(place),
            Action::Press(key) => self.press(key),
            Action::Unpress => self.unpress(),
            Action::StartAgain => self.start_again(),
            Action::Into => self.go_into(),
            Action::Out => self.go_out(),
            Action::Fold => self.toggle(),
            Action::Back => self.back(),
            Action::NextPane => self.turn(1),
            Action::PreviousPane => self.turn(Pane::ALL.len() - 1),
            Action::Find => self.open_find(),
            Action::Narrow => self.narrow(),
            Action::Edit(edit) => self.edit(edit),
            Action::OtherChoice => {
                if let Some(Overlay::LinkWarning(gate)) = &mut self.over {
                    gate.go_on = !gate.go_on;
                }
            }
            Action::Help => self.over = Some(Overlay::Help(0)),
        }
        Vec::new()
    }

    /// The rows of a pane's list or text that are in view; `None` where the pane is not.
    fn room(&self, pane: Pane) -> Option<usize> {
        let find_box = if pane == Pane::Tree && self.find().is_some() { FIND_HEAD } else { 0 };
        let inner = self.layout()?.inner(pane)?;
        Some(usize::from(inner.height).saturating_sub(find_box).max(1))
    }

    fn rows_in_view(&self, pane: Pane) -> usize {
        self.room(pane).unwrap_or(1)
    }

    pub(super) fn go(&mut self, step: Motion, mode: InputMode) {
        match mode {
            InputMode::Audience => {
                let place = self.section.after(step, self.sections.len(), self.rows_in_view(Pane::Audience));
                self.show_section(place);
            }
            InputMode::Tree => {
                let in_view = self.rows_in_view(Pane::Tree);
                self.tree.go(step, in_view);
                self.card_top = 0;
            }
            InputMode::Card => self.scroll_card(step, 1),
            InputMode::Find => {
                let in_view = self.rows_in_view(Pane::Tree);
                if let Some(Overlay::Find(find)) = &mut self.over {
                    find.cursor.selected = find.cursor.after(step, find.hits.len(), in_view);
                    self.card_top = 0;
                }
            }
            InputMode::Copy => {
                let (lines, in_view) = self.menu_in_view();
                if let Some(Overlay::Copy(cursor)) = &mut self.over {
                    cursor.selected = cursor.after(step, lines, in_view);
                }
            }
            InputMode::Help | InputMode::LinkWarning | InputMode::Qr => self.scroll_window(step, 1),
            InputMode::Loading => {}
        }
    }

    pub(super) fn scroll_card(&mut self, step: Motion, times: usize) {
        if let Some((page, top)) = self.card() {
            self.card_top = scrolled(top, step, times, page.lines.len(), self.rows_in_view(Pane::Card));
        }
    }

    pub(super) fn scroll_window(&mut self, step: Motion, times: usize) {
        let Some(window) = self.window() else { return };
        let scrolled = scrolled(window.top, step, times, window.page.lines.len(), usize::from(window.inner.height));
        match &mut self.over {
            Some(Overlay::Help(top) | Overlay::Qr(top) | Overlay::LinkWarning(LinkWarning { top, .. })) => {
                *top = scrolled
            }
            Some(Overlay::Find(_) | Overlay::Copy(_) | Overlay::Loading(_)) | None => {}
        }
    }

    /// The lines of the copy menu, and how many of them are in view.
    fn menu_in_view(&self) -> (usize, usize) {
        self.window().map_or((0, 1), |window| (window.page.lines.len(), usize::from(window.inner.height)))
    }

    fn show_section(&mut self, place: usize) {
        if let Some(section) = self.sections.get(place) {
            self.section.selected = place;
            if self.tree.section() != *section {
                self.chosen = None;
                self.tree = Tree::new(&self.directory, *section);
                self.card_top = 0;
            }
        }
    }

    pub(super) fn choose(&mut self, place: usize) {
        if place < self.sections.len() {
            self.show_section(place);
            // A new caller: the phone's keys start again from the first line.
            self.tree.go(Motion::Home, 1);
            self.card_top = 0;
            self.focus = Pane::Tree;
            self.choose_audience();
        } else {
            self.message = Some(format!("There is no line {}; choose 1 to {}", place + 1, self.sections.len()));
        }
    }

    /// Goes to an answer: on this section if it is there, else on the first that has it.
    fn visit(&mut self, answer: EntryId) {
        self.card_top = 0;
        if self.tree.select(&self.directory, answer) {
            return;
        }
        let (section, chosen) = (Section::of(&self.directory, answer), self.chosen);
        if let Some(place) = self.sections.iter().position(|listed| *listed == section) {
            self.show_section(place);
            self.tree.select(&self.directory, answer);
            // The caller is the same, wherever the answer stands.
            self.chosen = chosen;
        }
    }

    /// Presses a key of the phone at the place in the menu where the user stands.
    fn press(&mut self, key: Key) {
        let Some(here) = self.tree.selected() else { return };
        let options = self.directory.children(here);
        let key_of = |answer: &EntryId| self.directory.option(*answer).map(|option| option.key);
        if let Some(child) = options.iter().find(|child| key_of(child) == Some(key)) {
            self.visit(*child);
            return;
        }
        let keys: Vec<String> = options.iter().filter_map(key_of).map(|key| key.to_string()).collect();
        let title = self.directory.title(here);
        self.message = Some(match (keys.is_empty(), self.directory.option(here)) {
            (false, _) => format!("No key {key} is listed after {title}; listed: {}", keys.join(" ")),
            (true, Some(_)) => format!("No keys are listed after {title}; Backspace takes the last key back"),
            (true, None) => format!("{title} has no phone menu"),
        });
    }

    fn unpress(&mut self) {
        let Some(here) = self.tree.selected() else { return };
        match self.directory.parent(here) {
            Some(parent) => self.visit(parent),
            None => self.message = Some("No key has been pressed yet".into()),
        }
    }

    /// Takes all keys back: the caller is on the line itself.
    fn start_again(&mut self) {
        match self.tree.selected() {
            Some(EntryId::Option(contact, _)) => self.visit(EntryId::Contact(contact)),
            _ => self.message = Some("No key has been pressed yet".into()),
        }
    }

    fn go_into(&mut self) {
        match (self.focus, self.tree.selected()) {
            (Pane::Audience, _) => {
                self.focus = Pane::Tree;
                self.choose_audience();
            }
            (Pane::Tree, Some(here)) if self.tree.is_folded(here) => self.tree.fold(&self.directory, here, false),
            (Pane::Tree, Some(here)) => match self.directory.children(here).first() {
                Some(child) => self.visit(*child),
                None => self.focus = Pane::Card,
            },
            (Pane::Tree | Pane::Card, _) => self.focus = Pane::Card,
        }
    }

    fn go_out(&mut self) {
        match (self.focus, self.tree.selected()) {
            (Pane::Card, _) => self.focus = Pane::Tree,
            (Pane::Tree, Some(here)) => {
                let is_branch = !self.directory.children(here).is_empty();
                if is_branch && !self.tree.is_folded(here) {
                    self.tree.fold(&self.directory, here, true);
                } else if !self.directory.parent(here).is_some_and(|parent| self.tree.select(&self.directory, parent)) {
                    self.focus = Pane::Audience;
                }
                self.card_top = 0;
            }
            (Pane::Tree | Pane::Audience, _) => self.focus = Pane::Audience,
        }
    }

    pub(super) fn toggle(&mut self) {
        if let Some(here) = self.tree.selected() {
            let fold = !self.tree.is_folded(here) && !self.directory.children(here).is_empty();
            self.tree.fold(&self.directory, here, fold);
        }
    }

    fn turn(&mut self, by: usize) {
        self.focus = Pane::ALL[(self.focus as usize + by) % Pane::ALL.len()];
    }

    pub(super) fn enter(&mut self, mode: InputMode) -> Vec<Effect> {
        match mode {
            InputMode::Audience => {
                self.focus = Pane::Tree;
                self.choose_audience();
            }
            InputMode::Tree => match self.tree.selected() {
                Some(here) if self.tree.is_folded(here) => self.tree.fold(&self.directory, here, false),
                Some(_) => self.focus = Pane::Card,
                None => {}
            },
            InputMode::Find => match self.find().and_then(|find| find.hit()).cloned() {
                Some(hit) => {
                    self.over = None;
                    self.remember(&hit);
                    self.asked = hit.channel.map(|channel| (hit.answer, channel));
                    self.visit(hit.answer);
                    self.focus =
                        if self.layout().is_some_and(|layout| layout.shows_all()) { Pane::Tree } else { Pane::Card };
                }
                None => self.message = Some("Nothing to go to; type what the caller needs".into()),
            },
            InputMode::LinkWarning => {
                if let Some(Overlay::LinkWarning(gate)) = self.over.take() {
                    if gate.go_on {
                        return self.open(gate.link);
                    }
                    self.message = Some("Stayed; nothing was opened".into());
                }
            }
            InputMode::Copy => return self.copying().map(|cursor| self.take(cursor.selected)).unwrap_or_default(),
            InputMode::Card | InputMode::Help | InputMode::Qr | InputMode::Loading => {}
        }
        Vec::new()
    }

    pub(super) fn back(&mut self) {
        match self.over.take() {
            Some(Overlay::Find(find)) => return self.card_top = find.card_top_before,
            Some(_) => return,
            None => {}
        }
        match self.focus {
            Pane::Card => self.focus = Pane::Tree,
            Pane::Tree => self.focus = Pane::Audience,
            Pane::Audience => self.message = Some("This is the start; q quits".into()),
        }
    }

    fn paste(&mut self, text: &str) {
        if matches!(self.mode(), InputMode::Help | InputMode::LinkWarning | InputMode::Copy | InputMode::Qr) {
            return;
        }
        if self.find().is_none() {
            self.open_find();
        }
        let shown = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control());
        if let Some(Overlay::Find(find)) = &mut self.over {
            let room = MAX_TYPED.saturating_sub(find.input.value().chars().count());
            for c in shown.take(room) {
                find.input.handle(InputRequest::InsertChar(c));
            }
        }
        self.search();
    }

    fn edit(&mut self, edit: Edit) {
        let Some(Overlay::Find(find)) = &mut self.over else { return };
        let before = find.input.value().len();
        find.input.handle(match edit {
            Edit::Insert(_) if find.input.value().chars().count() >= MAX_TYPED => return,
            Edit::Insert(c) => InputRequest::InsertChar(c),
            Edit::DeleteBack => InputRequest::DeletePrevChar,
            Edit::DeleteForward => InputRequest::DeleteNextChar,
            Edit::DeleteWord => InputRequest::DeletePrevWord,
            Edit::Clear => InputRequest::DeleteLine,
            Edit::Left => InputRequest::GoToPrevChar,
            Edit::Right => InputRequest::GoToNextChar,
            Edit::Home => InputRequest::GoToStart,
            Edit::End => InputRequest::GoToEnd,
        });
        if find.input.value().len() != before {
            self.search();
        }
    }

    /// Keeps what is selected in view, whatever the size.
    pub(super) fn follow(&mut self) {
        if let Some(room) = self.room(Pane::Audience) {
            let mut row = Cursor { selected: self.section_row(self.section.selected), top: self.section.top };
            row.follow(self.section_row(self.sections.len()), room);
            self.section.top = row.top;
        }
        if let Some(room) = self.room(Pane::Tree) {
            match &mut self.over {
                Some(Overlay::Find(find)) => find.cursor.follow(find.hits.len(), room),
                _ => self.tree.follow(room),
            }
        }
        if self.copying().is_some() {
            let (lines, in_view) = self.menu_in_view();
            if let Some(Overlay::Copy(cursor)) = &mut self.over {
                cursor.follow(lines, in_view);
            }
        }
        self.scroll_window(Motion::Up, 0);
    }
}

/// Where a text stands after so many steps.
fn scrolled(top: usize, step: Motion, times: usize, lines: usize, in_view: usize) -> usize {
    let last = lines.saturating_sub(in_view);
    (0..times).fold(top.min(last), |top, _| stepped(step, top, in_view, last))
}
