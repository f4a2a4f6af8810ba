//! Ids that people type (`ifp-line/1/1`) and targets (`tel:+18009093447/1/1`), and the entries they name.

use super::channel::Channel;
use super::entry_id::{Entry, EntryId};
use super::model::Directory;
use super::phone::{Key, PhoneNumber};
use super::target::Target;

impl Directory {
    /// Every entry, in the order of the file: each contact before its options, each notice before its sections.
    pub fn entries(&self) -> impl Iterator<Item = EntryId> {
        let contacts = self.contacts.iter().enumerate().flat_map(|(contact, record)| {
            let options = (0..record.options.len()).map(move |option| Entry::Option(contact, option));
            std::iter::once(Entry::Contact(contact)).chain(options)
        });
        let notices = self.notices.iter().enumerate().flat_map(|(notice, record)| {
            let sections = (0..record.sections.len()).map(move |section| Entry::Section(notice, section));
            std::iter::once(Entry::Notice(notice)).chain(sections)
        });
        contacts.chain(notices).map(|entry| self.id_of(entry))
    }

    /// Every notice.
    pub fn notice_ids(&self) -> impl Iterator<Item = EntryId> {
        (0..self.notices.len()).map(|notice| self.id_of(Entry::Notice(notice)))
    }

    /// The id of an entry as people type it: `ifp-line`; with the steps of an option, `ifp-line/1/1`; of a notice,
    /// `important`; with the number of a section, counted from 1, `important/3`. Where several phones of a contact have
    /// menus, the digits of the number come before the steps: `ifp-line/18009093447/1`; with an extension,
    /// `ifp-line/18009093447x5/1`.
    pub fn text_id(&self, id: EntryId) -> String {
        match id.entry {
            Entry::Contact(contact) | Entry::Option(contact, _) => {
                let line = self.ancestors(id).find(|id| self.is_line(*id)).and_then(|line| self.channel(line));
                let number = line.and_then(|line| Some(line.number()?.segment()));
                let steps = self.path(id).into_iter().map(|option| option.step.segment());
                let below = number.into_iter().chain(steps);
                below.fold(self.contacts[contact].id.to_string(), |id, segment| id + "/" + &segment)
            }
            Entry::Notice(notice) => self.notices[notice].id.to_string(),
            Entry::Section(notice, section) => format!("{}/{}", self.notices[notice].id, section + 1),
        }
    }

    /// The entry with an id as people type it.
    pub fn by_text_id(&self, id: &str) -> Option<EntryId> {
        let (record, below) = id.split_once('/').map_or((id, None), |(record, below)| (record, Some(below)));
        if let Some(contact) = self.contacts.iter().position(|contact| &*contact.id == record) {
            return self.below_contact(contact, below);
        }
        let notice = self.notices.iter().position(|notice| &*notice.id == record)?;
        let entry = match below {
            None => Entry::Notice(notice),
            Some(number) => {
                let section = number.parse::<usize>().ok()?.checked_sub(1)?;
                self.notices[notice].sections.get(section)?;
                Entry::Section(notice, section)
            }
        };
        Some(self.id_of(entry))
    }

    /// The entry under a contact that the rest of an id names.
    pub(super) fn below_contact(&self, contact: usize, below: Option<&str>) -> Option<EntryId> {
        let contact = self.id_of(Entry::Contact(contact));
        let line = |segment: &str| {
            let has_number = |line: &EntryId| {
                self.channel(*line).and_then(Channel::number).is_some_and(|number| number.segment() == segment)
            };
            self.children(contact).into_iter().filter(|line| self.is_line(*line)).find(has_number)
        };
        let mut segments = below.into_iter().flat_map(|below| below.split('/'));
        segments.try_fold(contact, |id, segment| self.after_step(id, segment).or_else(|| line(segment)))
    }

    /// The entry with an id, or the nearest existing entry above it.
    pub fn by_text_id_or_above(&self, id: &str) -> Option<EntryId> {
        let above = std::iter::successors(Some(id), |id| id.rsplit_once('/').map(|(above, _)| above));
        above.filter_map(|id| self.by_text_id(id)).next()
    }

    /// The option that a key leads to, on the entry's channel.
    pub fn after_key(&self, id: EntryId, key: Key) -> Option<EntryId> {
        self.after_step(id, &key.to_string())
    }

