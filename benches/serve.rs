//! What many sessions at once cost: 100, 500 and 1,000 navigators of 80×24, each with a key a second. Prints, for each,
//! the time from the connection to the first frame and from a key to its frame, the server's share of the processor and
//! its memory a session, and what is left of it after a first and a second wave; then the same of OpenSSH's sshd with
//! ForceCommand on the same binary, where it is installed and may be started. Clients and servers share this machine. A
//! number of sessions and of seconds can be given: `cargo bench --bench serve -- 200 10`; and `--connects 100000` comes
//! and goes so often instead. A missed bound is printed and never fails the run.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, client};

/// Seconds for which everybody types.
const SECONDS: u32 = 30;

/// So many connect at the same time.
const AT_ONCE: usize = 20;

/// As long as memory may take to come back.
const RESTED: Duration = Duration::from_secs(30);

/// Sessions of OpenSSH's sshd.
const BESIDE: usize = 100;

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
    /// Logins, as its log has them.
    came_in: Arc<AtomicUsize>,
}

impl Server {
    fn start(key: &Path) -> Result<Self, Box<dyn Error>> {
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
        let came_in = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&came_in);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.contains("came in")) {
                drop(line);
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(Self { child, address, came_in })
    }

    /// Waits until memory is back where it was, or will not be; what it is then.
    async fn rested(&self, before: u64) -> Result<u64, Box<dyn Error>> {
        let end = Instant::now() + RESTED;
        while self.memory()? * 100 > before * 105 && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.memory()
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
async fn connect(address: SocketAddr, key: Option<Arc<PrivateKey>>) -> Result<(Navigator, Duration), russh::Error> {
    let began = Instant::now();
    let config = client::Config { nodelay: true, ..client::Config::default() };
    let mut client = client::connect(Arc::new(config), address, Trusting).await?;
    let is_in = match key {
        None => client.authenticate_none("bench").await?,
        Some(key) => client.authenticate_publickey("root", PrivateKeyWithHashAlg::new(key, None)).await?,
    };
    if !is_in.success() {
        return Err(russh::Error::NotAuthenticated);
    }
    let mut channel = client.channel_open_session().await?;
    channel.request_pty(false, "xterm-256color", 80, 24, 0, 0, &[]).await?;
    channel.request_shell(false).await?;
    frame(&mut channel).await?;
    Ok(((client, channel), began.elapsed()))
}

/// Waits for a frame; a channel that ends without one is a failure, not an answer.
async fn frame(channel: &mut Channel<client::Msg>) -> Result<(), russh::Error> {
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Data { .. }) => return Ok(()),
            Some(_) => {}
            None => return Err(russh::Error::Disconnect),
        }
    }
}

/// Types a key a second, from a moment of its own on; how long each took to show.
async fn type_on(
    (client, mut channel): Navigator,
    place: usize,
    seconds: u32,
) -> Result<(Navigator, Vec<Duration>), russh::Error> {
    let mut times = Vec::new();
    tokio::time::sleep(Duration::from_micros(place as u64 * 7_919 % 1_000_000)).await;
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    for second in 0..seconds {
        clock.tick().await;
        let began = Instant::now();
        channel.data(if second % 2 == 0 { &b"j"[..] } else { b"k" }).await?;
        frame(&mut channel).await?;
        times.push(began.elapsed());
    }
    Ok(((client, channel), times))
}

