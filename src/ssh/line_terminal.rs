//! The navigator in lines on a client's terminal that draws nothing, because its `TERM` is `dumb`, for example. The
//! client has put it into raw mode, so that the server echoes and edits what is typed.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::event::Event;
use crate::app::{Clipboard, Effect, Environment};
use crate::search::Catalog;
use crate::session::line::{LineEditor, LineSession, Reply, Typed};

/// The length of the text that is not sent yet from which on no more input is processed, in bytes.
const MAX_UNSENT: usize = 16 << 10;

/// A session in lines.
pub(super) struct LineTerminal {
    session: LineSession,
    editor: LineEditor,
    /// The text that is not sent yet.
    unsent: String,
}

impl LineTerminal {
    pub(super) fn new(catalog: Arc<Catalog>, mut environment: Environment, width: u16, now: Timestamp) -> Self {
        // The sequence that copies through a terminal would be printed.
        environment.clipboard = Clipboard::None;
        let session = LineSession::new(catalog, environment, width, now);
        let unsent = session.greeting() + &session.prompt();
        Self { session, editor: LineEditor::default(), unsent }
    }

    /// Whether the text on its way has to be sent before more input is processed.
    pub(super) fn is_full(&self) -> bool {
        self.unsent.len() > MAX_UNSENT
    }

    /// Takes the text that has to be sent.
    pub(super) fn take_text(&mut self) -> Vec<u8> {
        // In raw mode, a line feed does not return the cursor.
        std::mem::take(&mut self.unsent).replace('\n', "\r\n").into_bytes()
    }

    /// Handles an event; returns true if the user quits.
    pub(super) fn feed(&mut self, event: Event, now: Timestamp) -> bool {
        match &event {
            Event::Key(_) | Event::Paste(_) => match self.editor.take(&event, &mut self.unsent) {
                Typed::Nothing => {}
                Typed::End => return true,
                Typed::Line(line) => {
                    let reply = self.session.answer(&line, now);
                    if self.perform(reply, now) {
                        return true;
                    }
                    self.unsent += &self.session.prompt();
                }
            },
            Event::Resize { width, .. } => self.session.set_width(*width),
            Event::Click { .. } | Event::Wheel { .. } => {}
            // A message interrupts the line that is being typed, which is repeated after it.
            _ => {
                let text = self.session.feed(event, now).text;
                if !text.is_empty() {
                    self.unsent += &format!("\n{text}{}{}", self.session.prompt(), self.editor.line());
                }
            }
        }
        false
    }

    /// Performs the effects, then writes the text, which says what is known after them. Returns true if the user quits.
    fn perform(&mut self, mut reply: Reply, now: Timestamp) -> bool {
        for effect in reply.effects {
            match effect {
                Effect::Quit => return true,
                // The server opens no links; the session tells the user so.
                Effect::OpenLink(link) => reply.text = self.session.feed(Event::OpenFailed(link), now).text,
                Effect::Copy(item) => reply.text += &format!("{}\n", item.text),
                // Nothing is kept for the users of a server, and there is no shell.
                Effect::Save(_) | Effect::Suspend | Effect::Edit { .. } => {}
            }
        }
        self.unsent += &reply.text;
        false
    }

    /// Replaces the directory.
    pub(super) fn reload(&mut self, catalog: Arc<Catalog>) {
        self.session.reload(catalog);
    }
}
