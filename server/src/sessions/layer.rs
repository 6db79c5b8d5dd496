//! The cookie. `HttpOnly` and `SameSite=Lax` always; over https also `Secure` and bound to this host by its name.

use super::Sessions;
use crate::config::{PublicUrl, Session};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

/// The layer that reads and sets the cookie.
pub fn layer(sessions: Sessions, session: Session, public_url: &PublicUrl) -> SessionManagerLayer<Sessions> {
    let secure = public_url.is_https();
    let name = if secure { "__Host-nexus-session" } else { "nexus-session" };
    SessionManagerLayer::new(sessions)
        .with_name(name)
        .with_path("/")
        .with_http_only(true)
        // Not `Strict`: a link in a mail must find its reader signed in.
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(session.idle_seconds())))
}
