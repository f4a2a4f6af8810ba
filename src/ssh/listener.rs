//! The door: takes connections, whatever the system says, and sees each to its end.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use russh::Disconnect;
use russh::server::run_stream;
use socket2::SockRef;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, Presence};
use super::limits::{Place, Refused};
use super::metrics::Count;
use super::socket::Socket;
use super::state::ServerState;

/// How long an ending connection has for its last words.
pub(super) const FAREWELL: Duration = Duration::from_secs(2);

/// How long to wait after the system could not accept: from the first failure on, doubled.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

/// The bytes that wait in the system for a peer to read them.
const SEND_BUFFER: usize = 64 << 10;

/// The fixed part of a PROXY header of version 2, and as much as is read after it.
const HEAD: usize = 16;
const MAX_HEADER: usize = 2048;

/// Takes connections for ever. Running out of file descriptors ends nothing: whoever waits is taken when there are some.
pub(super) async fn serve(listener: TcpListener, state: &Arc<ServerState>) -> Infallible {
    let mut pause = Duration::ZERO;
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                pause = Duration::ZERO;
                admit(stream, address, state);
            }
            Err(error) => {
                state.metrics.add(Count::AcceptErrors);
                pause = (pause * 2).clamp(PAUSES.0, PAUSES.1);
                tracing::warn!(%error, "cannot accept for a moment");
                sleep(pause).await;
            }
        }
    }
}

/// Refuses without a word, a task or a byte of memory; or starts a connection.
fn admit(stream: TcpStream, address: SocketAddr, state: &Arc<ServerState>) {
    let ip = address.ip().to_canonical();
    let tracker = state.connections.clone();
    let state = Arc::clone(state);
    if state.config.trusted_proxies.iter().any(|proxies| proxies.contains(&ip)) {
        tracker.spawn(behind_proxy(stream, state));
    } else if let Some(places) = enter(&state, ip) {
        tracker.spawn(async move { connection(stream, Some(ip), Some(places), state).await });
    }
}

/// A place among all and one of the address.
type Places = (OwnedSemaphorePermit, Place);

fn enter(state: &ServerState, ip: IpAddr) -> Option<Places> {
    let refused = match state.limits.enter() {
        None => Count::RefusedFull,
        Some(place) => match state.limits.enter_from(ip) {
            Ok(of_address) => return Some((place, of_address)),
            Err(Refused::TooMany) => Count::RefusedAddress,
            Err(Refused::TooFast) => Count::RefusedRate,
        },
    };
    state.metrics.add(refused);
    None
}

/// A connection of a balancer: the first thing it says is for whom. Until then it takes nobody's place.
async fn behind_proxy(mut stream: TcpStream, state: Arc<ServerState>) {
    match timeout(state.config.timers.login, header(&mut stream)).await {
        Ok(Ok(Some(ip))) => {
            if let Some(places) = enter(&state, ip) {
                connection(stream, Some(ip), Some(places), state).await;
            }
        }
        // The balancer asks for itself whether anyone is here; it is nobody's session.
        Ok(Ok(None)) => connection(stream, None, None, state).await,
        Ok(Err(why)) => {
            state.metrics.add(Count::RefusedProxy);
            tracing::debug!(why, "no PROXY header");
        }
        Err(_) => state.metrics.add(Count::RefusedProxy),
    }
}

/// Reads a PROXY header of version 2, and not a byte more: for whom the connection is, or nobody.
async fn header(stream: &mut TcpStream) -> Result<Option<IpAddr>, &'static str> {
    let mut bytes = vec![0; HEAD];
    stream.read_exact(&mut bytes).await.map_err(|_| "the connection ended")?;
    let rest = usize::from(u16::from_be_bytes([bytes[HEAD - 2], bytes[HEAD - 1]]));
    if !bytes.starts_with(ppp::v2::PROTOCOL_PREFIX) || rest > MAX_HEADER {
        return Err("something else came");
    }
    bytes.resize(HEAD + rest, 0);
    stream.read_exact(&mut bytes[HEAD..]).await.map_err(|_| "the connection ended")?;
    let header = ppp::v2::Header::try_from(bytes.as_slice()).map_err(|_| "the header is wrong")?;
    match (header.command, header.addresses) {
        (ppp::v2::Command::Local, _) => Ok(None),
        (_, ppp::v2::Addresses::IPv4(of)) => Ok(Some(IpAddr::V4(of.source_address))),
        (_, ppp::v2::Addresses::IPv6(of)) => Ok(Some(IpAddr::V6(of.source_address).to_canonical())),
        _ => Err("the header names no address"),
    }
}

/// Sees a connection to its end. Nothing of it is left when this returns.
async fn connection(stream: TcpStream, peer: Option<IpAddr>, places: Option<Places>, state: Arc<ServerState>) {
    let began = Instant::now();
    let end = CancellationToken::new();
    // However this ends, nothing waits on the socket afterwards.
    let _end = end.clone().drop_guard();
    let _ = stream.set_nodelay(true);
    // The system takes little more than a frame on a peer's behalf; who reads nothing is noticed soon.
    let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
    let counted = peer.map(|_| state.metrics.connection());
    if peer.is_none() {
        state.metrics.add(Count::Probes);
    }
    let presence = Presence::default();
    let present = presence.subscribe();
    let handler = Connection::new(Arc::clone(&state), peer, end.clone(), presence, began);
    let socket = Socket::new(stream, end.clone(), state.config.timers.stalled);
    let login = began + state.config.timers.login;
    let Ok(Ok(mut running)) = timeout_at(login, run_stream(Arc::clone(&state.protocol), socket, handler)).await else {
        return;
    };
    let handle = running.handle();
    let why = tokio::select! {
        _ = &mut running => return,
        () = end.cancelled() => return,
        why = time_is_up(present, &state, began) => why,
    };
    let farewell = async {
        let _ = handle.disconnect(Disconnect::ByApplication, why.to_owned(), String::new()).await;
        let _ = running.await;
    };
    let _ = timeout(FAREWELL, farewell).await;
    drop((counted, places));
}

/// Waits until a connection has to end, and says why.
async fn time_is_up(mut present: watch::Receiver<usize>, state: &ServerState, began: Instant) -> &'static str {
    let timers = state.config.timers;
    // The sessions say their own farewell first.
    let longest = began + timers.longest + FAREWELL;
    let mut unused = began + timers.login;
    let over = async {
        state.over.cancelled().await;
        sleep(FAREWELL).await;
    };
    tokio::pin!(over);
    loop {
        let is_unused = *present.borrow_and_update() == 0;
        // Clients leave by themselves after their last session; OpenSSH's, if it is told to, forgets what it has not yet
        // shown, and its terminal would not be given back.
        let draining = async {
            state.draining.cancelled().await;
            sleep(FAREWELL).await;
        };
        tokio::select! {
            changed = present.changed() => match changed {
                Ok(()) => unused = Instant::now() + timers.login,
                // The handler is gone, and the connection with it.
                Err(_) => std::future::pending().await,
            },
            () = sleep_until(unused), if is_unused => return "nothing was asked for",
            () = sleep_until(longest) => return "this connection is as old as one may get",
            () = &mut over => return "the server closes",
            () = draining, if is_unused => return "the server closes",
        }
    }
}
