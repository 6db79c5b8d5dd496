//! Templates, adapters, members and keys over real HTTP.

use crate::decisions::Scene;
use crate::served::read;
use control::{KeyScope, Role};
use serde_json::{Value as Json, json};

impl Scene {
    /// A personal token of the admin's that may look after things.
    pub async fn manager(&self) -> String {
        self.served.token(&self.admin, &[KeyScope::Manage, KeyScope::Read]).await
    }
}

fn template(name: &str) -> Json {
    json!({"name": name, "description": "Two people", "policy": {"min_approvals": 2, "labels": ["prod"]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_written_once_read_and_used() {
    let scene = Scene::new().await;
    let manager = scene.manager().await;
    let made = scene.served.post("/api/v1/templates", &manager, &template("prod")).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!((&made.json()["policy"]["min_approvals"], &made.json()["uses"]), (&json!(2), &json!(0)));
    // The workspace's default stands in it for good.
    assert_eq!(made.json()["policy"]["forbid_self_approval"], true);
    let taken = scene.served.post("/api/v1/templates", &manager, &template("prod")).await;
    assert_eq!(taken.problem(), (409, "ALREADY_EXISTS".to_owned()));
    let by_machine = scene.served.post("/api/v1/templates", &scene.robot, &template("other")).await;
    assert_eq!(by_machine.problem(), (403, "KEY_FORBIDDEN".to_owned()));
    let address = scene.asked(&json!({"goal": "x", "template": "prod"})).await;
    let decision = scene.served.get(&address, &scene.robot).await.json();
    let read = scene.served.get("/api/v1/templates/prod", &scene.robot).await.json();
    assert_eq!((&decision["template"]["digest"], &read["uses"]), (&read["digest"], &json!(1)));
    let body = json!({"goal": "x", "template": "none"});
    let unknown = scene.served.post("/api/v1/decisions", &scene.robot, &body).await;
    assert_eq!(unknown.problem().0, 404);
    assert_eq!(scene.served.get("/api/v1/templates/none", &scene.robot).await.problem().0, 404);
    for name in ["", " ", "a/b", "new", &"x".repeat(101), "a\nb"] {
        let refused = scene.served.post("/api/v1/templates", &manager, &template(name)).await;
        assert_eq!(refused.problem().0, 422, "{name:?}");
    }
    let list = scene.served.get("/api/v1/templates?label=prod", &scene.robot).await.json();
    assert_eq!(list["templates"].as_array().unwrap().len(), 1);
    assert_eq!(
        scene.served.get("/api/v1/templates?label=x", &scene.robot).await.json()["templates"],
        json!([])
    );
    let south = scene.served.found("south").await;
    let (_, elsewhere) = scene.served.key(&south, &[KeyScope::Read]).await;
    assert_eq!(scene.served.get("/api/v1/templates/prod", &elsewhere).await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn adapters_say_what_they_can_do() {
    let scene = Scene::new().await;
    let adapters = scene.served.get("/api/v1/adapters", &scene.robot).await.json();
    let ids: Vec<&str> = adapters["adapters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["adapter_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["simulate", "gate"]);
    assert_eq!(adapters["adapters"][0]["dry_run_only"], true);
    assert_eq!(adapters["adapters"][1]["at_the_caller"], true);
    let (_, exporter) = scene.served.key(&scene.admin, &[KeyScope::Export]).await;
    assert_eq!(
        scene.served.get("/api/v1/adapters", &exporter).await.problem(),
        (403, "FORBIDDEN".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_looked_after_by_people_alone() {
    let scene = Scene::new().await;
    let manager = scene.manager().await;
    scene.served.person(&scene.admin.workspace, "zoe", &[Role::Requester]).await;
    let members = scene.served.get("/api/v1/members", &manager).await.json();
    let names: Vec<&str> =
        members["members"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ana", "ben", "north-admin", "zoe"]);
    assert!(!members.to_string().contains("argon2"), "{members}");
    let zoe = "/api/v1/members/prs_zoe";
    let roles = json!({"roles": ["auditor", "requester"]});
    let changed = scene.done(zoe, "roles", &manager, &roles).await;
    assert_eq!(changed["roles"], json!(["auditor", "requester"]));
    assert_eq!(scene.done(zoe, "suspend", &manager, &json!({})).await["suspended"], true);
    assert_eq!(scene.done(zoe, "restore", &manager, &json!({})).await["suspended"], false);
    for (address, act, key, body, expected) in [
        (zoe, "roles", &scene.robot, &roles, (403, "KEY_FORBIDDEN")),
        (zoe, "suspend", &scene.ana, &json!({}), (403, "FORBIDDEN")),
        (zoe, "roles", &manager, &json!({"roles": []}), (422, "INVALID_INPUT")),
        (zoe, "roles", &manager, &json!({"roles": ["king"]}), (422, "INVALID_INPUT")),
        ("/api/v1/members/prs_none", "suspend", &manager, &json!({}), (404, "NOT_FOUND")),
        // The last admin stays one.
        ("/api/v1/members/prs_north-admin", "suspend", &manager, &json!({}), (422, "INVALID_INPUT")),
    ] {
        let (status, code) = scene.refused(address, act, key, body).await;
        assert_eq!((status, code.as_str()), expected, "{address} {act} {body}");
    }
    assert_eq!(scene.served.get("/api/v1/members", &scene.robot).await.problem().0, 403);
    let south = scene.served.found("south").await;
    let elsewhere = scene.served.token(&south, &[KeyScope::Manage]).await;
    assert_eq!(scene.refused(zoe, "suspend", &elsewhere, &json!({})).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_works_and_ends() {
    let scene = Scene::new().await;
    let scopes = [KeyScope::Manage, KeyScope::Request, KeyScope::Read];
    let manager = scene.served.token(&scene.admin, &scopes).await;
    let body = json!({"name": "pipeline", "scopes": ["request", "read"], "days": 7});
    let posting = || scene.served.posting("/api/v1/keys", &manager, &body).header("idempotency-key", "k1");
    let made = read(posting()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.header("cache-control"), "no-store");
    let (id, key) =
        (made.json()["key_id"].as_str().unwrap().to_owned(), made.json()["key"].as_str().unwrap().to_owned());
    assert_eq!(scene.served.get("/api/v1/me", &key).await.json()["actor"]["id"], json!(id));
    // Asked again, the answer says all but the secret, and no second key is there.
    let again = read(posting()).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!((&again.json()["key_id"], again.json().get("key")), (&json!(id), None));
    assert!(!again.body.contains(&key));
    let list = scene.served.get("/api/v1/keys", &manager).await;
    let of_name = |list: &Json| {
        let keys = list["keys"].as_array().unwrap().clone();
        keys.into_iter().filter(|key| key["name"] == "pipeline").collect::<Vec<_>>()
    };
    assert_eq!(of_name(&list.json()).len(), 1);
    assert!(!list.body.contains(&key) && !list.body.contains("secret"));
    let address = format!("/api/v1/keys/{id}");
    let revoked = scene.done(&address, "revoke", &manager, &json!({})).await;
    assert_eq!((&revoked["in_force"], revoked["revoked_at"].is_string()), (&json!(false), true));
    assert_eq!(scene.served.get("/api/v1/me", &key).await.status, 401);
    assert_eq!(scene.refused(&address, "revoke", &manager, &json!({})).await.0, 422);
    assert_eq!(scene.refused("/api/v1/keys/nxc_none", "revoke", &manager, &json!({})).await.0, 404);
    for (key, body, expected) in [
        (&scene.robot, &body, (403, "KEY_FORBIDDEN")),
        (&scene.ana, &body, (403, "FORBIDDEN")),
        // A token gives nothing that it does not have.
        (&manager, &json!({"name": "x", "scopes": ["execute"]}), (422, "INVALID_INPUT")),
        (&manager, &json!({"name": "x", "scopes": []}), (422, "INVALID_INPUT")),
        (&manager, &json!({"name": " ", "scopes": ["read"]}), (422, "INVALID_INPUT")),
        // What only a person may do, no machine's key can.
        (&manager, &json!({"name": "x", "scopes": ["decide"]}), (422, "INVALID_INPUT")),
        (&manager, &json!({"name": "x", "scopes": ["read"], "days": 0}), (422, "INVALID_INPUT")),
    ] {
        let (status, code) = scene.served.post("/api/v1/keys", key, body).await.problem();
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
}
