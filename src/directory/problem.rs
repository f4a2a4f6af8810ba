//! Problems: what is wrong in a data file, with line and column, for the person who edits it.

use std::fmt;

use super::text::offset;

/// The start of the message if the file is not valid RON.
pub const SYNTAX_ERROR: &str = "syntax error: ";

/// One problem in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// All problems of a file; at least one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    /// The name of the file as the user knows it.
    pub file: String,
    /// The problems, in the order of the file.
    pub list: Vec<Problem>,
}

impl Problems {
    /// The first problem in one line that starts with a short name of the file.
    pub fn first(&self, short_name: &str) -> String {
        let Some(Problem { line, column, message }) = self.list.first() else { return short_name.to_owned() };
        let message = message.strip_prefix(SYNTAX_ERROR).unwrap_or(message);
        format!("{short_name}:{line}:{column}: {message}")
    }

    /// The same, and the number of the others.
    pub fn summary(&self, short_name: &str) -> String {
        let more = if self.list.len() > 1 { format!(" (and {} more)", self.list.len() - 1) } else { String::new() };
        self.first(short_name) + &more
    }
}

/// Prints one line per problem: `file:line:column: message`.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{}:{}: {}", self.file, problem.line, problem.column, problem.message)?;
        }
        Ok(())
    }
}

/// The number of problems kept per file. A damaged file can have more than fit into memory.
const MAX_RECORDED: usize = 10_000;

/// Collects the problems of one file by byte offset, and converts offsets to lines and columns once at the end.
pub(crate) struct Collector<'a> {
    source: &'a str,
    problems: Vec<(usize, String)>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, problems: Vec::new() }
    }

    /// The text of the file.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// Adds a problem at a slice of the file's text. A slice of another text counts as the start of the file.
    pub(crate) fn report(&mut self, at: &str, message: impl Into<String>) {
        if self.problems.len() == MAX_RECORDED {
            let message = format!("more than {MAX_RECORDED} problems; fix the first ones and check again");
            self.problems.push((self.source.len(), message));
        }
        if self.problems.len() > MAX_RECORDED {
            return;
        }
        let offset = offset(self.source, at).filter(|offset| self.source.is_char_boundary(*offset));
        self.problems.push((offset.unwrap_or(0), message.into()));
    }

    pub(crate) fn len(&self) -> usize {
        self.problems.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn into_problems(mut self, file: &str) -> Problems {
        self.problems.sort();
        let (mut line, mut column, mut counted) = (1, 1, 0);
        let mut list = Vec::with_capacity(self.problems.len());
        for (offset, message) in self.problems {
            // Count on from the previous problem, not from the start of the line: a file may be one long line.
            let between = &self.source[counted..offset];
            let line_start = between.rsplit_once('\n').map(|(_, line_start)| line_start);
            line += between.matches('\n').count();
            column = line_start.map_or(column, |_| 1) + line_start.unwrap_or(between).chars().count();
            counted = offset;
            list.push(Problem { line, column, message });
        }
        Problems { file: file.to_owned(), list }
    }
}
