//! How people and machines prove who they are, and what may be used once.

use crate::people::{who, workspace};
use crate::scene::{act, member};
use crate::support::{at, id, ws};
use governance::{PersonId, Timestamp};
use std::sync::Arc;
use store::identity::{InvitationRecord, KeyRecord};
use store::{Change, Store, StoreError};
use tokio::task::JoinSet;

/// How many of 20 who ask at the same time are told yes.
async fn wins<F>(store: &Arc<dyn Store>, ask: impl Fn(Arc<dyn Store>) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        tasks.spawn(ask(Arc::clone(store)));
    }
    tasks.join_all().await.into_iter().filter(|won| *won).count()
}

pub async fn an_attempt_is_taken_once(store: &Arc<dyn Store>) {
    for round in 0..5 {
        let state = format!("state{round}");
        store.put_attempt(&state, "browser", "{\"n\":1}", at(60)).await.unwrap();
        let won = wins(store, |store| {
            let state = state.clone();
            async move {
                let taken = store.take_attempt(&state, "browser", at(1)).await.unwrap();
                assert!(taken.as_deref().is_none_or(|data| data == "{\"n\":1}"));
                taken.is_some()
            }
        });
        assert_eq!(won.await, 1);
    }
}

pub async fn a_wrong_browser_does_not_use_an_attempt_up(store: &Arc<dyn Store>) {
    store.put_attempt("state", "browser", "data", at(60)).await.unwrap();
    let again = store.put_attempt("state", "other", "data", at(60)).await;
    assert!(matches!(again, Err(StoreError::Exists(_))));
    for (state, browser, now) in [
        ("state", "other", 1),
        ("state", "", 1),
        ("other", "browser", 1),
        ("state", "browser", 60),
        ("nul\0", "\0", 1),
    ] {
        let taken = store.take_attempt(state, browser, at(now)).await.unwrap();
        assert_eq!(taken, None, "{state} {browser} {now}");
    }
    assert_eq!(store.take_attempt("state", "browser", at(59)).await.unwrap().as_deref(), Some("data"));
    assert_eq!(store.take_attempt("state", "browser", at(59)).await.unwrap(), None);
    // What was taken may be put again: a second try at a code.
    store.put_attempt("state", "browser", "again", at(60)).await.unwrap();
    assert_eq!(store.take_attempt("state", "browser", at(1)).await.unwrap().as_deref(), Some("again"));
}

pub async fn a_token_is_used_once(store: &Arc<dyn Store>) {
    for token in ["jti", "nul\0", &"long".repeat(5_000)] {
        let won = wins(store, |store| {
            let token = token.to_owned();
            async move { store.use_token("idp", &token, at(60)).await.unwrap() }
        });
        assert_eq!(won.await, 1);
        assert!(store.use_token("other idp", token, at(60)).await.unwrap());
    }
    assert!(store.use_token("idp", &("long".repeat(5_000) + "er"), at(60)).await.unwrap());
}

/// Adds a second factor that is in force.
async fn confirmed(store: &Arc<dyn Store>, person: &PersonId, step: i64, codes: &[&str]) {
    let put = Change::PutSecondFactor { person: person.clone(), secret: "JBSWY3DP".to_owned() };
    let recovery_hashes = codes.iter().map(|code| (*code).to_owned()).collect();
    let confirm = Change::ConfirmSecondFactor { person: person.clone(), at: at(2), step, recovery_hashes };
    act(store, "w", vec![put, confirm]).await;
}

pub async fn a_time_step_is_used_once(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let (ann, bob) = (member(store, "w", "ann", &[]).await, member(store, "w", "bob", &[]).await);
    assert_eq!(store.second_factor(&ann).await.unwrap(), None);
    assert!(!store.use_second_factor(&ann, 99).await.unwrap());
    confirmed(store, &ann, 7, &["one", "two"]).await;
    for (step, expected) in
        [(6, false), (7, false), (8, true), (8, false), (5, false), (20, true), (19, false)]
    {
        assert_eq!(store.use_second_factor(&ann, step).await.unwrap(), expected, "{step}");
    }
    let found = store.second_factor(&ann).await.unwrap().unwrap();
    assert_eq!((found.secret.as_str(), found.confirmed), ("JBSWY3DP", true));
    assert_eq!((found.last_step, found.recovery_codes), (20, 2));
    for step in 30..35 {
        let won = wins(store, |store| {
            let ann = ann.clone();
            async move { store.use_second_factor(&ann, step).await.unwrap() }
        });
        assert_eq!(won.await, 1);
    }
    // One that is not yet proven lets nobody in.
    act(store, "w", vec![Change::PutSecondFactor { person: bob.clone(), secret: "NEW".to_owned() }]).await;
    assert!(!store.use_second_factor(&bob, 99).await.unwrap());
    assert!(!store.second_factor(&bob).await.unwrap().unwrap().confirmed);
}

