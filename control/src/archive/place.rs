//! How many archives there are at once. Each lies in a file until it has been downloaded, so a place is held from the
//! first question to the last byte: one for a person, and few for everybody together.

use crate::seats::Seat;
use crate::{Caller, Control};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most archives on the disk at once, of everybody together.
pub const MOST_AT_ONCE: usize = 8;

/// Room for them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_AT_ONCE)))
    }
}

/// A place for one archive; it is given back when dropped.
#[must_use]
pub struct Place {
    _seat: Seat,
    _room: OwnedSemaphorePermit,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlace {
    /// The caller's person has one in the making or on the way.
    Yours,
    /// Others have them all.
    Everybodys,
}

impl Control {
    /// A place for an archive of the caller's.
    pub fn archive_place(&self, caller: &Caller) -> Result<Place, NoPlace> {
        let seat = self.archive_seat(caller).ok_or(NoPlace::Yours)?;
        let room = self.archive_room.0.clone().try_acquire_owned().map_err(|_| NoPlace::Everybodys)?;
        Ok(Place { _seat: seat, _room: room })
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place")
    }
}
