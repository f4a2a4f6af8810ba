//! Finds phone numbers and addresses by any part of them.
//!
//! An inverted index finds whole words, but users type parts: the last digits of a number, the middle of a hostname.
//! All texts are in one string, one per line, so that one `memmem` pass finds every line that contains a part. A pass
//! takes time linear in the length of the string, which is short: about 12 bytes per number.

use memchr::memmem;

/// The document, by index, that a number or address belongs to, and the index of the channel of its contact, if it
/// belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) document: usize,
    pub(super) channel: Option<usize>,
}

/// Texts with their owners.
#[derive(Default)]
pub(super) struct SubstringIndex {
    lines: String,
    /// The byte index at which each line starts.
    starts: Vec<usize>,
    /// The owner of each line.
    owners: Vec<Owner>,
}

/// A line that contains the part looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MatchedLine<'a> {
    pub(super) text: &'a str,
    /// The byte index of the first occurrence of the part in the line.
    pub(super) index: usize,
    pub(super) owner: Owner,
}

impl SubstringIndex {
    /// Adds a text, which must not contain a line break.
    pub(super) fn add(&mut self, text: &str, owner: Owner) {
        self.starts.push(self.lines.len());
        self.owners.push(owner);
        self.lines += text;
        self.lines.push('\n');
    }

    /// The lines that contain a part, each once.
    pub(super) fn find<'a>(&'a self, part: &str) -> impl Iterator<Item = MatchedLine<'a>> {
        let mut last = None;
        let offsets: Vec<usize> = if part.is_empty() || part.contains('\n') {
            Vec::new()
        } else {
            memmem::find_iter(self.lines.as_bytes(), part).collect()
        };
        offsets.into_iter().filter_map(move |offset| {
            let line = self.starts.partition_point(|start| *start <= offset).checked_sub(1)?;
            if last.replace(line) == Some(line) {
                return None;
            }
            let (start, owner) = (*self.starts.get(line)?, *self.owners.get(line)?);
            let end = self.starts.get(line + 1).map_or(self.lines.len(), |next| *next);
            Some(MatchedLine { text: self.lines.get(start..end)?.trim_end(), index: offset - start, owner })
        })
    }
}
