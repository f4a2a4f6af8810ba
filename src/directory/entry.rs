//! Answers: what each is called, where it stands, whom it serves, when and how it is reached.

use super::address::{Host, WebAddress};
use super::hours::Hours;
use super::target::Target;
use super::{AudienceSet, Before, Channel, Contact, Details, Directory, Endpoint, MenuOption, Notice};

/// One thing that can be answered, as a place in the directory that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {
    /// A contact, in [`Directory::contacts`].
    Contact(usize),
    /// A contact and one of its [`Contact::options`].
    Option(usize, usize),
    /// A notice, in [`Directory::notices`].
    Notice(usize),
    /// A notice and one of its [`Notice::sections`].
    Section(usize, usize),
}

impl Directory {
    /// What an answer is called.
    pub fn title(&self, answer: EntryId) -> &str {
        match answer {
            EntryId::Contact(contact) => &self.contacts[contact].name,
            EntryId::Option(contact, option) => &self.contacts[contact].options[option].label,
            EntryId::Notice(notice) => &self.notices[notice].title,
            EntryId::Section(notice, section) => &self.notices[notice].sections[section].title,
        }
    }

    /// The contact that an answer is, or is an option of.
    pub fn contact(&self, answer: EntryId) -> Option<&Contact> {
        match answer {
            EntryId::Contact(contact) | EntryId::Option(contact, _) => self.contacts.get(contact),
            EntryId::Notice(_) | EntryId::Section(..) => None,
        }
    }

    /// The option that an answer is.
    pub fn option(&self, answer: EntryId) -> Option<&MenuOption> {
        match answer {
            EntryId::Option(contact, option) => self.contacts.get(contact)?.options.get(option),
            _ => None,
        }
    }

    /// The notice that an answer is, or is a section of.
    pub fn notice(&self, answer: EntryId) -> Option<&Notice> {
        match answer {
            EntryId::Notice(notice) | EntryId::Section(notice, _) => self.notices.get(notice),
            EntryId::Contact(_) | EntryId::Option(..) => None,
        }
    }

    /// What contacts and options have in common.
    pub fn about(&self, answer: EntryId) -> Option<&Details> {
        self.option(answer).map(|option| &option.about).or_else(|| self.contact(answer).map(|contact| &contact.about))
    }

    /// The answer that an answer stands under.
    pub fn parent(&self, answer: EntryId) -> Option<EntryId> {
        match answer {
            EntryId::Contact(_) | EntryId::Notice(_) => None,
            EntryId::Section(notice, _) => Some(EntryId::Notice(notice)),
            EntryId::Option(contact, option) => Some(match self.contacts[contact].options[option].parent {
                Some(parent) => EntryId::Option(contact, parent),
                None => EntryId::Contact(contact),
            }),
        }
    }

    /// The answers that stand right under an answer.
    pub fn children(&self, answer: EntryId) -> Vec<EntryId> {
        let under = |contact: usize, parent: Option<usize>| {
            let options = self.contacts[contact].options.iter().enumerate().skip(parent.map_or(0, |parent| parent + 1));
            // Each option stands before its own menu, so what is under one ends where something above it begins.
            let options = options.take_while(|(_, option)| option.parent >= parent);
            let options = options.filter(|(_, option)| option.parent == parent);
            options.map(|(option, _)| EntryId::Option(contact, option)).collect()
        };
        match answer {
            EntryId::Contact(contact) => under(contact, None),
            EntryId::Option(contact, option) => under(contact, Some(option)),
            EntryId::Notice(notice) => {
                (0..self.notices[notice].sections.len()).map(|section| EntryId::Section(notice, section)).collect()
            }
            EntryId::Section(..) => Vec::new(),
        }
    }

    /// The options from the number down to an answer; empty for a contact.
    pub fn path(&self, answer: EntryId) -> Vec<&MenuOption> {
        let mut path = Vec::new();
        let mut place = Some(answer);
        while let Some(option) = place.and_then(|place| self.option(place)) {
            path.push(option);
            place = place.and_then(|place| self.parent(place));
        }
        path.reverse();
        path
    }

    /// The channel that an answer is about: an option's line, else the contact's first.
    pub fn channel(&self, answer: EntryId) -> Option<&Channel> {
        let place = self.option(answer).map_or(0, |option| option.channel);
        self.contact(answer)?.channels.get(place)
    }

