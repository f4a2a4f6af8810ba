//! The card: everything that is said about one entry at a moment, as data.

use jiff::Timestamp;
use jiff::civil::Date;

use super::facts::Facts;
use super::hours::HoursCard;
use super::script::Script;
use crate::directory::hours::OpenStatus;
use crate::directory::{
    Account, Audience, AudienceSet, Channel, Contact, Directory, Entry, EntryId, MenuOption, Notice, NoticeSection,
};

/// The number of other entries that the card of a closed one offers.
const MAX_ALTERNATIVES: usize = 3;

/// What is said about an entry.
#[derive(Clone, Debug)]
pub enum Card<'a> {
    /// About a contact or one of its options.
    Contact(Box<ContactCard<'a>>),
    /// About a notice or one of its sections.
    Notice(NoticeCard<'a>),
}

/// What is said about a contact or one of its options.
#[derive(Clone, Debug)]
pub struct ContactCard<'a> {
    /// The entry.
    pub id: EntryId,
    /// Its id as people type it: `ifp-line/1/1`.
    pub text_id: String,
    /// The name of its directory, where the catalog holds others.
    pub whose: Option<&'a str>,
    /// The titles from the contact down to the entry.
    pub titles: Vec<&'a str>,
    /// How to reach it by each channel of its contact: first the requested channel, else the entry's own.
    pub scripts: Vec<Script<'a>>,
    /// The options that can be taken next.
    pub next: Vec<&'a MenuOption>,
    /// All options of the contact.
    pub options: &'a [MenuOption],
    /// Its hours: an option's own, else those of the entries above it.
    pub hours: HoursCard<'a>,
    /// While it is closed, other entries that serve the same need.
    pub alternatives: Vec<Alternative<'a>>,
    /// The audiences it is for; empty for every audience.
    pub audiences: Vec<&'a Audience>,
    /// The audiences it does not serve.
    pub not_for: Vec<&'a Audience>,
    /// Who may use it: an option's own, else those of its contact.
    pub callers: &'a [Box<str>],
    /// Other names.
    pub aliases: &'a [Box<str>],
    /// What it does.
    pub services: &'a [Box<str>],
    /// Anything else the caller should know.
    pub notes: &'a [Box<str>],
    /// The type of account that logs in here.
    pub account: Option<&'a Account>,
    /// The section of the source that the contact comes from.
    pub source: &'a str,
    /// Facts that few entries have, and when it was checked.
    pub facts: Facts<'a>,
    /// The index of the step that the user has come to, if they follow the script.
    pub present_step: Option<usize>,
    /// Whether its hours come first, because they are what was asked for.
    pub hours_first: bool,
    /// The shortest way to a person on its line.
    pub operator: Option<Script<'a>>,
}

/// Another entry that serves the same need as a closed one.
#[derive(Clone, Debug)]
pub struct Alternative<'a> {
    /// Its title.
    pub title: &'a str,
    /// The audiences it is for; empty for every audience.
    pub audiences: Vec<&'a Audience>,
    /// How to reach it.
    pub say: String,
    /// No hours are listed, so it may be closed as well.
    pub hours_not_listed: bool,
}

/// What is said about a notice or one of its sections.
#[derive(Clone, Debug)]
pub struct NoticeCard<'a> {
    /// The notice or section.
    pub id: EntryId,
    /// The name of its directory, where the catalog holds others.
    pub whose: Option<&'a str>,
    /// The notice.
    pub notice: &'a Notice,
    /// Whether the card is about the whole notice rather than one section.
    pub is_whole: bool,
    /// The sections in the card, each with its id as people type it.
    pub sections: Vec<(String, &'a NoticeSection)>,
    /// The day the directory was transcribed.
    pub checked: Date,
}

