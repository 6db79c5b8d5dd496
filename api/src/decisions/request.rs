//! `POST /api/v1/decisions`: asks.

use crate::body::{Given, answer};
use crate::caller::Caller;
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use governance::{DecisionId, Standing};

/// Ask for a decision
///
/// Creates a decision with its policy, or with a template's. `url` is the page to show to whoever should approve.
#[utoipa::path(post, path = "/api/v1/decisions", operation_id = "requestDecision", tag = "Decisions",
    request_body = wire::NewDecision,
    responses((status = 201, description = "The decision is there.", body = wire::Requested,
        headers(("Location" = String, description = "Its address here.")))))]
pub async fn request(
    State(api): State<Api>,
    Caller(caller): Caller,
    Given(new): Given<wire::NewDecision>,
) -> Result<Response, Problem> {
    let decision = api.control.request(&caller, new.into()).await?;
    // Nobody has approved yet, so that who stands behind the approvers changes nothing.
    let state = decision.state(api.control.now(), &Standing::of_the_log());
    let requested = wire::Requested::of(&decision, state, &api.public_url);
    Ok(at(&decision.id, answer(StatusCode::CREATED, &requested)))
}

/// The answer, with the address of what was made.
pub(crate) fn at(id: &DecisionId, mut response: Response) -> Response {
    // What is made here has an id of ours, or one that was brought in, and that is written as addresses are.
    if let Ok(value) = HeaderValue::from_str(&wire::page("/api/v1", id)) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}
