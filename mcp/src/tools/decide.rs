//! A person's yes, and taking it back. The rules are `control`'s; what is of this door alone is that the person has to
//! be shown what they say yes to.

use super::{Outcome, look};
use crate::arguments::{Approve, Revoke};
use crate::call::{Call, decision, read};
use crate::confirm::{Confirmed, confirm};
use crate::refusal::Refusal;
use control::view::Action;
use control::{DecisionView, Error};
use governance::{DecisionId, Timestamp};
use rmcp::model::JsonObject;

/// `nexus-control.approve`.
pub async fn approve(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Approve = read(arguments)?;
    let id = decision(wish.request_id)?;
    let expires_at = wish.expires_at.as_deref().map(moment).transpose()?;
    let view = open(call, &id, Action::Approve).await?;
    if let Some(minutes) = view.step_up {
        let error = Error::Refused(governance::Refusal::SignInTooOld { minutes });
        return Err(Refusal::from(error).at(call.page(&id)));
    }
    let until = expires_at.map(|at| format!("counts until {at}"));
    let words = [wish.comment.as_deref(), until.as_deref()];
    let seen = match confirm(call, &view, "Approve", &words).await? {
        Confirmed::Yes(version) => version,
        Confirmed::Ask(question) => return Ok(Outcome::Ask(question)),
    };
    let approved =
        call.control.approve(&call.caller, &id, Some(seen), wish.comment.clone(), expires_at).await;
    approved.map_err(|error| Refusal::from(error).at(call.page(&id)))?;
    after(call, &id, call.note(wish.actor.as_ref())).await
}

/// `nexus-control.revoke_approval`.
pub async fn revoke(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Revoke = read(arguments)?;
    let id = decision(wish.request_id)?;
    let view = open(call, &id, Action::Revoke).await?;
    let seen = match confirm(call, &view, "Take back your approval of", &[wish.reason.as_deref()]).await? {
        Confirmed::Yes(version) => version,
        Confirmed::Ask(question) => return Ok(Outcome::Ask(question)),
    };
    let revoked = call.control.revoke(&call.caller, &id, Some(seen), wish.reason.clone()).await;
    revoked.map_err(|error| Refusal::from(error).at(call.page(&id)))?;
    after(call, &id, call.note(wish.actor.as_ref())).await
}

/// The decision, when the caller is a person who may do this to it. Nobody is asked about what would be refused.
async fn open(call: &Call<'_>, id: &DecisionId, action: Action) -> Result<DecisionView, Refusal> {
    let view = call.control.decision(&call.caller, id).await?;
    if call.caller.is_machine() {
        return Err(Refusal::from(Error::KeyForbidden).at(call.page(id)));
    }
    let permitted = view.actions.iter().find(|permitted| permitted.action == action);
    match permitted.and_then(|permitted| permitted.code.zip(permitted.reason.clone())) {
        Some((code, reason)) => Err(Refusal::new(code, reason).at(call.page(id))),
        None => Ok(view),
    }
}

async fn after(call: &Call<'_>, id: &DecisionId, note: Option<String>) -> Result<Outcome, Refusal> {
    let view = call.control.decision(&call.caller, id).await?;
    Ok(look::full(call, &view, note)?.into())
}

fn moment(text: &str) -> Result<Timestamp, Refusal> {
    let no_time = "`expires_at` is no RFC 3339 time such as 2026-11-21T18:00:00Z";
    Timestamp::parse(text).map_err(|_| Refusal::invalid("expires_at", no_time))
}
