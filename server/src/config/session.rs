//! `[session]`: how long a sign-in lasts, unused and at most.

use super::ConfigError;
use serde::Deserialize;

/// The section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// Minutes without a request after which one has to sign in again.
    pub idle_minutes: u32,
    /// Hours after which one has to sign in again in any case.
    pub hours: u32,
}

impl Default for Session {
    fn default() -> Self {
        Self { idle_minutes: 120, hours: 12 }
    }
}

impl Session {
    pub(super) fn check(self) -> Result<(), ConfigError> {
        if !(1..=43_200).contains(&self.idle_minutes) {
            return Err(ConfigError::value("session.idle_minutes", "is not between 1 and 43200 (30 days)"));
        }
        if !(1..=720).contains(&self.hours) {
            return Err(ConfigError::value("session.hours", "is not between 1 and 720 (30 days)"));
        }
        Ok(())
    }

    /// The idle limit in seconds.
    pub fn idle_seconds(self) -> i64 {
        i64::from(self.idle_minutes) * 60
    }

    /// The absolute limit in seconds.
    pub fn absolute_seconds(self) -> i64 {
        i64::from(self.hours) * 3600
    }
}
