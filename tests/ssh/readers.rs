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
    let mut bystander = Bystander::sit_down(&server).await;
    let before = server.memory();
    // A window of nothing, and packets of nothing.
    for (window, packet) in [(0, 32768), (1 << 20, 0)] {
        let broker = Broker::connect_with(&server, narrow(window, packet)).await;
        if let Ok(channel) = broker.client.channel_open_session().await {
            channel.request_pty(false, "xterm", 500, 200, 0, 0, &[]).await.unwrap();
            channel.request_shell(false).await.unwrap();
        }
        ended(&broker).await;
    }
    bystander.works_on(&mut server).await;
    assert!(server.memory() < before + (16 << 10), "{} KiB after {before} KiB", server.memory());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_whose_packets_hold_a_byte_reads_it_all() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect_with(&server, narrow(1 << 20, 1)).await;
    let mut navigator = broker.open(60, 16).await;
    navigator.see("Broker line").await;
    bystander.works_on(&mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_that_leaves_tcp_unread() {
    let mut server = Server::open(&["--stalled-time", "1s"]);
    let mut bystander = Bystander::sit_down(&server).await;
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
    bystander.works_on(&mut server).await;
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
    let mut bystander = Bystander::sit_down(&server).await;
    for _ in 0..20 {
        let (broker, wire) = on_a_wire(&server).await;
        let navigator = broker.open(500, 200).await;
        navigator.press("?").await;
        wire.sending.abort();
        wire.taking.abort();
    }
    server.counts("connections", |connections| connections == 1);
    server.counts("sessions", |sessions| sessions == 1);
    bystander.works_on(&mut server).await;
}
