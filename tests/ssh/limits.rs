//! Clients without a key must not keep those with one out.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use russh::keys::PrivateKey;
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{Broker, Folder, Server, command, key, public_line};
use crate::running::{proxy, server_banner};

fn with_key(key: &PrivateKey, args: &[&str]) -> Server {
    let folder = Folder::new();
    std::fs::write(folder.file("keys"), public_line(key)).unwrap();
    let mut command = command(&folder, args);
    command.arg("--authorized-keys").arg(folder.file("keys"));
    Server::start(command, folder)
}

async fn connect_from(server: SocketAddr, from: &str) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(format!("{from}:0").parse().unwrap())?;
    socket.connect(server).await
}

/// Opens connections from an address, and again when the server closes them, until told to stop.
async fn hold(server: SocketAddr, from: String, count: usize, ends: Arc<AtomicBool>) {
    let mut held = Vec::new();
    while !ends.load(Ordering::Relaxed) {
        held.retain(|stream: &TcpStream| {
            let mut banner = [0; 64];
            !matches!(stream.try_read(&mut banner), Ok(0))
                && !stream.try_read(&mut banner).is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock)
        });
        while held.len() < count {
            let Ok(stream) = connect_from(server, &from).await else { break };
            held.push(stream);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// While ten addresses without a key hold all places before login, and open them again as soon as they lose them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_pool_before_login_keeps_no_client_with_a_key_out() {
    let broker = key();
    // No penalties, which would end the attack.
    let args = ["--max-startups", "10:30:50", "--penalty-exempt", "127.0.0.0/8", "--max-connections", "60"];
    let server = with_key(&broker, &args);
    let ends = Arc::new(AtomicBool::new(false));
    let attackers: Vec<_> = (1..=10)
        .map(|host| tokio::spawn(hold(server.address, format!("127.0.9.{host}"), 20, Arc::clone(&ends))))
        .collect();
    server.wait_for_metric("refused_startup_total", |refused| refused > 50);
    let mut failed = 0;
    for host in 0..100 {
        let login = Broker::try_key_from(&server, &broker, &format!("127.0.8.{}", host % 7 + 1)).await;
        failed += usize::from(!matches!(login, Ok(Some(_))));
    }
    ends.store(true, Ordering::Relaxed);
    for attacker in attackers {
        attacker.await.unwrap();
    }
    assert!(failed <= 1, "{failed} of 100 logins failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_address_that_fails_to_log_in_is_refused_for_a_while_and_others_are_not() {
    let (broker, wrong) = (key(), key());
    let mut server = with_key(&broker, &["--penalty-exempt", "127.0.7.7/32"]);
    let refused = |login: Result<Option<Broker>, _>| matches!(login, Ok(None));
    for _ in 0..4 {
        let (first, exempt) = tokio::join!(
            Broker::try_key_from(&server, &wrong, "127.0.7.1"),
            Broker::try_key_from(&server, &wrong, "127.0.7.7")
        );
        assert!(refused(first) && refused(exempt));
    }
    server.wait_for_metric("logins_refused_total", |count| count == 8);
    assert!(Broker::try_key_from(&server, &broker, "127.0.7.1").await.is_err());
    assert!(server.metric("refused_penalty_total") >= 1);
    for address in ["127.0.7.2", "127.0.7.7"] {
        assert!(matches!(Broker::try_key_from(&server, &broker, address).await, Ok(Some(_))), "{address}");
    }
    let line = server.logged("clients refused");
    assert!(line.contains("penalty="), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_login_over_the_limit_is_refused_with_a_reason() {
    let broker = key();
    let server = with_key(&broker, &["--max-connections", "1"]);
    // Both are past the check before the handshake when the first logs in.
    let (first, second) = tokio::join!(Broker::try_key(&server, &broker), async {
        Broker::try_key_from(&server, &broker, "127.0.0.2").await
    });
    let _first = first;
    drop(second);
    assert_eq!(server.metric("logins_total"), 1);
    server.wait_for_metric("refused_full_total", |count| count == 1);
}

#[test]
fn health_checks_and_waiters_for_a_proxy_header_are_bounded() {
    let server = Server::open(&["--trusted-proxy", "127.0.0.0/8"]);
    // Health checks that do not end.
    let local = proxy(ppp::v2::Command::Local, "127.0.0.1");
    let mut held: Vec<std::net::TcpStream> = Vec::new();
    for _ in 0..40 {
        let mut stream = std::net::TcpStream::connect(server.address).unwrap();
        std::io::Write::write_all(&mut stream, &local).unwrap();
        held.push(stream);
    }
    let accepted = held.iter_mut().filter_map(|stream| stream.read(&mut [0; 64]).ok().filter(|len| *len > 0)).count();
    assert_eq!((accepted, server.metric("probes_total"), server.metric("refused_proxy_total")), (32, 32, 8));
    // Connections without a header.
    let waiters: Vec<_> = (0..200).map(|_| std::net::TcpStream::connect(server.address).unwrap()).collect();
    server.wait_for_metric("refused_proxy_total", |count| count == 8 + 72);
    // Both make room when they end.
    drop((held, waiters));
    server.wait_for_metric("refused_proxy_total", |count| count == 8 + 72 + 128);
    assert!(server_banner(&server, &local).starts_with(b"SSH-2.0-"));
}

/// A health check has no client, so it cannot become one.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_health_check_cannot_log_in() {
    let server = Server::open(&["--trusted-proxy", "127.0.0.1/32"]);
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let local = proxy(ppp::v2::Command::Local, "127.0.0.1");
    tokio::io::AsyncWriteExt::write_all(&mut stream, &local).await.unwrap();
    let mut client =
        russh::client::connect_stream(Arc::default(), stream, crate::harness::AcceptAnyHostKey).await.unwrap();
    assert!(!client.authenticate_none("broker").await.unwrap().success());
}
