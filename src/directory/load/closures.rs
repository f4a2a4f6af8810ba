//! The days on which a directory says that entries are closed.

use std::collections::HashMap;

use super::details::contacts_by_id;
use super::loader::Loader;
use crate::directory::entry_id::{Entry, EntryId};
use crate::directory::hours::Closure;
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
                self.warn_of_closed_emergencies(raw, directory);
                for_all.push(closure);
                continue;
            };
            if names.is_empty() {
                self.report_at(raw.from, "`entries` is empty; name what is closed, or omit it to close everything");
            }
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
        let zone = self.zone.clone();
        let of = |id: EntryId| -> Vec<Closure> {
            let own = directory.ancestors(id).filter_map(|id| named.get(&id.entry)).flatten();
            for_all.iter().chain(own).cloned().collect()
        };
        // Who writes, faxes or reads a page needs nobody to be there.
        let is_live =
            |contact: usize| directory.contacts[contact].channels.iter().any(|channel| channel.kind.is_live());
        let mut closed = Vec::new();
        for id in directory.entries().filter(|id| id.entry.is_contact() && is_live(id.entry.record())) {
            let closures = of(id);
            let hours = match id.entry {
                Entry::Contact(contact) => &directory.contacts[contact].details.hours,
                _ => directory.hours(id),
            };
            if !closures.is_empty() {
                closed.push((id.entry, hours.with_closures(&closures, zone.as_ref()), closures));
            }
        }
        for (entry, hours, closures) in closed {
            if let Some(details) = directory.details_mut(entry) {
                details.hours = hours;
            }
            if let Entry::Contact(contact) = entry {
                let channels = directory.contacts[contact].channels.iter_mut();
                for hours in channels.filter_map(|channel| channel.hours.as_mut()) {
                    **hours = hours.with_closures(&closures, zone.as_ref());
                }
            }
        }
        directory.closures = for_all;
    }

    /// Warns of a closure of the whole directory that includes a line around the clock, such as one for emergencies.
    fn warn_of_closed_emergencies(&mut self, raw: &RawClosure<'a>, directory: &Directory) {
        let ids = directory.entries().filter(|id| matches!(id.entry, Entry::Contact(_)));
        let mut always_open = ids.filter(|id| directory.hours(*id).are_around_the_clock());
        if let (true, Some(id), Some(from)) = (self.wants_warnings, always_open.next(), raw.from) {
            let name = directory.text_id(id);
            let message =
                format!("also closes `{name}`, which is open around the clock; name what is closed in `entries`");
            self.warnings.report(from.0, message);
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
