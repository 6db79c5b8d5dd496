//! The end of a workspace's log: where the next entry goes. Entries are added, one after the other, and nothing here
//! updates or deletes one.

use super::{Transaction, values};
use crate::error::StoreError;
use crate::projection::{corrupt, plain};
use crate::rows::small;
use governance::WorkspaceId;
use governance::canonical;
use governance::workspace_log::{Entry, NewEntry};

/// How many entries there are. Fails with `Gone` when there is no such workspace.
pub async fn length(tx: &mut dyn Transaction, workspace: &WorkspaceId) -> Result<u32, StoreError> {
    Ok(end(tx, workspace).await?.0)
}

/// Adds an entry and lengthens the log by it.
pub async fn add(tx: &mut dyn Transaction, workspace: &WorkspaceId, new: NewEntry) -> Result<(), StoreError> {
    let (seq, chain) = end(tx, workspace).await?;
    // The chain covers what is stored.
    let new = NewEntry { address: plain(&new.address), ..new };
    let entry = Entry::record(new, seq, chain.as_deref());
    tx.run(
        "INSERT INTO workspace_events (workspace_id, seq, type, ts, ts_us, actor_kind, actor_id, door, address,
                                       payload, digest, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        values![
            workspace,
            i64::from(entry.seq),
            &entry.kind,
            &entry.ts.to_string(),
            entry.ts,
            entry.actor.kind().as_str(),
            entry.actor.id(),
            &entry.door,
            &entry.address,
            &canonical::to_string(&entry.payload),
            &entry.digest,
            &entry.chain,
        ],
    )
    .await?;
    tx.run("UPDATE workspaces SET log_length = log_length + 1 WHERE workspace_id = ?1", values![workspace])
        .await?;
    Ok(())
}

/// Length of the log and chain of its last entry, which has to be there.
async fn end(tx: &mut dyn Transaction, workspace: &WorkspaceId) -> Result<(u32, Option<String>), StoreError> {
    let (length, chain) = tx.log_end(workspace).await?.ok_or(StoreError::Gone("workspace"))?;
    if chain.is_none() && length != 0 {
        return Err(corrupt("workspace_events", workspace.as_str(), "the newest entry is missing"));
    }
    Ok((small(length, "workspaces", workspace.as_str())?, chain))
}
