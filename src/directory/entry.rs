//! The entries of a directory: their parents and children, the audiences they serve, and when and how they are reached.

use super::address::{Host, WebAddress};
use super::audience::{AudienceId, AudienceSet};
use super::channel::Channel;
use super::channel_kind::ChannelKind;
use super::details::{Details, Extra};
use super::entry_id::{Entry, EntryId};
use super::hours::Hours;
use super::menu::MenuOption;
use super::model::{Contact, Directory, LinkHosts, Notice, NoticeSection};
use super::target::Target;

impl Directory {
    /// The id of an entry of this directory, by its own channel.
    pub fn id_of(&self, entry: Entry) -> EntryId {
        EntryId { directory: self.index, entry, channel: None }
    }

    /// The index of this directory in the catalog that holds it.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its name, where the catalog holds others.
    pub fn whose(&self) -> Option<&str> {
        self.has_others.then_some(&*self.short)
    }

    /// The id of an audience of this directory.
    pub fn audience_id(&self, index: usize) -> AudienceId {
        AudienceId { directory: self.index, index }
    }

    /// The name, label or title of an entry.
    pub fn title(&self, id: EntryId) -> &str {
        match id.entry {
            Entry::Contact(contact) => &self.contacts[contact].name,
            Entry::Option(contact, option) => &self.contacts[contact].options[option].label,
            Entry::Notice(notice) => &self.notices[notice].title,
            Entry::Section(notice, section) => &self.notices[notice].sections[section].title,
        }
    }

    /// The contact of an entry that is a contact or an option.
    pub fn contact(&self, id: EntryId) -> Option<&Contact> {
        match id.entry {
            Entry::Contact(contact) | Entry::Option(contact, _) => self.contacts.get(contact),
            Entry::Notice(_) | Entry::Section(..) => None,
        }
    }

    /// The option, if the entry is one.
    pub fn option(&self, id: EntryId) -> Option<&MenuOption> {
        match id.entry {
            Entry::Option(contact, option) => self.contacts.get(contact)?.options.get(option),
            _ => None,
        }
    }

    /// The notice of an entry that is a notice or a section.
    pub fn notice(&self, id: EntryId) -> Option<&Notice> {
        match id.entry {
            Entry::Notice(notice) | Entry::Section(notice, _) => self.notices.get(notice),
            Entry::Contact(_) | Entry::Option(..) => None,
        }
    }

    /// The section of a notice, if the entry is one.
    pub fn section(&self, id: EntryId) -> Option<&NoticeSection> {
        match id.entry {
            Entry::Section(notice, section) => self.notices.get(notice)?.sections.get(section),
            _ => None,
        }
    }

    /// The details of a contact or option.
    pub fn details(&self, id: EntryId) -> Option<&Details> {
        self.option(id).map(|option| &option.details).or_else(|| self.contact(id).map(|contact| &contact.details))
    }

    pub(super) fn details_mut(&mut self, entry: Entry) -> Option<&mut Details> {
        match entry {
            Entry::Contact(contact) => Some(&mut self.contacts.get_mut(contact)?.details),
            Entry::Option(contact, option) => {
                Some(&mut self.contacts.get_mut(contact)?.options.get_mut(option)?.details)
            }
            Entry::Notice(_) | Entry::Section(..) => None,
        }
    }

    /// A fact that few entries have: an option's own, else that of the nearest entry above it that has one.
    pub fn inherited<'a, T>(&'a self, id: EntryId, fact: impl Fn(&'a Extra) -> Option<T>) -> Option<T> {
        self.ancestors(id).find_map(|id| fact(self.details(id)?.extra.as_deref()?))
    }

    /// Whether only the organisation itself may see an entry: it or one above it is internal.
    pub fn is_internal(&self, id: EntryId) -> bool {
        self.inherited(id, |extra| extra.is_internal.then_some(())).is_some()
    }

