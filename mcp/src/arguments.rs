//! What the tools take. Names are the ones that programs know from the Python product; members that are not known are
//! refused with words.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use wire::{ConflictMode, Mode, PolicyInput, State};

/// Arguments of `request`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What is to be achieved, in a sentence that the people who approve understand.
    pub goal: String,
    /// What exactly will run, as text. For an adapter with fields: a JSON object, as a string, that fills them. What
    /// was approved is what runs.
    pub plan: Option<String>,
    /// `dry_run` (the default) rehearses; `apply` is the real thing.
    pub mode: Option<Mode>,
    /// A template to take the policy from; the policy arguments beside it replace its values.
    pub template_name: Option<String>,
    /// How many distinct people have to approve.
    pub min_approvals: Option<i64>,
    /// Modes that may be run.
    pub allowed_modes: Option<Vec<Mode>>,
    /// Capabilities that the adapter must have.
    pub require_adapter_capabilities: Option<Vec<String>>,
    /// Most steps that a run may take.
    pub max_steps: Option<i64>,
    /// Labels, to find it by.
    pub labels: Option<Vec<String>>,
    /// Whether the requester's own approval is refused. Left out, the workspace's default holds.
    pub forbid_self_approval: Option<bool>,
    /// How recently an approver must have signed in, in minutes.
    pub max_sign_in_age_minutes: Option<i64>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

impl Request {
    /// The policy values among them.
    pub fn policy(&mut self) -> PolicyInput {
        PolicyInput {
            min_approvals: self.min_approvals,
            allowed_modes: self.allowed_modes.take(),
            require_adapter_capabilities: self.require_adapter_capabilities.take(),
            max_steps: self.max_steps,
            labels: self.labels.take(),
            forbid_self_approval: self.forbid_self_approval,
            max_sign_in_age_minutes: self.max_sign_in_age_minutes,
        }
    }
}

/// Arguments of `status`, `inspect` and `export_bundle`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
}

/// Arguments of `approve`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
    /// The person's own words, kept with their approval.
    pub comment: Option<String>,
    /// Until when the approval counts, as an RFC 3339 time.
    pub expires_at: Option<String>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

/// Arguments of `revoke_approval`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
    /// Why, in the person's own words.
    pub reason: Option<String>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

/// Arguments of `execute`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
    /// What runs it: one of the adapters that `inspect` lists for this decision.
    pub adapter_id: String,
    /// Says which mode you expect: `false` for a decision that was approved for `apply`. Refused where it differs.
    pub dry_run: Option<bool>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

/// What `wait` waits for.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum For {
    /// It may be executed.
    Approved,
    /// People have said yes or no.
    Decided,
    /// Nothing more will happen: it ran, was rejected or withdrawn.
    Ended,
}

/// Arguments of `wait`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
    /// What to wait for; `decided` unless said otherwise.
    #[serde(rename = "for")]
    pub awaited: Option<For>,
    /// How long, at most 55 seconds; 25 unless said otherwise. Call again to wait on.
    #[schemars(range(max = 55))]
    pub timeout_seconds: Option<u64>,
}

/// Arguments of `list_requests`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Only those in this state now.
    pub state: Option<State>,
    /// Only those with this label.
    pub label: Option<String>,
    /// Only those whose goal holds all of these words.
    pub text: Option<String>,
    /// How many, 1 to 200; 20 unless said otherwise.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Arguments of `template.create`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// Its name, for good.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How many distinct people have to approve.
    pub min_approvals: Option<i64>,
    /// Modes that may be run.
    pub allowed_modes: Option<Vec<Mode>>,
    /// Capabilities that the adapter must have.
    pub require_adapter_capabilities: Option<Vec<String>>,
    /// Most steps that a run may take.
    pub max_steps: Option<i64>,
    /// Labels.
    pub labels: Option<Vec<String>>,
    /// Whether the requester's own approval is refused. Left out, the workspace's default of today holds for good.
    pub forbid_self_approval: Option<bool>,
    /// How recently an approver must have signed in, in minutes.
    pub max_sign_in_age_minutes: Option<i64>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

impl NewTemplate {
    /// The policy values among them.
    pub fn policy(&mut self) -> PolicyInput {
        PolicyInput {
            min_approvals: self.min_approvals,
            allowed_modes: self.allowed_modes.take(),
            require_adapter_capabilities: self.require_adapter_capabilities.take(),
            max_steps: self.max_steps,
            labels: self.labels.take(),
            forbid_self_approval: self.forbid_self_approval,
            max_sign_in_age_minutes: self.max_sign_in_age_minutes,
        }
    }
}

/// Arguments of `template.get`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateName {
    /// Its name.
    pub name: String,
}

/// Arguments of `template.list`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// Only those with this label.
    #[serde(alias = "label_filter")]
    pub label: Option<String>,
    /// How many, 1 to 200; 50 unless said otherwise.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Arguments of `import_bundle`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The bundle, as the JSON text that `export_bundle` gave, or as the object itself.
    #[schemars(with = "String")]
    pub bundle_json: Value,
    /// What to do where its decision is here already; `reject_on_conflict` unless said otherwise.
    pub conflict_mode: Option<ConflictMode>,
    /// It is always replayed and checked; `true` changes nothing, `false` is refused.
    #[serde(rename = "replay_after_import")]
    pub replay: Option<bool>,
    /// Ignored: who acts is whoever the key or sign-in belongs to.
    #[schemars(with = "Option<String>")]
    pub actor: Option<Value>,
}

/// Whether the run's record is inside.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageMode {
    /// Names the run and the digest of its record.
    Reference,
    /// Holds the run's record.
    Embedded,
}

/// Arguments of `export_audit_package`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The id that `request` answered with.
    #[serde(alias = "decision_id")]
    pub request_id: String,
    /// `reference` (the default) or `embedded`.
    pub mode: Option<PackageMode>,
}

/// Arguments of `verify`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// An audit package, a bundle or a workspace's log: the JSON text to the letter, or the object itself.
    #[schemars(with = "String")]
    pub document: Value,
}
