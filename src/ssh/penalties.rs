//! Penalties of addresses and keys with which connections fail to log in, like OpenSSH's `PerSourcePenalties`. Each
//! failure adds some seconds. An address whose seconds add up to [`MIN_PENALTY`] is refused until they have passed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::Instant;

/// A penalty has an effect from this length on, until it has passed, and grows to this length.
const MIN_PENALTY: Duration = Duration::from_secs(15);
const MAX_PENALTY: Duration = Duration::from_secs(600);

/// The number of addresses and keys with a penalty. When there are more, those whose penalty ends first are forgotten.
const MAX_PENALTIES: usize = 4096;

/// A /48 network of IPv6 gets this part of the penalties of its /64 networks: it may belong to one subscriber, who then
/// has 65,536 addresses to fail from, or to many.
const WIDE_NETWORK_PART: u32 = 8;

/// How a connection failed to log in. The penalties are those of OpenSSH 9.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offence {
    /// It did not try, or was aborted before it could.
    NoAttempt,
    /// It tried, and had no authorised key.
    LoginRefused,
    /// It waited until the login timeout.
    LoginTimeout,
}

impl Offence {
    fn penalty(self) -> Duration {
        Duration::from_secs(match self {
            Self::NoAttempt => 1,
            Self::LoginRefused => 5,
            Self::LoginTimeout => 10,
        })
    }
}

/// What has a penalty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Offender {
    Network(IpNet),
    /// The fingerprint of a key.
    Key(String),
}

struct Penalty {
    until: Instant,
    /// Whether it has ever been as long as [`MIN_PENALTY`].
    is_active: bool,
}

pub(super) struct Penalties {
    current: Mutex<HashMap<Offender, Penalty>>,
    /// The networks without penalties.
    exempt: Vec<IpNet>,
}

impl Penalties {
    pub(super) fn new(exempt: Vec<IpNet>) -> Self {
        Self { current: Mutex::default(), exempt }
    }

    /// Adds the penalty of a failed connection to its address.
    pub(super) fn punish(&self, address: IpAddr, offence: Offence) {
        if self.exempt.iter().any(|range| range.contains(&address)) {
            return;
        }
        for (network, part) in networks(address) {
            self.add(Offender::Network(network), offence.penalty() / part, Instant::now());
        }
    }

    /// Adds the penalty of a refused login to a key that was refused.
    pub(super) fn punish_key(&self, fingerprint: String) {
        self.add(Offender::Key(fingerprint), Offence::LoginRefused.penalty(), Instant::now());
    }

    /// Removes the penalties of an address from which a client has logged in.
    pub(super) fn forgive(&self, address: IpAddr) {
        let mut current = self.current();
        for (network, _) in networks(address) {
            current.remove(&Offender::Network(network));
        }
    }

    /// Whether connections from an address are refused.
    pub(super) fn is_penalized(&self, address: IpAddr) -> bool {
        networks(address).any(|(network, _)| self.is_active(&Offender::Network(network), Instant::now()))
    }

    /// Whether a key was refused too often.
    pub(super) fn is_key_penalized(&self, fingerprint: &str) -> bool {
        self.is_active(&Offender::Key(fingerprint.to_owned()), Instant::now())
    }

    fn add(&self, offender: Offender, amount: Duration, now: Instant) {
        let mut current = self.current();
        if current.len() >= MAX_PENALTIES && !current.contains_key(&offender) {
            let end = current.values().map(|penalty| penalty.until).min().unwrap_or(now).max(now);
            current.retain(|_, penalty| penalty.until > end);
        }
        let penalty = current.entry(offender).or_insert(Penalty { until: now, is_active: false });
        penalty.is_active &= penalty.until > now;
        penalty.until = (penalty.until.max(now) + amount).min(now + MAX_PENALTY);
        penalty.is_active |= penalty.until >= now + MIN_PENALTY;
    }

    fn is_active(&self, offender: &Offender, now: Instant) -> bool {
        self.current().get(offender).is_some_and(|penalty| penalty.is_active && penalty.until > now)
    }

    fn current(&self) -> MutexGuard<'_, HashMap<Offender, Penalty>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The networks that answer for an address, and the part of a penalty that each gets.
fn networks(address: IpAddr) -> impl Iterator<Item = (IpNet, u32)> {
    let address = address.to_canonical();
    let prefixes = if address.is_ipv4() { &[(32, 1)][..] } else { &[(64, 1), (48, WIDE_NETWORK_PART)] };
    // The prefixes are within the length of the address.
    prefixes.iter().filter_map(move |(prefix, part)| Some((IpNet::new(address, *prefix).ok()?.trunc(), *part)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn punish(penalties: &Penalties, address: &str, offence: Offence, times: usize) {
        (0..times).for_each(|_| penalties.punish(address.parse().unwrap(), offence));
    }

    fn is_penalized(penalties: &Penalties, address: &str) -> bool {
        penalties.is_penalized(address.parse().unwrap())
    }

    #[test]
    fn the_third_refused_login_is_penalized_until_a_login_succeeds() {
        let penalties = Penalties::new(Vec::new());
        punish(&penalties, "192.0.2.7", Offence::LoginRefused, 2);
        assert!(!is_penalized(&penalties, "192.0.2.7"));
        // The time that has passed between them is not part of the penalty.
        punish(&penalties, "192.0.2.7", Offence::LoginRefused, 2);
        assert!(is_penalized(&penalties, "::ffff:192.0.2.7") && !is_penalized(&penalties, "192.0.2.8"));
        penalties.forgive("192.0.2.7".parse().unwrap());
        assert!(!is_penalized(&penalties, "192.0.2.7"));
    }

    #[test]
    fn a_penalty_grows_with_each_offence_and_passes() {
        let penalties = Penalties::new(Vec::new());
        let (offender, start) = (Offender::Key("SHA256:x".to_owned()), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        (0..10).for_each(|_| penalties.add(offender.clone(), Duration::from_secs(10), start));
        assert!(penalties.is_active(&offender, at(99)) && !penalties.is_active(&offender, at(101)));
        // After its end, one offence alone has no effect again.
        penalties.add(offender.clone(), Duration::from_secs(10), at(200));
        assert!(!penalties.is_active(&offender, at(201)));
        (0..99).for_each(|_| penalties.add(offender.clone(), Duration::from_secs(10), at(300)));
        assert!(penalties.is_active(&offender, at(899)) && !penalties.is_active(&offender, at(901)));
    }

    #[test]
    fn networks_of_ipv6_answer_for_their_addresses() {
        let penalties = Penalties::new(Vec::new());
        punish(&penalties, "2001:db8::1", Offence::LoginRefused, 4);
        assert!(is_penalized(&penalties, "2001:db8::2") && !is_penalized(&penalties, "2001:db8:0:1::1"));
        for subnet in 1..=28 {
            punish(&penalties, &format!("2001:db8:0:{subnet:x}::1"), Offence::LoginRefused, 1);
        }
        assert!(is_penalized(&penalties, "2001:db8:0:ffff::1") && !is_penalized(&penalties, "2001:db8:1::1"));
    }

    #[test]
    fn exempt_addresses_have_no_penalties_and_the_number_of_others_is_bounded() {
        let penalties = Penalties::new(vec!["10.0.0.0/8".parse().unwrap()]);
        punish(&penalties, "10.1.2.3", Offence::LoginTimeout, 9);
        assert!(!is_penalized(&penalties, "10.1.2.3"));
        for number in 0..10_000_u32 {
            penalties.punish(IpAddr::V4(number.into()), Offence::LoginRefused);
        }
        assert!(penalties.current().len() <= MAX_PENALTIES);
    }
}
