//! A clock that can be set back and catches up: what a bench makes in minutes is spread over a year, as a workspace's
//! decisions are. At the end it shows the time that it is.

use control::{Clock, SystemClock};
use governance::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

/// The clock; by how many microseconds it is late.
#[derive(Default)]
pub struct LateClock(AtomicI64);

impl Clock for LateClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(SystemClock.now().micros() - self.0.load(Ordering::Relaxed))
    }
}

impl LateClock {
    /// From now on it is this late.
    pub fn set_back(&self, micros: i64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}
