//! Tells what has changed in the data since the navigator was last open. In another thread, after the first frame:
//! reading and comparing the data takes longer than drawing them.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::event::{ChangedSince, Event};
use crate::config::seen::Seen;
use crate::config::store::Store;
use crate::directory::Directory;
use crate::present::diff::changes;
use crate::source::{Source, Sources};

/// Tells the app what has changed, once, and keeps what the user has open.
pub(super) struct Comparison {
    sources: Sources,
    store: Store,
    tell: Arc<dyn Fn(Event) + Send + Sync>,
}

impl Comparison {
    pub(super) fn new(sources: &Sources, store: Store, tell: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self { sources: sources.clone(), store, tell: Arc::new(tell) }
    }

    /// Compares the data that were loaded, or loaded again, with those that were open before.
    pub(super) fn loaded(&self, now: Timestamp) {
        let (sources, store, tell) = (self.sources.clone(), self.store.clone(), Arc::clone(&self.tell));
        let today = now.to_zoned_datetime(TimeZone::try_system().unwrap_or(TimeZone::UTC)).date();
        std::thread::spawn(move || {
            if let Some(changed) = changed(&sources, &store, today) {
                tell(Event::ChangedSince(changed));
            }
        });
    }
}

/// What has changed in all directories since each was last open; the day is the earliest.
fn changed(sources: &Sources, store: &Store, today: Date) -> Option<ChangedSince> {
    let sources = sources.list();
    let mut all = ChangedSince { day: today, changes: Vec::new() };
    for source in &sources {
        let Some(ChangedSince { day, changes }) = changed_since(source, store, today) else { continue };
        let whose = if sources.len() > 1 { format!("{}: ", source.short_name()) } else { String::new() };
        all.day = all.day.min(day);
        all.changes.extend(changes.into_iter().map(|change| whose.clone() + &change));
    }
    (!all.changes.is_empty()).then_some(all)
}

/// What has changed since the directory was last open, if anything; and keeps it as it is. A problem with reading it
/// was told when it was loaded.
fn changed_since(source: &Source, store: &Store, today: Date) -> Option<ChangedSince> {
    let text = source.read(&mut |_| {}).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let name = name(source);
    let before = store.seen(&name);
    let now = Seen { day: today, text: text.to_owned() };
    if before.as_ref() != Some(&now) {
        // Without a copy, the next start has nothing to tell.
        let _ = store.keep_seen(&name, &now);
    }
    let before = before.filter(|before| before.text != now.text)?;
    let directory = source.check(&now.text, &mut |_| {}).ok()?;
    // A file with another directory than before has no changes to tell.
    let old =
        Directory::load("the data that were open last", &before.text).ok().filter(|old| old.id == directory.id)?;
    let changes: Vec<String> = changes(&old, &directory).iter().map(|change| change.words()).collect();
    (!changes.is_empty()).then_some(ChangedSince { day: before.day, changes })
}

/// The name of the copy: a hash of the file's path.
fn name(source: &Source) -> String {
    let Source::File(path, _) = source else { return "built-in".to_owned() };
    let mut hasher = DefaultHasher::new();
    fs::canonicalize(path).unwrap_or_else(|_| path.clone()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
