//! What pages hear while they are open: how things are, at once and whenever that changed, for as long as the reader may
//! know; and who else looks.

use crate::app::{PASSWORD, TestApp};
use crate::browser::Browser;
use crate::people::person;
use axum::body::{Body, BodyDataStream};
use axum::http::header::{ACCEPT_ENCODING, AUTHORIZATION};
use axum::http::{Method, StatusCode};
use control::seats::MOST_PAGES;
use control::{KeyScope, Role};
use futures::StreamExt as _;
use governance::DecisionId;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tower::ServiceExt as _;

/// Longer than the server takes to notice that somebody may not hear any more.
const SOON: Duration = Duration::from_secs(8);

/// An open stream.
struct Ear {
    body: BodyDataStream,
    text: String,
}

impl Ear {
    async fn open(app: &TestApp, browser: &Browser<'_>, path: &str) -> Self {
        let request = browser.prepared(Method::GET, path).header(ACCEPT_ENCODING, "gzip, br");
        let response = app.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(!response.headers().contains_key("content-encoding"));
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event, name and data; `None` when the stream has ended.
    async fn next(&mut self, within: Duration) -> Option<(String, String)> {
        let until = Instant::now() + within;
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let found = (field("event:"), field("data:"));
                if found.0.is_empty() {
                    continue;
                }
                return Some(found);
            }
            let left = until.saturating_duration_since(Instant::now());
            let chunk = timeout(left, self.body.next()).await.unwrap()?.unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// What the next event says, which has this name.
    async fn told(&mut self, name: &str) -> Value {
        let (kind, data) = self.next(SOON).await.unwrap();
        assert_eq!(kind, name, "{data}");
        serde_json::from_str(&data).unwrap()
    }

    /// Whether nothing comes for a while.
    async fn is_quiet(&mut self, within: Duration) -> bool {
        self.text.is_empty() && timeout(within, self.body.next()).await.is_err()
    }

    /// The code that it ends with.
    async fn ends_with(&mut self) -> String {
        let mut code = String::new();
        while let Some((kind, data)) = self.next(SOON).await {
            if kind == "over" {
                code = data;
            }
        }
        code
    }
}

fn names(told: &Value) -> Vec<&str> {
    told["here"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// A decision that the requester asked for, and the address of what is heard of it.
async fn asked(app: &TestApp) -> (DecisionId, String) {
    let requester = app.call("requester").await;
    let (id, _) = app.request(&requester, "heard of", 1).await;
    (DecisionId::new(id.as_str()).unwrap(), format!("/live?decision={id}"))
}

#[tokio::test]
async fn an_inbox_is_told_at_once_and_when_it_changed() {
    let app = TestApp::with_people().await;
    let approver = app.signed_in("approver").await;
    let mut ear = Ear::open(&app, &approver, "/live").await;
    let before = ear.told("inbox").await;
    assert_eq!(
        (&before["waiting"], &before["requested"], &before["open"]),
        (&0.into(), &0.into(), &0.into())
    );
    asked(&app).await;
    let after = ear.told("inbox").await;
    assert_eq!((&after["waiting"], &after["requested"], &after["open"]), (&1.into(), &0.into(), &1.into()));
    assert_ne!(before["mark"], after["mark"]);
    // Whoever comes again hears how it is now: the same as whoever stayed.
    assert_eq!(Ear::open(&app, &approver, "/live").await.told("inbox").await, after);
    // A requester who did not ask for it hears nothing of it.
    let other = app.signed_in("other").await;
    let mut ear = Ear::open(&app, &other, "/live").await;
    assert_eq!(ear.told("inbox").await["open"], 0);
    asked(&app).await;
    assert!(ear.is_quiet(Duration::from_secs(2)).await);
}

#[tokio::test]
async fn a_decision_is_told_at_once_and_when_it_changed() {
    let app = TestApp::with_people().await;
    let (id, path) = asked(&app).await;
    let requester = app.signed_in("requester").await;
    let mut ear = Ear::open(&app, &requester, &path).await;
    let told = ear.told("decision").await;
    assert_eq!((&told["id"], &told["version"]), (&id.as_str().into(), &2.into()));
    assert_eq!((&told["state"], names(&told)), (&"pending_approval".into(), vec![]));
    let (approver, began) = (app.call("approver").await, Instant::now());
    app.control.approve(&approver, &id, None, None, None).await.unwrap();
    let told = ear.told("decision").await;
    assert_eq!((&told["version"], &told["state"]), (&3.into(), &"approved".into()));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    // What happens to another one is none of its business.
    asked(&app).await;
    assert!(ear.is_quiet(Duration::from_secs(2)).await);
}

#[tokio::test]
async fn who_may_not_see_a_page_does_not_hear_of_it() {
    let app = TestApp::with_people().await;
    let (_, path) = asked(&app).await;
    for (who, path, status) in [
        (None, "/live", 401),
        (None, path.as_str(), 401),
        (Some("other"), path.as_str(), 404),
        (Some("approver"), "/live?decision=none", 404),
        (Some("approver"), "/live?decision=", 404),
        (Some("approver"), "/live?decision=%00", 404),
    ] {
        let mut browser = match who {
            Some(name) => app.signed_in(name).await,
            None => app.browser(),
        };
        assert_eq!(browser.get(path).await.status, status, "{who:?} {path}");
    }
    let admin = app.call("admin").await;
    let (_, key) = app.key(&admin, "robot", &KeyScope::ALL).await;
    let request = app.browser().prepared(Method::GET, &path).header(AUTHORIZATION, format!("Bearer {key}"));
    assert_eq!(
        app.begin(request.body(Body::empty()).unwrap()).await.status,
        401,
        "keys have streams of their own"
    );
}

#[tokio::test]
async fn whoever_may_not_hear_any_more_stops_hearing() {
    let app = TestApp::with_people().await;
    let (id, path) = asked(&app).await;
    let admin = app.call("admin").await;

    let mut leaving = app.signed_in("approver").await;
    let (mut inbox, mut decision) =
        (Ear::open(&app, &leaving, "/live").await, Ear::open(&app, &leaving, &path).await);
    leaving.post("/sign-out", &[]).await;
    let suspended = app.signed_in("second").await;
    let mut of_suspended = Ear::open(&app, &suspended, &path).await;
    app.control.set_suspended(&admin, &person("second"), true).await.unwrap();
    assert_eq!(inbox.ends_with().await, "UNAUTHENTICATED");
    assert_eq!(decision.ends_with().await, "UNAUTHENTICATED");
    assert_eq!(of_suspended.ends_with().await, "UNAUTHENTICATED");

    // Roles are read anew at every look.
    let auditor = app.signed_in("auditor").await;
    let mut of_auditor = Ear::open(&app, &auditor, &path).await;
    assert_eq!(of_auditor.told("decision").await["version"], 2);
    app.set_roles("auditor", &[Role::Requester]).await;
    app.control.approve(&admin, &id, None, None, None).await.unwrap();
    assert_eq!(of_auditor.ends_with().await, "NOT_FOUND");
}

#[tokio::test]
async fn hearing_keeps_nobody_signed_in() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("requester").await;
    let mut ear = Ear::open(&app, &browser, "/live").await;
    ear.told("inbox").await;
    for _ in 0..4 {
        app.pass(29 * 60);
        Ear::open(&app, &browser, "/live").await.told("inbox").await;
    }
    app.pass(5 * 60);
    assert_eq!(ear.ends_with().await, "UNAUTHENTICATED");
    assert_eq!(browser.get("/live").await.status, 401);
}

#[tokio::test]
async fn what_an_open_page_asks_by_itself_keeps_nobody_signed_in_and_what_a_person_asks_does() {
    let app = TestApp::with_people().await;
    let (id, _) = asked(&app).await;
    for (ask, stays) in [
        (format!(r#"{{"ask":{{"Since":["{id}",1]}}}}"#), false),
        (format!(r#"{{"ask":{{"Live":"{id}"}}}}"#), false),
        (r#"{"ask":{"Me":"/"}}"#.to_owned(), true),
    ] {
        let mut browser = app.signed_in("requester").await;
        for _ in 0..3 {
            app.pass(45 * 60);
            let call = browser.prepared(Method::POST, "/api/load").header("content-type", "application/json");
            app.send(call.body(Body::from(ask.clone())).unwrap()).await;
        }
        assert_eq!(browser.get("/live?decision=none").await.status == 404, stays, "{ask}");
    }
}

#[tokio::test]
async fn who_may_not_see_people_hears_how_many_look_and_no_name() {
    let app = TestApp::with_people().await;
    let (_, path) = asked(&app).await;
    let (requester, approver) = (app.signed_in("requester").await, app.signed_in("approver").await);
    let mut of_requester = Ear::open(&app, &requester, &path).await;
    of_requester.told("decision").await;
    let mut of_approver = Ear::open(&app, &approver, &path).await;
    assert_eq!(names(&of_requester.told("decision").await), ["Somebody"]);
    let name = app.call("requester").await.name;
    assert_eq!(names(&of_approver.told("decision").await), [name.as_str()]);
}

#[tokio::test]
async fn two_who_look_at_once_know_of_each_other_and_nobody_else_does() {
    let app = TestApp::with_people().await;
    let (_, path) = asked(&app).await;
    let (first, second) = (app.signed_in("approver").await, app.signed_in("second").await);
    let mut of_first = Ear::open(&app, &first, &path).await;
    assert_eq!(names(&of_first.told("decision").await), [""; 0]);
    let mut of_second = Ear::open(&app, &second, &path).await;
    let first_name = app.call("approver").await.name;
    let second_name = app.call("second").await.name;
    assert_eq!(names(&of_second.told("decision").await), [first_name.as_str()]);
    assert_eq!(names(&of_first.told("decision").await), [second_name.as_str()]);
    // A second window of the same person, and somebody at another decision, change nothing.
    let mut window = Ear::open(&app, &second, &path).await;
    assert_eq!(names(&window.told("decision").await), [first_name.as_str()]);
    let (_, elsewhere) = asked(&app).await;
    let mut alone = Ear::open(&app, &second, &elsewhere).await;
    assert_eq!(names(&alone.told("decision").await), [""; 0]);
    assert!(of_first.is_quiet(Duration::from_secs(2)).await);
    drop((of_second, window));
    assert_eq!(names(&of_first.told("decision").await), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_burst_is_told_twice_a_second_at_most_and_its_end_always() {
    let app = TestApp::with_people().await;
    let approver = app.signed_in("approver").await;
    let (_, path) = asked(&app).await;
    let mut inbox = Ear::open(&app, &approver, "/live").await;
    let mut decision = Ear::open(&app, &approver, &path).await;
    assert_eq!(inbox.told("inbox").await["waiting"], 1);
    decision.told("decision").await;
    let requester = app.call("requester").await;
    let began = Instant::now();
    let burst = async {
        for chunk in 0..20 {
            let asking = (0..20).map(|one| {
                let (app, requester) = (&app, &requester);
                async move { app.request(requester, &format!("burst {chunk} {one}"), 1).await }
            });
            futures::future::join_all(asking).await;
        }
    };
    let mut messages = 0_u32;
    let hear = async {
        loop {
            messages += 1;
            if inbox.told("inbox").await["waiting"] == 401 {
                break;
            }
        }
    };
    futures::join!(burst, hear);
    let half_seconds = u32::try_from(began.elapsed().as_millis() / 500).unwrap();
    assert!(messages <= half_seconds + 2, "{messages} in {half_seconds} half seconds");
    assert!(decision.is_quiet(Duration::from_millis(100)).await, "another decision has nothing to say");
}

#[tokio::test]
async fn with_too_many_pages_open_the_next_is_refused_and_nothing_else_is() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("approver").await;
    let mut ears = Vec::new();
    for _ in 0..MOST_PAGES {
        ears.push(Ear::open(&app, &browser, "/live").await);
    }
    let refused = browser.get("/live").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "TOO_MANY_OPEN"));
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(browser.get("/api/v1/me").await.status, 200);
    // Others, and calls that wait, have seats of their own.
    let other = app.signed_in("second").await;
    Ear::open(&app, &other, "/live").await;
    let (id, _) = asked(&app).await;
    let wait = browser.get(&format!("/api/v1/decisions/{id}/wait?timeout=0")).await;
    assert_eq!(wait.status, 200);
    ears.pop();
    Ear::open(&app, &browser, "/live").await;
}

#[tokio::test]
async fn asking_only_for_the_head_takes_no_seat() {
    let app = TestApp::with_people().await;
    let browser = app.signed_in("approver").await;
    for _ in 0..=MOST_PAGES {
        let request = browser.prepared(Method::HEAD, "/live").body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.status, 200);
    }
}

/// A whole server on a port, since that is what has to come to its end.
#[tokio::test]
async fn a_stop_of_the_server_ends_every_stream_and_waits_for_none() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("approver").await;
    assert!(browser.sign_in("approver", PASSWORD).await.status.is_redirection());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let server =
        axum::serve(listener, service).with_graceful_shutdown(app.stopping.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());
    let mut stream = TcpStream::connect(address).await.unwrap();
    let call =
        format!("GET /live HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n", browser.session().unwrap());
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut buffer = [0_u8; 4096];
    while !heard.contains("event: inbox") {
        let read = timeout(SOON, stream.read(&mut buffer)).await.expect("nothing came").unwrap();
        assert_ne!(read, 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    assert!(heard.contains("retry: 2000"), "{heard}");
    app.stopping.cancel();
    timeout(SOON, server).await.expect("the server waits for its streams").unwrap().unwrap();
    let mut rest = Vec::new();
    timeout(SOON, stream.read_to_end(&mut rest)).await.expect("the stream goes on").unwrap();
    assert!(String::from_utf8_lossy(&rest).ends_with("0\r\n\r\n"), "it was cut off, not ended");
}
