//! The host for a terminal on this machine: it reads keys, signals, environment and clock, and does what the app asks.

mod clipboard;
mod input;
pub mod terminal;

use std::io::{self, IsTerminal, Stdout, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use ratatui::layout::Size;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::app::event::Event;
use crate::app::{Clipboard, Effect, Environment};
use crate::directory::progress::Progress;
use crate::search::Catalog;
use crate::session::ansi_backend::{AnsiBackend, ENTER_SCREEN};
use crate::session::{Session, clamp_size};
use crate::source::Source;
use crate::source::watch::{WatchEvent, WatchHandle, watch};
use clipboard::Desktop;
use terminal::Held;

/// What comes in.
enum Input {
    Event(Event),
    WatchEvent(WatchEvent),
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

type Output = AnsiBackend<Stdout>;

/// The wait for a directory that nobody notices: one that takes longer is waited for in sight.
const UNNOTICED: Duration = Duration::from_millis(50);

/// The user ended it before it was done.
const INTERRUPTED: u8 = 130;

/// Runs the navigator in the terminal of this process until the user leaves it, at a set moment or now.
///
/// # Errors
/// What the terminal, the directory or the system says; the terminal has been given back whole by then.
pub fn run(source: &Source, environment: Environment, at: Option<Timestamp>) -> anyhow::Result<ExitCode> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        bail!("there is no terminal here; run `dialtree` in one, or from remote `ssh -t HOST dialtree`");
    }
    let (sender, inputs) = mpsc::channel();
    let start = Start::new(source, &sender, &inputs)?;
    let signals =
        Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH]).context("cannot watch for signals")?;
    let held = Held::take().context("cannot use this terminal")?;
    let mut screen = AnsiBackend::new(io::stdout(), size()?);
    screen.lead_with(ENTER_SCREEN);
    let mut session = Session::new(start.catalog, environment, screen, moment(at))?;
    if let Some(progress) = start.loading {
        session.feed(Event::Loading(progress), moment(at));
    }
    // The first frame before anything that can wait: a thread costs as much as a good part of it.
    session.draw()?;
    watch_signals(signals, sender.clone());
    watch_terminal(sender.clone());
    read_terminal(sender);
    match (Host { session, held, at, source, desktop: Desktop::default() }).serve(&inputs)? {
        End::Left => Ok(ExitCode::SUCCESS),
        End::Cancelled => {
            // With no one left to tell, the code says it.
            let _ = writeln!(io::stderr(), "dialtree: loading was cancelled");
            Ok(ExitCode::from(INTERRUPTED))
        }
        // So that whoever sent it sees that it was obeyed.
        End::Signal(signal) => {
            emulate_default_handler(signal).context("cannot end by the signal")?;
            Ok(ExitCode::from(INTERRUPTED))
        }
    }
}

/// What the first frame shows.
struct Start {
    catalog: Arc<Catalog>,
    /// How far a directory is that takes longer; until then there is an empty one.
    loading: Option<Progress>,
    /// Keeps the directory as its file has it.
    _watch: Option<WatchHandle>,
}

impl Start {
    /// The front of the built-in directory; that of a file, if it is there before anyone would notice a wait.
    fn new(source: &Source, sender: &Sender<Input>, inputs: &Receiver<Input>) -> anyhow::Result<Self> {
        if *source == Source::BuiltIn {
            return Ok(Self { catalog: source.catalog()?, loading: None, _watch: None });
        }
        let sender = sender.clone();
        let watch = watch(source.clone(), move |news| {
            // Whoever has left wants no news.
            let _ = sender.send(Input::WatchEvent(news));
        });
        let mut progress = Progress::START;
        let end = Instant::now() + UNNOTICED;
        let ready = loop {
            match inputs.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Input::WatchEvent(WatchEvent::Progress(now))) => progress = now,
                Ok(Input::WatchEvent(WatchEvent::Ready(ready))) => break Some(ready),
                Ok(Input::WatchEvent(WatchEvent::Wrong(error))) => return Err(error.into()),
                Ok(_) | Err(_) => break None,
            }
        };
        let loading = ready.is_none().then_some(progress);
        Ok(Self { catalog: ready.unwrap_or_default(), loading, _watch: Some(watch) })
    }
}

/// Why the program ends.
enum End {
    Left,
    /// The user would not wait for the directory.
    Cancelled,
    Signal(i32),
}

