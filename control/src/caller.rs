//! Who calls, through which door, for which workspace. Made from a verified sign-in, never from a request body.

use crate::Error;
use crate::permission::{self, Operation, Role, Scope};
use governance::{Actor, Decision, PersonId, WorkspaceId};

/// The door that a call came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A page.
    Web,
    /// The REST interface.
    Api,
    /// The MCP interface.
    Mcp,
    /// The command line on the server itself.
    Cli,
}

/// A caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The workspace that the call is for.
    pub workspace: WorkspaceId,
    /// Who acts, as events name them.
    pub actor: Actor,
    /// The person, when it is one.
    pub person: Option<PersonId>,
    /// What they are called.
    pub name: String,
    /// Their roles in this workspace, read at this call.
    pub roles: Vec<Role>,
    /// The door.
    pub door: Door,
}

impl Caller {
    /// How far this caller's permission for an operation reaches.
    pub fn scope(&self, operation: Operation) -> Scope {
        permission::widest(&self.roles, operation)
    }

    /// Allows an operation that concerns no decision.
    pub fn require(&self, operation: Operation) -> Result<(), Error> {
        match self.scope(operation) {
            Scope::No => Err(Error::Forbidden { need: permission::need(operation) }),
            Scope::Own | Scope::All => Ok(()),
        }
    }

    /// Whether the caller requested the decision.
    pub fn requested(&self, decision: &Decision) -> bool {
        decision.requester.as_ref() == Some(&self.actor)
    }

    /// Allows an operation on a decision. One that the caller may not see answers "not found".
    pub fn require_on(&self, operation: Operation, decision: &Decision) -> Result<(), Error> {
        if !self.reaches(Operation::SeeDecisions, decision) {
            return Err(Error::NotFound("decision"));
        }
        if self.reaches(operation, decision) {
            Ok(())
        } else if operation == Operation::Withdraw && self.scope(operation) == Scope::Own {
            // The rule itself says it better: only the requester can withdraw.
            Ok(())
        } else {
            Err(Error::Forbidden { need: permission::need(operation) })
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
