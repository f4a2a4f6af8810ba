//! One app and one terminal. The same session serves a local terminal, a test over a buffer, or any other host.

mod pen;
pub mod screen;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect, Size};

use crate::app::event::Event;
use crate::app::{App, Effect, Environment};
use crate::directory::Directory;
use crate::search::Index;
use crate::view::view;

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
    pub fn new(
        directory: Arc<Directory>,
        index: Arc<Index>,
        environment: Environment,
        backend: B,
        now: Timestamp,
    ) -> Result<Self, B::Error> {
        let terminal = Terminal::new(backend)?;
        let size = terminal.size()?;
        let app = App::new(directory, index, environment, size, now);
        Ok(Self { app, terminal, drawn_at: None, stale: true })
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
        if self.drawn_at != Some(self.app.size()) {
            self.repaint()?;
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