fn quantile(times: &[Duration], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

fn quantiles(times: &[Duration]) -> String {
    let [half, most, all] = [0.5, 0.99, 1.0].map(|share| quantile(times, share));
    format!("p50 {half:7.2} ms  p99 {most:7.2} ms  most {all:7.2} ms")
}

fn verdict(bound: &str, is_held: bool) {
    println!("  {bound:<42} {}", if is_held { "held" } else { "missed" });
}

/// So many navigators, and how long each took to its first frame.
async fn crowd(
    address: SocketAddr,
    key: Option<Arc<PrivateKey>>,
    sessions: usize,
    at_once: usize,
) -> Result<(Vec<Navigator>, Vec<Duration>), Box<dyn Error>> {
    let (mut navigators, mut first) = (Vec::new(), Vec::new());
    while navigators.len() < sessions {
        let some = at_once.min(sessions - navigators.len());
        let coming: Vec<_> = (0..some).map(|_| tokio::spawn(connect(address, key.clone()))).collect();
        for one in coming {
            let (navigator, time) = one.await??;
            navigators.push(navigator);
            first.push(time);
        }
    }
    Ok((navigators, first))
}

async fn leave(navigators: Vec<Navigator>) {
    for (client, _) in &navigators {
        let _ = client.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }
}

async fn measure(server: &Server, sessions: usize, seconds: u32) -> Result<(), Box<dyn Error>> {
    let fresh = server.memory()?;
    let (navigators, first) = crowd(server.address, None, sessions, AT_ONCE).await?;
    println!("{sessions} sessions");
    println!("  connection to first frame  {}", quantiles(&first));
    let (ticks, began) = (server.ticks()?, Instant::now());
    let typing: Vec<_> =
        navigators.into_iter().enumerate().map(|(place, one)| tokio::spawn(type_on(one, place, seconds))).collect();
    let (mut times, mut there) = (Vec::new(), Vec::new());
    for one in typing {
        let (navigator, some) = one.await??;
        there.push(navigator);
        times.extend(some);
    }
    let busy = (server.ticks()? - ticks) as f64 / 100.0 / began.elapsed().as_secs_f64();
    let with = server.memory()?;
    let each = with.saturating_sub(fresh) / sessions as u64;
    println!("  key to frame               {}", quantiles(&times));
    println!("  processor                  {:.1} % of one core", busy * 100.0);
    println!("  memory a session           {each} KiB");
    leave(there).await;
    // What the first wave leaves behind is what a server at work holds; a second one must add nothing to it.
    let before = server.rested(fresh).await?;
    let (navigators, _) = crowd(server.address, None, sessions, AT_ONCE).await?;
    let again = server.memory()?;
    leave(navigators).await;
    let after = server.rested(before).await?;
    println!("  memory: at start {fresh} KiB, with {with}, left {before}; again with {again}, left {after}");
    verdict("key to frame p99 <= 50 ms", quantile(&times, 0.99) <= 50.0);
    verdict("memory <= 512 KiB a session", each <= 512);
    verdict("a second wave left within 5 %", after * 100 <= before * 105);
    Ok(())
}

/// Comes and goes so often.
async fn come_and_go(server: &Server, connects: usize) -> Result<(), Box<dyn Error>> {
    leave(crowd(server.address, None, connects.min(1000), AT_ONCE).await?.0).await;
    let before = server.rested(0).await?;
    let (came_in, ticks, began) = (server.came_in.load(Ordering::Relaxed), server.ticks()?, Instant::now());
    for done in (0..connects).step_by(AT_ONCE) {
        leave(crowd(server.address, None, AT_ONCE.min(connects - done), AT_ONCE).await?.0).await;
    }
    let took = began.elapsed().as_secs();
    let after = server.rested(before).await?;
    let busy = (server.ticks()? - ticks) as f64 / 100.0;
    let came_in = server.came_in.load(Ordering::Relaxed) - came_in;
    println!("{connects} connects in {took} s, {came_in} logins in the server's log, {busy:.1} s of processor");
    println!("  memory {before} KiB before, {after} KiB after");
    verdict("every connect was a login", came_in == connects);
    verdict("no growth beyond 5 %", after * 100 <= before * 105);
    Ok(())
}

/// What all descendants of a process hold, in KiB: what they share counts once among them.
fn proportional(root: u32) -> Result<u64, Box<dyn Error>> {
    let mut sum = 0;
    for child in std::fs::read_to_string(format!("/proc/{root}/task/{root}/children"))?.split_whitespace() {
        let rollup = std::fs::read_to_string(format!("/proc/{child}/smaps_rollup"))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).ok_or("no Pss")?;
        sum += line.trim().trim_end_matches(" kB").parse::<u64>()? + proportional(child.parse()?)?;
    }
    Ok(sum)
}

