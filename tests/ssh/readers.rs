//! Readers that take nothing, or little, or go away in the middle of it.

use std::sync::Arc;
use std::time::Duration;

use russh::client;
use tokio::net::TcpSocket;

use crate::harness::{Broker, Bystander, PATIENCE, Server, Trusting, narrow};

/// Waits until the server has ended a connection.
pub(crate) async fn ended(broker: &Broker) {
    let end = tokio::time::Instant::now() + PATIENCE;
    while !broker.client.is_closed() {
        assert!(tokio::time::Instant::now() < end, "still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn readers_that_take_nothing() {
    let mut server = Server::open(&["--stalled-time", "1s"]);
    let bystander = Bystander::sit_down(&server).await;
    // A window of nothing, and packets of nothing.
    for (window, packet) in [(0, 32768), (1 << 20, 0)] {
        let broker = Broker::connect_with(&server, narrow(window, packet)).await;
        if let Ok(channel) = broker.client.channel_open_session().await {
            channel.request_pty(false, "xterm", 500, 200, 0, 0, &[]).await.unwrap();
            channel.request_shell(false).await.unwrap();
        }
        ended(&broker).await;
    }
    bystander.outlives((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_that_takes_nothing_and_copies() {
    let mut server = Server::open(&["--stalled-time", "3s"]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect_with(&server, narrow(0, 32768)).await;
    let navigator = broker.open(80, 24).await;
    // The copy menu's last line is the longest text.
    let keys = format!("111{}", "cG".repeat(10_000));
    while !broker.client.is_closed() && navigator.channel.data(keys.as_bytes()).await.is_ok() {
        bystander.is_spared(&server, 4 << 10);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bystander.outlives((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_command_whose_answer_nobody_takes_ends() {
    let mut server = Server::open(&["--stalled-time", "1s"]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect_with(&server, narrow(0, 32768)).await;
    for _ in 0..3 {
        let channel = broker.client.channel_open_session().await.unwrap();
        channel.exec(true, "tree --json").await.unwrap();
    }
    ended(&broker).await;
    bystander.outlives(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_answer_is_read_as_slowly_as_its_reader_likes() {
    let server = Server::open(&["--stalled-time", "1s"]);
    let whole = Broker::connect(&server).await.run("tree --json").await;
    // A window that holds a tenth of it, and is opened again only when it is read.
    let config = client::Config { channel_buffer_size: 1, ..narrow(4096, 1024) };
    let broker = Broker::connect_with(&server, config).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    channel.exec(true, "tree --json").await.unwrap();
    let (mut out, mut code) = (Vec::new(), None);
    let began = tokio::time::Instant::now();
    while let Some(message) = tokio::time::timeout(PATIENCE, channel.wait()).await.expect("an end") {
        match message {
            russh::ChannelMsg::Data { data } => out.extend_from_slice(&data),
            russh::ChannelMsg::ExitStatus { exit_status } => code = Some(exit_status),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(began.elapsed() > Duration::from_secs(1), "slower than a frame may be");
    assert_eq!((String::from_utf8(out).unwrap(), code), (whole.out, whole.code));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_whose_packets_hold_a_byte_reads_it_all() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect_with(&server, narrow(1 << 20, 1)).await;
    let mut navigator = broker.open(60, 16).await;
    navigator.see("Broker line").await;
    bystander.outlives((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_that_leaves_tcp_unread() {
    let mut server = Server::open(&["--stalled-time", "1s"]);
    let bystander = Bystander::sit_down(&server).await;
    let (broker, wire) = on_a_wire(&server).await;
    let mut navigator = broker.open(500, 200).await;
    navigator.see("Broker line").await;
    wire.taking.abort();
    let keys = tokio::spawn(async move {
        // Each is shown before the next comes, as long as anything is.
        navigator.press("/").await;
        for key in ["card", "\x15", "fax", "\x15"].iter().cycle() {
            navigator.press(key).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    server.counts("sessions", |sessions| sessions == 1);
    server.counts("connections", |connections| connections == 1);
    keys.abort();
    bystander.outlives(broker, &mut server).await;
}

/// A connection whose two directions can be stopped by themselves.
pub(crate) struct Wire {
    pub(crate) sending: tokio::task::JoinHandle<()>,
    pub(crate) taking: tokio::task::JoinHandle<()>,
}

pub(crate) async fn on_a_wire(server: &Server) -> (Broker, Wire) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    // The end of it is a reset.
    socket.set_zero_linger().unwrap();
    let (mut from_server, mut to_server) = tokio::io::split(socket.connect(server.address).await.unwrap());
    let (near, far) = tokio::io::duplex(64 << 10);
    let (mut from_client, mut to_client) = tokio::io::split(far);
    let wire = Wire {
        sending: tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        }),
        taking: tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
        }),
    };
    let mut client = client::connect_stream(Arc::default(), near, Trusting).await.unwrap();
    assert!(client.authenticate_none("enemy").await.unwrap().success());
    (Broker { client }, wire)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reset_in_the_middle_of_a_frame() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    for _ in 0..20 {
        let (broker, wire) = on_a_wire(&server).await;
        let navigator = broker.open(500, 200).await;
        navigator.press("?").await;
        wire.sending.abort();
        wire.taking.abort();
    }
    server.counts("connections", |connections| connections == 1);
    server.counts("sessions", |sessions| sessions == 1);
    bystander.outlives((), &mut server).await;
}
