//! The state of the app, and what it says about the screen.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::Size;

use super::action::{Action, InputMode};
use super::clipboard::Clipboard;
use super::cursor::{CardScroll, Cursor};
use super::event::{ChangedSince, DataProblems};
use super::find::Find;
use super::keymap::{Hint, Keymap};
use super::layout::{Layout, Pane};
use super::overlay::Overlay;
use super::profile::Profile;
use super::saved::SavedChange;
use super::tree::Tree;
use crate::directory::progress::Progress;
use crate::directory::{Directory, EntryId};
use crate::present::card::Card;
use crate::present::card_page::screen_page;
use crate::present::display::Display;
use crate::present::outline::{Part, Row, Section};
use crate::present::page::Page;
use crate::present::share::CopyItem;
use crate::search::{Catalog, SearchResult};

/// The rows of the audience pane for the name of the directory: that, and a rule.
const DIRECTORY_ROWS: usize = 2;

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
    /// Whether the frontend can open an editor.
    pub may_edit: bool,
    /// Whether the user fixed the time with `--at`, so that the clock does not advance.
    pub moment_is_set: bool,
    /// The short name of the directory's source: `built in`, or the name of a file.
    pub source: String,
    /// The keys.
    pub keymap: Keymap,
    /// What the user has configured and kept.
    pub profile: Profile,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            display: Display::default(),
            opens_links: false,
            clipboard: Clipboard::Terminal,
            may_suspend: false,
            may_edit: false,
            moment_is_set: false,
            source: "built in".to_owned(),
            keymap: Keymap::default(),
            profile: Profile::default(),
        }
    }
}

/// What a frontend must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Copy a text to the clipboard.
    Copy(CopyItem),
    /// Open a link.
    OpenLink(String),
    /// Keep a change.
    Save(SavedChange),
    /// Open an editor at an entry.
    Edit {
        /// The id of its directory.
        directory: String,
        /// Its id.
        entry: String,
    },
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
    /// The pinned entries, the latest first.
    pub(super) pinned: Vec<EntryId>,
    /// The entry that the user opened from the find box, by the requested channel.
    pub(super) asked: Option<EntryId>,
    /// Whether the query asked for its hours.
    pub(super) asked_hours: bool,
    /// The message to the user, shown until the next key.
    pub message: Option<String>,
    /// Whether the user was told what to do where copied texts do not arrive.
    pub(super) is_advised: bool,
    /// What the last reload changed on the card in view.
    pub(super) changes: Option<Changes>,
    /// The problems with the files of directories, by file, until the next reload.
    pub problems: Vec<DataProblems>,
    /// What has changed since the directory was last open.
    pub(super) changed_since: Option<ChangedSince>,
    /// When the directory on the screen was loaded.
    pub loaded: Timestamp,
    /// What the frontend must do about the current event.
    pub(super) effects: Vec<Effect>,
}

/// What a reload changed while the same entry stayed in the card pane. It holds the catalog before, because the old
/// card must be laid out like the new one, at the same moment and size, to compare their lines.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    /// The entry in the card pane.
    pub(super) entry: EntryId,
    /// The options of its contact that are on another key than before.
    pub(super) moved: Vec<EntryId>,
    /// The catalog before, and the same entry in it.
    pub(super) old: (Arc<Catalog>, EntryId),
    /// The options that the user had taken to come to it, by index in the catalog before.
    pub(super) old_way: Option<Vec<usize>>,
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
    /// Whether the user has chosen the directory in the panes, so that others are out of scope.
    pub(super) is_directory_chosen: bool,
    pub(super) focus: Pane,
    pub(super) card: CardScroll,
    /// The entry whose script is followed, and the index of the present step.
    pub(super) followed: Option<(EntryId, usize)>,
    /// The entry that the user has come to in the phone menu, and the options taken on the way, by index.
    pub(super) pressed: Option<(EntryId, Vec<usize>)>,
}

impl Panes {
    /// The panes at the start: everyone is in scope, and the audience pane is focused.
    pub(super) fn new(directory: &Directory) -> Self {
        let sections = Section::all(directory);
        let everyone = Section::everyone(directory);
        let selected = sections.iter().position(|section| *section == everyone).unwrap_or(0);
        Self {
            tree: Tree::new(directory, everyone),
            sections,
            section: Cursor { selected, top: 0 },
            is_directory_chosen: false,
            focus: Pane::Audience,
            card: CardScroll::default(),
            followed: None,
            pressed: None,
        }
    }
}

impl App {
    /// The app at its start.
    pub fn new(catalog: Arc<Catalog>, environment: Environment, size: Size, now: Timestamp) -> Self {
        let mut app = Self {
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
            pinned: Vec::new(),
            asked: None,
            asked_hours: false,
            message: None,
            is_advised: false,
            changes: None,
            problems: Vec::new(),
            changed_since: None,
            loaded: now,
            effects: Vec::new(),
        };
        app.restore();
        app.start();
        app
    }

    /// The directory in the panes.
    pub fn directory(&self) -> &Directory {
        &self.catalog.directories()[self.panes.tree.section().directory]
    }

    /// The row of the audience pane that shows a section. A rule separates the audiences from the rest, and the name of
    /// the directory from the audiences.
    pub fn section_row(&self, index: usize) -> usize {
        let audiences = self.directory().audiences.len();
        let head = if self.catalog.has_several() { DIRECTORY_ROWS } else { 0 };
        head + index + usize::from(index >= audiences && audiences > 0 && self.panes.sections.len() > audiences)
    }

