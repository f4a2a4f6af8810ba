//! What enemies do. Whatever it is, the server is up afterwards, and whoever sat there works on.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dialtree::app::Environment;
use dialtree::source::Source;
use dialtree::ssh::{self, Authentication, Config, Limits, LogFormat, Timers};
use russh::keys::PublicKeyOrCertificate;
use russh::{ChannelMsg, Names, client};
use tokio::time::timeout;

use crate::harness::{Broker, Bystander, Folder, PATIENCE, Server, Trusting};
use crate::readers::on_a_wire;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sizes_of_nothing_and_of_everything() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    for (columns, rows) in [(0, 0), (u32::MAX, u32::MAX), (u32::MAX, 0), (1, 1), (65536, 65536)] {
        let mut channel = broker.client.channel_open_session().await.unwrap();
        channel.request_pty(true, "xterm", columns, rows, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        for (columns, rows) in [(rows, columns), (columns, rows)] {
            channel.window_change(columns, rows, u32::MAX, u32::MAX).await.unwrap();
        }
        channel.data(&b"q"[..]).await.unwrap();
        let mut code = None;
        while let Some(message) = timeout(PATIENCE, channel.wait()).await.expect("an end") {
            if let ChannelMsg::ExitStatus { exit_status } = message {
                code = Some(exit_status);
            }
        }
        assert_eq!(code, Some(0));
    }
    bystander.outlives(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ten_thousand_changes_of_size() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    let before = server.number("frames_total");
    for number in 0..10_000 {
        navigator.channel.window_change(40 + number % 100, 20 + number % 30, 0, 0).await.unwrap();
    }
    navigator.resize(120, 40).await;
    navigator.wait_until("three panes", |navigator| navigator.screen().contains("╮╭")).await;
    assert!(server.number("frames_total") - before < 5_000, "changes are merged");
    bystander.outlives((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_thousand_channels_in_a_connection() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    let mut open = Vec::new();
    for _ in 0..1_000 {
        open.extend(broker.client.channel_open_session().await.ok());
    }
    assert_eq!(open.len(), 4);
    // Whoever closes one may open another.
    open.remove(0).close().await.unwrap();
    let end = tokio::time::Instant::now() + PATIENCE;
    while broker.client.channel_open_session().await.is_err() {
        assert!(tokio::time::Instant::now() < end, "no place is free again");
    }
    bystander.outlives((broker, open), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn commands_one_after_the_other_in_a_connection() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    for _ in 0..200 {
        assert_eq!(broker.run("find --plain --limit 1 commission").await.code, Some(0));
    }
    bystander.outlives(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn more_commands_at_once_than_can_be_answered() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::sit_down(&server).await;
    let (mut brokers, mut running) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let broker = Broker::connect(&server).await;
        for _ in 0..4 {
            let channel = broker.client.channel_open_session().await.unwrap();
            channel.exec(false, "tree --json").await.unwrap();
            running.push(tokio::spawn(crate::harness::said(channel)));
        }
        brokers.push(broker);
    }
    bystander.works_on(&mut server).await;
    for command in running {
        assert_eq!(command.await.unwrap().code, Some(0));
    }
    bystander.outlives(brokers, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hundred_thousand_variables() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    for number in 0..100_000 {
        channel.set_env(false, format!("LC_{number}"), "x".repeat(200)).await.unwrap();
    }
    bystander.is_spared(&server, 4 << 10);
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    assert!(matches!(timeout(PATIENCE, channel.wait()).await, Ok(Some(ChannelMsg::Success))));
    bystander.outlives((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn values_and_commands_of_256_kib_and_more() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    // What fits into a packet is answered.
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    channel.set_env(true, "LANG", "x".repeat(256 << 10)).await.unwrap();
    assert!(matches!(timeout(PATIENCE, channel.wait()).await, Ok(Some(ChannelMsg::Failure))));
    let answered = broker.run("x".repeat(256 << 10)).await;
    assert!(answered.code == Some(2) && answered.error.contains("4096 are the most"), "{answered:?}");
    // The rest ends its own connection.
    for is_command in [false, true] {
        let broker = Broker::connect(&server).await;
        let channel = broker.client.channel_open_session().await.unwrap();
        let text = "x".repeat(1 << 20);
        if is_command {
            channel.exec(true, text).await.unwrap();
        } else {
            channel.set_env(true, "LANG", text).await.unwrap();
        }
        crate::readers::ended(&broker).await;
    }
    bystander.outlives((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn everything_else_that_can_be_asked_for_is_refused_at_once() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let broker = Broker::connect(&server).await;
    let mut channel = broker.client.channel_open_session().await.unwrap();
    let answers = async {
        for request in 0..5 {
            match request {
                0 => channel.request_subsystem(true, "sftp").await.unwrap(),
                1 => channel.request_x11(true, false, "MIT-MAGIC-COOKIE-1", "00", 0).await.unwrap(),
                2 => channel.agent_forward(true).await.unwrap(),
                3 => channel.set_env(true, "LD_PRELOAD", "/tmp/x.so").await.unwrap(),
                _ => channel.set_env(true, "LANG", "x".repeat(257)).await.unwrap(),
            }
            let answer = channel.wait().await;
            assert!(matches!(answer, Some(ChannelMsg::Failure)), "{request}: {answer:?}");
        }
        channel.set_env(true, "LANG", "C.UTF-8").await.unwrap();
        assert!(matches!(channel.wait().await, Some(ChannelMsg::Success)));
        assert!(broker.client.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err());
        assert!(broker.client.channel_open_direct_streamlocal("/run/x").await.is_err());
        assert!(broker.client.channel_open_x11("127.0.0.1", 1).await.is_err());
        assert!(broker.client.tcpip_forward("127.0.0.1", 0).await.is_err());
        assert!(broker.client.streamlocal_forward("/run/x").await.is_err());
    };
    timeout(PATIENCE, answers).await.expect("every request to be answered");
    bystander.outlives((broker, channel), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_channel_is_one_thing_only() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
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
        let message = timeout(PATIENCE, navigator.channel.wait()).await.expect("an answer");
        failures += usize::from(matches!(message, Some(ChannelMsg::Failure)));
    }
    assert_eq!(server.number("sessions"), 2);
    bystander.outlives((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn handshakes_that_stop_half_way() {
    let mut server = Server::open(&["--login-time", "2s", "--per-address", "1000"]);
    let mut bystander = Bystander::sit_down(&server).await;
    let partial = [&b"SSH-2.0-slow\r\n"[..], &[0, 0, 4, 0, 10, 20], &[7; 40]].concat();
    let starts: [&[u8]; 5] = [b"", b"SSH-2.0-sl", b"SSH-2.0-slow\r\n", &partial, &[b'x'; 5000]];
    let mut held: Vec<TcpStream> = Vec::new();
    for start in starts.iter().cycle().take(100) {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(start);
        held.push(stream);
    }
    bystander.works_on(&mut server).await;
    for mut stream in held {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // The end comes, as a close or a reset, and not the patience's.
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes);
        assert!(
            end.is_ok() || end.as_ref().is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock),
            "{end:?}"
        );
    }
    server.counts("connections", |connections| connections <= 2);
    bystander.outlives((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_packet_that_comes_drop_by_drop() {
    let mut server = Server::open(&["--login-time", "1s"]);
    let bystander = Bystander::sit_down(&server).await;
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"SSH-2.0-slow\r\n\0\0\x04\0").unwrap();
    let began = std::time::Instant::now();
    // Each drop is a sign of life; only a deadline of the whole helps.
    while stream.write_all(&[20]).is_ok() {
        assert!(began.elapsed() < PATIENCE, "still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bystander.outlives(stream, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_thousand_handshakes_from_an_address() {
    let folder = Folder::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.args(["serve", "--auth", "none", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    command.args(["--per-address", "20", "--per-second", "1", "--host-key"]).arg(folder.file("host_key"));
    command.env_clear().stderr(std::process::Stdio::piped());
    let server = Server::start(command, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    for _ in 0..1_000 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(b"SSH-2.0-flood\r\n");
    }
    let refused = || server.number("refused_rate_total") + server.number("refused_address_total");
    let end = std::time::Instant::now() + PATIENCE;
    while refused() < 900 {
        assert!(std::time::Instant::now() < end, "only {} were refused", refused());
    }
    navigator.press("/card").await;
    navigator.see("/ card").await;
    server.counts("connections", |connections| connections == 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_flood_of_keys() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::sit_down(&server).await;
    let mut enemies = Vec::new();
    for keys in [&b"jk"[..], b"/a\x7f", b"?\x1b"] {
        let (broker, wire) = on_a_wire(&server).await;
        let channel = broker.open(80, 24).await.channel;
        let flood = keys.repeat(16 << 10);
        let typing = tokio::spawn(async move {
            let _broker = broker;
            // Megabytes, unless the server has had enough of it before.
            for _ in 0..200 {
                if channel.data(&flood[..]).await.is_err() {
                    break;
                }
            }
        });
        enemies.push((typing, wire));
    }
    // In the middle of it, too.
    bystander.works_on(&mut server).await;
    server.counts("overflows_total", |ended| ended >= 1);
    for (typing, wire) in enemies {
        typing.abort();
        wire.sending.abort();
        wire.taking.abort();
    }
    server.counts("sessions", |sessions| sessions == 1);
    bystander.outlives((), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_paste_without_an_end() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::sit_down(&server).await;
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
    bystander.works_on(&mut server).await;
    // It is swallowed, or, where it comes faster than that, it ends its session.
    let end = std::time::Instant::now() + PATIENCE;
    while !typing.is_finished() && server.number("sessions") == 2 {
        assert!(std::time::Instant::now() < end, "neither taken nor ended");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    typing.abort();
    bystander.outlives(broker, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sequences_that_no_terminal_sends() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
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
    let raw: Vec<u8> = (0..=255).filter(|byte| ![3, 17, b'q'].contains(byte)).collect();
    navigator.channel.data(&raw[..]).await.unwrap();
    // An OSC without an end swallows a while, and not for ever.
    navigator.press(&format!("\x1b]0;{}", "j".repeat(100_000))).await;
    navigator.press("\x1b").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    navigator.press("\x1b").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    navigator.press("1111").await;
    navigator.see("─").await;
    bystander.outlives((broker, navigator), &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn keys_in_pieces_of_a_byte() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    let all = "/\x1b[200~prior auth — Ünïcödé\x1b[201~\x1b[D\x7f!";
    for byte in all.as_bytes() {
        navigator.channel.data(&[*byte][..]).await.unwrap();
    }
    navigator.see("/ prior auth — Ünïcö!é").await;
}

/// Counts how often keys have been exchanged.
struct Exchanging(Arc<AtomicUsize>);

impl client::Handler for Exchanging {
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
async fn keys_exchanged_again_and_again() {
    let mut server = Server::open(&[]);
    let bystander = Bystander::sit_down(&server).await;
    let exchanges = Arc::new(AtomicUsize::new(0));
    let handler = Exchanging(Arc::clone(&exchanges));
    let mut client = client::connect(Arc::default(), server.address, handler).await.unwrap();
    assert!(client.authenticate_none("broker").await.unwrap().success());
    let end = tokio::time::Instant::now() + PATIENCE;
    while exchanges.load(Ordering::Relaxed) < 200 {
        assert!(tokio::time::Instant::now() < end, "only {exchanges:?}");
        client.rekey_soon().await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let channel = client.channel_open_session().await.unwrap();
    channel.exec(true, "find --plain commission").await.unwrap();
    assert_eq!(crate::harness::said(channel).await.code, Some(0));
    bystander.outlives(client, &mut server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_failure_of_our_own_ends_one_connection() {
    let folder = Folder::new();
    let minute = Duration::from_secs(60);
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        admin: None,
        host_key: folder.file("host_key"),
        who: Authentication::Anyone,
        public: false,
        post_quantum_only: false,
        limits: Limits { connections: 9, per_address: 9, per_second: 1000.try_into().unwrap() },
        timers: Timers { login: minute, idle: minute, longest: minute, stalled: minute, drain: Duration::ZERO },
        trusted_proxies: Vec::new(),
        logs: LogFormat::Text,
        source: Source::BuiltIn,
        environment: Environment::default(),
        at: None,
        answer: Box::new(|_, _, _| panic!("a mistake of ours")),
    };
    let server = ssh::Server::open(config).await.unwrap();
    let address = server.address().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(async move { drop(ended.await) }));
    let connect = async || {
        let mut client = client::connect(Arc::default(), address, Trusting).await.unwrap();
        assert!(client.authenticate_none("broker").await.unwrap().success());
        Broker { client }
    };
    let bystander = connect().await;
    let mut navigator = bystander.open(80, 24).await;
    navigator.see("Broker line").await;
    let unlucky = connect().await;
    assert_eq!(unlucky.run("find card").await.code, None);
    crate::readers::ended(&unlucky).await;
    navigator.press("/card").await;
    navigator.see("/ card").await;
    end.send(()).unwrap();
    timeout(PATIENCE, serving).await.expect("the server to end").unwrap();
}
