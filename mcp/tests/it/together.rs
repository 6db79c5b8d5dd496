//! Many at once.

use crate::scene::{Era, Person, Scene};
use control::{KeyScope, Role};
use governance::DecisionId;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

const CLIENTS: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_clients_each_run_exactly_once() {
    let scene = Arc::new(Scene::new().await);
    // Of four people: one alone may not have that many waits open.
    let mut keys = Vec::new();
    for name in ["ida", "jon", "kim", "leo"] {
        let person = scene.person(name, &Role::ALL).await;
        keys.push(scene.token(&person, &[KeyScope::Request, KeyScope::Execute, KeyScope::Read]).await);
    }
    let bo = scene.person("bo", &[Role::Approver]).await;
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let (scene, key, bo) = (scene.clone(), keys[number % keys.len()].clone(), bo.clone());
        clients.spawn(async move {
            let era = if number % 2 == 0 { Era::Sessions } else { Era::Current };
            let client = scene.serve(&key, Person::absent(), era).await;
            let wish =
                json!({ "goal": format!("run {number}"), "mode": "apply", "allowed_modes": ["apply"] });
            let id = client.call("request", wish).await.done().request_id();
            let decision = DecisionId::new(id.as_str()).unwrap();
            let (control, waiting) =
                (scene.control.clone(), json!({ "request_id": id, "timeout_seconds": 55 }));
            let (approved, waited) = tokio::join!(
                async { control.approve(&bo, &decision, None, None, None).await },
                client.call("wait", waiting)
            );
            approved.unwrap();
            assert_eq!(waited.done().value()["waited"], "met");
            let wish = json!({ "request_id": id, "adapter_id": "counter" });
            // Both get the outcome of the one run, or are told that it ran.
            let (first, second) =
                tokio::join!(client.call("execute", wish.clone()), client.call("execute", wish));
            let states: Vec<String> = [&first, &second]
                .iter()
                .filter(|said| said.0.is_error != Some(true))
                .map(|said| said.value()["lifecycle"]["state"].as_str().unwrap().to_owned())
                .collect();
            assert!(
                !states.is_empty() && states.iter().all(|state| state == "completed"),
                "{first:?} {second:?}"
            );
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    let runs = scene.counter.runs.lock().unwrap().clone();
    assert_eq!(runs.len(), CLIENTS, "exactly one run each");
    assert_eq!(runs.into_iter().collect::<BTreeSet<_>>().len(), CLIENTS);
}