pub async fn a_recovery_code_is_used_once(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let (ann, bob) = (member(store, "w", "ann", &[]).await, member(store, "w", "bob", &[]).await);
    confirmed(store, &ann, 1, &["one", "two"]).await;
    for code in ["three", "", "nul\0"] {
        assert!(!store.use_recovery_code(&ann, code).await.unwrap());
    }
    assert!(!store.use_recovery_code(&bob, "one").await.unwrap());
    let won = wins(store, |store| {
        let ann = ann.clone();
        async move { store.use_recovery_code(&ann, "one").await.unwrap() }
    });
    assert_eq!(won.await, 1);
    assert_eq!(store.second_factor(&ann).await.unwrap().unwrap().recovery_codes, 1);
    assert!(store.use_recovery_code(&ann, "two").await.unwrap());
}

pub async fn sign_ins_expire(store: &Arc<dyn Store>) {
    for (name, seconds) in [("a", 10), ("b", 20), ("c", 30)] {
        store.put_attempt(name, "browser", "data", at(seconds)).await.unwrap();
        assert!(store.use_token("idp", name, at(seconds)).await.unwrap());
    }
    assert_eq!(store.delete_expired_sign_ins(at(20)).await.unwrap(), 4);
    assert_eq!(store.delete_expired_sign_ins(at(20)).await.unwrap(), 0);
    assert!(!store.use_token("idp", "c", at(30)).await.unwrap());
    assert!(store.take_attempt("c", "browser", at(20)).await.unwrap().is_some());
}

fn link(issuer: &str, subject: &str, person: &PersonId, at: Timestamp) -> Change {
    Change::LinkIdentity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        provider: "work".to_owned(),
        email: Some("ann@example.org".to_owned()),
        person: person.clone(),
        at,
    }
}

pub async fn identities_are_found_by_issuer_and_subject(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let (ann, bob) = (member(store, "w", "ann", &[]).await, member(store, "w", "bob", &[]).await);
    let links = [("idp", "2", &ann, 5), ("idp", "1", &ann, 3), ("other", "1", &bob, 4)];
    act(store, "w", links.map(|(issuer, subject, person, s)| link(issuer, subject, person, at(s))).to_vec())
        .await;
    for (issuer, subject, expected) in [
        ("idp", "1", Some(&ann)),
        ("other", "1", Some(&bob)),
        ("other", "2", None),
        ("IDP", "1", None),
        ("idp", "1\0", None),
    ] {
        let found = store.identity(issuer, subject).await.unwrap();
        assert_eq!(found.map(|identity| identity.person).as_ref(), expected, "{issuer} {subject}");
    }
    let subjects: Vec<String> =
        store.identities_of(&ann).await.unwrap().into_iter().map(|identity| identity.subject).collect();
    assert_eq!(subjects, ["1", "2"]);
    let before = store.workspace(&ws("w")).await.unwrap();
    for (email, seconds) in [(Some("ann@elsewhere.org"), 9), (None, 10)] {
        store.touch_identity("idp", "1", email, at(seconds)).await.unwrap();
        let found = store.identity("idp", "1").await.unwrap().unwrap();
        assert_eq!((found.email.as_deref(), found.used_at), (email, at(seconds)));
        assert_eq!((found.linked_at, found.provider.as_str()), (at(3), "work"));
    }
    store.touch_identity("idp", "nobody", None, at(9)).await.unwrap();
    assert_eq!(store.identity("idp", "2").await.unwrap().unwrap().email.as_deref(), Some("ann@example.org"));
    assert_eq!(store.workspace(&ws("w")).await.unwrap(), before, "signing in is no act");
}

fn invitation(id: &str, created: i64) -> InvitationRecord {
    InvitationRecord {
        workspace: ws("w"),
        id: id.to_owned(),
        token_hash: format!("hash of {id}"),
        email: "new@example.org".to_owned(),
        name: "New “安”".to_owned(),
        roles: vec!["approver".to_owned(), "author".to_owned()],
        invited_by: "ann".to_owned(),
        created_at: at(created),
        expires_at: at(created + 10),
        accepted_at: None,
        revoked_at: None,
    }
}

pub async fn open_invitations_are_listed(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    let ann = member(store, "w", "ann", &[]).await;
    let all = [("old", 1), ("newest", 9), ("revoked", 4), ("accepted", 5), ("new", 6)];
    act(store, "w", all.map(|(id, created)| Change::Invite(invitation(id, created))).to_vec()).await;
    let revoke = Change::RevokeInvitation { workspace: ws("w"), id: "revoked".to_owned(), at: at(10) };
    let token_hash = invitation("accepted", 5).token_hash;
    let accept = Change::AcceptInvitation { token_hash, person: ann, at: at(11) };
    act(store, "w", vec![revoke, accept]).await;
    // `old` has expired long ago by any clock: an admin still sees it.
    let expected = [invitation("newest", 9), invitation("new", 6), invitation("old", 1)];
    assert_eq!(store.invitations(&ws("w")).await.unwrap(), expected);
    assert_eq!(store.invitations(&ws("v")).await.unwrap(), []);
    let by = |hash: &'static str| async move { store.invitation(hash).await.unwrap() };
    assert_eq!(by("hash of old").await, Some(invitation("old", 1)));
    let accepted = InvitationRecord { accepted_at: Some(at(11)), ..invitation("accepted", 5) };
    assert_eq!(by("hash of accepted").await, Some(accepted));
    let revoked = InvitationRecord { revoked_at: Some(at(10)), ..invitation("revoked", 4) };
    assert_eq!(by("hash of revoked").await, Some(revoked));
    for nothing in ["", "old", "hash of nul\0"] {
        assert_eq!(by(nothing).await, None);
    }
}

