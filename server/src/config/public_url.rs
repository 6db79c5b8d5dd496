//! How people reach the server: scheme and host, nothing after. Refuses a path, since all addresses start at the root.

use serde::Deserialize;
use std::net::SocketAddr;
use std::str::FromStr;

/// Such as `https://nexus.example.com`, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// By an address to listen at; "every address" is reached as this machine.
    pub fn of_address(listen: SocketAddr) -> Self {
        let mut address = listen;
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Self(format!("http://{address}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers come over TLS; then cookies are `Secure` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || "is no address such as `https://nexus.example.com`, without a path".to_owned();
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let rest =
            text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(problem)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]_".contains(c);
        if rest.is_empty() || !rest.chars().all(allowed) {
            return Err(problem());
        }
        Ok(Self(text))
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|problem: String| format!("`public_url` {problem}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_and_host_are_taken() {
        assert_eq!(
            "https://Nexus.example.com/".parse::<PublicUrl>().unwrap().as_str(),
            "https://nexus.example.com"
        );
        assert!("https://nexus.example.com".parse::<PublicUrl>().unwrap().is_https());
        assert!(!"http://[::1]:3000".parse::<PublicUrl>().unwrap().is_https());
        for text in ["nexus.example.com", "ftp://x", "https://", "https://x/y", "https://x?y", "https://a b"]
        {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_address_is_reached_as_this_machine() {
        assert_eq!(PublicUrl::of_address("0.0.0.0:80".parse().unwrap()).as_str(), "http://127.0.0.1:80");
    }
}
