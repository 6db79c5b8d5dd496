//! Who stands behind the actors of an open decision at this moment, as the directory knows them. What has ended, and
//! what was imported, stays as its log says: nobody's later leaving changes what was decided.

use crate::permission::Role;
use crate::{Caller, Control, Error};
use governance::{Decision, Lost, Origin, Phase, Standing, Voice};
use std::collections::{BTreeMap, BTreeSet};
use store::directory::ActorRecord;

impl Control {
    /// The standing of everyone who requested or approved, and of the caller.
    pub(crate) async fn standing(&self, caller: &Caller, decision: &Decision) -> Result<Standing, Error> {
        if decision.origin == Origin::Imported || !matches!(decision.phase, Phase::Draft | Phase::Open) {
            return Ok(Standing::of_the_log());
        }
        let approvers = decision.approvals.keys().map(String::as_str);
        let requester = decision.requester.iter().map(governance::Actor::id);
        let ids: BTreeSet<&str> = approvers.chain(requester).chain([caller.actor.id()]).collect();
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        let found = self.store.actors(&caller.workspace, &ids).await?;
        let voices: BTreeMap<String, Voice> = found.into_iter().map(voice).collect();
        Ok(Standing::new(voices))
    }
}

fn voice(record: ActorRecord) -> (String, Voice) {
    let may_approve = record.roles.iter().any(|role| role == Role::Approver.as_str());
    let lost = match (record.suspended, may_approve) {
        (true, _) => Some(Lost::Suspended),
        (false, false) => Some(Lost::Role),
        (false, true) => None,
    };
    (record.actor_id, Voice { person: record.person, lost })
}
