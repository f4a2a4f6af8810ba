//! Authentication may come in before a word is spoken: so many in all, so many from an address, so many new ones a second from it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;

/// From so many remembered addresses on, those that have been quiet are forgotten.
const REMEMBERED: usize = 4096;

pub(super) struct ConnectionLimits {
    all: Arc<Semaphore>,
    here: Arc<Here>,
    rate: DefaultKeyedRateLimiter<IpAddr>,
    per_address: usize,
}

/// How many are here from each address.
type Here = Mutex<HashMap<IpAddr, usize>>;

/// Why somebody may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooMany,
    TooFast,
}

/// A place of an address; it is free again when this is dropped.
pub(super) struct Place {
    here: Arc<Here>,
    from: IpAddr,
}

impl ConnectionLimits {
    pub(super) fn new(limits: &Limits) -> Self {
        let burst = u32::try_from(limits.per_address).ok().and_then(std::num::NonZeroU32::new);
        // All of an office may come back at once.
        let quota = Quota::per_second(limits.per_second).allow_burst(burst.unwrap_or(limits.per_second));
        Self {
            all: Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS))),
            here: Arc::default(),
            rate: RateLimiter::keyed(quota),
            per_address: limits.per_address,
        }
    }

    /// A place among all, if there is one.
    pub(super) fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).try_acquire_owned().ok()
    }

    /// A place for an address, if it may have one.
    pub(super) fn enter_from(&self, address: IpAddr) -> Result<Place, Refused> {
        let from = network(address);
        if self.rate.len() > REMEMBERED {
            self.rate.retain_recent();
            self.rate.shrink_to_fit();
        }
        let mut here = lock(&self.here);
        if here.get(&from).is_some_and(|count| *count >= self.per_address) {
            return Err(Refused::TooMany);
        }
        if self.rate.check_key(&from).is_err() {
            return Err(Refused::TooFast);
        }
        *here.entry(from).or_default() += 1;
        drop(here);
        Ok(Place { here: Arc::clone(&self.here), from })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut here = lock(&self.here);
        if let Some(count) = here.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                here.remove(&self.from);
            }
        }
    }
}

fn lock(here: &Here) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    here.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What counts as one address: of IPv6, whoever has one has its whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn limits(per_address: usize, per_second: u32) -> ConnectionLimits {
        ConnectionLimits::new(&Limits { connections: 3, per_address, per_second: per_second.try_into().unwrap() })
    }

    #[test]
    fn an_address_has_its_places_and_gets_them_back() {
        let limits = limits(2, 1000);
        let address = "192.0.2.7".parse().unwrap();
        let first = limits.enter_from(address).ok().unwrap();
        let _second = limits.enter_from(address).ok().unwrap();
        assert_eq!(limits.enter_from("::ffff:192.0.2.7".parse().unwrap()).err(), Some(Refused::TooMany));
        assert!(limits.enter_from("192.0.2.8".parse().unwrap()).is_ok());
        drop(first);
        // The bucket of two is empty by now, but it fills a thousand times a second.
        while limits.enter_from(address).is_err() {}
    }

    #[test]
    fn a_whole_slash_64_is_one_address() {
        let limits = limits(1, 1000);
        let _first = limits.enter_from("2001:db8::1".parse().unwrap()).ok().unwrap();
        assert!(limits.enter_from("2001:db8::2".parse().unwrap()).is_err());
        assert!(limits.enter_from("2001:db8:0:1::2".parse().unwrap()).is_ok());
    }

    #[test]
    fn who_comes_too_fast_is_refused() {
        let limits = limits(2, 1);
        let address = "192.0.2.7".parse().unwrap();
        drop(limits.enter_from(address));
        drop(limits.enter_from(address));
        assert_eq!(limits.enter_from(address).err(), Some(Refused::TooFast));
    }

    #[test]
    fn all_together_have_their_limit() {
        let limits = limits(9, 9);
        let places: Vec<_> = (0..3).map(|_| limits.enter().unwrap()).collect();
        assert!(limits.enter().is_none());
        drop(places);
        assert!(limits.enter().is_some());
    }
}
