//! The state of the app, and what it says about the screen.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::Size;

use super::cursor::{CardScroll, Cursor};
use super::find::Find;
use super::keymap::{Action, InputMode};
use super::layout::{Layout, Pane};
use super::overlay::Overlay;
use super::tree::Tree;
use crate::directory::progress::Progress;
use crate::directory::{AudienceId, Directory, EntryId};
use crate::present::card::Card;
use crate::present::card_page::card_page;
use crate::present::display::Display;
use crate::present::outline::{Part, Section};
use crate::present::page::Page;
use crate::search::{Catalog, SearchResult};

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
    /// The catalog that is shown and searched.
    pub catalog: Arc<Catalog>,
    /// What differs between frontends.
    pub environment: Environment,
    /// The size of the screen, in cells.
    pub size: Size,
    /// The moment of the last event.
    pub now: Timestamp,
    /// The panes.
    pub panes: Panes,
    /// The find box, if it is open. Its results are in place of the tree.
    pub find: Option<Find>,
    pub(super) overlay: Option<Overlay>,
    /// The loading progress of the first directory, until there is one to show.
    pub loading: Option<Progress>,
    /// The results that the user opened from the find box, the latest first.
    pub(super) recent: Vec<SearchResult>,
    /// The entry that the user opened from the find box, by the requested channel.
    pub(super) asked: Option<EntryId>,
    /// Whether the query asked for its hours.
    pub(super) asked_hours: bool,
    /// The message to the user, shown until the next key.
    pub message: Option<String>,
    /// The problem with the directory's file, in one line.
    pub problem: Option<String>,
    /// When the directory on the screen was loaded.
    pub loaded: Timestamp,
    /// What the frontend must do about the current event.
    pub(super) effects: Vec<Effect>,
}

/// The panes: the sections of a directory, the tree of one of them, and the card.
#[derive(Clone, Debug)]
pub struct Panes {
    /// The lines of the audience pane.
    pub sections: Vec<Section>,
    /// The selected line of the audience pane, and its first visible row.
    pub section: Cursor,
    /// The tree pane.
    pub tree: Tree,
    pub(super) focus: Pane,
    /// The audience that the user has chosen. Opening an entry elsewhere keeps it.
    pub(super) chosen: Option<AudienceId>,
    pub(super) card: CardScroll,
    /// The entry whose script is followed, and the index of the present step.
    pub(super) followed: Option<(EntryId, usize)>,
    /// The entry that the user has come to in the phone menu, and the options taken on the way, by index.
    pub(super) pressed: Option<(EntryId, Vec<usize>)>,
}

impl Panes {
    fn new(directory: &Directory) -> Self {
        let sections = Section::all(directory);
        Self {
            tree: Tree::new(directory, first(&sections, directory)),
            sections,
            section: Cursor::default(),
            focus: Pane::Audience,
            chosen: None,
            card: CardScroll::default(),
            followed: None,
            pressed: None,
        }
    }
}

/// The section that is shown at the start. An empty directory has none, so that an empty tree is shown.
pub(super) fn first(sections: &[Section], directory: &Directory) -> Section {
    sections.first().copied().unwrap_or(Section { directory: directory.index(), part: Part::Everyone })
}

impl App {
    /// The app at its start: the first audience selected, the audience pane focused.
    pub fn new(catalog: Arc<Catalog>, environment: Environment, size: Size, now: Timestamp) -> Self {
        Self {
            // A catalog is never empty.
            panes: Panes::new(&catalog.directories()[0]),
            catalog,
            environment,
            size,
            now,
            find: None,
            overlay: None,
            loading: None,
            recent: Vec::new(),
            asked: None,
            asked_hours: false,
            message: None,
            problem: None,
            loaded: now,
            effects: Vec::new(),
        }
    }

    /// The directory in the panes.
    pub fn directory(&self) -> &Directory {
        &self.catalog.directories()[self.panes.tree.section().directory]
    }

    /// The row of the audience pane that shows a section. A rule separates the audiences from the rest.
    pub fn section_row(&self, index: usize) -> usize {
        let audiences = self.directory().audiences.len();
        index + usize::from(index >= audiences && audiences > 0 && self.panes.sections.len() > audiences)
    }

