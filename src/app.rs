//! The state of the app and what changes it. Pure: no terminal, environment, clock or files. What differs between
//! frontends comes in as an [`Environment`], time comes in with each event, and what a frontend must do goes out as
//! [`Effect`]s.

pub mod event;
mod find;
pub mod keymap;
pub mod layout;
mod modal;
mod mouse;
mod navigate;
pub mod overlay;
mod query;
mod reload;
mod share;
pub mod tree;
mod update;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::Size;

use crate::directory::progress::Progress;
use crate::directory::{AudienceId, Directory, EntryId};
use crate::present::card::Card;
use crate::present::card_page::card_page;
use crate::present::display::Display;
use crate::present::outline::Section;
use crate::present::page::Page;
use crate::search::{Catalog, SearchResult};
use event::Event;
pub use find::{FIND_HEAD, Find};
use keymap::{Action, InputMode};
use layout::{Layout, Pane};
use overlay::Overlay;
pub use overlay::{LinkWarning, Window};
use tree::{Cursor, Tree};

/// What differs between frontends.
#[derive(Clone, Debug)]
pub struct Environment {
    /// How text is drawn.
    pub display: Display,
    /// Whether the frontend can open a link; otherwise its address is shown.
    pub opens_links: bool,
    /// The clipboard that the frontend has.
    pub clipboard: Clipboard,
    /// Whether there may be a shell to suspend to.
    pub may_suspend: bool,
    /// Whether the user fixed the time with `--at`, so that the clock does not advance.
    pub moment_is_set: bool,
    /// The short name of the directory's source: `built in`, or the name of a file.
    pub source: String,
}

/// The clipboard that a frontend copies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// The desktop's, on the same machine.
    Desktop,
    /// The user's, through the terminal (OSC 52), which never confirms a copy.
    Terminal,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            display: Display::default(),
            opens_links: false,
            clipboard: Clipboard::Terminal,
            may_suspend: false,
            moment_is_set: false,
            source: "built in".to_owned(),
        }
    }
}

/// What a frontend must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Copy a text to the clipboard.
    Copy(String),
    /// Open a link.
    OpenLink(String),
    /// Suspend the program and give the terminal back to the shell.
    Suspend,
    /// End the program.
    Quit,
}

/// The state of the app.
#[derive(Clone, Debug)]
pub struct App {
    catalog: Arc<Catalog>,
    environment: Environment,
    size: Size,
    now: Timestamp,
    panes: Panes,
    overlay: Option<Overlay>,
    /// The results that the user opened from the find box, the latest first.
    recent: Vec<SearchResult>,
    /// The entry that the user opened from the find box, by the requested channel.
    asked: Option<EntryId>,
    message: Option<String>,
    data: DataStatus,
}

/// The panes: the sections of the directory, the tree of one of them, and the card.
#[derive(Clone, Debug)]
struct Panes {
    sections: Vec<Section>,
    /// The selected section.
    section: Cursor,
    tree: Tree,
    focus: Pane,
    /// The audience that the user has chosen. Opening an entry elsewhere keeps it.
    chosen: Option<AudienceId>,
    card: CardScroll,
}

impl Panes {
    fn new(directory: &Directory) -> Self {
        let sections = Section::all(directory);
        let first = sections.first().copied().unwrap_or(Section::Everyone);
        Self {
            sections,
            section: Cursor::default(),
            tree: Tree::new(directory, first),
            focus: Pane::Audience,
            chosen: None,
            card: CardScroll::default(),
        }
    }
}

/// How far the card of an entry is scrolled. Another entry's card starts at its top.
#[derive(Clone, Copy, Debug, Default)]
struct CardScroll {
    entry: Option<EntryId>,
    top: usize,
}

impl CardScroll {
    fn top(self, entry: EntryId) -> usize {
        if self.entry == Some(entry) { self.top } else { 0 }
    }
}

/// When the catalog was loaded, and the current problem with its file, if there is one.
#[derive(Clone, Debug)]
struct DataStatus {
    loaded: Timestamp,
    problem: Option<String>,
}

impl App {
    /// The app at its start: the first audience selected, the audience pane focused.
    pub fn new(catalog: Arc<Catalog>, environment: Environment, size: Size, now: Timestamp) -> Self {
        let panes = Panes::new(shown(&catalog));
        Self {
            catalog,
            environment,
            size,
            now,
            panes,
            overlay: None,
            recent: Vec::new(),
            asked: None,
            message: None,
            data: DataStatus { loaded: now, problem: None },
        }
    }

