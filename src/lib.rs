//! dialtree answers one question: who do I contact about this, and which keys do I press?
//!
//! # Layers
//!
//! Each module imports only from those before it in this list; `tests/layers.rs` checks it.
//!
//! | layer | what it does |
//! |---|---|
//! | [`directory`] | the data model; loading and checking RON: numbers, addresses, hours, notices; pure |
//! | [`search`] | the catalog of directories and its index: from a query to ranked results with reasons; pure |
//! | [`present`] | from an entry and a moment to its card, script, open status and what can be shared; the only place that puts facts into words; pure |
//! | [`app`] | state, keymap, update, effects, layout arithmetic; no terminal, environment, clock or files |
//! | [`report`] | cards as text, plain lines, JSON, CSV and vCard; pure; does not know [`app`] |
//! | [`view`] | draws the app into a frame; reads, never changes |
//! | [`session`] | one app on one terminal, of any kind |
//! | [`config`] | the server's options, shared by the frontends |
//! | [`source`] | where the directory comes from: reads and watches files, environment and the data folder |
//! | [`cli`], [`local`], [`ssh`] | the frontends: they own files, environment, clock, clipboard, signals and sockets; none imports another |
//!
//! # One key press
//!
//! ```text
//! bytes ──> Event                              local, ssh, or a test's string of keys
//! Session::feed(Event, moment)
//!    App::handle(Event, moment)                the next state, and effects: Quit, Copy, OpenLink, Suspend
//!       keymap::resolve(key, app.mode())       a table: keys, modes, action, help
//! Session::draw()
//!    view(&App, &mut Frame)
//! the frontend performs the effects
//! ```
//!
//! A session holds no statics and never reads the clock: the same session serves a local terminal, a test, and each
//! channel of the SSH server.

pub mod app;
pub mod cli;
pub mod config;
pub mod directory;
pub mod local;
pub mod present;
pub mod report;
pub mod search;
pub mod session;
pub mod source;
#[cfg(feature = "ssh")]
pub mod ssh;
pub mod view;
