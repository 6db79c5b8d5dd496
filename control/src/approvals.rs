//! Approve, revoke, reject: the approver's use cases.

use crate::view::Draft;
use crate::{Caller, Control, Error, Operation};
use governance::{Decision, DecisionId, Refusal, Timestamp, decide};
use std::sync::Arc;

/// Most bytes of a draft: a comment is shorter.
const MAX_DRAFT: usize = 64 * 1024;

impl Control {
    /// Approves. While the caller's approval stands, approving again is refused as `ALREADY_APPROVED` and changes
    /// nothing. `expected` is the version that the caller saw. Who has to sign in again finds their words kept.
    pub async fn approve(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        comment: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<Arc<Decision>, Error> {
        let approved = self.approved(caller, id, expected, comment.clone(), expires_at).await;
        // A token's words are not put into its owner's form.
        if matches!(approved, Err(Error::Refused(Refusal::SignInTooOld { .. }))) && !caller.is_key() {
            let expires_at = expires_at.map(|at| at.to_string()).unwrap_or_default();
            self.keep_draft(caller, id, &Draft { comment: comment.unwrap_or_default(), expires_at }).await?;
        }
        approved
    }

    /// The same, where one comment was written for several decisions: it never takes the place of what somebody wrote
    /// about this one, and is not kept.
    pub async fn approve_among(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        comment: Option<String>,
    ) -> Result<Arc<Decision>, Error> {
        self.approved(caller, id, expected, comment, None).await
    }

    async fn approved(
        &self,
        caller: &Caller,
        id: &DecisionId,
        expected: Option<u32>,
        comment: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<Arc<Decision>, Error> {
        let approved = self
            .change(caller, Operation::Approve, id, expected, |decision, context| {
                decide::approve(decision, context, comment.clone(), expires_at)
            })
            .await?;
        self.forget_draft(caller, id).await;
        Ok(approved)
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

    /// What the caller was writing about the decision when they had to sign in again.
    pub(crate) async fn draft(&self, caller: &Caller, id: &DecisionId) -> Result<Option<Draft>, Error> {
        let kept = self.store.draft(&caller.workspace, &caller.person, id).await?;
        // One that cannot be read any more is as good as none.
        Ok(kept.filter(|_| !caller.is_key()).and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn keep_draft(&self, caller: &Caller, id: &DecisionId, draft: &Draft) -> Result<(), Error> {
        let text = serde_json::to_string(draft).map_err(|error| Error::Fault(error.to_string()))?;
        if text.len() > MAX_DRAFT {
            return Ok(());
        }
        Ok(self.store.put_draft(&caller.workspace, &caller.person, id, &text, self.now()).await?)
    }

    /// The approval stands whether or not its draft goes.
    async fn forget_draft(&self, caller: &Caller, id: &DecisionId) {
        if let Err(error) = self.store.delete_draft(&caller.workspace, &caller.person, id).await {
            tracing::warn!(%error, "a draft that is no longer needed was not deleted");
        }
    }
}
