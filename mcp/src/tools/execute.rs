//! Running, once, and telling how it goes.

use super::{Outcome, look};
use crate::arguments::Execute;
use crate::call::{Call, decision, read};
use crate::refusal::Refusal;
use crate::render;
use control::Error;
use governance::Mode;
use rmcp::model::JsonObject;

/// `nexus-control.execute`.
pub async fn execute(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Execute = read(arguments)?;
    let note = call.note(wish.actor.as_ref());
    let id = decision(wish.request_id)?;
    let mode = wish.dry_run.map(|dry_run| if dry_run { Mode::DryRun } else { Mode::Apply });
    let (control, caller) = (call.control.clone(), call.caller.clone());
    let (running, adapter) = (id.clone(), wish.adapter_id);
    // In a task of its own: whoever hangs up between the check and the start must not leave half of it done.
    let run = tokio::spawn(async move { control.execute(&caller, &running, None, &adapter, mode).await });
    let news = || async {
        let live = call.control.live(&call.caller, &id).await.ok().flatten();
        live.map(|live| render::live_line(&live))
    };
    let Some(ended) = call.telling(None, run, news).await else {
        let gone = "you stopped waiting; the run goes on, and nexus-control.status says how it ended";
        return Err(Refusal::new("CANCELLED", gone).at(call.page(&id)));
    };
    let ended = ended.map_err(|error| Error::Fault(format!("the task of a run ended badly: {error}")))?;
    ended.map_err(|error| Refusal::from(error).at(call.page(&id)))?;
    let view = call.control.decision(&call.caller, &id).await?;
    Ok(look::full(call, &view, note)?.into())
}
