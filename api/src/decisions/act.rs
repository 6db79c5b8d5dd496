//! Approve, revoke, execute. A key is refused what only a person may do, by the same rule as everywhere.

use super::{after, moment};
use crate::body::Given;
use crate::caller::{Caller, Named};
use crate::{Api, Problem};
use axum::extract::State;
use axum::response::Response;
use governance::DecisionId;

/// Approve
///
/// Takes a person: a session, or a personal token with the scope `decide`. A machine's key never approves.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/approve", operation_id = "approve", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Approve,
    responses((status = 200, description = "Approved.", body = wire::AfterAct)))]
pub async fn approve(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(words): Given<wire::Approve>,
) -> Result<Response, Problem> {
    let expires_at = words.expires_at.as_deref().map(|text| moment("expires_at", text)).transpose()?;
    let control = &api.control;
    let decision = control.approve(&caller, &id, words.expected_version, words.comment, expires_at).await?;
    after(&api, &caller, &decision).await
}

/// Take one's approval back
///
/// Possible until a run starts.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/revoke", operation_id = "revokeApproval", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Revoke,
    responses((status = 200, description = "Revoked.", body = wire::AfterAct)))]
pub async fn revoke(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(words): Given<wire::Revoke>,
) -> Result<Response, Problem> {
    let decision = api.control.revoke(&caller, &id, words.expected_version, words.reason).await?;
    after(&api, &caller, &decision).await
}

/// Execute
///
/// Runs an approved decision through an adapter, exactly once, and answers once the run has ended. Whoever comes while it
/// runs waits for that run and gets its outcome; whoever comes later is told that it ran. A run that failed is an answer,
/// not a problem: look at `lifecycle.state`.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/execute", operation_id = "execute", tag = "Runs",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Execute,
    responses((status = 200, description = "It ran; how, the decision says.", body = wire::AfterAct)))]
pub async fn execute(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(run): Given<wire::Execute>,
) -> Result<Response, Problem> {
    let mode = run.mode.map(Into::into);
    let decision = api.control.execute(&caller, &id, run.expected_version, &run.adapter_id, mode).await?;
    after(&api, &caller, &decision).await
}
