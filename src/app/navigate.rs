//! Moving around: through lists and texts, between panes, and through the phone menu by its keys.

use super::action::{Action, Motion};
use super::cursor::{CardScroll, Cursor, scrolled};
use super::layout::Pane;
use super::state::{App, Panes};
use super::tree::Tree;
use crate::directory::phone::Key;
use crate::directory::{EntryId, MenuOption};
use crate::present::outline::{Part, Section};
use crate::present::page::capitalized;
use crate::present::script::no_operator;

impl App {
    /// The height of the list or text in a pane, in rows; `None` where the pane is not visible.
    fn pane_height(&self, pane: Pane) -> Option<usize> {
        let layout = self.layout()?;
        let find = self.find.as_ref().filter(|_| pane == Pane::Tree);
        let remark = find.map_or(0, |find| self.remark_lines(find, &layout).len());
        Some(usize::from(layout.inner(pane)?.height).saturating_sub(remark).max(1))
    }

    pub(super) fn visible_rows(&self, pane: Pane) -> usize {
        self.pane_height(pane).unwrap_or(1)
    }

    /// Moves in the list or text that has the focus.
    pub(super) fn go(&mut self, motion: Motion) {
        if self.overlay.is_some() {
            return self.go_in_window(motion, 1);
        }
        let visible = self.visible_rows(self.focus());
        if let Some(find) = &mut self.find {
            return find.select(find.cursor.after(motion, find.results.len(), visible));
        }
        match self.panes.focus {
            Pane::Audience => self.show_section(self.panes.section.after(motion, self.panes.sections.len(), visible)),
            Pane::Tree => {
                self.panes.pressed = None;
                self.panes.tree.go(motion, visible);
            }
            Pane::Card => self.scroll_card(motion, 1),
        }
    }

    pub(super) fn scroll_card(&mut self, motion: Motion, times: usize) {
        let Some((page, top)) = self.card_view() else { return };
        let top = scrolled(top, motion, times, page.lines.len(), self.visible_rows(Pane::Card));
        let entry = self.entry();
        *self.find.as_mut().map_or(&mut self.panes.card, |find| &mut find.card) = CardScroll { entry, top };
    }

    /// Marks a line of the audience pane, shows its tree, and searches its audience if the find box is open.
    pub(super) fn show_section(&mut self, index: usize) {
        let Some(section) = self.panes.sections.get(index).copied() else { return };
        self.panes.section.selected = index;
        if self.panes.tree.section() != section {
            self.panes.tree = Tree::new(&self.catalog.directories()[section.directory], section);
            self.search();
        }
    }

    /// Chooses a line of the audience pane for a new caller: the phone keys start again at the first contact.
    pub(super) fn choose(&mut self, index: usize) {
        if index < self.panes.sections.len() {
            self.show_section(index);
            self.panes.tree.go(Motion::Home, 1);
            self.panes.card = CardScroll::default();
            self.panes.focus = Pane::Tree;
        } else {
            self.tell(format!("There is no line {}; choose 1 to {}", index + 1, self.panes.sections.len()));
        }
    }

    /// Selects an entry: in this section if it lists the entry. Otherwise the scope moves to the section of its
    /// directory that does, which is everyone if it was everyone before.
    fn visit(&mut self, id: EntryId) {
        self.panes.pressed = None;
        let catalog = self.catalog.clone();
        let directory = catalog.directory(id);
        if self.panes.tree.select(directory, id) {
            return;
        }
        let is_other = id.directory != self.panes.tree.section().directory;
        if is_other {
            self.panes.sections = Section::all(directory);
        }
        let section = match self.scope().audience() {
            None => Section { directory: id.directory, part: Part::All },
            Some(_) => Section::of(directory, id),
        };
        if let Some(index) = self.panes.sections.iter().position(|listed| *listed == section) {
            self.show_section(index);
            self.panes.tree.select(directory, id);
            let name = section.short(directory);
            self.tell(match section.part {
                Part::All if is_other => format!("Now in {}", directory.short),
                _ if is_other => format!("Now in {}, {name}", directory.short),
                _ => format!("Now in {name}"),
            });
        }
    }

