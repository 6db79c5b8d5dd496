//! `cancel`: asks that a run stops. Whoever runs it stops as soon as they can; a run that ends before ends as it did.

use super::{PATIENCE, id, print_json};
use crate::screen::Screen;
use crate::server::Call;
use crate::settings::Access;
use crate::stop::Stop;
use clap::Args;
use serde_json::json;

/// What `cancel` is told.
#[derive(Debug, Clone, Args)]
pub struct CancelArgs {
    #[command(flatten)]
    access: Access,
    /// The decision whose run is to stop
    #[arg(value_name = "ID")]
    id: String,
    /// Print the decision as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs it.
pub async fn run(args: &CancelArgs) -> Result<u8, Stop> {
    let server = args.access.server(Screen::new(args.json))?;
    let path = format!("/decisions/{}/cancel", id(&args.id)?);
    let answer = server.call(&Call::post(path, &json!({})), PATIENCE).await?;
    if args.json {
        print_json(&answer.read()?);
    } else {
        server.screen().say("Asked for. `status --watch` shows when it has stopped.");
    }
    Ok(0)
}
