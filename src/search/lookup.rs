//! Whose a number or an address is, by any part of it.

use memchr::memmem;

/// An answer, by its place in the tables, and the channel of it that is looked up.
pub(super) type Whose = (usize, Option<usize>);

/// Short texts in one long one, a line each, so that looking for a part of any of them is one pass.
#[derive(Default)]
pub(super) struct Lookup {
    lines: String,
    starts: Vec<usize>,
    whose: Vec<Whose>,
}

/// A line that has a part of it looked up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// Where in it the part stands.
    pub(super) place: usize,
    pub(super) whose: Whose,
}

impl Lookup {
    /// Adds a line, which has no line break in it.
    pub(super) fn add(&mut self, text: &str, whose: Whose) {
        self.starts.push(self.lines.len());
        self.whose.push(whose);
        self.lines += text;
        self.lines.push('\n');
    }

    /// The lines that have a text in them, each once.
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
            let (start, whose) = (*self.starts.get(line)?, *self.whose.get(line)?);
            let end = self.starts.get(line + 1).map_or(self.lines.len(), |next| *next);
            Some(Line { text: self.lines.get(start..end)?.trim_end(), place: offset - start, whose })
        })
    }
}
