//! Decisions over real HTTP: the whole way, what is refused, and what a list says.

use crate::served::Served;
use control::{Caller, KeyScope, Role};
use serde_json::{Value as Json, json};

/// A workspace with somebody who asks by a machine, and two who approve.
pub struct Scene {
    pub served: Served,
    pub admin: Caller,
    /// A machine's key that may ask, run, read and export.
    pub robot: String,
    /// Tokens of two approvers.
    pub ana: String,
    pub ben: String,
}

impl Scene {
    pub async fn new() -> Self {
        let served = Served::new().await;
        let admin = served.found("north").await;
        let scopes = [KeyScope::Request, KeyScope::Execute, KeyScope::Read, KeyScope::Export];
        let (_, robot) = served.key(&admin, &scopes).await;
        let mut tokens = Vec::new();
        for name in ["ana", "ben"] {
            let person = served.person(&admin.workspace, name, &[Role::Approver, Role::Requester]).await;
            tokens.push(served.token(&person, &[KeyScope::Decide, KeyScope::Read, KeyScope::Request]).await);
        }
        let (ben, ana) = (tokens.pop().unwrap(), tokens.pop().unwrap());
        Self { served, admin, robot, ana, ben }
    }

    /// A request by the machine: its address.
    pub async fn asked(&self, body: &Json) -> String {
        let answer = self.served.post("/api/v1/decisions", &self.robot, body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.header("location").to_owned()
    }

    /// An act that must work, and the decision after it.
    pub async fn done(&self, address: &str, act: &str, key: &str, body: &Json) -> Json {
        let answer = self.served.post(&format!("{address}/{act}"), key, body).await;
        assert_eq!(answer.status, 200, "{act}: {answer:?}");
        answer.json()
    }

    /// An act that must be refused: status and code.
    pub async fn refused(&self, address: &str, act: &str, key: &str, body: &Json) -> (u16, String) {
        self.served.post(&format!("{address}/{act}"), key, body).await.problem()
    }
}

fn two() -> Json {
    json!({"goal": "Rotate the keys", "plan": "rotate", "policy": {"min_approvals": 2, "labels": ["prod"]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_asks_two_people_approve_and_it_runs() {
    let scene = Scene::new().await;
    let made = scene.served.post("/api/v1/decisions", &scene.robot, &two()).await.json();
    let id = made["decision_id"].as_str().unwrap();
    assert_eq!(made["url"], format!("https://nexus.example/decisions/{id}"));
    assert_eq!((made["state"].as_str(), made["version"].as_u64()), (Some("pending_approval"), Some(2)));
    let address = format!("/api/v1/decisions/{id}");
    let one =
        scene.done(&address, "approve", &scene.ana, &json!({"expected_version": 2, "comment": "ok"})).await;
    assert_eq!(one["lifecycle"]["progress"]["approvals"], "1/2");
    assert_eq!(one["lifecycle"]["blocking_reasons"][0]["code"], "MISSING_APPROVALS");
    let approval = &one["approvals"][0];
    assert_eq!(approval["actor"], json!({"type": "human", "id": "ana@example.com"}));
    assert_eq!((approval["name"].as_str(), approval["counts"].as_bool()), (Some("ana"), Some(true)));
    let both = scene.done(&address, "approve", &scene.ben, &json!({})).await;
    assert_eq!(both["lifecycle"]["state"], "approved");
    let ran = scene.done(&address, "execute", &scene.robot, &json!({"adapter_id": "simulate"})).await;
    assert_eq!(ran["lifecycle"]["state"], "completed");
    assert_eq!((&ran["run"]["status"], &ran["run"]["adapter_id"]), (&json!("completed"), &json!("simulate")));
    // Whoever comes again starts nothing.
    let again = scene
        .served
        .post(&format!("{address}/execute"), &scene.robot, &json!({"adapter_id": "simulate"}))
        .await;
    assert_eq!(again.problem(), (409, "BLOCKED".to_owned()));
    assert_eq!(again.json()["blocking_reasons"][0]["code"], "ALREADY_EXECUTED");
    let run = format!("/api/v1/runs/{}", ran["run"]["run_id"].as_str().unwrap());
    let run = scene.served.get(&run, &scene.robot).await.json();
    assert_eq!((&run["decision_id"], &run["live"]), (&json!(id), &Json::Null));
    assert_eq!(run["record"]["run"]["run_id"], run["run_id"]);
    let events = scene.served.get(&format!("{address}/events?from=2"), &scene.robot).await.json();
    let types: Vec<&str> =
        events["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    let expected = ["APPROVAL_GRANTED", "APPROVAL_GRANTED", "EXECUTION_REQUESTED", "EXECUTION_STARTED"];
    assert_eq!(types[..4], expected);
    assert_eq!(events["events"][0]["seq"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_is_refused_with_its_own_code() {
    let scene = Scene::new().await;
    let address = scene.asked(&two()).await;
    let none = json!({});
    let simulate = json!({"adapter_id": "simulate"});
    for (act, key, body, expected) in [
        ("approve", &scene.robot, &none, (403, "KEY_FORBIDDEN")),
        ("reject", &scene.robot, &json!({"reason": "no"}), (403, "KEY_FORBIDDEN")),
        ("revoke", &scene.ana, &none, (409, "NOTHING_TO_REVOKE")),
        ("withdraw", &scene.ana, &none, (403, "FORBIDDEN")),
        ("execute", &scene.ana, &simulate, (403, "FORBIDDEN")),
        ("execute", &scene.robot, &json!({"adapter_id": "nobody"}), (404, "NOT_FOUND")),
        ("execute", &scene.robot, &json!({"adapter_id": "simulate", "mode": "apply"}), (409, "BLOCKED")),
        ("cancel", &scene.robot, &none, (409, "NOT_EXECUTING")),
        ("approve", &scene.ana, &json!({"expires_at": "2001-01-01T00:00:00Z"}), (422, "EXPIRY_IN_PAST")),
        ("approve", &scene.ana, &json!({"expires_at": "tomorrow"}), (422, "INVALID_INPUT")),
        ("approve", &scene.ana, &json!({"comment": "x".repeat(4001)}), (422, "INVALID_INPUT")),
        ("reject", &scene.ana, &json!({"reason": "  "}), (422, "INVALID_INPUT")),
    ] {
        let (status, code) = scene.refused(&address, act, key, body).await;
        assert_eq!((status, code.as_str()), expected, "{act} {body}");
    }
    let blocked = scene.served.post(&format!("{address}/execute"), &scene.robot, &simulate).await;
    assert_eq!(blocked.problem(), (409, "BLOCKED".to_owned()));
    assert_eq!(blocked.json()["blocking_reasons"][0]["code"], "MISSING_APPROVALS");
    assert!(blocked.json()["type"].as_str().unwrap().ends_with("/problems/blocked"));
    // Nothing of it was recorded.
    assert_eq!(scene.served.get(&address, &scene.robot).await.json()["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_changes_nothing_and_is_told_what_is_new() {
    let scene = Scene::new().await;
    let address = scene.asked(&two()).await;
    scene.done(&address, "approve", &scene.ana, &json!({"expected_version": 2})).await;
    let body = json!({"expected_version": 2});
    let stale = scene.served.post(&format!("{address}/approve"), &scene.ben, &body).await;
    assert_eq!(stale.problem(), (409, "CHANGED".to_owned()));
    assert_eq!(stale.json()["version"], 3);
    assert_eq!(stale.json()["changes"][0]["event_type"], "APPROVAL_GRANTED");
    scene.done(&address, "approve", &scene.ben, &json!({"expected_version": 3})).await;
    let again = scene.refused(&address, "approve", &scene.ben, &json!({})).await;
    assert_eq!(again, (409, "ALREADY_APPROVED".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_change_their_minds_and_decisions_end() {
    let scene = Scene::new().await;
    let address = scene.asked(&two()).await;
    scene.done(&address, "approve", &scene.ana, &json!({"expires_at": "2999-01-01T00:00:00Z"})).await;
    let revoked = scene.done(&address, "revoke", &scene.ana, &json!({"reason": "the window moved"})).await;
    let approval = &revoked["approvals"][0];
    assert_eq!((&approval["counts"], &approval["reason"]), (&json!(false), &json!("revoked")));
    let rejected = scene.done(&address, "reject", &scene.ben, &json!({"reason": "not today"})).await;
    assert_eq!(rejected["lifecycle"]["state"], "rejected");
    let late = scene.refused(&address, "approve", &scene.ana, &json!({})).await;
    assert_eq!(late, (409, "NOT_OPEN".to_owned()));
    let other = scene.asked(&two()).await;
    let withdrawn = scene.done(&other, "withdraw", &scene.robot, &json!({})).await;
    assert_eq!(withdrawn["lifecycle"]["state"], "withdrawn");
    // One's own request is somebody else's to approve.
    let mine = scene.served.post("/api/v1/decisions", &scene.ana, &two()).await;
    let own = scene.refused(mine.header("location"), "approve", &scene.ana, &json!({})).await;
    assert_eq!(own, (403, "SELF_APPROVAL_FORBIDDEN".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_lapsed_says_so() {
    let scene = Scene::new().await;
    let address = scene.asked(&json!({"goal": "x", "policy": {"min_approvals": 1}})).await;
    let soon = scene.served.control.now().plus_seconds(60).to_string();
    let approved = scene.done(&address, "approve", &scene.ana, &json!({"expires_at": soon})).await;
    assert_eq!(approved["lifecycle"]["state"], "approved");
    scene.served.pass(61);
    let now = scene.served.get(&address, &scene.robot).await.json();
    assert_eq!(now["lifecycle"]["state"], "pending_approval");
    assert_eq!(now["approvals"][0]["reason"], "expired");
    assert_eq!(now["lifecycle"]["blocking_reasons"][0]["code"], "APPROVAL_EXPIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_and_paged() {
    let scene = Scene::new().await;
    for number in 0..5 {
        let labels = json!([if number % 2 == 0 { "even" } else { "odd" }]);
        let body =
            json!({"goal": format!("Goal {number}"), "policy": {"min_approvals": 1, "labels": labels}});
        let address = scene.asked(&body).await;
        if number == 4 {
            scene.done(&address, "reject", &scene.ana, &json!({"reason": "no"})).await;
        }
    }
    let goals = async |question: &str| -> Vec<String> {
        let answer = scene.served.get(&format!("/api/v1/decisions?{question}"), &scene.robot).await;
        assert_eq!(answer.status, 200, "{question}: {answer:?}");
        let list = answer.json();
        let rows = list["decisions"].as_array().unwrap().clone();
        rows.iter().map(|row| row["goal"].as_str().unwrap().replace("Goal ", "")).collect()
    };
    assert_eq!(goals("").await, ["4", "3", "2", "1", "0"]);
    assert_eq!(goals("order=oldest&limit=2").await, ["0", "1"]);
    assert_eq!(goals("label=even").await, ["4", "2", "0"]);
    assert_eq!(goals("open=true&label=even").await, ["2", "0"]);
    assert_eq!(goals("state=rejected").await, ["4"]);
    assert_eq!(goals("text=goal%203").await, ["3"]);
    assert_eq!(goals("person=ana%40example.com").await, ["4"]);
    assert_eq!(goals("until=2001-01-01T00:00:00Z").await, [""; 0]);
    assert_eq!(goals("from=2001-01-01T00:00:00Z&limit=200").await.len(), 5);
    // Page by page, each decision once.
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let answer = scene.served.get(&format!("/api/v1/decisions?limit=2{next}"), &scene.robot).await.json();
        for row in answer["decisions"].as_array().unwrap() {
            seen.push(row["goal"].as_str().unwrap().to_owned());
        }
        match answer["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["Goal 4", "Goal 3", "Goal 2", "Goal 1", "Goal 0"]);
    for question in [
        "limit=0",
        "limit=201",
        "limit=x",
        "state=open",
        "order=up",
        "open=yes",
        "after=nonsense",
        "from=now",
        "colour=red",
        "limit=1&limit=2",
    ] {
        let answer = scene.served.get(&format!("/api/v1/decisions?{question}"), &scene.robot).await;
        assert_eq!(answer.problem(), (422, "INVALID_INPUT".to_owned()), "{question}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_is_told_who_they_are() {
    let scene = Scene::new().await;
    let robot = scene.served.get("/api/v1/me", &scene.robot).await.json();
    assert_eq!((&robot["workspace_id"], &robot["personal"]), (&json!("wsp_north"), &json!(false)));
    assert_eq!(robot["actor"]["type"], "system");
    assert_eq!(robot["scopes"], json!(["request", "execute", "read", "export"]));
    let ana = scene.served.get("/api/v1/me", &scene.ana).await.json();
    assert_eq!((&ana["actor"]["id"], &ana["personal"]), (&json!("ana@example.com"), &json!(true)));
    assert_eq!(ana["roles"], json!(["approver", "requester"]));
    let nobody = scene.served.get("/api/v1/me", "").await;
    assert_eq!(nobody.problem(), (401, "UNAUTHENTICATED".to_owned()));
}
