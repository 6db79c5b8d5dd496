//! Sessions: seen and ended by whose they are, by admins within their workspace, and by the provider that vouched.

use crate::proofs::proven;
use crate::scene::{ADDRESS, PASSWORD, Scene, code};
use control::{Caller, Role};
use governance::workspace_log::ActKind;
use store::sessions::{SessionRecord, Vouched};

/// A session's hash, as long as a real one.
fn hash(name: &str) -> String {
    governance::digest::sha256_hex(name.as_bytes())
}

async fn open(scene: &Scene, caller: &Caller, name: &str, vouched: Option<(&str, &str, Option<&str>)>) {
    let now = scene.control.now();
    let session = SessionRecord {
        id_hash: hash(name),
        data: "{}".to_owned(),
        person: Some(caller.person.clone()),
        workspace: Some(caller.workspace.clone()),
        vouched: vouched.map(|(issuer, subject, session)| Vouched {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            session: session.map(str::to_owned),
        }),
        address: ADDRESS.to_owned(),
        agent: name.to_owned(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(3600),
    };
    assert!(scene.control.store().create_session(&session).await.unwrap());
}

/// Which of these sessions are still there.
async fn left<'a>(scene: &Scene, names: &[&'a str]) -> Vec<&'a str> {
    let mut left = Vec::new();
    for name in names {
        if scene.control.store().load_session(&hash(name), scene.control.now()).await.unwrap().is_some() {
            left.push(*name);
        }
    }
    left
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = scene.also(&other.workspace, &bo, &[Role::Approver]).await;
    open(&scene, &bo, "laptop", None).await;
    open(&scene, &there, "phone", Some(("https://corp.example", "bo", None))).await;
    open(&scene, &scene.admin, "adas", None).await;
    let mine = scene.control.my_sessions(&bo, Some(&hash("laptop"))).await.unwrap();
    let mut seen: Vec<_> = mine.iter().map(|one| (one.agent.as_str(), one.current)).collect();
    seen.sort_unstable();
    assert_eq!(seen, [("laptop", true), ("phone", false)], "in every workspace");
    assert!(mine.iter().all(|one| one.name.len() == 16 && hash(&one.agent).starts_with(&one.name)));
    let adas = scene.control.my_sessions(&scene.admin, None).await.unwrap().remove(0).name;
    for name in [adas.as_str(), "", "0000000000000000"] {
        assert_eq!(code(scene.control.end_my_session(&bo, name).await), "NOT_FOUND", "{name}");
    }
    let phone = &mine.iter().find(|one| one.agent == "phone").unwrap().name;
    scene.control.end_my_session(&bo, phone).await.unwrap();
    assert_eq!(code(scene.control.end_my_session(&bo, phone).await), "NOT_FOUND", "gone");
    assert_eq!(left(&scene, &["laptop", "phone", "adas"]).await, ["laptop", "adas"]);
    open(&scene, &bo, "tablet", None).await;
    scene.control.end_my_other_sessions(&bo, Some(&hash("laptop"))).await.unwrap();
    assert_eq!(left(&scene, &["laptop", "tablet", "adas"]).await, ["laptop", "adas"]);
    scene.control.end_my_other_sessions(&bo, None).await.unwrap();
    assert_eq!(left(&scene, &["laptop", "adas"]).await, ["adas"]);
}

#[tokio::test]
async fn an_admin_sees_and_ends_sessions_of_the_own_workspace_alone() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = scene.also(&other.workspace, &bo, &[Role::Approver]).await;
    open(&scene, &bo, "one", None).await;
    open(&scene, &bo, "two", None).await;
    open(&scene, &there, "there", None).await;
    let seen = scene.control.sessions_of(&scene.admin, &bo.person).await.unwrap();
    assert_eq!(seen.len(), 2);
    let name = |agent: &str| hash(agent)[..16].to_owned();
    let before = scene.log(&bo.workspace).await.len();
    let foreign = scene.control.end_sessions_of(&scene.admin, &bo.person, Some(&name("there"))).await;
    assert_eq!(code(foreign), "NOT_FOUND");
    assert_eq!(scene.log(&bo.workspace).await.len(), before);
    scene.control.end_sessions_of(&scene.admin, &bo.person, Some(&name("one"))).await.unwrap();
    assert_eq!(left(&scene, &["one", "two", "there"]).await, ["two", "there"]);
    scene.control.end_sessions_of(&scene.admin, &bo.person, None).await.unwrap();
    assert_eq!(left(&scene, &["one", "two", "there"]).await, ["there"]);
    let log = scene.log(&bo.workspace).await;
    let ended: Vec<_> = log.iter().filter(|entry| entry.act_kind() == Some(ActKind::SessionsEnded)).collect();
    assert_eq!((ended.len(), ended[0].about()), (2, bo.actor.id()));
}

