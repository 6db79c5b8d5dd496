//! Adapters: ways to run, with what they can do.

use crate::body::answer;
use crate::caller::Caller;
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/api/v1/adapters", list)]
}

/// List adapters
///
/// What decisions can run through, with the capabilities that policies may require.
#[utoipa::path(get, path = "/api/v1/adapters", operation_id = "listAdapters", tag = "Runs",
    responses((status = 200, description = "Every adapter.", body = wire::AdapterList)))]
pub async fn list(State(api): State<Api>, Caller(caller): Caller) -> Result<Response, Problem> {
    let adapters = api.control.adapters(&caller).await?;
    let adapters = adapters.iter().map(wire::Adapter::from).collect();
    Ok(answer(StatusCode::OK, &wire::AdapterList { adapters }))
}
