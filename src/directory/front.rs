//! The built-in directory without what only a search needs, so that nobody waits for that before the first screen.

use super::problem::Problems;
use super::{Directory, EMBEDDED};

/// The fields that only a search needs; more than half of the file.
const SEARCHED: [&str; 2] = ["needs: [", "synonyms: ["];

impl Directory {
    /// The built-in directory with neither needs nor synonyms. Every answer has the place that it has in the whole one.
    ///
    /// # Errors
    /// As for [`Directory::load`]; a test shows that there are none.
    pub fn front() -> Result<Self, Problems> {
        let front = SEARCHED.iter().fold(EMBEDDED.to_owned(), |source, field| without(&source, field));
        Self::load("the built-in directory", &front)
    }
}

/// A file without the lists of a field.
fn without(source: &str, field: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, list)) = rest.split_once(field) {
        kept += before;
        let after = list.get(length(list)..).unwrap_or_default();
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    kept + rest
}

/// The length of a list in a file, after its opening bracket, with its closing one.
fn length(list: &str) -> usize {
    let (mut depth, mut in_text) = (1, false);
    let end = list.bytes().position(|byte| {
        match byte {
            b'"' => in_text = !in_text,
            b'[' if !in_text => depth += 1,
            b']' if !in_text => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.map_or(list.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_is_the_whole_but_for_what_is_searched() {
        let without_searched = |mut directory: Directory| {
            directory.synonyms.clear();
            for contact in &mut directory.contacts {
                contact.about.needs.clear();
                contact.options.iter_mut().for_each(|option| option.about.needs.clear());
            }
            directory.notices.iter_mut().for_each(|notice| notice.needs.clear());
            format!("{directory:?}")
        };
        let (front, whole) = (Directory::front().unwrap(), Directory::load("whole", EMBEDDED).unwrap());
        assert!(front.synonyms.is_empty() && front.contacts.iter().all(|contact| contact.about.needs.is_empty()));
        assert_eq!(without_searched(front), without_searched(whole));
    }
}
