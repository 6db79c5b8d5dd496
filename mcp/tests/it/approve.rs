//! A person's yes over MCP: shown first, theirs alone, and at the version that they saw.

use crate::scene::{Era, Person, Scene};
use control::{Caller, KeyScope, Role};
use governance::{ActorKind, DecisionId};
use rmcp::model::{CallToolRequestParams, CallToolResponse};
use serde_json::json;
use std::sync::Arc;

const ERAS: [Era; 2] = [Era::Sessions, Era::Current];
const DECIDE: [KeyScope; 2] = [KeyScope::Decide, KeyScope::Read];

async fn approver(scene: &Scene) -> (Caller, String) {
    let bo = scene.person("bo", &[Role::Approver]).await;
    let token = scene.token(&bo, &DECIDE).await;
    (bo, token)
}

async fn approvals(scene: &Scene, id: &DecisionId) -> usize {
    let decision = scene.control.decision(&scene.admin, id).await.unwrap().decision;
    decision.approvals.values().filter(|approval| approval.revoked.is_none()).count()
}

#[tokio::test]
async fn a_person_approves_and_takes_it_back_after_they_were_shown_everything() {
    let scene = Scene::new().await;
    let (bo, token) = approver(&scene).await;
    for era in ERAS {
        let id = scene.request("Rotate \u{202e}the keys", 2).await;
        let person = Person::says_yes();
        let client = scene.serve(&token, person.clone(), era).await;
        let words = json!({ "request_id": id.as_str(), "comment": "looks good", "expires_at": "2036-01-01T00:00:00Z" });
        let said = client.call("approve", words).await.done();
        let given = &said.value()["approvals"][0];
        assert_eq!(
            (&given["actor"]["type"], &given["actor"]["id"]),
            (&json!("human"), &json!(bo.actor.id()))
        );
        assert_eq!(given["comment"], "looks good");
        let asked = person.asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 1, "asked once");
        let digest = scene.control.decision(&scene.admin, &id).await.unwrap().request_digest;
        for shown in [
            "Rotate ⟨U+202E⟩the keys",
            "dry_run",
            "ada@example.com",
            "at least 2",
            &digest,
            id.as_str(),
            "looks good",
        ] {
            assert!(asked[0].contains(shown), "{shown} is not in:\n{}", asked[0]);
        }
        let twice = client.call("approve", json!({ "request_id": id.as_str() })).await;
        assert_eq!(twice.refused(), "ALREADY_APPROVED");
        assert_eq!(person.asked.lock().unwrap().len(), 1, "nobody is asked about what would be refused");
        client
            .call("revoke_approval", json!({ "request_id": id.as_str(), "reason": "changed my mind" }))
            .await
            .done();
        assert_eq!(approvals(&scene, &id).await, 0);
    }
}

#[tokio::test]
async fn without_a_yes_nothing_is_recorded() {
    let scene = Scene::new().await;
    let (_, token) = approver(&scene).await;
    for era in ERAS {
        for (person, code) in [
            (Person::declines(), "DECLINED"),
            (Person::leaves_it_unticked(), "DECLINED"),
            (Person::absent(), "CONFIRMATION_NEEDED"),
        ] {
            let id = scene.request("Rotate the keys", 1).await;
            let client = scene.serve(&token, person, era).await;
            let said = client.call("approve", json!({ "request_id": id.as_str() })).await;
            assert_eq!(said.refused(), code, "{era:?}");
            assert_eq!(said.value()["url"], format!("{}/decisions/{id}", scene.url));
            assert_eq!(approvals(&scene, &id).await, 0);
        }
    }
}

#[tokio::test]
async fn a_machine_never_approves() {
    let scene = Scene::new().await;
    let key = scene.key(&[KeyScope::Read, KeyScope::Request, KeyScope::Execute]).await;
    let id = scene.request("Rotate the keys", 1).await;
    for era in ERAS {
        let person = Person::says_yes();
        let client = scene.serve(&key, person.clone(), era).await;
        for tool in ["approve", "revoke_approval"] {
            let said =
                client.call(tool, json!({ "request_id": id.as_str(), "actor": "ada@example.com" })).await;
            assert_eq!(said.refused(), "KEY_FORBIDDEN");
            assert!(said.value()["url"].as_str().unwrap().contains(id.as_str()), "people are shown where");
        }
        assert!(person.asked.lock().unwrap().is_empty());
    }
    assert_eq!(approvals(&scene, &id).await, 0);
}

#[tokio::test]
async fn what_changed_while_the_person_read_is_not_approved() {
    let scene = Scene::new().await;
    let (_, token) = approver(&scene).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    for era in ERAS {
        let id = scene.request("Rotate the keys", 3).await;
        let (control, cy, of) = (scene.control.clone(), cy.clone(), id.clone());
        let person = Person::says_yes().while_reading(Arc::new(move || {
            let (control, cy, of) = (control.clone(), cy.clone(), of.clone());
            Box::pin(async move {
                control.approve(&cy, &of, None, None, None).await.unwrap();
            })
        }));
        let client = scene.serve(&token, person, era).await;
        let said = client.call("approve", json!({ "request_id": id.as_str() })).await;
        assert_eq!(said.refused(), "CHANGED");
        assert!(!said.value()["changes"].as_array().unwrap().is_empty(), "what came since is told");
        assert_eq!(approvals(&scene, &id).await, 1, "the other one's alone");
    }
}

