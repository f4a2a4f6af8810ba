//! People who come with a key, wait for a frame and type.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, client};

/// Of the last line of a first frame: when it has come, all of it has.
const LAST_WORDS: &[u8] = b"copy as";

pub(crate) struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

pub(crate) type Navigator = (client::Handle<Trusting>, Channel<client::Msg>);

/// Connects, logs in and waits for the whole first frame; how long that took.
pub(crate) async fn connect(address: SocketAddr, key: Arc<PrivateKey>) -> Result<(Navigator, Duration), russh::Error> {
    let began = Instant::now();
    let config = client::Config { nodelay: true, ..client::Config::default() };
    let mut client = client::connect(Arc::new(config), address, Trusting).await?;
    if !client.authenticate_publickey("root", PrivateKeyWithHashAlg::new(key, None)).await?.success() {
        return Err(russh::Error::NotAuthenticated);
    }
    let mut channel = client.channel_open_session().await?;
    channel.request_pty(false, "xterm-256color", 80, 24, 0, 0, &[]).await?;
    channel.request_shell(false).await?;
    let mut shown = Vec::new();
    while !shown.windows(LAST_WORDS.len()).any(|words| words == LAST_WORDS) {
        shown.extend(frame(&mut channel).await?);
    }
    Ok(((client, channel), began.elapsed()))
}

/// Waits for a frame, or a part of one; a channel that ends without one is a failure, not an answer.
async fn frame(channel: &mut Channel<client::Msg>) -> Result<Vec<u8>, russh::Error> {
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Data { data }) => return Ok(data.to_vec()),
            Some(_) => {}
            None => return Err(russh::Error::Disconnect),
        }
    }
}

/// Types so many keys, one each so often, from a moment of its own on; how long each took to show.
pub(crate) async fn type_on(
    (client, mut channel): Navigator,
    place: usize,
    keys: u32,
    every: Duration,
) -> Result<(Navigator, Vec<Duration>), russh::Error> {
    let mut times = Vec::new();
    tokio::time::sleep(Duration::from_micros(place as u64 * 7_919 % 1_000_000)).await;
    let mut clock = tokio::time::interval(every);
    for key in 0..keys {
        clock.tick().await;
        let began = Instant::now();
        channel.data(if key % 2 == 0 { &b"j"[..] } else { b"k" }).await?;
        frame(&mut channel).await?;
        times.push(began.elapsed());
    }
    Ok(((client, channel), times))
}

/// So many navigators, so many of them coming at once, and how long each took to its first frame.
pub(crate) async fn crowd(
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    sessions: usize,
    at_once: usize,
) -> Result<(Vec<Navigator>, Vec<Duration>), Box<dyn Error>> {
    let (mut navigators, mut first) = (Vec::new(), Vec::new());
    while navigators.len() < sessions {
        let some = at_once.min(sessions - navigators.len());
        let coming: Vec<_> = (0..some).map(|_| tokio::spawn(connect(address, Arc::clone(key)))).collect();
        for one in coming {
            let (navigator, time) = one.await??;
            navigators.push(navigator);
            first.push(time);
        }
    }
    Ok((navigators, first))
}

pub(crate) async fn leave(navigators: Vec<Navigator>) {
    for (client, _) in &navigators {
        let _ = client.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }
}

/// The time in milliseconds within which a share of them lies.
pub(crate) fn quantile(times: &[Duration], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

pub(crate) fn quantiles(times: &[Duration]) -> String {
    let [half, most, all] = [0.5, 0.99, 1.0].map(|share| quantile(times, share));
    format!("p50 {half:7.2} ms  p99 {most:7.2} ms  most {all:7.2} ms")
}
