//! Rows of runs while they run and of calls that may be repeated, as both engines give them back, and what they become.
//! A row that makes no sense is `Corrupt`, with its table and key.

use crate::error::StoreError;
use crate::idempotency::{Answer, Claimed};
use crate::live::{CancelWish, LiveRun};
use crate::projection::corrupt;
use crate::rows::{decision_id, run_id, small};
use governance::Timestamp;
use sqlx::FromRow;

/// A run that is going on.
#[derive(Debug, FromRow)]
pub struct LiveRow {
    pub run_id: String,
    pub decision_id: String,
    pub heard_us: i64,
    pub steps: i64,
    pub doing: String,
    pub tail: String,
    #[sqlx(flatten)]
    pub cancel: CancelRow,
}

impl LiveRow {
    /// The record.
    pub fn record(self) -> Result<LiveRun, StoreError> {
        Ok(LiveRun {
            steps: small(self.steps, "live_runs", &self.run_id)?,
            cancel: self.cancel.wish(&self.run_id)?,
            run_id: run_id(&self.run_id, "live_runs")?,
            decision_id: decision_id(&self.decision_id, "live_runs")?,
            heard_at: Timestamp::from_micros(self.heard_us),
            doing: self.doing,
            tail: self.tail,
        })
    }
}

/// The wish to stop a run, in the run's row.
#[derive(Debug, FromRow)]
pub struct CancelRow {
    pub cancel_by: Option<String>,
    pub cancel_us: Option<i64>,
}

impl CancelRow {
    /// The wish, if there is one.
    pub fn wish(self, run_id: &str) -> Result<Option<CancelWish>, StoreError> {
        match (self.cancel_by, self.cancel_us) {
            (Some(by), Some(at)) => Ok(Some(CancelWish { by, at: Timestamp::from_micros(at) })),
            (None, None) => Ok(None),
            _ => Err(corrupt("live_runs", run_id, "half a wish to stop it")),
        }
    }
}

/// A call under a key.
#[derive(Debug, FromRow)]
pub struct ClaimRow {
    pub request_digest: String,
    pub claimed_us: i64,
    pub status: Option<i64>,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub body: Option<String>,
}

impl ClaimRow {
    /// What a later call under the same key is told.
    pub fn taken(self, key: &str) -> Result<Claimed, StoreError> {
        let answer = match (self.status, self.content_type, self.body) {
            (Some(status), Some(content_type), Some(body)) => {
                let status = u16::try_from(status)
                    .map_err(|error| corrupt("idempotency_keys", key, error.to_string()))?;
                Some(Answer { status, content_type, location: self.location, body })
            }
            (None, None, None) => None,
            _ => return Err(corrupt("idempotency_keys", key, "half an answer")),
        };
        let at = Timestamp::from_micros(self.claimed_us);
        Ok(Claimed::Taken { request_digest: self.request_digest, at, answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_corrupt<T>(result: &Result<T, StoreError>, name: &str) -> bool {
        matches!(result, Err(StoreError::Corrupt { table, .. }) if *table == name)
    }

    fn claim(status: Option<i64>, content_type: Option<&str>, body: Option<&str>) -> ClaimRow {
        let (content_type, body) = (content_type.map(str::to_owned), body.map(str::to_owned));
        ClaimRow { request_digest: "d".to_owned(), claimed_us: 1, status, content_type, location: None, body }
    }

    #[test]
    fn half_an_answer_and_an_odd_status_are_no_answer() {
        assert!(claim(None, None, None).taken("k").is_ok());
        assert!(claim(Some(200), Some("text/plain"), Some("")).taken("k").is_ok());
        for row in [
            claim(Some(200), None, Some("")),
            claim(Some(200), Some("text/plain"), None),
            claim(None, Some("text/plain"), Some("")),
            claim(Some(-1), Some("text/plain"), Some("")),
            claim(Some(65_536), Some("text/plain"), Some("")),
        ] {
            let said = format!("{row:?}");
            assert!(is_corrupt(&row.taken("k"), "idempotency_keys"), "{said}");
        }
    }

    #[test]
    fn half_a_wish_and_odd_numbers_of_a_run_are_refused() {
        let row = |steps, cancel_by: Option<&str>, cancel_us, run_id: &str| LiveRow {
            run_id: run_id.to_owned(),
            decision_id: "d".to_owned(),
            heard_us: 1,
            steps,
            doing: String::new(),
            tail: String::new(),
            cancel: CancelRow { cancel_by: cancel_by.map(str::to_owned), cancel_us },
        };
        assert!(row(1, None, None, "r").record().is_ok());
        assert!(row(1, Some("ann"), Some(2), "r").record().is_ok());
        for odd in [
            row(1, Some("ann"), None, "r"),
            row(1, None, Some(2), "r"),
            row(-1, None, None, "r"),
            row(i64::MAX, None, None, "r"),
            row(1, None, None, ""),
        ] {
            let said = format!("{odd:?}");
            assert!(is_corrupt(&odd.record(), "live_runs"), "{said}");
        }
    }
}
