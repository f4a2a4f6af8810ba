//! Channels: the ways to reach a contact.
//!
//! Everything that depends on the kind of a channel alone stands in one table, [`ChannelKind::spec`].

use super::address::{Email, WebAddress};
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

/// How a channel is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A voice line.
    Phone,
    /// A fax number.
    Fax,
    /// A text telephone (TTY).
    Tty,
    /// An email address.
    Email,
    /// A web page.
    Web,
}

/// What a channel of a kind is reached at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    Email,
    Web,
}

/// What the program knows about a kind.
struct Spec {
    name: &'static str,
    scheme: &'static str,
    form: Form,
    /// Whether people talk on it live, so that opening hours apply.
    is_spoken: bool,
    /// Whether a phone or computer can open a link to it.
    has_link: bool,
}

impl ChannelKind {
    /// Every kind, in the order of [`ChannelKind`].
    pub const ALL: [Self; 5] = [Self::Phone, Self::Fax, Self::Tty, Self::Email, Self::Web];

    fn spec(self) -> Spec {
        match self {
            Self::Phone => Spec { name: "Phone", scheme: "tel", form: Form::Number, is_spoken: true, has_link: true },
            Self::Fax => Spec { name: "Fax", scheme: "fax", form: Form::Number, is_spoken: false, has_link: false },
            Self::Tty => Spec { name: "TTY", scheme: "tel", form: Form::Number, is_spoken: true, has_link: true },
            Self::Email => {
                Spec { name: "Email", scheme: "mailto", form: Form::Email, is_spoken: false, has_link: true }
            }
            Self::Web => Spec { name: "Web", scheme: "https", form: Form::Web, is_spoken: false, has_link: true },
        }
    }

    /// The name: `Phone`, `Fax`, `TTY`, `Email`, `Web`. In lower case, it is the name in JSON and of the field in a file.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The URI scheme of its targets: `tel`, `fax`, `mailto` or `https`.
    pub(super) fn scheme(self) -> &'static str {
        self.spec().scheme
    }

    pub(super) fn form(self) -> Form {
        self.spec().form
    }

    /// Whether people talk on it live, by voice or text telephone, so that opening hours apply.
    pub fn is_spoken(self) -> bool {
        self.spec().is_spoken
    }

    /// Whether a phone or computer can open a link to it.
    pub fn has_link(self) -> bool {
        self.spec().has_link
    }

    /// The target of a number without keys, if channels of this kind have one.
    pub(super) fn number_target(self, e164: &str) -> Target {
        match self.scheme() {
            "tel" => Target::Tel(e164.into(), Vec::new()),
            scheme => Target::Uri(format!("{scheme}:{e164}").into()),
        }
    }
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
            Endpoint::Number(number) => self.kind.number_target(number.e164()),
            Endpoint::Email(address) => Target::email(address.printed()),
            Endpoint::Web(page) => Target::page(page),
        })
    }
}
