//! Coming in: set-up once, sign-in throttled, suspension at once, and always one admin left.

use crate::scene::{PASSWORD, Scene};
use control::access::SetupInput;
use control::{Door, Error, Role};

#[tokio::test]
async fn the_set_up_link_works_once_and_only_while_nobody_is_there() {
    let scene = Scene::new().await;
    assert!(scene.control.issue_setup_token().await.unwrap().is_none());
    let input = SetupInput {
        workspace: "W".to_owned(),
        name: "Eve".to_owned(),
        email: "eve@example.com".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let refused = scene.control.redeem_setup("guess", input).await;
    assert_eq!(refused.unwrap_err().code(), "INVALID_INPUT");
}

#[tokio::test]
async fn signing_in_takes_the_right_password_and_patience_after_failures() {
    let scene = Scene::new().await;
    let signed_in = scene.control.sign_in(" ADA@example.com ", PASSWORD, "10.0.0.1").await.unwrap();
    assert_eq!(Some(signed_in.person_id), scene.admin.person);
    for _ in 0..5 {
        let wrong = scene.control.sign_in("ada@example.com", "wrong", "10.0.0.1").await;
        assert!(matches!(wrong, Err(Error::Credentials)));
    }
    let throttled = scene.control.sign_in("ada@example.com", PASSWORD, "10.0.0.1").await;
    assert!(matches!(throttled, Err(Error::Throttled { .. })));
    scene.clock.advance(15 * 60 + 1);
    scene.control.sign_in("ada@example.com", PASSWORD, "10.0.0.1").await.unwrap();
    let nobody = scene.control.sign_in("nobody@example.com", PASSWORD, "10.0.0.1").await;
    assert!(matches!(nobody, Err(Error::Credentials)));
}

#[tokio::test]
async fn suspension_and_lost_roles_hold_at_the_next_call() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = bo.person.clone().unwrap();
    scene.control.set_suspended(&scene.admin, &id, true).await.unwrap();
    let gone = scene.control.caller(&bo.workspace, &id, Door::Web).await;
    assert!(matches!(gone, Err(Error::Unauthenticated)));
    let wrong = scene.control.sign_in("bo@example.com", PASSWORD, "10.0.0.1").await;
    assert!(matches!(wrong, Err(Error::Credentials)));
    scene.control.set_suspended(&scene.admin, &id, false).await.unwrap();
    scene.control.set_roles(&scene.admin, &id, &[Role::Auditor]).await.unwrap();
    let bo = scene.control.caller(&bo.workspace, &id, Door::Web).await.unwrap();
    assert_eq!(bo.roles, [Role::Auditor]);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let scene = Scene::new().await;
    let ada = scene.admin.person.clone().unwrap();
    assert!(scene.control.set_suspended(&scene.admin, &ada, true).await.is_err());
    assert!(scene.control.set_roles(&scene.admin, &ada, &[Role::Auditor]).await.is_err());
    scene.person("bea", &[Role::Admin]).await;
    scene.control.set_roles(&scene.admin, &ada, &[Role::Auditor]).await.unwrap();
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
    let people = scene.control.people(&scene.admin).await.unwrap();
    assert!(people.iter().all(|person| person.password_hash.is_none()));
}
