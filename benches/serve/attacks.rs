//! The latency of a session while other clients attack the server.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::client::{connect, disconnect, quantiles, send_keys};
use crate::server::Server;

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
