//! What the commands answer from, and for whom.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::anyhow;
use jiff::Timestamp;

use super::{Color, Form, GlobalOptions};
use crate::app::Environment;
use crate::directory::AudienceId;
use crate::directory::text::nearest;
use crate::present::page::Page;
use crate::report::{ColorMode, Reader, painted};
use crate::search::Catalog;

/// The columns of a page that goes to no terminal, and the most of one that does.
pub(super) const WIDTH: u16 = 80;
const MAX_WIDTH: u16 = 100;

/// A directory and its reader.
pub(super) struct Context {
    pub(super) catalog: Arc<Catalog>,
    pub(super) environment: Environment,
    pub(super) now: Timestamp,
    pub(super) width: u16,
    pub(super) looks: ColorMode,
}

impl Context {
    /// Reads the directory and looks at the reader's terminal.
    ///
    /// # Errors
    /// What is wrong with the directory.
    pub(super) fn open(look: &GlobalOptions) -> anyhow::Result<Self> {
        let source = look.source();
        let catalog = source.catalog()?;
        let environment = look.environment(&source);
        let is_terminal = io::stdout().is_terminal();
        // Not asked where there is no terminal: crossterm would start a program to find out.
        let size = if is_terminal { crossterm::terminal::size().ok() } else { None };
        // A serial line that does not know its size says 0.
        let width = size.map(|size| size.0).filter(|width| *width > 0);
        Ok(Self {
            catalog,
            now: look.at.unwrap_or_else(Timestamp::now),
            width: width.map_or(WIDTH, |width| width.min(MAX_WIDTH)),
            looks: match (environment.display.colors, is_terminal) {
                (true, true) => ColorMode::All,
                (true, false) if look.color == Color::Always => ColorMode::All,
                (_, true) => ColorMode::CodesOnly,
                (_, false) => ColorMode::None,
            },
            environment,
        })
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { display: &self.environment.display, now: self.now, width: self.width }
    }

    /// Writes an answer in one of its three forms.
    pub(super) fn write(
        &self,
        form: Form,
        page: impl FnOnce(&Reader<'_>) -> Page,
        plain: impl FnOnce() -> String,
        json: impl FnOnce() -> String,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let text = match form {
            Form { json: true, .. } => json(),
            Form { plain: true, .. } => plain(),
            Form { .. } => painted(&page(&self.reader()), self.looks),
        };
        out.write_all(text.as_bytes())
    }

    /// The audience with an id, in any case.
    pub(super) fn audience(&self, id: Option<&str>) -> anyhow::Result<Option<AudienceId>> {
        let Some(id) = id else { return Ok(None) };
        let found = self.catalog.audiences().find(|(_, audience)| audience.id.eq_ignore_ascii_case(id));
        found.map(|(found, _)| Some(found)).ok_or_else(|| {
            let ids = || self.catalog.audiences().map(|(_, audience)| &*audience.id);
            match nearest(&id.to_lowercase(), ids()) {
                Some(near) => anyhow!("there is no audience {id:?}; did you mean {near}?"),
                None => anyhow!("there is no audience {id:?}; there are {}", ids().collect::<Vec<_>>().join(", ")),
            }
        })
    }
}
