//! The state of loading.

use std::collections::{HashMap, HashSet};

use opening_hours::localization::Country;

use crate::directory::hours::{Hours, Zone};
use crate::directory::problem::Collector;

/// The version of the data format.
pub(super) const SCHEMA: &str = "1";

/// The value of a field whose subject the source mentions without giving it.
pub(super) const NOT_STATED: &str = "not stated";

/// Checks the records of a file. Each method reports the problems it finds and returns a placeholder, so that loading
/// goes on and finds the other problems. A directory with problems is never used.
pub(super) struct Loader<'a> {
    pub(super) problems: Collector<'a>,
    pub(super) audiences: HashMap<Box<str>, usize>,
    pub(super) accounts: HashMap<Box<str>, usize>,
    pub(super) notices: HashMap<Box<str>, usize>,
    /// The ids used so far by records of the current kind. Contacts and notices share theirs.
    pub(super) ids: HashSet<Box<str>>,
    /// The time zone and the holiday country of the directory, by which hours are parsed.
    pub(super) zone: Option<Zone>,
    pub(super) holidays: Option<Country>,
    /// The file names a country, but not a valid one.
    pub(super) has_invalid_holidays: bool,
    /// The parsed hours by text and zone. Many contacts have the same hours, and parsing them is slow.
    pub(super) schedules: HashMap<(&'a str, Option<&'a str>), Hours>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            problems: Collector::new(source),
            audiences: HashMap::new(),
            accounts: HashMap::new(),
            notices: HashMap::new(),
            ids: HashSet::new(),
            zone: None,
            holidays: None,
            has_invalid_holidays: false,
            schedules: HashMap::new(),
        }
    }
}
