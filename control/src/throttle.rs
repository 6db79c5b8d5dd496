//! Slows guessing down: after a few failures an account, and a network, must wait. Kept in memory, per process.
//!
//! An attempt counts before it is tried, and is given back when it was right: a thousand guesses at once are a thousand
//! attempts. What is counted apart (passwords, codes, signing in again, keys) never locks the other out.

use crate::Error;
use governance::Timestamp;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard};

/// Attempts of one account before it must wait.
const ACCOUNT_ATTEMPTS: u32 = 5;
/// Attempts from one network before it must wait; offices share addresses.
const NETWORK_ATTEMPTS: u32 = 30;
/// How long attempts are remembered, and how long one waits, in seconds.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Entries kept at most. Beyond it the oldest go, those that have to wait last, so that an attacker can neither fill the
/// memory nor be forgotten.
const MAX_ENTRIES: usize = 10_000;

/// What is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// A password, by a stranger.
    Password,
    /// A password, by somebody who is signed in already.
    Again,
    /// A code of a second factor.
    Code,
    /// An API key.
    Key,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::Again => "again",
            Self::Code => "code",
            Self::Key => "key",
        })
    }
}

/// An attempt that was counted.
#[derive(Debug)]
pub struct Counted {
    account: Option<String>,
    network: String,
}

/// Counts attempts by account and by network.
#[derive(Debug, Default)]
pub struct Throttle {
    attempts: Mutex<BTreeMap<String, (u32, Timestamp)>>,
}

impl Throttle {
    /// Counts an attempt, or refuses when the account or the network has to wait. `account` is none for keys.
    pub fn attempt(
        &self,
        guess: Guess,
        account: Option<&str>,
        address: &str,
        now: Timestamp,
    ) -> Result<Counted, Error> {
        let counted = Counted {
            account: account.map(|account| format!("{guess} of {account}")),
            network: format!("{guess} from {}", network(address)),
        };
        let mut attempts = self.lock();
        let limits = counted.account.iter().map(|key| (key, ACCOUNT_ATTEMPTS));
        let limits: Vec<(&String, u32)> = limits.chain([(&counted.network, NETWORK_ATTEMPTS)]).collect();
        for (key, limit) in &limits {
            if let Some((count, until)) = attempts.get(*key)
                && count >= limit
                && *until > now
            {
                let wait = (until.micros() - now.micros()) / 1_000_000 + 1;
                return Err(Error::Throttled { retry_after_seconds: u64::try_from(wait).unwrap_or(1) });
            }
        }
        make_room(&mut attempts, now);
        for (key, _) in limits {
            let entry = attempts.entry(key.clone()).or_insert((0, now));
            if entry.1 <= now {
                entry.0 = 0;
            }
            entry.0 += 1;
            entry.1 = now.plus_seconds(WINDOW_SECONDS);
        }
        Ok(counted)
    }

    /// It was right: the account's attempts are forgotten, and the network gets this one back.
    pub fn succeeded(&self, counted: Counted) {
        let mut attempts = self.lock();
        if let Some(account) = counted.account {
            attempts.remove(&account);
        }
        back(&mut attempts, &counted.network);
    }

    /// It was neither right nor wrong: both get this one back.
    pub fn given_back(&self, counted: Counted) {
        let mut attempts = self.lock();
        for key in counted.account.into_iter().chain([counted.network]) {
            back(&mut attempts, &key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (u32, Timestamp)>> {
        self.attempts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn back(attempts: &mut BTreeMap<String, (u32, Timestamp)>, key: &str) {
    if let Some(entry) = attempts.get_mut(key) {
        entry.0 = entry.0.saturating_sub(1);
    }
}

fn make_room(attempts: &mut BTreeMap<String, (u32, Timestamp)>, now: Timestamp) {
    if attempts.len() + 2 <= MAX_ENTRIES {
        return;
    }
    attempts.retain(|_, (_, until)| *until > now);
    while attempts.len() + 2 > MAX_ENTRIES {
        // Whoever waits has the most to gain from being forgotten.
        let least = attempts.iter().min_by_key(|(_, (count, until))| (*count >= ACCOUNT_ATTEMPTS, *until));
        match least.map(|(key, _)| key.clone()) {
            Some(key) => attempts.remove(&key),
            None => break,
        };
    }
}

/// An IPv4 address, or the /64 that one IPv6 customer has.
pub fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn an_attempt_counts_before_it_is_tried() {
        let throttle = Throttle::default();
        let open: Vec<_> = (0..10)
            .map(|_| throttle.attempt(Guess::Code, Some("ana"), "192.0.2.1", at(0)))
            .take_while(Result::is_ok)
            .collect();
        assert_eq!(open.len(), 5, "five at once, whatever comes of them");
        throttle.attempt(Guess::Password, Some("ana"), "192.0.2.1", at(0)).unwrap();
        throttle.attempt(Guess::Code, Some("bo"), "192.0.2.1", at(0)).unwrap();
        throttle.attempt(Guess::Code, Some("ana"), "192.0.2.1", at(15 * 60 + 1)).unwrap();
    }

    #[test]
    fn who_is_right_starts_anew_and_who_waits_is_not_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..4 {
            throttle.attempt(Guess::Password, Some("ana"), "192.0.2.1", at(0)).unwrap();
        }
        let right = throttle.attempt(Guess::Password, Some("ana"), "192.0.2.1", at(0)).unwrap();
        throttle.succeeded(right);
        for _ in 0..5 {
            throttle.attempt(Guess::Password, Some("ana"), "192.0.2.1", at(0)).unwrap();
        }
        for other in 0..10_500 {
            let address = format!("198.51.{}.{}", other / 250, other % 250);
            drop(throttle.attempt(Guess::Password, Some(&format!("p{other}")), &address, at(1)));
        }
        assert!(throttle.attempt(Guess::Password, Some("ana"), "203.0.113.1", at(2)).is_err());
        assert!(throttle.lock().len() <= MAX_ENTRIES);
    }

    #[test]
    fn a_whole_network_of_one_customer_is_one() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("203.0.113.5"), "203.0.113.5");
    }
}
