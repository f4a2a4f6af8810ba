//! Runs the server as a process and measures its memory and processor time.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;

/// The maximum time to wait for memory to return.
pub(crate) const SETTLE_TIMEOUT: Duration = Duration::from_secs(15);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// The number of logins in the log.
    pub(crate) login_count: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that accepts a key, with limits that are never reached.
    pub(crate) fn start(folder: &Path, key: &PrivateKey) -> Result<Self, Box<dyn Error>> {
        let keys = folder.join("keys");
        std::fs::write(&keys, key.public_key().to_openssh()?)?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_dialtree"))
            .args(["serve", "--listen", "127.0.0.1:0", "--max-connections", "5000"])
            .args(["--max-connections-per-address", "5000", "--max-connection-rate", "5000", "--host-key"])
            .arg(folder.join("host_key"))
            .arg("--authorized-keys")
            .arg(keys)
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no log")?).lines();
        let is_listening =
            |line: &std::io::Result<String>| line.as_ref().map_or(true, |line| line.contains("listening"));
        let line = lines.find(is_listening).ok_or("the server does not listen")??;
        let address =
            line.split("address=").nth(1).and_then(|rest| rest.split(' ').next()).ok_or(line.clone())?.parse()?;
        let login_count = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&login_count);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.contains("logged in")) {
                drop(line);
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(Self { child, address, login_count })
    }

    /// Waits until the memory is within 5 % of what it was before, or [`SETTLE_TIMEOUT`]. Returns what it is then, in KiB.
    pub(crate) async fn rested(&self, before: u64) -> Result<u64, Box<dyn Error>> {
        let end = Instant::now() + SETTLE_TIMEOUT;
        while self.memory()?.resident * 100 > before * 105 && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(self.memory()?.resident)
    }

    pub(crate) fn memory(&self) -> Result<Memory, Box<dyn Error>> {
        Memory::of(self.child.id())
    }

    /// The processor time of the server so far, in seconds.
    pub(crate) fn processor(&self) -> Result<f64, Box<dyn Error>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The memory of a process, in KiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    /// Like `resident`, but a page that several processes share is divided among them.
    pub(crate) share: u64,
}

impl Memory {
    fn of(process: u32) -> Result<Self, Box<dyn Error>> {
        let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let field = |name: &str| -> Result<u64, Box<dyn Error>> {
            let line = rollup.lines().find_map(|line| line.strip_prefix(name)).ok_or(name)?;
            Ok(line.trim().trim_end_matches(" kB").parse()?)
        };
        Ok(Self { resident: field("Rss:")?, share: field("Pss:")? })
    }

    /// The memory of a process and all of its descendants.
    pub(crate) fn of_all(root: u32) -> Result<Self, Box<dyn Error>> {
        let mut sum = Self::of(root)?;
        for child in children(root)? {
            let child = Self::of_all(child)?;
            sum = Self { resident: sum.resident + child.resident, share: sum.share + child.share };
        }
        Ok(sum)
    }
}

/// The child processes of a process.
pub(crate) fn children(process: u32) -> Result<Vec<u32>, Box<dyn Error>> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    Ok(children.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}
