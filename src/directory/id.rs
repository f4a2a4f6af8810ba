//! The names of answers: ids that people type and that stay when a file is edited, and from targets back to answers.

use super::phone::Key;
use super::target::Target;
use super::{Directory, Endpoint, EntryId};

impl Directory {
    /// Every answer: each contact before its options, each notice before its sections.
    pub fn answers(&self) -> impl Iterator<Item = EntryId> {
        let contacts = self.contacts.iter().enumerate().flat_map(|(contact, record)| {
            let options = (0..record.options.len()).map(move |option| EntryId::Option(contact, option));
            std::iter::once(EntryId::Contact(contact)).chain(options)
        });
        let notices = self.notices.iter().enumerate().flat_map(|(notice, record)| {
            let sections = (0..record.sections.len()).map(move |section| EntryId::Section(notice, section));
            std::iter::once(EntryId::Notice(notice)).chain(sections)
        });
        contacts.chain(notices)
    }

    /// The id of an answer: `ifp-line`; with keys, `ifp-line/1/1`; for a notice, `important`; with the number of a
    /// section, counted from 1, `important/3`.
    pub fn id(&self, answer: EntryId) -> String {
        match answer {
            EntryId::Contact(contact) => self.contacts[contact].id.to_string(),
            EntryId::Option(contact, _) => {
                let keys = self.path(answer).into_iter().map(|option| format!("/{}", option.key));
                keys.fold(self.contacts[contact].id.to_string(), |id, key| id + &key)
            }
            EntryId::Notice(notice) => self.notices[notice].id.to_string(),
            EntryId::Section(notice, section) => format!("{}/{}", self.notices[notice].id, section + 1),
        }
    }

    /// The answer with an id.
    pub fn by_id(&self, id: &str) -> Option<EntryId> {
        let (record, below) = id.split_once('/').map_or((id, None), |(record, below)| (record, Some(below)));
        if let Some(contact) = self.contacts.iter().position(|contact| &*contact.id == record) {
            let keys = below.into_iter().flat_map(|keys| keys.split('/'));
            return keys.map(key).try_fold(EntryId::Contact(contact), |answer, key| self.after(answer, key?));
        }
        let notice = self.notices.iter().position(|notice| &*notice.id == record)?;
        match below {
            None => Some(EntryId::Notice(notice)),
            Some(number) => {
                let section = number.parse::<usize>().ok()?.checked_sub(1)?;
                (section < self.notices[notice].sections.len()).then_some(EntryId::Section(notice, section))
            }
        }
    }

    /// The answer with an id, or the nearest above it that there is.
    pub fn by_id_or_above(&self, id: &str) -> Option<EntryId> {
        let above = std::iter::successors(Some(id), |id| id.rsplit_once('/').map(|(above, _)| above));
        above.filter_map(|id| self.by_id(id)).next()
    }

    /// The option that a key leads to.
    pub fn after(&self, answer: EntryId, key: Key) -> Option<EntryId> {
        self.children(answer).into_iter().find(|child| self.option(*child).is_some_and(|option| option.key == key))
    }

    /// The answers that have a target, each with the place of the channel in its contact's list.
    pub fn by_target(&self, target: &Target) -> Vec<(EntryId, Option<usize>)> {
        if let Target::Notice(id) = target {
            let notice = self.by_id(id).filter(|answer| self.notice(*answer).is_some());
            return notice.map(|notice| (notice, None)).into_iter().collect();
        }
        let by_channel = self.contacts.iter().enumerate().flat_map(|(contact, record)| {
            record.channels.iter().enumerate().filter_map(move |(place, channel)| {
                let answer = match (target, channel.reach.target()?) {
                    (Target::Tel(wanted, keys), Target::Tel(e164, _)) if *wanted == e164 => {
                        let answer = keys.iter().try_fold(EntryId::Contact(contact), |at, key| self.after(at, *key))?;
                        (keys.is_empty() || self.option(answer)?.channel == place).then_some(answer)?
                    }
                    (wanted, own) if *wanted == own => EntryId::Contact(contact),
                    _ => return None,
                };
                Some((answer, Some(place)))
            })
        });
        let sites = self.notices.iter().enumerate().filter(|(_, notice)| {
            notice.site.clone().is_some_and(|site| Endpoint::Web(Some(site)).target().as_ref() == Some(target))
        });
        by_channel.chain(sites.map(|(notice, _)| (EntryId::Notice(notice), None))).collect()
    }
}

fn key(text: &str) -> Option<Key> {
    let mut characters = text.chars();
    characters.next().and_then(Key::new).filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::EMBEDDED;

    #[test]
    fn ids_and_targets_lead_back_to_their_answers() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        for answer in directory.answers() {
            assert_eq!(directory.by_id(&directory.id(answer)), Some(answer));
            let target = directory.target(answer);
            // A section's target is its notice.
            let record = if let EntryId::Section(notice, _) = answer { EntryId::Notice(notice) } else { answer };
            if let Some(target) = target {
                let again: Target = target.to_string().parse().unwrap();
                assert_eq!(again, target);
                assert!(directory.by_target(&again).iter().any(|(found, _)| *found == record), "{target}");
            }
        }
    }

    #[test]
    fn what_is_gone_is_looked_for_above() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let title = |id| directory.by_id_or_above(id).map(|answer| directory.title(answer));
        assert_eq!(title("ifp-line/1/9"), Some("Brokers"));
        assert_eq!(title("ifp-line/7/7"), Some("Broker line"));
        assert_eq!(title("nobody/1"), None);
        for wrong in ["", "/", "ifp-line/", "ifp-line/11", "important/0", "important/99", "important/x"] {
            assert_eq!(directory.by_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_number_may_be_that_of_two_contacts() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let found = directory.by_target(&"tel:+18889265180".parse().unwrap());
        assert_eq!(found.len(), 2);
    }
}
