//! The listener: accepts connections, applies the limits, and runs each connection to its end.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use russh::Disconnect;
use russh::server::run_stream;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::active_channels::ActiveChannels;
use super::connection::Connection;
use super::limits::{ConnectionPermit, Refusal};
use super::metrics::Count;
use super::proxy_header;
use super::socket::Socket;
use super::startups::StartupPlace;
use super::state::{CLOSE_TIMEOUT, ServerState};

/// The pause after a failed accept, which doubles with each further failure.
const MIN_ACCEPT_BACKOFF: Duration = Duration::from_millis(10);
const MAX_ACCEPT_BACKOFF: Duration = Duration::from_secs(1);

/// The size of a socket's send buffer, in bytes. It holds little more than one frame; with the system's default of some
/// megabytes, a client that stops reading would be noticed only after many frames.
const SEND_BUFFER_LEN: usize = 64 << 10;

/// Accepts connections until the task is dropped. Accepting fails when the process is out of file descriptors, for
/// example; clients then wait in the backlog until others have left.
pub(super) async fn serve(listener: TcpListener, state: &Arc<ServerState>) -> Infallible {
    let mut backoff = Duration::ZERO;
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                backoff = Duration::ZERO;
                start_connection(stream, address, state);
            }
            Err(error) => {
                state.metrics.increment(Count::AcceptErrors);
                backoff = (backoff * 2).clamp(MIN_ACCEPT_BACKOFF, MAX_ACCEPT_BACKOFF);
                tracing::warn!(%error, "cannot accept a connection; retrying");
                sleep(backoff).await;
            }
        }
    }
}

/// The time for a trusted proxy to send its header.
const PROXY_HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// The log tells at this interval how many clients were turned away.
const REFUSAL_LOG_INTERVAL: Duration = Duration::from_secs(5);

/// Logs how many clients were turned away, until the task is dropped. A line for each would let a flood of connections
/// flood the log as well.
pub(super) async fn log_refusals(state: &ServerState) -> Infallible {
    let mut before = state.metrics.refusals();
    loop {
        sleep(REFUSAL_LOG_INTERVAL).await;
        let now = state.metrics.refusals();
        let [full, address, rate, startup, penalty, proxy, memory, no_attempt, no_common_algorithm] =
            std::array::from_fn(|index| now[index] - before[index]);
        if now != before {
            let seconds = REFUSAL_LOG_INTERVAL.as_secs();
            tracing::warn!(
                seconds,
                full,
                address,
                rate,
                startup,
                penalty,
                proxy,
                memory,
                no_attempt,
                no_common_algorithm,
                "clients refused"
            );
        }
        before = now;
    }
}

/// A client that the limits admit. Dropping it makes room for others.
struct Client {
    ip: IpAddr,
    permit: ConnectionPermit,
    startup: StartupPlace,
}

/// Starts a connection, or drops it if it exceeds a limit. A refused connection costs no task, no memory and no line in
/// the log, so that a flood of them costs little.
fn start_connection(stream: TcpStream, address: SocketAddr, state: &Arc<ServerState>) {
    let ip = address.ip().to_canonical();
    let tracker = state.connections.clone();
    let state = Arc::clone(state);
    if state.config.options.trusted_proxy.iter().any(|range| range.contains(&ip)) {
        match Arc::clone(&state.proxy_limits.waiting).try_acquire_owned() {
            Ok(waiting) => drop(tracker.spawn(run_proxied(stream, waiting, state))),
            Err(_) => state.metrics.increment(Count::RefusedProxy),
        }
        return;
    }
    let abort = CancellationToken::new();
    if let Some(client) = acquire(&state, ip, &abort) {
        tracker.spawn(run(stream, Some(client), abort, state));
    }
}

/// Applies the limits to a client and counts a refusal.
fn acquire(state: &ServerState, ip: IpAddr, abort: &CancellationToken) -> Option<Client> {
    let refuse = |count| {
        state.metrics.increment(count);
        None
    };
    if state.penalties.is_penalized(ip) {
        return refuse(Count::RefusedPenalty);
    }
    let permit = match state.connection_limits.try_acquire(ip) {
        Ok(permit) => permit,
        Err(Refusal::Total) => return refuse(Count::RefusedFull),
        Err(Refusal::Address) => return refuse(Count::RefusedAddress),
        Err(Refusal::Rate) => return refuse(Count::RefusedRate),
    };
    let Some((startup, has_displaced)) = state.startups.try_acquire(ip, abort, fastrand::u32(..100)) else {
        return refuse(Count::RefusedStartup);
    };
    if has_displaced {
        state.metrics.increment(Count::RefusedStartup);
    }
    Some(Client { ip, permit, startup })
}