    /// The option that a step leads to, by its [`Step::segment`](super::Step::segment); `None` after an option that
    /// leads elsewhere: what can be taken there has its own id, and reaching it by that option may mean something else,
    /// such as another language.
    fn after_step(&self, id: EntryId, segment: &str) -> Option<EntryId> {
        if self.option(id).is_some_and(|option| option.goto.is_some()) {
            return None;
        }
        let is_taken = |next: &EntryId| self.option(*next).is_some_and(|option| option.step.segment() == segment);
        self.next_options(self.with_menu(id)).into_iter().find(is_taken)
    }

    /// A contact by the first channel that has a menu, if none was requested; else the entry itself.
    pub fn with_menu(&self, id: EntryId) -> EntryId {
        match (id.entry, id.channel) {
            (Entry::Contact(contact), None) => {
                id.by(self.contacts[contact].options.first().map(|option| option.channel))
            }
            _ => id,
        }
    }

    /// The contacts with a number, whatever its extension, each by the channel that has it.
    pub fn by_number(&self, number: &PhoneNumber) -> Vec<EntryId> {
        let contacts = self.contacts.iter().enumerate().flat_map(|(contact, record)| {
            let channels = record
                .channels
                .iter()
                .enumerate()
                .filter(|(_, channel)| channel.number().is_some_and(|listed| listed.dialled() == number.dialled()));
            channels.map(move |(channel, _)| self.id_of(Entry::Contact(contact)).by(Some(channel)))
        });
        contacts.collect()
    }

    /// The entries with a target, each by the channel that has it.
    pub fn by_target(&self, target: &Target) -> Vec<EntryId> {
        if let Target::Notice(id) = target {
            return self.by_text_id(id).filter(|id| self.notice(*id).is_some()).into_iter().collect();
        }
        let by_channel = self.contacts.iter().enumerate().flat_map(|(contact, record)| {
            record.channels.iter().enumerate().filter_map(move |(index, channel)| {
                let contact = self.id_of(Entry::Contact(contact));
                let contact = contact.by(Some(index));
                let id = match (target, channel.target()?) {
                    (Target::Tel(wanted, steps), Target::Tel(number, _)) => {
                        // The steps are those of this line's menu, not of another line of the contact.
                        let mut steps = steps_after(wanted, steps, &number)?.iter();
                        steps.try_fold(contact, |id, step| self.after_step(id, step))?
                    }
                    (wanted, own) if *wanted == own => contact,
                    _ => return None,
                };
                Some(id.by(Some(index)))
            })
        });
        let sites = self.notice_ids().filter(|id| {
            let site = self.notice(*id).and_then(|notice| notice.site.as_ref());
            site.is_some_and(|site| Target::page(site) == *target)
        });
        by_channel.chain(sites).collect()
    }
}

/// The steps after a number with its extension, where the digits of the extension may be the first of the steps, as in
/// a dial link: `tel:+18009093447,5,,1`. `None` if it is another number.
fn steps_after<'s>(wanted: &str, steps: &'s [Box<str>], number: &str) -> Option<&'s [Box<str>]> {
    match number.strip_prefix(wanted)? {
        "" => Some(steps),
        extension => {
            let digits = extension.strip_prefix(";ext=")?;
            let is_extension =
                steps.len() >= digits.len() && digits.chars().zip(steps).all(|(digit, step)| step.chars().eq([digit]));
            is_extension.then(|| &steps[digits.len()..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::EMBEDDED;

    #[test]
    fn ids_and_targets_resolve_to_their_entries() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        for id in directory.entries() {
            assert_eq!(directory.by_text_id(&directory.text_id(id)), Some(id));
            let target = directory.target(id);
            // The target of a section is that of its notice.
            let named = if let Entry::Section(..) = id.entry { directory.parent(id).unwrap() } else { id };
            if let Some(target) = target {
                let again: Target = target.to_string().parse().unwrap();
                assert_eq!(again, target);
                assert!(directory.by_target(&again).iter().any(|found| found.by(None) == named), "{target}");
            }
        }
    }

    #[test]
    fn a_missing_id_resolves_to_the_nearest_entry_above() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let title = |id| directory.by_text_id_or_above(id).map(|id| directory.title(id));
        assert_eq!(title("ifp-line/1/9"), Some("Brokers"));
        assert_eq!(title("ifp-line/7/7"), Some("Broker line"));
        assert_eq!(title("nobody/1"), None);
        for wrong in ["", "/", "ifp-line/", "ifp-line/11", "important/0", "important/99", "important/x"] {
            assert_eq!(directory.by_text_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn two_contacts_can_share_a_number() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let found = directory.by_target(&"tel:+18889265180".parse().unwrap());
        assert_eq!(found.len(), 2);
    }
}
