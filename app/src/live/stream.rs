//! The browser's half: one event source for the page, opened, watched and closed by one clock. A source that fails is
//! closed and made anew here, later and later, so that there is one way back from every trouble: a cut, a server that
//! starts again, a night's sleep. Browsers open six connections to a server at most, all their tabs together, so that a
//! page that nobody sees gives its own back.

use super::{DecisionNews, InboxNews, Link, Live, Refused, Topic};
use crate::browser;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{Event, EventSource, MessageEvent};

const SECOND: i64 = 1_000_000;
/// The server says something every 15 seconds; after this long a connection leads nowhere.
const SILENCE: i64 = 40 * SECOND;
/// A page that nobody sees lets go after this.
const UNSEEN: i64 = 5 * SECOND;
/// Longest pause between attempts.
const LONGEST: i64 = 30 * SECOND;
/// What the server sends, and what the source says of itself.
const KINDS: [&str; 6] = ["open", "error", "inbox", "decision", "beat", "over"];

/// The connection.
#[derive(Clone, Copy)]
struct Line {
    live: Live,
    ear: StoredValue<Ear, LocalStorage>,
}

/// What is known of it; times in microseconds.
#[derive(Default)]
struct Ear {
    url: String,
    source: Option<EventSource>,
    /// Whether this source was ever open.
    opened: bool,
    /// Attempts since it last was.
    failures: u32,
    /// When to try next.
    next: i64,
    heard: i64,
    unseen: Option<i64>,
    /// Not to be tried again by itself.
    given_up: bool,
    hear: Option<Closure<dyn Fn(Event)>>,
}

/// Follows a topic for as long as the owner lives.
pub(super) fn begin(topic: Signal<Topic>, live: Live) {
    let line = Line { live, ear: StoredValue::new_local(Ear::default()) };
    let hear = Closure::new(move |event: Event| line.hear(&event));
    line.change(|ear| ear.hear = Some(hear));
    Effect::new(move |_| line.turn_to(&topic.get()));
    browser::every_second(move || line.tick());
    let on = |name: &str, call: fn(Line)| {
        let listener = window_event_listener_untyped(name, move |_| call(line));
        on_cleanup(move || listener.remove());
    };
    on("visibilitychange", Line::tick);
    on("pageshow", Line::tick);
    // A page that is kept for the way back must not keep a connection.
    on("pagehide", Line::close);
    on("offline", |line| {
        line.close();
        line.link(Link::Offline);
    });
    on("online", |line| {
        line.change(|ear| (ear.next, ear.failures) = (0, 0));
        if line.live.link.try_get_untracked() == Some(Link::Offline) {
            line.link(Link::Connecting);
        }
        line.tick();
    });
    on_cleanup(move || line.close());
}

impl Line {
    /// Changes what is known. Nothing, once the page is gone.
    fn change<T>(self, change: impl FnOnce(&mut Ear) -> T) -> Option<T> {
        self.ear.try_update_value(change)
    }

    fn link(self, link: Link) {
        if self.live.link.try_get_untracked().is_some_and(|before| before != link) {
            self.live.link.set(link);
        }
    }

    /// Listens to this from now on.
    fn turn_to(self, topic: &Topic) {
        let url = match topic {
            Topic::Inbox => "/live".to_owned(),
            Topic::Decision(id) => format!("/live?decision={}", crate::text::encoded(id)),
        };
        if self.change(|ear| ear.url == url) != Some(false) {
            return;
        }
        self.close();
        self.live.decision.set(None);
        self.change(|ear| {
            ear.url = url;
            (ear.next, ear.failures, ear.given_up) = (0, 0, false);
        });
        self.tick();
    }

    /// Once a second, and whenever the page is shown or hidden.
    fn tick(self) {
        let now = browser::now_micros().unwrap_or_default();
        if browser::hidden() {
            let long = self.change(|ear| now - *ear.unseen.get_or_insert(now) >= UNSEEN);
            if long == Some(true) {
                self.close();
            }
            return;
        }
        let silent = self.change(|ear| {
            ear.unseen = None;
            ear.source.is_some() && now - ear.heard > SILENCE
        });
        if silent == Some(true) {
            self.close();
            self.link(Link::Lost);
        }
        let due = self.change(|ear| ear.source.is_none() && !ear.given_up && now >= ear.next);
        if due == Some(true) && self.live.link.try_get_untracked() != Some(Link::Offline) {
            self.open(now);
        }
    }