    /// The channel that was asked for, by its place in [`Contact::channels`], else the one that the answer is about.
    pub fn channel_asked(&self, answer: EntryId, asked: Option<usize>) -> Option<&Channel> {
        let asked = asked.and_then(|place| self.contact(answer)?.channels.get(place));
        asked.or_else(|| self.channel(answer))
    }

    /// Whom an answer is for; empty means every audience.
    pub fn audiences(&self, answer: EntryId) -> AudienceSet {
        let Some(contact) = self.contact(answer) else { return AudienceSet::default() };
        if contact.audiences.is_empty() {
            return contact.audiences;
        }
        self.path(answer).iter().fold(contact.audiences, |set, option| set.union(option.also))
    }

    /// The audiences that an answer does not serve.
    pub fn not_for(&self, answer: EntryId) -> AudienceSet {
        self.path(answer).iter().fold(AudienceSet::default(), |set, option| set.union(option.not_for))
    }

    /// The contacts and options that serve an audience, or all of them.
    pub fn served(&self, audience: Option<usize>) -> impl Iterator<Item = EntryId> {
        let serves = move |answer: &EntryId, audience: usize| {
            let audiences = self.audiences(*answer);
            let is_for = audiences.is_empty() || audiences.contains(audience);
            is_for && !self.not_for(*answer).contains(audience)
        };
        let is_contact = |answer: &EntryId| matches!(answer, EntryId::Contact(_) | EntryId::Option(..));
        let answers = self.answers().filter(is_contact);
        answers.filter(move |answer| audience.is_none_or(|audience| serves(answer, audience)))
    }

    /// The contacts that serve an audience, themselves or with one of their options, by their places; or all of them.
    pub fn contacts_for(&self, audience: Option<usize>) -> impl Iterator<Item = usize> {
        let serves = move |Contact { audiences, options, .. }: &Contact| match audience {
            Some(audience) => {
                audiences.is_empty()
                    || audiences.contains(audience)
                    || options.iter().any(|o| o.also.contains(audience))
            }
            None => true,
        };
        self.contacts.iter().enumerate().filter(move |(_, contact)| serves(contact)).map(|(place, _)| place)
    }

    /// When an answer can be reached: an option's own hours, else those above it.
    pub fn hours(&self, answer: EntryId) -> &Hours {
        let mut place = Some(answer);
        while let Some(here) = place {
            match self.about(here).map(|about| &about.hours) {
                Some(hours @ (Hours::Listed(_) | Hours::NotStated)) => return hours,
                _ => place = self.parent(here),
            }
        }
        &Hours::NotListed
    }

    /// The machine name of an answer; `None` where the source gives no number or address.
    pub fn target(&self, answer: EntryId) -> Option<Target> {
        if let Some(notice) = self.notice(answer) {
            return Some(Target::Notice(notice.id.clone()));
        }
        self.target_by(answer, self.channel(answer)?)
    }

    /// The machine name of one of an answer's channels.
    pub fn target_by(&self, answer: EntryId, channel: &Channel) -> Option<Target> {
        match channel.reach.target()? {
            Target::Tel(e164, _) => {
                Some(Target::Tel(e164, self.path(self.line(answer, channel)).iter().map(|option| option.key).collect()))
            }
            other => Some(other),
        }
    }

    /// An answer in words: `1-800-909-3447, press 1, then 1`, or its address; `None` where none is stated.
    pub fn say(&self, answer: EntryId) -> Option<String> {
        self.say_by(answer, self.channel(answer)?)
    }

    /// One of an answer's channels in words.
    pub fn say_by(&self, answer: EntryId, channel: &Channel) -> Option<String> {
        let mut words = channel.reach.printed()?.to_owned();
        for (place, option) in self.path(self.line(answer, channel)).iter().enumerate() {
            words += if place == 0 { ", press " } else { ", then " };
            words.push(option.key.as_char());
        }
        Some(words)
    }

    /// The page that opens from an answer.
    pub fn page(&self, answer: EntryId) -> Option<&WebAddress> {
        match self.contact(answer) {
            Some(contact) => contact.channels.iter().find_map(|channel| match &channel.reach {
                Endpoint::Web(page) => page.as_ref(),
                _ => None,
            }),
            None => self.notice(answer)?.site.as_ref(),
        }
    }

    /// The notice that is shown before a link to a host opens.
    pub fn gate(&self, host: &Host) -> Option<usize> {
        self.gates
            .iter()
            .find(|gate| match &gate.before {
                Before::Host(inside) => host.is_within(inside),
                Before::Outside(home) => !host.is_within(home),
            })
            .map(|gate| gate.notice)
    }
}
