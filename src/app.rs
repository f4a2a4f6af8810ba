//! The state of the app and what changes it. Pure: no terminal, environment, clock or files; what differs from host to
//! host comes in as an [`Environment`], time comes in with each event, and what a host must do goes out as [`Effect`]s.

pub mod card;
pub mod event;
mod find;
pub mod keymap;
pub mod layout;
mod mouse;
pub mod page;
pub mod qr;
mod reload;
mod share;
pub mod tree;
mod update;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};

use crate::directory::progress::Progress;
use crate::directory::{Channel, Directory, EntryId};
use crate::search::{Index, SearchResult};
use event::Event;
pub use find::{FIND_HEAD, Find};
use keymap::{Action, InputMode};
use layout::{Layout, Pane, READING};
use page::{Page, TextStyle};
use qr::Modules;
pub use share::Item;
use tree::{Cursor, Section, Tree};

/// What differs from host to host.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The marks to draw with.
    pub glyphs: Glyphs,
    /// Whether to use colours; without, bold, dim and reverse remain.
    pub colors: bool,
    /// The reader's own time zone, where the host knows it.
    pub reader_zone: Option<TimeZone>,
    /// Whether the host can open a link; else its address is shown.
    pub opens_links: bool,
    /// Which clipboard the host has.
    pub clipboard: Clipboard,
    /// Whether there may be a shell to give the terminal back to.
    pub may_suspend: bool,
    /// Whether the moment was set by the user, so that the clock stands still.
    pub moment_is_set: bool,
    /// Where the directory comes from, in few letters: `built in`, or the name of a file.
    pub source: String,
}

/// A clipboard that a host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// That of the desktop on the same machine.
    Desktop,
    /// That of whatever terminal is at the other end (OSC 52), which never says whether it took anything.
    Terminal,
}

/// The marks to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub struct Glyphs {
    pub unfolded: &'static str,
    pub folded: &'static str,
    pub then: &'static str,
    pub here: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub dot: &'static str,
    pub dash: &'static str,
    pub rule: &'static str,
    pub means: &'static str,
    pub more: &'static str,
    pub done: &'static str,
    pub to_do: &'static str,
    pub ascii_borders: bool,
    pub modules: Modules,
}

impl Glyphs {
    /// For terminals that know Unicode.
    pub const UNICODE: Self = Self {
        unfolded: "▾",
        folded: "▸",
        then: "▸",
        here: "▌",
        open: "●",
        closed: "○",
        dot: "·",
        dash: "–",
        rule: "─",
        means: "→",
        more: "…",
        done: "█",
        to_do: "░",
        ascii_borders: false,
        modules: Modules::HalfBlocks,
    };
    /// For those that do not.
    pub const ASCII: Self = Self {
        unfolded: "-",
        folded: "+",
        then: ">",
        here: ">",
        open: "*",
        closed: "o",
        dot: "-",
        dash: "-",
        rule: "-",
        means: "->",
        more: "~",
        done: "#",
        to_do: ".",
        ascii_borders: true,
        modules: Modules::Spaces,
    };
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            glyphs: Glyphs::UNICODE,
            colors: true,
            reader_zone: None,
            opens_links: false,
            clipboard: Clipboard::Terminal,
            may_suspend: false,
            moment_is_set: false,
            source: "built in".to_owned(),
        }
    }
}

/// What a host must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Put this on the clipboard.
    Copy(String),
    /// Open this link.
    OpenLink(String),
    /// Give the terminal back to the shell until it says otherwise.
    Suspend,
    /// Leave.
    Quit,
}

/// What is over the panes.
#[derive(Clone, Debug)]
enum Overlay {
    Find(Find),
    Help(usize),
    LinkWarning(LinkWarning),
    Copy(Cursor),
    Qr(usize),
    Loading(Progress),
}

/// A notice before a link opens.
#[derive(Clone, Debug)]
pub struct LinkWarning {
    /// The notice, in [`Directory::notices`].
    pub notice: usize,
    /// The link that waits.
    pub link: String,
    /// The choice that is marked; to stay, at first.
    pub go_on: bool,
    top: usize,
}

