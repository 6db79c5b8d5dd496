//! The relying party against a real small provider, well-behaved and otherwise: who gets in, and who must not.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod access_token;
mod asking;
mod fake;
mod keys;
mod logout;
mod refused;
mod rotation;
mod settings;
mod sign_in;

use sso::oidc::{Begun, Callback, Provider, Started, Wish, http_client};
use sso::{Claims, SsoError};

use fake::Fake;

/// The time of every test, in seconds since 1970.
const NOW: i64 = 1_800_000_000;
/// How far clocks may differ in every test.
const LEEWAY: i64 = 60;

/// The relying party of a fake provider, with the usual settings.
fn relying_party(fake: &Fake) -> Provider {
    Provider::new(fake.settings(), http_client().unwrap()).unwrap()
}

/// What a caller keeps between the halves of a sign-in.
fn begun(started: &Started) -> Begun {
    Begun {
        nonce: started.nonce.clone(),
        verifier: started.verifier.clone(),
        fresh: false,
        begun_at: NOW - 20,
    }
}

/// Begins a sign-in and has the fake provider agree to it.
async fn agreed(fake: &Fake, provider: &Provider) -> (Begun, Callback) {
    let started = provider.begin(Wish::default()).await.unwrap();
    let code = fake.agree(&started.url);
    (begun(&started), Callback { code: Some(code), ..Callback::default() })
}

/// A whole sign-in.
async fn sign_in(fake: &Fake, provider: &Provider) -> Result<Claims, SsoError> {
    let (begun, callback) = agreed(fake, provider).await;
    provider.finish(callback, begun, NOW).await
}

/// The check that failed; anything else fails the test.
fn check_of<T: std::fmt::Debug>(result: Result<T, SsoError>) -> String {
    match result {
        Err(SsoError::NotProven { check, .. }) => check,
        other => panic!("should not be proven, but: {other:?}"),
    }
}

/// What made a provider count as unreachable; anything else fails the test.
fn problem_of<T: std::fmt::Debug>(result: Result<T, SsoError>) -> String {
    match result {
        Err(SsoError::Unreachable { problem, .. }) => problem,
        other => panic!("should be unreachable, but: {other:?}"),
    }
}
