//! What a decision needs before it may run, and the router request that this compiles to.

use crate::json::{Value, object};
use std::fmt;

/// How a run is meant: rehearsed or real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Nothing outside is touched.
    DryRun,
    /// The real thing.
    Apply,
}

impl Mode {
    /// The word in events: `dry_run` or `apply`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DryRun => "dry_run",
            Self::Apply => "apply",
        }
    }

    /// Reads the word of an event or a form.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "dry_run" => Some(Self::DryRun),
            "apply" => Some(Self::Apply),
            _ => None,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Oldest sign-in that a policy may ask for, in minutes: a week.
pub const MAX_SIGN_IN_AGE_MINUTES: u32 = 10_080;

/// Why a set of values is no policy. The texts are the reference's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// Fewer than one approval.
    MinApprovals,
    /// No mode at all.
    NoModes,
    /// A mode that does not exist.
    UnknownMode(String),
    /// A step limit below one.
    MaxSteps,
    /// An age of the sign-in below a minute or above a week. Ours.
    MaxSignInAge,
    /// A field of the wrong JSON type.
    Field(&'static str),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinApprovals => f.write_str("min_approvals must be at least 1"),
            Self::NoModes => f.write_str("allowed_modes cannot be empty"),
            Self::UnknownMode(mode) => write!(f, "Invalid mode: {mode}"),
            Self::MaxSteps => f.write_str("max_steps must be at least 1 if specified"),
            Self::MaxSignInAge => {
                write!(f, "max_sign_in_age_minutes must be 1 to {MAX_SIGN_IN_AGE_MINUTES} if specified")
            }
            Self::Field(name) => write!(f, "policy field `{name}` has the wrong type"),
        }
    }
}

impl std::error::Error for PolicyError {}

/// The rules of one decision. Checked when made; never changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    min_approvals: u32,
    allowed_modes: Vec<Mode>,
    require_adapter_capabilities: Vec<String>,
    max_steps: Option<u32>,
    labels: Vec<String>,
    forbid_self_approval: bool,
    allow_machine_approvals: bool,
    max_sign_in_age_minutes: Option<u32>,
}

impl Policy {
    /// Makes a policy of checked values; modes come as words because they may come from outside.
    pub fn new(
        min_approvals: i64,
        allowed_modes: &[String],
        require_adapter_capabilities: Vec<String>,
        max_steps: Option<i64>,
        labels: Vec<String>,
    ) -> Result<Self, PolicyError> {
        if min_approvals < 1 {
            return Err(PolicyError::MinApprovals);
        }
        if allowed_modes.is_empty() {
            return Err(PolicyError::NoModes);
        }
        let modes: Result<Vec<Mode>, PolicyError> = allowed_modes
            .iter()
            .map(|word| Mode::parse(word).ok_or_else(|| PolicyError::UnknownMode(word.clone())))
            .collect();
        let allowed_modes = modes?;
        if max_steps.is_some_and(|steps| steps < 1) {
            return Err(PolicyError::MaxSteps);
        }
        Ok(Self {
            min_approvals: u32::try_from(min_approvals).map_err(|_| PolicyError::Field("min_approvals"))?,
            allowed_modes,
            require_adapter_capabilities,
            max_steps: max_steps
                .map(u32::try_from)
                .transpose()
                .map_err(|_| PolicyError::Field("max_steps"))?,
            labels,
            forbid_self_approval: false,
            allow_machine_approvals: false,
            max_sign_in_age_minutes: None,
        })
    }

    /// The same policy where the requester's own approval is refused and does not count.
    #[must_use]
    pub fn forbidding_self_approval(mut self, forbid: bool) -> Self {
        self.forbid_self_approval = forbid;
        self
    }

    /// The same policy where a machine may fill a seat.
    #[must_use]
    pub fn allowing_machine_approvals(mut self, allow: bool) -> Self {
        self.allow_machine_approvals = allow;
        self
    }

    /// The same policy where an approval asks for a sign-in that is not older than this.
    pub fn asking_for_a_recent_sign_in(mut self, minutes: Option<i64>) -> Result<Self, PolicyError> {
        let checked = |minutes: i64| {
            let minutes = u32::try_from(minutes).ok().filter(|at| (1..=MAX_SIGN_IN_AGE_MINUTES).contains(at));
            minutes.ok_or(PolicyError::MaxSignInAge)
        };
        self.max_sign_in_age_minutes = minutes.map(checked).transpose()?;
        Ok(self)
    }

    /// Distinct approvers needed.
    pub fn min_approvals(&self) -> u32 {
        self.min_approvals
    }

    /// Modes that may be asked for, in the order they were given.
    pub fn allowed_modes(&self) -> &[Mode] {
        &self.allowed_modes
    }

    /// Capabilities that the adapter must have.
    pub fn require_adapter_capabilities(&self) -> &[String] {
        &self.require_adapter_capabilities
    }

    /// Most steps that a run may take.
    pub fn max_steps(&self) -> Option<u32> {
        self.max_steps
    }

    /// Governance labels.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether the requester's own approval is refused.
    pub fn forbid_self_approval(&self) -> bool {
        self.forbid_self_approval
    }

    /// Whether a machine may fill a seat.
    pub fn allow_machine_approvals(&self) -> bool {
        self.allow_machine_approvals
    }

