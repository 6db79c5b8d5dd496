//! Acting: request, approve, revoke, reject, withdraw, execute. A key is refused what only a person may do, by the same
//! rule as everywhere.

use super::body::{answer, caller, decision, read};
use super::read::after_act;
use crate::problem::Problem;
use crate::web::Web;
use app::ssr::SignedIn;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Json};
use control::requests::RequestInput;
use governance::decide::PolicyInput;
use governance::json::object;
use governance::{Mode, Timestamp};
use serde::Deserialize;

type Body<T> = Result<Json<T>, JsonRejection>;

/// A request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    goal: String,
    plan: Option<String>,
    mode: Option<String>,
    template: Option<String>,
    #[serde(default)]
    policy: Policy,
}

/// Policy values: the whole policy, or what replaces the template's.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    min_approvals: Option<i64>,
    allowed_modes: Option<Vec<String>>,
    require_adapter_capabilities: Option<Vec<String>>,
    max_steps: Option<i64>,
    labels: Option<Vec<String>>,
    forbid_self_approval: Option<bool>,
    max_sign_in_age_minutes: Option<i64>,
}

/// `POST /api/v1/decisions`.
pub async fn request(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    body: Body<Request>,
) -> Result<Response, Problem> {
    let caller = caller(who)?;
    let body = read(body)?;
    let policy = body.policy;
    let input = RequestInput {
        goal: body.goal,
        plan: body.plan,
        mode: mode(body.mode.as_deref())?.unwrap_or(Mode::DryRun),
        template: body.template,
        policy: PolicyInput {
            min_approvals: policy.min_approvals,
            allowed_modes: policy.allowed_modes,
            require_adapter_capabilities: policy.require_adapter_capabilities,
            max_steps: policy.max_steps,
            labels: policy.labels,
            forbid_self_approval: policy.forbid_self_approval,
            max_sign_in_age_minutes: policy.max_sign_in_age_minutes,
        },
    };
    let made = web.app.control.request(&caller, input).await?;
    // A key without the scope to read still has to know what it asked for.
    let value = object([("decision_id", made.id.as_str().into()), ("version", made.version().into())]);
    Ok(answer(StatusCode::CREATED, &value))
}

/// What comes with an act.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    expected_version: Option<u32>,
    comment: Option<String>,
    reason: Option<String>,
    expires_at: Option<String>,
}

/// `POST /api/v1/decisions/{id}/approve`.
pub async fn approve(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    body: Body<Words>,
) -> Result<Response, Problem> {
    let (caller, id, words) = (caller(who)?, decision(id)?, read(body)?);
    let expires_at = words.expires_at.as_deref().map(moment).transpose()?;
    web.app.control.approve(&caller, &id, words.expected_version, words.comment, expires_at).await?;
    after_act(&web, &caller, &id, StatusCode::OK).await
}

/// `POST /api/v1/decisions/{id}/revoke`.
pub async fn revoke(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    body: Body<Words>,
) -> Result<Response, Problem> {
    let (caller, id, words) = (caller(who)?, decision(id)?, read(body)?);
    web.app.control.revoke(&caller, &id, words.expected_version, words.reason).await?;
    after_act(&web, &caller, &id, StatusCode::OK).await
}

/// `POST /api/v1/decisions/{id}/reject`.
pub async fn reject(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    body: Body<Words>,
) -> Result<Response, Problem> {
    let (caller, id, words) = (caller(who)?, decision(id)?, read(body)?);
    let reason = words.reason.unwrap_or_default();
    web.app.control.reject(&caller, &id, words.expected_version, &reason).await?;
    after_act(&web, &caller, &id, StatusCode::OK).await
}

/// `POST /api/v1/decisions/{id}/withdraw`.
pub async fn withdraw(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    body: Body<Words>,
) -> Result<Response, Problem> {
    let (caller, id, words) = (caller(who)?, decision(id)?, read(body)?);
    web.app.control.withdraw(&caller, &id, words.expected_version, words.reason).await?;
    after_act(&web, &caller, &id, StatusCode::OK).await
}

/// How to run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    adapter_id: String,
    mode: Option<String>,
    expected_version: Option<u32>,
}

/// `POST /api/v1/decisions/{id}/execute`.
pub async fn execute(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    body: Body<Run>,
) -> Result<Response, Problem> {
    let (caller, id, run) = (caller(who)?, decision(id)?, read(body)?);
    let mode = mode(run.mode.as_deref())?;
    web.app.control.execute(&caller, &id, run.expected_version, &run.adapter_id, mode).await?;
    after_act(&web, &caller, &id, StatusCode::OK).await
}

fn mode(word: Option<&str>) -> Result<Option<Mode>, Problem> {
    match word {
        None => Ok(None),
        Some(word) => {
            Mode::parse(word).map(Some).ok_or_else(|| invalid("`mode` is neither `dry_run` nor `apply`"))
        }
    }
}

fn moment(text: &str) -> Result<Timestamp, Problem> {
    Timestamp::parse(text)
        .map_err(|_| invalid("`expires_at` is no RFC 3339 time such as 2026-11-21T18:00:00Z"))
}

fn invalid(text: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "INVALID_INPUT", text)
}
