//! Who knocks at every address, and what there is to be found: a workspace whose every text is a marker, and somebody
//! with every role in another workspace of the same database.

use crate::app::{Answer, TestApp};
use crate::browser::Browser;
use axum::body::Body;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use control::Role;
use control::access::invitation::Invitation;
use control::key::KeyScope;
use control::lists::{DecisionFilter, PageRequest};
use control::requests::RequestInput;
use governance::decide::PolicyInput;
use governance::{Mode, WorkspaceId};
use std::collections::BTreeMap;

/// The columns of every table. `elsewhere` has every role, in another workspace. `owner` asked for the decision.
pub const COLUMNS: [&str; 9] =
    ["nobody", "owner", "other", "approver", "author", "auditor", "keeper", "suspended", "elsewhere"];

/// In every text of the first workspace that a person wrote.
const MARKER: &str = "zebra";
/// What the gate would write.
const PLAN: &str = r#"{"command":["zebra"],"working_dir":"/"}"#;

/// The first workspace, and the cookies and keys of everybody.
pub struct Cast {
    pub app: TestApp,
    /// By column.
    cookies: BTreeMap<&'static str, String>,
    /// By scope; `elsewhere` has all of them, in the other workspace.
    pub keys: BTreeMap<&'static str, String>,
    /// What stands for the holes of an address: ids, names and a cursor of the first workspace.
    holes: Vec<(&'static str, String)>,
}

impl Cast {
    pub async fn assembled() -> Self {
        let toml =
            "[[oidc]]\nname = 'fake'\nlabel = 'Fake'\nissuer = 'http://127.0.0.1:9/none'\nclient_id = 'x'\n";
        let mut app = TestApp::configured(toml, false).await;
        let workspace = app.found("wsp_zebra", "Zebra workspace").await;
        app.workspace = Some(workspace.clone());
        for (name, roles) in [
            ("zebra_admin", &Role::ALL[..]),
            ("zebra_owner", &[Role::Requester]),
            ("zebra_other", &[Role::Requester]),
            ("zebra_approver", &[Role::Approver]),
            ("zebra_author", &[Role::Author]),
            ("zebra_auditor", &[Role::Auditor]),
            ("zebra_keeper", &[Role::Admin]),
            ("zebra_suspended", &Role::ALL),
            ("zebra_target", &[Role::Requester]),
        ] {
            app.hire(&workspace, name, roles).await;
        }
        let theirs = app.found("wsp_elsewhere", "Elsewhere").await;
        app.hire(&theirs, "elsewhere", &Role::ALL).await;
        let mut cast = Self { app, cookies: BTreeMap::new(), keys: BTreeMap::new(), holes: Vec::new() };
        cast.furnish().await;
        for column in COLUMNS {
            cast.sign_in(column).await;
        }
        let admin = cast.app.call("zebra_admin").await;
        let suspended = crate::people::person("zebra_suspended");
        cast.app.control.set_suspended(&admin, &suspended, true).await.unwrap();
        cast
    }

    /// Signs a column's person in anew.
    async fn sign_in(&mut self, column: &'static str) {
        let name = match column {
            "nobody" => return,
            "elsewhere" => "elsewhere".to_owned(),
            other => format!("zebra_{other}"),
        };
        let cookie = self.app.signed_in(&name).await.session().unwrap();
        self.cookies.insert(column, cookie);
    }

    async fn furnish(&mut self) {
        let app = &self.app;
        let (admin, owner) = (app.call("zebra_admin").await, app.call("zebra_owner").await);
        for goal in ["zebra goal one", "zebra goal two"] {
            app.request(&owner, goal, 1).await;
        }
        let page = PageRequest { limit: 1, ..PageRequest::default() };
        let listed = app.control.list(&admin, DecisionFilter::default(), &page).await.unwrap();
        let policy = PolicyInput { min_approvals: Some(1), ..PolicyInput::default() };
        app.control.create_template(&admin, "zebra-template", "zebra description", policy).await.unwrap();
        let (mut keys, mut key_id) = (BTreeMap::new(), String::new());
        for scope in KeyScope::ALL.into_iter().filter(|scope| scope.is_for(false)) {
            let (id, key) = app.key(&admin, "zebra key", &[scope]).await;
            keys.insert(scope.as_str(), key);
            key_id = id;
        }
        let whom = |email: &str| Invitation {
            email: email.to_owned(),
            name: "zebra guest".to_owned(),
            roles: vec![Role::Auditor],
        };
        let (invitation, _) = app.control.invite(&admin, whom("zebra-guest@zebra.example")).await.unwrap();
        let elsewhere = app.call_in(&theirs(), "elsewhere").await;
        keys.insert("elsewhere", app.key(&elsewhere, "theirs", &KeyScope::ALL).await.1);
        let mut target = app.signed_in("zebra_target").await;
        assert!(target.is_in().await);
        let target = crate::people::person("zebra_target");
        let sessions = app.control.sessions_of(&admin, &target).await.unwrap();
        self.holes = vec![
            ("{name}", "fake".to_owned()),
            ("{person}", target.to_string()),
            ("{key}", key_id),
            ("{invitation}", invitation.id),
            ("{session}", sessions.first().unwrap().name.clone()),
            ("{template}", "zebra-template".to_owned()),
            ("{workspace}", "wsp_zebra".to_owned()),
            ("{cursor}", listed.next.unwrap()),
            ("{sha}", "a".repeat(64)),
            ("{slug}", "blocked".to_owned()),
        ];
        self.keys = keys;
    }

