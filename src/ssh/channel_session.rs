//! One channel's session. Keys are fed as they come, frames go out one at a time: as long as the last one is not taken,
//! the next is not drawn, so a slow reader skips frames and holds no memory.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use jiff::Timestamp;
use ratatui::layout::Size;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::channel_writer::ChannelWriter;
use super::input::Input;
use super::input_queue::{InputReceiver, PendingInput};
use super::metrics::Count;
use super::state::ServerState;
use crate::app::event::Event;
use crate::app::{Effect, Environment};
use crate::search::Catalog;
use crate::session::Session;
use crate::session::ansi_backend::{AnsiBackend, ENTER_SCREEN};

/// After an Esc nothing comes for so long: then it was the key.
const ESC_ALONE: Duration = Duration::from_millis(50);

/// A session that is sent more than a person types works for so long at a time, and then rests for so many times as
/// long, so that the others do not wait. What takes less than that little needs no rest.
const TURN: Duration = Duration::from_millis(2);
const RESTS: u32 = 4;
const WORTH_A_REST: Duration = Duration::from_micros(50);

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Left,
    Idle,
    Longest,
    Closing,
    /// The peer is gone, and nobody reads this; or it sent more than anyone types.
    Gone,
    /// The peer takes nothing.
    Stalled,
}

impl End {
    /// What is said on the terminal when it is given back.
    fn farewell(self) -> &'static str {
        match self {
            Self::Left | Self::Stalled => "",
            Self::Idle => "dialtree: closed, as no key was pressed for a while.\r\n",
            Self::Longest => "dialtree: closed, as this session is as old as one may get. Connect again to go on.\r\n",
            Self::Closing => "dialtree: the server closes. Connect again to go on.\r\n",
            Self::Gone => "dialtree: closed, as more came in than anyone types.\r\n",
        }
    }
}

/// What is on its way to the peer.
struct Sending<'a> {
    taken: Pin<Box<dyn Future<Output = bool> + Send + 'a>>,
    /// When the first key came that it shows.
    shows: Option<Instant>,
}

/// A session on its line.
pub(super) struct ChannelSession {
    line: ChannelWriter,
    state: Arc<ServerState>,
    environment: Environment,
    keys: InputReceiver,
    size: watch::Receiver<Size>,
    current: watch::Receiver<Arc<Catalog>>,
}

impl ChannelSession {
    pub(super) fn new(
        line: ChannelWriter,
        state: Arc<ServerState>,
        environment: Environment,
        keys: InputReceiver,
        size: watch::Receiver<Size>,
    ) -> Self {
        let current = state.current.subscribe();
        Self { line, state, environment, keys, size, current }
    }

    /// Serves until the session ends, and closes its channel.
    pub(super) async fn serve(mut self) {
        let guard = self.line.guard();
        let there = self.state.metrics.session();
        let end = self.run().await;
        drop(there);
        // Authentication takes nothing cannot be told to go.
        if end != End::Stalled && self.line.restore(end.farewell()).await {
            guard.disarm();
        }
    }

    async fn run(&mut self) -> End {
        let Self { line, state, environment, keys, size, current } = self;
        let now = Instant::now();
        let at = state.config.at;
        let Ok(mut driver) =
            SessionDriver::new(current.borrow_and_update().clone(), environment.clone(), *size.borrow_and_update(), at)
        else {
            return End::Gone;
        };
        let mut sending: Option<Sending<'_>> = None;
        let spread = Duration::from_millis(millis_into(1000));
        let mut timers =
            Timers { idle: now + state.config.timers.idle, tick: next_minute(spread), esc: None, reload: None };
        let mut rest = None;
        let mut told = false;
        loop {
            let began = Instant::now();
            if rest.is_none() && !driver.has_taken_all() {
                driver.take_turn();
            }
            timers.esc = driver.input.is_waiting().then(|| timers.esc.unwrap_or_else(|| Instant::now() + ESC_ALONE));
            if sending.is_none() {
                let shows = driver.shows.take();
                match driver.frame() {
                    Some(frame) => {
                        state.metrics.add(Count::Frames);
                        state.metrics.add_many(Count::FrameBytes, frame.len() as u64);
                        sending = Some(Sending { taken: Box::pin(line.send(frame)), shows });
                    }
                    None if driver.has_left => return End::Left,
                    None => {}
                }
            }
            let worked = began.elapsed();
            if worked > WORTH_A_REST {
                rest = Some(Instant::now() + worked * RESTS);
            }
            // While a session rests, what would settle an Esc may be waiting to be taken.
            let esc = timers.esc.filter(|_| rest.is_none());
            let wake = [Some(timers.idle), Some(timers.tick), esc, timers.reload, Some(line.last()), rest];
            let wake = wake.into_iter().flatten().min().unwrap_or(line.last());
            let can_take = rest.is_none() && driver.has_taken_all() && !driver.has_left;
            tokio::select! {
                (is_taken, shows) = taken(&mut sending) => {
                    sending = None;
                    if !is_taken {
                        return if line.is_ended() { End::Gone } else { End::Stalled };
                    }
                    if let Some(since) = shows {
                        state.metrics.shown_after(since.elapsed());
                    }
                }
                typed = keys.take(), if can_take => {
                    timers.idle = Instant::now() + state.config.timers.idle;
                    // What has come may go on.
                    timers.esc = None;
                    driver.takes(typed);
                }
                () = keys.is_over() => return End::Gone,
                changed = size.changed(), if rest.is_none() => match changed {
                    Ok(()) => driver.resize(*size.borrow_and_update()),
                    Err(_) => return End::Gone,
                },
                Ok(()) = current.changed(), if timers.reload.is_none() => timers.reload = Some(Instant::now() + spread),
                () = state.draining.cancelled(), if !told => {
                    told = true;
                    driver.feed(Event::Toast(notice(state.config.timers.drain)));
                }
                () = state.over.cancelled() => return End::Closing,
                () = sleep_until(wake) => {
                    let now = Instant::now();
                    if now >= line.last() {
                        return End::Longest;
                    }
                    if now >= timers.idle {
                        return End::Idle;
                    }
                    if now >= timers.tick {
                        timers.tick = next_minute(spread);
                        driver.feed(Event::Tick);
                    }
                    if timers.reload.is_some_and(|reload| now >= reload) {
                        timers.reload = None;
                        driver.reload(current.borrow_and_update().clone());
                    }
                    if esc.is_some_and(|esc| now >= esc) && keys.is_empty() {
                        driver.settle();
                    }
                    rest = rest.filter(|rest| now < *rest);
                }
            }
        }
    }
}

