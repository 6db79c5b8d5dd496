//! `[http]`: where the server listens, how people reach it, and which proxies it believes.

use super::{ProxyRange, PublicUrl};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

/// Ten a second is more than a person clicks and a patient program asks.
const CALLS_PER_MINUTE: u32 = 600;

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
    /// How many calls a minute one person may make in all browsers together, and each key by itself; half at once.
    pub calls_per_minute: NonZeroU32,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            public_url: None,
            trusted_proxies: Vec::new(),
            calls_per_minute: NonZeroU32::new(CALLS_PER_MINUTE).unwrap_or(NonZeroU32::MIN),
        }
    }
}
