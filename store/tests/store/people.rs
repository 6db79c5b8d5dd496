//! People, places and acts to try the directory with.

use crate::support::{at, human, ws};
use governance::json::object;
use governance::workspace_log::{Act, ActKind, Door, NewEntry};
use governance::{PersonId, Timestamp, Value, WorkspaceId};
use std::sync::Arc;
use store::directory::WorkspaceRecord;
use store::enact::NewPerson;
use store::identity::{InvitationRecord, KeyRecord};
use store::sessions::SessionRecord;
use store::{Change, Enactment, Store, StoreError};

pub fn who(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub fn place(name: &str, seconds: i64) -> WorkspaceRecord {
    WorkspaceRecord {
        id: ws(name),
        name: name.to_uppercase(),
        forbid_self_approval: true,
        created_at: at(seconds),
        log_length: 0,
    }
}

pub fn newcomer(id: &str, actor: &str) -> NewPerson {
    NewPerson {
        id: who(id),
        actor_id: actor.to_owned(),
        name: format!("{actor} “the one”"),
        password_hash: Some("$argon2id$".to_owned()),
        created_at: at(1),
    }
}

pub fn entry(kind: ActKind, about: &str) -> NewEntry {
    NewEntry {
        ts: at(5),
        actor: human("root"),
        door: Door::Web,
        address: "192.0.2.1".to_owned(),
        act: Act {
            kind,
            about: about.to_owned(),
            before: Value::Null,
            after: object([("roles", "ümlaut \0 “quotes”".into())]),
        },
    }
}

/// Changes with one entry in the log of one workspace.
pub fn acts(workspace: &str, changes: Vec<Change>) -> Enactment {
    let entries = vec![(ws(workspace), entry(ActKind::RolesChanged, "somebody"))];
    Enactment { changes, entries, expected: None }
}

pub async fn act(store: &Arc<dyn Store>, workspace: &str, changes: Vec<Change>) -> Result<(), StoreError> {
    store.enact(acts(workspace, changes)).await
}

/// A workspace with an empty log.
pub async fn workspace(store: &Arc<dyn Store>, name: &str) {
    let changes = vec![Change::CreateWorkspace(place(name, 0))];
    store.enact(Enactment { changes, ..Enactment::default() }).await.unwrap();
}

/// A new person who is a member of a workspace.
pub async fn member(store: &Arc<dyn Store>, workspace: &str, id: &str, actor: &str, roles: &[&str]) {
    let changes = vec![Change::CreatePerson(newcomer(id, actor)), join(workspace, id, roles)];
    store.enact(Enactment { changes, ..Enactment::default() }).await.unwrap();
}

pub fn join(workspace: &str, person: &str, roles: &[&str]) -> Change {
    Change::Join { workspace: ws(workspace), person: who(person), given_roles: texts(roles) }
}

pub fn set_roles(workspace: &str, person: &str, roles: &[&str]) -> Change {
    Change::SetRoles { workspace: ws(workspace), person: who(person), given_roles: texts(roles) }
}

pub fn group_roles(person: &str, issuer: &str, roles: &[(&str, &[&str])]) -> Change {
    let one = |(workspace, roles): &(&str, &[&str])| (ws(workspace), texts(roles));
    Change::SetGroupRoles {
        person: who(person),
        issuer: issuer.to_owned(),
        roles: roles.iter().map(one).collect::<Vec<(WorkspaceId, Vec<String>)>>(),
    }
}

pub fn suspended(workspace: &str, person: &str, suspended: bool) -> Change {
    Change::SetSuspended { workspace: ws(workspace), person: who(person), suspended }
}

pub fn link(subject: &str, person: &str) -> Change {
    Change::LinkIdentity {
        issuer: "https://idp".to_owned(),
        subject: subject.to_owned(),
        provider: "corp".to_owned(),
        email: Some("ann@example.com".to_owned()),
        person: who(person),
        at: at(2),
    }
}

pub fn unlink(subject: &str, person: &str, seconds: i64) -> Change {
    Change::UnlinkIdentity {
        issuer: "https://idp".to_owned(),
        subject: subject.to_owned(),
        person: who(person),
        at: at(seconds),
    }
}

pub fn key(workspace: &str, id: &str, owner: &str) -> KeyRecord {
    KeyRecord {
        workspace: ws(workspace),
        id: id.to_owned(),
        secret_hash: "5ec".to_owned(),
        name: format!("key {id}"),
        owner: who(owner),
        personal: false,
        scopes: texts(&["write", "read"]),
        created_at: at(3),
        expires_at: None,
        revoked_at: None,
        used_at: None,
        used_from: None,
    }
}

pub fn invitation(workspace: &str, id: &str, token: &str) -> InvitationRecord {
    InvitationRecord {
        workspace: ws(workspace),
        id: id.to_owned(),
        token_hash: token.to_owned(),
        email: "new@example.com".to_owned(),
        name: "New “one”".to_owned(),
        roles: texts(&["approver", "auditor"]),
        invited_by: "root".to_owned(),
        created_at: at(3),
        expires_at: at(60),
        accepted_at: None,
        revoked_at: None,
    }
}

pub fn accept(token: &str, person: &str, at: Timestamp) -> Change {
    Change::AcceptInvitation { token_hash: token.to_owned(), person: who(person), at }
}

/// A session of a person in a workspace.
pub async fn signed_in(store: &Arc<dyn Store>, hash: &str, person: &str, workspace: &str) {
    let session = SessionRecord {
        id_hash: hash.to_owned(),
        data: "{}".to_owned(),
        person: Some(who(person)),
        workspace: Some(ws(workspace)),
        vouched: None,
        address: "192.0.2.1".to_owned(),
        agent: "a browser".to_owned(),
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(60),
    };
    assert!(store.create_session(&session).await.unwrap());
}

/// Which of these sessions are still there.
pub async fn still_there(store: &Arc<dyn Store>, hashes: &[&str]) -> String {
    let mut there = String::new();
    for hash in hashes {
        if store.load_session(hash, at(1)).await.unwrap().is_some() {
            there.push_str(hash);
        }
    }
    there
}
