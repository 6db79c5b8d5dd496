//! Server-sent events: nothing lost, nothing twice, and nothing that is somebody else's.

use crate::served::Served;
use control::{Caller, KeyScope, Role};
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

const SCOPES: [KeyScope; 3] = [KeyScope::Request, KeyScope::Read, KeyScope::Execute];
const SOON: Duration = Duration::from_secs(20);

/// One event as it came.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    id: Option<String>,
    name: String,
    data: Json,
}

/// A connection that is read event by event.
struct Listener {
    response: reqwest::Response,
    rest: String,
    ready: VecDeque<Said>,
}

impl Listener {
    async fn open(served: &Served, path: &str, key: &str, last: Option<&str>) -> Self {
        let mut call = served.call(Method::GET, path, key);
        if let Some(last) = last {
            call = call.header("last-event-id", last);
        }
        let response = call.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!((header("cache-control"), header("x-accel-buffering")), ("no-store", "no"));
        Self { response, rest: String::new(), ready: VecDeque::new() }
    }

    /// The next event; `None` once the connection has ended.
    async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some(said) = self.ready.pop_front() {
                return Some(said);
            }
            let chunk = timeout(SOON, self.response.chunk()).await.expect("nothing came").unwrap()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some((block, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .map(str::to_owned)
                };
                if let Some(data) = field("data") {
                    let data = serde_json::from_str(&data).unwrap();
                    let name = field("event").unwrap();
                    self.ready.push_back(Said { id: field("id"), name, data });
                }
                let read = self.rest.len() - rest.len();
                self.rest.drain(..read);
            }
        }
    }

    /// The next one that has an id.
    async fn fact(&mut self) -> Said {
        loop {
            let said = self.next().await.expect("the stream ended");
            if said.id.is_some() {
                return said;
            }
        }
    }
}

async fn scene() -> (Arc<Served>, Caller, String, String) {
    let served = Arc::new(Served::new().await);
    let admin = served.found("northwind").await;
    let bo = served.person(&admin.workspace, "bo", &[Role::Approver]).await;
    let (_, key) = served.key(&admin, &SCOPES).await;
    let token = served.token(&bo, &[KeyScope::Read, KeyScope::Decide]).await;
    (served, admin, key, token)
}

