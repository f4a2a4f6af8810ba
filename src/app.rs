//! The state of the app and what changes it. Pure: no terminal, environment, clock or files. What differs between
//! frontends comes in as an [`Environment`], time comes in with each event, and what a frontend must do goes out as
//! [`Effect`]s.

mod action;
mod bindings;
mod changes;
mod clipboard;
pub mod cursor;
mod directories;
pub mod event;
mod find;
mod key_change;
mod keyboard;
pub mod keymap;
mod keypad;
pub mod layout;
mod listed;
mod mouse;
mod navigate;
mod note;
mod overlay;
mod palette;
mod panels;
mod problems;
mod profile;
mod query;
mod reload;
mod remark;
mod saved;
mod share;
mod since;
mod start_page;
mod state;
mod tabs;
pub mod tree;
mod update;
mod window;

pub use clipboard::Clipboard;
pub use find::{Find, Group};
pub use keypad::{KeyCap, Keypad};
pub use overlay::LinkWarning;
pub use panels::Panel;
pub use profile::{Profile, StartView};
pub use remark::REMARK_INDENT;
pub use saved::{ChangeKind, Saved, SavedChange};
pub use state::{App, Effect, Environment, Panes};
pub use tabs::Tab;
pub use window::{Choice, Window};
