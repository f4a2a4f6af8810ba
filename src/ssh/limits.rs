//! Connection limits, which are checked before a connection costs anything: the number of connections that are logged
//! in, the number from one address, and the rate of new ones from one address. Those before login are also in the pool
//! of `startups`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::ServeOptions;

/// The number of addresses in the rate limiter above which those with a full quota are forgotten.
const MAX_REMEMBERED_ADDRESSES: usize = 4096;

pub(super) struct ConnectionLimits {
    total: Arc<Semaphore>,
    open: Arc<OpenConnections>,
    max_per_address: usize,
    rate: DefaultKeyedRateLimiter<IpAddr>,
}

/// The number of open connections of each address that has any.
type OpenConnections = Mutex<HashMap<IpAddr, usize>>;

/// The limit that refuses a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server has the maximum number of connections that are logged in.
    Total,
    /// The address has the maximum number of connections.
    Address,
    /// The address opens connections too fast.
    Rate,
}

/// The permission for one connection; dropping it makes room for another from its address.
pub(super) struct ConnectionPermit {
    open: Arc<OpenConnections>,
    address: IpAddr,
}

impl ConnectionLimits {
    pub(super) fn new(options: &ServeOptions) -> Self {
        let max_per_address = options.max_connections_per_address.get();
        // A burst of all connections of an address is allowed: a whole office reconnects at once after an outage.
        let burst = u32::try_from(max_per_address).ok().and_then(NonZeroU32::new);
        let rate = options.max_connection_rate;
        Self {
            total: Arc::new(Semaphore::new(options.max_connections.get().min(Semaphore::MAX_PERMITS))),
            open: Arc::default(),
            max_per_address,
            rate: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst.unwrap_or(rate))),
        }
    }

    /// Counts a connection that is logged in until the permit is dropped; none if there is the maximum number of them.
    pub(super) fn try_log_in(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.total).try_acquire_owned().ok()
    }

    /// Admits a connection from an address, or returns the limit that it exceeds. Never waits.
    pub(super) fn try_acquire(&self, address: IpAddr) -> Result<ConnectionPermit, Refusal> {
        // No client could log in now, so a handshake would be of no use.
        if self.total.available_permits() == 0 {
            return Err(Refusal::Total);
        }
        let address = network(address);
        if self.rate.len() > MAX_REMEMBERED_ADDRESSES {
            self.rate.retain_recent();
            self.rate.shrink_to_fit();
        }
        let mut open = lock(&self.open);
        if open.get(&address).is_some_and(|count| *count >= self.max_per_address) {
            return Err(Refusal::Address);
        }
        if self.rate.check_key(&address).is_err() {
            return Err(Refusal::Rate);
        }
        *open.entry(address).or_default() += 1;
        drop(open);
        Ok(ConnectionPermit { open: Arc::clone(&self.open), address })
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

fn lock(open: &OpenConnections) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What counts as one address. A single IPv6 subscriber has at least a /64, so limits per IPv6 address limit nothing.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

/// The maximum number of connections from trusted proxies whose PROXY header is not read yet, and of health checks.
const MAX_WAITING_FOR_HEADER: usize = 128;
const MAX_PROBES: usize = 32;

/// The connections from trusted proxies that belong to no client. A proxy sends its header at once, and ends its health
/// checks at once, so that only one that is broken or abused reaches the limits.
pub(super) struct ProxyLimits {
    /// Connections whose PROXY header is not read yet.
    pub(super) waiting: Arc<Semaphore>,
    /// Health checks.
    pub(super) probes: Arc<Semaphore>,
}

impl ProxyLimits {
    pub(super) fn new() -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self { waiting: semaphore(MAX_WAITING_FOR_HEADER), probes: semaphore(MAX_PROBES) }
    }
}

/// The commands that may run at the same time. Running more would not finish them sooner, but delay the sessions.
pub(super) fn command_turns() -> Arc<Semaphore> {
    let processor_count = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Arc::new(Semaphore::new(processor_count.div_ceil(2)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    /// Limits of three connections in total.
    fn limits(per_address: usize, rate: u32) -> ConnectionLimits {
        let command = ServeOptions::augment_args(clap::Command::new("serve").no_binary_name(true));
        let line = format!(
            "--auth none --max-connections 3 --max-connections-per-address {per_address} --max-connection-rate {rate}"
        );
        let matches = command.try_get_matches_from(line.split(' ')).unwrap();
        ConnectionLimits::new(&ServeOptions::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn a_closed_connection_makes_room_for_another_from_its_address() {
        let limits = limits(2, 1000);
        let address = "192.0.2.7".parse().unwrap();
        let first = limits.try_acquire(address).ok().unwrap();
        let _second = limits.try_acquire(address).ok().unwrap();
        assert_eq!(limits.try_acquire("::ffff:192.0.2.7".parse().unwrap()).err(), Some(Refusal::Address));
        assert!(limits.try_acquire("192.0.2.8".parse().unwrap()).is_ok());
        drop(first);
        // The burst of two is used up by now, but the quota refills a thousand times a second.
        while limits.try_acquire(address).is_err() {}
    }

    #[test]
    fn a_64_bit_network_counts_as_one_address() {
        let limits = limits(1, 1000);
        let _first = limits.try_acquire("2001:db8::1".parse().unwrap()).ok().unwrap();
        assert!(limits.try_acquire("2001:db8::2".parse().unwrap()).is_err());
        assert!(limits.try_acquire("2001:db8:0:1::2".parse().unwrap()).is_ok());
    }

    #[test]
    fn an_address_that_connects_too_fast_is_refused() {
        let limits = limits(2, 1);
        let address = "192.0.2.7".parse().unwrap();
        drop(limits.try_acquire(address));
        drop(limits.try_acquire(address));
        assert_eq!(limits.try_acquire(address).err(), Some(Refusal::Rate));
    }

    #[test]
    fn the_total_is_limited_over_all_addresses() {
        let limits = limits(9, 9);
        let address = |host: u8| IpAddr::from([192, 0, 2, host]);
        let permits: Vec<_> = (0..3).map(|_| limits.try_log_in().unwrap()).collect();
        assert!(limits.try_log_in().is_none());
        assert_eq!(limits.try_acquire(address(9)).err(), Some(Refusal::Total));
        drop(permits);
        assert!(limits.try_acquire(address(9)).is_ok());
    }
}