    /// Presses a key of the phone after the selected entry.
    pub(super) fn press(&mut self, key: Key) {
        let Some(here) = self.panes.tree.selected() else { return };
        let directory = self.catalog.directory(here);
        let way = self.way_to(here);
        let present = self.present_step(here).filter(|_| self.panes.focus == Pane::Card);
        let is_pressed = |option: &MenuOption| option.step.key() == Some(key);
        if present.and_then(|step| self.steps_to(here).get(step).copied()).is_some_and(is_pressed) {
            return self.follow();
        }
        let next = directory.next_on(self.line_of(here), &way);
        if let Some(taken) = next.iter().find(|next| directory.option(**next).is_some_and(is_pressed)) {
            return self.take(*taken, way);
        }
        // Beside the last option taken: the user compares the options of a menu.
        let (last, before) = way.split_last().map_or((None, &[][..]), |(last, before)| (Some(*last), before));
        let beside = last.map_or_else(Vec::new, |_| directory.next_on(self.line_of(here), before));
        if let Some(sibling) = beside
            .iter()
            .find(|beside| beside.option_index() != last && directory.option(**beside).is_some_and(is_pressed))
        {
            return self.take(*sibling, before.to_vec());
        }
        self.tell_unlisted(key, here, &next, &beside);
    }

    /// Says that a key of the phone is not listed, and which keys are.
    fn tell_unlisted(&mut self, key: Key, here: EntryId, next: &[EntryId], beside: &[EntryId]) {
        let directory = self.catalog.directory(here);
        let signs = |options: &[EntryId]| {
            let options = options.iter().filter_map(|option| directory.option(*option));
            options.map(|option| option.step.sign()).collect::<Vec<_>>().join(" ")
        };
        let (title, listed) = (directory.title(here), signs(next));
        self.tell(if !listed.is_empty() {
            format!("No key {key} is listed after {title}; listed: {listed}")
        } else if directory.option(here).is_some() {
            let last_key = self.key_name(Action::Unpress);
            format!(
                "No keys are listed after {title}; its menu has {}, {last_key} takes the last key back",
                signs(beside)
            )
        } else {
            let back = self.key_name(Action::Back);
            match self.audience_for(key) {
                Some(audience) => format!("{title} has no phone menu; {back}, then {key} chooses {audience}"),
                None => format!("{title} has no phone menu; {back} goes back to the audiences"),
            }
        });
    }

    /// The name of the line of the audience pane that a key chooses.
    fn audience_for(&self, key: Key) -> Option<&str> {
        let index = usize::try_from(key.as_char().to_digit(10)?.checked_sub(1)?).ok()?;
        self.panes.sections.get(index).map(|section| section.short(self.directory()))
    }

    /// The options on the way to an entry: those that the user has taken, else the shortest way.
    pub(super) fn way_to(&self, id: EntryId) -> Vec<usize> {
        self.pressed_way(id).map_or_else(|| self.catalog.directory(id).way(id), <[usize]>::to_vec)
    }

    /// The steps on the way to an entry: those that the user has taken, else the shortest way.
    pub fn steps_to(&self, id: EntryId) -> Vec<&MenuOption> {
        self.catalog.directory(id).steps_on(id, &self.way_to(id))
    }

    /// A contact by the first of its lines that has a menu; else the entry itself.
    fn line_of(&self, id: EntryId) -> EntryId {
        self.catalog.directory(id).with_menu(id)
    }

    /// Takes an option after a way.
    fn take(&mut self, option: EntryId, mut way: Vec<usize>) {
        way.extend(option.option_index());
        self.visit(option);
        self.panes.pressed = Some((option, way));
    }

