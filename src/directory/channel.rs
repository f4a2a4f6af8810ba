//! Channels: the ways to reach a contact.

use super::address::{Email, WebAddress};
use super::channel_kind::{ChannelKind, Form};
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
}

impl Channel {
    /// The number or address as printed; `None` if the source does not give it.
    pub fn printed(&self) -> Option<&str> {
        Some(match self.endpoint.as_ref()? {
            Endpoint::Number(number) => number.printed(),
            Endpoint::Email(address) => address.printed(),
            Endpoint::Web(page) => page.printed(),
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
        !self.kind.is_spoken() && self.endpoint.is_some()
    }

    /// The target; `None` if the source gives no number or address.
    pub fn target(&self) -> Option<Target> {
        Some(match self.endpoint.as_ref()? {
            Endpoint::Number(number) => Target::number(self.kind, number.e164()),
            Endpoint::Email(address) => Target::email(address.printed()),
            Endpoint::Web(page) => Target::page(page),
        })
    }
}