#[tokio::test]
async fn a_decision_is_told_to_its_end() {
    let (served, _, key, token) = scene().await;
    let id = served.request(&key).await;
    let path = format!("/api/v1/decisions/{id}/stream");
    let mut listener = Listener::open(&served, &path, &key, None).await;
    let mut facts = vec![listener.fact().await, listener.fact().await];
    assert_eq!(facts[1].data["state"], "pending_approval");
    let act = async |what: &str, key: &str, body: Json| {
        let answer = served.post(&format!("/api/v1/decisions/{id}/{what}"), key, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    };
    act("approve", &token, json!({})).await;
    facts.push(listener.fact().await);
    assert_eq!((facts[2].name.as_str(), &facts[2].data["state"]), ("APPROVAL_GRANTED", &json!("approved")));
    act("execute", &key, json!({"adapter_id": "simulate"})).await;
    let end = loop {
        match listener.next().await.unwrap() {
            said if said.name == "end" => break said,
            said if said.id.is_some() => facts.push(said),
            said => assert_eq!(said.name, "live"),
        }
    };
    assert_eq!((end.id, end.data), (None, json!({"state": "completed"})));
    assert_eq!(listener.next().await, None);
    // The same as the decision's log, in its order.
    let log = served.get(&format!("/api/v1/decisions/{id}/events?from=0"), &key).await.json();
    let log = log["events"].as_array().unwrap();
    assert_eq!(log.len(), facts.len());
    for (event, said) in log.iter().zip(&facts) {
        assert_eq!(said.id.as_deref(), Some(event["seq"].to_string().as_str()));
        assert_eq!(said.name, event["type"].as_str().unwrap());
        for member in ["seq", "type", "ts", "actor", "payload", "digest"] {
            assert_eq!(said.data[member], event[member], "{member}");
        }
    }
    // Again from the middle, by header and by question; the header wins.
    for (question, last, expected) in [("", Some("2"), 3), ("?from=3", None, 3), ("?from=0", Some("3"), 4)] {
        let mut listener = Listener::open(&served, &format!("{path}{question}"), &key, last).await;
        assert_eq!(listener.fact().await.data["seq"], expected, "{question} {last:?}");
    }
    let mut over = Listener::open(&served, &path, &key, Some("99")).await;
    assert_eq!(over.next().await.unwrap().name, "end");
    assert_eq!(over.next().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_who_comes_again_and_again_misses_nothing_of_two_hundred_at_once() {
    let (served, admin, key, _) = scene().await;
    let before = served.control.newest(&admin).await.unwrap();
    let mut steady = Listener::open(&served, "/api/v1/events", &key, None).await;
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let (served, key) = (served.clone(), key.clone());
        asking.spawn(async move {
            for _ in 0..10 {
                let id = served.request(&key).await;
                let path = format!("/api/v1/decisions/{id}/withdraw");
                assert_eq!(served.post(&path, &key, &json!({})).await.status, 200);
            }
        });
    }
    // Requested, its policy, withdrawn: three facts of each.
    let total = 600;
    let mut broken: Vec<Said> = Vec::new();
    while broken.len() < total {
        let last = broken.last().and_then(|said| said.id.clone()).unwrap_or_else(|| before.to_string());
        let mut listener = Listener::open(&served, "/api/v1/events", &key, Some(&last)).await;
        for _ in 0..37.min(total - broken.len()) {
            broken.push(listener.fact().await);
        }
    }
    let mut whole = Vec::new();
    while whole.len() < total {
        whole.push(steady.fact().await);
    }
    asking.join_all().await;
    assert!(broken == whole, "two readers saw different things");
    let positions: Vec<i64> = whole.iter().map(|said| said.data["position"].as_i64().unwrap()).collect();
    assert!(positions.is_sorted_by(|a, b| a < b), "not in order");
    let log = served.control.news(&admin, before).await.unwrap();
    assert_eq!(log.events[0].0, positions[0]);
    assert_eq!(served.control.newest(&admin).await.unwrap(), positions[total - 1]);
    // A new reader hears only of what is new.
    let mut fresh = Listener::open(&served, "/api/v1/events", &key, None).await;
    let id = served.request(&key).await;
    let said = fresh.fact().await;
    assert_eq!(
        (said.name.as_str(), said.data["decision_id"].as_str()),
        ("DECISION_CREATED", Some(id.as_str()))
    );
}

#[tokio::test]
async fn a_key_that_only_asks_hears_only_of_its_own() {
    let (served, admin, key, _) = scene().await;
    let (_, own) = served.key(&admin, &[KeyScope::Request]).await;
    let elsewhere = served.found("southwind").await;
    let (_, foreign) = served.key(&elsewhere, &SCOPES).await;
    let mut listener = Listener::open(&served, "/api/v1/events?after=0", &own, None).await;
    served.request(&key).await;
    served.request(&foreign).await;
    let mine = served.request(&own).await;
    served.request(&key).await;
    for kind in ["DECISION_CREATED", "POLICY_ATTACHED"] {
        let said = listener.fact().await;
        assert_eq!((said.name.as_str(), said.data["decision_id"].as_str()), (kind, Some(mine.as_str())));
        assert!(said.data.get("payload").is_none());
    }
    let other = served.request(&key).await;
    let path = format!("/api/v1/decisions/{other}/stream");
    for stranger in [&own, &foreign] {
        assert_eq!(served.get(&path, stranger).await.problem(), (404, "NOT_FOUND".to_owned()));
    }
    for path in [path.as_str(), "/api/v1/events"] {
        assert_eq!(served.get(path, "").await.problem(), (401, "UNAUTHENTICATED".to_owned()));
    }
    let odd = served.call(Method::GET, &path, &key).header("last-event-id", "yesterday");
    assert_eq!(crate::served::read(odd).await.problem(), (422, "INVALID_INPUT".to_owned()));
}

#[tokio::test]
async fn a_stream_ends_when_its_key_is_revoked_and_when_the_server_stops() {
    let (served, admin, key, _) = scene().await;
    let (id, doomed) = served.key(&admin, &SCOPES).await;
    let decision = served.request(&key).await;
    let path = format!("/api/v1/decisions/{decision}/stream?from=99");
    let mut revoked = Listener::open(&served, &path, &doomed, None).await;
    let mut all_revoked = Listener::open(&served, "/api/v1/events", &doomed, None).await;
    served.control.revoke_key(&admin, &id).await.unwrap();
    for listener in [&mut revoked, &mut all_revoked] {
        let said = listener.next().await.unwrap();
        assert_eq!((said.name.as_str(), &said.data["code"]), ("problem", &json!("UNAUTHENTICATED")));
        assert!(said.data["type"].as_str().unwrap().starts_with("https://nexus.example/problems/"));
        assert_eq!(listener.next().await, None);
    }
    let mut stopped = Listener::open(&served, &path, &key, None).await;
    served.stopping.cancel();
    assert_eq!(timeout(Duration::from_secs(3), stopped.next()).await.expect("it went on"), None);
}
