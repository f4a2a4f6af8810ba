//! The days on which a directory says that entries are closed.

use std::collections::BTreeMap;

use super::loader::Loader;
use crate::directory::details::Alert;
use crate::directory::entry_id::{Entry, EntryId};
use crate::directory::hours::{Closure, Hours};
use crate::directory::model::Directory;
use crate::directory::raw::{RawClosure, RawDirectory};

impl<'a> Loader<'a> {
    /// Gives every entry that is closed on some days its closures: those that name it or an entry above it.
    pub(super) fn closures(&mut self, raw: &RawDirectory<'a>, directory: &mut Directory) {
        let mut closures: BTreeMap<Entry, Vec<Closure>> = BTreeMap::new();
        for raw in raw.closures.iter().flatten() {
            let Some(closure) = self.closure(raw) else { continue };
            for id in self.closed_entries(raw, directory) {
                let entries = directory.entries().filter(|other| directory.ancestors(*other).any(|above| above == id));
                entries.for_each(|other| closures.entry(other.entry).or_default().push(closure.clone()));
            }
        }
        for (entry, closures) in closures {
            let hours = directory.hours(directory.id_of(entry)).clone();
            let Some(details) = directory.details_mut(entry) else { continue };
            match hours {
                Hours::Listed(schedule) => details.hours = Hours::Listed(schedule.with_closures(&closures)),
                // Without hours, nothing else says that nobody is there.
                Hours::NotListed | Hours::NotStated => {
                    let closure = &closures[0];
                    let text = format!("Closed: {}", closure.reason).into();
                    let alert = Alert { text, from: Some(closure.from), until: Some(closure.until) };
                    details.extra.get_or_insert_default().alert.get_or_insert(alert);
                }
            }
        }
    }

    fn closure(&mut self, raw: &RawClosure<'a>) -> Option<Closure> {
        self.fields(raw);
        let reason = self.required(raw.reason, raw, "reason");
        if raw.from.is_none() {
            self.missing(raw, "from");
        }
        let from = raw.from.and_then(|day| self.date(day));
        let until = raw.until.map_or(from, |day| self.date(day));
        self.check_period(raw.until, from, until);
        Some(Closure { from: from?, until: until?, reason: reason.as_ref().into() })
    }

    /// The entries that a closure names; without any, every contact.
    fn closed_entries(&mut self, raw: &RawClosure<'a>, directory: &Directory) -> Vec<EntryId> {
        let Some(names) = &raw.entries else { return directory.contacts_for(None).collect() };
        let ids = names.iter().filter_map(|name| {
            let id = self.text(*name)?;
            let found = directory.by_text_id(&id).filter(|id| id.entry.is_contact());
            if found.is_none() {
                self.report_at(Some(*name), format!("there is no entry `{id}`; write an id such as main-line/1"));
            }
            found
        });
        ids.collect()
    }
}
