//! Identities, second factors, invitations and keys: what changes them, and when it is refused.

use crate::people::{accept, act, invitation, key, link, member, texts, unlink, who, workspace};
use crate::support::{at, ws};
use std::sync::Arc;
use store::identity::{InvitationRecord, KeyRecord};
use store::sessions::{SessionRecord, Vouched};
use store::{Change, Store, StoreError};

/// Everything here happens in a workspace with these two people.
async fn set_up(store: &Arc<dyn Store>) {
    workspace(store, "w").await;
    workspace(store, "v").await;
    member(store, "w", "p1", "ann", &["admin"]).await;
    member(store, "w", "p2", "bob", &["author"]).await;
}

async fn do_it(store: &Arc<dyn Store>, change: Change) -> Result<(), String> {
    act(store, "w", vec![change]).await.map_err(|error| match error {
        StoreError::Gone(what) => format!("gone {what}"),
        StoreError::Exists(what) => format!("exists {what}"),
        other => panic!("{other}"),
    })
}

/// Changes in order, each with what comes of it.
async fn try_all(store: &Arc<dyn Store>, cases: Vec<(Change, &str)>) {
    let mut done = 0;
    for (change, expected) in cases {
        let result = do_it(store, change.clone()).await;
        done += usize::from(result.is_ok());
        assert_eq!(result.err().unwrap_or_else(|| "done".to_owned()), expected, "{change:?}");
    }
    assert_eq!(
        store.whole_workspace_log(&ws("w")).await.unwrap().len(),
        done,
        "one entry for each that was done"
    );
}

pub async fn identities_are_linked_once(store: &Arc<dyn Store>) {
    set_up(store).await;
    for (hash, person, subject) in [("a", "p1", Some("s")), ("b", "p1", None), ("c", "p2", Some("s"))] {
        let vouched = |subject: &str| Vouched {
            issuer: "https://idp".to_owned(),
            subject: subject.to_owned(),
            session: None,
        };
        let session = SessionRecord {
            id_hash: hash.to_owned(),
            data: "{}".to_owned(),
            person: Some(who(person)),
            workspace: Some(ws("w")),
            vouched: subject.map(vouched),
            address: String::new(),
            agent: String::new(),
            created_at: at(0),
            seen_at: at(0),
            expires_at: at(60),
        };
        assert!(store.create_session(&session).await.unwrap());
    }
    let unlink = |person: &str| unlink("s", person, 4);
    let cases = vec![
        (unlink("p1"), "gone identity"),
        (link("s", "nobody"), "gone person"),
        (link("s", "p1"), "done"),
        (link("s", "p1"), "exists identity"),
        (link("s", "p2"), "exists identity"),
        (link("t", "p1"), "done"),
        (unlink("p2"), "gone identity"),
        (unlink("p1"), "done"),
        (unlink("p1"), "gone identity"),
    ];
    try_all(store, cases).await;
    let identity = store.identity("https://idp", "t").await.unwrap().unwrap();
    assert_eq!((identity.person, identity.provider.as_str()), (who("p1"), "corp"));
    assert_eq!(identity.email.as_deref(), Some("ann@example.com"));
    assert_eq!((identity.linked_at, identity.used_at, identity.unlinked_at), (at(2), at(2), None));
    assert_eq!(crate::people::still_there(store, &["a", "b", "c"]).await, "bc");
}

