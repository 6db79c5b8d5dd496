//! Runs that the caller carries out itself: begun exactly once, heard of while they go on, and recorded with their end.

use crate::body::{Given, answer};
use crate::caller::{Caller, Named};
use crate::idempotency::KeepInstead;
use crate::{Api, Door, Problem, decisions};
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use governance::{DecisionId, RunId, json};

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::post("/api/v1/decisions/{id}/runs", begin),
        Door::get("/api/v1/runs/{run_id}", one),
        Door::post("/api/v1/runs/{run_id}/progress", progress),
        Door::post("/api/v1/runs/{run_id}/result", result),
    ]
}

/// Begin a run of one's own
///
/// For whoever carries the approved plan out with their own hands. Of all who ask, one gets the run; the plan must be to
/// the letter the approved one. Start nothing before this has answered 201 with
/// `begun_before: false`: an answer that is given again under an `Idempotency-Key` says `true`, and allows only who asked
/// the first time and never heard the answer to go on. Afterwards say how it goes (`progress`) more
/// often than `silence_seconds`, and how it ended (`result`): a run that nobody heard of is recorded as unknown.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/runs", operation_id = "beginRun", tag = "Runs",
    params(("id" = String, Path, description = "The decision's id.")), request_body = wire::Begin,
    responses((status = 201, description = "The run is the caller's, and nobody else's.", body = wire::Begun,
        headers(("Location" = String, description = "Its address here.")))))]
pub async fn begin(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Given(wish): Given<wire::Begin>,
) -> Result<Response, Problem> {
    let begun = api.control.begin(&caller, &id, wish.expected_version, &wish.plan).await?;
    let begun = wire::Begun::from(&begun);
    let mut response = answer(StatusCode::CREATED, &begun);
    let again = wire::Begun { begun_before: true, ..begun.clone() };
    let kept = serde_json::to_string(&again).map_err(|error| Problem::fault(&error))?;
    response.extensions_mut().insert(KeepInstead(kept));
    if let Ok(value) = HeaderValue::from_str(&format!("/api/v1/runs/{}", begun.run_id)) {
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}

/// Read a run
///
/// How it stands, what is known of it while it runs, and its record once it ended.
#[utoipa::path(get, path = "/api/v1/runs/{run_id}", operation_id = "getRun", tag = "Runs",
    params(("run_id" = String, Path, description = "The run's id.")),
    responses((status = 200, description = "The run.", body = wire::RunState)))]
pub async fn one(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<RunId>,
) -> Result<Response, Problem> {
    let (run, live) = api.control.run_by_id(&caller, &id).await?;
    let record =
        run.bundle.as_deref().map(json::parse).transpose().map_err(|error| Problem::fault(&error))?;
    let state = wire::RunState {
        run: wire::Run::from(&run),
        decision_id: run.decision_id.to_string(),
        live: live.as_ref().map(wire::Live::from),
        record: record.map(wire::Json),
    };
    Ok(answer(StatusCode::OK, &state))
}

/// Say how a run goes
///
/// By the caller who began it. The answer says whether somebody wants it to stop.
#[utoipa::path(post, path = "/api/v1/runs/{run_id}/progress", operation_id = "reportProgress", tag = "Runs",
    params(("run_id" = String, Path, description = "The run's id.")), request_body = wire::RunProgress,
    responses((status = 200, description = "Heard.", body = wire::Heard)))]
pub async fn progress(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<RunId>,
    Given(said): Given<wire::RunProgress>,
) -> Result<Response, Problem> {
    let wish = api.control.hear(&caller, &id, said.steps, &said.doing, &said.tail).await?;
    Ok(answer(StatusCode::OK, &wire::Heard { cancel_requested_by: wish.map(|wish| wish.by) }))
}

/// Say how a run ended
///
/// By the caller who began it. The same report again gets the same answer; another one is refused.
#[utoipa::path(post, path = "/api/v1/runs/{run_id}/result", operation_id = "reportResult", tag = "Runs",
    params(("run_id" = String, Path, description = "The run's id.")), request_body = wire::Report,
    responses((status = 200, description = "Recorded.", body = wire::AfterAct)))]
pub async fn result(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<RunId>,
    Given(report): Given<wire::Report>,
) -> Result<Response, Problem> {
    let decision = api.control.finish(&caller, &id, report.into()).await?;
    decisions::after(&api, &caller, &decision).await
}