impl<'a> Card<'a> {
    /// The card of an entry by its channel. Without a moment, it does not say whether the entry is open.
    pub fn new(directory: &'a Directory, id: EntryId, now: Option<Timestamp>) -> Self {
        match id.entry {
            Entry::Contact(contact) | Entry::Option(contact, _) => {
                Self::Contact(Box::new(ContactCard::new(directory, &directory.contacts[contact], id, now)))
            }
            Entry::Notice(notice) | Entry::Section(notice, _) => {
                Self::Notice(NoticeCard::new(directory, &directory.notices[notice], id))
            }
        }
    }

    /// Puts the hours of a contact first where they are what was asked for.
    pub fn with_hours_first(mut self, hours_first: bool) -> Self {
        if let Self::Contact(card) = &mut self {
            card.hours_first = hours_first;
        }
        self
    }

    /// The title of the entry.
    pub fn title(&self) -> &'a str {
        match self {
            Self::Contact(card) => card.title(),
            Self::Notice(card) => card.title(),
        }
    }

    /// The entry.
    pub fn id(&self) -> EntryId {
        match self {
            Self::Contact(card) => card.id,
            Self::Notice(card) => card.id,
        }
    }

    /// The card of a contact or option.
    pub fn contact(&self) -> Option<&ContactCard<'a>> {
        match self {
            Self::Contact(card) => Some(card),
            Self::Notice(_) => None,
        }
    }

    /// `IFP, Medicare`, `Every audience` or `Notice`.
    pub fn audience_names(&self) -> String {
        match self {
            Self::Contact(card) => card.audience_names(),
            Self::Notice(card) => card.whose.map_or(String::new(), |whose| format!("{whose}: ")) + "Notice",
        }
    }

    /// The number and keys or the address in words, with the kind if it is not a voice line.
    pub fn say_with_kind(&self) -> Option<String> {
        self.contact()?.script()?.say_with_kind()
    }

    /// The machine name of the entry.
    pub fn target(&self) -> Option<String> {
        match self {
            Self::Contact(card) => Some(card.script()?.target.as_ref()?.to_string()),
            Self::Notice(card) => Some(card.target()),
        }
    }
}

impl<'a> ContactCard<'a> {
    fn new(directory: &'a Directory, contact: &'a Contact, id: EntryId, now: Option<Timestamp>) -> Self {
        let details = directory.option(id).map_or(&contact.details, |option| &option.details);
        let mut titles: Vec<&str> =
            directory.ancestors(id).filter(|id| !directory.is_line(*id)).map(|id| directory.title(id)).collect();
        titles.reverse();
        let hours = HoursCard::new(directory.hours(id), now);
        let next = directory.next_options(id).into_iter().filter_map(|child| directory.option(child));
        Self {
            id,
            text_id: directory.text_id(id),
            whose: directory.whose(),
            titles,
            scripts: directory.by_each_channel(id).filter_map(|id| Script::new(directory, id)).collect(),
            next: next.collect(),
            options: &contact.options,
            alternatives: match now {
                Some(now) if hours.is_closed() => alternatives(directory, id, now),
                _ => Vec::new(),
            },
            hours,
            audiences: audiences(directory, &directory.audiences(id)),
            not_for: audiences(directory, &directory.not_for(id)),
            callers: directory.serves(id),
            aliases: &details.aliases,
            services: &details.services,
            notes: &details.notes,
            account: contact.account.and_then(|account| directory.accounts.get(account)),
            source: &contact.source,
            facts: Facts::new(directory, id, now),
            present_step: None,
            hours_first: false,
            operator: directory.operator(id).and_then(|id| Script::new(directory, id)),
        }
    }

    /// Shows the way that the caller has taken to the entry, by index, in place of the shortest one. The present step
    /// is the last one, if none is marked.
    pub fn follow(&mut self, directory: &'a Directory, way: &[usize]) {
        let next = directory.next_on(self.id, way).into_iter();
        self.next = next.filter_map(|next| directory.option(next)).collect();
        if !self.scripts.is_empty() {
            let script = self.scripts.remove(0).along(directory, self.id, way);
            self.scripts.insert(0, script);
        }
        self.present_step = self.present_step.or(way.len().checked_sub(1));
    }

