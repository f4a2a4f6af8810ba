//! The days on which a directory says that entries are closed.

use std::collections::HashMap;

use super::details::contacts_by_id;
use super::loader::Loader;
use crate::directory::details::Alert;
use crate::directory::entry_id::{Entry, EntryId};
use crate::directory::hours::{Closure, Hours};
use crate::directory::model::Directory;
use crate::directory::raw::{RawClosure, RawDirectory};

impl<'a> Loader<'a> {
    /// Gives every entry that is closed on some days its closures: those that name it or an entry above it.
    pub(super) fn closures(&mut self, raw: &RawDirectory<'a>, directory: &mut Directory) {
        let contacts = contacts_by_id(directory);
        let (mut for_all, mut named) = (Vec::new(), HashMap::<Entry, Vec<Closure>>::new());
        for raw in raw.closures.iter().flatten() {
            let Some(closure) = self.closure(raw) else { continue };
            let Some(names) = &raw.entries else {
                for_all.push(closure);
                continue;
            };
            for name in names {
                match self.named_entry(directory, &contacts, *name) {
                    Some(id) if directory.is_line(id) => {
                        self.report_at(
                            Some(*name),
                            "a closure cannot name one line of a contact; name its contact or options",
                        );
                    }
                    Some(id) => named.entry(id.entry).or_default().push(closure.clone()),
                    None => {}
                }
            }
        }
        if for_all.is_empty() && named.is_empty() {
            return;
        }
        let of = |id: EntryId| {
            let own = directory.ancestors(id).filter_map(|id| named.get(&id.entry)).flatten();
            (id.entry, for_all.iter().chain(own).cloned().collect::<Vec<_>>())
        };
        let closed: Vec<(Entry, Vec<Closure>)> =
            directory.entries().filter(|id| id.entry.is_contact()).map(of).filter(|(_, own)| !own.is_empty()).collect();
        for (entry, closures) in closed {
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
}
