//! Whether today's members could give the approvals that a policy asks for. It counts people, never keys: a machine
//! approves nothing here, whatever a policy allows. It forbids nothing, since members come and go.

use crate::{Caller, Control, Error, Operation};
use governance::Policy;

/// What a policy asks for, beside who could give it today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    /// Approvals that it asks for.
    pub needed: u32,
    /// People who have the approver role today and are not suspended.
    pub approvers: u32,
    /// Whether the requester's own approval does not count.
    pub others_only: bool,
}

impl Quorum {
    /// Whether there is anybody at all whose request could get enough approvals today.
    pub fn can_be_met(self) -> bool {
        self.approvers >= self.needed
    }

    /// Whether it can be met for requests of people who are no approvers, and for nobody else's.
    pub fn fails_for_approvers(self) -> bool {
        self.others_only && self.approvers == self.needed
    }
}

impl Control {
    /// The figures of a policy as the members are today.
    pub async fn quorum(&self, caller: &Caller, policy: &Policy) -> Result<Quorum, Error> {
        caller.require(Operation::SeeTemplates)?;
        let approvers = u32::try_from(self.approvers(caller).await?.len()).unwrap_or(u32::MAX);
        Ok(Quorum { needed: policy.min_approvals(), approvers, others_only: policy.forbid_self_approval() })
    }
}
