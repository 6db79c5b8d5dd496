//! What stands around a decision: who could give what is missing, what ran last, and through which doors its facts came.

use crate::attempts::{key_input, token_of};
use crate::scene::{ADDRESS, Scene, input};
use control::requests::RequestInput;
use control::view::Around;
use control::{Caller, Door, KeyScope, Role};
use governance::decide::PolicyInput;
use governance::{DecisionId, Mode};

async fn around(scene: &Scene, caller: &Caller, id: &DecisionId) -> Around {
    let view = scene.control.decision(caller, id).await.unwrap();
    scene.control.around(caller, &view).await.unwrap()
}

#[tokio::test]
async fn who_could_give_what_is_missing_is_told_by_name() {
    for scene in Scene::each().await {
        let ben = scene.person("ben", &[Role::Approver]).await;
        let cy = scene.person("cy", &[Role::Approver]).await;
        let gone = scene.person("gone", &[Role::Approver]).await;
        scene.person("dora", &[Role::Author]).await;
        scene.suspend(&gone, true).await;
        // The admin of the scene has every role, and asks: not even a key of hers could give it.
        let id = scene.request(&scene.admin, 2).await;
        let givers = around(&scene, &ben, &id).await.givers.unwrap();
        assert_eq!((givers.names.as_slice(), givers.count, givers.you), (&["cy".to_owned()][..], 2, true));
        let givers = around(&scene, &scene.admin, &id).await.givers.unwrap();
        assert_eq!((givers.names.len(), givers.you), (2, false), "the requester is none of them");

        scene.control.approve(&ben, &id, None, None, None).await.unwrap();
        let givers = around(&scene, &ben, &id).await.givers.unwrap();
        assert_eq!((givers.names.as_slice(), givers.you), (&["cy".to_owned()][..], false), "once each");
        scene.control.revoke(&ben, &id, None, None).await.unwrap();
        assert!(
            around(&scene, &ben, &id).await.givers.unwrap().you,
            "whoever took it back can give it again"
        );

        // Nobody is left.
        scene.control.approve(&ben, &id, None, None, None).await.unwrap();
        scene.suspend(&cy, true).await;
        let givers = around(&scene, &ben, &id).await.givers.unwrap();
        assert_eq!((givers.names.len(), givers.count), (0, 0));
        // Nothing is missing.
        scene.suspend(&cy, false).await;
        scene.control.approve(&scene.again(&cy).await.unwrap(), &id, None, None, None).await.unwrap();
        assert_eq!(around(&scene, &ben, &id).await.givers, None);
    }
}

#[tokio::test]
async fn who_may_not_see_people_learns_how_many_there_are() {
    for scene in Scene::each().await {
        let rita = scene.person("rita", &[Role::Requester]).await;
        for number in 0..9 {
            scene.person(&format!("approver{number}"), &[Role::Approver]).await;
        }
        let id = scene.request(&rita, 1).await;
        let givers = around(&scene, &rita, &id).await.givers.unwrap();
        assert_eq!((givers.names.len(), givers.count), (0, 10), "nine, and the admin");
        let givers = around(&scene, &scene.admin, &id).await.givers.unwrap();
        assert_eq!((givers.names.len(), givers.count), (8, 10), "no more than eight names");
    }
}

#[tokio::test]
async fn the_owner_of_a_key_that_asked_is_not_among_those_who_could_give() {
    for scene in Scene::each().await {
        let ben = scene.person("ben", &[Role::Approver]).await;
        let (_, key) = scene.control.create_key(&scene.admin, key_input(&[KeyScope::Request])).await.unwrap();
        let robot = scene.control.key_caller(&key, Door::Mcp, ADDRESS).await.unwrap();
        let id = scene.request(&robot, 1).await;
        assert!(control::around::asked_by_a_machine(&scene.load(&id).await));
        let cy = scene.person("cy", &[Role::Author]).await;
        assert_eq!(around(&scene, &cy, &id).await.givers.unwrap().names, ["ben"]);
        assert!(around(&scene, &ben, &id).await.givers.unwrap().you);
    }
}

