//! The records of a directory.

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Serialize;

use super::address::{Host, WebAddress};
use super::audience::{Audience, AudienceSet};
use super::channel::Channel;
use super::details::Details;
use super::entry_id::Entry;
use super::hours::{Closure, Zone};
use super::menu::MenuOption;
use super::phone::Region;

/// The contacts and notices of one organisation.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The title of the screen.
    pub name: Box<str>,
    /// The id of the directory.
    pub id: Box<str>,
    /// Its name beside others: that of the organisation, unless the user gives it another.
    pub short: Box<str>,
    /// The organisation whose contacts these are.
    pub organisation: Box<str>,
    /// The page or document that the directory was transcribed from.
    pub source: Box<str>,
    /// The day of the transcription.
    pub transcribed: Date,
    /// Who to tell about a mistake.
    pub owner: Option<Box<str>>,
    /// The region whose numbering plan numbers without a country code belong to.
    pub region: Region,
    /// The time zone assumed for hours that state none.
    pub zone: Option<Zone>,
    /// The days on which everything is closed that hours apply to.
    pub closures: Vec<Closure>,
    /// The two-letter code of the country whose public holidays the hours refer to.
    pub holidays: Option<Box<str>>,
    /// The audiences, in the order of the screen.
    pub audiences: Vec<Audience>,
    /// The account types of the login pages.
    pub accounts: Vec<Account>,
    /// The contacts, in the order of the file.
    pub contacts: Vec<Contact>,
    /// The notices, in the order of the file.
    pub notices: Vec<Notice>,
    /// The words that people use for words of the directory.
    pub synonyms: Vec<Synonym>,
    /// What callers often need, in their words: queries.
    pub common_needs: Vec<Box<str>>,
    /// What people ask for that is known not to be in the directory.
    pub elsewhere: Vec<Elsewhere>,
    /// Which notice is shown before which link opens; the first rule that applies wins.
    pub(super) gates: Vec<GateRule>,
    /// The index of the directory in the catalog that holds it.
    pub(super) index: usize,
    /// Whether that catalog holds others, so that it matters whose an entry is.
    pub(super) has_others: bool,
    /// The entries by the hash of each of their needs, sorted; built on first use by [`Directory::prepare`].
    pub(super) by_need: OnceLock<Vec<(u64, Entry)>>,
}

impl Directory {
    /// Gives a directory its index in the catalog that holds it, which its entry ids contain, and tells it whether it
    /// is the only one.
    pub(crate) fn set_place(&mut self, index: usize, is_only: bool) {
        (self.index, self.has_others) = (index, !is_only);
    }
}

/// A type of account for login pages. Serialized as it stands in JSON reports.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Unique among the records of its kind.
    pub id: Box<str>,
    /// `Members`
    pub name: Box<str>,
    /// The wording of the choice in the source: `I'm a Member`.
    #[serde(skip)]
    pub choice: Option<Box<str>>,
}

/// A unit, team, line or page.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Unique among the records of its kind.
    pub id: Box<str>,
    /// `Broker line`
    pub name: Box<str>,
    /// The section of the source that lists it.
    pub source: Box<str>,
    /// The audiences it is for; empty for every audience.
    pub audiences: AudienceSet,
    /// The index in [`Directory::accounts`] of the account type that logs in here.
    pub account: Option<usize>,
    /// The ways to reach it, the preferred one first.
    pub channels: Vec<Channel>,
    /// The options of its phone menu, each before the options of its own submenu.
    pub options: Vec<MenuOption>,
    /// The fields that contacts and options share.
    pub details: Details,
}

/// A disclaimer or legal notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Unique among the records of its kind.
    pub id: Box<str>,
    /// The title as printed.
    pub title: Box<str>,
    /// The section of the source that lists it.
    pub source: Box<str>,
    /// Whether the text is the original or a restatement.
    pub wording: Option<Box<str>>,
    /// Other names.
    pub aliases: Vec<Box<str>>,
    /// The queries that should find it.
    pub needs: Vec<Box<str>>,
    /// The paragraphs before the first section.
    pub text: Vec<Box<str>>,
    /// The sections, in the order of the file.
    pub sections: Vec<NoticeSection>,
    /// The labels of its buttons: continue, then cancel. At most two.
    pub choices: Vec<Box<str>>,
    /// The external page that it leads to.
    pub site: Option<WebAddress>,
}

/// A section of a notice. Serialized as it stands in JSON reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeSection {
    /// The title as printed.
    pub title: Box<str>,
    /// The paragraphs.
    pub text: Vec<Box<str>>,
}

/// Words that people use for a word of the directory.
#[derive(Clone, Debug)]
pub struct Synonym {
    /// The word in the directory: `commission`.
    pub means: Box<str>,
    /// The words that people use for it: `paid`, `payout`.
    pub words: Vec<Box<str>>,
}

/// What people ask for that is known not to be in a directory.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// In people's words: `parking ticket`.
    pub phrases: Vec<Box<str>>,
    /// Where to turn instead.
    pub note: Option<Box<str>>,
}

/// Which notice is shown before a link to certain hosts opens.
#[derive(Clone, Debug)]
pub(super) struct GateRule {
    pub(super) hosts: LinkHosts,
    /// The index in [`Directory::notices`].
    pub(super) notice: usize,
}

/// The hosts that a gate applies to.
#[derive(Clone, Debug)]
pub(super) enum LinkHosts {
    /// A domain and its subdomains.
    Within(Host),
    /// Every host outside a domain and its subdomains.
    Outside(Host),
}
