//! Tests of `dialtree serve` from the outside: as users and attackers see it, over the loopback interface.
#![cfg(all(unix, feature = "ssh"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "ssh/admin.rs"]
mod admin;
#[path = "ssh/attacks.rs"]
mod attacks;
#[path = "ssh/commands.rs"]
mod commands;
#[path = "ssh/fairness.rs"]
mod fairness;
#[path = "ssh/harness.rs"]
mod harness;
#[path = "ssh/hostile.rs"]
mod hostile;
#[path = "ssh/keys.rs"]
mod keys;
#[path = "ssh/limits.rs"]
mod limits;
#[path = "ssh/lines.rs"]
mod lines;
#[path = "ssh/log.rs"]
mod log;
#[path = "ssh/login.rs"]
mod login;
#[path = "ssh/openssh.rs"]
mod openssh;
#[path = "ssh/readers.rs"]
mod readers;
#[path = "ssh/running.rs"]
mod running;
#[path = "ssh/service.rs"]
mod service;
// The tests of the local app use the rest of this module.
#[allow(dead_code)]
#[path = "pty/harness.rs"]
mod terminal;
#[path = "ssh/using.rs"]
mod using;