#[tokio::test]
async fn sessions_end_with_what_they_stood_on() {
    let scene = Scene::new().await;
    let other = scene.elsewhere("other").await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = scene.also(&other.workspace, &bo, &[Role::Approver]).await;
    let all = ["here", "second", "there"];
    open(&scene, &bo, "here", None).await;
    open(&scene, &bo, "second", None).await;
    open(&scene, &there, "there", None).await;
    let keep = hash("here");
    scene.control.change_password(&bo, PASSWORD, "a much longer one", Some(&keep)).await.unwrap();
    assert_eq!(left(&scene, &all).await, ["here"], "a new password ends the others");
    open(&scene, &there, "there", None).await;
    scene.suspend(&bo, true).await;
    assert_eq!(left(&scene, &all).await, ["there"], "a suspension ends those of the workspace");
    let cy = scene.person("cy", &[Role::Approver]).await;
    open(&scene, &cy, "cys", None).await;
    scene.control.reset_password(&scene.admin, &cy.person, "another long one").await.unwrap();
    assert!(left(&scene, &["cys"]).await.is_empty(), "a reset ends all");
}

#[tokio::test]
async fn an_unlinked_identity_ends_the_sessions_that_it_began() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let there = proven("bo-there", None);
    scene.link(&bo, &there).await.unwrap();
    open(&scene, &bo, "by password", None).await;
    open(&scene, &bo, "by corp", Some((&there.issuer, "bo-there", None))).await;
    scene.control.unlink(&bo, &there.issuer, "bo-there").await.unwrap();
    assert_eq!(left(&scene, &["by password", "by corp"]).await, ["by password"]);
}

#[tokio::test]
async fn a_provider_ends_the_sessions_that_it_vouched_for() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let corp = "https://corp.example";
    let all = ["a1", "a2", "b1", "local", "elsewhere"];
    let later = scene.control.now().plus_seconds(3600);
    // Issuer, subject, session, and what is left of all.
    let table = [
        (corp, Some("a"), None, &["b1", "local", "elsewhere"][..]),
        (corp, None, Some("s1"), &["a2", "local", "elsewhere"]),
        (corp, Some("a"), Some("s1"), &["a2", "b1", "local", "elsewhere"]),
        (corp, Some("b"), Some("s2"), &all),
        (corp, None, None, &all),
        ("https://evil.example", Some("a"), Some("s1"), &all),
        ("https://other.example", Some("a"), None, &["a1", "a2", "b1", "local"]),
    ];
    for (at, (issuer, subject, session, expected)) in table.into_iter().enumerate() {
        open(&scene, &bo, "local", None).await;
        open(&scene, &bo, "a1", Some((corp, "a", Some("s1")))).await;
        open(&scene, &bo, "a2", Some((corp, "a", Some("s2")))).await;
        open(&scene, &bo, "b1", Some((corp, "b", Some("s1")))).await;
        open(&scene, &bo, "elsewhere", Some(("https://other.example", "a", Some("s1")))).await;
        let token = format!("token {at}");
        let ended =
            scene.control.signed_out_elsewhere(issuer, subject, session, &token, later).await.unwrap();
        assert_eq!(left(&scene, &all).await, expected, "{issuer} {subject:?} {session:?}");
        assert_eq!(ended, u64::try_from(all.len() - expected.len()).unwrap());
        let replayed = scene.control.signed_out_elsewhere(issuer, subject, session, &token, later).await;
        assert_eq!(code(replayed), "SSO_STATE");
        scene.control.end_my_other_sessions(&bo, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_counts_once_for_its_issuer() {
    let scene = Scene::new().await;
    let later = scene.control.now().plus_seconds(60);
    assert!(scene.control.first_use("https://one", "t", later).await.unwrap());
    assert!(!scene.control.first_use("https://one", "t", later).await.unwrap());
    assert!(scene.control.first_use("https://two", "t", later).await.unwrap(), "ids are an issuer's own");
}
