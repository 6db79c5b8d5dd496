//! The rules of Nexus Control: what a decision is, what may happen to it, and how anyone proves it afterwards.
//!
//! This crate is pure. It refuses clocks, randomness, files and networks: time, ids and the acting person
//! come in as arguments, so that the server, the command line and the browser run the very same code.

pub mod actor;
pub mod bundle;
pub mod canonical;
mod count;
pub mod decide;
pub mod decision;
pub mod digest;
pub mod event;
pub mod finding;
pub mod gate_plan;
pub mod ids;
pub mod import;
pub mod inspect;
pub mod json;
pub mod lifecycle;
pub mod package;
pub mod policy;
pub mod refusal;
pub mod router_bundle;
pub mod standing;
pub mod story;
pub mod template;
pub mod time;
pub mod timeline;
pub mod verify;
pub mod visible;
pub mod workspace_log;

pub use actor::{Actor, ActorKind};
pub use decision::{Decision, Origin, Phase, State};
pub use event::{Body, Event, NewEvent};
pub use gate_plan::GatePlan;
pub use ids::{AdapterId, DecisionId, PersonId, RunId, WorkspaceId};
pub use json::Value;
pub use policy::{Mode, Policy};
pub use refusal::Refusal;
pub use standing::{Lost, Standing, Voice};
pub use template::Template;
pub use time::Timestamp;
