//! Who calls, through which door, for which workspace, and by what they proved it. Made from a verified sign-in or
//! key, never from a request body.

use crate::Error;
use crate::key::KeyScope;
use crate::permission::{self, Operation, Role, Scope};
use governance::{Actor, Decision, PersonId, Timestamp, WorkspaceId};

/// The door that a call came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A page.
    Web,
    /// The REST interface.
    Api,
    /// The REST interface, by our own command line: it says so itself, and nothing is decided by it.
    Client,
    /// The MCP interface.
    Mcp,
    /// The command line on the server itself.
    Cli,
}

impl Door {
    /// The word that is kept beside events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
            Self::Mcp => "mcp",
            Self::Client | Self::Cli => "cli",
        }
    }
}

/// How somebody came in: what the doors know and the directory does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// The door.
    pub door: Door,
    /// The network address that the call came from.
    pub address: String,
    /// When the session began.
    pub signed_in_at: Timestamp,
    /// When the person last really proved who they are, where that is known: a provider may let somebody in who did
    /// so long ago, and not say when.
    pub proven_at: Option<Timestamp>,
}

impl Entrance {
    /// Through a page, by somebody who proved themselves when the session began.
    pub fn web(address: impl Into<String>, signed_in_at: Timestamp) -> Self {
        Self { door: Door::Web, address: address.into(), signed_in_at, proven_at: Some(signed_in_at) }
    }
}

/// What a caller proved themselves with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A session that a person signed in to.
    Session {
        /// When.
        signed_in_at: Timestamp,
        /// When they really proved themselves, where that is known.
        proven_at: Option<Timestamp>,
    },
    /// An API key, which may do what its scopes say and its owner may.
    Key {
        /// The scopes.
        scopes: Vec<KeyScope>,
        /// Whether it is a personal token, which speaks as its owner, and not a machine's key.
        personal: bool,
        /// The key's id; `None` for a token of a sign-in provider, which lives for minutes.
        key_id: Option<String>,
    },
}

/// A caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The workspace that the call is for.
    pub workspace: WorkspaceId,
    /// Who acts, as events name them: a person, or a key as a machine.
    pub actor: Actor,
    /// The person, or the key's owner.
    pub person: PersonId,
    /// Every actor id that stands for that person here; of a key its own alone.
    pub actor_ids: Vec<String>,
    /// What the actor is called.
    pub name: String,
    /// The person's roles in this workspace, read at this call.
    pub roles: Vec<Role>,
    /// What they proved themselves with.
    pub credential: Credential,
    /// The door.
    pub door: Door,
    /// The network address that the call came from.
    pub address: String,
}

impl Caller {
    /// How far this caller's permission for an operation reaches. A key never reaches further than its owner.
    pub fn scope(&self, operation: Operation) -> Scope {
        let roles = permission::widest(&self.roles, operation);
        match &self.credential {
            Credential::Session { .. } => roles,
            Credential::Key { scopes, .. } => {
                let scopes = scopes.iter().map(|scope| permission::of_key(*scope, operation)).max();
                roles.min(scopes.unwrap_or(Scope::No))
            }
        }
    }

    /// Whether an API key calls.
    pub fn is_key(&self) -> bool {
        matches!(self.credential, Credential::Key { .. })
    }

    /// When the session began; `None` for keys.
    pub fn signed_in_at(&self) -> Option<Timestamp> {
        match self.credential {
            Credential::Session { signed_in_at, .. } => Some(signed_in_at),
            Credential::Key { .. } => None,
        }
    }

    /// When the person last really proved who they are; `None` where nobody can say, and for keys, which prove nothing
    /// about a person.
    pub fn proven_at(&self) -> Option<Timestamp> {
        match self.credential {
            Credential::Session { proven_at, .. } => proven_at,
            Credential::Key { .. } => None,
        }
    }

    /// Whether a machine calls: a key that is not a person's own token.
    pub fn is_machine(&self) -> bool {
        matches!(self.credential, Credential::Key { personal: false, .. })
    }

    /// The person, when one is really there. What concerns accounts is never done by a key.
    pub fn human(&self) -> Result<&PersonId, Error> {
        if self.is_key() { Err(Error::KeyForbidden) } else { Ok(&self.person) }
    }

    /// Allows an operation that concerns no decision.
    pub fn require(&self, operation: Operation) -> Result<(), Error> {
        match self.scope(operation) {
            Scope::No => Err(self.forbidden(operation)),
            Scope::Own | Scope::All => Ok(()),
        }
    }

    /// Whether the caller requested the decision: as a person under whatever id, as a key itself.
    pub fn requested(&self, decision: &Decision) -> bool {
        decision.requester.as_ref().is_some_and(|by| self.actor_ids.iter().any(|id| id == by.id()))
    }

    /// Allows an operation on a decision. One that the caller may not see answers "not found".
    pub fn require_on(&self, operation: Operation, decision: &Decision) -> Result<(), Error> {
        if !self.reaches(Operation::SeeDecisions, decision) {
            return Err(Error::NotFound("decision"));
        }
        if self.reaches(operation, decision) {
            Ok(())
        } else if operation == Operation::Withdraw && self.scope(operation) == Scope::Own && !self.is_key() {
            // The rule itself says it better: only the requester can withdraw.
            Ok(())
        } else {
            Err(self.forbidden(operation))
        }
    }

    fn forbidden(&self, operation: Operation) -> Error {
        let by_role = permission::widest(&self.roles, operation) != Scope::No;
        match &self.credential {
            Credential::Key { personal, .. } if !permission::open_to_keys(operation, *personal) => {
                Error::KeyForbidden
            }
            Credential::Key { personal, .. } if by_role => {
                Error::Forbidden { need: permission::key_need(operation, *personal) }
            }
            Credential::Key { .. } | Credential::Session { .. } => {
                Error::Forbidden { need: permission::need(operation) }
            }
        }
    }

    fn reaches(&self, operation: Operation, decision: &Decision) -> bool {
        match self.scope(operation) {
            Scope::No => false,
            Scope::Own => self.requested(decision),
            Scope::All => true,
        }
    }
}
