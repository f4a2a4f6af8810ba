//! Recognises the words of a query that name a kind of channel.

use crate::directory::ChannelKind;

/// The stems of the words that name each kind, by the English stemmer: it turns `tty` into `tti`.
const NAMES: &[(&str, ChannelKind)] = &[
    ("phone", ChannelKind::Phone),
    ("telephon", ChannelKind::Phone),
    ("call", ChannelKind::Phone),
    ("dial", ChannelKind::Phone),
    ("number", ChannelKind::Phone),
    ("line", ChannelKind::Phone),
    ("hour", ChannelKind::Phone),
    ("fax", ChannelKind::Fax),
    ("facsimil", ChannelKind::Fax),
    ("tti", ChannelKind::Tty),
    ("tdd", ChannelKind::Tty),
    ("relai", ChannelKind::Relay),
    ("sms", ChannelKind::Sms),
    ("text", ChannelKind::Sms),
    ("whatsapp", ChannelKind::WhatsApp),
    ("email", ChannelKind::Email),
    ("mailbox", ChannelKind::Email),
    ("inbox", ChannelKind::Email),
    ("web", ChannelKind::Web),
    ("websit", ChannelKind::Web),
    ("webpag", ChannelKind::Web),
    ("site", ChannelKind::Web),
    ("portal", ChannelKind::Web),
    ("url", ChannelKind::Web),
    ("chat", ChannelKind::Chat),
    ("video", ChannelKind::Video),
    ("postal", ChannelKind::Post),
    ("visit", ChannelKind::Visit),
];

/// The kind that a word with a stem names.
pub(super) fn kind_named(stem: &str) -> Option<ChannelKind> {
    NAMES.iter().find(|(name, _)| *name == stem).map(|(_, kind)| *kind)
}

/// A set of kinds, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChannelKinds(u16);

impl ChannelKinds {
    pub(super) fn contains(self, kind: ChannelKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Whether it has one kind and no other.
    pub(super) fn is_only(self, kind: ChannelKind) -> bool {
        self.0 == 1 << kind as u16
    }
}

impl FromIterator<ChannelKind> for ChannelKinds {
    fn from_iter<I: IntoIterator<Item = ChannelKind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | (1 << kind as u16)))
    }
}
