//! One call of a tool: who calls, with what, and how to tell them that it takes a while.

use crate::Settings;
use crate::refusal::Refusal;
use control::seats::{MOST, Seat, TRY_AGAIN_SECONDS};
use control::{Caller, Control};
use governance::DecisionId;
use rmcp::RoleServer;
use rmcp::model::{InputResponses, JsonObject, ProgressNotificationParam, ProgressToken, RequestStateCodec};
use rmcp::service::RequestContext;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often somebody who waits is told that it goes on.
const TELL_EVERY: Duration = Duration::from_secs(3);

/// The call.
pub struct Call<'a> {
    /// The use cases.
    pub control: &'a Control,
    /// What the door knows of its server.
    pub settings: &'a Settings,
    /// What seals the state of a question that a later call answers.
    pub seal: &'a RequestStateCodec,
    /// Who calls.
    pub caller: Caller,
    /// The protocol's side of it.
    pub context: &'a RequestContext<RoleServer>,
    /// A person's answers to the questions of the call before.
    pub answers: Option<InputResponses>,
    /// What the call before gave to be sent back.
    pub state: Option<String>,
}

impl Call<'_> {
    /// What to say where an old client names somebody else as the actor: it changes nothing.
    pub fn note(&self, actor: Option<&Value>) -> Option<String> {
        let named = match actor? {
            Value::String(id) => id.as_str(),
            actor => actor.get("id").and_then(Value::as_str).unwrap_or_default(),
        };
        let acting = self.caller.actor.id();
        (named != acting).then(|| {
            format!("`actor` was ignored: who acts is whoever the key or sign-in belongs to, here {acting}")
        })
    }

    /// A seat for a call that stays open until somebody decides or answers. The REST door's count here too.
    pub fn seat(&self) -> Result<Seat, Refusal> {
        self.control.seat(&self.caller).ok_or_else(|| {
            let words = format!("you have {MOST} calls open that wait, with all your keys together");
            Refusal::new("TOO_MANY_OPEN", words).retry_after(TRY_AGAIN_SECONDS)
        })
    }

    /// The page where people read and decide.
    pub fn page(&self, id: &DecisionId) -> String {
        wire::page(&self.settings.public_url, id)
    }

    /// Does it, and tells whoever asked for progress how it goes. `None` when they lost interest.
    pub async fn telling<T, F>(
        &self,
        most: Option<Duration>,
        work: impl Future<Output = T>,
        news: impl Fn() -> F,
    ) -> Option<T>
    where
        F: Future<Output = Option<String>>,
    {
        let begun = Instant::now();
        let mut ticks = interval_at(begun + TELL_EVERY, TELL_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let token = self.context.meta.get_progress_token();
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                () = self.context.ct.cancelled() => return None,
                _ = ticks.tick(), if token.is_some() => {
                    if let Some(token) = &token {
                        self.tell(token.clone(), begun.elapsed(), most, news().await).await;
                    }
                }
            }
        }
    }

    async fn tell(
        &self,
        token: ProgressToken,
        so_far: Duration,
        most: Option<Duration>,
        news: Option<String>,
    ) {
        let mut progress = ProgressNotificationParam::new(token, so_far.as_secs_f64());
        progress.total = most.map(|most| most.as_secs_f64());
        progress.message = news;
        if let Err(error) = self.context.peer.notify_progress(progress).await {
            tracing::debug!(%error, "nobody hears how it goes");
        }
    }
}

/// The arguments, or why they are none.
pub fn read<T: DeserializeOwned>(arguments: Option<JsonObject>) -> Result<T, Refusal> {
    let object = Value::Object(arguments.unwrap_or_default());
    serde_json::from_value(object).map_err(|error| {
        Refusal::new("INVALID_INPUT", format!("the arguments do not fit this tool: {error}"))
    })
}

/// A decision's id. One that cannot be one is not there.
pub fn decision(id: String) -> Result<DecisionId, Refusal> {
    DecisionId::new(id).map_err(|_| control::Error::NotFound("decision").into())
}
