//! Everything that a search finds, as one file. Its length is known before the first byte is sent, so that a browser can
//! say how far it is; it is read from a file that nobody else can open and that is gone afterwards.

use super::Web;
use super::downloads::safe_name;
use crate::problem::Problem;
use app::api::search::Typed;
use app::query::Query;
use app::ssr::SignedIn;
use axum::Extension;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use control::Error;
use tokio_util::io::ReaderStream;

/// What the file is.
pub const KIND: &str = "application/zip";
/// Where it is; making it may take long.
pub const PATH: &str = "/audit/decisions.zip";
/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// `GET /audit/decisions.zip`, with the same query as `/audit`.
pub async fn decisions(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let caller = who.0.ok_or(Error::Unauthenticated)?;
    let typed = Typed::of(&Query::parse(query.as_deref().unwrap_or_default()));
    let archive = web.app.control.archive(&caller, &typed.search()?).await?;
    let head = [
        (CONTENT_TYPE, KIND.to_owned()),
        (CONTENT_LENGTH, archive.bytes.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", safe_name(&archive.file_name))),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let file = tokio::fs::File::from_std(archive.file);
    Ok((head, Body::from_stream(ReaderStream::with_capacity(file, CHUNK))).into_response())
}
