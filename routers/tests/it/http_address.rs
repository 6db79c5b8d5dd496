//! Where a request may go: names that lead elsewhere, certificates of others.

use crate::endpoint::{Endpoint, clock, completed, config, error, request};
use async_trait::async_trait;
use control::{Live, Router as _, RunReport};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use routers::http::Names;
use routers::{HttpConfig, HttpRouter};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_rustls::TlsAcceptor;

/// Every name has these addresses: the first time the first ones, and so on.
struct Told {
    answers: Vec<Vec<&'static str>>,
    asked: AtomicUsize,
}

impl Told {
    fn new(answers: &[&[&'static str]]) -> Arc<Self> {
        Arc::new(Self {
            answers: answers.iter().map(|one| one.to_vec()).collect(),
            asked: AtomicUsize::new(0),
        })
    }
}

#[async_trait]
impl Names for Told {
    async fn addresses(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.get(number).or(self.answers.last()).unwrap();
        Ok(answer.iter().map(|text| text.parse().unwrap()).collect())
    }
}

async fn run(config: HttpConfig, names: &Arc<Told>) -> RunReport {
    let router = HttpRouter::with_names(config, clock(), names.clone()).unwrap();
    router.run(&request(), &Live::default()).await
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_reaches_nobody_and_is_not_tried_again() {
    let endpoint = Endpoint::start(vec![completed(1)]).await;
    let url = format!("https://hooks.test:{}/run", endpoint.port);
    for addresses in [&["127.0.0.1"][..], &["::ffff:127.0.0.1"], &["127.0.0.1", "169.254.169.254", "fd00::1"]]
    {
        let names = Told::new(&[addresses]);
        let report = run(config(&url, "allow_private = [\"10.0.0.0/8\"]\nattempts = 5\n"), &names).await;
        let (code, words) = error(&report);
        assert_eq!(code, "ROUTER_UNREACHABLE");
        assert!(words.contains("hooks.test") && words.contains("allow_private"), "{words}");
        assert_eq!(names.asked.load(Ordering::SeqCst), 1);
    }
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let endpoint = Endpoint::start(vec![completed(1)]).await;
    let url = format!("http://hooks.test:{}/run", endpoint.port);
    // The forbidden ones would be connected to first, if they were left in; the second answer never comes up.
    let names = Told::new(&[&["10.255.255.1", "169.254.169.254", "127.0.0.1"], &["10.255.255.1"]]);
    let report = run(config(&url, "timeout_seconds = 5\n"), &names).await;
    assert_eq!(report.error, None);
    assert_eq!((endpoint.seen().len(), names.asked.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(endpoint.seen()[0].headers["host"], format!("hooks.test:{}", endpoint.port));
    // The next run asks again, and is told otherwise.
    let report = run(config(&url, "attempts = 1\n"), &names).await;
    assert_eq!((error(&report).0, endpoint.seen().len()), ("ROUTER_UNREACHABLE", 1));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unreachable() {
    let config = config("https://nowhere.invalid/run", "attempts = 1\n");
    let router = HttpRouter::new(config, clock()).unwrap();
    let report = router.run(&request(), &Live::default()).await;
    assert_eq!(error(&report).0, "ROUTER_UNREACHABLE");
}

/// An endpoint with a certificate for this name, and the file of who vouches for it.
async fn with_certificate(name: &str) -> (Endpoint, tempfile::NamedTempFile) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), cert.pem()).unwrap();
    (Endpoint::with_tls(vec![completed(1)], TlsAcceptor::from(Arc::new(config))).await, file)
}

#[tokio::test]
async fn only_an_endpoint_with_the_right_certificate_gets_the_request() {
    let (endpoint, authority) = with_certificate("hooks.test").await;
    let (other, other_authority) = with_certificate("other.test").await;
    let names = Told::new(&[&["127.0.0.1"]]);
    let ca = |file: &tempfile::NamedTempFile| format!("attempts = 1\nca_file = {:?}\n", file.path());
    let url = |endpoint: &Endpoint| format!("https://hooks.test:{}/run", endpoint.port);
    let report = run(config(&url(&endpoint), &ca(&authority)), &names).await;
    assert_eq!((report.error, endpoint.seen().len()), (None, 1));
    for (at, more) in [
        (&endpoint, "attempts = 1\n".to_owned()),
        (&endpoint, ca(&other_authority)),
        (&other, ca(&authority)),
        (&other, ca(&other_authority)),
    ] {
        let report = run(config(&url(at), &more), &names).await;
        assert_eq!(error(&report).0, "ROUTER_UNREACHABLE", "{more}");
    }
    assert_eq!((endpoint.seen().len(), other.seen().len()), (1, 0));
}
