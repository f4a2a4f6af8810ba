//! The state of the app and what changes it. Pure: no terminal, environment, clock or files. What differs between
//! frontends comes in as an [`Environment`], time comes in with each event, and what a frontend must do goes out as
//! [`Effect`]s.

pub mod cursor;
pub mod event;
mod find;
pub mod keymap;
pub mod layout;
mod mouse;
mod navigate;
mod overlay;
mod query;
mod reload;
mod share;
mod state;
pub mod tree;
mod update;
mod window;

pub use find::{FIND_HEAD, Find};
pub use overlay::LinkWarning;
pub use state::{App, Clipboard, Effect, Environment, Panes};
pub use window::{Choice, Window};
