//! `GET /api/v1/decisions/{id}/wait`: answers when a decision is approved, decided or over, or when it can never be.

use crate::body::{answer, invalid};
use crate::caller::{Asked, Caller, Named};
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use control::wait::{Awaited, LONGEST};
use governance::DecisionId;
use serde::Deserialize;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// Seconds of a wait that says nothing about them.
const USUAL: u64 = 60;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/api/v1/decisions/{id}/wait", wait)]
}

/// What is waited for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// It may be executed, or already was.
    Approved,
    /// People have said yes or no.
    Decided,
    /// Nothing more will happen.
    Ended,
}

/// What is waited for, and how long.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// Until it is `approved` (unless said otherwise), `decided` (approved, rejected or withdrawn) or `ended`.
    #[serde(rename = "for")]
    #[param(inline)]
    awaited: Option<Until>,
    /// How many seconds at most; 60 unless said otherwise. With 0 it answers at once.
    #[param(minimum = 0, maximum = 300)]
    timeout: Option<u64>,
}

/// Wait for a decision
///
/// Answers as soon as the decision is what is waited for (`met`), as soon as it never can be (`never`), or when the time is
/// over (`timed_out`): then ask again. Ends with a problem when the caller may not see the decision any more. With many
/// decisions to wait for, listen to `GET /api/v1/events` instead.
#[utoipa::path(get, path = "/api/v1/decisions/{id}/wait", operation_id = "waitForDecision", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id."), Wish),
    responses((status = 200, description = "How the wait ended.", body = wire::WaitAnswer)))]
pub async fn wait(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Problem> {
    let awaited = match wish.awaited {
        None | Some(Until::Approved) => Awaited::Approved,
        Some(Until::Decided) => Awaited::Decided,
        Some(Until::Ended) => Awaited::Ended,
    };
    let timeout = wish.timeout.unwrap_or(USUAL);
    if timeout > LONGEST.as_secs() {
        let words = format!("one call waits {} seconds at most; ask again for more", LONGEST.as_secs());
        return Err(invalid(Some("timeout"), words));
    }
    let _seat = api.seat(&caller)?;
    let (view, waited) = tokio::select! {
        met = api.control.wait(&caller, &id, awaited, Duration::from_secs(timeout)) => met?,
        // The server stops: what is there now, so that nobody hangs.
        () = api.stopping.cancelled() => api.control.wait(&caller, &id, awaited, Duration::ZERO).await?,
    };
    let decision = wire::Decision::of(&view, &api.public_url, api.control.now());
    Ok(answer(StatusCode::OK, &wire::WaitAnswer { waited: waited.into(), decision }))
}
