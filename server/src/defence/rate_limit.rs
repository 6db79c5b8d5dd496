//! How fast anyone may send what changes something, ask the machines' door anything, or try to come in: strangers by
//! network address, people by person, keys each by itself. Every answer of the machines' door says what is left, so that a program can slow
//! down by itself. Kept in memory, per process. Wrong passwords and keys have a slower count of their own in `control`.

use crate::problem::Problem;
use crate::sessions::Browser;
use crate::web::Web;
use app::ssr::SignedIn;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::{Caller, Credential, Error};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Of strangers, by address: two a second, sixty at once. Offices share addresses.
const STRANGER: (u32, u32) = (120, 60);
/// Of a caller's calls of a minute, this part may come at once: half. Pages ask for what they show.
const AT_ONCE: u32 = 2;
/// After so many requests, those who have been quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

type Limiter = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The counts. Cheap to clone.
#[derive(Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    strangers: Limiter,
    callers: Limiter,
    since_sweep: AtomicU32,
}

/// What is left for somebody after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    /// Most calls at once.
    limit: u32,
    /// Calls that may come now.
    remaining: u32,
    /// Seconds until all of them may.
    reset: u64,
    /// Seconds to wait, when this call was too fast.
    wait: Option<u64>,
}

impl RateLimits {
    /// For callers that may call so often in a minute, half of that at once.
    pub fn new(calls_per_minute: NonZeroU32) -> Self {
        let limiter = |a_minute: NonZeroU32, at_once: u32| {
            let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(a_minute).allow_burst(at_once)).with_middleware()
        };
        Self(Arc::new(Inner {
            strangers: limiter(NonZeroU32::new(STRANGER.0).unwrap_or(NonZeroU32::MIN), STRANGER.1),
            callers: limiter(calls_per_minute, calls_per_minute.get() / AT_ONCE),
            since_sweep: AtomicU32::new(0),
        }))
    }

    /// Counts one call.
    fn count(&self, caller: Option<String>, address: &str) -> Left {
        let inner = &self.0;
        if inner.since_sweep.fetch_add(1, Ordering::Relaxed) >= SWEEP_EVERY {
            inner.since_sweep.store(0, Ordering::Relaxed);
            inner.strangers.retain_recent();
            inner.callers.retain_recent();
        }
        let counted = match caller {
            Some(person) => inner.callers.check_key(&person),
            None => inner.strangers.check_key(&control::throttle::network(address)),
        };
        match counted {
            Ok(snapshot) => Left::of(&snapshot),
            Err(not_yet) => {
                let wait = not_yet.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                Left::none(not_yet.quota(), wait)
            }
        }
    }

    /// A refusal for somebody of whom nothing is known but the address: counted as a stranger's call.
    pub fn label_stranger(&self, address: &str, mut response: Response) -> Response {
        self.count(None, address).label(response.headers_mut());
        response
    }
}

impl Left {
    fn of(snapshot: &StateSnapshot) -> Self {
        let quota = snapshot.quota();
        let limit = quota.burst_size().get();
        let remaining = snapshot.remaining_burst_capacity().min(limit);
        Self { limit, remaining, reset: seconds_for(quota, limit - remaining), wait: None }
    }

    fn none(quota: Quota, wait: u64) -> Self {
        let limit = quota.burst_size().get();
        Self { limit, remaining: 0, reset: seconds_for(quota, limit), wait: Some(wait) }
    }

    fn label(self, headers: &mut HeaderMap) {
        headers.insert("ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(self.reset));
    }
}

/// How long it takes until so many more calls may come, in whole seconds.
fn seconds_for(quota: Quota, calls: u32) -> u64 {
    let time = quota.replenish_interval().saturating_mul(calls);
    time.saturating_add(Duration::from_nanos(999_999_999)).as_secs()
}

/// The middleware; after the caller is known.
pub async fn rate_limit(State(web): State<Web>, request: Request, next: Next) -> Response {
    if !counts(&request) {
        return next.run(request).await;
    }
    let extensions = request.extensions();
    let caller = extensions.get::<SignedIn>().and_then(|who| who.0.as_ref());
    let caller = caller.map(bucket);
    // A provider ends many sessions at once on a Friday evening, and each has to end.
    let by_provider = request.uri().path().ends_with("/back-channel-logout");
    let address = extensions.get::<Browser>().map(|browser| browser.address.clone()).unwrap_or_default();
    let of_machines = request.uri().path().starts_with("/api/");
    let left = web.rate_limits.count(caller.or_else(|| by_provider.then(|| address.clone())), &address);
    let mut response = match left.wait {
        None => next.run(request).await,
        Some(retry_after_seconds) => Problem::from(Error::Throttled { retry_after_seconds }).into_response(),
    };
    if of_machines {
        left.label(response.headers_mut());
    }
    response
}

/// What a caller's calls are counted under. A program that runs away with a key must not lock out the person whose key it
/// is: they have to get in to revoke it.
fn bucket(caller: &Caller) -> String {
    match &caller.credential {
        Credential::Session { .. } => format!("person {}", caller.person),
        Credential::Key { key_id: Some(key), .. } => format!("key {key}"),
        // Tokens of a provider are made anew every few minutes: together they count as one key.
        Credential::Key { key_id: None, .. } => format!("tokens of {}", caller.person),
    }
}

/// What changes something, whatever comes to the machines' door, and what asks a provider.
fn counts(request: &Request) -> bool {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    !safe || path.starts_with("/api/v1/") || path.starts_with("/sign-in/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> RateLimits {
        RateLimits::new(NonZeroU32::new(600).unwrap())
    }

    #[test]
    fn who_is_too_fast_waits_and_nobody_else_does() {
        let limits = limits();
        for _ in 0..STRANGER.1 {
            assert_eq!(limits.count(None, "203.0.113.5").wait, None);
        }
        let left = limits.count(None, "203.0.113.5");
        assert!(left.wait.is_some_and(|wait| (1..=2).contains(&wait)), "{left:?}");
        assert_eq!((left.limit, left.remaining, left.reset), (60, 0, 30));
        assert_eq!(limits.count(None, "203.0.113.6").wait, None);
        assert_eq!(limits.count(Some("prs_ana".to_owned()), "203.0.113.5").wait, None);
    }

    #[test]
    fn what_is_left_is_said() {
        let limits = limits();
        let ana = || limits.count(Some("prs_ana".to_owned()), "203.0.113.5");
        let first = ana();
        assert_eq!((first.limit, first.remaining, first.reset), (300, 299, 1));
        for _ in 0..99 {
            ana();
        }
        let later = ana();
        // A hundred calls take a moment, in which a few come back.
        assert!((199..=230).contains(&later.remaining), "{later:?}");
        assert!((7..=11).contains(&later.reset), "{later:?}");
    }

    #[test]
    fn a_small_limit_still_lets_one_call_through() {
        let limits = RateLimits::new(NonZeroU32::MIN);
        assert_eq!(limits.count(Some("prs_ana".to_owned()), "").wait, None);
        assert!(limits.count(Some("prs_ana".to_owned()), "").wait.is_some_and(|wait| wait > 50));
    }
}