    /// Whether nothing is chosen, pressed or typed, so that there is no card yet.
    pub fn is_at_start(&self) -> bool {
        let is_first = self.panes.tree.section().directory == 0 && !self.panes.is_directory_chosen;
        is_first && self.is_at_start_of_directory()
    }

    /// Whether nothing but a directory is chosen.
    pub fn is_at_start_of_directory(&self) -> bool {
        let Panes { tree, focus, pressed, .. } = &self.panes;
        let is_untouched = tree.section().part == Part::All && *focus == Pane::Audience && pressed.is_none();
        let first = tree.rows().iter().find_map(Row::id);
        self.find.is_none() && is_untouched && self.asked.is_none() && tree.selected() == first
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
            (None, Some(find)) if find.input.value().is_empty() => InputMode::EmptyFind,
            (None, Some(_)) => InputMode::Find,
            (None, None) => InputMode::Pane(self.panes.focus),
        }
    }

    /// The entry in the card pane, by the requested channel.
    pub fn entry(&self) -> Option<EntryId> {
        match &self.find {
            Some(find) => find.result().map(|result| result.id),
            None if self.is_at_start() => None,
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
        Some(self.card_in(&self.catalog, id, self.pressed_way(id), now))
    }

    /// The card of an entry of a catalog, shown as that of the entry in the card pane. `way` is that of
    /// [`pressed_way`](Self::pressed_way).
    pub(super) fn card_in<'c>(
        &self,
        catalog: &'c Catalog,
        id: EntryId,
        way: Option<&[usize]>,
        now: Option<Timestamp>,
    ) -> Card<'c> {
        let shown = self.entry();
        let asked_hours = || self.asked_hours && self.asked == shown;
        let hours_first = self.find.as_ref().map_or_else(asked_hours, |find| find.asks_hours);
        let directory = catalog.directory(id);
        let mut card = Card::new(directory, id, now).with_hours_first(hours_first);
        if let Card::Contact(contact) = &mut card {
            contact.present_step = shown.and_then(|shown| self.present_step(shown));
            if let Some(way) = way {
                contact.follow(directory, way);
            }
        }
        card
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
            Action::Copy => self.first_copy_item().is_some(),
            Action::NextAudience | Action::PreviousAudience => !self.directory().audiences.is_empty(),
            Action::NewCaller => !self.is_at_start(),
            Action::Operator => entry.is_some_and(|id| self.catalog.directory(id).operator(id).is_some()),
            Action::OpenLink => entry.is_some_and(|id| self.catalog.directory(id).page(id).is_some()),
            Action::CopyMenu | Action::Report => entry.is_some(),
            Action::Palette => self.mode() != InputMode::Palette,
            Action::Find => self.find.is_none(),
            Action::Directories => self.catalog.has_several(),
            Action::Problems => !self.problems.is_empty(),
            Action::Suspend => self.environment.may_suspend,
            Action::EditEntry => entry.is_some() && self.environment.may_edit,
            Action::Pin | Action::Note => entry.is_some() && self.environment.profile.keeps,
            Action::Unpress | Action::StartAgain => {
                entry.is_some_and(|id| self.catalog.directory(id).option(id).is_some())
            }
            Action::ShowQr => self.qr_link().is_ok(),
            Action::Enter => match self.mode() {
                InputMode::Pane(Pane::Card) => false,
                InputMode::Find | InputMode::EmptyFind => entry.is_some(),
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
        let mut layout = Layout::new(self.size, self.focus())?;
        if self.has_side_sections() {
            layout.shorten_audience(self.section_row(self.panes.sections.len()));
        }
        Some(layout)
    }

    /// The card in the card pane, marked where a reload changed it, and its first visible line; `None` where the pane
    /// is not visible or there is no entry.
    pub fn card_view(&self) -> Option<(Page, usize)> {
        let layout = self.layout()?;
        let area = layout.inner(Pane::Card)?;
        if self.is_at_start() {
            return Some((self.start_page(area.as_size()), 0));
        }
        let card = self.card()?;
        let (note, old) = (self.note(card.id()), self.old_card());
        let mut size = area.as_size();
        if old.is_some() && !layout.bordered {
            // The marks are in the border, else in the last column.
            size.width -= 1;
        }
        let laid_out = |card| screen_page(card, note, &self.environment.display, size, layout.aside.is_none());
        let mut page = laid_out(&card);
        if let Some(old) = &old {
            page.mark_changes(&laid_out(old));
        }
        let last = page.lines.len().saturating_sub(usize::from(area.height));
        let scroll = self.find.as_ref().map_or(self.panes.card, |find| find.card);
        Some((page, scroll.top(card.id()).min(last)))
    }

    /// The hints of the footer: the keys that are useful in the current state.
    pub fn hints(&self) -> Vec<Hint> {
        let hints = self.environment.keymap.hints(self.mode());
        hints.into_iter().filter(|hint| hint.action.is_none_or(|action| self.offers(action))).collect()
    }

    /// The name of the key of an action, for messages.
    pub(super) fn key_name(&self, action: Action) -> String {
        self.environment.keymap.key_name(action)
    }

    pub(super) fn tell(&mut self, message: impl Into<String>) {
        self.message = Some(message.into());
    }
}
