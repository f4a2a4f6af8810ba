//! The program as a user meets it: in a terminal, from outside, by keys in and screens out.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "pty/giving_back.rs"]
mod giving_back;
#[path = "pty/harness.rs"]
mod harness;
#[path = "pty/starting.rs"]
mod starting;
#[path = "pty/using.rs"]
mod using;
