//! One organisation's whole data set: audiences, contacts with their channels and phone menus, notices and gates.
//!
//! A [`Directory`] is empty by default, or made by [`Directory::load`], which checks everything: every reference is an
//! index that is in range, every number, address and hour has been parsed, and no text holds anything that a terminal
//! would obey.
//! The format of the file is described in `data/README.md`.

pub mod address;
mod audience;
mod entry;
pub mod hours;
mod id;
mod load;
mod needs;
pub mod phone;
pub mod problem;
pub mod progress;
mod raw;
pub mod target;
pub mod text;

use jiff::civil::Date;

use address::{Email, Host, WebAddress};
pub use audience::{Audience, AudienceId, AudienceSet};
pub use entry::{Entry, EntryId};
use hours::{Hours, Zone};
use needs::NeedIndex;
use phone::{Key, PhoneNumber};
use target::Target;

/// The directory that is built into the program: Health Net's broker key contacts.
pub const EMBEDDED: &str = include_str!("../data/healthnet.ron");

/// One organisation's whole data set.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// What stands at the top of the screen.
    pub name: Box<str>,
    /// Its name for machines.
    pub id: Box<str>,
    /// Whose contacts these are.
    pub organisation: Box<str>,
    /// The page or document it was transcribed from.
    pub source: Box<str>,
    /// The day it was transcribed.
    pub transcribed: Date,
    /// The zone that is assumed where hours state none.
    pub zone: Option<Zone>,
    /// The country whose public holidays hours mean, in two letters.
    pub holidays: Option<Box<str>>,
    /// In the order of the screen.
    pub audiences: Vec<Audience>,
    /// The account types of the log-in pages.
    pub accounts: Vec<Account>,
    /// In the order of the file.
    pub contacts: Vec<Contact>,
    /// In the order of the file.
    pub notices: Vec<Notice>,
    /// Words that people use for others that stand in the directory.
    pub synonyms: Vec<Synonym>,
    gates: Vec<GateRule>,
    /// The index of the directory in the catalog that holds it.
    index: usize,
    by_need: NeedIndex,
}

impl Directory {
    /// Gives a directory its index in the catalog that holds it; its entry ids carry it.
    pub(crate) fn set_index(&mut self, index: usize) {
        self.index = index;
    }
}

/// A type of account to log in with.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name for machines.
    pub id: Box<str>,
    /// `Members`
    pub name: Box<str>,
    /// How the source words the choice: `I'm a Member`.
    pub choice: Option<Box<str>>,
}

/// What contacts and options have in common.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// Other names.
    pub aliases: Vec<Box<str>>,
    /// What people want when they call, in their words.
    pub needs: Vec<Box<str>>,
    /// Who may use it; empty where the source does not say.
    pub serves: Vec<Box<str>>,
    /// What it does.
    pub services: Vec<Box<str>>,
    /// When it can be reached.
    pub hours: Hours,
    /// Anything else the caller should know.
    pub notes: Vec<Box<str>>,
}

/// One unit, team, line or page that can be reached.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its name for machines.
    pub id: Box<str>,
    /// `Broker line`
    pub name: Box<str>,
    /// The section of the source it comes from.
    pub source: Box<str>,
    /// Whom it is for; empty means every audience.
    pub audiences: AudienceSet,
    /// The type of account that logs in here, by its place in [`Directory::accounts`].
    pub account: Option<usize>,
    /// The ways to reach it.
    pub channels: Vec<Channel>,
    /// The options of all its phone menus, each before its own menu.
    pub options: Vec<MenuOption>,
    /// Names, needs, hours and notes.
    pub details: Details,
}

/// One way to reach a contact.
#[derive(Clone, Debug)]
pub struct Channel {
    /// By what, and where.
    pub endpoint: Endpoint,
    /// What tells it from the contact's other channels.
    pub label: Option<Box<str>>,
    /// What to know before using it.
    pub note: Option<Box<str>>,
}

