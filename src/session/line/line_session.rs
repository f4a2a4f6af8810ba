//! The state of the navigator in lines: what an answer means, and what it does.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::Size;

use super::command::Command::{self, Back, Do, Help, Hours, Link, List, Notices};
use super::command::{COMMANDS, help, needs_entry};
use crate::app::event::Event;
use crate::app::keymap::{Action, InputMode};
use crate::app::{App, Effect, Environment, StartView};
use crate::directory::EntryId;
use crate::directory::phone::Key;
use crate::directory::text::sanitized;
use crate::present::display::Glyphs;
use crate::present::outline::{Part, Row};
use crate::search::Catalog;

/// The size of the screen that the app is given: one that shows all panes.
const SIZE: Size = Size { width: 120, height: 40 };

/// The maximum width of the text, in columns.
const MAX_WIDTH: u16 = 100;

/// The maximum number of digits of a line's number. Longer ones are phone numbers.
const MAX_NUMBER_LEN: usize = 2;
/// The maximum number of lines of a list that are read: those that have such a number.
pub(super) const MAX_LISTED: usize = 99;

/// The maximum number of keys of the phone in one line.
const MAX_KEYS: usize = 6;

/// What a number in an answer refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The audiences.
    Start,
    /// A list of entries.
    List,
    /// The results of a query.
    Results,
    /// An entry, whose phone menu takes the keys.
    Entry,
    /// The texts that can be copied.
    Copy,
    /// The choices of a notice before a link.
    LinkWarning,
    /// The directories.
    Directories,
}

/// What the session says, and what the frontend has to do.
#[derive(Debug, Default)]
pub struct Reply {
    /// The text, in whole lines.
    pub text: String,
    /// The effects to perform.
    pub effects: Vec<Effect>,
}

/// An app that is used in lines.
pub struct LineSession {
    pub(super) app: App,
    /// The width of the text, in columns.
    pub(super) width: u16,
    /// The entries of the list that was read last, while its numbers count.
    pub(super) listed: Vec<EntryId>,
    /// The query whose results the entry was opened from.
    query: Option<String>,
    /// Whether the reply reads the list or the card, even if it is the same as before.
    is_read: bool,
}

impl LineSession {
    /// Creates a session that writes lines of at most `width` columns, and at most 100.
    pub fn new(catalog: Arc<Catalog>, mut environment: Environment, width: u16, now: Timestamp) -> Self {
        environment.display.glyphs = Glyphs::ASCII;
        environment.profile.start = StartView::default();
        let (app, width) = (App::new(catalog, environment, SIZE, now), width.min(MAX_WIDTH));
        Self { app, width, listed: Vec::new(), query: None, is_read: false }
    }

    /// Changes the width of the lines.
    pub fn set_width(&mut self, width: u16) {
        self.width = width.min(MAX_WIDTH);
    }

    /// Replaces the directory. A list that was read last is read again, from its start, with the next event.
    pub fn reload(&mut self, catalog: Arc<Catalog>) {
        self.app.reload(catalog);
        if !self.listed.is_empty() {
            (self.listed, self.is_read) = (self.contacts(), true);
        }
    }

    /// The app's state.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The text before the first prompt.
    pub fn greeting(&self) -> String {
        clean_lines(&format!("dialtree. {}\n{}", self.app.directory().name, self.read()))
    }

    /// What the next answer can be.
    pub fn prompt(&self) -> String {
        let to =
            |what: &str, count: usize| if count > 1 { format!("{what} 1 to {count}") } else { format!("{what} 1") };
        let number = match self.place() {
            Place::Start => to("Audience", self.app.panes.sections.len()),
            Place::List if self.listed.is_empty() => "Back".to_owned(),
            Place::List => to("Line", self.listed.len().min(MAX_LISTED)),
            Place::Results => match self.result_count() {
                0 => "Other words".to_owned(),
                count => to("Answer", count),
            },
            Place::Entry => match self.keys_listed() {
                keys if keys.is_empty() => "Copy, back".to_owned(),
                keys => format!("Phone key {keys}, copy, back"),
            },
            Place::Copy => to("Copy line", self.app.copy_items().len()),
            Place::Directories => to("Directory", self.app.directory_names().count()),
            Place::LinkWarning => return "1 or 2: ".to_owned(),
        };
        format!("{number}, what the caller needs, or help: ")
    }

