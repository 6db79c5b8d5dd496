//! Adapters: ways to run.

use control::AdapterInfo;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// Every adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct AdapterList {
    /// They, `simulate` first.
    pub adapters: Vec<Adapter>,
}

/// One way to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Adapter {
    /// Its id.
    #[schema(example = "subprocess:key-rotation")]
    pub adapter_id: String,
    /// What it is, in words.
    pub description: String,
    /// What it can do, as policies require it.
    pub capabilities: Vec<String>,
    /// Whether it only rehearses.
    pub dry_run_only: bool,
    /// Whether whoever asked carries the run out, through the gate.
    pub at_the_caller: bool,
    /// The command that it starts, program first; empty where there is none.
    pub command: Vec<String>,
}

impl From<&AdapterInfo> for Adapter {
    fn from(adapter: &AdapterInfo) -> Self {
        Self {
            adapter_id: adapter.id.clone(),
            description: adapter.description.clone(),
            capabilities: adapter.capabilities.clone(),
            dry_run_only: adapter.dry_run_only,
            at_the_caller: adapter.at_the_caller,
            command: adapter.command.clone(),
        }
    }
}
