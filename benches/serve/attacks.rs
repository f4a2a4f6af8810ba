//! The latency of a session while other clients attack the server.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::client;
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::client::{AcceptAnyHostKey, connect, disconnect, quantile, quantiles, send_keys};
use crate::server::Server;
use crate::verdict;

/// The number of keys that the measured session is sent, and the time between them.
const KEY_COUNT: u32 = 100;
const KEY_INTERVAL: Duration = Duration::from_millis(100);

/// Measures the latency without an attack and with each kind.
pub(crate) async fn measure(folder: &Path, key: &Arc<PrivateKey>) -> Result<(), Box<dyn Error>> {
    println!("key to frame of a session during attacks by others");
    for (name, attack) in [
        ("no attack", nothing as fn(SocketAddr, Arc<PrivateKey>) -> JoinHandle<()>),
        ("input, 1 MB/s", input),
        ("resizes, 10,000/s", resizes),
        ("handshakes, 1,000/s", handshakes),
    ] {
        let server = Server::start(folder, key)?;
        let (navigator, _) = connect(server.address, Arc::clone(key)).await?;
        let attacker = attack(server.address, Arc::clone(key));
        let (navigator, times) = send_keys(navigator, 0, KEY_COUNT, KEY_INTERVAL).await?;
        attacker.abort();
        println!("  {name:<26} {}", quantiles(&times));
        disconnect(vec![navigator]).await;
    }
    Ok(())
}

/// The logins and commands that are measured during the attacks below.
const LOGIN_COUNT: usize = 300;
const LOGIN_TIMEOUT: Duration = Duration::from_secs(5);
const COMMAND_COUNT: usize = 300;

/// Ten addresses without a key hold all places before login, and open them again as soon as they lose them.
pub(crate) async fn measure_logins(folder: &Path, key: &Arc<PrivateKey>) -> Result<(), Box<dyn Error>> {
    let server = Server::start(folder, key)?;
    let attackers: Vec<_> =
        (1..=10).map(|host| tokio::spawn(hold(server.address, IpAddr::from([127, 0, 9, host])))).collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (mut failed, mut times) = (0, Vec::new());
    for _ in 0..LOGIN_COUNT {
        match timeout(LOGIN_TIMEOUT, connect(server.address, Arc::clone(key))).await {
            Ok(Ok((navigator, time))) => {
                times.push(time);
                disconnect(vec![navigator]).await;
            }
            _ => failed += 1,
        }
    }
    attackers.iter().for_each(JoinHandle::abort);
    println!("{LOGIN_COUNT} logins while 10 addresses hold all places before login: {failed} failed");
    println!("  connection to first frame  {}", quantiles(&times));
    verdict("logins >= 99 %", failed * 100 <= LOGIN_COUNT);
    Ok(())
}

async fn hold(server: SocketAddr, from: IpAddr) {
    let mut held: Vec<TcpStream> = Vec::new();
    loop {
        held.retain(|stream| {
            let mut bytes = [0; 64];
            !matches!(stream.try_read(&mut bytes), Ok(0))
                && !stream.try_read(&mut bytes).is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock)
        });
        while held.len() < 90 {
            let Ok(socket) = TcpSocket::new_v4() else { break };
            let _ = socket.bind(SocketAddr::new(from, 0));
            let Ok(stream) = socket.connect(server).await else { break };
            held.push(stream);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// One connection reads the output of large commands slowly, then another as fast as it can.
pub(crate) async fn measure_commands(folder: &Path, key: &Arc<PrivateKey>) -> Result<(), Box<dyn Error>> {
    println!("`find` of one connection while another runs `tree --json`");
    for (name, window, pause) in
        [("nothing else", None, 0), ("read slowly", Some(4096), 100), ("read fast", Some(1 << 20), 0)]
    {
        let server = Server::start(folder, key)?;
        let readers = match window {
            Some(window) => Some(read_trees(server.address, key, window, Duration::from_millis(pause)).await?),
            None => None,
        };
        let client = log_in(server.address, key, client::Config { nodelay: true, ..Default::default() }).await?;
        let mut times = Vec::new();
        for _ in 0..COMMAND_COUNT {
            let began = Instant::now();
            let mut channel = client.channel_open_session().await?;
            channel.exec(false, "find lost id card").await?;
            while channel.wait().await.is_some() {}
            times.push(began.elapsed());
        }
        readers.iter().for_each(JoinHandle::abort);
        println!("  {name:<26} {}", quantiles(&times));
        verdict("find p99 <= 200 ms", quantile(&times, 0.99) <= 200.0);
    }
    Ok(())
}

/// Four commands at a time on one connection.
async fn read_trees(
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    window: u32,
    pause: Duration,
) -> Result<JoinHandle<()>, Box<dyn Error>> {
    let config =
        client::Config { window_size: window, maximum_packet_size: window.min(32 << 10), ..Default::default() };
    let client = Arc::new(log_in(address, key, config).await?);
    let read = move |client: Arc<client::Handle<AcceptAnyHostKey>>| async move {
        while let Ok(mut channel) = client.channel_open_session().await {
            let _ = channel.exec(false, "tree --json").await;
            while channel.wait().await.is_some() {
                tokio::time::sleep(pause).await;
            }
        }
    };
    Ok(tokio::spawn(async move {
        tokio::join!(
            read(Arc::clone(&client)),
            read(Arc::clone(&client)),
            read(Arc::clone(&client)),
            read(Arc::clone(&client))
        );
    }))
}

async fn log_in(
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    config: client::Config,
) -> Result<client::Handle<AcceptAnyHostKey>, Box<dyn Error>> {
    let mut client = client::connect(Arc::new(config), address, AcceptAnyHostKey).await?;
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    if !client.authenticate_publickey("root", key).await?.success() {
        return Err("the login was refused".into());
    }
    Ok(client)
}

fn nothing(_: SocketAddr, _: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async {})
}

/// A session that is sent 1 MB/s. When the server closes it, another is opened.
fn input(address: SocketAddr, key: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let Ok(((_client, mut channel), _)) = connect(address, Arc::clone(&key)).await else { continue };
            let mut ticks = tokio::time::interval(Duration::from_millis(10));
            let flood = b"jk".repeat(5_000);
            loop {
                tokio::select! {
                    _ = ticks.tick() => if channel.data(&flood[..]).await.is_err() { break },
                    message = channel.wait() => if message.is_none() { break },
                }
            }
        }
    })
}

/// A session that is resized 10,000 times per second.
fn resizes(address: SocketAddr, key: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let Ok(((_client, mut channel), _)) = connect(address, key).await else { return };
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        for size in 0_u32.. {
            tokio::select! {
                _ = ticks.tick() => for more in 0..10 {
                    let _ = channel.window_change(60 + (size + more) % 100, 20 + size % 20, 0, 0).await;
                },
                message = channel.wait() => if message.is_none() { return },
            }
        }
    })
}

/// Clients that send their version and nothing else.
fn handshakes(address: SocketAddr, _: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let began = Instant::now();
        let mut held = std::collections::VecDeque::new();
        for count in 0_u32.. {
            tokio::time::sleep_until((began + Duration::from_millis(count.into())).into()).await;
            if let Ok(mut stream) = TcpStream::connect(address).await {
                let _ = stream.write_all(b"SSH-2.0-attacker\r\n").await;
                held.push_back(stream);
            }
            if held.len() > 500 {
                held.pop_front();
            }
        }
    })
}
