//! Which addresses are somebody else's and may be called.
//!
//! The tables follow the IANA special-purpose address registries for IPv4 and IPv6, read strictly:
//! where those make an exception inside a reserved block, we do not. IPv6 goes by what is allotted
//! for global use (2000::/3) and takes away from that. Addresses that carry another one inside are
//! unwrapped where a system connects to what is inside (mapped, NAT64), and refused where they
//! belong to tunnels that nobody needs any more.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::error::Refusal;

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Outside.
    Public,
    /// In a network of ours. An operator may have something there.
    Internal(&'static str),
    /// Where no service that one would call has its place.
    Never(&'static str),
}

use Place::{Internal, Never};

const V4: [(Ipv4Addr, u32, Place); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, Never("an unspecified address")),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Internal("a private address")),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Internal("a shared (carrier-grade NAT) address")),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Internal("a loopback address")),
    // Azure keeps its host agent here, among public addresses.
    (Ipv4Addr::new(168, 63, 129, 16), 32, Never("a cloud's internal address")),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Never("a link-local address")),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Internal("a private address")),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Never("a reserved address")),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Never("a documentation address")),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Never("a 6to4 relay address")),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Internal("a private address")),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Never("a benchmarking address")),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Never("a documentation address")),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Never("a documentation address")),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Never("a multicast address")),
    (Ipv4Addr::new(255, 255, 255, 255), 32, Never("the broadcast address")),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Never("a reserved address")),
];

const V6: [(Ipv6Addr, u32, Place); 13] = [
    (Ipv6Addr::UNSPECIFIED, 128, Never("an unspecified address")),
    (Ipv6Addr::LOCALHOST, 128, Internal("a loopback address")),
    (Ipv6Addr::UNSPECIFIED, 96, Never("an IPv4-compatible address")),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, Never("a Teredo tunnel address")),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, Never("a benchmarking address")),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Never("a reserved address")),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Never("a documentation address")),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Never("a 6to4 tunnel address")),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Never("a documentation address")),
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, Place::Public),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Internal("a unique-local address")),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Never("a link-local address")),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Never("a multicast address")),
];

/// Whether an address may be called, by everybody or for an origin that the operator named.
pub(super) fn check(address: IpAddr, named: bool) -> Result<(), Refusal> {
    match place(address) {
        Place::Public => Ok(()),
        Internal(_) if named => Ok(()),
        Internal(kind) => Err(Refusal::Internal { address, kind }),
        Never(kind) => Err(Refusal::Never { address, kind }),
    }
}

fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => match inside(address) {
            Some(inside) => place_v4(inside),
            None => place_v6(address),
        },
    }
}

/// The IPv4 address that a connection to a mapped or NAT64 address ends at.
fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let nat64 = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);
    let is_nat64 = u128::from(address) >> 32 == u128::from(nat64) >> 32;
    let [.., a, b, c, d] = address.octets();
    address.to_ipv4_mapped().or_else(|| is_nat64.then(|| Ipv4Addr::new(a, b, c, d)))
}

fn place_v4(address: Ipv4Addr) -> Place {
    let bits = u32::from(address);
    let within = |net: Ipv4Addr, prefix: u32| (bits ^ u32::from(net)) >> (32 - prefix) == 0;
    let found = V4.iter().find(|(net, prefix, _)| within(*net, *prefix));
    found.map_or(Place::Public, |(.., place)| *place)
}

fn place_v6(address: Ipv6Addr) -> Place {
    let bits = u128::from(address);
    let within = |net: Ipv6Addr, prefix: u32| (bits ^ u128::from(net)) >> (128 - prefix) == 0;
    let found = V6.iter().find(|(net, prefix, _)| within(*net, *prefix));
    found.map_or(Never("outside what is allotted for global use"), |(.., place)| *place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(address: &str, named: bool) -> bool {
        check(address.parse().unwrap(), named).is_ok()
    }

    #[test]
    fn public_addresses_are_called() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "203.0.114.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "3ffe:ffff::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(may(address, false), "{address}");
        }
    }

    #[test]
    fn internal_addresses_are_called_for_named_origins_only() {
        for address in [
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.0",
            "192.168.255.255",
            "::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::192.168.0.1",
        ] {
            assert!(!may(address, false), "{address}");
            assert!(may(address, true), "{address}");
        }
    }

    #[test]
    fn the_rest_is_never_called() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "168.63.129.16",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.254",
            "255.255.255.255",
            "::",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "3fff:fff:ffff::1",
            "4000::1",
            "5f00::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!may(address, false), "{address}");
            assert!(!may(address, true), "{address}");
        }
    }
}
