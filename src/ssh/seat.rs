//! One channel's session. Keys are fed as they come, frames go out one at a time: as long as the last one is not taken,
//! the next is not drawn, so a slow reader skips frames and holds no memory.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use jiff::Timestamp;
use ratatui::layout::Size;
use russh::ChannelWriteHalf;
use russh::server::Msg;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::accept::FAREWELL;
use super::connection::Counted;
use super::house::{Current, House};
use super::input::Input;
use super::metrics::Count;
use super::typed::Typed;
use crate::app::event::Event;
use crate::app::{Effect, Environment};
use crate::session::Session;
use crate::session::screen::{GIVE_BACK, Screen, TAKE};

/// After an Esc nothing comes for so long: then it was the key.
const ESC_ALONE: Duration = Duration::from_millis(50);

/// A session that is sent more than a person types works for so long at a time, and then rests for so many times as
/// long, so that the others do not wait. What takes less than that little needs no rest.
const TURN: Duration = Duration::from_millis(2);
const RESTS: u32 = 4;
const WORTH_A_REST: Duration = Duration::from_micros(50);

/// The other end of a channel.
pub(super) struct Line {
    writer: ChannelWriteHalf<Msg>,
    stalled: Duration,
    /// When the connection has lasted long enough.
    last: Instant,
    /// Ends the connection.
    end: CancellationToken,
    _counted: Counted,
}

impl Line {
    pub(super) fn new(
        writer: ChannelWriteHalf<Msg>,
        house: &House,
        end: CancellationToken,
        counted: Counted,
        began: Instant,
    ) -> Self {
        let timers = house.config.timers;
        Self { writer, stalled: timers.stalled, last: began + timers.longest, end, _counted: counted }
    }

    /// Ends the connection when it is dropped, as after a panic, unless it is disarmed.
    pub(super) fn guard(&self) -> DropGuard {
        self.end.clone().drop_guard()
    }

    /// Whether the peer took it all.
    pub(super) async fn send(&self, text: impl Into<Vec<u8>>) -> bool {
        matches!(timeout(self.stalled, self.writer.data_bytes(text.into())).await, Ok(Ok(())))
    }

    pub(super) async fn send_error(&self, text: impl Into<Vec<u8>>) -> bool {
        matches!(timeout(self.stalled, self.writer.extended_data_bytes(1, text.into())).await, Ok(Ok(())))
    }

    /// Says the exit code and closes.
    pub(super) async fn finish(&self, code: u8) {
        let goodbye = async {
            self.writer.exit_status(code.into()).await?;
            self.writer.eof().await?;
            self.writer.close().await
        };
        let _ = timeout(FAREWELL, goodbye).await;
    }
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Left,
    Idle,
    Longest,
    Closing,
    /// The peer is gone, or sent more than anyone types.
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

type Sending<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// A session on its line.
pub(super) struct Seat {
    line: Line,
    house: Arc<House>,
    environment: Environment,
    keys: Typed,
    size: watch::Receiver<Size>,
    current: watch::Receiver<Current>,
}

impl Seat {
    pub(super) fn new(
        line: Line,
        house: Arc<House>,
        environment: Environment,
        keys: Typed,
        size: watch::Receiver<Size>,
    ) -> Self {
        let current = house.current.subscribe();
        Self { line, house, environment, keys, size, current }
    }

    /// Serves until the session ends, and closes its channel.
    pub(super) async fn serve(mut self) {
        let guard = self.line.guard();
        let there = self.house.metrics.session();
        let end = self.run().await;
        drop(there);
        if end == End::Stalled || !self.line.send_in_time(format!("{GIVE_BACK}{}", end.farewell())).await {
            // Who takes nothing cannot be told to go.
            return;
        }
        self.line.finish(0).await;
        guard.disarm();
    }

