//! From a name to the addresses that a request may go to. The client connects to the very addresses that were checked
//! here, so that a name which answers differently a moment later gains nothing.

use super::address::Addresses;
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use thiserror::Error;

/// Who knows the addresses of a name.
#[async_trait]
pub trait Names: Send + Sync {
    /// All addresses of a name, wherever they lead.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's own answer.
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect())
    }
}

/// No address of the name may be used.
#[derive(Debug, Error)]
#[error(
    "`{0}` has no address that may be used; an address of a private network has to be opened in allow_private"
)]
pub(super) struct Blocked(pub(super) String);

/// Names, less the addresses that may not be used.
pub(crate) struct Checked {
    names: Arc<dyn Names>,
    addresses: Arc<Addresses>,
}

impl Checked {
    pub(crate) fn new(names: Arc<dyn Names>, addresses: Arc<Addresses>) -> Self {
        Self { names, addresses }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, addresses) = (self.names.clone(), self.addresses.clone());
        Box::pin(async move {
            let found = names.addresses(name.as_str()).await?;
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| addresses.allow(*address))
                // Port 0 stands for the one in the endpoint's address.
                .map(|address| SocketAddr::new(address.to_canonical(), 0))
                .collect();
            if allowed.is_empty() {
                return Err(Blocked(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Told(Vec<&'static str>);

    #[async_trait]
    impl Names for Told {
        async fn addresses(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
            Ok(self.0.iter().map(|text| text.parse().unwrap()).collect())
        }
    }

    async fn resolved(told: &[&'static str], opened: &[&str], public: bool) -> Result<Vec<String>, String> {
        let opened: Vec<String> = opened.iter().map(|&text| text.to_owned()).collect();
        let addresses = Arc::new(Addresses::new(&opened, public).unwrap());
        let checked = Checked::new(Arc::new(Told(told.to_vec())), addresses);
        let found = checked.resolve("hooks.example.com".parse().unwrap()).await;
        found.map(|all| all.map(|one| one.to_string()).collect()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn of_several_answers_only_the_allowed_ones_are_used() {
        let told = ["127.0.0.1", "93.184.215.14", "169.254.169.254", "::1", "10.0.0.5", "2606:4700::1111"];
        let public = resolved(&told, &[], true).await.unwrap();
        assert_eq!(public, ["93.184.215.14:0", "[2606:4700::1111]:0"]);
        let opened = resolved(&told, &["10.0.0.0/8"], false).await.unwrap();
        assert_eq!(opened, ["10.0.0.5:0"]);
    }

    #[tokio::test]
    async fn a_name_without_an_allowed_address_is_blocked_by_name() {
        for told in [&["127.0.0.1", "::ffff:10.0.0.1", "fd00::1"][..], &[]] {
            let refused = resolved(told, &[], true).await.unwrap_err();
            assert!(refused.contains("hooks.example.com") && refused.contains("allow_private"), "{refused}");
        }
    }

    #[tokio::test]
    async fn the_system_is_asked_anew_each_time() {
        let found = SystemNames.addresses("localhost").await.unwrap();
        assert!(found.iter().all(IpAddr::is_loopback) && !found.is_empty());
        assert!(SystemNames.addresses("nowhere.invalid").await.is_err());
    }
}