    /// How old the approver's sign-in may be, in minutes; `None` where it does not matter.
    pub fn max_sign_in_age_minutes(&self) -> Option<u32> {
        self.max_sign_in_age_minutes
    }

    /// Whether the mode may be asked for.
    pub fn allows_mode(&self, mode: Mode) -> bool {
        self.allowed_modes.contains(&mode)
    }

    /// The members of a `POLICY_ATTACHED` payload. Ours beside the reference's appear only when set.
    pub fn to_value(&self) -> Value {
        let modes = self.allowed_modes.iter().map(|mode| Value::from(mode.as_str())).collect();
        let value = object([
            ("min_approvals", self.min_approvals.into()),
            ("allowed_modes", Value::Array(modes)),
            ("require_adapter_capabilities", self.require_adapter_capabilities.as_slice().into()),
            ("max_steps", self.max_steps.into()),
            ("labels", self.labels.as_slice().into()),
        ]);
        let Value::Object(mut map) = value else { return value };
        if self.forbid_self_approval {
            map.insert("forbid_self_approval".to_owned(), true.into());
        }
        if self.allow_machine_approvals {
            map.insert("allow_machine_approvals".to_owned(), true.into());
        }
        if let Some(minutes) = self.max_sign_in_age_minutes {
            map.insert("max_sign_in_age_minutes".to_owned(), minutes.into());
        }
        Value::Object(map)
    }

    /// Reads the members of a payload or a template. Absent members take the reference's defaults.
    pub fn from_value(value: &Value) -> Result<Self, PolicyError> {
        let number = |name: &'static str| match value.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Float(float)) => whole(*float).map(Some).ok_or(PolicyError::Field(name)),
            Some(other) => other.as_i64().map(Some).ok_or(PolicyError::Field(name)),
        };
        let flag = |name: &'static str| match value.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(other) => other.as_bool().ok_or(PolicyError::Field(name)),
        };
        let modes = texts(value, "allowed_modes")?.unwrap_or_else(|| vec!["dry_run".to_owned()]);
        let policy = Self::new(
            number("min_approvals")?.unwrap_or(1),
            &modes,
            texts(value, "require_adapter_capabilities")?.unwrap_or_default(),
            number("max_steps")?,
            texts(value, "labels")?.unwrap_or_default(),
        )?;
        policy
            .forbidding_self_approval(flag("forbid_self_approval")?)
            .allowing_machine_approvals(flag("allow_machine_approvals")?)
            .asking_for_a_recent_sign_in(number("max_sign_in_age_minutes")?)
    }

    /// The request that a router gets: policy and decision, compiled.
    pub fn compile(&self, goal: &str, plan: Option<&str>, adapter_id: &str, dry_run: bool) -> Value {
        let value =
            object([("goal", goal.into()), ("adapter_id", adapter_id.into()), ("dry_run", dry_run.into())]);
        let Value::Object(mut map) = value else { return value };
        if let Some(plan) = plan {
            map.insert("plan".to_owned(), plan.into());
        }
        if let Some(steps) = self.max_steps {
            map.insert("max_steps".to_owned(), steps.into());
        }
        if !self.require_adapter_capabilities.is_empty() {
            let capabilities = self.require_adapter_capabilities.as_slice();
            map.insert("require_capabilities".to_owned(), capabilities.into());
        }
        Value::Object(map)
    }

    /// What an execution in this mode, with this many approvals and these capabilities, would break.
    /// `None` for capabilities means that they are not known and are not checked here.
    pub fn violations(&self, mode: Mode, approvals: u32, capabilities: Option<&[String]>) -> Vec<Violation> {
        let mut found = Vec::new();
        if !self.allows_mode(mode) {
            found.push(Violation::ModeNotAllowed { mode, allowed: self.allowed_modes.clone() });
        }
        if approvals < self.min_approvals {
            found.push(Violation::MissingApprovals { current: approvals, required: self.min_approvals });
        }
        if let Some(capabilities) = capabilities {
            let missing: Vec<String> = self
                .require_adapter_capabilities
                .iter()
                .filter(|needed| !capabilities.contains(needed))
                .cloned()
                .collect();
            if !missing.is_empty() {
                found.push(Violation::MissingCapabilities { missing });
            }
        }
        found
    }
}

/// One rule of a policy that an execution would break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// The mode is not among the allowed ones.
    ModeNotAllowed {
        /// What was asked for.
        mode: Mode,
        /// What the policy allows.
        allowed: Vec<Mode>,
    },
    /// Too few approvals stand.
    MissingApprovals {
        /// How many stand.
        current: u32,
        /// How many are needed.
        required: u32,
    },
    /// The adapter lacks capabilities.
    MissingCapabilities {
        /// Those that it lacks.
        missing: Vec<String>,
    },
}

fn whole(float: f64) -> Option<i64> {
    // The reference takes `2.0` for `2`; beyond 2^53 a float no longer says which integer is meant.
    let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
    if exact { format!("{float:.0}").parse().ok() } else { None }
}

pub(crate) fn texts(value: &Value, name: &'static str) -> Result<Option<Vec<String>>, PolicyError> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or(PolicyError::Field(name)))
            .collect::<Result<Vec<String>, PolicyError>>()
            .map(Some),
        Some(_) => Err(PolicyError::Field(name)),
    }
}
