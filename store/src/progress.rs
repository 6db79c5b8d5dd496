//! Says how far a rebuild is, so that nobody takes a long one for a stuck one. It refuses to say more than once in ten
//! seconds.

use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_secs(10);

/// How far it is.
pub struct Progress {
    of: i64,
    said: Instant,
}

impl Progress {
    /// At the beginning of so many events; some of them may be of streams that were replaced.
    pub fn of(events: i64) -> Self {
        Self { of: events, said: Instant::now() }
    }

    /// After so many events.
    pub fn say(&mut self, events: u64) {
        if self.said.elapsed() >= PAUSE {
            self.said = Instant::now();
            tracing::info!(events, of = self.of, "making the read model again");
        }
    }
}