    /// An address or a body, with its holes filled, and a decision of its own.
    async fn filled(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        if text.contains("{decision}") {
            let owner = self.app.call("zebra_owner").await;
            let (id, version) = self.app.request(&owner, "zebra goal", 1).await;
            filled = filled.replace("{decision}", &id).replace("{version}", &version.to_string());
        }
        if text.contains("{run}") {
            filled = filled.replace("{run}", &self.run().await);
        }
        for (hole, value) in &self.holes {
            filled = filled.replace(hole, value);
        }
        assert!(!filled.contains("{p") && !filled.contains("{d") && !filled.contains("{n"), "{filled}");
        filled
    }

    /// A run that the owner carries out.
    async fn run(&self) -> String {
        let control = &self.app.control;
        let owner = self.app.call("zebra_owner").await;
        let policy = PolicyInput {
            min_approvals: Some(1),
            allowed_modes: Some(vec!["apply".to_owned()]),
            ..PolicyInput::default()
        };
        let input = RequestInput {
            goal: "zebra run".to_owned(),
            plan: Some(PLAN.to_owned()),
            mode: Mode::Apply,
            template: None,
            policy,
        };
        let made = control.request(&owner, input).await.unwrap();
        let approver = self.app.call("zebra_approver").await;
        control.approve(&approver, &made.id, None, None, None).await.unwrap();
        control.begin(&owner, &made.id, None, PLAN).await.unwrap().run_id.to_string()
    }

    /// What a column's person gets at an address: the status, or `in` where they are sent to sign in. And whether
    /// anything of the first workspace comes to somebody who may see nothing of it.
    pub async fn knock(
        &mut self,
        column: &'static str,
        method: &Method,
        address: &str,
        body: &str,
    ) -> String {
        let (path, body) = self.both(address, body).await;
        let cookie = self.cookies.get(column).cloned();
        let answer = self.send(cookie, None, method, &path, &body).await;
        if ["nobody", "suspended", "elsewhere"].contains(&column) {
            tells_nothing(&answer, &path, &body, column);
        }
        let ends =
            ["/sign-out", "/sign-in", "/join", "/workspace", "/api/end_", "/api/change", "/api/rename"];
        if method == Method::POST && ends.iter().any(|start| path.starts_with(start)) && column != "suspended"
        {
            self.sign_in(column).await;
        }
        shown(&answer)
    }

    /// The same with a key, and no cookie.
    pub async fn knock_with(&self, key: &str, method: &Method, address: &str, body: &str) -> String {
        let (path, body) = self.both(address, body).await;
        let answer = self.send(None, Some(&self.keys[key]), method, &path, &body).await;
        if key == "elsewhere" {
            tells_nothing(&answer, &path, &body, key);
        }
        shown(&answer)
    }

    async fn both(&self, address: &str, body: &str) -> (String, String) {
        // One decision for both.
        let joined = self.filled(&format!("{address}\n{body}")).await;
        let (path, body) = joined.split_once('\n').unwrap();
        (path.to_owned(), body.to_owned())
    }

    async fn send(
        &self,
        cookie: Option<String>,
        key: Option<&String>,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Answer {
        let mut request = Browser::new(&self.app).prepared(method.clone(), path);
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        if path.starts_with("/api/") {
            request.headers_mut().unwrap().insert("accept", "application/json".parse().unwrap());
        }
        let json = body.starts_with('{') || body.starts_with('"');
        let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        if *method == Method::POST {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        if path.ends_with("/stream") || path == "/api/v1/events" || path.starts_with("/live") {
            self.app.begin(request).await
        } else {
            self.app.send(request).await
        }
    }
}

fn shown(answer: &Answer) -> String {
    assert!(answer.status.as_u16() < 500 || answer.location().is_empty(), "{answer:?}");
    if answer.location().starts_with("/sign-in") {
        "in".to_owned()
    } else {
        answer.status.as_str().to_owned()
    }
}

/// Nothing that was written in the first workspace stands anywhere in the answer, but what was sent itself.
fn tells_nothing(answer: &Answer, path: &str, body: &str, who: &str) {
    let sent = format!("{path} {body}").to_lowercase();
    let mut told = format!("{} {:?}", answer.body, answer.headers).to_lowercase();
    // What one sends oneself may come back.
    for word in sent.split([' ', '/', '?', '&', '=', '"', ':', ',']).filter(|word| word.contains(MARKER)) {
        told = told.replace(word, "");
    }
    let at = told.find(MARKER);
    assert!(at.is_none(), "{who} {path} is told: {}", &told[at.unwrap_or(0).saturating_sub(80)..]);
}

/// The other workspace.
fn theirs() -> WorkspaceId {
    WorkspaceId::new("wsp_elsewhere").unwrap()
}