fn key(
    workspace: &str,
    id: &str,
    owner: &PersonId,
    created: i64,
    expires_at: Option<Timestamp>,
) -> KeyRecord {
    KeyRecord {
        workspace: ws(workspace),
        id: id.to_owned(),
        secret_hash: format!("hash of {id}"),
        name: "deploys".to_owned(),
        owner: owner.clone(),
        personal: false,
        scopes: vec!["requester".to_owned()],
        created_at: at(created),
        expires_at,
        revoked_at: None,
        used_at: None,
        used_from: None,
    }
}

pub async fn keys_are_listed_and_their_use_is_noted(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    let ann = member(store, "w", "ann", &[]).await;
    let (one, two) = (key("w", "nxc_1", &ann, 1, None), key("w", "nxc_2", &ann, 2, Some(at(90))));
    let other = key("v", "nxc_3", &ann, 3, None);
    act(store, "w", [&one, &two, &other].map(|key| Change::CreateKey(key.clone())).to_vec()).await;
    assert_eq!(store.keys(&ws("w")).await.unwrap(), [two.clone(), one.clone()]);
    assert_eq!(store.keys(&ws("v")).await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(store.key("nxc_3").await.unwrap(), Some(other));
    assert_eq!(store.key("nxc_\0").await.unwrap(), None);
    let revoke = Change::RevokeKey { workspace: ws("w"), key_id: "nxc_2".to_owned(), at: at(9) };
    act(store, "w", vec![revoke]).await;
    let revoked = KeyRecord { revoked_at: Some(at(9)), ..two };
    assert_eq!(store.keys(&ws("w")).await.unwrap(), [revoked.clone(), one.clone()]);
    assert_eq!(store.key("nxc_2").await.unwrap(), Some(revoked.clone()));
    let before = store.workspace(&ws("w")).await.unwrap();
    for (seconds, address, used, from) in [
        (100, "first", 100, "first"),
        (159, "within the minute", 100, "first"),
        (160, "after it", 160, "after it"),
        (10, "a clock that ran back", 160, "after it"),
    ] {
        store.touch_key("nxc_1", at(seconds), address).await.unwrap();
        let found = store.key("nxc_1").await.unwrap().unwrap();
        assert_eq!((found.used_at, found.used_from.as_deref()), (Some(at(used)), Some(from)), "{seconds}");
    }
    store.touch_key("nobody", at(1), "x").await.unwrap();
    assert_eq!(store.key("nxc_2").await.unwrap(), Some(revoked));
    assert_eq!(store.workspace(&ws("w")).await.unwrap(), before, "using a key is no act");
}

pub async fn a_personal_key_says_so(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let ann = member(store, "w", "ann", &[]).await;
    let personal = KeyRecord { personal: true, ..key("w", "nxc_1", &ann, 1, None) };
    let machine = key("w", "nxc_2", &ann, 2, None);
    act(store, "w", [&personal, &machine].map(|key| Change::CreateKey(key.clone())).to_vec()).await;
    assert_eq!(store.key("nxc_1").await.unwrap(), Some(personal.clone()));
    assert_eq!(store.key("nxc_2").await.unwrap(), Some(machine.clone()));
    store.touch_key("nxc_1", at(5), "192.0.2.1").await.unwrap();
    let used = KeyRecord { used_at: Some(at(5)), used_from: Some("192.0.2.1".to_owned()), ..personal };
    assert_eq!(store.keys(&ws("w")).await.unwrap(), [machine, used]);
}

pub async fn drafts_are_kept_for_one_person_and_decision(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    let (ann, bob) = (member(store, "w", "ann", &[]).await, member(store, "w", "bob", &[]).await);
    let (w, d) = (ws("w"), id("d"));
    assert_eq!(store.draft(&w, &ann, &d).await.unwrap(), None);
    for body in ["first", "second “安”"] {
        store.put_draft(&w, &ann, &d, body, at(1)).await.unwrap();
        assert_eq!(store.draft(&w, &ann, &d).await.unwrap().as_deref(), Some(body));
    }
    store.put_draft(&w, &bob, &d, "bob's", at(1)).await.unwrap();
    for (workspace, person, decision) in [(ws("v"), &ann, &d), (w.clone(), &ann, &id("e"))] {
        assert_eq!(store.draft(&workspace, person, decision).await.unwrap(), None);
    }
    store.delete_draft(&w, &ann, &d).await.unwrap();
    assert_eq!(store.draft(&w, &ann, &d).await.unwrap(), None);
    assert_eq!(store.draft(&w, &bob, &d).await.unwrap().as_deref(), Some("bob's"));
    store.delete_draft(&w, &ann, &d).await.unwrap();
    assert!(store.put_draft(&w, &who("nobody"), &d, "x", at(1)).await.is_err());
}
