//! Health checks and metrics over HTTP, for an orchestrator on the same machine: three endpoints, one request per
//! connection.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::state::ServerState;

/// The time for a request and its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The pause after a failed accept, which would otherwise fail again at once.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// The maximum number of requests served at the same time.
const MAX_REQUESTS: usize = 8;

/// The maximum length of a request, in bytes.
const MAX_REQUEST_LEN: usize = 4096;

/// Serves requests until the task is aborted.
pub(super) async fn serve(listener: TcpListener, state: Arc<ServerState>) {
    let permits = Arc::new(Semaphore::new(MAX_REQUESTS));
    while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(ACCEPT_RETRY_INTERVAL).await;
            continue;
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let _ = timeout(REQUEST_TIMEOUT, respond(stream, &state)).await;
            drop(permit);
        });
    }
}

async fn respond(mut stream: TcpStream, state: &ServerState) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if request.len() >= MAX_REQUEST_LEN || stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let request_line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let mut words = request_line.split(|byte| *byte == b' ');
    let (status, content_type, body) = match (words.next(), words.next()) {
        (Some(b"GET" | b"HEAD"), Some(b"/healthz")) => ("200 OK", "text/plain", "alive\n".to_owned()),
        (Some(b"GET" | b"HEAD"), Some(b"/readyz")) if state.draining.is_cancelled() => {
            ("503 Service Unavailable", "text/plain", "draining\n".to_owned())
        }
        (Some(b"GET" | b"HEAD"), Some(b"/readyz")) => ("200 OK", "text/plain", "ready\n".to_owned()),
        (Some(b"GET" | b"HEAD"), Some(b"/metrics")) => ("200 OK", "text/plain; version=0.0.4", state.metrics.text()),
        (Some(b"GET" | b"HEAD"), Some(_)) => {
            ("404 Not Found", "text/plain", "The pages are /healthz, /readyz and /metrics.\n".to_owned())
        }
        _ => ("400 Bad Request", "text/plain", "Send GET /healthz, /readyz or /metrics.\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    if !request.starts_with(b"HEAD") {
        stream.write_all(body.as_bytes()).await?;
    }
    stream.shutdown().await
}
