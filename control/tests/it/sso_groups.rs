//! What a provider's groups give, and take: at every sign-in, and never what was given by hand.

use crate::proofs::{in_groups, proven, with_rules};
use crate::scene::{Scene, code};
use control::Role;
use control::access::attempt::Purpose;
use control::access::sso::{Proven, Provider};
use governance::workspace_log::ActKind;
use governance::{Value, WorkspaceId};

const EMAIL: Option<&str> = Some("ivy@example.com");

fn approvers() -> Provider {
    with_rules(&[
        ("approvers", &[Role::Approver, Role::Requester], None),
        ("auditors", &[Role::Auditor], None),
        ("admins", &[Role::Admin], None),
    ])
}

#[tokio::test]
async fn groups_give_roles_and_take_them_at_the_next_sign_in() {
    let scene = Scene::new().await;
    let sign_in = |groups: &'static [&'static str]| {
        let claims = in_groups("ivy", EMAIL, groups);
        let scene = &scene;
        async move { scene.through(&approvers(), &claims, &Purpose::SignIn).await }
    };
    let ivy = sign_in(&["approvers", "staff"]).await.unwrap();
    let caller = scene.call(&ivy.workspace, &ivy.person_id).await.unwrap();
    assert_eq!(caller.roles, [Role::Approver, Role::Requester]);
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&caller, &id, None, None, None).await.unwrap();

    sign_in(&["auditors"]).await.unwrap();
    assert_eq!(scene.again(&caller).await.unwrap().roles, [Role::Auditor]);
    let run = scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap_err();
    assert!(run.to_string().contains("no longer has the approver role"), "{run}");

    for groups in [&["staff"][..], &[], &["Auditors"], &["auditors "]] {
        let claims = in_groups("ivy", EMAIL, groups);
        assert_eq!(code(scene.through(&approvers(), &claims, &Purpose::SignIn).await), "SSO_NO_ROLE");
        assert_eq!(code(scene.again(&caller).await), "UNAUTHENTICATED", "another session ends with the role");
    }
    sign_in(&["approvers"]).await.unwrap();
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
}

#[tokio::test]
async fn what_was_given_by_hand_stays() {
    let scene = Scene::new().await;
    let both = in_groups("ivy", EMAIL, &["approvers"]);
    let ivy = scene.through(&approvers(), &both, &Purpose::SignIn).await.unwrap();
    scene.control.set_roles(&scene.admin, &ivy.person_id, &[Role::Author, Role::Approver]).await.unwrap();
    let caller = scene.call(&ivy.workspace, &ivy.person_id).await.unwrap();
    let mut roles = caller.roles.clone();
    roles.sort();
    assert_eq!(roles, [Role::Requester, Role::Approver, Role::Author]);
    scene.through(&approvers(), &proven("ivy", EMAIL), &Purpose::SignIn).await.unwrap();
    let mut roles = scene.again(&caller).await.unwrap().roles;
    roles.sort();
    assert_eq!(roles, [Role::Approver, Role::Author]);
    // And what groups give is not taken by hand.
    scene.through(&approvers(), &both, &Purpose::SignIn).await.unwrap();
    scene.control.set_roles(&scene.admin, &ivy.person_id, &[]).await.unwrap();
    assert!(scene.again(&caller).await.unwrap().roles.contains(&Role::Approver));
}

#[tokio::test]
async fn only_a_difference_is_written_and_the_log_says_whose_groups_it_was() {
    let scene = Scene::new().await;
    let claims = in_groups("ivy", EMAIL, &["approvers", "auditors"]);
    scene.through(&approvers(), &claims, &Purpose::SignIn).await.unwrap();
    let log = scene.log(&scene.admin.workspace).await;
    let last = log.last().unwrap();
    assert_eq!((last.act_kind(), last.actor.id()), (Some(ActKind::RolesChanged), "sso:corp"));
    assert_eq!((last.door.as_str(), last.about()), ("sso", "ivy@example.com"));
    assert_eq!(last.before(), &Value::Null);
    let after = governance::canonical::to_string(last.after());
    assert!(after.contains("corp") && after.contains("approver") && after.contains("auditor"), "{after}");
    for _ in 0..3 {
        scene.through(&approvers(), &claims, &Purpose::SignIn).await.unwrap();
    }
    assert_eq!(scene.log(&scene.admin.workspace).await.len(), log.len());
}