    /// The entry directly above an entry. The menu of a line is under the line where the contact has several phones.
    pub fn parent(&self, id: EntryId) -> Option<EntryId> {
        match id.entry {
            Entry::Notice(_) => None,
            Entry::Contact(_) => self.is_line(id).then(|| id.by(None)),
            Entry::Section(notice, _) => Some(id.sibling(Entry::Notice(notice))),
            Entry::Option(contact, option) => {
                let option = &self.contacts[contact].options[option];
                Some(match option.parent {
                    Some(parent) => id.sibling(Entry::Option(contact, parent)),
                    None if self.has_lines(contact) => id.sibling(Entry::Contact(contact)).by(Some(option.channel)),
                    None => id.sibling(Entry::Contact(contact)),
                })
            }
        }
    }

    /// The title of an entry in the tree, where each phone of a contact has a row: its label, else its number.
    pub fn tree_title(&self, id: EntryId) -> &str {
        let line = self.channel(id).filter(|_| self.is_line(id));
        line.and_then(|line| line.label.as_deref().or_else(|| line.printed())).unwrap_or_else(|| self.title(id))
    }

    /// Whether each phone of a contact is an entry of its own, with its menu under it: a menu under the contact would
    /// follow the number of its first channel, which is another one.
    fn has_lines(&self, contact: usize) -> bool {
        self.contacts[contact].options.iter().any(|option| option.channel > 0)
    }

    /// Whether an entry is one phone of a contact whose phones have their menus under them.
    pub fn is_line(&self, id: EntryId) -> bool {
        match (id.entry, id.channel) {
            (Entry::Contact(contact), Some(channel)) => {
                let channels = &self.contacts[contact].channels;
                self.has_lines(contact) && channels.get(channel).is_some_and(|line| line.kind == ChannelKind::Phone)
            }
            _ => false,
        }
    }

    /// An entry and those above it, from the entry up.
    pub fn ancestors(&self, id: EntryId) -> impl Iterator<Item = EntryId> {
        std::iter::successors(Some(id), |id| self.parent(*id))
    }

    /// The entries directly under an entry.
    pub fn children(&self, id: EntryId) -> Vec<EntryId> {
        let under = |contact: usize, parent: Option<usize>, channel: Option<usize>| {
            let options = self.contacts[contact].options.iter().enumerate().skip(parent.map_or(0, |parent| parent + 1));
            // Each option precedes its own menu, so the options under one end where something above it begins.
            let options = options.take_while(|(_, option)| option.parent >= parent);
            let options = options.filter(|(_, option)| {
                option.parent == parent && channel.is_none_or(|channel| option.channel == channel)
            });
            options.map(|(option, _)| id.sibling(Entry::Option(contact, option))).collect()
        };
        match id.entry {
            Entry::Contact(contact) if self.has_lines(contact) && !self.is_line(id) => {
                let lines = (0..self.contacts[contact].channels.len()).map(|channel| id.by(Some(channel)));
                lines.filter(|line| self.is_line(*line)).collect()
            }
            Entry::Contact(contact) => under(contact, None, id.channel.filter(|_| self.is_line(id))),
            Entry::Option(contact, option) => under(contact, Some(option), None),
            Entry::Notice(notice) => {
                let sections = 0..self.notices[notice].sections.len();
                sections.map(|section| id.sibling(Entry::Section(notice, section))).collect()
            }
            Entry::Section(..) => Vec::new(),
        }
    }

    /// The options from the top of the menu down to an entry; empty for a contact.
    pub fn path(&self, id: EntryId) -> Vec<&MenuOption> {
        let mut path: Vec<_> = self.ancestors(id).map_while(|id| self.option(id)).collect();
        path.reverse();
        path
    }

    /// The steps after the number of the entry's channel: those of the shortest way on the option's own line, none on
    /// any other, as another line of the contact has another menu or none.
    pub fn steps(&self, id: EntryId) -> Vec<&MenuOption> {
        self.steps_on(id, &self.way(id))
    }

