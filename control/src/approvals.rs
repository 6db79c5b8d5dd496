//! Approve, revoke, reject: the approver's use cases.

use crate::{Caller, Control, Error, Operation};
use governance::{Decision, DecisionId, Timestamp, decide};
use std::sync::Arc;

impl Control {
    /// Approves. While the caller's approval stands, approving again is refused as `ALREADY_APPROVED` and changes
    /// nothing. `expected` is the version that the caller saw.
    pub async fn approve(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        comment: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<Arc<Decision>, Error> {
        self.change(caller, Operation::Approve, id, expected, |decision, context| {
            decide::approve(decision, context, comment.clone(), expires_at)
        })
        .await
    }

    /// Takes the caller's own approval back.
    pub async fn revoke(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        reason: Option<String>,
    ) -> Result<Arc<Decision>, Error> {
        self.change(caller, Operation::Revoke, id, expected, |decision, context| {
            decide::revoke(decision, context, reason.clone())
        })
        .await
    }

    /// Says no, with a reason. Ends the decision.
    pub async fn reject(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        reason: &str,
    ) -> Result<Arc<Decision>, Error> {
        self.change(caller, Operation::Reject, id, expected, |decision, context| {
            decide::reject(decision, context, reason)
        })
        .await
    }
}
