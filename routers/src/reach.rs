//! How routers across the network are reached: over TLS, at addresses that were checked and at no others, without
//! proxies, redirects or anything that would be sent a second time.

use crate::http::Endpoint;
use crate::http::address::Addresses;
use crate::http::resolve::{Checked, Names};
use reqwest::{Certificate, Client, redirect, retry};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// For a connection, its name and its TLS.
const CONNECT: Duration = Duration::from_secs(10);

/// A client that reaches this address and nothing else. `opened` are the private ranges in which it may be; `ca_file`
/// holds authorities instead of the system's. The refusal says what to change.
pub(crate) fn client(
    url: &Endpoint,
    opened: &[String],
    ca_file: Option<&Path>,
    names: Arc<dyn Names>,
) -> Result<Client, String> {
    let addresses = addresses(url, opened)?;
    // An error only says that a provider of cryptography is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("nexus-control/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Checked::new(names, Arc::new(addresses))))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        // A connection that was idle may be gone, and then nobody knows whether the request arrived.
        .pool_max_idle_per_host(0)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .connect_timeout(CONNECT);
    if let Some(path) = ca_file {
        builder = builder.tls_certs_only(authorities(path)?);
    }
    builder.build().map_err(|error| format!("no client can be made: {error}"))
}

/// Where it may be. Without TLS only where the operator opened something.
fn addresses(url: &Endpoint, opened: &[String]) -> Result<Addresses, String> {
    let secure = url.0.scheme() == "https";
    if !secure && opened.is_empty() {
        return Err("url must be https; http is for addresses in allow_private alone".to_owned());
    }
    let addresses = Addresses::new(opened, secure)?;
    // No resolver is asked about an address that stands there as such.
    let host = url.0.host_str().unwrap_or_default();
    let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    match literal.filter(|address| !addresses.allow(*address)) {
        Some(address) => Err(format!("{address} is no public address and not in allow_private")),
        None => Ok(addresses),
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, String> {
    let problem = |why: String| format!("ca_file `{}` {why}", path.display());
    let pem = std::fs::read(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| problem(format!("is no PEM: {error}")))?;
    if found.is_empty() { Err(problem("holds no certificate".to_owned())) } else { Ok(found) }
}