    /// Handles an event that happened at `now` and returns what the frontend must do.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        update::update(self, event)
    }

    /// The catalog that is shown and searched.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The directory in the panes.
    pub fn directory(&self) -> &Directory {
        shown(&self.catalog)
    }

    /// What differs between frontends.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The moment of the last event.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The size of the screen, in cells.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The lines of the audience pane.
    pub fn sections(&self) -> &[Section] {
        &self.panes.sections
    }

    /// The selected line of the audience pane.
    pub fn section(&self) -> Cursor {
        self.panes.section
    }

    /// The row of the audience pane that shows a section. A rule separates the audiences from the rest.
    pub fn section_row(&self, index: usize) -> usize {
        let audiences = self.directory().audiences.len();
        index + usize::from(index >= audiences && audiences > 0 && self.panes.sections.len() > audiences)
    }

    /// The tree pane.
    pub fn tree(&self) -> &Tree {
        &self.panes.tree
    }

    /// The focused pane.
    pub fn focus(&self) -> Pane {
        self.panes.focus
    }

    /// The message to the user, shown until the next key.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The problem with the directory's file, in one line, and when the directory on the screen was loaded.
    pub fn problem(&self) -> Option<(&str, Timestamp)> {
        self.data.problem.as_deref().map(|problem| (problem, self.data.loaded))
    }

    /// The loading progress of the first directory, until there is one to show.
    pub fn loading(&self) -> Option<Progress> {
        match self.overlay {
            Some(Overlay::Loading(loading)) => Some(loading.0),
            _ => None,
        }
    }

    /// Where keys go.
    pub fn mode(&self) -> InputMode {
        match (&self.overlay, self.panes.focus) {
            (Some(overlay), _) => overlay.modal().mode(),
            (None, Pane::Audience) => InputMode::Audience,
            (None, Pane::Tree) => InputMode::Tree,
            (None, Pane::Card) => InputMode::Card,
        }
    }

    /// The find box, if it is open.
    pub fn find(&self) -> Option<&Find> {
        match &self.overlay {
            Some(Overlay::Find(find)) => Some(find),
            _ => None,
        }
    }

    fn find_mut(&mut self) -> Option<&mut Find> {
        match &mut self.overlay {
            Some(Overlay::Find(find)) => Some(find),
            _ => None,
        }
    }

    /// The notice that is shown before a link opens.
    pub fn link_warning(&self) -> Option<&LinkWarning> {
        match &self.overlay {
            Some(Overlay::LinkWarning(warning)) => Some(warning),
            _ => None,
        }
    }

    /// The entry in the card pane, by the requested channel.
    pub fn entry(&self) -> Option<EntryId> {
        match self.find() {
            Some(find) => find.result().map(|result| result.id),
            None => {
                let selected = self.panes.tree.selected()?;
                Some(self.asked.filter(|asked| asked.entry == selected.entry).unwrap_or(selected))
            }
        }
    }

    /// The card of the entry in the card pane.
    pub fn card(&self) -> Option<Card<'_>> {
        let id = self.entry()?;
        Some(Card::new(self.catalog.directory(id), id, Some(self.now)))
    }

    /// Whether an action is useful in the current state, so that the footer shows its hint.
    pub fn offers(&self, action: Action) -> bool {
        let entry = self.entry();
        match action {
            Action::Copy => self.copy_text().is_some(),
            Action::Narrow => self.find().is_some_and(|find| find.audience.is_some() || self.panes.chosen.is_some()),
            Action::OpenLink => entry.is_some_and(|id| self.catalog.directory(id).page(id).is_some()),
            Action::CopyMenu => entry.is_some(),
            Action::Unpress | Action::StartAgain => {
                entry.is_some_and(|id| self.catalog.directory(id).option(id).is_some())
            }
            Action::ShowQr => self.qr_link().is_ok(),
            Action::Enter => match self.mode() {
                InputMode::Card => false,
                // Where the card is visible anyway, opening it shows nothing new.
                InputMode::Tree => {
                    let shows_card = self.layout().is_some_and(|layout| layout.shows_all());
                    !shows_card || self.panes.tree.selected().is_some_and(|id| self.panes.tree.is_collapsed(id))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// The layout of the screen; `None` where the screen is too small.
    pub fn layout(&self) -> Option<Layout> {
        Layout::new(self.size, if self.find().is_some() { Pane::Tree } else { self.panes.focus })
    }

    /// The card in the card pane and its first visible line; `None` where the pane is not visible or there is no entry.
    pub fn card_view(&self) -> Option<(Page, usize)> {
        let area = self.layout()?.inner(Pane::Card)?;
        let card = self.card()?;
        let mut page = card_page(&card, &self.environment.display, area.width);
        page.fill_height(area.height);
        let last = page.lines.len().saturating_sub(usize::from(area.height));
        let scroll = self.find().map_or(self.panes.card, |find| find.card);
        Some((page, scroll.top(card.id()).min(last)))
    }

    fn set_card_top(&mut self, top: usize) {
        let scroll = CardScroll { entry: self.entry(), top };
        match self.find_mut() {
            Some(find) => find.card = scroll,
            None => self.panes.card = scroll,
        }
    }

    /// Shows a message; there is nothing for the frontend to do.
    fn tell(&mut self, message: impl Into<String>) -> Vec<Effect> {
        self.message = Some(message.into());
        Vec::new()
    }
}

/// The directory of a catalog that the panes show.
fn shown(catalog: &Catalog) -> &Directory {
    // A catalog is never empty.
    &catalog.directories()[0]
}
