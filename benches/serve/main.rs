//! What many sessions at once cost: 100, 500 and 1,000 navigators of 80×24, each with a key a second. Prints, for each,
//! the time from the connection to the first frame and from a key to its frame, the server's share of the processor and
//! its memory a session, and what is left of it after a first and a second wave; then the same of OpenSSH's sshd with
//! ForceCommand on the same binary, where it is installed and may be started; and what somebody at work feels of an
//! attack. Clients and servers share this machine. A number of sessions and of seconds can be given: `cargo bench
//! --bench serve -- 200 10`; and `--connects 100000` comes and goes so often instead. A missed bound is printed and never
//! fails the run.

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

use client::{crowd, leave, quantile, quantiles, type_on};
use russh::keys::{Algorithm, PrivateKey};
use server::Server;

/// Seconds for which everybody types.
const SECONDS: u32 = 30;

/// So many connect at the same time.
const AT_ONCE: usize = 20;

fn verdict(bound: &str, is_held: bool) {
    println!("  {bound:<42} {}", if is_held { "held" } else { "missed" });
}

/// Measures so many sessions; what each of them takes, in KiB.
async fn measure(server: &Server, key: &Arc<PrivateKey>, sessions: usize, seconds: u32) -> Result<u64, Box<dyn Error>> {
    // The first to come bring in the program's own pages, which stay.
    leave(crowd(server.address, key, AT_ONCE, AT_ONCE).await?.0).await;
    let fresh = server.rested(0).await?;
    let (navigators, first) = crowd(server.address, key, sessions, AT_ONCE).await?;
    println!("{sessions} sessions");
    println!("  connection to first frame  {}", quantiles(&first));
    let (processor, began) = (server.processor()?, Instant::now());
    let typing: Vec<_> = navigators
        .into_iter()
        .enumerate()
        .map(|(place, one)| tokio::spawn(type_on(one, place, seconds, Duration::from_secs(1))))
        .collect();
    let (mut times, mut there) = (Vec::new(), Vec::new());
    for one in typing {
        let (navigator, some) = one.await??;
        there.push(navigator);
        times.extend(some);
    }
    let busy = (server.processor()? - processor) / began.elapsed().as_secs_f64();
    let with = server.memory()?.resident;
    let whole = with / sessions as u64;
    println!("  key to frame               {}", quantiles(&times));
    println!("  processor                  {:.1} % of one core", busy * 100.0);
    println!("  memory a session           {whole} KiB, the server's own shared out");
    leave(there).await;
    let taken = with.saturating_sub(fresh);
    let left = server.rested(fresh).await?;
    // A second crowd must add nothing to what the first has left.
    let (navigators, _) = crowd(server.address, key, sessions, AT_ONCE).await?;
    let again = server.memory()?.resident;
    leave(navigators).await;
    let after = server.rested(left).await?;
    println!("  memory: at rest {fresh} KiB, with {with}, left {left}; again with {again}, left {after}");
    verdict("key to frame p99 <= 50 ms", quantile(&times, 0.99) <= 50.0);
    verdict("memory <= 512 KiB a session", whole <= 512);
    verdict("all but 5 % of what was taken is back", left.saturating_sub(fresh) * 100 <= taken * 5);
    verdict("a second crowd leaves no more, within 5 %", after * 100 <= left * 105);
    Ok(whole)
}

/// Comes and goes so often.
async fn come_and_go(server: &Server, key: &Arc<PrivateKey>, connects: usize) -> Result<(), Box<dyn Error>> {
    leave(crowd(server.address, key, connects.min(1000), AT_ONCE).await?.0).await;
    let before = server.rested(0).await?;
    let (came_in, processor, began) = (server.came_in.load(Ordering::Relaxed), server.processor()?, Instant::now());
    for done in (0..connects).step_by(AT_ONCE) {
        leave(crowd(server.address, key, AT_ONCE.min(connects - done), AT_ONCE).await?.0).await;
    }
    let took = began.elapsed().as_secs();
    let after = server.rested(before).await?;
    let busy = server.processor()? - processor;
    let came_in = server.came_in.load(Ordering::Relaxed) - came_in;
    println!("{connects} connects in {took} s, {came_in} logins in the server's log, {busy:.1} s of processor");
    println!("  memory {before} KiB before, {after} KiB after");
    verdict("every connect was a login", came_in == connects);
    verdict("no growth beyond 5 %", after * 100 <= before * 105);
    Ok(())
}

async fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let key = Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)?);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if arguments.iter().any(|argument| argument == "--connects") {
        let server = Server::start(folder, &key)?;
        return come_and_go(&server, &key, *numbers.first().ok_or("--connects takes a number")?).await;
    }
    let seconds = numbers.get(1).map_or(Ok(SECONDS), |seconds| (*seconds).try_into())?;
    let mut each = 0;
    for sessions in numbers.first().map_or(vec![100, 500, 1000], |sessions| vec![*sessions]) {
        let server = Server::start(folder, &key)?;
        each = measure(&server, &key, sessions, seconds).await?;
    }
    openssh::beside(folder, &key, each).await?;
    attacks::measure(folder, &key).await
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("dialtree-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(run(&folder));
    std::fs::remove_dir_all(&folder)?;
    end
}
