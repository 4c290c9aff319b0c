//! Whose request it is: the peer's, or whom the site's own servers name in `X-Forwarded-For`. What anybody else writes
//! there is not believed.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv6Net};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What a provider gives one subscriber of IPv6; anything narrower can be changed at will.
const SUBSCRIBER: u8 = 64;

/// The client's address: the last in the chain of forwarders that is not one of the site's own. A chain that can't be read
/// says nothing, and the peer counts.
pub(crate) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for value in headers.get_all(X_FORWARDED_FOR).iter().rev() {
        let Ok(value) = value.to_str() else { return peer };
        for hop in value.rsplit(',') {
            let Some(address) = address(hop.trim()) else { return peer };
            client = address;
            if !is_trusted(client) {
                return client;
            }
        }
    }
    client
}

/// The network that one subscriber has.
pub(super) fn subscriber(address: IpAddr) -> IpNet {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address).into(),
        IpAddr::V6(address) => Ipv6Net::new_assert(address, SUBSCRIBER).trunc().into(),
    }
}

/// Some forwarders write a port too.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    text.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, value.parse().unwrap());
        }
        let client = client_address(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(client.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn the_last_address_that_is_not_the_sites_own_counts() {
        check("198.51.100.1", &[], "198.51.100.1");
        check("198.51.100.1", &["203.0.113.9"], "198.51.100.1");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["192.0.2.1, 203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["192.0.2.1, 203.0.113.9, 10.2.2.2"], "203.0.113.9");
        check("10.0.0.1", &["192.0.2.1", "203.0.113.9", "10.2.2.2"], "203.0.113.9");
        check("10.0.0.1", &["10.3.3.3, 10.2.2.2"], "10.3.3.3");
        check("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9");
        check("fd00::1", &["2001:db8::7"], "2001:db8::7");
        check("127.0.0.1", &["203.0.113.9:4711"], "203.0.113.9");
        check("127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7");
    }

    #[test]
    fn a_chain_that_cannot_be_read_says_nothing() {
        for value in ["", "unknown", "203.0.113.9, ", "203.0.113.9, x", "203.0.113.999", "_hidden", "ü"] {
            check("10.0.0.1", &[value], "10.0.0.1");
        }
        check("10.0.0.1", &["x, 203.0.113.9"], "203.0.113.9");
    }

    #[test]
    fn a_subscriber_of_ipv6_has_a_network() {
        let check = |address: &str, expected: &str| {
            assert_eq!(subscriber(address.parse().unwrap()).to_string(), expected, "{address}");
        };
        check("203.0.113.9", "203.0.113.9/32");
        check("::ffff:203.0.113.9", "203.0.113.9/32");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
        check("2001:db8:1:2::", "2001:db8:1:2::/64");
    }
}
