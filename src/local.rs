//! The frontend for a local terminal: reads keys and signals, and performs the app's effects.
//!
//! Threads wait for the terminal, for signals and for changes to the data file. All of them send to one channel, and
//! only the event loop touches the session and writes to the terminal.

pub mod clipboard;
mod input;
pub mod line;
mod seen;
mod state_writer;
pub mod terminal;

use std::io::{self, IsTerminal, Stdout, Write};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use ratatui::layout::Size;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::app::event::{DataProblems, Event};
use crate::app::{Clipboard, Effect, Environment};
use crate::config::store::Store;
use crate::directory::progress::Progress;
use crate::present::share::CopyItem;
use crate::search::Catalog;
use crate::session::ansi_backend::{AnsiBackend, ENTER_SCREEN};
use crate::session::osc52::osc52;
use crate::session::{Session, clamp_size};
use crate::source::edit::Editor;
use crate::source::watch::{WatchEvent, WatchHandle, WatchOptions, watch};
use crate::source::{LoadProblem, Loaded, Source, Sources};
use clipboard::LocalClipboards;
use input::{LoopEvent, Turn, read_terminal, watch_hangup, watch_signals};
use seen::Comparison;
use state_writer::StateWriter;
use terminal::RawTerminal;

/// How long the first frame waits for a directory. One that takes longer to load is shown with its progress.
const FIRST_FRAME_TIMEOUT: Duration = Duration::from_millis(50);

/// The maximum number of events that wait for the event loop. The threads that send more wait, so that a flood of input
/// waits in the terminal and not in memory.
const MAX_PENDING_EVENTS: usize = 1024;

/// The exit code of a program that was interrupted: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// What only this frontend needs of the user's configuration.
#[derive(Debug, Default)]
pub struct Options {
    /// A command for `sh` that takes what is copied on its standard input; replaces every other clipboard.
    pub clipboard_command: Option<String>,
    /// Messages for the first frame.
    pub notices: Vec<String>,
    /// Where pins, recent answers and notes are kept; `None` to keep nothing.
    pub store: Option<Store>,
}

/// Runs the navigator in the process's terminal until the user quits. `at` replaces the clock if it is given.
///
/// # Errors
/// Returns an error if there is no terminal, it fails, or the directory cannot be loaded. The terminal is restored.
pub fn run(
    sources: &Sources,
    mut environment: Environment,
    at: Option<Timestamp>,
    mut options: Options,
) -> anyhow::Result<ExitCode> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        bail!(
            "there is no terminal here; run `dialtree` in one, over SSH `ssh -t HOST dialtree`, or `dialtree --line`"
        );
    }
    if options.clipboard_command.is_some() {
        environment.clipboard = Clipboard::Command;
    }
    let (sender, events) = mpsc::sync_channel(MAX_PENDING_EVENTS);
    let start = Start::new(sources, &sender, &events)?;
    if let Some(store) = &options.store {
        environment.profile.keeps = true;
        environment.profile.saved = state_writer::read(store, &mut options.notices);
    }
    // Before the size is read, so that no change of it is missed.
    let signals =
        Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH]).context("cannot watch for signals")?;
    let terminal = RawTerminal::enter().context("cannot use this terminal")?;
    let mut backend = AnsiBackend::new(io::stdout(), size()?);
    backend.lead_with(ENTER_SCREEN);
    let (catalog, by_directory) = match start.loaded {
        Some(loaded) => {
            options.notices.extend(loaded.notices);
            (loaded.catalog, loaded.sources)
        }
        None => Default::default(),
    };
    let mut session = Session::new(catalog, environment, backend, now(at))?;
    if let Some(progress) = start.progress {
        session.feed(Event::Loading(progress), now(at));
    }
    if !options.notices.is_empty() {
        session.feed(Event::Toast(options.notices.join("; ")), now(at));
    }
    // Before the threads are started, because starting one takes a large part of the time of the first frame.
    session.draw()?;
    let turn = Arc::new(Turn::default());
    watch_signals(signals, Arc::clone(&turn), sender.clone());
    watch_hangup(sender.clone());
    read_terminal(Arc::clone(&turn), sender.clone());
    let clipboards = LocalClipboards { command: options.clipboard_command };
    let comparison = options.store.clone().map(|store| Comparison::new(sources, store, tell(sender.clone())));
    let is_loaded = session.app().loading.is_none();
    comparison.iter().filter(|_| is_loaded).for_each(|comparison| comparison.loaded(now(at)));
    let writer = options.store.map(|store| StateWriter::new(store, tell(sender)));
    match (EventLoop { session, terminal, at, by_directory, turn, clipboards, writer, comparison }).run(&events)? {
        End::Quit => Ok(ExitCode::SUCCESS),
        End::LoadingCancelled => {
            // If standard error is closed, the exit code remains.
            let _ = writeln!(io::stderr(), "dialtree: loading was cancelled");
            Ok(ExitCode::from(INTERRUPTED))
        }
        // The parent process sees that the signal ended the program.
        End::Signal(signal) => {
            emulate_default_handler(signal).context("cannot exit with the signal that was received")?;
            Ok(ExitCode::from(INTERRUPTED))
        }
    }
}