/// A window over the panes: a text and the part of it that is in view.
#[derive(Clone, Debug)]
pub struct Window {
    /// What stands in its border.
    pub title: String,
    /// Its text.
    pub page: Page,
    /// The first line in view.
    pub top: usize,
    /// Where it is, with its border.
    pub area: Rect,
    /// The room for its lines.
    pub inner: Rect,
}

/// The state of the app.
#[derive(Clone, Debug)]
pub struct App {
    directory: Arc<Directory>,
    index: Arc<Index>,
    environment: Environment,
    size: Size,
    now: Timestamp,
    sections: Vec<Section>,
    section: Cursor,
    tree: Tree,
    focus: Pane,
    card_top: usize,
    over: Option<Overlay>,
    /// The audience that the user has chosen, in [`Directory::audiences`]; going to an answer chooses none.
    chosen: Option<usize>,
    /// What was gone to from the find box, the last first.
    recent: Vec<SearchResult>,
    /// The channel that was asked for when the user went to an answer, in its contact's channels.
    asked: Option<(EntryId, usize)>,
    message: Option<String>,
    /// When the directory came to the screen.
    loaded: Timestamp,
    /// What is wrong with the file of the directory now.
    problem: Option<String>,
}

impl App {
    /// The app as it starts: the first audience chosen, the audience pane in use.
    pub fn new(
        directory: Arc<Directory>,
        index: Arc<Index>,
        environment: Environment,
        size: Size,
        now: Timestamp,
    ) -> Self {
        let sections = Section::all(&directory);
        let first = sections.first().copied().unwrap_or(Section::Everyone);
        let tree = Tree::new(&directory, first);
        Self {
            directory,
            index,
            environment,
            size,
            now,
            sections,
            section: Cursor::default(),
            tree,
            focus: Pane::Audience,
            card_top: 0,
            over: None,
            chosen: None,
            recent: Vec::new(),
            asked: None,
            message: None,
            loaded: now,
            problem: None,
        }
    }