/// By what a contact is reached, and where.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// A voice line.
    Phone(PhoneNumber),
    /// A fax.
    Fax(PhoneNumber),
    /// A text telephone.
    Tty(PhoneNumber),
    /// An email address.
    Email(Email),
    /// A page, whose address the source may not state.
    Web(Option<WebAddress>),
}

impl Endpoint {
    /// The name of the kind: `Phone`, `Fax`, `TTY`, `Email`, `Web`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Phone(_) => "Phone",
            Self::Fax(_) => "Fax",
            Self::Tty(_) => "TTY",
            Self::Email(_) => "Email",
            Self::Web(_) => "Web",
        }
    }

    /// The number or address as printed; `None` where it is not stated.
    pub fn printed(&self) -> Option<&str> {
        match self {
            Self::Phone(number) | Self::Fax(number) | Self::Tty(number) => Some(number.printed()),
            Self::Email(address) => Some(address.printed()),
            Self::Web(page) => page.as_ref().map(WebAddress::printed),
        }
    }

    /// Whether people talk on it, by voice or text telephone, so that opening hours matter.
    pub fn is_spoken(&self) -> bool {
        matches!(self, Self::Phone(_) | Self::Tty(_))
    }

    /// Whether something can be sent to it or opened at any time, so that opening hours do not matter.
    pub fn is_written(&self) -> bool {
        matches!(self, Self::Fax(_) | Self::Email(_) | Self::Web(Some(_)))
    }

    /// Its machine name.
    pub fn target(&self) -> Option<Target> {
        Some(match self {
            Self::Phone(number) | Self::Tty(number) => Target::Tel(number.e164().into(), Vec::new()),
            Self::Fax(number) => Target::Fax(number.e164().into()),
            Self::Email(address) => Target::Mailto(address.printed().to_lowercase().into()),
            Self::Web(page) => Target::Https(page.as_ref()?.to_string().into()),
        })
    }
}

/// One option of a phone menu.
#[derive(Clone, Debug)]
pub struct MenuOption {
    /// The key to press.
    pub key: Key,
    /// What it is for.
    pub label: Box<str>,
    /// Other audiences that it serves too.
    pub also: AudienceSet,
    /// Audiences that it does not serve.
    pub not_for: AudienceSet,
    /// The place of its line in [`Contact::channels`].
    pub channel: usize,
    /// The option above it, by its place in [`Contact::options`].
    pub parent: Option<usize>,
    /// Names, needs, hours and notes.
    pub details: Details,
}

/// A disclaimer or a legal notice, read in sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its name for machines.
    pub id: Box<str>,
    /// As printed.
    pub title: Box<str>,
    /// The section of the source it comes from.
    pub source: Box<str>,
    /// Whose words these are.
    pub wording: Option<Box<str>>,
    /// Other names.
    pub aliases: Vec<Box<str>>,
    /// What people look for.
    pub needs: Vec<Box<str>>,
    /// Paragraphs before the first section.
    pub text: Vec<Box<str>>,
    /// In the order of the file.
    pub sections: Vec<NoticeSection>,
    /// The words of its buttons, going on first; two at the most.
    pub choices: Vec<Box<str>>,
    /// The outside page that it leads to.
    pub site: Option<WebAddress>,
}

/// A part of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeSection {
    /// As printed.
    pub title: Box<str>,
    /// Paragraphs.
    pub text: Vec<Box<str>>,
}

/// Words that mean the same as others.
#[derive(Clone, Debug)]
pub struct Synonym {
    /// The words as they stand in the directory: `commission`.
    pub means: Box<str>,
    /// What people say for them: `paid`, `payout`.
    pub words: Vec<Box<str>>,
}

/// Which notice is shown before which link opens.
#[derive(Clone, Debug)]
struct GateRule {
    hosts: LinkHosts,
    notice: usize,
}

#[derive(Clone, Debug)]
enum LinkHosts {
    /// A domain and its subdomains.
    Within(Host),
    /// Every host outside a domain and its subdomains.
    Outside(Host),
}
