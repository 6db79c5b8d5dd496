//! The address that a request really comes from: the connection's, unless that is a proxy that we believe.

use crate::config::ProxyRange;
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, SocketAddr};

/// The client's address as text; `unknown` where there is no connection.
pub fn client_address(extensions: &Extensions, headers: &HeaderMap, trusted: &[ProxyRange]) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    peer.map_or_else(
        || "unknown".to_owned(),
        |peer| behind(peer, headers, trusted).to_canonical().to_string(),
    )
}

/// Walks `X-Forwarded-For` from the right, where our own proxies wrote, to the first address that is not theirs.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[ProxyRange]) -> IpAddr {
    let believed = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut client = peer;
    let values: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        if !believed(client) {
            break;
        }
        match hop.trim().parse() {
            Ok(address) => client = address,
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_believed_proxies_are_heard() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for (peer, header, expected) in [
            ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let headers =
                [("x-forwarded-for".parse().unwrap(), header.parse().unwrap())].into_iter().collect();
            let client = behind(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(client.to_string(), expected, "{peer} {header}");
        }
    }
}
