//! Runs the session of a channel: waits for input, resizes, reloads, timers and the server's end, feeds them to the
//! [`SessionDriver`], and sends its frames.
//!
//! One frame is in flight at a time. The next one is drawn only when the client has accepted the last, so a slow reader
//! skips frames, and a client that reads nothing costs the memory of one frame.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::channel_writer::ChannelWriter;
use super::input_queue::{InputReceiver, PendingInput};
use super::memory_budget::{MemoryBudget, MemoryCharge};
use super::metrics::Count;
use super::session_driver::SessionDriver;
use super::state::ServerState;
use super::terminal::ClientTerminal;
use crate::app::event::Event;
use crate::search::Catalog;

/// A session rests for this many times the time that it has worked, so that a client that floods its session with input
/// cannot delay the others: it gets at most a fifth of a worker thread.
const REST_FACTOR: u32 = 4;

/// Work that needs no rest. A key that a person presses takes less than this.
const MAX_WORK_WITHOUT_REST: Duration = Duration::from_micros(50);

/// The memory that a session is charged, in bytes, and what it is charged for each cell of its terminal: the grid of
/// what it shows, a buffer while it draws, and the frame on its way.
const SESSION_CHARGE: usize = 64 << 10;
const CELL_CHARGE: usize = 96;

/// The memory that a session with a terminal of a size is charged, in bytes.
pub(super) fn session_charge(size: Size, budget: &MemoryBudget) -> usize {
    SESSION_CHARGE + budget.directory_charge() + usize::from(size.width) * usize::from(size.height) * CELL_CHARGE
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionEnd {
    Quit,
    IdleTimeout,
    SessionTimeout,
    Shutdown,
    /// The client may no longer be logged in.
    Revoked,
    /// The input queue was closed: the client has disconnected, and does not read the message, or it has sent more
    /// input than the queue holds.
    InputClosed,
    /// The client does not read.
    WriteTimeout,
}

impl SessionEnd {
    /// The message on the client's terminal after it is restored.
    fn message(self) -> &'static str {
        match self {
            Self::Quit | Self::WriteTimeout => "",
            Self::IdleTimeout => "dialtree: session closed: no key was pressed for too long.\r\n",
            Self::SessionTimeout => {
                "dialtree: session closed: the maximum session length was reached. Connect again to continue.\r\n"
            }
            Self::Revoked => "dialtree: session closed: your key is no longer authorized.\r\n",
            Self::Shutdown => "dialtree: the server is shutting down. Connect again to continue.\r\n",
            Self::InputClosed => "dialtree: session closed: input arrived faster than it can be processed.\r\n",
        }
    }
}

/// The time before the end of an idle session at which its user is warned; half the idle timeout if that is shorter.
const MAX_IDLE_WARNING: Duration = Duration::from_secs(60);

/// The warning to the user of an idle session.
fn idle_warning(left: Duration) -> String {
    format!("No key was pressed for a while: this session closes in {} seconds; press any key to stay", left.as_secs())
}

/// The warning to users when the server starts to drain.
fn drain_warning(drain_timeout: Duration) -> String {
    format!("The server will shut down within {} seconds; connect again to continue", drain_timeout.as_secs())
}

/// A frame on its way to the client.
struct Sending<'a> {
    /// Completes when the client has accepted the frame, or with false when it never will.
    accepted: Pin<Box<dyn Future<Output = bool> + Send + 'a>>,
    /// When the input arrived that the frame shows.
    input_received_at: Option<Instant>,
}

/// Runs a session until it ends, and closes its channel.
pub(super) async fn serve(
    writer: ChannelWriter,
    state: Arc<ServerState>,
    terminal: ClientTerminal,
    input: InputReceiver,
    size: watch::Receiver<Size>,
    charge: MemoryCharge,
    revoked: CancellationToken,
) {
    let guard = writer.abort_guard();
    let gauge = state.metrics.session();
    // Only a terminal that cannot be written to fails, and this one is memory.
    let Ok(mut session) = ChannelSession::new(state, &terminal, input, size, charge) else { return };
    let end = revoked.run_until_cancelled(session.run(&writer)).await.unwrap_or(SessionEnd::Revoked);
    let farewell = session.driver.farewell(end.message());
    drop((session, gauge));
    // A client that does not read cannot be told anything; the guard aborts its connection.
    if end != SessionEnd::WriteTimeout && writer.finish_session(farewell).await {
        guard.disarm();
    }
}

