//! The navigator in lines of plain text: prompts and numbered answers, for screen readers, braille displays and
//! terminals that draw nothing. Drives the same [`App`](crate::app::App) as the screen does, by its actions. The text
//! has no colours, and no control characters but newlines.

mod command;
mod line_editor;
mod line_session;
mod read;

pub use line_editor::{LineEditor, MAX_LINE_LEN, Typed};
pub use line_session::{LineSession, Reply};