    /// Takes an answer.
    pub fn answer(&mut self, line: &str, now: Timestamp) -> Reply {
        let line = line.trim();
        let command = COMMANDS.iter().find(|(names, ..)| names.iter().any(|name| name.eq_ignore_ascii_case(line)));
        let before = (self.place(), self.app.entry());
        let mut reply = match command {
            _ if line.is_empty() => self.reading(Vec::new()),
            Some((_, command, _)) => self.run(*command, now),
            None => self.take(line, now),
        };
        if let Some(message) = self.app.message.take() {
            reply.text.insert_str(0, &format!("{message}\n"));
        }
        let is_over = reply.effects.iter().any(|effect| matches!(effect, Effect::Quit | Effect::Copy(_)));
        let is_read = std::mem::take(&mut self.is_read) || before != (self.place(), self.app.entry());
        if is_read && !is_over {
            reply.text += &self.read();
        }
        reply.text = clean_lines(&reply.text);
        reply
    }

    /// Passes on what the frontend reports.
    pub fn feed(&mut self, event: Event, now: Timestamp) -> Reply {
        let effects = self.app.handle(event, now);
        let message = self.app.message.take();
        let mut text = message.map_or_else(String::new, |message| message + "\n");
        if std::mem::take(&mut self.is_read) {
            text += &self.read();
        }
        Reply { text: clean_lines(&text), effects }
    }

    /// A reply that ends with what the numbers refer to.
    fn reading(&mut self, effects: Vec<Effect>) -> Reply {
        self.is_read = true;
        Reply { text: String::new(), effects }
    }

    pub(super) fn place(&self) -> Place {
        match (self.app.mode(), &self.app.find) {
            (InputMode::LinkWarning, _) => Place::LinkWarning,
            (InputMode::Copy, _) => Place::Copy,
            (InputMode::Directories, _) => Place::Directories,
            (_, Some(_)) => Place::Results,
            _ if !self.listed.is_empty() => Place::List,
            _ if self.app.is_at_start_of_directory() => Place::Start,
            _ => Place::Entry,
        }
    }

    /// Takes an answer that is not a command: a number, keys of the phone, or a query.
    fn take(&mut self, line: &str, now: Timestamp) -> Reply {
        let place = self.place();
        let keys: Option<Vec<Key>> = line.chars().map(Key::new).collect();
        let number = line.parse::<usize>().ok().filter(|_| line.len() <= MAX_NUMBER_LEN);
        match (place, keys, number) {
            (Place::Entry, Some(keys), _) if keys.len() <= MAX_KEYS => self.press(&keys, now),
            (Place::Entry, ..) | (_, _, None) => self.search(line.trim_start_matches('/'), now),
            (_, _, Some(number)) => self.choose(place, number.wrapping_sub(1), now),
        }
    }

    /// Presses keys of the phone, up to the first one that is not listed.
    fn press(&mut self, keys: &[Key], now: Timestamp) -> Reply {
        let mut reply = Reply::default();
        for key in keys {
            let before = self.app.entry();
            reply.effects.extend(self.app.perform(Action::Press(*key), now));
            if let Some(id) = self.app.entry().filter(|id| before == Some(*id)) {
                // The message of the app names keys of the keyboard.
                self.app.message = None;
                let listed = match self.keys_listed() {
                    keys if keys.is_empty() => "no keys are".to_owned(),
                    keys => keys + " are",
                };
                let title = self.app.catalog.directory(id).title(id);
                reply.text = format!("No key {key} is listed after {title}; {listed} listed.\n");
                break;
            }
        }
        reply
    }

    /// Chooses a line of a list, counted from 0.
    fn choose(&mut self, place: Place, index: usize, now: Timestamp) -> Reply {
        let count = match place {
            Place::Results => self.result_count(),
            Place::LinkWarning => 2,
            Place::Start => self.app.panes.sections.len(),
            Place::Copy => self.app.copy_items().len(),
            Place::Directories => self.app.directory_names().count(),
            Place::List | Place::Entry => self.listed.len(),
        };
        if index >= count {
            let text = format!("There is no line {}; choose 1 to {count}.\n", index.wrapping_add(1));
            return Reply { text, effects: Vec::new() };
        }
        let effects = match place {
            Place::Start => {
                let effects = self.app.perform(Action::Choose(index), now);
                let is_chosen = !self.app.is_at_start_of_directory();
                self.listed = if is_chosen { self.contacts() } else { Vec::new() };
                effects
            }
            Place::Copy => self.app.perform(Action::CopyItem(index), now),
            Place::Directories => {
                self.listed.clear();
                self.app.find = None;
                self.app.perform(Action::Choose(index), now)
            }
            Place::LinkWarning => self.decide(index == 1, now),
            Place::Results => {
                if let Some(find) = &mut self.app.find {
                    find.cursor.selected = index;
                    self.query = Some(find.input.value().to_owned());
                }
                self.app.perform(Action::Enter, now)
            }
            Place::List | Place::Entry => {
                self.open(self.listed[index]);
                return self.reading(Vec::new());
            }
        };
        Reply { text: String::new(), effects }
    }

