//! The cost of many sessions at once: 100, 500 and 1,000 sessions of 80×24 cells, each sent one key per second.
//!
//! ```text
//! cargo bench --bench serve                         # all of it
//! cargo bench --bench serve -- 200 10               # 200 sessions for 10 s
//! cargo bench --bench serve -- --connects 100000    # connect and disconnect 100,000 times
//! cargo bench --bench serve -- --limits             # logins and commands of users while others take all they can
//! ```
//!
//! Prints for each number of sessions the times from connection to first frame and from key to frame, the CPU time and
//! memory that the server uses, and the memory that remains after a first and a second crowd. Then compares with
//! OpenSSH's sshd, if it is installed, which starts the same binary by ForceCommand, and measures the latency of a
//! session during attacks. Clients and servers share the machine. A missed bound is printed but does not fail the run.

#![allow(clippy::print_stdout)]

mod attacks;
mod client;
mod openssh;
mod server;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use client::{crowd, disconnect, quantile, quantiles, send_keys};
use russh::keys::{Algorithm, PrivateKey};
use server::Server;

/// The number of seconds for which each session is sent keys.
const SECONDS: u32 = 30;

/// The number of clients that connect at the same time.
const CONCURRENCY: usize = 20;

/// Prints whether a bound is met.
fn verdict(bound: &str, is_met: bool) {
    println!("  {bound:<42} {}", if is_met { "met" } else { "missed" });
}

/// Measures a number of sessions. Returns the memory of the server per session, in KiB.
async fn measure(server: &Server, key: &Arc<PrivateKey>, sessions: usize, seconds: u32) -> Result<u64, Box<dyn Error>> {
    // The first sessions make pages of the program file resident, which does not count.
    disconnect(crowd(server.address, key, CONCURRENCY, CONCURRENCY).await?.0).await;
    let fresh = server.rested(0).await?;
    let (navigators, first) = crowd(server.address, key, sessions, CONCURRENCY).await?;
    println!("{sessions} sessions");
    println!("  connection to first frame  {}", quantiles(&first));
    let (processor, began) = (server.processor()?, Instant::now());
    let typing: Vec<_> = navigators
        .into_iter()
        .enumerate()
        .map(|(index, one)| tokio::spawn(send_keys(one, index, seconds, Duration::from_secs(1))))
        .collect();
    let (mut times, mut open) = (Vec::new(), Vec::new());
    for one in typing {
        let (navigator, some) = one.await??;
        open.push(navigator);
        times.extend(some);
    }
    let busy = (server.processor()? - processor) / began.elapsed().as_secs_f64();
    let with = server.memory()?.resident;
    let whole = with / sessions as u64;
    println!("  key to frame               {}", quantiles(&times));
    println!("  processor                  {:.1} % of one core", busy * 100.0);
    println!("  memory per session         {whole} KiB, including its share of the server's own");
    disconnect(open).await;
    let taken = with.saturating_sub(fresh);
    let left = server.rested(fresh).await?;
    // A second crowd must not leave more memory than the first.
    let (navigators, _) = crowd(server.address, key, sessions, CONCURRENCY).await?;
    let again = server.memory()?.resident;
    disconnect(navigators).await;
    let after = server.rested(left).await?;
    println!("  memory in KiB: idle {fresh}, in use {with}, after {left}; second crowd: in use {again}, after {after}");
    verdict("key to frame p99 <= 50 ms", quantile(&times, 0.99) <= 50.0);
    verdict("memory taken <= 160 KiB per session", taken <= 160 * sessions as u64);
    // What remains does not depend on the number of sessions: caches of the allocator and pages of the program file.
    verdict("all but 10 MB of the memory is returned", left.saturating_sub(fresh) <= 10 << 10);
    verdict("a second crowd leaves at most 5 % more", after * 100 <= left * 105);
    Ok(whole)
}

/// Connects and disconnects a number of times.
async fn connect_repeatedly(server: &Server, key: &Arc<PrivateKey>, connects: usize) -> Result<(), Box<dyn Error>> {
    disconnect(crowd(server.address, key, connects.min(1000), CONCURRENCY).await?.0).await;
    let before = server.rested(0).await?;
    let (logins, processor, began) = (server.login_count.load(Ordering::Relaxed), server.processor()?, Instant::now());
    for done in (0..connects).step_by(CONCURRENCY) {
        disconnect(crowd(server.address, key, CONCURRENCY.min(connects - done), CONCURRENCY).await?.0).await;
    }
    let took = began.elapsed().as_secs();
    let after = server.rested(before).await?;
    let busy = server.processor()? - processor;
    let logins = server.login_count.load(Ordering::Relaxed) - logins;
    println!("{connects} connects in {took} s, {logins} logins in the server's log, {busy:.1} s of processor");
    println!("  memory {before} KiB before, {after} KiB after");
    verdict("every connection was a login", logins == connects);
    verdict("memory grows by 5 % at most", after * 100 <= before * 105);
    Ok(())
}

async fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let key = Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)?);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if arguments.iter().any(|argument| argument == "--limits") {
        attacks::measure_logins(folder, &key).await?;
        return attacks::measure_commands(folder, &key).await;
    }
    if arguments.iter().any(|argument| argument == "--connects") {
        let server = Server::start(folder, &key)?;
        return connect_repeatedly(&server, &key, *numbers.first().ok_or("--connects takes a number")?).await;
    }
    let seconds = numbers.get(1).map_or(Ok(SECONDS), |seconds| (*seconds).try_into())?;
    let mut each = 0;
    for sessions in numbers.first().map_or(vec![100, 500, 1000], |sessions| vec![*sessions]) {
        let server = Server::start(folder, &key)?;
        each = measure(&server, &key, sessions, seconds).await?;
    }
    openssh::compare(folder, &key, each).await?;
    attacks::measure(folder, &key).await?;
    attacks::measure_logins(folder, &key).await?;
    attacks::measure_commands(folder, &key).await
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("dialtree-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(run(&folder));
    std::fs::remove_dir_all(&folder)?;
    end
}
