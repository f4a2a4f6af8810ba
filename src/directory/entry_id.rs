//! Entry ids: how the program refers to an entry of a catalog.

/// An entry within its directory, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A contact, in [`Directory::contacts`](super::Directory::contacts).
    Contact(usize),
    /// A contact and one of its [`Contact::options`](super::Contact::options).
    Option(usize, usize),
    /// A notice, in [`Directory::notices`](super::Directory::notices).
    Notice(usize),
    /// A notice and one of its [`Notice::sections`](super::Notice::sections).
    Section(usize, usize),
}

impl Entry {
    /// The index of its contact or notice.
    pub(super) fn record(self) -> usize {
        match self {
            Self::Contact(record) | Self::Option(record, _) | Self::Notice(record) | Self::Section(record, _) => record,
        }
    }

    /// Whether this is a contact or one of its options, rather than a notice or one of its sections.
    pub fn is_contact(self) -> bool {
        matches!(self, Self::Contact(_) | Self::Option(..))
    }
}

/// Names an entry of a catalog and, where one was requested, a channel of its contact.
///
/// The indices are those of one catalog. After a reload, the app maps them to the new catalog by the ids, labels and
/// keys of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId {
    /// The index of the directory in its catalog.
    pub directory: usize,
    /// The entry within that directory.
    pub entry: Entry,
    /// The index in [`Contact::channels`](super::Contact::channels) of the requested channel; `None` for the entry's
    /// own channel.
    pub channel: Option<usize>,
}

impl EntryId {
    /// The same entry by another channel.
    pub fn by(self, channel: Option<usize>) -> Self {
        Self { channel, ..self }
    }

    /// The index of the option, if the entry is one.
    pub fn option_index(self) -> Option<usize> {
        match self.entry {
            Entry::Option(_, option) => Some(option),
            _ => None,
        }
    }

    /// Another option of the same contact.
    pub fn option(self, option: usize) -> Self {
        self.sibling(Entry::Option(self.entry.record(), option))
    }

    /// Another entry of the same directory.
    pub(super) fn sibling(self, entry: Entry) -> Self {
        Self { entry, channel: None, ..self }
    }
}
