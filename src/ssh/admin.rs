//! Health and numbers over HTTP, on loopback: three pages, a connection each.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::state::ServerState;

/// As long as a question may take, and as many as are answered at once.
const PATIENCE: Duration = Duration::from_secs(5);
const AT_ONCE: usize = 8;

/// The longest question, in bytes.
const MAX_LEN: usize = 4096;

/// Answers for ever.
pub(super) async fn serve(listener: TcpListener, state: Arc<ServerState>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let _ = timeout(PATIENCE, answer(stream, &state)).await;
            drop(place);
        });
    }
}

async fn answer(mut stream: TcpStream, state: &ServerState) -> std::io::Result<()> {
    let mut question = Vec::new();
    while !question.windows(4).any(|end| end == b"\r\n\r\n") {
        if question.len() >= MAX_LEN || stream.read_buf(&mut question).await? == 0 {
            break;
        }
    }
    let first = question.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let mut words = first.split(|byte| *byte == b' ');
    let (status, kind, text) = match (words.next(), words.next()) {
        (Some(b"GET" | b"HEAD"), Some(b"/healthz")) => ("200 OK", "text/plain", "alive\n".to_owned()),
        (Some(b"GET" | b"HEAD"), Some(b"/readyz")) if state.draining.is_cancelled() => {
            ("503 Service Unavailable", "text/plain", "ending\n".to_owned())
        }
        (Some(b"GET" | b"HEAD"), Some(b"/readyz")) => ("200 OK", "text/plain", "ready\n".to_owned()),
        (Some(b"GET" | b"HEAD"), Some(b"/metrics")) => ("200 OK", "text/plain; version=0.0.4", state.metrics.text()),
        (Some(b"GET" | b"HEAD"), Some(_)) => {
            ("404 Not SearchResults", "text/plain", "There are /healthz, /readyz and /metrics.\n".to_owned())
        }
        _ => ("400 Bad Request", "text/plain", "GET /healthz, /readyz or /metrics.\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    if !question.starts_with(b"HEAD") {
        stream.write_all(text.as_bytes()).await?;
    }
    stream.shutdown().await
}
