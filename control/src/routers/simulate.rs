//! `simulate`: rehearses. It touches nothing and refuses real runs.

use crate::clock::Clock;
use crate::live::Live;
use crate::router::{AdapterInfo, Router, RunEvent, RunReport, RunRequest};
use async_trait::async_trait;
use governance::json::object;
use std::sync::Arc;

/// The adapter's id.
pub const ADAPTER_ID: &str = "simulate";

pub(super) struct Simulate {
    clock: Arc<dyn Clock>,
}

impl Simulate {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }

    fn event(&self, kind: &str, payload: governance::Value) -> RunEvent {
        RunEvent { ts: self.clock.now(), kind: kind.to_owned(), payload }
    }
}

#[async_trait]
impl Router for Simulate {
    fn adapters(&self) -> Vec<AdapterInfo> {
        vec![AdapterInfo {
            id: ADAPTER_ID.to_owned(),
            description: "Rehearses the run and touches nothing".to_owned(),
            capabilities: vec!["dry_run".to_owned(), "timeout".to_owned()],
            dry_run_only: true,
            command: Vec::new(),
            at_the_caller: false,
        }]
    }

    fn check(&self, adapter_id: &str, _plan: Option<&str>, dry_run: bool) -> Result<(), String> {
        if dry_run {
            Ok(())
        } else {
            Err(format!("adapter `{adapter_id}` only rehearses; choose one that really runs"))
        }
    }

    fn command(&self, _adapter_id: &str, _plan: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    fn time_limit_seconds(&self, _adapter_id: &str) -> u64 {
        10
    }

    async fn run(&self, request: &RunRequest, _live: &Live) -> RunReport {
        if !request.dry_run {
            let message = format!("adapter `{}` only rehearses", request.adapter_id);
            return RunReport::failed("DRY_RUN_ONLY", message, 0, Vec::new());
        }
        let step = object([
            ("step", 1_i64.into()),
            ("adapter_id", request.adapter_id.as_str().into()),
            ("simulated", true.into()),
            ("request", request.request.clone()),
        ]);
        let ended = object([("status", "completed".into()), ("steps_executed", 1_i64.into())]);
        let events = vec![
            self.event("RUN_STARTED", object([("mode", "dry_run".into())])),
            self.event("STEP_COMPLETED", step),
            self.event("RUN_COMPLETED", ended),
        ];
        RunReport { steps_executed: 1, error: None, events, record: None }
    }
}
