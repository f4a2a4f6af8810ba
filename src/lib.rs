//! dialtree answers one question: who do I contact about this, and which keys do I press?
//!
//! # Floors
//!
//! Each module imports only from those above it in this list; `tests/floors.rs` holds them to it.
//!
//! | floor | what it is |
//! |---|---|
//! | [`directory`] | the model of the data, its loading and checking: numbers, addresses, hours, notices; pure |
//! | [`search`] | from a need to ranked answers; pure |
//! | [`app`] | state, keymap, update, effects, layout arithmetic; no terminal, environment, clock or files |
//! | [`report`] | what was found as text: cards, lines, JSON; pure, for every host |
//! | [`view`] | from the app to a frame; reads, never changes anything |
//! | [`session`] | one app and one terminal, whatever the terminal is |
//! | [`source`] | where the directory comes from, for every host: reads and watches files, environment and the data folder |
//! | [`config`] | configuration that frontends share |
//! | [`cli`], [`local`], [`ssh`] | the hosts: they own files, environment, clock, clipboard, signals and sockets |
//!
//! # One key
//!
//! ```text
//! host bytes ──> Event                         local, ssh, or a test's string of keys
//! Session::feed(Event, moment)
//!    keymap::resolve(key, app.mode())         one table: keys, modes, action, help
//!    update(&mut App, Action)                  the next state, and effects: Quit, Copy, OpenLink, Suspend
//! Session::draw()
//!    view(&App, &mut Frame)
//! the host performs the effects
//! ```
//!
//! A session holds no statics and never asks for the time: one serves a local terminal, a test, or any other host.

pub mod app;
pub mod cli;
pub mod config;
pub mod directory;
pub mod local;
pub mod report;
pub mod search;
pub mod session;
pub mod source;
#[cfg(feature = "ssh")]
pub mod ssh;
pub mod view;
