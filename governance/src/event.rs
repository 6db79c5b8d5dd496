//! The facts of a decision: eight kinds of the reference and two of our own, each with its payload.
//!
//! An event keeps its payload as it was written, unknown members included, because bundles are hashed over it;
//! beside it stands the typed body that the rules read. The digest covers type and payload.

use crate::actor::Actor;
use crate::digest;
use crate::ids::DecisionId;
use crate::json::{Value, object};
use crate::policy::{Mode, Policy, PolicyError, texts};
use crate::standing::NotCounted;
use crate::time::Timestamp;
use std::fmt;

/// The template that a policy came from, as the decision keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRef {
    /// Its name.
    pub name: String,
    /// Its digest, bare hexadecimal.
    pub digest: String,
    /// Its values at that moment.
    pub snapshot: Value,
    /// What the request replaced, by plain name.
    pub overrides: Value,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A decision was asked for.
    DecisionCreated {
        /// What is to be achieved.
        goal: String,
        /// What exactly will run, where the requester says so.
        plan: Option<String>,
        /// Rehearsed or real.
        mode: Mode,
        /// Governance labels.
        labels: Vec<String>,
    },
    /// The rules that it must meet.
    PolicyAttached {
        /// The policy.
        policy: Policy,
        /// Where it came from.
        template: Option<TemplateRef>,
    },
    /// Somebody approved.
    ApprovalGranted {
        /// Why.
        comment: Option<String>,
        /// Until when it counts.
        expires_at: Option<Timestamp>,
    },
    /// Somebody took their approval back.
    ApprovalRevoked {
        /// Why.
        reason: Option<String>,
    },
    /// A run was asked for.
    ExecutionRequested {
        /// Through which adapter.
        adapter_id: String,
        /// Rehearsed or real.
        dry_run: bool,
        /// Active approvals that did not count then because of who stands behind them. Ours; mostly empty.
        approvals_not_counted: Vec<NotCounted>,
    },
    /// A run began.
    ExecutionStarted {
        /// Digest of the compiled router request, bare hexadecimal.
        router_request_digest: String,
    },
    /// A run ended well.
    ExecutionCompleted {
        /// The router's run.
        run_id: String,
        /// Digest of the router's answer, bare hexadecimal.
        response_digest: String,
        /// Steps taken; `None` where the reference does not know.
        steps_executed: Option<i64>,
    },
    /// A run ended badly, or nobody knows how it ended.
    ExecutionFailed {
        /// A stable code such as `ROUTER_ERROR` or `OUTCOME_UNKNOWN`.
        error_code: String,
        /// The same in words.
        error_message: String,
        /// The router's run, where there was one.
        run_id: Option<String>,
    },
    /// An approver said no. Ours; ends the decision.
    DecisionRejected {
        /// Why.
        reason: String,
    },
    /// The requester took the request back. Ours; ends the decision.
    DecisionWithdrawn {
        /// Why.
        reason: Option<String>,
    },
}

/// Why a stored or imported event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventError {
    /// No event of this type exists.
    UnknownType(String),
    /// A member of the payload is missing or of the wrong type.
    Field(&'static str),
    /// The policy in it is none.
    Policy(PolicyError),
    /// The stored digest is not that of type and payload.
    Digest,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownType(name) => write!(f, "unknown event type `{name}`"),
            Self::Field(name) => write!(f, "payload member `{name}` is missing or has the wrong type"),
            Self::Policy(error) => error.fmt(f),
            Self::Digest => f.write_str("the event's digest does not match its type and payload"),
        }
    }
}

impl std::error::Error for EventError {}

