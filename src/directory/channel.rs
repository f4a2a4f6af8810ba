//! Channels: the ways to reach a contact.

use super::address::{Email, WebAddress};
use super::channel_kind::{ChannelKind, Form};
use super::hours::Hours;
use super::phone::PhoneNumber;
use super::target::Target;

/// One way to reach a contact.
#[derive(Clone, Debug)]
pub struct Channel {
    /// How it is used.
    pub kind: ChannelKind,
    /// Its number or address; `None` for a web page that the source mentions without an address.
    pub endpoint: Option<Endpoint>,
    /// What distinguishes it from the other channels of the contact.
    pub label: Option<Box<str>>,
    /// Information for people who use it.
    pub note: Option<Box<str>>,
    /// When it can be reached, where that differs from its contact. Few channels have hours of their own.
    pub hours: Option<Box<Hours>>,
}

/// A number or an address.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// A phone number.
    Number(PhoneNumber),
    /// An email address.
    Email(Email),
    /// A web page.
    Web(WebAddress),
    /// A postal or street address.
    Place(Box<str>),
}

impl Channel {
    /// The number or address as printed; `None` if the source does not give it.
    pub fn printed(&self) -> Option<&str> {
        Some(match self.endpoint.as_ref()? {
            Endpoint::Number(number) => number.printed(),
            Endpoint::Email(address) => address.printed(),
            Endpoint::Web(page) => page.printed(),
            Endpoint::Place(address) => address,
        })
    }

    /// The number or address as printed, after the kind where it is a number that must not be called as a voice line:
    /// `Fax (916) 935-4522`.
    pub fn labelled(&self) -> Option<String> {
        Some(self.with_kind(self.printed()?))
    }

    /// A text about the channel, after the kind where it is a number that must not be called as a voice line.
    pub fn with_kind(&self, text: &str) -> String {
        match self.kind {
            kind if kind.form() != Form::Number || kind == ChannelKind::Phone => text.to_owned(),
            kind => format!("{} {text}", kind.name()),
        }
    }

    /// The phone number.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match &self.endpoint {
            Some(Endpoint::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The web page.
    pub fn page(&self) -> Option<&WebAddress> {
        match &self.endpoint {
            Some(Endpoint::Web(page)) => Some(page),
            _ => None,
        }
    }

    /// Whether it can be used at any time, so that opening hours do not apply.
    pub fn is_written(&self) -> bool {
        !self.kind.is_live() && self.endpoint.is_some()
    }

    /// Whether what is written there arrives at once, at any time.
    pub fn is_instant(&self) -> bool {
        self.is_written() && self.kind != ChannelKind::Post
    }

    /// The target; `None` if the source gives no number or address.
    pub fn target(&self) -> Option<Target> {
        Some(match self.endpoint.as_ref()? {
            Endpoint::Number(number) => Target::number(self.kind, number),
            Endpoint::Email(address) => Target::email(address.printed()),
            Endpoint::Web(page) => Target::page(page),
            Endpoint::Place(address) => Target::place(self.kind, address),
        })
    }

    /// The link that opens it. A fax and a letter have none. That of a phone line lacks the keys.
    pub fn link(&self) -> Option<String> {
        match (self.kind, self.endpoint.as_ref()?) {
            (ChannelKind::Fax | ChannelKind::Post, _) => None,
            (ChannelKind::WhatsApp, Endpoint::Number(number)) => {
                Some(format!("https://wa.me/{}", number.dialled().trim_start_matches('+')))
            }
            (_, Endpoint::Email(address)) => Some(address.link()),
            (_, Endpoint::Number(_) | Endpoint::Web(_) | Endpoint::Place(_)) => Some(self.target()?.to_string()),
        }
    }
}
