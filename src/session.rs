//! One app and one terminal. The same session serves a local terminal, a test over a buffer, or any other host.

pub mod ansi_backend;
mod sgr;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect, Size};

use crate::app::event::Event;
use crate::app::{App, Effect, Environment};
use crate::search::Catalog;
use crate::view::view;

/// The largest screen that is drawn.
pub const MAX_SIZE: Size = Size { width: 500, height: 200 };

/// One app and one terminal.
pub struct Session<B: Backend> {
    app: App,
    terminal: Terminal<B>,
    /// The size of the last drawing.
    drawn_at: Option<Size>,
    stale: bool,
}

impl<B: Backend> Session<B> {
    /// A session on a terminal, nothing drawn yet.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn new(catalog: Arc<Catalog>, environment: Environment, backend: B, now: Timestamp) -> Result<Self, B::Error> {
        let terminal = Terminal::new(backend)?;
        let size = terminal.size()?;
        let app = App::new(catalog, environment, size, now);
        Ok(Self { app, terminal, drawn_at: None, stale: true })
    }

    /// Puts a directory with its index in the place of the one on the screen; the user stays where they are.
    pub fn reload(&mut self, catalog: Arc<Catalog>) {
        self.stale = true;
        self.app.reload(catalog);
    }

    /// Takes an event at a moment; what the host must do comes back. Draw when all that has come in is fed.
    pub fn feed(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.stale = true;
        self.app.handle(event, now)
    }

    /// Draws what has changed since the last time.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn draw(&mut self) -> Result<(), B::Error> {
        match self.drawn_at {
            Some(size) if size == self.app.size() => {}
            Some(_) => self.repaint()?,
            None => {
                self.drawn_at = Some(self.app.size());
                self.terminal.backend_mut().clear()?;
            }
        }
        if std::mem::take(&mut self.stale) {
            self.terminal.draw(|frame| view(&self.app, frame))?;
        }
        Ok(())
    }

    /// Forgets what the terminal shows, so that the next drawing draws everything.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn repaint(&mut self) -> Result<(), B::Error> {
        self.stale = true;
        self.drawn_at = Some(self.app.size());
        // Not `Terminal::clear`: that one asks the terminal where its cursor is and waits for the answer.
        self.terminal.resize(Rect::from((Position::ORIGIN, self.app.size())))
    }

    /// The app.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// What the session draws on.
    pub fn backend_mut(&mut self) -> &mut B {
        self.terminal.backend_mut()
    }

    /// What the session draws on.
    pub fn backend(&self) -> &B {
        self.terminal.backend()
    }
}

/// The size to draw at for what a terminal says of itself. Serial lines and some containers say 0 when they do not
/// know: then it is the classic size. What is larger than [`MAX_SIZE`] is not to be believed, as every cell takes memory.
pub fn clamp_size(size: Size) -> Size {
    let or = |said: u16, classic: u16, largest: u16| if said == 0 { classic } else { said.min(largest) };
    Size { width: or(size.width, 80, MAX_SIZE.width), height: or(size.height, 24, MAX_SIZE.height) }
}
