//! What an operator says about one provider. Nothing here is asked of the network; senseless settings are refused.

use std::fmt;
use std::net::IpAddr;

use openidconnect::url::{Host, Url};

use crate::SsoError;

/// One provider, as the configuration describes it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name in addresses and logs: `a-z`, `0-9` and `-`.
    pub name: String,
    /// Its issuer identifier, exactly as its tokens spell it.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// The secret that it gave out; `None` for a public client.
    pub client_secret: Option<Secret>,
    /// What to ask for; `openid` is always asked for.
    pub scopes: Vec<String>,
    /// Where it sends browsers back to, exactly as registered there.
    pub redirect_uri: String,
    /// The claim that holds groups: a name, or a path such as `realm_access.roles`.
    pub group_claim: Option<String>,
    /// By how much its clock and ours may differ.
    pub leeway_seconds: i64,
}

/// A client secret, which is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// More than this between two clocks is a fault to repair, not one to allow for.
const LEEWAY_LIMIT: i64 = 300;

impl Settings {
    /// Refuses what cannot work or should not.
    pub(super) fn check(&self) -> Result<(), SsoError> {
        let name = &self.name;
        let wrong = |key: &str, advice: &str| {
            Err(SsoError::Settings(format!("sign-in provider `{name}`: `{key}` {advice}")))
        };
        let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !letters || name.is_empty() || name.len() > 64 {
            return wrong("name", "takes 1 to 64 of a-z, 0-9 and -");
        }
        match Url::parse(&self.issuer) {
            // OpenID Connect Discovery 1.0, section 3: https, no query, no fragment.
            Ok(url) if is_safe(&url) && url.query().is_none() && url.username().is_empty() => {}
            _ => {
                return wrong(
                    "issuer",
                    "must be an https:// address without `?` and `#` (http only to this machine)",
                );
            }
        }
        match Url::parse(&self.redirect_uri) {
            Ok(url) if is_safe(&url) => {}
            _ => {
                return wrong(
                    "redirect_uri",
                    "must be an https:// address without `#` (http only to this machine)",
                );
            }
        }
        if self.client_id.is_empty() || self.client_id.len() > 512 {
            return wrong("client_id", "must be what the provider calls this installation");
        }
        if self.client_secret.as_ref().is_some_and(|secret| secret.reveal().is_empty()) {
            return wrong("client_secret", "is empty; leave it out for a public client");
        }
        // RFC 6749, section 3.3: what a scope may be made of.
        let scope_byte = |b: u8| b == b'!' || (b'#'..=b'[').contains(&b) || (b']'..=b'~').contains(&b);
        if !self.scopes.iter().all(|scope| !scope.is_empty() && scope.bytes().all(scope_byte)) {
            return wrong("scopes", "takes one scope per entry, without spaces");
        }
        if self.group_claim.as_ref().is_some_and(|claim| claim.split('.').any(str::is_empty)) {
            return wrong("group_claim", "must be a claim, or a path such as `realm_access.roles`");
        }
        if !(0..=LEEWAY_LIMIT).contains(&self.leeway_seconds) {
            return wrong("leeway_seconds", "takes 0 to 300");
        }
        Ok(())
    }
}

/// Https, or http to this machine; never with a fragment.
fn is_safe(url: &Url) -> bool {
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    scheme && url.host().is_some() && url.fragment().is_none()
}

/// Whether an address leads nowhere but to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}
