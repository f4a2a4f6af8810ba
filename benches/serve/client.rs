//! Clients that log in with a key, wait for frames and send keys.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, client};

/// A text in the last line of the first frame: when it has arrived, the frame is complete.
const END_OF_FRAME: &[u8] = b"quit";

/// A client that accepts every host key.
pub(crate) struct AcceptAnyHostKey;

impl client::Handler for AcceptAnyHostKey {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// A connection with a session.
pub(crate) type Navigator = (client::Handle<AcceptAnyHostKey>, Channel<client::Msg>);

/// Connects, logs in and waits for the first frame to be complete. Returns the time that it took.
pub(crate) async fn connect(address: SocketAddr, key: Arc<PrivateKey>) -> Result<(Navigator, Duration), russh::Error> {
    let began = Instant::now();
    let config = client::Config { nodelay: true, ..client::Config::default() };
    let mut client = client::connect(Arc::new(config), address, AcceptAnyHostKey).await?;
    if !client.authenticate_publickey("root", PrivateKeyWithHashAlg::new(key, None)).await?.success() {
        return Err(russh::Error::NotAuthenticated);
    }
    let mut channel = client.channel_open_session().await?;
    channel.request_pty(false, "xterm-256color", 80, 24, 0, 0, &[]).await?;
    channel.request_shell(false).await?;
    let mut shown = Vec::new();
    while !shown.windows(END_OF_FRAME.len()).any(|words| words == END_OF_FRAME) {
        shown.extend(frame(&mut channel).await?);
    }
    Ok(((client, channel), began.elapsed()))
}

/// Waits for a frame or a part of one; fails if the channel closes first.
async fn frame(channel: &mut Channel<client::Msg>) -> Result<Vec<u8>, russh::Error> {
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Data { data }) => return Ok(data.to_vec()),
            Some(_) => {}
            None => return Err(russh::Error::Disconnect),
        }
    }
}

/// Sends keys at an interval and returns the time from each key to its frame. The sessions of a crowd start at different
/// times within a second, which follow from their index.
pub(crate) async fn send_keys(
    (client, mut channel): Navigator,
    index: usize,
    key_count: u32,
    interval: Duration,
) -> Result<(Navigator, Vec<Duration>), russh::Error> {
    let mut times = Vec::new();
    tokio::time::sleep(Duration::from_micros(index as u64 * 7_919 % 1_000_000)).await;
    let mut clock = tokio::time::interval(interval);
    for key in 0..key_count {
        clock.tick().await;
        let began = Instant::now();
        channel.data(if key % 2 == 0 { &b"j"[..] } else { b"k" }).await?;
        frame(&mut channel).await?;
        times.push(began.elapsed());
    }
    Ok(((client, channel), times))
}

/// Opens sessions, a number of them at the same time. Returns them with the time from connection to first frame of each.
pub(crate) async fn crowd(
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    session_count: usize,
    concurrency: usize,
) -> Result<(Vec<Navigator>, Vec<Duration>), Box<dyn Error>> {
    let (mut navigators, mut first) = (Vec::new(), Vec::new());
    while navigators.len() < session_count {
        let batch_len = concurrency.min(session_count - navigators.len());
        let batch: Vec<_> = (0..batch_len).map(|_| tokio::spawn(connect(address, Arc::clone(key)))).collect();
        for connecting in batch {
            let (navigator, time) = connecting.await??;
            navigators.push(navigator);
            first.push(time);
        }
    }
    Ok((navigators, first))
}

/// Disconnects sessions.
pub(crate) async fn disconnect(navigators: Vec<Navigator>) {
    for (client, _) in &navigators {
        let _ = client.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }
}

/// A quantile of times, in milliseconds.
pub(crate) fn quantile(times: &[Duration], fraction: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let index = ((times.len() as f64 * fraction) as usize).min(times.len().saturating_sub(1));
    times.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

pub(crate) fn quantiles(times: &[Duration]) -> String {
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|fraction| quantile(times, fraction));
    format!("p50 {p50:7.2} ms  p99 {p99:7.2} ms  max {max:7.2} ms")
}
