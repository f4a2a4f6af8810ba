//! Commands and sessions that take much must leave enough to the others.

use std::time::{Duration, Instant};

use russh::client::Msg;
use russh::{Channel, ChannelMsg};
use tokio::task::JoinHandle;

use crate::harness::{Broker, Folder, Navigator, Server, TIMEOUT, command, narrow};

/// A directory of many contacts.
pub(crate) fn large_directory(contact_count: usize) -> String {
    let contact = |i| {
        format!(
            "(id: \"unit-{i}\", name: \"Unit {i} for claims\", source: \"Test\", audiences: [\"all\"], \
             channels: [(phone: \"1-800-{:03}-{:04}\")]),\n",
            200 + i / 10_000,
            i % 10_000
        )
    };
    let contacts: String = (0..contact_count).map(contact).collect();
    format!(
        "(schema: 2, id: \"large\", name: \"Large\", organisation: \"Large\", source: \"Test\", \
         transcribed: \"2026-11-30\", region: \"US\", zone: \"America/New_York\", \
         audiences: [(id: \"all\", name: \"All\", short: \"All\")], contacts: [\n{contacts}])"
    )
}

pub(crate) fn serve_large(contact_count: usize, args: &[&str]) -> Server {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    std::fs::write(&data, large_directory(contact_count)).unwrap();
    let mut command = command(&folder, &[&["--auth", "none"], args].concat());
    command.arg("--data").arg(data);
    Server::start(command, folder)
}

pub(crate) async fn start(broker: &Broker, command: &str) -> Channel<Msg> {
    let channel = broker.client.channel_open_session().await.unwrap();
    channel.exec(false, command).await.unwrap();
    channel
}

/// The time of each of some commands.
async fn times(broker: &Broker, command: &str, count: usize) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..count {
        let began = Instant::now();
        assert_eq!(broker.run(command).await.code, Some(0));
        times.push(began.elapsed());
    }
    times.sort();
    times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn slow_readers_of_large_output_delay_no_other_command() {
    let server = serve_large(20_000, &[]);
    let all = server.metric("memory_free_bytes");
    let slow = Broker::connect_with(&server, narrow(4096, 1024)).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(start(&slow, "tree --json").await);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let times = times(&Broker::connect(&server).await, "show unit-7", 30).await;
    assert!(times[28] < Duration::from_millis(200), "{times:?}");
    // When the connection ends, its commands end.
    drop((held, slow));
    server.wait_for_metric("memory_free_bytes", |free| free == all);
}

