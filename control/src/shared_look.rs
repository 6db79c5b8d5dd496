//! One look at an inbox for all pages that a person has open: the windows of one person ask for the very same at the same
//! moment, and one answer serves them all. It is never older than what woke whoever asks, and is shared with nobody who
//! would see something else.

use crate::news::InboxNow;
use crate::{Caller, Control, Error};
use governance::{PersonId, WorkspaceId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// A person's inbox is looked at no more often than this, however many windows they have and however much happens.
const EVERY: Duration = Duration::from_secs(1);

/// The last look, when it began, and for whom: other roles or other names of theirs see something else.
struct Look {
    began: Instant,
    caller: Caller,
    found: InboxNow,
}

type Last = Mutex<Option<Look>>;
/// By person, for as long as one of their pages has a share.
type ByPerson = HashMap<(WorkspaceId, PersonId), Weak<Last>>;

/// Last looks of those who have a page open. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Looks(Arc<Lock<ByPerson>>);

/// A page's share in its person's looks. When the last one is dropped, nothing is kept.
pub struct SharedInbox(Arc<Last>);

impl Control {
    /// A share in the looks at the caller's inbox.
    pub fn shared_inbox(&self, caller: &Caller) -> SharedInbox {
        SharedInbox(self.looks.of(caller))
    }

    /// The caller's inbox as it is now, or as it was found at `since` or later for another page of theirs. Waits where
    /// the last look was only just taken, and then answers all who wait.
    pub async fn inbox_since(
        &self,
        shared: &SharedInbox,
        caller: &Caller,
        since: Instant,
    ) -> Result<InboxNow, Error> {
        let mut last = shared.0.lock().await;
        if let Some(look) = last.as_ref() {
            if look.began >= since && same(&look.caller, caller) {
                return Ok(look.found.clone());
            }
            sleep_until(look.began + EVERY).await;
        }
        let began = Instant::now();
        let found = self.inbox_now(caller).await?;
        *last = Some(Look { began, caller: caller.clone(), found: found.clone() });
        Ok(found)
    }
}

impl Looks {
    fn of(&self, caller: &Caller) -> Arc<Last> {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|_, last| last.strong_count() > 0);
        let key = (caller.workspace.clone(), caller.person.clone());
        if let Some(last) = looks.get(&key).and_then(Weak::upgrade) {
            return last;
        }
        let last = Arc::new(Last::default());
        looks.insert(key, Arc::downgrade(&last));
        last
    }
}

fn same(one: &Caller, other: &Caller) -> bool {
    one.roles == other.roles && one.actor_ids == other.actor_ids && one.is_key() == other.is_key()
}