impl Body {
    /// The type's name in the log.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::DecisionCreated { .. } => "DECISION_CREATED",
            Self::PolicyAttached { .. } => "POLICY_ATTACHED",
            Self::ApprovalGranted { .. } => "APPROVAL_GRANTED",
            Self::ApprovalRevoked { .. } => "APPROVAL_REVOKED",
            Self::ExecutionRequested { .. } => "EXECUTION_REQUESTED",
            Self::ExecutionStarted { .. } => "EXECUTION_STARTED",
            Self::ExecutionCompleted { .. } => "EXECUTION_COMPLETED",
            Self::ExecutionFailed { .. } => "EXECUTION_FAILED",
            Self::DecisionRejected { .. } => "DECISION_REJECTED",
            Self::DecisionWithdrawn { .. } => "DECISION_WITHDRAWN",
        }
    }

    /// The payload that is written, hashed and exported.
    pub fn payload(&self) -> Value {
        match self {
            Self::DecisionCreated { goal, plan, mode, labels } => object([
                ("goal", goal.as_str().into()),
                ("plan", plan.clone().into()),
                ("requested_mode", mode.as_str().into()),
                ("labels", labels.as_slice().into()),
            ]),
            Self::PolicyAttached { policy, template } => policy_payload(policy, template.as_ref()),
            Self::ApprovalGranted { comment, expires_at } => {
                let expires = ("expires_at", expires_at.map(|at| at.to_string()).into());
                match comment {
                    Some(comment) => object([expires, ("comment", comment.as_str().into())]),
                    None => object([expires]),
                }
            }
            Self::ApprovalRevoked { reason } => {
                object([("reason", reason.clone().unwrap_or_default().into())])
            }
            Self::ExecutionRequested { adapter_id, dry_run, approvals_not_counted } => {
                let members = [("adapter_id", adapter_id.as_str().into()), ("dry_run", (*dry_run).into())];
                let not_counted: Vec<Value> =
                    approvals_not_counted.iter().map(NotCounted::to_value).collect();
                // Only when there is something to say, so that all other events keep the reference's bytes.
                match (object(members), not_counted.is_empty()) {
                    (Value::Object(mut map), false) => {
                        map.insert("approvals_not_counted".to_owned(), Value::Array(not_counted));
                        Value::Object(map)
                    }
                    (value, _) => value,
                }
            }
            Self::ExecutionStarted { router_request_digest } => {
                object([("router_request_digest", router_request_digest.as_str().into())])
            }
            Self::ExecutionCompleted { run_id, response_digest, steps_executed } => object([
                ("run_id", run_id.as_str().into()),
                ("response_digest", response_digest.as_str().into()),
                ("steps_executed", (*steps_executed).into()),
            ]),
            Self::ExecutionFailed { error_code, error_message, run_id } => object([
                ("error_code", error_code.as_str().into()),
                ("error_message", error_message.as_str().into()),
                ("run_id", run_id.clone().into()),
            ]),
            Self::DecisionRejected { reason } => object([("reason", reason.as_str().into())]),
            Self::DecisionWithdrawn { reason } => {
                object([("reason", reason.clone().unwrap_or_default().into())])
            }
        }
    }

    /// Reads type and payload as they stand in a log or a bundle.
    pub fn parse(type_name: &str, payload: &Value) -> Result<Self, EventError> {
        let member = |name: &'static str| payload.get(name).filter(|value| !value.is_null());
        let optional = |name: &'static str| match member(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(|text| Some(text.to_owned())).ok_or(EventError::Field(name)),
        };
        let text = |name: &'static str| optional(name)?.ok_or(EventError::Field(name));
        let reason = || optional("reason").map(|reason| reason.filter(|text| !text.is_empty()));
        Ok(match type_name {
            "DECISION_CREATED" => Self::DecisionCreated {
                goal: text("goal")?,
                plan: optional("plan")?,
                mode: Mode::parse(&text("requested_mode")?).ok_or(EventError::Field("requested_mode"))?,
                labels: texts(payload, "labels").map_err(EventError::Policy)?.unwrap_or_default(),
            },
            "POLICY_ATTACHED" => Self::PolicyAttached {
                policy: Policy::from_value(payload).map_err(EventError::Policy)?,
                template: match optional("template_name")?.filter(|name| !name.is_empty()) {
                    None => None,
                    Some(name) => Some(TemplateRef {
                        name,
                        digest: optional("template_digest")?.unwrap_or_default(),
                        snapshot: member("template_snapshot").cloned().unwrap_or(object([])),
                        overrides: member("overrides_applied").cloned().unwrap_or(object([])),
                    }),
                },
            },
            "APPROVAL_GRANTED" => Self::ApprovalGranted {
                comment: optional("comment")?,
                expires_at: match optional("expires_at")?.filter(|text| !text.is_empty()) {
                    None => None,
                    Some(at) => Some(Timestamp::parse(&at).map_err(|_| EventError::Field("expires_at"))?),
                },
            },
            "APPROVAL_REVOKED" => Self::ApprovalRevoked { reason: reason()? },
            "EXECUTION_REQUESTED" => Self::ExecutionRequested {
                adapter_id: text("adapter_id")?,
                dry_run: member("dry_run").and_then(Value::as_bool).ok_or(EventError::Field("dry_run"))?,
                approvals_not_counted: not_counted(member("approvals_not_counted"))?,
            },
            "EXECUTION_STARTED" => {
                Self::ExecutionStarted { router_request_digest: text("router_request_digest")? }
            }
            "EXECUTION_COMPLETED" => Self::ExecutionCompleted {
                run_id: text("run_id")?,
                response_digest: text("response_digest")?,
                steps_executed: match member("steps_executed") {
                    None => None,
                    Some(steps) => Some(steps.as_i64().ok_or(EventError::Field("steps_executed"))?),
                },
            },
            "EXECUTION_FAILED" => Self::ExecutionFailed {
                error_code: text("error_code")?,
                error_message: text("error_message")?,
                run_id: optional("run_id")?.filter(|run| !run.is_empty()),
            },
            "DECISION_REJECTED" => Self::DecisionRejected { reason: text("reason")? },
            "DECISION_WITHDRAWN" => Self::DecisionWithdrawn { reason: reason()? },
            other => return Err(EventError::UnknownType(other.to_owned())),
        })
    }
}

