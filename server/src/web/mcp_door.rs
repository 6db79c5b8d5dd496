//! The MCP door, put into the site: under which names it may be called, and whose tokens it takes.

use super::Web;
use axum::Router;
use mcp::Settings;

/// Names of this very machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The door and its metadata.
pub fn routes(web: &Web) -> Router<Web> {
    // Whoever tries it out calls it under any name of their own machine.
    let is_local = web.app.demo || !web.public_url.is_https();
    let hosts = LOOPBACK.iter().filter(|_| is_local).map(|&host| host.to_owned()).collect();
    let settings = Settings {
        public_url: web.app.public_url.clone(),
        hosts,
        token_issuers: web.providers.token_issuers().into_iter().map(str::to_owned).collect(),
        stopping: web.stopping.clone(),
    };
    mcp::routes(web.app.control.clone(), settings)
}
