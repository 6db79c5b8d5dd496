//! Who has a decision open at this moment, so that two approvers at once know of each other. Kept in memory, per process:
//! of several servers each knows its own readers. It is no evidence, decides nothing, and ends with the connection.
//!
//! Nobody is told who may not see the decision: who asks is checked before, at every look. It grows no further than
//! [`crate::seats`] lets anybody keep pages open.

use crate::changes::{Bell, Changes};
use crate::{Caller, Control};
use governance::{DecisionId, PersonId, WorkspaceId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most names of one answer: beyond that it is a crowd.
pub const MOST_NAMES: usize = 12;

/// A decision of a workspace.
type Place = (WorkspaceId, DecisionId);

/// Somebody's name, and in how many windows they have it open.
type Readers = BTreeMap<PersonId, (String, usize)>;

/// Who is where. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Presence {
    places: Arc<Mutex<HashMap<Place, Readers>>>,
    /// Rings when somebody comes or goes; apart from what rings for changes of a decision, which many wait for.
    bell: Bell,
}

/// One open window onto a decision. Dropped, it is closed.
#[must_use]
pub struct Here {
    presence: Presence,
    place: Place,
    person: PersonId,
    changes: Changes,
}

impl Control {
    /// Says that the caller has this decision open. Whether they may see it was checked before.
    pub fn arrive(&self, caller: &Caller, id: &DecisionId) -> Here {
        let place = (caller.workspace.clone(), id.clone());
        self.presence.arrive(place, &caller.person, &caller.name)
    }
}

impl Presence {
    fn arrive(&self, place: Place, person: &PersonId, name: &str) -> Here {
        {
            let mut places = self.places();
            let readers = places.entry(place.clone()).or_default();
            let reader = readers.entry(person.clone()).or_default();
            // The newest name: somebody may have been renamed between two windows.
            name.clone_into(&mut reader.0);
            reader.1 += 1;
        }
        self.bell.ring(&place.1);
        // From here on: who has just come looks once in any case.
        let changes = Changes::of(&self.bell);
        Here { presence: self.clone(), place, person: person.clone(), changes }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Place, Readers>> {
        // Whoever held it only counted.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Here {
    /// Names of the others who have it open, each person once, in order.
    pub fn others(&self) -> Vec<String> {
        let places = self.presence.places();
        let readers = places.get(&self.place).into_iter().flatten();
        let others = readers.filter(|(person, _)| **person != self.person);
        let mut names: Vec<String> = others.map(|(_, (name, _))| name.clone()).collect();
        names.sort();
        names.truncate(MOST_NAMES);
        names
    }

    /// Ends when somebody may have come or gone since the last call, or after this time.
    pub async fn changed(&mut self, at_most: Duration) {
        self.changes.next_of(&self.place.1, at_most).await;
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        {
            let mut places = self.presence.places();
            let Some(readers) = places.get_mut(&self.place) else { return };
            if let Some((_, windows)) = readers.get_mut(&self.person) {
                *windows -= 1;
                if *windows == 0 {
                    readers.remove(&self.person);
                }
            }
            if readers.is_empty() {
                places.remove(&self.place);
            }
        }
        self.presence.bell.ring(&self.place.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(workspace: &str) -> Place {
        (WorkspaceId::new(workspace).unwrap(), DecisionId::new("dec_1").unwrap())
    }

    fn open(presence: &Presence, workspace: &str, name: &str) -> Here {
        presence.arrive(place(workspace), &PersonId::new(format!("prs_{name}")).unwrap(), name)
    }

    #[test]
    fn others_are_named_once_oneself_never_and_nobody_through_a_wall() {
        let presence = Presence::default();
        let ana = open(&presence, "wsp_a", "ana");
        assert_eq!(ana.others(), [""; 0]);
        let (bo, again) = (open(&presence, "wsp_a", "bo"), open(&presence, "wsp_a", "bo"));
        let _elsewhere = open(&presence, "wsp_b", "cy");
        assert_eq!((ana.others(), bo.others()), (vec!["bo".to_owned()], vec!["ana".to_owned()]));
        drop(bo);
        assert_eq!(ana.others(), ["bo"], "one of two windows is still open");
        drop(again);
        assert_eq!(ana.others(), [""; 0]);
    }

    #[test]
    fn nothing_is_kept_of_what_nobody_has_open_and_a_crowd_is_cut() {
        let presence = Presence::default();
        let all: Vec<Here> = (0..40).map(|number| open(&presence, "wsp_a", &format!("p{number}"))).collect();
        assert_eq!(all[0].others().len(), MOST_NAMES);
        drop(all);
        assert!(presence.places().is_empty());
    }

    #[tokio::test]
    async fn coming_and_going_is_heard() {
        let presence = Presence::default();
        let mut ana = open(&presence, "wsp_a", "ana");
        let long = Duration::from_secs(20);
        let heard = async |ana: &mut Here| {
            tokio::time::timeout(Duration::from_secs(2), ana.changed(long)).await.is_ok()
        };
        let bo = open(&presence, "wsp_a", "bo");
        assert!(heard(&mut ana).await);
        drop(bo);
        assert!(heard(&mut ana).await);
        assert!(tokio::time::timeout(Duration::from_millis(50), ana.changed(long)).await.is_err());
    }
}
