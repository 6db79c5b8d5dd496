//! From a session or a key to a caller, at every request anew: a role given or taken counts at once, and whoever was
//! suspended is signed out by their next click.

use super::Sessions;
use crate::defence::client_address;
use crate::problem::Problem;
use crate::web::Web;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::access::SignedIn;
use control::{Caller, Door, Entrance};
use governance::{PersonId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::sessions::Vouched;
use tower_sessions::{Session, SessionStore as _};

/// Where the identity lies in a session.
pub const IDENTITY: &str = "identity";
/// When the session was last used.
pub const SEEN: &str = "seen";
/// How old that may grow before it is written again: not every click is worth a write.
const SEEN_SECONDS: i64 = 60;
/// Most characters that are kept of what a browser calls itself.
const AGENT_CHARS: usize = 300;

/// Who signed in, for which workspace, when and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Person id.
    pub person: String,
    /// Workspace id.
    pub workspace: String,
    /// When the session began, in microseconds since 1970.
    pub since: i64,
    /// When they really proved who they are, where that is known.
    #[serde(default)]
    pub proven: Option<i64>,
    /// Where it began.
    #[serde(default)]
    pub address: String,
    /// The browser, as it calls itself.
    #[serde(default)]
    pub agent: String,
    /// The provider that vouched: its name in the configuration.
    #[serde(default)]
    pub provider: Option<String>,
    /// Issuer, subject and session there.
    #[serde(default)]
    pub vouched: Option<(String, String, Option<String>)>,
    /// What the provider wants to see again at sign-out.
    #[serde(default)]
    pub hint: Option<String>,
}

impl Identity {
    /// When the session began.
    pub fn began(&self) -> Timestamp {
        Timestamp::from_micros(self.since)
    }

    /// Who vouched, as the store keeps it.
    pub fn vouched(&self) -> Option<Vouched> {
        let (issuer, subject, session) = self.vouched.clone()?;
        Some(Vouched { issuer, subject, session })
    }
}

/// How somebody proved themselves just now, beyond who they are.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// When, where a provider knows better than "now"; `Some(None)`: nobody can say.
    pub proven_at: Option<Option<Timestamp>>,
    /// The provider's name in the configuration.
    pub provider: Option<String>,
    /// What it wants to see again at sign-out.
    pub hint: Option<String>,
}

/// The browser that a request came from.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Its network address.
    pub address: String,
    /// What it calls itself.
    pub agent: String,
}

impl Browser {
    /// Of a request's parts.
    pub fn of(web: &Web, extensions: &axum::http::Extensions, headers: &axum::http::HeaderMap) -> Self {
        let agent = headers.get(axum::http::header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            address: client_address(extensions, headers, &web.trusted_proxies),
            agent: agent.unwrap_or_default().chars().take(AGENT_CHARS).collect(),
        }
    }
}

/// Begins a session under a new id, whatever id the browser came with. What the old one held is gone.
pub async fn begin(
    session: &Session,
    who: &SignedIn,
    proof: Proof,
    browser: &Browser,
    now: Timestamp,
) -> Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.cycle_id().await?;
    let identity = Identity {
        person: who.person_id.to_string(),
        workspace: who.workspace.to_string(),
        since: now.micros(),
        proven: proof.proven_at.unwrap_or(Some(now)).map(Timestamp::micros),
        address: browser.address.clone(),
        agent: browser.agent.clone(),
        provider: proof.provider,
        vouched: who.vouched.clone().map(|one| (one.issuer, one.subject, one.session)),
        hint: proof.hint,
    };
    session.insert(IDENTITY, identity).await?;
    session.insert(SEEN, now.micros()).await
}

/// Takes the session to another workspace, under a new id; how and when the person signed in stays as it was. False when
/// it was ended since the request began: a new id must not bring it back.
pub async fn go_to(
    sessions: &Sessions,
    session: &Session,
    workspace: &WorkspaceId,
) -> Result<bool, tower_sessions::session::Error> {
    let (Some(mut identity), Some(id)) = (session.get::<Identity>(IDENTITY).await?, session.id()) else {
        return Ok(false);
    };
    if sessions.load(&id).await?.is_none() {
        return Ok(false);
    }
    identity.workspace = workspace.to_string();
    session.cycle_id().await?;
    session.insert(IDENTITY, identity).await?;
    Ok(true)
}

/// Who signed in to the session.
pub async fn identity(session: &Session) -> Result<Option<Identity>, tower_sessions::session::Error> {
    session.get(IDENTITY).await
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
    let browser = Browser::of(&web, request.extensions(), request.headers());
    let found = match key_of(&request) {
        Some(key) if takes_keys(request.uri().path()) => {
            // A key that is wrong is refused, whatever cookie came with it.
            let caller = web.app.control.key_caller(&key, Door::Api, &browser.address).await;
            caller.map(Some).map_err(Problem::from)
        }
        _ => caller(&web, &session, &browser, door(request.uri().path())).await,
    };
    match found {
        Ok(caller) => {
            // The page for one's password ends all sessions but this one.
            let of_session = caller.as_ref().filter(|caller| !caller.is_key());
            let hash = of_session.and(session.id()).map(|id| super::store::hash(&id));
            request.extensions_mut().insert(app::ssr::SessionHash(hash));
            request.extensions_mut().insert(app::ssr::SignedIn(caller));
            request.extensions_mut().insert(browser);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Keys open the machines' door and the files; pages and their functions are for people. A decision may be called
/// `x.json`, and its page is a page.
fn takes_keys(path: &str) -> bool {
    let file = path.strip_prefix("/decisions/").and_then(|rest| rest.split_once('/'));
    let files = ["bundle.json", "package.json", "package.txt"];
    file.is_some_and(|(_, name)| files.contains(&name)) || path.starts_with("/api/v1/")
}

/// What a request carries as `Authorization: Bearer …`.
fn key_of(request: &Request) -> Option<String> {
    let value = request.headers().get(AUTHORIZATION)?;
    // A key of strange characters is a wrong key, not none.
    let text = String::from_utf8_lossy(value.as_bytes());
    let (scheme, key) = text.split_once(' ').unwrap_or((&text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

/// The door that an address belongs to.
fn door(path: &str) -> Door {
    if path.starts_with("/api/v1/") { Door::Api } else { Door::Web }
}

async fn caller(
    web: &Web,
    session: &Session,
    browser: &Browser,
    door: Door,
) -> Result<Option<Caller>, Problem> {
    let Some(identity) = identity(session).await.map_err(|error| Problem::fault(&error))? else {
        return Ok(None);
    };
    let ids =
        WorkspaceId::new(identity.workspace.as_str()).ok().zip(PersonId::new(identity.person.as_str()).ok());
    let entrance = Entrance {
        door,
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
