//! Which network addresses a request may go to. Only the public internet, and what the operator opened of the private
//! ranges. Where clouds keep their machines' credentials is never opened, by no setting.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 that is not public: IANA's special-purpose registry, multicast and what is reserved.
const NOT_PUBLIC_V4: [IpNet; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// The one block of IPv6 that public addresses come from. Everything else is not public, NAT64 among it.
const PUBLIC_V6: IpNet = v6([0x2000, 0], 3);

/// What is not public inside of it: protocol assignments with Teredo, documentation twice, 6to4.
const NOT_PUBLIC_V6: [IpNet; 4] =
    [v6([0x2001, 0], 23), v6([0x2001, 0xdb8], 32), v6([0x2002, 0], 16), v6([0x3fff, 0], 20)];

/// What an operator may open, in whole or in part.
const MAY_BE_OPENED: [IpNet; 7] = [
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
    v6([0xfc00, 0], 7),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
];

/// Where clouds answer their machines, with credentials: AWS, Google, Alibaba, Oracle, Azure, Scaleway. Whoever is sent
/// there hands them over, so these stay closed inside of ranges that were opened too.
const NEVER: [IpNet; 8] = [
    v4([169, 254, 0, 0], 16),
    v4([100, 100, 100, 200], 32),
    v4([192, 0, 0, 192], 32),
    v4([168, 63, 129, 16], 32),
    v6([0xfd00, 0x0042], 32),
    v6([0xfd00, 0x00c1], 32),
    v6([0xfd00, 0x0ec2], 32),
    v6([0xfd20, 0x00ce], 32),
];

const fn v4(parts: [u8; 4], bits: u8) -> IpNet {
    let [a, b, c, d] = parts;
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits))
}

const fn v6(parts: [u16; 2], bits: u8) -> IpNet {
    let [a, b] = parts;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits))
}

/// The addresses that one endpoint may have.
#[derive(Debug, Clone)]
pub struct Addresses {
    opened: Vec<IpNet>,
    public: bool,
}

impl Addresses {
    /// What the operator opened, and the public internet if `public`. Refuses, in words, what may not be opened.
    pub fn new(opened: &[String], public: bool) -> Result<Self, String> {
        let opened = opened.iter().map(|text| range(text)).collect::<Result<_, _>>()?;
        Ok(Self { opened, public })
    }

    /// Whether a request may go there.
    pub fn allow(&self, address: IpAddr) -> bool {
        // `::ffff:10.0.0.1` reaches 10.0.0.1, so it counts as that.
        let address = address.to_canonical();
        let among = |ranges: &[IpNet]| ranges.iter().any(|range| range.contains(&address));
        !among(&NEVER) && (among(&self.opened) || (self.public && is_public(address)))
    }
}

fn is_public(address: IpAddr) -> bool {
    let among = |ranges: &[IpNet]| ranges.iter().any(|range| range.contains(&address));
    match address {
        IpAddr::V4(_) => !among(&NOT_PUBLIC_V4),
        IpAddr::V6(_) => PUBLIC_V6.contains(&address) && !among(&NOT_PUBLIC_V6),
    }
}

fn range(text: &str) -> Result<IpNet, String> {
    let read = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let range =
        read.map_err(|_| format!("allow_private has `{text}`, which is no range such as `10.0.0.0/8`"))?;
    if MAY_BE_OPENED.iter().any(|block| block.contains(&range)) {
        Ok(range)
    } else {
        let blocks = MAY_BE_OPENED.map(|block| block.to_string()).join(", ");
        Err(format!("allow_private has `{text}`, which lies in none of {blocks}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(opened: &[&str], public: bool) -> Addresses {
        let opened: Vec<String> = opened.iter().map(|&text| text.to_owned()).collect();
        Addresses::new(&opened, public).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// First and last address of every block that is not public, and the public ones beside it.
    #[test]
    fn only_public_addresses_are_allowed_when_nothing_was_opened() {
        let rules = addresses(&[], true);
        let refused = "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 \
            127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 \
            192.0.0.192 192.0.0.255 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 \
            198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 \
            ::7f00:1 ::ffff:0:0 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 64:ff9b::a00:1 \
            64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 \
            2001:1ff:ffff::1 2001:db8::1 2002:a00:1::1 2002:7f00:1::1 2002:808:808::1 3fff::1 3fff:fff:ffff::1 \
            4000::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fd20:ce::254 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1";
        for text in refused.split_whitespace() {
            assert!(!rules.allow(ip(text)), "{text}");
        }
        let allowed = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
            169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 \
            198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 \
            2a00:1450::1 3ffe::1";
        for text in allowed.split_whitespace() {
            assert!(rules.allow(ip(text)), "{text}");
        }
    }

    #[test]
    fn what_was_opened_is_allowed_and_what_lies_beside_it_is_not() {
        for (opened, address, allowed) in [
            ("10.0.0.0/8", "10.20.30.40", true),
            ("10.0.0.0/8", "::ffff:10.20.30.40", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.0.0/16", "10.2.0.1", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("127.0.0.0/8", "127.0.0.1", true),
            ("127.0.0.0/8", "::1", false),
            ("::1", "::1", true),
            ("fd12::/16", "fd12::7", true),
            ("fd12::/16", "fd13::7", false),
            ("100.64.0.0/10", "100.100.100.200", false),
            ("fc00::/7", "fd00:42::42", false),
            ("fc00::/7", "fd00:c1::a9fe:a9fe", false),
            ("fc00::/7", "fd00:ec2::254", false),
            ("fc00::/7", "fd00:43::42", true),
            ("fc00::/7", "fd20:ce::254", false),
            ("10.0.0.0/8", "64:ff9b::a00:1", false),
            ("10.0.0.0/8", "2002:a00:1::1", false),
        ] {
            assert_eq!(addresses(&[opened], false).allow(ip(address)), allowed, "{opened} {address}");
        }
        assert!(addresses(&["10.0.0.0/8"], true).allow(ip("8.8.8.8")));
        assert!(!addresses(&["10.0.0.0/8"], false).allow(ip("8.8.8.8")), "without TLS only what was opened");
    }

    #[test]
    fn what_may_not_be_opened_is_refused_by_name() {
        for text in [
            "0.0.0.0/0",
            "::/0",
            "8.0.0.0/8",
            "8.8.8.8",
            "169.254.0.0/16",
            "169.254.169.254",
            "fe80::/10",
            "224.0.0.0/4",
            "10.0.0.0/7",
            "::ffff:10.0.0.0/104",
            "64:ff9b::/96",
            "192.0.2.0/24",
            "ten",
            "",
            "10.0.0.0/33",
        ] {
            let refused = Addresses::new(&[text.to_owned()], true).unwrap_err();
            assert!(refused.contains(&format!("`{text}`")), "{refused}");
        }
    }
}
