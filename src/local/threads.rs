//! The threads that wait for the terminal and for signals, and report to the event loop.

use std::io;
use std::os::fd::AsFd;
use std::sync::mpsc::Sender;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use signal_hook::iterator::Signals;

use crate::app::event::Event;
use crate::session::keys;
use crate::source::watch::WatchEvent;

/// What the event loop waits for.
pub(super) enum LoopEvent {
    App(Event),
    Watch(WatchEvent),
    Signal(i32),
    /// The terminal is closed.
    Hangup,
}

pub(super) fn watch_signals(mut signals: Signals, sender: Sender<LoopEvent>) {
    std::thread::spawn(move || signals.forever().try_for_each(|signal| sender.send(LoopEvent::Signal(signal))));
}

/// Reports when the terminal is closed.
///
/// The kernel sends SIGHUP only for a controlling terminal. For any other, crossterm would retry its reads in a busy
/// loop, so this thread polls for POLLHUP, which poll(2) reports even when no flags are requested.
pub(super) fn watch_hangup(sender: Sender<LoopEvent>) {
    std::thread::spawn(move || {
        let stdin = io::stdin();
        let hangup = PollFd::new(stdin.as_fd(), PollFlags::empty());
        while poll(&mut [hangup.clone()], PollTimeout::NONE) == Err(Errno::EINTR) {}
        // Fails only when the event loop has ended.
        let _ = sender.send(LoopEvent::Hangup);
    });
}

pub(super) fn read_terminal(sender: Sender<LoopEvent>) {
    std::thread::spawn(move || {
        loop {
            let Ok(event) = crossterm::event::read() else {
                let _ = sender.send(LoopEvent::Hangup);
                return;
            };
            if keys::from_crossterm(event).try_for_each(|event| sender.send(LoopEvent::App(event))).is_err() {
                return;
            }
        }
    });
}
