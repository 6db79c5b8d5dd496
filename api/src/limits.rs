//! How many calls that stay open (waits and streams) one person may have at once. Each of them looks again at every
//! change, so that a thousand of them would be a thousand questions a second.

use crate::Problem;
use axum::http::StatusCode;
use control::Caller;
use governance::PersonId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most of them for one person, with all keys and browsers together.
const MOST: usize = 50;
/// How soon to try again.
const TRY_AGAIN_SECONDS: u64 = 5;

/// Who holds how many. Cheap to clone.
#[derive(Clone, Default)]
pub struct Seats(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One call that stays open; it is given back when dropped.
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Seats {
    /// Takes one, when there is one left.
    pub fn take(&self, caller: &Caller) -> Result<Seat, Problem> {
        let person = caller.person.clone();
        let mut held = self.held();
        let count = held.entry(person.clone()).or_default();
        if *count >= MOST {
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_OPEN",
                format!(
                    "you have {MOST} waits and streams open; end one, or listen to `/api/v1/events` instead"
                ),
            )
            .retry_after(TRY_AGAIN_SECONDS));
        }
        *count += 1;
        Ok(Seat { seats: self.clone(), person })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        // Whoever held it only counted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.seats.held();
        if let Some(count) = held.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.person);
            }
        }
    }
}
