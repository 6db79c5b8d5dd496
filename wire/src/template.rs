//! Templates: named policies that never change.

use crate::{Actor, Policy, PolicyInput};
use control::lists::Page;
use control::view::TemplateView;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct TemplateList {
    /// Its rows.
    pub templates: Vec<Template>,
    /// What to give as `after` for the next page; `null` on the last.
    pub next: Option<String>,
}

impl From<&Page<TemplateView>> for TemplateList {
    fn from(found: &Page<TemplateView>) -> Self {
        Self { templates: found.rows.iter().map(Template::from).collect(), next: found.next.clone() }
    }
}

/// A named policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The policy.
    pub policy: Policy,
    /// Its digest, which decisions made from it keep.
    pub digest: String,
    /// Who wrote it.
    pub created_by: Actor,
    /// When.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Decisions made from it; counting stops at 1000.
    pub uses: u32,
}

impl Template {
    /// Of a template and how often it was used.
    pub fn of(template: &governance::Template, uses: u32) -> Self {
        Self {
            name: template.name().to_owned(),
            description: template.description().to_owned(),
            policy: Policy::from(template.policy()),
            digest: template.digest(),
            created_by: Actor::from(template.created_by()),
            created_at: template.created_at().to_string(),
            uses,
        }
    }
}

impl From<&TemplateView> for Template {
    fn from(view: &TemplateView) -> Self {
        Self::of(&view.template, view.uses)
    }
}

/// A template to make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "prod-deploy",
    "description": "Two people for anything that reaches customers",
    "policy": { "min_approvals": 2, "allowed_modes": ["dry_run", "apply"], "labels": ["production"] },
}))]
pub struct NewTemplate {
    /// Its name, which stands in its address.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^/\\%?#\x00-\x1f\x7f-\x9f]*[^/\\%?#\x00-\x1f\x7f-\x9f\s][^/\\%?#\x00-\x1f\x7f-\x9f]*$"
    )]
    pub name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// The policy.
    pub policy: PolicyInput,
}
