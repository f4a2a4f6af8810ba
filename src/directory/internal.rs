//! Leaving out what only the organisation itself may see.

use super::entry_id::Entry;
use super::menu::Goto;
use super::model::Directory;

impl Directory {
    /// The directory without its internal contacts and options, for people outside the organisation.
    #[must_use]
    pub fn without_internal(mut self) -> Self {
        let is_kept = |entry| !self.is_internal(self.id_of(entry));
        let contacts = new_indices((0..self.contacts.len()).map(|contact| is_kept(Entry::Contact(contact))));
        let options: Vec<Vec<Option<usize>>> = self
            .contacts
            .iter()
            .enumerate()
            .map(|(contact, record)| {
                new_indices((0..record.options.len()).map(|option| is_kept(Entry::Option(contact, option))))
            })
            .collect();
        let new_entry = |entry| match entry {
            Entry::Contact(contact) => Some(Entry::Contact(contacts[contact]?)),
            Entry::Option(contact, option) => Some(Entry::Option(contacts[contact]?, options[contact][option]?)),
            Entry::Notice(_) | Entry::Section(..) => Some(entry),
        };
        for (contact, new_indices) in self.contacts.iter_mut().zip(&options) {
            for option in &mut contact.options {
                option.parent = option.parent.and_then(|parent| new_indices[parent]);
                option.goto = option.goto.and_then(|goto| match goto {
                    Goto::Option(target) => new_indices[target].map(Goto::Option),
                    other => Some(other),
                });
            }
            retain(&mut contact.options, new_indices);
            let details = contact.options.iter_mut().map(|option| &mut option.details).chain([&mut contact.details]);
            for extra in details.filter_map(|details| details.extra.as_deref_mut()) {
                extra.escalate = extra.escalate.and_then(|id| Some(id.sibling(new_entry(id.entry)?).by(id.channel)));
            }
        }
        retain(&mut self.contacts, &contacts);
        self.by_need.take();
        self
    }
}

/// For each record, its index among the kept ones; `None` if it is not kept.
fn new_indices(kept: impl Iterator<Item = bool>) -> Vec<Option<usize>> {
    let mut next = 0..;
    kept.map(|is_kept| is_kept.then(|| next.next()).flatten()).collect()
}

fn retain<T>(records: &mut Vec<T>, new_indices: &[Option<usize>]) {
    let mut kept = new_indices.iter().map(Option::is_some);
    records.retain(|_| kept.next() == Some(true));
}
