//! Reading: who calls, decisions, one decision.

use super::body::{answer, caller, decision};
use crate::problem::Problem;
use crate::web::Web;
use app::ssr::SignedIn;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use control::lists::{DecisionFilter, DecisionRow, PageRequest};
use control::{Caller, Credential, DecisionView};
use governance::json::object;
use governance::{State as DecisionState, Value};
use serde::Deserialize;

/// Rows of a page unless asked for fewer or more.
const PAGE: u32 = 50;

/// `GET /api/v1/me`: who the key or the session stands for.
pub async fn me(Extension(who): Extension<SignedIn>) -> Result<Response, Problem> {
    let caller = caller(who)?;
    let roles: Vec<String> = caller.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let scopes = match &caller.credential {
        Credential::Key { scopes } => {
            let words: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
            words.as_slice().into()
        }
        Credential::Session { .. } => Value::Null,
    };
    let value = object([
        ("workspace_id", caller.workspace.as_str().into()),
        ("actor", caller.actor.to_value()),
        ("name", caller.name.as_str().into()),
        ("roles", roles.as_slice().into()),
        ("scopes", scopes),
    ]);
    Ok(answer(StatusCode::OK, &value))
}

/// What a list is narrowed to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    state: Option<String>,
    label: Option<String>,
    text: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// `GET /api/v1/decisions`: what the caller may see, newest first.
pub async fn list(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response, Problem> {
    let caller = caller(who)?;
    let invalid = |text: String| Problem::new(StatusCode::BAD_REQUEST, "INVALID_INPUT", text);
    let Query(wish) = wish.map_err(|rejection| invalid(rejection.body_text()))?;
    let state = match wish.state.as_deref() {
        None => None,
        Some(word) => Some(
            DecisionState::parse(word)
                .ok_or_else(|| invalid(format!("`{word}` is no state of a decision")))?,
        ),
    };
    let filter = DecisionFilter { state, label: wish.label, text: wish.text, ..DecisionFilter::default() };
    let limit = wish.limit.unwrap_or(PAGE).clamp(1, 200);
    let page = PageRequest { after: wish.after, limit, oldest_first: false };
    let found = web.app.control.list(&caller, filter, &page).await?;
    let rows = found.rows.iter().map(row).collect();
    let value = object([("decisions", Value::Array(rows)), ("next", found.next.into())]);
    Ok(answer(StatusCode::OK, &value))
}

/// `GET /api/v1/decisions/{id}`.
pub async fn one(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (caller, id) = (caller(who)?, decision(id)?);
    let view = web.app.control.decision(&caller, &id).await?;
    Ok(answer(StatusCode::OK, &shown(&view)))
}

/// The decision after an act of the caller's: where they may not see it any more, its id alone.
pub async fn after_act(
    web: &Web,
    caller: &Caller,
    id: &governance::DecisionId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let view = web.app.control.decision(caller, id).await?;
    Ok(answer(status, &shown(&view)))
}

fn shown(view: &DecisionView) -> Value {
    let decision = &view.decision;
    object([
        ("decision_id", decision.id.as_str().into()),
        ("version", decision.version().into()),
        ("goal", decision.goal.clone().into()),
        ("plan", decision.plan.clone().into()),
        ("mode", decision.mode.map(|mode| mode.as_str().to_owned()).into()),
        ("requester", decision.requester.as_ref().map_or(Value::Null, governance::Actor::to_value)),
        ("policy", decision.policy.as_ref().map_or(Value::Null, governance::Policy::to_value)),
        ("request_digest", view.request_digest.as_str().into()),
        ("lifecycle", view.lifecycle.to_value()),
    ])
}

fn row(row: &DecisionRow) -> Value {
    object([
        ("decision_id", row.id.as_str().into()),
        ("state", row.state.as_str().into()),
        ("version", row.version.into()),
        ("goal", row.goal.as_str().into()),
        ("mode", row.mode.as_str().into()),
        ("requester", row.requester.as_str().into()),
        ("labels", row.labels.as_slice().into()),
        ("approvals_current", row.active_approvals.into()),
        ("approvals_required", row.min_approvals.into()),
        ("created_at", row.created_at.to_string().into()),
    ])
}