struct Host<'a> {
    session: Session<Output>,
    held: Held,
    at: Option<Timestamp>,
    source: &'a Source,
    desktop: Desktop,
}

impl Host<'_> {
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
                    Input::Signal(SIGWINCH) => self.measure()?,
                    Input::Signal(signal) => return Ok(End::Signal(signal)),
                    Input::WatchEvent(news) => self.hear(news)?,
                    Input::Event(event) => {
                        let is_loading = self.session.app().loading().is_some();
                        if self.feed(event)? {
                            return Ok(if is_loading { End::Cancelled } else { End::Left });
                        }
                    }
                }
            }
        }
    }

    /// Takes what is told of the directory. What is wrong with it ends the program only where there is none before it.
    fn hear(&mut self, news: WatchEvent) -> anyhow::Result<()> {
        let is_loading = self.session.app().loading().is_some();
        let event = match news {
            WatchEvent::Progress(progress) => Event::Loading(progress),
            WatchEvent::Ready(catalog) => {
                self.session.reload(catalog);
                Event::Reloaded
            }
            WatchEvent::Wrong(error) if is_loading => return Err(error.into()),
            WatchEvent::Wrong(error) => Event::DataWrong(error.in_a_line(&self.source.short())),
        };
        // The first time it is no news that the directory is there.
        if !(is_loading && event == Event::Reloaded) {
            self.feed(event)?;
        }
        Ok(())
    }

    /// Feeds an event and does what comes of it; true when the user leaves.
    fn feed(&mut self, event: Event) -> anyhow::Result<bool> {
        for effect in self.session.feed(event, moment(self.at)) {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Suspend => self.suspend()?,
                Effect::Copy(text) => match self.session.app().environment().clipboard {
                    Clipboard::Terminal => clipboard::send(&text, self.session.backend_mut().writer())?,
                    Clipboard::Desktop => {
                        if self.desktop.copy(&text).is_err() {
                            self.feed(Event::CopyFailed(text))?;
                        }
                    }
                },
                Effect::OpenLink(link) => {
                    if open::that_detached(&link).is_err() {
                        self.feed(Event::OpenFailed(link))?;
                    }
                }
            }
        }
        Ok(false)
    }

    /// The terminal has another size. Its signal is listened to here, from before the first size is asked for; crossterm
    /// begins later.
    fn measure(&mut self) -> anyhow::Result<()> {
        let size = size()?;
        self.session.backend_mut().set_size(size);
        self.feed(Event::Resize { width: size.width, height: size.height })?;
        Ok(())
    }

    /// Stops like any program that is sent Ctrl-Z, and comes back to the same place.
    fn suspend(&mut self) -> anyhow::Result<()> {
        if !(self.session.app().environment().may_suspend && has_shell()) {
            self.feed(Event::NoShell)?;
            return Ok(());
        }
        self.session.backend_mut().writer().flush()?;
        self.held.restore();
        emulate_default_handler(SIGTSTP).context("cannot stop")?;
        self.held.take_again()?;
        self.session.backend_mut().lead_with(ENTER_SCREEN);
        self.measure()?;
        self.session.backend_mut().forget();
        Ok(self.session.repaint()?)
    }
}

fn watch_signals(mut signals: Signals, sender: Sender<Input>) {
    std::thread::spawn(move || signals.forever().try_for_each(|signal| sender.send(Input::Signal(signal))));
}

/// Tells when the terminal is gone. One that is nobody's controlling terminal goes without a signal, and crossterm would
/// ask it for keys for ever.
fn watch_terminal(sender: Sender<Input>) {
    std::thread::spawn(move || {
        let stdin = io::stdin();
        let hangup = PollFd::new(stdin.as_fd(), PollFlags::empty());
        while poll(&mut [hangup.clone()], PollTimeout::NONE) == Err(Errno::EINTR) {}
        // Whoever has left needs not be told.
        let _ = sender.send(Input::Gone);
    });
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
    let said = crossterm::terminal::window_size().context("cannot tell the size of this terminal")?;
    Ok(clamp_size(Size { width: said.columns, height: said.rows }))
}

fn moment(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(Timestamp::now)
}

fn until_next_minute() -> Duration {
    let into_minute = Timestamp::now().as_second().rem_euclid(60);
    Duration::from_secs(60 - into_minute.unsigned_abs())
}
