//! Who has a decision open at this moment, so that two approvers at once know of each other. Kept in memory, per process:
//! of several servers each knows its own readers. It is no evidence, decides nothing, and ends with the connection.
//!
//! Nobody is told who may not see the decision: who asks is checked before, at every look. It grows no further than
//! [`crate::seats`] lets anybody keep pages open.

use crate::changes::{Bell, Changes};
use crate::{Caller, Control, Operation, Scope};
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

/// Others who have a decision open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Others {
    /// Names in order, as far as they may be told: at most [`MOST_NAMES`].
    pub names: Vec<String>,
    /// How many they are.
    pub count: usize,
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
        self.bell.ring(&place.0, &place.1);
        // From here on: who has just come looks once in any case.
        let changes = Changes::of(&self.bell, &place.0);
        Here { presence: self.clone(), place, person: person.clone(), changes }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Place, Readers>> {
        // Whoever held it only counted.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Here {
    /// The others who have it open, each person once. `reader` is whoever asks, with the roles of this moment: without
    /// the permission to see people they learn how many there are, and no name.
    pub fn others(&self, reader: &Caller) -> Others {
        self.seen_by(reader.scope(Operation::SeePeople) == Scope::All)
    }

    fn seen_by(&self, telling: bool) -> Others {
        let places = self.presence.places();
        let everybody = places.get(&self.place).into_iter().flatten();
        let mut names: Vec<String> = everybody
            .filter(|(person, _)| **person != self.person)
            .map(|(_, (name, _))| name.clone())
            .collect();
        let count = names.len();
        names.sort();
        names.truncate(if telling { MOST_NAMES } else { 0 });
        Others { names, count }
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
        self.presence.bell.ring(&self.place.0, &self.place.1);
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

    /// The names that somebody reads who may see people.
    fn names(here: &Here) -> Vec<String> {
        here.seen_by(true).names
    }

    #[test]
    fn who_may_not_see_people_learns_how_many_there_are_and_no_name() {
        let presence = Presence::default();
        let ana = open(&presence, "wsp_a", "ana");
        assert_eq!(ana.seen_by(false), Others { names: Vec::new(), count: 0 });
        let _others = [open(&presence, "wsp_a", "bo"), open(&presence, "wsp_a", "cy")];
        assert_eq!(ana.seen_by(false), Others { names: Vec::new(), count: 2 });
        let names = vec!["bo".to_owned(), "cy".to_owned()];
        assert_eq!(ana.seen_by(true), Others { names, count: 2 });
    }

    #[test]
    fn others_are_named_once_oneself_never_and_nobody_through_a_wall() {
        let presence = Presence::default();
        let ana = open(&presence, "wsp_a", "ana");
        assert_eq!(names(&ana), [""; 0]);
        let (bo, again) = (open(&presence, "wsp_a", "bo"), open(&presence, "wsp_a", "bo"));
        let _elsewhere = open(&presence, "wsp_b", "cy");
        assert_eq!((names(&ana), names(&bo)), (vec!["bo".to_owned()], vec!["ana".to_owned()]));
        drop(bo);
        assert_eq!(names(&ana), ["bo"], "one of two windows is still open");
        drop(again);
        assert_eq!(names(&ana), [""; 0]);
    }

    #[test]
    fn nothing_is_kept_of_what_nobody_has_open_and_a_crowd_is_cut() {
        let presence = Presence::default();
        let all: Vec<Here> = (0..40).map(|number| open(&presence, "wsp_a", &format!("p{number}"))).collect();
        assert_eq!(names(&all[0]).len(), MOST_NAMES);
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
