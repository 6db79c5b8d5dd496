//! `execute`: runs an approved decision through an adapter of the server, and stays until it has ended.

use super::request::Mode;
use super::{exit_of, id, print_decision, print_json};
use crate::answers::Decision;
use crate::exit::Exit;
use crate::printable::printable;
use crate::screen::Screen;
use crate::server::{Call, CallError, Server};
use crate::settings::Access;
use crate::stop::Stop;
use clap::Args;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// A run may take a day.
const WHOLE: Duration = Duration::from_hours(25);
/// After a lost connection its outcome is asked for so long; the run goes on without us.
const PATIENCE: Duration = Duration::from_mins(10);

/// What `execute` is told.
#[derive(Debug, Clone, Args)]
pub struct ExecuteArgs {
    #[command(flatten)]
    access: Access,
    /// The decision
    #[arg(value_name = "ID")]
    id: String,
    /// Through which adapter, such as `subprocess:deploy`; `status --json` names those that fit
    #[arg(long, value_name = "ADAPTER")]
    adapter: String,
    /// Rehearse what was approved as real
    #[arg(long, value_name = "MODE")]
    mode: Option<Mode>,
    /// Print the decision as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs it.
pub async fn run(args: &ExecuteArgs) -> Result<u8, Stop> {
    let screen = Screen::new(args.json);
    let server = args.access.server(screen.clone())?;
    let id = id(&args.id)?;
    let mut body = json!({ "adapter_id": args.adapter });
    if let (Some(mode), Some(body)) = (args.mode, body.as_object_mut()) {
        body.insert("mode".to_owned(), mode.as_str().into());
    }
    let call = Call::post(format!("/decisions/{id}/execute"), &body).within(WHOLE);
    let answer = tokio::select! {
        answer = server.call(&call, PATIENCE) => answer,
        () = follow(&server, id) => return Err(Stop::new(Exit::Failed, "the wait broke")),
    };
    screen.quiet();
    let answer = answer?;
    let mut decision: Decision = answer.read()?;
    if decision.state().is_empty() {
        // A receipt, for a key that did more than it may see; how the run ended is another question.
        decision = server.get(&format!("/decisions/{id}"), PATIENCE).await.map_err(unseen)?;
    }
    if args.json {
        print_json(&answer.read::<Value>()?);
    } else {
        print_decision(&screen, &decision);
    }
    Ok(exit_of(decision.state()).code())
}

/// It was done, and how it ended may not be seen: neither a success nor a failure that anybody knows of.
pub fn unseen(error: CallError) -> Stop {
    let stop = Stop::from(error);
    Stop {
        words: format!("the server ran it, and this key is not told how that ended: {}", stop.words),
        ..stop
    }
}

/// Shows on a terminal how far the run is. Never ends.
async fn follow(server: &Server, id: &str) {
    let began = Instant::now();
    while server.screen().is_live() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let found = server.get::<Decision>(&format!("/decisions/{id}"), Duration::ZERO).await;
        let Some(live) = found.ok().and_then(|decision| decision.live) else { continue };
        let doing = printable(live.doing.as_deref().unwrap_or("running"));
        let took = crate::duration::words(began.elapsed());
        server.screen().live(&format!("running for {took}: {} steps, {doing}", live.steps));
    }
    std::future::pending::<()>().await;
}