    /// Takes back the last key.
    pub(super) fn unpress(&mut self) {
        let Some(here) = self.panes.tree.selected() else { return };
        let way = self.pressed_way(here).and_then(|way| Some(way.split_last()?.1.to_vec()));
        if let Some((last, before)) = way.as_deref().and_then(<[usize]>::split_last) {
            return self.take(here.option(*last), before.to_vec());
        }
        match self.catalog.directory(here).parent(here) {
            Some(parent) => self.visit(parent),
            None => self.tell("No key has been pressed yet"),
        }
    }

    /// Takes back all keys.
    pub(super) fn start_again(&mut self) {
        let option = self.panes.tree.selected().filter(|id| id.option_index().is_some());
        let start =
            option.and_then(|id| self.catalog.directory(id).ancestors(id).find(|id| id.option_index().is_none()));
        match start {
            Some(line) => self.visit(line),
            None => self.tell("No key has been pressed yet"),
        }
    }

    pub(super) fn go_into(&mut self) {
        match (self.panes.focus, self.panes.tree.selected()) {
            (Pane::Audience, _) => self.panes.focus = Pane::Tree,
            (Pane::Tree, Some(here)) if self.panes.tree.is_collapsed(here) => self.set_collapsed(here, false),
            (Pane::Tree, Some(here)) => match self.catalog.directory(here).children(here).first() {
                Some(child) => self.visit(*child),
                None => self.panes.focus = Pane::Card,
            },
            (pane, _) => self.panes.focus = pane.right().unwrap_or(pane),
        }
    }

    pub(super) fn go_out(&mut self) {
        if let (Pane::Tree, Some(here)) = (self.panes.focus, self.panes.tree.selected()) {
            let catalog = self.catalog.clone();
            let directory = catalog.directory(here);
            if !directory.children(here).is_empty() && !self.panes.tree.is_collapsed(here) {
                return self.set_collapsed(here, true);
            }
            if directory.parent(here).is_some_and(|parent| self.panes.tree.select(directory, parent)) {
                return;
            }
        }
        self.panes.focus = self.panes.focus.left().unwrap_or(self.panes.focus);
    }

    fn set_collapsed(&mut self, id: EntryId, collapsed: bool) {
        self.panes.tree.set_collapsed(self.catalog.directory(id), id, collapsed);
    }

    pub(super) fn toggle_collapsed(&mut self) {
        if let Some(here) = self.panes.tree.selected() {
            let is_branch = !self.catalog.directory(here).children(here).is_empty();
            self.set_collapsed(here, is_branch && !self.panes.tree.is_collapsed(here));
        }
    }

    /// Opens what is selected, or takes the marked choice.
    pub(super) fn enter(&mut self) {
        if self.overlay.is_some() {
            self.enter_window();
        } else if self.find.is_some() {
            self.open_result();
        } else {
            self.enter_pane();
        }
    }

    fn enter_pane(&mut self) {
        match (self.panes.focus, self.panes.tree.selected()) {
            (Pane::Audience, _) => self.panes.focus = Pane::Tree,
            (Pane::Tree, Some(here)) if self.panes.tree.is_collapsed(here) => self.set_collapsed(here, false),
            (Pane::Tree, Some(here)) => {
                let shows_card = self.layout().is_some_and(|layout| layout.is_split());
                match self.step_to_confirm(here).filter(|_| shows_card) {
                    Some(next) => self.take(next, self.way_to(here)),
                    None => self.panes.focus = Pane::Card,
                }
            }
            (Pane::Card, _) => self.follow(),
            (Pane::Tree, None) => {}
        }
    }

    /// The only step after an entry, if no key takes it: what the caller says, enters or waits for.
    fn step_to_confirm(&self, id: EntryId) -> Option<EntryId> {
        let directory = self.catalog.directory(id);
        let next = directory.next_on(self.line_of(id), &self.way_to(id));
        let next = next.into_iter().filter_map(|next| Some((next, directory.option(next)?)));
        let mut own = next.filter(|(_, option)| !option.is_anywhere);
        match (own.next(), own.next()) {
            (Some((next, option)), None) if option.step.key().is_none() => Some(next),
            _ => None,
        }
    }

