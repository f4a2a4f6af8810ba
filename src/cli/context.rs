//! What the commands work with: the catalog and the reader.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::anyhow;
use jiff::Timestamp;

use super::{Color, GlobalOptions, OutputFormat};
use crate::app::Environment;
use crate::directory::AudienceId;
use crate::directory::text::nearest;
use crate::present::display::Glyphs;
use crate::present::page::Page;
use crate::report::{ColorMode, Reader, painted};
use crate::search::Catalog;

/// The width of a page that is not written to a terminal, and the largest width of one that is, in columns.
const WIDTH: u16 = 80;
const MAX_WIDTH: u16 = 100;

/// Output that is made piece by piece.
pub type Pieces = Box<dyn Iterator<Item = String> + Send>;

/// The catalog, and the reader of the output.
#[derive(Clone, Debug)]
pub struct Context {
    /// The catalog.
    pub catalog: Arc<Catalog>,
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
        let source = options.source();
        let catalog = source.catalog()?;
        let (config, problem) = options.config();
        if let Some(problem) = problem {
            // As in the navigator, the rest applies. A warning that cannot be written is not worth failing for.
            let _ = writeln!(io::stderr(), "warning: {}; `dialtree config check` lists all", problem.summary());
        }
        let environment = options.environment(&source, config)?;
        let is_terminal = io::stdout().is_terminal();
        // Without a terminal, crossterm would start `tput` to find out the size, which takes 2 ms.
        let size = if is_terminal { crossterm::terminal::size().ok() } else { None };
        // A serial line that does not know its size reports 0.
        let width = size.map(|size| size.0).filter(|width| *width > 0);
        Ok(Self {
            catalog,
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
        Self { catalog, environment, now, width: WIDTH, color_mode: ColorMode::None }
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

    /// The audience with an id, in upper or lower case. If several directories have one, it is that of the first
    /// directory in the order of the catalog.
    pub(super) fn audience(&self, id: Option<&str>) -> anyhow::Result<Option<AudienceId>> {
        let Some(id) = id else { return Ok(None) };
        let found = self.catalog.audiences().find(|(_, audience)| audience.id.eq_ignore_ascii_case(id));
        found.map(|(found, _)| Some(found)).ok_or_else(|| {
            let ids = || self.catalog.audiences().map(|(_, audience)| &*audience.id);
            match nearest(&id.to_lowercase(), ids()) {
                Some(near) => anyhow!("there is no audience {id:?}; did you mean {near}?"),
                None => anyhow!("there is no audience {id:?}; use one of {}", ids().collect::<Vec<_>>().join(", ")),
            }
        })
    }
}
