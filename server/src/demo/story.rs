//! What happened to one decision: who asked for what, when, and what others did about it.

use governance::Mode;
use governance::decide::PolicyInput;

/// When a story begins.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// So many days ago, at this hour and minute (UTC).
    Day(i64, i64, i64),
    /// So many minutes ago.
    Ago(i64),
}

/// What somebody does about it.
#[derive(Debug, Clone)]
pub enum Act {
    /// Approves: why, and for how many minutes.
    Approve(Option<String>, Option<i64>),
    /// Takes an approval back.
    Revoke(String),
    /// Says no.
    Reject(String),
    /// Takes the request back.
    Withdraw(String),
    /// Runs it through an adapter.
    Execute(String),
}

/// One step: minutes after the start, who, what.
#[derive(Debug, Clone)]
pub struct Step {
    pub after: i64,
    pub who: &'static str,
    pub act: Act,
}

/// One decision's story.
#[derive(Debug, Clone)]
pub struct Story {
    pub start: Start,
    pub who: &'static str,
    pub goal: String,
    pub plan: Option<String>,
    pub mode: Mode,
    pub template: Option<&'static str>,
    pub policy: PolicyInput,
    pub steps: Vec<Step>,
}

impl Story {
    /// A real run is asked for. A rehearsal says so with [`Story::rehearsed`].
    pub fn new(start: Start, who: &'static str, goal: impl Into<String>) -> Self {
        Self {
            start,
            who,
            goal: goal.into(),
            plan: None,
            mode: Mode::Apply,
            template: None,
            policy: PolicyInput::default(),
            steps: Vec::new(),
        }
    }

    pub fn plan(mut self, plan: impl Into<String>) -> Self {
        self.plan = Some(plan.into());
        self
    }

    pub fn rehearsed(mut self) -> Self {
        self.mode = Mode::DryRun;
        self
    }

    pub fn from(mut self, template: &'static str) -> Self {
        self.template = Some(template);
        self
    }

    /// Needs so many approvals, whatever a template says.
    pub fn needing(mut self, approvals: i64) -> Self {
        self.policy.min_approvals = Some(approvals);
        self
    }

    pub fn requiring(mut self, capabilities: &[&str]) -> Self {
        self.policy.require_adapter_capabilities =
            Some(capabilities.iter().map(|one| (*one).to_owned()).collect());
        self
    }

    pub fn labelled(mut self, labels: &[&str]) -> Self {
        self.policy.labels = Some(labels.iter().map(|one| (*one).to_owned()).collect());
        self
    }

    pub fn approved(self, after: i64, who: &'static str) -> Self {
        self.step(after, who, Act::Approve(None, None))
    }

    pub fn approved_saying(self, after: i64, who: &'static str, comment: &str) -> Self {
        self.step(after, who, Act::Approve(Some(comment.to_owned()), None))
    }

    /// The approval lapses after so many minutes.
    pub fn approved_for(self, after: i64, who: &'static str, minutes: i64, comment: &str) -> Self {
        self.step(after, who, Act::Approve(Some(comment.to_owned()), Some(minutes)))
    }

    pub fn revoked(self, after: i64, who: &'static str, reason: &str) -> Self {
        self.step(after, who, Act::Revoke(reason.to_owned()))
    }

    pub fn rejected(self, after: i64, who: &'static str, reason: &str) -> Self {
        self.step(after, who, Act::Reject(reason.to_owned()))
    }

    pub fn withdrawn(self, after: i64, reason: &str) -> Self {
        let who = self.who;
        self.step(after, who, Act::Withdraw(reason.to_owned()))
    }

    pub fn executed(self, after: i64, who: &'static str, adapter: &str) -> Self {
        self.step(after, who, Act::Execute(adapter.to_owned()))
    }

    fn step(mut self, after: i64, who: &'static str, act: Act) -> Self {
        self.steps.push(Step { after, who, act });
        self
    }
}
