//! OpenSSH's sshd with ForceCommand on the same binary, beside this server, in one run.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;

use crate::client::{crowd, leave, quantile, quantiles};
use crate::server::{Memory, RESTED, Server, children};
use crate::verdict;

/// Sessions of each.
const BESIDE: usize = 100;

/// Compares; `crowded` is what a session of a server with many more takes, in KiB.
pub(crate) async fn beside(folder: &Path, key: &Arc<PrivateKey>, crowded: u64) -> Result<(), Box<dyn Error>> {
    let sshd = Path::new("/usr/sbin/sshd");
    if !sshd.exists() {
        println!("OpenSSH: {} is not installed, so nothing is compared", sshd.display());
        return Ok(());
    }
    std::fs::create_dir_all("/run/sshd")?;
    let (host_key, keys, config) = (folder.join("sshd_key"), folder.join("sshd_keys"), folder.join("sshd_config"));
    std::fs::write(&host_key, key.to_openssh(LineEnding::LF)?.as_bytes())?;
    std::fs::set_permissions(&host_key, std::fs::Permissions::from_mode(0o600))?;
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
    let end = compare(&child, address, key, folder, crowded).await;
    let _ = child.kill();
    let _ = child.wait();
    end
}

async fn compare(
    sshd: &Child,
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    folder: &Path,
    crowded: u64,
) -> Result<(), Box<dyn Error>> {
    let up = Instant::now() + RESTED;
    while std::net::TcpStream::connect(address).is_err() && Instant::now() < up {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // One at a time, so that neither is measured by how its own crowd waits. Both with everything that they are: the
    // listener here and there, and each session.
    let (theirs, their_first) = crowd(address, key, BESIDE, 1).await?;
    let their_memory = Memory::of_all(sshd.id())?;
    leave(theirs).await;
    let gone = Instant::now() + RESTED;
    while !children(sshd.id())?.is_empty() && Instant::now() < gone {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = Server::start(folder, key)?;
    let (ours, our_first) = crowd(server.address, key, BESIDE, 1).await?;
    let our_memory = server.memory()?;
    leave(ours).await;
    println!("{BESIDE} sessions, one coming after another; each server whole, over its sessions");
    for (name, first, memory) in [("OpenSSH", &their_first, their_memory), ("serve", &our_first, our_memory)] {
        let [resident, share] = [memory.resident, memory.share].map(|all| all / BESIDE as u64);
        println!("  {name:<8} first frame      {}", quantiles(first));
        println!("  {name:<8} memory           {resident} KiB resident, {share} KiB with what is shared counted once");
    }
    let ratio = our_memory.share as f64 / their_memory.share as f64;
    let crowded = crowded as f64 / (their_memory.share as f64 / BESIDE as f64);
    let times = quantile(&our_first, 0.5) / quantile(&their_first, 0.5);
    println!("  memory, shared counted once, {ratio:.3} x; first frame {times:.3} x");
    println!("  memory of a session in the largest crowd above, all resident, {crowded:.3} x");
    verdict("in that crowd memory <= 1/10 of OpenSSH's", crowded <= 0.1);
    verdict("first frame not later than OpenSSH's", times <= 1.0);
    Ok(())
}
