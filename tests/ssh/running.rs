//! A running server: reloads, timeouts, limits, the PROXY protocol, logs, metrics, and draining.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use nix::sys::signal::Signal;
use russh::client;
use std::sync::Arc;

use crate::harness::{AcceptAnyHostKey, Broker, Folder, Navigator, Server, TIMEOUT, command, wait_for};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sigterm_notifies_users_and_drains() {
    let mut server = Server::open(&["--drain-timeout", "60s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    assert_eq!(server.page("/readyz"), (200, "ready\n".to_owned()));
    server.signal(Signal::SIGTERM);
    navigator.see("The server will shut down within 60 seconds; connect again to continue").await;
    assert_eq!(server.page("/readyz"), (503, "draining\n".to_owned()));
    assert_eq!(server.page("/healthz").0, 200);
    // The listener closes after /readyz fails.
    wait_for("refusal", || TcpStream::connect(server.address).is_err().then_some(())).unwrap();
    // Sessions continue, so that a user can finish a call.
    navigator.press("111").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
    navigator.press("\x11").await;
    navigator.closes().await;
    assert!(server.wait().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn terminals_are_restored_after_the_drain_timeout() {
    let mut server = Server::open(&["--drain-timeout", "1s"]);
    let broker = Broker::connect(&server).await;
    let mut navigators = Vec::new();
    for _ in 0..3 {
        let mut navigator = broker.open(80, 24).await;
        navigator.see("Broker line").await;
        navigators.push(navigator);
    }
    server.signal(Signal::SIGTERM);
    for mut navigator in navigators {
        navigator.see("dialtree: the server is shutting down. Connect again to continue.").await;
        navigator.closes().await;
        assert!(!navigator.is_on_alternate_screen());
    }
    assert!(server.wait().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_second_signal_ends_the_drain() {
    let mut server = Server::open(&["--drain-timeout", "60s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    server.signal(Signal::SIGTERM);
    navigator.see("The server will shut down within 60 seconds").await;
    server.signal(Signal::SIGINT);
    navigator.see("dialtree: the server is shutting down. Connect again to continue.").await;
    navigator.closes().await;
    assert!(server.wait().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_that_does_not_read_does_not_delay_the_end_of_others() {
    let mut server = Server::open(&["--drain-timeout", "1s"]);
    let mut brokers = Vec::new();
    for _ in 0..49 {
        let broker = Broker::connect(&server).await;
        let mut navigator = broker.open(80, 24).await;
        navigator.see("Broker line").await;
        brokers.push((broker, navigator));
    }
    let stalled = Broker::connect_with(&server, crate::harness::narrow(0, 32768)).await;
    let _stalled = stalled.open(80, 24).await;
    server.wait_for_metric("sessions", |sessions| sessions == 50);
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    for (_, mut navigator) in brokers {
        navigator.closes().await;
        assert!(!navigator.is_on_alternate_screen());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sighup_reloads_the_directory_in_open_sessions() {
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
    // An invalid file changes nothing.
    std::fs::write(&data, "nonsense").unwrap();
    server.signal(Signal::SIGHUP);
    server.logged("cannot reload the directory");
    broker.open(120, 40).await.see("New broker key contacts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_changed_file_is_reloaded_and_sessions_keep_their_position() {
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
    let keeps_position = |navigator: &Navigator| {
        let screen = navigator.screen();
        ["New broker key contacts", "─ Commissions ─", "Commissions for all"].iter().all(|text| screen.contains(text))
    };
    assert!(keeps_position(&navigator), "{}", navigator.screen());
    // An invalid file changes nothing.
    std::fs::write(&data, "nonsense").unwrap();
    server.logged("cannot reload the directory");
    navigator.press("\x19").await;
    navigator.see("Sent to the terminal's clipboard: +18009093447 (not copied: press 1, then 1)").await;
    assert!(keeps_position(&navigator), "{}", navigator.screen());
    Broker::connect(&server).await.open(120, 40).await.see("New broker key contacts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn idle_sessions_are_closed() {
    let server = Server::open(&["--idle-timeout", "1s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("dialtree: session closed: no key was pressed for too long.").await;
    navigator.closes().await;
    assert!(!navigator.is_on_alternate_screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn users_of_idle_sessions_are_warned() {
    let server = Server::open(&["--idle-timeout", "4s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("this session closes in 2 seconds; press any key to stay").await;
    navigator.press("111").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
    assert!(!navigator.screen().contains("this session closes"), "{}", navigator.screen());
    navigator.see("this session closes in 2 seconds").await;
    navigator.see("dialtree: session closed: no key was pressed for too long.").await;
    navigator.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn activity_does_not_extend_the_session_timeout() {
    let server = Server::open(&["--idle-timeout", "2s", "--session-timeout", "3s"]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    for _ in 0..4 {
        navigator.press("\x1b[B").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    navigator.see("the maximum session length was reached").await;
    navigator.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn connections_without_a_login_or_a_session_are_closed() {
    let server = Server::open(&["--login-timeout", "1s"]);
    let stranger = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
    let broker = Broker::connect(&server).await;
    // A channel with a terminal but without a session does not count.
    let holder = Broker::connect(&server).await;
    let channel = holder.client.channel_open_session().await.unwrap();
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    let end = tokio::time::Instant::now() + TIMEOUT;
    while ![&stranger, &broker.client, &holder.client].iter().all(|client| client.is_closed()) {
        assert!(tokio::time::Instant::now() < end, "still connected");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.wait_for_metric("connections", |connections| connections == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn connections_over_the_limits_are_refused_before_the_handshake() {
    let server = Server::open(&["--max-connections", "2"]);
    let (_first, _second) = (Broker::connect(&server).await, Broker::connect(&server).await);
    assert_eq!(server_banner(&server, b""), b"");
    assert_eq!(server.metric("refused_full_total"), 1);

    let server = Server::open(&["--max-connections-per-address", "1"]);
    let first = Broker::connect(&server).await;
    assert_eq!(server_banner(&server, b""), b"");
    assert_eq!(server.metric("refused_address_total"), 1);
    first.client.disconnect(russh::Disconnect::ByApplication, "", "").await.unwrap();
    server.wait_for_metric("connections", |connections| connections == 0);
    Broker::connect(&server).await;
}

/// Sends bytes to a server and returns the first line of its response; empty if it closes the connection.
pub(crate) fn server_banner(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    // The server may have closed the connection already.
    let _ = stream.write_all(bytes);
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\n") && matches!(stream.read(&mut byte), Ok(1)) {
        line.extend(byte);
    }
    line
}

/// A PROXY header of version 2.
pub(crate) fn proxy(command: ppp::v2::Command, from: &str) -> Vec<u8> {
    let addresses: (std::net::SocketAddr, std::net::SocketAddr) =
        (format!("{from}:4000").parse().unwrap(), "192.0.2.1:22".parse().unwrap());
    ppp::v2::Builder::with_addresses(ppp::v2::Version::Two | command, ppp::v2::Protocol::Stream, addresses)
        .build()
        .unwrap()
}

#[test]
fn a_trusted_proxy_must_name_its_client() {
    let server = Server::open(&["--trusted-proxy", "127.0.0.0/8", "--max-connections-per-address", "1"]);
    let banner_for = |command, from| server_banner(&server, &proxy(command, from));
    assert!(banner_for(ppp::v2::Command::Proxy, "203.0.113.9").starts_with(b"SSH-2.0-dialtree_"));
    // A connection without a header of version 2 is refused.
    assert_eq!(server_banner(&server, b"SSH-2.0-client\r\nand so on and so on"), b"");
    assert_eq!(server_banner(&server, b"PROXY TCP4 203.0.113.9 192.0.2.1 4000 22\r\n"), b"");
    assert_eq!(server.metric("refused_proxy_total"), 2);
    // The limits apply to the client's address, not to the proxy's.
    let mut held = TcpStream::connect(server.address).unwrap();
    held.write_all(&proxy(ppp::v2::Command::Proxy, "203.0.113.7")).unwrap();
    held.read_exact(&mut [0]).unwrap();
    assert_eq!(server_banner(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.7")), b"");
    assert!(server_banner(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.8")).starts_with(b"SSH-2.0-"));
    assert_eq!(server.metric("refused_address_total"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_log_names_the_client_behind_a_proxy() {
    let mut server = Server::open(&["--trusted-proxy", "127.0.0.1/32"]);
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &proxy(ppp::v2::Command::Proxy, "203.0.113.8")).await.unwrap();
    let mut client = client::connect_stream(Arc::default(), stream, AcceptAnyHostKey).await.unwrap();
    assert!(client.authenticate_none("broker").await.unwrap().success());
    let line = server.logged("logged in");
    assert!(line.contains("peer=203.0.113.8"), "{line}");
}

#[test]
fn health_checks_of_a_proxy_count_against_no_limit() {
    let server = Server::open(&[
        "--trusted-proxy",
        "127.0.0.1/32",
        "--max-connections-per-address",
        "1",
        "--max-connections",
        "1",
    ]);
    let mut held = TcpStream::connect(server.address).unwrap();
    held.write_all(&proxy(ppp::v2::Command::Proxy, "203.0.113.7")).unwrap();
    held.read_exact(&mut [0]).unwrap();
    // The server is full, but health checks succeed.
    for _ in 0..20 {
        assert!(server_banner(&server, &proxy(ppp::v2::Command::Local, "127.0.0.1")).starts_with(b"SSH-2.0-"));
    }
    assert_eq!(server.metric("probes_total"), 20);
    assert_eq!(server.metric("connections"), 1);
    assert_eq!((server.metric("refused_full_total"), server.metric("refused_address_total")), (0, 0));
    assert!(!server.log().contains("disconnected"), "{}", server.log());
}

#[test]
fn a_proxy_header_from_an_untrusted_address_is_ignored() {
    let server = Server::open(&["--trusted-proxy", "10.0.0.0/8"]);
    assert!(server_banner(&server, &proxy(ppp::v2::Command::Proxy, "203.0.113.9")).starts_with(b"SSH-2.0-"));
    assert!(!server.log().contains("203.0.113.9"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_json_log_is_valid_and_contains_no_queries() {
    let mut server = Server::open(&["--log-format", "json"]);
    let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
    assert!(client.authenticate_none("eve\r\nadmin\x1b[31m\u{202e}").await.unwrap().success());
    let broker = Broker { client };
    let mut navigator = broker.open(80, 24).await;
    navigator.press("/a secret illness").await;
    navigator.see("secret illness").await;
    broker.run("find another secret").await;
    drop((navigator, broker));
    server.logged("disconnected");
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
async fn metrics_count_connections_sessions_and_commands() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.press("/").await;
    navigator.see("Find").await;
    broker.run("find card").await;
    for (name, value) in [("connections", 1), ("sessions", 1), ("logins_total", 1), ("commands_total", 1)] {
        assert_eq!(server.metric(name), value, "{name}");
    }
    assert!(server.metric("frames_total") >= 2);
    assert_eq!(server.metric("key_to_frame_seconds_count"), 1);
    assert_eq!(server.page("/passwd").0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_server_survives_running_out_of_file_descriptors() {
    let folder = Folder::new();
    let inner = command(&folder, &["--auth", "none"]);
    // The shell sets the limit, then replaces itself with the server.
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg("ulimit -n 64; exec \"$0\" \"$@\"").arg(inner.get_program()).args(inner.get_args());
    shell.env_clear().env("XDG_DATA_HOME", "/nonexistent").stderr(std::process::Stdio::piped());
    let mut server = Server::start(shell, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    let crowd: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.logged("cannot accept a connection");
    navigator.press("/card").await;
    navigator.see("› card").await;
    drop(crowd);
    Broker::connect(&server).await.open(80, 24).await.see("Broker line").await;
    assert!(server.is_running());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn directories_of_a_folder_are_served_and_a_bad_file_is_left_out() {
    let folder = Folder::new();
    let data = folder.file("carriers");
    std::fs::create_dir(&data).unwrap();
    let built_in = dialtree::directory::EMBEDDED;
    std::fs::write(data.join("one.ron"), built_in).unwrap();
    std::fs::write(data.join("two.ron"), built_in.replacen("organisation: \"", "organisation: \"Other ", 1)).unwrap();
    std::fs::write(data.join("zero.ron"), "nonsense").unwrap();
    let mut server = Server::open(&["--data", data.to_str().unwrap()]);
    server.logged("zero.ron:1:1: ");
    assert!(server.page("/readyz").1.contains("zero.ron:1:1: "), "the server is ready and says what is wrong");
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("All directories").await;
    let found = broker.run("find --directory healthnet-2 fraud").await;
    assert!(found.out.contains("Other ") && found.code == Some(0), "{found:?}");
    // The file is mended, which reaches the open session.
    let third = built_in.replacen("organisation: \"", "organisation: \"Third ", 1);
    std::fs::write(data.join("zero.ron"), third).unwrap();
    wait_for("no problem", || (server.page("/readyz").1 == "ready\n").then_some(())).unwrap();
    navigator.press("\x18third").await;
    navigator.see("Directories: third").await;
    navigator.see("Third ").await;
}