/// When a session wakes by itself.
struct Timers {
    idle: Instant,
    tick: Instant,
    esc: Option<Instant>,
    /// When another directory is shown; not all sessions draw it at the same moment.
    reload: Option<Instant>,
}

/// Waits until what is on its way is taken, or will not be; and what it shows.
async fn taken(sending: &mut Option<Sending<'_>>) -> (bool, Option<Instant>) {
    match sending {
        Some(sending) => ((&mut sending.taken).await, sending.shows),
        None => std::future::pending().await,
    }
}

fn notice(drain: Duration) -> String {
    format!("The server closes within {} seconds; connect again to go on", drain.as_secs())
}

/// When the next minute begins, or a little later: each session has its own moment within a second, as all of them at
/// once would hold up everybody's keys.
fn next_minute(spread: Duration) -> Instant {
    let into_minute = millis_into(60_000);
    Instant::now() + Duration::from_millis(60_000 - into_minute) + spread
}

/// How far the clock is into a span of so many milliseconds.
fn millis_into(span: i64) -> u64 {
    Timestamp::now().as_millisecond().rem_euclid(span).unsigned_abs()
}

/// The session itself and what it still has to take.
struct SessionDriver {
    session: Session<AnsiBackend<Vec<u8>>>,
    at: Option<Timestamp>,
    input: Input,
    /// What was typed, and how much of it is taken.
    waiting: Vec<u8>,
    taken: usize,
    /// Nothing will be typed any more.
    is_last: bool,
    /// When the first key came that has not been shown.
    shows: Option<Instant>,
    /// What the next frame puts on the peer's clipboard; of several, the last one stays there.
    copied: Option<String>,
    has_left: bool,
}

impl SessionDriver {
    fn new(
        catalog: Arc<Catalog>,
        environment: Environment,
        size: Size,
        at: Option<Timestamp>,
    ) -> std::io::Result<Self> {
        let mut screen = AnsiBackend::new(Vec::new(), size);
        screen.lead_with(ENTER_SCREEN);
        let now = at.unwrap_or_else(Timestamp::now);
        Ok(Self {
            session: Session::new(catalog, environment, screen, now)?,
            at,
            input: Input::new(),
            waiting: Vec::new(),
            taken: 0,
            is_last: false,
            shows: None,
            copied: None,
            has_left: false,
        })
    }

    /// What the peer's terminal has to be told, if anything; after the end only what was copied. Drawing and writing
    /// into memory cannot fail.
    fn frame(&mut self) -> Option<Vec<u8>> {
        if !self.has_left {
            let _ = self.session.draw();
        }
        let out = self.session.backend_mut().writer();
        if let Some(text) = self.copied.take() {
            let _ = crossterm::queue!(out, CopyToClipboard::to_clipboard_from(text));
        }
        let frame = std::mem::take(out);
        (!frame.is_empty()).then_some(frame)
    }

    fn has_taken_all(&self) -> bool {
        self.taken == self.waiting.len()
    }

    fn takes(&mut self, typed: PendingInput) {
        (self.waiting, self.taken, self.is_last) = (typed.bytes, 0, typed.is_last);
        self.shows = self.shows.or(typed.since);
        self.has_left |= self.is_last && self.has_taken_all();
    }

    /// Takes what waits, for as long as a turn lasts.
    fn take_turn(&mut self) {
        let began = Instant::now();
        let mut events = Vec::new();
        while let Some(byte) = self.waiting.get(self.taken) {
            self.input.take(*byte, &mut events);
            self.taken += 1;
            if events.is_empty() {
                continue;
            }
            for event in events.drain(..) {
                self.feed(event);
            }
            if self.has_left || began.elapsed() > TURN {
                return;
            }
        }
        // A session that is idle holds nothing.
        (self.waiting, self.taken) = (Vec::new(), 0);
        self.has_left |= self.is_last;
    }

    /// No more bytes came after an Esc.
    fn settle(&mut self) {
        let mut events = Vec::new();
        self.input.settle(&mut events);
        events.into_iter().for_each(|event| self.feed(event));
    }

    fn feed(&mut self, event: Event) {
        for effect in self.session.feed(event, self.at.unwrap_or_else(Timestamp::now)) {
            match effect {
                Effect::Quit => self.has_left = true,
                Effect::Suspend => self.feed(Event::NoShell),
                Effect::OpenLink(link) => self.feed(Event::OpenFailed(link)),
                Effect::Copy(text) => self.copied = Some(text),
            }
        }
    }

    fn resize(&mut self, size: Size) {
        self.session.backend_mut().set_size(size);
        self.feed(Event::Resize { width: size.width, height: size.height });
    }

    /// Shows another directory from now on, at the same place.
    fn reload(&mut self, catalog: Arc<Catalog>) {
        self.session.reload(catalog);
        self.feed(Event::Reloaded);
    }
}