fn goal(goal: &str, plan: &str, template: Option<&str>) -> RequestInput {
    let policy = PolicyInput { min_approvals: Some(1), ..PolicyInput::default() };
    let (goal, plan, template) = (goal.to_owned(), Some(plan.to_owned()), template.map(str::to_owned));
    RequestInput { goal, plan, template, policy, ..input(Mode::DryRun, 1) }
}

#[tokio::test]
async fn the_last_run_of_the_same_goal_is_found_and_else_that_of_the_template() {
    for scene in Scene::each().await {
        let ben = scene.person("ben", &[Role::Approver]).await;
        let rita = scene.person("rita", &[Role::Requester]).await;
        let policy = PolicyInput { min_approvals: Some(1), ..PolicyInput::default() };
        scene.control.create_template(&scene.admin, "weekly", "", policy).await.unwrap();
        let mut done = Vec::new();
        for (what, template) in [("rotate", None), ("rotate", None), ("restart", Some("weekly"))] {
            scene.clock.advance(1);
            let asked = scene.control.request(&scene.admin, goal(what, "one", template)).await.unwrap();
            scene.control.approve(&ben, &asked.id, None, None, None).await.unwrap();
            scene.control.execute(&scene.admin, &asked.id, None, "simulate", None).await.unwrap();
            done.push(asked.id.clone());
        }
        scene.clock.advance(1);
        for (asked, found) in [
            (goal("rotate", "two", None), Some((&done[1], true))),
            (goal("rotate", "two", Some("weekly")), Some((&done[1], true))),
            (goal("replace", "two", Some("weekly")), Some((&done[2], false))),
            (goal("replace", "two", None), None),
        ] {
            let id = scene.control.request(&scene.admin, asked).await.unwrap().id.clone();
            let earlier = around(&scene, &ben, &id).await.earlier;
            let earlier = earlier.as_ref().map(|one| (&one.decision.id, one.same_goal));
            assert_eq!(earlier, found);
        }
        // An earlier one has nothing after it, and nobody learns of what they may not see.
        assert!(around(&scene, &ben, &done[0]).await.earlier.is_none());
        let hers = scene.control.request(&rita, goal("rotate", "three", None)).await.unwrap().id.clone();
        assert!(around(&scene, &rita, &hers).await.earlier.is_none());
        assert!(around(&scene, &ben, &hers).await.earlier.is_some());
    }
}

#[tokio::test]
async fn every_door_is_noted_beside_what_came_through_it_and_not_in_it() {
    for scene in Scene::each().await {
        let ben = scene.person("ben", &[Role::Approver]).await;
        let (caller, token) = token_of(&scene, &scene.admin, &[KeyScope::Request]).await;
        let mut seen = Vec::new();
        for door in [Door::Web, Door::Api, Door::Client, Door::Mcp] {
            let by = match door {
                Door::Web => scene.admin.clone(),
                other => scene.control.key_caller(&token, other, ADDRESS).await.unwrap(),
            };
            let id = scene.request(&by, 1).await;
            let doors = around(&scene, &ben, &id).await.doors;
            assert_eq!(doors.len(), 2, "both facts of a request");
            seen.push(doors[&0].clone());
            let bundle = scene.control.export_bundle(&scene.admin, &id).await.unwrap().json;
            assert!(!bundle.contains("\"door\""), "evidence has the form that it always had");
        }
        assert_eq!(seen, ["web", "api", "cli", "mcp"]);
        assert_eq!(caller.door, Door::Api);

        // A run's end is the server's own: no door.
        let id = scene.request(&scene.admin, 1).await;
        scene.control.approve(&ben, &id, None, None, None).await.unwrap();
        scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
        let doors = around(&scene, &ben, &id).await.doors;
        assert_eq!(doors.keys().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);

        // Nor has evidence from elsewhere one.
        let bundle = scene.control.export_bundle(&scene.admin, &id).await.unwrap().json;
        let brought = scene.control.import_bundle(&scene.admin, &bundle, "reject_on_conflict").await;
        let brought = match brought {
            Ok(brought) => brought,
            Err(_) => scene.control.import_bundle(&scene.admin, &bundle, "new_decision_id").await.unwrap(),
        };
        assert!(around(&scene, &ben, &brought.decision_id).await.doors.is_empty());
    }
}
