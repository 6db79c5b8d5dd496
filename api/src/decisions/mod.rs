//! Decisions: asked for, listed, read, and what can be done to them.

pub mod act;
pub mod end;
pub mod list;
pub mod read;
pub mod request;

use crate::{Api, Door, Problem};
use control::{Caller, Error};
use governance::{Decision, Timestamp};

use crate::body::{answer, invalid};
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/decisions", list::list),
        Door::post("/api/v1/decisions", request::request),
        Door::get("/api/v1/decisions/{id}", read::one),
        Door::get("/api/v1/decisions/{id}/events", read::events),
        Door::post("/api/v1/decisions/{id}/approve", act::approve),
        Door::post("/api/v1/decisions/{id}/revoke", act::revoke),
        Door::post("/api/v1/decisions/{id}/reject", end::reject),
        Door::post("/api/v1/decisions/{id}/withdraw", end::withdraw),
        Door::post("/api/v1/decisions/{id}/execute", act::execute),
        Door::post("/api/v1/decisions/{id}/cancel", end::cancel),
    ]
}

/// The decision after an act of the caller's. Where they may not see it any more, what was done alone: it was done.
pub(crate) async fn after(api: &Api, caller: &Caller, decision: &Decision) -> Result<Response, Problem> {
    let seen = match api.control.decision(caller, &decision.id).await {
        Ok(view) => {
            let decision = wire::Decision::of(&view, &api.public_url, api.control.now());
            wire::AfterAct::Seen(Box::new(decision))
        }
        Err(Error::NotFound(_) | Error::Forbidden { .. } | Error::KeyForbidden | Error::Unauthenticated) => {
            let (decision_id, version) = (decision.id.to_string(), decision.version());
            wire::AfterAct::Done(wire::Receipt { decision_id, version })
        }
        Err(error) => return Err(error.into()),
    };
    Ok(answer(StatusCode::OK, &seen))
}

/// A time that somebody wrote.
pub(crate) fn moment(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let words = || format!("`{field}` is no RFC 3339 time such as 2026-11-21T18:00:00Z");
    Timestamp::parse(text).map_err(|_| invalid(Some(field), words()))
}