/// Starts a command again whenever it has ended, and reads its output.
fn repeat(broker: Broker, command: &'static str, concurrency: usize) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut channels = Vec::new();
        for _ in 0..concurrency {
            channels.push(start(&broker, command).await);
        }
        loop {
            for channel in &mut channels {
                if !matches!(tokio::time::timeout(TIMEOUT, channel.wait()).await, Ok(Some(_))) {
                    *channel = start(&broker, command).await;
                }
            }
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fast_readers_of_large_output_delay_other_commands_little() {
    let server = serve_large(20_000, &[]);
    let broker = Broker::connect(&server).await;
    let readers = repeat(Broker::connect(&server).await, "tree --json", 4);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let times = times(&broker, "show unit-7", 30).await;
    readers.abort();
    assert!(times[28] < Duration::from_millis(200), "{times:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn large_output_is_not_held_in_memory() {
    let server = serve_large(20_000, &[]);
    let broker = Broker::connect(&server).await;
    let before = server.memory();
    let mut channel = start(&broker, "tree --json").await;
    let (mut len, mut max) = (0, 0);
    while let Some(message) = tokio::time::timeout(TIMEOUT, channel.wait()).await.expect("the channel to close") {
        if let ChannelMsg::Data { data } = message {
            len += data.len();
            max = max.max(server.memory().data.saturating_sub(before.data));
        }
    }
    assert!(len > 8_000_000, "{len}");
    assert!(max < 8 << 10, "{max} KiB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn commands_end_when_the_client_closes_their_channel() {
    let server = serve_large(5_000, &[]);
    let broker = Broker::connect_with(&server, narrow(4096, 1024)).await;
    let all = server.metric("memory_free_bytes");
    for _ in 0..20 {
        // Nothing else of the connection would be processed while the client's queue of a channel is full.
        let (mut reader, writer) = start(&broker, "tree --json").await.split();
        let reads = tokio::spawn(async move {
            while reader.wait().await.is_some() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        server.wait_for_metric("memory_free_bytes", |free| free < all);
        writer.close().await.unwrap();
        server.wait_for_metric("memory_free_bytes", |free| free == all);
        reads.abort();
    }
}

/// A client that closes a channel when its output ends, as OpenSSH does when its input has ended.
async fn run_and_close(broker: &Broker, command: &str) {
    let mut channel = start(broker, command).await;
    let mut is_eof = false;
    while !is_eof {
        let message = tokio::time::timeout(TIMEOUT, channel.wait()).await.expect("the output to end");
        is_eof = matches!(message, Some(ChannelMsg::Eof));
    }
    // russh's client does not tell when the server has replied.
    channel.close().await.unwrap();
}

/// Takes more than a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hundred_thousand_channels_leave_no_memory_in_use() {
    let server = Server::open(&["--session-timeout", "24h"]);
    let broker = Broker::connect(&server).await;
    let run = async |channel_count: usize| {
        for _ in 0..channel_count {
            run_and_close(&broker, "notice --plain").await;
        }
        server.memory().data
    };
    let before = run(1_000).await;
    let after = run(100_000).await;
    assert!(after.saturating_sub(before) < 1024, "{before} KiB before, {after} KiB after");
}

/// russh keeps memory of each channel that the server has to close first.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_that_closes_no_channel_may_open_a_thousand() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut count = 0;
    while let Ok(mut channel) = broker.client.channel_open_session().await {
        channel.exec(false, "notice --plain").await.unwrap();
        while tokio::time::timeout(TIMEOUT, channel.wait()).await.expect("the channel to close").is_some() {}
        count += 1;
    }
    assert_eq!(count, 1_000);
    assert_eq!(Broker::connect(&server).await.run("notice --plain").await.code, Some(0));
}

/// Opens sessions of 500×40 cells from an address until one is refused; at most some.
async fn crowd(server: &Server, address: &str, max: usize) -> (Vec<Broker>, Vec<Navigator>) {
    let (mut brokers, mut navigators): (Vec<Broker>, Vec<Navigator>) = (Vec::new(), Vec::new());
    let refused = server.metric("refused_memory_total");
    let others = server.metric("sessions_total");
    while server.metric("refused_memory_total") == refused && navigators.len() < max {
        if navigators.len() % 4 == 0 {
            brokers.push(Broker::connect_from(server, address, Default::default()).await);
        }
        navigators.push(brokers[brokers.len() - 1].open(500, 40).await);
        server.wait_for_metric("sessions_total", |sessions| {
            sessions - others + server.metric("refused_memory_total") - refused == navigators.len() as u64
        });
    }
    (brokers, navigators)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sessions_are_refused_before_memory_is_short() {
    let server = Server::open(&["--max-memory", "300M", "--max-connections-per-address", "1000"]);
    let (_brokers, mut navigators) = crowd(&server, "127.0.0.1", 500).await;
    let mut refused = navigators.pop().unwrap();
    refused.closes().await;
    assert_eq!(refused.code, Some(2));
    assert!((20..60).contains(&navigators.len()), "{}", navigators.len());
    // A session keeps its size if there is no memory for a larger one.
    let mut first = navigators.swap_remove(0);
    first.resize(500, 200).await;
    first.press("/card").await;
    first.see("› card").await;
    // Another address still has some.
    let (_others, navigators) = crowd(&server, "127.0.0.2", 500).await;
    assert!(navigators.len() > 10, "{}", navigators.len());
}

/// The limit of the unit in docs/ssh.md, set for the address space, with a directory of 100,000 contacts.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn everything_at_once_fits_into_a_gibibyte() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    let text = large_directory(100_000);
    std::fs::write(&data, &text).unwrap();
    let inner = command(&folder, &["--auth", "none", "--data", data.to_str().unwrap()]);
    // The shell sets the limit, then replaces itself with the server.
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg("ulimit -v 1048576 && exec \"$0\" \"$@\"").arg(inner.get_program()).args(inner.get_args());
    shell.env_clear().env("XDG_DATA_HOME", "/nonexistent").stderr(std::process::Stdio::piped());
    let mut server = Server::start_slowly(shell, folder);
    let (mut all, mut count) = (Vec::new(), 0);
    for address in ["127.0.0.1", "127.0.0.2"] {
        // As many as one address may have.
        let (brokers, navigators) = crowd(&server, address, 270).await;
        count += navigators.len();
        all.push((brokers, navigators));
    }
    let (mut slow, mut held) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        let broker = Broker::connect_from(&server, "127.0.0.3", narrow(4096, 1024)).await;
        for _ in 0..4 {
            held.push(start(&broker, "tree --json").await);
        }
        slow.push(broker);
    }
    std::fs::write(&data, text.replacen("Unit 7 ", "Unit seven ", 1)).unwrap();
    server.logged_within("reloaded the directory", Duration::from_secs(120));
    let broker = Broker::connect_from(&server, "127.0.0.4", Default::default()).await;
    assert_eq!(broker.run("show unit-7").await.code, Some(0));
    broker.open(80, 24).await.see("Unit seven").await;
    eprintln!("{count} sessions of 500×40 cells, 32 slow readers and a reload take {:?}", server.memory());
    assert!(server.is_running());
}