/// What the first frame shows.
struct Start {
    /// `None` while the directory is loading.
    loaded: Option<Loaded>,
    progress: Option<Progress>,
    /// Reloads the directory when its file changes.
    _watch: Option<WatchHandle>,
}

impl Start {
    /// Loads the directory. Returns after [`FIRST_FRAME_TIMEOUT`] with an empty one if loading takes longer.
    fn new(sources: &Sources, sender: &SyncSender<LoopEvent>, events: &Receiver<LoopEvent>) -> anyhow::Result<Self> {
        if sources.is_built_in() {
            return Ok(Self { loaded: Some(sources.load()?), progress: None, _watch: None });
        }
        let sender = sender.clone();
        let watch = watch(sources.clone(), WatchOptions::default(), move |event| {
            // Fails only when the event loop has ended.
            let _ = sender.send(LoopEvent::Watch(event));
        });
        let mut progress = Progress::START;
        let end = Instant::now() + FIRST_FRAME_TIMEOUT;
        let loaded = loop {
            match events.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(LoopEvent::Watch(WatchEvent::Progress(current))) => progress = current,
                Ok(LoopEvent::Watch(WatchEvent::Ready(loaded))) => break Some(loaded),
                // Only servers keep a copy.
                Ok(LoopEvent::Watch(WatchEvent::NotKept(_) | WatchEvent::LastGood(..))) => {}
                Ok(LoopEvent::Watch(WatchEvent::Failed(problems))) => return Err(problems.into_error().into()),
                Ok(_) | Err(_) => break None,
            }
        };
        let progress = loaded.is_none().then_some(progress);
        Ok(Self { loaded, progress, _watch: Some(watch) })
    }
}

/// Why the event loop ends.
enum End {
    Quit,
    LoadingCancelled,
    Signal(i32),
}

struct EventLoop {
    session: Session<AnsiBackend<Stdout>>,
    terminal: RawTerminal,
    /// Replaces the clock.
    at: Option<Timestamp>,
    /// The source of each directory in the catalog.
    by_directory: Vec<Source>,
    turn: Arc<Turn>,
    clipboards: LocalClipboards,
    writer: Option<StateWriter>,
    comparison: Option<Comparison>,
}

/// Passes events to the event loop.
fn tell(sender: SyncSender<LoopEvent>) -> impl Fn(Event) + Send + Sync + 'static {
    move |event| {
        // Fails only when the event loop has ended.
        let _ = sender.send(LoopEvent::App(event));
    }
}

