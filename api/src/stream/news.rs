//! `GET /api/v1/events`: what happens to every decision that the caller may see, by its place in the log.

use super::{Look, Reader, last_id, named, open};
use crate::caller::{Asked, Caller};
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use control::{Control, Error};
use governance::{DecisionId, Event};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// The position after which to begin, 0 for everything there ever was; with what is new unless said otherwise.
    after: Option<i64>,
}

/// An event of some decision. What it says stands in the decision's own events.
#[derive(Serialize)]
struct Happened {
    position: i64,
    decision_id: String,
    seq: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    ts: String,
    actor: wire::Actor,
}

struct All {
    control: Control,
    caller: control::Caller,
    after: i64,
}

/// Listen to everything
///
/// Server-sent events: what happens to every decision that the caller may see, in the order of the log (`id` its position,
/// `event` its type, `data` with `position`, `decision_id`, `seq`, `type`, `ts` and `actor`). A reader that lost the
/// connection sends the last id as `Last-Event-ID` and misses nothing. The server ends a connection after 15 minutes, or
/// with the event `problem` when the caller may not listen any more.
#[utoipa::path(get, path = "/api/v1/events", operation_id = "listenToEvents", tag = "Decisions",
    params(Wish, ("Last-Event-ID" = Option<i64>, Header, description = "The last id that was seen; wins over `after`.")),
    responses((status = 200, description = "A stream that goes on.", body = String, content_type = "text/event-stream")))]
pub async fn stream(
    State(api): State<Api>,
    Caller(caller): Caller,
    Asked(wish): Asked<Wish>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let changes = api.control.changes(&caller);
    let after = match last_id(&headers)?.or(wish.after) {
        Some(after) => after,
        None => api.control.newest(&caller).await?,
    };
    let all = All { control: api.control.clone(), caller: caller.clone(), after };
    open(api, &caller, changes, all).await
}

impl Reader for All {
    async fn look(&mut self) -> Result<Look, Error> {
        let news = self.control.news(&self.caller, self.after).await?;
        let events = news.events.iter().map(|(position, id, event)| {
            named(event.body.type_name(), &happened(*position, id, event)).id(position.to_string())
        });
        let events = events.collect();
        let more = news.looked_to > self.after;
        self.after = self.after.max(news.looked_to);
        Ok(Look { events, over: false, more })
    }
}

fn happened(position: i64, id: &DecisionId, event: &Event) -> Happened {
    Happened {
        position,
        decision_id: id.to_string(),
        seq: event.seq,
        kind: event.body.type_name(),
        ts: event.ts.to_string(),
        actor: (&event.actor).into(),
    }
}
