//! Slows guessing down: after a few failures an account, and an address, must wait. Kept in memory, per process.

use crate::Error;
use governance::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Failures of one account before it must wait.
const ACCOUNT_FAILURES: u32 = 5;
/// Failures from one address before it must wait; offices share addresses.
const ADDRESS_FAILURES: u32 = 30;
/// How long failures are remembered, and how long one waits, in seconds.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Entries kept at most. Beyond it the oldest go, so that an attacker cannot fill the memory.
const MAX_ENTRIES: usize = 10_000;

/// Counts failures by account and by address.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<BTreeMap<String, (u32, Timestamp)>>,
}

impl Throttle {
    /// Refuses when the account or the address has to wait.
    pub fn check(&self, account: &str, address: &str, now: Timestamp) -> Result<(), Error> {
        self.check_keys(&keys(account, address), now)
    }

    fn check_keys(&self, keys: &[(String, u32)], now: Timestamp) -> Result<(), Error> {
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (key, limit) in keys {
            if let Some((count, until)) = failures.get(key)
                && count >= limit
                && *until > now
            {
                let wait = (until.micros() - now.micros()) / 1_000_000 + 1;
                return Err(Error::Throttled { retry_after_seconds: u64::try_from(wait).unwrap_or(1) });
            }
        }
        Ok(())
    }

    /// Counts a failure.
    pub fn failed(&self, account: &str, address: &str, now: Timestamp) {
        self.count(&keys(account, address), now);
    }

    fn count(&self, keys: &[(String, u32)], now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.retain(|_, (_, until)| *until > now);
        while failures.len() >= MAX_ENTRIES {
            let oldest = failures.iter().min_by_key(|(_, (_, until))| *until).map(|(key, _)| key.clone());
            match oldest {
                Some(key) => failures.remove(&key),
                None => break,
            };
        }
        for (key, _) in keys {
            let entry = failures.entry(key.clone()).or_insert((0, now));
            entry.0 += 1;
            entry.1 = now.plus_seconds(WINDOW_SECONDS);
        }
    }

    /// Refuses when an address has to wait, whatever account it asks for: wrong API keys.
    pub fn check_address(&self, address: &str, now: Timestamp) -> Result<(), Error> {
        self.check_keys(&[(format!("keys from {address}"), ADDRESS_FAILURES)], now)
    }

    /// Counts a failure of an address.
    pub fn failed_address(&self, address: &str, now: Timestamp) {
        self.count(&[(format!("keys from {address}"), ADDRESS_FAILURES)], now);
    }

    /// Forgets an account's failures after it signed in.
    pub fn succeeded(&self, account: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.remove(&format!("account {account}"));
    }
}

fn keys(account: &str, address: &str) -> [(String, u32); 2] {
    [(format!("account {account}"), ACCOUNT_FAILURES), (format!("address {address}"), ADDRESS_FAILURES)]
}
