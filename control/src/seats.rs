//! How many calls that stay open (waits, streams, questions to a person) one person may have at once, through all doors
//! together. Waits and streams look again at every change, so that a thousand of them would be a thousand questions a
//! second.

use crate::{Caller, Control};
use governance::PersonId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most of them for one person, with all keys and browsers together.
pub const MOST: usize = 50;
/// Most pages that one person keeps up to date at once. They are counted apart: whoever has many of them open still calls.
pub const MOST_PAGES: usize = 20;
/// How soon to try again.
pub const TRY_AGAIN_SECONDS: u64 = 5;

/// Who holds how many. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One call that stays open; it is given back when dropped.
#[must_use]
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Control {
    /// A seat for a call that stays open; `None` when the caller's person holds as many as they may.
    pub fn seat(&self, caller: &Caller) -> Option<Seat> {
        self.seats.take(&caller.person, MOST)
    }

    /// A seat for a page that is kept up to date; `None` when the caller's person has as many as they may.
    pub fn page_seat(&self, caller: &Caller) -> Option<Seat> {
        self.page_seats.take(&caller.person, MOST_PAGES)
    }
}

impl Seats {
    fn take(&self, person: &PersonId, most: usize) -> Option<Seat> {
        let mut held = self.held();
        let count = held.entry(person.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), person: person.clone() })
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