impl EventLoop {
    /// Draws and handles events until the program ends. Consumes the loop, so that the terminal is restored on return.
    fn run(mut self, events: &Receiver<LoopEvent>) -> anyhow::Result<End> {
        loop {
            self.session.draw()?;
            let timeout = if self.at.is_some() { Duration::MAX } else { until_next_minute() };
            let first = match events.recv_timeout(timeout) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => LoopEvent::App(Event::Tick),
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Quit),
            };
            // All pending events are handled before the next frame, so that a burst of keys is drawn once.
            for event in std::iter::once(first).chain(events.try_iter().take(MAX_PENDING_EVENTS)) {
                match event {
                    LoopEvent::Hangup => return Ok(End::Quit),
                    LoopEvent::Signal(SIGTSTP) => self.suspend()?,
                    LoopEvent::Signal(SIGWINCH) => self.resize()?,
                    LoopEvent::Signal(signal) => return Ok(End::Signal(signal)),
                    LoopEvent::Watch(event) => self.handle_watch_event(event)?,
                    LoopEvent::App(event) => {
                        let is_loading = self.session.app().loading.is_some();
                        if self.feed(event)? {
                            return Ok(if is_loading { End::LoadingCancelled } else { End::Quit });
                        }
                    }
                }
            }
        }
    }

    /// Shows the new state of the directory. An error ends the program only if no directory was loaded before.
    fn handle_watch_event(&mut self, event: WatchEvent) -> anyhow::Result<()> {
        let is_loading = self.session.app().loading.is_some();
        let event = match event {
            WatchEvent::Progress(progress) => Event::Loading(progress),
            WatchEvent::NotKept(_) | WatchEvent::LastGood(..) => return Ok(()),
            WatchEvent::Ready(Loaded { catalog, sources, notices, .. }) => {
                let told = if is_loading { notices } else { self.added_and_removed(&catalog, &sources) };
                self.by_directory = sources;
                self.session.reload(catalog);
                self.comparison.iter().for_each(|comparison| comparison.loaded(now(self.at)));
                if told.is_empty() { Event::Reloaded } else { Event::Toast(told.join("; ")) }
            }
            WatchEvent::Failed(problems) if is_loading => return Err(problems.into_error().into()),
            WatchEvent::Failed(problems) => Event::DataWrong(problems.0.into_iter().map(data_problems).collect()),
        };
        // The first load is not a reload.
        if !(is_loading && event == Event::Reloaded) {
            self.feed(event)?;
        }
        Ok(())
    }

    /// Which organisations a reload adds, and which it removes, in words.
    fn added_and_removed(&self, catalog: &Catalog, sources: &[Source]) -> Vec<String> {
        let told = |catalog: &Catalog, own: &[Source], others: &[Source], what: &str| -> Vec<String> {
            let own = catalog.directories().iter().zip(own).filter(|(_, source)| !others.contains(source));
            own.map(|(directory, _)| format!("{} was {what}", directory.organisation)).collect()
        };
        let added = told(catalog, sources, &self.by_directory, "added");
        [added, told(&self.session.app().catalog, &self.by_directory, sources, "removed")].concat()
    }

    /// Passes an event to the session and performs its effects. Returns true if the user quits.
    fn feed(&mut self, event: Event) -> anyhow::Result<bool> {
        for effect in self.session.feed(event, now(self.at)) {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Suspend => self.suspend()?,
                Effect::Edit { directory, entry } => self.edit(&directory, &entry)?,
                Effect::Copy(item) => self.copy(item)?,
                Effect::Save(change) => {
                    if let Some(writer) = &mut self.writer {
                        writer.save(change);
                    }
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

    fn copy(&mut self, item: CopyItem) -> anyhow::Result<()> {
        let clipboard = self.session.app().environment.clipboard;
        if clipboard.is_terminal() {
            let writer = self.session.backend_mut().writer();
            writer.write_all(osc52(&item.text, clipboard).as_bytes())?;
            return Ok(writer.flush()?);
        }
        if let Err(instead) = self.clipboards.copy(clipboard, &item.text) {
            self.feed(Event::CopyFailed { item, instead })?;
        }
        Ok(())
    }

    /// Adapts to the terminal's current size. SIGWINCH is handled here rather than by crossterm, which would miss a
    /// change between the first reading of the size and its own start.
    fn resize(&mut self) -> anyhow::Result<()> {
        let size = size()?;
        self.session.backend_mut().set_size(size);
        self.feed(Event::Resize { width: size.width, height: size.height })?;
        Ok(())
    }

    /// Suspends the process as Ctrl-Z does, and redraws the screen once the process continues.
    fn suspend(&mut self) -> anyhow::Result<()> {
        if !(self.session.app().environment.may_suspend && has_shell()) {
            self.feed(Event::NoShell)?;
            return Ok(());
        }
        self.leave_terminal()?;
        // Stops the process; returns after SIGCONT.
        emulate_default_handler(SIGTSTP).context("cannot suspend")?;
        self.reenter_terminal()
    }

    /// Opens an editor at an entry. The watcher reloads what it saves.
    fn edit(&mut self, directory: &str, entry: &str) -> anyhow::Result<()> {
        let turn = Arc::clone(&self.turn);
        let end = match self.editor(directory, entry) {
            Ok(editor) => {
                let _reading = turn.reading.lock().unwrap_or_else(PoisonError::into_inner);
                self.leave_terminal()?;
                turn.is_editing.store(true, Ordering::SeqCst);
                let end = editor.run();
                turn.is_editing.store(false, Ordering::SeqCst);
                self.reenter_terminal()?;
                end
            }
            Err(error) => Err(error),
        };
        if let Err(error) = end {
            self.feed(Event::Toast(format!("{error:#}")))?;
        }
        Ok(())
    }

    /// The user's editor at an entry of a directory.
    fn editor(&self, directory: &str, entry: &str) -> anyhow::Result<Editor> {
        let mut loaded = self.session.app().catalog.directories().iter().zip(&self.by_directory);
        let (_, source) = loaded.find(|(own, _)| *own.id == *directory).context("this directory is no longer there")?;
        Editor::at(source, entry, |own| Ok(own.by_text_id(entry).map(|id| id.entry)))
    }

    /// Gives the terminal to another program.
    fn leave_terminal(&mut self) -> anyhow::Result<()> {
        self.session.backend_mut().writer().flush()?;
        if let Some(writer) = &mut self.writer {
            writer.flush();
        }
        self.terminal.restore();
        Ok(())
    }

    /// Takes the terminal back and draws everything again.
    fn reenter_terminal(&mut self) -> anyhow::Result<()> {
        self.terminal.reenter()?;
        self.session.backend_mut().lead_with(ENTER_SCREEN);
        self.resize()?;
        self.session.backend_mut().forget();
        Ok(self.session.repaint()?)
    }
}

/// What the app says about a file that cannot be used.
fn data_problems(LoadProblem { source, error, has_earlier }: LoadProblem) -> DataProblems {
    let file = source.short_name();
    DataProblems { first: error.first(&file), file, list: error.into_list(), has_earlier }
}

/// Whether a shell with job control started the program: a parent in the same session but another process group.
/// Without one, nothing would continue a suspended process.
fn has_shell() -> bool {
    use nix::unistd::{getpgid, getpgrp, getppid, getsid};
    // A parent outside the PID namespace is reported as process 0, whose session is not ours.
    let parent = getppid();
    getsid(Some(parent)) == getsid(None) && getpgid(Some(parent)) != Ok(getpgrp())
}

fn size() -> anyhow::Result<Size> {
    let reported = crossterm::terminal::window_size().context("cannot read the size of this terminal")?;
    Ok(clamp_size(Size { width: reported.columns, height: reported.rows }))
}

fn now(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(Timestamp::now)
}

/// The time until the clock on the screen changes.
fn until_next_minute() -> Duration {
    let into_minute = Timestamp::now().as_second().rem_euclid(60);
    Duration::from_secs(60 - into_minute.unsigned_abs())
}
