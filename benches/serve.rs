//! What many sessions at once cost: 100, 500 and 1,000 navigators of 80×24, each with a key a second. Prints, for each,
//! the time from the connection to the first frame and from a key to its frame, the server's share of the processor and
//! its memory a session, and what is left of it when they are gone. Clients and server share this machine. A number of
//! sessions and of seconds can be given: `cargo bench --bench serve -- 200 10`. Never fails on time.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::PublicKeyOrCertificate;
use russh::{Channel, ChannelMsg, client};

/// Seconds for which everybody types.
const SECONDS: u32 = 30;

/// So many connect at the same time.
const AT_ONCE: usize = 20;

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(key: &std::path::Path) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dialtree"))
            .args(["serve", "--auth", "none", "--listen", "127.0.0.1:0", "--connections", "5000"])
            .args(["--per-address", "5000", "--per-second", "5000", "--host-key"])
            .arg(key)
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no log")?).lines();
        let line = lines.next().ok_or("no line in the log")??;
        let address =
            line.split("address=").nth(1).and_then(|rest| rest.split(' ').next()).ok_or(line.clone())?.parse()?;
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address })
    }

    /// Resident memory, in KiB.
    fn memory(&self) -> Result<u64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Time on the processor so far, in hundredths of a second.
    fn ticks(&self) -> Result<u64, Box<dyn Error>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

type Navigator = (client::Handle<Trusting>, Channel<client::Msg>);

/// Connects, and waits for the first frame.
async fn connect(address: SocketAddr) -> Result<(Navigator, Duration), russh::Error> {
    let began = Instant::now();
    let config = client::Config { nodelay: true, ..client::Config::default() };
    let mut client = client::connect(Arc::new(config), address, Trusting).await?;
    client.authenticate_none("bench").await?;
    let mut channel = client.channel_open_session().await?;
    channel.request_pty(false, "xterm-256color", 80, 24, 0, 0, &[]).await?;
    channel.request_shell(false).await?;
    frame(&mut channel).await;
    Ok(((client, channel), began.elapsed()))
}

async fn frame(channel: &mut Channel<client::Msg>) {
    while !matches!(channel.wait().await, Some(ChannelMsg::Data { .. }) | None) {}
}

/// Types a key a second, from a moment of its own on; how long each took to show.
async fn type_on((_client, mut channel): Navigator, place: usize, seconds: u32) -> (Navigator, Vec<Duration>) {
    let mut times = Vec::new();
    tokio::time::sleep(Duration::from_micros(place as u64 * 7_919 % 1_000_000)).await;
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    for second in 0..seconds {
        clock.tick().await;
        let began = Instant::now();
        if channel.data(if second % 2 == 0 { &b"j"[..] } else { b"k" }).await.is_err() {
            break;
        }
        frame(&mut channel).await;
        times.push(began.elapsed());
    }
    ((_client, channel), times)
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)));
    let millis = |share| at(share).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0);
    format!("p50 {:7.2} ms  p99 {:7.2} ms  most {:7.2} ms", millis(0.5), millis(0.99), millis(1.0))
}

async fn measure(server: &Server, sessions: usize, seconds: u32) -> Result<(), Box<dyn Error>> {
    let before = server.memory()?;
    let (mut navigators, mut first) = (Vec::new(), Vec::new());
    while navigators.len() < sessions {
        let crowd = AT_ONCE.min(sessions - navigators.len());
        let coming: Vec<_> = (0..crowd).map(|_| tokio::spawn(connect(server.address))).collect();
        for one in coming {
            let (navigator, time) = one.await??;
            navigators.push(navigator);
            first.push(time);
        }
    }
    println!("{sessions} sessions");
    println!("  connection to first frame  {}", quantiles(first));
    let (ticks, began) = (server.ticks()?, Instant::now());
    let typing: Vec<_> =
        navigators.into_iter().enumerate().map(|(place, one)| tokio::spawn(type_on(one, place, seconds))).collect();
    let mut times = Vec::new();
    let mut there = Vec::new();
    for one in typing {
        let (navigator, some) = one.await?;
        there.push(navigator);
        times.extend(some);
    }
    let busy = (server.ticks()? - ticks) as f64 / 100.0 / began.elapsed().as_secs_f64();
    println!("  key to frame               {}", quantiles(times));
    let memory = server.memory()?;
    println!("  processor                  {:.1} % of one core", busy * 100.0);
    println!("  memory a session           {} KiB", (memory - before) / sessions as u64);
    for (client, _) in &there {
        let _ = client.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }
    drop(there);
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("  memory                     {before} KiB before, {memory} KiB with, {} KiB after", server.memory()?);
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let seconds = numbers.get(1).map_or(Ok(SECONDS), |seconds| (*seconds).try_into())?;
    let folder = std::env::temp_dir().join(format!("dialtree-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(async {
        for sessions in numbers.first().map_or(vec![100, 500, 1000], |sessions| vec![*sessions]) {
            let server = Server::start(&folder.join("host_key"))?;
            measure(&server, sessions, seconds).await?;
        }
        Ok(())
    });
    std::fs::remove_dir_all(&folder)?;
    end
}
