//! Server-sent events: what happens, as it happens. Whoever lost the connection goes on from the last id that they saw,
//! and misses nothing and sees nothing twice, since ids are places in the log.
//!
//! A reader looks again at every change. Who the caller is and what they may see is asked anew each time; the connection
//! ends after a while in any case, so that a session that was ended elsewhere does not listen for ever.

pub mod decision;
pub mod news;

use crate::{Api, Door, Problem};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use control::changes::Changes;
use control::{Caller, Error};
use futures::stream::{self, StreamExt as _};
use governance::DecisionId;
use serde::Serialize;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// A quiet connection says that it is there so often; proxies cut off what says nothing for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What no bell rings for is found within this time: an approval that lapsed, a key that ended.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Then the connection ends, and the reader comes again with the last id.
const LONGEST: Duration = Duration::from_mins(15);
/// How soon a reader comes again.
const RETRY: Duration = Duration::from_secs(2);

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/decisions/{id}/stream", decision::stream),
        Door::get("/api/v1/events", news::stream),
    ]
}

/// What one look found.
#[derive(Default)]
struct Look {
    events: Vec<Event>,
    /// Nothing more will come.
    over: bool,
    /// There may be more at once, without any change.
    more: bool,
}

/// Somebody who looks.
trait Reader: Send + Sync + 'static {
    /// The one decision that it looks at; `None`: everything.
    fn about(&self) -> Option<&DecisionId> {
        None
    }

    /// What is new since the last look.
    fn look(&mut self) -> impl Future<Output = Result<Look, Error>> + Send;
}

struct Connection<R> {
    reader: R,
    changes: Changes,
    api: Api,
    until: Instant,
    over: bool,
    _seat: control::seats::Seat,
}

/// Answers with a stream. The first look is taken before the answer begins, so that a refusal is a problem like all others.
async fn open<R: Reader>(
    api: Api,
    caller: &Caller,
    changes: Changes,
    mut reader: R,
) -> Result<Response, Problem> {
    let seat = api.seat(caller)?;
    let first = reader.look().await?;
    let until = Instant::now() + LONGEST;
    let connection = Connection { reader, changes, api, until, over: first.over, _seat: seat };
    let mut events = vec![Event::default().comment("connected").retry(RETRY)];
    events.extend(first.events);
    let later = stream::unfold((connection, first.more), |(connection, more)| connection.next(more));
    let events = stream::iter([events]).chain(later).flat_map(stream::iter).map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers before they pass them on would keep a stream for ever.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl<R: Reader> Connection<R> {
    /// Waits for what comes next; `more`: without waiting. `None` ends the stream.
    async fn next(mut self, mut more: bool) -> Option<(Vec<Event>, (Self, bool))> {
        loop {
            if self.over {
                return None;
            }
            if !more {
                let changes = &mut self.changes;
                let about = self.reader.about();
                let rung = async {
                    match about {
                        Some(id) => changes.next_of(id, LOOK_EVERY).await,
                        None => changes.next(LOOK_EVERY).await,
                    }
                };
                tokio::select! {
                    () = self.api.stopping.cancelled() => return None,
                    () = tokio::time::sleep_until(self.until) => return None,
                    () = rung => {}
                }
            }
            let found = match self.reader.look().await {
                Ok(found) => found,
                Err(error) => {
                    let event = refused(error, &self.api.public_url);
                    Look { events: vec![event], over: true, more: false }
                }
            };
            (self.over, more) = (found.over, found.more);
            if !found.events.is_empty() {
                return Some((found.events, (self, more)));
            }
        }
    }
}

/// Tells the reader why the stream ends: their key was revoked, or something broke.
fn refused(error: Error, public_url: &str) -> Event {
    Event::default().event("problem").data(Problem::from(error).spoken(public_url))
}

/// An event of this name.
fn named(name: &str, data: &impl Serialize) -> Event {
    // A struct of texts and numbers always becomes JSON.
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// The last id that the reader saw, from the header that browsers send by themselves.
fn last_id<T: std::str::FromStr>(headers: &HeaderMap) -> Result<Option<T>, Problem> {
    let Some(value) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    let words = "`Last-Event-ID` is no id of this stream; leave it out to begin anew";
    let problem = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "INVALID_INPUT", words);
    id.map(Some).ok_or_else(|| problem().about(Some("Last-Event-ID")))
}
