//! Health checks and metrics over HTTP, for an orchestrator on the same machine: three endpoints, one request per
//! connection.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HOST};
use hyper::http::uri::Authority;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::state::ServerState;

/// The time for a request, and for a request and its response.
const READ_TIMEOUT: Duration = Duration::from_secs(2);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The pause after a failed accept, which would otherwise fail again at once.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// The maximum number of connections. A further one ends the oldest, so that idle ones keep no health check waiting.
const MAX_CONNECTIONS: usize = 32;

/// The maximum length of the head of a request, in bytes: the least that hyper allows.
const MAX_HEAD_LEN: usize = 8192;

/// Serves requests until the task is aborted.
pub(super) async fn serve(listener: TcpListener, state: Arc<ServerState>) {
    let address = listener.local_addr().ok();
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(ACCEPT_RETRY_INTERVAL).await;
            continue;
        };
        open.retain(|connection| !connection.is_finished());
        if open.len() >= MAX_CONNECTIONS {
            open.drain(..1).for_each(|oldest| oldest.abort());
        }
        let connection = tokio::spawn(timeout(REQUEST_TIMEOUT, serve_connection(stream, address, Arc::clone(&state))));
        open.push_back(connection.abort_handle());
    }
}

async fn serve_connection(stream: TcpStream, address: Option<SocketAddr>, state: Arc<ServerState>) {
    let service = service_fn(|request| {
        let response = respond(&request, address, &state);
        async { Ok::<_, Infallible>(response) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(READ_TIMEOUT).max_buf_size(MAX_HEAD_LEN).keep_alive(false);
    // Fails if the client sends no valid request or leaves.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

fn respond<T>(request: &Request<T>, address: Option<SocketAddr>, state: &ServerState) -> Response<String> {
    let page = |status, text: &str| (status, "text/plain", text.to_owned());
    let (status, content_type, body) = match (request.method(), request.uri().path()) {
        _ if !is_host_allowed(request, address) => {
            page(StatusCode::MISDIRECTED_REQUEST, "Use the listening address or localhost as the host.\n")
        }
        (&Method::GET | &Method::HEAD, "/healthz") => page(StatusCode::OK, "alive\n"),
        (&Method::GET | &Method::HEAD, "/readyz") if state.draining.is_cancelled() => {
            page(StatusCode::SERVICE_UNAVAILABLE, "draining\n")
        }
        (&Method::GET | &Method::HEAD, "/readyz") => {
            let (is_ready, text) = state.readiness();
            page(if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &text)
        }
        (&Method::GET | &Method::HEAD, "/metrics") => (
            StatusCode::OK,
            "text/plain; version=0.0.4",
            state.metrics.text(state.memory.free()) + &state.reload_metrics(),
        ),
        (&Method::GET | &Method::HEAD, _) => {
            page(StatusCode::NOT_FOUND, "The pages are /healthz, /readyz and /metrics.\n")
        }
        _ => page(StatusCode::METHOD_NOT_ALLOWED, "Send GET /healthz, /readyz or /metrics.\n"),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(content_type));
    response
}

/// Whether a request names this server as its host. A web page whose name resolves to a loopback address does not, so
/// it cannot read the metrics through the browser of a user of this machine. HTTP/1.0 has no `Host`.
fn is_host_allowed<T>(request: &Request<T>, address: Option<SocketAddr>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let Some(host) = hosts.next() else { return request.version() == Version::HTTP_10 };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_local = |ip: IpAddr| ip.is_loopback() || address.is_some_and(|address| address.ip() == ip);
    hosts.next().is_none() && (name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_local))
}
