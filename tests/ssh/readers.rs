//! Clients that read nothing, read slowly, or disconnect in the middle of a frame.

use std::sync::Arc;
use std::time::Duration;

use russh::client;
use tokio::net::TcpSocket;

use crate::harness::{AcceptAnyHostKey, Broker, Bystander, Server, TIMEOUT, narrow};

/// Waits until the server has closed a connection.
pub(crate) async fn wait_closed(broker: &Broker) {
    let end = tokio::time::Instant::now() + TIMEOUT;
    while !broker.client.is_closed() {
        assert!(tokio::time::Instant::now() < end, "still connected");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn clients_that_never_read_are_disconnected() {
    let mut server = Server::open(&["--write-timeout", "1s"]);
    let bystander = Bystander::start(&server).await;
    // A receive window of 0 bytes, and a maximum packet size of 0 bytes.
    for (window, packet) in [(0, 32768), (1 << 20, 0)] {
        let broker = Broker::connect_with(&server, narrow(window, packet)).await;
        if let Ok(channel) = broker.client.channel_open_session().await {
            channel.request_pty(false, "xterm", 500, 200, 0, 0, &[]).await.unwrap();
            channel.request_shell(false).await.unwrap();
        }
        wait_closed(&broker).await;
    }
    bystander.assert_recovered((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn copying_without_reading_uses_no_memory() {
    let mut server = Server::open(&["--write-timeout", "3s"]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect_with(&server, narrow(0, 32768)).await;
    let navigator = broker.open(80, 24).await;
    // The last line of the copy menu has the longest text.
    let keys = format!("111{}", "cG".repeat(10_000));
    while !broker.client.is_closed() && navigator.channel.data(keys.as_bytes()).await.is_ok() {
        bystander.assert_memory_within(&server, 4 << 10);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bystander.assert_recovered((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_command_whose_output_is_not_read_ends() {
    let mut server = Server::open(&["--write-timeout", "1s"]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect_with(&server, narrow(0, 32768)).await;
    for _ in 0..3 {
        let channel = broker.client.channel_open_session().await.unwrap();
        channel.exec(true, "tree --json").await.unwrap();
    }
    wait_closed(&broker).await;
    bystander.assert_recovered(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn command_output_may_be_read_slowly() {
    let server = Server::open(&["--write-timeout", "1s"]);
    let whole = Broker::connect(&server).await.run("tree --json").await;
    // A receive window of a tenth of the output, which is reopened only when it has been read.
    let config = client::Config { channel_buffer_size: 1, ..narrow(4096, 1024) };
    let broker = Broker::connect_with(&server, config).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    channel.exec(true, "tree --json").await.unwrap();
    let (mut out, mut code) = (Vec::new(), None);
    let began = tokio::time::Instant::now();
    while let Some(message) = tokio::time::timeout(TIMEOUT, channel.wait()).await.expect("the channel to close") {
        match message {
            russh::ChannelMsg::Data { data } => out.extend_from_slice(&data),
            russh::ChannelMsg::ExitStatus { exit_status } => code = Some(exit_status),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(began.elapsed() > Duration::from_secs(1), "takes longer than the write timeout");
    assert_eq!((String::from_utf8(out).unwrap(), code), (whole.out, whole.code));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn packets_of_one_byte_are_enough_for_a_session() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect_with(&server, narrow(1 << 20, 1)).await;
    let mut navigator = broker.open(60, 16).await;
    navigator.see("Account Services").await;
    bystander.assert_recovered((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_that_does_not_read_its_socket_is_disconnected() {
    let mut server = Server::open(&["--write-timeout", "1s"]);
    let bystander = Bystander::start(&server).await;
    let (broker, wire) = connect_throttled(&server).await;
    let mut navigator = broker.open(500, 200).await;
    navigator.see("Broker line").await;
    wire.downstream.abort();
    let keys = tokio::spawn(async move {
        // Each key produces its own frame, until the connection is blocked.
        navigator.press("/").await;
        for key in ["card", "\x15", "fax", "\x15"].iter().cycle() {
            navigator.press(key).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    server.wait_for_metric("sessions", |sessions| sessions == 1);
    server.wait_for_metric("connections", |connections| connections == 1);
    keys.abort();
    bystander.assert_recovered(broker, &mut server).await;
}

/// The two directions of a TCP connection, each of which can be stopped.
pub(crate) struct Wires {
    pub(crate) upstream: tokio::task::JoinHandle<()>,
    pub(crate) downstream: tokio::task::JoinHandle<()>,
}

pub(crate) async fn connect_throttled(server: &Server) -> (Broker, Wires) {
    connect_throttled_with(server, client::Config::default()).await
}

pub(crate) async fn connect_throttled_with(server: &Server, config: client::Config) -> (Broker, Wires) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    // Closing the socket resets the connection.
    socket.set_zero_linger().unwrap();
    let (mut from_server, mut to_server) = tokio::io::split(socket.connect(server.address).await.unwrap());
    let (near, far) = tokio::io::duplex(64 << 10);
    let (mut from_client, mut to_client) = tokio::io::split(far);
    let wire = Wires {
        upstream: tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        }),
        downstream: tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
        }),
    };
    let mut client = client::connect_stream(Arc::new(config), near, AcceptAnyHostKey).await.unwrap();
    assert!(client.authenticate_none("attacker").await.unwrap().success());
    (Broker { client }, wire)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_may_be_reset_in_the_middle_of_a_frame() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    for _ in 0..20 {
        let (broker, wire) = connect_throttled(&server).await;
        let navigator = broker.open(500, 200).await;
        navigator.press("?").await;
        wire.upstream.abort();
        wire.downstream.abort();
    }
    server.wait_for_metric("connections", |connections| connections == 1);
    server.wait_for_metric("sessions", |sessions| sessions == 1);
    bystander.assert_recovered((), &mut server).await;
}