    /// Marks the next step of the card's script as the present one; after the last one, takes the only next step.
    fn follow(&mut self) {
        let Some(id) = self.entry() else { return };
        let last = self.way_to(id).len();
        let next = self.present_step(id).map_or(0, |step| step + 1);
        let is_at_end = next >= last || (next == 0 && self.pressed_way(id).is_some());
        if let Some(taken) = self.step_to_confirm(id).filter(|_| is_at_end) {
            self.panes.followed = None;
            return self.take(taken, self.way_to(id));
        }
        self.panes.followed = (next < last).then_some((id, next));
        match (last, self.catalog.directory(id).has_menu(id)) {
            (0, true) => self.tell("Choose one of the steps below the number"),
            (0, false) => self.tell("There are no steps here"),
            (last, _) if next == last => self.tell("That was the last step"),
            _ => {}
        }
    }

    /// Goes to the option that reaches a person on the line of the selected entry.
    pub(super) fn go_to_operator(&mut self) {
        let Some(here) = self.panes.tree.selected() else { return };
        let directory = self.catalog.directory(here);
        match directory.operator(here) {
            Some(operator) => self.visit(operator),
            None => self.tell(capitalized(no_operator(directory, here))),
        }
    }

    /// Goes to the selected result of the find box.
    fn open_result(&mut self) {
        match self.find.as_ref().and_then(|find| Some((find.result()?.id, find.asks_hours))) {
            Some((id, asks_hours)) => self.open_entry(id, asks_hours),
            None => self.tell("Nothing to go to; type what the caller needs"),
        }
    }

    /// Goes to an entry that was found or is listed beside the panes, and remembers it.
    pub(super) fn open_entry(&mut self, id: EntryId, asks_hours: bool) {
        (self.find, self.asked, self.asked_hours) = (None, Some(id), asks_hours);
        self.remember(id);
        self.panes.card = CardScroll::default();
        let is_line = self.catalog.directory(id).is_line(id);
        self.visit(if is_line { id } else { id.by(None) });
        let is_split = self.layout().is_some_and(|layout| layout.is_split());
        self.panes.focus = if is_split { Pane::Tree } else { Pane::Card };
    }

    /// One step back: closes the overlay or the find box, focuses the pane to the left, or clears what is left.
    pub(super) fn back(&mut self) {
        if self.overlay.take().is_some() || self.find.take().is_some() {
            return;
        }
        match self.panes.focus.left() {
            Some(pane) => self.panes.focus = pane,
            None if self.is_at_start() => {
                let quit = self.key_name(Action::Quit);
                self.tell(format!("This is the start; {quit} quits"));
            }
            None => self.new_caller(),
        }
    }

    /// Clears everything that belongs to a caller: the query, the path, the scope and the card.
    pub(super) fn new_caller(&mut self) {
        (self.overlay, self.find, self.asked, self.asked_hours) = (None, None, None, false);
        self.panes = Panes::new(&self.catalog.directories()[0]);
        self.tell("Ready for the next caller");
    }

    /// Scrolls every list so that its selection is visible, whatever the size of the screen.
    pub(super) fn scroll_to_selection(&mut self) {
        if let Some(height) = self.pane_height(Pane::Audience) {
            let selected = self.section_row(self.panes.section.selected);
            let mut rows = Cursor { selected, top: self.panes.section.top };
            rows.follow(self.section_row(self.panes.sections.len()), height);
            self.panes.section.top = rows.top;
        }
        if let Some(height) = self.pane_height(Pane::Tree) {
            match &mut self.find {
                Some(find) => find.follow(height),
                None => self.panes.tree.follow(height),
            }
        }
        self.scroll_window();
    }
}
