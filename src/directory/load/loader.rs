//! The state of loading.

use std::collections::{HashMap, HashSet};

use opening_hours::localization::Country;

use crate::directory::entry_id::Entry;
use crate::directory::hours::{Hours, SharedCalendar, Zone};
use crate::directory::phone::Region;
use crate::directory::problem::Collector;
use crate::directory::record::Text;

/// The versions of the data format that can be loaded, the current one last. Version 2 only adds fields.
pub(super) const SCHEMAS: [&str; 2] = ["1", "2"];

/// The value of a field whose subject the source mentions without giving it.
pub(super) const NOT_STATED: &str = "not stated";

/// Checks the records of a file. Each method reports the problems it finds and returns a placeholder, so that loading
/// goes on and finds the other problems. A directory with problems is never used.
pub(super) struct Loader<'a> {
    pub(super) problems: Collector<'a>,
    /// What is doubtful but not wrong; collected only if `wants_warnings`, because it takes time.
    pub(super) warnings: Collector<'a>,
    pub(super) wants_warnings: bool,
    pub(super) audiences: HashMap<Box<str>, usize>,
    pub(super) accounts: HashMap<Box<str>, usize>,
    pub(super) notices: HashMap<Box<str>, usize>,
    /// The file is of version 1, which accepted hours that are evaluated otherwise than people read them.
    pub(super) is_schema_1: bool,
    /// The ids used so far by records of the current kind. Contacts and notices share theirs.
    pub(super) ids: HashSet<Box<str>>,
    /// The region of the numbers.
    pub(super) region: Region,
    /// The time zone and the holiday country of the directory, by which hours are parsed.
    pub(super) zone: Option<Zone>,
    pub(super) holidays: Option<Country>,
    /// The holidays of that country.
    pub(super) calendar: SharedCalendar,
    /// The contact that is being loaded and the option of it, by index.
    pub(super) contact: Option<usize>,
    pub(super) option: Option<usize>,
    /// The entries that escalate to another, with its id.
    pub(super) escalations: Vec<(Entry, Text<'a>)>,
    /// The zone of the contact is that of the hours of its channels, too.
    pub(super) has_channel_hours: bool,
    /// The file names a country, but not a valid one.
    pub(super) has_invalid_holidays: bool,
    /// The missing zone of some hours was warned of; once is enough, as a zone of the directory serves all.
    pub(super) has_warned_of_zone: bool,
    /// The parsed hours by text and zone. Many contacts have the same hours, and parsing them is slow.
    pub(super) schedules: HashMap<(&'a str, Option<&'a str>), Hours>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(source: &'a str, wants_warnings: bool) -> Self {
        Self {
            problems: Collector::new(source),
            warnings: Collector::new(source),
            wants_warnings,
            is_schema_1: false,
            audiences: HashMap::new(),
            accounts: HashMap::new(),
            notices: HashMap::new(),
            ids: HashSet::new(),
            region: Region::US,
            zone: None,
            holidays: None,
            calendar: SharedCalendar::default(),
            contact: None,
            option: None,
            escalations: Vec::new(),
            has_channel_hours: false,
            has_invalid_holidays: false,
            has_warned_of_zone: false,
            schedules: HashMap::new(),
        }
    }
}
