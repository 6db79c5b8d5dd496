//! One human is one approver, whatever accounts, keys and sign-ins they have.

use crate::attempts::{MACHINE, key_input};
use crate::proofs::proven;
use crate::scene::{ADDRESS, Scene, code, input};
use control::{Caller, Door, Role};
use governance::{Mode, State};
use store::{DecisionFilter, PageRequest};

/// Two accounts that turn out to be one human: `bo` stays, `ivy` becomes one of bo's names.
async fn merge(scene: &Scene, bo: &Caller, ivy: &Caller) -> Caller {
    let there = proven(&format!("{}-there", ivy.actor.id()), None);
    scene.link(ivy, &there).await.unwrap();
    scene.link(bo, &there).await.unwrap();
    scene.again(bo).await.unwrap()
}

async fn two(scene: &Scene) -> (Caller, Caller) {
    let roles = [Role::Approver, Role::Requester, Role::Admin];
    (scene.person("bo", &roles).await, scene.person("ivy", &roles).await)
}

#[tokio::test]
async fn both_had_approved_and_it_counts_once() {
    for scene in Scene::each().await {
        let (bo, ivy) = two(&scene).await;
        let id = scene.request(&scene.admin, 2).await;
        scene.control.approve(&bo, &id, None, None, None).await.unwrap();
        scene.control.approve(&ivy, &id, None, None, None).await.unwrap();
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.state, State::Approved);
        let bo = merge(&scene, &bo, &ivy).await;
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.progress.approvals_current, 1);
        assert_eq!(view.not_counted.len(), 1);
        assert_eq!(view.not_counted[0].reason.as_str(), "same_person");
        let refused = scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap_err();
        assert!(refused.to_string().contains("same person as another approver"), "{refused}");
        let page = PageRequest { limit: 10, ..PageRequest::default() };
        let rows = scene.control.list(&scene.admin, DecisionFilter::default(), &page).await.unwrap().rows;
        assert_eq!(
            (rows[0].state, rows[0].active_approvals),
            (State::PendingApproval, 1),
            "as the page says"
        );
        assert!(scene.control.inbox(&bo, &page).await.unwrap().rows.is_empty(), "they have said yes");
        assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "ALREADY_APPROVED");
        // Taking it back takes both back.
        scene.control.revoke(&bo, &id, None, None).await.unwrap();
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.progress.approvals_current, 0);
    }
}

#[tokio::test]
async fn who_asked_as_one_does_not_approve_as_the_other() {
    for scene in Scene::each().await {
        let (bo, ivy) = two(&scene).await;
        let before = scene.request(&ivy, 1).await;
        scene.control.approve(&bo, &before, None, None, None).await.unwrap();
        let later = scene.request(&ivy, 1).await;
        let bo = merge(&scene, &bo, &ivy).await;
        assert_eq!(
            code(scene.control.approve(&bo, &later, None, None, None).await),
            "SELF_APPROVAL_FORBIDDEN"
        );
        let view = scene.control.decision(&bo, &before).await.unwrap();
        assert_eq!(view.not_counted[0].reason.as_str(), "requester");
        let run = scene.control.execute(&bo, &before, None, "simulate", None).await.unwrap_err();
        assert!(run.to_string().contains("same person as the requester"), "{run}");
        let page = PageRequest { limit: 10, ..PageRequest::default() };
        assert!(scene.control.inbox(&bo, &page).await.unwrap().rows.is_empty());
        let rows = scene.control.list(&bo, DecisionFilter::default(), &page).await.unwrap().rows;
        assert!(rows.iter().all(|row| row.state == State::PendingApproval && row.active_approvals == 0));
        // Where the policy lets requesters approve, the one voice counts.
        let mut lenient = input(Mode::DryRun, 1);
        lenient.policy.forbid_self_approval = Some(false);
        let id = scene.control.request(&bo, lenient).await.unwrap().id.clone();
        scene.control.approve(&bo, &id, None, None, None).await.unwrap();
        scene.control.execute(&bo, &id, None, "simulate", None).await.unwrap();
        // What they asked for as the other they may take back.
        scene.control.withdraw(&bo, &later, None, None).await.unwrap();
    }
}

#[tokio::test]
async fn two_browsers_and_a_key_are_one_voice() {
    for scene in Scene::each().await {
        let (bo, ivy) = two(&scene).await;
        let id = scene.request(&scene.admin, 2).await;
        let bo = merge(&scene, &bo, &ivy).await;
        let (_, token) = scene.control.create_key(&bo, key_input(&MACHINE)).await.unwrap();
        let robot = scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap();
        let second_browser = scene.again(&bo).await.unwrap();
        scene.control.approve(&bo, &id, None, None, None).await.unwrap();
        assert_eq!(
            code(scene.control.approve(&second_browser, &id, None, None, None).await),
            "ALREADY_APPROVED"
        );
        assert_eq!(code(scene.control.approve(&robot, &id, None, None, None).await), "KEY_FORBIDDEN");
        // The session of the account that went, as a browser may still hold it.
        assert_eq!(code(scene.control.approve(&ivy, &id, None, None, None).await), "UNAUTHENTICATED");
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.progress.approvals_current, 1);
        let asked = scene.request(&robot, 1).await;
        assert_eq!(
            code(scene.control.approve(&bo, &asked, None, None, None).await),
            "SELF_APPROVAL_FORBIDDEN"
        );
    }
}

#[tokio::test]
async fn what_is_over_stays_as_it_was_decided() {
    for scene in Scene::each().await {
        let (bo, ivy) = two(&scene).await;
        let id = scene.request(&scene.admin, 2).await;
        scene.control.approve(&bo, &id, None, None, None).await.unwrap();
        scene.control.approve(&ivy, &id, None, None, None).await.unwrap();
        scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
        let package = scene.control.export_bundle(&scene.admin, &id).await.unwrap();
        let bo = merge(&scene, &bo, &ivy).await;
        scene.suspend(&bo, true).await;
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.state, State::Completed);
        assert_eq!((view.lifecycle.progress.approvals_current, view.not_counted.len()), (2, 0));
        assert_eq!(scene.control.export_bundle(&scene.admin, &id).await.unwrap().digest, package.digest);
    }
}

#[tokio::test]
async fn names_of_both_accounts_lead_to_one_person() {
    for scene in Scene::each().await {
        let (bo, ivy) = two(&scene).await;
        merge(&scene, &bo, &ivy).await;
        let ids = [bo.actor.id().to_owned(), ivy.actor.id().to_owned()];
        let names = scene.control.names(&scene.admin, &ids).await.unwrap();
        assert_eq!(names.values().collect::<Vec<_>>(), ["bo", "bo"]);
    }
}
