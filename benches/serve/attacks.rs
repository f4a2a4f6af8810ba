//! What somebody at work feels of somebody else's attack.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::client::{connect, leave, quantiles, type_on};
use crate::server::Server;

/// So many keys of whoever works, ten a second.
const KEYS: u32 = 100;
const EVERY: Duration = Duration::from_millis(100);

/// Measures keys without an enemy and with each.
pub(crate) async fn measure(folder: &Path, key: &Arc<PrivateKey>) -> Result<(), Box<dyn Error>> {
    println!("somebody's keys while others attack");
    for (name, attack) in [
        ("nobody attacks", nothing as fn(SocketAddr, Arc<PrivateKey>) -> JoinHandle<()>),
        ("keys, 1 MB/s", keys),
        ("sizes, 10,000 a second", sizes),
        ("handshakes, 1,000 a second", handshakes),
    ] {
        let server = Server::start(folder, key)?;
        let (navigator, _) = connect(server.address, Arc::clone(key)).await?;
        let enemy = attack(server.address, Arc::clone(key));
        let (navigator, times) = type_on(navigator, 0, KEYS, EVERY).await?;
        enemy.abort();
        println!("  {name:<26} {}", quantiles(&times));
        leave(vec![navigator]).await;
    }
    Ok(())
}

fn nothing(_: SocketAddr, _: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async {})
}

/// Sessions that are sent a megabyte a second; who is thrown out comes back.
fn keys(address: SocketAddr, key: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let Ok(((_client, mut channel), _)) = connect(address, Arc::clone(&key)).await else { continue };
            let mut clock = tokio::time::interval(Duration::from_millis(10));
            let flood = b"jk".repeat(5_000);
            loop {
                tokio::select! {
                    _ = clock.tick() => if channel.data(&flood[..]).await.is_err() { break },
                    message = channel.wait() => if message.is_none() { break },
                }
            }
        }
    })
}

fn sizes(address: SocketAddr, key: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let Ok(((_client, mut channel), _)) = connect(address, key).await else { return };
        let mut clock = tokio::time::interval(Duration::from_millis(1));
        for size in 0_u32.. {
            tokio::select! {
                _ = clock.tick() => for more in 0..10 {
                    let _ = channel.window_change(60 + (size + more) % 100, 20 + size % 20, 0, 0).await;
                },
                message = channel.wait() => if message.is_none() { return },
            }
        }
    })
}

/// Each says who it is, and stops there.
fn handshakes(address: SocketAddr, _: Arc<PrivateKey>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let began = Instant::now();
        let mut held = std::collections::VecDeque::new();
        for count in 0_u32.. {
            tokio::time::sleep_until((began + Duration::from_millis(count.into())).into()).await;
            if let Ok(mut stream) = TcpStream::connect(address).await {
                let _ = stream.write_all(b"SSH-2.0-enemy\r\n").await;
                held.push_back(stream);
            }
            if held.len() > 500 {
                held.pop_front();
            }
        }
    })
}
