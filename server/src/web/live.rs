//! `GET /live` and `GET /live?decision=ID`: what a page that stays open is told while it is open. Server-sent events, for
//! signed-in browsers; machines have streams of their own.
//!
//! Each event says how things are now, so that a page that lost its connection simply comes again: there is no history to
//! resume. A reader looks at most twice a second, however much happens. Session and roles are asked for anew at every look,
//! and every few seconds without one; hearing does not count as using the session.

use super::Web;
use crate::problem::{Problem, chain};
use app::ssr::{SessionHash, SignedIn};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use control::changes::Changes;
use control::presence::{Here, Others};
use control::seats::{Full, MOST_PAGES, Seat, TRY_AGAIN_SECONDS};
use control::shared_look::SharedInbox;
use control::{Caller, Error};
use futures::stream::{self, StreamExt as _};
use governance::DecisionId;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// A quiet stream says so often that it is there: for proxies that cut off what is silent, and for pages, which cannot see
/// a connection that leads nowhere any more.
const BEAT: Duration = Duration::from_secs(15);
/// How often a reader looks at most.
const PAUSE: Duration = Duration::from_millis(500);
/// What no bell rings for (an approval that lapsed, a role that was given) is found within this time.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Whoever signed out or was kept out stops hearing within this time.
const CHECK_EVERY: Duration = Duration::from_secs(5);
/// Somebody who loads the page again has not left: coming and going is told when it has settled.
const SETTLE: Duration = Duration::from_secs(1);
/// How soon a browser comes again by itself.
const RETRY: Duration = Duration::from_secs(2);

/// What a page wants to hear of.
#[derive(Deserialize)]
pub struct Wish {
    decision: Option<String>,
}

/// The numbers of the reader's inbox.
#[derive(PartialEq, Eq, Serialize)]
struct Inbox {
    waiting: u32,
    requested: u32,
    open: u32,
    mark: String,
}

/// A decision, and who else has it open.
#[derive(PartialEq, Eq, Serialize)]
struct Decision {
    id: String,
    version: u32,
    state: &'static str,
    here: Vec<String>,
}

/// What was last said, which is not said again.
#[derive(PartialEq, Eq)]
enum Said {
    Inbox(Inbox),
    Decision(Decision),
}

/// Why the next look is taken.
enum Woken {
    Stopping,
    Changed,
    Came,
    Check,
}

/// What a page hears of.
enum Place {
    /// The inbox, looked at together with the reader's other windows.
    Inbox(SharedInbox),
    /// One decision, and the reader's own place at it.
    Decision(DecisionId, Here),
}

struct Reader {
    web: Web,
    caller: Caller,
    /// The session's row; gone, the stream ends.
    session: String,
    place: Place,
    changes: Changes,
    said: Option<Said>,
    looked: Instant,
    /// Since when there may be something new: no answer from before will do.
    woken: Instant,
    over: bool,
    _seat: Seat,
}

/// `GET /live?decision=ID`.
pub async fn live(
    State(web): State<Web>,
    Extension(SignedIn(who)): Extension<SignedIn>,
    Extension(SessionHash(session)): Extension<SessionHash>,
    Query(wish): Query<Wish>,
) -> Result<Response, Problem> {
    let (caller, session) = who.zip(session).ok_or(Error::Unauthenticated)?;
    let control = &web.app.control;
    let changes = control.changes(&caller);
    let id = wish.decision.map(DecisionId::new).transpose().map_err(|_| Error::NotFound("decision"))?;
    if let Some(id) = &id {
        // Refused before anybody hears that they came.
        control.decision_now(&caller, id).await?;
    }
    let seat = control.page_seat(&caller).map_err(crowded)?;
    let place = match id {
        Some(id) => {
            let here = control.arrive(&caller, &id);
            Place::Decision(id, here)
        }
        None => Place::Inbox(control.shared_inbox(&caller)),
    };
    let (looked, woken) = (Instant::now(), Instant::now());
    let mut reader =
        Reader { web, caller, session, place, changes, said: None, looked, woken, over: false, _seat: seat };
    let mut first = vec![Event::default().comment("connected").retry(RETRY)];
    first.extend(reader.look().await?);
    let later = stream::unfold(reader, Reader::next).map(|event| vec![event]);
    let events = stream::iter([first]).chain(later).flat_map(stream::iter).map(Ok::<_, Infallible>);
    let beat = Event::default().event("beat").data(".");
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT).event(beat)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers before they pass them on would keep a stream for ever.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

