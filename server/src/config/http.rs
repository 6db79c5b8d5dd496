//! `[http]`: where the server listens, how people reach it, and which proxies it believes.

use super::{ProxyRange, PublicUrl};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};

/// The section.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address and port. Only this machine reaches the default.
    pub listen: SocketAddr,
    /// How browsers reach it, when a proxy stands in front: `https://nexus.example.com`.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-For` is believed. Empty: nobody's.
    pub trusted_proxies: Vec<ProxyRange>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}
