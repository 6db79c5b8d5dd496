//! `http:<name>`: an endpoint that the operator declared gets the compiled request, signed, and answers how the run
//! went. Requests never bring an address; redirects, proxies and addresses that nobody opened are not followed.
//!
//! A request is sent a second time only where nothing was sent before, or where the operator says that the endpoint does
//! the same run only once.

pub(crate) mod address;
mod answer;
mod attempt;
mod config;
mod course;
mod message;
pub(crate) mod resolve;

pub use config::{Endpoint, HttpConfig};
pub use message::Secrets;
pub use resolve::{Names, SystemNames};

use async_trait::async_trait;
use control::routers::SecretValues;
use control::{AdapterInfo, Clock, Live, Router, RunReport, RunRequest};
use course::{Course, Ended};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One declared endpoint as a router.
pub struct HttpRouter {
    id: String,
    config: HttpConfig,
    /// What its answers may not be quoted with.
    secrets: SecretValues,
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
}

impl HttpRouter {
    /// Checks the declaration. The refusal says what to change.
    pub fn new(config: HttpConfig, clock: Arc<dyn Clock>) -> Result<Self, String> {
        Self::with_names(config, clock, Arc::new(SystemNames))
    }

    /// The same where somebody else than the system knows the addresses of names.
    pub fn with_names(
        config: HttpConfig,
        clock: Arc<dyn Clock>,
        names: Arc<dyn Names>,
    ) -> Result<Self, String> {
        let client = config.client(names)?;
        let secrets = config.hidden();
        Ok(Self { id: format!("http:{}", config.name), config, secrets, client, clock })
    }
}

#[async_trait]
impl Router for HttpRouter {
    fn adapters(&self) -> Vec<AdapterInfo> {
        vec![AdapterInfo {
            id: self.id.clone(),
            description: self.config.description.clone(),
            capabilities: self.config.capabilities.clone(),
            dry_run_only: false,
            command: Vec::new(),
            at_the_caller: false,
        }]
    }

    /// What a plan must hold is for the endpoint to say.
    fn check(&self, _adapter_id: &str, _plan: Option<&str>, _dry_run: bool) -> Result<(), String> {
        Ok(())
    }

    fn command(&self, _adapter_id: &str, _plan: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    fn time_limit_seconds(&self, _adapter_id: &str) -> u64 {
        self.config.timeout_seconds
    }

    async fn run(&self, request: &RunRequest, live: &Live) -> RunReport {
        let limit = Duration::from_secs(self.config.timeout_seconds);
        let mut course = Course::new(self, request, live);
        let ended = tokio::select! {
            biased;
            () = live.cancelled() => Ended::Cancelled,
            ended = course.ask(Instant::now() + limit) => ended,
            () = tokio::time::sleep(limit) => Ended::TimedOut,
        };
        course.report(ended)
    }
}
