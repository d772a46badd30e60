//! What one client may do, in numbers, and the counters that hold them to it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::log::VisitorHash;

/// Numbers that bound what one client may do. The defaults are for the open internet.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Sockets open at once.
    pub sockets: usize,
    /// From connecting to the end of the request's headers.
    pub header_time: Duration,
    /// From the upgrade to the first frame.
    pub hello_time: Duration,
    /// Between pings.
    pub ping_every: Duration,
    /// Without any sign of life, pongs included, before a socket is closed.
    pub idle_time: Duration,
    /// For a client to take what is sent to it.
    pub send_time: Duration,
    /// Messages a minute of one visitor.
    pub visitor_messages: NonZeroU32,
    /// Messages a minute from one address.
    pub address_messages: NonZeroU32,
    /// Connections a minute from one address.
    pub address_connects: NonZeroU32,
    /// Letters an hour that one address may have sent.
    pub letters: NonZeroU32,
    /// Sign-in attempts in fifteen minutes from one address, and for one name; wrong API keys from one
    /// address.
    pub sign_ins: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sockets: 10_000,
            header_time: Duration::from_secs(10),
            hello_time: Duration::from_secs(10),
            ping_every: Duration::from_secs(25),
            idle_time: Duration::from_secs(70),
            send_time: Duration::from_secs(15),
            visitor_messages: per(20),
            address_messages: per(120),
            address_connects: per(120),
            letters: per(5),
            sign_ins: per(5),
        }
    }
}

const fn per(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).expect("written as more than zero")
}

/// Counters by visitor, address and name.
pub struct Brakes {
    visitor_messages: DefaultKeyedRateLimiter<VisitorHash>,
    address_messages: DefaultKeyedRateLimiter<IpAddr>,
    address_connects: DefaultKeyedRateLimiter<IpAddr>,
    letters: DefaultKeyedRateLimiter<IpAddr>,
    sign_ins_from: DefaultKeyedRateLimiter<IpAddr>,
    sign_ins_for: DefaultKeyedRateLimiter<String>,
    wrong_keys: DefaultKeyedRateLimiter<IpAddr>,
}

impl Brakes {
    /// Counters for these limits.
    pub fn new(limits: &Limits) -> Self {
        let sign_in = Quota::with_period(Duration::from_secs(15 * 60) / limits.sign_ins.get())
            .expect("a quarter of an hour is longer than nothing")
            .allow_burst(limits.sign_ins);
        Self {
            visitor_messages: RateLimiter::keyed(Quota::per_minute(limits.visitor_messages)),
            address_messages: RateLimiter::keyed(Quota::per_minute(limits.address_messages)),
            address_connects: RateLimiter::keyed(Quota::per_minute(limits.address_connects)),
            letters: RateLimiter::keyed(Quota::per_hour(limits.letters)),
            sign_ins_from: RateLimiter::keyed(sign_in),
            sign_ins_for: RateLimiter::keyed(sign_in),
            wrong_keys: RateLimiter::keyed(sign_in),
        }
    }

    /// May this visitor, from this address, send one more message now?
    pub fn message(&self, visitor: &VisitorHash, from: IpAddr) -> bool {
        self.visitor_messages.check_key(visitor).is_ok()
            && self.address_messages.check_key(&network(from)).is_ok()
    }

    /// May this address connect once more now?
    pub fn connect(&self, from: IpAddr) -> bool {
        self.address_connects.check_key(&network(from)).is_ok()
    }

    /// May this address have one more letter sent now?
    pub fn letter(&self, from: IpAddr) -> bool {
        self.letters.check_key(&network(from)).is_ok()
    }

    /// May this address try this name once more now?
    pub fn sign_in(&self, name: &str, from: IpAddr) -> bool {
        self.sign_ins_from.check_key(&network(from)).is_ok()
            && self.sign_ins_for.check_key(&name.to_string()).is_ok()
    }

    /// May this address, having shown a wrong API key, show another one now?
    pub fn wrong_key(&self, from: IpAddr) -> bool {
        self.wrong_keys.check_key(&network(from)).is_ok()
    }

    /// Forgets clients that are back to a full allowance.
    pub fn forget_quiet(&self) {
        self.visitor_messages.retain_recent();
        self.address_messages.retain_recent();
        self.address_connects.retain_recent();
        self.letters.retain_recent();
        self.sign_ins_from.retain_recent();
        self.sign_ins_for.retain_recent();
        self.wrong_keys.retain_recent();
    }
}

/// The part of an address that one household holds: all of IPv4, the first 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_ipv6_network_counts_as_one_client() {
        let brakes = Brakes::new(&Limits { address_connects: per(1), ..Limits::default() });
        assert!(brakes.connect("2001:db8::1".parse().expect("valid")));
        assert!(!brakes.connect("2001:db8::2".parse().expect("valid")));
        assert!(brakes.connect("2001:db8:0:1::1".parse().expect("valid")));
    }
}
