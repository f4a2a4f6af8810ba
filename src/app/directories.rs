//! Which of several directories is in scope: its name above the audiences, and the window in which another is chosen.

use textwrap::core::display_width;
use tui_input::Input;

use super::overlay::{Overlay, OverlayKind};
use super::state::{App, Panes};
use crate::directory::{EntryId, Scope};
use crate::present::display::Glyphs;
use crate::present::outline::{scope_text, with_keys};
use crate::present::page::{Page, TextStyle};

/// The line for all of them.
const ALL: &str = "All directories";
/// The widest name of a directory before what an entry is for, and how much of it stays, in columns.
const MAX_NAME_WIDTH: usize = 18;
const MIN_NAME_WIDTH: usize = 12;

impl App {
    /// What the audience pane marks, the tree shows and the find box searches: an audience of the directory in the
    /// panes; for everyone, the directory if the user has chosen it, else all of them.
    pub fn scope(&self) -> Scope {
        let section = self.panes.tree.section();
        match section.audience() {
            Some(audience) => Scope::Audience(audience),
            None if self.panes.is_directory_chosen => Scope::Directory(section.directory),
            None => Scope::All,
        }
    }

    /// The line above the audiences: the name of the directory in scope. `None` where there is only one.
    pub fn directory_line(&self) -> Option<&str> {
        let name = self.scope().directory().map_or(ALL, |index| &self.catalog.directories()[index].short);
        self.catalog.has_several().then_some(name)
    }

    /// The short name of a scope.
    pub fn scope_name(&self, scope: Scope) -> String {
        let directory = scope.directory().map_or("", |index| &self.catalog.directories()[index].short);
        match scope.audience().map(|audience| &self.catalog.audience(audience).short) {
            Some(audience) if self.catalog.has_several() => format!("{directory}, {audience}"),
            Some(audience) => audience.to_string(),
            None if scope != Scope::All => directory.to_owned(),
            None if self.catalog.has_several() => ALL.to_lowercase(),
            None => "everyone".to_owned(),
        }
    }

    /// What an entry is for, and its keys; where there are several directories, after the name of its own, which stays
    /// where not all of it fits into `width` columns.
    pub fn entry_scope(&self, id: EntryId, width: usize) -> String {
        let directory = self.catalog.directory(id);
        let glyphs = &self.environment.display.glyphs;
        let text = scope_text(directory, id, glyphs);
        let Some(name) = directory.whose() else { return text };
        let keys = with_keys("", directory.path(id), glyphs);
        let tails = [format!(": {text}"), keys, String::new()];
        let fits = |tail: &&String| display_width(name).min(MIN_NAME_WIDTH) + display_width(tail) <= width;
        let tail = tails.iter().find(fits).map_or("", |tail| tail);
        shortened(name, width.saturating_sub(display_width(tail)).min(MAX_NAME_WIDTH), glyphs) + tail
    }

    /// Opens the window in which a directory is chosen, or closes it.
    pub(super) fn toggle_directories(&mut self) {
        if let Some(Overlay { kind: OverlayKind::Directories(_), .. }) = self.overlay.take() {
            return;
        }
        if self.catalog.has_several() {
            self.open_overlay(OverlayKind::Directories(Input::default()));
        } else {
            self.tell("There is only one directory here");
        }
    }

    /// The lines of the window, each with the index of its directory: all of them, then each whose name has words that
    /// begin with those of the filter.
    fn directory_lines(&self, filter: &str) -> Vec<(&str, Option<usize>)> {
        let filter = filter.to_lowercase();
        let fits = |(name, _): &(&str, Option<usize>)| {
            let name = name.to_lowercase();
            let begins = |part: &str| name.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(part));
            filter.split_whitespace().all(begins)
        };
        let own = self.catalog.directories().iter().enumerate().map(|(index, own)| (&*own.short, Some(index)));
        std::iter::once((ALL, None)).chain(own).filter(fits).collect()
    }

    /// The names of the lines of the window, for a frontend without a screen.
    pub fn directory_names(&self) -> impl Iterator<Item = &str> {
        self.directory_lines("").into_iter().map(|(name, _)| name)
    }

    pub(super) fn directories_title(&self, filter: &Input) -> String {
        match filter.value() {
            "" => format!("Directories {} type to filter", self.environment.display.glyphs.dot),
            filter => format!("Directories: {filter}"),
        }
    }

    /// The lines that match the filter, and all lines, which the window has space for.
    pub(super) fn directories_pages(&self, filter: &Input, width: u16) -> [Page; 2] {
        [filter.value(), ""].map(|filter| {
            let mut page = Page::new(width);
            let lines = self.directory_lines(filter);
            if lines.is_empty() {
                page.row("No directory matches", TextStyle::Quiet);
            }
            lines.iter().for_each(|(name, _)| page.row(name, TextStyle::Plain));
            page
        })
    }

    /// Chooses the selected directory.
    pub(super) fn choose_selected_directory(&mut self) {
        if let Some(Overlay { kind: OverlayKind::Directories(_), cursor }) = &self.overlay {
            self.choose_directory(cursor.selected);
        }
    }

    /// Chooses the directory in a line of the window, counted from 0: it is shown and searched from its start. The
    /// query stays. Returns whether the window is open.
    pub(super) fn choose_directory(&mut self, line: usize) -> bool {
        let Some(Overlay { kind: OverlayKind::Directories(filter), .. }) = &self.overlay else { return false };
        match self.directory_lines(filter.value()).get(line) {
            Some((name, index)) => {
                let (told, index) = (format!("Now in {name}"), *index);
                self.overlay = None;
                self.panes = Panes::new(&self.catalog.directories()[index.unwrap_or(0)]);
                self.panes.is_directory_chosen = index.is_some();
                (self.asked, self.asked_hours) = (None, false);
                self.search();
                self.tell(told);
            }
            None => self.tell("No directory matches; Backspace deletes, Esc closes"),
        }
        true
    }
}

/// A name, cut to a width in columns.
fn shortened(name: &str, max_width: usize, glyphs: &Glyphs) -> String {
    if display_width(name) <= max_width {
        return name.to_owned();
    }
    let mut width = display_width(glyphs.ellipsis);
    let fits = |c: &char| {
        width += display_width(c.encode_utf8(&mut [0; 4]));
        width <= max_width
    };
    name.chars().take_while(fits).collect::<String>().trim_end().to_owned() + glyphs.ellipsis
}
