//! What the commands work with: the catalog and the reader.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args;
use jiff::Timestamp;

use super::{Color, GlobalOptions, OutputFormat, shown};
use crate::app::Environment;
use crate::directory::text::nearest;
use crate::directory::{AudienceId, Directory, Scope};
use crate::present::display::Glyphs;
use crate::present::page::Page;
use crate::report::{ColorMode, Reader, painted};
use crate::search::Catalog;
use crate::source::{Loaded, Source};

/// The width of a page that is not written to a terminal, and the largest width of one that is, in columns.
const WIDTH: u16 = 80;
const MAX_WIDTH: u16 = 100;

/// Output that is made piece by piece.
pub type Pieces = Box<dyn Iterator<Item = String> + Send>;

/// The directory that a command is limited to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub(super) struct DirectoryOption {
    /// Only this one of several directories
    #[arg(long, value_name = "ID")]
    pub(super) directory: Option<String>,
}

impl DirectoryOption {
    /// The only source, which need not be loaded to be found; `None` if a directory is named or there are several.
    pub(super) fn only_source(&self, options: &GlobalOptions) -> Option<Source> {
        options.sources(&options.config().0).only().filter(|_| self.directory.is_none())
    }
}

/// The catalog, and the reader of the output.
#[derive(Clone, Debug)]
pub struct Context {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The source of each directory; empty for a remote client.
    pub(super) sources: Vec<Source>,
    /// The reader's terminal, as far as it is known.
    pub environment: Environment,
    /// The moment for which hours are shown.
    pub now: Timestamp,
    /// The width of the output, in columns.
    pub width: u16,
    /// Which styles are written.
    pub color_mode: ColorMode,
}

impl Context {
    /// Loads the catalog and examines the terminal.
    ///
    /// # Errors
    /// When the directory cannot be loaded.
    pub(super) fn open(options: &GlobalOptions) -> anyhow::Result<Self> {
        let (config, problem) = options.config();
        let sources = options.sources(&config);
        let Loaded { catalog, sources: by_directory, problems, notices } = sources.load()?;
        // As in the navigator, the rest of a bad configuration applies.
        let bad = problem.map(|problem| problem.notice());
        let left_out = problems.0.iter().map(|problem| format!("{}\nthis file is left out", problem.error));
        bad.into_iter().chain(left_out).chain(notices).for_each(|warning| warn(&warning));
        let environment = options.environment(&sources, config)?;
        let is_terminal = io::stdout().is_terminal();
        // Without a terminal, crossterm would start `tput` to find out the size, which takes 2 ms.
        let size = if is_terminal { crossterm::terminal::size().ok() } else { None };
        // A serial line that does not know its size reports 0.
        let width = size.map(|size| size.0).filter(|width| *width > 0);
        Ok(Self {
            catalog,
            sources: by_directory,
            now: options.at.unwrap_or_else(Timestamp::now),
            width: width.map_or(WIDTH, |width| width.min(MAX_WIDTH)),
            color_mode: match (environment.display.colors, is_terminal) {
                (true, true) => ColorMode::All,
                (true, false) if options.color == Color::Always => ColorMode::All,
                (_, true) => ColorMode::CodesOnly,
                (_, false) => ColorMode::None,
            },
            environment,
        })
    }

    /// The context of a remote client, whose output may go to a file or a program.
    pub fn remote(catalog: Arc<Catalog>, environment: Environment, now: Timestamp) -> Self {
        Self { catalog, sources: Vec::new(), environment, now, width: WIDTH, color_mode: ColorMode::None }
    }

    /// Applies the options of a remote command.
    pub fn with_options(mut self, options: &GlobalOptions) -> Self {
        if options.ascii {
            self.environment.display.glyphs = Glyphs::ASCII;
        }
        if let Some(clock) = options.clock {
            self.environment.display.clock = clock.into();
        }
        self.environment.moment_is_set = options.at.is_some();
        self.now = options.at.unwrap_or(self.now);
        match options.color {
            Color::Auto => {}
            Color::Always => self.color_mode = ColorMode::All,
            Color::Never => self.color_mode = ColorMode::None,
        }
        self
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { display: &self.environment.display, now: self.now, width: self.width }
    }

    /// Writes the output in the requested format.
    pub(super) fn write(
        &self,
        format: OutputFormat,
        page: impl FnOnce(&Reader<'_>) -> Page,
        plain: impl FnOnce() -> String,
        json: impl FnOnce() -> String,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let text = match format {
            OutputFormat { json: true, .. } => json(),
            OutputFormat { plain: true, .. } => plain(),
            OutputFormat { .. } => painted(&page(&self.reader()), self.color_mode),
        };
        out.write_all(text.as_bytes())
    }

    /// The scope that the ids of a directory and an audience name, in upper or lower case.
    pub(super) fn scope(&self, directory: Option<&str>, audience: Option<&str>) -> anyhow::Result<Scope> {
        let within = self.directory(directory)?.map_or(Scope::All, |directory| Scope::Directory(directory.index()));
        Ok(self.audience(within, audience)?.map_or(within, Scope::Audience))
    }

    /// The directory with an id or a name.
    fn directory(&self, id: Option<&str>) -> anyhow::Result<Option<&Directory>> {
        let Some(id) = id else { return Ok(None) };
        let directories = self.catalog.directories();
        let is_named = |name: &str| name.eq_ignore_ascii_case(id);
        let found = directories.iter().find(|directory| is_named(&directory.id));
        let found = found.or_else(|| directories.iter().find(|directory| is_named(&directory.short)));
        found.map(Some).ok_or_else(|| unknown("directory", id, directories.iter().map(|directory| &*directory.id)))
    }

    /// The audience with an id, which only one directory in scope may have: the answers of another would be missing.
    fn audience(&self, within: Scope, id: Option<&str>) -> anyhow::Result<Option<AudienceId>> {
        let Some(id) = id else { return Ok(None) };
        let audiences = || self.catalog.audiences().filter(|(own, _)| within.has_directory(own.directory));
        let found = audiences().filter(|(_, audience)| audience.id.eq_ignore_ascii_case(id));
        match found.map(|(found, _)| found).collect::<Vec<_>>()[..] {
            [] => Err(unknown("audience", id, audiences().map(|(_, audience)| &*audience.id))),
            [only] => Ok(Some(only)),
            ref several => {
                let ids = several.iter().map(|found| &*self.catalog.directories()[found.directory].id);
                let ids = ids.collect::<Vec<_>>().join(", ");
                Err(anyhow!("several directories have the audience {id:?}; add --directory with one of {ids}"))
            }
        }
    }
}

/// Warns on standard error. If that is closed, the output remains.
fn warn(text: &str) {
    let text: String = format!("dialtree: {text}\n").split_inclusive('\n').map(shown).collect();
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The message for an id that nothing has.
fn unknown<'a>(what: &str, id: &str, ids: impl Iterator<Item = &'a str>) -> anyhow::Error {
    let mut seen = HashSet::new();
    let ids: Vec<&str> = ids.filter(|id| seen.insert(*id)).collect();
    match nearest(&id.to_lowercase(), ids.iter().copied()) {
        Some(near) => anyhow!("there is no {what} {id:?}; did you mean {near}?"),
        None => anyhow!("there is no {what} {id:?}; use one of {}", ids.join(", ")),
    }
}
