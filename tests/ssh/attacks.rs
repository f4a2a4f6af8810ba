//! Attacks on the server. Afterwards it must still be up, other sessions must still respond, and memory must be returned.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::{Args as _, FromArgMatches as _};
use dialtree::app::Environment;
use dialtree::config::ServeOptions;
use dialtree::source::{NamedBy, Source};
use dialtree::ssh::{self, Config};
use russh::keys::PublicKeyOrCertificate;
use russh::{ChannelMsg, Names, client};
use tokio::time::timeout;

use crate::harness::{AcceptAnyHostKey, Broker, Bystander, Folder, Server, TIMEOUT};
use crate::readers::connect_throttled;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn extreme_terminal_sizes() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    for (columns, rows) in [(0, 0), (u32::MAX, u32::MAX), (u32::MAX, 0), (1, 1), (65536, 65536)] {
        let mut channel = broker.client.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm", columns, rows, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        for (columns, rows) in [(rows, columns), (columns, rows)] {
            channel.window_change(columns, rows, u32::MAX, u32::MAX).await.unwrap();
        }
        channel.data(&b"\x11"[..]).await.unwrap();
        let mut code = None;
        while let Some(message) = timeout(TIMEOUT, channel.wait()).await.expect("the channel to close") {
            if let ChannelMsg::ExitStatus { exit_status } = message {
                code = Some(exit_status);
            }
        }
        assert_eq!(code, Some(0));
    }
    bystander.assert_recovered(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ten_thousand_resizes() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    let before = server.metric("frames_total");
    for number in 0..10_000 {
        navigator.channel.window_change(40 + number % 100, 20 + number % 30, 0, 0).await.unwrap();
    }
    navigator.resize(120, 40).await;
    navigator.wait_until("three panes", |navigator| navigator.screen().contains("╭─")).await;
    assert!(server.metric("frames_total") - before < 5_000, "resizes are merged");
    bystander.assert_recovered((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_thousand_channels_in_one_connection() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut open = Vec::new();
    for _ in 0..1_000 {
        open.extend(broker.client.channel_open_session().await.ok());
    }
    assert_eq!(open.len(), 4);
    // A closed channel makes room for another.
    open.remove(0).close().await.unwrap();
    let end = tokio::time::Instant::now() + TIMEOUT;
    while broker.client.channel_open_session().await.is_err() {
        assert!(tokio::time::Instant::now() < end, "no room for another channel");
    }
    bystander.assert_recovered((broker, open), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn many_commands_in_one_connection() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    for _ in 0..200 {
        assert_eq!(broker.run("find --plain --limit 1 commission").await.code, Some(0));
    }
    bystander.assert_recovered(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn more_commands_than_may_run_at_once() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::start(&server).await;
    let (mut brokers, mut running) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let broker = Broker::connect(&server).await;
        for _ in 0..4 {
            let channel = broker.client.channel_open_session().await.unwrap();
            channel.exec(false, "tree --json").await.unwrap();
            running.push(tokio::spawn(crate::harness::read_output(channel)));
        }
        brokers.push(broker);
    }
    bystander.assert_responsive(&mut server).await;
    for command in running {
        assert_eq!(command.await.unwrap().code, Some(0));
    }
    bystander.assert_recovered(brokers, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hundred_thousand_environment_variables() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    for number in 0..100_000 {
        channel.set_env(false, format!("LC_{number}"), "x".repeat(200)).await.unwrap();
    }
    bystander.assert_memory_within(&server, 4 << 10);
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    assert!(matches!(timeout(TIMEOUT, channel.wait()).await, Ok(Some(ChannelMsg::Success))));
    bystander.assert_recovered((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn oversized_variables_and_commands() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    // What fits into one packet gets a reply.
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    channel.set_env(true, "LANG", "x".repeat(256 << 10)).await.unwrap();
    assert!(matches!(timeout(TIMEOUT, channel.wait()).await, Ok(Some(ChannelMsg::Failure))));
    let output = broker.run("x".repeat(256 << 10)).await;
    assert!(output.code == Some(2) && output.error.contains("the limit is 4096"), "{output:?}");
    // A longer one ends its own connection.
    for is_command in [false, true] {
        let broker = Broker::connect(&server).await;
        let channel = broker.client.channel_open_session().await.unwrap();
        let text = "x".repeat(1 << 20);
        if is_command {
            channel.exec(true, text).await.unwrap();
        } else {
            channel.set_env(true, "LANG", text).await.unwrap();
        }
        crate::readers::wait_closed(&broker).await;
    }
    bystander.assert_recovered((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn all_other_requests_are_refused_at_once() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    let requests = async {
        for request in 0..5 {
            match request {
                0 => channel.request_subsystem(true, "sftp").await.unwrap(),
                1 => channel.request_x11(true, false, "MIT-MAGIC-COOKIE-1", "00", 0).await.unwrap(),
                2 => channel.agent_forward(true).await.unwrap(),
                3 => channel.set_env(true, "LD_PRELOAD", "/tmp/x.so").await.unwrap(),
                _ => channel.set_env(true, "LANG", "x".repeat(257)).await.unwrap(),
            }
            let reply = channel.wait().await;
            assert!(matches!(reply, Some(ChannelMsg::Failure)), "{request}: {reply:?}");
        }
        channel.set_env(true, "LANG", "C.UTF-8").await.unwrap();
        assert!(matches!(channel.wait().await, Some(ChannelMsg::Success)));
        assert!(broker.client.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err());
        assert!(broker.client.channel_open_direct_streamlocal("/run/x").await.is_err());
        assert!(broker.client.channel_open_x11("127.0.0.1", 1).await.is_err());
        assert!(broker.client.tcpip_forward("127.0.0.1", 0).await.is_err());
        assert!(broker.client.streamlocal_forward("/run/x").await.is_err());
    };
    timeout(TIMEOUT, requests).await.expect("a reply to every request");
    bystander.assert_recovered((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_channel_runs_one_session_or_command_only() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    for _ in 0..3 {
        navigator.channel.request_shell(true).await.unwrap();
        navigator.channel.exec(true, "find card").await.unwrap();
        navigator.channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    }
    let mut failures = 0;
    while failures < 9 {
        let message = timeout(TIMEOUT, navigator.channel.wait()).await.expect("a reply");
        failures += usize::from(matches!(message, Some(ChannelMsg::Failure)));
    }
    assert_eq!(server.metric("sessions"), 2);
    bystander.assert_recovered((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn unfinished_handshakes() {
    let mut server = Server::open(&["--login-timeout", "2s", "--max-connections-per-address", "1000"]);
    let mut bystander = Bystander::start(&server).await;
    let partial = [&b"SSH-2.0-slow\r\n"[..], &[0, 0, 4, 0, 10, 20], &[7; 40]].concat();
    let starts: [&[u8]; 5] = [b"", b"SSH-2.0-sl", b"SSH-2.0-slow\r\n", &partial, &[b'x'; 5000]];
    let mut held: Vec<TcpStream> = Vec::new();
    for start in starts.iter().cycle().take(100) {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(start);
        held.push(stream);
    }
    bystander.assert_responsive(&mut server).await;
    for mut stream in held {
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        // The server closes or resets the connection; the read must not time out.
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes);
        assert!(
            end.is_ok() || end.as_ref().is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock),
            "{end:?}"
        );
    }
    server.wait_for_metric("connections", |connections| connections <= 2);
    bystander.assert_recovered((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_packet_sent_byte_by_byte() {
    let mut server = Server::open(&["--login-timeout", "1s"]);
    let bystander = Bystander::start(&server).await;
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"SSH-2.0-slow\r\n\0\0\x04\0").unwrap();
    let began = std::time::Instant::now();
    // Each byte is activity, so an inactivity timeout would not help: the login timeout is a deadline.
    while stream.write_all(&[20]).is_ok() {
        assert!(began.elapsed() < TIMEOUT, "still connected");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bystander.assert_recovered(stream, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_thousand_handshakes_from_one_address() {
    let folder = Folder::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.args(["serve", "--auth", "none", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    command
        .args(["--max-connections-per-address", "20", "--max-connection-rate", "1", "--host-key"])
        .arg(folder.file("host_key"));
    command.env_clear().stderr(std::process::Stdio::piped());
    let server = Server::start(command, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    for _ in 0..1_000 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(b"SSH-2.0-flood\r\n");
    }
    let names = ["refused_rate_total", "refused_address_total", "refused_penalty_total"];
    let refused = || names.iter().map(|name| server.metric(name)).sum::<u64>();
    let end = std::time::Instant::now() + TIMEOUT;
    while refused() < 900 {
        assert!(std::time::Instant::now() < end, "only {} were refused", refused());
    }
    navigator.press("/card").await;
    navigator.see("› card").await;
    server.wait_for_metric("connections", |connections| connections == 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_flood_of_keys() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::start(&server).await;
    let mut attackers = Vec::new();
    for keys in [&b"jk"[..], b"/a\x7f", b"?\x1b"] {
        let (broker, wires) = connect_throttled(&server).await;
        let channel = broker.open(80, 24).await.channel;
        let flood = keys.repeat(16 << 10);
        let typing = tokio::spawn(async move {
            let _broker = broker;
            // Several megabytes, unless the server closes the session before.
            for _ in 0..200 {
                if channel.data(&flood[..]).await.is_err() {
                    break;
                }
            }
        });
        attackers.push((typing, wires));
    }
    // During the flood, too.
    bystander.assert_responsive(&mut server).await;
    server.wait_for_metric("overflows_total", |ended| ended >= 1);
    for (typing, wires) in attackers {
        typing.abort();
        wires.upstream.abort();
        wires.downstream.abort();
    }
    server.wait_for_metric("sessions", |sessions| sessions == 1);
    bystander.assert_recovered((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_unterminated_paste() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    navigator.press("\x1b[200~").await;
    let typing = tokio::spawn(async move {
        let piece = "card ".repeat(6_000);
        for _ in 0..340 {
            navigator.channel.data(piece.as_bytes()).await.unwrap();
        }
        navigator
    });
    bystander.assert_responsive(&mut server).await;
    // The session ignores the paste; if the bytes arrive faster than that, the server ends the session.
    let end = std::time::Instant::now() + TIMEOUT;
    while !typing.is_finished() && server.metric("sessions") == 2 {
        assert!(std::time::Instant::now() < end, "neither ignored nor ended");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    typing.abort();
    bystander.assert_recovered(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn malformed_escape_sequences() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    let digits = format!("\x1b[{}m", "9".repeat(9_999));
    for sequence in [
        "\x1b[<0;0;0M",
        "\x1b[<65535;65535;65535M",
        "\x1b[<0;99999;99999M",
        &digits,
        "\x1b[\x1b[\x1b[",
        "\x1b[M\x01\x01\x01",
        "\x1bP\x1bP\x1b_\x1b^",
        "\x1b[200~\x1b[200~\x1b[201~\x1b[201~",
        "\x1b",
    ] {
        navigator.press(sequence).await;
    }
    let raw: Vec<u8> = (0..=255).filter(|byte| ![3, 17].contains(byte)).collect();
    navigator.channel.data(&raw[..]).await.unwrap();
    // An unterminated OSC swallows a limited number of bytes only.
    navigator.press(&format!("\x1b]0;{}", "j".repeat(100_000))).await;
    navigator.press("\x1b").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    navigator.press("\x1b").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    navigator.press("1111").await;
    navigator.see("─").await;
    bystander.assert_recovered((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn input_split_into_single_bytes() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    let all = "/\x1b[200~prior auth — Ünïcödé\x1b[201~\x1b[D\x7f!";
    for byte in all.as_bytes() {
        navigator.channel.data(&[*byte][..]).await.unwrap();
    }
    navigator.see("› prior auth — Ünïcö!é").await;
}

/// Counts key exchanges.
struct KexCounter(Arc<AtomicUsize>);

impl client::Handler for KexCounter {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }

    async fn kex_done(&mut self, _: Option<&[u8]>, _: &Names, _: &mut client::Session) -> Result<(), Self::Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn repeated_key_exchanges() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::start(&server).await;
    let exchanges = Arc::new(AtomicUsize::new(0));
    let handler = KexCounter(Arc::clone(&exchanges));
    let mut client = client::connect(Arc::default(), server.address, handler).await.unwrap();
    assert!(client.authenticate_none("broker").await.unwrap().success());
    let end = tokio::time::Instant::now() + TIMEOUT;
    while exchanges.load(Ordering::Relaxed) < 200 {
        assert!(tokio::time::Instant::now() < end, "only {exchanges:?}");
        client.rekey_soon().await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let channel = client.channel_open_session().await.unwrap();
    channel.exec(true, "find --plain commission").await.unwrap();
    assert_eq!(crate::harness::read_output(channel).await.code, Some(0));
    bystander.assert_recovered(client, &mut server).await;
}

/// The options of a server on a free port that anyone on this machine may use.
fn serve_options() -> ServeOptions {
    let command = ServeOptions::augment_args(clap::Command::new("serve").no_binary_name(true));
    let words =
        ["--auth", "none", "--listen", "127.0.0.1:0", "--max-connection-rate", "1000", "--drain-timeout", "1ms"];
    ServeOptions::from_arg_matches(&command.try_get_matches_from(words).unwrap()).unwrap()
}

fn config(folder: &Folder, source: Source) -> Config {
    let sources = source.into();
    Config {
        options: ServeOptions { host_key: Some(folder.file("host_key")), ..serve_options() },
        sources,
        environment: Environment::default(),
        at: None,
        run_command: Box::new(|_, _, _| panic!("a bug in a command")),
    }
}

#[tokio::test]
async fn a_directory_that_loads_slowly_blocks_no_worker() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    std::fs::write(&data, crate::fairness::large_directory(20_000)).unwrap();
    let mut opening = Box::pin(ssh::Server::open(config(&folder, Source::File(data, NamedBy::Option))));
    assert!(timeout(Duration::from_millis(50), &mut opening).await.is_err(), "the only thread was blocked");
    timeout(TIMEOUT * 6, opening).await.expect("the server to open").unwrap();
}

#[tokio::test]
async fn a_pipe_in_place_of_the_data_is_refused_at_once() {
    let folder = Folder::new();
    let pipe = folder.file("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let opening = ssh::Server::open(config(&folder, Source::File(pipe, NamedBy::Option)));
    let error = timeout(TIMEOUT, opening).await.expect("an error").err().unwrap().to_string();
    assert!(error.contains("a pipe or a device"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_panic_ends_one_connection() {
    let folder = Folder::new();
    let server = ssh::Server::open(config(&folder, Source::BuiltIn)).await.unwrap();
    let address = server.address().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(async move { drop(stopped.await) }));
    let connect = async || {
        let mut client = client::connect(Arc::default(), address, AcceptAnyHostKey).await.unwrap();
        assert!(client.authenticate_none("broker").await.unwrap().success());
        Broker { client }
    };
    let bystander = connect().await;
    let mut navigator = bystander.open(80, 24).await;
    navigator.see("Broker line").await;
    let victim = connect().await;
    assert_eq!(victim.run("find card").await.code, None);
    crate::readers::wait_closed(&victim).await;
    navigator.press("/card").await;
    navigator.see("› card").await;
    stop.send(()).unwrap();
    timeout(TIMEOUT, serving).await.expect("the server to stop").unwrap();
}