    /// The best way to a person on the line of an entry, of a contact on any of its lines unless one was requested: one
    /// that stays in the language that the entry continues in, or its line answers in, and of those the one with the
    /// fewest steps.
    pub fn operator(&self, id: EntryId) -> Option<EntryId> {
        let contact = self.contact(id)?;
        let line = id.channel.or_else(|| Some(self.option(id)?.channel));
        let options = contact.options.iter().enumerate();
        let operators =
            options.filter(|(_, option)| option.is_operator && line.is_none_or(|line| option.channel == line));
        let ids = operators.map(|(option, _)| id.option(option));
        let chosen = self.path(id).into_iter().rev().find_map(|option| option.language.as_deref());
        ids.min_by_key(|id| {
            let (path, main) = (self.path(*id), chosen.or_else(|| self.main_language(*id)));
            let is_other = path.iter().filter_map(|option| option.language.as_deref()).any(|own| Some(own) != main);
            (is_other, path.len())
        })
    }

    /// The main language of the line of an entry: the first that is listed for it, else the first that its menu offers
    /// where it offers several. A line that offers one language answers in another.
    fn main_language(&self, id: EntryId) -> Option<&str> {
        let (contact, channel) = (self.contact(id)?, self.channel_index(id));
        let listed = contact.details.extra.as_ref().and_then(|extra| extra.languages.first());
        let options = contact.options.iter().filter(|option| Some(option.channel) == channel);
        let mut offered = options.filter_map(|option| option.language.as_deref());
        let first = offered.next()?;
        let has_others = offered.any(|language| language != first);
        listed.map(|language| &**language).or(has_others.then_some(first))
    }

    /// Whether a phone menu is listed for the line of an entry, of a contact for any of its lines.
    pub fn has_menu(&self, id: EntryId) -> bool {
        let is_on = |option: &MenuOption| id.channel.is_none_or(|line| option.channel == line);
        self.contact(id).is_some_and(|contact| contact.options.iter().any(is_on))
    }

    /// The index in [`Contact::channels`] of the channel that an entry is reached by: the requested one, else
    /// an option's line or a contact's first channel.
    pub fn channel_index(&self, id: EntryId) -> Option<usize> {
        let count = self.contact(id)?.channels.len();
        let own = self.option(id).map_or(0, |option| option.channel);
        Some(id.channel.filter(|channel| *channel < count).unwrap_or(own)).filter(|channel| *channel < count)
    }

    /// The channel that an entry is reached by.
    pub fn channel(&self, id: EntryId) -> Option<&Channel> {
        self.contact(id)?.channels.get(self.channel_index(id)?)
    }

    /// The entry by each channel of its contact, the one that it is reached by first.
    pub fn by_each_channel(&self, id: EntryId) -> impl Iterator<Item = EntryId> {
        let main = self.channel_index(id);
        let count = self.contact(id).map_or(0, |contact| contact.channels.len());
        let others = (0..count).filter(move |channel| Some(*channel) != main);
        main.into_iter().chain(others).map(move |channel| id.by(Some(channel)))
    }

    /// The audiences that an entry is for; empty for every audience.
    pub fn audiences(&self, id: EntryId) -> AudienceSet {
        let Some(contact) = self.contact(id) else { return AudienceSet::default() };
        let mut audiences = contact.audiences.clone();
        if !audiences.is_empty() {
            self.path(id).iter().for_each(|option| audiences.extend(&option.also));
        }
        audiences
    }

    /// The audiences that an entry does not serve.
    pub fn not_for(&self, id: EntryId) -> AudienceSet {
        let mut not_for = AudienceSet::default();
        self.path(id).iter().for_each(|option| not_for.extend(&option.not_for));
        not_for
    }

    /// Who may use an entry: an option's own `serves`, else those of its contact.
    pub fn serves(&self, id: EntryId) -> &[Box<str>] {
        let own = self.details(id).map(|details| &details.serves).filter(|serves| !serves.is_empty());
        own.or(self.contact(id).map(|contact| &contact.details.serves)).map_or(&[], |serves| serves)
    }

