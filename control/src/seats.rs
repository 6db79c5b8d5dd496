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
/// Most pages that one server keeps up to date at once, of everybody together: each looks for itself now and then.
pub const MOST_PAGES_OF_ALL: usize = 2_000;
/// Most archives that one person has made and downloads at once.
const MOST_ARCHIVES: usize = 1;
/// How soon to try again.
pub const TRY_AGAIN_SECONDS: u64 = 5;

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The person holds as many as one may.
    Own,
    /// All persons together do.
    All,
}

/// How many one person holds, and all together.
#[derive(Default)]
struct Held {
    of: HashMap<PersonId, usize>,
    all: usize,
}

/// Who holds how many. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<Held>>);

/// One call that stays open; it is given back when dropped.
#[must_use]
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Control {
    /// A seat for a call that stays open; `None` when the caller's person holds as many as they may.
    pub fn seat(&self, caller: &Caller) -> Option<Seat> {
        self.seats.take(&caller.person, MOST, usize::MAX).ok()
    }

    /// A seat for a page that is kept up to date.
    pub fn page_seat(&self, caller: &Caller) -> Result<Seat, Full> {
        self.page_seats.take(&caller.person, MOST_PAGES, MOST_PAGES_OF_ALL)
    }

    /// A seat for an archive that is made and downloaded; `None` when the caller's person has one.
    pub(crate) fn archive_seat(&self, caller: &Caller) -> Option<Seat> {
        self.archive_seats.take(&caller.person, MOST_ARCHIVES, usize::MAX).ok()
    }
}

impl Seats {
    fn take(&self, person: &PersonId, most: usize, most_of_all: usize) -> Result<Seat, Full> {
        let mut held = self.held();
        let own = held.of.get(person).copied().unwrap_or_default();
        if own >= most {
            return Err(Full::Own);
        }
        if held.all >= most_of_all {
            return Err(Full::All);
        }
        held.of.insert(person.clone(), own + 1);
        held.all += 1;
        Ok(Seat { seats: self.clone(), person: person.clone() })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Whoever held it only counted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.seats.held();
        if let Some(count) = held.of.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                held.of.remove(&self.person);
            }
            held.all -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_holds_more_than_their_own_and_all_together_no_more_than_there_are() {
        let seats = Seats::default();
        let person = |name: &str| PersonId::new(name).unwrap();
        let (ana, bo, cy) = (person("prs_a"), person("prs_b"), person("prs_c"));
        let first = seats.take(&ana, 2, 3).unwrap();
        let _second = seats.take(&ana, 2, 3).unwrap();
        assert_eq!(seats.take(&ana, 2, 3).err(), Some(Full::Own));
        let _third = seats.take(&bo, 2, 3).unwrap();
        assert_eq!(seats.take(&cy, 2, 3).err(), Some(Full::All));
        drop(first);
        assert!(seats.take(&cy, 2, 3).is_ok());
    }
}
