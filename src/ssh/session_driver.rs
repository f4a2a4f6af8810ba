//! Drives the session of a channel, on a screen or in lines: bytes from the client in, frames for the client out. It
//! does no I/O and never waits; `channel_session` does both.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use tokio::time::Instant;

use super::input_queue::PendingInput;
use super::line_terminal::LineTerminal;
use crate::app::event::Event;
use crate::app::{Effect, Environment};
use crate::search::Catalog;
use crate::session::Session;
use crate::session::ansi_backend::{AnsiBackend, ENTER_SCREEN, LEAVE_SCREEN};
use crate::session::input::InputParser;
use crate::session::osc52::osc52;

/// The time after which a session with much input yields the processor to the others.
const MAX_TURN: Duration = Duration::from_millis(2);

/// What the client's terminal shows.
enum Surface {
    Screen(Box<Session<AnsiBackend<Vec<u8>>>>),
    Lines(Box<LineTerminal>),
}

/// A session and the input that it has not processed yet.
pub(super) struct SessionDriver {
    surface: Surface,
    /// A fixed moment to show instead of the current time.
    at: Option<Timestamp>,
    parser: InputParser,
    input: Vec<u8>,
    /// The number of bytes of `input` that are processed.
    processed: usize,
    /// Nothing follows `input`.
    is_eof: bool,
    /// When the first input arrived that no frame shows yet.
    unshown_since: Option<Instant>,
    /// The sequence with which the next frame copies to the client's clipboard. Only the last of several is sent, so
    /// that a client that copies without reading makes nothing grow.
    copied: Option<String>,
    has_quit: bool,
}

impl SessionDriver {
    /// Creates a session on a terminal of a size, in lines if the terminal draws nothing.
    pub(super) fn new(
        catalog: Arc<Catalog>,
        environment: Environment,
        size: Size,
        draws: bool,
        at: Option<Timestamp>,
    ) -> std::io::Result<Self> {
        let now = at.unwrap_or_else(Timestamp::now);
        let surface = if draws {
            let mut backend = AnsiBackend::new(Vec::new(), size);
            backend.lead_with(ENTER_SCREEN);
            Surface::Screen(Box::new(Session::new(catalog, environment, backend, now)?))
        } else {
            Surface::Lines(Box::new(LineTerminal::new(catalog, environment, size.width, now)))
        };
        Ok(Self {
            surface,
            at,
            parser: InputParser::new(),
            input: Vec::new(),
            processed: 0,
            is_eof: false,
            unshown_since: None,
            copied: None,
            has_quit: false,
        })
    }

    /// Whether the user has quit, or the client has sent EOF and all input before it is processed.
    pub(super) fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// Whether all input is processed.
    pub(super) fn is_input_processed(&self) -> bool {
        self.processed == self.input.len()
    }

    /// How long to wait for more input, if the input so far ends in an Esc, which may be a key or the start of a
    /// sequence, or in a sequence.
    pub(super) fn wait(&self) -> Option<Duration> {
        self.parser.wait()
    }

    /// Returns what the client's terminal has to be sent, if anything has changed, and when the input arrived that it
    /// shows. After the user has quit, no screen is drawn, but what was copied is sent.
    pub(super) fn next_frame(&mut self) -> Option<(Vec<u8>, Option<Instant>)> {
        let unshown_since = self.unshown_since.take();
        let frame = match &mut self.surface {
            Surface::Screen(session) => {
                // Drawing and writing into memory cannot fail.
                if !self.has_quit {
                    let _ = session.draw();
                }
                let out = session.backend_mut().writer();
                if let Some(sequence) = self.copied.take() {
                    out.extend(sequence.bytes());
                }
                std::mem::take(out)
            }
            Surface::Lines(lines) => lines.take_text(),
        };
        (!frame.is_empty()).then_some((frame, unshown_since))
    }

    /// Takes new input. All previous input must be processed.
    pub(super) fn set_input(&mut self, input: PendingInput) {
        (self.input, self.processed, self.is_eof) = (input.bytes, 0, input.is_eof);
        self.unshown_since = self.unshown_since.or(input.received_at);
        self.has_quit |= self.is_eof && self.is_input_processed();
    }

    /// What the client's terminal has to be sent at the end: what restores its screen, and a message.
    pub(super) fn farewell(&self, message: &str) -> String {
        match self.surface {
            Surface::Screen(_) => format!("{LEAVE_SCREEN}{message}"),
            Surface::Lines(_) if message.is_empty() => String::new(),
            Surface::Lines(_) => format!("\r\n{message}"),
        }
    }

    /// Whether output has to be sent before more input is processed.
    fn is_full(&self) -> bool {
        matches!(&self.surface, Surface::Lines(lines) if lines.is_full())
    }

    /// Processes input, for [`MAX_TURN`] at most.
    pub(super) fn process_input(&mut self) {
        if self.is_input_processed() || self.is_full() {
            return;
        }
        let began = Instant::now();
        let mut events = Vec::new();
        while let Some(byte) = self.input.get(self.processed) {
            self.parser.take(*byte, &mut events);
            self.processed += 1;
            if events.is_empty() {
                continue;
            }
            for event in events.drain(..) {
                self.feed(event);
            }
            if self.has_quit || self.is_full() || began.elapsed() > MAX_TURN {
                return;
            }
        }
        // A new vector, rather than a cleared one, so that an idle session holds no memory for input.
        (self.input, self.processed) = (Vec::new(), 0);
        self.has_quit |= self.is_eof;
    }

    /// Decides that a pending Esc was the key.
    pub(super) fn settle_esc(&mut self) {
        let mut events = Vec::new();
        self.parser.settle(&mut events);
        events.into_iter().for_each(|event| self.feed(event));
    }

    pub(super) fn feed(&mut self, event: Event) {
        let now = self.at.unwrap_or_else(Timestamp::now);
        let session = match &mut self.surface {
            Surface::Screen(session) => session,
            Surface::Lines(lines) => return self.has_quit |= lines.feed(event, now),
        };
        let clipboard = session.app().environment.clipboard;
        for effect in session.feed(event, now) {
            match effect {
                Effect::Quit => self.has_quit = true,
                // The server has no shell to suspend to and opens no links; the app tells the user so.
                Effect::Suspend => self.feed(Event::NoShell),
                Effect::OpenLink(link) => self.feed(Event::OpenFailed(link)),
                Effect::Copy(item) => self.copied = Some(osc52(&item.text, clipboard)),
                // Nothing is kept for the users of a server.
                Effect::Save(_) | Effect::Edit { .. } => {}
            }
        }
    }

    pub(super) fn resize(&mut self, size: Size) {
        if let Surface::Screen(session) = &mut self.surface {
            session.backend_mut().set_size(size);
        }
        self.feed(Event::Resize { width: size.width, height: size.height });
    }

    /// Replaces the directory; the user keeps their position.
    pub(super) fn reload(&mut self, catalog: Arc<Catalog>) {
        match &mut self.surface {
            Surface::Screen(session) => session.reload(catalog),
            Surface::Lines(lines) => lines.reload(catalog),
        }
        self.feed(Event::Reloaded);
    }
}
