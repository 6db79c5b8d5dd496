//! Waiting for people, a minute at most: clients and whatever stands before the server give up on longer calls.

use super::{Outcome, look};
use crate::arguments::{For, Wait};
use crate::call::{Call, decision, read};
use crate::outcome::{Answer, Waited};
use crate::refusal::Refusal;
use crate::render;
use control::wait::{Awaited, Waited as Ended};
use rmcp::model::JsonObject;
use std::time::Duration;

/// Longest wait of one call, in seconds.
const LONGEST: u64 = 55;
/// How long unless asked otherwise.
const USUAL: u64 = 25;

/// `nexus-control.wait`.
pub async fn wait(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Wait = read(arguments)?;
    let id = decision(wish.request_id)?;
    let seconds = wish.timeout_seconds.unwrap_or(USUAL);
    if seconds > LONGEST {
        let words = format!("`timeout_seconds` is at most {LONGEST}; call again to wait on");
        return Err(Refusal::invalid("timeout_seconds", words));
    }
    let awaited = match wish.awaited.unwrap_or(For::Decided) {
        For::Approved => Awaited::Approved,
        For::Decided => Awaited::Decided,
        For::Ended => Awaited::Ended,
    };
    let timeout = Duration::from_secs(seconds);
    let news = || async {
        let view = call.control.decision(&call.caller, &id).await.ok()?;
        Some(render::verdict(&view))
    };
    let _seat = call.seat()?;
    let waiting = call.control.wait(&call.caller, &id, awaited, timeout);
    let Some(waited) = call.telling(Some(timeout), waiting, news).await else {
        return Err(Refusal::new("CANCELLED", "you stopped waiting; nothing has changed"));
    };
    let (view, ended) = waited?;
    let what = match ended {
        Ended::Met => "It is what you waited for.",
        Ended::Never => "It can never become what you waited for: stop waiting.",
        Ended::TimedOut => "Not yet. Call again to wait on.",
    };
    let text = format!("{what}\n{}", render::status(&view, &call.page(&id)));
    let answer = Waited { waited: ended.into(), status: look::short(call, &view) };
    Ok(Answer::new(&answer, text)?.into())
}
