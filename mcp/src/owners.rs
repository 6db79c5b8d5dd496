//! Whose a session of the older protocol is. Its id alone opens nothing: each message comes with a key or a sign-in of
//! its own, and a session answers to nobody but who began it, so that no other caller can answer a question that was
//! put to a person in it.

use control::Caller;
use rmcp::transport::streamable_http_server::session::SessionManager as _;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most sessions of one caller; the oldest gives way.
const MOST: usize = 256;

/// Who began which session. Cheap to clone.
#[derive(Clone)]
pub struct Owners {
    manager: Arc<LocalSessionManager>,
    /// Oldest first.
    known: Arc<Mutex<Known>>,
}

type Known = VecDeque<(Arc<str>, Owner)>;

/// One caller: the workspace and the actor that events would name.
type Owner = (String, String);

fn owner_of(caller: &Caller) -> Owner {
    (caller.workspace.to_string(), caller.actor.id().to_owned())
}

/// Forgets sessions that have ended: those that were known before somebody looked which are alive, and were not. One that
/// began since then was seen by nobody who looked.
fn forget_ended(known: &mut Known, before: &HashSet<Arc<str>>, alive: &HashSet<Arc<str>>) {
    known.retain(|(id, _)| alive.contains(id) || !before.contains(id));
}

impl Owners {
    /// Nobody has a session yet.
    pub fn new(manager: Arc<LocalSessionManager>) -> Self {
        Self { manager, known: Arc::default() }
    }

    /// Whether the caller began this session.
    pub fn is_of(&self, session: &str, caller: &Caller) -> bool {
        let owner = owner_of(caller);
        self.known().iter().any(|(id, of)| id.as_ref() == session && *of == owner)
    }

    /// Notes that the caller began this session.
    pub async fn began(&self, session: &str, caller: &Caller) {
        let before: HashSet<Arc<str>> = self.known().iter().map(|(id, _)| id.clone()).collect();
        let alive: HashSet<Arc<str>> = self.manager.sessions.read().await.keys().cloned().collect();
        let owner = owner_of(caller);
        let oldest = {
            let mut known = self.known();
            forget_ended(&mut known, &before, &alive);
            known.push_back((session.into(), owner.clone()));
            let theirs = known.iter().filter(|(_, of)| *of == owner).count();
            let first = known.iter().position(|(_, of)| *of == owner);
            first.filter(|_| theirs > MOST).and_then(|at| known.remove(at))
        };
        if let Some((id, _)) = oldest
            && let Err(error) = self.manager.close_session(&id).await
        {
            tracing::debug!(%error, "a session that gave way was gone already");
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Whoever held it only moved entries about.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_begins_while_another_looks_is_kept_and_one_that_ended_is_not() {
        let owner = ("wsp".to_owned(), "ana".to_owned());
        let mut known: Known =
            ["ended", "alive", "begun since"].into_iter().map(|id| (id.into(), owner.clone())).collect();
        let before = HashSet::from(["ended".into(), "alive".into()]);
        forget_ended(&mut known, &before, &HashSet::from(["alive".into()]));
        let kept: Vec<&str> = known.iter().map(|(id, _)| id.as_ref()).collect();
        assert_eq!(kept, ["alive", "begun since"]);
    }
}
