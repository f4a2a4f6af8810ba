//! Loading: turns the text of a data file into a checked [`Directory`], or into all problems of the file.

mod closures;
mod contact;
mod details;
mod directory;
mod elsewhere;
mod gates;
mod hours;
mod loader;
mod menu;
mod notice;
mod values;

use super::foreign::ForeignFormat;
use super::model::Directory;
use super::problem::{Collector, Problem, Problems};
use super::progress::{LoadStage, Progress};
use super::raw;
use loader::Loader;

impl Directory {
    /// Loads a directory from the text of a file. `file` is the name of the file in error messages.
    ///
    /// # Errors
    /// Returns all problems of the file.
    pub fn load(file: &str, source: &str) -> Result<Self, Problems> {
        Self::load_with_progress(file, source, &mut |_| {})
    }

    /// Loads a directory and returns what is doubtful in the file beside it: numbers that no numbering plan knows, and
    /// hours that probably say something else than was meant; and common needs that have no answer, of which
    /// `unanswered` returns the indices. This takes longer than loading.
    ///
    /// # Errors
    /// As for [`Directory::load`].
    pub fn load_with_warnings(
        file: &str,
        source: &str,
        unanswered: impl Fn(&Self) -> Vec<usize>,
    ) -> Result<(Self, Problems), Problems> {
        let mut warnings = Collector::new(source);
        let directory = load(file, source, &mut |_| {}, Some((&mut warnings, &unanswered)))?;
        Ok((directory, warnings.into_problems(file)))
    }

    /// Loads a directory and calls `on_progress` at each contact, once when it is parsed and once when it is checked.
    ///
    /// # Errors
    /// As for [`Directory::load`].
    pub fn load_with_progress(
        file: &str,
        source: &str,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Problems> {
        load(file, source, on_progress, None)
    }
}

/// Where warnings go, and what returns the indices of the common needs that have no answer.
type Warnings<'w, 'a> = (&'w mut Collector<'a>, &'w dyn Fn(&Directory) -> Vec<usize>);

fn load<'a>(
    file: &str,
    source: &'a str,
    on_progress: &mut dyn FnMut(Progress),
    warnings: Option<Warnings<'_, 'a>>,
) -> Result<Directory, Problems> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut on_parsed = |done| on_progress(Progress { stage: LoadStage::Parse, done, total: source.len() });
    let raw = raw::parse(source, &mut on_parsed).map_err(|problem| {
        let foreign = ForeignFormat::of(file, source);
        let foreign = foreign.map(|format| Problem { line: 1, column: 1, message: format.to_string() });
        Problems { file: file.to_owned(), list: vec![foreign.unwrap_or(problem)] }
    })?;
    let contact_count = raw.contacts.as_ref().map_or(0, Vec::len);
    let mut on_checked = |done| on_progress(Progress { stage: LoadStage::Check, done, total: contact_count });
    let mut loader = Loader::new(source, warnings.is_some());
    let directory = loader.directory(&raw, &mut on_checked);
    if !loader.problems.is_empty() {
        return Err(loader.problems.into_problems(file));
    }
    if let Some((warnings, unanswered)) = warnings {
        loader.warn_of_unanswered(&raw, &unanswered(&directory));
        *warnings = loader.warnings;
    }
    Ok(directory)
}
