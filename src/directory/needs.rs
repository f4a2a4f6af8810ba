//! Which answers serve the same need, in the same words.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use super::{Directory, EntryId};

/// As many answers as are looked at for each need; where so many share one, any of them will do.
const MAX: usize = 1_000;

/// The answers by the hash of each of their needs, in order. Made when it is first asked for: few need it, and with
/// 100,000 contacts nobody could wait for it with every key.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs(OnceLock<Vec<(u64, EntryId)>>);

impl Directory {
    /// Sorts the needs now, and not when they are first asked for.
    pub fn prepare(&self) {
        self.by_need.0.get_or_init(|| self.by_need());
    }

    /// Other answers that serve a need of this one, in the same words.
    pub fn same_need(&self, answer: EntryId) -> impl Iterator<Item = EntryId> {
        let needs = self.about(answer).map_or(&[][..], |about| &about.needs);
        let by_need = self.by_need.0.get_or_init(|| self.by_need());
        let mut others = Vec::new();
        for need in needs {
            let hash = hash(need);
            let start = by_need.partition_point(|(other, _)| *other < hash);
            let same = by_need[start..].iter().take_while(|(other, _)| *other == hash).map(|(_, other)| *other);
            let serves = |other: &EntryId| self.about(*other).is_some_and(|about| about.needs.contains(need));
            others.extend(same.filter(|other| *other != answer && serves(other)).take(MAX));
        }
        others.sort_unstable();
        others.dedup();
        others.into_iter()
    }

    fn by_need(&self) -> Vec<(u64, EntryId)> {
        let needs = |answer| self.about(answer).map_or(&[][..], |about| &about.needs);
        let of_each = |answer| needs(answer).iter().map(move |need| (hash(need), answer));
        let mut by_need: Vec<(u64, EntryId)> = self.answers().flat_map(of_each).collect();
        by_need.sort_unstable();
        by_need
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
    fn every_answer_with_a_need_in_the_same_words_is_there_once() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let mut found = 0;
        for answer in directory.answers().filter(|answer| directory.about(*answer).is_some()) {
            let needs = &directory.about(answer).unwrap().needs;
            let shares = |other: &EntryId| {
                directory.about(*other).is_some_and(|about| about.needs.iter().any(|need| needs.contains(need)))
            };
            let expected: Vec<EntryId> =
                directory.answers().filter(|other| *other != answer && shares(other)).collect();
            found += expected.len();
            let mut same: Vec<EntryId> = directory.same_need(answer).collect();
            same.sort_by_key(|other| directory.answers().position(|answer| answer == *other));
            assert_eq!(same, expected);
        }
        assert!(found > 0, "no two answers share a need");
    }
}
