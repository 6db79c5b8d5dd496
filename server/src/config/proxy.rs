//! A range of addresses whose word about the client is taken: `10.0.0.7` or `10.0.0.0/8`.

use serde::Deserialize;
use std::net::IpAddr;
use std::str::FromStr;

/// A range in CIDR form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProxyRange {
    network: u128,
    bits: u32,
    v4: bool,
}

impl ProxyRange {
    /// Whether the address is in it. An IPv4 address written as IPv6 counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (value, width) = numeric(address);
        let shift = width.saturating_sub(self.bits);
        let same = |a: u128, b: u128| shift >= 128 || (a >> shift) == (b >> shift);
        self.v4 == (width == 32) && same(value, self.network)
    }
}

fn numeric(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    }
}

impl FromStr for ProxyRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("has `{text}`, which is no address or range such as `10.0.0.0/8`");
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| problem())?;
        let (network, width) = numeric(address);
        let bits = bits.map_or(Ok(width), str::parse::<u32>).map_err(|_| problem())?;
        if bits > width {
            return Err(problem());
        }
        Ok(Self { network, bits, v4: width == 32 })
    }
}

impl TryFrom<String> for ProxyRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|problem: String| format!("`trusted_proxies` {problem}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_others() {
        for (range, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::1", "::1", true),
            ("::/0", "2001:db8::1", true),
            ("192.0.2.7", "192.0.2.8", false),
        ] {
            let range: ProxyRange = range.parse().unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{range:?} {address}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0/8", "host", "::1/129", "10.0.0.1/x"] {
            assert!(text.parse::<ProxyRange>().is_err(), "{text}");
        }
    }
}