    /// The contacts and options that serve an audience, or all of them.
    pub fn served(&self, audience: Option<usize>) -> impl Iterator<Item = EntryId> {
        let entries = self.entries().filter(|id| id.entry.is_contact());
        entries.filter(move |id| audience.is_none_or(|audience| self.is_for(*id, audience)))
    }

    /// Whether an entry serves an audience: as one of its own, or because it serves all.
    pub fn is_for(&self, id: EntryId, audience: usize) -> bool {
        let audiences = self.audiences(id);
        (audiences.is_empty() || audiences.contains(audience)) && !self.not_for(id).contains(audience)
    }

    /// The contacts that serve an audience, themselves or with one of their options; or all of them.
    pub fn contacts_for(&self, audience: Option<usize>) -> impl Iterator<Item = EntryId> {
        let serves = move |contact: &Contact| match audience {
            Some(audience) => {
                contact.audiences.is_empty()
                    || contact.audiences.contains(audience)
                    || contact.options.iter().any(|option| option.also.contains(audience))
            }
            None => true,
        };
        let contacts = self.contacts.iter().enumerate().filter(move |(_, contact)| serves(contact));
        contacts.map(|(contact, _)| self.id_of(Entry::Contact(contact)))
    }

    /// The hours of an entry: an option's own, else those of the nearest option above it that has hours, of its
    /// channel, or of its contact.
    pub fn hours(&self, id: EntryId) -> &Hours {
        let options = self.ancestors(id).filter(|id| matches!(id.entry, Entry::Option(..)));
        let hours = options.filter_map(|id| Some(&self.details(id)?.hours));
        let hours = hours.chain(self.channel(id).and_then(|channel| channel.hours.as_deref()));
        let mut hours = hours.chain(self.contact(id).map(|contact| &contact.details.hours));
        hours.find(|hours| !matches!(hours, Hours::NotListed)).unwrap_or(&Hours::NotListed)
    }

    /// The target of an entry by its channel; `None` where the source gives no number or address.
    pub fn target(&self, id: EntryId) -> Option<Target> {
        if let Some(notice) = self.notice(id) {
            return Some(Target::Notice(notice.id.clone()));
        }
        match self.channel(id)?.target()? {
            Target::Tel(e164, _) => Some(Target::Tel(e164, self.segments(id))),
            other => Some(other),
        }
    }

    /// The names of the steps after the number of the entry's channel.
    fn segments(&self, id: EntryId) -> Vec<Box<str>> {
        self.steps(id).iter().map(|option| option.step.segment().into()).collect()
    }

    /// The web page that an entry opens: the first of a contact, or the site behind a notice.
    pub fn page(&self, id: EntryId) -> Option<&WebAddress> {
        match self.contact(id) {
            Some(contact) => contact.channels.iter().find_map(Channel::page),
            None => self.notice(id)?.site.as_ref(),
        }
    }

    /// The index in [`Directory::notices`] of the notice that is shown before a link to a host opens.
    pub fn notice_before(&self, host: &Host) -> Option<usize> {
        let applies = |hosts: &LinkHosts| match hosts {
            LinkHosts::Within(domain) => host.is_within(domain),
            LinkHosts::Outside(domain) => !host.is_within(domain),
        };
        self.gates.iter().find(|gate| applies(&gate.hosts)).map(|gate| gate.notice)
    }

    /// The gates, in order: the hosts that each applies to, as in the file, and the id of its notice.
    pub fn gate_rules(&self) -> impl Iterator<Item = (String, &str)> {
        self.gates.iter().map(|gate| {
            let hosts = match &gate.hosts {
                LinkHosts::Within(host) => format!("host {}", host.as_str()),
                LinkHosts::Outside(host) => format!("outside {}", host.as_str()),
            };
            (hosts, &*self.notices[gate.notice].id)
        })
    }
}
