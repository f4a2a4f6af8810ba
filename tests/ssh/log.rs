//! A log that cannot be written, or that nothing reads.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Write, pipe};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use russh::client;
use std::sync::Arc;

use crate::harness::{AcceptAnyHostKey, Broker, Server};

/// Uses a server whose log is broken: a session, a stranger, the metrics, and SIGTERM.
async fn assert_works(mut server: Server, breaks: impl FnOnce()) {
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    breaks();
    for _ in 0..3 {
        let mut stranger = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
        assert!(!stranger.authenticate_password("eve", "secret").await.unwrap().success());
    }
    Broker::connect(&server).await;
    navigator.press("/card").await;
    navigator.see("› card").await;
    assert_eq!(server.page("/healthz").0, 200);
    server.signal(Signal::SIGTERM);
    navigator.press("\x03\x11").await;
    navigator.closes().await;
    drop((navigator, broker));
    let began = Instant::now();
    assert!(server.wait().success());
    assert!(began.elapsed() < Duration::from_secs(8));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_log_that_cannot_be_written_hurts_nothing() {
    let server = Server::start_with_log(File::options().write(true).open("/dev/full").unwrap());
    assert!(server.metric("log_lines_dropped_total") >= 1, "the line `listening`");
    assert_works(server, || {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_log_whose_reader_leaves_hurts_nothing() {
    let (reader, writer) = pipe().unwrap();
    assert_works(Server::start_with_log(writer), || drop(reader)).await;
}

/// A pipe that accepts no more bytes.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().unwrap();
    writer.write_all(&[b'\n'; 64 << 10]).unwrap();
    (reader, writer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_log_that_nothing_reads_hurts_nothing() {
    let (_reader, writer) = full_pipe();
    assert_works(Server::start_with_log(writer), || {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn lines_that_do_not_fit_into_the_queue_are_counted() {
    let (_reader, writer) = full_pipe();
    let server = Server::start_with_log(writer);
    // Two lines each: logged in, disconnected.
    for _ in 0..60 {
        let logins = (0..10).map(|_| Broker::connect(&server));
        for login in logins {
            login.await;
        }
    }
    server.wait_for_metric("log_lines_dropped_total", |dropped| dropped > 0);
    assert_works(server, || {}).await;
}
