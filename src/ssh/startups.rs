//! The connections before login, which have a pool of their own, so that clients without a key cannot take the places
//! of those with one.
//!
//! As the pool fills, connections are dropped at random, as by OpenSSH's `MaxStartups`. OpenSSH drops the new one, so
//! that a few addresses which hold the pool keep everyone out. Here, the network with the most connections gives one
//! up, and the new one is dropped only if it comes from such a network itself.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::config::MaxStartups;

/// A connection that is not logged in yet.
struct Startup {
    network: IpAddr,
    /// Whether it has offered a key that was refused too often.
    is_suspect: bool,
    /// Aborts the connection.
    abort: CancellationToken,
}

/// The connections by the order of their arrival.
#[derive(Default)]
struct Pool {
    startups: BTreeMap<u64, Startup>,
    last_number: u64,
}

pub(super) struct Startups {
    limits: MaxStartups,
    pool: Arc<Mutex<Pool>>,
}

/// The place of a connection in the pool until it is dropped.
pub(super) struct StartupPlace {
    pool: Arc<Mutex<Pool>>,
    number: u64,
}

impl Startups {
    pub(super) fn new(limits: MaxStartups) -> Self {
        Self { limits, pool: Arc::default() }
    }

    /// Admits a connection, unless it is dropped. Returns its place and whether another connection was aborted for it.
    /// `chance` is a random number from 0 to 99.
    pub(super) fn try_acquire(
        &self,
        address: IpAddr,
        abort: &CancellationToken,
        chance: u32,
    ) -> Option<(StartupPlace, bool)> {
        let network = network(address);
        let mut pool = lock(&self.pool);
        let drops = chance < self.limits.drop_percentage(pool.startups.len());
        if drops {
            let victim = pool.victim(network)?;
            pool.startups.remove(&victim)?.abort.cancel();
        }
        pool.last_number += 1;
        let number = pool.last_number;
        pool.startups.insert(number, Startup { network, is_suspect: false, abort: abort.clone() });
        Some((StartupPlace { pool: Arc::clone(&self.pool), number }, drops))
    }
}

impl Pool {
    /// The connection that has to give way to a new one: the oldest that is suspect, or else the oldest of the network
    /// with the most connections, if that has more than the new connection's network will have.
    fn victim(&self, network: IpAddr) -> Option<u64> {
        if let Some((suspect, _)) = self.startups.iter().find(|(_, startup)| startup.is_suspect) {
            return Some(*suspect);
        }
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for startup in self.startups.values() {
            *counts.entry(startup.network).or_default() += 1;
        }
        let own_count = counts.get(&network).map_or(1, |count| count + 1);
        let (heaviest, _) =
            counts.into_iter().filter(|(_, count)| *count > own_count).max_by_key(|(_, count)| *count)?;
        self.startups.iter().find(|(_, startup)| startup.network == heaviest).map(|(number, _)| *number)
    }
}

impl StartupPlace {
    /// Marks the connection as the first to give way.
    pub(super) fn suspect(&self) {
        if let Some(startup) = lock(&self.pool).startups.get_mut(&self.number) {
            startup.is_suspect = true;
        }
    }
}

impl Drop for StartupPlace {
    fn drop(&mut self) {
        lock(&self.pool).startups.remove(&self.number);
    }
}

fn lock(pool: &Mutex<Pool>) -> MutexGuard<'_, Pool> {
    pool.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What counts as one network: an address of IPv4, a /48 network of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
        v4 => v4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn startups(limits: &str) -> Startups {
        Startups::new(limits.parse().unwrap())
    }

    /// Adds connections from an address, which are dropped whenever they can be.
    fn connect(startups: &Startups, address: &str, count: usize) -> Vec<(Option<StartupPlace>, CancellationToken)> {
        let connect = |_| {
            let abort = CancellationToken::new();
            (startups.try_acquire(address.parse().unwrap(), &abort, 0).map(|(place, _)| place), abort)
        };
        (0..count).map(connect).collect()
    }

    fn held(connections: &[(Option<StartupPlace>, CancellationToken)]) -> usize {
        connections.iter().filter(|(place, abort)| place.is_some() && !abort.is_cancelled()).count()
    }

    #[test]
    fn the_network_with_the_most_connections_gives_way() {
        let startups = startups("10:100:10");
        let attacker = connect(&startups, "192.0.2.1", 20);
        assert_eq!(held(&attacker), 10, "one address may hold all places while no other wants them");
        let users = connect(&startups, "192.0.2.2", 9);
        assert_eq!((held(&attacker), held(&users)), (5, 5), "and shares them when another does");
        assert!(attacker[0].1.is_cancelled() && !attacker[9].1.is_cancelled(), "the oldest gives way");
        drop(attacker);
        assert_eq!(held(&connect(&startups, "192.0.2.3", 5)), 5);
    }

    #[test]
    fn a_48_bit_network_counts_as_one() {
        let startups = startups("4:100:4");
        let attackers: Vec<_> =
            (0..9).flat_map(|subnet| connect(&startups, &format!("2001:db8:0:{subnet}::1"), 1)).collect();
        assert_eq!(held(&attackers), 4);
        assert_eq!((held(&connect(&startups, "2001:db8:1::1", 1)), held(&attackers)), (1, 3));
    }

    #[test]
    fn a_suspect_connection_gives_way_first() {
        let startups = startups("3:100:3");
        let (first, second) = (connect(&startups, "192.0.2.1", 2), connect(&startups, "192.0.2.2", 1));
        second[0].0.as_ref().unwrap().suspect();
        assert_eq!(held(&connect(&startups, "192.0.2.3", 1)), 1);
        assert_eq!((held(&first), held(&second)), (2, 0));
    }

    #[test]
    fn connections_are_dropped_at_random_as_the_pool_fills() {
        let startups = startups("2:30:12");
        let admits = |chance| startups.try_acquire("192.0.2.1".parse().unwrap(), &CancellationToken::new(), chance);
        let mut held: Vec<_> = (0..2).map(|_| admits(0).unwrap()).collect();
        assert!(admits(29).is_none() && admits(30).is_some());
        held.extend((0..5).map(|_| admits(99).unwrap()));
        // Halfway from 30 % to 100 %.
        assert!(admits(64).is_none() && admits(65).is_some());
        held.extend((0..5).map(|_| admits(99).unwrap()));
        assert!(admits(99).is_none());
    }
}
