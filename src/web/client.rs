//! Whose request this is: the other end of the connection, or, where that is a proxy the operator
//! trusts, the address it names. What anybody else says about addresses is not believed.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::Deserialize;

use super::Web;

/// The header in which each proxy notes, at the end, who spoke to it.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address, for limits by address. Never logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl FromRequestParts<Web> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.expect("the server notes the peer of every connection").0.ip();
        Ok(Self(client(peer, &parts.headers, &web.proxies)))
    }
}

/// The nearest address that is not a trusted proxy's, from the connection backwards through the
/// header. Only what trusted proxies added is read, so a client cannot choose its address.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    // What is no text names nobody, and leaves the hops beside it as they are.
    let named: Vec<String> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|hop| String::from_utf8_lossy(hop).into_owned())
        .collect();
    let mut nearest = peer.to_canonical();
    for hop in named.into_iter().rev() {
        if !trusted.iter().any(|network| network.holds(nearest)) {
            break;
        }
        // A proxy that names nobody is itself the nearest we know.
        let Some(next) = hop_address(hop.trim()) else { break };
        nearest = next;
    }
    nearest
}

/// An address as proxies write it, with or without a port.
fn hop_address(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}

/// Addresses that begin alike: `10.0.0.0/8`, or one alone: `127.0.0.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

/// What is not a network.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an address like 127.0.0.1 or a network like 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// Is this address one of them?
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let wrong = || NotANetwork(text.into());
        let (first, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let first: IpAddr = first.parse().map_err(|_| wrong())?;
        let all = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse).map_err(|_| wrong())?;
        if bits > all { Err(wrong()) } else { Ok(Self { first, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> Result<Self, NotANetwork> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, headers: &[&str], trusted: &[&str]) -> String {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(FORWARDED_FOR, value.parse().expect("a header's value"));
        }
        let trusted: Vec<Network> =
            trusted.iter().map(|text| text.parse().expect("a network")).collect();
        client(peer.parse().expect("an address"), &map, &trusted).to_string()
    }

    #[test]
    fn what_a_stranger_says_about_addresses_is_not_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"], &[]), "127.0.0.1");
    }

    #[test]
    fn a_trusted_proxy_names_the_client_and_only_its_own_word_counts() {
        let proxy = ["127.0.0.1"];
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"], &proxy), "198.51.100.1");
        // The client wrote the first, the proxy the last.
        assert_eq!(seen("127.0.0.1", &["10.9.9.9, 198.51.100.1"], &proxy), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["10.9.9.9", "198.51.100.1"], &proxy), "198.51.100.1");
        // Forging a hop that is trusted moves nothing: the client's own address comes first.
        assert_eq!(
            seen("127.0.0.1", &["8.8.8.8, 127.0.0.1, 198.51.100.1"], &proxy),
            "198.51.100.1"
        );
        assert_eq!(seen("::ffff:127.0.0.1", &["198.51.100.1"], &proxy), "198.51.100.1");
    }

    #[test]
    fn proxies_behind_proxies_are_walked_through() {
        let proxies = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"];
        let chain = "192.0.2.7, 198.51.100.1, 10.1.2.3, 2001:db8::5";
        assert_eq!(seen("127.0.0.1", &[chain], &proxies), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["10.1.2.3"], &proxies), "10.1.2.3");
        assert_eq!(seen("127.0.0.1", &[], &proxies), "127.0.0.1");
    }

    #[test]
    fn a_hop_that_names_nobody_ends_the_walk_at_who_said_so() {
        let proxies = ["127.0.0.1", "10.0.0.0/8"];
        for nobody in ["unknown", "", "_hidden", "198.51.100.1 x", "\u{e9}"] {
            assert_eq!(seen("127.0.0.1", &[nobody], &proxies), "127.0.0.1", "{nobody}");
            let behind = format!("198.51.100.1, {nobody}, 10.0.0.1");
            assert_eq!(seen("127.0.0.1", &[&behind], &proxies), "10.0.0.1", "{nobody}");
        }
        for (hop, address) in [
            ("198.51.100.1:4711", "198.51.100.1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(seen("127.0.0.1", &[hop], &proxies), address);
        }
    }

    #[test]
    fn a_network_is_an_address_and_how_much_of_it_counts() {
        let network = |text: &str| text.parse::<Network>();
        let holds = |text: &str, address: &str| {
            network(text).expect(text).holds(address.parse().expect("an address"))
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("192.0.2.128/25", "192.0.2.200") && !holds("192.0.2.128/25", "192.0.2.1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("::1", "::1") && !holds("::1", "::2"));
        assert!(holds("127.0.0.1", "::ffff:127.0.0.1"));
        for wrong in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "/8"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}
