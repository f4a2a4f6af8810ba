//! Recognises the words of a query that name a kind of channel.

use crate::directory::Endpoint;

/// A kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChannelKind {
    Phone,
    Fax,
    Tty,
    Email,
    Web,
}

/// The stems of the words that name each kind, by the English stemmer: it turns `tty` into `tti`.
const NAMES: &[(&str, ChannelKind)] = &[
    ("phone", ChannelKind::Phone),
    ("telephon", ChannelKind::Phone),
    ("call", ChannelKind::Phone),
    ("dial", ChannelKind::Phone),
    ("number", ChannelKind::Phone),
    ("line", ChannelKind::Phone),
    ("press", ChannelKind::Phone),
    ("key", ChannelKind::Phone),
    ("button", ChannelKind::Phone),
    ("hour", ChannelKind::Phone),
    ("fax", ChannelKind::Fax),
    ("facsimil", ChannelKind::Fax),
    ("tti", ChannelKind::Tty),
    ("tdd", ChannelKind::Tty),
    ("email", ChannelKind::Email),
    ("mailbox", ChannelKind::Email),
    ("inbox", ChannelKind::Email),
    ("web", ChannelKind::Web),
    ("websit", ChannelKind::Web),
    ("webpag", ChannelKind::Web),
    ("site", ChannelKind::Web),
    ("portal", ChannelKind::Web),
    ("url", ChannelKind::Web),
];

impl ChannelKind {
    /// The kind that a word with this stem names.
    pub(super) fn from_stem(stem: &str) -> Option<Self> {
        NAMES.iter().find(|(name, _)| *name == stem).map(|(_, kind)| *kind)
    }

    /// The kind of a channel, by its endpoint.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        match endpoint {
            Endpoint::Phone(_) => Self::Phone,
            Endpoint::Fax(_) => Self::Fax,
            Endpoint::Tty(_) => Self::Tty,
            Endpoint::Email(_) => Self::Email,
            Endpoint::Web(_) => Self::Web,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of kinds, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChannelKinds(u8);

impl ChannelKinds {
    pub(super) fn contains(self, kind: ChannelKind) -> bool {
        self.0 & kind.bit() != 0
    }
}

impl FromIterator<ChannelKind> for ChannelKinds {
    fn from_iter<I: IntoIterator<Item = ChannelKind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | kind.bit()))
    }
}