fn not_counted(value: Option<&Value>) -> Result<Vec<NotCounted>, EventError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let read =
        || -> Option<Vec<NotCounted>> { value.as_array()?.iter().map(NotCounted::from_value).collect() };
    read().ok_or(EventError::Field("approvals_not_counted"))
}

fn policy_payload(policy: &Policy, template: Option<&TemplateRef>) -> Value {
    match (policy.to_value(), template) {
        (Value::Object(mut map), Some(template)) => {
            map.insert("template_name".to_owned(), template.name.as_str().into());
            map.insert("template_snapshot".to_owned(), template.snapshot.clone());
            map.insert("template_digest".to_owned(), template.digest.as_str().into());
            map.insert("overrides_applied".to_owned(), template.overrides.clone());
            Value::Object(map)
        }
        (value, _) => value,
    }
}

/// A fact that was decided and is not yet in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub body: Body,
}

/// A fact in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Place in the decision's stream, from 0.
    pub seq: u32,
    /// When.
    pub ts: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, typed.
    pub body: Body,
    /// What, as written.
    pub payload: Value,
    /// Digest of type and payload, bare hexadecimal.
    pub digest: String,
}

impl Event {
    /// Gives a new fact its place and time.
    pub fn record(new: NewEvent, seq: u32, ts: Timestamp) -> Self {
        let payload = new.body.payload();
        let digest = event_digest(new.body.type_name(), &payload);
        Self { seq, ts, actor: new.actor, body: new.body, payload, digest }
    }

    /// Reads a fact from its parts and checks its digest.
    pub fn restore(
        seq: u32,
        type_name: &str,
        ts: Timestamp,
        actor: Actor,
        payload: Value,
        digest: String,
    ) -> Result<Self, EventError> {
        let body = Body::parse(type_name, &payload)?;
        if event_digest(type_name, &payload) != digest {
            return Err(EventError::Digest);
        }
        Ok(Self { seq, ts, actor, body, payload, digest })
    }

    /// The id in bundles: `evt_<decision>_<seq>`.
    pub fn event_id(&self, decision: &DecisionId) -> String {
        format!("evt_{decision}_{}", self.seq)
    }
}

/// SHA-256 over canonical `{"event_type": …, "payload": …}`.
pub fn event_digest(type_name: &str, payload: &Value) -> String {
    digest::of_value(&object([("event_type", type_name.into()), ("payload", payload.clone())]))
}
