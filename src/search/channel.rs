//! Words of a query that name a channel: "fax", "call", "email".

use crate::directory::Endpoint;

/// A kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Phone,
    Fax,
    Tty,
    Email,
    Web,
}

/// The stems of the words that name each kind.
const NAMES: &[(&str, Kind)] = &[
    ("phone", Kind::Phone),
    ("telephon", Kind::Phone),
    ("call", Kind::Phone),
    ("dial", Kind::Phone),
    ("number", Kind::Phone),
    ("line", Kind::Phone),
    ("press", Kind::Phone),
    ("key", Kind::Phone),
    ("button", Kind::Phone),
    ("hour", Kind::Phone),
    ("fax", Kind::Fax),
    ("facsimil", Kind::Fax),
    ("tti", Kind::Tty),
    ("tdd", Kind::Tty),
    ("email", Kind::Email),
    ("mailbox", Kind::Email),
    ("inbox", Kind::Email),
    ("web", Kind::Web),
    ("websit", Kind::Web),
    ("webpag", Kind::Web),
    ("site", Kind::Web),
    ("portal", Kind::Web),
    ("url", Kind::Web),
];

/// The channel that a word with this stem names.
pub(super) fn named(stem: &str) -> Option<Kind> {
    NAMES.iter().find(|(name, _)| *name == stem).map(|(_, kind)| *kind)
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) fn contains(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | kind.bit()))
    }
}

impl Kind {
    fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The kind of a channel.
    pub(super) fn of(reach: &Endpoint) -> Self {
        match reach {
            Endpoint::Phone(_) => Self::Phone,
            Endpoint::Fax(_) => Self::Fax,
            Endpoint::Tty(_) => Self::Tty,
            Endpoint::Email(_) => Self::Email,
            Endpoint::Web(_) => Self::Web,
        }
    }
}
