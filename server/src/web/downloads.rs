//! Bundles and audit packages as files, byte for byte as they verify. Kept nowhere on the way.

use super::Web;
use crate::problem::Problem;
use app::ssr::SignedIn;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use control::{Caller, Error};
use governance::DecisionId;
use serde::Deserialize;

/// How the router's bundle is in the package.
#[derive(Deserialize)]
pub struct Mode {
    mode: Option<String>,
}

/// `GET /decisions/{id}/bundle.json`.
pub async fn bundle(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (caller, id) = (signed_in(who)?, decision(id)?);
    let exported = web.app.control.export_bundle(&caller, &id).await?;
    Ok(file("application/json", &exported.file_name, exported.json))
}

/// `GET /decisions/{id}/package.json?mode=reference|embedded`.
pub async fn package(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(mode): Query<Mode>,
) -> Result<Response, Problem> {
    let (caller, id, embed) = (signed_in(who)?, decision(id)?, embedded(&mode)?);
    let exported = web.app.control.export_package(&caller, &id, embed).await?;
    Ok(file("application/json", &exported.file_name, exported.json))
}

/// `GET /decisions/{id}/package.txt`: the same to read and to print.
pub async fn package_text(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(mode): Query<Mode>,
) -> Result<Response, Problem> {
    let (caller, id, embed) = (signed_in(who)?, decision(id)?, embedded(&mode)?);
    let exported = match web.app.control.export_package(&caller, &id, embed).await {
        // Of an imported decision no run is held; what can be read of it is the package by reference.
        Err(Error::Invalid { .. }) if mode.mode.is_none() => {
            web.app.control.export_package(&caller, &id, false).await?
        }
        other => other?,
    };
    let name = exported.file_name.strip_suffix(".json").unwrap_or(&exported.file_name);
    Ok(file("text/plain; charset=utf-8", &format!("{name}.txt"), exported.text))
}

fn signed_in(who: SignedIn) -> Result<Caller, Problem> {
    who.0.ok_or_else(|| Error::Unauthenticated.into())
}

fn decision(id: String) -> Result<DecisionId, Problem> {
    DecisionId::new(id).map_err(|_| Error::NotFound("decision").into())
}

fn embedded(mode: &Mode) -> Result<bool, Problem> {
    match mode.mode.as_deref() {
        None | Some("" | "embedded") => Ok(true),
        Some("reference") => Ok(false),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_INPUT",
            "`mode` is neither `reference` nor `embedded`",
        )),
    }
}

/// An answer that browsers save under this name.
pub fn file(kind: &'static str, name: &str, body: String) -> Response {
    let head = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", safe_name(name))),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (head, body).into_response()
}

/// A file name that no header and no file system misreads.
pub fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}
