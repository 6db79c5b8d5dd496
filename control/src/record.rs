//! Entries for the workspace's log: who did what to whom, from where. Every use case that changes the directory writes
//! them through here, so that none forgets the address or types its own actor.

use crate::Error;
use crate::caller::{Caller, Door};
use governance::workspace_log::{self, ActKind, NewEntry};
use governance::{Actor, ActorKind, Timestamp, Value};

/// Who acts, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    actor: Actor,
    door: workspace_log::Door,
    address: String,
}

impl Act {
    /// The caller acts.
    pub fn of(caller: &Caller) -> Self {
        let door = match caller.door {
            Door::Web => workspace_log::Door::Web,
            Door::Api | Door::Client | Door::Mcp => workspace_log::Door::Api,
            Door::Cli => workspace_log::Door::Cli,
        };
        Self { actor: caller.actor.clone(), door, address: caller.address.clone() }
    }

    /// Somebody acts who is not signed in yet: set-up, an invitation, a sign-in.
    pub fn by_person(actor_id: &str, address: &str) -> Result<Self, Error> {
        let actor = Actor::new(ActorKind::Human, actor_id);
        let actor = actor.map_err(|error| Error::Fault(error.to_string()))?;
        Ok(Self { actor, door: workspace_log::Door::Web, address: address.to_owned() })
    }

    /// A sign-in provider acts through its groups, or vouches.
    pub fn by_provider(name: &str, address: &str) -> Result<Self, Error> {
        let actor = Actor::new(ActorKind::System, format!("sso:{name}"));
        let actor = actor.map_err(|error| Error::Fault(error.to_string()))?;
        Ok(Self { actor, door: workspace_log::Door::Sso, address: address.to_owned() })
    }

    /// The server itself, at its start.
    pub fn by_server() -> Self {
        Self { actor: Actor::control(), door: workspace_log::Door::Server, address: String::new() }
    }

    /// Somebody acts who has the server's own command line, and whom nobody has asked who they are.
    pub fn on_the_server() -> Self {
        Self { actor: Actor::control(), door: workspace_log::Door::Cli, address: String::new() }
    }

    /// One entry. What there was before and what there is after may be nothing.
    pub fn entry(
        &self,
        ts: Timestamp,
        kind: ActKind,
        about: &str,
        before: Option<Value>,
        after: Option<Value>,
    ) -> NewEntry {
        NewEntry {
            ts,
            actor: self.actor.clone(),
            door: self.door,
            address: self.address.clone(),
            act: workspace_log::Act {
                kind,
                about: about.to_owned(),
                before: before.unwrap_or(Value::Null),
                after: after.unwrap_or(Value::Null),
            },
        }
    }
}
