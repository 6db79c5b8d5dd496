//! `GET /api/v1/decisions/{id}/stream`: one decision's events, and how its run goes. Ends when the decision is over.

use super::{Look, Reader, last_id, named, open};
use crate::caller::{Asked, Caller, Named};
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use control::wait::Awaited;
use control::{Control, Error};
use governance::{DecisionId, Origin};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::IntoParams;

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// Sequence number of the first event to tell of; from the first one unless said otherwise.
    from: Option<u32>,
}

/// An event with what it has come to.
#[derive(Serialize)]
struct Happened {
    #[serde(flatten)]
    event: wire::Event,
    /// The decision's state at this moment; of an old event, too.
    state: wire::State,
}

#[derive(Serialize)]
struct Ended {
    state: wire::State,
}

struct One {
    control: Control,
    caller: control::Caller,
    id: DecisionId,
    /// Sequence number of the next event that the reader has not seen.
    next: usize,
    /// What was last said of the run.
    live: Option<wire::Live>,
}

/// Listen to a decision
///
/// Server-sent events: every event of the decision as it happens (`id` its sequence number, `event` its type, `data` the
/// event and the decision's `state`), `live` with what is known of its run while it runs, and `end` when nothing more will
/// happen. A reader that lost the connection sends the last id as `Last-Event-ID` and misses nothing. The server ends a
/// connection after 15 minutes, or with the event `problem` when the caller may not listen any more.
#[utoipa::path(get, path = "/api/v1/decisions/{id}/stream", operation_id = "listenToDecision", tag = "Decisions",
    params(("id" = String, Path, description = "The decision's id."), Wish,
        ("Last-Event-ID" = Option<u32>, Header, description = "The last id that was seen; wins over `from`.")),
    responses((status = 200, description = "A stream that goes on.", body = String, content_type = "text/event-stream")))]
pub async fn stream(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<DecisionId>,
    Asked(wish): Asked<Wish>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen: Option<u32> = last_id(&headers)?;
    let next = seen.map(|seq| seq.saturating_add(1)).or(wish.from).unwrap_or_default();
    let next = usize::try_from(next).unwrap_or(usize::MAX);
    let changes = api.control.changes(&caller);
    let one = One { control: api.control.clone(), caller: caller.clone(), id, next, live: None };
    open(api, &caller, changes, one).await
}

impl Reader for One {
    fn about(&self) -> Option<&DecisionId> {
        Some(&self.id)
    }

    async fn look(&mut self) -> Result<Look, Error> {
        // A wait of no time: the decision as it is now, for who the caller is now.
        let (view, _) = self.control.wait(&self.caller, &self.id, Awaited::Ended, Duration::ZERO).await?;
        let state = wire::State::from(view.lifecycle.state);
        let mut events = Vec::new();
        for event in view.decision.events.iter().skip(self.next) {
            let happened = Happened { event: wire::Event::from(event), state };
            events.push(named(event.body.type_name(), &happened).id(event.seq.to_string()));
        }
        self.next = self.next.max(view.decision.events.len());
        let live = view.live.as_ref().map(wire::Live::from);
        if live != self.live {
            events.extend(live.as_ref().map(|live| named("live", live)));
            self.live = live;
        }
        let over = view.lifecycle.state.is_final() || view.decision.origin == Origin::Imported;
        if over {
            events.push(named("end", &Ended { state }));
        }
        Ok(Look { events, over, more: false })
    }
}