pub async fn an_unlinked_identity_stays_whose_it_was(store: &Arc<dyn Store>) {
    set_up(store).await;
    for change in [link("s", "p1"), link("t", "p1"), unlink("s", "p1", 4)] {
        do_it(store, change).await.unwrap();
    }
    let unlinked = store.identity("https://idp", "s").await.unwrap().unwrap();
    assert_eq!((&unlinked.person, unlinked.unlinked_at), (&who("p1"), Some(at(4))));
    let subjects = || async {
        let identities = store.identities_of(&who("p1")).await.unwrap();
        identities.into_iter().map(|identity| identity.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects().await, ["t"]);
    // Nobody uses it, and nobody else gets it.
    store.touch_identity("https://idp", "s", Some("new@example.com"), at(5)).await.unwrap();
    assert_eq!(do_it(store, link("s", "p2")).await, Err("exists identity".to_owned()));
    assert_eq!(do_it(store, unlink("s", "p1", 6)).await, Err("gone identity".to_owned()));
    assert_eq!(store.identity("https://idp", "s").await.unwrap(), Some(unlinked));
    let again = Change::LinkIdentity {
        issuer: "https://idp".to_owned(),
        subject: "s".to_owned(),
        provider: "renamed".to_owned(),
        email: None,
        person: who("p1"),
        at: at(7),
    };
    do_it(store, again.clone()).await.unwrap();
    assert_eq!(do_it(store, again).await, Err("exists identity".to_owned()));
    let identity = store.identity("https://idp", "s").await.unwrap().unwrap();
    assert_eq!((identity.provider.as_str(), identity.email), ("renamed", None));
    assert_eq!((identity.linked_at, identity.used_at, identity.unlinked_at), (at(7), at(7), None));
    assert_eq!(subjects().await, ["t", "s"]);
}

pub async fn a_second_factor_is_proven_before_it_is_in_force(store: &Arc<dyn Store>) {
    set_up(store).await;
    let put = |person: &str, secret: &str| Change::PutSecondFactor {
        person: who(person),
        secret: secret.to_owned(),
    };
    let confirm = |person: &str, step: i64, codes: &[&str]| Change::ConfirmSecondFactor {
        person: who(person),
        at: at(3),
        step,
        recovery_hashes: texts(codes),
    };
    let remove = |person: &str| Change::RemoveSecondFactor { person: who(person) };
    let in_force = || async {
        let account = store.account("ann").await.unwrap().unwrap().second_factor;
        assert_eq!(account, store.person(&ws("w"), &who("p1")).await.unwrap().unwrap().second_factor);
        account
    };
    let cases = vec![
        (confirm("p1", 5, &[]), "gone second factor"),
        (remove("p1"), "gone second factor"),
        (put("nobody", "one"), "gone person"),
        (put("p1", "one"), "done"),
        (put("p1", "two"), "done"),
    ];
    try_all(store, cases).await;
    assert!(!in_force().await);
    do_it(store, confirm("p1", 5, &["r", "s"])).await.unwrap();
    assert!(in_force().await);
    let factor = store.second_factor(&who("p1")).await.unwrap().unwrap();
    assert_eq!((factor.secret.as_str(), factor.confirmed, factor.last_step), ("two", true, 5));
    assert_eq!(factor.recovery_codes, 2);
    // One code from the app replaces the recovery codes once.
    assert_eq!(do_it(store, put("p1", "three")).await, Err("gone second factor".to_owned()));
    assert_eq!(do_it(store, confirm("p1", 5, &["x"])).await, Err("gone second factor".to_owned()));
    do_it(store, confirm("p1", 6, &["t"])).await.unwrap();
    assert!(!store.use_recovery_code(&who("p1"), "r").await.unwrap());
    assert!(!store.use_recovery_code(&who("p1"), "x").await.unwrap());
    assert_eq!(store.second_factor(&who("p1")).await.unwrap().unwrap().recovery_codes, 1);
    do_it(store, remove("p1")).await.unwrap();
    assert!(!in_force().await);
    assert!(!store.use_recovery_code(&who("p1"), "t").await.unwrap());
    do_it(store, put("p1", "four")).await.unwrap();
    let factor = store.second_factor(&who("p1")).await.unwrap().unwrap();
    assert_eq!((factor.secret.as_str(), factor.confirmed, factor.last_step), ("four", false, 0));
}

pub async fn an_invitation_works_once(store: &Arc<dyn Store>) {
    set_up(store).await;
    let revoke = |workspace: &str, id: &str| Change::RevokeInvitation {
        workspace: ws(workspace),
        id: id.to_owned(),
        at: at(9),
    };
    let cases = vec![
        (Change::Invite(invitation("nowhere", "a", "ta")), "gone workspace"),
        (Change::Invite(invitation("w", "a", "ta")), "done"),
        (Change::Invite(invitation("w", "a", "tb")), "exists invitation"),
        (Change::Invite(invitation("v", "a", "ta")), "exists invitation"),
        (Change::Invite(invitation("w", "b", "tb")), "done"),
        (accept("unknown", "p1", at(9)), "gone invitation"),
        (accept("ta", "nobody", at(9)), "gone person"),
        (accept("ta", "p1", at(60)), "gone invitation"),
        (accept("ta", "p1", at(59)), "done"),
        (accept("ta", "p1", at(59)), "gone invitation"),
        (revoke("w", "a"), "gone invitation"),
        (revoke("v", "b"), "gone invitation"),
        (revoke("w", "b"), "done"),
        (revoke("w", "b"), "gone invitation"),
        (accept("tb", "p1", at(9)), "gone invitation"),
    ];
    try_all(store, cases).await;
    let accepted = InvitationRecord { accepted_at: Some(at(59)), ..invitation("w", "a", "ta") };
    assert_eq!(store.invitation("ta").await.unwrap(), Some(accepted));
    let revoked = InvitationRecord { revoked_at: Some(at(9)), ..invitation("w", "b", "tb") };
    assert_eq!(store.invitation("tb").await.unwrap(), Some(revoked));
    // Of two who accept at the same time one does.
    do_it(store, Change::Invite(invitation("w", "c", "tc"))).await.unwrap();
    let (one, two) =
        tokio::join!(do_it(store, accept("tc", "p1", at(9))), do_it(store, accept("tc", "p2", at(9))));
    assert!(one.is_ok() ^ two.is_ok());
}

pub async fn a_key_is_revoked_once(store: &Arc<dyn Store>) {
    set_up(store).await;
    let revoke = |workspace: &str, id: &str| Change::RevokeKey {
        workspace: ws(workspace),
        key_id: id.to_owned(),
        at: at(9),
    };
    let expiring = KeyRecord { expires_at: Some(at(60)), ..key("w", "nxc_b", "p2") };
    let cases = vec![
        (Change::CreateKey(key("nowhere", "nxc_a", "p1")), "gone workspace"),
        (Change::CreateKey(key("w", "nxc_a", "nobody")), "gone person"),
        (Change::CreateKey(key("w", "nxc_a", "p1")), "done"),
        (Change::CreateKey(key("w", "nxc_a", "p1")), "exists key"),
        (Change::CreateKey(key("v", "nxc_a", "p1")), "exists key"),
        (Change::CreateKey(key("w", "bob", "p1")), "exists key"),
        (Change::CreateKey(expiring.clone()), "done"),
        (revoke("v", "nxc_a"), "gone key"),
        (revoke("w", "nxc_c"), "gone key"),
        (revoke("w", "nxc_a"), "done"),
        (revoke("w", "nxc_a"), "gone key"),
    ];
    try_all(store, cases).await;
    let revoked = KeyRecord { revoked_at: Some(at(9)), ..key("w", "nxc_a", "p1") };
    assert_eq!(store.key("nxc_a").await.unwrap(), Some(revoked));
    assert_eq!(store.key("nxc_b").await.unwrap(), Some(expiring));
}
