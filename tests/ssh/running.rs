//! A server over its life: what it says of itself, how it changes and how it ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use nix::sys::signal::Signal;
use russh::client;
use std::sync::Arc;

use crate::harness::{Broker, Folder, Navigator, PATIENCE, Server, Trusting, command};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_signal_to_end_tells_everybody_and_lets_them_leave() {
    let mut server = Server::open(&["--drain-time", "60s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    assert_eq!(server.page("/readyz"), (200, "ready\n".to_owned()));
    server.signal(Signal::SIGTERM);
    navigator.see("The server closes within 60 seconds; connect again to go on").await;
    assert_eq!(server.page("/readyz"), (503, "ending\n".to_owned()));
    assert_eq!(server.page("/healthz").0, 200);
    assert!(TcpStream::connect(server.address).is_err());
    // Whoever reads a number to a caller can end the call.
    navigator.press("111").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
    navigator.press("q").await;
    navigator.closes().await;
    assert!(server.ended().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_does_not_leave_in_time_gets_the_terminal_back() {
    let mut server = Server::open(&["--drain-time", "1s"]);
    let broker = Broker::connect(&server).await;
    let mut navigators = Vec::new();
    for _ in 0..3 {
        let mut navigator = broker.open(80, 24).await;
        navigator.see("Broker line").await;
        navigators.push(navigator);
    }
    server.signal(Signal::SIGTERM);
    for mut navigator in navigators {
        navigator.see("dialtree: the server closes. Connect again to go on.").await;
        navigator.closes().await;
        assert!(!navigator.is_on_other_screen());
    }
    assert!(server.ended().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_second_signal_waits_for_nobody() {
    let mut server = Server::open(&["--drain-time", "60s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    server.signal(Signal::SIGTERM);
    navigator.see("The server closes within 60 seconds").await;
    server.signal(Signal::SIGINT);
    navigator.see("dialtree: the server closes. Connect again to go on.").await;
    navigator.closes().await;
    assert!(server.ended().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fifty_sessions_are_ended_although_one_takes_nothing() {
    let mut server = Server::open(&["--drain-time", "1s"]);
    let mut brokers = Vec::new();
    for _ in 0..49 {
        let broker = Broker::connect(&server).await;
        let mut navigator = broker.open(80, 24).await;
        navigator.see("Broker line").await;
        brokers.push((broker, navigator));
    }
    let deaf = Broker::connect_with(&server, crate::harness::narrow(0, 32768)).await;
    let _deaf = deaf.open(80, 24).await;
    server.counts("sessions", |sessions| sessions == 50);
    server.signal(Signal::SIGTERM);
    assert!(server.ended().success());
    for (_, mut navigator) in brokers {
        navigator.closes().await;
        assert!(!navigator.is_on_other_screen());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_hangup_signal_reads_the_directory_again_and_sessions_show_it() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    let write =
        |name: &str| std::fs::write(&data, dialtree::directory::EMBEDDED.replacen("Health Net broker", name, 1));
    write("Old broker").unwrap();
    let mut server = Server::open(&["--data", data.to_str().unwrap()]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Old broker key contacts").await;
    write("New broker").unwrap();
    server.signal(Signal::SIGHUP);
    navigator.see("New broker key contacts").await;
    broker.open(120, 40).await.see("New broker key contacts").await;
    // One that is wrong changes nothing.
    std::fs::write(&data, "nonsense").unwrap();
    server.signal(Signal::SIGHUP);
    server.logged("the directory stays as it was");
    broker.open(120, 40).await.see("New broker key contacts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_is_there_sees_a_changed_file_at_once_and_keeps_the_place() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    let write =
        |name: &str| std::fs::write(&data, dialtree::directory::EMBEDDED.replacen("Health Net broker", name, 1));
    write("Old broker").unwrap();
    let mut server = Server::open(&["--data", data.to_str().unwrap()]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Old broker key contacts").await;
    navigator.press("111").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
    write("New broker").unwrap();
    navigator.see("New broker key contacts").await;
    let keeps_place = |navigator: &Navigator| {
        let screen = navigator.screen();
        ["New broker key contacts", "╭ Commissions ─", "Commissions for all"].iter().all(|text| screen.contains(text))
    };
    assert!(keeps_place(&navigator), "{}", navigator.screen());
    // One that is wrong changes nothing.
    std::fs::write(&data, "nonsense").unwrap();
    server.logged("the directory stays as it was");
    navigator.press("y").await;
    navigator.see("Sent to the terminal's clipboard: 1-800-909-3447, press 1, then 1").await;
    assert!(keeps_place(&navigator), "{}", navigator.screen());
    Broker::connect(&server).await.open(120, 40).await.see("New broker key contacts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn who_presses_no_key_is_sent_home() {
    let server = Server::open(&["--idle-time", "1s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("dialtree: closed, as no key was pressed for a while.").await;
    navigator.closes().await;
    assert!(!navigator.is_on_other_screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn keys_do_not_make_a_session_last_for_ever() {
    let server = Server::open(&["--idle-time", "2s", "--longest-time", "3s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    for _ in 0..4 {
        navigator.press("j").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    navigator.see("as this session is as old as one may get").await;
    navigator.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn who_neither_logs_in_nor_asks_for_anything_is_sent_home() {
    let server = Server::open(&["--login-time", "1s"]);
    let stranger = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
    let broker = Broker::connect(&server).await;
    // A terminal that nothing runs on is no use of it.
    let holder = Broker::connect(&server).await;
    let channel = holder.client.channel_open_session().await.unwrap();
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    let end = tokio::time::Instant::now() + PATIENCE;
    while ![&stranger, &broker.client, &holder.client].iter().all(|client| client.is_closed()) {
        assert!(tokio::time::Instant::now() < end, "still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.counts("connections", |connections| connections == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn more_than_the_limits_are_refused_before_a_word() {
    let server = Server::open(&["--connections", "2"]);
    let (_first, _second) = (Broker::connect(&server).await, Broker::connect(&server).await);
    assert_eq!(said_first(&server, b""), b"");
    assert_eq!(server.number("refused_full_total"), 1);

    let server = Server::open(&["--per-address", "1"]);
    let first = Broker::connect(&server).await;
    assert_eq!(said_first(&server, b""), b"");
    assert_eq!(server.number("refused_address_total"), 1);
    first.client.disconnect(russh::Disconnect::ByApplication, "", "").await.unwrap();
    server.counts("connections", |connections| connections == 0);
    Broker::connect(&server).await;
}

/// What a server says to a peer that begins with these bytes, up to its first line's end.
fn said_first(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // Who is refused may find the door shut.
    let _ = stream.write_all(bytes);
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"\n") && matches!(stream.read(&mut byte), Ok(1)) {
        said.extend(byte);
    }
    said
}

/// A PROXY header of version 2.
fn proxy(command: ppp::v2::Command, from: &str) -> Vec<u8> {
    let addresses: (std::net::SocketAddr, std::net::SocketAddr) =
        (format!("{from}:4000").parse().unwrap(), "192.0.2.1:22".parse().unwrap());
    ppp::v2::Builder::with_addresses(ppp::v2::Version::Two | command, ppp::v2::Protocol::Stream, addresses)
        .build()
        .unwrap()
}

#[test]
fn a_balancer_says_for_whom_it_speaks() {
    let server = Server::open(&["--trusted-proxy", "127.0.0.0/8", "--per-address", "1"]);
    let for_whom = |command, from| said_first(&server, &proxy(command, from));
    assert!(for_whom(ppp::v2::Command::Proxy, "203.0.113.9").starts_with(b"SSH-2.0-dialtree_"));
    // Without a header, or with another, nobody comes in.
    assert_eq!(said_first(&server, b"SSH-2.0-client\r\nand so on and so on"), b"");
    assert_eq!(said_first(&server, b"PROXY TCP4 203.0.113.9 192.0.2.1 4000 22\r\n"), b"");
    assert_eq!(server.number("refused_proxy_total"), 2);
    // Limits are those of the address that is spoken for.
    let mut held = TcpStream::connect(server.address).unwrap();
    held.write_all(&proxy(ppp::v2::Command::Proxy, "203.0.113.7")).unwrap();
    held.read_exact(&mut [0]).unwrap();
    assert_eq!(said_first(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.7")), b"");
    assert!(said_first(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.8")).starts_with(b"SSH-2.0-"));
    assert_eq!(server.number("refused_address_total"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_log_names_the_address_that_a_balancer_speaks_for() {
    let mut server = Server::open(&["--trusted-proxy", "127.0.0.1/32"]);
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &proxy(ppp::v2::Command::Proxy, "203.0.113.8")).await.unwrap();
    let mut client = client::connect_stream(Arc::default(), stream, Trusting).await.unwrap();
    assert!(client.authenticate_none("broker").await.unwrap().success());
    let line = server.logged("came in");
    assert!(line.contains("peer=203.0.113.8"), "{line}");
}

#[test]
fn the_probes_of_a_balancer_are_nobody() {
    let server = Server::open(&["--trusted-proxy", "127.0.0.1/32", "--per-address", "1", "--connections", "1"]);
    let mut held = TcpStream::connect(server.address).unwrap();
    held.write_all(&proxy(ppp::v2::Command::Proxy, "203.0.113.7")).unwrap();
    held.read_exact(&mut [0]).unwrap();
    // Although the server is full.
    for _ in 0..20 {
        assert!(said_first(&server, &proxy(ppp::v2::Command::Local, "127.0.0.1")).starts_with(b"SSH-2.0-"));
    }
    assert_eq!(server.number("probes_total"), 20);
    assert_eq!(server.number("connections"), 1);
    assert_eq!((server.number("refused_full_total"), server.number("refused_address_total")), (0, 0));
    assert!(!server.log().contains("left"), "{}", server.log());
}

#[test]
fn a_header_from_elsewhere_is_no_header() {
    let server = Server::open(&["--trusted-proxy", "10.0.0.0/8"]);
    assert!(said_first(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.9")).starts_with(b"SSH-2.0-"));
    assert!(!server.log().contains("203.0.113.9"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_log_can_be_read_by_programs_and_holds_no_searches() {
    let mut server = Server::open(&["--logs", "json"]);
    let mut client = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
    assert!(client.authenticate_none("eve\r\nadmin\x1b[31m\u{202e}").await.unwrap().success());
    let broker = Broker { client };
    let mut navigator = broker.open(80, 24).await;
    navigator.press("/a secret illness").await;
    navigator.see("secret illness").await;
    broker.run("find another secret").await;
    drop((navigator, broker));
    server.logged("left");
    let log = server.log();
    assert!(!log.contains("secret") && !log.contains("illness"), "{log}");
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(event["message"].is_string() && event["timestamp"].is_string(), "{line}");
        assert!(!line.contains(['\x1b', '\u{202e}', '\r']));
    }
    assert!(log.contains("eve\u{fffd}\u{fffd}admin\u{fffd}[31m\u{fffd}"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn numbers_tell_what_happens() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.press("/").await;
    navigator.see("Find").await;
    broker.run("find card").await;
    for (name, value) in [("connections", 1), ("sessions", 1), ("logins_total", 1), ("commands_total", 1)] {
        assert_eq!(server.number(name), value, "{name}");
    }
    assert!(server.number("frames_total") >= 2);
    assert_eq!(server.number("key_to_frame_seconds_count"), 1);
    assert_eq!(server.page("/passwd").0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn running_out_of_file_descriptors_ends_nothing() {
    let folder = Folder::new();
    let inner = command(&folder, &["--auth", "none"]);
    // A shell sets the limit and becomes the server.
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg("ulimit -n 64; exec \"$0\" \"$@\"").arg(inner.get_program()).args(inner.get_args());
    shell.env_clear().env("XDG_DATA_HOME", "/nonexistent").stderr(std::process::Stdio::piped());
    let mut server = Server::start(shell, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    let crowd: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.logged("cannot accept for a moment");
    navigator.press("/card").await;
    navigator.see("/ card").await;
    drop(crowd);
    Broker::connect(&server).await.open(80, 24).await.see("Broker line").await;
    assert!(server.is_running());
}
