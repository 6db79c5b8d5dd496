//! `nexus-router:<name>:<adapter>`: any MCP server that offers `nexus-router.run`. Each run is a conversation of its
//! own: what is offered is read anew, the run is asked for once, its record is fetched, the answer is held against what
//! was asked. It never asks twice: what is lost stays lost, for people to look at.

mod answer;
mod ask;
mod config;
mod events;
mod http;
mod lines;
mod offer;
mod plan;
mod record;
mod session;
mod stdio;
mod trouble;
mod wire;

pub use config::{NexusAdapterConfig, NexusRouterConfig};

use answer::Answer;
use ask::Ask;
use async_trait::async_trait;
use control::router::{CANCELLED, ROUTER_ANSWER_INVALID, ROUTER_UNREACHABLE, TIMED_OUT};
use control::routers::SecretValues;
use control::{AdapterInfo, Clock, Live, Router, RunEvent, RunReport, RunRequest};
use governance::RunId;
use governance::json::{Value, object};
use offer::{EXPORT, Offer, RUN};
use record::Exported;
use reqwest::Client;
use rmcp::model::JsonObject;
use session::Session;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;
use trouble::Trouble;

/// How long a router may take to say what it offers.
const ASKING: Duration = Duration::from_secs(30);

/// One router.
pub struct NexusRouter {
    config: NexusRouterConfig,
    /// Where it is reached across the network.
    client: Option<Client>,
    /// What nobody but the router may hear.
    secrets: SecretValues,
    clock: Arc<dyn Clock>,
    adapters: RwLock<Vec<AdapterInfo>>,
}

/// What is known of a run so far.
#[derive(Default)]
struct Run {
    events: Vec<RunEvent>,
    steps: u32,
    record: Option<control::RunRecord>,
}

impl NexusRouter {
    /// Checks the declaration; nobody is asked yet. The refusal says what to change.
    pub fn new(config: NexusRouterConfig, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let client = config.client()?;
        let secrets = config.secrets()?;
        Ok(Self { config, client, secrets, clock, adapters: RwLock::default() })
    }

    async fn open(&self, run: Option<&RunId>, live: &Live) -> Result<Session, Trouble> {
        Session::open(&self.config, self.client.as_ref(), &self.secrets, run, live).await
    }

    async fn offer(&self) -> Result<Offer, Trouble> {
        let session = self.open(None, &Live::default()).await?;
        let offer = Offer::ask(&session, &self.config).await;
        let ended = session.end().await;
        offer.and_then(|offer| ended.map(|()| offer))
    }