/// Runs a connection from a trusted proxy. The limits apply to the client that the PROXY header names. Health checks
/// have no client and only a limit of their own, so that a full server does not count as a dead one.
async fn run_proxied(mut stream: TcpStream, waiting: OwnedSemaphorePermit, state: Arc<ServerState>) {
    let limit = PROXY_HEADER_TIMEOUT.min(state.config.options.login_timeout);
    let header = timeout(limit, proxy_header::read(&mut stream)).await;
    drop(waiting);
    let abort = CancellationToken::new();
    match header {
        Ok(Ok(Some(ip))) => {
            if let Some(client) = acquire(&state, ip, &abort) {
                run(stream, Some(client), abort, state).await;
            }
            return;
        }
        Ok(Ok(None)) => {
            if let Ok(_probe) = Arc::clone(&state.proxy_limits.probes).try_acquire_owned() {
                return run(stream, None, abort, state).await;
            }
        }
        Ok(Err(error)) => tracing::debug!(%error, "connection refused: no valid PROXY header"),
        Err(_) => {}
    }
    state.metrics.increment(Count::RefusedProxy);
}

/// Runs a connection to its end. When this returns, nothing of the connection is left. Without a client, it is a health
/// check by a trusted proxy.
async fn run(stream: TcpStream, client: Option<Client>, abort: CancellationToken, state: Arc<ServerState>) {
    let began = Instant::now();
    // However this function ends, russh's task must not keep waiting for the socket.
    let _abort_guard = abort.clone().drop_guard();
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER_LEN);
    let _gauge = client.is_some().then(|| state.metrics.connection());
    if client.is_none() {
        state.metrics.increment(Count::Probes);
    }
    let active = ActiveChannels::default();
    let active_count = active.subscribe();
    let revoked = CancellationToken::new();
    let (_permit, peer) = client.map(|client| (client.permit, (client.ip, client.startup))).unzip();
    let handler = Connection::new(Arc::clone(&state), peer, abort.clone(), active, began, revoked.clone());
    let socket = Socket::new(stream, abort.clone(), state.config.options.write_timeout);
    let deadline = began + state.config.options.login_timeout;
    let start = run_stream(Arc::clone(&state.russh_config), socket, handler);
    let Ok(Ok(mut running)) = timeout_at(deadline, start).await else {
        return;
    };
    let handle = running.handle();
    let reason = tokio::select! {
        end = &mut running => {
            if let Err(russh::Error::NoCommonAlgo { .. }) = end {
                state.metrics.increment(Count::NoCommonAlgorithm);
            }
            return;
        }
        () = abort.cancelled() => return,
        reason = expiry(active_count, &state, began) => reason,
        // Sessions end by themselves first, as with `expiry`.
        () = async { revoked.cancelled().await; sleep(CLOSE_TIMEOUT).await } => "key revoked",
    };
    let disconnect = async {
        let _ = handle.disconnect(Disconnect::ByApplication, reason.to_owned(), String::new()).await;
        let _ = running.await;
    };
    let _ = timeout(CLOSE_TIMEOUT, disconnect).await;
}

/// Waits until the server has to end a connection, and returns the reason for the client. Sessions end by themselves at
/// the same deadlines, so the connection waits for [`CLOSE_TIMEOUT`] longer: they have to restore the client's terminal
/// before the connection ends.
async fn expiry(mut active_count: watch::Receiver<usize>, state: &ServerState, began: Instant) -> &'static str {
    let options = &state.config.options;
    let session_deadline = began + options.session_timeout + CLOSE_TIMEOUT;
    let mut unused_deadline = began + options.login_timeout;
    let shutdown = async {
        state.shutdown.cancelled().await;
        sleep(CLOSE_TIMEOUT).await;
    };
    tokio::pin!(shutdown);
    loop {
        let is_unused = *active_count.borrow_and_update() == 0;
        // Clients disconnect by themselves after their last session. A disconnect by the server right after it makes
        // OpenSSH drop output that it has not shown yet, and the terminal would not be restored.
        let drained = async {
            state.draining.cancelled().await;
            sleep(CLOSE_TIMEOUT).await;
        };
        tokio::select! {
            changed = active_count.changed() => match changed {
                Ok(()) => unused_deadline = Instant::now() + options.login_timeout,
                // The handler is dropped, so russh's task is ending; `run` returns when it has.
                Err(_) => std::future::pending().await,
            },
            () = sleep_until(unused_deadline), if is_unused => return "login timeout",
            () = sleep_until(session_deadline) => return "session timeout",
            () = &mut shutdown => return "server shutting down",
            () = drained, if is_unused => return "server shutting down",
        }
    }
}
