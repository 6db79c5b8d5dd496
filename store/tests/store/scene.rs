//! Members of a workspace and what becomes of them, for tales in which nothing of that fails.

use crate::people::{self, set_roles, who};
use crate::support::ws;
use governance::PersonId;
use std::sync::Arc;
use store::{Change, Store};

/// Makes changes, as one act of this workspace.
pub async fn act(store: &Arc<dyn Store>, workspace: &str, changes: Vec<Change>) {
    people::act(store, workspace, changes).await.unwrap();
}

/// How many acts the workspace has seen.
pub async fn log_length(store: &Arc<dyn Store>, workspace: &str) -> u32 {
    store.workspace(&ws(workspace)).await.unwrap().unwrap().log_length
}

/// A new person, whose id is the actor id with `p-` before it, as a member.
pub async fn member(store: &Arc<dyn Store>, workspace: &str, actor: &str, roles: &[&str]) -> PersonId {
    let id = format!("p-{actor}");
    people::member(store, workspace, &id, actor, roles).await;
    who(&id)
}

pub async fn roles(store: &Arc<dyn Store>, workspace: &str, person: &PersonId, roles: &[&str]) {
    act(store, workspace, vec![set_roles(workspace, person.as_str(), roles)]).await;
}

pub async fn suspended(store: &Arc<dyn Store>, workspace: &str, person: &PersonId, suspended: bool) {
    act(store, workspace, vec![people::suspended(workspace, person.as_str(), suspended)]).await;
}

pub async fn merge(store: &Arc<dyn Store>, workspace: &str, from: &PersonId, into: &PersonId) {
    act(store, workspace, vec![Change::Merge { from: from.clone(), into: into.clone() }]).await;
}
