//! The server as its own process, and what it takes.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;

/// As long as memory may take to come back.
pub(crate) const RESTED: Duration = Duration::from_secs(15);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Logins, as its log has them.
    pub(crate) came_in: Arc<AtomicUsize>,
}

impl Server {
    /// Starts one that lets in whoever has the key, as many and as fast as they come.
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
        let line = lines.find(is_listening).ok_or("it does not listen")??;
        let address =
            line.split("address=").nth(1).and_then(|rest| rest.split(' ').next()).ok_or(line.clone())?.parse()?;
        let came_in = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&came_in);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.contains("logged in")) {
                drop(line);
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(Self { child, address, came_in })
    }

    /// Waits until memory is back where it was, or will not be; what it is then.
    pub(crate) async fn rested(&self, before: u64) -> Result<u64, Box<dyn Error>> {
        let end = Instant::now() + RESTED;
        while self.memory()?.resident * 100 > before * 105 && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(self.memory()?.resident)
    }

    pub(crate) fn memory(&self) -> Result<Memory, Box<dyn Error>> {
        Memory::of(self.child.id())
    }

    /// Seconds on the processor so far.
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

/// What a process holds, in KiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    /// The same, where a page that several processes share counts once among them.
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

    /// A process and all that it has started.
    pub(crate) fn of_all(root: u32) -> Result<Self, Box<dyn Error>> {
        let mut sum = Self::of(root)?;
        for child in children(root)? {
            let child = Self::of_all(child)?;
            sum = Self { resident: sum.resident + child.resident, share: sum.share + child.share };
        }
        Ok(sum)
    }
}

/// The processes that a process has started.
pub(crate) fn children(process: u32) -> Result<Vec<u32>, Box<dyn Error>> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    Ok(children.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}
