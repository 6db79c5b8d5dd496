//! What a session holds: who signed in, for which workspace, when and how. Beginning one, taking it to another workspace and
//! ending it; always under a new id.

use super::Sessions;
use crate::defence::client_address;
use crate::web::Web;
use control::access::SignedIn;
use governance::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::sessions::Vouched;
use tower_sessions::{Session, SessionStore as _};

/// Where the identity lies in a session.
pub const IDENTITY: &str = "identity";
/// When the session was last used.
pub const SEEN: &str = "seen";
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
    /// Whether it says that it is our own command line. Anybody may say so: it is noted, and decides nothing.
    pub fn is_our_client(&self) -> bool {
        self.agent.starts_with("nexus-control/")
    }

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
    let before = session.get::<Identity>(IDENTITY).await?;
    session.clear().await;
    session.cycle_id().await?;
    // A password that proves somebody once more does not cut the session from the provider that may end it.
    let kept = before.filter(|before| proof.provider.is_none() && before.person == who.person_id.as_str());
    let (provider, vouched, hint) = match kept {
        Some(before) => (before.provider, before.vouched, before.hint),
        None => {
            let vouched = who.vouched.clone().map(|one| (one.issuer, one.subject, one.session));
            (proof.provider, vouched, proof.hint)
        }
    };
    let identity = Identity {
        person: who.person_id.to_string(),
        workspace: who.workspace.to_string(),
        since: now.micros(),
        proven: proof.proven_at.unwrap_or(Some(now)).map(Timestamp::micros),
        address: browser.address.clone(),
        agent: browser.agent.clone(),
        provider,
        vouched,
        hint,
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