    /// Everything from the first word to the last. What is known when it fails stays in `run`.
    async fn converse(&self, request: &RunRequest, live: &Live, run: &mut Run) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(self.config.timeout_seconds);
        let ask = Ask::of(request, &self.config.name, &self.secrets).map_err(Trouble::before_the_run)?;
        live.step(0, "reaching the router");
        let opening = async {
            let session = self.open(Some(&request.run_id), live).await?;
            match Offer::ask(&session, &self.config).await {
                Ok(offer) => Ok((session, offer)),
                Err(trouble) => {
                    let _ = session.end().await;
                    Err(trouble)
                }
            }
        };
        let (session, offer) = tokio::select! {
            biased;
            opened = opening => opened,
            trouble = self.stop(live, deadline) => Err(trouble),
        }
        .map_err(Trouble::before_the_run)?;
        let ran = match offer.still_has(&request.adapter_id, &ask.required) {
            Ok(()) => self.ask(&session, &ask, offer.exports, live, deadline, run).await,
            Err(trouble) => Err(trouble.before_the_run()),
        };
        // What came late contradicts what was answered before, and is only seen now.
        let ended = session.end().await;
        ran.and(ended)
    }

    /// Asks for the run and for its record.
    async fn ask(
        &self,
        session: &Session,
        ask: &Ask,
        exports: bool,
        live: &Live,
        deadline: Instant,
        run: &mut Run,
    ) -> Result<(), Trouble> {
        let arguments = ask.arguments()?;
        let started = object([("mode", ask::MODE.into()), ("adapter_id", ask.adapter.as_str().into())]);
        run.events.push(self.event("RUN_STARTED", started));
        live.step(0, "the router runs it");
        let stop = async {
            let mut trouble = self.stop(live, deadline).await;
            trouble
                .message
                .push_str("; the router was told to stop; what it had done by then only it can say");
            trouble
        };
        let said = session.call(RUN, arguments, stop).await?;
        run.events.push(self.event("ROUTER_ANSWERED", self.secrets.clean_value(&said)));
        let answer = Answer::read(&said, ask)?;
        run.steps = answer.steps;
        let mut failed = answer.failed.clone();
        if exports {
            live.step(run.steps, "fetching the router's record");
            // The run is over: whoever wants to stop it comes too late.
            let late = async {
                tokio::time::sleep_until(deadline).await;
                Trouble::new(TIMED_OUT, "the router ran it and did not hand over its record in time")
            };
            let said = session.call(EXPORT, self.export_of(&answer), late).await;
            let said = said.map_err(Trouble::after_the_run)?;
            let exported = Exported::read(&said, &answer, ask)?;
            if self.secrets.clean_value(&exported.record.bundle) != exported.record.bundle {
                let words = "the router's record holds a secret that it was given; the record was not kept";
                return Err(Trouble::new(ROUTER_ANSWER_INVALID, words));
            }
            run.steps = run.steps.max(exported.steps);
            failed = failed.or(exported.failed);
            run.record = Some(exported.record);
        }
        failed.map_or(Ok(()), Err)
    }

    /// Ends when the run must stop, with the reason.
    async fn stop(&self, live: &Live, deadline: Instant) -> Trouble {
        tokio::select! {
            () = live.cancelled() => Trouble::new(CANCELLED, live.cancelled_words()),
            () = tokio::time::sleep_until(deadline) => {
                let limit = self.config.timeout_seconds;
                Trouble::new(TIMED_OUT, format!("the run took longer than its limit of {limit} seconds"))
            }
        }
    }

    fn export_of(&self, answer: &Answer) -> JsonObject {
        let mut arguments = JsonObject::new();
        arguments.insert("run_id".to_owned(), answer.run_id.as_str().into());
        if let Some(path) = &self.config.db_path {
            arguments.insert("db_path".to_owned(), path.as_str().into());
        }
        arguments
    }

    fn event(&self, kind: &str, payload: Value) -> RunEvent {
        RunEvent { ts: self.clock.now(), kind: kind.to_owned(), payload }
    }
}

#[async_trait]
impl Router for NexusRouter {
    fn adapters(&self) -> Vec<AdapterInfo> {
        self.adapters.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn owns(&self, adapter_id: &str) -> bool {
        // An adapter that is gone is still ours: its runs must fail here and never be taken for somebody else's.
        adapter_id.starts_with(&offer::prefix(&self.config.name))
    }

    async fn refresh(&self) -> Result<(), String> {
        let silent = || Trouble::new(ROUTER_UNREACHABLE, "it did not answer in time");
        let offer = tokio::time::timeout(ASKING, self.offer()).await.unwrap_or_else(|_| Err(silent()));
        let words = |why: Trouble| format!("router `{}`: {}", self.config.name, why.message);
        let offer = offer.map_err(words)?;
        *self.adapters.write().unwrap_or_else(PoisonError::into_inner) = offer.adapters;
        Ok(())
    }

    fn check(&self, adapter_id: &str, plan: Option<&str>, dry_run: bool) -> Result<(), String> {
        let rehearses = self.adapters().iter().any(|one| one.id == adapter_id && one.dry_run_only);
        if rehearses && !dry_run {
            return Err(format!("adapter `{adapter_id}` only rehearses; choose one that really runs"));
        }
        plan.map(plan::steps).transpose().map(|_| ())
    }

    fn command(&self, _adapter_id: &str, _plan: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    fn time_limit_seconds(&self, _adapter_id: &str) -> u64 {
        self.config.timeout_seconds
    }

    async fn run(&self, request: &RunRequest, live: &Live) -> RunReport {
        let mut run = Run::default();
        let outcome = self.converse(request, live, &mut run).await;
        let error = outcome.err().map(|it| (it.code.to_owned(), it.message));
        let status = if error.is_some() { "failed" } else { "completed" };
        let mut ended = object([("status", status.into()), ("steps_executed", run.steps.into())]);
        if let (Some((code, _)), Value::Object(members)) = (&error, &mut ended) {
            members.insert("error_code".to_owned(), code.as_str().into());
        }
        let kind = if error.is_some() { "RUN_FAILED" } else { "RUN_COMPLETED" };
        run.events.push(self.event(kind, ended));
        RunReport { steps_executed: run.steps, error, events: run.events, record: run.record }
    }
}
