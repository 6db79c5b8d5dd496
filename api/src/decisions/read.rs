//! One decision: as it stands, and as its log holds it.

use crate::body::answer;
use crate::caller::{Asked, Caller, Named};
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use governance::DecisionId;
use serde::Deserialize;
use utoipa::IntoParams;

/// Read a decision
///
/// Everything about one decision at this moment: what was asked for, its lifecycle with blocking reasons and timeline,
/// its approvals, its run, and what the caller may do.
#[utoipa::path(get, path = "/api/v1/decisions/{id}", operation_id = "getDecision", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id.")),
    responses((status = 200, description = "The decision.", body = wire::Decision)))]
pub async fn one(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
) -> Result<Response, Problem> {
    let view = api.control.decision(&caller, &id).await?;
    Ok(answer(StatusCode::OK, &wire::Decision::of(&view, &api.public_url, api.control.now())))
}

/// From where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// The first sequence number that is wanted; 0 unless asked for otherwise.
    from: Option<u32>,
}

/// Read a decision's log
///
/// The facts of one decision, oldest first, as they are hashed and exported.
#[utoipa::path(get, path = "/api/v1/decisions/{id}/events", operation_id = "listEvents", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id."), From),
    responses((status = 200, description = "The facts.", body = wire::EventList)))]
pub async fn events(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Asked(wish): Asked<From>,
) -> Result<Response, Problem> {
    let events = api.control.events(&caller, &id, wish.from.unwrap_or_default()).await?;
    let events = events.iter().map(wire::Event::from).collect();
    Ok(answer(StatusCode::OK, &wire::EventList { events }))
}
