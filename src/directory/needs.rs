//! The entries that share a need word for word: while one is closed, its card offers the others.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::entry_id::{Entry, EntryId};
use super::model::Directory;

/// The maximum number of entries considered for each need. If more share it, the first ones are as good as any.
const MAX_SHARING: usize = 1_000;

impl Directory {
    /// Builds the index of needs now rather than on first use. Most sessions never use it, and with 100,000 contacts it
    /// takes too long to build on a key press, so loading in the background calls this.
    pub fn prepare(&self) {
        self.by_need();
    }

    /// The other entries that share a need of this one, word for word, each once and in order.
    pub fn same_need(&self, id: EntryId) -> Vec<EntryId> {
        let by_need = self.by_need();
        let mut others = Vec::new();
        for need in self.needs(id) {
            let hash = hash(need);
            let start = by_need.partition_point(|(other, _)| *other < hash);
            let same =
                by_need[start..].iter().take_while(|(other, _)| *other == hash).map(|(_, other)| id.sibling(*other));
            // Two needs can have one hash, so the texts decide.
            let shares = |other: &EntryId| self.needs(*other).contains(need);
            others.extend(same.filter(|other| *other != id.by(None) && shares(other)).take(MAX_SHARING));
        }
        others.sort_unstable();
        others.dedup();
        others
    }

    fn needs(&self, id: EntryId) -> &[Box<str>] {
        self.details(id).map_or(&[], |details| &details.needs)
    }

    fn by_need(&self) -> &[(u64, Entry)] {
        self.by_need.get_or_init(|| {
            let hashed = |id: EntryId| self.needs(id).iter().map(move |need| (hash(need), id.entry));
            let mut by_need: Vec<(u64, Entry)> = self.entries().flat_map(hashed).collect();
            by_need.sort_unstable();
            by_need
        })
    }
}

fn hash(need: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    need.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::EMBEDDED;

    #[test]
    fn every_entry_that_shares_a_need_is_found_once() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let mut found = 0;
        for id in directory.entries().filter(|id| id.entry.is_contact()) {
            let shares =
                |other: &EntryId| directory.needs(*other).iter().any(|need| directory.needs(id).contains(need));
            let mut expected: Vec<EntryId> =
                directory.entries().filter(|other| *other != id && shares(other)).collect();
            expected.sort_unstable();
            found += expected.len();
            assert_eq!(directory.same_need(id), expected);
        }
        assert!(found > 0, "no two entries share a need");
    }
}