    /// The focused pane. The results of the find box are in the tree pane.
    pub fn focus(&self) -> Pane {
        if self.find.is_some() { Pane::Tree } else { self.panes.focus }
    }

    /// Where keys go.
    pub fn mode(&self) -> InputMode {
        match (&self.overlay, &self.find) {
            _ if self.loading.is_some() => InputMode::Loading,
            (Some(overlay), _) => overlay.mode(),
            (None, Some(_)) => InputMode::Find,
            (None, None) => InputMode::Pane(self.panes.focus),
        }
    }

    /// The entry in the card pane, by the requested channel.
    pub fn entry(&self) -> Option<EntryId> {
        match &self.find {
            Some(find) => find.result().map(|result| result.id),
            None => {
                let selected = self.panes.tree.selected()?;
                Some(self.asked.filter(|asked| asked.by(None) == selected).unwrap_or(selected))
            }
        }
    }

    /// The card of the entry in the card pane.
    pub fn card(&self) -> Option<Card<'_>> {
        self.card_at(Some(self.now))
    }

    /// The same at a moment; without one, it does not say whether the entry is open.
    pub(super) fn card_at(&self, now: Option<Timestamp>) -> Option<Card<'_>> {
        let id = self.entry()?;
        let asked_hours = || self.asked_hours && self.asked == Some(id);
        let hours_first = self.find.as_ref().map_or_else(asked_hours, |find| find.asks_hours);
        let directory = self.catalog.directory(id);
        let mut card = Card::new(directory, id, now).with_hours_first(hours_first);
        if let Card::Contact(contact) = &mut card {
            contact.present_step = self.present_step(id);
            if let Some(way) = self.pressed_way(id) {
                contact.follow(directory, way);
            }
        }
        Some(card)
    }

    /// The options that the user has taken to come to an entry, by index; `None` if it was opened in another way.
    pub(super) fn pressed_way(&self, id: EntryId) -> Option<&[usize]> {
        self.panes.pressed.as_ref().filter(|(end, _)| *end == id && self.find.is_none()).map(|(_, way)| &**way)
    }

    /// The step that the user has come to in the script of an entry, if they follow it.
    pub(super) fn present_step(&self, id: EntryId) -> Option<usize> {
        self.panes.followed.filter(|(followed, _)| *followed == id).map(|(_, step)| step)
    }

    /// Whether an action is useful in the current state, so that the footer shows its hint.
    pub fn offers(&self, action: Action) -> bool {
        let entry = self.entry();
        match action {
            Action::Copy => self.copy_text().is_some(),
            Action::Narrow => {
                self.find.as_ref().is_some_and(|find| find.audience.is_some() || self.panes.chosen.is_some())
            }
            Action::OpenLink => entry.is_some_and(|id| self.catalog.directory(id).page(id).is_some()),
            Action::CopyMenu => entry.is_some(),
            Action::Unpress | Action::StartAgain => {
                entry.is_some_and(|id| self.catalog.directory(id).option(id).is_some())
            }
            Action::ShowQr => self.qr_link().is_ok(),
            Action::Enter => match self.mode() {
                InputMode::Pane(Pane::Card) => false,
                // Where the card is visible anyway, opening it shows nothing new.
                InputMode::Pane(Pane::Tree) => {
                    let shows_card = self.layout().is_some_and(|layout| layout.is_split());
                    !shows_card || self.panes.tree.selected().is_some_and(|id| self.panes.tree.is_collapsed(id))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// The layout of the screen; `None` where the screen is too small.
    pub fn layout(&self) -> Option<Layout> {
        Layout::new(self.size, self.focus())
    }

    /// The card in the card pane and its first visible line; `None` where the pane is not visible or there is no entry.
    pub fn card_view(&self) -> Option<(Page, usize)> {
        let area = self.layout()?.inner(Pane::Card)?;
        let card = self.card()?;
        let mut page = card_page(&card, &self.environment.display, area.width);
        page.fill_height(area.height);
        let last = page.lines.len().saturating_sub(usize::from(area.height));
        let scroll = self.find.as_ref().map_or(self.panes.card, |find| find.card);
        Some((page, scroll.top(card.id()).min(last)))
    }

    pub(super) fn tell(&mut self, message: impl Into<String>) {
        self.message = Some(message.into());
    }
}
