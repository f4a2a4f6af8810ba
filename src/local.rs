//! The host for a terminal on this machine: it reads keys, signals, environment and clock, and does what the app asks.

mod input;
pub mod terminal;

use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use anyhow::{Context as _, bail};
use crossterm::clipboard::CopyToClipboard;
use jiff::Timestamp;
use ratatui::layout::Size;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::app::event::Event;
use crate::app::{Effect, Environment};
use crate::directory::Directory;
use crate::origin::Origin;
use crate::search::Index;
use crate::session::screen::{Screen, TAKE};
use crate::session::{Session, believable};
use terminal::Held;

/// What comes in.
enum Input {
    Event(Event),
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

type Output = Screen<Stdout>;

/// Runs the navigator in the terminal of this process until the user leaves it, at a set moment or now.
///
/// # Errors
/// What the terminal, the directory or the system says; the terminal has been given back whole by then.
pub fn run(origin: &Origin, environment: Environment, at: Option<Timestamp>) -> anyhow::Result<()> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        bail!("there is no terminal here; run `dialtree` in one, or from afar `ssh -t HOST dialtree`");
    }
    let front = Arc::new(match origin {
        Origin::BuiltIn => Directory::front()?,
        Origin::File(..) => origin.load()?,
    });
    let index = Arc::new(Index::new(Arc::clone(&front)));
    let signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP]).context("cannot watch for signals")?;
    let held = Held::take().context("cannot use this terminal")?;
    let mut screen = Screen::new(io::stdout(), size()?);
    screen.lead_with(TAKE);
    let mut session = Session::new(front, index, environment, screen, moment(at))?;
    // The first frame before anything that can wait: a thread costs as much as a good part of it.
    session.draw()?;
    let whole = Arc::new(origin.load()?);
    let index = Arc::new(Index::new(Arc::clone(&whole)));
    session.renew(whole, index);
    let (sender, inputs) = mpsc::channel();
    watch_signals(signals, sender.clone());
    read_terminal(sender);
    let end = Host { session, held, at }.serve(&inputs)?;
    match end {
        End::Left => Ok(()),
        // So that whoever sent it sees that it was obeyed.
        End::Signal(signal) => emulate_default_handler(signal).context("cannot end by the signal"),
    }
}

/// Why the program ends.
enum End {
    Left,
    Signal(i32),
}

struct Host {
    session: Session<Output>,
    held: Held,
    at: Option<Timestamp>,
}

impl Host {
    /// Draws, waits, feeds all that has come in, and so on; the terminal is given back when this returns.
    fn serve(mut self, inputs: &Receiver<Input>) -> anyhow::Result<End> {
        loop {
            self.session.draw()?;
            let wait = if self.at.is_some() { Duration::MAX } else { until_next_minute() };
            let first = match inputs.recv_timeout(wait) {
                Ok(input) => input,
                Err(RecvTimeoutError::Timeout) => Input::Event(Event::Tick),
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Left),
            };
            for input in std::iter::once(first).chain(inputs.try_iter()) {
                match input {
                    Input::Gone => return Ok(End::Left),
                    Input::Signal(SIGTSTP) => self.suspend()?,
                    Input::Signal(signal) => return Ok(End::Signal(signal)),
                    Input::Event(event) => {
                        if self.feed(event)? {
                            return Ok(End::Left);
                        }
                    }
                }
            }
        }
    }

    /// Feeds an event and does what comes of it; true when the user leaves.
    fn feed(&mut self, event: Event) -> anyhow::Result<bool> {
        let event = match event {
            Event::Resize { width, height } => {
                let Size { width, height } = believable(Size { width, height });
                self.session.backend_mut().set_size(Size { width, height });
                Event::Resize { width, height }
            }
            other => other,
        };
        for effect in self.session.feed(event, moment(self.at)) {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Suspend => self.suspend()?,
                Effect::Copy(text) => {
                    let out = self.session.backend_mut().writer();
                    crossterm::execute!(out, CopyToClipboard::to_clipboard_from(text))?;
                }
                Effect::OpenLink(link) => {
                    if open::that_detached(&link).is_err() {
                        self.feed(Event::OpenFailed(link))?;
                    }
                }
            }
        }
        Ok(false)
    }

    /// Stops like any program that is sent Ctrl-Z, and comes back to the same place.
    fn suspend(&mut self) -> anyhow::Result<()> {
        if !has_shell() {
            self.feed(Event::NoShell)?;
            return Ok(());
        }
        self.session.backend_mut().writer().flush()?;
        self.held.give_back();
        emulate_default_handler(SIGTSTP).context("cannot stop")?;
        self.held.take_again()?;
        self.session.backend_mut().lead_with(TAKE);
        let Size { width, height } = size()?;
        self.feed(Event::Resize { width, height })?;
        self.session.backend_mut().forget();
        Ok(self.session.repaint()?)
    }
}

fn watch_signals(mut signals: Signals, sender: Sender<Input>) {
    std::thread::spawn(move || signals.forever().try_for_each(|signal| sender.send(Input::Signal(signal))));
}

fn read_terminal(sender: Sender<Input>) {
    std::thread::spawn(move || {
        loop {
            let Ok(event) = crossterm::event::read() else {
                let _ = sender.send(Input::Gone);
                return;
            };
            if input::translate(event).try_for_each(|event| sender.send(Input::Event(event))).is_err() {
                return;
            }
        }
    });
}

/// Whether a shell with job control started this program: a parent in the same session, in a process group of its own.
/// Without one, whoever stops is never started again.
fn has_shell() -> bool {
    use nix::unistd::{getpgid, getpgrp, getppid, getsid};
    // A parent outside this PID namespace counts as process 0, in session 0: no shell of ours.
    let parent = getppid();
    getsid(Some(parent)) == getsid(None) && getpgid(Some(parent)) != Ok(getpgrp())
}

fn size() -> anyhow::Result<Size> {
    let (width, height) = crossterm::terminal::size().context("cannot tell the size of this terminal")?;
    Ok(believable(Size { width, height }))
}

fn moment(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(Timestamp::now)
}

fn until_next_minute() -> Duration {
    let into_minute = Timestamp::now().as_second().rem_euclid(60);
    Duration::from_secs(60 - into_minute.unsigned_abs())
}