    async fn run(&mut self) -> End {
        let Self { line, house, environment, keys, size, current } = self;
        let now = Instant::now();
        let at = house.config.at;
        let Ok(mut desk) =
            Desk::new(current.borrow_and_update().clone(), environment.clone(), *size.borrow_and_update(), at)
        else {
            return End::Gone;
        };
        let mut sending: Option<Sending<'_>> = None;
        let spread = Duration::from_millis(millis_into(1000));
        let mut timers = Timers { idle: now + house.config.timers.idle, tick: next_minute(spread), esc: None };
        let mut rest = None;
        let mut told = false;
        loop {
            let began = Instant::now();
            if rest.is_none() && !desk.has_taken_all() {
                desk.take_turn();
            }
            timers.esc = desk.input.is_waiting().then(|| timers.esc.unwrap_or_else(|| Instant::now() + ESC_ALONE));
            if desk.has_left {
                return End::Left;
            }
            if sending.is_none()
                && let Some(frame) = desk.frame()
            {
                house.metrics.add(Count::Frames);
                house.metrics.add_many(Count::FrameBytes, frame.len() as u64);
                sending = Some(Box::pin(line.send(frame)));
            }
            let worked = began.elapsed();
            if worked > WORTH_A_REST {
                rest = Some(Instant::now() + worked * RESTS);
            }
            let wake = [Some(timers.idle), Some(timers.tick), timers.esc, Some(line.last), rest];
            let wake = wake.into_iter().flatten().min().unwrap_or(line.last);
            let can_take = rest.is_none() && desk.has_taken_all();
            tokio::select! {
                sent = finish(&mut sending) => {
                    sending = None;
                    if !sent {
                        return if line.end.is_cancelled() { End::Gone } else { End::Stalled };
                    }
                    if let Some(since) = desk.shows_since.take() {
                        house.metrics.shown_after(since.elapsed());
                    }
                }
                typed = keys.take(), if can_take => {
                    timers.idle = Instant::now() + house.config.timers.idle;
                    // What has come may go on.
                    timers.esc = None;
                    (desk.waiting, desk.taken) = (typed, 0);
                }
                () = keys.is_over() => return End::Gone,
                changed = size.changed(), if rest.is_none() => match changed {
                    Ok(()) => desk.resize(*size.borrow_and_update()),
                    Err(_) => return End::Gone,
                },
                Ok(()) = current.changed() => desk.renew(current.borrow_and_update().clone()),
                () = house.draining.cancelled(), if !told => {
                    told = true;
                    desk.feed(Event::Notice(notice(house.config.timers.drain)));
                }
                () = house.over.cancelled() => return End::Closing,
                () = sleep_until(wake) => {
                    let now = Instant::now();
                    if now >= line.last {
                        return End::Longest;
                    }
                    if now >= timers.idle {
                        return End::Idle;
                    }
                    if now >= timers.tick {
                        timers.tick = next_minute(spread);
                        desk.feed(Event::Tick);
                    }
                    if timers.esc.is_some_and(|esc| now >= esc) {
                        desk.settle();
                    }
                    rest = rest.filter(|rest| now < *rest);
                }
            }
        }
    }
}

impl Line {
    /// Sends the last words, which nobody waits for long.
    async fn send_in_time(&self, text: String) -> bool {
        matches!(timeout(FAREWELL, self.send(text)).await, Ok(true))
    }
}

/// When a session wakes by itself.
struct Timers {
    idle: Instant,
    tick: Instant,
    esc: Option<Instant>,
}

async fn finish(sending: &mut Option<Sending<'_>>) -> bool {
    match sending {
        Some(sending) => sending.await,
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
struct Desk {
    session: Session<Screen<Vec<u8>>>,
    at: Option<Timestamp>,
    input: Input,
    /// What was typed, and how much of it is taken.
    waiting: Vec<u8>,
    taken: usize,
    /// Since when a key has not been shown.
    shows_since: Option<Instant>,
    has_left: bool,
}

impl Desk {
    fn new(current: Current, environment: Environment, size: Size, at: Option<Timestamp>) -> std::io::Result<Self> {
        let mut screen = Screen::new(Vec::new(), size);
        screen.lead_with(TAKE);
        let Current { directory, index } = current;
        let now = at.unwrap_or_else(Timestamp::now);
        Ok(Self {
            session: Session::new(directory, index, environment, screen, now)?,
            at,
            input: Input::new(),
            waiting: Vec::new(),
            taken: 0,
            shows_since: None,
            has_left: false,
        })
    }

    /// What the peer's terminal has to be told, if anything. Drawing into memory cannot fail.
    fn frame(&mut self) -> Option<Vec<u8>> {
        let _ = self.session.draw();
        let frame = std::mem::take(self.session.backend_mut().writer());
        if frame.is_empty() {
            self.shows_since = None;
            return None;
        }
        Some(frame)
    }

    fn has_taken_all(&self) -> bool {
        self.taken == self.waiting.len()
    }

    /// Takes what waits, for as long as a turn lasts.
    fn take_turn(&mut self) {
        let began = Instant::now();
        self.shows_since.get_or_insert(began);
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
                Effect::Copy(text) => {
                    // Into memory, which cannot fail.
                    let out = self.session.backend_mut().writer();
                    let _ = crossterm::queue!(out, CopyToClipboard::to_clipboard_from(text));
                }
            }
        }
    }

    fn resize(&mut self, size: Size) {
        self.session.backend_mut().set_size(size);
        self.feed(Event::Resize { width: size.width, height: size.height });
    }

    /// Shows another directory from now on, at the same place.
    fn renew(&mut self, current: Current) {
        self.session.renew(current.directory, current.index);
        self.feed(Event::Reloaded);
    }
}
