//! The routers that are there: `simulate` always, `subprocess:<name>` as the operator declared.
//!
//! Dry runs reach no adapter: whatever adapter they name, they are simulated.

pub mod gate;
mod secrets;
mod simulate;
pub mod subprocess;

pub use gate::GateConfig;
pub use secrets::SecretValues;
pub use subprocess::{FieldConfig, SubprocessConfig};

use crate::clock::Clock;
use crate::live::Live;
use crate::router::{AdapterInfo, Router, RunReport, RunRequest};
use gate::Gate;
use simulate::Simulate;
use std::sync::Arc;
use subprocess::Subprocess;

/// The registry of routers.
pub struct Routers {
    simulate: Simulate,
    gate: Arc<Gate>,
    others: Vec<Arc<dyn Router>>,
}

impl Routers {
    /// `simulate` and the declared subprocesses. Refuses, in words, a declaration that makes no sense.
    pub fn new(subprocesses: Vec<SubprocessConfig>, clock: &Arc<dyn Clock>) -> Result<Self, String> {
        let gate = Arc::new(Gate::new(GateConfig::default())?);
        let mut others: Vec<Arc<dyn Router>> = vec![gate.clone()];
        for config in subprocesses {
            let router = Subprocess::new(config, clock.clone())?;
            let ids: Vec<String> = router.adapters().into_iter().map(|adapter| adapter.id).collect();
            let taken =
                others.iter().flat_map(|other| other.adapters()).any(|adapter| ids.contains(&adapter.id));
            if taken {
                return Err(format!("adapter {} is declared twice", ids.join(", ")));
            }
            others.push(Arc::new(router));
        }
        Ok(Self { simulate: Simulate::new(clock.clone()), gate, others })
    }

    /// The same with the gate as the operator declared it. Refuses, in words, a declaration that makes no sense.
    pub fn with_gate(mut self, config: GateConfig) -> Result<Self, String> {
        let gate = Arc::new(Gate::new(config)?);
        self.others.retain(|other| other.adapters().iter().all(|one| one.id != gate::ADAPTER_ID));
        self.others.insert(0, gate.clone());
        self.gate = gate;
        Ok(self)
    }

    /// The gate's settings.
    pub(crate) fn gate(&self) -> &GateConfig {
        &self.gate.0
    }

    /// Adds a router of another kind. What it is called may not be taken.
    pub fn add(&mut self, router: Arc<dyn Router>) -> Result<(), String> {
        let taken: Vec<String> = self.adapters().into_iter().map(|adapter| adapter.id).collect();
        match router.adapters().into_iter().find(|adapter| taken.contains(&adapter.id)) {
            Some(adapter) => Err(format!("adapter {} is declared twice", adapter.id)),
            None => {
                self.others.push(router);
                Ok(())
            }
        }
    }

    /// Asks every router again what it offers. Who does not answer keeps what was known; the words say who.
    pub async fn refresh(&self) -> Vec<String> {
        let mut silent = Vec::new();
        for router in &self.others {
            silent.extend(router.refresh().await.err());
        }
        silent
    }

    /// All adapters, `simulate` first.
    pub fn adapters(&self) -> Vec<AdapterInfo> {
        let mut adapters = self.simulate.adapters();
        adapters.extend(self.others.iter().flat_map(|router| router.adapters()));
        adapters
    }

    /// One adapter by id.
    pub fn adapter(&self, id: &str) -> Option<AdapterInfo> {
        self.adapters().into_iter().find(|adapter| adapter.id == id)
    }

    /// Refuses what the adapter could not run, before anything is recorded.
    pub fn check(&self, adapter_id: &str, plan: Option<&str>, dry_run: bool) -> Result<(), String> {
        self.router(adapter_id).check(adapter_id, plan, dry_run)
    }

    /// The command that a run with this plan would start; empty where there is none.
    pub fn command(&self, adapter_id: &str, plan: Option<&str>) -> Vec<String> {
        self.router(adapter_id).command(adapter_id, plan)
    }

    /// Longest time that a run through this adapter may take, in seconds.
    pub fn time_limit_seconds(&self, adapter_id: &str) -> u64 {
        self.router(adapter_id).time_limit_seconds(adapter_id)
    }

    /// Runs through the adapter; a dry run is simulated.
    pub async fn run(&self, request: &RunRequest, live: &Live) -> RunReport {
        if request.dry_run {
            self.simulate.run(request, live).await
        } else {
            self.router(&request.adapter_id).run(request, live).await
        }
    }

    fn router(&self, adapter_id: &str) -> &dyn Router {
        let owner = self.others.iter().find(|router| router.owns(adapter_id));
        owner.map_or(&self.simulate as &dyn Router, |router| router.as_ref())
    }
}
