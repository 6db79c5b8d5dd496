//! The log as one document, format 1.0: all entries, where the chain ends, and a digest over everything.
//!
//! Other than a bundle it has no part outside of its digest: nothing in it is a mere note.

use super::entry::Entry;
use crate::bundle;
use crate::digest;
use crate::ids::WorkspaceId;
use crate::json::{Value, object};
use crate::time::Timestamp;

/// The format's name.
pub const FORMAT: &str = "nexus-control.workspace-log";
/// The format's version.
pub const VERSION: &str = "1.0";

/// Exports the log of a workspace. `entries` is the whole log, in order; a part of it would not verify.
pub fn export(workspace: &WorkspaceId, name: &str, entries: &[Entry], exported_at: Timestamp) -> Value {
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let chain = entries.last().map(|entry| entry.chain.as_str()).unwrap_or_default();
    let covered = object([
        ("format", FORMAT.into()),
        ("version", VERSION.into()),
        ("workspace", object([("workspace_id", workspace.as_str().into()), ("name", name.into())])),
        ("exported_at", exported_at.to_string().into()),
        ("entries", Value::Array(entries.iter().map(Entry::to_value).collect())),
        ("head", object([("count", count.into()), ("chain", chain.into())])),
    ]);
    let integrity = integrity(&covered);
    let Value::Object(mut map) = covered else { return covered };
    map.insert("integrity".to_owned(), integrity);
    Value::Object(map)
}

/// The integrity section of a document: its digest over everything but this section itself.
pub(super) fn integrity(document: &Value) -> Value {
    let digest = match document {
        Value::Object(map) if map.contains_key("integrity") => {
            let mut rest = map.clone();
            rest.remove("integrity");
            digest::of_value(&Value::Object(rest))
        }
        other => digest::of_value(other),
    };
    bundle::integrity("canonical_digest", &digest)
}
