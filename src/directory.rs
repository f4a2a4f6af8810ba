//! The data of one organisation: audiences, contacts with their channels and phone menus, notices and gates.
//!
//! [`Directory::load`] parses and checks a data file, whose format `docs/data.md` describes. Code that has a
//! [`Directory`] can rely on these checks: every index is in range, every number, address and schedule is parsed, and
//! no text contains a character that a terminal may interpret.

pub mod address;
mod audience;
mod channel;
mod channel_kind;
mod details;
mod entry;
mod entry_id;
mod foreign;
pub mod hours;
mod id;
mod internal;
mod load;
pub mod matching;
mod menu;
mod model;
mod needs;
pub mod phone;
pub mod position;
pub mod problem;
pub mod progress;
mod raw;
pub(crate) mod record;
pub mod stale;
pub mod target;
pub mod text;
mod way;
pub(crate) mod words;

pub use audience::{Audience, AudienceId, AudienceSet, Scope};
pub use channel::{Channel, Endpoint};
pub use channel_kind::ChannelKind;
pub use details::{Alert, Article, Details, Extra};
pub use entry_id::{Entry, EntryId};
pub use menu::{Goto, KeypadEntry, MenuOption, Step};
pub use model::{Account, Contact, Directory, Elsewhere, Notice, NoticeSection, Synonym};

/// The data file that is built into the program: the key contacts for Health Net brokers.
pub const EMBEDDED: &str = include_str!("../data/healthnet.ron");