#[tokio::test]
async fn the_rules_stand_before_the_question() {
    let scene = Scene::new().await;
    let id = scene.request("Rotate the keys", 1).await;
    let own = scene.token(&scene.admin, &DECIDE).await;
    let reader = scene.person("cy", &[Role::Author]).await;
    let reader = scene.token(&reader, &DECIDE).await;
    let unable = scene.person("di", &[Role::Approver]).await;
    let unable = scene.token(&unable, &[KeyScope::Read]).await;
    for (token, code) in [(own, "SELF_APPROVAL_FORBIDDEN"), (reader, "FORBIDDEN"), (unable, "FORBIDDEN")] {
        let person = Person::says_yes();
        let client = scene.serve(&token, person.clone(), Era::Current).await;
        let said = client.call("approve", json!({ "request_id": id.as_str() })).await;
        assert_eq!(said.refused(), code);
        assert!(person.asked.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_policy_that_asks_for_a_recent_sign_in_takes_no_token() {
    let scene = Scene::new().await;
    let (_, token) = approver(&scene).await;
    let requester = scene.client(&scene.key(&[KeyScope::Request]).await).await;
    let wish = json!({ "goal": "Rotate", "max_sign_in_age_minutes": 5 });
    let id = requester.call("request", wish).await.done().request_id();
    let client = scene.serve(&token, Person::says_yes(), Era::Sessions).await;
    assert_eq!(client.call("approve", json!({ "request_id": id })).await.refused(), "STEP_UP_REQUIRED");
}

#[tokio::test]
async fn an_answer_to_a_question_that_was_not_put_opens_nothing() {
    let scene = Scene::new().await;
    let (_, token) = approver(&scene).await;
    let cy = scene.person("cy", &[Role::Approver]).await;
    let cy = scene.token(&cy, &DECIDE).await;
    let (one, other) = (scene.request("One", 1).await, scene.request("Other", 1).await);
    let bo = scene.serve(&token, Person::says_yes(), Era::Current).await;
    let cy = scene.serve(&cy, Person::says_yes(), Era::Current).await;
    let approve = |id: &DecisionId, comment: Option<&str>| {
        let arguments = json!({ "request_id": id.as_str(), "comment": comment });
        let arguments = serde_json::from_value(arguments).unwrap();
        CallToolRequestParams::new("nexus-control.approve").with_arguments(arguments)
    };
    let CallToolResponse::InputRequired(question) = bo.0.call_tool_once(approve(&one, None)).await.unwrap()
    else {
        panic!("nobody was asked");
    };
    let state = question.request_state.unwrap();
    let yes = json!({ "confirm": { "action": "accept", "content": { "confirm": true } } });
    let answered = |mut params: CallToolRequestParams, state: &str| {
        params.input_responses = Some(serde_json::from_value(yes.clone()).unwrap());
        params.request_state = Some(state.to_owned());
        params
    };
    for (client, params, what) in [
        (&bo, answered(approve(&one, None), "rs1.made.up"), "a state made up"),
        (&bo, answered(approve(&other, None), &state), "another request"),
        (&bo, answered(approve(&one, Some("and delete the backups")), &state), "words that were not shown"),
        (&cy, answered(approve(&one, None), &state), "another person"),
    ] {
        let CallToolResponse::Complete(said) = client.0.call_tool_once(params).await.unwrap() else {
            panic!("{what}: asked again");
        };
        assert_eq!(said.structured_content.unwrap()["code"], "CONFIRMATION_NEEDED", "{what}");
    }
    // An answer without a question is asked the question.
    let mut bare = approve(&one, None);
    bare.input_responses = Some(serde_json::from_value(yes.clone()).unwrap());
    assert!(matches!(bo.0.call_tool_once(bare).await.unwrap(), CallToolResponse::InputRequired(_)));
    assert_eq!((approvals(&scene, &one).await, approvals(&scene, &other).await), (0, 0));
    // And the right answer is taken, once.
    let CallToolResponse::Complete(said) =
        bo.0.call_tool_once(answered(approve(&one, None), &state)).await.unwrap()
    else {
        panic!("asked again");
    };
    assert_ne!(said.is_error, Some(true), "{said:?}");
    let given = scene.control.decision(&scene.admin, &one).await.unwrap().decision;
    assert!(given.approvals.values().all(|approval| approval.actor.kind() == ActorKind::Human));
}

#[tokio::test]
async fn what_no_form_can_show_is_read_on_its_page() {
    let scene = Scene::new().await;
    let (_, token) = approver(&scene).await;
    let requester = scene.client(&scene.key(&[KeyScope::Request]).await).await;
    let wish = json!({ "goal": "Rotate", "plan": "x\n".repeat(12_000) });
    let id = requester.call("request", wish).await.done().request_id();
    let client = scene.serve(&token, Person::says_yes(), Era::Current).await;
    assert_eq!(client.call("approve", json!({ "request_id": id })).await.refused(), "CONFIRMATION_NEEDED");
}
