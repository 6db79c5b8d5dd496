//! Reject, withdraw, and ask that a run stops: what ends a decision other than its run.

use super::after;
use crate::body::{Given, Nothing, answer};
use crate::caller::{Caller, Named};
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use governance::DecisionId;

/// Reject
///
/// Says no, with a reason, and ends the decision. Takes a person, as approving does.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/reject", operation_id = "reject", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Reject,
    responses((status = 200, description = "Rejected.", body = wire::AfterAct)))]
pub async fn reject(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(words): Given<wire::Reject>,
) -> Result<Response, Problem> {
    let decision = api.control.reject(&caller, &id, words.expected_version, &words.reason).await?;
    after(&api, &caller, &decision).await
}

/// Withdraw
///
/// Takes one's own request back, and ends the decision.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/withdraw", operation_id = "withdraw", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Withdraw,
    responses((status = 200, description = "Withdrawn.", body = wire::AfterAct)))]
pub async fn withdraw(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(words): Given<wire::Withdraw>,
) -> Result<Response, Problem> {
    let decision = api.control.withdraw(&caller, &id, words.expected_version, words.reason).await?;
    after(&api, &caller, &decision).await
}

/// Stop a run
///
/// Asks that the decision's run stops. Whoever carries it out stops as soon as they can, and the log then says that it
/// failed as `CANCELLED`, and by whom; a run that ends before ends as it did.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/cancel", operation_id = "cancelRun", tag = "Runs",
    params(("id" = String, Path, description = "The decision's id.")),
    responses((status = 202, description = "Asked for.", body = wire::Decision)))]
pub async fn cancel(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    _: Nothing,
) -> Result<Response, Problem> {
    api.control.cancel(&caller, &id).await?;
    let view = api.control.decision(&caller, &id).await?;
    Ok(answer(StatusCode::ACCEPTED, &wire::Decision::of(&view, &api.public_url, api.control.now())))
}