fn crowded(full: Full) -> Problem {
    let words = match full {
        Full::Own => {
            format!("you have {MOST_PAGES} pages open that are kept up to date; close one of them")
        }
        Full::All => {
            "this server keeps as many pages up to date as it can; load the page again to see news".to_owned()
        }
    };
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_OPEN", words).retry_after(TRY_AGAIN_SECONDS)
}

impl Reader {
    /// Waits for something new to say. `None` ends the stream.
    async fn next(mut self) -> Option<(Event, Self)> {
        loop {
            if self.over {
                return None;
            }
            let pause = match self.woken().await {
                Woken::Stopping => return None,
                Woken::Check if self.looked.elapsed() < LOOK_EVERY => match self.still().await {
                    Ok(()) => continue,
                    Err(error) => return self.refused(&error),
                },
                Woken::Check | Woken::Changed => Duration::ZERO,
                Woken::Came => SETTLE,
            };
            self.woken = Instant::now();
            let at = (self.looked + PAUSE).max(Instant::now() + pause);
            tokio::select! {
                () = self.web.stopping.cancelled() => return None,
                () = sleep_until(at) => {}
            }
            let stopping = self.web.stopping.clone();
            let looked = tokio::select! {
                () = stopping.cancelled() => return None,
                looked = self.look() => looked,
            };
            match looked {
                Ok(Some(event)) => return Some((event, self)),
                Ok(None) => {}
                Err(error) => return self.refused(&error),
            }
        }
    }

    async fn woken(&mut self) -> Woken {
        // Longer than a check is away: the check wakes first.
        let long = CHECK_EVERY * 2;
        let changes = &mut self.changes;
        tokio::select! {
            () = self.web.stopping.cancelled() => Woken::Stopping,
            () = sleep(CHECK_EVERY) => Woken::Check,
            woken = async {
                match &mut self.place {
                    Place::Decision(id, here) => tokio::select! {
                        () = changes.next_of(id, long) => Woken::Changed,
                        () = here.changed(long) => Woken::Came,
                    },
                    Place::Inbox(_) => {
                        changes.next(long).await;
                        Woken::Changed
                    }
                }
            } => woken,
        }
    }

    /// Whether the session stands and its person may come in, with the roles of this moment.
    async fn still(&mut self) -> Result<(), Error> {
        let control = &self.web.app.control;
        let session = control.store().load_session(&self.session, control.now()).await?;
        session.ok_or(Error::Unauthenticated)?;
        self.caller = control.still(&self.caller).await?;
        Ok(())
    }

    /// How things are now, when that is news to the page.
    async fn look(&mut self) -> Result<Option<Event>, Error> {
        self.looked = Instant::now();
        self.still().await?;
        let control = &self.web.app.control;
        let now = match &self.place {
            Place::Decision(id, here) => {
                let (version, state) = control.decision_now(&self.caller, id).await?;
                let (id, state) = (id.to_string(), state.as_str());
                let here = named(here.others(&self.caller));
                Said::Decision(Decision { id, version, state, here })
            }
            Place::Inbox(shared) => {
                let now = control.inbox_since(shared, &self.caller, self.woken).await?;
                let counts = now.counts;
                let (waiting, requested, open) = (counts.waiting, counts.requested, counts.open);
                Said::Inbox(Inbox { waiting, requested, open, mark: now.mark })
            }
        };
        if self.said.as_ref() == Some(&now) {
            return Ok(None);
        }
        let event = now.event();
        self.said = Some(now);
        Ok(Some(event))
    }

    /// The last event: why there are no more. A page that hears it does not come again by itself; after a fault it may.
    fn refused(mut self, error: &Error) -> Option<(Event, Self)> {
        if error.is_fault() {
            tracing::warn!("a page is not kept up to date any more: {}", chain(error));
            return None;
        }
        self.over = true;
        Some((Event::default().event("over").data(error.code()), self))
    }
}

/// Names, or for whom they are not meant, words in their place that say how many there are.
fn named(others: Others) -> Vec<String> {
    let word = |at: usize| if at == 0 { "Somebody" } else { "one more" };
    if others.names.is_empty() {
        (0..others.count).map(|at| word(at).to_owned()).collect()
    } else {
        others.names
    }
}

impl Said {
    fn event(&self) -> Event {
        // Structs of texts and numbers always become JSON.
        let (name, data) = match self {
            Self::Inbox(inbox) => ("inbox", serde_json::to_string(inbox)),
            Self::Decision(decision) => ("decision", serde_json::to_string(decision)),
        };
        Event::default().event(name).data(data.unwrap_or_default())
    }
}
