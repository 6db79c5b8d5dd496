//! Stopping a run. A wish is noted where every server sees it; whoever runs it stops as soon as they can, and the log
//! then says that it failed as `CANCELLED`, and by whom. A run that ends before the wish arrives ends as it did.

use crate::{Caller, Control, Error, Operation};
use governance::{DecisionId, Phase, Refusal, RunId};
use store::RunWrite;
use store::live::{CancelWish, LiveRun};

impl Control {
    /// Asks that the decision's run stops.
    pub async fn cancel(&self, caller: &Caller, id: &DecisionId) -> Result<(), Error> {
        let (caller, _) = self.refreshed(caller).await?;
        let decision = self.load_for(&caller, Operation::Cancel, id).await?;
        let run = self.store.run_of(&caller.workspace, id).await?;
        let Some(run) = run.filter(|_| decision.phase == Phase::Executing) else {
            return Err(Refusal::NotExecuting.into());
        };
        let wish = CancelWish { by: caller.actor.id().to_owned(), at: self.now() };
        self.store.wish_cancel(&caller.workspace, &run.run_id, id, &wish).await?;
        self.changes.ring(&caller.workspace, id);
        Ok(())
    }

    /// One run by its id, with what is known of it while it runs.
    pub async fn run_by_id(
        &self,
        caller: &Caller,
        run_id: &RunId,
    ) -> Result<(RunWrite, Option<LiveRun>), Error> {
        let run = self.store.run(&caller.workspace, run_id).await?.ok_or(Error::NotFound("run"))?;
        let decision = match self.load_for(caller, Operation::SeeDecisions, &run.decision_id).await {
            Err(Error::NotFound(_)) => return Err(Error::NotFound("run")),
            other => other?,
        };
        let live = match decision.phase {
            Phase::Executing => self.store.live_run(&caller.workspace, run_id).await?,
            _ => None,
        };
        Ok((run, live))
    }

    /// What is known of the decision's run while it runs.
    pub async fn live(&self, caller: &Caller, id: &DecisionId) -> Result<Option<LiveRun>, Error> {
        let decision = self.load_for(caller, Operation::SeeDecisions, id).await?;
        if decision.phase != Phase::Executing {
            return Ok(None);
        }
        match self.store.run_of(&caller.workspace, id).await? {
            Some(run) => Ok(self.store.live_run(&caller.workspace, &run.run_id).await?),
            None => Ok(None),
        }
    }
}
