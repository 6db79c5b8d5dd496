//! One decision as the sections of its page read it, on the server; what travels is made of it (`decision_parts`).

use crate::api::Who;
use crate::api::run::Run;

/// Everything on the page of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPage {
    /// Its id.
    pub id: String,
    /// Version of its stream, sent back with every action.
    pub version: u32,
    /// What is to be achieved.
    pub goal: String,
    /// What exactly will run.
    pub plan: Option<String>,
    /// The same, read, where the gate asked.
    pub gate: Option<GatePlan>,
    /// Mode's word.
    pub mode: String,
    /// State's word.
    pub state: String,
    /// Imported evidence.
    pub imported: bool,
    /// Labels.
    pub labels: Vec<String>,
    /// Who asked.
    pub requester: Who,
    /// Whether a machine asked: a key, and no person.
    pub machine: bool,
    /// When, microseconds.
    pub created_at: i64,
    /// When the next of the approvals that count lapses.
    pub lapses_at: Option<i64>,
    /// The policy in one line.
    pub rule: String,
    /// The policy as statements.
    pub policy: Vec<String>,
    /// Where the policy came from.
    pub template: Option<TemplateUse>,
    /// What an approval binds to.
    pub request_digest: String,
    /// Approvals that count now.
    pub given: u32,
    /// Approvals needed.
    pub needed: u32,
    /// All approvals, the latest of each person.
    pub approvals: Vec<Approval>,
    /// What blocks it.
    pub blocked: Vec<Blocked>,
    /// What has to be there before it can run, while it is open.
    pub checks: Vec<Check>,
    /// It beside what ran last; `None` for evidence from elsewhere.
    pub earlier: Option<Earlier>,
    /// The next one that waits for the reader, by id and goal, where there is nothing to decide here for them.
    pub next: Option<(String, String)>,
    /// What the reader may do.
    pub actions: Vec<Action>,
    /// Within how many minutes the reader must have signed in to approve, when they have not.
    pub step_up: Option<u32>,
    /// Comment and expiry that the reader was typing when they had to sign in again.
    pub draft: Option<(String, String)>,
    /// Adapters that it may run through.
    pub adapters: Vec<Adapter>,
    /// The latest run.
    pub run: Option<Run>,
    /// The log, oldest first.
    pub timeline: Vec<Line>,
}

/// The plan of a request that came through the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatePlan {
    /// The command as a line for a shell.
    pub line: String,
    /// The same, argument by argument.
    pub command: Vec<String>,
    /// Where it runs.
    pub working_dir: String,
    /// Files that it is bound to, with their digests.
    pub files: Vec<(String, String)>,
    /// What to type where it was asked for, when its gate waits no longer.
    pub resume: String,
}

/// The template that a policy came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateUse {
    /// Name.
    pub name: String,
    /// Digest at that moment.
    pub digest: String,
    /// What the request replaced.
    pub terms: Vec<Term>,
}

/// A value of the template and what the request put in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// The template's.
    pub template: String,
    /// This request's.
    pub here: String,
}

/// Something that has to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Whether it is.
    pub done: bool,
    /// What; texts in it are visible ones.
    pub what: String,
    /// Who could help; empty where nobody has to.
    pub detail: String,
}

/// What would run beside what ran last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// With what it is compared, and what comes of it.
    pub words: String,
    /// That decision.
    pub link: Option<String>,
    /// Lines that came (`+`), went (`-`) or stayed; empty where that needs no lines.
    pub lines: Vec<(String, String)>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub who: Who,
    /// Whether that is a machine.
    pub machine: bool,
    /// `counts`, `expired`, `revoked` or `ignored`.
    pub status: String,
    /// Why it is ignored; empty otherwise.
    pub why: String,
    /// When, microseconds.
    pub granted_at: i64,
    /// Until when.
    pub expires_at: Option<i64>,
    /// Why.
    pub comment: Option<String>,
    /// Why it was taken back.
    pub revoke_reason: Option<String>,
}

/// What blocks a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Stable code.
    pub code: String,
    /// What it is.
    pub what: String,
    /// What to do, and who can.
    pub todo: String,
}

/// Something that a reader may do, or why they may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Which.
    pub kind: ActionKind,
    /// Why not; `None` when it is open.
    pub reason: Option<String>,
}

/// What can be done on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Approve.
    Approve,
    /// Revoke one's approval.
    Revoke,
    /// Reject.
    Reject,
    /// Withdraw one's request.
    Withdraw,
    /// Execute.
    Execute,
    /// Stop the run.
    Cancel,
    /// Export.
    Export,
}

/// An adapter that it may run through, with the exact request that it would get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// Its id.
    pub id: String,
    /// What it is.
    pub description: String,
    /// The command that it starts, program first; empty where there is none.
    pub command: Vec<String>,
    /// The compiled request, canonical JSON.
    pub request: String,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The event's place in the stream.
    pub seq: u32,
    /// Whether it is computed rather than an event of its own.
    pub computed: bool,
    /// `decision`, `policy`, `approval` or `execution`.
    pub category: String,
    /// A sentence.
    pub summary: String,
    /// What they did, after their name; empty for computed lines.
    pub did: String,
    /// What they said with it.
    pub said: Option<String>,
    /// Who.
    pub actor: Option<Who>,
    /// Whether that is a machine.
    pub machine: bool,
    /// Whether that is the reader.
    pub mine: bool,
    /// Through which door it came, in words; empty where that was not noted.
    pub door: String,
    /// When, microseconds.
    pub at: i64,
    /// The event's digest; empty for computed lines.
    pub digest: String,
}

impl DecisionPage {
    /// Why an action is not open: `None` when it is.
    pub fn reason(&self, kind: ActionKind) -> Option<String> {
        match self.actions.iter().find(|action| action.kind == kind) {
            Some(action) => action.reason.clone(),
            None => Some("this is not possible here".to_owned()),
        }
    }

    /// The gate's plan, where whoever asked really runs it themselves.
    pub fn at_the_gate(&self) -> Option<&GatePlan> {
        self.gate.as_ref().filter(|_| self.mode == "apply")
    }

    /// Whether the request replaced anything of its template.
    pub fn changed_terms(&self) -> bool {
        self.template.as_ref().is_some_and(|template| !template.terms.is_empty())
    }

    /// Whether an action is open.
    pub fn open(&self, kind: ActionKind) -> bool {
        self.reason(kind).is_none()
    }
}
