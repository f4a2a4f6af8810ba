//! Connects an app to a terminal: events go in, effects and frames come out.
//!
//! A session does not know whether its terminal is local, at the other end of an SSH channel, or a test's buffer. It
//! never reads the clock and never waits for input; the frontend passes it the time with each event.

pub mod ansi_backend;
pub mod input;
mod keys;
pub mod line;
pub mod osc52;
mod sgr;
mod shown;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect, Size};

use crate::app::event::Event;
use crate::app::{App, Effect, Environment};
use crate::search::Catalog;
use crate::view::view;

/// The maximum size of a screen, in cells.
pub const MAX_SIZE: Size = Size { width: 500, height: 200 };

/// The size of a terminal that does not report one, in cells.
const DEFAULT_SIZE: Size = Size { width: 80, height: 24 };

/// An app and the terminal that shows it.
pub struct Session<B: Backend> {
    app: App,
    terminal: Terminal<B>,
    /// The size of the last frame; none before the first.
    drawn_size: Option<Size>,
    /// The screen may differ from the app's state.
    is_stale: bool,
}

impl<B: Backend> Session<B> {
    /// Creates a session that has not drawn anything yet.
    ///
    /// # Errors
    /// Returns the backend's error if it cannot report its size.
    pub fn new(catalog: Arc<Catalog>, environment: Environment, backend: B, now: Timestamp) -> Result<Self, B::Error> {
        let terminal = Terminal::new(backend)?;
        let size = terminal.size()?;
        let app = App::new(catalog, environment, size, now);
        Ok(Self { app, terminal, drawn_size: None, is_stale: true })
    }

    /// Replaces the directory. The selection and the open overlays are kept where the new directory has them too.
    pub fn reload(&mut self, catalog: Arc<Catalog>) {
        self.is_stale = true;
        self.app.reload(catalog);
    }

    /// Handles an event and returns the effects that the frontend has to perform.
    ///
    /// Does not draw: call [`draw`](Self::draw) once all pending events are handled.
    pub fn feed(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.is_stale = true;
        self.app.handle(event, now)
    }

    /// Draws what has changed since the last frame.
    ///
    /// # Errors
    /// Returns the backend's error if the frame cannot be written.
    pub fn draw(&mut self) -> Result<(), B::Error> {
        match self.drawn_size {
            Some(size) if size == self.app.size => {}
            Some(_) => self.repaint()?,
            None => {
                self.drawn_size = Some(self.app.size);
                self.terminal.backend_mut().clear()?;
            }
        }
        if std::mem::take(&mut self.is_stale) {
            self.terminal.draw(|frame| view(&self.app, frame))?;
        }
        Ok(())
    }

    /// Clears the screen, so that the next frame is drawn in full.
    ///
    /// # Errors
    /// Returns the backend's error if the screen cannot be cleared.
    pub fn repaint(&mut self) -> Result<(), B::Error> {
        self.is_stale = true;
        self.drawn_size = Some(self.app.size);
        // Not `Terminal::clear`, which asks the terminal for its cursor position and blocks until it replies.
        self.terminal.resize(Rect::from((Position::ORIGIN, self.app.size)))
    }

    /// The app's state.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The backend, for what is written besides frames.
    pub fn backend_mut(&mut self) -> &mut B {
        self.terminal.backend_mut()
    }

    /// The backend.
    pub fn backend(&self) -> &B {
        self.terminal.backend()
    }
}

/// Returns the size to draw at, in cells, for the size that a terminal reports.
///
/// Serial lines and some containers report 0 for an unknown size; 80 x 24 is assumed then. Sizes are limited to
/// [`MAX_SIZE`], because an SSH client can report any size and every cell takes memory.
pub fn clamp_size(reported: Size) -> Size {
    let clamp = |reported: u16, default: u16, max: u16| if reported == 0 { default } else { reported.min(max) };
    Size {
        width: clamp(reported.width, DEFAULT_SIZE.width, MAX_SIZE.width),
        height: clamp(reported.height, DEFAULT_SIZE.height, MAX_SIZE.height),
    }
}
