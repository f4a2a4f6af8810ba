//! Compares the server with OpenSSH's sshd, which starts the same binary by ForceCommand, in one run.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;

use crate::client::{crowd, disconnect, quantile, quantiles};
use crate::server::{Memory, SETTLE_TIMEOUT, Server, children};
use crate::verdict;

/// The number of sessions of each server.
const SESSION_COUNT: usize = 100;

/// Compares the servers. `crowded` is the memory per session of the server with many more sessions, in KiB.
pub(crate) async fn compare(folder: &Path, key: &Arc<PrivateKey>, crowded: u64) -> Result<(), Box<dyn Error>> {
    let sshd = Path::new("/usr/sbin/sshd");
    if !sshd.exists() {
        println!("OpenSSH: skipped, {} is not installed", sshd.display());
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
    let end = measure(&child, address, key, folder, crowded).await;
    let _ = child.kill();
    let _ = child.wait();
    end
}

async fn measure(
    sshd: &Child,
    address: SocketAddr,
    key: &Arc<PrivateKey>,
    folder: &Path,
    crowded: u64,
) -> Result<(), Box<dyn Error>> {
    let up = Instant::now() + SETTLE_TIMEOUT;
    while std::net::TcpStream::connect(address).is_err() && Instant::now() < up {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // One session after another, so that the time to the first frame contains no waiting for other sessions. The memory
    // of both servers includes their listeners.
    let (theirs, their_first) = crowd(address, key, SESSION_COUNT, 1).await?;
    let their_memory = Memory::of_all(sshd.id())?;
    disconnect(theirs).await;
    let gone = Instant::now() + SETTLE_TIMEOUT;
    while !children(sshd.id())?.is_empty() && Instant::now() < gone {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = Server::start(folder, key)?;
    let (ours, our_first) = crowd(server.address, key, SESSION_COUNT, 1).await?;
    let our_memory = server.memory()?;
    disconnect(ours).await;
    println!("{SESSION_COUNT} sessions, opened one after another; memory of the whole server per session");
    for (name, first, memory) in [("OpenSSH", &their_first, their_memory), ("serve", &our_first, our_memory)] {
        let [resident, share] = [memory.resident, memory.share].map(|all| all / SESSION_COUNT as u64);
        println!("  {name:<8} first frame      {}", quantiles(first));
        println!("  {name:<8} memory           {resident} KiB resident, {share} KiB with shared pages counted once");
    }
    let ratio = our_memory.share as f64 / their_memory.share as f64;
    let crowded = crowded as f64 / (their_memory.share as f64 / SESSION_COUNT as f64);
    let times = quantile(&our_first, 0.5) / quantile(&their_first, 0.5);
    println!("  memory with shared pages counted once {ratio:.3} x; first frame {times:.3} x");
    println!("  resident memory per session in the largest crowd above {crowded:.3} x");
    verdict("memory in that crowd <= 1/10 of OpenSSH's", crowded <= 0.1);
    verdict("first frame no later than OpenSSH's", times <= 1.0);
    Ok(())
}
