//! Evidence: taken away, brought in, and verified. Exports are answered byte for byte as they verify.

use crate::body::{Document, answer, invalid, typed};
use crate::caller::{Asked, Caller, Named};
use crate::decisions::request::at;
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use control::view::Exported;
use governance::{DecisionId, Value, canonical, verify};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The digest that an export states of itself.
const DIGEST: HeaderName = HeaderName::from_static("x-nexus-digest");

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/decisions/{id}/bundle", bundle),
        Door::get("/api/v1/decisions/{id}/package", package),
        Door::post("/api/v1/bundles", import),
        Door::post("/api/v1/verify", verify_document),
    ]
}

/// Export a bundle
///
/// The decision with its whole log, format 0.5, as canonical JSON.
#[utoipa::path(get, path = "/api/v1/decisions/{id}/bundle", operation_id = "exportBundle", tag = "Evidence",
    params(("id" = String, Path, description = "The decision's id.")),
    responses((status = 200, description = "The bundle itself.", body = wire::Json,
        headers(("X-Nexus-Digest" = String, description = "The bundle's digest, `sha256:` and hexadecimal.")))))]
pub async fn bundle(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
) -> Result<Response, Problem> {
    Ok(file(api.control.export_bundle(&caller, &id).await?))
}

/// How the run's record is in the package.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PackageWish {
    /// Whether the run's record is inside (`embedded`, unless asked for otherwise) or named by its digest.
    #[param(inline)]
    mode: Option<PackageMode>,
}

/// How the run's record is in the package.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PackageMode {
    Reference,
    Embedded,
}

/// Export an audit package
///
/// The bundle bound to the record of its run, format 0.6, as canonical JSON: for decisions that ran.
#[utoipa::path(get, path = "/api/v1/decisions/{id}/package", operation_id = "exportPackage", tag = "Evidence",
    params(("id" = String, Path, description = "The decision's id."), PackageWish),
    responses(
        (status = 200, description = "The package itself.", body = wire::Json,
            headers(("X-Nexus-Digest" = String, description = "The binding digest, `sha256:` and hexadecimal."))),
        (status = 409, description = "It has no recorded run.", body = wire::Problem,
            content_type = "application/problem+json")))]
pub async fn package(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Asked(wish): Asked<PackageWish>,
) -> Result<Response, Problem> {
    let embed = wish.mode != Some(PackageMode::Reference);
    Ok(file(api.control.export_package(&caller, &id, embed).await?))
}

fn file(exported: Exported) -> Response {
    let head = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", exported.file_name)),
        (CACHE_CONTROL, "no-store".to_owned()),
        (DIGEST, exported.digest),
    ];
    (head, exported.json).into_response()
}

/// What goes with a bundle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportWish {
    conflict_mode: wire::ConflictMode,
}

/// Import a bundle
///
/// Brings a bundle in as evidence: it can be read, verified and exported, and never be approved or executed.
#[utoipa::path(post, path = "/api/v1/bundles", operation_id = "importBundle", tag = "Evidence",
    request_body = wire::Import,
    responses((status = 201, description = "It is there.", body = wire::Imported,
        headers(("Location" = String, description = "The decision's address here.")))))]
pub async fn import(
    State(api): State<Api>,
    Caller(caller): Caller,
    Document(document): Document,
) -> Result<Response, Problem> {
    let Value::Object(mut members) = document else {
        return Err(invalid(None, "the body is no object with `bundle` and `conflict_mode`"));
    };
    let bundle = match members.remove("bundle") {
        Some(Value::Str(text)) => text,
        Some(bundle @ Value::Object(_)) => canonical::to_string(&bundle),
        _ => return Err(invalid(Some("bundle"), "`bundle` is neither a bundle nor the text of one")),
    };
    let wish: ImportWish = typed(&Value::Object(members))?;
    let imported = api.control.import_bundle(&caller, &bundle, wish.conflict_mode.as_str()).await?;
    let response = answer(StatusCode::CREATED, &wire::Imported::from(&imported));
    Ok(at(&imported.decision_id, response))
}

/// Verify evidence
///
/// Checks an audit package, a bundle or a workspace log, whoever made it. Changes nothing, and keeps nothing.
#[utoipa::path(post, path = "/api/v1/verify", operation_id = "verify", tag = "Evidence",
    request_body(content = wire::Json, description = "The audit package, bundle or workspace log."),
    responses((status = 200, description = "What the checks say; `ok` is whether all hold.",
        body = wire::Verification)))]
pub async fn verify_document(Caller(_): Caller, Document(document): Document) -> Result<Response, Problem> {
    let report = verify::verify(&document).map_err(|error| invalid(None, error.to_string()))?;
    Ok(answer(StatusCode::OK, &wire::Verification::from(&report)))
}