#[tokio::test]
async fn a_rule_without_a_workspace_gives_nothing_where_there_are_two() {
    let scene = Scene::new().await;
    let claims = in_groups("ivy", EMAIL, &["admins"]);
    let ivy = scene.through(&approvers(), &claims, &Purpose::SignIn).await.unwrap();
    let other = scene.elsewhere("other").await;
    assert_eq!(code(scene.through(&approvers(), &claims, &Purpose::SignIn).await), "SSO_NO_ROLE");
    assert_eq!(code(scene.call(&ivy.workspace, &ivy.person_id).await), "UNAUTHENTICATED");
    let jo = in_groups("jo", Some("jo@example.com"), &["admins"]);
    assert_eq!(code(scene.through(&approvers(), &jo, &Purpose::SignIn).await), "SSO_NO_ROLE");
    for workspace in [&scene.admin, &other] {
        let people = scene.control.people(workspace).await.unwrap();
        assert!(people.iter().all(|person| person.actor_id != "jo@example.com"), "in neither");
    }
    let nowhere = WorkspaceId::new("wsp_none").unwrap();
    let rules = with_rules(&[
        ("admins", &[Role::Auditor], Some(&other.workspace)),
        ("admins", &[Role::Admin], Some(&nowhere)),
    ]);
    let signed_in = scene.through(&rules, &jo, &Purpose::SignIn).await.unwrap();
    assert_eq!(signed_in.workspace, other.workspace);
    let caller = scene.call(&other.workspace, &signed_in.person_id).await.unwrap();
    assert_eq!(caller.roles, [Role::Auditor]);
}

#[tokio::test]
async fn groups_let_nobody_in_who_is_suspended() {
    let scene = Scene::new().await;
    let claims = in_groups("ivy", EMAIL, &["approvers"]);
    let ivy = scene.through(&approvers(), &claims, &Purpose::SignIn).await.unwrap();
    scene.control.set_suspended(&scene.admin, &ivy.person_id, true).await.unwrap();
    assert_eq!(code(scene.through(&approvers(), &claims, &Purpose::SignIn).await), "SSO_NO_ROLE");
    let more = in_groups("ivy", EMAIL, &["approvers", "admins"]);
    assert_eq!(code(scene.through(&approvers(), &more, &Purpose::SignIn).await), "SSO_NO_ROLE");
    assert_eq!(code(scene.call(&ivy.workspace, &ivy.person_id).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn one_providers_groups_take_nothing_that_another_ones_gave() {
    let scene = Scene::new().await;
    let ivy = scene
        .through(&approvers(), &in_groups("ivy", EMAIL, &["approvers"]), &Purpose::SignIn)
        .await
        .unwrap();
    let second = |groups: &[&str]| Proven {
        issuer: "https://second.example".to_owned(),
        ..in_groups("ivy", EMAIL, groups)
    };
    let other = Provider { name: "second".to_owned(), ..approvers() };
    let link = Purpose::Link(ivy.person_id.to_string());
    scene.through(&other, &second(&["auditors"]), &link).await.unwrap();
    let roles = || async {
        let mut roles = scene.call(&ivy.workspace, &ivy.person_id).await.unwrap().roles;
        roles.sort();
        roles
    };
    assert_eq!(roles().await, [Role::Requester, Role::Approver, Role::Auditor]);
    scene.through(&other, &second(&[]), &Purpose::SignIn).await.unwrap();
    assert_eq!(roles().await, [Role::Requester, Role::Approver]);
}
