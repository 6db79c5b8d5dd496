//! Invitations: one link, one person, one use, for a week.

use crate::attempts::invitation;
use crate::proofs::{corp, proven};
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::access::attempt::Purpose;
use control::access::invitation::{INVITATION_SECONDS, Invitation};
use control::{Error, Role};
use governance::workspace_log::ActKind;
use tokio::task::JoinSet;

fn whom(email: &str, roles: &[Role]) -> Invitation {
    Invitation { email: email.to_owned(), name: "Ivy".to_owned(), roles: roles.to_vec() }
}

#[tokio::test]
async fn an_invitation_says_what_it_is_and_gives_what_it_says() {
    let scene = Scene::new().await;
    let roles = [Role::Approver, Role::Auditor];
    let (record, token) =
        scene.control.invite(&scene.admin, whom(" Ivy@Example.com ", &roles)).await.unwrap();
    assert_ne!(record.token_hash, token);
    for _ in 0..3 {
        // Mail scanners open links.
        let said = scene.control.invited(&token).await.unwrap();
        assert_eq!((said.email.as_str(), said.workspace.as_str()), ("ivy@example.com", "Northwind"));
        assert_eq!(
            (said.roles.as_slice(), said.local),
            (&["approver".to_owned(), "auditor".to_owned()][..], true)
        );
    }
    let ivy = scene.control.join_with_password(&token, "Ivy I", PASSWORD, ADDRESS).await.unwrap();
    assert_eq!(ivy.workspace, scene.admin.workspace);
    let caller = scene.call(&ivy.workspace, &ivy.person_id).await.unwrap();
    assert_eq!((caller.actor.id(), caller.roles.as_slice()), ("ivy@example.com", &roles[..]));
    scene.control.sign_in("ivy@example.com", PASSWORD, ADDRESS).await.unwrap();
    let last = scene.log(&ivy.workspace).await.pop().unwrap();
    assert_eq!((last.act_kind(), last.actor.id()), (Some(ActKind::PersonJoined), "ivy@example.com"));
    assert!(scene.control.invitations(&scene.admin).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_is_refused_once_it_was_used_taken_back_or_expired() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let invite = |name: &'static str| scene.control.invite(&scene.admin, invitation(name));
    let (_, used) = invite("used").await.unwrap();
    scene.control.join_with_password(&used, "Used", PASSWORD, ADDRESS).await.unwrap();
    let (record, revoked) = invite("revoked").await.unwrap();
    scene.control.revoke_invitation(&scene.admin, &record.id).await.unwrap();
    let people = scene.control.people(&scene.admin).await.unwrap().len();
    let gone = async |tokens: &[&str]| {
        for token in tokens {
            for refused in [
                scene.control.invited(token).await.err(),
                scene.control.join_with_password(token, "Eve", PASSWORD, ADDRESS).await.err(),
                scene.control.join_signed_in(&bo, token).await.err(),
            ] {
                let refused = refused.unwrap();
                assert!(matches!(refused, Error::Invalid { field: "token", .. }), "{refused}");
                assert!(refused.to_string().contains("used, taken back or has expired"), "{refused}");
            }
        }
        assert_eq!(scene.control.people(&scene.admin).await.unwrap().len(), people);
    };
    gone(&[&used, &revoked, "guess", ""]).await;
    let (_, expired) = invite("expired").await.unwrap();
    scene.clock.advance(INVITATION_SECONDS - 1);
    scene.control.invited(&expired).await.unwrap();
    scene.clock.advance(1);
    gone(&[&expired]).await;
    assert_eq!(code(scene.control.revoke_invitation(&scene.admin, &record.id).await), "NOT_FOUND", "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_accept_at_once_one_wins() {
    for scene in Scene::each().await {
        let other = scene.elsewhere("other").await;
        for round in 0..10 {
            let name = format!("ivy-{round}-{}", scene.domain);
            let (record, token) = scene.control.invite(&scene.admin, invitation(&name)).await.unwrap();
            let mut joins = JoinSet::new();
            // Two browsers of a new person: at one address, so that the account is taken too; and two of different
            // issuers, where only the invitation can tell.
            for issuer in ["https://one", "https://two"] {
                let (control, token) = (scene.control.clone(), token.clone());
                let mut who = proven(&format!("{name}-{issuer}"), Some(&record.email));
                who.issuer = issuer.to_owned();
                joins.spawn(async move {
                    let purpose = Purpose::Join(token);
                    control.sign_in_through(&corp(), &who, &purpose, None, ADDRESS).await
                });
            }
            let done = joins.join_all().await.into_iter().flatten().count();
            assert_eq!(done, 1, "round {round}");
            let people = scene.control.people(&scene.admin).await.unwrap();
            assert_eq!(people.iter().filter(|person| person.actor_id == record.email).count(), 1);
        }
        let log = scene.log(&scene.admin.workspace).await;
        let joined = log.iter().filter(|entry| entry.act_kind() == Some(ActKind::PersonJoined));
        assert_eq!(joined.count(), 10);
        assert_eq!(scene.log(&other.workspace).await.len(), 1);
    }
}

#[tokio::test]
async fn who_is_signed_in_accepts_what_is_for_them() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let (_, theirs) = scene.control.invite(&other, whom("BO@example.com", &[Role::Approver])).await.unwrap();
    let (_, foreign) = scene.control.invite(&other, whom("cy@example.com", &[Role::Admin])).await.unwrap();
    assert_eq!(code(scene.control.join_signed_in(&bo, &foreign).await), "INVALID_INPUT");
    let taken = scene.control.join_with_password(&theirs, "Bo", PASSWORD, ADDRESS).await;
    assert_eq!(code(taken), "ALREADY_EXISTS", "an address is no proof of being bo");
    let joined = scene.control.join_signed_in(&bo, &theirs).await.unwrap();
    assert_eq!((&joined.person_id, &joined.workspace), (&bo.person, &other.workspace));
    let there = scene.call(&other.workspace, &bo.person).await.unwrap();
    assert_eq!((there.actor.id(), there.roles.as_slice()), (bo.actor.id(), &[Role::Approver][..]));
    assert_eq!(scene.again(&bo).await.unwrap().roles, [Role::Requester], "here they are what they were");
    scene.control.invited(&foreign).await.unwrap();
}

#[tokio::test]
async fn an_address_that_a_provider_has_not_verified_accepts_nothing() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let (_, token) =
        scene.control.invite(&scene.admin, whom("ceo@example.com", &[Role::Admin])).await.unwrap();
    let mut claims = proven("bo-there", Some("ceo@example.com"));
    claims.email_verified = Some(false);
    let join = Purpose::Join(token.clone());
    let through = scene.control.sign_in_through(&corp(), &claims, &join, None, ADDRESS).await;
    assert_eq!(code(through), "INVALID_INPUT");
    let link = Purpose::Link(bo.person.to_string());
    scene.control.sign_in_through(&corp(), &claims, &link, None, ADDRESS).await.unwrap();
    let signed_in = scene.control.join_signed_in(&scene.again(&bo).await.unwrap(), &token).await;
    assert_eq!(code(signed_in), "INVALID_INPUT");
    assert_eq!(scene.again(&bo).await.unwrap().roles, [Role::Requester]);
}

