//! How fast anyone may send what changes something, or try to come in: strangers by network address, callers by person.
//! Kept in memory, per process. Wrong passwords and keys have a slower count of their own in `control`.

use crate::problem::Problem;
use crate::sessions::Browser;
use crate::web::Web;
use app::ssr::SignedIn;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::Error;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Of strangers, by address: two a second, sixty at once. Offices share addresses.
const STRANGER: (u32, u32) = (120, 60);
/// Of callers, by person: ten a second, three hundred at once. Pages ask for what they show.
const CALLER: (u32, u32) = (600, 300);
/// After so many requests, those who have been quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

/// The counts. Cheap to clone.
#[derive(Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    strangers: DefaultKeyedRateLimiter<String>,
    callers: DefaultKeyedRateLimiter<String>,
    since_sweep: AtomicU32,
}

impl Default for RateLimits {
    fn default() -> Self {
        let limiter = |(a_minute, at_once): (u32, u32)| {
            let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(number(a_minute)).allow_burst(number(at_once)))
        };
        Self(Arc::new(Inner {
            strangers: limiter(STRANGER),
            callers: limiter(CALLER),
            since_sweep: AtomicU32::new(0),
        }))
    }
}

impl RateLimits {
    /// Seconds to wait, when it is too fast.
    fn check(&self, caller: Option<String>, address: &str) -> Result<(), u64> {
        let inner = &self.0;
        if inner.since_sweep.fetch_add(1, Ordering::Relaxed) >= SWEEP_EVERY {
            inner.since_sweep.store(0, Ordering::Relaxed);
            inner.strangers.retain_recent();
            inner.callers.retain_recent();
        }
        let checked = match caller {
            Some(person) => inner.callers.check_key(&person),
            None => inner.strangers.check_key(&control::throttle::network(address)),
        };
        checked.map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// The middleware; after the caller is known.
pub async fn rate_limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    if !counts(&request) {
        return next.run(request).await;
    }
    let extensions = request.extensions();
    let caller = extensions.get::<SignedIn>().and_then(|who| who.0.as_ref());
    let caller = caller.map(|caller| caller.person.to_string());
    // A provider ends many sessions at once on a Friday evening, and each has to end.
    let by_provider = request.uri().path().ends_with("/back-channel-logout");
    let address = extensions.get::<Browser>().map(|browser| browser.address.clone()).unwrap_or_default();
    match web.rate_limits.check(caller.or_else(|| by_provider.then(|| address.clone())), &address) {
        Ok(()) => next.run(request).await,
        Err(retry_after_seconds) => Problem::from(Error::Throttled { retry_after_seconds }).into_response(),
    }
}

/// What changes something, and what asks a provider.
fn counts(request: &Request) -> bool {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !safe || request.uri().path().starts_with("/sign-in/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_fast_waits_and_nobody_else_does() {
        let limits = RateLimits::default();
        for _ in 0..STRANGER.1 {
            limits.check(None, "203.0.113.5").unwrap();
        }
        let wait = limits.check(None, "203.0.113.5").unwrap_err();
        assert!((1..=2).contains(&wait), "{wait}");
        limits.check(None, "203.0.113.6").unwrap();
        limits.check(Some("prs_ana".to_owned()), "203.0.113.5").unwrap();
    }
}