    /// Opens an entry of the tree, or reads the sections of a notice.
    fn open(&mut self, id: EntryId) {
        let catalog = Arc::clone(&self.app.catalog);
        let directory = catalog.directory(id);
        self.app.panes.tree.select(directory, id);
        let sections = if directory.notice(id).is_some() { directory.children(id) } else { Vec::new() };
        (self.listed, self.query) = (sections, None);
    }

    /// Continues to a link or cancels.
    fn decide(&mut self, go_on: bool, now: Timestamp) -> Vec<Effect> {
        if go_on {
            self.app.perform(Action::OtherChoice, now);
        }
        self.app.perform(Action::Enter, now)
    }

    /// Searches in the scope.
    fn search(&mut self, query: &str, now: Timestamp) -> Reply {
        self.listed.clear();
        while matches!(self.place(), Place::Copy | Place::LinkWarning | Place::Directories | Place::Results) {
            self.app.perform(Action::Back, now);
        }
        self.app.perform(Action::Find, now);
        let effects = self.app.handle(Event::Paste(query.to_owned()), now);
        self.reading(effects)
    }

    fn run(&mut self, command: Command, now: Timestamp) -> Reply {
        let mut reply = Reply::default();
        if needs_entry(command) && !matches!(self.place(), Place::Entry | Place::Copy) {
            reply.text = "Choose a line first.\n".to_owned();
            return reply;
        }
        match command {
            Do(action) => {
                if action == Action::NewCaller {
                    self.listed.clear();
                }
                reply.effects = self.app.perform(action, now);
            }
            Back => return self.back(now),
            List => return self.list(),
            Hours => reply.text = self.hours(),
            Link => reply.text = self.link(),
            Help => reply.text = help(self.app.catalog.has_several()),
            Notices => {
                self.app.perform(Action::NewCaller, now);
                let notices = self.app.panes.sections.iter().position(|section| section.part == Part::Notices);
                if let Some(index) = notices {
                    self.app.perform(Action::Choose(index), now);
                    self.listed = self.contacts();
                }
                return match notices {
                    Some(_) => self.reading(Vec::new()),
                    None => Reply { text: "There are no notices.\n".to_owned(), effects: Vec::new() },
                };
            }
        }
        reply
    }

    /// From a menu to what it is for, from an entry to the list or the results it was opened from, from those to the
    /// start.
    fn back(&mut self, now: Timestamp) -> Reply {
        match self.place() {
            Place::Copy | Place::LinkWarning | Place::Directories | Place::Results => {
                let effects = self.app.perform(Action::Back, now);
                self.reading(effects)
            }
            Place::Entry => match self.query.take() {
                Some(query) => self.search(&query, now),
                None => {
                    self.listed = self.contacts();
                    self.reading(Vec::new())
                }
            },
            Place::List | Place::Start => {
                self.listed.clear();
                Reply { text: String::new(), effects: self.app.perform(Action::NewCaller, now) }
            }
        }
    }

    /// Lists what follows an entry, or else the contacts in scope.
    fn list(&mut self) -> Reply {
        let next = self.app.entry().filter(|_| self.place() == Place::Entry);
        let next = next.map_or_else(Vec::new, |id| self.app.catalog.directory(id).children(id));
        self.listed = if next.is_empty() { self.contacts() } else { next };
        self.app.find = None;
        self.reading(Vec::new())
    }

    /// The entries at the top of the tree.
    fn contacts(&self) -> Vec<EntryId> {
        let tops = self.app.panes.tree.rows().iter().filter_map(|row| match row {
            Row::Item { id, depth: 0, .. } => Some(*id),
            Row::Item { .. } | Row::Heading(_) => None,
        });
        tops.collect()
    }
}

/// Lines without what a terminal may interpret, and without blanks at their ends.
fn clean_lines(text: &str) -> String {
    text.lines().map(|line| sanitized(line.trim_end()).into_owned() + "\n").collect()
}
