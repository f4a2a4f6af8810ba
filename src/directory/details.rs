//! What contacts and options have in common.

use jiff::civil::Date;

use super::address::WebAddress;
use super::entry_id::EntryId;
use super::hours::Hours;

/// The fields that contacts and options share.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// Other names.
    pub aliases: Vec<Box<str>>,
    /// The reasons why people call, in their words.
    pub needs: Vec<Box<str>>,
    /// Who may use it; empty if the source does not say.
    pub serves: Vec<Box<str>>,
    /// The services it provides.
    pub services: Vec<Box<str>>,
    /// When it can be reached.
    pub hours: Hours,
    /// Other information for the caller.
    pub notes: Vec<Box<str>>,
    /// Facts that few entries have.
    pub extra: Option<Box<Extra>>,
}

/// Facts about a contact or option that few have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// The languages that are spoken.
    pub languages: Vec<Box<str>>,
    /// The usual waiting time: `about 5 minutes`.
    pub wait: Option<Box<str>>,
    /// What the caller should have at hand: `member ID`.
    pub have_ready: Vec<Box<str>>,
    /// A warning that is shown first.
    pub alert: Option<Alert>,
    /// The entry to turn to next when this one does not help.
    pub escalate: Option<EntryId>,
    /// The states, postcodes or area codes that it serves; empty if the source does not limit it.
    pub region: Vec<Box<str>>,
    /// Pages to read about it.
    pub articles: Vec<Article>,
    /// Whether only the organisation itself may see it.
    pub is_internal: bool,
    /// The day it was last checked; `None` for that of the directory.
    pub checked: Option<Date>,
    /// Who checked it.
    pub checked_by: Option<Box<str>>,
}

/// A warning, and the days on which it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The warning.
    pub text: Box<str>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Alert {
    /// Whether it applies on a day.
    pub fn applies_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A page to read about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its title.
    pub title: Box<str>,
    /// Its address.
    pub link: WebAddress,
}
