//! The server as its users and its enemies meet it: over the loopback, from outside.
#![cfg(all(unix, feature = "ssh"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "ssh/attacks.rs"]
mod attacks;
#[path = "ssh/commands.rs"]
mod commands;
#[path = "ssh/harness.rs"]
mod harness;
#[path = "ssh/login.rs"]
mod login;
#[path = "ssh/openssh.rs"]
mod openssh;
#[path = "ssh/readers.rs"]
mod readers;
#[path = "ssh/running.rs"]
mod running;
// More of it is used by the tests of the local app.
#[allow(dead_code)]
#[path = "pty/harness.rs"]
mod terminal;
#[path = "ssh/using.rs"]
mod using;
