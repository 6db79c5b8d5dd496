//! What the machines' interfaces, REST and MCP, say and understand: types with their schemas, and their making from what
//! the use cases answer. It decides nothing, reads nothing, and knows no transport.

mod acts;
mod adapter;
mod caller;
mod decision;
mod event;
mod evidence;
mod json;
mod key;
mod lifecycle;
mod list;
mod member;
mod page;
mod policy;
mod problem;
mod request;
mod run;
mod template;
mod words;

pub use acts::{AfterAct, Approve, Execute, Receipt, Reject, Revoke, WaitAnswer, Withdraw};
pub use adapter::{Adapter, AdapterList};
pub use caller::{Actor, Me};
pub use decision::{ActionState, Approval, Decision, TemplateName};
pub use event::{Event, EventList};
pub use evidence::{Check, Fact, Import, Imported, Verification};
pub use json::Json;
pub use key::{Key, KeyList, MadeKey, NewKey};
pub use lifecycle::{BlockingReason, Lifecycle, Progress, TimelineEntry};
pub use list::{DecisionList, Summary};
pub use member::{Member, MemberList, Roles};
pub use page::page;
pub use policy::{Policy, PolicyInput};
pub use problem::{Problem, slug};
pub use request::{NewDecision, Requested};
pub use run::{Begin, Begun, Heard, Live, Report, ReportError, ReportOutput, Run, RunProgress, RunState};
pub use template::{NewTemplate, Template, TemplateList};
pub use words::{
    ActionName, ConflictMode, Mode, Origin, Role, RunStatus, Scope, State, VerifiedKind, Waited,
};
