//! API keys, for admins: a session, or a personal token with the scope `manage`. A key itself is in one answer, and in
//! no other: what is kept for an `Idempotency-Key` leaves it out.

use crate::body::{Given, Nothing, answer};
use crate::caller::{Caller, Name, Named};
use crate::idempotency::KeepInstead;
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use control::Error;

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/keys", list),
        Door::post("/api/v1/keys", create),
        Door::post("/api/v1/keys/{key_id}/revoke", revoke),
    ]
}

/// The public part of a key, in an address.
pub struct KeyId(String);

impl Name for KeyId {
    const WHAT: &'static str = "key";
    fn read(text: String) -> Option<Self> {
        Some(Self(text))
    }
}

/// List keys
///
/// Keys of the workspace, newest first, revoked ones and personal tokens among them.
#[utoipa::path(get, path = "/api/v1/keys", operation_id = "listKeys", tag = "Keys",
    responses((status = 200, description = "Every key.", body = wire::KeyList)))]
pub async fn list(State(api): State<Api>, Caller(caller): Caller) -> Result<Response, Problem> {
    let keys = api.control.keys(&caller).await?;
    let keys = keys.iter().map(wire::Key::from).collect();
    Ok(answer(StatusCode::OK, &wire::KeyList { keys }))
}

/// Make a key
///
/// The caller owns it: it may do what its scopes say, and never more than its owner. `key` is shown this once; an answer
/// that is repeated for an `Idempotency-Key` leaves it out, so that a key whose first answer was lost is revoked and
/// made anew.
#[utoipa::path(post, path = "/api/v1/keys", operation_id = "createKey", tag = "Keys",
    request_body = wire::NewKey,
    responses((status = 201, description = "The key is there.", body = wire::MadeKey)))]
pub async fn create(
    State(api): State<Api>,
    Caller(caller): Caller,
    Given(new): Given<wire::NewKey>,
) -> Result<Response, Problem> {
    let (record, key) = api.control.create_key(&caller, new.into()).await?;
    let kept = wire::Key::of(&record, &caller.name, true);
    let without = wire::MadeKey { kept: kept.clone(), key: None };
    let without = serde_json::to_string(&without).map_err(|error| Problem::fault(&error))?;
    let mut response = answer(StatusCode::CREATED, &wire::MadeKey { kept, key: Some(key) });
    response.extensions_mut().insert(KeepInstead(without));
    Ok(response)
}

/// Revoke a key
///
/// The next call with it is refused.
#[utoipa::path(post, path = "/api/v1/keys/{key_id}/revoke", operation_id = "revokeKey", tag = "Keys",
    params(("key_id" = String, Path, description = "The key's public part.")),
    responses((status = 200, description = "The key.", body = wire::Key)))]
pub async fn revoke(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(KeyId(id)): Named<KeyId>,
    _: Nothing,
) -> Result<Response, Problem> {
    api.control.revoke_key(&caller, &id).await?;
    let keys = api.control.keys(&caller).await?;
    let key = keys.iter().find(|key| key.record.id == id).ok_or(Error::NotFound("key"))?;
    Ok(answer(StatusCode::OK, &wire::Key::from(key)))
}
