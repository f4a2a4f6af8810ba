//! The memory that sessions and commands may take together, charged by estimates that are rather too high than too low.
//!
//! One address may hold no more than what is still free. So one that takes all it can leaves half of the budget to the
//! others, two leave a third, and however many there are, there is something left for one more.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::limits::network;
use crate::search::Catalog;

/// What is set aside for connections, in bytes.
const CONNECTIONS_RESERVE: usize = 64 << 20;

/// The budget that remains however large the directory is, in bytes: enough for some sessions.
const MIN_BUDGET: usize = 32 << 20;

/// The delay after a reload: by then, all sessions have the new directory, and the old one is freed.
const SETTLE_TIME: Duration = Duration::from_secs(5);

/// What a session keeps of each entry of the directory, in bytes: a row of the tree pane.
const ENTRY_CHARGE: usize = 64;

#[derive(Default)]
struct Charges {
    total: usize,
    charged: usize,
    /// What each network has been charged. None is charged nothing.
    by_network: HashMap<IpAddr, usize>,
}

impl Charges {
    fn free(&self) -> usize {
        self.total.saturating_sub(self.charged)
    }
}

pub(super) struct MemoryBudget {
    charges: Arc<Mutex<Charges>>,
    /// What each session is charged for the directory.
    directory_charge: AtomicUsize,
}

/// A charge, which is returned when it is dropped.
pub(super) struct MemoryCharge {
    charges: Arc<Mutex<Charges>>,
    network: IpAddr,
    bytes: usize,
}

impl MemoryBudget {
    pub(super) fn new(bytes: usize) -> Self {
        let charges = Charges { total: bytes, ..Charges::default() };
        Self { charges: Arc::new(Mutex::new(charges)), directory_charge: AtomicUsize::new(0) }
    }

    /// Charges an address with a number of bytes, if its network may have as much.
    pub(super) fn charge(&self, address: IpAddr, bytes: usize) -> Option<MemoryCharge> {
        let mut charge = self.uncharged(address);
        charge.resize(bytes).then_some(charge)
    }

    /// A charge of nothing, to be resized.
    pub(super) fn uncharged(&self, address: IpAddr) -> MemoryCharge {
        MemoryCharge { charges: Arc::clone(&self.charges), network: network(address), bytes: 0 }
    }

    /// The bytes that are charged to nobody.
    pub(super) fn free(&self) -> usize {
        lock(&self.charges).free()
    }

    /// What a session is charged for the directory, in bytes.
    pub(super) fn directory_charge(&self) -> usize {
        self.directory_charge.load(Ordering::Relaxed)
    }

    /// Sets the budget to what a directory leaves of a maximum: twice what the process takes without sessions and
    /// commands is kept for it, because the old directory stays in memory while a new one is loaded.
    fn fit(&self, max_memory: usize, catalog: &Catalog) {
        let entry_count = catalog.directories().iter().map(|directory| directory.entries().count()).sum::<usize>();
        self.directory_charge.store(entry_count * ENTRY_CHARGE, Ordering::Relaxed);
        let mut charges = lock(&self.charges);
        let own = resident_memory().saturating_sub(charges.charged);
        let left = max_memory.saturating_sub(CONNECTIONS_RESERVE + own * 9 / 4);
        if left < MIN_BUDGET {
            let megabytes = own >> 20;
            tracing::warn!(megabytes, "the directory is large: a reload may take more than --max-memory");
        }
        charges.total = left.max(MIN_BUDGET);
    }
}

impl MemoryCharge {
    /// Changes the charge to a number of bytes; returns false, and changes nothing, if the network may not have as
    /// much.
    pub(super) fn resize(&mut self, bytes: usize) -> bool {
        let mut charges = lock(&self.charges);
        let free = charges.total.saturating_sub(charges.charged - self.bytes);
        let held = charges.by_network.get(&self.network).map_or(0, |held| held - self.bytes);
        if bytes > self.bytes && held + bytes > free.saturating_sub(bytes) {
            return false;
        }
        charges.charged = charges.charged + bytes - self.bytes;
        match held + bytes {
            0 => charges.by_network.remove(&self.network),
            held => charges.by_network.insert(self.network, held),
        };
        self.bytes = bytes;
        true
    }
}

impl Drop for MemoryCharge {
    fn drop(&mut self) {
        self.resize(0);
    }
}

/// Keeps the budget at what the directory leaves of the maximum, until the task is dropped.
pub(super) async fn fit_after_reloads(
    memory: &MemoryBudget,
    max_memory: usize,
    mut current: watch::Receiver<Arc<Catalog>>,
    memory_freed: &Notify,
) -> Infallible {
    loop {
        let catalog = current.borrow_and_update().clone();
        memory.fit(max_memory, &catalog);
        drop(catalog);
        if current.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        memory_freed.notify_one();
        sleep(SETTLE_TIME).await;
    }
}

/// The resident memory of the process, in bytes; 0 where the system does not tell.
fn resident_memory() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0);
    pages * PAGE_SIZE
}

/// The size of a page where it is not larger, in bytes.
const PAGE_SIZE: usize = 4096;

fn lock(charges: &Mutex<Charges>) -> MutexGuard<'_, Charges> {
    charges.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Charges an address one byte at a time for as long as it may.
    fn take_all(budget: &MemoryBudget, address: &str) -> Vec<MemoryCharge> {
        std::iter::from_fn(|| budget.charge(address.parse().unwrap(), 1)).collect()
    }

    #[test]
    fn however_much_some_take_there_is_something_left_for_others() {
        let budget = MemoryBudget::new(60);
        let first = take_all(&budget, "192.0.2.1");
        assert_eq!(first.len(), 30);
        assert_eq!(take_all(&budget, "192.0.2.2").len(), 15);
        assert_eq!(budget.free(), 30, "what is dropped is returned");
        assert_eq!(take_all(&budget, "192.0.2.1").len(), 0);
        drop(first);
        assert_eq!(budget.free(), 60);
    }

    #[test]
    fn a_charge_grows_only_within_the_budget() {
        let budget = MemoryBudget::new(100);
        let mut charge = budget.charge("192.0.2.1".parse().unwrap(), 10).unwrap();
        assert!(charge.resize(50) && !charge.resize(51));
        assert_eq!(budget.free(), 50);
        assert!(charge.resize(1));
        assert_eq!(budget.free(), 99);
    }
}