struct ChannelSession {
    state: Arc<ServerState>,
    driver: SessionDriver,
    input: InputReceiver,
    size: watch::Receiver<Size>,
    current: watch::Receiver<Arc<Catalog>>,
    timers: Timers,
    is_drain_announced: bool,
    charge: MemoryCharge,
}

impl ChannelSession {
    fn new(
        state: Arc<ServerState>,
        terminal: &ClientTerminal,
        input: InputReceiver,
        mut size: watch::Receiver<Size>,
        charge: MemoryCharge,
    ) -> std::io::Result<Self> {
        let mut current = state.current.subscribe();
        let (first, first_size) = (current.borrow_and_update().clone(), *size.borrow_and_update());
        let environment = terminal.environment(&state.config.environment);
        let driver = SessionDriver::new(first, environment, first_size, terminal.draws(), state.config.at)?;
        let timers = Timers::new(state.config.options.idle_timeout);
        Ok(Self { state, driver, input, size, current, timers, is_drain_announced: false, charge })
    }

    async fn run(&mut self, writer: &ChannelWriter) -> SessionEnd {
        let mut sending: Option<Sending<'_>> = None;
        loop {
            let began = Instant::now();
            if !self.timers.is_resting() {
                self.driver.process_input();
            }
            self.timers.set_wait(self.driver.wait());
            if sending.is_none() {
                sending = self.start_frame(writer);
                if sending.is_none() && self.driver.has_quit() {
                    return SessionEnd::Quit;
                }
            }
            self.timers.rest_after(began.elapsed());

            let is_resting = self.timers.is_resting();
            let reads_input = !is_resting && self.driver.is_input_processed() && !self.driver.has_quit();
            let wake_at = self.timers.next().min(writer.session_deadline());
            // Every branch is cancel-safe: the frame's future lives outside the loop, the input queue and the watch
            // channels lose nothing when they are dropped, and the rest are tokens and a deadline.
            let end = tokio::select! {
                is_accepted = accepted(&mut sending) => {
                    let received_at = sending.take().and_then(|sent| sent.input_received_at);
                    self.on_frame_sent(is_accepted, received_at, writer)
                }
                input = self.input.take(), if reads_input => {
                    self.on_input(input);
                    None
                }
                () = self.input.closed() => Some(SessionEnd::InputClosed),
                changed = self.size.changed(), if !is_resting => match changed {
                    Ok(()) => {
                        let size = *self.size.borrow_and_update();
                        // If memory is short, the session keeps the size for which it has some.
                        if self.charge.resize(session_charge(size, &self.state.memory)) {
                            self.driver.resize(size);
                        }
                        None
                    }
                    Err(_) => Some(SessionEnd::InputClosed),
                },
                Ok(()) = self.current.changed(), if self.timers.reload.is_none() => {
                    self.timers.reload = Some(Instant::now() + self.timers.spread);
                    None
                }
                () = self.state.draining.cancelled(), if !self.is_drain_announced => {
                    self.is_drain_announced = true;
                    self.driver.feed(Event::Toast(drain_warning(self.state.config.options.drain_timeout)));
                    None
                }
                () = self.state.shutdown.cancelled() => Some(SessionEnd::Shutdown),
                () = sleep_until(wake_at) => self.on_timer(writer),
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Draws a frame and starts to send it, if anything has changed.
    fn start_frame<'a>(&mut self, writer: &'a ChannelWriter) -> Option<Sending<'a>> {
        let (frame, input_received_at) = self.driver.next_frame()?;
        self.state.metrics.increment(Count::Frames);
        self.state.metrics.add(Count::FrameBytes, frame.len() as u64);
        Some(Sending { accepted: Box::pin(writer.send(frame)), input_received_at })
    }

    fn on_frame_sent(
        &self,
        is_accepted: bool,
        input_received_at: Option<Instant>,
        writer: &ChannelWriter,
    ) -> Option<SessionEnd> {
        if !is_accepted {
            let end = if writer.is_aborted() { SessionEnd::InputClosed } else { SessionEnd::WriteTimeout };
            return Some(end);
        }
        if let Some(received_at) = input_received_at {
            self.state.metrics.observe_latency(received_at.elapsed());
        }
        None
    }

    fn on_input(&mut self, input: PendingInput) {
        self.timers.start_idle(self.state.config.options.idle_timeout);
        // The input may continue the sequence that the Esc began.
        self.timers.esc = None;
        self.driver.set_input(input);
    }

    /// Handles every timer that has expired.
    fn on_timer(&mut self, writer: &ChannelWriter) -> Option<SessionEnd> {
        let now = Instant::now();
        if now >= writer.session_deadline() {
            return Some(SessionEnd::SessionTimeout);
        }
        if now >= self.timers.idle {
            return Some(SessionEnd::IdleTimeout);
        }
        if self.timers.idle_warning.take_if(|warning| now >= *warning).is_some() {
            let left = self.timers.idle.saturating_duration_since(now) + Duration::from_millis(500);
            self.driver.feed(Event::Toast(idle_warning(left)));
        }
        if now >= self.timers.tick {
            self.timers.tick = next_minute(self.timers.spread);
            self.driver.feed(Event::Tick);
        }
        if self.timers.reload.take_if(|reload| now >= *reload).is_some() {
            let current = self.current.borrow_and_update().clone();
            self.driver.reload(current);
        }
        // The rest of the sequence may have arrived but not been read yet.
        let is_esc_due = !self.timers.is_resting() && self.timers.esc.is_some_and(|esc| now >= esc);
        if is_esc_due && self.input.is_empty() {
            self.driver.settle_esc();
        }
        self.timers.rest.take_if(|rest| now >= *rest);
        None
    }
}

/// Waits until the frame in flight is accepted or has failed. Never completes if there is none.
async fn accepted(sending: &mut Option<Sending<'_>>) -> bool {
    match sending {
        Some(sending) => (&mut sending.accepted).await,
        None => std::future::pending().await,
    }
}

/// When a session has to act without an outside event.
struct Timers {
    idle: Instant,
    /// When the user is warned that the session is idle.
    idle_warning: Option<Instant>,
    /// The next change of the minute, which the clock on the screen shows.
    tick: Instant,
    /// When the input so far is complete if nothing follows it.
    esc: Option<Instant>,
    reload: Option<Instant>,
    rest: Option<Instant>,
    /// This session's share of a second, by which its ticks and reloads are delayed. If all sessions drew at the same
    /// moment, each key pressed then would wait for all of them.
    spread: Duration,
}

impl Timers {
    fn new(idle_timeout: Duration) -> Self {
        // Sessions start at random moments, so the fraction of the second is random enough.
        let spread = Duration::from_millis(millis_since_multiple_of(1000));
        let (now, tick) = (Instant::now(), next_minute(spread));
        let mut timers = Self { idle: now, idle_warning: None, tick, esc: None, reload: None, rest: None, spread };
        timers.start_idle(idle_timeout);
        timers
    }

