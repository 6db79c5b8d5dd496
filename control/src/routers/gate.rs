//! `gate`: whoever asked runs the command themselves, through `nexus-control gate`. Here it only has a name, what it
//! can do and how long it may take; it starts nothing.

use crate::live::Live;
use crate::router::{AdapterInfo, Router, RunReport, RunRequest};
use async_trait::async_trait;
use serde::Deserialize;

/// The adapter's id.
pub const ADAPTER_ID: &str = "gate";

/// The gate as the operator declares it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GateConfig {
    /// What policies may require of it.
    pub capabilities: Vec<String>,
    /// Longest run, in seconds.
    pub timeout_seconds: u64,
    /// After so many seconds without a word, a run is recorded as unknown.
    pub silence_seconds: u64,
}

impl Default for GateConfig {
    fn default() -> Self {
        let capabilities = ["apply", "timeout", "external"].map(str::to_owned).to_vec();
        Self { capabilities, timeout_seconds: 3600, silence_seconds: 300 }
    }
}

/// The gate's place in the registry.
pub struct Gate(pub GateConfig);

impl Gate {
    /// Checks the declaration. The refusal says what to change.
    pub fn new(config: GateConfig) -> Result<Self, String> {
        if !(1..=24 * 3600).contains(&config.timeout_seconds) {
            return Err("gate: timeout_seconds must be 1 to 86400".to_owned());
        }
        if !(10..=3600).contains(&config.silence_seconds) {
            return Err("gate: silence_seconds must be 10 to 3600".to_owned());
        }
        Ok(Self(config))
    }
}

#[async_trait]
impl Router for Gate {
    fn adapters(&self) -> Vec<AdapterInfo> {
        vec![AdapterInfo {
            id: ADAPTER_ID.to_owned(),
            description: "Runs where it was asked for, by `nexus-control gate`".to_owned(),
            capabilities: self.0.capabilities.clone(),
            dry_run_only: false,
            command: Vec::new(),
            at_the_caller: true,
        }]
    }

    fn check(&self, _adapter_id: &str, _plan: Option<&str>, _dry_run: bool) -> Result<(), String> {
        Ok(())
    }

    fn command(&self, _adapter_id: &str, _plan: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    fn time_limit_seconds(&self, _adapter_id: &str) -> u64 {
        self.0.timeout_seconds
    }

    async fn run(&self, _request: &RunRequest, _live: &Live) -> RunReport {
        RunReport::failed("RUNS_AT_THE_CALLER", "this server does not run what the gate runs", 0, Vec::new())
    }
}
