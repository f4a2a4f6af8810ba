//! The threads that wait for the terminal and for signals, and pass what they get to the event loop.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::read;
use signal_hook::consts::{SIGINT, SIGQUIT, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::app::event::Event;
use crate::session::input::InputParser;
use crate::source::watch::WatchEvent;

/// What keeps the threads from the terminal while an editor has it.
#[derive(Default)]
pub(super) struct Turn {
    /// Held while the terminal is read, and while an editor reads it.
    pub(super) reading: Mutex<()>,
    pub(super) is_editing: AtomicBool,
}

/// What the event loop waits for.
pub(super) enum LoopEvent {
    App(Event),
    Watch(WatchEvent),
    Signal(i32),
    /// The terminal is closed.
    Hangup,
}

/// Passes signals to the event loop.
pub(super) fn watch_signals(mut signals: Signals, turn: Arc<Turn>, sender: SyncSender<LoopEvent>) {
    // What keys of an editor send to all processes of the terminal is not for this one.
    let is_of_editor =
        move |signal: &i32| turn.is_editing.load(Ordering::SeqCst) && [SIGTSTP, SIGINT, SIGQUIT].contains(signal);
    std::thread::spawn(move || {
        let mut own = signals.forever().filter(|signal| !is_of_editor(signal));
        own.try_for_each(|signal| sender.send(LoopEvent::Signal(signal)))
    });
}

/// Reports when the terminal is closed.
///
/// The kernel sends SIGHUP only for a controlling terminal. For any other, a read may not fail, so
/// this thread polls for POLLHUP, which poll(2) reports even when no flags are requested.
pub(super) fn watch_hangup(sender: SyncSender<LoopEvent>) {
    std::thread::spawn(move || {
        let stdin = io::stdin();
        let hangup = PollFd::new(stdin.as_fd(), PollFlags::empty());
        while poll(&mut [hangup.clone()], PollTimeout::NONE) == Err(Errno::EINTR) {}
        // Fails only when the event loop has ended.
        let _ = sender.send(LoopEvent::Hangup);
    });
}

/// Reads the terminal and passes what it means to the event loop.
pub(super) fn read_terminal(turn: Arc<Turn>, sender: SyncSender<LoopEvent>) {
    std::thread::spawn(move || {
        let stdin = io::stdin();
        let (mut parser, mut events, mut bytes) = (InputParser::new(), Vec::new(), [0; 4096]);
        loop {
            let wait = parser.wait().and_then(|wait| PollTimeout::try_from(wait).ok()).unwrap_or(PollTimeout::NONE);
            let ready = |wait: PollTimeout| poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], wait);
            let first = ready(wait);
            let reading = turn.reading.lock().unwrap_or_else(PoisonError::into_inner);
            // An editor may have read the input meanwhile.
            match first.and_then(|count| if count == 0 { Ok(0) } else { ready(PollTimeout::ZERO) }) {
                Ok(0) if first != Ok(0) => {}
                Ok(0) => parser.settle(&mut events),
                Ok(_) => match read(stdin.as_fd(), &mut bytes) {
                    Ok(count @ 1..) => bytes[..count].iter().for_each(|byte| parser.take(*byte, &mut events)),
                    Err(Errno::EINTR | Errno::EAGAIN) => {}
                    Ok(_) | Err(_) => {
                        let _ = sender.send(LoopEvent::Hangup);
                        return;
                    }
                },
                Err(Errno::EINTR) => {}
                Err(_) => return,
            }
            // Not while it sends: the event loop may wait for it.
            drop(reading);
            for event in events.drain(..) {
                if sender.send(LoopEvent::App(event)).is_err() {
                    return;
                }
            }
        }
    });
}
