//! Finds numbers and addresses by any part of them.

use memchr::memmem;

/// A document by its index, and the channel that has the number or address.
pub(super) type Owner = (usize, Option<usize>);

/// Short texts in one string, a line each, so that a part of any of them is found in one pass.
#[derive(Default)]
pub(super) struct SubstringIndex {
    lines: String,
    starts: Vec<usize>,
    owners: Vec<Owner>,
}

/// A line in which a part was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// The byte index of the part in the line.
    pub(super) index: usize,
    pub(super) owner: Owner,
}

impl SubstringIndex {
    /// Adds a line, which must not contain a line break.
    pub(super) fn add(&mut self, text: &str, owner: Owner) {
        self.starts.push(self.lines.len());
        self.owners.push(owner);
        self.lines += text;
        self.lines.push('\n');
    }

    /// The lines that contain a text, each once.
    pub(super) fn find<'a>(&'a self, part: &str) -> impl Iterator<Item = Line<'a>> {
        let mut last = None;
        let found: Vec<usize> = if part.is_empty() || part.contains('\n') {
            Vec::new()
        } else {
            memmem::find_iter(self.lines.as_bytes(), part).collect()
        };
        found.into_iter().filter_map(move |offset| {
            let line = self.starts.partition_point(|start| *start <= offset).checked_sub(1)?;
            if last.replace(line) == Some(line) {
                return None;
            }
            let (start, owner) = (*self.starts.get(line)?, *self.owners.get(line)?);
            let end = self.starts.get(line + 1).map_or(self.lines.len(), |next| *next);
            Some(Line { text: self.lines.get(start..end)?.trim_end(), index: offset - start, owner })
        })
    }
}
