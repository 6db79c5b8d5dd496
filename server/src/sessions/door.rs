//! From a session to a caller, at every request anew: a role given or taken counts at once, and whoever was
//! suspended is signed out by their next click.

use crate::problem::Problem;
use crate::web::Web;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::{Caller, Door};
use governance::{PersonId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// Where the identity lies in a session.
pub const IDENTITY: &str = "identity";
/// When the session was last used.
const SEEN: &str = "seen";
/// How old that may grow before it is written again: not every click is worth a write.
const SEEN_SECONDS: i64 = 60;

/// Who signed in, for which workspace, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Person id.
    pub person: String,
    /// Workspace id.
    pub workspace: String,
    /// When they proved who they are, in microseconds since 1970.
    pub since: i64,
}

impl Identity {
    /// When the session began.
    pub fn began(&self) -> Timestamp {
        Timestamp::from_micros(self.since)
    }
}

/// Begins a session under a new id, whatever id the browser came with. What the old one held is gone.
pub async fn begin(
    session: &Session,
    person: &PersonId,
    workspace: &WorkspaceId,
    now: Timestamp,
) -> Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    let identity =
        Identity { person: person.to_string(), workspace: workspace.to_string(), since: now.micros() };
    session.insert(IDENTITY, identity).await?;
    session.insert(SEEN, now.micros()).await
}

/// Ends the session, here and in the store.
pub async fn end(session: &Session) -> Result<(), tower_sessions::session::Error> {
    if session.id().is_some() { session.flush().await } else { Ok(()) }
}

/// The middleware: puts [`app::ssr::SignedIn`] and [`app::ssr::SessionHash`] into the request.
pub async fn identify(
    State(web): State<Web>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match caller(&web, &session).await {
        Ok(caller) => {
            // The page for one's password ends all sessions but this one.
            let hash = caller.as_ref().and(session.id()).map(|id| super::store::hash(&id));
            request.extensions_mut().insert(app::ssr::SessionHash(hash));
            request.extensions_mut().insert(app::ssr::SignedIn(caller));
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn caller(web: &Web, session: &Session) -> Result<Option<Caller>, Problem> {
    let Some(identity) = session.get::<Identity>(IDENTITY).await.map_err(|error| Problem::fault(&error))?
    else {
        return Ok(None);
    };
    let ids =
        WorkspaceId::new(identity.workspace.as_str()).ok().zip(PersonId::new(identity.person.as_str()).ok());
    let found = match &ids {
        Some((workspace, person)) => web.app.control.caller(workspace, person, Door::Web).await,
        None => Err(control::Error::Unauthenticated),
    };
    match found {
        Ok(caller) => {
            touch(web, session).await?;
            Ok(Some(caller))
        }
        Err(error) if error.is_fault() => Err(error.into()),
        // Suspended, or no longer a member: the session is over.
        Err(_) => {
            end(session).await.map_err(|error| Problem::fault(&error))?;
            Ok(None)
        }
    }
}

async fn touch(web: &Web, session: &Session) -> Result<(), Problem> {
    let now = web.app.control.now().micros();
    let seen = session.get::<i64>(SEEN).await.map_err(|error| Problem::fault(&error))?.unwrap_or_default();
    if now.saturating_sub(seen) >= SEEN_SECONDS * 1_000_000 {
        session.insert(SEEN, now).await.map_err(|error| Problem::fault(&error))?;
    }
    Ok(())
}