    /// Starts to wait for input anew.
    fn start_idle(&mut self, idle_timeout: Duration) {
        self.idle = Instant::now() + idle_timeout;
        self.idle_warning = Some(self.idle - MAX_IDLE_WARNING.min(idle_timeout / 2));
    }

    /// The first timer to expire. Esc does not count while the session rests, because the input that would complete its
    /// sequence is not read meanwhile.
    fn next(&self) -> Instant {
        let esc = self.esc.filter(|_| !self.is_resting());
        let optional = [esc, self.reload, self.rest, self.idle_warning].into_iter().flatten();
        optional.fold(self.idle.min(self.tick), Instant::min)
    }

    fn set_wait(&mut self, wait: Option<Duration>) {
        self.esc = wait.map(|wait| self.esc.unwrap_or_else(|| Instant::now() + wait));
    }

    fn is_resting(&self) -> bool {
        self.rest.is_some()
    }

    fn rest_after(&mut self, worked: Duration) {
        if worked > MAX_WORK_WITHOUT_REST {
            self.rest = Some(Instant::now() + worked * REST_FACTOR);
        }
    }
}

/// When the next minute begins, plus a delay.
fn next_minute(delay: Duration) -> Instant {
    Instant::now() + Duration::from_millis(60_000 - millis_since_multiple_of(60_000)) + delay
}

/// The time since the clock was last at a multiple of a period, both in milliseconds.
fn millis_since_multiple_of(period: i64) -> u64 {
    Timestamp::now().as_millisecond().rem_euclid(period).unsigned_abs()
}