#[tokio::test]
async fn members_and_empty_invitations_are_refused() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let before = scene.log(&scene.admin.workspace).await.len();
    for (email, roles, field) in [
        (bo.actor.id(), &[Role::Admin][..], "email"),
        ("BO@Example.com", &[Role::Admin], "email"),
        ("nobody", &[Role::Admin], "email"),
        ("a b@example.com", &[Role::Admin], "email"),
        ("a@b@example.com", &[Role::Admin], "email"),
        ("ivy@example.com", &[], "roles"),
    ] {
        let refused = scene.control.invite(&scene.admin, whom(email, roles)).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid { field: said, .. } if said == field), "{email}: {refused}");
    }
    assert_eq!(scene.log(&scene.admin.workspace).await.len(), before);
}

#[tokio::test]
async fn without_local_accounts_an_invitation_takes_a_provider() {
    let scene = Scene::new().await;
    let control = scene.control.clone().with_local_accounts(false);
    let (record, token) = control.invite(&scene.admin, invitation("ivy")).await.unwrap();
    assert!(!control.invited(&token).await.unwrap().local);
    let refused = control.join_with_password(&token, "Ivy", PASSWORD, ADDRESS).await;
    assert_eq!(code(refused), "LOCAL_ACCOUNTS_OFF");
    let join = Purpose::Join(token);
    let other = proven("ivy", Some("other@invited.example"));
    assert_eq!(code(control.sign_in_through(&corp(), &other, &join, None, ADDRESS).await), "INVALID_INPUT");
    let ivy = proven("ivy", Some(&record.email.to_uppercase()));
    let joined = control.sign_in_through(&corp(), &ivy, &join, None, ADDRESS).await.unwrap();
    assert_eq!(scene.call(&joined.workspace, &joined.person_id).await.unwrap().roles, [Role::Requester]);
}