/// OpenSSH's sshd with ForceCommand on the same binary, beside this server, in one run.
async fn beside_openssh(folder: &Path) -> Result<(), Box<dyn Error>> {
    let sshd = Path::new("/usr/sbin/sshd");
    if !sshd.exists() {
        println!("OpenSSH: {} is not installed, so nothing is compared", sshd.display());
        return Ok(());
    }
    std::fs::create_dir_all("/run/sshd")?;
    let key = Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)?);
    let (host_key, keys, config) = (folder.join("sshd_key"), folder.join("keys"), folder.join("sshd_config"));
    std::fs::write(&host_key, key.to_openssh(LineEnding::LF)?.as_bytes())?;
    std::fs::set_permissions(&host_key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    std::fs::write(&keys, key.public_key().to_openssh()?)?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let text = format!(
        "ListenAddress {address}\nHostKey {}\nAuthorizedKeysFile {}\nForceCommand {} --kiosk\nPidFile none\n\
         PermitRootLogin yes\nStrictModes no\nUsePAM no\nPermitUserRC no\nDisableForwarding yes\n\
         MaxStartups 1000\nUseDNS no\n",
        host_key.display(),
        keys.display(),
        env!("CARGO_BIN_EXE_dialtree")
    );
    std::fs::write(&config, text)?;
    let mut child = Command::new(sshd).args(["-D", "-e", "-f"]).arg(&config).stderr(Stdio::null()).spawn()?;
    let end = compare(&child, address, key, folder).await;
    let _ = child.kill();
    let _ = child.wait();
    end
}

async fn compare(sshd: &Child, address: SocketAddr, key: Arc<PrivateKey>, folder: &Path) -> Result<(), Box<dyn Error>> {
    let up = Instant::now() + RESTED;
    while std::net::TcpStream::connect(address).is_err() && Instant::now() < up {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // One at a time, so that neither is measured by how its own crowd waits.
    let (theirs, their_first) = crowd(address, Some(key), BESIDE, 1).await?;
    let their_memory = proportional(sshd.id())? / BESIDE as u64;
    leave(theirs).await;
    let server = Server::start(&folder.join("host_key"))?;
    let before = server.memory()?;
    let (ours, our_first) = crowd(server.address, None, BESIDE, 1).await?;
    let our_memory = server.memory()?.saturating_sub(before) / BESIDE as u64;
    leave(ours).await;
    println!("{BESIDE} sessions, one coming after another");
    println!("  OpenSSH: first frame       {}  {their_memory} KiB a session", quantiles(&their_first));
    println!("  serve: first frame         {}  {our_memory} KiB a session", quantiles(&our_first));
    let share = our_memory as f64 / their_memory as f64;
    let times = quantile(&our_first, 0.5) / quantile(&their_first, 0.5);
    println!("  memory ratio {share:.3}, first frame ratio {times:.3}");
    verdict("memory <= 1/10 of OpenSSH's", share <= 0.1);
    verdict("first frame not later than OpenSSH's", times <= 1.0);
    Ok(())
}

async fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if arguments.iter().any(|argument| argument == "--connects") {
        let server = Server::start(&folder.join("host_key"))?;
        return come_and_go(&server, *numbers.first().ok_or("--connects takes a number")?).await;
    }
    let seconds = numbers.get(1).map_or(Ok(SECONDS), |seconds| (*seconds).try_into())?;
    for sessions in numbers.first().map_or(vec![100, 500, 1000], |sessions| vec![*sessions]) {
        let server = Server::start(&folder.join("host_key"))?;
        measure(&server, sessions, seconds).await?;
    }
    beside_openssh(folder).await
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("dialtree-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(run(&folder));
    std::fs::remove_dir_all(&folder)?;
    end
}
