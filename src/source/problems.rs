//! What is wrong with the sources of a catalog.

use std::fmt;

use super::{Source, SourceError};

/// Why a source is not loaded.
#[derive(Clone, Debug)]
pub struct LoadProblem {
    /// The source.
    pub source: Source,
    /// What is wrong with it.
    pub error: SourceError,
    /// Whether an earlier version of it stays loaded.
    pub has_earlier: bool,
}

/// What is wrong with the sources of a catalog, in their order.
#[derive(Clone, Debug, Default)]
pub struct LoadProblems(pub Vec<LoadProblem>);

impl LoadProblems {
    /// The first error in one line.
    pub(super) fn first(&self) -> String {
        let first = self.0.first().map(|LoadProblem { source, error, .. }| error.first(&source.short_name()));
        first.unwrap_or_default()
    }

    /// The first error of each file in one line, which starts with how the file was chosen.
    pub fn of_each_file(&self) -> Vec<String> {
        self.0.iter().map(|LoadProblem { source, error, .. }| error.summary(&source.description())).collect()
    }

    /// The first error in one line, with the number of those that follow in its file and in others.
    pub fn summary(&self) -> String {
        let first = self.0.first().map(|LoadProblem { source, error, .. }| error.summary(&source.short_name()));
        match (first.unwrap_or_default(), self.0.len()) {
            (first, 0 | 1) => first,
            (first, 2) => format!("{first}; another file has problems, too"),
            (first, count) => format!("{first}; {} other files have problems, too", count - 1),
        }
    }

    /// All of them as one error.
    pub fn into_error(mut self) -> SourceError {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(only), true) => only.error,
            (last, _) => SourceError::None(Self(self.0.into_iter().chain(last).collect())),
        }
    }
}

impl fmt::Display for LoadProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}", problem.error)?;
        }
        Ok(())
    }
}
