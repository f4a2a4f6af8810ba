//! What attackers and accidents around the server do: files with hostile names, keys that cannot be read, replies and
//! output that nobody reads, and floods while a load balancer asks for the server's health.

use std::fs;
use std::time::{Duration, Instant};

use russh::client;

use crate::fairness::{serve_large, start};
use crate::harness::{Broker, Bystander, Folder, Server, command, key, public_line};
use crate::keys::{may_enter, replace, replace_with_pipe, with_keys_and};
use crate::readers::{connect_throttled, connect_throttled_with};

/// Sets the title of a terminal, and reverses the direction of text.
const NAME: &str = "a\x1b]0;owned\x07\u{202e}b\u{9b}31m";

fn assert_printable(text: &str) {
    let is_hostile = |c: char| (c.is_control() && !"\r\n\t".contains(c)) || c == '\u{202e}';
    assert!(!text.contains(is_hostile), "{text:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn hostile_file_names_are_not_printed() {
    for format in ["text", "json"] {
        let folder = Folder::new();
        let [data, keys, copy] = ["data", "keys", "copy"].map(|what| folder.file(&format!("{NAME}{what}")));
        let known = key();
        fs::write(&data, dialtree::directory::EMBEDDED).unwrap();
        fs::write(&keys, public_line(&known)).unwrap();
        let mut command = command(&folder, &["--log-format", format]);
        command.arg("--data").arg(&data).arg("--authorized-keys").arg(&keys);
        command.arg("--last-good").arg(&copy);
        let check = std::process::Command::new(command.get_program()).args(command.get_args()).arg("--check").output();
        let check = check.unwrap();
        assert_printable(&String::from_utf8(check.stdout).unwrap());
        assert_printable(&String::from_utf8(check.stderr).unwrap());
        let mut server = Server::start(command, folder);
        let broker = Broker::try_key(&server, &known).await.unwrap();
        let mut lines = broker.open_with(80, 24, &[("TERM", "dumb")]).await;
        let mut screen = broker.open(120, 40).await;
        lines.see("or help:").await;
        screen.see("Broker line").await;
        let changed = dialtree::directory::EMBEDDED.replace("\"Fraud hotline\"", "\"Fraud line\"");
        replace(&data, &changed);
        lines.see("Reloaded").await;
        screen.see("Reloaded").await;
        assert_printable(&String::from_utf8(lines.raw.clone()).unwrap());
        assert_printable(&screen.screen());
        assert!(!screen.raw.windows(3).any(|bytes| bytes == b"\x1b]0"));
        for file in [&data, &keys] {
            replace(file, "nonsense");
        }
        server.logged("cannot reload the directory");
        server.logged("cannot reload the authorized keys");
        assert_printable(&server.page("/readyz").1);
        fs::remove_file(&copy).unwrap();
        fs::create_dir(&copy).unwrap();
        replace(&data, dialtree::directory::EMBEDDED);
        server.logged("cannot keep a copy of the directory");
        assert_printable(&server.log());
    }
}

/// Only a file that can be read tells which keys are removed.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sessions_go_on_while_the_keys_cannot_be_read() {
    let known = key();
    let mut server = with_keys_and(&public_line(&known), &["--end-revoked"]);
    let broker = Broker::try_key(&server, &known).await.unwrap();
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Broker line").await;
    let file = server.folder.file("keys");
    replace_with_pipe(&file);
    server.logged("cannot reload the authorized keys");
    assert!(!may_enter(&server, &known).await);
    navigator.press("111").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
    fs::remove_file(&file).unwrap();
    replace(&file, "");
    navigator.see("your key is no longer authorized").await;
}

/// Requests whose replies fill the connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn replies_that_nobody_reads_take_no_memory() {
    let mut server = Server::open(&["--write-timeout", "3s"]);
    let mut bystander = Bystander::start(&server).await;
    let (broker, wires) = connect_throttled(&server).await;
    let (_reader, writer) = broker.client.channel_open_session().await.unwrap().split();
    wires.downstream.abort();
    let flood = tokio::spawn(async move { while writer.set_env(true, "LC_ALL", "x".repeat(1000)).await.is_ok() {} });
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        bystander.assert_responsive(&mut server).await;
        bystander.assert_memory_within(&server, 4 << 10);
    }
    server.wait_for_metric("connections", |connections| connections == 1);
    flood.abort();
    bystander.assert_recovered((broker, wires), &mut server).await;
}

/// A client that promises to read any amount and reads nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn large_windows_take_no_memory() {
    let mut server = serve_large(20_000, &[]);
    let config = client::Config { window_size: u32::MAX, maximum_packet_size: 65_535, ..client::Config::default() };
    let (warm, _wires) = connect_throttled_with(&server, client::Config::default()).await;
    assert_eq!(warm.run("tree --json").await.code, Some(0));
    let before = server.memory().data;
    let (broker, wires) = connect_throttled_with(&server, config).await;
    wires.downstream.abort();
    let requests = tokio::spawn(async move {
        let mut channels = Vec::new();
        for _ in 0..4 {
            channels.push(start(&broker, "tree --json").await);
        }
        std::future::pending::<()>().await;
    });
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let grown = server.memory().data.saturating_sub(before);
        assert!(grown < 4 << 10, "{grown} KiB");
    }
    requests.abort();
    assert!(server.is_running());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_checks_are_answered_during_floods() {
    let server = serve_large(20_000, &["--max-connections-per-address", "1000"]);
    let mut floods = Vec::new();
    for host in 1..=5 {
        let broker = Broker::connect_from(&server, &format!("127.0.6.{host}"), client::Config::default()).await;
        floods.push(tokio::spawn(async move {
            loop {
                let channel = start(&broker, "tree --json").await;
                crate::harness::read_output(channel).await;
            }
        }));
    }
    let address = server.address;
    floods.push(tokio::spawn(async move {
        let mut held = std::collections::VecDeque::new();
        loop {
            held.extend(tokio::net::TcpStream::connect(address).await);
            if held.len() > 200 {
                held.pop_front();
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }));
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        let began = Instant::now();
        assert_eq!(server.page("/healthz").0, 200);
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    floods.iter().for_each(tokio::task::JoinHandle::abort);
}
