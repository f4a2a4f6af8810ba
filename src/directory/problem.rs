//! What is wrong with a file, said so that it can be put right.

use std::fmt;

use super::text::offset;

/// What stands before the message where the file is not RON.
pub const UNREADABLE: &str = "this cannot be read: ";

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Everything that is wrong with a file, in its order; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    /// The name of the file as the user knows it.
    pub file: String,
    /// In the order of the file.
    pub list: Vec<Problem>,
}

/// One line a problem: `file:line:column: message`.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{}:{}: {}", self.file, problem.line, problem.column, problem.message)?;
        }
        Ok(())
    }
}

/// As many problems as are kept of one file; a file may have more of them than memory has room for.
const MAX_KEPT: usize = 10_000;

/// Collects problems by their place in the text of a file.
pub(super) struct Collector<'a> {
    source: &'a str,
    found: Vec<(usize, String)>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, found: Vec::new() }
    }

    /// The file.
    pub(super) fn source(&self) -> &'a str {
        self.source
    }

    /// Notes a problem at a slice of the file; one that is no slice of it stands at its start.
    pub(super) fn report(&mut self, at: &str, message: impl Into<String>) {
        if self.found.len() == MAX_KEPT {
            let end = format!("there are more problems than {MAX_KEPT}; put the first ones right and check again");
            self.found.push((self.source.len(), end));
        }
        if self.found.len() > MAX_KEPT {
            return;
        }
        let offset = offset(self.source, at).filter(|offset| self.source.is_char_boundary(*offset));
        self.found.push((offset.unwrap_or(0), message.into()));
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_problems(mut self, file: &str) -> Problems {
        self.found.sort();
        let (mut line, mut column, mut read) = (1, 1, 0);
        let mut list = Vec::with_capacity(self.found.len());
        for (offset, message) in self.found {
            // From the last problem on: a file may be one long line.
            let between = &self.source[read..offset];
            let of_line = between.rsplit_once('\n').map(|(_, of_line)| of_line);
            line += between.matches('\n').count();
            column = of_line.map_or(column, |_| 1) + of_line.unwrap_or(between).chars().count();
            read = offset;
            list.push(Problem { line, column, message });
        }
        Problems { file: file.to_owned(), list }
    }
}
