//! Identities of one person: linked by proof from both sides, taken away by their owner, and never the last one.

use crate::attempts::key_input;
use crate::proofs::{corp, in_groups, proven, with_rules};
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::access::attempt::Purpose;
use control::access::invitation::Invitation;
use control::access::sso::Proven;
use control::{Door, Error, KeyScope, Role};
use governance::canonical;
use governance::workspace_log::ActKind;

#[tokio::test]
async fn a_new_identity_is_one_more_way_in_for_the_same_person() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = proven("bo-there", Some("somebody@else.example"));
    let linked = scene.link(&bo, &there).await.unwrap();
    assert_eq!(linked.person_id, bo.person);
    let again = scene.through(&corp(), &there, &Purpose::SignIn).await.unwrap();
    assert_eq!(again.person_id, bo.person);
    scene.link(&bo, &there).await.unwrap();
    let log = scene.log(&bo.workspace).await;
    let entries: Vec<_> =
        log.iter().filter(|entry| entry.act_kind() == Some(ActKind::IdentityLinked)).collect();
    assert_eq!(entries.len(), 1, "once is enough");
    assert_eq!((entries[0].actor.id(), entries[0].about()), (bo.actor.id(), bo.actor.id()));
    let after = canonical::to_string(entries[0].after());
    assert!(after.contains("bo-there") && after.contains("https://corp.example"), "{after}");
}

#[tokio::test]
async fn an_identity_of_somebody_else_makes_both_one_person() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let ivy = scene.person("ivy", &[Role::Auditor, Role::Admin]).await;
    scene.also(&other.workspace, &ivy, &[Role::Requester]).await;
    let there = proven("ivy-there", None);
    scene.link(&ivy, &there).await.unwrap();
    let (key, token) = scene.control.create_key(&ivy, key_input(&[KeyScope::Read])).await.unwrap();

    scene.link(&bo, &there).await.unwrap();

    let bo = scene.again(&bo).await.unwrap();
    let mut roles = bo.roles.clone();
    roles.sort();
    assert_eq!(roles, [Role::Approver, Role::Auditor, Role::Admin]);
    for id in [bo.actor.id(), ivy.actor.id(), &key.id] {
        assert!(bo.actor_ids.iter().any(|one| one == id), "{id} stands for bo");
    }
    let people = scene.control.people(&scene.admin).await.unwrap();
    let one = people.iter().find(|person| person.id == bo.person).unwrap();
    assert_eq!(one.aliases, [ivy.actor.id()]);
    assert!(people.iter().all(|person| person.id != ivy.person), "the other is nobody any more");
    assert_eq!(scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap().person, bo.person);
    assert_eq!(scene.call(&other.workspace, &bo.person).await.unwrap().roles, [Role::Requester]);
    // What the other could sign in with: the session, the password, the identity.
    assert_eq!(code(scene.again(&ivy).await), "UNAUTHENTICATED");
    assert_eq!(code(scene.control.sign_in(ivy.actor.id(), PASSWORD, ADDRESS).await), "WRONG_CREDENTIALS");
    assert_eq!(scene.through(&corp(), &there, &Purpose::SignIn).await.unwrap().person_id, bo.person);
    for workspace in [&bo.workspace, &other.workspace] {
        let last = scene.log(workspace).await.pop().unwrap();
        assert_eq!((last.act_kind(), last.about()), (Some(ActKind::PeopleMerged), bo.actor.id()));
        assert!(canonical::to_string(last.before()).contains(ivy.actor.id()));
    }
}

#[tokio::test]
async fn a_merger_lets_nobody_in_who_was_kept_out() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let ivy = scene.person("ivy", &[Role::Approver]).await;
    let there = proven("ivy-there", None);
    scene.link(&ivy, &there).await.unwrap();
    scene.suspend(&ivy, true).await;
    let refused = scene.link(&bo, &there).await;
    assert_eq!(code(refused), "SSO_NO_ROLE");
    assert_eq!(code(scene.again(&bo).await), "UNAUTHENTICATED", "the human who was suspended is out");
}

#[tokio::test]
async fn who_is_kept_out_everywhere_links_nothing_with_an_attempt_from_before() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    scene.suspend(&bo, true).await;
    let there = proven("bo-there", None);
    scene.link(&bo, &there).await.unwrap_err();
    let identity = scene.control.store().identity(&there.issuer, &there.subject).await.unwrap();
    assert!(identity.is_none(), "linked by somebody who may not come in");
}

#[tokio::test]
async fn linking_takes_a_recent_sign_in() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    scene.control.may_link(&bo).unwrap();
    scene.clock.advance(15 * 60);
    assert!(matches!(scene.control.may_link(&bo), Err(Error::Refused(_))));
    assert_eq!(code(scene.control.may_link(&bo)), "STEP_UP_REQUIRED");
    scene.control.may_link(&scene.again(&bo).await.unwrap()).unwrap();
}

