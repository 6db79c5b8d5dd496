//! From a session or a key to a caller, at every request anew: a role given or taken counts at once, and whoever was
//! suspended is signed out by their next click.

use super::bearer::{bearer, bearer_caller};
use super::identity::{Browser, SEEN, end, identity};
use crate::problem::Problem;
use crate::web::Web;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::{Caller, Door, Entrance};
use governance::{PersonId, Timestamp, WorkspaceId};
use tower_sessions::Session;

/// Where pages read, some of it by themselves.
const LOAD: &str = "/api/load";
/// How old that may grow before it is written again: not every click is worth a write.
const SEEN_SECONDS: i64 = 60;

/// The middleware: puts [`app::ssr::SignedIn`], [`api::Who`] and [`app::ssr::SessionHash`] into the request.
pub async fn identify(
    State(web): State<Web>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let browser = Browser::of(&web, request.extensions(), request.headers());
    let found = match bearer(&request) {
        Some(bearer) if takes_keys(request.uri().path()) => {
            // A key that is wrong is refused, whatever cookie came with it.
            let door = match door(request.uri().path()) {
                Door::Web => Door::Api,
                Door::Api if browser.is_our_client() => Door::Client,
                other => other,
            };
            bearer_caller(&web, &bearer, door, &browser.address).await.map(Some)
        }
        _ => caller(&web, &session, &browser, request.uri().path()).await,
    };
    match found {
        Ok(caller) => {
            // The page for one's password ends all sessions but this one.
            let of_session = caller.as_ref().filter(|caller| !caller.is_key());
            let caller_by_session = of_session.is_some();
            let hash = of_session.and(session.id()).map(|id| super::store::hash(&id));
            request.extensions_mut().insert(app::ssr::SessionHash(hash));
            request.extensions_mut().insert(mcp::Who(caller.clone()));
            request.extensions_mut().insert(api::Who(caller.clone()));
            request.extensions_mut().insert(app::ssr::SignedIn(caller));
            request.extensions_mut().insert(browser);
            // Only the answer knows whether somebody asked for it, or a page by itself.
            let asked = caller_by_session && request.uri().path() == LOAD;
            let unattended = app::ssr::Unattended::default();
            request.extensions_mut().insert(unattended.clone());
            let response = next.run(request).await;
            if asked
                && !unattended.is()
                && let Err(problem) = touch(&web, &session).await
            {
                return problem.into_response();
            }
            response
        }
        // It goes no further, and is counted here: what is left is said to whoever brings a wrong key, too.
        Err(problem) => web.rate_limits.label_stranger(&browser.address, problem.into_response()),
    }
}

/// Keys open the machines' door and the files; pages and their functions are for people. A decision may be called
/// `x.json`, and its page is a page.
fn takes_keys(path: &str) -> bool {
    let file = path.strip_prefix("/decisions/").and_then(|rest| rest.split_once('/'));
    let files = ["bundle.json", "package.json", "package.txt"];
    file.is_some_and(|(_, name)| files.contains(&name)) || door(path) != Door::Web
}

/// The door that an address belongs to.
fn door(path: &str) -> Door {
    if path.starts_with("/api/v1/") {
        Door::Api
    } else if path == "/api/mcp" || path.starts_with("/api/mcp/") {
        Door::Mcp
    } else {
        Door::Web
    }
}

async fn caller(
    web: &Web,
    session: &Session,
    browser: &Browser,
    path: &str,
) -> Result<Option<Caller>, Problem> {
    let Some(identity) = identity(session).await.map_err(|error| Problem::fault(&error))? else {
        return Ok(None);
    };
    let ids =
        WorkspaceId::new(identity.workspace.as_str()).ok().zip(PersonId::new(identity.person.as_str()).ok());
    let entrance = Entrance {
        door: door(path),
        address: browser.address.clone(),
        signed_in_at: identity.began(),
        proven_at: identity.proven.map(Timestamp::from_micros),
    };
    let found = match &ids {
        Some((workspace, person)) => web.app.control.caller(workspace, person, entrance).await,
        None => Err(control::Error::Unauthenticated),
    };
    match found {
        Ok(caller) => {
            // A page that only hears, in a room that everybody has left, keeps nobody signed in. Of what pages read it is
            // known afterwards.
            if path != "/live" && path != LOAD {
                touch(web, session).await?;
            }
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