    /// Takes an event at a moment; what the host must do comes back.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        update::update(self, event)
    }

    /// The directory on the screen.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The index that is searched.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What differs from host to host.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The moment of the last event.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The size of the screen.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The lines of the audience pane.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Where the user stands in the audience pane.
    pub fn section(&self) -> Cursor {
        self.section
    }

    /// The row of the audience pane that a section stands in: a rule parts the audiences from the others.
    pub fn section_row(&self, place: usize) -> usize {
        let audiences = self.directory.audiences.len();
        place + usize::from(place >= audiences && audiences > 0 && self.sections.len() > audiences)
    }

    /// The tree pane.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The pane in use.
    pub fn focus(&self) -> Pane {
        self.focus
    }

    /// A word to the user, until the next key.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// What is wrong with the file of the directory, in one line, and since when the directory on the screen is there.
    pub fn problem(&self) -> Option<(&str, Timestamp)> {
        self.problem.as_deref().map(|problem| (problem, self.loaded))
    }

    /// How far the directory is loaded, while there is none to show.
    pub fn loading(&self) -> Option<Progress> {
        match self.over {
            Some(Overlay::Loading(progress)) => Some(progress),
            _ => None,
        }
    }

    /// Where the keys go.
    pub fn mode(&self) -> InputMode {
        match &self.over {
            Some(Overlay::Find(_)) => InputMode::Find,
            Some(Overlay::Help(_)) => InputMode::Help,
            Some(Overlay::LinkWarning(_)) => InputMode::LinkWarning,
            Some(Overlay::Copy(_)) => InputMode::Copy,
            Some(Overlay::Qr(_)) => InputMode::Qr,
            Some(Overlay::Loading(_)) => InputMode::Loading,
            None => match self.focus {
                Pane::Audience => InputMode::Audience,
                Pane::Tree => InputMode::Tree,
                Pane::Card => InputMode::Card,
            },
        }
    }

    /// The find box, if it is open.
    pub fn find(&self) -> Option<&Find> {
        match &self.over {
            Some(Overlay::Find(find)) => Some(find),
            _ => None,
        }
    }

    /// The notice that is shown before a link opens.
    pub fn gate(&self) -> Option<&LinkWarning> {
        match &self.over {
            Some(Overlay::LinkWarning(gate)) => Some(gate),
            _ => None,
        }
    }

    /// The answer that the card is about.
    pub fn answer(&self) -> Option<EntryId> {
        match self.find() {
            Some(find) => find.hit().map(|hit| hit.answer),
            None => self.tree.selected(),
        }
    }

    /// The channel that the card is about: the one that was asked for, else the answer's own.
    pub fn channel(&self) -> Option<&Channel> {
        let answer = self.answer()?;
        let asked = match self.find() {
            Some(find) => find.hit()?.channel,
            None => self.asked.filter(|(of, _)| *of == answer).map(|(_, channel)| channel),
        };
        self.directory.channel_asked(answer, asked)
    }

    /// Whether an action is worth a hint where the user stands.
    pub fn offers(&self, action: Action) -> bool {
        let answer = self.answer();
        match action {
            Action::Copy => self.copyable().is_some(),
            Action::Narrow => self.find().is_some_and(|find| find.audience.is_some() || self.chosen.is_some()),
            Action::OpenLink => answer.is_some_and(|answer| self.directory.page(answer).is_some()),
            Action::CopyMenu => answer.is_some(),
            Action::Unpress | Action::StartAgain => {
                answer.is_some_and(|answer| self.directory.option(answer).is_some())
            }
            Action::ShowQr => self.scan().is_ok(),
            Action::Enter => match self.mode() {
                InputMode::Card => false,
                // Where the card is in view anyway, opening it brings nothing new.
                InputMode::Tree => {
                    let is_in_view = self.layout().is_some_and(|layout| layout.shows_all());
                    !is_in_view || answer.is_some_and(|answer| self.tree.is_folded(answer))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// Where everything is; `None` where the screen is too small.
    pub fn layout(&self) -> Option<Layout> {
        Layout::new(self.size, if self.find().is_some() { Pane::Tree } else { self.focus })
    }

    /// The card, for the room that it has, and its first line in view; `None` where it is not in view or there is no
    /// answer.
    pub fn card(&self) -> Option<(Page, usize)> {
        let room = self.layout()?.inner(Pane::Card)?;
        let mut page =
            card::card(&self.directory, self.answer()?, self.channel(), self.now, &self.environment, room.width);
        page.settle(room.height);
        let last = page.lines.len().saturating_sub(usize::from(room.height));
        Some((page, self.card_top.min(last)))
    }

    /// What is over the panes: the help, a notice, the copy menu or a QR code.
    pub fn window(&self) -> Option<Window> {
        let layout = self.layout()?;
        let width = layout.window_inner(Size::MAX).width.min(READING);
        let (title, page, top, foot) = match self.over.as_ref()? {
            Overlay::Find(_) | Overlay::Loading(_) => return None,
            Overlay::Help(top) => ("Keys".to_owned(), help(width), *top, 0),
            Overlay::LinkWarning(gate) => {
                let answer = EntryId::Notice(gate.notice);
                let mut page = card::card(&self.directory, answer, None, self.now, &self.environment, width);
                page.head(&gate.link);
                ("Before this link opens".to_owned(), page, gate.top, GATE_FOOT)
            }
            Overlay::Copy(cursor) => ("Copy".to_owned(), self.menu(width), cursor.top, 0),
            Overlay::Qr(top) => ("QR code".to_owned(), self.qr_page(&layout), *top, 0),
        };
        let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX).saturating_add(foot);
        let text = Size { width: page.width(), height };
        let mut inner = layout.window_inner(text);
        inner.height = inner.height.saturating_sub(foot);
        Some(Window { title, page, top, area: layout.window(text), inner })
    }

    /// The two choices of a notice before a link: to stay, and to go on.
    pub fn choices(&self, gate: &LinkWarning) -> [&str; 2] {
        match &self.directory.notices[gate.notice].choices[..] {
            [go_on, stay] => [stay, go_on],
            _ => ["Cancel", "Continue"],
        }
    }
}

/// The lines that a notice's choices take: one empty, one with the choices.
const GATE_FOOT: u16 = 2;

fn help(width: u16) -> Page {
    let mut page = Page::new(width);
    for (heading, modes) in keymap::CHAPTERS {
        page.gap();
        page.text(heading, TextStyle::Strong);
        for (keys, does) in keymap::lines(modes) {
            page.entry(&keys, does);
        }
    }
    page
}