#[tokio::test]
async fn unlinking_takes_a_recent_sign_in_and_leaves_one_way_in() {
    let scene = Scene::new().await;
    let rules = with_rules(&[("approvers", &[Role::Approver], None)]);
    let claims = in_groups("ivy", Some("ivy@example.com"), &["approvers"]);
    let signed_in = scene.through(&rules, &claims, &Purpose::SignIn).await.unwrap();
    let ivy = scene.call(&signed_in.workspace, &signed_in.person_id).await.unwrap();
    let second = Proven { issuer: "https://second.example".to_owned(), ..proven("ivy", None) };
    let last = scene.control.unlink(&ivy, &claims.issuer, "ivy").await;
    assert!(matches!(last, Err(Error::Invalid { field: "identity", .. })), "{last:?}");
    scene.link(&ivy, &second).await.unwrap();
    assert_eq!(code(scene.control.unlink(&ivy, "https://none.example", "ivy").await), "NOT_FOUND");
    let bo = scene.person("bo", &[Role::Approver]).await;
    assert_eq!(code(scene.control.unlink(&bo, &claims.issuer, "ivy").await), "NOT_FOUND", "not theirs");
    scene.clock.advance(15 * 60);
    assert_eq!(code(scene.control.unlink(&ivy, &claims.issuer, "ivy").await), "STEP_UP_REQUIRED");
    let ivy = scene.again(&ivy).await.unwrap();
    scene.control.unlink(&ivy, &claims.issuer, "ivy").await.unwrap();
    let last = scene.control.unlink(&ivy, &second.issuer, "ivy").await;
    assert!(matches!(last, Err(Error::Invalid { field: "identity", .. })), "{last:?}");
    // A password is a way in, but not where nobody is asked for one.
    scene.control.change_password(&ivy, "", PASSWORD, None).await.unwrap();
    let without = scene.control.clone().with_local_accounts(false);
    assert_eq!(code(without.unlink(&ivy, &second.issuer, "ivy").await), "INVALID_INPUT");
    scene.control.unlink(&ivy, &second.issuer, "ivy").await.unwrap();
    assert!(scene.control.identities(&ivy).await.unwrap().is_empty());
    let kinds = scene.log(&ivy.workspace).await;
    let unlinked = kinds.iter().filter(|entry| entry.act_kind() == Some(ActKind::IdentityUnlinked));
    assert_eq!(unlinked.count(), 2);
}

#[tokio::test]
async fn an_unlinked_identity_makes_no_second_person() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = proven("bo-there", Some("bo.there@example.com"));
    scene.link(&bo, &there).await.unwrap();
    scene.control.unlink(&bo, &there.issuer, &there.subject).await.unwrap();
    assert!(scene.control.identities(&bo).await.unwrap().is_empty());

    let people = scene.control.people(&scene.admin).await.unwrap();
    let whom = Invitation {
        email: "bo.there@example.com".to_owned(),
        name: "Bo".to_owned(),
        roles: vec![Role::Approver],
    };
    let (invitation, token) = scene.control.invite(&scene.admin, whom).await.unwrap();
    let cases = [
        (Purpose::SignIn, "SSO_UNKNOWN"),
        (Purpose::Join(token), "SSO_UNKNOWN"),
        (Purpose::Again(bo.person.to_string()), "SSO_OTHER_PERSON"),
    ];
    for (purpose, expected) in cases {
        let refused = scene.through(&corp(), &there, &purpose).await;
        assert_eq!(code(refused), expected, "{purpose:?}");
    }
    assert_eq!(scene.control.people(&scene.admin).await.unwrap(), people, "nobody is new");
    let open = scene.control.invitations(&scene.admin).await.unwrap();
    assert!(open.iter().any(|one| one.id == invitation.id), "the invitation is not used up");

    // Linked again by proof from both sides, it lets the same person in.
    scene.link(&bo, &there).await.unwrap();
    assert_eq!(scene.through(&corp(), &there, &Purpose::SignIn).await.unwrap().person_id, bo.person);
    assert_eq!(scene.control.identities(&bo).await.unwrap().len(), 1);
    let log = scene.log(&bo.workspace).await;
    let linked = log.iter().filter(|entry| entry.act_kind() == Some(ActKind::IdentityLinked));
    assert_eq!(linked.count(), 2);
}

#[tokio::test]
async fn what_somebody_unlinked_takes_nobody_over() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let ivy = scene.person("ivy", &[Role::Auditor]).await;
    let there = proven("ivy-there", None);
    scene.link(&ivy, &there).await.unwrap();
    scene.control.unlink(&ivy, &there.issuer, &there.subject).await.unwrap();
    assert_eq!(code(scene.link(&bo, &there).await), "SSO_OTHER_PERSON");
    let bo = scene.again(&bo).await.unwrap();
    assert!(!bo.actor_ids.iter().any(|one| one == ivy.actor.id()));
    scene.again(&ivy).await.unwrap();
}

#[tokio::test]
async fn a_first_password_of_who_came_through_a_provider_takes_a_recent_sign_in() {
    let scene = Scene::new().await;
    let rules = with_rules(&[("approvers", &[Role::Approver], None)]);
    let claims = in_groups("ivy", Some("ivy@example.com"), &["approvers"]);
    let signed_in = scene.through(&rules, &claims, &Purpose::SignIn).await.unwrap();
    let ivy = scene.call(&signed_in.workspace, &signed_in.person_id).await.unwrap();
    scene.clock.advance(15 * 60);
    let late = scene.control.change_password(&ivy, "", PASSWORD, None).await;
    assert_eq!(code(late), "STEP_UP_REQUIRED");
    let ivy = scene.again(&ivy).await.unwrap();
    scene.control.change_password(&ivy, "", PASSWORD, None).await.unwrap();
    scene.control.sign_in("ivy@example.com", PASSWORD, ADDRESS).await.unwrap();
}
