//! Coming in: set-up once, sign-in throttled, suspension at once, and always one admin left.

use crate::scene::{ADDRESS, PASSWORD, Scene, code, open};
use control::access::{Entered, SetupInput};
use control::{Entrance, Error, Role};
use governance::workspace_log::ActKind;
use tokio::task::JoinSet;

fn set_up() -> SetupInput {
    SetupInput {
        workspace: "W".to_owned(),
        name: "Eve".to_owned(),
        email: " Eve@Example.com ".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

#[tokio::test]
async fn the_set_up_link_works_once_and_only_while_nobody_is_there() {
    let scene = Scene::new().await;
    assert!(scene.control.issue_setup_token().await.unwrap().is_none());
    let refused = scene.control.redeem_setup("guess", set_up(), ADDRESS).await;
    assert_eq!(code(refused), "INVALID_INPUT");

    let folder = tempfile::tempdir().unwrap();
    let control = open(&folder, &scene.clock, Vec::new()).await;
    let old = control.issue_setup_token().await.unwrap().unwrap();
    let token = control.issue_setup_token().await.unwrap().unwrap();
    assert_eq!(code(control.redeem_setup(&old, set_up(), ADDRESS).await), "INVALID_INPUT", "replaced");
    let eve = control.redeem_setup(&token, set_up(), ADDRESS).await.unwrap();
    let caller =
        control.caller(&eve.workspace, &eve.person_id, Entrance::web(ADDRESS, control.now())).await.unwrap();
    assert_eq!((caller.actor.id(), caller.roles.len()), ("eve@example.com", Role::ALL.len()));
    assert_eq!(code(control.redeem_setup(&token, set_up(), ADDRESS).await), "INVALID_INPUT", "used");
    let log = control.store().whole_workspace_log(&eve.workspace).await.unwrap();
    let kinds: Vec<_> = log.iter().map(|entry| entry.act_kind().unwrap()).collect();
    assert_eq!(kinds, [ActKind::WorkspaceCreated, ActKind::PersonJoined]);
}

#[tokio::test]
async fn a_set_up_link_expires() {
    let scene = Scene::new().await;
    let folder = tempfile::tempdir().unwrap();
    let control = open(&folder, &scene.clock, Vec::new()).await;
    let token = control.issue_setup_token().await.unwrap().unwrap();
    scene.clock.advance(control::access::SETUP_SECONDS);
    assert_eq!(code(control.redeem_setup(&token, set_up(), ADDRESS).await), "INVALID_INPUT");
    assert!(!control.store().has_people().await.unwrap(), "nothing of it happened");
}

#[tokio::test]
async fn signing_in_takes_the_right_password_and_patience_after_failures() {
    let scene = Scene::new().await;
    let right = || scene.control.sign_in(" ADA@example.com ", PASSWORD, "10.0.0.1");
    match right().await.unwrap() {
        Entered::SignedIn(signed_in) => {
            assert_eq!(signed_in.person_id, scene.admin.person);
            assert_eq!(signed_in.workspace, scene.admin.workspace);
            assert_eq!(signed_in.vouched, None);
        }
        Entered::SecondFactor(_) => panic!("nobody set one up"),
    }
    for _ in 0..5 {
        let wrong = scene.control.sign_in("ada@example.com", "wrong", "10.0.0.1").await;
        assert!(matches!(wrong, Err(Error::Credentials)));
    }
    assert!(matches!(right().await, Err(Error::Throttled { .. })));
    scene.clock.advance(15 * 60 + 1);
    right().await.unwrap();
    let nobody = scene.control.sign_in("nobody@example.com", PASSWORD, "10.0.0.1").await;
    assert!(matches!(nobody, Err(Error::Credentials)));
}

#[tokio::test]
async fn proving_oneself_again_takes_ones_own_password_and_keeps_the_workspace() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("aaa-first-by-name").await;
    let here = scene.person("bo", &[Role::Approver]).await;
    scene.also(&other.workspace, &here, &[Role::Approver]).await;
    match scene.control.sign_in_again(&here, PASSWORD).await.unwrap() {
        Entered::SignedIn(again) => assert_eq!(again.workspace, here.workspace),
        Entered::SecondFactor(_) => panic!("nobody set one up"),
    }
    for _ in 0..5 {
        assert!(matches!(scene.control.sign_in_again(&here, "wrong").await, Err(Error::Credentials)));
    }
    assert_eq!(code(scene.control.sign_in_again(&here, PASSWORD).await), "THROTTLED");
}

#[tokio::test]
async fn without_local_accounts_no_password_is_asked_for_or_taken() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let control = scene.control.clone().with_local_accounts(false);
    let long = "a much longer one";
    assert_eq!(code(control.sign_in("ada@example.com", PASSWORD, ADDRESS).await), "LOCAL_ACCOUNTS_OFF");
    assert_eq!(code(control.sign_in_again(&scene.admin, PASSWORD).await), "LOCAL_ACCOUNTS_OFF");
    assert_eq!(code(control.change_password(&scene.admin, PASSWORD, long, None).await), "LOCAL_ACCOUNTS_OFF");
    assert_eq!(code(control.reset_password(&scene.admin, &bo.person, long).await), "LOCAL_ACCOUNTS_OFF");
    // Who is in stays in.
    control.people(&scene.again(&scene.admin).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn suspension_and_lost_roles_hold_at_the_next_call() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    scene.suspend(&bo, true).await;
    assert!(matches!(scene.again(&bo).await, Err(Error::Unauthenticated)));
    let wrong = scene.control.sign_in("bo@example.com", PASSWORD, "10.0.0.1").await;
    assert!(matches!(wrong, Err(Error::Credentials)), "as if there were no such account");
    // A call that had begun before is refused as well when it comes to write.
    let id = scene.request(&scene.admin, 1).await;
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "UNAUTHENTICATED");
    scene.suspend(&bo, false).await;
    scene.control.set_roles(&scene.admin, &bo.person, &[Role::Auditor]).await.unwrap();
    assert_eq!(scene.again(&bo).await.unwrap().roles, [Role::Auditor]);
    assert_eq!(code(scene.control.approve(&bo, &id, None, None, None).await), "FORBIDDEN");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let scene = Scene::new().await;
    let ada = scene.admin.person.clone();
    assert!(scene.control.set_suspended(&scene.admin, &ada, true).await.is_err());
    assert!(scene.control.set_roles(&scene.admin, &ada, &[Role::Auditor]).await.is_err());
    let bea = scene.person("bea", &[Role::Admin]).await;
    scene.suspend(&bea, true).await;
    assert!(scene.control.set_roles(&scene.admin, &ada, &[Role::Auditor]).await.is_err(), "she is out");
    scene.suspend(&bea, false).await;
    scene.control.set_roles(&scene.admin, &ada, &[Role::Auditor]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_admins_who_demote_each_other_at_once_one_stays() {
    for scene in Scene::each().await {
        let bea = scene.person("bea", &[Role::Admin]).await;
        let ada = scene.admin.clone();
        for round in 0..20 {
            let mut acts = JoinSet::new();
            for (one, other) in [(&ada, &bea), (&bea, &ada)] {
                let (control, one, other) = (scene.control.clone(), one.clone(), other.person.clone());
                let suspend = round % 2 == 0;
                acts.spawn(async move {
                    if suspend {
                        control.set_suspended(&one, &other, true).await
                    } else {
                        control.set_roles(&one, &other, &[Role::Auditor]).await
                    }
                });
            }
            let done = acts.join_all().await.into_iter().flatten().count();
            assert_eq!(done, 1, "round {round}");
            let people = scene.control.store().people(&ada.workspace).await.unwrap();
            let left: Vec<_> = people
                .iter()
                .filter(|person| !person.suspended && person.roles.contains(&"admin".to_owned()))
                .collect();
            assert_eq!(left.len(), 1, "round {round}");
            let last = scene.call(&ada.workspace, &left[0].id).await.unwrap();
            for person in [&ada.person, &bea.person] {
                scene.control.set_suspended(&last, person, false).await.unwrap();
                scene.control.set_roles(&last, person, &Role::ALL).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn passwords_are_long_enough_and_changed_only_by_who_knows_them() {
    let scene = Scene::new().await;
    let wrong = scene.control.change_password(&scene.admin, "wrong", "a much longer one", None).await;
    assert!(matches!(wrong, Err(Error::Invalid { field: "current", .. })));
    let short = scene.control.change_password(&scene.admin, PASSWORD, "short", None).await;
    assert!(matches!(short, Err(Error::Invalid { field: "password", .. })));
    scene.control.change_password(&scene.admin, PASSWORD, "a much longer one", None).await.unwrap();
    scene.control.sign_in("ada@example.com", "a much longer one", "10.0.0.1").await.unwrap();
    assert_eq!(
        code(scene.control.sign_in("ada@example.com", PASSWORD, "10.0.0.2").await),
        "WRONG_CREDENTIALS"
    );
    let people = scene.control.people(&scene.admin).await.unwrap();
    assert!(people.iter().all(|person| person.password_hash.is_none()));
}

#[tokio::test]
async fn throttling_counts_by_account_from_anywhere_and_by_address_for_anyone() {
    let scene = Scene::new().await;
    for address in ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"] {
        assert_eq!(
            code(scene.control.sign_in("ada@example.com", "wrong", address).await),
            "WRONG_CREDENTIALS"
        );
    }
    assert_eq!(code(scene.control.sign_in("ada@example.com", PASSWORD, "10.0.0.6").await), "THROTTLED");
    scene.person("bo", &[Role::Approver]).await;
    scene.control.sign_in("bo@example.com", PASSWORD, "10.0.0.1").await.unwrap();
}
