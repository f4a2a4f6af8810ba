//! Runs the program in a pseudo-terminal: the tests send keys and check the screen.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "pty/copying.rs"]
mod copying;
#[path = "pty/data_file.rs"]
mod data_file;
#[path = "pty/doctor.rs"]
mod doctor;
#[path = "pty/harness.rs"]
mod harness;
#[path = "pty/kiosk.rs"]
mod kiosk;
#[path = "pty/line.rs"]
mod line;
#[path = "pty/own.rs"]
mod own;
#[path = "pty/replies.rs"]
mod replies;
#[path = "pty/restore.rs"]
mod restore;
#[path = "pty/screen.rs"]
mod screen;
#[path = "pty/starting.rs"]
mod starting;
mod support;
#[path = "pty/using.rs"]
mod using;
