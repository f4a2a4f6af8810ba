//! Ways through the phone menu of a line: which menu is read after some options have been taken, and what can be taken
//! next. An option that leads back, or that can be taken anywhere, does not tell this by itself: it depends on the way.

use super::entry_id::EntryId;
use super::menu::{Goto, MenuOption};
use super::model::Directory;

impl Directory {
    /// The options on the shortest way to an entry on its channel, as indices in
    /// [`Contact::options`](super::Contact::options): none on another line than the option's own, where nothing has
    /// been pressed yet.
    pub fn way(&self, id: EntryId) -> Vec<usize> {
        let is_on_line = self.option(id).is_some_and(|option| self.channel_index(id) == Some(option.channel));
        let options = self.ancestors(id).filter(|_| is_on_line).map_while(|id| id.option_index());
        let mut way: Vec<usize> = options.collect();
        way.reverse();
        way
    }

    /// The options on a way through a menu of an entry's contact.
    pub fn steps_on(&self, id: EntryId, way: &[usize]) -> Vec<&MenuOption> {
        let options = self.contact(id).map_or(&[][..], |contact| &contact.options);
        way.iter().filter_map(|index| options.get(*index)).collect()
    }

    /// The options that can be taken next on the entry's channel after the shortest way to it.
    pub fn next_options(&self, id: EntryId) -> Vec<EntryId> {
        self.next_on(id, &self.way(id))
    }

    /// The options that can be taken next on the entry's channel after a way: those of the menu that is read then, and
    /// those that hold anywhere, unless the menu has the same step itself.
    pub fn next_on(&self, id: EntryId, way: &[usize]) -> Vec<EntryId> {
        let (Some(channel), Some(contact)) = (self.channel_index(id), self.contact(id)) else { return Vec::new() };
        let options = &contact.options;
        // A person who answers has no menu.
        if way.last().and_then(|last| options.get(*last)).is_some_and(|option| option.is_operator) {
            return Vec::new();
        }
        let menu = way.iter().fold(None, |menu, option| menu_after(options, menu, *option));
        let on_line = || (0..options.len()).filter(|index| options[*index].channel == channel);
        let own: Vec<usize> =
            on_line().filter(|index| !options[*index].is_anywhere && options[*index].parent == menu).collect();
        let is_hidden =
            |index: usize| own.iter().any(|own| options[*own].step.segment() == options[index].step.segment());
        let anywhere = on_line().filter(|index| options[*index].is_anywhere && !is_hidden(*index));
        own.iter().copied().chain(anywhere).map(|option| id.option(option)).collect()
    }
}

/// The menu that is read after an option was taken in a menu. A menu is the option above it, or `None` for the main
/// menu.
fn menu_after(options: &[MenuOption], menu: Option<usize>, index: usize) -> Option<usize> {
    let option = options.get(index)?;
    match option.goto {
        None => Some(index),
        Some(Goto::MainMenu) => None,
        Some(Goto::Repeat) => menu,
        Some(Goto::Back) => options.get(menu?)?.parent,
        Some(Goto::Option(target)) => Some(target),
    }
}
