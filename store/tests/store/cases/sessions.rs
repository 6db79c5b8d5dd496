//! Browser sessions: what is kept, and the ways in which they end.

use crate::people::who;
use crate::support::{at, ws};
use std::sync::Arc;
use store::Store;
use store::sessions::{SessionRecord, Vouched};

pub fn session(hash: &str, person: Option<&str>) -> SessionRecord {
    SessionRecord {
        id_hash: hash.to_owned(),
        data: "{\"a\":\"b\"}".to_owned(),
        person: person.map(who),
        workspace: None,
        vouched: None,
        address: String::new(),
        agent: String::new(),
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(60),
    }
}

fn vouched(issuer: &str, subject: &str, session: Option<&str>) -> Vouched {
    let session = session.map(str::to_owned);
    Vouched { issuer: issuer.to_owned(), subject: subject.to_owned(), session }
}

pub async fn saving_never_brings_a_session_back(store: &Arc<dyn Store>) {
    let first = session("a", None);
    assert!(!store.save_session(&first).await.unwrap());
    assert!(store.create_session(&first).await.unwrap());
    assert!(!store.create_session(&session("a", Some("p1"))).await.unwrap());
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), Some(first.clone()));
    let changed = SessionRecord { data: "{}".to_owned(), expires_at: at(90), ..first };
    assert!(store.save_session(&changed).await.unwrap());
    store.delete_session("a").await.unwrap();
    assert!(!store.save_session(&changed).await.unwrap());
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), None);
}

pub async fn all_of_a_session_is_kept_and_saved(store: &Arc<dyn Store>) {
    let full = SessionRecord {
        workspace: Some(ws("w")),
        vouched: Some(vouched("https://idp", "sub", Some("sid"))),
        address: "203.0.113.7".to_owned(),
        agent: "Mozilla/5.0 “安”".to_owned(),
        seen_at: at(3),
        ..session("a", Some("p1"))
    };
    assert!(store.create_session(&full).await.unwrap());
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), Some(full.clone()));
    let other = SessionRecord {
        data: "{}".to_owned(),
        person: Some(who("p2")),
        workspace: Some(ws("v")),
        vouched: Some(vouched("https://other", "bus", None)),
        address: "2001:db8::1".to_owned(),
        agent: "curl".to_owned(),
        seen_at: at(50),
        expires_at: at(90),
        ..full
    };
    assert!(store.save_session(&other).await.unwrap());
    assert_eq!(store.load_session("a", at(70)).await.unwrap(), Some(other));
    let bare = SessionRecord { agent: "nul\0".to_owned(), ..session("a", None) };
    assert!(store.save_session(&bare).await.unwrap());
    let expected = SessionRecord { agent: "nul\u{FFFD}".to_owned(), ..bare };
    assert_eq!(store.load_session("a", at(1)).await.unwrap(), Some(expected));
}

pub async fn sessions_expire(store: &Arc<dyn Store>) {
    store.create_session(&session("a", Some("p1"))).await.unwrap();
    store.create_session(&SessionRecord { expires_at: at(90), ..session("b", Some("p1")) }).await.unwrap();
    assert!(store.load_session("a", at(59)).await.unwrap().is_some());
    assert!(store.load_session("a", at(60)).await.unwrap().is_none());
    assert_eq!(store.sessions_of(&who("p1"), None, at(60)).await.unwrap().len(), 1);
    assert_eq!(store.delete_expired_sessions(at(60)).await.unwrap(), 1);
    assert_eq!(store.delete_expired_sessions(at(60)).await.unwrap(), 0);
    assert!(store.load_session("b", at(60)).await.unwrap().is_some());
}

pub async fn sessions_of_a_person_by_last_use(store: &Arc<dyn Store>) {
    for (hash, person, workspace, seen) in [
        ("old", "p1", Some("w"), 1),
        ("new", "p1", Some("v"), 9),
        ("middle", "p1", Some("w"), 5),
        ("nowhere", "p1", None, 3),
        ("other", "p2", Some("w"), 7),
    ] {
        let one =
            SessionRecord { workspace: workspace.map(ws), seen_at: at(seen), ..session(hash, Some(person)) };
        store.create_session(&one).await.unwrap();
    }
    for (person, workspace, expected) in [
        ("p1", None, &["new", "middle", "nowhere", "old"][..]),
        ("p1", Some("w"), &["middle", "old"]),
        ("p1", Some("v"), &["new"]),
        ("p2", None, &["other"]),
        ("p2", Some("v"), &[]),
        ("p3", None, &[]),
    ] {
        let workspace = workspace.map(ws);
        let found = store.sessions_of(&who(person), workspace.as_ref(), at(10)).await.unwrap();
        let hashes: Vec<&str> = found.iter().map(|session| session.id_hash.as_str()).collect();
        assert_eq!(hashes, expected, "{person} {workspace:?}");
    }
}

pub async fn vouched_sessions_end_from_outside(store: &Arc<dyn Store>) {
    let all = ["one", "two", "three", "elsewhere", "password"];
    for (subject, provider_session, ended) in [
        (None, None, &[][..]),
        (Some("sub"), None, &["one", "two"]),
        (None, Some("s1"), &["one", "three"]),
        (Some("sub"), Some("s1"), &["one"]),
        (Some("bus"), Some("s2"), &[]),
        (Some("nobody"), None, &[]),
    ] {
        for (hash, vouched) in [
            ("one", Some(vouched("idp", "sub", Some("s1")))),
            ("two", Some(vouched("idp", "sub", None))),
            ("three", Some(vouched("idp", "bus", Some("s1")))),
            ("elsewhere", Some(vouched("other", "sub", Some("s1")))),
            ("password", None),
        ] {
            store.create_session(&SessionRecord { vouched, ..session(hash, Some("p1")) }).await.unwrap();
        }
        let count = store.delete_vouched_sessions("idp", subject, provider_session).await.unwrap();
        assert_eq!(count, u64::try_from(ended.len()).unwrap(), "{subject:?} {provider_session:?}");
        for hash in all {
            let there = store.load_session(hash, at(1)).await.unwrap().is_some();
            assert_eq!(there, !ended.contains(&hash), "{subject:?} {provider_session:?}: {hash}");
        }
    }
}