    /// The title of the entry.
    pub fn title(&self) -> &'a str {
        self.titles.last().copied().unwrap_or_default()
    }

    /// How to reach it by the requested channel, else its own; `None` where no channel is listed.
    pub fn script(&self) -> Option<&Script<'a>> {
        self.scripts.first()
    }

    /// The label of a channel, where the contact has another channel of the same kind.
    pub fn channel_label(&self, channel: &'a Channel) -> Option<&'a str> {
        let same_kind = self.scripts.iter().filter(|script| script.channel.kind == channel.kind);
        channel.label.as_deref().filter(|_| same_kind.count() > 1)
    }

    /// The short names of the audiences it is for: `IFP, Medicare`, or `Every audience`; after the name of its
    /// directory, where there are several: `Acme: IFP`.
    pub fn audience_names(&self) -> String {
        let names = if self.audiences.is_empty() { "Every audience".to_owned() } else { short_names(&self.audiences) };
        self.whose.map_or(String::new(), |whose| format!("{whose}: ")) + &names
    }

    /// Whether the contact has a channel that is answered live, so that hours matter.
    pub fn is_live(&self) -> bool {
        self.scripts.iter().any(|script| script.channel.kind.is_live())
    }
}

impl<'a> NoticeCard<'a> {
    fn new(directory: &'a Directory, notice: &'a Notice, id: EntryId) -> Self {
        let is_whole = directory.parent(id).is_none();
        let ids = if is_whole { directory.children(id) } else { vec![id] };
        let sections = ids.into_iter().filter_map(|id| Some((directory.text_id(id), directory.section(id)?)));
        Self {
            id,
            whose: directory.whose(),
            notice,
            is_whole,
            sections: sections.collect(),
            checked: directory.transcribed,
        }
    }

    /// The title of the notice or section.
    pub fn title(&self) -> &'a str {
        match &self.sections[..] {
            [(_, section)] if !self.is_whole => &section.title,
            _ => &self.notice.title,
        }
    }

    /// The machine name of the notice: `notice:leaving-site`.
    pub fn target(&self) -> String {
        format!("notice:{}", self.notice.id)
    }
}

/// The short names of audiences: `IFP, Medicare`.
pub fn short_names(audiences: &[&Audience]) -> String {
    audiences.iter().map(|audience| &*audience.short).collect::<Vec<_>>().join(", ")
}

fn audiences<'a>(directory: &'a Directory, set: &AudienceSet) -> Vec<&'a Audience> {
    set.iter().filter_map(|audience| directory.audiences.get(audience)).collect()
}

/// While an entry is closed, other entries that serve the same need: first those that are open, then those that can be
/// written to, then those that list no hours.
fn alternatives(directory: &Directory, id: EntryId, now: Timestamp) -> Vec<Alternative<'_>> {
    const OPEN: u8 = 0;
    const WRITTEN: u8 = 1;
    const NOT_LISTED: u8 = 2;
    let rank = |other: &EntryId| match directory.hours(*other).at(now).open {
        OpenStatus::Open(_) => Some(OPEN),
        _ if directory.channel(*other).is_some_and(|channel| channel.is_written()) => Some(WRITTEN),
        OpenStatus::NotListed => Some(NOT_LISTED),
        OpenStatus::NoZone | OpenStatus::Uncertain | OpenStatus::Closed(_) => None,
    };
    let others = directory.same_need(id).into_iter();
    let mut others: Vec<(u8, EntryId)> = others.filter_map(|other| Some((rank(&other)?, other))).collect();
    others.sort();
    let offered = others.into_iter().take(MAX_ALTERNATIVES).filter_map(|(rank, other)| {
        Some(Alternative {
            title: directory.title(other),
            audiences: audiences(directory, &directory.audiences(other)),
            say: Script::new(directory, other)?.say()?,
            hours_not_listed: rank == NOT_LISTED,
        })
    });
    offered.collect()
}