    fn open(self, now: i64) {
        self.change(|ear| {
            let (Ok(source), Some(hear)) = (EventSource::new(&ear.url), &ear.hear) else { return };
            for kind in KINDS {
                let _ = source.add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref());
            }
            (ear.source, ear.opened, ear.heard) = (Some(source), false, now);
        });
        if self.live.link.try_get_untracked() == Some(Link::Off) {
            self.link(Link::Connecting);
        }
    }

    fn close(self) {
        if let Some(source) = self.change(|ear| ear.source.take()).flatten() {
            source.close();
        }
    }

    /// Everything that a source says.
    fn hear(self, event: &Event) {
        let now = browser::now_micros().unwrap_or_default();
        let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        let kind = event.type_();
        if kind == "error" {
            self.failed(now);
            return;
        }
        self.change(|ear| (ear.heard, ear.opened, ear.failures) = (now, true, 0));
        let _ = self.live.heard.try_set(Some(now));
        match kind.as_str() {
            "over" => {
                self.close();
                self.refused(Refused::Over);
                return;
            }
            "inbox" => {
                if let Some(news) = data.and_then(|data| inbox(&data)) {
                    let _ = self.live.inbox.try_set(Some(news));
                }
            }
            "decision" => {
                if let Some(news) = data.and_then(|data| decision(&data)) {
                    let _ = self.live.decision.try_set(Some(news));
                }
            }
            _ => {}
        }
        let _ = self.live.refused.try_set(None);
        self.link(Link::Live);
    }

    /// The source failed: a connection that was there is made anew at once and quietly; one that was refused is asked why.
    fn failed(self, now: i64) {
        self.close();
        let known = self.change(|ear| {
            let pause = SECOND.checked_shl(ear.failures).unwrap_or(LONGEST).clamp(SECOND, LONGEST);
            ear.next = now + pause;
            ear.failures = ear.failures.saturating_add(1);
            (ear.opened, ear.url.clone())
        });
        let Some((false, url)) = known else { return };
        if self.live.link.try_get_untracked() != Some(Link::Offline) {
            self.link(Link::Lost);
        }
        spawn_local(async move {
            let status = browser::status(&url).await;
            if self.change(|ear| ear.url == url) != Some(true) {
                return;
            }
            match status {
                Some(401 | 403 | 404) => self.refused(Refused::Over),
                Some(429) => self.refused(Refused::Crowded),
                _ => {
                    let _ = self.live.refused.try_set(None);
                }
            }
        });
    }

    /// The server said no. Who has too many pages open may have closed one by the longest pause.
    fn refused(self, why: Refused) {
        let now = browser::now_micros().unwrap_or_default();
        self.change(|ear| (ear.given_up, ear.next) = (why == Refused::Over, now + LONGEST));
        let _ = self.live.refused.try_set(Some(why));
        self.link(Link::Lost);
    }
}

fn inbox(data: &str) -> Option<InboxNews> {
    let said = js_sys::JSON::parse(data).ok()?;
    Some(InboxNews {
        waiting: number(&said, "waiting")?,
        requested: number(&said, "requested")?,
        open: number(&said, "open")?,
        mark: member(&said, "mark")?.as_string()?,
    })
}

fn decision(data: &str) -> Option<DecisionNews> {
    let said = js_sys::JSON::parse(data).ok()?;
    let here = js_sys::Array::from(&member(&said, "here")?);
    Some(DecisionNews {
        id: member(&said, "id")?.as_string()?,
        version: number(&said, "version")?,
        state: member(&said, "state")?.as_string()?,
        here: here.iter().filter_map(|name| name.as_string()).collect(),
    })
}

fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// A whole number, by its text: there is no other way from a float that says no.
fn number(of: &JsValue, name: &str) -> Option<u32> {
    format!("{:.0}", member(of, name)?.as_f64()?).parse().ok()
}
