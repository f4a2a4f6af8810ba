//! Connects an app to a terminal: events go in, effects and frames come out.
//!
//! A session does not know whether its terminal is local, at the other end of an SSH channel, or a test's buffer. It
//! never reads the clock and never waits for input; the frontend passes it the time with each event.

pub mod ansi_backend;
mod grid;
pub mod input;
mod keys;
pub mod line;
pub mod osc52;
mod sgr;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
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
    backend: B,
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
        let app = App::new(catalog, environment, backend.size()?, now);
        Ok(Self { app, backend, drawn_size: None, is_stale: true })
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

    /// Draws the screen if it may have changed.
    ///
    /// # Errors
    /// Returns the backend's error if the frame cannot be written.
    pub fn draw(&mut self) -> Result<(), B::Error> {
        if self.drawn_size != Some(self.app.size) {
            self.repaint()?;
        }
        if !std::mem::take(&mut self.is_stale) {
            return Ok(());
        }
        // The buffer is not kept, because a server has many sessions: the backend knows what its terminal shows.
        let mut buffer = Buffer::empty(Rect::from((Position::ORIGIN, self.app.size)));
        let cursor = view(&self.app, &mut buffer);
        let rows = (0..).zip(buffer.content.chunks(usize::from(buffer.area.width).max(1)));
        self.backend.draw(rows.flat_map(|(y, row)| (0..).zip(row).map(move |(x, cell)| (x, y, cell))))?;
        match cursor {
            Some(position) => {
                self.backend.show_cursor()?;
                self.backend.set_cursor_position(position)?;
            }
            None => self.backend.hide_cursor()?,
        }
        self.backend.flush()
    }

    /// Clears the screen, so that the next frame is drawn in full.
    ///
    /// # Errors
    /// Returns the backend's error if the screen cannot be cleared.
    pub fn repaint(&mut self) -> Result<(), B::Error> {
        self.is_stale = true;
        self.drawn_size = Some(self.app.size);
        self.backend.clear()
    }

    /// The app's state.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The backend, for what is written besides frames.
    pub fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// The backend.
    pub fn backend(&self) -> &B {
        &self.backend
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
