//! Leaving out what only the organisation itself may see.

use super::details::Details;
use super::entry_id::Entry;
use super::menu::{Goto, MenuOption};
use super::model::{Contact, Directory};

impl Directory {
    /// The directory without its internal contacts and options, for people outside the organisation.
    #[must_use]
    pub fn without_internal(mut self) -> Self {
        let is_internal = |id| self.is_internal(id);
        if !self.entries().any(is_internal) {
            return self;
        }
        let kept: Vec<Vec<Option<usize>>> = (0..self.contacts.len())
            .map(|contact| {
                let mut next = 0;
                let options = 0..self.contacts[contact].options.len();
                let new_index = |option| {
                    (!is_internal(self.id_of(Entry::Option(contact, option)))).then(|| {
                        next += 1;
                        next - 1
                    })
                };
                options.map(new_index).collect()
            })
            .collect();
        let mut next = 0;
        let contacts: Vec<Option<usize>> = (0..self.contacts.len())
            .map(|contact| {
                (!is_internal(self.id_of(Entry::Contact(contact)))).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let new_entry = |entry: Entry| match entry {
            Entry::Contact(contact) => Some(Entry::Contact(contacts[contact]?)),
            Entry::Option(contact, option) => Some(Entry::Option(contacts[contact]?, kept[contact][option]?)),
            Entry::Notice(_) | Entry::Section(..) => Some(entry),
        };
        let renumber = |details: &mut Details| {
            if let Some(extra) = details.extra.as_deref_mut() {
                extra.escalate = extra.escalate.and_then(new_entry);
            }
        };
        let old = std::mem::take(&mut self.contacts);
        self.contacts = old
            .into_iter()
            .enumerate()
            .filter(|(index, _)| contacts[*index].is_some())
            .map(|(index, mut contact)| {
                renumber(&mut contact.details);
                let options = std::mem::take(&mut contact.options).into_iter().enumerate();
                let options = options.filter(|(option, _)| kept[index][*option].is_some());
                let options = options.map(|(_, mut option)| {
                    renumber(&mut option.details);
                    renumbered(option, &kept[index])
                });
                let options = options.collect();
                Contact { options, ..contact }
            })
            .collect();
        self.by_need = std::sync::OnceLock::new();
        self
    }
}

/// An option whose references to other options are those of the new indices.
fn renumbered(option: MenuOption, new_indices: &[Option<usize>]) -> MenuOption {
    let goto = option.goto.and_then(|goto| match goto {
        Goto::Option(target) => new_indices[target].map(Goto::Option),
        other => Some(other),
    });
    MenuOption { parent: option.parent.and_then(|parent| new_indices[parent]), goto, ..option }
}
