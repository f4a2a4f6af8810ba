//! dialtree answers one question: who do I contact about this, and which keys do I press?
//!
//! Each layer imports only from those before it, which `tests/layers.rs` checks: [`directory`], [`search`],
//! [`present`], [`app`], [`report`], [`import`], [`view`], [`session`], [`config`], [`source`], and the frontends
//! [`cli`], [`local`] and [`ssh`].
//! `docs/architecture.md` describes them, the terms, and the path of a key press through them.
//!
//! A session holds no statics and never reads the clock: the same session serves a local terminal, a test, and each
//! channel of the SSH server.

pub mod app;
pub mod cli;
pub mod config;
pub mod directory;
pub mod import;
pub mod local;
pub mod present;
pub mod report;
pub mod search;
pub mod session;
pub mod source;
#[cfg(feature = "ssh")]
pub mod ssh;
pub mod view;
